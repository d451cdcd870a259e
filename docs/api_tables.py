# ruff: noqa: INP001 (a script beside the pages it writes, not a package)
"""Scopes and operations of the API, as tables of its page."""

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Final

from tables import table

import daicho.api.door  # noqa: F401 (makes the table of operations)
from daicho.api.door import ROOMS
from daicho.api.routing import list_operations
from daicho.api.scopes import SCOPES
from daicho.people.rules import ROLE_WORDS, Role


def scopes() -> str:
    """Every scope, with the roles it needs."""
    rows = []
    for scope, kind in SCOPES.items():
        roles = "any role" if set(kind.roles) == set(Role) else ", ".join(ROLE_WORDS[role].en for role in kind.roles)
        rows.append((f"`{scope}`", kind.name.en, f"{roles}{'; auditors, too' if kind.reads else ''}"))
    return table(("scope", "what it gives", "one of these roles"), rows)


def operations() -> str:
    """Every operation, room by room."""
    order = [room.router.group.en for room in ROOMS]
    found = sorted(list_operations(), key=lambda one: order.index(one.group.en))
    parts = []
    for group, members in groupby(found, key=lambda one: one.group):
        rows = [
            (
                f"`{one.method} {one.path}`",
                one.says.en,
                " and ".join(f"`{scope}`" for scope in one.scopes) or "any token",
            )
            for one in members
        ]
        parts.append(f"**{group.en}** {group.ja}\n\n{table(('call', 'what it does', 'scope'), rows)}")
    return "\n\n".join(parts)


PARTS: Final[Mapping[str, Callable[[], str]]] = {"api-scopes": scopes, "api-operations": operations}
