"""Who may act, for whom, and who may say so."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model

from daicho.people import actions, queries
from daicho.people.keepers import STAFF_KEEPERS
from daicho.people.models import Account
from daicho.people.rules import INSTALLER, Role, may_act, may_be_granted, may_read
from daicho.trail.models import TrailEntry
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from daicho.words.scope import Scope

AT = datetime(2026, 11, 5, 1, 2, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def add(code: str, *roles: Role, organisation: str = "copro", scope: Scope | None = None) -> None:
    actions.create_account(
        code, display_name=f"{code} さん", organisation=organisation, roles=roles, scope=scope, at=AT
    )


@pytest.fixture
def officer() -> Scope:
    add("officer-01", Role.OFFICER)
    return queries.get_actor("officer-01", at=AT)


@pytest.mark.usefixtures("officer")
def test_the_account_is_the_user_model_and_has_no_usable_password():
    assert get_user_model() is Account
    account = Account.objects.get(code="officer-01")
    assert not account.has_usable_password()
    assert not account.check_password("")


def test_the_first_account_is_made_by_the_installer_and_must_be_an_officer():
    with pytest.raises(InputError):
        add("desk-01", Role.DESK)
    add("officer-01", Role.OFFICER, Role.SECRETARIAT)
    entries = list(TrailEntry.objects.order_by("seq").values_list("event", "actor", "about"))
    assert entries == [
        ("account.created", INSTALLER, "officer-01"),
        ("account.role_granted", INSTALLER, "officer-01"),
        ("account.role_granted", INSTALLER, "officer-01"),
    ]


def test_after_the_first_account_nobody_acts_unnamed(officer):
    with pytest.raises(NotAllowedError):
        add("officer-02", Role.OFFICER)
    add("officer-02", Role.OFFICER, scope=officer)
    assert queries.get_actor("officer-02", at=AT).organisations == {"copro"}


def test_a_scope_holds_every_organisation_in_which_a_role_is_held(officer):
    add("desk-01", Role.DESK, scope=officer)
    assert queries.get_actor("desk-01", at=AT) == Scope(actor="desk-01", organisations=frozenset({"copro"}))
    assert not queries.get_actor("desk-01", at=AT).allows("solna")


@pytest.mark.parametrize("role", [role for role in Role if role not in STAFF_KEEPERS])
def test_only_officers_and_the_secretariat_keep_accounts(officer, role):
    add("other", role, scope=officer)
    scope = queries.get_actor("other", at=AT)
    before = TrailEntry.objects.count()
    for attempt in (
        lambda: add("x", Role.DESK, scope=scope),
        lambda: actions.grant_role("other", organisation="copro", role=Role.OFFICER, scope=scope, at=AT),
        lambda: actions.deactivate_account("officer-01", scope=scope, at=AT),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
    assert TrailEntry.objects.count() == before
    assert Account.objects.count() == 2


def test_an_officer_sets_up_an_organisation_that_has_no_keeper_yet(officer):
    add("solna-desk", Role.DESK, scope=officer)
    desk = queries.get_actor("solna-desk", at=AT)
    with pytest.raises(NotAllowedError):
        add("solna-01", Role.OFFICER, organisation="solna", scope=desk)
    add("solna-01", Role.OFFICER, organisation="solna", scope=officer)
    assert queries.get_actor("solna-01", at=AT).organisations == {"solna"}
    with pytest.raises(NotFoundError):
        add("solna-02", Role.DESK, organisation="solna", scope=officer)


def test_nobody_keeps_accounts_of_a_foreign_organisation(officer):
    add("solna-01", Role.OFFICER, organisation="solna", scope=officer)
    with pytest.raises(NotFoundError):
        add("x", Role.DESK, organisation="solna", scope=officer)
    with pytest.raises(NotFoundError):
        actions.grant_role("officer-01", organisation="solna", role=Role.OFFICER, scope=officer, at=AT)
    assert Account.objects.count() == 2


def test_a_scope_that_claims_more_than_its_roles_is_still_refused(officer):
    """The scope is built at the door; the role is looked up again, so a widened scope gains nothing."""
    add("solna-01", Role.OFFICER, organisation="solna", scope=officer)
    wide = Scope(actor="officer-01", organisations=frozenset({"copro", "solna"}))
    with pytest.raises(NotAllowedError):
        add("x", Role.DESK, organisation="solna", scope=wide)


def test_granting_twice_is_one_grant(officer):
    add("desk-01", Role.DESK, scope=officer)
    before = TrailEntry.objects.count()
    assert not actions.grant_role("desk-01", organisation="copro", role=Role.DESK, scope=officer, at=AT)
    assert TrailEntry.objects.count() == before
    assert actions.grant_role("desk-01", organisation="copro", role=Role.EMPLOYEE, scope=officer, at=AT)
    assert queries.roles_of("desk-01", "copro") == {Role.DESK, Role.EMPLOYEE}


def test_an_auditor_holds_no_other_role_in_the_organisation_audited(officer):
    add("auditor-01", Role.AUDITOR, scope=officer)
    with pytest.raises(NotAllowedError):
        actions.grant_role("auditor-01", organisation="copro", role=Role.DESK, scope=officer, at=AT)
    with pytest.raises(NotAllowedError):
        actions.grant_role("officer-01", organisation="copro", role=Role.AUDITOR, scope=officer, at=AT)
    with pytest.raises(NotAllowedError):
        add("both", Role.AUDITOR, Role.DESK, scope=officer)
    assert not Account.objects.filter(code="both").exists()


def test_an_auditor_reads_and_changes_nothing(officer):
    add("auditor-01", Role.AUDITOR, scope=officer)
    auditor = queries.get_actor("auditor-01", at=AT)
    queries.require_reader(auditor, "copro", (Role.DESK,))
    for roles in (tuple(Role), (Role.AUDITOR,), ()):
        with pytest.raises(NotAllowedError):
            queries.require_role(auditor, "copro", roles)
        with pytest.raises(NotAllowedError):
            queries.require_role_somewhere(auditor, roles)


def test_a_role_is_required_where_it_is_needed(officer):
    queries.require_role(officer, "copro", (Role.DESK, Role.OFFICER))
    queries.require_role_somewhere(officer, (Role.OFFICER,))
    with pytest.raises(NotAllowedError) as refused:
        queries.require_role(officer, "copro", (Role.DESK,))
    assert "窓口" in refused.value.say("ja")
    assert "inquiry desk" in refused.value.say("en")
    with pytest.raises(NotAllowedError):
        queries.require_reader(officer, "copro", (Role.DESK,))
    with pytest.raises(NotFoundError):
        queries.require_role(officer, "solna", (Role.OFFICER,))
    with pytest.raises(NotFoundError):
        queries.require_reader(officer, "solna", (Role.OFFICER,))


def test_a_deactivated_account_can_do_nothing_and_keeps_its_code(officer):
    add("desk-01", Role.DESK, scope=officer)
    assert queries.get_actor("desk-01", at=AT)
    actions.deactivate_account("desk-01", scope=officer, at=AT)
    with pytest.raises(NotAllowedError):
        queries.get_actor("desk-01", at=AT)
    assert queries.roles_of("desk-01", "copro") == frozenset()
    with pytest.raises(NotAllowedError):
        actions.grant_role("desk-01", organisation="copro", role=Role.EMPLOYEE, scope=officer, at=AT)
    with pytest.raises(InputError):
        add("desk-01", Role.DESK, scope=officer)
    before = TrailEntry.objects.count()
    actions.deactivate_account("desk-01", scope=officer, at=AT)
    assert TrailEntry.objects.count() == before, "deactivating twice is one act"


def test_neither_oneself_nor_the_last_officer_is_deactivated(officer):
    add("secretary-01", Role.SECRETARIAT, scope=officer)
    secretary = queries.get_actor("secretary-01", at=AT)
    with pytest.raises(NotAllowedError):
        actions.deactivate_account("officer-01", scope=secretary, at=AT)
    with pytest.raises(NotAllowedError):
        actions.deactivate_account("secretary-01", scope=secretary, at=AT)
    add("officer-02", Role.OFFICER, scope=officer)
    actions.deactivate_account("officer-01", scope=queries.get_actor("officer-02", at=AT), at=AT)
    assert not Account.objects.get(code="officer-01").is_active


@pytest.mark.parametrize("code", ["", "Tanaka", "田中", "a b", "a" * 61, "-a", "a/b", "system:installer", "a\n"])
def test_it_refuses_what_is_no_account_code(officer, code):
    with pytest.raises(InputError):
        add(code, Role.DESK, scope=officer)


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "x" * 101, "\x1b[31m"])
def test_it_refuses_what_is_no_display_name(officer, name):
    with pytest.raises(InputError):
        actions.create_account(
            "desk-01", display_name=name, organisation="copro", roles=[Role.DESK], scope=officer, at=AT
        )


def test_it_refuses_an_account_without_role_or_organisation(officer):
    with pytest.raises(InputError):
        add("desk-01", scope=officer)
    with pytest.raises(InputError):
        add("desk-01", Role.DESK, organisation="", scope=officer)


def test_unknown_accounts_are_not_found_and_do_not_act(officer):
    with pytest.raises(NotAllowedError):
        queries.get_actor("nobody", at=AT)
    for attempt in (
        lambda: actions.grant_role("nobody", organisation="copro", role=Role.DESK, scope=officer, at=AT),
        lambda: actions.deactivate_account("nobody", scope=officer, at=AT),
    ):
        with pytest.raises(NotFoundError):
            attempt()


def test_a_list_shows_the_scopes_organisations_only(officer):
    add("desk-01", Role.DESK, scope=officer)
    assert [one.code for one in queries.list_accounts(scope=officer)] == ["desk-01", "officer-01"]
    assert queries.list_accounts(scope=officer)[0].roles == {"copro": [Role.DESK]}
    foreign = Scope(actor="x", organisations=frozenset({"solna"}))
    assert queries.list_accounts(scope=foreign) == []


@pytest.mark.usefixtures("officer")
def test_the_display_name_stands_in_no_trail_entry():
    assert Account.objects.get(code="officer-01").display_name == "officer-01 さん"
    assert not any("さん" in facts for facts in TrailEntry.objects.values_list("facts", flat=True))


def test_rules_of_roles():
    assert may_act({Role.DESK}, {Role.DESK, Role.OFFICER})
    assert not may_act({Role.DESK, Role.AUDITOR}, {Role.DESK})
    assert not may_act(set(), set(Role))
    assert may_read({Role.AUDITOR}, {Role.DESK})
    assert not may_read({Role.EMPLOYEE}, {Role.DESK})
    assert may_be_granted({Role.AUDITOR}, Role.AUDITOR)
    assert not may_be_granted({Role.AUDITOR}, Role.EMPLOYEE)
