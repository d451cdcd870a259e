from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daicho.stores.adapters import open_store
from daicho.stores.adapters.csv.records import BadRecordError, read_records, rewrite, split_fields
from daicho.stores.plan import Act, Change, IdentityColumn, Rows, Seed, StorePlan, TablePlan, Use
from daicho.stores.port import Capability, ChangeRefusedError, StoreChangedError, StoreSettings, StoreUnreachableError
from tests.stores.contract import StoreContract
from tests.stores.contract_changing import delete, put
from tests.stores.ground import Ground, SteppedStore, assert_says_nothing
from tests.stores.grounds_csv import CsvGround
from tests.stores.world import CANARY, HANAKO, PLAN, SHAPE, rows_of


class TestCsvStore(StoreContract):
    @pytest.fixture
    def ground(self) -> Iterator[Ground]:
        ground = CsvGround("cp932")
        yield ground
        ground.clear()

    def test_it_declares_that_it_has_no_types(self, store: SteppedStore):
        assert store.capabilities == frozenset(Capability) - {Capability.TYPED}


PEOPLE = StorePlan(
    store="shop",
    digest="people",
    tables=(
        TablePlan(
            name="people",
            key=("番号",),
            identities=(IdentityColumn(kind="name", columns=("氏名",), use=Use.LOOKUP),),
            columns=("氏名", "備考"),
        ),
    ),
)
#: Everything that a program which writes CSV again would spoil.
FILE = (
    '番号,"氏名",備考\r\n'
    '001,"佐藤 花子", 先頭に空白 \r\n'
    "\r\n"
    '002,山田太郎,5" の板\n'
    '"003","鈴木, 一郎","二行の\r\n""備考"""\r\n'
    '004,"",  '
)


def store_of(folder: Path, content: bytes, **values: Any) -> SteppedStore:
    (folder / "people.csv").write_bytes(content)
    settings = StoreSettings(
        code="shop",
        kind="csv",
        values={"folder": ".", **values},
        secret=lambda _name: "",
        base_folder=str(folder),
    )
    store: Any = open_store(settings)
    return store  # type: ignore[no-any-return]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_what_is_not_changed_keeps_its_bytes(tmp_path: Path, encoding: str):
    store = store_of(tmp_path, FILE.encode(encoding), encoding=encoding)
    (hit,) = store.look_up(PEOPLE, [Seed(0, "name", "鈴木, 一郎")])
    assert hit.key == ("003",)
    (record,) = store.read(PEOPLE, [Rows("people", [0], [hit.key])], {"people": ["備考"]})
    assert record.values == {"備考": '二行の\r\n"備考"'}
    changes = [
        Change(table="people", act=Act.SET, keys=[("001",), ("004",)], values={"備考": "改", "氏名": "佐藤"}),
        Change(table="people", act=Act.DELETE, keys=[("003",)]),
    ]
    assert store.change(PEOPLE, changes) == [2, 1]
    assert [one.as_after for one in store.read_back(PEOPLE, changes)] == [2, 1]
    expected = '番号,"氏名",備考\r\n001,"佐藤",改\r\n\r\n002,山田太郎,5" の板\n004,"佐藤",改'
    assert (tmp_path / "people.csv").read_bytes() == expected.encode(encoding)
    assert names(tmp_path) == {"people.csv", ".daicho-lock"}


def test_a_file_with_a_byte_order_mark_is_read_as_utf_8_too(tmp_path: Path):
    store = store_of(tmp_path, FILE.encode("utf-8-sig"))
    assert set(store.inspect().tables["people"].columns) == {"番号", "氏名", "備考"}


def test_nothing_of_an_erased_row_stays_in_the_folder():
    ground = CsvGround()
    ground.build_world()
    store = ground.open()
    assert any(CANARY.encode() in path.read_bytes() for path in ground.folder.iterdir())
    texts = {name: [row["id"] for row in ground.rows(name)] for name in ("customers", "addresses", "orders", "talks")}
    changes = [delete(ground, name, *keys) for name, keys in texts.items()]
    changes.append(delete(ground, "reviews", "r-1", "r-2"))
    changes.append(
        delete(ground, "order items", *[(row["order_id"], row["line"]) for row in ground.rows("order items")])
    )
    store.change(PLAN, changes)
    assert not any(CANARY.encode() in path.read_bytes() for path in ground.folder.iterdir())
    ground.clear()


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"", "people.csv:1"),
        (b"a,,b\n", "people.csv:1"),
        (b"a,a\n", "people.csv:1"),
        ("番号,氏名,備考\n1,".encode() + b"\x81,\n", "people.csv:2"),
        ("番号,氏名,備考\n1,カナリア,\n2,カナリア\n".encode(), "people.csv:3"),
        ('番号,氏名,備考\n1,"カナリア,\n2,x,y\n'.encode(), "people.csv"),
        ('番号,氏名,備考\n1,"カナ"リア,\n'.encode(), "people.csv:2"),
        ("番号,氏名,備考\n1,カナリア,\n1,カナリア,\n".encode(), "people.csv"),
        ("番号,氏名,備考\n,カナリア,\n".encode(), "people.csv"),
    ],
    ids=["empty", "nameless", "twice", "bytes", "ragged", "open quote", "broken quote", "key twice", "key empty"],
)
def test_a_file_that_is_not_what_it_should_be_is_told_with_its_place(tmp_path: Path, content: bytes, where: str):
    store = store_of(tmp_path, content, keys={"people": "番号"} if content.startswith("番号".encode()) else {})
    with pytest.raises(StoreChangedError) as caught:
        store.look_up(PEOPLE, [Seed(0, "name", "x")])
    assert_says_nothing(caught.value)
    assert where in str(caught.value)


def test_a_character_the_encoding_does_not_have_is_refused(tmp_path: Path):
    store = store_of(tmp_path, FILE.encode("cp932"), encoding="cp932")
    change = Change(table="people", act=Act.SET, keys=[("001",)], values={"氏名": "𠮷田"})
    with pytest.raises(ChangeRefusedError) as caught:
        store.change(PEOPLE, [change])
    assert_says_nothing(caught.value)
    assert (tmp_path / "people.csv").read_bytes() == FILE.encode("cp932")
    assert names(tmp_path) == {"people.csv", ".daicho-lock"}


def test_two_rows_of_one_key_stop_a_change_even_when_no_key_is_declared(tmp_path: Path):
    content = "番号,氏名,備考\n1,佐藤,\n1,鈴木,\n".encode()
    store = store_of(tmp_path, content)
    with pytest.raises(Exception, match="2 rows of people instead of the 1 expected"):
        store.change(PEOPLE, [Change(table="people", act=Act.DELETE, keys=[("1",)])])
    assert (tmp_path / "people.csv").read_bytes() == content


def test_a_second_writer_waits_and_then_gives_up():
    ground = CsvGround()
    ground.build_world()
    first, second = ground.open(), ground.open()
    caught: list[StoreUnreachableError] = []

    def meanwhile(step: str) -> None:
        if step == "before-commit":
            with pytest.raises(StoreUnreachableError) as busy:
                second.change(PLAN, [delete(ground, "reviews", "r-1")])
            caught.append(busy.value)

    first.on_step = meanwhile
    assert first.change(PLAN, [delete(ground, "reviews", "r-2")]) == [1]
    assert_says_nothing(caught[0])
    assert second.change(PLAN, [delete(ground, "reviews", "r-1")]) == [1]
    assert ground.rows("reviews") == []
    ground.clear()


def test_a_file_another_program_writes_meanwhile_is_not_overwritten():
    ground = CsvGround()
    ground.build_world()
    store = ground.open()
    path = ground.path("reviews")

    def meanwhile(step: str) -> None:
        if step == "staged":
            path.write_bytes(path.read_bytes() + b"r-9,new@example.com,new\r\n")

    store.on_step = meanwhile
    with pytest.raises(StoreUnreachableError) as caught:
        store.change(PLAN, [delete(ground, "reviews", "r-1")])
    assert caught.value.retry
    assert [row["code"] for row in ground.rows("reviews")] == ["r-1", "r-2", "r-9"]
    store.on_step = lambda _step: None
    assert store.change(PLAN, [delete(ground, "reviews", "r-1", "r-9")]) == [2]
    ground.clear()


def test_a_change_cut_short_is_finished_by_whoever_comes_next():
    ground = CsvGround()
    ground.build_world()
    store = ground.open()

    def stop(step: str) -> None:
        if step == "journal":
            raise KeyboardInterrupt

    store.on_step = stop
    changes = [delete(ground, "reviews", "r-1"), put(ground, "customers", HANAKO, given="華子")]
    with pytest.raises(KeyboardInterrupt):
        store.change(PLAN, changes)
    assert ".daicho-journal" in names(ground.folder)
    reader = ground.open()
    (record,) = reader.read(PLAN, [rows_of("customers", (0, ("1",)))], {"customers": ["given"]})
    assert record.values == {"given": "華子"}
    assert not {name for name in names(ground.folder) if name.startswith(".daicho")} - {".daicho-lock"}
    assert [one.as_after for one in store.read_back(PLAN, changes)] == [1, 1]
    ground.clear()


def test_a_linked_file_is_no_table(tmp_path: Path):
    """Rewriting it would replace the link and leave the person's row where it points."""
    (tmp_path / "elsewhere.txt").write_text("番号,氏名,備考\n1,佐藤,\n", encoding="utf-8")
    store = store_of(tmp_path, FILE.encode())
    (tmp_path / "linked.csv").symlink_to(tmp_path / "elsewhere.txt")
    assert set(store.inspect().tables) == {"people"}


def test_the_mode_of_a_file_stays(tmp_path: Path):
    store = store_of(tmp_path, FILE.encode())
    (tmp_path / "people.csv").chmod(0o640)
    store.change(PEOPLE, [Change(table="people", act=Act.DELETE, keys=[("001",)])])
    assert (tmp_path / "people.csv").stat().st_mode & 0o777 == 0o640


def test_columns_may_be_called_like_sqlites_own_words(tmp_path: Path):
    store = store_of(tmp_path, "番号,氏名,備考,rowid,select\n1,佐藤,,x,y\n2,鈴木,,x,y\n".encode())
    store.change(PEOPLE, [Change(table="people", act=Act.SET, keys=[("2",)], values={"備考": "z"})])
    assert (tmp_path / "people.csv").read_text(encoding="utf-8").endswith("1,佐藤,,x,y\n2,鈴木,z,x,y\n")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("a,b", ["a", "b"]),
        ('"a,b",c', ['"a,b"', "c"]),
        ('a"b,c', ['a"b', "c"]),
        ('"a""b,",', ['"a""b,"', ""]),
        ("", [""]),
    ],
)
def test_fields_are_split_as_they_are_written(text: str, fields: list[str]):
    assert split_fields(text, ",") == fields


def test_only_what_is_new_is_written_anew():
    raw = '"1",  x ,"y"\r\n'.encode("cp932")
    assert rewrite(raw, {2: 'a"b'}, encoding="cp932", delimiter=",").decode("cp932") == '"1",  x ,"a""b"\r\n'
    assert rewrite(b"a\tb\n", {0: "x\ty", 1: ""}, encoding="utf-8", delimiter="\t") == b'"x\ty"\t\n'
    assert rewrite(b"a\n", {0: ""}, encoding="utf-8", delimiter=",") == b'""\n'


def test_records_keep_the_bytes_they_stand_in():
    lines = [b"\xef\xbb\xbfa,b\r\n", b'"x\n', b'y",z\n', b"\n", b"last,one"]
    records = list(read_records(lines, encoding="utf-8", delimiter=","))
    assert [raw for raw, _ in records] == [lines[0], lines[1] + lines[2], lines[3], lines[4]]
    assert [fields for _, fields in records] == [["a", "b"], ["x\ny", "z"], [], ["last", "one"]]
    with pytest.raises(BadRecordError):
        list(read_records([b"a\rb\n"], encoding="utf-8", delimiter=","))


def test_the_world_has_a_table_no_map_speaks_of():
    assert set(SHAPE.tables) - {one.name for one in PLAN.tables} == {"loans"}
