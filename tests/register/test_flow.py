"""The picture of the data map: everything is in it, nothing overlaps, few lines cross."""

import re
import time
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from daicho.policy.language import read_policy
from daicho.register.documents import read_file
from daicho.register.flow import Column, Flow, Sign, draw_flow
from daicho.register.language import HoldingPart, HoldingsDocument
from daicho.register.layout import fit_text, lay_out, wrap_text
from daicho.words.text import Language
from tests.register.screens import NOW, fill_register, publish_policy, said, seat_everybody, sit

EXAMPLE = Path(__file__).parents[2] / "examples/staffing-group"


def example() -> tuple[HoldingPart, ...]:
    model = read_file((EXAMPLE / "register/holdings.yaml").read_bytes(), path="holdings").model
    assert isinstance(model, HoldingsDocument)
    return model.holdings


def drawn(parts) -> Flow:
    policy = read_policy((EXAMPLE / "policy-2026.yaml").read_bytes(), path="policy").policy
    return draw_flow(parts, policy=policy, stores={}, language=Language.JA)


def sixty() -> list[HoldingPart]:
    parts = example()
    many = [
        parts[number % len(parts)].model_copy(
            update={"reg_no": f"X-{number:03d}", "store": f"store-{number % 9}", "entrusted_to": ("hosting",)}
        )
        for number in range(60)
    ]
    assert len({one.reg_no for one in many}) == 60
    return many


@pytest.mark.parametrize("parts", [example(), sixty()], ids=["example", "sixty"])
def test_every_row_is_drawn_once_and_leads_from_people_to_its_store(parts):
    flow = drawn(parts)
    for number, part in enumerate(parts):
        row = f"holding:{part.organisation}/{part.reg_no}"
        assert flow.nodes[row].holdings == {number}
        assert number in flow.edges[row, f"store:{part.store}"].holdings
        assert any(number in edge.holdings for (_, target), edge in flow.edges.items() if target == row)
        assert number in flow.nodes[f"people:{part.subject_category}"].holdings
        for code in part.entrusted_to:
            assert number in flow.nodes[f"entrustee:{code}"].holdings
    drawing = lay_out(flow)
    assert {box.node.key for box in drawing.boxes} == set(flow.nodes)
    assert len(drawing.curves) == len(flow.edges)


@pytest.mark.parametrize("parts", [example(), sixty(), example()[:1], ()], ids=["example", "sixty", "one", "none"])
def test_no_box_overlaps_another_and_all_stand_on_the_sheet(parts):
    drawing = lay_out(drawn(parts))
    for one, other in combinations(drawing.boxes, 2):
        if one.x == other.x:
            assert one.y + one.height <= other.y + 0.2 or other.y + other.height <= one.y + 0.2
    for box in drawing.boxes:
        assert box.y >= 0
        assert box.y + box.height <= drawing.height
        assert box.x + box.width <= drawing.width
        for line in box.words:
            assert box.y < line.y < box.y + box.height


def test_a_line_over_a_column_passes_between_its_boxes():
    drawing = lay_out(drawn(example()))
    points = [box for box in drawing.boxes if box.node.column is Column.POINTS]
    straight = [
        (float(y), float(x1), float(x2))
        for curve in drawing.curves
        for x1, y, x2 in re.findall(r"M(\d+) ([\d.]+)H(\d+)", curve.path)
    ]
    assert straight
    for y, x1, x2 in straight:
        assert not any(box.x < x2 and x1 < box.x + box.width and box.y < y < box.y + box.height for box in points)


def test_ordering_leaves_fewer_crossings_than_the_order_of_the_register():
    from daicho.register import layout

    flow = drawn(sixty())
    spots = {node.key: layout._Spot(node.key, int(node.column), node, 30.0) for node in flow.nodes.values()}
    for edge in flow.edges.values():
        way = layout._way(edge, spots)
        for one, other in pairwise(way):
            spots[one].after.append(other)
            spots[other].before.append(one)
    columns = [[spot for spot in spots.values() if spot.column == number] for number in range(5)]
    before = layout._crossings(columns)
    after = layout._crossings(layout._order(columns))
    assert after < before * 0.6


def test_sixty_rows_are_laid_out_in_a_moment():
    flow = drawn(sixty())
    began = time.perf_counter()
    lay_out(flow)
    assert time.perf_counter() - began < 0.5


def test_the_strongest_sign_colours_a_shared_line():
    flow = drawn(example())
    assert flow.nodes["holding:copro-holdings/H-015"].sign is Sign.NUMBER
    assert flow.edges["people:employees", "point:joining-papers"].sign is Sign.NUMBER
    assert flow.edges["people:inquirers", "point:inquiry-form"].sign is Sign.PLAIN


def test_japanese_text_is_cut_where_it_no_longer_fits():
    assert fit_text("個人情報", 4.0) == "個人情報"
    assert fit_text("個人情報管理台帳", 5.0) == "個人情報…"
    assert fit_text("Personnel system", 5.0) == "Personn…"
    assert wrap_text("営業部の共有フォルダ（Excel 出力）", 11.0) == ["営業部の共有フォルダ", "（Excel 出力）"]


@pytest.mark.django_db
class TestOnTheScreen:
    @pytest.fixture(autouse=True)
    def _register(self, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DAICHO_AT", NOW)
        seat_everybody()
        publish_policy()
        fill_register(workspace)

    @pytest.mark.parametrize("language", ["ja", "en"])
    def test_the_page_links_every_box_and_says_the_same_in_a_table(self, language: str):
        text = said(sit("carol", language).get("/register/map/"))
        svg, _, table = text.partition("</svg>")
        for reg_no in ("H-001", "H-002", "H-010"):
            assert f'href="/register/holdings/copro-holdings/{reg_no}/"' in svg
            assert f'href="/register/holdings/copro-holdings/{reg_no}/"' in table
        assert 'href="/register/stores/crm/"' in svg
        assert 'href="/register/holdings/?subject' not in svg
        assert 'href="/register/?subject=business-partners"' in svg
        assert "style=" not in svg

    def test_filters_draw_a_part_and_a_row_is_lit(self):
        client = sit("mado")
        page = client.get("/register/map/?subject=applicants")
        assert [row.part.reg_no for row in page.context["flow"].rows] == ["H-010"]
        assert client.get("/register/map/?holding=copro-holdings/H-002").context["lit"] == 1
        assert client.get("/register/map/?store=nowhere").status_code == 200

    def test_another_organisation_sees_an_empty_sheet_that_teaches(self):
        page = sit("mallory", "en").get("/register/map/")
        assert page.context["flow"].rows == []
        assert "nothing to draw yet" in said(page)
