from pathlib import Path

import pytest

from tests.post.room import Room
from tests.rights.desk import AT
from tests.rights.planted import plain


@pytest.fixture
def room(workspace: Path, db, monkeypatch) -> Room:
    monkeypatch.setenv("DAICHO_AT", AT.isoformat())
    return Room(plain(workspace))
