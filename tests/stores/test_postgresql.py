# ruff: noqa: S608 (the schema's name is ours)
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from daicho.stores.adapters import open_store
from daicho.stores.plan import Act, Change, IdentityColumn, Key, Link, Rows, Seed, Standing, StorePlan, TablePlan, Use
from daicho.stores.port import ChangeRefusedError, Store, StoreChangedError, StoreSettings, StoreUnreachableError
from daicho.words.errors import StoreError
from tests.stores.contract import StoreContract
from tests.stores.contract_changing import delete, put
from tests.stores.ground import Ground, assert_says_nothing
from tests.stores.grounds_sql import PostgresqlGround
from tests.stores.world import HANAKO, PLAN, rows_of

pytestmark = pytest.mark.postgres


@pytest.fixture
def ground(postgres_database: str) -> Iterator[PostgresqlGround]:
    ground = PostgresqlGround(postgres_database)
    yield ground
    ground.clear()


class TestPostgresqlStore(StoreContract):
    @pytest.fixture
    def ground(self, postgres_database: str) -> Iterator[Ground]:
        ground = PostgresqlGround(postgres_database)
        yield ground
        ground.clear()


COLUMNS = ("u", "n", "c", "m", "e", "d", "t", "f", "j", "a")
ODD = """
    create type {s}."色" as enum ('赤', '青'); create domain {s}.mail as varchar(50);
    create table {s}.things (u uuid primary key, n numeric(12), c char(6), m {s}.mail, e {s}."色", d date,
        t timestamptz, f float8, j json, a text[]);
    create table {s}.kids (u uuid references {s}.things deferrable, n numeric(12), k date, primary key (n, k));
    insert into {s}.things values
        ('00000000-0000-0000-0000-00000000000a', 12, 'ab', 'x@y', '赤', 'infinity', '2020-01-01 00:00+00', 1.5, '{{"a":1}}', '{{a,b}}'),
        ('00000000-0000-0000-0000-00000000000b', 13, 'cd', 'z@y', '青', '0044-03-15 BC', 'infinity', 2, '[]', null);
    insert into {s}.kids values ('00000000-0000-0000-0000-00000000000a', 12, '2020-01-01');
"""
A: Key = ("00000000-0000-0000-0000-00000000000a",)
B: Key = ("00000000-0000-0000-0000-00000000000b",)
ODD_PLAN = StorePlan(
    store="shop",
    digest="odd",
    tables=(
        TablePlan(
            name="things",
            key=("u",),
            identities=tuple(
                IdentityColumn(kind=f"number:{column}", columns=(column,), use=Use.LOOKUP)
                for column in ("u", "n", "c", "m", "e", "d", "f", "t")
            ),
            columns=COLUMNS,
        ),
        TablePlan(
            name="kids",
            key=("n", "k"),
            links=(Link(columns=("u",), parent="things", parent_columns=("u",)),),
            columns=("k",),
        ),
    ),
)


@pytest.fixture
def odd(ground: PostgresqlGround) -> Iterator[Store]:
    """A store with the types that PostgreSQL has and others do not."""
    with psycopg.connect(ground.url, autocommit=True) as connection:
        connection.execute(ODD.format(s=ground.schema))
    store = ground.open()
    yield store
    store.close()


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("u", "00000000-0000-0000-0000-00000000000A", [A]),
        ("u", "no uuid", []),
        ("n", "12.0", [A]),
        ("c", "ab", [A]),
        ("m", "z@y", [B]),
        ("e", "青", [B]),
        ("e", "黄", []),
        ("d", "2020-13-01", []),
        ("f", "1.5", [A]),
        ("t", "2020-01-01T09:00:00", [A]),  # the time in Tokyo
    ],
)
def test_look_up_knows_its_own_types(odd: Store, column: str, value: str, found: list[Key]):
    assert [hit.key for hit in odd.look_up(ODD_PLAN, [Seed(0, f"number:{column}", value)])] == found


def test_values_without_a_scalar_in_python_are_read_as_text(odd: Store):
    reached = odd.follow(ODD_PLAN, [Rows("things", [0, 0], [A, B])])
    assert reached[1].keys == [("12", "2020-01-01")]
    first, second, kid = odd.read(ODD_PLAN, reached, {"things": COLUMNS, "kids": ["k"]})
    assert first.values["d"] == "infinity"
    assert second.values["d"] == "0044-03-15 BC"
    assert second.values["t"] == "infinity"
    assert str(first.values["t"]) == "2020-01-01 09:00:00+09:00"
    assert (first.values["c"], first.values["e"], first.values["n"]) == ("ab", "赤", Decimal(12))
    assert (first.values["j"], first.values["a"]) == ('{"a":1}', "{a,b}")
    assert kid.key == ("12", "2020-01-01")


def test_its_own_types_are_set_guarded_and_read_back(odd: Store):
    change = Change(
        table="things",
        act=Act.SET,
        keys=[A],
        values={"e": "青", "c": "zz", "n": 99, "d": "2000-01-01", "j": None, "a": None, "f": 2, "t": "2020-01-01"},
        before={"e": "赤", "n": 12, "c": "ab", "f": 1.5},
    )
    assert odd.read_back(ODD_PLAN, [change]) == [Standing(1, 1, 0, 1)]
    assert odd.change(ODD_PLAN, [change]) == [1]
    assert odd.read_back(ODD_PLAN, [change]) == [Standing(1, 1, 1, 0)]


@pytest.mark.parametrize("values", [{"e": "黄"}, {"j": "{}"}, {"u": "x"}, {"m": "x" * 51}, {"n": "1" * 13}])
def test_what_a_type_does_not_take_is_refused(odd: Store, values: dict[str, Any]):
    with pytest.raises(ChangeRefusedError) as caught:
        odd.change(ODD_PLAN, [Change(table="things", act=Act.SET, keys=[A], values=values)])
    assert_says_nothing(caught.value)


def test_rows_held_by_another_program_are_not_waited_for_long(ground: PostgresqlGround):
    ground.build_world()
    store = ground.open()
    change = [put(ground, "customers", HANAKO, given="x")]
    with psycopg.connect(ground.url) as other:
        other.execute(f"update {ground.name('customers')} set given = given")
        with pytest.raises(StoreUnreachableError) as caught:
            store.change(PLAN, change)
        assert caught.value.retry
        assert_says_nothing(caught.value)
        other.rollback()
    assert store.change(PLAN, change) == [1]
    store.close()


def test_a_statement_that_takes_too_long_is_given_up(ground: PostgresqlGround):
    ground.build_world()
    name = ground.name("customers")
    ground.execute(f"alter table {name} rename to slow; create view {name} as select * from {ground.name('slow')}")
    settings = ground.settings()
    values = {**settings.values, "statement_seconds": 1}
    store = open_store(StoreSettings(code="shop", kind="postgresql", values=values, secret=settings.secret))
    sleepy = f"create or replace view {name} as select id, number, email, phone, family, given, kana, born_on, member,"
    ground.execute(
        f'{sleepy} points, joined_at, photo, "note 備考" from {ground.name("slow")} where pg_sleep(2) is not null'
    )
    with pytest.raises(StoreUnreachableError) as caught:
        list(store.read(PLAN, [rows_of("customers", (0, (HANAKO,)))], {"customers": ["email"]}))
    assert caught.value.retry
    store.close()


def test_a_widened_column_does_not_disturb_an_open_store(ground: PostgresqlGround):
    ground.build_world()
    ground.execute(f"alter table {ground.name('customers')} alter kana type varchar(40)")
    store = ground.open()
    ask = lambda: list(store.read(PLAN, [rows_of("customers", (0, (HANAKO,)))], {"customers": ["kana"]}))  # noqa: E731
    before = [ask() for _ in range(4)]  # prepared by now
    ground.execute(f"alter table {ground.name('customers')} alter kana type varchar(80)")
    assert ask() == before[0]
    assert ask() == before[0]
    store.close()


def test_a_reading_connection_cannot_change_anything(ground: PostgresqlGround):
    ground.build_world()
    store: Any = ground.open()
    with store._reading() as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute(f"delete from {ground.name('loans')}")
    store.close()


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("postgresql://nobody:geheim@127.0.0.1:1/none", StoreUnreachableError),
        ("postgresql://nobody:geheim@/none?host=/nowhere", StoreUnreachableError),
        ("not a url geheim", StoreError),
        ("postgresql://[geheim", StoreError),
        ("", StoreError),
    ],
)
def test_an_address_where_nothing_answers_is_told_without_its_secret(url: str, error: type[StoreError]):
    store = open_store(
        StoreSettings(code="shop", kind="postgresql", values={"url": "env:X"}, secret={"env:X": url}.__getitem__)
    )
    with pytest.raises(error) as caught:
        store.inspect()
    assert_says_nothing(caught.value)
    assert "geheim" not in caught.value.say("ja") + caught.value.say("en") + str(caught.value)


def test_a_missing_schema_is_a_changed_store(ground: PostgresqlGround):
    settings = ground.settings()
    values = {**settings.values, "schema": "elsewhere"}
    store = open_store(StoreSettings(code="shop", kind="postgresql", values=values, secret=settings.secret))
    assert store.inspect().tables == {}
    with pytest.raises(StoreChangedError):
        store.look_up(PLAN, [Seed(0, "email", "a@b")])
    store.close()


def test_many_threads_share_one_store(ground: PostgresqlGround):
    ground.build_world()
    store = ground.open()
    seen: list[int] = []

    def work(person: int) -> None:
        for _ in range(20):
            reached = store.follow(PLAN, [rows_of("customers", (person, (HANAKO,)))])
            assert {one for rows in reached for one in rows.persons} == {person}
        seen.append(person)

    threads = [threading.Thread(target=work, args=(person,)) for person in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(6))
    store.close()


def test_two_tables_that_point_at_each_other_go_when_one_reference_is_loose(ground: PostgresqlGround):
    ground.build_world()
    customers, addresses = ground.name("customers"), ground.name("addresses")
    ground.execute(f"alter table {customers} add default_address bigint")
    ground.execute(
        f"alter table {customers} add foreign key (default_address) references {addresses} deferrable initially immediate"
    )
    ground.execute(f"update {customers} set default_address = 11 where id = {HANAKO}")
    store = ground.open()
    changes = [
        delete(ground, "customers", HANAKO),
        delete(ground, "addresses", 11, 12),
        delete(ground, "orders", 101, 102),
        delete(ground, "order items", (101, "1"), (101, "2"), (102, "1")),
    ]
    assert store.change(PLAN, changes) == [1, 2, 2, 3]
    store.close()
