from pathlib import Path

import pytest

from tests.rights.desk import Desk
from tests.rights.planted import plain, with_cabinet


@pytest.fixture
def desk(workspace: Path, db) -> Desk:
    return plain(workspace)


@pytest.fixture
def desk_with_cabinet(workspace: Path, db) -> Desk:
    return with_cabinet(workspace)
