"""A second person decides, on what was found and on grounds."""

from typing import Any

import pytest

from daicho.law.kinds import RequestKind
from daicho.rights.actions.answering import answer_request
from daicho.rights.actions.deciding import decide_cells, decide_claim, reclassify
from daicho.rights.actions.receiving import open_request
from daicho.rights.actions.searching import decide_candidate, search_request
from daicho.rights.models import Claim
from daicho.rights.queries import get_request, list_candidates, review_cells
from daicho.rights.rules import ClaimState
from daicho.site.wiring import open_store
from daicho.trail.models import TrailEntry
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from tests.letters.reading import page_texts
from tests.rights.desk import HANAKO, ICHIRO
from tests.rights.test_thread import approved, carried, searched

ERASE = {"kind": "erase", "basis": "no_longer_needed"}
NOBODY = HANAKO | {"name": "不在 太郎", "kana": None, "emails": [], "phones": []}


def ready(desk, claim: dict[str, Any], **more: Any) -> str:
    number = desk.verified(claim, **more)
    searched(desk, number)
    return f"{number}-1"


def decide(desk, claim, decision, **more):
    return decide_claim(claim, decision, scope=desk.officer, at=desk.at, **more)


def one(desk, claim):
    case = get_request(claim, scope=desk.clerk, on=desk.at.date())
    return next(found for found in case.claims if found.number == claim)


def test_the_clerk_who_registered_it_cannot_decide(desk):
    claim = ready(desk, ERASE)
    with pytest.raises(NotAllowedError, match="Somebody other"):
        decide_claim(claim, ClaimState.APPROVED, scope=desk.clerk, at=desk.at)
    assert one(desk, claim).state is ClaimState.ASSESSING
    assert decide(desk, claim, ClaimState.APPROVED).state is ClaimState.APPROVED
    assert one(desk, claim).decided_by == "boss"


def test_a_claim_is_decided_once(desk):
    claim = ready(desk, ERASE)
    decide(desk, claim, ClaimState.REFUSED, ground="no_reason")
    for decision in (ClaimState.APPROVED, ClaimState.REFUSED, ClaimState.NOT_HELD):
        with pytest.raises(NotAllowedError):
            decide(desk, claim, decision, ground="no_reason")


def test_nothing_is_decided_before_it_was_searched(desk):
    number = desk.verified(ERASE, fee=0)
    with pytest.raises(NotAllowedError):
        decide(desk, f"{number}-1", ClaimState.NOT_HELD)
    unchecked = open_request(desk.intake(ERASE), scope=desk.clerk, at=desk.at)
    with pytest.raises(NotAllowedError):
        decide(desk, f"{unchecked}-1", ClaimState.NOT_HELD)
    with pytest.raises(NotFoundError):
        decide(desk, "R-2026-0099-1", ClaimState.NOT_HELD)


def test_not_held_is_impossible_while_a_candidate_is_open_and_after_it_until_searched_again(desk):
    number = desk.verified({"kind": "disclosure"}, person=ICHIRO)
    desk.run("UPDATE customers SET family_name = '別' WHERE id = 2")
    desk.run("DELETE FROM entrusted")
    later = desk.at.replace(hour=11)
    search_request(number, by_name=False, scope=desk.clerk, at=desk.at, open_store=open_store)
    waiting = [found.reveal(purpose="test") for found in list_candidates(number, scope=desk.clerk)]
    assert len(waiting) == 2
    with pytest.raises(NotAllowedError, match="undecided"):
        decide(desk, f"{number}-1", ClaimState.NOT_HELD)
    for found in waiting:
        decide_candidate(number, found["mark"], accepted=False, scope=desk.clerk, at=later)
    with pytest.raises(NotAllowedError, match="after the last search"):
        decide(desk, f"{number}-1", ClaimState.NOT_HELD)
    search_request(number, by_name=False, scope=desk.clerk, at=later.replace(hour=12), open_store=open_store)
    assert decide(desk, f"{number}-1", ClaimState.NOT_HELD).state is ClaimState.NOT_HELD


def test_an_unknown_candidate_is_not_decided(desk):
    number = desk.verified({"kind": "disclosure"}, person=ICHIRO)
    searched(desk, number)
    (wife,) = [found.reveal(purpose="test") for found in list_candidates(number, scope=desk.clerk)]
    decide_candidate(number, wife["mark"], accepted=False, scope=desk.clerk, at=desk.at)
    with pytest.raises(NotFoundError):
        decide_candidate(number, "0000000000000000", accepted=True, scope=desk.clerk, at=desk.at)


def test_a_judgement_of_a_candidate_can_be_taken_back_until_the_claim_is_decided(desk):
    number = desk.verified({"kind": "disclosure"}, person=ICHIRO)
    assert searched(desk, number).rows == 3
    (wife,) = [found.reveal(purpose="test") for found in list_candidates(number, scope=desk.clerk)]
    decide_candidate(number, wife["mark"], accepted=True, scope=desk.clerk, at=desk.at)
    assert searched(desk, number).rows != 3
    decide_candidate(number, wife["mark"], accepted=False, scope=desk.clerk, at=desk.at)
    assert searched(desk, number).rows == 3
    approved(desk, f"{number}-1")
    with pytest.raises(NotAllowedError, match="decided"):
        decide_candidate(number, wife["mark"], accepted=True, scope=desk.clerk, at=desk.at)


def test_what_is_excluded_is_answered_in_exactly_the_words_of_not_held(desk):
    found = ready(desk, {"kind": "disclosure"})
    decide(desk, found, ClaimState.NOT_HELD, ground="excluded")
    nothing = ready(desk, {"kind": "disclosure"}, person=NOBODY)
    decide(desk, nothing, ClaimState.NOT_HELD)
    refused = ready(desk, {"kind": "disclosure"})
    decide(desk, refused, ClaimState.REFUSED, ground="excluded")
    letters = {}
    for claim in (found, nothing, refused):
        number = claim.removesuffix("-1")
        answered = answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files)
        (letter,) = [file for file in answered.files if file.name.endswith(".pdf")]
        letters[claim] = _body(letter.content)
    assert len(letters[nothing]) > 10
    assert any("保有" in line for line in letters[nothing])
    assert letters[found] == letters[nothing]
    assert letters[refused] == letters[nothing]


def test_a_part_is_refused_on_a_ground_that_takes_out_parts(desk):
    claim = ready(desk, ERASE)
    with pytest.raises(NotAllowedError):
        decide(desk, claim, ClaimState.PARTLY)
    with pytest.raises(NotAllowedError) as caught:
        decide(desk, claim, ClaimState.PARTLY, ground="高橋花子さんの件")
    assert "高橋" not in caught.value.say("ja")
    assert decide(desk, claim, ClaimState.PARTLY, ground="kept_by_law").state is ClaimState.PARTLY


def test_a_reason_is_kept_sealed(desk):
    claim = ready(desk, ERASE)
    decide(desk, claim, ClaimState.REFUSED, ground="no_reason", reason="高橋様は取引中のため")
    kept = bytes(Claim.objects.get(number=claim).reason)
    assert kept
    assert "高橋".encode() not in kept
    assert not TrailEntry.objects.filter(facts__contains="高橋").exists()


# ── cells ────────────────────────────────────────────────────────────────────────────────────


def cells(desk, claim):
    return list(review_cells(claim, scope=desk.officer, at=desk.at, open_store=open_store))


def test_a_disclosure_is_not_answered_while_a_cell_is_unreviewed(desk):
    claim = ready(desk, {"kind": "disclosure"})
    approved(desk, claim)
    carried(desk, claim)
    with pytest.raises(NotAllowedError, match="not been reviewed"):
        answer_request(claim.removesuffix("-1"), scope=desk.clerk, at=desk.at, folder=desk.files)


def test_a_reviewer_shows_or_withholds_on_a_ground_of_the_law(desk):
    claim = ready(desk, {"kind": "disclosure"})
    (note,) = cells(desk, claim)
    assert (note.label.en, note.decision) == ("Note", "")
    for ground in ("", "evaluation", "not_a_fact", "高橋"):
        with pytest.raises(InputError) as caught:
            decide_cells(claim, {note.mark: ground}, scope=desk.officer, at=desk.at)
        assert "harms_rights" in caught.value.say("en")
    for mark in ("高橋", "0123456789abcdef.高橋", f"{note.mark}x", "note"):
        with pytest.raises(InputError) as caught:
            decide_cells(claim, {mark: "show"}, scope=desk.officer, at=desk.at)
        assert "高橋" not in caught.value.say("ja")
    assert cells(desk, claim)[0].decision == ""
    assert decide_cells(claim, {note.mark: "harms_rights"}, scope=desk.officer, at=desk.at) == (1, 1)
    assert decide_cells(claim, {note.mark: "show"}, scope=desk.officer, at=desk.at) == (1, 0)
    assert cells(desk, claim)[0].decision == "show"
    assert approved(desk, claim).state is ClaimState.APPROVED


def test_cells_can_be_reviewed_until_the_answer_and_make_an_approval_a_partial_one(desk):
    erase = ready(desk, ERASE)
    with pytest.raises(NotAllowedError):
        cells(desk, erase)
    with pytest.raises(NotAllowedError):
        decide_cells(erase, {"x.y": "show"}, scope=desk.officer, at=desk.at)
    disclosure = ready(desk, {"kind": "disclosure"})
    (note,) = cells(desk, disclosure)
    approved(desk, disclosure)
    decide_cells(disclosure, {note.mark: "harms_rights"}, scope=desk.officer, at=desk.at)
    assert one(desk, disclosure).state is ClaimState.PARTLY


# ── what a claim is ──────────────────────────────────────────────────────────────────────────


def test_a_deletion_is_put_right_to_an_erasure_and_back(desk):
    claim = ready(desk, {"kind": "deletion", "basis": "not_factual"})
    reclassify(claim, RequestKind.ERASE, scope=desk.clerk, at=desk.at)
    assert (one(desk, claim).kind, one(desk, claim).basis) == (RequestKind.ERASE, "")
    reclassify(claim, RequestKind.DELETION, scope=desk.clerk, at=desk.at)
    assert approved(desk, claim).state is ClaimState.APPROVED
    with pytest.raises(NotAllowedError, match="after the decision"):
        reclassify(claim, RequestKind.ERASE, scope=desk.clerk, at=desk.at)


@pytest.mark.parametrize(
    ("kind", "other"), [("erase", RequestKind.DISCLOSURE), ("purpose_notice", RequestKind.DISCLOSURE)]
)
def test_what_may_be_charged_is_not_made_of_something_else(desk, kind, other):
    number = desk.verified({"kind": kind})
    with pytest.raises(NotAllowedError, match="taken for each other"):
        reclassify(f"{number}-1", other, scope=desk.clerk, at=desk.at)


def test_a_claim_that_says_nothing_is_right_does_not_become_a_correction(desk):
    claim = ready(desk, {"kind": "deletion"})
    for kind in (RequestKind.CORRECTION, RequestKind.ADDITION):
        with pytest.raises(NotAllowedError, match="what is right"):
            reclassify(claim, kind, scope=desk.clerk, at=desk.at)


def test_one_form_has_one_claim_of_a_kind(desk):
    number = desk.verified(ERASE, {"kind": "deletion"}, fee=0)
    with pytest.raises(NotAllowedError, match="already has a claim"):
        reclassify(f"{number}-2", RequestKind.ERASE, scope=desk.clerk, at=desk.at)


def _body(pdf: bytes) -> list[str]:
    """The lines of a letter that are not its numbers and its addressee."""
    lines = [line.strip() for page in page_texts(pdf) for line in page.splitlines()]
    return [line for line in lines if not any(sign in line for sign in ("R-2026", "L-2026", "様"))]
