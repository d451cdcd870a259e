"""Tells the story: prints each command as a person would type it, runs it in this process, shows its answer."""

import io
import json
import os
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text as Line

from daicho.cli import main
from daicho.words.text import Language, Text

SHOWN_LINES = 14
PLAIN_WIDTH = 110  # of a log or a pipe


class StoryError(Exception):
    """A command ended otherwise than the story expects."""


class Story:
    """One telling. ``at`` is the moment in the story, given to every command by ``DAICHO_AT``."""

    def __init__(self, *, language: Language, console: Console | None = None) -> None:
        self.language = language
        self.console = console or Console(
            highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PLAIN_WIDTH
        )
        self.began = time.monotonic()
        self.timings: dict[str, float] = {}
        self.commands = 0

    def say(self, ja: str, en: str) -> None:
        """One sentence between the commands."""
        self.console.print(Line(Text(ja, en).say(self.language)))

    def chapter(self, code: str, ja: str, en: str) -> None:
        """Begin a chapter and note how long the one before took."""
        self.timings[code] = time.monotonic()
        seconds = time.monotonic() - self.began
        self.console.print()
        self.console.print(Rule(f"[bold]{Text(ja, en).say(self.language)}[/] [dim]{seconds:.1f} s[/]", align="left"))

    def day(self, moment: str) -> None:
        """Move the story to a moment (ISO 8601, Asia/Tokyo)."""
        os.environ["DAICHO_AT"] = f"{moment}+09:00"

    def run(self, *words: str | Path, by: str = "", ends: Sequence[int] = (0,), lines: int = SHOWN_LINES) -> str:
        """Run one command, show it and the first lines of its answer; return the whole answer.

        ``ends`` are the exit codes the story expects here.

        Raises:
            StoryError: another exit code.
        """
        arguments = [_as_typed(word) for word in words]
        typed = ["daicho", *(["--as", by] if by else []), *arguments]
        self.console.print(Line(f"$ {shlex.join(typed)}", style="cyan"))
        code, answer = self._call([*typed[1:]])
        self._show(answer, lines)
        if code not in ends:
            self._show("\n".join(answer.rstrip().splitlines()[lines:]), len(answer))
            raise StoryError(f"`{shlex.join(typed)}` ended with {code}, not with {' or '.join(map(str, ends))}")
        if code:
            self.console.print(Line(f"    → exit {code}", style="dim"))
        return answer

    def ask(self, *words: str | Path, by: str = "") -> Any:
        """Run one command quietly with ``--format json`` and return what it says."""
        arguments = [*(["--as", by] if by else []), *(_as_typed(word) for word in words), "--format", "json"]
        code, answer = self._call(arguments)
        try:
            return json.loads(answer)
        except ValueError as error:
            raise StoryError(
                f"`daicho {shlex.join(arguments)}` ended with {code} and without JSON: {answer[:300]}"
            ) from error

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "") -> None:
        """A plain table."""
        table = Table(*headings, title=title or None, title_justify="left", header_style="bold")
        for row in rows:
            table.add_row(*(str(cell) for cell in row))
        self.console.print(table, soft_wrap=False)

    def _call(self, arguments: Sequence[str]) -> tuple[int, str]:
        self.commands += 1
        out = io.StringIO()
        code = main.run([*arguments, "--lang", str(self.language)], out=out, err=out)
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        return code, out.getvalue()

    def _show(self, answer: str, lines: int) -> None:
        written = answer.rstrip().splitlines()
        for line in written[:lines]:
            self.console.print(Line(f"    {line}"))
        if len(written) > lines:
            more = len(written) - lines
            self.say(f"    … ほか {more} 行", f"    … {more} more lines")


INTERRUPTED = 130


def _as_typed(word: str | Path) -> str:
    """A path as a person in this folder would type it."""
    if not isinstance(word, Path):
        return word
    path = word.resolve()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
