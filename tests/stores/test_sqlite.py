import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daicho.stores.adapters import open_store
from daicho.stores.plan import Act, Change, Rows, Seed, StorePlan, TablePlan
from daicho.stores.port import ChangeRefusedError, StoreSettings, StoreUnreachableError
from daicho.words.errors import StoreError
from tests.stores.contract import StoreContract
from tests.stores.contract_changing import delete, put
from tests.stores.ground import Ground, SteppedStore, assert_says_nothing
from tests.stores.grounds_sql import SqliteGround
from tests.stores.world import HANAKO, PLAN, rows_of


@pytest.fixture
def ground() -> Iterator[SqliteGround]:
    ground = SqliteGround()
    yield ground
    ground.clear()


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def ground(self) -> Iterator[Ground]:
        ground = SqliteGround()
        yield ground
        ground.clear()


def store_at(path: Path) -> SteppedStore:
    values = {"path": str(path), "busy_seconds": 0}
    store: Any = open_store(StoreSettings(code="shop", kind="sqlite", values=values, secret=lambda _name: ""))
    return store  # type: ignore[no-any-return]


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_another_programs_writing_is_waited_for_and_then_given_up(ground: SqliteGround, mode: str):
    ground.build_world()
    ground.execute(f"pragma journal_mode = {mode}")
    store = store_at(ground.path)
    change = [put(ground, "customers", HANAKO, given="x")]
    other = sqlite3.connect(ground.path, isolation_level=None)
    other.execute("begin immediate")
    other.execute("update loans set customer_id = 3")
    assert store.look_up(PLAN, [Seed(0, "number:customer", "1001")])  # reading goes on
    with pytest.raises(StoreUnreachableError) as caught:
        store.change(PLAN, change)
    assert caught.value.retry
    assert_says_nothing(caught.value)
    other.execute("rollback")
    assert store.change(PLAN, change) == [1]
    other.close()
    store.close()


def test_a_change_goes_through_while_another_program_reads_in_wal_mode(ground: SqliteGround):
    ground.build_world()
    ground.execute("pragma journal_mode = wal")
    other = sqlite3.connect(ground.path, isolation_level=None)
    other.execute("begin")
    assert other.execute("select count(*) from reviews").fetchone() == (2,)
    store = store_at(ground.path)
    changes = [delete(ground, "reviews", "r-1")]
    assert store.change(PLAN, changes) == [1]
    assert store.read_back(PLAN, changes)[0].as_after == 1
    assert other.execute("select count(*) from reviews").fetchone() == (2,)  # its snapshot
    other.close()
    store.close()


def test_a_reading_connection_cannot_change_anything(ground: SqliteGround):
    ground.build_world()
    store: Any = store_at(ground.path)
    with store._reading() as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("delete from loans")
    store.close()


def test_a_file_put_in_place_of_another_is_read_and_not_its_ghost(ground: SqliteGround):
    ground.build_world()
    store = store_at(ground.path)
    assert store.look_up(PLAN, [Seed(0, "number:customer", "1001")])
    other = SqliteGround()
    other.build_world()
    other.execute("update customers set number = 9 where id = 1")
    other.path.replace(ground.path)
    assert store.look_up(PLAN, [Seed(0, "number:customer", "1001")]) == []
    assert store.look_up(PLAN, [Seed(0, "number:customer", "9")])
    store.close()
    other.clear()


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_a_file_that_is_no_database_is_told(tmp_path: Path, content: bytes):
    (tmp_path / "x.sqlite3").write_bytes(content)
    store = store_at(tmp_path / "x.sqlite3")
    with pytest.raises(StoreError) as caught:
        store.look_up(PLAN, [Seed(0, "email", "a@b")])
    assert_says_nothing(caught.value)
    assert (tmp_path / "x.sqlite3").read_bytes() == content


def test_no_file_is_ever_created(tmp_path: Path):
    store = store_at(tmp_path / "missing.sqlite3")
    with pytest.raises(StoreUnreachableError):
        store.inspect()
    assert list(tmp_path.iterdir()) == []


def test_types_are_read_from_what_a_table_declares(tmp_path: Path):
    path = tmp_path / "types.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "create table t (a integer primary key, b varchar(40) not null, c nvarchar (7), d datetime, e date, f bool,"
            " g numeric(10,2), h double, i blob, j, k bigint unsigned, l clob, m json)"
        )
    columns = store_at(path).inspect().tables["t"].columns
    assert {name: str(column.type) for name, column in columns.items()} == {
        "a": "integer",
        "b": "text",
        "c": "text",
        "d": "timestamp",
        "e": "date",
        "f": "boolean",
        "g": "decimal",
        "h": "decimal",
        "i": "binary",
        "j": "text",
        "k": "integer",
        "l": "text",
        "m": "decimal",
    }
    assert (columns["b"].length, columns["c"].length, columns["b"].nullable) == (40, 7, False)
    assert not columns["a"].nullable


def test_a_declared_length_is_kept_though_sqlite_would_not(tmp_path: Path):
    path = tmp_path / "length.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (id integer primary key, name varchar(3))")
        connection.execute("insert into t values (1, 'abc')")
    plan = StorePlan(store="shop", digest="t", tables=(TablePlan(name="t", key=("id",), columns=("name",)),))
    store = store_at(path)
    with pytest.raises(ChangeRefusedError):
        store.change(plan, [Change(table="t", act=Act.SET, keys=[(1,)], values={"name": "abcd"})])
    (record,) = store.read(plan, [Rows("t", [0], [(1,)])], {"t": ["name"]})
    assert record.values == {"name": "abc"}
    store.close()


def test_text_that_is_no_unicode_is_an_error_that_does_not_repeat_it(tmp_path: Path):
    path = tmp_path / "bytes.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (id integer primary key, name text)")
        connection.execute("insert into t values (1, cast(x'8361' as text))")
    plan = StorePlan(store="shop", digest="t", tables=(TablePlan(name="t", key=("id",), columns=("name",)),))
    store = store_at(path)
    with pytest.raises(StoreError) as caught:
        list(store.read(plan, [Rows("t", [0], [(1,)])], {"t": ["name"]}))
    assert_says_nothing(caught.value)
    store.close()


@pytest.mark.parametrize("people", [1, 50])
def test_the_number_of_statements_does_not_depend_on_the_number_of_people(ground: SqliteGround, people: int):
    ground.build_world()
    store: Any = store_at(ground.path)
    keys = [(person, (HANAKO,)) for person in range(people)]
    counts: list[str] = []

    def call() -> None:
        found = store.look_up(PLAN, [Seed(person, "email", "sato@example.com") for person in range(people)])
        assert len(found) == 5 * people
        reached = store.follow(PLAN, [rows_of("customers", *keys)])
        list(store.read(PLAN, reached, {"orders": ["total"], "reviews": ["body"]}))

    call()
    with store._reading() as connection:
        connection.set_trace_callback(counts.append)
    call()
    asked = [statement for statement in counts if not statement.lower().startswith("pragma")]
    assert len(asked) == 2 + 1 + 5  # tables with identities; the follow; the tables reached
    store.close()
