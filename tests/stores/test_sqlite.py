from collections.abc import Iterator

import pytest
from tests.stores.contract import StoreContract
from tests.stores.ground import Ground
from tests.stores.grounds_sql import SqliteGround


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def ground(self) -> Iterator[Ground]:
        ground = SqliteGround()
        yield ground
        ground.clear()
