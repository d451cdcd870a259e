"""Reminders where nobody watches: two timers at once, on both databases, and the web server by itself."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.postgres import postgres_database, postgres_server  # noqa: F401 (fixtures)
from tests.site.doors import DAICHO
from tests.work.postbox import Postbox, open_postbox

pytestmark = pytest.mark.slow

POLICY = Path(__file__).parents[2] / "examples" / "staffing-group" / "policy.yaml"
MORNING = "2026-11-24T09:00:00"


class House:
    """A workspace for rehearsals: the first officer's policy waits for the second."""

    def __init__(self, folder: Path, box: Postbox, **more: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DAICHO", "DJANGO"))}
        self.folder = folder
        self.environment = {
            **kept, "DAICHO_WORKSPACE": str(folder), "DAICHO_AT": MORNING, "TEST_SMTP": box.address, **more,
        }  # fmt: skip
        folder.mkdir()
        database = ("--database", "env:DAICHO_DATABASE_URL") if "DAICHO_DATABASE_URL" in more else ()
        self("init", "--organisation", "copro-holdings", "--rehearsal", *database)
        with (folder / "daicho.toml").open("a", encoding="utf-8") as file:
            file.write('mail_server = "env:TEST_SMTP"\nmail_from = "daicho@example.jp"\nremind_at = "08:30"\n')
        for code in ("first", "second"):
            given = () if code == "first" else ("--as", "first")
            self("account", "add", code, "--role", "officer", "--address-from", "-", *given, said=f"{code}@example.com")
        self("policy", "apply", str(POLICY), "--as", "first")
        self("policy", "submit", "--as", "first")

    def start(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [DAICHO, *words], env=self.environment, cwd=self.folder, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def __call__(self, *words: str, said: str = "") -> str:
        process = self.start(*words)
        out, err = process.communicate(said)
        assert process.returncode == 0, (words, err)
        return out


@pytest.fixture
def box() -> Iterator[Postbox]:
    with open_postbox() as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path, box: Postbox) -> House:
    if request.param == "sqlite":
        return House(tmp_path / "house", box)
    return House(tmp_path / "house", box, DAICHO_DATABASE_URL=request.getfixturevalue("postgres_database"))


def count(house: House, statement: str) -> int:
    address = house.environment.get("DAICHO_DATABASE_URL", "")
    if address:
        with psycopg.connect(address) as connection:
            found = connection.execute(statement).fetchone()
    else:
        with sqlite3.connect(house.folder / "daicho.sqlite3") as opened:
            found = opened.execute(statement).fetchone()
    assert found
    return int(found[0])


@pytest.mark.postgres
def test_several_timers_at_once_remind_once(house: House, box: Postbox):
    running = [house.start("mail", "remind", "--format", "json") for _ in range(4)]
    told = []
    for process in running:
        out, err = process.communicate()
        assert process.returncode == 0, err
        told += [(one["account"], one["outcome"]) for one in json.loads(out)["accounts"]]
    assert sorted(code for code, outcome in told if outcome == "queued") == ["second"]
    assert {outcome for code, outcome in told if code == "first"} == {"nothing"}
    assert count(house, "SELECT count(*) FROM people_reminder") == 1
    assert count(house, "SELECT count(*) FROM work_outgoingmail") == 1
    house("mail", "send")
    house("mail", "remind")
    house("mail", "send")
    assert [str(mail["To"]) for mail in box.mails] == ["second@example.com"]
    assert "承認を待つ方針：1 件" in box.text()
    assert count(house, "SELECT count(*) FROM trail_trailentry WHERE event = 'reminder.queued'") == 1


def test_the_web_server_reminds_by_itself(tmp_path: Path, box: Postbox):
    house = House(tmp_path / "house", box)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = house.start("serve", "--port", str(port))
    try:
        for _ in range(600):
            if box.mails:
                break
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert [str(mail["To"]) for mail in box.mails] == ["second@example.com"]
    assert "example.com" not in err
