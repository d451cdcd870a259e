"""The shape a map was checked on: kept beside the check, compared before a run."""

from collections.abc import Iterable, Mapping
from typing import Any

from daicho.stores.shape import ColumnShape, ColumnType, StoreShape, TableShape


def shape_changes(before: StoreShape, after: StoreShape) -> list[str]:
    """What differs in the tables and columns of ``before``: ``table``, ``table.column``, ``table (key)``."""
    changes: list[str] = []
    for name, seen in before.tables.items():
        now = after.tables.get(name)
        if now is None:
            changes.append(name)
            continue
        if now.primary_key != seen.primary_key:
            changes.append(f"{name} (key)")
        changes += [f"{name}.{column}" for column, shape in seen.columns.items() if now.columns.get(column) != shape]
    return changes


def narrow(shape: StoreShape, columns: Mapping[str, Iterable[str]]) -> StoreShape:
    """Only the named tables and columns, without indexes and references: what a map relies on."""
    return StoreShape(
        tables={
            name: TableShape(
                name=name,
                primary_key=shape.tables[name].primary_key,
                columns={column: shape.tables[name].columns[column] for column in wanted},
            )
            for name, wanted in columns.items()
        }
    )


def shape_to_json(shape: StoreShape) -> dict[str, Any]:
    """A narrowed shape as it is kept beside a checked map."""
    return {
        name: {
            "key": list(table.primary_key),
            "columns": [[one.name, str(one.type), one.nullable, one.length] for one in table.columns.values()],
        }
        for name, table in shape.tables.items()
    }


def shape_from_json(value: Mapping[str, Any]) -> StoreShape:
    """The inverse of `shape_to_json`."""
    return StoreShape(
        tables={
            name: TableShape(
                name=name,
                primary_key=tuple(table["key"]),
                columns={
                    column: ColumnShape(name=column, type=ColumnType(kind), nullable=nullable, length=length)
                    for column, kind, nullable, length in table["columns"]
                },
            )
            for name, table in value.items()
        }
    )
