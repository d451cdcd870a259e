"""The folder of a demo: whose it is, who works in it, and what of the reader's settings has no say there."""

import contextlib
import fcntl
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from daicho.words.text import Language, Text

MARK = ".made-by-daicho-demo"


class FolderError(Exception):
    """The folder cannot be used; the message says why."""


def spoken() -> Language:
    """``DAICHO_LANG``; English in an English locale; otherwise Japanese, the language of the desk."""
    named = os.environ.get("DAICHO_LANG", "")
    if named in set(Language):
        return Language(named)
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return Language.EN if locale.startswith("en") else Language.JA


def forget_settings() -> None:
    """Settings of an installation or a PostgreSQL of the reader's own have no say in the story."""
    for name in list(os.environ):
        if name.startswith("PG") or (name.startswith("DAICHO_") and name != "DAICHO_TRACEBACK"):
            del os.environ[name]
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot show a character does not end the story


@contextlib.contextmanager
def alone(folder: Path, language: Language) -> Iterator[None]:
    """Keep a second telling, or a web door on the same folder, out meanwhile."""
    with (folder / MARK).open("w") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderError(
                Text(f"{folder} では別のデモが動いています。", f"Another demo is running in {folder}.").say(language)
            ) from None
        yield
