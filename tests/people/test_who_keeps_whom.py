"""Who makes whom an officer, who takes it away, and what is told of accounts of another company."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from daicho.people import actions, queries
from daicho.people.models import Account, AccountOrganisation
from daicho.people.rules import Role
from daicho.trail.actions import record
from daicho.trail.models import TrailEntry
from daicho.words.errors import DaichoError, NotAllowedError, NotFoundError
from daicho.words.scope import Scope

AT = datetime(2026, 11, 5, 1, 2, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def add(code: str, *roles: Role, organisation: str = "copro", scope: Scope | None = None) -> Scope:
    actions.create_account(code, display_name=code, organisation=organisation, roles=roles, scope=scope, at=AT)
    return queries.get_actor(code, at=AT)


@pytest.fixture
def officer() -> Scope:
    return add("officer", Role.OFFICER)


@pytest.fixture
def secretary(officer: Scope) -> Scope:
    return add("secretary", Role.SECRETARIAT, scope=officer)


def grant(code: str, role: Role, scope: Scope, organisation: str = "copro") -> bool:
    return actions.grant_role(code, organisation=organisation, role=role, scope=scope, at=AT)


def remove(code: str, role: Role, scope: Scope, organisation: str = "copro") -> bool:
    return actions.remove_role(code, organisation=organisation, role=role, scope=scope, at=AT)


def test_the_secretariat_makes_and_unmakes_no_officer(officer: Scope, secretary: Scope):
    add("desk", Role.DESK, scope=secretary)
    add("second", Role.OFFICER, scope=officer)
    before = TrailEntry.objects.count()
    for attempt in (
        lambda: grant("secretary", Role.OFFICER, secretary),
        lambda: grant("desk", Role.OFFICER, secretary),
        lambda: add("puppet", Role.DESK, Role.OFFICER, scope=secretary),
        lambda: remove("second", Role.OFFICER, secretary),
        lambda: actions.deactivate_account("second", scope=secretary, at=AT),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
    assert TrailEntry.objects.count() == before
    assert not Account.objects.filter(code="puppet").exists()
    assert grant("desk", Role.EMPLOYEE, secretary), "the rest is still theirs"
    assert remove("second", Role.OFFICER, officer)


def test_nobody_gives_themselves_a_role_but_where_they_set_up(officer: Scope, secretary: Scope):
    for scope, role in ((officer, Role.DESK), (officer, Role.SECRETARIAT), (secretary, Role.DESK)):
        with pytest.raises(NotAllowedError):
            grant(scope.actor, role, scope)
    assert grant("officer", Role.OFFICER, officer, "solna"), "a company that has nobody yet is set up by an officer"
    both = queries.get_actor("officer", at=AT)
    with pytest.raises(NotAllowedError):
        grant("officer", Role.DESK, both, "solna")


def test_the_last_officer_of_each_company_stays(officer: Scope):
    add("solna", Role.OFFICER, organisation="solna", scope=officer)
    far = queries.get_actor("solna", at=AT)
    add("helper", Role.DESK, organisation="solna", scope=far)
    grant("officer", Role.OFFICER, officer, "third")
    both = queries.get_actor("officer", at=AT)
    add("second", Role.OFFICER, scope=officer)
    second = queries.get_actor("second", at=AT)
    with pytest.raises(NotAllowedError):  # `officer` is the only one of the third
        actions.deactivate_account("officer", scope=second, at=AT)
    add("third", Role.OFFICER, organisation="third", scope=both)
    actions.deactivate_account("officer", scope=second, at=AT)
    assert not Account.objects.get(code="officer").is_active


def test_an_account_of_another_company_is_answered_for_as_one_that_does_not_exist(officer: Scope):
    """Codes cannot be tried out: the same words, whatever one asks for."""
    far = add("far", Role.OFFICER, organisation="solna", scope=officer)
    add("desk", Role.DESK, scope=officer)
    attempts: tuple[Callable[[str], Any], ...] = (
        lambda code: grant(code, Role.EMPLOYEE, far, "solna"),
        lambda code: remove(code, Role.DESK, far, "solna"),
        lambda code: remove(code, Role.OFFICER, far, "solna"),
        lambda code: actions.invite_account(code, scope=far, at=AT),
        lambda code: actions.reset_sign_in(code, scope=far, at=AT),
        lambda code: actions.deactivate_account(code, scope=far, at=AT),
        lambda code: actions.set_mail_address(code, "", scope=far, at=AT),
    )
    for attempt in attempts:
        said = set()
        for code in ("desk", "nobody-here"):
            with pytest.raises(NotFoundError) as refused:
                attempt(code)
            said.add(str(refused.value.say("en")))
        assert len(said) == 1, said
    assert queries.roles_of("desk", "solna") == frozenset()


def test_who_keeps_both_companies_places_an_account_of_one_in_the_other(officer: Scope):
    add("desk", Role.DESK, scope=officer)
    grant("officer", Role.OFFICER, officer, "solna")
    both = queries.get_actor("officer", at=AT)
    assert grant("desk", Role.EMPLOYEE, both, "solna")
    far = add("far", Role.OFFICER, organisation="solna", scope=both)
    assert grant("desk", Role.DESK, far, "solna"), "it works there by now"


def test_the_mail_address_of_an_account_at_home_elsewhere_is_not_told(officer: Scope):
    add("desk", Role.DESK, scope=officer)
    actions.set_mail_address("desk", "desk@example.jp", scope=officer, at=AT)
    assert queries.get_account_view("desk", scope=officer).mail
    grant("desk", Role.EMPLOYEE, officer, "solna")
    far = Scope(actor="far", organisations=frozenset({"solna"}))
    assert queries.get_account_view("desk", scope=far).mail == ""


@pytest.mark.skipif(connection.vendor == "sqlite", reason="on SQLite one writes at a time; told anew on PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_two_officers_who_take_each_other_away_at_once_leave_one(monkeypatch: pytest.MonkeyPatch):
    """One removes the other's role while the other deactivates the first; on PostgreSQL both are under way together."""
    first = add("first", Role.OFFICER)
    second = add("second", Role.OFFICER, scope=first)
    together = threading.Barrier(2, timeout=3)

    def slow(*args: Any, **more: Any) -> Any:
        with suppress(threading.BrokenBarrierError):
            together.wait()  # both have judged, none has finished: what the lock must prevent
        return record(*args, **more)

    monkeypatch.setattr(actions, "record", slow)
    said: list[str] = []

    def run(attempt: Callable[[], object]) -> None:
        try:
            attempt()
            said.append("done")
        except DaichoError as error:
            said.append(error.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(lambda: remove("second", Role.OFFICER, first),)),
        threading.Thread(target=run, args=(lambda: actions.deactivate_account("first", scope=second, at=AT),)),
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    left = AccountOrganisation.objects.filter(role=Role.OFFICER, account__is_active=True).count()
    assert (sorted(said), left) == (["done", "not-allowed"], 1)
