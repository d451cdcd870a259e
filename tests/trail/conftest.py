from datetime import UTC, datetime
from pathlib import Path

import pytest

from daicho.keys.actions import initialise
from daicho.trail.actions import record
from tests.postgres import postgres_server  # noqa: F401

AT = datetime(2026, 11, 5, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def house(workspace: Path, db: None) -> Path:
    """A workspace with keys; the trail's first entry says so."""
    initialise(actor="system:installer", at=AT, record=record)
    return workspace
