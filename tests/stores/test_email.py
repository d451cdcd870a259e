# ruff: noqa: S608 (the names are ours)
"""A mailbox is found whatever the case of its letters, and by an index wherever there is one for it."""

from collections.abc import Iterator

import pytest

from daicho.stores.plan import IdentityColumn, Seed, StorePlan, TablePlan, Use
from daicho.stores.sql.store import CAPITALS_GOOD_FOR, SqlStore
from tests.stores.grounds_sql import PostgresqlGround, SqlGround, SqliteGround

PLAN = StorePlan(
    store="shop",
    digest="mail",
    tables=(
        TablePlan(
            name="people",
            key=("id",),
            identities=(IdentityColumn(kind="email", columns=("email",), use=Use.LOOKUP),),
            columns=("id", "email"),
        ),
    ),
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def ground(request: pytest.FixtureRequest) -> Iterator[SqlGround]:
    made: SqliteGround | PostgresqlGround = (
        SqliteGround() if request.param == "sqlite" else PostgresqlGround(request.getfixturevalue("postgres_database"))
    )
    made.execute(f"create table {made.name('people')} (id integer primary key, email varchar(100))")
    yield made
    made.clear()


def _insert(ground: SqlGround, *mails: str) -> None:
    rows = ", ".join(f"({number}, '{mail}')" for number, mail in enumerate(mails, start=1))
    ground.execute(f"insert into {ground.name('people')} values {rows}")


def _index(ground: SqlGround, index: str) -> None:
    ground.execute(f"create index mailboxes on {ground.name('people')} ({index})")


def _found(store: object, *mails: str) -> list[tuple[int, int]]:
    assert isinstance(store, SqlStore)
    hits = store.look_up(PLAN, [Seed(number, "email", mail) for number, mail in enumerate(mails)])
    return sorted((hit.person, int(hit.key[0])) for hit in hits)


@pytest.mark.parametrize("index", [None, "email", "lower(email)"])
@pytest.mark.parametrize("mails", [("Hanako@Example.com", "taro@example.com"), ("hanako@example.com", "taro@x.com")])
def test_capitals_make_no_difference(ground: SqlGround, index: str | None, mails: tuple[str, str]):
    _insert(ground, *mails)
    if index:
        _index(ground, index)
    store = ground.open()
    assert _found(store, "hanako@example.com", "HANAKO@EXAMPLE.COM", "nobody@example.com") == [(0, 1), (1, 1)]
    store.close()


def test_an_index_that_folds_is_told_and_nothing_is_scanned_for_capitals(ground: SqlGround):
    _insert(ground, "a@example.com")
    _index(ground, "email")
    store = ground.open()
    assert store.inspect(["people"]).tables["people"].folded == frozenset()
    schema = f"{ground.schema}." if isinstance(ground, PostgresqlGround) else ""
    ground.execute(f"drop index {schema}mailboxes")
    _index(ground, "lower(email)")
    store.close()
    store = ground.open()
    assert store.inspect(["people"]).tables["people"].folded == {"email"}
    assert _found(store, "a@example.com") == [(0, 1)]
    ground.execute(f"update {ground.name('people')} set email = 'A@Example.com'")
    assert _found(store, "a@example.com") == [(0, 1)]
    store.close()


def test_capitals_written_later_are_seen_at_the_next_look_or_at_once_by_a_new_opening(ground: SqlGround):
    _insert(ground, "a@example.com")
    store = ground.open()
    assert _found(store, "a@example.com") == [(0, 1)]
    ground.execute(f"update {ground.name('people')} set email = 'A@Example.com'")
    again = ground.open()
    assert _found(again, "a@example.com") == [(0, 1)]
    again.close()
    answers = [_found(store, "a@example.com") for _ in range(CAPITALS_GOOD_FOR)]
    assert answers[-1] == [(0, 1)]
    store.close()


def test_sqlites_own_collation_serves_too():
    ground = SqliteGround()
    ground.execute("create table people (id integer primary key, email text collate nocase)")
    ground.execute("create index mailboxes on people (email)")
    _insert(ground, "Hanako@Example.com")
    store = ground.open()
    assert store.inspect(["people"]).tables["people"].folded == {"email"}
    assert _found(store, "hanako@example.com") == [(0, 1)]
    ground.clear()


@pytest.mark.postgres
@pytest.mark.parametrize(("index", "first"), [("email", "m"), ("lower(email)", "M")])
def test_an_index_serves_where_there_is_one(postgres_database: str, index: str, first: str):
    ground = PostgresqlGround(postgres_database)
    people = ground.name("people")
    ground.execute(f"create table {people} (id integer primary key, email varchar(100))")
    ground.execute(f"insert into {people} select n, '{first}' || n || '@example.com' from generate_series(1, 20000) n")
    _index(ground, index)
    ground.execute(f"analyze {people}")
    store = ground.open()
    assert isinstance(store, SqlStore)  # its statements are looked at as they are sent
    told: list[str] = []
    real = store._ask

    def explained(connection, asks):
        for sql, parameters in asks:
            told.extend(row[0] for row in connection.execute(f"explain {sql}", parameters).fetchall())
        return real(connection, asks)

    assert _found(store, "M7@example.com") == [(0, 7)]
    store._ask = explained  # type: ignore[method-assign]
    assert _found(store, "M7@example.com") == [(0, 7)]
    assert any("mailboxes" in line for line in told)
    assert not any("Seq Scan" in line for line in told)
    store.close()
    ground.clear()
