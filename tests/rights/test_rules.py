"""Every decision of the desk, from facts alone."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.kinds import KINDS, Requester, RequestKind
from daicho.rights.lacking import missing_papers
from daicho.rights.rules import (
    CLAIM_ENDS,
    CLAIM_MOVES,
    CLAIM_WORDS,
    REQUEST_ENDS,
    REQUEST_MOVES,
    REQUEST_WORDS,
    ClaimState,
    DocumentKind,
    MaskedBy,
    Of,
    Paper,
    RequestState,
    Standing,
    fee_due,
    gate_on,
    is_charged,
    judge_decision,
    move_claim,
    move_request,
    refusal_grounds,
    taken_in_by,
    target_on,
)
from daicho.words.errors import NotAllowedError
from tests.rights.policies import CHARGED_TOO_MUCH, CURE, FRESH_SEAL, PER_KIND, TARGET, TWO_PAPERS, policy

ON = date(2026, 11, 24)
K = RequestKind
FORM = Paper(kind=DocumentKind.FORM, of=Of.PERSON)


def id_copy(paper: str = "drivers_licence", of: Of = Of.PERSON, **more: Any) -> Paper:
    return Paper(kind=DocumentKind.ID_COPY, of=of, paper=paper, **more)


def proof(paper: str, **more: Any) -> Paper:
    return Paper(kind=DocumentKind.AUTHORITY, of=Of.AGENT, paper=paper, **more)


def codes(requester: Requester, papers: Iterable[Paper], *, rules: Any = None, on: date = ON) -> list[str]:
    return [one.code for one in missing_papers(rules or policy(), requester, list(papers), on=on)]


# ── tables of moves ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("states", "moves", "words", "first", "ends"),
    [
        (
            RequestState,
            REQUEST_MOVES,
            REQUEST_WORDS,
            RequestState.RECEIVED,
            set(REQUEST_ENDS),
        ),
        (ClaimState, CLAIM_MOVES, CLAIM_WORDS, ClaimState.NOTED, set(CLAIM_ENDS)),
    ],
)
def test_the_table_of_moves_is_closed(states, moves, words, first, ends):
    assert set(moves) == set(words) == set(states)
    assert {state for state, to in moves.items() if not to} == ends
    reached, frontier = {first}, {first}
    while frontier:
        frontier = {to for state in frontier for to in moves[state]} - reached
        reached |= frontier
    assert reached == set(states)
    for state in states:  # from everywhere some end can be reached
        seen, frontier = {state}, {state}
        while frontier:
            frontier = {to for one in frontier for to in moves[one]} - seen
            seen |= frontier
        assert seen & ends


def test_a_move_that_is_not_in_the_table_is_refused_in_both_languages():
    for here, there in product(ClaimState, ClaimState):
        if there in CLAIM_MOVES[here]:
            move_claim(here, there)
            continue
        with pytest.raises(NotAllowedError) as caught:
            move_claim(here, there)
        assert CLAIM_WORDS[here].ja in caught.value.say("ja")
        assert CLAIM_WORDS[there].en in caught.value.say("en")
    with pytest.raises(NotAllowedError):
        move_request(RequestState.CLOSED, RequestState.CHECKING)


# ── papers ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("papers", "missing"),
    [
        ([], ["form", "id-person"]),
        ([FORM], ["id-person"]),
        ([id_copy()], ["form"]),
        ([FORM, id_copy()], []),
        ([FORM, id_copy(accepted=False)], ["id-person"]),
        ([FORM, id_copy("resident_record")], []),
        ([FORM, id_copy("passport")], ["id-person"]),  # not on the published list
        ([FORM, id_copy("my_number_card")], ["id-person"]),
        ([FORM, id_copy("health_insurance_card")], ["id-person"]),  # void since December 2025
        ([FORM, id_copy("eligibility_certificate")], []),  # stands in for it
        ([FORM, id_copy(of=Of.AGENT)], ["id-person"]),
        ([FORM, id_copy(masked=MaskedBy.MISSING)], ["unmasked"]),
        ([FORM, id_copy(masked=MaskedBy.MISSING, in_hand=False), id_copy(masked=MaskedBy.RECEIVER)], []),
        ([FORM, id_copy(in_hand=False)], []),  # destroyed after it was looked at: the fact stays
        ([Paper(kind=DocumentKind.FORM, of=Of.PERSON, accepted=False), id_copy()], ["form"]),
    ],
)
def test_what_the_person_has_to_send(papers, missing):
    assert codes(Requester.PRINCIPAL, papers) == missing


def test_a_health_insurance_card_counted_while_it_was_valid():
    assert codes(Requester.PRINCIPAL, [FORM, id_copy("health_insurance_card")], on=date(2025, 12, 1)) == []
    late = id_copy("health_insurance_card", received_on=date(2025, 12, 1))
    assert codes(Requester.PRINCIPAL, [FORM, late], on=ON) == []


def test_where_two_papers_are_asked_for_the_same_one_twice_is_one():
    two = policy(TWO_PAPERS)
    assert codes(Requester.PRINCIPAL, [FORM, id_copy(), id_copy()], rules=two) == ["id-person"]
    assert codes(Requester.PRINCIPAL, [FORM, id_copy(), id_copy("resident_record")], rules=two) == []


AGENT_ID = id_copy(of=Of.AGENT)


@pytest.mark.parametrize("requester", [Requester.MINOR_AGENT, Requester.GUARDIAN])
@pytest.mark.parametrize(
    ("papers", "missing"),
    [
        ([FORM], ["id-agent", "relation_proof"]),
        ([FORM, AGENT_ID], ["relation_proof"]),
        ([FORM, AGENT_ID, proof("family_register")], []),
        ([FORM, AGENT_ID, proof("resident_record_with_relation")], []),
        ([FORM, AGENT_ID, proof("guardianship_certificate")], []),
        ([FORM, AGENT_ID, proof("relation_proof")], []),
        ([FORM, AGENT_ID, proof("power_of_attorney")], ["relation_proof"]),
        ([FORM, AGENT_ID, proof("family_register", accepted=False)], ["relation_proof"]),
        ([FORM, id_copy(), proof("family_register")], ["id-agent"]),  # the ward's own licence is not the agent's
    ],
)
def test_what_a_statutory_agent_has_to_send(requester, papers, missing):
    assert codes(requester, papers) == missing


@pytest.mark.parametrize(
    ("papers", "missing"),
    [
        ([FORM, AGENT_ID], ["power_of_attorney", "seal_certificate"]),
        ([FORM, AGENT_ID, proof("power_of_attorney")], ["seal_certificate"]),
        ([FORM, AGENT_ID, proof("power_of_attorney"), proof("seal_certificate")], []),
        ([FORM, AGENT_ID, proof("family_register")], ["power_of_attorney", "seal_certificate"]),
        ([FORM, proof("power_of_attorney"), proof("seal_certificate")], ["id-agent"]),
    ],
)
def test_what_a_mandated_agent_has_to_send(papers, missing):
    assert codes(Requester.MANDATED_AGENT, papers) == missing


@pytest.mark.parametrize(
    ("issued", "received", "missing"),
    [
        (date(2026, 8, 26), ON, []),  # 90 days before
        (date(2026, 8, 25), ON, ["seal_certificate"]),
        (date(2026, 8, 25), date(2026, 11, 20), []),  # fresh when it came, however long the desk takes
        (None, ON, ["seal_certificate"]),
    ],
)
def test_a_seal_certificate_is_as_old_as_the_policy_allows_on_the_day_it_came(issued, received, missing):
    papers = [
        FORM,
        AGENT_ID,
        proof("power_of_attorney"),
        proof("seal_certificate", issued_on=issued, received_on=received),
    ]
    assert codes(Requester.MANDATED_AGENT, papers, rules=policy(FRESH_SEAL)) == missing


def test_nothing_beyond_the_published_list_is_asked():
    everything = [
        FORM,
        id_copy(),
        AGENT_ID,
        proof("power_of_attorney"),
        proof("seal_certificate"),
        proof("family_register"),
    ]
    for requester in Requester:
        assert codes(requester, everything) == []


# ── money ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kinds", "per_form", "per_kind"),
    [
        ([K.DISCLOSURE], 500, 500),
        ([K.DISCLOSURE, K.PURPOSE_NOTICE], 500, 1000),
        ([K.DISCLOSURE, K.ERASE], 500, 500),
        ([K.ERASE, K.CORRECTION, K.STOP_PROVISION], 0, 0),
        ([], 0, 0),
        ([K.RECORD_DISCLOSURE], 0, 0),  # the law would allow it, the policy does not charge it
    ],
)
def test_a_fee_is_owed_once_a_form_or_once_a_kind(kinds, per_form, per_kind):
    assert fee_due(policy(), kinds) == per_form
    assert fee_due(policy(PER_KIND), kinds) == per_kind


def test_a_kind_the_law_makes_free_is_never_charged_whatever_the_policy_says():
    greedy = policy(CHARGED_TOO_MUCH)
    free = [kind for kind in K if not KINDS[kind].chargeable]
    assert {K.ERASE, K.CORRECTION, K.STOP_PROVISION} <= set(free)
    assert fee_due(greedy, free) == 0
    assert not any(is_charged(greedy, kind) for kind in free)
    assert is_charged(greedy, K.DISCLOSURE)


# ── clocks ───────────────────────────────────────────────────────────────────────────────────


def test_the_gate_counts_two_weeks_from_the_day_after_arrival():
    assert gate_on([K.DISCLOSURE], date(2026, 11, 2)) == date(2026, 11, 17)
    assert gate_on([K.ERASE], date(2026, 12, 20)) == date(2027, 1, 4)  # holidays do not stretch it


def test_purpose_notice_alone_has_no_gate():
    assert gate_on([K.PURPOSE_NOTICE], ON) is None
    assert gate_on([K.PURPOSE_NOTICE, K.CORRECTION], ON) == ON + timedelta(days=15)
    assert {kind for kind in K if gate_on([kind], ON) is None} == {K.PURPOSE_NOTICE}


def test_the_target_is_the_company_s_own():
    assert target_on(policy(TARGET), ON) == ON + timedelta(days=10)
    assert target_on(policy(), ON) == ON + timedelta(days=14)
    assert policy(CURE).cure_days == 20


# ── deciding ─────────────────────────────────────────────────────────────────────────────────


def standing(kind: RequestKind = K.DISCLOSURE, **more: Any) -> Standing:
    facts: dict[str, Any] = {
        "kind": kind,
        "rows": 3,
        "undecided": 0,
        "open_slips": 0,
        "found_on_paper": 0,
        "taken_in_by": "clerk",
        "decider": "boss",
        "law_on": ON,
        "mark_holder": False,
    }
    return Standing(**{**facts, **more})


def allowed(decision: ClaimState, ground: str = "", **facts: Any) -> bool:
    try:
        judge_decision(decision, ground, standing(**facts))
    except NotAllowedError:
        return False
    return True


@pytest.mark.parametrize(
    ("registered_by", "verified_by", "taker"),
    [("clerk", "boss", "clerk"), ("system:web", "boss", "boss"), ("system:web", "", "")],
)
def test_who_verified_a_request_by_web_took_it_in(registered_by: str, verified_by: str, taker: str):
    assert taken_in_by(registered_by=registered_by, verified_by=verified_by) == taker


def test_who_took_it_in_does_not_decide():
    assert allowed(ClaimState.APPROVED)
    for decision in (ClaimState.APPROVED, ClaimState.NOT_HELD, ClaimState.REFUSED):
        assert not allowed(decision, decider="clerk")


DECISIONS = st.sampled_from([ClaimState.APPROVED, ClaimState.PARTLY, ClaimState.REFUSED, ClaimState.NOT_HELD])


@given(
    decision=DECISIONS, kind=st.sampled_from(list(K)), undecided=st.integers(0, 2), slips=st.integers(0, 2),
    ground=st.sampled_from(["", "excluded", "harms_rights", "kept_by_law"]),
)  # fmt: skip
def test_nothing_is_decided_while_a_candidate_or_a_slip_is_open(decision, kind, undecided, slips, ground):
    facts = {"kind": kind, "undecided": undecided, "open_slips": slips}
    if undecided or slips:
        assert not allowed(decision, ground, rows=0, **facts)
        assert not allowed(decision, ground, rows=3, **facts)


def test_not_held_needs_that_nothing_was_found_anywhere():
    assert allowed(ClaimState.NOT_HELD, rows=0)
    assert not allowed(ClaimState.NOT_HELD, rows=1)
    assert not allowed(ClaimState.NOT_HELD, rows=0, found_on_paper=1)


def test_what_is_excluded_is_answered_as_not_held_though_rows_were_found():
    assert allowed(ClaimState.NOT_HELD, "excluded", rows=1)
    assert allowed(ClaimState.NOT_HELD, "record_excluded", kind=K.RECORD_DISCLOSURE, rows=1)
    assert not allowed(ClaimState.NOT_HELD, "harms_rights", rows=1)
    assert not allowed(ClaimState.NOT_HELD, "harms_rights", rows=0)


@pytest.mark.parametrize("kind", list(K))
def test_what_may_be_approved_with_nothing_found(kind):
    without_rows = {K.DELETION, K.SUSPEND_USE, K.ERASE, K.STOP_PROVISION, K.RECORD_DISCLOSURE}
    assert allowed(ClaimState.APPROVED, kind=kind, rows=0) is (kind in without_rows)
    assert allowed(ClaimState.APPROVED, kind=kind, rows=0, found_on_paper=1)


@given(kind=st.sampled_from(list(K)), mark=st.booleans(), ground=st.text("abcdefghijklmnopqrstuvwxyz_", max_size=20))
def test_a_refusal_needs_a_ground_of_its_kind(kind, mark, ground):
    usable = {one.code for one in refusal_grounds(standing(kind=kind, mark_holder=mark))}
    assert usable
    assert allowed(ClaimState.REFUSED, ground, kind=kind, mark_holder=mark) is (ground in usable)
    for code in usable:
        assert allowed(ClaimState.REFUSED, code, kind=kind, mark_holder=mark)


def test_an_approval_has_no_ground_and_a_part_has_one_or_cells():
    assert not allowed(ClaimState.APPROVED, "harms_rights")
    assert not allowed(ClaimState.PARTLY)
    assert allowed(ClaimState.PARTLY, "harms_rights")
    assert allowed(ClaimState.PARTLY, withheld=True)
    assert not allowed(ClaimState.PARTLY, "purpose_evident", kind=K.PURPOSE_NOTICE)  # nothing partly about it
    assert allowed(ClaimState.REFUSED, "purpose_evident", kind=K.PURPOSE_NOTICE)


def test_a_privacymark_holder_refuses_stops_and_erasure_on_the_narrower_list_only():
    for kind in (K.ERASE, K.SUSPEND_USE, K.STOP_PROVISION):
        by_law = {one.code for one in refusal_grounds(standing(kind=kind))}
        promised = {one.code for one in refusal_grounds(standing(kind=kind, mark_holder=True))}
        assert {"no_violation", "no_reason"} <= by_law
        assert not {"no_violation", "no_reason"} & promised
        assert {"harms_rights", "impedes_business", "breaks_law", "kept_by_law"} <= promised
    same = standing(kind=K.DISCLOSURE), standing(kind=K.DISCLOSURE, mark_holder=True)
    assert refusal_grounds(same[0]) == refusal_grounds(same[1])


def test_a_ground_is_the_law_s_of_the_day_the_claim_arrived():
    assert allowed(ClaimState.REFUSED, "no_reason", kind=K.ERASE, law_on=date(2022, 4, 1))
    assert not allowed(ClaimState.REFUSED, "no_reason", kind=K.ERASE, law_on=date(2022, 3, 31))
    assert allowed(ClaimState.REFUSED, "no_violation", kind=K.ERASE, law_on=date(2022, 3, 31))


def test_that_it_is_an_evaluation_is_no_ground_for_withholding():
    for kind in (K.DISCLOSURE, K.RECORD_DISCLOSURE):
        assert not allowed(ClaimState.REFUSED, "not_a_fact", kind=kind)
    assert allowed(ClaimState.REFUSED, "not_a_fact", kind=K.CORRECTION)


def test_a_refusal_of_a_decision_says_what_can_be_used():
    with pytest.raises(NotAllowedError) as caught:
        judge_decision(ClaimState.REFUSED, "because", standing())
    assert "harms_rights" in caught.value.say("en")
    assert "because" not in caught.value.say("en")
