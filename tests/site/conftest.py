"""People of every role in front of the web door."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from daicho.people import actions, queries
from daicho.people.rules import INSTALLER, Role
from tests.people import entering

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture
def house(db, workspace: Path) -> dict[Role, str]:
    """An account for every role in `copro`, and its keys; → its code."""
    from daicho.keys.actions import initialise
    from daicho.trail.actions import record

    cache.clear()
    initialise(actor=INSTALLER, at=AT, record=record)
    first = code_of(Role.OFFICER)
    actions.create_account(first, display_name=first, organisation="copro", roles=[Role.OFFICER], scope=None, at=AT)
    scope = queries.get_actor(first, at=AT)
    for role in Role:
        if role is not Role.OFFICER:
            code = code_of(role)
            actions.create_account(code, display_name=code, organisation="copro", roles=[role], scope=scope, at=AT)
    return {role: code_of(role) for role in Role}


def code_of(role: Role) -> str:
    return role.replace("_", "-")


@pytest.fixture
def enter(house) -> Callable[..., Client]:
    """A browser in which the account of a role is signed in, with a second factor unless told otherwise."""

    def open_door(role: Role, *, second_factor: bool = True, raising: bool = True) -> Client:
        return entering.enter(Client(raise_request_exception=raising), house[role], factor=second_factor)

    return open_door
