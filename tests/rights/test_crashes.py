"""Killed at every step of a run, on real database files: the next call finishes, once.

A step is every statement to the application's database, every step the run tells, and every point
within a store's own change. Each is tried on a fresh copy of one desk.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rights.forks import Forks
from tests.rights.two_stores import both

pytestmark = pytest.mark.slow

#: Who is erased can be put right no more: the erasure comes last.
WARMING = ("disclosure", "correction", "stop_provision", "erase")
CHANGING = ("erase", "correction", "stop_provision")


class Ground:
    """One built desk, copied for every try."""

    def __init__(self, forks: Forks, template: Path, scratch: Path, claims: dict[str, str]) -> None:
        self.forks, self.template, self.scratch, self.claims = forks, template, scratch, claims
        self.tries = 0

    def fresh(self) -> Path:
        self.tries += 1
        folder = self.scratch / f"try-{self.tries}"
        shutil.copytree(self.template, folder)
        return folder

    def drop(self, folder: Path) -> None:
        shutil.rmtree(folder)

    def carry(self, folder: Path, kind: str, **more: Any) -> Any:
        return self.forks.get(folder, "tests.rights.carried:carry", numbers=[self.claims[kind]], **more)

    def kill(self, folder: Path, kind: str, step: int) -> None:
        ended = self.forks.call(folder, "tests.rights.carried:carry", numbers=[self.claims[kind]], at=step)
        assert ended.code == -9, f"step {step} was not reached: {ended.errors}"

    def look(self, folder: Path) -> Any:
        return self.forks.get(folder, "tests.rights.carried:look")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    template = tmp_path_factory.mktemp("desk")
    with Forks() as forks:
        claims = forks.get(template, "tests.rights.carried:build")
        ground = Ground(forks, template, tmp_path_factory.mktemp("tries"), claims)
        warm = ground.fresh()
        forks.warm(warm, "tests.rights.carried:carry", numbers=[claims[kind] for kind in WARMING])
        forks.warm(warm, "tests.rights.carried:look")  # closes what a call that failed would leave to every fork
        assert set(ground.look(warm)["claims"].values()) == {"reading_back"}
        yield ground


def finished(ground: Ground, kind: str) -> tuple[list[str], Any, Any]:
    """The steps of a run nobody disturbs, what the stores hold after it, and what ours does."""
    folder = ground.fresh()
    before = both(folder)
    done = ground.carry(folder, kind)
    assert done["error"] == ""
    after = both(folder)
    assert (after != before) is (kind != "disclosure")
    return done["steps"], after, ground.look(folder)


def telling(steps: list[str]) -> list[tuple[int, str]]:
    """Every step but statements that stand between two statements of the application's own."""
    return [
        (number, name)
        for number, name in enumerate(steps)
        if name != "sql" or {*steps[max(number - 1, 0) : number + 2]} != {"sql"}
    ]


@pytest.mark.parametrize("kind", CHANGING)
def test_killed_at_any_step_the_next_call_finishes_once(ground, kind):
    steps, after, seen = finished(ground, kind)
    assert {"store:begun", "store:before-commit", "store:committed"} <= set(steps)
    assert steps.count("run.after_change") == 2
    taken_up = 0
    for number, name in enumerate(steps) if kind == "erase" else telling(steps):
        where = f"killed at step {number} ({name})"
        folder = ground.fresh()
        ground.kill(folder, kind, number)
        left = ground.look(folder)
        assert left["events"].get("run.confirmed", 0) == left["claims"][ground.claims[kind]].count("reading_back"), (
            where
        )
        again = ground.carry(folder, kind, look_too=True)
        assert again["error"] == "", where
        assert again["open"] == [], where
        assert both(folder) == after, where
        now = again["seen"]
        assert now["claims"] == seen["claims"], where
        assert now["events"]["run.intended"] == now["events"]["run.confirmed"] == 1, where
        assert (now["stops"], now["corrections"], now["intents"]) == (seen["stops"], seen["corrections"], 0), where
        assert [run["done"] for run in now["runs"]] == [True], where
        assert [row[1] for row in now["stores"]] == ["confirmed", "confirmed"], where
        if number % 8 == 0:
            assert ground.forks.get(folder, "tests.rights.carried:verify_trail") == [], where
        taken_up += now["events"].get("run.taken_up", 0)
        ground.drop(folder)
    assert taken_up > 4


def test_killed_at_any_step_a_disclosure_leaves_nothing_half_and_is_read_by_the_next_call(ground):
    steps, after, seen = finished(ground, "disclosure")
    for number, name in enumerate(steps):
        where = f"killed at step {number} ({name})"
        folder = ground.fresh()
        ground.kill(folder, "disclosure", number)
        left = ground.look(folder)
        assert left["files"] == left["events"].get("run.confirmed", 0), where
        again = ground.carry(folder, "disclosure", look_too=True)
        assert again["error"] == "", where
        now = again["seen"]
        assert both(folder) == after, where
        assert now["events"] == {"run.confirmed": 1}, where
        assert (now["files"], now["claims"]) == (1, seen["claims"]), where
        ground.drop(folder)


@pytest.mark.parametrize("kind", CHANGING)
def test_interrupted_at_any_step_the_same_process_goes_on(ground, kind):
    steps, after, seen = finished(ground, kind)
    for number, name in telling(steps):
        where = f"interrupted at step {number} ({name})"
        folder = ground.fresh()
        first, second, now = ground.forks.get(
            folder, "tests.rights.carried:interrupt_then_carry", claim=ground.claims[kind], at=number
        )
        assert first["error"] == "interrupted", where
        assert second["error"] == "", where
        assert both(folder) == after, where
        assert now["claims"] == seen["claims"], where
        assert now["events"]["run.intended"] == now["events"]["run.confirmed"] == 1, where
        ground.drop(folder)


def alone(ground: Ground) -> Path:
    """A fresh desk without Ichiro's wife, who shares his mailbox and would leave his claims to a human."""
    folder = ground.fresh()
    with sqlite3.connect(folder / "shop.sqlite3") as connection:
        connection.execute("DELETE FROM customers WHERE id = 3")
    return folder


def test_a_batch_killed_at_any_step_is_there_whole_or_not_at_all_and_is_finished_once(ground):
    folder = alone(ground)
    done = ground.forks.get(folder, "tests.rights.carried:submit_batch")
    claims, after, seen = list(done["claims"]), both(folder), ground.look(folder)
    assert set(done["claims"].values()) == {"reading_back"}
    assert seen["events"]["run.confirmed"] == 3
    whole = 0
    for number, name in telling(done["steps"]):
        where = f"killed at step {number} ({name})"
        folder = alone(ground)
        ended = ground.forks.call(folder, "tests.rights.carried:submit_batch", at=number)
        assert ended.code == -9, where
        left = ground.look(folder)
        there = [claim for claim in claims if claim in left["claims"]]
        assert there in ([], claims), where
        whole += bool(there)
        if there and number % 2:
            again = ground.forks.get(folder, "tests.rights.carried:carry", numbers=claims, look_too=True)
            assert again["error"] == "", where
        else:
            assert there or left["events"] == {}, where
            ground.forks.get(folder, "tests.rights.carried:submit_batch")
        now = ground.look(folder)
        assert both(folder) == after, where
        assert now["claims"] == seen["claims"], where
        assert now["events"]["run.intended"] == now["events"]["run.confirmed"] == 3, where
        assert (now["stops"], now["corrections"], now["intents"]) == (seen["stops"], seen["corrections"], 0), where
        ground.drop(folder)
    assert whole > 4


def test_two_processes_carry_the_same_claim_and_it_happens_once(ground):
    for _ in range(6):
        folder = ground.fresh()
        numbers = [ground.claims["erase"]]
        started = [ground.forks.start(folder, "tests.rights.carried:carry", numbers=numbers) for _ in range(3)]
        ended = [ground.forks.wait(pid) for pid in started]
        assert [one.code for one in ended] == [0, 0, 0], [one.errors for one in ended]
        errors = [one.value["error"] for one in ended]
        assert errors.count("") >= 1
        assert set(errors) <= {"", "run-held", "not-allowed"}
        now = ground.look(folder)
        assert now["events"]["run.intended"] == now["events"]["run.confirmed"] == 1
        assert now["claims"][numbers[0]] == "reading_back"
        assert both(folder)["customers"][0][0] == 2
        ground.drop(folder)


@pytest.mark.parametrize("step", ["run.before_change", "run.after_change", "run.confirmed"])
def test_many_processes_take_up_what_a_dead_one_left_and_it_happens_once(ground, step):
    steps, after, _ = finished(ground, "erase")
    folder = ground.fresh()
    ground.kill(folder, "erase", steps.index(step))
    numbers = [ground.claims["erase"]]
    started = [ground.forks.start(folder, "tests.rights.carried:carry", numbers=numbers) for _ in range(4)]
    errors = [ground.forks.wait(pid).value["error"] for pid in started]
    assert set(errors) <= {"", "run-held"}
    assert "" in errors
    assert both(folder) == after
    assert ground.look(folder)["events"]["run.confirmed"] == 1


def test_a_living_holder_is_left_alone_and_a_dead_one_is_taken_over_at_once(ground):
    steps, after, _ = finished(ground, "erase")
    folder = ground.fresh()
    numbers = [ground.claims["erase"]]
    step = steps.index("run.before_change")
    slow = ground.forks.start(folder, "tests.rights.carried:carry", numbers=numbers, at=step, act="wait")
    _await(folder / "reached")
    assert ground.carry(folder, "erase")["error"] == "run-held"
    assert both(folder) != after
    os.kill(slow, 9)
    ground.forks.wait(slow)
    begun = time.monotonic()
    assert ground.carry(folder, "erase")["error"] == ""
    assert time.monotonic() - begun < 5
    assert both(folder) == after


def test_a_living_holder_whose_turn_was_slow_still_finishes_alone(ground):
    steps, after, _ = finished(ground, "erase")
    folder = ground.fresh()
    numbers = [ground.claims["erase"]]
    step = steps.index("run.after_change")
    slow = ground.forks.start(folder, "tests.rights.carried:carry", numbers=numbers, at=step, act="wait")
    _await(folder / "reached")
    assert ground.carry(folder, "erase")["error"] == "run-held"
    (folder / "go").touch()
    ended = ground.forks.wait(slow)
    assert ended.value["error"] == "", ended.errors
    assert both(folder) == after
    assert ground.look(folder)["events"] == {"run.intended": 1, "run.confirmed": 1}


def _await(path: Path) -> None:
    until = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < until, f"{path.name} never appeared"
        time.sleep(0.01)
