"""``make bench``: how long claims take, from the call that opens one to its confirmed outcome.

Daicho's own database and the store are two databases of one PostgreSQL server with fsync on: the
packaged one, or the one that ``DAICHO_BENCH_POSTGRES`` names. What is compared with hand-written SQL
is measured in turn, on fresh copies of the same rows, in the same run; read the ratios. Results go to
the screen and, with ``--write``, into ``benchmarks/RESULTS.md``.
"""

import argparse
import contextlib
import gc
import json
import os
import platform
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import psycopg

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "examples" / "staffing-group"))

import by_hand  # noqa: E402
import rows as shop  # noqa: E402

AT = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
ORGANISATION = "copro-holdings"
SINGLES = 60
ROUNDS = 5
#: What another product needed for the first four lines on such rows and such a machine, for orientation (seconds).
ELSEWHERE = {"disclosure": 0.48, "erasure": 0.82, "mixed": 99.5, "heavy": 31.0}


@dataclass(slots=True)
class Line:
    """One line of the table: seconds per round, the baseline's if there is one, and the target."""

    name: str
    target: str
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)

    def say(self) -> str:
        ours = statistics.median(self.ours)
        spread = f"{min(self.ours) * 1000:,.1f} – {max(self.ours) * 1000:,.1f}"
        if not self.theirs:
            return f"| {self.name} | {ours * 1000:,.1f} ms | {spread} | – | – | {self.target} |"
        hand = statistics.median(self.theirs)
        return f"| {self.name} | {ours * 1000:,.1f} ms | {spread} | {hand * 1000:,.1f} ms | **{ours / hand:.2f} ×** | {self.target} |"


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A PostgreSQL server: the named one, or the packaged one started here."""
    named = os.environ.get("DAICHO_BENCH_POSTGRES")
    if named:
        yield named
        return
    from server import running  # noqa: PLC0415 (the example's, beside the demo)

    folder = Path(tempfile.mkdtemp(prefix="daicho-bench-"))
    try:
        with running(folder, database="bench") as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def at_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


class Bench:
    """Daicho on its own database, the shop on another, and a template to copy fresh rows from."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self.admin = psycopg.connect(url, autocommit=True)
        self.people: list[tuple[Any, ...]] = []
        self.turn = 0

    def prepare(self) -> None:
        for name in ("daicho_bench_app", "daicho_bench_shop", "daicho_bench_rows"):
            self.admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.admin.execute("CREATE DATABASE daicho_bench_app")
        self.admin.execute("CREATE DATABASE daicho_bench_rows")
        with psycopg.connect(at_database(self.url, "daicho_bench_rows")) as connection:
            total = sum(count for _, count in shop.load(connection, shop.make()))
            self.people = connection.execute(
                "SELECT id, email, family_name, given_name, phone, birthday FROM customers ORDER BY id"
            ).fetchall()
        print(f"{total:,} rows, and 30,000 of two heavy customers")
        self.fresh()
        self._daicho()
        self._keep_desk()

    def _keep_desk(self) -> None:
        """A copy of Daicho's own database as it is before the first request, for the baseline that keeps records."""
        from django.db import connection  # noqa: PLC0415

        connection.close()
        self.admin.execute("DROP DATABASE IF EXISTS daicho_bench_desk WITH (FORCE)")
        self.admin.execute("CREATE DATABASE daicho_bench_desk TEMPLATE daicho_bench_app STRATEGY FILE_COPY")

    def fresh(self) -> None:
        """New copies of the rows for both sides; opened connections are given back first."""
        from daicho.site import wiring  # noqa: PLC0415

        if "daicho.site.settings" in sys.modules:
            wiring.close_all()
        for name in ("daicho_bench_shop", "daicho_bench_hand"):
            self.admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            self.admin.execute(f"CREATE DATABASE {name} TEMPLATE daicho_bench_rows STRATEGY FILE_COPY")
        self.admin.execute("CHECKPOINT")
        self.turn += 1

    def _daicho(self) -> None:
        os.environ["DAICHO_BENCH_APP"] = at_database(self.url, "daicho_bench_app")
        os.environ["DAICHO_BENCH_SHOP"] = at_database(self.url, "daicho_bench_shop")
        self.say("init", "--organisation", ORGANISATION, "--database", "env:DAICHO_BENCH_APP", "--rehearsal")
        self.say("account", "add", "boss", "--role", "officer")
        for code, role in (("clerk", "desk"), ("engineer", "engineer")):
            self.say("account", "add", code, "--role", role, "--as", "boss")
        from daicho.words.documents import read_document  # noqa: PLC0415

        example = HERE.parent / "examples" / "staffing-group" / "policy.yaml"
        policy = read_document(example.read_bytes(), path=str(example)).value
        policy["requests"].pop("fees", None)  # the desk's money is not what is measured
        (self.folder / "policy.yaml").write_text(json.dumps(policy, ensure_ascii=False, default=str), encoding="utf-8")
        self.say("policy", "apply", str(self.folder / "policy.yaml"), "--as", "boss")
        self.say("policy", "publish", "--from", AT.date().isoformat(), "--as", "boss")
        self.say("apply", str(HERE / "register"), "--yes", "--as", "engineer")
        self.say("confirm", "bench-shop", "--as", "boss")

    def say(self, *words: str) -> None:
        from daicho.cli.main import run  # noqa: PLC0415

        if run([*words, "--lang", "en"], out=open(os.devnull, "w"), err=sys.stderr) not in {0, 1}:  # noqa: SIM115, PTH123
            raise SystemExit(f"daicho {' '.join(words)} failed")

    def warm(self) -> None:
        """What a running service has done once: opened its connections, read its register."""
        self.ours("disclosure", [9_999])
        self.ours("erase", [9_998])

    def intake(self, kind: str, number: int) -> Any:
        from daicho.rights.intake import Intake  # noqa: PLC0415

        _, email, family, given, phone, birthday = self.people[number - 1]
        return Intake.model_validate(
            {
                "addressed": [ORGANISATION],
                "person": {
                    "name": f"{family} {given}",
                    "birth_date": birthday,
                    "address": "愛知県名古屋市1-1",
                    "emails": [email],
                    "phones": [phone],
                    "period": f"turn {self.turn}",
                },
                "claims": [{"kind": kind}],
            }
        )

    def ours(self, kind: str, numbers: list[int], *more: tuple[str, list[int]]) -> float:
        """Seconds from the call to the confirmed outcome."""
        from daicho.people.queries import get_actor  # noqa: PLC0415
        from daicho.rights.actions.submitting import submit  # noqa: PLC0415
        from daicho.rights.rules import ClaimState  # noqa: PLC0415
        from daicho.site.wiring import open_store  # noqa: PLC0415

        intakes = [self.intake(one, number) for one, many in ((kind, numbers), *more) for number in many]
        clerk, boss = get_actor("clerk", at=AT), get_actor("boss", at=AT)
        gc.collect()
        begun = time.perf_counter()
        done = submit(intakes, scope=clerk, decider=boss, at=AT, open_store=open_store, folder=self.folder / "files")
        took = time.perf_counter() - begun
        if set(done.claims.values()) != {ClaimState.READING_BACK}:
            raise SystemExit(f"not every claim was confirmed: {set(done.claims.values())}")
        return took

    def run_alone(self, numbers: list[int]) -> float:
        """Seconds of the run itself: resolve, plan, intend, change, read back, confirm; no requests registered."""
        from django.db import transaction  # noqa: PLC0415

        from daicho.law.kinds import RequestKind  # noqa: PLC0415
        from daicho.people.queries import get_actor  # noqa: PLC0415
        from daicho.runs import actions as runs  # noqa: PLC0415
        from daicho.runs.planning import plan_purpose  # noqa: PLC0415
        from daicho.runs.queries import reach  # noqa: PLC0415
        from daicho.runs.resolve import Sought  # noqa: PLC0415
        from daicho.site.wiring import open_store  # noqa: PLC0415
        from daicho.trail.acts import Acts  # noqa: PLC0415

        sought = [Sought(identities=self.intake("erase", number).person.identities()) for number in numbers]
        names = [f"B-{number}" for number in numbers]
        clerk, organisations = get_actor("clerk", at=AT), frozenset({ORGANISATION})
        gc.collect()
        begun = time.perf_counter()
        reached = reach(sought, organisations=organisations, scope=clerk, open_store=open_store)
        planned = plan_purpose(
            RequestKind.ERASE, reached.resolution.findings, reached.stores, organisations=organisations, on=AT.date()
        )
        with transaction.atomic():
            acts = Acts(actor=clerk.actor, at=AT)
            intended = runs.intend(
                RequestKind.ERASE,
                planned,
                owners=names,
                persons=names,
                organisation=ORGANISATION,
                ring=reached.ring,
                at=AT,
                acts=acts,
            )
            acts.write()
        runs.carry_out(intended, scope=clerk, at=AT, settle=lambda run, acts: None)
        return time.perf_counter() - begun

    def hand(self, numbers: list[int]) -> float:
        """Seconds of the same ending by hand, on the other copy."""
        emails = [self.people[number - 1][1] for number in numbers]
        with psycopg.connect(at_database(self.url, "daicho_bench_hand")) as connection:
            connection.execute("SELECT 1")
            connection.commit()
            gc.collect()
            begun = time.perf_counter()
            by_hand.erase(connection, emails)
            return time.perf_counter() - begun

    def hand_on_record(self, numbers: list[int]) -> float:
        """Seconds of the same work by hand, with the records a request desk keeps, in a fresh copy of Daicho's tables."""
        customers = [self.people[number - 1] for number in numbers]
        self.admin.execute("DROP DATABASE IF EXISTS daicho_bench_hand_desk WITH (FORCE)")
        self.admin.execute("CREATE DATABASE daicho_bench_hand_desk TEMPLATE daicho_bench_desk STRATEGY FILE_COPY")
        self.admin.execute("CHECKPOINT")
        with (
            psycopg.connect(at_database(self.url, "daicho_bench_hand_desk")) as app,
            psycopg.connect(at_database(self.url, "daicho_bench_hand")) as connection,
        ):
            app.execute(
                "INSERT INTO rights_counter (organisation, series, year, last) VALUES ('*', 'R', %s, 0)", [AT.year]
            )
            connection.execute("SELECT 1")
            app.commit()
            connection.commit()
            desk = by_hand.OnRecord(app, connection, policy_digest="0" * 64, organisation=ORGANISATION)
            gc.collect()
            begun = time.perf_counter()
            desk.erase(customers, AT)
            return time.perf_counter() - begun


def measure(bench: Bench) -> list[Line]:
    disclosure = Line("one disclosure", "under 20 ms")
    erasure = Line("one erasure", "under 30 ms")
    mixed = Line("100 disclosures + 100 erasures together", "under 1 s")
    heavy = Line("erasing a person with 15,000 rows", "within 2 ×")
    many = Line("erasing 1,000 persons at once", "within 1.5 ×")
    alone = Line("of that, the run: no requests registered, no records by hand", "–")
    bare = Line("the whole, beside bare deletions that keep no record", "–")
    bench.warm()
    for number in range(1, SINGLES + 1):
        disclosure.ours.append(bench.ours("disclosure", [number]))
        erasure.ours.append(bench.ours("erase", [1_000 + number]))
    for turn in range(ROUNDS):
        start = 2_000 + turn * 200
        shown, ended = list(range(start, start + 100)), list(range(start + 100, start + 200))
        mixed.ours.append(bench.ours("disclosure", shown, ("erase", ended)))
    for turn in range(ROUNDS):
        _round(bench, turn, heavy, many, alone)
    bare.ours, bare.theirs = many.ours, alone.theirs
    return [disclosure, erasure, mixed, heavy, many, alone, bare]


def _round(bench: Bench, turn: int, heavy: Line, many: Line, alone: Line) -> None:
    """One round of what is compared; every second round the other way about."""
    bench.fresh()
    bench.ours("disclosure", [1])
    customer = shop.HEAVY[turn % 2]
    numbers, others, third = list(range(4_001, 5_001)), list(range(5_001, 6_001)), list(range(6_001, 7_001))
    steps: list[Callable[[], None]] = [
        lambda: heavy.ours.append(bench.ours("erase", [customer])),
        lambda: heavy.theirs.append(bench.hand([customer])),
        lambda: many.ours.append(bench.ours("erase", numbers)),
        lambda: many.theirs.append(bench.hand_on_record(third)),
        lambda: alone.ours.append(bench.run_alone(others)),
        lambda: alone.theirs.append(bench.hand(others)),
    ]
    for step in reversed(steps) if turn % 2 else steps:
        step()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md")
    write = arguments.parse_args().write
    folder = Path(tempfile.mkdtemp(prefix="daicho-bench-ws-"))
    os.environ["DAICHO_WORKSPACE"] = str(folder)
    os.environ["DAICHO_AT"] = AT.isoformat()
    try:
        with server() as url:
            bench = Bench(url, folder)
            bench.prepare()
            lines = measure(bench)
            version = bench.admin.execute("SHOW server_version").fetchone()
            fsync = bench.admin.execute("SHOW fsync").fetchone()
            bench.admin.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    text = report(lines, version=str((version or ("?",))[0]), fsync=str((fsync or ("?",))[0]), peak=peak)
    print(text)
    if write:
        (HERE / "RESULTS.md").write_text(text, encoding="utf-8")


def report(lines: list[Line], *, version: str, fsync: str, peak: int) -> str:
    table = "\n".join(line.say() for line in lines)
    elsewhere = ", ".join(f"{seconds:g} s" for seconds in ELSEWHERE.values())
    return f"""# Benchmark results

How taken: `make bench` on {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},
PostgreSQL {version} with fsync {fsync}; Daicho's database and the shop's are two databases of that server.
Six linked tables of 10,000 customers (see `rows.py`). Time runs from the call that opens the claims
(`rights.actions.submitting.submit`) until the outcome is read back and confirmed, with the trail and, for a
disclosure, the sealed data file on disk. Single claims: median of {SINGLES}; the others: median of {ROUNDS} rounds.
By hand: `by_hand.py`, measured in turn on fresh copies of the same rows. For the person with 15,000 rows it is
six set-based deletions in one transaction with the same read-back by key. For 1,000 persons it is the same work:
before and after the deletions it also writes what a request desk must keep (1,000 requests with sealed contents,
their claims and decisions, persons and their keyed digests, the sealed intent, the outcome), by COPY into a copy of
Daicho's own tables. The last two lines show where the time goes and have no target of their own: the run without
registering and deciding, and the whole, each beside bare deletions that keep no record. Peak memory of the measuring process: {peak} MiB.

| what | Daicho, median | min – max (ms) | by hand | ratio | target |
|---|---|---|---|---|---|
{table}

For orientation: another product, on such rows and such a machine, needed {elsewhere} for the first four lines.
"""


if __name__ == "__main__":
    main()
