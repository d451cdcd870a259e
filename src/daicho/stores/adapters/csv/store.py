"""A folder of CSV files, loaded into a private SQLite file and asked there in SQL.

The SQLite file has no name and no other reader; the system removes it with the process. A
file of the folder is loaded when a plan speaks of it, and again when its size, time or number
changed. A change runs in SQLite first, where counts and guards are compared; the rows it
touched are then written back by `daicho.stores.adapters.csv.commit`, which says what a crash
leaves. Rows that are not touched keep their bytes: quotes, spaces, line ends.
"""
# ruff: noqa: S608 (names of tables and columns are quoted by `_name`; values are parameters)

import sqlite3
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

from sqlalchemy.types import NullType

from daicho.stores import refusals
from daicho.stores.adapters.csv.commit import Folder, FolderBusyError
from daicho.stores.adapters.csv.records import BadRecordError, check_header, read_records, rewrite
from daicho.stores.plan import StorePlan
from daicho.stores.port import Capability
from daicho.stores.shape import ColumnShape, ColumnType, StoreShape, TableShape
from daicho.stores.sql.kind import SqlColumn, SqlShape
from daicho.stores.sql.local import LocalStore
from daicho.stores.sql.sqlite import SqliteKind
from daicho.stores.sql.statements import PlanStatements
from daicho.stores.sql.store import Ask
from daicho.words.errors import StoreError
from daicho.words.text import Text

Stamp = tuple[int, int, int]  # number, size, time of last change: another one is another content
NOWHERE: Final = (0, 0, 0)  # a file that went away just now: loaded again, or missed, at the next call
TOUCHED: Final = ".daicho touched"  # no file can have this name: hidden files are no tables
_PART: Final = 500


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A file as it was loaded."""

    path: Path
    stamp: Stamp
    columns: tuple[str, ...]


class TextKind(SqliteKind):
    """A CSV file cannot tell an empty text from no value."""

    def literal(self, value: Any, column: SqlColumn) -> Any:
        return super().literal(value, column) if value != "" else None


class CsvStore(LocalStore):
    """Every value is a text, an empty text is no value, and no index is missed."""

    capabilities = frozenset(Capability) - {Capability.TYPED}
    driver_errors = (*LocalStore.driver_errors, OSError)

    def __init__(
        self,
        code: str,
        folder: Path,
        *,
        encoding: str,
        delimiter: str,
        keys: Mapping[str, tuple[str, ...]],
        lock_seconds: int,
    ) -> None:
        super().__init__(code, TextKind())
        self.places = frozenset({f"folder:{folder.resolve()}"})
        self._folder = Folder(folder, lock_seconds=lock_seconds, on_step=self._tell_step)
        self._read_records = partial(read_records, encoding=encoding, delimiter=delimiter)
        self._rewrite = partial(rewrite, encoding=encoding, delimiter=delimiter)
        self._keys = keys
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._loaded: dict[str, _Loaded] = {}

    def close(self) -> None:
        with self._lock:
            self._start_anew()

    def _tell_step(self, name: str) -> None:
        self.on_step(name)

    # Connections: one private database, used by one call at a time.

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._folder.reading():
            connection = self._fresh()
        yield connection

    @contextmanager
    def _reading_back(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._folder.writing():
            yield self._fresh()

    def _ask(self, connection: sqlite3.Connection, asks: Sequence[Ask]) -> list[list[Any]]:
        with self._lock:
            return super()._ask(connection, asks)

    def _stream(self, connection: sqlite3.Connection, ask: Ask) -> Iterator[Any]:
        with self._lock:
            cursor = connection.execute(*ask)
        while True:
            with self._lock:
                rows = cursor.fetchmany(_PART)
            if not rows:
                return
            yield from rows

    # The files.

    def _fresh(self) -> sqlite3.Connection:
        """The database, empty again when a loaded file is not what it was."""
        if self._connection is None or any(_stamp(one.path) != one.stamp for one in self._loaded.values()):
            self._start_anew()
        if self._connection is None:
            self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._connection.execute("pragma synchronous = off")
            self._connection.execute(f'create table "{TOUCHED}" ("table" text, "row" integer, gone integer)')
        return self._connection

    def _start_anew(self) -> None:
        """Leave the database to whoever still reads from it."""
        self._connection = None
        self._loaded = {}
        self._forget()

    def _files(self) -> dict[str, Path]:
        """Table name → file."""
        found = {}
        for path in sorted(self._folder.path.iterdir()):
            plain = path.is_file() and not path.is_symlink()  # what a link points at would outlive its erasure
            if path.suffix.lower() == ".csv" and not path.name.startswith(".") and plain:
                found[unicodedata.normalize("NFC", path.stem)] = path
        return found

    def _columns_of(self, path: Path) -> tuple[str, ...]:
        names: list[str] = []
        with self._reading_file(path), path.open("rb") as file:
            _, names = next(self._read_records(file), (b"", names))
            check_header(names)
        return tuple(names)

    @contextmanager
    def _reading_file(self, path: Path) -> Iterator[None]:
        """A bad record becomes an error with its place."""
        bad = None
        try:
            yield
        except BadRecordError as error:
            bad = error
        if bad is not None:
            raise refusals.unreadable(self.code, f"{path.name}:{bad.line}", bad.why)

    # What the engine asks for.

    def _inspect(self, tables: Sequence[str] | None) -> SqlShape:
        with self._lock, self._folder.reading():
            return self._look_at(self._fresh(), tables)

    def _look_at(self, connection: sqlite3.Connection, tables: Sequence[str] | None) -> SqlShape:
        del connection
        files = self._files()
        wanted = files if tables is None else [name for name in tables if name in files]
        columns = {name: self._columns_of(files[name]) for name in wanted}
        shapes = {name: self._shape(name, found) for name, found in columns.items()}
        spoken = {
            name: {column.name: SqlColumn(shape=column, native=NullType()) for column in shape.columns.values()}
            for name, shape in shapes.items()
        }
        return SqlShape(StoreShape(tables=shapes), spoken)

    def _shape(self, table: str, names: Iterable[str]) -> TableShape:
        columns = {name: ColumnShape(name=name, type=ColumnType.TEXT, nullable=True) for name in names}
        key = self._keys.get(table, ())
        for name in key:
            if name not in columns:
                raise refusals.column_missing(self.code, table, name)
        return TableShape(
            name=table,
            columns=columns,
            primary_key=key,
            unique=frozenset({key} if key else ()),
            scanned=True,
        )

    def _statements(self, connection: sqlite3.Connection, plan: StorePlan) -> PlanStatements:
        """Load what the plan speaks of, with the indexes it needs."""
        with self._lock:
            statements = super()._statements(connection, plan)
            files = self._files()
            for table in plan.tables:
                if table.name not in self._loaded:
                    self._load(connection, table.name, files[table.name])
            for table in plan.tables:
                self._index(connection, table.name, table.key)
                for identity in table.identities:
                    self._index(connection, table.name, identity.columns)
                for link in table.links:
                    self._index(connection, table.name, link.columns)
                    self._index(connection, link.parent, link.parent_columns)
            return statements

    def _load(self, connection: sqlite3.Connection, table: str, path: Path) -> None:
        columns = self._columns_of(path)
        key = self._keys.get(table, ())
        name = _name(table)
        connection.execute("begin")
        try:
            connection.execute(f"create table {name} ({', '.join(f'{_name(column)} text' for column in columns)})")
            stamp = self._stamp_of(path, table)
            with self._reading_file(path), path.open("rb") as file:
                rows = self._rows(file, len(columns))
                connection.executemany(f"insert into {name} values ({', '.join('?' * len(columns))})", rows)
            if key:
                self._require_key(connection, table, key, path)
            self._watch(connection, table, columns)
            connection.execute("commit")
        except BaseException:
            connection.execute("rollback")
            raise
        self._loaded[table] = _Loaded(path, stamp, columns)

    def _stamp_of(self, path: Path, table: str) -> Stamp:
        stamp = _stamp(path)
        if stamp is None:
            raise refusals.table_missing(self.code, table)
        return stamp

    def _rows(self, file: BinaryIO, size: int) -> Iterator[list[str | None]]:
        """The fields of every record after the first; empty lines are no records."""
        line = 0
        for number, (raw, fields) in enumerate(self._read_records(file)):
            line += max(1, raw.count(b"\n"))
            if number == 0 or not fields:
                continue
            if len(fields) != size:
                raise BadRecordError(line, Text("列の数が見出しと違います。", "not as many fields as the header."))
            yield [field or None for field in fields]

    def _require_key(self, connection: sqlite3.Connection, table: str, key: Sequence[str], path: Path) -> None:
        """Declared keys must hold; they are then kept by SQLite through every change."""
        columns = ", ".join(map(_name, key))
        empty = " or ".join(f"{_name(column)} is null" for column in key)
        counted = f"select count(*) from {_name(table)} where {empty}"
        ((missing,),) = connection.execute(counted)
        try:
            connection.execute(f"create unique index {_name(f'{table} key')} on {_name(table)} ({columns})")
            unique = True
        except sqlite3.IntegrityError:
            unique = False
        if missing or not unique:
            raise refusals.unreadable(
                self.code,
                path.name,
                Text(
                    f"キー {'・'.join(key)} が空か、重なっている行があります。",
                    f"its key {', '.join(key)} is empty or repeated.",
                ),
            )

    def _watch(self, connection: sqlite3.Connection, table: str, columns: Sequence[str]) -> None:
        """Note which rows a change touches."""
        noted = "'" + table.replace("'", "''") + "'"
        number = _row_number(columns)
        for event, row, gone in (("update", "new", 0), ("delete", "old", 1)):
            connection.execute(
                f"create trigger {_name(f'{table} {event}')} after {event} on {_name(table)} begin "
                f'insert into "{TOUCHED}" values ({noted}, {row}.{number}, {gone}); end'
            )

    def _index(self, connection: sqlite3.Connection, table: str, columns: Sequence[str]) -> None:
        name = _name(" ".join([table, "by", *columns]))
        connection.execute(f"create index if not exists {name} on {_name(table)} ({', '.join(map(_name, columns))})")

    # Writing back.

    def _commit(self, connection: sqlite3.Connection) -> None:
        tables = [table for (table,) in connection.execute(f'select distinct "table" from "{TOUCHED}" order by 1')]
        if tables:
            writes: dict[str, Callable[[BinaryIO], None]] = {
                self._loaded[table].path.name: partial(self._write, connection, table) for table in tables
            }
            self._folder.commit(writes, partial(self._still_ours, tables))
            for table in tables:
                loaded = self._loaded[table]
                self._loaded[table] = replace(loaded, stamp=_stamp(loaded.path) or NOWHERE)
            connection.execute(f'delete from "{TOUCHED}"')
        super()._commit(connection)

    def _still_ours(self, tables: Iterable[str]) -> None:
        if any(_stamp(self._loaded[table].path) != self._loaded[table].stamp for table in tables):
            raise refusals.busy(self.code)

    def _write(self, connection: sqlite3.Connection, table: str, out: BinaryIO) -> None:
        """The file as it is, without the rows that are gone and with the new values of those that were set."""
        loaded = self._loaded[table]
        touched = dict(
            connection.execute(f'select "row", max(gone) from "{TOUCHED}" where "table" = ? group by 1', [table])
        )
        numbers = connection.execute(
            f"select {_row_number(loaded.columns)} from {_name(table)} union "
            f'select "row" from "{TOUCHED}" where "table" = ? and gone order by 1',
            [table],
        )
        with loaded.path.open("rb") as file:
            for number, (raw, fields) in enumerate(self._read_records(file)):
                if number == 0 or not fields:
                    out.write(raw)
                    continue
                (row,) = next(numbers)
                gone = touched.get(row)
                if gone is None:
                    out.write(raw)
                elif not gone:
                    out.write(self._rewrite(raw, self._new_fields(connection, table, row, fields)))

    def _new_fields(
        self, connection: sqlite3.Connection, table: str, row: int, fields: Sequence[str]
    ) -> dict[int, str]:
        """Positions and values that differ from what the record holds."""
        number = _row_number(self._loaded[table].columns)
        (values,) = connection.execute(f"select * from {_name(table)} where {number} = ?", [row])
        pairs = enumerate(zip(values, fields, strict=True))
        return {place: value or "" for place, (value, field) in pairs if (value or "") != field}

    def _say(self, error: Exception, *, changing: bool) -> StoreError:
        match error:
            case FolderBusyError():
                return refusals.busy(self.code)
            case PermissionError():
                return refusals.change_refused(self.code) if changing else refusals.read_refused(self.code)
            case UnicodeEncodeError():
                return refusals.change_refused(self.code, reason="encoding")
            case OSError():
                return refusals.unreachable(self.code, type(error).__name__)
            case _:
                return super()._say(error, changing=changing)


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _row_number(columns: Iterable[str]) -> str:
    """SQLite's word for a row's own number that is no column of the file."""
    taken = {column.lower() for column in columns}
    return next(word for word in ("rowid", "_rowid_", "oid") if word not in taken)


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
