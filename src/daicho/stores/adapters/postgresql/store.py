"""A PostgreSQL store: connections kept open, statements prepared, several answered in one round trip."""

import select
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

import psycopg
from psycopg import conninfo, pq

from daicho.stores import refusals
from daicho.stores.adapters.postgresql.catalog import COLUMNS, INDEXES, REFERENCES, read_shape
from daicho.stores.adapters.postgresql.kind import PostgresqlKind
from daicho.stores.adapters.postgresql.wire import register
from daicho.stores.settings import server_of
from daicho.stores.sql.kind import SqlShape
from daicho.stores.sql.pool import Pool
from daicho.stores.sql.store import Ask, SqlStore
from daicho.words.errors import StoreError

Connection = psycopg.Connection[Any]

#: SQLSTATE, or its first two characters → what it means for the caller.
_BUSY: Final = ("55P03", "57014", "40001", "40P01")  # lock or statement timeout, cancelled, serialisation, deadlock
_REFUSED: Final = ("22", "23", "42501", "25006", "44", "P0")  # data, constraint, permission, read-only, view, trigger
_CHANGED: Final = ("42P01", "42703", "42704", "42804", "42883", "42846", "22P02", "3F000", "0A000")
_PERMISSION: Final = "42501"
_ROWS_A_TIME: Final = 1000
_SETTINGS: Final = """
    select set_config('lock_timeout', %(lock)s, false), set_config('statement_timeout', %(statement)s, false),
           set_config('default_transaction_read_only', %(read_only)s, false), set_config('timezone', 'Asia/Tokyo', false),
           set_config('plan_cache_mode', %(plans)s, false), set_config('search_path', '', false)
"""
#: A reader's sets differ in size from call to call, so each is planned for what it is. A writer's are not:
#: the setting would also have every foreign key check planned anew, row by row (measured: twice as slow).
_PLANS: Final = {True: "force_custom_plan", False: "auto"}


def _places(url: str, schema: str) -> frozenset[str]:
    """A schema of a database, and what a user of it may see; nowhere when the address cannot be read."""
    try:
        said = conninfo.conninfo_to_dict(url.replace("postgresql+psycopg://", "postgresql://", 1))
    except psycopg.ProgrammingError:
        return frozenset()
    user = str(said.get("user") or "")
    database = str(said.get("dbname") or user)
    server = server_of(str(said.get("host") or said.get("hostaddr") or ""), str(said.get("port") or ""))
    return frozenset({f"schema:{server}/{database}/{schema}", f"user:{server}/{database}/{user}"})


class PostgresqlStore(SqlStore[Connection]):
    """Two pools: one that can only read, and one for changes and for reading them back."""

    driver_errors = (psycopg.Error, psycopg.Warning, UnicodeError)

    def __init__(
        self, code: str, *, url: str, write_url: str, schema: str, lock_seconds: int, statement_seconds: int
    ) -> None:
        super().__init__(code, PostgresqlKind(schema))
        self.places = _places(url, schema) | _places(write_url, schema)
        self._schema = schema
        self._limits = {"lock": f"{lock_seconds}s", "statement": f"{statement_seconds}s"}
        self._readers = self._pool(url, read_only=True)
        self._writers = self._pool(write_url, read_only=False)
        self._catalog: tuple[Any, SqlShape] | None = None

    def close(self) -> None:
        self._readers.clear()
        self._writers.clear()
        super()._forget()

    def _pool(self, url: str, *, read_only: bool) -> Pool[Connection]:
        return Pool(lambda: self._connect(url, read_only=read_only), usable=_is_quiet, clean=_is_idle, close=_close)

    def _connect(self, url: str, *, read_only: bool) -> Connection:
        connection = self._dial(url)
        register(connection)
        own = {"read_only": "on" if read_only else "off", "plans": _PLANS[read_only]}
        connection.execute(_SETTINGS, {**self._limits, **own})
        connection.prepare_threshold = 1
        return connection

    def _dial(self, url: str) -> Connection:
        written = url.replace("postgresql+psycopg://", "postgresql://", 1)
        if not written.startswith(("postgresql://", "postgres://")) and "=" not in written:
            raise refusals.bad_address(self.code)
        try:
            return psycopg.connect(
                written, autocommit=True, connect_timeout=10, client_encoding="UTF8", application_name="daicho"
            )
        except psycopg.ProgrammingError:
            raise refusals.bad_address(self.code) from None

    def _forget(self) -> None:
        """A prepared statement can be as outdated as ours; it goes with its connection."""
        super()._forget()
        self._readers.clear()
        self._writers.clear()

    def _reading(self) -> AbstractContextManager[Connection]:
        return self._readers.lend()

    def _writing(self) -> AbstractContextManager[Connection]:
        return self._writers.lend()

    def _ask(self, connection: Connection, asks: Sequence[Ask]) -> list[list[Any]]:
        if len(asks) == 1:
            sql, parameters = asks[0]
            return [connection.execute(sql, parameters, binary=True).fetchall()]
        with connection.pipeline():
            cursors = [connection.execute(sql, parameters, binary=True) for sql, parameters in asks]
        return [cursor.fetchall() for cursor in cursors]

    def _stream(self, connection: Connection, ask: Ask) -> Iterator[Any]:
        """A stream read to its end or left in the middle leaves the connection as it was.

        libpq leaves its chunked mode only with a statement outside a pipeline, and the next call
        may open one. A connection that cannot even do that is closed instead of lent again.
        """
        try:
            with connection.cursor(binary=True) as cursor:
                yield from cursor.stream(*ask, binary=True, size=_ROWS_A_TIME)
        finally:
            try:
                connection.execute("")
            except psycopg.Error:
                connection.close()

    def _begin_and_tell(self, connection: Connection, asks: Sequence[Ask]) -> list[int]:
        with connection.pipeline():
            connection.execute("begin")
            connection.execute("set constraints all deferred")
            cursors = [connection.execute(sql, parameters) for sql, parameters in asks]
        self.on_step("changed")
        return [cursor.rowcount for cursor in cursors]

    def _commit(self, connection: Connection) -> None:
        connection.execute("commit")

    def _roll_back(self, connection: Connection) -> None:
        if not connection.closed and not _is_idle(connection):
            connection.execute("rollback")

    def _look_at(self, connection: Connection, tables: Sequence[str] | None) -> SqlShape:
        asked = {"schema": self._schema, "tables": None if tables is None else list(tables)}
        answers = self._ask(connection, [(sql, asked) for sql in (COLUMNS, INDEXES, REFERENCES)])
        if self._catalog is None or self._catalog[0] != answers:
            self._catalog = (answers, read_shape(*answers))
        return self._catalog[1]

    def _is_outdated(self, error: Exception) -> bool:
        """A column was altered under a prepared statement; the statement itself may still be right."""
        return isinstance(error, psycopg.errors.FeatureNotSupported)

    def _say(self, error: Exception, *, changing: bool) -> StoreError:
        state = getattr(error, "sqlstate", None) or ""
        if state.startswith(_BUSY):
            return refusals.busy(self.code, state)
        if state.startswith(_PERMISSION) and not changing:
            return refusals.read_refused(self.code, state)
        if state.startswith(_REFUSED) and changing:
            return refusals.change_refused(self.code, reason=state)
        if state.startswith(_CHANGED):
            return refusals.store_changed(self.code, state)
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) or state.startswith(("08", "53", "57")):
            return refusals.unreachable(self.code, state)
        return refusals.failed(self.code, state or type(error).__name__)


def _is_idle(connection: Connection) -> bool:
    return connection.info.transaction_status == pq.TransactionStatus.IDLE


def _is_quiet(connection: Connection) -> bool:
    """Whether nothing waits to be read: a server that ended the connection has said so. No round trip."""
    if connection.closed or not _is_idle(connection):
        return False
    try:
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(connection.fileno(), select.POLLIN)
            return not poll.poll(0)
        return not select.select([connection.fileno()], [], [], 0)[0]
    except (OSError, psycopg.Error):
        return False


def _close(connection: Connection) -> None:
    connection.close()
