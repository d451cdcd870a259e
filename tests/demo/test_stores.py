"""The stores of the example really hold what the story says they hold."""

import csv
import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import cast  # type: ignore[import-not-found]
import crm  # type: ignore[import-not-found]
import exports  # type: ignore[import-not-found]
import people  # type: ignore[import-not-found]
import psycopg
import psycopg.sql
import pytest
import stores  # type: ignore[import-not-found]
from psycopg.rows import dict_row
from tests.demo.conftest import Stage

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

MEMBERS = {member.code: member for member in cast.read()}


@pytest.fixture(scope="module")
def content(stage: Stage) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Every row of every store, read back from the stores themselves."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {"crm": _read_postgresql(stage)}
    for store in ("genkyari", "hr"):
        connection = sqlite3.connect(stage.folder / f"{store}.sqlite3")
        connection.row_factory = sqlite3.Row
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found[store] = {
            table: [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608
            for table in tables
        }
        connection.close()
    for store, (encoding, files) in exports.FOLDERS.items():
        found[store] = {}
        for file in files:
            with (stage.folder / store / f"{file}.csv").open(encoding=encoding, newline="") as opened:
                found[store][file] = list(csv.DictReader(opened))
    return found


def _read_postgresql(stage: Stage) -> dict[str, list[dict[str, Any]]]:
    with psycopg.connect(stage.crm_url, row_factory=dict_row) as connection:
        return {
            table: list(connection.execute(psycopg.sql.SQL("SELECT * FROM {}").format(psycopg.sql.Identifier(table))))
            for table in crm.TABLES
        }


@pytest.mark.parametrize("code", sorted(MEMBERS))
def test_every_row_of_the_cast_stands_in_its_store(
    content: dict[str, dict[str, list[dict[str, Any]]]], code: str
) -> None:
    rows = list(MEMBERS[code].each_row())
    assert rows
    for store, table, wanted in rows:
        key = cast.KEYS.get(table, "id")
        found = [row for row in content[store][table] if row[key] == wanted[key]]
        assert len(found) == 1, (store, table)
        differing = [column for column, value in wanted.items() if not _same(found[0][column], value)]
        assert not differing, (store, table, differing)


def _same(seen: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool):
        return bool(seen) is wanted
    if hasattr(seen, "tzinfo"):
        return bool(seen == seen.fromisoformat(str(wanted)))
    return seen == wanted or str(seen) == str(wanted)


def test_no_generated_person_uses_a_mailbox_of_the_cast() -> None:
    of_cast = {value for member in MEMBERS.values() for _, _, row in member.each_row() for value in _mails(row)}
    assert of_cast
    assert not of_cast & {human.email for human in people.invent()}


def test_no_mail_address_in_any_store_is_of_a_real_domain(content: dict[str, dict[str, list[dict[str, Any]]]]) -> None:
    domains = {
        mail.rpartition("@")[2]
        for tables in content.values()
        for rows in tables.values()
        for row in rows
        for mail in _mails(row)
    }
    assert domains == {"example.jp", "example.com", "example.net", "example.org"}


def _mails(row: dict[str, Any]) -> Iterator[str]:
    for value in row.values():
        yield from re.findall(r"[\w.+-]+@[\w.-]+", str(value))


def test_thousands_of_people_are_reached(content: dict[str, dict[str, list[dict[str, Any]]]]) -> None:
    mails = {mail for tables in content.values() for rows in tables.values() for row in rows for mail in _mails(row)}
    assert len(mails) > 2000


def test_references_hold_in_the_sqlite_stores(stage: Stage) -> None:
    for store in ("genkyari", "hr"):
        connection = sqlite3.connect(stage.folder / f"{store}.sqlite3")
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()


def test_the_excel_folder_is_cp932_and_the_other_has_a_mark(stage: Stage) -> None:
    raw = (stage.folder / "exports" / "mailing_list.csv").read_bytes()
    assert "髙" in raw.decode("cp932")
    assert (stage.folder / "events" / "event_attendance.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_creating_again_gives_the_same_stores(
    stage: Stage, content: dict[str, dict[str, list[dict[str, Any]]]]
) -> None:
    before = {path.name: path.read_bytes() for path in sorted(stage.folder.glob("*/*.csv"))}
    assert stores.create(stage.folder, stage.crm_url) == stage.rows
    assert {path.name: path.read_bytes() for path in sorted(stage.folder.glob("*/*.csv"))} == before
    assert _read_postgresql(stage) == content["crm"]
