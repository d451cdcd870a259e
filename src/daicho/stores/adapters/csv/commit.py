"""Changing several files as one: all of them or none, also when the machine stops.

What one commit holds, and what a crash leaves:

1. Every new content is written beside its file (``.daicho-<n>.new``) and flushed to the disk.
   A crash leaves strays; the next call throws them away. Nothing has changed.
2. The journal (``.daicho-journal``) is renamed into place. **This is the moment of the commit.**
3. Every new content is renamed over its file, then the journal is removed. A crash leaves the
   journal; the next call renames what is left and removes it. Everything has changed.

One writer at a time holds the lock file; readers share it, so that nobody reads between two
renames. Programs that do not know the lock are noticed by the files' size and time.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

LOCK: Final = ".daicho-lock"
JOURNAL: Final = ".daicho-journal"
STAGED: Final = ".daicho-{}.new"
Write = Callable[[BinaryIO], None]


class FolderBusyError(OSError):
    """Another writer holds the folder, or a change of it cannot be finished here."""


class Folder:
    """The files of one store."""

    def __init__(self, path: Path, *, lock_seconds: int, on_step: Callable[[str], None]) -> None:
        self.path = path
        self._lock_seconds = lock_seconds
        self._on_step = on_step

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Nobody changes the files in this block; a change that was cut short is finished first."""
        if self._left_over():
            with self.writing():
                pass
        try:
            lock = self._open_lock()
        except PermissionError:
            lock = None  # not ours to write in: no Daicho writes here either
        if lock is None:
            yield
            return
        with os.fdopen(lock):
            self._wait(lock, fcntl.LOCK_SH)
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Only this block changes the files; a change that was cut short is finished first."""
        lock = self._open_lock()
        with os.fdopen(lock):
            self._wait(lock, fcntl.LOCK_EX)
            self._recover()
            yield

    def commit(self, files: Mapping[str, Write], still_ours: Callable[[], None]) -> None:
        """Replace files by what each ``Write`` writes; ``still_ours`` raises when one was touched meanwhile."""
        staged = {name: STAGED.format(number) for number, name in enumerate(files)}
        try:
            for name, write in files.items():
                self._stage(name, staged[name], write)
                self._on_step("staged")
            still_ours()
            self._write_journal(staged)
        except BaseException:
            if not (self.path / JOURNAL).exists():
                self._sweep()
            raise
        self._on_step("journal")
        for name, new in staged.items():
            (self.path / new).replace(self.path / name)
            self._on_step("replaced")
        self._finish()
        self._on_step("finished")

    def _open_lock(self) -> int:
        return os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _wait(self, lock: int, kind: int) -> None:
        until = time.monotonic() + self._lock_seconds
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(lock, kind | fcntl.LOCK_NB)
                return
            if time.monotonic() >= until:
                raise FolderBusyError
            time.sleep(0.02)

    def _left_over(self) -> bool:
        return (self.path / JOURNAL).exists() or any(self.path.glob(STAGED.format("*")))

    def _recover(self) -> None:
        """Finish what has a journal, throw away what has none. Only under the exclusive lock."""
        journal = self.path / JOURNAL
        if journal.exists():
            for name, new in json.loads(journal.read_text(encoding="utf-8")).items():
                if (self.path / new).exists():
                    (self.path / new).replace(self.path / name)
            self._finish()
        self._sweep()

    def _sweep(self) -> None:
        for stray in self.path.glob(STAGED.format("*")):
            stray.unlink(missing_ok=True)

    def _stage(self, name: str, new: str, write: Write) -> None:
        with (self.path / new).open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            write(file)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(self.path / name, self.path / new)
        was = (self.path / name).stat()
        with suppress(PermissionError):
            os.chown(self.path / new, was.st_uid, was.st_gid)

    def _write_journal(self, staged: Mapping[str, str]) -> None:
        draft = self.path / STAGED.format("journal")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(staged, file)
            file.flush()
            os.fsync(file.fileno())
        self._flush_folder()
        draft.replace(self.path / JOURNAL)
        self._flush_folder()

    def _finish(self) -> None:
        self._flush_folder()
        (self.path / JOURNAL).unlink(missing_ok=True)
        self._flush_folder()

    def _flush_folder(self) -> None:
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
