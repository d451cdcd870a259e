"""The port every store keeps. The contract tests in ``tests/stores/contract.py`` are its other half.

Order of a run (design 3.5), seen from a store:

1. `Store.inspect` the mapped tables: are they still what the map was confirmed on?
2. `Store.look_up` seeds in the tables that hold identities → hits, judged by the caller.
3. `Store.follow` the rows judged to be the person's → rows of the linked tables.
4. `Store.read` rows for a disclosure, or `Store.change` them in one transaction.
5. `Store.read_back` the same changes: before, after, or neither.

Every method raises only `StoreError` (or a subclass); no driver's exception or text crosses
the port, because a driver quotes values. Opening or closing twice is harmless.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from daicho.stores.plan import Change, Hit, Record, Rows, Seed, Standing, StorePlan
from daicho.stores.shape import StoreShape
from daicho.words.errors import InputError, StoreError


class Capability(StrEnum):
    """What a kind of store can do; a caller asks before it relies on one."""

    AUTOMATIC = "automatic"  # look_up, follow, read, change, read_back work by machine
    CHANGE = "change"  # rows can be changed
    TRANSACTION = "transaction"  # a change is all or nothing, even when the machine stops
    STREAM = "stream"  # read keeps memory flat whatever the number of rows
    TYPED = "typed"  # columns have types; without it every value is text and an empty text is no value


class StoreUnreachableError(StoreError):
    """The store does not answer; the same call can succeed later."""

    code: ClassVar[str] = "store-unreachable"
    retry: ClassVar[bool] = True


class StoreChangedError(StoreError):
    """A table or column of the plan is missing or is not what the map was confirmed on."""

    code: ClassVar[str] = "store-changed"


class ReadRefusedError(StoreError):
    """The store's account may not read a table of the plan; nothing was read or changed."""

    code: ClassVar[str] = "read-refused"


class CountsDifferError(StoreError):
    """Other rows than expected stood in the store; its transaction was rolled back, nothing changed."""

    code: ClassVar[str] = "counts-differ"


class ChangeRefusedError(StoreError):
    """The store refused the change (a constraint, a permission); nothing changed."""

    code: ClassVar[str] = "change-refused"


class PlaceRefusedError(InputError):
    """The settings lead to a place that this store may not be: Daicho's own, not opened to stores, or another's."""

    code: ClassVar[str] = "store-place"


class NotAutomaticError(StoreError):
    """The store is searched by people: a search slip is needed, not a call."""

    code: ClassVar[str] = "not-automatic"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """How to open a store. ``values`` never holds a secret; ``secret`` resolves ``env:NAME``."""

    code: str
    kind: str
    values: Mapping[str, Any]
    secret: Callable[[str], str]
    base_folder: str = "."


class Store(Protocol):
    """One opened store.

    ``places``: where it is, in words without a secret; two stores that share one keep the same data. Empty: nowhere
    that a second store could be.
    """

    code: str
    capabilities: frozenset[Capability]
    places: frozenset[str]

    def inspect(self, tables: Sequence[str] | None = None) -> StoreShape:
        """The shape of ``tables`` (all tables when None), cheap enough to be asked before every run."""

    def look_up(self, plan: StorePlan, seeds: Sequence[Seed], *, search: bool = False) -> list[Hit]:
        """Rows whose LOOKUP columns (with ``search`` also SEARCH columns) equal a seed of that kind.

        One statement per table, whatever the number of seeds. A row found by several kinds is
        one hit per person. Seeds that cannot be of the column's type find nothing.
        A single LOOKUP column must equal the seed to the letter, so that its index serves; e-mail
        addresses with A-Z as a-z. Columns
        joined into one identity are compared without spaces (half and full width); SEARCH columns
        without spaces and with A-Z folded to a-z, in the store and in the seed.
        """

    def follow(self, plan: StorePlan, found: Sequence[Rows]) -> list[Rows]:
        """Rows of every linked table that belong to ``found``, links of links included.

        ``found`` holds the person's rows of tables with identities. Tables with
        ``Match.BOTH`` keep only rows that are reached in every declared way: each link is one, the
        LOOKUP identities together are one (``found`` stands for it). With ``Match.EITHER``, or a
        single way, the union. Only rows that still stand are returned, as one `Rows` per table that
        has any, ``found`` included, in plan order.
        """

    def read(self, plan: StorePlan, rows: Sequence[Rows], columns: Mapping[str, Sequence[str]]) -> Iterator[Record]:
        """Stream the named columns (table → columns) of ``rows``, table by table, person by person, by key.

        Tables come in the order of ``rows``; integer keys by number, text keys by code point. A
        column that is no text, number, truth value, date, time stamp or bytes is given as text.
        A read that is cut in the middle raises; it never ends early without a word.
        """

    def change(self, plan: StorePlan, changes: Sequence[Change]) -> list[int]:
        """Carry out all ``changes`` in one transaction; return rows changed per change, in the order given.

        Values are set before rows are deleted; rows are deleted children before parents, by the
        plan's links and the store's own foreign keys.

        Raises:
            CountsDifferError: fewer or more rows than ``len(change.keys)``, or ``before`` does not hold.
            ChangeRefusedError: the store refused. In both cases nothing was changed.
            StoreUnreachableError: the store went away. What stands is all or nothing; `read_back` tells which.
        """

    def read_back(self, plan: StorePlan, changes: Sequence[Change]) -> list[Standing]:
        """How each change stands now, read in a fresh transaction."""

    def close(self) -> None:
        """Give back connections and files; harmless when already closed."""
