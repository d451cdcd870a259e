"""After a decision nothing is found, judged or shown anew beneath it: it is taken back first, and taken anew."""

import re
from datetime import timedelta

import pytest

from daicho.law.kinds import RequestKind
from daicho.rights.actions.answering import answer_request
from daicho.rights.actions.carrying import carry_out
from daicho.rights.actions.deciding import decide_cells, decide_claim, reopen_claim
from daicho.rights.actions.searching import decide_candidate, search_request
from daicho.rights.models import CandidateDecision, Claim, SubjectRequest, Work
from daicho.rights.queries import get_request, list_candidates, review_cells
from daicho.rights.reopening import judge_cells, may_reopen
from daicho.rights.rules import CLAIM_MOVES, ClaimState
from daicho.rights.views import background
from daicho.runs.actions import answer_slip
from daicho.runs.models import DataFile
from daicho.runs.queries import list_slips
from daicho.site.wiring import open_store
from daicho.trail.models import TrailEntry
from daicho.words.errors import JudgementError, NotAllowedError
from tests.rights.desk import AT, HANAKO, Desk
from tests.rights.pages import Screen
from tests.rights.screens import at

ERASE = {"kind": "erase", "basis": "no_longer_needed"}
#: Two customers bear this name; the mailbox is the first one's.
KEN = {"name": "鈴木 健", "address": "大阪市北区1", "emails": ["ken1@example.com"]}
NOBODY = {"name": "無名 ななし", "birth_date": "1990-09-09", "address": "札幌市北区北9条西9丁目"}
LATER = AT + timedelta(hours=1)


def searched(desk: Desk, number: str, *, by_name: bool = False) -> int:
    found = search_request(number, by_name=by_name, scope=desk.clerk, at=desk.at, open_store=open_store)
    return found.candidates


def marks(desk: Desk, number: str) -> list[str]:
    return [one.reveal(purpose="test")["mark"] for one in list_candidates(number, scope=desk.clerk)]


def carried(desk: Desk, *claims: str):
    return carry_out(claims, scope=desk.clerk, at=desk.at, open_store=open_store, folder=desk.files)


def approved(desk: Desk, number: str) -> str:
    decide_claim(f"{number}-1", ClaimState.APPROVED, scope=desk.officer, at=desk.at)
    return f"{number}-1"


def state(claim: str) -> ClaimState:
    return ClaimState(Claim.objects.get(number=claim).state)


def acts(*events: str) -> list[tuple[str, str]]:
    return list(TrailEntry.objects.filter(event__in=events).order_by("seq").values_list("event", "actor"))


# ── the rules ────────────────────────────────────────────────────────────────────────────────


def test_a_decision_goes_back_only_where_the_table_of_moves_has_it():
    for one in ClaimState:
        for kind in RequestKind:
            if may_reopen(one, kind):
                assert ClaimState.ASSESSING in CLAIM_MOVES[one]
    assert may_reopen(ClaimState.READING_BACK, RequestKind.DISCLOSURE)
    assert not may_reopen(ClaimState.READING_BACK, RequestKind.ERASE)  # the rows are gone
    for one in (ClaimState.NOTED, ClaimState.ASSESSING, ClaimState.CARRYING_OUT, ClaimState.ANSWERED):
        assert not any(may_reopen(one, kind) for kind in RequestKind)


@pytest.mark.parametrize(
    ("was", "said", "by_taker", "allowed"),
    [
        ("show", "harms_rights", True, True),
        ("", "harms_rights", True, True),
        ("show", "show", True, True),
        ("harms_rights", "harms_rights", True, True),
        ("harms_rights", "show", True, False),
        ("harms_rights", "show", False, False),
        ("harms_rights", "breaks_law", False, False),
        ("", "show", True, False),
        ("", "show", False, True),
    ],
)
def test_after_the_decision_less_may_be_shown_and_never_more(was, said, by_taker, allowed):
    before = {"m": was} if was else {}
    judge_cells(before, {"m": said}, ClaimState.ASSESSING, by_taker=by_taker)
    for one in (ClaimState.APPROVED, ClaimState.PARTLY, ClaimState.READING_BACK):
        if allowed:
            judge_cells(before, {"m": said}, one, by_taker=by_taker)
            continue
        with pytest.raises(NotAllowedError) as caught:
            judge_cells(before, {"m": said}, one, by_taker=by_taker)
        assert "daicho rights reopen" in caught.value.say("ja")


# ── an erasure is not widened ────────────────────────────────────────────────────────────────


def test_an_approved_erasure_reaches_nobody_elses_rows(desk: Desk):
    number = desk.verified(ERASE, person=KEN, fee=0)
    assert searched(desk, number) == 0
    claim = approved(desk, number)
    with pytest.raises(NotAllowedError, match="beneath the decision"):
        searched(desk, number, by_name=True)
    assert not SubjectRequest.objects.get().searched["by_name"]
    carried(desk, claim)
    assert desk.rows("SELECT id FROM customers WHERE family_name = '鈴木'") == [(5,)]


def test_a_candidate_is_not_judged_beneath_a_decision(desk: Desk):
    desk.run("UPDATE customers SET email = 'ken1@example.com', given_name = '健二' WHERE id = 5")
    number = desk.verified(ERASE, person=KEN, fee=0)
    assert searched(desk, number) == 1
    (other,) = marks(desk, number)
    decide_candidate(number, other, accepted=False, scope=desk.clerk, at=desk.at)
    searched(desk, number)
    claim = approved(desk, number)
    for accepted in (True, False):
        with pytest.raises(NotAllowedError, match="decided"):
            decide_candidate(number, other, accepted=accepted, scope=desk.clerk, at=LATER)
    carried(desk, claim)
    assert desk.rows("SELECT id FROM customers WHERE family_name = '鈴木'") == [(5,)]


def test_what_was_accepted_after_the_decision_is_not_carried_out_even_if_it_stands_there(desk: Desk):
    """The second lock: however a later judgement came about, the run reads only what was decided on."""
    desk.run("UPDATE customers SET email = 'ken1@example.com', given_name = '健二' WHERE id = 5")
    number = desk.verified(ERASE, person=KEN, fee=0)
    searched(desk, number)
    (other,) = marks(desk, number)
    decide_candidate(number, other, accepted=False, scope=desk.clerk, at=desk.at)
    searched(desk, number)
    claim = approved(desk, number)
    CandidateDecision.objects.filter(mark=other).update(accepted=True, decided_at=LATER)
    carried(desk, claim)
    assert desk.rows("SELECT id FROM customers WHERE family_name = '鈴木'") == [(5,)]


def test_what_was_missed_is_found_judged_and_decided_anew_by_somebody_else(desk: Desk):
    number = desk.verified(ERASE, person=KEN, fee=0)
    searched(desk, number)
    claim = approved(desk, number)
    desk.run("UPDATE customers SET email = 'ken1@example.com', given_name = '健二' WHERE id = 5")
    with pytest.raises(JudgementError) as caught:  # it is noticed when it is carried out
        carried(desk, claim)
    assert "daicho rights reopen" in caught.value.say("ja")
    reopen_claim(claim, scope=desk.clerk, at=desk.at)
    row = Claim.objects.get()
    assert (row.state, row.decided_by, row.decided_at, row.ground, bytes(row.reason)) == (
        "assessing",
        "",
        None,
        "",
        b"",
    )
    assert acts("claim.decided", "claim.reopened") == [("claim.decided", "boss"), ("claim.reopened", "clerk")]
    assert '"approved"' in TrailEntry.objects.get(event="claim.reopened").facts
    with pytest.raises(NotAllowedError):
        carried(desk, claim)
    while searched(desk, number):  # an accepted row leads on
        for mark in marks(desk, number):
            decide_candidate(number, mark, accepted=True, scope=desk.clerk, at=desk.at)
    with pytest.raises(NotAllowedError, match="Somebody other"):
        decide_claim(claim, ClaimState.APPROVED, scope=desk.clerk, at=desk.at)
    approved(desk, number)
    carried(desk, claim)
    assert desk.rows("SELECT id FROM customers WHERE family_name = '鈴木'") == []


@pytest.mark.parametrize(
    ("decision", "ground"),
    [(ClaimState.PARTLY, "kept_by_law"), (ClaimState.REFUSED, "no_reason"), (ClaimState.NOT_HELD, "excluded")],
)
def test_every_decision_closes_the_search_and_can_be_taken_back(desk: Desk, decision, ground):
    number = desk.verified(ERASE, fee=0)
    searched(desk, number)
    decide_claim(f"{number}-1", decision, ground=ground, reason="理由", scope=desk.officer, at=desk.at)
    with pytest.raises(NotAllowedError):
        searched(desk, number)
    reopen_claim(f"{number}-1", scope=desk.officer, at=desk.at)
    assert searched(desk, number) == 0
    assert state(f"{number}-1") is ClaimState.ASSESSING


def test_what_was_done_or_never_decided_is_not_taken_back(desk: Desk):
    number = desk.verified(ERASE, fee=0)
    searched(desk, number)
    with pytest.raises(NotAllowedError, match="no decision"):
        reopen_claim(f"{number}-1", scope=desk.officer, at=desk.at)
    claim = approved(desk, number)
    carried(desk, claim)
    with pytest.raises(NotAllowedError, match="no decision"):
        reopen_claim(claim, scope=desk.officer, at=desk.at)
    with pytest.raises(NotAllowedError, match="No claim waits"):
        searched(desk, number)
    answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files)
    with pytest.raises(NotAllowedError, match="no decision"):
        reopen_claim(claim, scope=desk.officer, at=desk.at)
    assert acts("claim.reopened") == []


def test_another_claim_of_the_request_waits_until_the_decided_one_is_done(desk: Desk):
    number = desk.verified(ERASE, {"kind": "disclosure"})
    searched(desk, number)
    erase, disclosure = f"{number}-1", f"{number}-2"
    decide_claim(erase, ClaimState.APPROVED, scope=desk.officer, at=desk.at)
    with pytest.raises(NotAllowedError, match=erase):
        searched(desk, number)
    carried(desk, erase)
    searched(desk, number)
    assert (state(erase), state(disclosure)) == (ClaimState.READING_BACK, ClaimState.ASSESSING)


def test_a_department_that_corrects_its_answer_sends_the_decision_back(desk_with_cabinet: Desk):
    desk = desk_with_cabinet
    number = desk.verified(ERASE, fee=0)
    searched(desk, number)
    (slip,) = list_slips(owners=[number], scope=desk.clerk)
    answer_slip(slip.ref, answer="none", count=0, searcher="係", scope=desk.clerk, at=desk.at)
    claim = approved(desk, number)
    answer_slip(slip.ref, answer="found", count=3, searcher="係", correct=True, scope=desk.clerk, at=LATER)
    with pytest.raises(JudgementError, match="after the decision"):
        carried(desk, claim)
    assert desk.rows("SELECT id FROM customers WHERE id = 1") == [(1,)]
    reopen_claim(claim, scope=desk.clerk, at=LATER)
    decide_claim(claim, ClaimState.APPROVED, scope=desk.officer, at=LATER)
    carried(desk, claim)
    assert desk.rows("SELECT id FROM customers WHERE id = 1") == []


def test_an_answer_of_nothing_held_waits_when_a_department_found_something_after_all(desk_with_cabinet: Desk):
    desk = desk_with_cabinet
    number = desk.verified({"kind": "disclosure"}, person=NOBODY)
    searched(desk, number)
    (slip,) = list_slips(owners=[number], scope=desk.clerk)
    answer_slip(slip.ref, answer="none", count=0, searcher="係", scope=desk.clerk, at=desk.at)
    searched(desk, number)
    claim = f"{number}-1"
    assert decide_claim(claim, ClaimState.NOT_HELD, scope=desk.officer, at=desk.at).state is ClaimState.NOT_HELD
    answer_slip(slip.ref, answer="found", count=1, searcher="係", correct=True, scope=desk.clerk, at=LATER)
    answered = answer_request(number, scope=desk.clerk, at=LATER, folder=desk.files)
    assert (answered.letters, answered.waiting) == ([], {claim: [f"late:{slip.store}"]})
    (view,) = get_request(number, scope=desk.clerk, on=LATER.date()).claims
    assert "take the decision back" in view.left[0].en
    reopen_claim(claim, scope=desk.clerk, at=LATER)
    assert state(claim) is ClaimState.ASSESSING


# ── a disclosure shows no more ───────────────────────────────────────────────────────────────


def test_a_withheld_cell_is_not_shown_after_the_decision(desk: Desk):
    number = desk.verified({"kind": "disclosure"})
    searched(desk, number)
    claim = f"{number}-1"
    (note,) = review_cells(claim, scope=desk.officer, at=desk.at, open_store=open_store)
    decide_cells(claim, {note.mark: "harms_rights"}, scope=desk.officer, at=desk.at)
    assert decide_claim(claim, ClaimState.APPROVED, scope=desk.officer, at=desk.at).state is ClaimState.PARTLY
    for who in (desk.clerk, desk.officer):
        with pytest.raises(NotAllowedError, match="not shown any more"):
            decide_cells(claim, {note.mark: "show"}, scope=who, at=desk.at)
    carried(desk, claim)
    with pytest.raises(NotAllowedError, match="not shown any more"):
        decide_cells(claim, {note.mark: "show"}, scope=desk.clerk, at=desk.at)
    files = answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files).files
    assert "髙橋" in "".join(one.content.decode() for one in files if one.name.endswith("json"))
    assert not any("夫の太郎" in one.content.decode() for one in files if one.name.endswith(("json", "csv")))


def test_a_cell_that_nobody_judged_is_shown_by_somebody_who_may_decide(desk: Desk):
    number = desk.verified({"kind": "disclosure"})
    searched(desk, number)
    claim = approved(desk, number)
    carried(desk, claim)
    (note,) = review_cells(claim, scope=desk.clerk, at=desk.at, open_store=open_store)
    with pytest.raises(NotAllowedError, match="somebody other"):
        decide_cells(claim, {note.mark: "show"}, scope=desk.clerk, at=desk.at)
    assert decide_cells(claim, {note.mark: "show"}, scope=desk.officer, at=desk.at) == (1, 0)
    assert decide_cells(claim, {note.mark: "harms_rights"}, scope=desk.clerk, at=desk.at) == (1, 1)


def test_a_disclosure_that_was_read_goes_back_and_what_was_read_is_erased(desk: Desk):
    number = desk.verified({"kind": "disclosure"})
    searched(desk, number)
    claim = f"{number}-1"
    (note,) = review_cells(claim, scope=desk.officer, at=desk.at, open_store=open_store)
    decide_cells(claim, {note.mark: "harms_rights"}, scope=desk.officer, at=desk.at)
    approved(desk, number)
    carried(desk, claim)
    first = DataFile.objects.get()
    assert bytes(first.wrapped_key)
    with pytest.raises(NotAllowedError):
        searched(desk, number)
    reopen_claim(claim, scope=desk.clerk, at=desk.at)
    first.refresh_from_db()
    assert (bytes(first.wrapped_key), first.dropped_at is None) == (b"", False)
    assert acts("data.erased") == [("data.erased", "clerk")]
    decide_cells(claim, {note.mark: "show"}, scope=desk.officer, at=desk.at)
    approved(desk, number)
    carried(desk, claim)
    files = answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files).files
    assert any("夫の太郎" in one.content.decode() for one in files if one.name.endswith("json"))


# ── on the screen ────────────────────────────────────────────────────────────────────────────


def test_the_screens_say_why_the_search_is_closed_and_open_it_again(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(background, "launch", lambda work: work())
    at(monkeypatch, AT + timedelta(minutes=1))
    number = desk.verified(ERASE, person=KEN, fee=0)
    clerk, boss = Screen("clerk"), Screen("boss")
    assert "検索を始める" in clerk.see(f"/requests/{number}/search/")
    clerk.do(f"/requests/{number}/search/start/")
    assert "決定を取り消して検討に戻す" not in clerk.see(f"/requests/{number}/decide/")
    boss.do(f"/requests/claims/{number}-1/decide/", {"decision": "approved"})

    closed = clerk.see(f"/requests/{number}/search/")
    assert "決定済み（応諾）のため、検索と候補の判断はできません" in closed
    assert "もう一度検索する" not in closed
    refused = clerk.do(f"/requests/{number}/search/start/", {"by_name": "on"})
    assert "決定を取り消して検討に戻してください" in refused
    assert Work.objects.get(task="search").state == "failed"
    assert not SubjectRequest.objects.get().searched["by_name"]

    page = clerk.see(f"/requests/{number}/decide/")
    assert re.search(rf'action="/requests/claims/{number}-1/reopen/"', page)
    assert "検討に戻しました" in clerk.do(f"/requests/claims/{number}-1/reopen/")
    assert Claim.objects.get().state == "assessing"
    assert "もう一度検索する" in clerk.see(f"/requests/{number}/search/")
    assert "別の人が決定します" in clerk.do(f"/requests/claims/{number}-1/decide/", {"decision": "approved"})
    boss.do(f"/requests/claims/{number}-1/decide/", {"decision": "approved"})
    assert Claim.objects.get().state == "approved"


def test_the_page_of_cells_says_what_can_still_be_changed(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    at(monkeypatch, AT + timedelta(minutes=1))
    number = desk.verified({"kind": "disclosure"}, person=HANAKO)
    searched(desk, number)
    clerk = Screen("clerk")
    assert "決定済みです" not in clerk.see(f"/requests/claims/{number}-1/cells/")
    (note,) = review_cells(f"{number}-1", scope=desk.officer, at=desk.at, open_store=open_store)
    decide_cells(f"{number}-1", {note.mark: "harms_rights"}, scope=desk.officer, at=desk.at)
    approved(desk, number)
    assert "決定済みです" in clerk.see(f"/requests/claims/{number}-1/cells/")
    refused = clerk.do(f"/requests/claims/{number}-1/cells/", {f"cell-{note.mark}": "show"})
    assert "検討に戻し" in refused
    assert Claim.objects.get().cells == {note.mark: "harms_rights"}
