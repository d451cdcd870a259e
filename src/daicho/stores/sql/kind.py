"""What differs between SQL databases, and how their tables are described to the compiler."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, cast, tuple_
from sqlalchemy import select as sql_select
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeEngine

from daicho.stores.shape import ColumnShape, ColumnType, StoreShape, TableShape

Parameters = dict[str, Any]


class Folding(StrEnum):
    """What lets a column be compared whatever the case of its letters, by an index of its own."""

    ITSELF = "itself"  # the type's own comparison does
    LOWER = "lower"  # an index on lower(column)
    NOCASE = "nocase"  # an index in SQLite's collation


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlColumn:
    """A column as the database has it.

    ``native``: what a parameter is cast to when it is compared with or written to the column.
    ``as_text``: the driver has no scalar for it, so it is read as text. ``compared_as_text``:
    comparing in its own type would raise for unknown values (an enumeration).
    ``takes``: whether a seed can be cast to ``native`` at all. ``folding``: None = only a plain index, or none.
    """

    shape: ColumnShape
    native: TypeEngine[Any]
    as_text: bool = False
    compared_as_text: bool = False
    takes: Callable[[str | int], bool] = lambda _seed: True
    folding: Folding | None = None


@dataclass(frozen=True, slots=True)
class SqlShape:
    """The shape of a store together with its columns in SQL: table → column → how it is spoken to."""

    shape: StoreShape
    columns: Mapping[str, Mapping[str, SqlColumn]] = field(default_factory=dict)

    def table(self, name: str) -> TableShape | None:
        """The table's shape, None when the store has no such table."""
        return self.shape.tables.get(name)


class SqlKind(ABC):
    """The few constructs that each database writes in its own way."""

    dialect: Dialect
    schema: str | None = None

    @abstractmethod
    def relation(self, name: str, columns: Mapping[str, TypeEngine[Any]]) -> FromClause:
        """A table of parameters with these columns, passed as one set; its parameters begin with ``name``."""

    @abstractmethod
    def parameters(
        self, name: str, columns: Mapping[str, Sequence[Any]], types: Sequence[TypeEngine[Any]]
    ) -> Parameters:
        """The parameters of `relation`: parallel lists, none of them holding None."""

    @abstractmethod
    def gather(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """All values of a column as one value of the result."""

    @abstractmethod
    def gathered(self, value: Any) -> list[Any]:
        """The list inside what `gather` gave."""

    @abstractmethod
    def without_spaces(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """`daicho.stores.values.without_spaces` in SQL."""

    @abstractmethod
    def for_search(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """`daicho.stores.values.for_search` in SQL."""

    @abstractmethod
    def caseless(self, element: ColumnElement[Any], column: SqlColumn) -> ColumnElement[Any]:
        """A column in the form in which it equals a value in a-z whatever its own case."""

    @abstractmethod
    def has_capitals(self, element: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a value of a column is not all in a-z."""

    @abstractmethod
    def parameter(self, name: str, column: SqlColumn) -> ColumnElement[Any]:
        """One value of a column as a parameter."""

    def literal(self, value: Any, column: SqlColumn) -> Any:
        """A value that `daicho.stores.values.fit` let through, as the driver takes it."""
        del column
        return value

    def reader(self, column: SqlColumn) -> Callable[[Any], Any] | None:
        """What turns a read value into the column's Python type; None when the driver does."""
        del column
        return None

    def as_read(self, element: ColumnElement[Any], column: SqlColumn) -> ColumnElement[Any]:
        """The column in a result."""
        return cast(element, Text) if column.as_text else element

    def as_key(self, element: ColumnElement[Any], column: SqlColumn) -> ColumnElement[Any]:
        """The column in a key: a text or an integer, sorting as the port says."""
        plain = column.shape.type in (ColumnType.INTEGER, ColumnType.TEXT) and not column.as_text
        return element if plain else cast(element, Text)

    def comparable(self, element: ColumnElement[Any], column: SqlColumn) -> ColumnElement[Any]:
        """A column, or a parameter for it, in the form in which equal values are equal."""
        del column
        return element

    def by_code_point(self, key: ColumnElement[Any], column: SqlColumn) -> ColumnElement[Any]:
        """What sorts a key by number or by code point."""
        del column
        return key

    def is_among(
        self, keys: Sequence[ColumnElement[Any]], name: str, types: Mapping[str, TypeEngine[Any]]
    ) -> ColumnElement[bool]:
        """Whether a row's key is in the relation ``name``."""
        relation = self.relation(name, types)
        chosen = sql_select(*relation.c)
        return keys[0].in_(chosen) if len(keys) == 1 else tuple_(*keys).in_(chosen)
