"""A store that answers on paper. Every call of the port says so."""

from collections.abc import Iterator, Mapping, Sequence

from daicho.stores import refusals
from daicho.stores.plan import Change, Hit, Record, Rows, Seed, Standing, StorePlan
from daicho.stores.port import Capability, NotAutomaticError
from daicho.stores.shape import StoreShape


class PaperStore:
    """Knows who to ask: ``department``, and ``place`` for the slip."""

    def __init__(self, code: str, *, department: str, place: str) -> None:
        self.code = code
        self.capabilities: frozenset[Capability] = frozenset()
        self.places: frozenset[str] = frozenset()
        self.department = department
        self.place = place

    def inspect(self, tables: Sequence[str] | None = None) -> StoreShape:
        del tables
        raise self._ask_people()

    def look_up(self, plan: StorePlan, seeds: Sequence[Seed], *, search: bool = False) -> list[Hit]:
        del plan, seeds, search
        raise self._ask_people()

    def follow(self, plan: StorePlan, found: Sequence[Rows]) -> list[Rows]:
        del plan, found
        raise self._ask_people()

    def read(self, plan: StorePlan, rows: Sequence[Rows], columns: Mapping[str, Sequence[str]]) -> Iterator[Record]:
        del plan, rows, columns
        raise self._ask_people()

    def change(self, plan: StorePlan, changes: Sequence[Change]) -> list[int]:
        del plan, changes
        raise self._ask_people()

    def read_back(self, plan: StorePlan, changes: Sequence[Change]) -> list[Standing]:
        del plan, changes
        raise self._ask_people()

    def close(self) -> None:
        """Nothing is open."""

    def _ask_people(self) -> NotAutomaticError:
        return refusals.not_automatic(self.code, self.department)
