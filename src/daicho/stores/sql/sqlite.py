"""SQLite's way of writing SQL, and what its tables look like. Used for SQLite files and for files loaded into one."""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Text, bindparam, func, literal_column, select
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.types import NullType, TypeEngine

from daicho.stores.shape import ColumnShape, ColumnType, Reference, StoreShape, TableShape
from daicho.stores.sql.kind import Folding, Parameters, SqlColumn, SqlKind, SqlShape

#: Part of a declared type → kind of column; the first that is found decides, as in SQLite's own affinity rules.
_DECLARED: Final = (
    ("BOOL", ColumnType.BOOLEAN),
    ("DATETIME", ColumnType.TIMESTAMP),
    ("TIMESTAMP", ColumnType.TIMESTAMP),
    ("DATE", ColumnType.DATE),
    ("INT", ColumnType.INTEGER),
    ("CHAR", ColumnType.TEXT),
    ("CLOB", ColumnType.TEXT),
    ("TEXT", ColumnType.TEXT),
    ("BLOB", ColumnType.BINARY),
    ("NUM", ColumnType.DECIMAL),
    ("DEC", ColumnType.DECIMAL),
    ("REAL", ColumnType.DECIMAL),
    ("FLOA", ColumnType.DECIMAL),
    ("DOUB", ColumnType.DECIMAL),
)
_COLUMNS: Final = """
    select m.name, c.name, c.type, c."notnull", c.pk from sqlite_master m join pragma_table_xinfo(m.name) c
    where m.type in ('table', 'view') and m.name not like 'sqlite\\_%' escape '\\' and c.hidden <> 1 order by m.name, c.cid
"""
_INDEXES: Final = """
    select m.name, l.name, l."unique" and not l.partial, i.name
    from sqlite_master m join pragma_index_list(m.name) l join pragma_index_info(l.name) i
    where m.type = 'table' order by m.name, l.name, i.seqno
"""
#: The first column of each index with its collation, and how the index was written (none for one of a constraint).
_FOLDED: Final = """
    select m.name, i.name, i.coll, s.sql from sqlite_master m join pragma_index_list(m.name) l
    join pragma_index_xinfo(l.name) i left join sqlite_master s on s.type = 'index' and s.name = l.name
    where m.type = 'table' and i.seqno = 0 and not l.partial
"""
_LOWER: Final = re.compile(r"""\(\s*lower\s*\(\s*["`\[]?(\w+)["`\]]?\s*\)""", re.IGNORECASE)
_REFERENCES: Final = """
    select m.name, f.id, f."table", f."from", f."to", f.on_delete
    from sqlite_master m join pragma_foreign_key_list(m.name) f where m.type = 'table' order by m.name, f.id, f.seq
"""
_EMPTY: Final = literal_column("''", Text)


class SqliteKind(SqlKind):
    """SQL for SQLite 3.35 and newer. A relation is a JSON text."""

    dialect = sqlite_dialect(paramstyle="named")

    def relation(self, name: str, columns: Mapping[str, TypeEngine[Any]]) -> FromClause:
        rows = func.json_each(bindparam(name)).table_valued("value", name=f"{name}_json")
        if len(columns) == 1:
            return select(*(rows.c.value.label(column) for column in columns)).subquery(name)
        parts = [
            func.json_extract(rows.c.value, literal_column(f"'$[{number}]'")).label(column)
            for number, column in enumerate(columns)
        ]
        return select(*parts).subquery(name)

    def parameters(
        self, name: str, columns: Mapping[str, Sequence[Any]], types: Sequence[TypeEngine[Any]]
    ) -> Parameters:
        del types
        lists = list(columns.values())
        rows = lists[0] if len(lists) == 1 else list(zip(*lists, strict=True))
        return {name: json.dumps(rows, ensure_ascii=False, separators=(",", ":"))}

    def gather(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.json_group_array(column)

    def gathered(self, value: Any) -> list[Any]:
        found: list[Any] = json.loads(value)
        return found

    def without_spaces(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        half = func.replace(text, literal_column("' '"), _EMPTY)
        return func.replace(half, literal_column("'　'"), _EMPTY)

    def for_search(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        return self.without_spaces(func.lower(text))  # SQLite's own lower folds A-Z only

    def caseless(self, element: ColumnElement[Any], column: SqlColumn) -> ColumnElement[Any]:
        return func.lower(element) if column.folding is Folding.LOWER else element.collate("NOCASE")

    def has_capitals(self, element: ColumnElement[Any]) -> ColumnElement[bool]:
        return element.op("glob", is_comparison=True)(literal_column("'*[A-Z]*'"))

    def parameter(self, name: str, column: SqlColumn) -> ColumnElement[Any]:
        del column
        return bindparam(name, type_=NullType())

    def literal(self, value: Any, column: SqlColumn) -> Any:  # noqa: ARG002 (the value's type says enough)
        match value:
            case bool():
                return int(value)
            case datetime():
                return value.isoformat(sep=" ")
            case date():
                return value.isoformat()
            case Decimal():
                return str(value)
            case _:
                return value

    def comparable(self, element: ColumnElement[Any], column: SqlColumn) -> ColumnElement[Any]:
        """Programs write the same moment with or without fractions and with or without a T."""
        if column.shape.type is not ColumnType.TIMESTAMP:
            return element
        return func.coalesce(func.strftime(literal_column("'%Y-%m-%d %H:%M:%f'"), element), element)

    def as_key(self, element: ColumnElement[Any], column: SqlColumn) -> ColumnElement[Any]:
        del column
        return element  # SQLite holds texts and integers whatever the declared type

    def reader(self, column: SqlColumn) -> Callable[[Any], Any] | None:
        return _READERS.get(column.shape.type)


def _truth(value: Any) -> Any:
    return bool(value) if value in (0, 1) else value


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _moment(value: Any) -> Any:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _number(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, int | float) else value


#: SQLite takes anything anywhere; what does not read as its column's type is given as it is held.
_READERS: Final[Mapping[ColumnType, Callable[[Any], Any]]] = {
    ColumnType.BOOLEAN: _truth,
    ColumnType.DATE: _day,
    ColumnType.TIMESTAMP: _moment,
    ColumnType.DECIMAL: _number,
}


def read_shape(connection: sqlite3.Connection, tables: Sequence[str] | None) -> SqlShape:
    """The tables and views of a SQLite database, those named or all."""
    wanted = None if tables is None else set(tables)
    columns: dict[str, dict[str, ColumnShape]] = defaultdict(dict)
    keys: dict[str, dict[int, str]] = defaultdict(dict)
    for table, name, declared, required, place in connection.execute(_COLUMNS):
        if wanted is None or table in wanted:
            columns[table][name] = _column(name, declared, nullable=not required and not place)
            if place:
                keys[table][place] = name
    indexes, unique = _indexes(connection)
    references = _references(connection, keys)
    folded = _folded(connection)
    found = {}
    for table, shapes in columns.items():
        key = tuple(keys[table][place] for place in sorted(keys[table]))
        found[table] = TableShape(
            name=table,
            columns=shapes,
            primary_key=key,
            indexes=frozenset(indexes[table] | ({key} if key else set())),
            references=tuple(references[table]),
            unique=frozenset(unique[table] | ({key} if key else set())),
            folded=frozenset(name for name in shapes if (table, name) in folded),
        )
    spoken = {
        table: {
            name: SqlColumn(shape=column, native=NullType(), folding=folded.get((table, name)))
            for name, column in shapes.items()
        }
        for table, shapes in columns.items()
    }
    return SqlShape(StoreShape(tables=found), spoken)


def _column(name: str, declared: str, *, nullable: bool) -> ColumnShape:
    upper = declared.upper()
    kind = next((kind for part, kind in _DECLARED if part in upper), ColumnType.DECIMAL if upper else ColumnType.TEXT)
    length = re.search(r"CHAR[^(]*\((\d+)\)", upper)
    return ColumnShape(name=name, type=kind, nullable=nullable, length=int(length[1]) if length else None)


def _indexes(
    connection: sqlite3.Connection,
) -> tuple[dict[str, set[tuple[str, ...]]], dict[str, set[tuple[str, ...]]]]:
    """Indexes on plain columns per table, and those that are unique."""
    parts: dict[tuple[str, str, bool], list[str | None]] = defaultdict(list)
    for table, index, unique, column in connection.execute(_INDEXES):
        parts[table, index, bool(unique)].append(column)
    all_of: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    unique_of: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for (table, _, unique), names in parts.items():
        if None not in names:  # an expression or the row's own number
            columns = tuple(str(name) for name in names)
            all_of[table].add(columns)
            if unique:
                unique_of[table].add(columns)
    return all_of, unique_of


def _folded(connection: sqlite3.Connection) -> dict[tuple[str, str], Folding]:
    """Columns (table, name) that an index serves whatever the case of their letters."""
    found: dict[tuple[str, str], Folding] = {}
    for table, name, collation, sql in connection.execute(_FOLDED):
        if name is not None and str(collation).upper() == "NOCASE":
            found[table, name] = Folding.NOCASE
        elif name is None and (written := _LOWER.search(sql or "")):
            found.setdefault((table, written[1]), Folding.LOWER)
    return found


def _references(connection: sqlite3.Connection, keys: Mapping[str, Mapping[int, str]]) -> dict[str, list[Reference]]:
    """Foreign keys per table. Within a change they are checked at its end, so only cascades bind the order."""
    parts: dict[tuple[str, int, str, str], list[tuple[str, str | None]]] = defaultdict(list)
    for table, number, target, column, target_column, on_delete in connection.execute(_REFERENCES):
        parts[table, number, target, on_delete].append((column, target_column))
    found: dict[str, list[Reference]] = defaultdict(list)
    for (table, _, target, on_delete), pairs in parts.items():
        cascades = on_delete == "CASCADE"
        key = tuple(keys[target][place] for place in sorted(keys.get(target, ())))
        found[table].append(
            Reference(
                columns=tuple(column for column, _ in pairs),
                target=target,
                target_columns=key if pairs[0][1] is None else tuple(str(column) for _, column in pairs),
                loose=not cascades,
                cascades=cascades,
            )
        )
    return found
