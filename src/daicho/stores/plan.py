"""What a confirmed map compiles to: the only language the adapters are spoken to in.

A plan names tables and columns, never people. Rows come back as a relation
(person number, key); the person number is counted from 0 within one call, so that a
batch can never mix two people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Key = tuple[Any, ...]  # values of the key columns, each a str or an int


class Use(StrEnum):
    """How an identity column is used."""

    LOOKUP = "lookup"  # rows are found by it, so it is indexed; it also confirms
    CONFIRM = "confirm"  # never looked up, only compared on rows found otherwise
    SEARCH = "search"  # looked up only when a human asks for candidates: a scan


class Match(StrEnum):
    """How several ways from a table to a person combine."""

    EITHER = "either"
    BOTH = "both"


class Act(StrEnum):
    """What is done to a row."""

    DELETE = "delete"
    SET = "set"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityColumn:
    """Columns that hold one identity kind; several columns are joined without a space.

    A multi-column identity (family name + given name) is compared with spaces removed.
    """

    kind: str
    columns: tuple[str, ...]
    use: Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Rows of this table belong to the rows of ``parent`` whose ``parent_columns`` equal ``columns``."""

    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlan:
    """One table of a plan.

    ``identities`` empty = reached through ``links`` only. ``match`` is None when there is a
    single way; with two or more ways it says whether either or both must hold.
    """

    name: str
    key: tuple[str, ...]
    identities: tuple[IdentityColumn, ...] = ()
    links: tuple[Link, ...] = ()
    match: Match | None = None
    columns: tuple[str, ...] = ()  # every mapped column


@dataclass(frozen=True, slots=True, kw_only=True)
class StorePlan:
    """All tables of one store, parents before children; ``digest`` names the frozen map(s)."""

    store: str
    digest: str
    tables: tuple[TablePlan, ...]

    def table(self, name: str) -> TablePlan:
        """The table of that name; KeyError if the plan has none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Seed:
    """One spelling of one identity value of one person of the batch."""

    person: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A row found by its identity columns.

    ``by``: the kinds whose look-up found it. ``identities``: what the row itself holds for
    every identity kind of the table (text, or None when empty).
    """

    table: str
    person: int
    key: Key
    by: frozenset[str]
    identities: Mapping[str, str | None]


@dataclass(slots=True)
class Rows:
    """Rows of one table as two parallel columns: person number and key; no pair twice."""

    table: str
    persons: list[int] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Record:
    """One row read for a person: mapped column → value as the store gives it."""

    table: str
    person: int
    key: Key
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One set of rows with its expected end.

    ``values`` (for SET): column → new value, the same for all rows of this change.
    ``before`` (for SET, optional): column → the value every row must hold when the change
    runs; a row that holds another one stops the whole transaction.
    Keys are distinct; the number of keys is the number of rows expected to change.
    """

    table: str
    act: Act
    keys: Sequence[Key]
    values: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What reading back found of one change: rows present, and rows that stand as they should after it.

    DELETE: ``present`` rows still there; ``as_after`` = expected − present; ``as_before`` = present.
    SET: ``present`` rows there; ``as_after`` rows whose columns hold the new values; ``as_before``
    rows whose columns hold ``Change.before``, None when the change has none.
    """

    expected: int
    present: int
    as_after: int
    as_before: int | None = None
