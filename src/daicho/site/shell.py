"""The frame of every page: where one can go, as far as one's roles reach."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

from daicho.people.doors import Door, Permission, permission_of
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the navigation; ``letter`` is its key after ``g``."""

    route: str
    name: Text
    letter: str
    hint: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Entries under one heading."""

    name: Text
    places: tuple[Place, ...]


#: In the order of the desk's day. An entry whose route does not exist, or is not admitted, is not shown.
NAVIGATION: Final[tuple[Group, ...]] = (
    Group(
        name=Text("きょう", "Today"),
        places=(
            Place(route="home", name=Text("ホーム", "Home"), letter="h",
                  hint=Text("いま必要なこと", "What needs me today")),
        ),
    ),
    Group(
        name=Text("開示等の請求", "Requests"),
        places=(
            Place(route="rights:inbox", name=Text("受付箱", "Inbox"), letter="i",
                  hint=Text("請求の一覧と期限", "Requests and their clocks")),
            Place(route="post:home", name=Text("郵便物", "Post"), letter="p",
                  hint=Text("封筒の登録と仕分け", "Envelopes and triage")),
            Place(route="rights:open", name=Text("請求を受け付ける", "New request"), letter="n",
                  hint=Text("請求書から登録する", "Register a form")),
            Place(route="rights:dispatches", name=Text("発送", "Dispatch"), letter="e",
                  hint=Text("封入・照合・発送・返送", "Envelopes: filled, checked, sent, come back")),
            Place(route="rights:slips", name=Text("検索依頼票", "Search slips"), letter="s",
                  hint=Text("部署への検索依頼と回答", "Departments asked, and their answers")),
            Place(route="rights:money", name=Text("定額小為替", "Money orders"), letter="m",
                  hint=Text("手数料の出納", "Fees from arrival to cashed or returned")),
            Place(route="rights:disposal", name=Text("廃棄する写し", "Copies to destroy"), letter="c",
                  hint=Text("本人確認書類の写しの廃棄", "Identity papers whose day has come")),
            Place(route="rights:runs", name=Text("実施の記録", "Runs"), letter="u",
                  hint=Text("途中の実施と法的保全", "What is on the way, and legal holds")),
            Place(route="rights:ledger", name=Text("受付簿", "Ledger"), letter="l",
                  hint=Text("年ごとの開示等請求受付簿", "The yearly ledger of requests")),
        ),
    ),
    Group(
        name=Text("方針と台帳", "Policy and register"),
        places=(
            Place(route="policy:home", name=Text("方針", "Policy"), letter="o",
                  hint=Text("本文・点検・改定・公表", "Text, check, revisions, publication")),
            Place(route="register:holdings", name=Text("管理台帳", "Register"), letter="r",
                  hint=Text("保有個人データの台帳", "What is held, where, how long")),
            Place(route="register:picture", name=Text("データの流れ", "Data map"), letter="d",
                  hint=Text("取得から提供までの図", "From collection to recipients")),
            Place(route="register:stores", name=Text("保管先", "Stores"), letter="t",
                  hint=Text("接続・対応表・点検", "Connections, maps, health")),
        ),
    ),
    Group(
        name=Text("証跡と人", "Record and people"),
        places=(
            Place(route="trail:home", name=Text("証跡", "Trail"), letter="v",
                  hint=Text("記録と検証", "The record, and its verification")),
            Place(route="portal:mails", name=Text("発信箱", "Outbox"), letter="b",
                  hint=Text("送信待ち・送れなかったメール", "Mail that waits or could not be sent")),
            Place(route="people:accounts", name=Text("アカウント", "Accounts"), letter="a",
                  hint=Text("社員・役割・招待", "Staff, roles, invitations")),
            Place(route="api:reference", name=Text("API", "API"), letter="x",
                  hint=Text("操作・トークン・通知先", "Operations, tokens, webhooks")),
        ),
    ),
)  # fmt: skip


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: the navigation this account may use."""
    door = getattr(request, "door", None)
    if door is None:
        return {"navigation": ()}
    current = request.resolver_match.view_name if request.resolver_match else ""
    navigation = list(places_for(door))
    return {"navigation": navigation, "current_route": current, "current_place": _place_of(request.path, navigation)}


def _place_of(path: str, navigation: Iterable[tuple[Group, list[tuple[Place, str]]]]) -> str:
    """The route of the place that a page lies in: of the longest address above it; the home page is above nothing."""
    above = [
        (len(address), place.route)
        for _, places in navigation
        for place, address in places
        if path == address or (address != "/" and path.startswith(address))
    ]
    return max(above, default=(0, ""))[1]


def places_for(door: Door) -> Iterator[tuple[Group, list[tuple[Place, str]]]]:
    """Groups with the places that exist and admit this account, each with its address."""
    for group in NAVIGATION:
        shown = [(place, reverse(place.route)) for place in group.places if _admitted(place.route, door)]
        if shown:
            yield group, shown


@cache
def _permission(route: str) -> Permission | None:
    """Who may pass the route of this name; None where this installation does not have it."""
    try:
        return permission_of(resolve(reverse(route)).func)
    except NoReverseMatch:
        return None


def _admitted(route: str, door: Door) -> bool:
    permission = _permission(route)
    return permission is not None and permission.admits(door.roles)


def walk_routes(patterns: Any, namespace: str = "") -> Iterator[tuple[str, Any]]:
    """(route name with its namespace, view) of every route below these patterns."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk_routes(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name or ''}", pattern.callback
