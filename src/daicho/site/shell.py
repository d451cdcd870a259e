"""The frame of every page: where one can go, as far as one's roles reach."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

from daicho.people.doors import Door, Permission, permission_of
from daicho.site.routes import permission_of_library
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


def _page(route: str, ja: str, en: str, hint: Text) -> Place:
    return Place(route=route, name=Text(ja, en), letter="", hint=hint)


_POST, _REGISTER, _OWN = Text("郵便物", "Post"), Text("管理台帳", "Register"), Text("自分のアカウント", "My account")
#: Pages below those of the navigation; found by Ctrl+K, as far as one may open them.
PAGES: Final = (
    _page("post:register", "封筒を登録する", "Register an envelope", _POST),
    _page("post:due", "廃棄期限の来た写し", "Copies past their days", _POST),
    _page("rights:ledger-import", "昔の受付簿の取り込み", "Import an old ledger", Text("受付簿", "Ledger")),
    _page("register:coverage", "網羅性", "Coverage: what is on no row", _REGISTER),
    _page("register:review", "台帳の見直し", "Review of the register", _REGISTER),
    _page("register:new", "台帳に行を足す", "Add a row to the register", _REGISTER),
    _page("register:import", "台帳の取り込み", "Import a register", _REGISTER),
    _page("register:store-new", "保管先を足す", "Add a store", Text("保管先", "Stores")),
    _page("policy:start", "方針を作る", "Begin a policy", Text("方針", "Policy")),
    _page("privacy:policy", "公開している方針", "The published policy", Text("方針", "Policy")),
    _page("trail:verification", "証跡の検証", "Verification of the trail", Text("証跡", "Trail")),
    _page("people:new", "アカウントを足す", "Add an account", Text("アカウント", "Accounts")),
    _page("api:tokens", "API のトークン", "Tokens of the API", Text("API", "API")),
    _page("api:webhooks", "通知先", "Webhooks", Text("API", "API")),
    _page("people:me", "自分のアカウント", "My account", Text("役割・通知", "Roles, reminders")),
    _page("people:sessions", "サインイン中の端末", "Sessions", _OWN),
    _page("mfa_index", "二要素認証", "Second factor", _OWN),
    _page("account_change_password", "パスワード", "Password", _OWN),
)


def pages_for(door: Door) -> Iterator[tuple[Place, str]]:
    """Every page that stands by itself and admits this account: the navigation's, and those below them."""
    for _, places in places_for(door):
        yield from places
    yield from ((page, reverse(page.route)) for page in PAGES if _admitted(page.route, door))


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
        return permission_of(resolve(reverse(route)).func) or permission_of_library(route)
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
