from collections.abc import Callable
from typing import Any

import pytest

from daicho.stores.adapters import open_store
from daicho.stores.port import NotAutomaticError, Store, StoreSettings
from tests.stores.contract_unhappy import CALLS
from tests.stores.ground import MemoryGround


@pytest.fixture
def store() -> Store:
    values = {"department": "人事部", "place": "本社三階 書庫"}
    return open_store(StoreSettings(code="cabinet", kind="paper", values=values, secret=lambda _name: ""))


@pytest.mark.parametrize("call", [*CALLS.values(), lambda store, _: store.inspect()], ids=[*CALLS, "inspect"])
def test_every_automatic_call_names_the_department_to_ask(store: Any, call: Callable[[Any, Any], Any]):
    with pytest.raises(NotAutomaticError, match="人事部") as caught:
        call(store, MemoryGround())
    assert "検索依頼票" in caught.value.advice.ja


def test_a_read_is_refused_when_asked_and_not_when_looked_at(store: Store):
    with pytest.raises(NotAutomaticError):
        store.read(None, [], {})  # type: ignore[arg-type]


def test_it_can_do_nothing_by_machine_and_closes_twice(store: Store):
    assert store.capabilities == frozenset()
    store.close()
    store.close()
