from pathlib import Path

import pytest

from daicho.keys.ring import Ring
from tests.keys.conftest import fresh_ring
from tests.rights.desk import Desk
from tests.rights.planted import planted
from tests.rights.two_stores import open_two


@pytest.fixture
def desk(workspace: Path, db: None) -> Desk:
    """The desk with two databases, the shop and the member site."""
    del db
    return planted("two", workspace, open_two)


@pytest.fixture(scope="session")
def ring() -> Ring:
    """A ring of its own, without Django."""
    return fresh_ring()
