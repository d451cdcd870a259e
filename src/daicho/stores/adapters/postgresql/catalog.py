"""What PostgreSQL's catalogue says of the tables of one schema, asked in one round trip."""

import re
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, LiteralString

from sqlalchemy import BigInteger, Text
from sqlalchemy.types import TypeEngine, UserDefinedType

from daicho.stores.shape import ColumnShape, ColumnType, Reference, StoreShape, TableShape
from daicho.stores.sql.kind import Folding, SqlColumn, SqlShape

#: A schema and the tables wanted, NULL = all.
_TABLES: Final = """
    select c.oid, c.relname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = %(schema)s and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
      and (%(tables)s::text[] is null or c.relname = any(%(tables)s::text[]))
"""
#: Domains are seen as the type they are made of.
COLUMNS: Final[LiteralString] = f"""
    with t as materialized ({_TABLES})
    select t.relname, a.attname, coalesce(b.typname, y.typname), coalesce(b.typtype, y.typtype),
           pg_catalog.format_type(coalesce(b.oid, y.oid), null), not (a.attnotnull or y.typnotnull),
           case when y.typbasetype = 0 then a.atttypmod else y.typtypmod end
    from t join pg_catalog.pg_attribute a on a.attrelid = t.oid
    join pg_catalog.pg_type y on y.oid = a.atttypid left join pg_catalog.pg_type b on b.oid = y.typbasetype
    where a.attnum > 0 and not a.attisdropped order by t.relname, a.attnum
"""  # noqa: S608 (no value is written into it)
INDEXES: Final[LiteralString] = f"""
    with t as materialized ({_TABLES})
    select t.relname, i.indisprimary, i.indisunique and i.indpred is null,
           case when i.indexprs is null then null when i.indkey[0] = 0 and i.indpred is null
                then pg_catalog.pg_get_indexdef(i.indexrelid, 1, true) else '' end,
           array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality k(number, place)
                 join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
                 where k.place <= i.indnkeyatts order by k.place)
    from t join pg_catalog.pg_index i on i.indrelid = t.oid where i.indisvalid
"""  # noqa: S608
REFERENCES: Final[LiteralString] = f"""
    with t as materialized ({_TABLES})
    select t.relname, f.condeferrable, f.confdeltype::text,
           case when g.relnamespace = c.relnamespace then g.relname::text
                else g.relnamespace::regnamespace::text || '.' || g.relname end,
           array(select a.attname::text from unnest(f.conkey) with ordinality k(number, place)
                 join pg_catalog.pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.number order by k.place),
           array(select a.attname::text from unnest(f.confkey) with ordinality k(number, place)
                 join pg_catalog.pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.number order by k.place)
    from t join pg_catalog.pg_class c on c.oid = t.oid
    join pg_catalog.pg_constraint f on f.conrelid = t.oid and f.contype = 'f'
    join pg_catalog.pg_class g on g.oid = f.confrelid order by t.relname, f.conname
"""  # noqa: S608

_TYPES: Final = {
    "int2": ColumnType.INTEGER,
    "int4": ColumnType.INTEGER,
    "int8": ColumnType.INTEGER,
    "numeric": ColumnType.DECIMAL,
    "float4": ColumnType.DECIMAL,
    "float8": ColumnType.DECIMAL,
    "bool": ColumnType.BOOLEAN,
    "date": ColumnType.DATE,
    "timestamp": ColumnType.TIMESTAMP,
    "timestamptz": ColumnType.TIMESTAMP,
    "bytea": ColumnType.BINARY,
    "text": ColumnType.TEXT,
    "varchar": ColumnType.TEXT,
    "bpchar": ColumnType.TEXT,
    "name": ColumnType.TEXT,
    "citext": ColumnType.TEXT,
    "uuid": ColumnType.TEXT,
}
#: In an index's expression as PostgreSQL writes it: lower(email), lower("Mail"::text).
_NOT_THE_NAME: Final = re.compile(r'::\w+|[()" ]')
_WITH_LENGTH: Final = frozenset({"varchar", "bpchar"})
_LENGTH_HEADER: Final = 4  # PostgreSQL adds it to the declared length
_READ_AS_THEY_ARE: Final = frozenset(_TYPES) - {"bpchar", "name", "citext", "uuid"}
_UUID: Final = re.compile(r"\{?[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\}?")


class Named(UserDefinedType[Any]):
    """A type by the name PostgreSQL gives it."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        return self.name


def is_uuid(seed: str | int) -> bool:
    """Whether PostgreSQL can read it as a uuid."""
    if not isinstance(seed, str) or not _UUID.fullmatch(seed):
        return False
    try:
        uuid.UUID(seed)
    except ValueError:
        return False
    return True


def read_shape(columns: Sequence[Any], indexes: Sequence[Any], references: Sequence[Any]) -> SqlShape:
    """The answers of the three questions above as a shape."""
    spoken: dict[str, dict[str, SqlColumn]] = defaultdict(dict)
    for table, name, type_name, sort, written, nullable, modifier in columns:
        spoken[table][name] = _column(name, type_name, sort, written, nullable=nullable, modifier=modifier)
    keys: dict[str, tuple[str, ...]] = {}
    all_of: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    unique_of: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    folded: dict[str, set[str]] = defaultdict(set)
    for table, primary, unique, expression, names in indexes:
        if expression is not None:
            folded[table].add(_NOT_THE_NAME.sub("", expression))
            continue
        key = tuple(names)
        all_of[table].add(key)
        if primary:
            keys[table] = key
        if unique:
            unique_of[table].add(key)
    pointing: dict[str, list[Reference]] = defaultdict(list)
    for table, deferrable, on_delete, target, names, target_names in references:
        reference = Reference(
            columns=tuple(names),
            target=target,
            target_columns=tuple(target_names),
            loose=deferrable or on_delete in ("n", "d"),
            cascades=on_delete == "c",
        )
        pointing[table].append(reference)
    for table, found in spoken.items():
        for name, column in found.items():
            if column.folding is None and f"lower{name}" in folded[table]:
                found[name] = replace(column, folding=Folding.LOWER)
    tables = {
        table: TableShape(
            name=table,
            columns={name: column.shape for name, column in found.items()},
            primary_key=keys.get(table, ()),
            indexes=frozenset(all_of[table]),
            references=tuple(pointing[table]),
            unique=frozenset(unique_of[table]),
            folded=frozenset(name for name, column in found.items() if column.folding),
        )
        for table, found in spoken.items()
    }
    return SqlShape(StoreShape(tables=tables), spoken)


def _column(name: str, type_name: str, sort: str, written: str, *, nullable: bool, modifier: int) -> SqlColumn:
    listed = sort == "e"
    kind = ColumnType.TEXT if listed else _TYPES.get(type_name, ColumnType.OTHER)
    length = modifier - _LENGTH_HEADER if type_name in _WITH_LENGTH and modifier > _LENGTH_HEADER else None
    return SqlColumn(
        shape=ColumnShape(name=name, type=kind, nullable=nullable, length=length),
        native=_native(type_name, kind, written),
        as_text=type_name not in _READ_AS_THEY_ARE,
        compared_as_text=listed,
        takes=is_uuid if type_name == "uuid" else _anything,
        folding=Folding.ITSELF if type_name == "citext" else None,
    )


def _native(type_name: str, kind: ColumnType, written: str) -> TypeEngine[Any]:
    """What parameters are cast to; never with a length, since a cast would cut a value to it without a word."""
    if kind is ColumnType.INTEGER:
        return BigInteger()
    if type_name in ("text", "varchar", "name"):
        return Text()
    return Named("bpchar" if type_name == "bpchar" else written)  # "character" alone would mean one letter


def _anything(_seed: str | int) -> bool:
    return True
