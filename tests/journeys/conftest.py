from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any

import pytest
from django.db import transaction

from daicho.rights.views import background
from tests.journeys.browser import browser
from tests.rights.desk import AT, Desk
from tests.rights.planted import plain


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


@pytest.fixture
def turns() -> Lock:
    """Whoever uses the database holds this: that of the tests is in memory and has one connection."""
    return Lock()


@pytest.fixture
def address(transactional_db, live_server, monkeypatch, turns: Lock) -> str:
    """Where browsers find the house; it is the desk's own time there."""
    monkeypatch.setenv("DAICHO_AT", AT.isoformat())
    monkeypatch.setattr(background, "launch", lambda work: work())  # where it was begun, for the same reason
    server = live_server.thread.httpd
    monkeypatch.setattr(server, "application", _in_turn(server.application, turns))
    return str(live_server.url.replace("127.0.0.1", "localhost"))


def _in_turn(application: Callable[..., Any], turns: Lock) -> Callable[..., list[bytes]]:
    """The application, which answers one request after the other."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        with turns:
            response = application(environ, start_response)
            try:
                return [b"".join(response)]
            finally:
                response.close()

    return answer


@pytest.fixture
def served(workspace, address: str) -> tuple[Desk, str]:
    """The desk, and where browsers find it."""
    with transaction.atomic():
        desk = plain(workspace)
    return desk, address
