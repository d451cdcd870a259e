"""PostgreSQL's way of writing SQL. A relation is a set of arrays, one per column, unnested side by side."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, FromClause, Integer, Text, any_, bindparam, cast, func, literal_column
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import NullType, TypeEngine

from daicho.stores.shape import ColumnType
from daicho.stores.sql.kind import Parameters, SqlColumn, SqlKind

_LATIN: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FOLDED: Final = literal_column(f"'{_LATIN} 　'", Text)
_FOLDED_TO: Final = literal_column(f"'{_LATIN.lower()}'", Text)


class Integers(list[int]):
    """Integers sent as ``bigint[]`` in binary, whatever their size, so that one prepared statement serves."""


class Texts(list[str]):
    """Texts sent as ``text[]`` in binary; the statement casts them to what the column is."""


class PostgresqlKind(SqlKind):
    """SQL for PostgreSQL 12 and newer, parameters in psycopg's style."""

    dialect: Dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]

    def __init__(self, schema: str) -> None:
        self.schema = schema

    def relation(self, name: str, columns: Mapping[str, TypeEngine[Any]]) -> FromClause:
        arrays = [_array(f"{name}_{column}", native) for column, native in columns.items()]
        return func.unnest(*arrays).table_valued(*columns).alias(name).render_derived()

    def parameters(
        self, name: str, columns: Mapping[str, Sequence[Any]], types: Sequence[TypeEngine[Any]]
    ) -> Parameters:
        return {
            f"{name}_{column}": Integers(values) if isinstance(native, Integer) else Texts(values)
            for (column, values), native in zip(columns.items(), types, strict=True)
        }

    def gather(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.array_agg(column)

    def gathered(self, value: Any) -> list[Any]:
        return value or []

    def without_spaces(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.translate(text, literal_column("' \u3000'"), literal_column("''"))

    def for_search(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.translate(text, _FOLDED, _FOLDED_TO)

    def caseless(self, element: ColumnElement[Any], column: SqlColumn) -> ColumnElement[Any]:
        del column
        return func.lower(cast(element, Text))

    def has_capitals(self, element: ColumnElement[Any]) -> ColumnElement[bool]:
        return cast(element, Text) != func.lower(cast(element, Text))

    def parameter(self, name: str, column: SqlColumn) -> ColumnElement[Any]:
        return cast(bindparam(name, type_=NullType()), column.native)

    def by_code_point(self, key: ColumnElement[Any], column: SqlColumn) -> ColumnElement[Any]:
        return key if column.shape.type is ColumnType.INTEGER else key.collate("C")

    def is_among(
        self, keys: Sequence[ColumnElement[Any]], name: str, types: Mapping[str, TypeEngine[Any]]
    ) -> ColumnElement[bool]:
        if len(keys) > 1:
            return super().is_among(keys, name, types)
        ((column, native),) = types.items()
        return keys[0] == any_(_array(f"{name}_{column}", native))


def _array(name: str, native: TypeEngine[Any]) -> ColumnElement[Any]:
    element = BigInteger() if isinstance(native, Integer) else native
    return cast(bindparam(name, type_=NullType()), ARRAY(element if not isinstance(native, NullType) else Text()))
