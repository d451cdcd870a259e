"""The ground of CSV files, read and written by the standard library alone."""

import contextlib
import csv
import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from daicho.stores.adapters import open_store
from daicho.stores.plan import Act, Change, StorePlan
from daicho.stores.port import StoreSettings
from daicho.stores.shape import ColumnType, TableShape
from daicho.stores.values import plain
from tests.stores.ground import Ground, SteppedStore
from tests.stores.world import Row


class CsvGround(Ground):
    typed = False

    def __init__(self, encoding: str = "utf-8") -> None:
        self.top = Path(tempfile.mkdtemp(prefix="daicho-csv-"))
        self.top.chmod(0o755)
        self.folder = self.top / "書き出し"
        self.folder.mkdir()
        self.encoding = encoding
        self.keys: dict[str, list[str]] = {}

    def clear(self) -> None:
        shutil.rmtree(self.top)

    def build(self, tables: Sequence[TableShape], rows: Mapping[str, Sequence[Row]]) -> None:
        for shape in tables:
            self.keys[shape.name] = list(shape.primary_key)
            held = [
                ["" if row[column] is None else str(plain(row[column])) for column in shape.columns]
                for row in rows.get(shape.name, ())
            ]
            self.write(shape.name, [list(shape.columns), *held])

    def path(self, table: str) -> Path:
        return self.folder / f"{table}.csv"

    def write(self, table: str, rows: Sequence[Sequence[str]]) -> None:
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        self.path(table).write_bytes(text.getvalue().encode(self.encoding))

    def table(self, table: str) -> list[list[str]]:
        text = self.path(table).read_bytes().decode(self.encoding)
        return list(csv.reader(io.StringIO(text, newline="")))

    def rows(self, table: str) -> list[Row]:
        if (self.folder / ".daicho-journal").exists():  # a reader that knows the journal finishes it first
            self.open().inspect()
        names, *rows = self.table(table)
        return [{name: value or None for name, value in zip(names, row, strict=True)} for row in rows]

    def settings(self) -> StoreSettings:
        values = {"folder": self.folder.name, "encoding": self.encoding, "keys": self.keys, "lock_seconds": 1}
        return StoreSettings(code="shop", kind="csv", values=values, secret=lambda _name: "", base_folder=str(self.top))

    def open(self) -> SteppedStore:
        store: Any = open_store(self.settings())
        return store  # type: ignore[no-any-return]

    def rename_table(self, old: str, new: str) -> None:
        self.path(old).rename(self.path(new))

    def drop_column(self, table: str, column: str) -> None:
        names, *rows = self.table(table)
        place = names.index(column)
        self.write(table, [[*row[:place], *row[place + 1 :]] for row in (names, *rows)])

    def change_type(self, table: str, column: str, kind: ColumnType) -> None:
        """A CSV file has no types; other values stand there now."""
        names, *rows = self.table(table)
        place = names.index(column)
        self.write(table, [names, *([*row[:place], f"x{row[place]}", *row[place + 1 :]] for row in rows)])

    def cut(self) -> None:
        self.folder.rename(self.top / "away")

    def mend(self) -> None:
        if not self.folder.exists():
            (self.top / "away").rename(self.folder)

    @contextlib.contextmanager
    def without_permission(self) -> Iterator[SteppedStore]:
        """The folder and its files are somebody else's."""
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

    def refused(self) -> tuple[StorePlan | None, Change]:
        """Two rows of one key, where the key was declared."""
        return None, Change(table="customers", act=Act.SET, keys=[self.key(1)], values={"id": "2"})
