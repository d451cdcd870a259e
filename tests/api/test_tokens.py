"""A token opens what its scopes and its account's roles of this moment open, and nothing else."""

from datetime import timedelta

import pytest
from django.test import Client

from daicho.api.actions.tokens import create_token, revoke_token
from daicho.api.models import ApiToken
from daicho.api.queries import find_bearer, list_tokens
from daicho.api.scopes import SCOPES, TokenScope
from daicho.people.actions import create_account, deactivate_account, grant_role, reset_sign_in
from daicho.people.models import AccountOrganisation
from daicho.people.queries import get_actor
from daicho.people.rules import Role
from daicho.trail.models import TrailEntry
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from tests.api.calling import Caller
from tests.rights.desk import ORGANISATION, Desk


def test_a_token_says_who_calls(desk: Desk, calling):
    caller = calling(desk.clerk)
    answer = caller.get("/me")
    assert answer.status == 200
    assert answer.said["account"] == desk.clerk.actor
    assert answer.said["token"]["ref"] == caller.ref
    assert caller.token not in str(answer.said)
    assert answer.headers["Cache-Control"] == "no-store"


def test_only_a_digest_is_kept(desk: Desk, calling):
    caller = calling(desk.clerk)
    row = ApiToken.objects.get(ref=caller.ref)
    secret = caller.token.split("_", 2)[2]
    assert secret not in str(vars(row))
    assert [entry.event for entry in TrailEntry.objects.filter(about=caller.ref)] == ["token.created"]
    assert secret not in TrailEntry.objects.get(about=caller.ref).facts


@pytest.mark.parametrize("wrong", ["", "nonsense", "daicho_00000000_" + "x" * 40, "daicho_é"])
def test_no_token_no_answer(desk: Desk, calling, wrong: str):
    answer = Caller(wrong, "").get("/me")
    assert (answer.status, answer.code) == (401, "no-token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    good = calling(desk.clerk)
    assert Caller(good.token[:-1] + ("A" if good.token[-1] != "A" else "B"), "").get("/me").status == 401
    assert Caller(good.token, "").client.get("/api/v1/me", headers={"Authorization": good.token}).status_code == 401
    assert Caller("", "").client.get("/api/v1/me").status_code == 401


def test_a_scope_that_was_not_given_is_refused(desk: Desk, calling):
    caller = calling(desk.clerk, TokenScope.POLICY_READ)
    answer = caller.get("/requests")
    assert (answer.status, answer.code) == (403, "scope")
    assert caller.get("/policy", organisation=ORGANISATION).status == 200


def test_a_token_gives_no_more_than_its_account(desk: Desk):
    for given in (["policy:write"], ["accounts:write"], ["keys:write"]):
        with pytest.raises(NotAllowedError):
            create_token("x", scopes=given, days=1, scope=desk.clerk, at=desk.at)
    for given in ([], ["everything"], ["requests:read", ""]):
        with pytest.raises(InputError):
            create_token("x", scopes=given, days=1, scope=desk.clerk, at=desk.at)
    for days in (0, 367):
        with pytest.raises(InputError):
            create_token("x", scopes=["requests:read"], days=days, scope=desk.clerk, at=desk.at)
    for name in ("", "a\nb", "x" * 81):
        with pytest.raises(InputError):
            create_token(name, scopes=["requests:read"], days=1, scope=desk.clerk, at=desk.at)


def test_a_role_taken_away_is_gone_at_the_next_call(desk: Desk, calling):
    caller = calling(desk.clerk)
    assert caller.get("/requests").status == 200
    AccountOrganisation.objects.filter(account__code=desk.clerk.actor).update(role=Role.EMPLOYEE)
    answer = caller.get("/requests")
    assert (answer.status, answer.code) == (403, "scope")
    AccountOrganisation.objects.filter(account__code=desk.clerk.actor).delete()
    assert caller.get("/me").status == 401


def test_it_ends_by_its_day_by_revoking_and_with_its_account(desk: Desk, calling, monkeypatch):
    caller, other = calling(desk.clerk, days=2), calling(desk.clerk)
    revoke_token(other.ref, scope=desk.clerk, at=desk.at)
    revoke_token(other.ref, scope=desk.clerk, at=desk.at)
    assert other.get("/me").status == 401
    assert TrailEntry.objects.filter(event="token.revoked").count() == 1
    assert caller.get("/me").status == 200
    monkeypatch.setenv("DAICHO_AT", (desk.at + timedelta(days=2)).isoformat())
    assert caller.get("/me").status == 401
    third = calling(desk.clerk)
    monkeypatch.setenv("DAICHO_AT", desk.at.isoformat())
    assert third.get("/me").status == 200
    deactivate_account(desk.clerk.actor, scope=desk.officer, at=desk.at)
    assert third.get("/me").status == 401


def test_a_program_can_end_its_own_token(desk: Desk, calling):
    caller = calling(desk.clerk)
    assert caller.post("/me/revocation").status == 200
    assert caller.get("/me").status == 401


def test_own_tokens_only_but_for_the_officer(desk: Desk, calling):
    clerk, auditor = calling(desk.clerk), calling(desk.auditor)
    assert {one.ref for one in list_tokens(scope=desk.clerk)} == {clerk.ref}
    assert {one.ref for one in list_tokens(scope=desk.officer)} >= {clerk.ref, auditor.ref}
    with pytest.raises(NotFoundError):
        revoke_token(auditor.ref, scope=desk.clerk, at=desk.at)
    with pytest.raises(NotAllowedError):
        revoke_token(clerk.ref, scope=desk.auditor, at=desk.at)
    revoke_token(clerk.ref, scope=desk.officer, at=desk.at)
    assert clerk.get("/me").status == 401


def test_an_officer_elsewhere_sees_nothing(desk: Desk, calling):
    clerk = calling(desk.clerk)
    create_account(
        "stranger", display_name="x", organisation="elsewhere", roles=[Role.OFFICER], scope=desk.officer, at=desk.at
    )
    stranger = get_actor("stranger", at=desk.at)
    assert list_tokens(scope=stranger) == []
    with pytest.raises(NotFoundError):
        revoke_token(clerk.ref, scope=stranger, at=desk.at)


def test_an_auditor_holds_reading_scopes_only(desk: Desk, calling):
    caller = calling(desk.auditor)
    held = ApiToken.objects.get(ref=caller.ref).scopes
    assert held == [str(one) for one, kind in SCOPES.items() if kind.reads]


def test_a_scope_reaches_only_where_the_role_is_held(desk: Desk, calling):
    grant_role(desk.clerk.actor, organisation="elsewhere", role=Role.EMPLOYEE, scope=desk.officer, at=desk.at)
    bearer = find_bearer(calling(desk.clerk).token, at=desk.at)
    assert bearer
    assert bearer.account.scope.organisations == {ORGANISATION, "elsewhere"}
    assert bearer.places(TokenScope.REQUESTS_READ) == {ORGANISATION}
    assert bearer.places(TokenScope.KEYS_WRITE) == frozenset()


def test_letters_need_both_of_their_scopes(desk: Desk, calling):
    path = "/requests/R-2026-0001/answer"
    for one in (TokenScope.REQUESTS_DECIDE, TokenScope.REQUESTS_PEOPLE):
        answer = calling(desk.clerk, one).post(path)
        assert (answer.status, answer.code) == (403, "scope")
    both = calling(desk.clerk, TokenScope.REQUESTS_DECIDE, TokenScope.REQUESTS_PEOPLE)
    assert both.post(path).code == "not-found"


def test_no_browser_page_can_forge_a_call_and_no_call_needs_a_cookie(desk: Desk, calling):
    caller = calling(desk.clerk)
    caller.client = Client(enforce_csrf_checks=True)
    assert caller.post("/requests/R-2026-0001/withdrawal").code == "not-found"


def test_use_is_noted_but_not_with_every_call(desk: Desk, calling, django_assert_max_num_queries):
    caller = calling(desk.clerk)
    caller.get("/me")
    row = ApiToken.objects.get(ref=caller.ref)
    assert row.last_used_at == desk.at
    with django_assert_max_num_queries(12) as seen:
        caller.get("/me")
    assert not any(one["sql"].startswith("UPDATE") for one in seen.captured_queries)


def test_a_reset_of_the_sign_in_ends_the_tokens(desk: Desk, calling):
    clerk, other = calling(desk.clerk), calling(desk.auditor)
    assert clerk.get("/me").status == 200
    reset_sign_in(desk.clerk.actor, scope=desk.officer, at=desk.at)
    assert (clerk.get("/me").status, other.get("/me").status) == (401, 200)
    row = ApiToken.objects.get(ref=clerk.ref)
    assert (row.revoked_by, row.revoked_at) == (desk.officer.actor, desk.at)
    entry = TrailEntry.objects.filter(event="token.revoked").get()
    assert (entry.actor, entry.about) == (desk.officer.actor, clerk.ref)
