"""The page for engineers, and the sketch it tells them to begin with."""

import re
from pathlib import Path

import pytest

from daicho.register.documents import read_file
from daicho.register.language import MapDocument
from daicho.register.sketch import sketch_map
from daicho.stores.plan import Use
from daicho.stores.shape import ColumnType, Reference, StoreShape, TableShape
from tests.register.crm import column, table

PAGE = (Path(__file__).parents[2] / "docs/mapping-a-store.md").read_text(encoding="utf-8")
DOCUMENTS = [
    block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if re.match(r"(store|holdings|map):", block)
]


@pytest.mark.parametrize("text", DOCUMENTS, ids=[text.split("\n")[0] for text in DOCUMENTS])
def test_every_whole_document_on_the_page_is_valid(text: str):
    read_file(text.encode(), path="page")


def test_the_page_shows_one_document_of_each_kind():
    assert [text.partition(":")[0] for text in DOCUMENTS] == ["store", "holdings", "map"]


def drawn(shape: StoreShape, items: list[str]) -> MapDocument:
    text = sketch_map(shape, store="x", holdings=["H-001"], items=items).text.replace("item: todo", "item: other")
    found = read_file(text.encode(), path="sketch").model
    assert isinstance(found, MapDocument)
    return found


def test_a_sketch_of_japanese_files_guesses_names_readings_and_items():
    columns = ("配信番号", "氏名", "フリガナ", "電話番号", "メールアドレス", "住所", "備考")
    mailing = TableShape(name="mailing", columns={one: column(one) for one in columns}, primary_key=(), scanned=True)
    found = drawn(StoreShape(tables={"mailing": mailing}), ["name", "kana", "email", "telephone", "address"])
    part = found.tables["mailing"]
    assert part.key == ("配信番号",)
    assert {one.kind: (one.columns, one.use) for one in part.identities} == {
        "name": (("氏名",), Use.CONFIRM),
        "kana": (("フリガナ",), Use.CONFIRM),
        "phone": (("電話番号",), Use.LOOKUP),
        "email": (("メールアドレス",), Use.LOOKUP),
        "address": (("住所",), Use.CONFIRM),
    }
    assert ("email", "name") in part.identified_by
    assert part.columns["氏名"].item == "name"
    assert part.columns["備考"].item == "other"


def test_a_sketch_follows_foreign_keys_and_leaves_out_what_nobody_is_in():
    people = table(
        "people",
        column("id", ColumnType.INTEGER),
        column("email"),
        column("name"),
        indexes=("email",),
    )
    visits = table(
        "visits",
        column("id", ColumnType.INTEGER),
        column("person_id", ColumnType.INTEGER),
        references=(Reference(columns=("person_id",), target="people", target_columns=("id",)),),
    )
    notes = table(
        "notes",
        column("id", ColumnType.INTEGER),
        column("visit_id", ColumnType.INTEGER),
        column("text"),
        references=(Reference(columns=("visit_id",), target="visits", target_columns=("id",)),),
    )
    shops = table("shops", column("id", ColumnType.INTEGER), column("address"))
    shape = StoreShape(tables={"notes": notes, "visits": visits, "shops": shops, "people": people})
    sketch = sketch_map(shape, store="x", holdings=[], items=[])
    assert sketch.left_out == ("shops",)
    assert "none names this store yet" in sketch.text
    found = drawn(shape, [])
    assert list(found.tables) == ["people", "visits", "notes"]
    assert found.tables["notes"].links[0].parent == "visits"
    assert not any(part.on for part in found.tables.values())
