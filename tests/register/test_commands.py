"""The register's commands on real SQLite files, from a first sketch to a confirmed map and back to files."""

import csv
import io
import json
import sqlite3
from pathlib import Path

import openpyxl
import psycopg
import pytest

from daicho.cli.main import run
from daicho.register.actions import assert_unchanged
from daicho.register.queries import find_store, list_active_maps
from daicho.site import wiring
from daicho.stores.adapters.paper.store import PaperStore
from daicho.stores.port import StoreChangedError
from tests.register.crm import ALICE, CABINET, HOLDINGS, STORE, open_accounts, write

pytestmark = pytest.mark.django_db

SCHEMA = """
create table customers(
    id integer primary key, customer_no text not null unique, family_name text, given_name text,
    name_kana text, email text, phone varchar(20), birth_date date, memo text, mail_ok boolean not null default 1);
create index customers_email on customers(email);
create index customers_phone on customers(phone);
create table orders(id integer primary key, customer_id integer not null references customers(id), ordered_at date,
    note text);
create index orders_customer on orders(customer_id);
create table app_settings(name text primary key, value text);
"""


@pytest.fixture(autouse=True)
def _stage(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_accounts()
    with sqlite3.connect(workspace / "crm.sqlite3") as made:
        made.executescript(SCHEMA)
    made.close()
    monkeypatch.chdir(workspace)
    write(workspace / "register", store=STORE, cabinet=CABINET, holdings=HOLDINGS)


def daicho(*words: str, who: str = "alice", code: int = 0) -> str:
    out, err = io.StringIO(), io.StringIO()
    got = run([*words, "--as", who, "--lang", "en"], out=out, err=err)
    assert got == code, f"exit {got}: {out.getvalue()}{err.getvalue()}"
    return out.getvalue() + err.getvalue()


@pytest.mark.postgres
def test_a_map_is_checked_on_postgresql_as_well(
    workspace: Path, postgres_database: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CRM_URL", postgres_database)
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute(SCHEMA.replace("boolean not null default 1", "boolean not null default true").encode())
    text = STORE.replace("kind: sqlite", "kind: postgresql").replace("path: crm.sqlite3", 'url: "env:CRM_URL"')
    write(workspace / "register", store=text)
    mapped(workspace)
    daicho("apply", "register", "--yes")
    daicho("confirm", "crm", who="bob")
    assert "nothing found" in daicho("store", "check", "crm")
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute("drop index customers_email")
        connection.execute("alter table customers alter column phone type varchar(40)")
    shown = daicho("plan", "register", code=2)
    assert "[lookup-index]" in shown
    shown = daicho("store", "check", code=4)
    assert "customers.phone" in shown
    monkeypatch.delenv("CRM_URL")
    wiring.close_all()
    shown = daicho("store", "check", code=4)
    assert "CRM_URL" in shown
    assert postgres_database not in shown


def alter(workspace: Path, statement: str) -> None:
    with sqlite3.connect(workspace / "crm.sqlite3") as changed:
        changed.executescript(statement)
    changed.close()


def mapped(workspace: Path) -> Path:
    """A sketch as an engineer leaves it: the rest filled in, and how rows end."""
    daicho("apply", "register", "--yes")
    path = workspace / "register" / "crm_map.yaml"
    daicho("store", "sketch", "crm", "--to", str(path))
    text = path.read_text().replace("item: todo", "item: order")
    text = text.replace(
        "  orders:\n    holding: H-001", "    on:\n      erase: {end: delete}\n  orders:\n    holding: H-002"
    )
    path.write_text(text + "    on:\n      erase: {end: delete}\n")
    return path


def test_a_sketch_is_a_map_that_applies_once_its_marked_lines_are_filled(workspace: Path):
    path = mapped(workspace)
    text = path.read_text()
    assert "No way to a person was found in: app_settings" in text
    assert "kind: 'number:customer'" in text
    assert "links:\n      - {columns: [customer_id], parent: customers" in text
    shown = daicho("plan", "register")
    assert "+ map      crm" in shown
    assert "tables-unmapped" in shown
    assert "waits for another account" in daicho("apply", "register", "--yes")
    daicho("confirm", "crm", code=3)
    daicho("confirm", "crm", who="bob")
    (found,) = list_active_maps(scope=ALICE)
    assert [one.name for one in found.plan.tables] == ["customers", "orders"]
    assert "in force" in daicho("store", "list")


def test_a_sketch_does_not_overwrite_a_file(workspace: Path):
    path = mapped(workspace)
    before = path.read_text()
    assert "already exists" in daicho("store", "sketch", "crm", "--to", str(path), code=2)
    assert path.read_text() == before
    assert "no map" in daicho("store", "sketch", "cabinet", code=2)
    assert "no store" in daicho("store", "sketch", "attic", code=2)


def test_the_department_and_the_place_of_a_paper_store_reach_its_slips():
    daicho("apply", "register", "--yes")
    ref = find_store("cabinet", scope=ALICE)
    assert ref is not None
    opened = wiring.open_store(ref)
    assert isinstance(opened, PaperStore)
    assert (opened.department, opened.place) == ("名古屋支社", "3階")
    assert "cabinet: asked by slips" in daicho("store", "check", "cabinet")


def test_apply_asks_and_does_nothing_when_nobody_can_answer():
    shown = daicho("apply", "register", code=3)
    assert "+ store" in shown
    assert "--yes" in shown
    daicho("apply", "register", "--format", "json", code=3)
    assert json.loads(daicho("store", "list", "--format", "json")) == []


def test_wrong_settings_of_a_store_are_told_at_their_line_before_it_is_opened(workspace: Path):
    write(workspace / "register", store=STORE.replace("path:", "file:"))
    shown = daicho("plan", "register", code=2)
    assert "store.yaml:6:12: [unknown-setting]" in shown
    assert "[missing-setting]" in shown
    write(workspace / "register", store=STORE.replace("kind: sqlite", "kind: oracle"))
    assert "store.yaml:3:1: [store-kind]" in daicho("plan", "register", code=2)


def test_a_store_file_that_is_not_there_is_told_at_the_map(workspace: Path):
    path = mapped(workspace)
    (workspace / "crm.sqlite3").unlink()
    wiring.close_all()
    assert f"crm_map.yaml:{path.read_text()[: path.read_text().index('store: crm')].count(chr(10)) + 1}" in daicho(
        "plan", "register", code=2
    )
    assert "store-unreachable" in daicho("store", "check", code=4)


def test_a_changed_store_is_noticed_by_the_check_and_before_a_run(workspace: Path):
    mapped(workspace)
    daicho("apply", "register", "--yes")
    daicho("confirm", "crm", who="bob")
    assert "nothing found" in daicho("store", "check", "crm")
    alter(workspace, "alter table customers rename column phone to tel")
    shown = daicho("store", "check", code=4)
    assert "[store-changed]" in shown
    assert "customers.phone" in shown
    (found,) = list_active_maps(scope=ALICE)
    with pytest.raises(StoreChangedError):
        assert_unchanged(found, wiring.open_store(found.store))
    shown = daicho("plan", "register", code=2)
    assert "[column-missing]" in shown
    alter(workspace, "alter table customers rename column tel to phone")
    daicho("store", "check")


def test_coverage_lists_gaps_and_says_so_by_its_exit_code(workspace: Path):
    mapped(workspace)
    daicho("apply", "register", "--yes")
    found = json.loads(daicho("coverage", "--format", "json", code=1))
    gaps = {(one["kind"], one["what"]) for one in found["gaps"]}
    assert ("map-unconfirmed", "crm") in gaps
    assert ("table-unmapped", "crm.app_settings") in gaps
    assert any(kind == "item-not-in-holding" and what.startswith("crm.customers.name_kana") for kind, what in gaps)
    daicho("confirm", "crm", who="bob")
    shown = daicho("coverage", code=1)
    assert "Maps that wait" not in shown
    assert "Tables of mapped stores" in shown


def test_an_export_says_the_same_words_and_plans_to_no_change(workspace: Path):
    mapped(workspace)
    daicho("apply", "register", "--yes")
    daicho("export", "--to", "out")
    assert sorted(str(one.relative_to(workspace)) for one in (workspace / "out").rglob("*.yaml")) == [
        "out/holdings.yaml", "out/maps/crm.yaml", "out/stores/cabinet.yaml", "out/stores/crm.yaml",
    ]  # fmt: skip
    shown = json.loads(daicho("plan", "out", "--format", "json"))
    assert {one["change"] for one in shown["documents"]} == {"unchanged"}
    assert len(shown["documents"]) == 5
    assert (workspace / "out/stores/crm.yaml").read_text() == STORE


def test_an_export_leaves_equal_files_alone_and_keeps_changes_that_were_never_applied(workspace: Path):
    daicho("apply", "register", "--yes")
    elsewhere = write(workspace / "elsewhere", store=STORE.replace("CRM}", "Customers}"))
    (elsewhere / ".daicho-heads.json").write_text((workspace / "register/.daicho-heads.json").read_text())
    daicho("apply", "elsewhere/store.yaml", "--yes")
    mine = workspace / "register/store.yaml"
    mine.write_text(mine.read_text().replace("kept_days: 35", "kept_days: 60"))
    holdings = workspace / "register/holdings.yaml"
    holdings.write_text("# our own remark\n" + holdings.read_text())
    assert "base-moved" in daicho("plan", "register", code=2)
    shown = daicho("export", "--to", "register")
    assert "store.yaml.mine" in shown
    assert "kept_days: 60" in (workspace / "register/store.yaml.mine").read_text()
    assert "Customers" in mine.read_text()
    assert holdings.read_text().startswith("# our own remark")
    mine.write_text(mine.read_text().replace("kept_days: 35", "kept_days: 60"))
    daicho("apply", "register", "--yes")
    assert json.loads(daicho("plan", "register", "--format", "json"))["valid"]


def test_the_ledger_is_written_as_excel_and_csv_and_holds_no_formula(workspace: Path):
    path = workspace / "register/holdings.yaml"
    path.write_text(path.read_text().replace("retention_period: 7年", "retention_period: 7年\n    medium: =1+1"))
    daicho("apply", "register", "--yes")
    daicho("holdings", "export", "--to", "x.xlsx")
    sheet = openpyxl.load_workbook(workspace / "x.xlsx").active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("No.", "Name", "Organisation")
    assert [row[0] for row in rows[1:]] == ["H-001", "H-002"]
    medium = rows[0].index("Medium")
    assert rows[2][medium] == "=1+1"
    assert sheet.cell(row=3, column=medium + 1).data_type == "s"
    daicho("holdings", "export", "--to", "x.csv")
    read = list(csv.reader(io.StringIO((workspace / "x.csv").read_bytes().decode("utf-8-sig"))))
    assert read[2][medium] == "'=1+1"
    assert "H-001" in daicho("holdings", "list")
    assert "Only .xlsx and .csv" in daicho("holdings", "export", "--to", "x.pdf", code=2)
    daicho("holdings", "list", "--organisation", "other-company", code=2)


def test_every_wrong_argument_has_a_message(workspace: Path):
    assert "no such file" in daicho("plan", "nowhere", code=2).lower()
    (workspace / "empty").mkdir()
    assert "no-documents" in daicho("plan", "empty", code=2)
    (workspace / "broken.yaml").write_bytes(b"store: \xff\n")
    assert "not-utf8" in daicho("plan", "broken.yaml", code=2)
    (workspace / "register/.daicho-heads.json").write_text("{}")
    assert "export" in daicho("plan", "register", code=2)
    daicho("confirm", "crm", code=2)
