"""Many processes write at once, on both databases; some are killed. The chain never forks."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.postgres import new_database
from tests.trail.installations import Installation


@pytest.fixture
def database(postgres_server: str) -> Iterator[str]:
    with new_database(postgres_server) as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    if request.param == "sqlite":
        return Installation.make(tmp_path)
    return Installation.make(tmp_path, request.getfixturevalue("database"))


@pytest.mark.slow
def test_four_processes_write_one_chain(installation):
    writers = installation.writers(["w1", "w2", "w3", "w4"], 40)
    for one in writers:
        _, errors = one.communicate(timeout=120)
        assert one.returncode == 0, errors
    found = installation.judge()
    assert found["findings"] == []
    assert len(found["recorded"]) == 160
    assert found["recorded"] == found["accounts"]
    assert found["entries"] == 162  # and the keys, and the checkpoint


@pytest.mark.slow
def test_a_killed_writer_leaves_every_act_with_its_entry_and_no_gap(installation):
    first, second, third = installation.writers(["w1", "w2", "w3"], 60)
    for doomed in (first, second):
        for _ in range(5):
            doomed.stdout.readline()
        doomed.kill()
    for one in (first, second, third):
        one.communicate(timeout=120)
    assert third.returncode == 0
    found = installation.judge()
    assert found["findings"] == []
    assert found["recorded"] == found["accounts"]
    assert 60 + 10 <= len(found["recorded"]) < 180


@pytest.mark.slow
@pytest.mark.postgres
def test_the_database_itself_refuses_a_second_entry_after_the_same_one(database, tmp_path):
    """Even a writer that ignores the lock cannot fork the chain: number and predecessor are unique."""
    Installation.make(tmp_path, database)
    columns = "seq, at, event, actor, organisation, about, facts, prev, hash"
    with psycopg.connect(database, autocommit=True) as rogue:
        row = rogue.execute("SELECT prev FROM trail_trailentry WHERE seq = 1").fetchone()
        assert row is not None
        insert = f"INSERT INTO trail_trailentry ({columns}) VALUES (%s, now(), 'x', 'x', 'x', '', '{{}}', %s, 'h')"  # noqa: S608
        with pytest.raises(psycopg.errors.UniqueViolation):
            rogue.execute(insert, (1, "other"))
        with pytest.raises(psycopg.errors.UniqueViolation):
            rogue.execute(insert, (2, row[0]))
        rogue.execute(insert, (2, "other"))
