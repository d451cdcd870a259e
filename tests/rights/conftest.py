from pathlib import Path

import pytest

from tests.rights.desk import Desk, open_desk


@pytest.fixture
def desk(workspace: Path, db) -> Desk:
    return open_desk(workspace)


@pytest.fixture
def desk_with_cabinet(workspace: Path, db) -> Desk:
    return open_desk(workspace, cabinet=True)
