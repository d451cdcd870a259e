from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from daicho.keys.actions import initialise
from daicho.trail.actions import record

AT = datetime(2026, 11, 5, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace folder of its own, without keys."""
    settings.WORKSPACE = replace(settings.WORKSPACE, folder=tmp_path)
    monkeypatch.delenv("DAICHO_KEK", raising=False)
    return tmp_path


@pytest.fixture
def house(workspace: Path, db: None) -> Path:  # noqa: ARG001 (a fixture)
    """A workspace with keys; the trail's first entry says so."""
    initialise(actor="system:installer", at=AT, record=record)
    return workspace
