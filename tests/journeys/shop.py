"""A workspace on real files for journeys by the command line, and the function every fork calls."""

import io
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.rights.forks import Ended, Forks

AT = "2026-11-24T10:00:00+09:00"


def build(statements: Sequence[str] = (), cabinet: int = 0) -> None:
    """The desk of `tests.rights.desk` in this fork's workspace, its shop changed by ``statements``."""
    from django.conf import settings
    from django.core.management import call_command

    from tests.rights.carried import _close
    from tests.rights.desk import open_desk

    call_command("migrate", verbosity=0)
    desk = open_desk(settings.WORKSPACE.folder, cabinet=bool(cabinet))
    for statement in statements:
        desk.run(statement)
    _close()


def warm() -> None:
    """Import what commands import, and parse what they parse, once in the parent."""
    from daicho.cli.main import run
    from daicho.rights.actions import answering, noticing, printing, submitting
    from daicho.rights.queries import list_requests
    from tests.rights.carried import _close

    assert all((answering, noticing, printing, submitting, list_requests))
    os.environ["DAICHO_AT"] = AT
    for line in ("rights list --as clerk", "runs list --as boss", "stops list --as clerk", "trail list --as boss"):
        out, err = io.StringIO(), io.StringIO()
        assert run(line.split(), out=out, err=err) == 0, err.getvalue()
    _close()


def command(arguments: list[str], *, stdin: str = "", language: str = "ja", log: str = "") -> int:
    """One command as the installed program would run it; everything anybody logs goes to the file ``log``."""
    from daicho.cli.main import run

    os.environ |= {"DAICHO_AT": AT, "DAICHO_LANG": language}
    if log:
        logging.basicConfig(filename=log, level=logging.DEBUG, encoding="utf-8", force=True)
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    return run(arguments)


class Shop:
    """The workspace as somebody at a terminal sees it."""

    def __init__(self, forks: Forks, folder: Path) -> None:
        self.forks, self.folder = forks, folder
        self.said: list[tuple[str, Ended]] = []

    def __call__(
        self, *arguments: object, by: str = "clerk", stdin: str = "", language: str = "ja", shows: bool = False
    ) -> Ended:
        """Run a command. ``shows``: it is meant to show personal values, so what it says is not kept for the search."""
        words = [str(one) for one in (*arguments, "--as", by)]
        ended = self.forks.call(
            self.folder,
            "tests.journeys.shop:command",
            arguments=words,
            stdin=stdin,
            language=language,
            log=str(self.folder / "everything.log"),
        )
        assert ended.code == 0, ended.errors  # the fork itself; the command's own code is its value
        found = Ended(ended.value, None, ended.printed, ended.errors)
        if not shows:
            self.said.append((" ".join(words), found))
        return found

    def expect(self, code: int, *arguments: Any, **more: Any) -> Ended:
        found = self(*arguments, **more)
        assert found.code == code, (arguments, found.code, found.printed, found.errors)
        return found

    def write(self, name: str, text: str) -> Path:
        path = self.folder.parent / f"{self.folder.name}-post"
        path.mkdir(exist_ok=True)
        (path / name).write_text(text, encoding="utf-8")
        return path / name
