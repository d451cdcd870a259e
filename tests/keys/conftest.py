from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from daicho.keys import keysets
from daicho.keys.keysets import KeysetName
from daicho.keys.ring import Ring, RingKeys

AT = datetime(2026, 11, 5, 1, 2, 3, tzinfo=UTC)


def fresh_ring() -> Ring:
    return Ring(RingKeys(seal=keysets.new_keyset(KeysetName.SEAL), digest=keysets.new_keyset(KeysetName.DIGEST)))


@pytest.fixture
def ring() -> Ring:
    """A ring of its own, without Django."""
    return fresh_ring()


@pytest.fixture
def workspace(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace folder of its own, without keys."""
    settings.WORKSPACE = replace(settings.WORKSPACE, folder=tmp_path)
    monkeypatch.delenv("DAICHO_KEK", raising=False)
    return tmp_path
