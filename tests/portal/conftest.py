from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from tests.portal.web import Stranger, web_desk
from tests.rights.desk import Desk
from tests.work.postbox import Postbox, open_postbox


@pytest.fixture
def box() -> Iterator[Postbox]:
    with open_postbox() as opened:
        yield opened


@pytest.fixture
def web(workspace: Path, db, settings, monkeypatch, box: Postbox) -> Iterator[Desk]:
    """The desk with its web door open."""
    monkeypatch.setenv("TEST_SMTP", box.address)
    settings.WORKSPACE = replace(
        settings.WORKSPACE,
        organisation="copro-holdings",
        mail_server="env:TEST_SMTP",
        mail_from="Daicho <daicho@example.jp>",
        address="https://daicho.example",
    )
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    cache.clear()
    yield web_desk(workspace)
    cache.clear()


@pytest.fixture
def stranger(web: Desk, box: Postbox, monkeypatch) -> Callable[..., Stranger]:
    def make(**more: Any) -> Stranger:
        def set_clock(at: datetime) -> None:
            monkeypatch.setenv("DAICHO_AT", at.isoformat())

        return Stranger(desk=web, box=box, set_clock=set_clock, **more)

    return make
