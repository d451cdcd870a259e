"""What was typed wrongly is put right, sealed as before; what rested on it is checked, searched and judged again."""

import json
from datetime import date, timedelta

import pytest

from daicho.keys.queries import ring
from daicho.rights.actions.amending import (
    Amendment,
    add_claim,
    add_note,
    amend_request,
    cancel_document,
    cancel_fee,
    state_of,
)
from daicho.rights.actions.deciding import decide_claim, reopen_claim
from daicho.rights.actions.dispatching import check_envelope, enclose, end_dispatch, send
from daicho.rights.actions.issuing import open_letter
from daicho.rights.actions.readdressing import enter_address, verify_address
from daicho.rights.actions.receiving import check_request, open_request
from daicho.rights.actions.recording import Money, record_fee
from daicho.rights.actions.searching import search_request
from daicho.rights.amendments import VERIFIED_PARTS, CancelWhy, NoteKind, judge_amending
from daicho.rights.dispatch_rules import DispatchMethod, DispatchState, ReturnedWhy
from daicho.rights.finding import asked_digests
from daicho.rights.intake import Agent, ClaimIntake, Facts, Person, facts_from
from daicho.rights.models import CaseNote, Claim, Dispatch, IssuedLetter, NewAddress, RequestKey, SubjectRequest
from daicho.rights.money import Standing, list_money
from daicho.rights.queries import get_request
from daicho.rights.rules import ClaimState, RequestState
from daicho.site.wiring import open_store
from daicho.subjects.models import PersonKey
from daicho.trail.models import TrailEntry
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from tests.letters.reading import text_of
from tests.rights.desk import AT, HANAKO, ICHIRO, Desk
from tests.rights.outcomes import How, worked

DISCLOSURE = {"kind": "disclosure"}
ERASE = {"kind": "erase", "basis": "no_longer_needed"}
NEW_HOME = "長野県松本市丸の内3-7"


def row(number: str) -> SubjectRequest:
    return SubjectRequest.objects.get(number=number)


def facts(number: str) -> Facts:
    return facts_from(ring().unseal(bytes(row(number).facts), bound_to=f"request:{number}"))


def person(**changed: object) -> Person:
    return Person.model_validate({**HANAKO, **changed})


def found_by(asked: str) -> set[str]:
    digests = [one.value for one in asked_digests(asked, ring())]
    return set(RequestKey.objects.filter(digest__in=digests).values_list("request__number", flat=True))


def entries(event: str) -> list[dict[str, object]]:
    return [json.loads(one.facts) for one in TrailEntry.objects.filter(event=event).order_by("seq")]


def amend(desk: Desk, number: str, **given: object) -> bool:
    return amend_request(number, Amendment(**given), scope=desk.clerk, at=AT)  # type: ignore[arg-type]


# ── facts ────────────────────────────────────────────────────────────────────────────────────


def test_every_part_that_identity_rests_on_is_a_field_of_the_form():
    fields = {f"person.{name}" for name in Person.model_fields} | {f"agent.{name}" for name in Agent.model_fields}
    assert fields >= VERIFIED_PARTS


def test_a_name_put_right_is_found_verified_and_searched_again(desk):
    number = desk.verified(DISCLOSURE)
    search_request(number, by_name=False, scope=desk.clerk, at=AT, open_store=open_store)
    assert found_by("高橋 花子") == {number}
    before = row(number)
    assert amend(desk, number, person=person(name="高梨 花子"))
    after = row(number)
    assert facts(number).person.name == "高梨 花子"
    assert (found_by("高梨花子"), found_by("高橋 花子")) == ({number}, set())
    assert (after.state, after.verified_by, after.verified_at) == (RequestState.CHECKING, "", None)
    assert (before.searched != {}, after.searched) == (True, {})
    assert Claim.objects.get(request=after).state == ClaimState.SEARCHING
    assert entries("request.amended")[0] == {"request": number, "parts": ["person.name"], "verified_again": True}
    assert "高梨".encode() not in bytes(after.facts)
    with pytest.raises(NotAllowedError, match="not verified"):
        search_request(number, by_name=False, scope=desk.clerk, at=AT, open_store=open_store)
    assert check_request(number, identity=True, scope=desk.clerk, at=AT).state is RequestState.VERIFIED


def test_a_telephone_number_put_right_leaves_the_identity_and_asks_for_another_search(desk):
    number = desk.verified(DISCLOSURE)
    search_request(number, by_name=False, scope=desk.clerk, at=AT, open_store=open_store)
    assert not amend(desk, number, person=person(phones=["0263-11-2222"]))
    assert row(number).state == RequestState.VERIFIED
    assert Claim.objects.get(request__number=number).state == ClaimState.SEARCHING
    assert (found_by("0263112222"), found_by("090-1111-2222")) == ({number}, set())


def test_the_keys_of_the_person_follow_and_those_of_another_request_stay(desk):
    first = desk.verified(DISCLOSURE)
    second = open_request(desk.intake(ERASE, person=ICHIRO), scope=desk.clerk, at=AT)
    assert row(first).person != row(second).person
    old = set(PersonKey.objects.filter(person__ref=row(second).person).values_list("digest", flat=True))
    assert old
    amend(desk, second, person=person())  # it was the first person's form
    assert row(second).person == row(first).person
    assert not PersonKey.objects.filter(digest__in=old).exists()
    kept = PersonKey.objects.filter(person__ref=row(first).person).count()
    amend(desk, second, person=Person.model_validate(ICHIRO))
    assert row(second).person != row(first).person
    assert PersonKey.objects.filter(person__ref=row(first).person).count() == kept


def test_the_one_who_amends_does_not_decide(desk):
    number = desk.verified(ERASE, fee=0)
    amend_request(number, Amendment(person=person(period="2020")), scope=desk.officer, at=AT)
    search_request(number, by_name=False, scope=desk.clerk, at=AT, open_store=open_store)
    with pytest.raises(NotAllowedError, match="amended the request"):
        decide_claim(f"{number}-1", ClaimState.APPROVED, scope=desk.officer, at=AT)


def test_a_decision_is_taken_back_before_anything_is_amended(desk):
    number = desk.verified(ERASE, fee=0)
    search_request(number, by_name=False, scope=desk.clerk, at=AT, open_store=open_store)
    decide_claim(f"{number}-1", ClaimState.APPROVED, scope=desk.officer, at=AT)
    with pytest.raises(NotAllowedError, match="A decision rests"):
        amend(desk, number, person=person(name="高梨 花子"))
    assert facts(number).person.name == HANAKO["name"]
    reopen_claim(f"{number}-1", scope=desk.officer, at=AT)
    assert amend(desk, number, person=person(name="高梨 花子"))


def test_nothing_is_amended_after_carrying_out_began():
    for one in (ClaimState.CARRYING_OUT, ClaimState.READING_BACK, ClaimState.ANSWERED):
        with pytest.raises(NotAllowedError, match="has begun"):
            judge_amending([ClaimState.ASSESSING, one])
    judge_amending([ClaimState.NOTED, ClaimState.SEARCHING, ClaimState.ASSESSING])


def test_an_older_state_is_refused(desk):
    number = open_request(desk.intake(DISCLOSURE), scope=desk.clerk, at=AT)
    seen = state_of(row(number))
    amend(desk, number, person=person(kana="タカナシ ハナコ"), state=seen)
    with pytest.raises(NotAllowedError, match="after this was begun"):
        amend(desk, number, person=person(kana="タカハシ ハナヨ"), state=seen)
    assert facts(number).person.kana == "タカナシ ハナコ"


def test_the_same_again_and_an_agent_out_of_nowhere_are_refused(desk):
    number = open_request(desk.intake(DISCLOSURE), scope=desk.clerk, at=AT)
    with pytest.raises(InputError, match="Nothing was changed"):
        amend(desk, number, person=person())
    with pytest.raises(InputError, match="no agent"):
        amend(desk, number, agent=Agent(name="代理 一", address="東京都千代田区1"))
    assert entries("request.amended") == []


def test_nobody_amends_in_a_foreign_company_or_without_the_desk(desk):
    number = open_request(desk.intake(DISCLOSURE), scope=desk.clerk, at=AT)
    foreign = Scope(actor="clerk", organisations=frozenset({"somebody-else"}))
    for act in (
        lambda scope: amend_request(number, Amendment(person=person(name="他")), scope=scope, at=AT),
        lambda scope: add_note(number, NoteKind.MEMO, "x", scope=scope, at=AT),
        lambda scope: add_claim(number, ClaimIntake.model_validate(ERASE), scope=scope, at=AT),
        lambda scope: enter_address(number, postal_code="", address="x", scope=scope, at=AT),
    ):
        with pytest.raises(NotFoundError):
            act(foreign)
        with pytest.raises(NotAllowedError):
            act(desk.auditor)


# ── arrival, claims, papers, money, notes ────────────────────────────────────────────────────


def test_another_day_of_arrival_moves_the_clocks(desk):
    number = open_request(desk.intake(DISCLOSURE), scope=desk.clerk, at=AT)
    before = row(number)
    amend(desk, number, arrived_on=AT.date() - timedelta(days=4))
    after = row(number)
    assert after.arrived_on == after.law_on == date(2026, 11, 20)
    assert before.target_on - after.target_on == timedelta(days=4)
    assert before.gate_on is not None
    assert after.gate_on is not None
    assert before.gate_on > after.gate_on
    with pytest.raises(InputError, match="future"):
        amend(desk, number, arrived_on=AT.date() + timedelta(days=1))


def test_a_claim_left_off_is_added_before_a_decision(desk):
    number = desk.verified({"kind": "purpose_notice"})
    assert row(number).gate_on is None
    found = add_claim(number, ClaimIntake.model_validate(ERASE), scope=desk.clerk, at=AT)
    assert found == f"{number}-2"
    assert Claim.objects.get(number=found).state == ClaimState.SEARCHING
    assert row(number).gate_on is not None
    assert entries("claim.added") == [{"claim": found, "kind": "erase"}]
    with pytest.raises(InputError, match="already"):
        add_claim(number, ClaimIntake.model_validate(ERASE), scope=desk.clerk, at=AT)
    search_request(number, by_name=False, scope=desk.clerk, at=AT, open_store=open_store)
    decide_claim(found, ClaimState.APPROVED, scope=desk.officer, at=AT)
    with pytest.raises(NotAllowedError):
        add_claim(
            number,
            ClaimIntake.model_validate({"kind": "stop_provision", "basis": "no_longer_needed"}),
            scope=desk.clerk,
            at=AT,
        )


def test_a_paper_recorded_by_mistake_counts_no_more_and_identity_rests_on_it_no_more(desk):
    number = desk.verified(DISCLOSURE)
    ref = next(one["ref"] for one in get_request(number, scope=desk.clerk, on=AT.date()).documents if one["paper"])
    assert cancel_document(ref, CancelWhy.OTHER_REQUEST, scope=desk.clerk, at=AT)
    case = get_request(number, scope=desk.clerk, on=AT.date())
    assert case.state is RequestState.CHECKING
    assert case.missing
    assert next(one for one in case.documents if one["ref"] == ref)["cancelled_why"] == "other_request"
    with pytest.raises(NotFoundError):
        cancel_document(ref, CancelWhy.TWICE, scope=desk.clerk, at=AT)


def test_money_recorded_twice_counts_once(desk):
    number = desk.verified(DISCLOSURE)
    ref = record_fee(number, Money(face_value=500), scope=desk.clerk, at=AT)
    ours = list_money(Standing.ALL, scope=desk.clerk, on=AT.date()).totals
    assert (ours[Standing.ALL].yen, ours[Standing.IN_HAND].yen) == (1000, 1000)
    cancel_fee(ref, CancelWhy.TWICE, scope=desk.clerk, at=AT)
    ours = list_money(Standing.ALL, scope=desk.clerk, on=AT.date()).totals
    assert (ours[Standing.ALL].yen, ours[Standing.RETURNED].yen) == (500, 0)
    assert entries("fee.cancelled")[0]["why"] == "twice"


def test_a_telephone_call_is_noted_sealed_also_after_the_end(desk):
    number = worked(desk, ERASE).number
    ref = add_note(number, NoteKind.CALL_IN, "娘さんから折り返しの電話", scope=desk.clerk, at=AT)
    note = CaseNote.objects.get(ref=ref)
    assert "娘さん".encode() not in bytes(note.text)
    assert ring().unseal(bytes(note.text), bound_to=f"note:{ref}").decode() == "娘さんから折り返しの電話"
    assert (note.written_by, entries("request.noted")[0]["characters"]) == ("clerk", 12)
    with pytest.raises(InputError):
        add_note(number, NoteKind.MEMO, "  ", scope=desk.clerk, at=AT)


# ── a letter that came back ──────────────────────────────────────────────────────────────────


def sent_back(desk: Desk) -> tuple[str, IssuedLetter]:
    """A disclosure whose letter came back."""
    number = worked(desk, DISCLOSURE, How(cells="show")).number
    letter = IssuedLetter.objects.exclude(kind="pack").get(request__number=number)
    ref = enclose(number, letter.number, DispatchMethod.SIMPLE_REGISTERED, scope=desk.clerk, at=AT)
    check_envelope(ref, pages=letter.pages, agrees=True, scope=desk.officer, at=AT)
    send(ref, sent_on=AT.date(), tracking="123-45-67890-1", scope=desk.clerk, at=AT)
    end_dispatch(ref, DispatchState.RETURNED, on=AT.date(), why=ReturnedWhy.ADDRESS_UNKNOWN, scope=desk.clerk, at=AT)
    return number, letter


def test_a_letter_that_came_back_goes_to_an_address_that_somebody_else_verified(desk):
    number, old = sent_back(desk)
    with pytest.raises(NotAllowedError, match="has begun"):
        amend(desk, number, person=person(address=NEW_HOME))
    ref = enter_address(number, postal_code="390-0873", address=NEW_HOME, scope=desk.clerk, at=AT)
    assert NEW_HOME.encode() not in bytes(NewAddress.objects.get().address)
    with pytest.raises(NotAllowedError, match="Somebody other"):
        verify_address(number, ref, scope=desk.clerk, at=AT, folder=desk.files)
    later = AT + timedelta(days=2)
    (issued,) = verify_address(number, ref, scope=desk.officer, at=later, folder=desk.files)
    new = IssuedLetter.objects.exclude(kind="pack").get(number=issued)
    assert (new.replaces, new.claim, new.pages) == (old.number, old.claim, old.pages)
    first, second = (text_of(open_letter(one, row(number), folder=desk.files).content) for one in (old, new))
    assert NEW_HOME in second
    assert NEW_HOME not in first
    assert issued in second
    assert old.number not in second
    assert "令和8年11月26日" in second
    assert "名古屋市中村区名駅3-28-12" in second  # the row that was disclosed says what it said
    told = facts(number).person
    assert (told.address, told.postal_code, told.former_addresses) == (NEW_HOME, "390-0873", (HANAKO["address"],))
    assert Dispatch.objects.get().state == DispatchState.SENT_AGAIN
    with pytest.raises(NotAllowedError, match="was replaced"):
        enclose(number, old.number, DispatchMethod.SIMPLE_REGISTERED, scope=desk.clerk, at=later)
    enclose(number, issued, DispatchMethod.SIMPLE_REGISTERED, scope=desk.clerk, at=later)
    assert entries("letter.replaced") == [{"letter": old.number, "by": issued, "request": number}]
    with pytest.raises(NotAllowedError, match="came back"):
        enter_address(number, postal_code="", address="別の住所", scope=desk.clerk, at=later)


def test_the_address_it_came_back_from_is_no_new_one(desk):
    number, _ = sent_back(desk)
    with pytest.raises(InputError, match="came back from"):
        enter_address(number, postal_code="", address=HANAKO["address"], scope=desk.clerk, at=AT)
