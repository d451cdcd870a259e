"""The example's modules stand beside its documents, so the tests find them there."""

import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "staffing-group"
sys.path.insert(0, str(EXAMPLE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """All stores of the example, created and filled."""

    folder: Path
    crm_url: str
    rows: dict[str, int]


@pytest.fixture(scope="session")
def example() -> Path:
    return EXAMPLE


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    server, stores = importlib.import_module("server"), importlib.import_module("stores")
    folder = tmp_path_factory.mktemp("stage")
    with server.running(folder) as url:
        yield Stage(folder=folder / "stores", crm_url=url, rows=stores.create(folder / "stores", url))
