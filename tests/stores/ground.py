"""The ground a kind of store is tried on: it builds the world without the store and looks at it from outside."""

import itertools
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any, Protocol

from daicho.stores.memory import MemoryStore
from daicho.stores.plan import Act, Change, Key, StorePlan
from daicho.stores.port import Store
from daicho.stores.shape import ColumnType, StoreShape, TableShape
from daicho.stores.values import plain
from daicho.words.errors import StoreError
from tests.stores.world import CANARY, ROWS, TABLES, Row

KILLED = 9


class SteppedStore(Store, Protocol):
    """A store that calls ``on_step`` at every step of a change, so that a test can stop it there."""

    on_step: Callable[[str], None]


class Ground(ABC):
    """What the contract needs of a kind of store besides the port itself."""

    typed = True

    @abstractmethod
    def build(self, tables: Sequence[TableShape], rows: Mapping[str, Sequence[Row]]) -> None:
        """Create the tables with their keys, indexes and references, and fill them."""

    @abstractmethod
    def open(self) -> SteppedStore:
        """A store opened on this ground; also in a forked child."""

    @abstractmethod
    def rows(self, table: str) -> list[Row]:
        """All rows as they stand, in plain form, read without the store."""

    @abstractmethod
    def rename_table(self, old: str, new: str) -> None: ...

    @abstractmethod
    def drop_column(self, table: str, column: str) -> None: ...

    @abstractmethod
    def change_type(self, table: str, column: str, kind: ColumnType) -> None: ...

    @abstractmethod
    def cut(self) -> None:
        """The wire is cut, the file is gone: from now on nothing answers."""

    @abstractmethod
    def mend(self) -> None: ...

    @abstractmethod
    def without_permission(self) -> AbstractContextManager[SteppedStore]:
        """A store whose account may read but not change."""

    def refused(self) -> tuple[StorePlan | None, Change]:
        """A change no store of this kind takes: the customer still has a loan no map speaks of."""
        return None, Change(table="customers", act=Act.DELETE, keys=[self.key(3)])

    def build_world(self) -> None:
        self.build(TABLES, ROWS)

    def key(self, *values: Any) -> Key:
        """A key as this kind of store gives it."""
        return tuple(plain(value) if self.typed else str(plain(value)) for value in values)

    def given(self, value: Any) -> Any:
        """A value as this kind of store gives it back."""
        if self.typed or value is None:
            return value
        return str(plain(value)) or None

    def seen(self, table: str) -> list[Row]:
        """The rows as texts, so that kinds can be compared."""
        rows = [
            {name: None if value is None else str(value) for name, value in row.items()} for row in self.rows(table)
        ]
        return sorted(rows, key=lambda row: [str(value) for value in row.values()])

    def picture(self) -> dict[str, list[Row]]:
        return {one.name: self.seen(one.name) for one in TABLES}


def assert_says_nothing(error: StoreError) -> None:
    """No personal value and no driver's text, wherever an error can carry one."""
    said = [str(error), repr(error), error.say("ja"), error.say("en")]
    for text in said:
        assert CANARY not in text
        assert "example.com" not in text
    assert error.__cause__ is None
    assert error.__context__ is None
    assert error.message.ja
    assert error.message.en
    assert error.advice.ja
    assert error.advice.en


def killed_at(ground: Ground, plan: StorePlan, changes: Sequence[Change]) -> Iterator[str]:
    """Kill a change at its first step, its second, and so on; ends when a change outlives them."""
    for place in itertools.count():
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _change_and_die(ground, plan, changes, place, writing)
        os.close(writing)
        _, status = os.waitpid(child, 0)
        with os.fdopen(reading) as pipe:
            step = pipe.read()
        if os.waitstatus_to_exitcode(status) != KILLED:
            assert os.waitstatus_to_exitcode(status) == 0, step
            return
        yield step


def _change_and_die(ground: Ground, plan: StorePlan, changes: Sequence[Change], place: int, writing: int) -> None:
    """In the child: change, and stop dead at the step number ``place``."""
    steps = itertools.count()

    def on_step(name: str) -> None:
        if next(steps) == place:
            os.write(writing, name.encode())
            os._exit(KILLED)

    try:
        store = ground.open()
        store.on_step = on_step
        store.change(plan, changes)
    except BaseException as error:  # noqa: BLE001 (a forked child must not run on as a test session)
        os.write(writing, repr(error).encode())
        os._exit(1)
    os._exit(0)


class MemoryGround(Ground):
    store: MemoryStore

    def build(self, tables: Sequence[TableShape], rows: Mapping[str, Sequence[Row]]) -> None:
        self.store = MemoryStore("shop", StoreShape(tables={one.name: one for one in tables}), rows)

    def open(self) -> MemoryStore:
        return self.store

    def rows(self, table: str) -> list[Row]:
        return [{name: plain(value) for name, value in row.items()} for row in self.store.rows[table]]

    def rename_table(self, old: str, new: str) -> None:
        tables = dict(self.store.shape.tables)
        tables[new] = tables.pop(old)
        self.store.shape = StoreShape(tables=tables)
        self.store.rows[new] = self.store.rows.pop(old)

    def drop_column(self, table: str, column: str) -> None:
        self._reshape(table, column, None)

    def change_type(self, table: str, column: str, kind: ColumnType) -> None:
        self._reshape(table, column, kind)

    def _reshape(self, table: str, column: str, kind: ColumnType | None) -> None:
        shape = self.store.shape.tables[table]
        columns = dict(shape.columns)
        was = columns.pop(column)
        if kind is not None:
            columns[column] = replace(was, type=kind)
        self.store.shape = StoreShape(tables={**self.store.shape.tables, table: replace(shape, columns=columns)})

    def cut(self) -> None:
        self.store.unplugged = True

    def mend(self) -> None:
        self.store.unplugged = False

    @contextmanager
    def without_permission(self) -> Iterator[SteppedStore]:
        self.store.read_only = True
        yield self.store
        self.store.read_only = False
