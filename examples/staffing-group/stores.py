"""Creates the stores of the example and fills them: the generated people, then the cast of the story.

crm (PostgreSQL) · genkyari and hr (SQLite) · exports and events (folders of CSV). The paper
cabinet of the Nagoya branch needs no creating.
"""

import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import cast
import crm
import exports
import genkyari
import hr
import people
import psycopg
import psycopg.sql
import server

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

#: Where the CRM's rows wait while no server holds them.
KEPT = Path("stores") / "crm"
#: Daicho reads with one account and changes with another; neither owns the tables.
READER, WRITER = "daicho_reader", "daicho_writer"
GRANTS = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{READER}') THEN
        CREATE ROLE {READER} LOGIN;
        CREATE ROLE {WRITER} LOGIN;
    END IF;
END $$;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}, {WRITER};
GRANT UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {WRITER};
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Who stands in which store; the slices overlap, as they do in life."""

    contacts: list[people.Human]
    inquirers: list[people.Human]
    registrants: list[people.Human]
    applicants: list[people.Human]
    employees: list[people.Human]
    staff: list[tuple[str, people.Human]]
    provided: list[tuple[str, people.Human]]
    guests: list[people.Human]
    rostered: list[people.Human]


def gather(humans: Sequence[people.Human], rng: Random) -> Crowd:
    """Deal the people out to the stores."""
    registrants, contacts, others = list(humans[:1400]), list(humans[1400:2150]), list(humans[2150:])
    numbered = [(f"G-{number:06d}", human) for number, human in enumerate(registrants, 1)]
    return Crowd(
        contacts=contacts,
        inquirers=rng.sample(registrants, 330) + rng.sample(others, 220),
        registrants=registrants,
        applicants=rng.sample(registrants, 160) + rng.sample(others, 240),
        employees=others[-280:],
        staff=rng.sample(numbered, 430),
        provided=rng.sample(numbered, 260),
        guests=rng.sample(registrants, 180) + rng.sample(contacts, 120) + rng.sample(others, 60),
        rostered=rng.sample(others, 45),
    )


def create(folder: Path, crm_url: str, *, seed: int = people.SEED) -> dict[str, int]:
    """Create and fill every store; ``folder`` must be new. Returns store → rows (people not counted)."""
    rng = Random(seed + 1)
    crowd = gather(people.invent(seed=seed), rng)
    content = {
        "crm": crm.rows(crowd.contacts, crowd.inquirers, crowd.provided, rng),
        "genkyari": genkyari.rows(crowd.registrants, crowd.applicants, rng),
        "hr": hr.rows(crowd.employees, crowd.staff, len(crowd.applicants), rng),
        **exports.rows(crowd.contacts[:420], crowd.provided, crowd.guests, crowd.rostered, rng),
    }
    content = {store: _with_cast(store, tables) for store, tables in content.items()}
    folder.mkdir(parents=True, exist_ok=True)
    write_postgresql(crm_url, crm.SCHEMA, crm.TABLES, content["crm"])
    write_sqlite(folder / "genkyari.sqlite3", genkyari.SCHEMA, genkyari.TABLES, content["genkyari"])
    write_sqlite(folder / "hr.sqlite3", hr.SCHEMA, hr.TABLES, content["hr"])
    exports.write(folder, {store: content[store] for store in exports.FOLDERS})
    return {store: sum(len(rows) for rows in tables.values()) for store, tables in content.items()}


def _with_cast(store: str, tables: Rows) -> dict[str, list[Mapping[str, Any]]]:
    """The rows of a store with the cast's rows somewhere among the others."""
    planted = cast.planted(store)
    mixed = {}
    for table, rows in tables.items():
        middle = len(rows) // 2
        mixed[table] = [*rows[:middle], *planted.get(table, ()), *rows[middle:]]
    return mixed


def credentials(crm_url: str) -> dict[str, str]:
    """The environment variables that the register's document of the CRM names."""
    return {
        "CRM_URL": crm_url.replace(f"//{server.USER}@", f"//{READER}@"),
        "CRM_WRITE_URL": crm_url.replace(f"//{server.USER}@", f"//{WRITER}@"),
    }


def write_postgresql(url: str, schema: str, tables: Sequence[str], content: Rows) -> None:
    """Create the tables anew and copy the rows in, in one transaction."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for table in reversed(tables):
            cursor.execute(psycopg.sql.SQL("DROP TABLE IF EXISTS {}").format(psycopg.sql.Identifier(table)))
        cursor.execute(schema.encode())
        for table in tables:
            columns = _columns_in(schema, table)
            statement = psycopg.sql.SQL("COPY {} ({}) FROM STDIN").format(
                psycopg.sql.Identifier(table), psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, columns))
            )
            with cursor.copy(statement) as copy:
                for row in content[table]:
                    copy.write_row([row[column] for column in columns])
        cursor.execute(GRANTS.encode())
        cursor.execute("ANALYZE")


def keep_postgresql(url: str, tables: Sequence[str], folder: Path) -> None:
    """Write the tables as they stand to files, one each; the server that holds them does not last."""
    partial = folder.with_name(f".{folder.name}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True, mode=0o700)
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for table in tables:
            statement = psycopg.sql.SQL("COPY {} TO STDOUT").format(psycopg.sql.Identifier(table))
            with (partial / table).open("wb") as file, cursor.copy(statement) as copy:
                for block in copy:
                    file.write(block)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def load_postgresql(url: str, schema: str, tables: Sequence[str], folder: Path) -> None:
    """Create the tables and read back what `keep_postgresql` wrote."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(schema.encode())
        for table in tables:
            statement = psycopg.sql.SQL("COPY {} FROM STDIN").format(psycopg.sql.Identifier(table))
            with (folder / table).open("rb") as file, cursor.copy(statement) as copy:
                while block := file.read(1 << 16):
                    copy.write(block)
        cursor.execute(GRANTS.encode())
        cursor.execute("ANALYZE")


def write_sqlite(path: Path, schema: str, tables: Sequence[str], content: Rows) -> None:
    """Create the file anew and insert the rows, in one transaction, foreign keys checked."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA foreign_keys = ON;" + schema)
        with connection:
            for table in tables:
                columns = _columns_in(schema, table)
                places = ", ".join("?" for _ in columns)
                connection.executemany(
                    f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608 (names from our own schema)
                    ([_as_sqlite(row[column]) for column in columns] for row in content[table]),
                )
    finally:
        connection.close()


def _as_sqlite(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def _columns_in(schema: str, table: str) -> tuple[str, ...]:
    """The column names of one ``CREATE TABLE`` of our own schemas, which keep one column a line."""
    body = schema.split(f"CREATE TABLE {table} (", 1)[1].split("\n);", 1)[0]
    return tuple(line.split()[0] for line in body.strip().splitlines())
