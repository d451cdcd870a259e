"""The way in: invitations, sign-in, lock-out, sessions, and what the trail says of it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import identify_hasher
from django.test import Client

from daicho.people import actions, queries
from daicho.people.invitations import GOOD_FOR, make_token
from daicho.people.models import Account
from daicho.people.rules import Role
from daicho.trail.models import TrailEntry
from daicho.words.errors import NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from tests.people.entering import enter
from tests.site.conftest import AT

pytestmark = pytest.mark.django_db
PASSWORD = "keeping-a-register-2026"


@pytest.fixture
def officer(house) -> Scope:
    return queries.get_actor("officer", at=AT)


def events(since: int = 0) -> list[tuple[str, str, str]]:
    rows = TrailEntry.objects.filter(seq__gt=since).order_by("seq")
    return [(row.event, row.actor, row.about) for row in rows]


def last_seq() -> int:
    return TrailEntry.objects.count()


def set_password(code: str, password: str = PASSWORD) -> Account:
    account = Account.objects.get(code=code)
    account.set_password(password)
    account.save()
    return account


def sign_in(client: Client, code: str, password: str = PASSWORD, **more: Any):
    return client.post("/account/login/", {"login": code, "password": password}, **more)


# ── invitations ──────────────────────────────────────────────────────────────────────────────


def test_an_invitation_sets_the_first_password_and_signs_in(officer, client: Client):
    token = actions.invite_account("desk", scope=officer, at=AT)
    since = last_seq()
    page = client.get(f"/people/invited/{token}/")
    assert "desk" in page.content.decode()
    answer = client.post(f"/people/invited/{token}/", {"password": PASSWORD, "again": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/")
    account = Account.objects.get(code="desk")
    assert identify_hasher(account.password).algorithm == "argon2"
    assert [event for event, _, _ in events(since)] == ["account.password_set", "account.signed_in"]
    assert client.get("/people/me/").status_code == 200
    assert Client().get(f"/people/invited/{token}/").status_code == 403, "it is good once"
    assert client.get("/account/2fa/totp/activate/").status_code == 200, "the password just set is not asked for again"


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "12"),
        ("1234567890123", "1234567890123", "一般的"),
        ("department-head1", "department-head1", "似"),
        (PASSWORD, PASSWORD + "x", "二つのパスワード"),
        ("", "", "必須"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays_good(officer, client: Client, password, again, said):
    token = actions.invite_account("department-head", scope=officer, at=AT)
    answer = client.post(f"/people/invited/{token}/", {"password": password, "again": again})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Account.objects.get(code="department-head").has_usable_password()
    assert client.get(f"/people/invited/{token}/").status_code == 200


def test_a_link_dies_with_time_with_a_newer_one_and_with_the_account(officer, client: Client):
    old = actions.invite_account("desk", scope=officer, at=AT)
    new = actions.invite_account("desk", scope=officer, at=AT)
    assert client.get(f"/people/invited/{old}/").status_code == 403
    assert client.get(f"/people/invited/{new}/").status_code == 200
    assert client.get(f"/people/invited/{new[:-2]}/").status_code == 403
    assert client.get("/people/invited/x/?lang=en").status_code == 403
    assert timedelta(days=3) == GOOD_FOR
    actions.deactivate_account("desk", scope=officer, at=AT)
    assert client.get(f"/people/invited/{new}/").status_code == 403
    assert client.get(f"/people/invited/{make_token(Account.objects.get(code='desk'))}/").status_code == 403


def test_only_keepers_invite_and_an_officer_only_by_an_officer(house, officer):
    secretariat = queries.get_actor("secretariat", at=AT)
    with pytest.raises(NotAllowedError):
        actions.invite_account("officer", scope=secretariat, at=AT)
    with pytest.raises(NotAllowedError):
        actions.reset_sign_in("officer", scope=secretariat, at=AT)
    with pytest.raises(NotAllowedError):
        actions.reset_sign_in("officer", scope=officer, at=AT)
    for role in (Role.DESK, Role.AUDITOR, Role.ENGINEER):
        with pytest.raises(NotAllowedError):
            actions.invite_account("employee", scope=queries.get_actor(house[role], at=AT), at=AT)
    actions.create_account("solna", display_name="s", organisation="solna", roles=[Role.OFFICER], scope=officer, at=AT)
    with pytest.raises(NotFoundError):
        actions.invite_account("solna", scope=officer, at=AT)


def test_a_reset_ends_password_factors_and_sessions(officer, client: Client):
    set_password("desk")
    enter(client, "desk")
    assert client.get("/people/me/").status_code == 200
    with pytest.raises(NotAllowedError):
        actions.invite_account("desk", scope=officer, at=AT)
    token = actions.reset_sign_in("desk", scope=officer, at=AT)
    assert client.get("/people/me/").status_code == 302, "the session is over"
    assert not Authenticator.objects.filter(user__code="desk").exists()
    assert not UserSession.objects.filter(user__code="desk").exists()
    assert events()[-1] == ("account.sign_in_reset", "officer", "desk")
    assert Client().get(f"/people/invited/{token}/").status_code == 200


# ── sign-in ──────────────────────────────────────────────────────────────────────────────────


def test_sign_in_and_out_are_in_the_trail(house, client: Client):
    set_password("desk")
    since = last_seq()
    assert sign_in(client, "desk")["Location"] == "/"
    client.post("/account/logout/")
    assert events(since) == [("account.signed_in", "desk", "desk"), ("account.signed_out", "desk", "desk")]
    facts = json.loads(TrailEntry.objects.get(seq=since + 1).facts)
    assert facts == {"account": "desk", "method": "password", "second_factor": False}


def test_a_failure_is_written_without_what_was_typed(house, client: Client):
    set_password("desk")
    since = last_seq()
    for code in ("desk", "my-secret-password", "", "x" * 3000):
        assert sign_in(client, code, "wrong-password-here").status_code == 200
    assert events(since) == [
        ("account.sign_in_failed", "system:web", "desk"),
        ("account.sign_in_failed", "system:web", ""),
    ]
    written = " ".join(TrailEntry.objects.values_list("facts", flat=True))
    assert "my-secret" not in written
    assert "wrong" not in written


def test_known_and_unknown_codes_are_refused_in_the_same_words(house, client: Client):
    set_password("desk")
    known = sign_in(client, "desk", "wrong-password-here").content.decode()
    unknown = sign_in(client, "nobody", "wrong-password-here").content.decode()
    assert "アカウントコードかパスワードが違います" in known
    assert "アカウントコードかパスワードが違います" in unknown


def test_a_deactivated_account_does_not_come_in(officer, client: Client):
    set_password("desk")
    actions.deactivate_account("desk", scope=officer, at=AT)
    answer = sign_in(client, "desk")
    assert answer.status_code in {200, 302}
    assert client.get("/people/me/").status_code == 302


def test_deactivating_ends_a_session_at_once(officer, client: Client):
    set_password("desk")
    sign_in(client, "desk")
    assert client.get("/").status_code == 200
    actions.deactivate_account("desk", scope=officer, at=AT)
    assert client.get("/").status_code == 302


def test_five_failures_lock_this_account_at_this_address_only(house, client: Client):
    set_password("desk")
    set_password("engineer")
    for _ in range(5):
        sign_in(client, "desk", "wrong-password-here")
    locked = sign_in(client, "desk").content.decode()
    assert "5 分待って" in locked
    assert (
        "Wait five minutes"
        in client.post("/account/login/?lang=en", {"login": "desk", "password": PASSWORD}).content.decode()
    )
    assert client.get("/people/me/").status_code == 302
    assert sign_in(Client(), "engineer").status_code == 302
    assert sign_in(Client(REMOTE_ADDR="203.0.113.9"), "desk").status_code == 302


def test_too_many_attempts_are_answered_with_429_in_both_languages(house, client: Client):
    for _ in range(30):
        sign_in(client, "nobody", "x")
    answer = sign_in(client, "nobody", "x")
    assert answer.status_code == 429
    assert "お待ちください" in answer.content.decode()
    assert "Please wait" in sign_in(client, "nobody", "x", headers={"cookie": "daicho_language=en"}).content.decode()


def test_nobody_signs_up(house, client: Client):
    assert client.get("/account/signup/").status_code == 403
    before = Account.objects.count()
    client.post("/account/signup/", {"username": "mallory", "password1": PASSWORD, "password2": PASSWORD})
    assert Account.objects.count() == before


def test_where_to_go_after_sign_in_is_on_this_site(house, client: Client):
    set_password("desk")
    answer = client.post("/account/login/", {"login": "desk", "password": PASSWORD, "next": "https://evil.example/"})
    assert answer["Location"] == "/"


# ── one's own account ────────────────────────────────────────────────────────────────────────


def test_a_changed_password_ends_the_other_sessions(house, client: Client):
    set_password("desk")
    other = Client()
    sign_in(client, "desk")
    sign_in(other, "desk")
    since = last_seq()
    new = "another-long-phrase-2026"
    answer = client.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert other.get("/people/me/").status_code == 302
    assert client.get("/people/me/").status_code == 200
    assert ("account.password_changed", "desk", "desk") in events(since)


@pytest.fixture
def three(house) -> list[Client]:
    set_password("desk")
    browsers = [Client(HTTP_USER_AGENT=f"browser-{number}") for number in range(3)]
    for browser in browsers:
        sign_in(browser, "desk")
    return browsers


def test_sessions_are_listed_and_ended_one_by_one(three):
    mine, first, second = three
    page = mine.get("/people/me/sessions/").content.decode()
    assert all(f"browser-{number}" in page for number in range(3))
    ended = UserSession.objects.get(user_agent="browser-1")
    mine.post("/people/me/sessions/end/", {"number": str(ended.pk)})
    assert first.get("/people/me/").status_code == 302
    assert second.get("/people/me/").status_code == 200
    mine.post("/people/me/sessions/end/")
    assert second.get("/people/me/").status_code == 302
    assert mine.get("/people/me/").status_code == 200
    assert [one[0] for one in events()[-2:]] == ["account.sessions_ended"] * 2


def test_nobody_ends_a_session_of_somebody_else(three, client: Client):
    set_password("engineer")
    sign_in(client, "engineer")
    victim = UserSession.objects.get(user_agent="browser-1")
    client.post("/people/me/sessions/end/", {"number": str(victim.pk)})
    client.post("/people/me/sessions/end/", {"number": "x"})
    assert three[1].get("/people/me/").status_code == 200


def test_secrets_of_second_factors_lie_sealed(house, client: Client):
    from allauth.mfa.totp.internal import auth

    account = Account.objects.get(code="desk")
    auth.TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    stored = Authenticator.objects.get(user=account)
    assert "JBSWY3DPEHPK3PXP" not in json.dumps(stored.data)
    assert stored.wrap().validate_code(
        auth.format_hotp_value(auth.hotp_value("JBSWY3DPEHPK3PXP", auth.yield_hotp_counters_from_time().__next__()))
    )
