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

from daicho.people.models import Account
from daicho.site.workspace import Workspace
from daicho.trail.models import TrailEntry
from daicho.words.errors import InstallationError
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
    since = TrailEntry.objects.count()
    assert walk(client)["Location"] == "/"
    assert client.get("/people/me/").status_code == 200
    assert {"/token", "/userinfo"} <= set(provider.asked)
    entry = TrailEntry.objects.get(seq__gt=since)
    assert (entry.event, json.loads(entry.facts)["method"]) == ("account.signed_in", "sso")
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
    answer = walk(client)
    assert answer["Location"] == "/account/login/"
    assert "アカウントがありません" in client.get("/account/login/").content.decode()
    assert client.get("/people/me/").status_code == 302
    assert not SocialAccount.objects.exists()
    entry = TrailEntry.objects.last()
    assert entry is not None
    assert (entry.event, json.loads(entry.facts)) == ("account.sign_in_failed", {"step": "sso"})
    assert Account.objects.filter(code=username).count() == 0


def test_a_deactivated_account_does_not_come_in(provider, client: Client):
    walk(Client())
    Account.objects.filter(code="desk").update(is_active=False)
    walk(client)
    assert client.get("/people/me/").status_code == 302


def test_the_second_factor_is_still_asked_for(provider, client: Client):
    walk(client)
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
    walk(client)
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
