"""The grounds of the stores that speak SQL, built by SQLAlchemy's own table definitions."""

import contextlib
import os
import shutil
import tempfile
import time
import uuid
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from daicho.stores.adapters import open_store
from daicho.stores.port import StoreSettings
from daicho.stores.shape import ColumnType, TableShape
from daicho.stores.values import plain
from tests.stores.ground import Ground, SteppedStore
from tests.stores.world import Row

SQL_TYPES: Mapping[ColumnType, sa.types.TypeEngine[Any]] = {
    ColumnType.TEXT: sa.Text(),
    ColumnType.INTEGER: sa.BigInteger(),
    ColumnType.DECIMAL: sa.Numeric(),
    ColumnType.BOOLEAN: sa.Boolean(),
    ColumnType.DATE: sa.Date(),
    ColumnType.TIMESTAMP: sa.DateTime(),
    ColumnType.BINARY: sa.LargeBinary(),
}


class SqlGround(Ground):
    engine: sa.Engine
    schema: str | None = None

    def build(self, tables: Sequence[TableShape], rows: Mapping[str, Sequence[Row]]) -> None:
        metadata = sa.MetaData(schema=self.schema)
        made = [sa_table(one, metadata) for one in tables]
        with self.engine.begin() as connection:
            metadata.create_all(connection, checkfirst=False)
            for table in made:
                if rows.get(table.name):
                    connection.execute(table.insert(), list(rows[table.name]))

    def rows(self, table: str) -> list[Row]:
        with self.engine.connect() as connection:
            found = connection.execute(sa.select(sa.text("*")).select_from(sa.table(table, schema=self.schema)))
            return [{name: plain(value) for name, value in row._mapping.items()} for row in found]

    def rename_table(self, old: str, new: str) -> None:
        self.execute(f"alter table {self.name(old)} rename to {new}")

    def drop_column(self, table: str, column: str) -> None:
        self.execute(f"drop index if exists {self.name(f'{table}_{column}')}")
        self.execute(f'alter table {self.name(table)} drop column "{column}"')

    def name(self, table: str) -> str:
        return f'"{self.schema}"."{table}"' if self.schema else f'"{table}"'

    def execute(self, sql: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(sa.text(sql))

    @abstractmethod
    def settings(self) -> StoreSettings: ...

    def open(self) -> SteppedStore:
        store: Any = open_store(self.settings())
        return store  # type: ignore[no-any-return]


def sa_table(shape: TableShape, metadata: sa.MetaData) -> sa.Table:
    prefix = f"{metadata.schema}." if metadata.schema else ""
    columns = [
        sa.Column(
            one.name,
            SQL_TYPES[one.type],
            *(
                sa.ForeignKey(f"{prefix}{reference.target}.{reference.target_columns[0]}")
                for reference in shape.references
                if reference.columns == (one.name,)
            ),
            primary_key=one.name in shape.primary_key,
            nullable=one.nullable,
            autoincrement=False,
        )
        for one in shape.columns.values()
    ]
    table = sa.Table(shape.name, metadata, *columns)
    for index in shape.indexes - {shape.primary_key}:
        sa.Index(f"{shape.name}_{'_'.join(index)}", *(table.c[name] for name in index))
    return table


class SqliteGround(SqlGround):
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="daicho-sqlite-"))
        self.folder.chmod(0o755)
        self.path = self.folder / "shop データ.sqlite3"
        self.engine = sa.create_engine(f"sqlite:///{self.path}", poolclass=sa.NullPool)
        sa.event.listen(self.engine, "connect", lambda connection, _: connection.execute("pragma synchronous = off"))

    def settings(self) -> StoreSettings:
        return StoreSettings(
            code="shop",
            kind="sqlite",
            values={"path": self.path.name, "busy_seconds": 1},
            secret=lambda _name: "",
            base_folder=str(self.folder),
        )

    def clear(self) -> None:
        self.engine.dispose()
        shutil.rmtree(self.folder)

    def change_type(self, table: str, column: str, kind: ColumnType) -> None:
        """SQLite cannot alter a type: drop the column and add it again."""
        self.drop_column(table, column)
        self.execute(f'alter table {self.name(table)} add column "{column}" {SQL_TYPES[kind].compile()}')

    def cut(self) -> None:
        self.path.rename(self.folder / "away")

    def mend(self) -> None:
        if not self.path.exists():
            (self.folder / "away").rename(self.path)

    @contextlib.contextmanager
    def without_permission(self) -> Iterator[SteppedStore]:
        """The file and its folder are somebody else's."""
        self.path.chmod(0o444)
        self.folder.chmod(0o555)
        me = os.geteuid()
        if me == 0:
            os.seteuid(65534)
        store = self.open()
        try:
            yield store
        finally:
            os.seteuid(me)
            store.close()
            self.folder.chmod(0o755)
            self.path.chmod(0o644)


class PostgresqlGround(SqlGround):
    """One schema of a database; the store's accounts are roles of their own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.schema = f"shop_{uuid.uuid4().hex[:8]}"
        self.engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"), pool_pre_ping=True)
        self.database = str(self.engine.url.database)
        self.is_cut = False
        self.execute(f"create schema {self.schema}")

    def settings(self) -> StoreSettings:
        values = {"url": "env:SHOP", "schema": self.schema, "lock_seconds": 1}
        return StoreSettings(code="shop", kind="postgresql", values=values, secret={"env:SHOP": self.url}.__getitem__)

    def clear(self) -> None:
        self.mend()
        self.engine.dispose()  # the schema goes with its database

    def change_type(self, table: str, column: str, kind: ColumnType) -> None:
        declared = SQL_TYPES[kind].compile(dialect=self.engine.dialect)
        self.execute(f'alter table {self.name(table)} alter column "{column}" type {declared}')

    def cut(self) -> None:
        self.is_cut = True
        with self._elsewhere() as connection:
            connection.execute(f"alter database {self.database} allow_connections false")
            mine = [self.database]
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", mine)
            while connection.execute("select 1 from pg_stat_activity where datname = %s", mine).fetchone():
                time.sleep(0.005)

    def mend(self) -> None:
        if self.is_cut:
            with self._elsewhere() as connection:
                connection.execute(f"alter database {self.database} allow_connections true")
            self.is_cut = False

    def _elsewhere(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url.replace(f"/{self.database}", "/postgres"), autocommit=True)

    @contextlib.contextmanager
    def without_permission(self) -> Iterator[SteppedStore]:
        """The account for changes may only read."""
        role = f"{self.schema}_reader"
        self.execute(f"create role {role} login; grant usage on schema {self.schema} to {role}")
        self.execute(f"grant select on all tables in schema {self.schema} to {role}")
        reader = self.engine.url.set(username=role, drivername="postgresql").render_as_string(hide_password=False)
        settings = self.settings()
        secrets = {"env:SHOP": self.url, "env:READER": reader}
        values = {**settings.values, "write_url": "env:READER"}
        store: Any = open_store(replace(settings, values=values, secret=secrets.__getitem__))
        try:
            yield store
        finally:
            store.close()
            self.execute(f"drop owned by {role}; drop role {role}")
