"""The engine on a SQLite connection: a database file, or other files loaded into one."""

import sqlite3
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Final

from daicho.stores import refusals
from daicho.stores.sql.kind import SqlShape
from daicho.stores.sql.sqlite import SqliteKind, read_shape
from daicho.stores.sql.store import Ask, SqlStore
from daicho.words.errors import StoreError

#: Names of SQLite's primary result codes → what they mean for the caller.
_BUSY: Final = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL", "SQLITE_INTERRUPT")
_AWAY: Final = ("SQLITE_READONLY_DBMOVED", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_FULL", "SQLITE_NOMEM")
_REFUSED: Final = (
    "SQLITE_CONSTRAINT",
    "SQLITE_READONLY",
    "SQLITE_MISMATCH",
    "SQLITE_TOOBIG",
    "SQLITE_AUTH",
    "SQLITE_PERM",
)


class LocalStore(SqlStore[sqlite3.Connection]):
    """What all stores on SQLite share; they differ in where a connection comes from."""

    driver_errors: ClassVar[tuple[type[Exception], ...]] = (sqlite3.Error, sqlite3.Warning, UnicodeError)

    def __init__(self, code: str, kind: SqliteKind | None = None) -> None:
        super().__init__(code, kind or SqliteKind())

    @abstractmethod
    def _reading(self) -> AbstractContextManager[sqlite3.Connection]: ...

    @abstractmethod
    def _writing(self) -> AbstractContextManager[sqlite3.Connection]: ...

    def _ask(self, connection: sqlite3.Connection, asks: Sequence[Ask]) -> list[list[Any]]:
        return [connection.execute(sql, parameters).fetchall() for sql, parameters in asks]

    def _stream(self, connection: sqlite3.Connection, ask: Ask) -> Iterator[Any]:
        sql, parameters = ask
        cursor = connection.execute(sql, parameters)
        try:
            yield from cursor
        finally:
            cursor.close()

    def _begin_and_tell(self, connection: sqlite3.Connection, asks: Sequence[Ask]) -> list[int]:
        connection.execute("begin immediate")
        connection.execute("pragma defer_foreign_keys = on")
        counts = []
        for sql, parameters in asks:
            counts.append(connection.execute(sql, parameters).rowcount)
            self.on_step("changed")
        return counts

    def _commit(self, connection: sqlite3.Connection) -> None:
        connection.execute("commit")

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute("rollback")

    def _look_at(self, connection: sqlite3.Connection, tables: Sequence[str] | None) -> SqlShape:
        return read_shape(connection, tables)

    def _say(self, error: Exception, *, changing: bool) -> StoreError:
        name: str = getattr(error, "sqlite_errorname", None) or type(error).__name__
        if name.startswith(_BUSY):
            return refusals.busy(self.code, name)
        if name.startswith(_AWAY):
            return refusals.unreachable(self.code, name)
        if name.startswith(_REFUSED) and changing:
            return refusals.change_refused(self.code, reason=name)
        if name == "SQLITE_ERROR" and "no such" in str(error):
            return refusals.store_changed(self.code)
        return refusals.failed(self.code, name)


def configure(connection: sqlite3.Connection, *, read_only: bool) -> None:
    """What every connection of a store is set to."""
    connection.execute("pragma foreign_keys = on")
    if read_only:
        connection.execute("pragma query_only = on")
