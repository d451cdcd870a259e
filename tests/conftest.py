"""The workspace of the tests: a folder of its own for every test that asks for one."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

os.environ.setdefault("DAICHO_TESTING", "1")


@pytest.fixture
def workspace(tmp_path: Path, settings) -> Iterator[Path]:
    """A fresh workspace folder; the settings point at it, and opened stores are given back."""
    from daicho.keys import queries as keys
    from daicho.site import wiring

    settings.WORKSPACE = replace(settings.WORKSPACE, folder=tmp_path, exists=True)
    keys._opened.clear()
    yield tmp_path
    wiring.close_all()
    keys._opened.clear()
