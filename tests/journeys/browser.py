"""A real browser on the desk of `tests.rights.desk`: Chromium from the machine, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from daicho.people.models import Account
from tests.people.entering import register_factor, write_records

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("DAICHO_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine: install Debian's chromium, or name one with DAICHO_CHROMIUM"
)
DESK = {"width": 1360, "height": 850}
PHONE = {"width": 390, "height": 844}


@dataclass
class Screen:
    """One browser window; what the console complained of is kept in ``troubles``."""

    page: Any
    base: str
    troubles: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        """Open a path and return the status."""
        answer = self.page.goto(self.base + path)
        return int(answer.status)

    def too_wide(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def session_of(code: str) -> str:
    """The key of a session that is signed in, with a second factor registered."""
    account = Account.objects.get(code=code)
    register_factor(account)
    session = SessionStore()
    write_records(session, account)
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@contextmanager
def browser() -> Iterator[Any]:
    """Chromium, headless; nothing it does of its own accord reaches out."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright runs a loop of its own in this thread
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        )
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def screen(
    opened: Any, base: str, *, user: str = "", language: str = "ja", size: dict[str, int] | None = None
) -> Iterator[Screen]:
    """A window of its own, signed in as ``user``."""
    context = opened.new_context(viewport=size or DESK, locale="ja-JP" if language == "ja" else "en-US")
    cookies = [{"name": "daicho_language", "value": language, "url": base}]
    if user:
        cookies.append({"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": base})
    context.add_cookies(cookies)
    found = Screen(page=context.new_page(), base=base)
    found.page.on("console", lambda said: found.troubles.append(said.text) if said.type == "error" else None)
    found.page.on("pageerror", lambda error: found.troubles.append(str(error)))
    try:
        yield found
    finally:
        context.close()
