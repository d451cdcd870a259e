"""Exit codes are what the documentation says; whatever is wrong is told with place, whose fault and what to do."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daicho.words.errors import EXIT_CODES, FAULT_WORDS, Fault
from tests.journeys.shop import AT, Shop
from tests.rights.forks import ROOT, Ended, Forks

pytestmark = pytest.mark.slow

INTAKE = """\
addressed: [copro-holdings]
person:
  name: 高橋 花子
  birth_date: 1980-01-05
  postal_code: 450-0002
  address: 愛知県名古屋市中村区名駅3-28-12
  emails: [hanako@example.com]
claims:
  - {kind: erase, basis: no_longer_needed}
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A desk with one request at every stage: R-2026-0001 received, 0002 searched, 0003 approved, 0004 closed."""
    folder = tmp_path_factory.mktemp("workspace")
    with Forks() as forks:
        forks.get(folder, "tests.journeys.shop:build")
        forks.warm(folder, "tests.journeys.shop:warm")
        shop = Shop(forks, folder)
        for _ in range(4):
            shop.expect(0, "rights", "open", "-", stdin=INTAKE)
        for number in ("R-2026-0002", "R-2026-0003", "R-2026-0004"):
            shop.expect(0, "rights", "document", number, "--kind", "form")
            shop.expect(0, "rights", "document", number, "--kind", "id_copy", "--paper", "drivers_licence")
            shop.expect(0, "rights", "check", number, "--identity-verified")
            shop.expect(0, "rights", "search", number)
        shop.expect(0, "rights", "decide", "R-2026-0003-1", "approved", by="boss")
        shop.expect(0, "rights", "decide", "R-2026-0004-1", "refused", "--ground", "no_reason", by="boss")
        shop.expect(0, "rights", "answer", "R-2026-0004", "--to", folder.parent / "out")
        yield shop


def told(shop: Shop, code: int, *arguments: Any, fault: Fault, **more: Any) -> str:
    """Run it in both languages and formats: one exit code, one stable code, whose fault, what to do; return the English."""
    before = _rows(shop)
    said = {}
    for language in ("ja", "en"):
        found = shop(*arguments, language=language, **more)
        assert found.code == code == EXIT_CODES[fault], (arguments, found.code, found.errors)
        assert found.printed == ""
        _clean(found)
        first = found.errors.splitlines()[0]
        assert f"({FAULT_WORDS[fault].say(language)})" in first
        assert " → " in first
        assert first.rpartition(" → ")[2].strip()
        said[language] = found.errors
    assert said["ja"] != said["en"]
    found = shop(*arguments, "--format", "json", **more)
    assert found.code == code
    error = json.loads(found.errors)
    assert f"[{error['error']}]" in said["en"]
    assert error["fault"] == fault
    assert error["message"]["en"] in said["en"]
    assert error["message"]["ja"] in said["ja"]
    assert error["advice"]["ja"]
    assert error["advice"]["en"]
    assert _rows(shop) == before
    return said["en"]


def _clean(found: Ended) -> None:
    for sign in ("Traceback", "site-packages", "sqlite3.", "django.", "pydantic", ".py"):
        assert sign not in found.errors, found.errors


def _rows(shop: Shop) -> dict[str, int]:
    """How many rows stand in every table of ours: nothing half-applied stays."""
    with sqlite3.connect(shop.folder / "daicho.sqlite3") as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


# ── 2: the input ─────────────────────────────────────────────────────────────────────────────

WRONG_LINES = {
    "an unknown command": ["rights", "opne"],
    "an unknown option": ["rights", "list", "--colour", "red"],
    "a missing argument": ["rights", "show"],
    "an argument too many": ["rights", "show", "R-2026-0001", "R-2026-0002"],
    "a number that is none": ["rights", "list", "--limit", "many"],
    "a number out of range": ["rights", "list", "--limit", "0"],
    "an unknown state": ["rights", "list", "--state", "lost"],
    "an unknown decision": ["rights", "decide", "R-2026-0002-1", "maybe"],
    "an unknown kind": ["rights", "reclassify", "R-2026-0002-1", "forget"],
    "a day that is none": ["rights", "document", "R-2026-0001", "--kind", "form", "--issued-on", "2026-13-01"],
    "a day to come": ["rights", "document", "R-2026-0001", "--kind", "form", "--issued-on", "2030-01-01"],
    "a paper not named": ["rights", "document", "R-2026-0001", "--kind", "id_copy"],
    "a paper nobody knows": ["rights", "document", "R-2026-0001", "--kind", "id_copy", "--paper", "library_card"],
    "no money": ["rights", "fee", "R-2026-0001"],
    "less than no money": ["rights", "fee", "R-2026-0001", "--amount", "-500"],
    "too much money": ["rights", "fee", "R-2026-0001", "--amount", "99999999999999999999"],
    "an unknown instrument": ["rights", "fee", "R-2026-0001", "--amount", "500", "--instrument", "shells"],
    "neither same nor other": ["rights", "candidate", "R-2026-0002", "0000000000000000"],
    "neither retry nor by hand": ["runs", "decide", "X-0000", "shop"],
    "an unknown request": ["rights", "show", "R-2026-0999"],
    "an unknown request to search": ["rights", "search", "R-2026-0999"],
    "an unknown claim": ["rights", "decide", "R-2026-0999-1", "approved"],
    "a request where a claim is meant": ["rights", "carry-out", "R-2026-0003"],
    "an unknown candidate": ["rights", "candidate", "R-2026-0002", "0000000000000000", "--same"],
    "an unknown paper": ["rights", "dispose", "D-0000", "--how", "shredded"],
    "an unknown fee": ["rights", "fee", "M-0000", "--cashed"],
    "an unknown slip": ["rights", "slip", "answer", "S-0000", "none"],
    "an unknown run": ["runs", "resume", "X-0000"],
    "an unknown hold": ["runs", "release", "H-0000"],
    "an unknown stop": ["stops", "lift", "T-0000"],
    "a file that is not there": ["rights", "open", "/nowhere/intake.yaml"],
    "a folder in place of a file": ["rights", "open", "/"],
    "an unknown language": ["rights", "list", "--lang", "fr"],
    "a shared option without its value": ["rights", "list", "--lang"],
}


@pytest.mark.parametrize("case", WRONG_LINES)
def test_a_wrong_line_is_told_and_changes_nothing(shop, case):
    by = "boss" if WRONG_LINES[case][0] == "runs" or "decide" in WRONG_LINES[case] else "clerk"
    if case in {"an unknown language", "a shared option without its value"}:
        found = shop.forks.call(
            shop.folder, "tests.journeys.shop:command", arguments=["--as", by, *WRONG_LINES[case]], language="en"
        )
        assert found.value == 2
        _clean(found)
        assert "→" in found.errors
        return
    told(shop, 2, *WRONG_LINES[case], by=by, fault=Fault.INPUT)


def test_a_format_nobody_knows_is_refused(shop):
    found = shop("rights", "list", "--format", "xml")
    assert found.code == 2
    _clean(found)


WRONG_DOCUMENTS = {
    "nothing at all": "",
    "only a comment": "# nothing\n",
    "a list": "- a\n- b\n",
    "a sentence": "please erase me\n",
    "no yaml": "person: {name: [\n",
    "a tab": "person:\n\tname: x\n",
    "a key twice": "addressed: [copro-holdings]\naddressed: [copro-holdings]\n",
    "an unknown key": INTAKE + "colour: red\n",
    "a kind that is none": INTAKE.replace("erase,", "forget,"),
    "a basis of another kind": INTAKE.replace("no_longer_needed", "not_factual"),
    "a correction that says nothing": INTAKE.replace("{kind: erase, basis: no_longer_needed}", "{kind: correction}"),
    "the same kind twice": INTAKE + "  - {kind: erase}\n",
    "no claim": INTAKE.replace("  - {kind: erase, basis: no_longer_needed}\n", "  []\n"),
    "no name": INTAKE.replace("  name: 高橋 花子\n", ""),
    "an agent nobody named": "requester: guardian\n" + INTAKE,
    "an answer to an agent that is none": "reply: {to: agent}\n" + INTAKE,
    "a day of arrival to come": "arrived_on: 2027-01-01\n" + INTAKE,
    "an anchor that leads nowhere": "person: *nobody\n",
    "a document in a document": INTAKE + "---\n" + INTAKE,
    "something executable": "person: !!python/object/apply:os.system ['true']\n",
    "a date no calendar has": INTAKE.replace("1980-01-05", "1980-02-31"),
}


def test_a_document_nested_too_deep_is_told(shop):
    told(shop, 2, "rights", "open", "-", stdin="[" * 5000, fault=Fault.INPUT)


@pytest.mark.parametrize("case", WRONG_DOCUMENTS)
def test_a_wrong_document_is_told_with_its_place_and_changes_nothing(shop, case):
    said = told(shop, 2, "rights", "open", "-", stdin=WRONG_DOCUMENTS[case], fault=Fault.INPUT)
    if "day of arrival" not in case:
        assert "-:" in said
    assert len(said) < 4000


def test_every_error_of_a_document_is_told_at_once_each_with_its_line(shop):
    text = INTAKE.replace("erase,", "forget,").replace("1980-01-05", "yesterday").replace("  address:", "  adress:")
    found = shop.expect(2, "rights", "open", "-", "--format", "json", stdin=text)
    problems = json.loads(found.errors)["problems"]
    assert {one["line"] for one in problems} >= {4, 6, 9}
    assert all(one["advice"]["ja"] and one["advice"]["en"] for one in problems)


def test_bytes_that_are_no_text_are_told(shop):
    path = shop.write("bytes.yaml", "")
    for content in (b"\xff\xfe\x00\x00", b"\x00" * 100, "name: 高橋".encode("shift_jis")):
        path.write_bytes(content)
        said = told(shop, 2, "rights", "open", path, fault=Fault.INPUT)
        assert str(path) in said


# ── 3: permission, or the order of the steps ─────────────────────────────────────────────────

NOT_NOW = {
    "searched before it was checked": ["rights", "search", "R-2026-0001"],
    "decided before it was searched": ["rights", "decide", "R-2026-0001-1", "approved"],
    "carried out before it was decided": ["rights", "carry-out", "R-2026-0002-1"],
    "dry-run before it was decided": ["rights", "carry-out", "R-2026-0002-1", "--dry-run"],
    "approved on a ground": ["rights", "decide", "R-2026-0002-1", "approved", "--ground", "no_reason"],
    "refused on no ground": ["rights", "decide", "R-2026-0002-1", "refused"],
    "not held though found": ["rights", "decide", "R-2026-0002-1", "not_held"],
    "decided twice": ["rights", "decide", "R-2026-0003-1", "approved"],
    "reviewed though it shows nothing": ["rights", "review", "R-2026-0002-1"],
    "a paper for what has ended": ["rights", "document", "R-2026-0004", "--kind", "form"],
    "a fee for what has ended": ["rights", "fee", "R-2026-0004", "--amount", "500"],
    "checked again": ["rights", "check", "R-2026-0003"],
    "taken back though closed": ["rights", "withdraw", "R-2026-0004"],
    "returned before the day": ["rights", "answer", "R-2026-0001", "--notice", "return"],
    "nothing is missing": ["rights", "answer", "R-2026-0003", "--notice", "missing"],
}


@pytest.mark.parametrize("case", NOT_NOW)
def test_a_step_out_of_order_is_told_and_changes_nothing(shop, case):
    told(shop, 3, *NOT_NOW[case], by="boss", fault=Fault.PERMISSION)


@pytest.mark.parametrize("by", ["nobody-such", "carol"])
@pytest.mark.parametrize(
    "line",
    [
        ["rights", "open", "-"],
        ["rights", "search", "R-2026-0002"],
        ["rights", "carry-out", "R-2026-0003-1"],
        ["rights", "candidates", "R-2026-0002"],
        ["rights", "withdraw", "R-2026-0001"],
        ["runs", "hold", "R-2026-0001", "--ground", "litigation"],
    ],
)
def test_who_may_not_is_told(shop, line, by):
    told(shop, 3, *line, by=by, stdin=INTAKE, fault=Fault.PERMISSION)


def test_the_clerk_who_registered_it_is_told_that_somebody_else_decides(shop):
    assert "Somebody other" in told(shop, 3, "rights", "decide", "R-2026-0002-1", "approved", fault=Fault.PERMISSION)


def test_nobody_named_is_told(shop):
    found = shop.forks.call(shop.folder, "tests.journeys.shop:command", arguments=["rights", "list"], language="en")
    assert found.value == 3
    assert "--as" in found.errors


# ── 0, 1, 4, 5 ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("line", [[], ["rights"], ["rights", "slip"], ["runs"]])
def test_help_is_given_and_no_error(shop, line):
    for words in ([*line, "--help"], line):
        found = shop.forks.call(shop.folder, "tests.journeys.shop:command", arguments=words, language="en")
        assert found.value in {0, 2}
        assert "Usage" in found.printed + found.errors
        _clean(found)


def test_something_still_open_ends_with_one(shop):
    found = shop.expect(1, "rights", "check", "R-2026-0001")
    assert "開示等請求書" in found.printed
    assert shop.expect(1, "rights", "answer", "R-2026-0003").printed


def test_a_store_in_trouble_ends_with_four_and_nothing_is_written(shop):
    path = shop.folder / "shop.sqlite3"
    path.rename(shop.folder / "away")
    try:
        for line in (["rights", "search", "R-2026-0002"], ["rights", "carry-out", "R-2026-0003-1"]):
            assert "shop" in told(shop, 4, *line, fault=Fault.STORE)
    finally:
        (shop.folder / "away").rename(path)
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE orders RENAME TO old")
    try:
        assert "orders" in told(shop, 4, "rights", "search", "R-2026-0002", fault=Fault.STORE)
    finally:
        with sqlite3.connect(path) as connection:
            connection.execute("ALTER TABLE old RENAME TO orders")
    path.rename(shop.folder / "away")
    path.write_bytes(b"this is no database at all" * 100)
    try:
        told(shop, 4, "rights", "search", "R-2026-0002", fault=Fault.STORE)
    finally:
        (shop.folder / "away").replace(path)


def test_what_a_human_must_decide_ends_with_five(shop):
    number = json.loads(shop.expect(0, "rights", "open", "-", "--format", "json", stdin=INTAKE).printed)["number"]
    shop.expect(0, "rights", "document", number, "--kind", "form")
    shop.expect(0, "rights", "document", number, "--kind", "id_copy", "--paper", "drivers_licence")
    shop.expect(0, "rights", "check", number, "--identity-verified")
    shop.expect(0, "rights", "search", number)
    shop.expect(0, "rights", "decide", f"{number}-1", "approved", by="boss")
    with sqlite3.connect(shop.folder / "shop.sqlite3") as connection:
        connection.execute("INSERT INTO customers (id, family_name, email) VALUES (99, '別人', 'hanako@example.com')")
    try:
        told(shop, 5, "rights", "carry-out", f"{number}-1", fault=Fault.JUDGEMENT)
    finally:
        with sqlite3.connect(shop.folder / "shop.sqlite3") as connection:
            connection.execute("DELETE FROM customers WHERE id = 99")


# ── 6 and 130: the installed program itself ──────────────────────────────────────────────────


def program(folder: Path, *arguments: str, **more: Any) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DAICHO_")}
    environment |= {"DAICHO_WORKSPACE": str(folder), "DAICHO_LANG": "en", "PYTHONPATH": f"{ROOT / 'src'}"}
    environment |= more
    return subprocess.Popen(
        [sys.executable, "-c", "from daicho.cli.entry import main; main()", *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    )


def ended(process: subprocess.Popen[str], stdin: str = "") -> Ended:
    out, err = process.communicate(stdin, timeout=60)
    return Ended(process.returncode, None, out, err)


def test_an_installation_that_is_not_ready_ends_with_six_and_says_how_to_mend_it(shop, tmp_path):
    line = ("rights", "search", "R-2026-0002", "--as", "clerk")
    assert ended(program(tmp_path, *line)).code == 6  # no workspace
    (shop.folder / "daicho.toml").write_text('organisation = "copro-holdings"\nrehearsal = "yes"\n', encoding="utf-8")
    assert ended(program(shop.folder, *line, DAICHO_AT=AT)).code == 0
    key = shop.folder / "keys" / "kek.json"
    good = key.read_bytes()
    for breaking in (
        lambda: key.chmod(0o644),
        lambda: key.write_bytes(b"{}"),
        lambda: key.write_bytes(b""),
        key.unlink,
    ):
        breaking()
        found = ended(program(shop.folder, *line, DAICHO_AT=AT))
        assert found.code == 6, found.errors
        assert "kek.json" in found.errors
        assert " → " in found.errors
        _clean(found)
        key.unlink(missing_ok=True)
        key.write_bytes(good)
        key.chmod(0o600)
    for settings in ("colour = 'red'\n", "language = [\n", "language = 'fr'\n", "organisation = 3\n"):
        (shop.folder / "daicho.toml").write_text(settings, encoding="utf-8")
        found = ended(program(shop.folder, *line, DAICHO_AT=AT))
        assert (found.code, "daicho.toml" in found.errors) == (6, True), found.errors
        _clean(found)
    (shop.folder / "daicho.toml").unlink()


@pytest.mark.parametrize("content", [b"", b"no database at all" * 1000])
def test_a_database_of_ours_that_is_none_ends_with_six(shop, tmp_path, content):
    """The same workspace with another file in the database's place."""
    folder = tmp_path / "copy"
    shutil.copytree(shop.folder, folder)
    (folder / "daicho.toml").write_text('rehearsal = "yes"\n', encoding="utf-8")
    for name in ("daicho.sqlite3-wal", "daicho.sqlite3-shm"):
        (folder / name).unlink(missing_ok=True)
    (folder / "daicho.sqlite3").write_bytes(content)
    found = ended(program(folder, "rights", "search", "R-2026-0002", "--as", "clerk", DAICHO_AT=AT))
    _clean(found)
    assert found.code == 6, found.errors


@pytest.mark.parametrize("wait", [0.05, 2.0])
def test_ctrl_c_ends_with_130_at_once_and_leaves_nothing(shop, wait):
    before = _rows(shop)
    (shop.folder / "daicho.toml").write_text('rehearsal = "yes"\n', encoding="utf-8")
    process = program(shop.folder, "rights", "open", "-", "--as", "clerk", DAICHO_AT=AT)
    time.sleep(wait)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    (shop.folder / "daicho.toml").unlink()
    assert process.returncode in {130, -2} if wait < 1 else process.returncode == 130
    assert wait < 1 or "Traceback" not in err
    assert out == ""
    assert _rows(shop) == before
