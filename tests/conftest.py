"""The workspace of the tests: a folder of its own for every test that asks for one."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

os.environ.setdefault("DAICHO_TESTING", "1")


#: The quick part tries rules, actions, queries and papers; whole screens and doors are tried in the other part.
_SCREENS = ("api/", "screens", "test_routes", "test_sign_in", "test_hostile_uploads", "portal")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what tries whole screens as slow, by the names of its files."""
    for item in items:
        if any(one in "/".join(item.path.parts[-2:]) for one in _SCREENS):
            item.add_marker(pytest.mark.slow)


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
