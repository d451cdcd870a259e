"""The whole story, told twice in one folder by the command a reader would type."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.demo.conftest import EXAMPLE

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

#: form → what becomes of its claim.
ENDS = {
    "01-disclosure": ("disclosure", "answered"),
    "02-correction": ("correction", "answered"),
    "03-stop-provision": ("stop_provision", "answered"),
    "04-erasure": ("erase", "answered"),
    "05-short-fee": ("disclosure", "noted"),
    "06-ambiguous": ("disclosure", "assessing"),
    "07-entrusted": ("disclosure", "answered"),
}
CANARIES = (
    "yui.t@example.jp",
    "yumi.0214@example.org",
    "tanaka.ke@example.com",
    "090-0214-8502",
    "齋藤",
    "渡邉",
    "山﨑",
)


def _tell(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DAICHO_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, str(EXAMPLE / "demo.py"), "--to", str(folder), *more],
        capture_output=True,
        text=True,
        check=False,
        env=clean,
        timeout=280,
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder after a first telling in Japanese and a second in English."""
    folder = tmp_path_factory.mktemp("story") / "demo"
    for language in ("ja", "en"):
        done = _tell(folder, "--lang", language)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder


@pytest.fixture(scope="module")
def summary(told: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((told / "summary.json").read_text(encoding="utf-8"))
    return found


def test_every_form_ends_as_the_story_says(summary: dict[str, Any]) -> None:
    assert {
        case["form"]: (case["claims"][0]["kind"], case["claims"][0]["state"]) for case in summary["requests"]
    } == ENDS


def test_what_was_changed_was_read_back(summary: dict[str, Any]) -> None:
    changing = [
        case for case in summary["requests"] if case["form"] in {"02-correction", "03-stop-provision", "04-erasure"}
    ]
    assert len(changing) == 3
    for case in changing:
        stores = case["claims"][0]["stores"]
        assert sum(counts["changed"] for counts in stores.values()) > 0
        assert all(counts["changed"] == counts["read_back"] for counts in stores.values())


def test_the_paper_cabinet_was_searched_and_its_paper_shredded(summary: dict[str, Any]) -> None:
    slips = next(case["slips"] for case in summary["requests"] if case["form"] == "04-erasure")
    assert {slip["store"] for slip in slips} == {"nagoya-cabinet"}
    assert [slip["answer"] for slip in slips] == ["found", "done"]


def test_every_file_of_the_summary_is_there_and_letters_are_pdf(told: Path, summary: dict[str, Any]) -> None:
    files = [told / name for case in summary["requests"] for name in case["files"]]
    assert len(files) >= 8
    for path in files:
        assert path.stat().st_size > 0
        assert path.suffix != ".pdf" or path.read_bytes().startswith(b"%PDF-")


def test_form_slips_and_ledger_are_printed(told: Path) -> None:
    made = {path.suffix for path in (told / "ledger").iterdir()}
    assert made == {".pdf", ".xlsx"}
    assert len(list((told / "slips").glob("*.pdf"))) == 2
    assert (told / "form" / "request-form.pdf").read_bytes().startswith(b"%PDF-")
    assert len(list((told / "policy").glob("*.html"))) == 2


def test_the_gaps_of_the_published_policy_are_listed(summary: dict[str, Any]) -> None:
    assert "F-03" in json.dumps(summary["findings"])


def test_the_erased_person_is_gone_from_the_files_and_kept_only_where_a_law_says(told: Path) -> None:
    site = sqlite3.connect(told / "stores" / "genkyari.sqlite3")
    assert site.execute("SELECT count(*) FROM registrants").fetchone()[0] > 1000
    assert site.execute("SELECT count(*) FROM registrants WHERE id = 900004").fetchone() == (0,)
    site.close()
    hr = sqlite3.connect(told / "stores" / "hr.sqlite3")
    assert hr.execute("SELECT count(*) FROM interview_notes WHERE id = 900004").fetchone() == (0,)
    assert hr.execute("SELECT count(*) FROM wage_ledger WHERE staff_no = 'S-900004'").fetchone() == (3,)
    hr.close()
    for path in (told / "stores").glob("*/*.csv"):
        assert len(path.read_bytes()) > 500
        assert b"yumi.0214" not in path.read_bytes()


def test_the_address_is_corrected_in_the_csv_folder(told: Path) -> None:
    lines = (told / "stores" / "exports" / "mailing_list.csv").read_text(encoding="cp932").splitlines()
    mine = [line for line in lines if line.startswith("M900002")]
    assert len(mine) == 1
    assert "一宮市" in mine[0]


def test_the_trail_is_whole_and_the_tampered_copy_was_caught(summary: dict[str, Any]) -> None:
    assert summary["trail"]["verified"] is True
    assert summary["trail"]["entries"] > 100
    assert summary["trail"]["tampered_caught"] == ["edited-entry"]


def test_no_personal_value_stands_in_the_trail_or_in_the_database(told: Path) -> None:
    kept = [told / "trail" / "trail.jsonl", *(told / "workspace").glob("*.sqlite3*")]
    assert len(kept) >= 2
    for path in kept:
        content = path.read_bytes()
        assert [word for word in CANARIES if word.encode() in content] == [], path.name


def test_nothing_is_left_running_and_no_server_folder_remains(told: Path) -> None:
    assert not (told / "postgresql").exists()
    seen = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(told) not in seen


def test_it_refuses_a_folder_that_holds_something_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    done = _tell(tmp_path, "--lang", "en")
    assert done.returncode == 2
    assert "did not make" in done.stdout
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_an_interrupted_telling_leaves_nothing_running_and_can_be_told_again(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DAICHO_", "DJANGO_"))}
    first = subprocess.Popen(
        [sys.executable, str(EXAMPLE / "demo.py"), "--to", str(folder), "--lang", "en"],
        stdout=subprocess.PIPE,
        text=True,
        env=clean,
    )
    assert first.stdout is not None
    for line in first.stdout:
        if line.startswith("$ daicho init"):
            break
    first.send_signal(signal.SIGINT)
    rest = first.stdout.read()
    first.stdout.close()
    assert first.wait(30) == 130, rest
    assert not (folder / "postgresql").exists()
    assert _tell(folder, "--lang", "en").returncode == 0


def test_the_web_door_opens_on_what_was_told_and_keeps_the_crm(told: Path, tmp_path: Path):
    """`make serve`: a copy of the folder, a free port, the one-time link, an orderly end."""
    folder = tmp_path / "demo"
    shutil.copytree(told, folder)
    (folder / "stores" / "crm" / "contacts").rename(tmp_path / "before")
    shutil.copy(tmp_path / "before", folder / "stores" / "crm" / "contacts")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DAICHO_", "DJANGO_"))}
    process = subprocess.Popen(
        [sys.executable, str(EXAMPLE / "serve.py"), "--to", str(folder), "--port", str(port), "--lang", "en"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=clean,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        link = next((line.strip() for line in process.stdout if "/people/invited/" in line), "")
        assert link.startswith(f"http://localhost:{port}/")
        for _ in range(200):
            try:
                with urllib.request.urlopen(link, timeout=5) as page:  # noqa: S310 (our own address)
                    assert "kanri" in page.read().decode()
                break
            except OSError:
                time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    kept = sorted((folder / "stores" / "crm" / "contacts").read_text().splitlines())
    assert kept == sorted((tmp_path / "before").read_text().splitlines())
    assert kept
