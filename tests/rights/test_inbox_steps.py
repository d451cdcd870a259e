"""受付箱 by what a claim waits for: the numbers of the home page lead to exactly those requests."""

import re

import pytest

from daicho.rights.actions.deciding import decide_claim
from daicho.rights.actions.searching import search_request
from daicho.rights.rules import ClaimState
from daicho.site.wiring import open_store
from tests.rights.desk import ICHIRO, Desk
from tests.rights.screens import at, body, signed_in


@pytest.fixture
def standing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A request for each step, and one that is not searched yet."""
    at(monkeypatch, desk.at)
    numbers = {
        "decide": desk.verified({"kind": "disclosure"}),
        "carry": desk.verified({"kind": "erase", "basis": "no_longer_needed"}, fee=0),
        "answer": desk.verified({"kind": "erase", "basis": "no_longer_needed"}, fee=0),
        "": desk.verified({"kind": "disclosure"}, person=ICHIRO),
    }
    for step, number in numbers.items():
        if step:
            search_request(number, by_name=False, scope=desk.clerk, at=desk.at, open_store=open_store)
    for step, decision, ground in (("carry", ClaimState.APPROVED, ""), ("answer", ClaimState.REFUSED, "no_reason")):
        decide_claim(f"{numbers[step]}-1", decision, ground=ground, scope=desk.officer, at=desk.at)
    return numbers


def shown(page: str) -> set[str]:
    return set(re.findall(r'value="(R-\d{4}-\d{4})"', page))


@pytest.mark.parametrize("step", ["decide", "carry", "answer"])
@pytest.mark.parametrize(("language", "off"), [("ja", "絞り込みを外す"), ("en", "Take the filter off")])
def test_a_step_shows_its_requests_and_is_taken_off_by_a_link(standing, step, language, off):
    clerk = signed_in("clerk", language)
    page = body(clerk.get(f"/requests/?tab=working&step={step}"))
    assert shown(page) == {standing[step]}
    assert f'name="step" value="{step}"' in page  # another filter keeps it
    (without,) = re.findall(rf'href="([^"]*)" aria-label="{off}', page)
    assert shown(body(clerk.get(f"/requests/{without}"))) == set(standing.values())
    listed = b"".join(clerk.get(f"/requests/?tab=working&step={step}&as=csv")).decode("utf-8-sig")
    assert [number for number in standing.values() if number in listed] == [standing[step]]


def test_every_tile_of_the_home_page_leads_to_as_many_as_it_says(standing):
    boss = signed_in("boss")
    tiles = {tile.address: tile.count for tile in boss.get("/").context["tiles"] if "step=" in tile.address}
    assert len(tiles) == 3
    for address, count in tiles.items():
        assert len(shown(body(boss.get(address)))) == count == 1


def test_a_step_nobody_knows_is_passed_over(standing):
    assert shown(body(signed_in("clerk").get("/requests/?tab=working&step=x"))) == set(standing.values())
