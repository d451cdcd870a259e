"""A second factor counts in the session that showed it: a password alone, stolen before or after, opens nothing."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.usersessions.models import UserSession
from django.test import Client

from daicho.api.models import ApiToken
from daicho.people.models import Account
from tests.people.entering import enter, write_records
from tests.site.test_sign_in import set_password, sign_in

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
SHOW = "/account/2fa/reauthenticate/"
TOKEN = {"name": "x", "scopes": ["policy:read"], "days": 30}


def code_now() -> str:
    return str(auth.format_hotp_value(auth.hotp_value(SECRET, next(iter(auth.yield_hotp_counters_from_time())))))


@pytest.fixture
def thief(house) -> Client:
    """Signed in with the password alone; the owner registers an app afterwards."""
    account = set_password("desk")
    browser = Client()
    sign_in(browser, "desk")
    assert browser.get("/people/me/").status_code == 200
    auth.TOTP.activate(account, SECRET)
    RecoveryCodes.activate(account)
    return browser


@pytest.mark.parametrize(
    "path",
    ["/", "/go/?q=1", "/requests/", "/people/me/", "/people/me/sessions/", "/api/tokens/", "/account/password/",
     "/account/2fa/", "/account/2fa/recovery-codes/", "/account/2fa/totp/deactivate/", "/account/2fa/webauthn/add/"],
)  # fmt: skip
def test_a_session_of_before_shows_the_factor_first(thief: Client, path: str):
    answer = thief.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith(SHOW), answer["Location"]


def test_the_password_shown_again_is_not_enough(thief: Client):
    answer = thief.post("/account/reauthenticate/", {"password": "keeping-a-register-2026"})
    assert answer["Location"].startswith(SHOW)
    for path in ("/api/tokens/", "/account/2fa/totp/deactivate/", "/account/2fa/recovery-codes/generate/"):
        assert thief.post(path, TOKEN)["Location"].startswith(SHOW)
    assert Authenticator.objects.filter(user__code="desk", type="totp").exists()
    assert not ApiToken.objects.exists()


def test_the_owner_shows_it_and_goes_on(thief: Client):
    assert thief.post(SHOW, {"code": "000000"}).status_code == 200
    assert thief.get("/people/me/").status_code == 302
    answer = thief.post(SHOW, {"code": code_now(), "next": "/people/me/"})
    assert answer["Location"] == "/people/me/"
    assert thief.get("/people/me/").status_code == 200
    assert thief.get("/requests/").status_code == 200
    page = thief.post("/api/tokens/", {**TOKEN, "scopes": ["requests:read"]})
    assert page.status_code == 200
    assert ApiToken.objects.count() == 1


@pytest.mark.django_db(transaction=True)  # the library tells of it when the transaction is over
def test_the_session_that_adds_a_factor_goes_on_and_the_others_end(house):
    set_password("desk")
    mine, other = Client(), Client()
    sign_in(mine, "desk")
    sign_in(other, "desk")
    mine.post("/account/reauthenticate/", {"password": "keeping-a-register-2026"})
    mine.get("/account/2fa/totp/activate/")
    session = mine.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    assert mine.post("/account/2fa/totp/activate/", {"code": code_now()}).status_code == 302
    assert mine.get("/requests/").status_code == 200
    assert other.get("/people/me/")["Location"].startswith("/account/login/")
    assert UserSession.objects.filter(user__code="desk").count() == 1


def test_a_token_is_made_only_shortly_after_the_factor_was_shown(house):
    browser = enter(Client(), "officer")
    session = browser.session
    write_records(session, Account.objects.get(code="officer"), ago=3600)
    session.save()
    page = browser.get("/api/tokens/").content.decode()
    assert 'name="days"' not in page
    assert re.search(r'href="/account/2fa/reauthenticate/\?next=%2Fapi%2Ftokens%2F"', page)
    assert browser.post("/api/tokens/", TOKEN)["Location"].startswith(SHOW)
    assert not ApiToken.objects.exists()


def test_before_there_is_a_factor_home_and_ctrl_k_show_nothing_of_anybody(house):
    browser = enter(Client(), "officer", factor=False)
    page = browser.get("/").content.decode()
    assert "二つ目の認証を登録してください" in page
    assert 'class="tile' not in page
    assert "Add a second factor" in browser.get("/?lang=en").content.decode()


def test_an_officer_with_a_password_only_revokes_nothing(house):
    clerk = enter(Client(), "desk")
    clerk.post("/api/tokens/", {**TOKEN, "scopes": ["requests:read"]})
    token = ApiToken.objects.get()
    officer = enter(Client(), "officer", factor=False)
    assert officer.post(f"/api/tokens/{token.ref}/revoke/")["Location"] == "/account/2fa/"
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "²", "٣", "-1", "", "1\x00"])
def test_a_number_of_a_session_that_is_none_ends_none(house, number: str):
    browser = enter(Client(), "desk")
    assert browser.post("/people/me/sessions/end/", {"number": number}).status_code == 302
    assert browser.get("/people/me/").status_code == 200


@pytest.mark.parametrize("where", ["http://localhost/evil", "http://127.0.0.1/evil", "//localhost/evil", "https://x/"])
def test_onward_is_within_this_host_also_where_this_machine_is_answered(house, settings, where: str):
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
    set_password("desk")
    browser = Client()
    answer = browser.post("/account/login/", {"login": "desk", "password": "keeping-a-register-2026", "next": where})
    assert answer["Location"] == "/"
    assert browser.post("/account/logout/", {"next": where})["Location"] == "/account/login/"
