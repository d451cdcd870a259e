from collections.abc import Iterator

import pytest
from tests.stores.contract import StoreContract
from tests.stores.ground import Ground
from tests.stores.grounds_sql import PostgresqlGround

pytestmark = pytest.mark.postgres


class TestPostgresqlStore(StoreContract):
    @pytest.fixture
    def ground(self, postgres_database: str) -> Iterator[Ground]:
        ground = PostgresqlGround(postgres_database)
        yield ground
        ground.clear()
