"""Who decides sees what the decision is about: the rows found, who judged which, and the letter as it would be."""

import re
from datetime import timedelta

import pytest
from pypdfium2 import PdfDocument

from daicho.rights.models import Claim
from daicho.rights.views import background
from daicho.trail.models import TrailEntry
from tests.rights.desk import AT, ICHIRO, Desk
from tests.rights.pages import Screen
from tests.rights.screens import at


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long work is done where it is begun; the clock is the desk's."""
    monkeypatch.setattr(background, "launch", lambda work: work())
    at(monkeypatch, AT + timedelta(minutes=1))


def words(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in PdfDocument(pdf))


def test_the_second_person_sees_the_rows_and_what_the_map_leaves_to_review(desk: Desk):
    number = desk.verified({"kind": "disclosure"})
    Screen("clerk").do(f"/requests/{number}/search/start/")
    boss = Screen("boss")
    assert f"/requests/claims/{number}-1/rows/" in boss.see(f"/requests/{number}/decide/")
    rows = boss.see(f"/requests/claims/{number}-1/rows/")
    assert "髙橋" in rows
    assert "夫の太郎様から電話" in rows
    assert "確認の要る項目" in rows


def test_the_letter_is_seen_before_anything_is_decided(desk: Desk):
    number = desk.verified({"kind": "disclosure"})
    Screen("clerk").do(f"/requests/{number}/search/start/")
    boss, page = Screen("boss"), f"/requests/claims/{number}-1/sample/"
    before = TrailEntry.objects.count()
    approved = words(boss.client.post(page, {"decision": "approved"}).content)
    assert "髙橋" in approved
    assert "SAMPLE" in approved
    refused = words(
        boss.client.post(page, {"decision": "refused", "ground": "harms_rights", "reason": "審査中"}).content
    )
    assert "審査中" in refused
    assert "髙橋 由美子" not in refused
    assert Claim.objects.get().state == "assessing"
    assert TrailEntry.objects.count() == before
    assert "決定が選ばれていません" in boss.do(page, {})


def test_what_was_judged_stays_in_sight_after_the_next_search_and_can_be_reversed(desk: Desk, monkeypatch):
    number = desk.verified({"kind": "disclosure"}, person=ICHIRO)
    clerk, boss = Screen("clerk"), Screen("boss")
    found = clerk.do(f"/requests/{number}/search/start/")
    marks = list(dict.fromkeys(re.findall(r'name="mark" value="([0-9a-f]+)"', found)))
    assert marks
    clerk.do(f"/requests/{number}/search/candidate/", {"mark": marks[0], "same": "no"})
    at(monkeypatch, AT + timedelta(minutes=2))
    again = clerk.do(f"/requests/{number}/search/start/")
    assert marks[0] in again
    assert "別人と判断" in again
    page = boss.see(f"/requests/{number}/decide/")
    assert "別人として除いた" in page
    assert "clerk" in page
    reversed_ = boss.do(f"/requests/{number}/search/candidate/", {"mark": marks[0], "same": "yes"})
    assert "本人と判断" in reversed_
    at(monkeypatch, AT + timedelta(minutes=3))
    clerk.do(f"/requests/{number}/search/start/")
    assert "本人の記録とした" in boss.see(f"/requests/{number}/decide/")
    assert "人が本人と判断" in boss.see(f"/requests/claims/{number}-1/rows/")
