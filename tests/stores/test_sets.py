import os
from collections.abc import Iterator
from typing import Any

import pytest

from daicho.stores.plan import Rows, Seed
from daicho.stores.sql import store as engine
from daicho.stores.sql.pool import Pool
from daicho.stores.sql.sets import by_persons, in_order, slices
from tests.stores.contract_changing import delete
from tests.stores.grounds_sql import SqliteGround
from tests.stores.world import HANAKO, ICHIRO, PLAN, rows_of


@pytest.fixture
def ground() -> Iterator[SqliteGround]:
    ground = SqliteGround()
    ground.build_world()
    yield ground
    ground.clear()


def test_small_sets_stay_whole_and_large_ones_come_in_parts():
    assert list(slices([1, 2], 2)) == [[1, 2]]
    assert list(slices([1, 2, 3], 2)) == [[1, 2], [3]]
    assert list(slices([], 2)) == []


def test_a_person_is_never_torn_between_two_parts():
    found = [Rows("a", [2, 0, 1], [(1,), (2,), (3,)]), Rows("b", [0, 2, 2], [(4,), (5,), (6,)])]
    parts = list(by_persons(found, 2))
    assert [{person for rows in part for person in rows.persons} for part in parts] == [{0}, {1, 2}]
    assert sum(len(rows) for part in parts for rows in part) == 6
    assert list(by_persons(found, 6)) == [found]
    assert list(by_persons([], 6)) == []


def test_parts_follow_one_another_by_person_and_key():
    rows = Rows("a", [1, 0, 0], [(1,), (9,), (8,)])
    assert [(part.persons, part.keys) for part in in_order(rows, 2)] == [([0, 0], [(8,), (9,)]), ([1], [(1,)])]


def test_a_store_gives_the_same_in_parts_as_at_once(ground: SqliteGround, monkeypatch: pytest.MonkeyPatch):
    store = ground.open()
    start = [rows_of("customers", (1, (ICHIRO,)), (0, (HANAKO,)), (2, (HANAKO,)))]
    seeds = [Seed(person, "email", "sato@example.com") for person in range(3)]

    def ask() -> Any:
        reached = store.follow(PLAN, start)
        return (
            {rows.table: sorted(zip(rows.persons, rows.keys, strict=True)) for rows in reached},
            sorted((hit.table, hit.person, hit.key) for hit in store.look_up(PLAN, seeds)),
            list(store.read(PLAN, reached, {"orders": ["total"], "order items": ["gift"]})),
        )

    whole = ask()
    monkeypatch.setattr(engine, "LARGEST_SET", 2)
    assert ask() == whole
    monkeypatch.setattr(engine, "AT_ONCE", 0)
    assert ask() == whole
    changes = [delete(ground, "order items", (101, "1"), (101, "2"), (102, "1"))]
    assert store.read_back(PLAN, changes)[0].present == 3
    assert store.change(PLAN, changes) == [3]
    assert store.read_back(PLAN, changes)[0].as_after == 3
    store.close()


class Line:
    """A connection that knows whether it is in order."""

    def __init__(self) -> None:
        self.usable = self.clean = True
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def lines() -> list[Line]:
    return []


@pytest.fixture
def pool(lines: list[Line]) -> Pool[Line]:
    def connect() -> Line:
        lines.append(Line())
        return lines[-1]

    return Pool(connect, usable=lambda one: one.usable, clean=lambda one: one.clean, close=Line.close, keep=2)


def test_a_connection_is_lent_again(pool: Pool[Line], lines: list[Line]):
    for _ in range(3):
        with pool.lend():
            pass
    assert len(lines) == 1
    assert lines[0].closed == 0


def test_two_callers_get_two_connections(pool: Pool[Line], lines: list[Line]):
    with pool.lend() as one, pool.lend() as other:
        assert one is not other
    assert [line.closed for line in lines] == [0, 0]


def test_what_comes_back_in_the_middle_of_something_is_closed(pool: Pool[Line], lines: list[Line]):
    with pool.lend() as line:
        line.clean = False
    with pool.lend() as other:
        assert other is not line
    assert lines[0].closed == 1


def test_a_connection_gone_bad_in_the_drawer_is_not_lent(pool: Pool[Line]):
    with pool.lend() as line:
        pass
    line.usable = False
    with pool.lend() as other:
        assert other is not line
    assert line.closed == 1


def test_clearing_closes_what_lies_here_and_what_comes_back(pool: Pool[Line], lines: list[Line]):
    with pool.lend():
        with pool.lend():
            pass
        pool.clear()
    assert [line.closed for line in lines] == [1, 1]
    pool.clear()


def test_a_forked_child_leaves_its_parents_connections_alone(pool: Pool[Line], lines: list[Line]):
    with pool.lend():
        pass
    child = os.fork()
    if child == 0:
        with pool.lend() as line:
            fresh = line is not lines[0] and lines[0].closed == 0
        os._exit(0 if fresh else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
