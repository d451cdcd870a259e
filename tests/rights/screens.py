"""The pages of the desk as an account sees them: signed in, with a second factor, at the desk's own time."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.people.entering import enter


def at(monkeypatch: pytest.MonkeyPatch, when: datetime) -> None:
    """Set the clock of the web door."""
    monkeypatch.setenv("DAICHO_AT", when.isoformat())


def signed_in(code: str, language: str = "ja") -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.cookies["daicho_language"] = language
    return enter(client, code)


def body(response: Any) -> str:
    """The page's text."""
    return str(response.content.decode())
