"""Anchors: checkpoints appended to ``anchors.jsonl``, outside the database. No Django.

Whoever can write to the database can cut its end together with the last checkpoints. They cannot
do that to lines that left the house: copy the file, or each new line, to storage that only grows
(an object store with retention, a mailbox of the auditor, paper). ``daicho trail verify --anchors`` reads it.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from daicho.trail.verification import parse_checkpoint
from daicho.words.errors import InstallationError, Place
from daicho.words.text import Text

ANCHORS_FILE: Final = "anchors.jsonl"
_TAIL_BYTES: Final = 16_000


def last_anchored(path: Path) -> int:
    """The number of the last whole checkpoint in the file; 0 for none, also if there is no file."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL_BYTES))
            lines = file.read().split(b"\n")
    except FileNotFoundError:
        return 0
    except OSError:
        raise _unusable(path) from None
    for line in reversed(lines[:-1]):  # what follows the last line end was torn by a crash
        try:
            return parse_checkpoint(line).statement.number
        except ValueError:
            continue
    return 0


def append_anchors(path: Path, lines: Sequence[bytes]) -> None:
    """Append whole lines durably.

    Raises:
        InstallationError: the file cannot be written; the checkpoints themselves stand.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            start = max(0, size - _TAIL_BYTES)
            tail = os.pread(file.fileno(), _TAIL_BYTES, start)
            if tail and not tail.endswith(b"\n"):  # torn by a crash: its checkpoint is written again
                file.truncate(start + tail.rfind(b"\n") + 1)
            file.write(b"".join(lines))
            os.fsync(file.fileno())
    except OSError:
        raise _unusable(path) from None


def _unusable(path: Path) -> InstallationError:
    return InstallationError(
        Text("アンカーファイルを読み書きできません。", "The anchors file cannot be read or written."),
        advice=Text(
            "所有者、権限、空き容量を確かめ、daicho trail checkpoint をもう一度実行してください。",
            "Check owner, permissions and free space, then run `daicho trail checkpoint` again.",
        ),
        place=Place(path=str(path)),
    )
