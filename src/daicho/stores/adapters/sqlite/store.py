"""A SQLite file that other programs may be using."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daicho.stores import refusals
from daicho.stores.sql.local import LocalStore, configure
from daicho.stores.sql.pool import Pool

FileNumber = tuple[int, int]  # device and number: the same file, whatever its name


class _Connection(sqlite3.Connection):
    """A connection that knows which file it opened."""

    file: FileNumber | None = None


class SqliteStore(LocalStore):
    """Reads on connections that cannot write; changes in immediate transactions.

    The file is opened read-write even for reading, so that what a crashed program left half
    written is rolled back by SQLite; ``query_only`` keeps such a connection from changing anything.
    A file that was replaced or removed under an open connection is noticed before each call and
    before each commit.
    """

    def __init__(self, code: str, path: Path, *, busy_seconds: int) -> None:
        super().__init__(code)
        self.places = frozenset({f"file:{path.resolve()}"})
        self._path = path
        self._busy_seconds = busy_seconds
        self._seen: tuple[FileNumber | None, int] = (None, -1)
        self._readers = self._pool(read_only=True)
        self._writers = self._pool(read_only=False)

    def close(self) -> None:
        self._readers.clear()
        self._writers.clear()
        self._forget()

    def _pool(self, *, read_only: bool) -> Pool[_Connection]:
        return Pool(
            lambda: self._connect(read_only=read_only),
            usable=lambda connection: connection.file == self._file(),
            clean=lambda connection: not connection.in_transaction,
            close=lambda connection: connection.close(),
        )

    def _file(self) -> FileNumber | None:
        """The file that stands at the path now; None when there is none."""
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _connect(self, *, read_only: bool) -> _Connection:
        file = self._file()
        if file is None:
            raise refusals.unreachable(self.code, "no such file")
        connection = sqlite3.connect(
            f"{self._path.resolve().as_uri()}?mode=rw",
            uri=True,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
        )
        connection.file = file
        configure(connection, read_only=read_only)
        return connection

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._readers.lend() as connection:
            self._notice_changes(connection)
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._writers.lend() as connection:
            self._notice_changes(connection)
            yield connection

    def _notice_changes(self, connection: _Connection) -> None:
        """Drop the statements when a table was altered; asking costs microseconds."""
        ((version,),) = connection.execute("pragma schema_version")
        if self._seen != (connection.file, version):
            self._forget()
            self._seen = (connection.file, version)

    def _commit(self, connection: sqlite3.Connection) -> None:
        """Committing into a file that no longer stands at its path would change nothing anybody sees."""
        if isinstance(connection, _Connection) and connection.file != self._file():
            raise refusals.unreachable(self.code, "no such file")
        super()._commit(connection)
