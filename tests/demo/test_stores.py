"""The stores of the example really hold what the story says they hold."""

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import cast  # type: ignore[import-not-found]
import people  # type: ignore[import-not-found]
import pytest
import stores  # type: ignore[import-not-found]
import witness  # type: ignore[import-not-found]

from tests.demo.conftest import Stage

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

Content = dict[str, dict[str, list[dict[str, Any]]]]
MEMBERS = {member.code: member for member in cast.read()}


@pytest.fixture(scope="module")
def content(stage: Stage) -> Content:
    """Every row of every store, read back from the stores themselves."""
    found: Content = witness.read(stage.folder, stage.crm_url)
    return found


@pytest.mark.parametrize("code", sorted(MEMBERS))
def test_every_row_of_the_cast_stands_in_its_store(content: Content, code: str) -> None:
    rows = list(MEMBERS[code].each_row())
    assert rows
    for one in witness.look(MEMBERS[code], content):
        assert one.expected == one.same > 0, (one.store, one.table)


def test_no_generated_person_uses_a_mailbox_of_the_cast() -> None:
    of_cast = {value for member in MEMBERS.values() for _, _, row in member.each_row() for value in _mails(row)}
    assert of_cast
    assert not of_cast & {human.email for human in people.invent()}


def test_no_mail_address_in_any_store_is_of_a_real_domain(content: Content) -> None:
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


def test_thousands_of_people_are_reached(content: Content) -> None:
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


def test_creating_again_gives_the_same_stores(stage: Stage, content: Content) -> None:
    before = {path.name: path.read_bytes() for path in sorted(stage.folder.glob("*/*.csv"))}
    assert stores.create(stage.folder, stage.crm_url) == stage.rows
    assert {path.name: path.read_bytes() for path in sorted(stage.folder.glob("*/*.csv"))} == before
    assert witness.read(stage.folder, stage.crm_url) == content
