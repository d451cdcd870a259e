"""What every command knows: workspace, language, output format, who acts, and the time."""

import gc
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from rich.console import Console

from daicho.words.errors import InputError, InstallationError, NotAllowedError
from daicho.words.scope import Scope
from daicho.words.text import Language, Text

TOKYO = ZoneInfo("Asia/Tokyo")


class Format(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"


@dataclass(slots=True)
class Context:
    """Built once per command by `daicho.cli.main`."""

    language: Language | None = None
    format: Format = Format.TEXT
    actor: str = ""
    out: IO[str] = field(default_factory=lambda: sys.stdout)
    err: IO[str] = field(default_factory=lambda: sys.stderr)
    _ready: bool = False

    @property
    def spoken(self) -> Language:
        """The language of messages: ``--lang``, ``DAICHO_LANG``, the workspace, else Japanese."""
        if self.language:
            return self.language
        named = os.environ.get("DAICHO_LANG", "")
        if named in set(Language):
            return Language(named)
        if self._ready:
            from django.conf import settings  # noqa: PLC0415 (most commands need no Django)

            return Language(settings.WORKSPACE.language)
        return Language.JA

    def say(self, text: Text) -> str:
        """The sentence in the language spoken."""
        return text.say(self.spoken)

    def at(self) -> datetime:
        """Now, in Asia/Tokyo: the one clock of a command.

        ``DAICHO_AT`` (ISO 8601) sets it, for commands that touch no workspace and in workspaces made
        for rehearsals; nobody can backdate an act of a real one.
        """
        named = os.environ.get("DAICHO_AT")
        if not named:
            return datetime.now(TOKYO)
        if self._ready and not (self.workspace.rehearsal or os.environ.get("DAICHO_TESTING")):
            raise InstallationError(
                Text(
                    "この作業フォルダでは DAICHO_AT で時刻を変えられません。",
                    "DAICHO_AT does not set the clock in this workspace.",
                ),
                advice=Text(
                    "DAICHO_AT を外すか、練習用の作業フォルダ（daicho init --rehearsal）を使ってください。",
                    "Unset DAICHO_AT, or use a workspace made with `daicho init --rehearsal`.",
                ),
            )
        try:
            found = datetime.fromisoformat(named)
        except ValueError as error:
            raise InputError(
                Text("DAICHO_AT が日時ではありません。", "DAICHO_AT is not a date and time."),
                advice=Text("2026-11-24T10:00:00 の形で指定してください。", "Write it as 2026-11-24T10:00:00."),
            ) from error
        return found if found.tzinfo else found.replace(tzinfo=TOKYO)

    def today(self) -> date:
        """The calendar day in Asia/Tokyo."""
        return self.at().astimezone(TOKYO).date()

    def ready(self, *, fresh: bool = False) -> "Context":
        """Set up Django on the workspace.

        Args:
            fresh: the workspace may still be without a settings file (``daicho init``).

        Raises:
            InstallationError: there is no workspace here.
        """
        if not self._ready:
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daicho.site.settings")
            import django  # noqa: PLC0415
            from django.conf import settings  # noqa: PLC0415

            if not fresh and not settings.WORKSPACE.exists and not os.environ.get("DAICHO_TESTING"):
                raise InstallationError(
                    Text("ここには Daicho の作業フォルダがありません。", "There is no Daicho workspace here."),
                    advice=Text(
                        "daicho init で作るか、--workspace で場所を示してください。",
                        "Make one with `daicho init`, or name it with --workspace.",
                    ),
                )
            django.setup()
            gc.collect()
            gc.freeze()  # what starting made stays for good: the collector need not walk it again,
            gc.set_threshold(200_000, 20, 20)  # and a batch of people makes many small objects that are no cycles
            self._ready = True
        return self

    @property
    def workspace(self) -> Any:
        """The workspace (`daicho.site.workspace.Workspace`) in use."""
        from django.conf import settings  # noqa: PLC0415

        return settings.WORKSPACE

    def scope(self) -> Scope:
        """Who acts and for whom: ``--as`` or ``DAICHO_AS``.

        Raises:
            NotAllowedError: nobody is named, or the account may not act.
        """
        self.ready()
        code = self.actor or os.environ.get("DAICHO_AS", "")
        if not code:
            raise NotAllowedError(
                Text("誰の操作か示されていません。", "Nobody is named as acting."),
                advice=Text(
                    "--as コード または DAICHO_AS を指定してください。", "Name an account with --as CODE or DAICHO_AS."
                ),
            )
        from daicho.people.queries import get_actor  # noqa: PLC0415

        return get_actor(code, at=self.at())

    def show(self, data: Any, text: Callable[[Console], None] | None = None) -> None:
        """Print a result: ``data`` as JSON, or whatever ``text`` prints."""
        if self.format == Format.JSON or text is None:
            self.out.write(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n")
            return
        text(self.console())

    def console(self, *, err: bool = False) -> Console:
        """A rich console on the output (or error) stream."""
        return Console(file=self.err if err else self.out, soft_wrap=True, highlight=False)


_current = Context()


def current() -> Context:
    """The context of the running command."""
    return _current


def set_current(context: Context) -> None:
    """Called by `daicho.cli.main` before a command runs."""
    global _current  # noqa: PLW0603 (one command runs at a time in a process)
    _current = context


def read_input(path: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``.

    Raises:
        InputError: with the path, when it cannot be read.
    """
    from daicho.words.errors import Place  # noqa: PLC0415

    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            Text("ファイルを読めません。", "The file cannot be read."),
            advice=Text("場所と読み取り権限を確かめてください。", "Check the path and the permission to read it."),
            place=Place(path=path),
        ) from error


def columns(rows: Sequence[Sequence[object]], *, headings: Sequence[str]) -> Callable[[Console], None]:
    """A printer of a plain table."""
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    def show(console: Console) -> None:
        table = Table(*headings, box=None, pad_edge=False, header_style="bold")
        for row in rows:
            table.add_row(*("" if value is None else escape(str(value)) for value in row))
        console.print(table)

    return show
