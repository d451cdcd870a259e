"""Every route × every role × nobody: what is not marked is open to nobody, what is marked only to whom it names.

The test walks the routes as they are, so a new room is in it without a line here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern
from hypothesis import find
from hypothesis.strategies import from_regex

from daicho.people.doors import Passage, Permission, permission_of
from daicho.people.rules import Role
from daicho.site.routes import LIBRARY_ROUTES
from daicho.site.shell import NAVIGATION, walk_routes

pytestmark = pytest.mark.django_db

#: A value for each kind of parameter; nothing has these.
DUMMIES: Mapping[str, Any] = {
    "IntConverter": 999_999,
    "StringConverter": "nothing-9",
    "SlugConverter": "nothing-9",
    "UUIDConverter": UUID(int=9),
    "PathConverter": "nothing-9",
}
PASSED = {200, 302, 303, 400, 401, 404, 405, 409, 410, 422, 503}


@dataclass(frozen=True)
class Route:
    name: str
    address: str
    permission: Permission | None


@cache
def routes() -> list[Route]:
    """Every address with its mark; those for programs with a token are judged by the API's own tests."""
    found: dict[str, Route] = {}
    for name, view in walk_routes(get_resolver().url_patterns):
        permission = permission_of(view) or LIBRARY_ROUTES.get(name)
        for address in addresses(name):
            found[address] = Route(name, address, permission)
    return [
        route for route in found.values() if route.permission is None or route.permission.passage is not Passage.BEARER
    ]


@cache
def inside(path: str) -> URLResolver:
    """A namespace, asked past the room's own resolver, which says nothing of what is inside."""
    resolver = get_resolver()
    for space in path.split(":") if path else []:
        resolver = URLResolver(RegexPattern(""), resolver.namespace_dict[space][1].url_patterns)
    return resolver


def addresses(name: str) -> Iterator[str]:
    """The route's addresses, its parameters filled with dummies by the kind of their converters."""
    path, _, last = name.rpartition(":")
    resolver = inside(path)
    for possible, _pattern, _defaults, converters in resolver.reverse_dict.getlist(last):
        for _result, parameters in possible:
            values = {key: dummy(converters.get(key)) for key in parameters}
            try:
                yield reverse(name, kwargs=values)
            except NoReverseMatch:  # a pattern of its own: a year, a month, …
                yield reverse(name, kwargs={key: guess(converters[key]) for key in parameters})


def dummy(kind: Any) -> Any:
    return DUMMIES.get(type(kind).__name__, "nothing-9")


def guess(kind: Any) -> Any:
    """The simplest value that a converter of a room's own takes."""
    return kind.to_python(shortest(kind.regex))


@cache
def shortest(regex: str) -> str:
    return find(from_regex(rf"(?:{regex})\Z", fullmatch=True), lambda _: True)


def test_the_walk_finds_what_there_is():
    names = {route.name for route in routes()}
    assert {"home", "people:accounts", "people:account", "trail:home", "account_login"} <= names
    assert {name.partition(":")[0] for name in names if ":" in name} >= {
        "people", "policy", "privacy", "trail", "register", "rights", "post", "portal",
    }  # fmt: skip
    assert len(names) > 180


def test_every_route_of_ours_is_marked():
    ours = {
        name
        for name, view in walk_routes(get_resolver().url_patterns)
        if (getattr(view, "__module__", "") or "").startswith("daicho.") and permission_of(view) is None
    }
    assert ours == set()


def test_what_is_listed_of_a_library_exists():
    names = {name for name, _ in walk_routes(get_resolver().url_patterns)}
    assert set(LIBRARY_ROUTES) - names == set()


def test_the_navigation_leads_to_routes_with_a_mark():
    marked = {route.name: route.permission for route in routes()}
    for group in NAVIGATION:
        for place in group.places:
            if place.route in marked:
                assert marked[place.route] is not None, place.route


def test_nobody_passes_what_is_not_public(client: Client, house):
    for route in routes():
        for response in (client.get(route.address), client.post(route.address)):
            if route.permission is not None and route.permission.passage is Passage.PUBLIC:
                assert response.status_code < 500, route
            elif route.permission is None:
                assert response.status_code == 403, route
            else:
                assert response.status_code == 302, route
                assert response["Location"].startswith("/account/login/"), route


@pytest.mark.parametrize("role", list(Role))
def test_a_role_passes_where_it_may_and_nowhere_else(role: Role, enter):
    held = {"copro": frozenset({role})}
    wrong = []
    for route in routes():
        if route.permission is not None and route.permission.passage is Passage.PUBLIC:
            continue  # as for nobody
        client = enter(role, raising=False)
        status = client.get(route.address).status_code
        expected = {403} if route.permission is None or not route.permission.admits(held) else PASSED
        if status not in expected:
            wrong.append((route.name, "GET", status))
        client = enter(role, raising=False)
        status = client.post(route.address).status_code
        if route.permission is not None and route.permission.passage is Passage.READS and expected == PASSED:
            expected = {405}
        if status not in expected and not (expected == PASSED and status in {403, 429}):  # the action refused
            wrong.append((route.name, "POST", status))
    assert wrong == []


def test_an_auditor_changes_nothing(enter):
    """Beyond their own sign-in, sight of the published, and the trail they take away, every POST is refused."""
    taken = {route.name for route in routes() if route.permission and route.permission.passage is Passage.TAKES}
    assert taken == {"trail:export"}
    for route in routes():
        if route.permission is None or route.permission.passage in {Passage.PUBLIC, Passage.SIGNED_IN, Passage.TAKES}:
            continue
        for method in ("post", "put", "patch", "delete"):
            status = getattr(enter(Role.AUDITOR, raising=False), method)(route.address).status_code
            assert status in {403, 405}, (route.name, method, status)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR])
def test_without_a_second_factor_nothing_of_the_desk_opens(role: Role, enter):
    client = enter(role, second_factor=False)
    for route in routes():
        permission = route.permission
        if permission is None or permission.passage in {Passage.PUBLIC, Passage.SIGNED_IN}:
            continue
        if permission.admits({"copro": frozenset({role})}):
            response = client.get(route.address)
            assert (response.status_code, response["Location"]) == (302, "/account/2fa/"), route


def test_an_account_without_any_role_is_told_so(enter, house):
    from daicho.people.models import AccountOrganisation

    client = enter(Role.DESK)
    AccountOrganisation.objects.filter(account__code=house[Role.DESK]).delete()
    response = client.get("/")
    assert response.status_code == 403
    assert "サインアウト" in response.content.decode()
