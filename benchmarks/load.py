"""``make load``: how fast pages come with 100,000 requests in PostgreSQL and 20 people at work.

Fills a fresh database by the desk's own actions, serves it as ``daicho serve`` does, and lets 20
signed-in accounts open list pages side by side, each with a moment's thought between two pages.
Prints, per page, median and 95th percentile from click to last byte, the time from start to first page,
and the memory of each serving process; ``--write`` puts them into ``benchmarks/LOAD.md``.
"""

import argparse
import http.client
import json
import os
import platform
import random
import secrets
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "examples" / "staffing-group"))

import run as bench  # noqa: E402

AT = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
ORGANISATION = "copro-holdings"
PEOPLE = 20
THOUGHT = 1.0
SLICE = 2_000
KINDS = ("disclosure", "erase", "correction", "suspend_use", "purpose_notice")
#: Every list of the desk, and one request; ``{number}`` is an open one's.
PAGES = (
    "/", "/requests/", "/requests/?page=3", "/requests/?tab=checking", "/requests/?overdue=1", "/requests/?tab=all&sort=arrived&dir=down",
    "/requests/{number}/", "/requests/money/", "/requests/slips/",
    "/requests/dispatches/", "/requests/disposal/", "/requests/runs/", "/requests/ledger/", "/requests/ledger/?page=200", "/post/", "/register/", "/register/stores/",
    "/policy/", "/trail/", "/people/",
)  # fmt: skip


def fill(requests: int) -> None:
    """Requests of five years: the newest 1,500 open in every state, the others closed."""
    from django.db import connection, transaction  # noqa: PLC0415

    from daicho.keys.queries import ring  # noqa: PLC0415
    from daicho.people.queries import get_actor  # noqa: PLC0415
    from daicho.rights.actions.receiving import prepare, write  # noqa: PLC0415
    from daicho.rights.intake import Intake  # noqa: PLC0415

    clerk, opened = get_actor("clerk", at=AT), ring()
    days = [AT.date() - timedelta(days=int(1_800 * (1 - number / requests))) for number in range(requests)]
    for start in range(0, requests, SLICE):
        intakes = [
            Intake.model_validate(
                {
                    "addressed": [ORGANISATION],
                    "arrived_on": days[number],
                    "person": {
                        "name": f"負荷 試験{number}",
                        "kana": f"フカ シケン{number}",
                        "address": f"愛知県名古屋市中区{number}",
                        "emails": [f"load{number}@example.jp"],
                        "birth_date": date(1960, 1, 1) + timedelta(days=number % 15_000),
                    },
                    "claims": [claim(KINDS[number % len(KINDS)])],
                }
            )
            for number in range(start, min(start + SLICE, requests))
        ]
        with transaction.atomic():
            write(prepare(intakes, scope=clerk, at=AT, ring=opened))
        if sys.stdout.isatty():
            print(f"\r{min(start + SLICE, requests):,} requests", end="", flush=True)
    print(f"\r{requests:,} requests")
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM rights_subjectrequest")
        newest = cursor.fetchone()[0] - 1_500
        cursor.execute("UPDATE rights_subjectrequest SET state = 'closed', closed_at = %s WHERE id <= %s", [AT, newest])
        cursor.execute(
            "UPDATE rights_claim SET state = 'answered', answered_at = %s WHERE request_id <= %s", [AT, newest]
        )
        for state, rest in (("checking", 0), ("awaiting_fee", 1), ("verified", 2)):
            cursor.execute(
                "UPDATE rights_subjectrequest SET state = %s WHERE id > %s AND id %% 4 = %s", [state, newest, rest]
            )
        cursor.execute(
            "UPDATE rights_claim SET state = 'assessing' WHERE request_id > %s AND request_id %% 4 = 2", [newest]
        )
        cursor.execute("VACUUM ANALYZE")


def claim(kind: str) -> dict[str, Any]:
    return {"kind": kind, "values": {"name": "別の名"}} if kind == "correction" else {"kind": kind}


def sign_in(count: int) -> list[str]:
    """Session cookies of ``count`` accounts, all of them at the desk and officers."""
    from importlib import import_module  # noqa: PLC0415

    from allauth.mfa.models import Authenticator  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415

    from daicho.people.models import Account  # noqa: PLC0415

    store = import_module(settings.SESSION_ENGINE).SessionStore
    cookies = []
    for number in range(count):
        code = f"user{number:02d}"
        say("account", "add", code, "--role", "officer", "--as", "boss")
        account = Account.objects.get(code=code)
        Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
        session = store()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]  # as a sign-in notes it
        session["account_authentication_methods_user"] = str(account.pk)
        session.save()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return cookies


def say(*words: str) -> None:
    from daicho.cli.main import run  # noqa: PLC0415

    if run([*words, "--lang", "en"], out=open(os.devnull, "w"), err=sys.stderr) not in {0, 1}:  # noqa: SIM115, PTH123
        raise SystemExit(f"daicho {' '.join(words)} failed")


def get(connection: http.client.HTTPConnection, path: str, cookie: str) -> tuple[int, float]:
    """Status, and seconds from the click to the last byte."""
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie, "Host": "localhost"})
    answer = connection.getresponse()
    answer.read()
    return answer.status, time.perf_counter() - begun


def work(port: int, cookie: str, pages: list[str], until: float, taken: dict[str, list[float]], thought: float) -> None:
    """One person: opens pages in no order, thinking in between."""
    chance = random.Random(cookie)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    time.sleep(chance.random() * thought)
    while time.perf_counter() < until:
        page = chance.choice(pages)
        status, seconds = get(connection, page, cookie)
        if status != 200:
            raise SystemExit(f"{page}: {status}")
        taken[page].append(seconds)
        time.sleep(thought * (0.5 + chance.random()))


def memory(pid: int) -> int:
    """MiB of a process that it shares with nobody, and its part of what it shares."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) // 1024
    return 0


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def measure(
    port: int, cookies: list[str], pages: list[str], *, seconds: float, thought: float
) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {page: [] for page in pages}
    until = time.perf_counter() + seconds
    people = [threading.Thread(target=work, args=(port, cookie, pages, until, taken, thought)) for cookie in cookies]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return taken


def serve(folder: Path, port: int, workers: int) -> tuple["subprocess.Popen[bytes]", float]:
    """The served process, and seconds from its start to the first page."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [
            str(Path(sys.executable).with_name("daicho")),
            "serve",
            "--port",
            str(port),
            "--workers",
            str(workers),
            "--workspace",
            str(folder),
        ],
        stdout=subprocess.DEVNULL,
    )
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/account/login/", headers={"Host": "localhost"})
            if connection.getresponse().status == 200:
                return process, time.perf_counter() - begun
        except OSError:
            time.sleep(0.02)
        if process.poll() is not None or time.perf_counter() - begun > 60:
            raise SystemExit("the server did not start")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true", help="write benchmarks/LOAD.md")
    arguments.add_argument("--requests", type=int, default=100_000)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--workers", type=int, default=2)
    options = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="daicho-load-"))
    os.environ["DAICHO_WORKSPACE"], os.environ["DAICHO_AT"] = str(folder), AT.isoformat()
    os.environ["DAICHO_WEB_KEY"] = secrets.token_urlsafe(48)  # one key for the sessions made here and the server
    try:
        with bench.server() as url:
            import psycopg  # noqa: PLC0415

            with psycopg.connect(url, autocommit=True) as admin:
                admin.execute("DROP DATABASE IF EXISTS daicho_load WITH (FORCE)")
                admin.execute("CREATE DATABASE daicho_load")
            os.environ["DAICHO_LOAD_DB"] = bench.at_database(url, "daicho_load")
            prepare_workspace(folder)
            fill(options.requests)
            text = taken_text(folder, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(text)
    if options.write:
        (HERE / "LOAD.md").write_text(text, encoding="utf-8")


def prepare_workspace(folder: Path) -> None:
    """Accounts, policy and register of the example, on the fresh database."""
    say("init", "--organisation", ORGANISATION, "--database", "env:DAICHO_LOAD_DB", "--rehearsal")
    say("account", "add", "boss", "--role", "officer")
    for code, role in (("clerk", "desk"), ("engineer", "engineer")):
        say("account", "add", code, "--role", role, "--as", "boss")
    from daicho.words.documents import read_document  # noqa: PLC0415

    example = HERE.parent / "examples" / "staffing-group" / "policy.yaml"
    policy = read_document(example.read_bytes(), path=str(example)).value
    (folder / "policy.yaml").write_text(json.dumps(policy, ensure_ascii=False, default=str), encoding="utf-8")
    say("policy", "apply", str(folder / "policy.yaml"), "--as", "boss")
    publish()


def publish() -> None:
    """Publish with a second account where the installation asks for one."""
    from daicho.cli.main import run  # noqa: PLC0415

    say("account", "add", "chief", "--role", "officer", "--as", "boss")
    with open(os.devnull, "w") as quiet:  # noqa: PTH123
        run(["policy", "approve", "--as", "chief"], out=quiet, err=quiet)
    say("policy", "publish", "--from", "2021-01-01", "--as", "chief")


def taken_text(folder: Path, options: argparse.Namespace) -> str:
    """Serve, measure, and say it."""
    from django.db import connection  # noqa: PLC0415

    from daicho.rights.models import SubjectRequest  # noqa: PLC0415

    cookies = sign_in(PEOPLE)
    number = SubjectRequest.objects.filter(state="verified").order_by("-pk").values_list("number", flat=True)[0]
    connection.close()
    port = 18_000 + os.getpid() % 1_000
    process, started = serve(folder, port, options.workers)
    try:
        first = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        pages = [one.format(number=number) for one in PAGES]
        for page in pages:
            status, _ = get(first, page, cookies[0])
            if status != 200:
                raise SystemExit(f"{page}: {status}")
        measure(port, cookies, pages, seconds=8, thought=0.3)  # every process has opened its connections
        taken = measure(port, cookies, pages, seconds=options.seconds, thought=THOUGHT)
        hurried = measure(port, cookies, pages, seconds=15, thought=0)
        sizes = [memory(one) for one in children(process.pid)]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    rows = "\n".join(
        f"| `{page.replace(number, 'R-…')}` | {len(times)} | {statistics.median(times) * 1000:.0f} ms | {percentile(times) * 1000:.0f} ms |"
        for page, times in taken.items()
    )
    everything = [one for times in taken.values() for one in times]
    rush = [one for times in hurried.values() for one in times]
    return f"""# Pages under load

How taken: `make load` on {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL on the
same machine, {options.requests:,} requests of which 1,500 are open, {options.workers} serving processes of 8 threads, and the
{PEOPLE} people on the same machine too. Each opens a page, thinks for about {THOUGHT:g} s, opens the next; {options.seconds:g} s after warming up.
Targets: first page under 1.5 s after start; every list page 100 ms at the median, 250 ms at the 95th percentile; 200 MiB a process.

* From start to first page: {started:.2f} s
* Memory of each serving process: {", ".join(f"{size} MiB" for size in sizes)}
* All pages: median {statistics.median(everything) * 1000:.0f} ms, 95th percentile {percentile(everything) * 1000:.0f} ms, {len(everything) / options.seconds:.0f} pages a second
* Without a moment's thought (20 clients that never pause): {len(rush) / 15:.0f} pages a second, median {statistics.median(rush) * 1000:.0f} ms

| page | opened | median | 95th percentile |
|---|---|---|---|
{rows}
"""


def percentile(times: list[float]) -> float:
    """The 95th."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


if __name__ == "__main__":
    main()
