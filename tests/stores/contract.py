"""The contract of a store; the port in ``daicho.stores.port`` is its other half.

An adapter's test names its ground and inherits everything, the unhappy part included. What a
kind cannot do is declared as a capability and asserted; no test is skipped or overridden.
"""

from collections.abc import Iterator

import pytest

from tests.stores.contract_changing import ChangingContract
from tests.stores.contract_reading import ReadingContract
from tests.stores.contract_unhappy import UnhappyContract
from tests.stores.ground import Ground, SteppedStore


class StoreContract(ReadingContract, ChangingContract, UnhappyContract):
    """Inherit, and give a fixture ``ground``."""

    @pytest.fixture
    def world(self, ground: Ground) -> Ground:
        """The ground with the small world of ``tests.stores.world`` built on it."""
        ground.build_world()
        return ground

    @pytest.fixture
    def store(self, world: Ground) -> Iterator[SteppedStore]:
        opened = world.open()
        yield opened
        opened.close()
