"""Processes that can be killed: one parent with everything imported, a fork for every call.

A fork costs some ten milliseconds instead of the second that Python and Django need to start, so a
run can be killed at every single step. Every fork opens the workspace's own database file and its
stores anew. The program is this file; the tests speak to it through `Forks`, a line of JSON a call.
"""

import contextlib
import importlib
import io
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a fork ended: its exit code, what its function returned, what it printed on both streams."""

    code: int
    value: Any
    printed: str
    errors: str


class Forks:
    """The parent process, seen from the tests."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DAICHO_")}
        environment |= {
            "DJANGO_SETTINGS_MODULE": "daicho.site.settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DAICHO_TESTING": "1",
        }
        self._process = subprocess.Popen(
            [sys.executable, __file__], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)

    def start(self, folder: Path, function: str, **arguments: Any) -> int:
        """Fork and call ``module:name`` in the workspace ``folder``; the fork's number."""
        self._say({"do": "start", "folder": str(folder), "function": function, "arguments": arguments})
        started: int = self._hear()["pid"]
        return started

    def warm(self, folder: Path, function: str, **arguments: Any) -> None:
        """Call in the parent itself, so that what it parses and caches need not be parsed by every fork.

        It must close what it opens: a connection does not survive a fork.
        """
        self._say({"do": "warm", "folder": str(folder), "function": function, "arguments": arguments})
        self._hear()

    def wait(self, pid: int) -> Ended:
        """Wait for a fork to end."""
        self._say({"do": "wait", "pid": pid})
        return Ended(**self._hear())

    def call(self, folder: Path, function: str, **arguments: Any) -> Ended:
        """Start and wait; whatever happens."""
        return self.wait(self.start(folder, function, **arguments))

    def get(self, folder: Path, function: str, **arguments: Any) -> Any:
        """As `call`, for a call that must succeed: what it returned."""
        ended = self.call(folder, function, **arguments)
        assert ended.code == 0, ended.errors
        return ended.value

    def _say(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the parent of the forks has ended"
        heard: dict[str, Any] = json.loads(line)
        return heard


# ── in the parent ────────────────────────────────────────────────────────────────────────────


def _serve() -> None:
    import django

    django.setup()
    for line in sys.stdin:
        message = json.loads(line)
        answer: dict[str, Any] = {}
        if message["do"] == "warm":
            _enter(Path(message["folder"]))
            _function(message["function"])(**message["arguments"])
        elif message["do"] == "start":
            answer = {"pid": _fork(message)}
        else:
            pid = message["pid"]
            _, status = os.waitpid(pid, 0)
            answer = {"code": os.waitstatus_to_exitcode(status), **_left_by(pid)}
        print(json.dumps(answer), flush=True)  # noqa: T201


def _traces(pid: int) -> tuple[Path, Path, Path]:
    folder = Path(os.environ.get("TMPDIR", "/tmp"))  # noqa: S108 (names carry the pid; removed when read)
    return tuple(folder / f"daicho-fork-{os.getuid()}-{pid}.{end}" for end in ("json", "out", "err"))  # type: ignore[return-value]


def _left_by(pid: int) -> dict[str, Any]:
    value, out, err = _traces(pid)
    found = {
        "value": json.loads(value.read_text(encoding="utf-8")) if value.exists() else None,
        "printed": out.read_text(encoding="utf-8") if out.exists() else "",
        "errors": err.read_text(encoding="utf-8") if err.exists() else "",
    }
    for path in (value, out, err):
        path.unlink(missing_ok=True)
    return found


def _fork(message: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    value, out, err = _traces(os.getpid())
    with (
        out.open("w", encoding="utf-8", buffering=1) as printed,
        err.open("w", encoding="utf-8", buffering=1) as errors,
    ):
        for stream, number in ((printed, 1), (errors, 2)):
            os.dup2(stream.fileno(), number)
        sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb", 0), encoding="utf-8", write_through=True)
        sys.stderr = io.TextIOWrapper(os.fdopen(2, "wb", 0), encoding="utf-8", write_through=True)
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 (the fork ends with it)
        code = 1
        try:
            _enter(Path(message["folder"]))
            returned = _function(message["function"])(**message["arguments"])
            value.write_text(json.dumps(returned, default=str), encoding="utf-8")
            code = 0
        except BaseException:  # noqa: BLE001 (the fork tells the test and ends)
            traceback.print_exc()
        finally:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
            os._exit(code)


def _function(name: str) -> Any:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def _enter(folder: Path) -> None:
    """Point the settings of this fork at a workspace of its own, before anything is opened."""
    from django.conf import settings
    from django.db import connections

    from daicho.site.workspace import DATABASE_FILE

    os.environ["DAICHO_WORKSPACE"] = str(folder)
    settings.WORKSPACE = replace(settings.WORKSPACE, folder=folder, exists=True)
    connections["default"].settings_dict["NAME"] = str(folder / DATABASE_FILE)
    os.chdir(folder)


@contextlib.contextmanager
def forks() -> Iterator[Forks]:
    """A parent for the tests of one module."""
    with Forks() as parent:
        yield parent


if __name__ == "__main__":
    _serve()
