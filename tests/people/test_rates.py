"""Counts of a window: each by itself, seen by every thread and process, gone when the window is over."""

import threading

import pytest
from django.core.cache import cache
from django.db import connection

from daicho.people.rates import count, forget_counts

NOW = 1_800_000_030.0  # thirty seconds into a minute


@pytest.fixture(autouse=True)
def _nothing_counted(transactional_db):
    cache.clear()


def test_a_window_counts_and_the_next_begins_anew():
    assert [count("x", "a", seconds=60, now=NOW).times for _ in range(3)] == [1, 2, 3]
    assert count("x", "b", seconds=60, now=NOW).times == 1
    assert count("y", "a", seconds=60, now=NOW).times == 1
    assert count("x", "a", seconds=60, now=NOW).left == 30
    assert count("x", "a", seconds=60, now=NOW + 29).times == 5
    assert count("x", "a", seconds=60, now=NOW + 30).times == 1
    assert count("x", "a", seconds=60, now=NOW + 31).times == 2


def test_nobody_is_missed_when_many_come_at_once():
    def come() -> None:
        for _ in range(25):
            count("x", "a", seconds=60, now=NOW)
        connection.close()

    threads = [threading.Thread(target=come) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert count("x", "a", seconds=60, now=NOW).times == 201


def test_what_is_over_is_forgotten():
    count("x", "a", seconds=60, now=1000.0)
    cache.set("another", 1, timeout=None)
    forget_counts()
    assert cache.get("another") == 1
    assert count("x", "a", seconds=60, now=1000.0).times in {1, 2}  # SQLite: its process forgets by itself
