"""Whoever is foreign, or has no role for it, can do nothing and see nothing: every action and query is tried.

First each is shown to work for those it is meant for, on the same desk.
"""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import transaction

from daicho.consent import actions as consent_actions
from daicho.consent import queries as consent_queries
from daicho.consent.actions import lift_stop
from daicho.consent.queries import corrections_of, list_stops
from daicho.law.kinds import RequestKind
from daicho.people.actions import create_account
from daicho.people.models import AccountOrganisation
from daicho.people.queries import get_account, get_actor
from daicho.people.rules import Role
from daicho.rights import (
    beforehand,
    envelopes,
    inbox,
    ledger_page,
    money,
    name_parts,
    person,
    sights,
    slip_facts,
    today,
)
from daicho.rights import queries as rights_queries
from daicho.rights.actions import (
    answering,
    carrying,
    deciding,
    dispatching,
    importing,
    noticing,
    printing,
    receiving,
    recording,
    searching,
    submitting,
    tending,
    watching,
)
from daicho.rights.actions.recording import Money, PaperIntake
from daicho.rights.dispatch_rules import DispatchMethod
from daicho.rights.models import RequestKey
from daicho.rights.past import PastRow
from daicho.rights.rules import ClaimState, DocumentKind
from daicho.runs import actions as runs_actions
from daicho.runs import queries as runs_queries
from daicho.runs.actions import LeftToHumanError
from daicho.site.wiring import open_store
from daicho.words.errors import NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Language
from tests.rights.desk import ICHIRO, ORGANISATION, Desk, open_desk
from tests.rights.planted import planted, rows_of_ours
from tests.runs.steps import At

FOREIGN = "copro-career"


@dataclass(slots=True)
class Things:
    """What stands on the desk, by name; every one belongs to the holding company."""

    desk: Desk
    refs: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.refs[name]


def _build(folder: Path) -> Desk:
    desk = open_desk(folder, cabinet=True)
    boss = get_account("boss")
    both = Scope(actor="boss", organisations=frozenset({ORGANISATION, FOREIGN}))
    AccountOrganisation.objects.create(account=boss, organisation=FOREIGN, role=Role.OFFICER, granted_at=desk.at)
    for code, organisation, role in (
        ("stranger", FOREIGN, Role.OFFICER),
        ("staff", ORGANISATION, Role.EMPLOYEE),
        ("head", ORGANISATION, Role.DEPARTMENT_HEAD),
    ):
        create_account(code, display_name=code, organisation=organisation, roles=[role], scope=both, at=desk.at)
    AccountOrganisation.objects.filter(account__code="boss", organisation=FOREIGN).delete()
    return desk


def _build_all(folder: Path) -> Desk:
    desk = _build(folder)
    made = Things(desk, {})
    clerk, at = desk.clerk, desk.at

    def searched(name: str, claim: dict[str, Any], **more: Any) -> str:
        number = desk.verified(claim, **more)
        searching.search_request(number, by_name=False, scope=clerk, at=at, open_store=open_store)
        for slip in runs_queries.list_slips(owners=[number], scope=clerk, only_open=True):
            runs_actions.answer_slip(slip.ref, answer="none", count=0, searcher="", scope=clerk, at=at)
        made.refs[name] = f"{number}-1"
        return number

    def approved(name: str, claim: dict[str, Any]) -> str:
        number = searched(name, claim, fee=0)
        deciding.decide_claim(made[name], ClaimState.APPROVED, scope=desk.officer, at=at)
        return number

    def carried(name: str, claim: dict[str, Any]) -> str:
        number = approved(name, claim)
        carrying.carry_out([made[name]], scope=clerk, at=at, open_store=open_store, folder=desk.files)
        return number

    made.refs["fresh"] = receiving.open_request(desk.intake({"kind": "erase"}), scope=clerk, at=at)
    made.refs["document"] = recording.record_document(
        made["fresh"], PaperIntake(kind=DocumentKind.FORM), scope=clerk, at=at
    )
    made.refs["fee"] = recording.record_fee(made["fresh"], Money(face_value=500), scope=clerk, at=at)
    made.refs["twice"] = receiving.open_request(desk.intake({"kind": "erase"}), scope=clerk, at=at)
    (made.refs["letter"],) = noticing.notify(made["fresh"], "receipt", scope=clerk, at=at, folder=desk.files).letters
    made.refs["doubtful"] = searched("disclosure", {"kind": "disclosure"}, person=ICHIRO)
    (candidate,) = rights_queries.list_candidates(made["doubtful"], scope=clerk)
    made.refs["candidate"] = candidate.reveal(purpose="test")["mark"]
    searched("reviewed", {"kind": "disclosure"})
    carried("stop", {"kind": "stop_provision"})
    made.refs["stop"] = list_stops(scope=clerk)[0].ref
    made.refs["corrected"] = carried("correction", {"kind": "correction", "values": {"address": "新住所1-1"}})
    made.refs["run"] = runs_queries.list_runs(scope=clerk)[0].ref
    made.refs["person"] = rights_queries.get_request(made["corrected"], scope=clerk, on=at.date()).person
    approved("approved", {"kind": "erase", "basis": "no_longer_needed"})
    made.refs["open"] = desk.verified({"kind": "erase", "basis": "no_longer_needed"}, fee=0)
    searching.search_request(made["open"], by_name=False, scope=clerk, at=at, open_store=open_store)
    made.refs["slip"] = runs_queries.list_slips(owners=[made["open"]], scope=clerk)[0].ref
    husband = rights_queries.get_request(made["doubtful"], scope=clerk, on=at.date()).person
    made.refs["hold"] = runs_actions.set_hold(
        husband, ground="litigation", organisation=ORGANISATION, scope=desk.officer, at=at
    )
    (folder / "things.json").write_text(json.dumps(made.refs), encoding="utf-8")
    return desk


def _index(things: Things, scope: Scope) -> int:
    """What was registered before keys were made is indexed; a stranger finds nothing of it."""
    with transaction.atomic():
        if scope.actor == "clerk":
            RequestKey.objects.all().delete()
        return tending.index_requests(scope=scope, at=things.desk.at)


@pytest.fixture
def things(workspace: Path, db: None) -> Things:
    del db
    desk = planted("scopes", workspace, _build_all)
    return Things(desk, json.loads((workspace / "things.json").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Try:
    """One public function, called as somebody. ``by``: who it is meant for. ``reads``: an auditor may, too."""

    function: Callable[..., Any]
    call: Callable[[Things, Scope], Any]
    by: str = "clerk"
    reads: bool = False


def _intake(things: Things, **more: Any) -> Any:
    return things.desk.intake({"kind": "erase", "basis": "no_longer_needed"}, **more)


TRIES: dict[str, Try] = {
    # What the desk does.
    "open": Try(receiving.open_request, lambda t, s: receiving.open_request(_intake(t), scope=s, at=t.desk.at)),
    "document": Try(
        recording.record_document,
        lambda t, s: recording.record_document(t["fresh"], PaperIntake(kind=DocumentKind.OTHER), scope=s, at=t.desk.at),
    ),
    "dispose": Try(
        recording.dispose_document,
        lambda t, s: recording.dispose_document(t["document"], "shredded", on=t.desk.at.date(), scope=s, at=t.desk.at),
    ),
    "fee": Try(
        recording.record_fee, lambda t, s: recording.record_fee(t["fresh"], Money(face_value=1), scope=s, at=t.desk.at)
    ),
    "settle fee": Try(
        recording.settle_fee,
        lambda t, s: recording.settle_fee(t["fee"], cashed_on=t.desk.at.date(), scope=s, at=t.desk.at),
    ),
    "check": Try(
        receiving.check_request, lambda t, s: receiving.check_request(t["fresh"], identity=False, scope=s, at=t.desk.at)
    ),
    "withdraw": Try(
        receiving.withdraw_request, lambda t, s: receiving.withdraw_request(t["fresh"], scope=s, at=t.desk.at)
    ),
    "search": Try(
        searching.search_request,
        lambda t, s: searching.search_request(
            t["doubtful"], by_name=False, scope=s, at=t.desk.at, open_store=open_store
        ),
    ),
    "candidate": Try(
        searching.decide_candidate,
        lambda t, s: searching.decide_candidate(t["doubtful"], t["candidate"], accepted=True, scope=s, at=t.desk.at),
    ),
    "decide": Try(
        deciding.decide_claim,
        lambda t, s: deciding.decide_claim(t["reviewed"], ClaimState.APPROVED, scope=s, at=t.desk.at),
        by="officer",
    ),
    "cells": Try(deciding.decide_cells, lambda t, s: deciding.decide_cells(t["reviewed"], {}, scope=s, at=t.desk.at)),
    "reopen": Try(
        deciding.reopen_claim,
        lambda t, s: deciding.reopen_claim(t["approved"], scope=s, at=t.desk.at),
    ),
    "reclassify": Try(
        deciding.reclassify,
        lambda t, s: deciding.reclassify(f"{t['open']}-1", RequestKind.DELETION, scope=s, at=t.desk.at),
    ),
    "carry out": Try(
        carrying.carry_out,
        lambda t, s: carrying.carry_out(
            [t["approved"]], scope=s, at=t.desk.at, open_store=open_store, folder=t.desk.files
        ),
    ),
    "dry run": Try(
        carrying.carry_out,
        lambda t, s: carrying.carry_out(
            [t["approved"]], dry_run=True, scope=s, at=t.desk.at, open_store=open_store, folder=t.desk.files
        ),
    ),
    "resume": Try(
        carrying.resume_run, lambda t, s: carrying.resume_run(t["run"], scope=s, at=t.desk.at, open_store=open_store)
    ),
    "answer": Try(
        answering.answer_request,
        lambda t, s: answering.answer_request(t["corrected"], scope=s, at=t.desk.at, folder=t.desk.files),
    ),
    "notify": Try(
        noticing.notify, lambda t, s: noticing.notify(t["fresh"], "receipt", scope=s, at=t.desk.at, folder=t.desk.files)
    ),
    "ledger": Try(
        printing.export_ledger,
        lambda t, s: printing.export_ledger(
            2026, organisation=ORGANISATION, language=Language.JA, scope=s, at=t.desk.at
        ),
        reads=True,
    ),
    "submit": Try(
        submitting.submit,
        lambda t, s: submitting.submit(
            [_intake(t)], scope=s, decider=t.desk.officer, at=t.desk.at, open_store=open_store, folder=t.desk.files
        ),
    ),
    "submit, decided": Try(
        submitting.submit,
        lambda t, s: submitting.submit(
            [_intake(t)], scope=t.desk.clerk, decider=s, at=t.desk.at, open_store=open_store, folder=t.desk.files
        ),
        by="officer",
    ),
    # What the desk looks at.
    "get request": Try(
        rights_queries.get_request,
        lambda t, s: rights_queries.get_request(t["doubtful"], scope=s, on=t.desk.at.date()),
        reads=True,
    ),
    "get claim": Try(
        rights_queries.get_request,
        lambda t, s: rights_queries.get_request(t["reviewed"], scope=s, on=t.desk.at.date()),
        reads=True,
    ),
    "list requests": Try(rights_queries.list_requests, lambda _, s: rights_queries.list_requests(scope=s), reads=True),
    "organisation of": Try(
        rights_queries.organisation_of,
        lambda t, s: rights_queries.organisation_of(t["doubtful"], scope=s),
        reads=True,
    ),
    "candidates": Try(
        rights_queries.list_candidates, lambda t, s: rights_queries.list_candidates(t["doubtful"], scope=s)
    ),
    "review": Try(
        rights_queries.review_cells,
        lambda t, s: list(rights_queries.review_cells(t["reviewed"], scope=s, at=t.desk.at, open_store=open_store)),
    ),
    "list ledger": Try(rights_queries.list_ledger, lambda _, s: rights_queries.list_ledger(2026, scope=s), reads=True),
    "walk ledger": Try(
        rights_queries.walk_ledger, lambda _, s: list(rights_queries.walk_ledger(2026, scope=s)), reads=True
    ),
    "rows of the ledger": Try(
        rights_queries.ledger_requests, lambda _, s: list(rights_queries.ledger_requests(2026, scope=s)), reads=True
    ),
    "claims of the ledger": Try(
        rights_queries.ledger_claims,
        lambda _, s: list(rights_queries.ledger_claims(2026, scope=s, organisations=frozenset({ORGANISATION}))),
        reads=True,
    ),
    "page of the ledger": Try(
        ledger_page.read_page,
        lambda t, s: (
            ledger_page.read_page(
                2026, ORGANISATION, page=1, names=False, language=Language.JA, scope=s, at=t.desk.at
            ).paper.rows
        ),
        reads=True,
    ),
    "today": Try(today.desk_today, lambda t, s: today.desk_today(scope=s, on=t.desk.at.date()).open, reads=True),
    "numbers": Try(today.find_numbers, lambda t, s: today.find_numbers(t["fresh"][-4:], scope=s), reads=True),
    "count envelopes": Try(
        envelopes.count_dispatches, lambda _, s: sum(envelopes.count_dispatches(scope=s).values()), reads=True
    ),
    "envelopes": Try(
        envelopes.dispatch_rows, lambda _, s: list(envelopes.dispatch_rows("enclose", scope=s)), reads=True
    ),
    "count slips": Try(
        runs_queries.count_slips, lambda t, s: sum(runs_queries.count_slips(scope=s, on=t.desk.at.date())), reads=True
    ),
    "slip paper": Try(slip_facts.get_slip, lambda t, s: slip_facts.get_slip(t["slip"], scope=s, asked_by="x")),
    # The desk on the screen.
    "assign": Try(
        tending.assign_request, lambda t, s: tending.assign_request(t["fresh"], "boss", scope=s, at=t.desk.at)
    ),
    "merge": Try(
        tending.merge_request, lambda t, s: tending.merge_request(t["twice"], into=t["fresh"], scope=s, at=t.desk.at)
    ),
    "show person": Try(
        tending.show_person, lambda t, s: tending.show_person(t["fresh"], part="address", scope=s, at=t.desk.at)
    ),
    "look at letter": Try(
        tending.look_at_letter,
        lambda t, s: tending.look_at_letter(t["fresh"], t["letter"], scope=s, at=t.desk.at, folder=t.desk.files),
    ),
    "index": Try(tending.index_requests, _index),
    "preview notice": Try(
        noticing.preview_notice, lambda t, s: noticing.preview_notice(t["fresh"], "receipt", scope=s, at=t.desk.at)
    ),
    "open facts": Try(person.open_facts, lambda t, s: person.open_facts(t["fresh"], scope=s)),
    "frozen policy": Try(person.frozen_policy, lambda t, s: person.frozen_policy(t["fresh"], scope=s), reads=True),
    "money of": Try(
        person.money_of, lambda t, s: person.money_of(t["fresh"], scope=s, on=t.desk.at.date()), reads=True
    ),
    "same person": Try(
        person.list_of_same_person, lambda t, s: person.list_of_same_person(t["fresh"], scope=s), reads=True
    ),
    "open of": Try(person.list_open_of, lambda t, s: person.list_open_of(t.desk.intake({"kind": "erase"}), scope=s)),
    "inbox": Try(
        inbox.list_inbox, lambda t, s: inbox.list_inbox(inbox.Wanted(), scope=s, on=t.desk.at.date()).rows, reads=True
    ),
    "open by a part of a name": Try(
        name_parts.find_open_by_part, lambda _, s: name_parts.find_open_by_part("高橋", scope=s)
    ),
    "inbox as a file": Try(
        inbox.list_for_export,
        lambda t, s: inbox.list_for_export(inbox.Wanted(), scope=s, on=t.desk.at.date()),
        reads=True,
    ),
    "inbox rows": Try(inbox.rows_of, lambda t, s: inbox.rows_of([t["fresh"]], scope=s), reads=True),
    "money": Try(
        money.list_money,
        lambda t, s: money.list_money(money.Standing.ALL, scope=s, on=t.desk.at.date()).rows,
        reads=True,
    ),
    "money as a file": Try(
        money.list_money_for_export,
        lambda t, s: money.list_money_for_export(money.Standing.ALL, scope=s, on=t.desk.at.date()),
        reads=True,
    ),
    "preview": Try(
        answering.preview_pack,
        lambda t, s: answering.preview_pack(t["correction"], scope=s, at=t.desk.at, folder=t.desk.files),
    ),
    "covering": Try(
        answering.set_covering, lambda t, s: answering.set_covering(t["correction"], "a", scope=s, at=t.desk.at)
    ),
    "enclose": Try(
        dispatching.enclose,
        lambda t, s: dispatching.enclose(t["fresh"], t["letter"], DispatchMethod.COUNTER, scope=s, at=t.desk.at),
    ),
    "begin work": Try(
        watching.begin_work, lambda t, s: watching.begin_work(t["open"], "search", told={}, scope=s, at=t.desk.at)
    ),
    "compare": Try(sights.compare_candidates, lambda t, s: sights.compare_candidates(t["doubtful"], scope=s)[0]),
    "sheet": Try(sights.claim_sheet, lambda t, s: sights.claim_sheet(t["reviewed"], scope=s)),
    "plan": Try(
        sights.preview_plan,
        lambda t, s: sights.preview_plan(t["approved"], scope=s, at=t.desk.at, open_store=open_store),
    ),
    "rows found": Try(
        beforehand.list_found_rows,
        lambda t, s: list(beforehand.list_found_rows(t["reviewed"], scope=s, open_store=open_store)),
    ),
    "letter beforehand": Try(
        beforehand.preview_letter,
        lambda t, s: beforehand.preview_letter(
            t["reviewed"],
            ClaimState.APPROVED,
            ground="",
            reason="",
            scope=s,
            at=t.desk.at,
            open_store=open_store,
        ),
    ),
    "bring over": Try(
        importing.take_rows,
        lambda t, s: importing.take_rows(
            [PastRow(arrived_on=t.desk.at.date(), kinds=(RequestKind.ERASE,))],
            content=b"x",
            refused=0,
            organisation=ORGANISATION,
            scope=s,
            at=t.desk.at,
        ),
    ),
    # What stands behind it.
    "set hold": Try(
        runs_actions.set_hold,
        lambda t, s: runs_actions.set_hold(
            t["person"], ground="other", organisation=ORGANISATION, scope=s, at=t.desk.at
        ),
        by="officer",
    ),
    "release hold": Try(
        runs_actions.release_hold,
        lambda t, s: runs_actions.release_hold(t["hold"], scope=s, at=t.desk.at),
        by="officer",
    ),
    "answer slip": Try(
        runs_actions.answer_slip,
        lambda t, s: runs_actions.answer_slip(t["slip"], answer="none", count=0, searcher="x", scope=s, at=t.desk.at),
    ),
    "get run": Try(runs_queries.get_run, lambda t, s: runs_queries.get_run(t["run"], scope=s), reads=True),
    "count unacknowledged": Try(
        inbox.count_unacknowledged,
        lambda t, s: inbox.count_unacknowledged(scope=s, on=t.desk.at.date().replace(year=2027)),
        reads=True,
    ),
    "find letters": Try(today.find_letters, lambda _, s: today.find_letters("L-", scope=s), reads=True),
    "list runs": Try(runs_queries.list_runs, lambda _, s: runs_queries.list_runs(scope=s), reads=True),
    "list slips": Try(runs_queries.list_slips, lambda _, s: runs_queries.list_slips(scope=s), reads=True),
    "list holds": Try(runs_queries.list_holds, lambda _, s: runs_queries.list_holds(scope=s), by="officer", reads=True),
    "lift stop": Try(lift_stop, lambda t, s: lift_stop(t["stop"], scope=s, at=t.desk.at)),
    "stops": Try(list_stops, lambda _, s: list_stops(scope=s), reads=True),
    "corrections": Try(corrections_of, lambda t, s: corrections_of(t["person"], scope=s)),
}

#: Told apart by whoever calls them, inside an action that was asked for its role.
WITHIN = {
    runs_actions.carry_out,
    runs_actions.take_up,
    runs_actions.take_over,  # in tests/runs, because it needs a run that somebody holds
    runs_actions.decide_left,  # below, because it needs a store that stands neither before nor after
    runs_queries.reach,
    carrying.standings_of,
    runs_queries.list_outcomes,
    tending.note_list,  # whoever may look at a list may take it along, an auditor too, and that is written down
    answering.data_again,
    answering.read_data_files,  # in test_working_screens, because it needs a disclosure that was answered
    inbox.list_my_due,  # one's own only: in tests/site/test_reminders
    runs_queries.count_open_runs,
    runs_queries.count_expired_data,  # in test_tidying, because it needs a file whose days are over
    deciding.decide_locked,
    deciding.lock_claim,
    receiving.prepare,
}

MODULES: tuple[ModuleType, ...] = (
    answering, beforehand, carrying, consent_actions, consent_queries, deciding, inbox, ledger_page, money, noticing, person, printing, receiving, recording, rights_queries,
    runs_actions, runs_queries, searching, submitting, tending, today,
)  # fmt: skip

#: They answer with nothing, or with how much is left.
SILENT = {
    "covering", "assign", "merge", "candidate", "document", "dispose", "lift stop", "reclassify", "release hold", "reopen", "resume", "settle fee", "withdraw",
}  # fmt: skip

#: Counts and codes only, asked for by actions as well as by doors: the scope decides, not the role.
BY_SCOPE_ONLY = {"get run", "organisation of", "list slips", "count slips", "stops", "corrections"}


def test_every_public_function_with_a_scope_is_tried():
    tried = {one.function for one in TRIES.values()} | WITHIN
    forgotten = {
        f"{module.__name__}.{name}"
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and "scope" in inspect.signature(function).parameters
        and function not in tried
    }
    assert forgotten == set()


@pytest.mark.parametrize("name", TRIES)
def test_it_works_for_whom_it_is_meant(things, name):
    one = TRIES[name]
    found = one.call(things, getattr(things.desk, one.by))
    if name not in SILENT:
        assert found


@pytest.mark.parametrize("name", TRIES)
def test_a_foreign_account_can_do_nothing_and_see_nothing(things, name):
    stranger = get_actor("stranger", at=things.desk.at)
    assert stranger.organisations == {FOREIGN}
    before, store = rows_of_ours(), things.desk.rows("SELECT * FROM customers")
    found = _refused(lambda: TRIES[name].call(things, stranger))
    assert not found
    assert rows_of_ours() == before
    assert things.desk.rows("SELECT * FROM customers") == store


@pytest.mark.parametrize("account", ["carol", "staff", "head"])
@pytest.mark.parametrize("name", sorted(TRIES.keys() - BY_SCOPE_ONLY))
def test_an_account_without_the_role_can_change_nothing_and_an_auditor_only_look(things, name, account):
    one = TRIES[name]
    scope = get_actor(account, at=things.desk.at)
    before, store = rows_of_ours(), things.desk.rows("SELECT * FROM customers")
    found = _refused(lambda: one.call(things, scope))
    assert bool(found) is (account == "carol" and one.reads)
    if one.function is not printing.export_ledger:  # printing the ledger is an act of its own, also an auditor's
        assert rows_of_ours() == before
    assert things.desk.rows("SELECT * FROM customers") == store


def test_a_claim_of_a_foreign_organisation_is_told_as_one_that_does_not_exist(things):
    stranger = get_actor("stranger", at=things.desk.at)
    for number in (things["approved"], "R-2026-9999-1"):
        with pytest.raises(NotFoundError) as caught:
            deciding.decide_claim(number, ClaimState.APPROVED, scope=stranger, at=things.desk.at)
        assert str(caught.value) == f"There is no request {number}."


def test_a_decision_by_hand_asks_for_its_role(things):
    half = At("run.intended", lambda: things.desk.run("DELETE FROM orders WHERE id = 11"))
    with pytest.raises(LeftToHumanError):
        carrying.carry_out(
            [things["approved"]], scope=things.desk.clerk, at=things.desk.at, open_store=open_store,
            folder=things.desk.files, progress=half,
        )  # fmt: skip
    ref = runs_queries.list_runs(scope=things.desk.clerk)[0].ref
    for account in ("clerk", "carol", "staff", "stranger"):
        scope = get_actor(account, at=things.desk.at)
        with pytest.raises((NotFoundError, NotAllowedError)):
            runs_actions.decide_left(ref, "shop", retry=False, scope=scope, at=things.desk.at)
    engineer = get_actor("engineer", at=things.desk.at)
    runs_actions.decide_left(ref, "shop", retry=False, scope=engineer, at=things.desk.at)


def test_a_request_addressed_to_a_foreign_company_is_not_opened(things):
    clerk = things.desk.clerk
    with pytest.raises(NotFoundError):
        receiving.open_request(_intake(things, addressed=[ORGANISATION, FOREIGN]), scope=clerk, at=things.desk.at)


def test_the_ledger_of_a_foreign_company_is_not_printed(things):
    with pytest.raises(NotFoundError):
        printing.export_ledger(
            2026, organisation=FOREIGN, language=Language.JA, scope=things.desk.clerk, at=things.desk.at
        )


def _refused(call: Callable[[], Any]) -> Any:
    """What a call returned; None when it was refused."""
    try:
        with transaction.atomic():
            return call()
    except (NotFoundError, NotAllowedError):
        return None
