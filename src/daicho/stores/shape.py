"""What a store looks like: tables, columns, keys, indexes, references."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum


class ColumnType(StrEnum):
    """The kinds of column a map can speak of."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    BINARY = "binary"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnShape:
    """One column; ``length`` is the longest text it takes, None = no limit."""

    name: str
    type: ColumnType
    nullable: bool
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A foreign key: ``columns`` here point at ``target_columns`` of ``target``.

    ``loose``: the store lets the target go first (deferrable, or set to null on delete), so
    that the reference does not bind the order of deletion. ``cascades``: the store deletes
    these rows together with the target's.
    """

    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    loose: bool = False
    cascades: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """One table. ``indexes`` lists column tuples, the primary key and unique keys included.

    ``unique`` lists the columns that tell rows apart, the primary key included. ``scanned``
    marks tables without indexes that are always read whole (files): none is missed there.
    ``folded`` lists columns an index serves whatever the case of their letters.
    """

    name: str
    columns: Mapping[str, ColumnShape]
    primary_key: tuple[str, ...]
    indexes: frozenset[tuple[str, ...]] = frozenset()
    references: tuple[Reference, ...] = ()
    unique: frozenset[tuple[str, ...]] = frozenset()
    scanned: bool = False
    folded: frozenset[str] = frozenset()

    def tells_apart(self, columns: tuple[str, ...]) -> bool:
        """Whether no two rows can hold the same values in these columns."""
        held = set(columns)
        return any(key and set(key) <= held for key in (self.primary_key, *self.unique))

    def has_index_on(self, columns: tuple[str, ...]) -> bool:
        """Whether some index begins with exactly these columns, in any order."""
        wanted = set(columns)
        return any(set(index[: len(columns)]) == wanted for index in self.indexes)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreShape:
    """The tables of a store that were looked at; a missing table is simply not in it."""

    tables: Mapping[str, TableShape] = field(default_factory=dict)

    def digest(self, columns: Mapping[str, Iterable[str]]) -> str:
        """SHA-256 hex of the named tables and columns: type, length, nullability and primary key.

        Two shapes with the same digest can run the same plan. Indexes are left out: an added
        index is no change of meaning.
        """
        seen = {}
        for name in sorted(columns):
            table = self.tables.get(name)
            wanted = set(columns[name])
            seen[name] = table and {
                "key": table.primary_key,
                "columns": [
                    asdict(column)
                    for column in sorted(table.columns.values(), key=lambda one: one.name)
                    if column.name in wanted
                ],
            }
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()
