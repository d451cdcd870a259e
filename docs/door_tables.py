# ruff: noqa: INP001 (a script beside the pages it writes, not a package)
"""Which page opens for whom, as the marks of the routes say it."""

from collections.abc import Callable, Mapping
from typing import Final

from django.urls import resolve, reverse
from tables import table

from daicho.people.doors import Passage, Permission, permission_of
from daicho.people.rules import ROLE_WORDS, Role
from daicho.site.shell import NAVIGATION


def pages() -> str:
    """Every place of the navigation: its name, its address, and the roles it opens for."""
    rows = []
    for group in NAVIGATION:
        for place in group.places:
            address = reverse(place.route)
            permission = permission_of(resolve(address).func)
            if permission is None:
                raise LookupError(f"{place.route} is open to nobody")
            rows.append((place.name.en, place.name.ja, f"`{address}`", _opens_for(permission)))
    return table(("page", "日本語", "address", "opens for"), rows)


def _opens_for(permission: Permission) -> str:
    if permission.passage is Passage.SIGNED_IN:
        return "every account"
    looks = permission.passage is Passage.READS
    if {*permission.roles, *([Role.AUDITOR] if looks else [])} == set(Role):
        return "every role"
    named = ", ".join(ROLE_WORDS[role].en for role in Role if role in permission.roles)
    return f"{named}; auditors look" if looks else named


PARTS: Final[Mapping[str, Callable[[], str]]] = {"pages": pages}
