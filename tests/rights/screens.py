"""The pages of the desk as an account sees them: signed in, with a second factor, at the desk's own time."""

from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from daicho.people.models import Account


def at(monkeypatch: pytest.MonkeyPatch, when: datetime) -> None:
    """Set the clock of the web door."""
    monkeypatch.setenv("DAICHO_AT", when.isoformat())


def signed_in(code: str, language: str = "ja") -> Client:
    """A browser in which somebody is signed in."""
    account = Account.objects.get(code=code)
    Authenticator.objects.get_or_create(user=account, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})
    client = Client()
    client.cookies["daicho_language"] = language
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def body(response: Any) -> str:
    """The page's text."""
    return str(response.content.decode())
