"""Looks into the stores past Daicho: what really stands there of somebody, before and after.

The story shows these counts beside Daicho's own, so that nobody has to take its word.
"""

import csv
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cast
import crm
import exports
import psycopg
import psycopg.sql
from psycopg.rows import dict_row

Content = dict[str, dict[str, list[dict[str, Any]]]]  # store → table → rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the rows of one table that the cast file names stand now."""

    store: str
    table: str
    expected: int
    same: int
    changed: int

    @property
    def gone(self) -> int:
        """Rows that are no longer there."""
        return self.expected - self.same - self.changed


def read(folder: Path, crm_url: str) -> Content:
    """Every row of every store but the paper one."""
    found: Content = {"crm": _read_postgresql(crm_url)}
    for store in ("genkyari", "hr"):
        found[store] = _read_sqlite(folder / f"{store}.sqlite3")
    for store, (encoding, files) in exports.FOLDERS.items():
        found[store] = {file: _read_csv(folder / store / f"{file}.csv", encoding) for file in files}
    return found


def look(member: cast.Member, content: Content) -> list[Standing]:
    """Where each row that ``cast.yaml`` names of this person stands now, by table."""
    found = []
    for store, tables in member.rows.items():
        for table, wanted in tables.items():
            key = cast.KEYS.get(table, "id")
            rows = {row[key]: row for row in content[store][table]}
            there = [(one, rows[one[key]]) for one in wanted if one[key] in rows]
            same = sum(all(_equal(row[column], value) for column, value in one.items()) for one, row in there)
            found.append(Standing(store=store, table=table, expected=len(wanted), same=same, changed=len(there) - same))
    return found


def _equal(seen: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool):
        return bool(seen) is wanted
    if hasattr(seen, "tzinfo"):
        return bool(seen == seen.fromisoformat(str(wanted)))
    return seen == wanted or str(seen) == str(wanted)


def _read_postgresql(url: str) -> dict[str, list[dict[str, Any]]]:
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return {table: list(connection.execute(_everything_in(table))) for table in crm.TABLES}


def _everything_in(table: str) -> psycopg.sql.Composed:
    return psycopg.sql.SQL("SELECT * FROM {}").format(psycopg.sql.Identifier(table))


def _read_sqlite(path: Path) -> dict[str, list[dict[str, Any]]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608 (our own names)
            for table in tables
        }
    finally:
        connection.close()


def _read_csv(path: Path, encoding: str) -> list[dict[str, Any]]:
    with path.open(encoding=encoding, newline="") as opened:
        return list(csv.DictReader(opened))
