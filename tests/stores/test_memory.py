from datetime import date
from typing import Any

import pytest

from daicho.stores.memory import MemoryStore
from daicho.stores.shape import ColumnType
from tests.stores.contract import StoreContract
from tests.stores.ground import Ground, MemoryGround


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def ground(self) -> Ground:
        return MemoryGround()


def test_it_can_be_drawn_by_its_rows():
    rows: dict[str, list[dict[str, Any]]] = {
        "people": [{"id": 1, "name": "佐藤"}, {"id": 2, "name": None, "born_on": date(1990, 1, 1)}]
    }
    store = MemoryStore.of("drawn", rows, keys={"people": ["id"]})
    shape = store.inspect().tables["people"]
    assert {one.name: one.type for one in shape.columns.values()} == {
        "id": ColumnType.INTEGER,
        "name": ColumnType.TEXT,
        "born_on": ColumnType.DATE,
    }
    assert store.rows["people"][0]["born_on"] is None
