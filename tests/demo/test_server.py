"""The packaged server starts in a folder, leaves nothing behind, and survives an unclean end."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import server  # type: ignore[import-not-found]

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

KILLED = """
import sys, pathlib, time
sys.path.insert(0, sys.argv[1])
import server  # type: ignore[import-not-found]
with server.running(pathlib.Path(sys.argv[2])):
    print("up", flush=True)
    time.sleep(60)
"""


def _alive(places: server.Places) -> bool:
    return server._pid_of(places) is not None


def test_it_leaves_nothing_running_and_nothing_behind(tmp_path: Path) -> None:
    with server.running(tmp_path) as url:
        places = server.Places(**json.loads((tmp_path / server.NOTE).read_text()))
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert _alive(places)
    assert not _alive(places)
    assert not Path(places.data).exists()
    assert not Path(places.scratch).exists()
    assert list(tmp_path.iterdir()) == []


def test_it_is_stopped_when_the_body_fails(tmp_path: Path) -> None:
    seen: list[server.Places] = []

    def interrupted() -> None:
        with server.running(tmp_path):
            seen.append(server.Places(**json.loads((tmp_path / server.NOTE).read_text())))
            assert _alive(seen[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not _alive(seen[0])


def test_a_second_run_clears_what_a_killed_run_left(tmp_path: Path, example: Path) -> None:
    first = subprocess.Popen([sys.executable, "-c", KILLED, str(example), str(tmp_path)], stdout=subprocess.PIPE)
    assert first.stdout is not None
    assert first.stdout.readline() == b"up\n"
    places = server.Places(**json.loads((tmp_path / server.NOTE).read_text()))
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    first.stdout.close()
    with server.running(tmp_path) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    deadline = time.monotonic() + 5
    while _alive(places) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(places)
    assert not Path(places.scratch).exists()


def test_a_note_cut_short_does_not_stop_the_next_run(tmp_path: Path) -> None:
    (tmp_path / server.NOTE).write_text('{"binaries": "/x", "da')
    assert server.clear_leftovers(tmp_path) is False
    assert not (tmp_path / server.NOTE).exists()


def test_a_recycled_process_number_is_not_taken_for_the_server(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert server._pid_of(server.Places(binaries="x", data=str(data), scratch="y")) is None
