"""The example's register and request documents are in the languages that read them, and fit each other."""

from pathlib import Path

import cast  # type: ignore[import-not-found]
import pytest

from daicho.policy.language import read_policy
from daicho.register.documents import read_file
from daicho.register.language import HoldingsDocument, MapDocument, StoreDocument
from daicho.rights.intake import read_intake
from tests.demo.conftest import EXAMPLE

REGISTER = sorted((EXAMPLE / "register").rglob("*.yaml"))
REQUESTS = sorted((EXAMPLE / "requests").glob("*.yaml"))


def _documents() -> list[StoreDocument | HoldingsDocument | MapDocument]:
    return [read_file(path.read_bytes(), path=path.name).model for path in REGISTER]


@pytest.mark.parametrize("path", REGISTER, ids=lambda path: path.stem)
def test_a_register_document_reads_without_a_problem(path: Path) -> None:
    read_file(path.read_bytes(), path=path.name)


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_a_request_form_reads_without_a_problem(path: Path) -> None:
    read_intake(path.read_bytes(), path=path.name)


def test_every_member_of_the_cast_has_a_form_that_exists() -> None:
    assert {member.request for member in cast.read()} == set(REQUESTS)


@pytest.mark.parametrize("policy", ["policy-2026.yaml"])
def test_every_code_of_the_holdings_stands_in_the_policy(policy: str) -> None:
    declared = read_policy((EXAMPLE / policy).read_bytes(), path=policy).policy
    items = {item.code for item in declared.items}
    subjects = {one.code for one in declared.subjects}
    purposes = {one.code for one in declared.purposes}
    organisations = {one.code for one in declared.organisations}
    holdings = [part for one in _documents() if isinstance(one, HoldingsDocument) for part in one.holdings]
    assert holdings
    for holding in holdings:
        assert set(holding.items) <= items, holding.reg_no
        assert holding.subject_category in subjects, holding.reg_no
        assert set(holding.purposes) <= purposes, holding.reg_no
        assert holding.organisation in organisations, holding.reg_no


def test_every_table_of_the_cast_is_mapped_and_ends_by_erasure_or_is_entrusted() -> None:
    maps = {one.store: one for one in _documents() if isinstance(one, MapDocument)}
    rows = [row for member in cast.read() for row in member.each_row()]
    assert rows
    for store, table, row in rows:
        mapped = maps[store].tables[table]
        assert set(row) == set(mapped.columns), (store, table)
        assert "erase" in mapped.on or table == "entry_roster", (store, table)


def test_the_entrusted_roster_is_the_only_holding_that_names_an_entruster() -> None:
    holdings = [part for one in _documents() if isinstance(one, HoldingsDocument) for part in one.holdings]
    assert [part.reg_no for part in holdings if part.entruster] == ["H-021"]
