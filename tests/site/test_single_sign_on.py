"""Single sign-on against a provider that really answers on localhost."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from daicho.people.actions import invite_account, reset_sign_in
from daicho.people.models import Account
from daicho.people.queries import get_actor
from daicho.site.workspace import Workspace
from daicho.trail.models import TrailEntry
from daicho.words.errors import InstallationError
from tests.people.entering import enter
from tests.site.conftest import AT
from tests.site.provider import CLIENT, SECRET, Provider, running

pytestmark = pytest.mark.django_db
DOOR = "/account/sso/oidc/company/login/"


@pytest.fixture
def provider(settings, monkeypatch, house) -> Iterator[Provider]:
    monkeypatch.setenv("DAICHO_SSO_SECRET", SECRET)
    with running() as found:
        settings.SOCIALACCOUNT_PROVIDERS = Workspace(
            folder=Path("/x"),
            exists=True,
            sign_on=found.address,
            sign_on_client=CLIENT,
            sign_on_secret="env:DAICHO_SSO_SECRET",
        ).single_sign_on
        yield found


def open_invitation(client: Client, code: str = "desk") -> str:
    """An officer invites, and this browser opens the link."""
    token = invite_account(code, scope=get_actor("officer", at=AT), at=AT)
    page = client.get(f"/people/invited/{token}/")
    assert DOOR in page.content.decode()
    return token


def walk_in(client: Client):
    """The first time: from the invitation."""
    open_invitation(client)
    return walk(client)


def walk(client: Client, *, tamper: str = ""):
    """From the button to the provider and back."""
    begun = client.get(DOOR)
    assert begun.status_code == 302
    back = urlsplit(requests.get(begun["Location"], allow_redirects=False, timeout=5).headers["Location"])
    return client.get(f"{back.path}?{back.query}{tamper}")


def test_the_button_leads_to_the_provider_with_pkce_and_state(provider, client: Client):
    assert DOOR in client.get("/account/login/").content.decode()
    asked = parse_qs(urlsplit(client.get(DOOR)["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["state"]
    assert asked["redirect_uri"] == ["http://testserver/account/sso/oidc/company/login/callback/"]


def test_without_a_provider_there_is_no_button(house, client: Client):
    assert "/sso/" not in client.get("/account/login/").content.decode()
    assert client.get(DOOR).status_code == 404


def test_an_account_that_exists_comes_in_and_keeps_its_subject(provider, client: Client):
    token = open_invitation(client)
    since = TrailEntry.objects.count()
    assert walk(client)["Location"] == "/"
    assert 'href="/account/sso/"' in client.get("/people/me/").content.decode()
    assert {"/token", "/userinfo"} <= set(provider.asked)
    bound, entry = TrailEntry.objects.filter(seq__gt=since).order_by("seq")
    assert (bound.event, bound.about) == ("account.single_sign_on_bound", "desk")
    assert (entry.event, json.loads(entry.facts)["method"]) == ("account.signed_in", "sso")
    assert Client().get(f"/people/invited/{token}/").status_code == 403, "the link is used up"
    link = SocialAccount.objects.get()
    assert (link.user.get_username(), link.uid) == ("desk", "sub-1")
    assert link.extra_data == {}, "names and addresses of the provider are not kept"
    assert not EmailAddress.objects.exists()
    provider.username = "renamed-at-the-provider"
    again = Client()
    assert walk(again)["Location"] == "/"
    assert again.get("/people/me/").status_code == 200
    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.parametrize("username", ["stranger", "", "officer ", "Officer", "solna/desk"])
def test_a_stranger_is_refused_in_words(provider, client: Client, username):
    provider.username = username
    open_invitation(client)
    answer = walk(client)
    assert answer["Location"] == "/account/login/"
    assert "アカウントがありません" in client.get("/account/login/").content.decode()
    assert client.get("/people/me/").status_code == 302
    assert not SocialAccount.objects.exists()
    entry = TrailEntry.objects.last()
    assert entry is not None
    assert (entry.event, json.loads(entry.facts)) == ("account.sign_in_failed", {"step": "sso"})
    assert Account.objects.filter(code=username).count() == 0


@pytest.mark.parametrize("code", ["desk", "officer"])
def test_the_name_at_the_provider_binds_nothing_by_itself(provider, client: Client, code):
    """Where people choose that name, whoever takes the code of an unused account would have it."""
    provider.username = code
    assert walk(client)["Location"] == "/account/login/"
    assert "招待のリンク" in client.get("/account/login/").content.decode()
    assert not SocialAccount.objects.exists()
    assert client.get("/people/me/").status_code == 302


def test_an_invitation_is_for_its_own_account_once_and_not_for_one_that_is_bound(provider, client: Client):
    token = open_invitation(client)
    walk(client)
    other = Client()
    other.get(f"/people/invited/{token}/")
    provider.subject = "sub-2"
    assert walk(other)["Location"] == "/account/login/"
    open_invitation(other)  # a new one, for a password perhaps
    assert walk(other)["Location"] == "/account/login/"
    assert [one.uid for one in SocialAccount.objects.all()] == ["sub-1"]


def test_a_reset_ends_the_binding(provider, client: Client):
    walk_in(client)
    reset_sign_in("desk", scope=get_actor("officer", at=AT), at=AT)
    assert not SocialAccount.objects.exists()
    assert walk(Client())["Location"] == "/account/login/"


def test_one_who_is_signed_in_binds_their_own_with_the_second_factor_only(provider, client: Client):
    enter(client, "desk", factor=False)
    assert connect(client) == "/account/login/"
    enter(client, "desk")
    session = client.session
    session["account_authentication_methods"][0]["reauthenticated"] = True
    session.save()
    provider.username = "officer"
    assert connect(client) == "/account/login/"
    provider.username = "desk"
    assert connect(client) == "/account/sso/"
    assert SocialAccount.objects.get().user.get_username() == "desk"


def connect(client: Client) -> str:
    begun = client.get(f"{DOOR}?process=connect")
    back = urlsplit(requests.get(begun["Location"], allow_redirects=False, timeout=5).headers["Location"])
    return str(client.get(f"{back.path}?{back.query}")["Location"])


def test_a_deactivated_account_does_not_come_in(provider, client: Client):
    walk_in(Client())
    Account.objects.filter(code="desk").update(is_active=False)
    walk(client)
    assert client.get("/people/me/").status_code == 302


def test_the_second_factor_is_still_asked_for(provider, client: Client):
    walk_in(client)
    assert client.get("/requests/")["Location"] == "/account/2fa/"
    Authenticator.objects.create(user=Account.objects.get(code="desk"), type="totp", data={"secret": "x"})
    again = Client()
    provider.lies = {"amr": ["pwd", "mfa"]}
    assert walk(again)["Location"] == "/account/2fa/authenticate/"
    assert again.get("/people/me/").status_code == 302


@pytest.mark.parametrize("lies", [{"iss": "https://evil.example"}, {"aud": "another-client"}, {"exp": 1}])
def test_a_token_meant_for_others_or_too_old_is_refused(provider, client: Client, lies):
    provider.lies = lies
    answer = walk(client)
    assert answer.status_code in {200, 401}
    assert "シングルサインオン" in answer.content.decode()
    assert client.get("/people/me/").status_code == 302


def test_an_answer_that_was_not_asked_for_is_refused(provider, client: Client):
    """The state and the code belong to the browser that began."""
    begun = client.get(DOOR)
    back = urlsplit(requests.get(begun["Location"], allow_redirects=False, timeout=5).headers["Location"])
    victim = Client()
    victim.get("/account/login/")
    assert victim.get(f"{back.path}?{back.query}").status_code in {200, 401}
    assert victim.get("/people/me/").status_code == 302
    forged = client.get(f"{back.path}?code=guessed&state={parse_qs(back.query)['state'][0]}")
    assert forged.status_code in {200, 401}
    assert client.get("/people/me/").status_code == 302


def test_an_account_without_a_password_may_set_its_first_one(provider, client: Client):
    walk_in(client)
    assert client.get("/account/password/")["Location"] == "/account/password/first/"
    assert client.get("/account/password/first/").status_code == 200
    assert client.get("/account/sso/").status_code == 200


def test_the_secret_is_named_never_written(monkeypatch):
    monkeypatch.delenv("DAICHO_SSO_SECRET", raising=False)
    named = Workspace(
        folder=Path("/x"), exists=True, sign_on="https://login.example", sign_on_secret="env:DAICHO_SSO_SECRET"
    )
    with pytest.raises(InstallationError):
        assert named.single_sign_on
