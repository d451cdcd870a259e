"""From the envelope to the verified identity."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from daicho.people.actions import create_account
from daicho.people.queries import get_actor
from daicho.people.rules import Role
from daicho.policy.actions import apply_policy, publish
from daicho.policy.models import PolicyRevision
from daicho.rights.actions.answering import answer_request
from daicho.rights.actions.noticing import notify
from daicho.rights.actions.receiving import check_request, open_request, withdraw_request
from daicho.rights.actions.recording import (
    Money,
    PaperIntake,
    dispose_document,
    record_document,
    record_fee,
    settle_fee,
)
from daicho.rights.models import RequestDocument
from daicho.rights.queries import get_request
from daicho.rights.rules import ClaimState, DocumentKind, MaskedBy, Of, RequestState
from daicho.trail.models import TrailEntry
from daicho.words.errors import InputError, NotAllowedError
from tests.rights.desk import HANAKO, ORGANISATION, POLICY
from tests.rights.policies import FRESH_SEAL, PER_KIND
from tests.rights.test_thread import approved, carried, searched

DISCLOSURE = {"kind": "disclosure"}
ERASE = {"kind": "erase", "basis": "no_longer_needed"}
AGENT: dict[str, Any] = {
    "requester": "mandated_agent",
    "agent": {"name": "代理 人", "address": "名古屋市東区1-1", "postal_code": "461-0001"},
}


def opened(desk, *claims, **more) -> str:
    return open_request(desk.intake(*claims, **more), scope=desk.clerk, at=desk.at)


def case(desk, number, at=None):
    return get_request(number, scope=desk.clerk, on=(at or desk.at).date())


def paper(desk, number, kind, *, at=None, **more) -> str:
    return record_document(number, PaperIntake(kind=DocumentKind(kind), **more), scope=desk.clerk, at=at or desk.at)


def check(desk, number, *, identity=True, at=None):
    return check_request(number, identity=identity, scope=desk.clerk, at=at or desk.at)


def states(desk, number) -> list[ClaimState]:
    return [claim.state for claim in case(desk, number).claims]


# ── opening ──────────────────────────────────────────────────────────────────────────────────


def test_arrival_freezes_policy_and_law_and_starts_the_clocks(desk):
    number = opened(desk, DISCLOSURE, arrived_on="2026-11-20")
    found = case(desk, number)
    assert (found.arrived_on, found.target_on, found.gate_on) == (
        date(2026, 11, 20),
        date(2026, 12, 4),
        date(2026, 12, 5),
    )
    assert found.complete_on is None
    assert found.state is RequestState.RECEIVED


def test_arrival_on_a_day_to_come_or_before_any_policy_is_refused(desk):
    with pytest.raises(InputError, match="future"):
        opened(desk, DISCLOSURE, arrived_on="2026-11-25")
    with pytest.raises(NotAllowedError, match="No published policy"):
        opened(desk, DISCLOSURE, arrived_on="2020-01-01")


def test_numbers_have_no_gap_also_after_a_refusal(desk):
    first = opened(desk, DISCLOSURE)
    with pytest.raises(InputError):
        opened(desk, {"kind": "correction", "values": {"nothing-such": "x"}})
    assert [first, opened(desk, DISCLOSURE)] == ["R-2026-0001", "R-2026-0002"]


def test_a_kind_the_law_of_the_day_did_not_know_is_refused(desk):
    PolicyRevision.objects.update(effective_from=date(2020, 1, 1))
    with pytest.raises(InputError, match="does not know"):
        opened(desk, {"kind": "record_disclosure"}, arrived_on="2022-03-31")
    assert opened(desk, DISCLOSURE, arrived_on="2022-03-31")


def test_what_is_to_be_put_right_must_be_an_item_and_a_value_on_the_wrong_side_is_not_repeated(desk):
    with pytest.raises(InputError) as caught:
        opened(desk, {"kind": "correction", "values": {"adress": "新", "名古屋市東区": "address"}})
    said = caught.value.say("ja") + caught.value.say("en") + str(caught.value)
    assert "adress" in said
    assert "名古屋" not in said
    assert opened(desk, {"kind": "correction", "values": {"address": "新", "shop.customers.address": "新"}})


def test_the_same_person_is_known_again_and_a_namesake_is_not(desk):
    first = opened(desk, DISCLOSURE)
    again = opened(desk, ERASE, person=HANAKO | {"emails": ["new@example.org"], "phones": []})
    other = opened(desk, ERASE, person={"name": HANAKO["name"], "address": "大阪市北区9-9", "birth_date": "1991-01-01"})
    assert case(desk, first).person == case(desk, again).person
    assert case(desk, other).person != case(desk, first).person


# ── papers ───────────────────────────────────────────────────────────────────────────────────


def test_a_request_waits_for_papers_then_for_the_fee_then_is_verified(desk):
    number = opened(desk, DISCLOSURE)
    found = check(desk, number)
    assert (found.state, [one.code for one in found.missing]) == (
        RequestState.AWAITING_DOCUMENTS,
        ["form", "id-person", "fee"],
    )
    assert found.cure_on is not None
    paper(desk, number, "form")
    paper(desk, number, "id_copy", paper="drivers_licence")
    later = desk.at + timedelta(days=3)
    found = check(desk, number, at=later)
    assert (found.state, [one.code for one in found.missing]) == (RequestState.AWAITING_FEE, ["fee"])
    assert states(desk, number) == [ClaimState.NOTED]
    record_fee(number, Money(face_value=500), scope=desk.clerk, at=later)
    found = check(desk, number, identity=False, at=later)
    assert (found.state, found.missing) == (RequestState.CHECKING, ())
    assert case(desk, number).complete_on == later.date()
    found = check(desk, number, at=later + timedelta(days=1))
    assert found.state is RequestState.VERIFIED
    done = case(desk, number)
    assert (done.complete_on, done.cure_on, done.verified_by) == (later.date(), None, "clerk")
    assert states(desk, number) == [ClaimState.SEARCHING]


def test_defects_never_move_the_gate_nor_the_target(desk):
    number = opened(desk, DISCLOSURE)
    before = case(desk, number)
    check(desk, number)
    later = desk.at + timedelta(days=9)
    desk.papers(number)
    check(desk, number, at=later)
    after = case(desk, number)
    assert (after.gate_on, after.target_on, after.arrived_on) == (before.gate_on, before.target_on, before.arrived_on)


def test_an_unmasked_copy_holds_the_request_until_it_is_gone_and_another_is_recorded(desk):
    number = opened(desk, ERASE)
    paper(desk, number, "form")
    bad = paper(desk, number, "id_copy", paper="resident_record", masked=MaskedBy.MISSING)
    assert [one.code for one in check(desk, number).missing] == ["unmasked"]
    dispose_document(bad, "shredded", on=desk.at.date(), scope=desk.clerk, at=desk.at)
    paper(desk, number, "id_copy", paper="resident_record", masked=MaskedBy.RECEIVER)
    assert check(desk, number).state is RequestState.VERIFIED


def test_copies_of_identity_papers_are_due_for_destruction(desk):
    number = opened(desk, ERASE)
    paper(desk, number, "form")
    paper(desk, number, "id_copy", paper="drivers_licence")
    due = dict(RequestDocument.objects.values_list("kind", "dispose_on"))
    assert due == {"form": None, "id_copy": desk.at.date() + timedelta(days=30)}


def test_a_mandated_agent_needs_a_fresh_seal_certificate_with_its_day(desk):
    _publish(desk, FRESH_SEAL)
    number = opened(desk, ERASE, **AGENT)
    paper(desk, number, "form")
    paper(desk, number, "id_copy", of=Of.AGENT, paper="drivers_licence")
    paper(desk, number, "authority", of=Of.AGENT, paper="power_of_attorney")
    with pytest.raises(InputError, match="day of issue"):
        paper(desk, number, "authority", of=Of.AGENT, paper="seal_certificate")
    paper(desk, number, "authority", of=Of.AGENT, paper="seal_certificate", issued_on=date(2026, 1, 1))
    assert [one.code for one in check(desk, number).missing] == ["seal_certificate"]
    paper(desk, number, "authority", of=Of.AGENT, paper="seal_certificate", issued_on=date(2026, 10, 1))
    much_later = desk.at + timedelta(days=200)
    assert check(desk, number, at=much_later).state is RequestState.VERIFIED
    assert list(case(desk, number, much_later).missing) == []


@pytest.mark.parametrize(
    "bad",
    [
        {"issued_on": date(2026, 11, 25)},
        {"place": "三" * 121},
    ],
)
def test_a_paper_that_cannot_be_is_refused_and_nothing_recorded(desk, bad):
    number = opened(desk, ERASE)
    with pytest.raises(InputError):
        paper(desk, number, "form", **bad)
    assert case(desk, number).documents == []


# ── money ────────────────────────────────────────────────────────────────────────────────────


def with_papers(desk, *claims, **more) -> str:
    number = opened(desk, *claims, **more)
    desk.papers(number)
    return number


@pytest.mark.parametrize(
    ("orders", "state"),
    [
        ([], RequestState.AWAITING_FEE),
        ([Money(face_value=450)], RequestState.AWAITING_FEE),
        ([Money(face_value=450), Money(face_value=50)], RequestState.VERIFIED),
        ([Money(face_value=1000)], RequestState.VERIFIED),
        ([Money(face_value=500, issued_on=date(2026, 5, 23))], RequestState.AWAITING_FEE),  # expired yesterday
        ([Money(face_value=500, issued_on=date(2026, 5, 24))], RequestState.VERIFIED),  # its last day
    ],
)
def test_what_counts_as_paid(desk, orders, state):
    number = with_papers(desk, DISCLOSURE)
    for order in orders:
        record_fee(number, order, scope=desk.clerk, at=desk.at)
    assert check(desk, number).state is state


def test_a_money_order_that_expires_in_our_cabinet_stays_paid(desk):
    number = with_papers(desk, DISCLOSURE)
    record_fee(number, Money(face_value=500, issued_on=date(2026, 5, 24)), scope=desk.clerk, at=desk.at)
    much_later = desk.at + timedelta(days=30)
    assert check(desk, number, at=much_later).state is RequestState.VERIFIED
    assert list(case(desk, number, much_later).missing) == []


def test_money_sent_back_does_not_count_and_money_cashed_does(desk):
    number = with_papers(desk, DISCLOSURE)
    one = record_fee(number, Money(face_value=500), scope=desk.clerk, at=desk.at)
    two = record_fee(number, Money(face_value=500), scope=desk.clerk, at=desk.at)
    settle_fee(one, returned_on=desk.at.date(), scope=desk.clerk, at=desk.at)
    settle_fee(two, cashed_on=desk.at.date(), scope=desk.clerk, at=desk.at)
    found = check(desk, number)
    assert (found.state, found.fee_paid) == (RequestState.VERIFIED, 500)
    for both in ({}, {"cashed_on": desk.at.date(), "returned_on": desk.at.date()}):
        with pytest.raises(InputError):
            settle_fee(one, scope=desk.clerk, at=desk.at, **both)


@pytest.mark.parametrize(
    "bad",
    [
        Money(face_value=0),
        Money(face_value=-500),
        Money(face_value=10**12),
        Money(face_value=500, number="9" * 41),
        Money(face_value=500, issued_on=date(2026, 11, 25)),
    ],
)
def test_money_that_cannot_be_is_refused(desk, bad):
    number = with_papers(desk, DISCLOSURE)
    with pytest.raises(InputError):
        record_fee(number, bad, scope=desk.clerk, at=desk.at)
    assert case(desk, number).fees == []


def test_a_fee_per_kind_is_owed_for_each(desk):
    _publish(desk, PER_KIND)
    number = with_papers(desk, DISCLOSURE, {"kind": "purpose_notice"})
    record_fee(number, Money(face_value=500), scope=desk.clerk, at=desk.at)
    found = check(desk, number)
    assert (found.fee_due, found.fee_paid, found.state) == (1000, 500, RequestState.AWAITING_FEE)


def test_beside_a_free_claim_a_short_fee_holds_only_what_is_charged(desk):
    number = with_papers(desk, DISCLOSURE, {"kind": "stop_provision"})
    found = check(desk, number)
    assert (found.state, [one.code for one in found.missing]) == (RequestState.VERIFIED, ["fee"])
    assert found.cure_on is not None
    searched(desk, number)
    with pytest.raises(NotAllowedError, match="short by ¥500"):
        approved(desk, f"{number}-1")
    approved(desk, f"{number}-2")
    carried(desk, f"{number}-2")
    half = answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files)
    assert len(half.letters) == 1
    assert half.state is RequestState.VERIFIED
    assert notify(number, "missing", scope=desk.clerk, at=desk.at, folder=desk.files).letters
    with pytest.raises(NotAllowedError):
        notify(number, "return", scope=desk.clerk, at=desk.at, folder=desk.files)
    late = desk.at.replace(year=2027)
    assert notify(number, "return", scope=desk.clerk, at=late, folder=desk.files).state is RequestState.CLOSED
    assert states(desk, number) == [ClaimState.RETURNED, ClaimState.ANSWERED]


def test_the_fee_that_comes_in_time_lets_the_charged_claim_go_on(desk):
    number = with_papers(desk, DISCLOSURE, ERASE)
    check(desk, number)
    searched(desk, number)
    record_fee(number, Money(face_value=500), scope=desk.clerk, at=desk.at)
    assert case(desk, number).cure_on is None
    assert approved(desk, f"{number}-1").state is ClaimState.APPROVED
    with pytest.raises(NotAllowedError):
        notify(number, "return", scope=desk.clerk, at=desk.at.replace(year=2027), folder=desk.files)


# ── curing, returning, taking back ───────────────────────────────────────────────────────────


def test_what_was_never_made_good_goes_back_after_the_day_given_and_not_before(desk):
    number = with_papers(desk, DISCLOSURE)
    record_fee(number, Money(face_value=300), scope=desk.clerk, at=desk.at)
    cure_on = check(desk, number).cure_on
    assert cure_on is not None
    assert notify(number, "missing", scope=desk.clerk, at=desk.at, folder=desk.files).letters
    last = desk.at + (cure_on - desk.at.date())
    with pytest.raises(NotAllowedError):
        notify(number, "return", scope=desk.clerk, at=last, folder=desk.files)
    back = notify(number, "return", scope=desk.clerk, at=last + timedelta(days=1), folder=desk.files)
    assert back.state is RequestState.CLOSED
    done = case(desk, number)
    assert states(desk, number) == [ClaimState.RETURNED]
    assert {one["disposed_how"] for one in done.documents} == {"returned"}
    assert [one["returned_on"] for one in done.fees] == [(last + timedelta(days=1)).date()]


def test_what_came_in_time_cannot_be_returned_for_being_late(desk):
    number = with_papers(desk, DISCLOSURE)
    check(desk, number)
    record_fee(number, Money(face_value=500), scope=desk.clerk, at=desk.at)
    check(desk, number, identity=False)
    with pytest.raises(NotAllowedError):
        notify(number, "return", scope=desk.clerk, at=desk.at.replace(year=2027), folder=desk.files)
    assert states(desk, number) == [ClaimState.NOTED]


def test_a_second_notice_keeps_the_first_day(desk):
    number = opened(desk, DISCLOSURE)
    first = check(desk, number).cure_on
    assert check(desk, number, at=desk.at + timedelta(days=5)).cure_on == first


@pytest.mark.parametrize("claim", [ERASE, DISCLOSURE])
def test_a_request_taken_back_takes_nothing_more(desk, claim):
    number = opened(desk, claim)
    withdraw_request(number, scope=desk.clerk, at=desk.at)
    assert case(desk, number).state is RequestState.WITHDRAWN
    assert states(desk, number) == [ClaimState.WITHDRAWN]
    for act in (
        lambda: desk.papers(number),
        lambda: record_fee(number, Money(face_value=500), scope=desk.clerk, at=desk.at),
        lambda: check(desk, number),
        lambda: withdraw_request(number, scope=desk.clerk, at=desk.at),
        lambda: notify(number, "receipt", scope=desk.clerk, at=desk.at, folder=desk.files),
    ):
        with pytest.raises(NotAllowedError):
            act()
    assert case(desk, number).documents == []


def test_what_is_being_carried_out_is_finished_before_it_can_be_taken_back(desk):
    number = desk.verified(ERASE, fee=0)
    searched(desk, number)
    approved(desk, f"{number}-1")
    carried(desk, f"{number}-1")
    with pytest.raises(NotAllowedError, match="being carried out"):
        withdraw_request(number, scope=desk.clerk, at=desk.at)


def test_a_refused_claim_can_be_taken_back_before_it_is_answered(desk):
    from daicho.rights.actions.deciding import decide_claim

    number = desk.verified(ERASE, fee=0)
    searched(desk, number)
    decide_claim(f"{number}-1", ClaimState.REFUSED, ground="no_reason", scope=desk.officer, at=desk.at)
    withdraw_request(number, scope=desk.clerk, at=desk.at)
    assert states(desk, number) == [ClaimState.WITHDRAWN]


def test_every_step_leaves_one_entry_in_the_trail_and_none_tells_a_value(desk):
    number = desk.verified(DISCLOSURE)
    entries = list(TrailEntry.objects.filter(facts__contains=number) | TrailEntry.objects.filter(about=number))
    events = [one.event for one in sorted(entries, key=lambda one: one.seq)]
    assert events == [
        "request.opened",
        "request.document_recorded",
        "request.document_recorded",
        "request.fee_recorded",
        "request.checked",
    ]
    told = " ".join(str(one.facts) for one in entries)
    for value in ("高橋", "Hanako", "1980", "名駅"):
        assert value not in told
    assert timezone.is_aware(entries[0].at)


def _publish(desk, change: tuple[str, str]) -> None:
    """A later revision of the policy, in force from today; written by the secretariat, published by the officer."""
    create_account(
        "office",
        display_name="Office",
        organisation=ORGANISATION,
        roles=[Role.SECRETARIAT],
        scope=desk.officer,
        at=desk.at,
    )
    text = "base: 1\n" + POLICY.read_text(encoding="utf-8").replace(*change, 1)
    apply_policy(text.encode(), str(POLICY), scope=get_actor("office", at=desk.at), at=desk.at)
    publish(ORGANISATION, effective_from=desk.at.date(), scope=desk.officer, at=desk.at)
