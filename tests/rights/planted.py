"""A desk built once and then copied: its folder file by file, its rows of the application's database table by table."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from django.db import connection

from tests.rights.desk import Desk, open_desk

#: Filled by the migrations themselves.
_OWN_OF_DJANGO = {"django_migrations", "django_content_type", "auth_permission"}


@dataclass(frozen=True, slots=True)
class _Template:
    desk: Desk
    folder: Path
    rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]]


_built: dict[str, _Template] = {}


def planted(name: str, folder: Path, build: Callable[[Path], Desk]) -> Desk:
    """The desk ``build`` makes, in ``folder``: built by the first test that asks, copied for every other.

    Call it inside the test's transaction, with ``folder`` as the workspace.
    """
    template = _built.get(name)
    if template is None:
        desk = build(folder)
        kept = Path(mkdtemp(prefix="daicho-desk-"))
        shutil.copytree(folder, kept, dirs_exist_ok=True)
        _built[name] = _Template(desk, kept, rows_of_ours())
        return desk
    shutil.copytree(template.folder, folder, dirs_exist_ok=True)
    with connection.cursor() as cursor:
        for table, (columns, rows) in template.rows.items():
            names = ", ".join(f'"{column}"' for column in columns)
            marks = ", ".join(["%s"] * len(columns))
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 (names of our own tables)
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608
    return replace(template.desk, folder=folder)


def rows_of_ours() -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """Every row of the application's own tables: table → (columns, rows)."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            if table in _OWN_OF_DJANGO:
                continue
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            rows = cursor.fetchall()
            if rows:
                found[table] = ([column[0] for column in cursor.description], rows)
    return found


def plain(folder: Path) -> Desk:
    """The desk of `tests.rights.desk`, copied."""
    return planted("plain", folder, open_desk)


def with_cabinet(folder: Path) -> Desk:
    """The same with a paper cabinet."""
    return planted("cabinet", folder, partial(open_desk, cabinet=True))
