"""入口: what a web request brings along, and who may pass a route.

Every view of the house is marked with one of `public`, `signed_in`, `reads`, `takes`, `changes`, `bearer`; what is not
marked lets nobody through (`daicho.site.middleware`). The mark says which roles a route is for; the
action behind it still asks for the role in the organisation concerned.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from daicho.people.rules import Role, may_act, may_read
from daicho.words.errors import DaichoError
from daicho.words.scope import Scope
from daicho.words.text import Language, Text

View = TypeVar("View", bound=Callable[..., Any])


class Passage(StrEnum):
    """What a route is for."""

    PUBLIC = "public"  # anybody: the published policy, the sign-in page
    SIGNED_IN = "signed_in"  # any active account: one's own account, the home page
    READS = "reads"  # the roles named, and auditors; GET only
    CHANGES = "changes"  # the roles named; never an auditor
    TAKES = "takes"  # the roles named, and auditors; POST, because it is written down who took what away
    BEARER = "bearer"  # a program with a token; the API's gate asks for the token's scope (`daicho.api.gate`)


_OF_NO_ROLE: Final = frozenset({Passage.PUBLIC, Passage.SIGNED_IN, Passage.BEARER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Who may pass a route; ``roles`` is empty for `PUBLIC`, `SIGNED_IN` and `BEARER`."""

    passage: Passage
    roles: tuple[Role, ...] = ()

    def admits(self, held: Mapping[str, frozenset[Role]]) -> bool:
        """Whether somebody with these roles (by organisation) passes, in any of them."""
        return self.passage in _OF_NO_ROLE or bool(self.places(held))

    def places(self, held: Mapping[str, frozenset[Role]]) -> frozenset[str]:
        """The organisations in which these roles pass; a role in one company opens nothing of another."""
        if self.passage in _OF_NO_ROLE:
            return frozenset(held)
        judge = may_act if self.passage is Passage.CHANGES else may_read
        return frozenset(place for place, roles in held.items() if judge(roles, self.roles))


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who came in, for whom, when, in which language; built once per request by the middleware.

    ``scope``: the organisations in which the roles held pass this route; on a route of no role, all with a role.
    ``roles`` by organisation, also outside the scope. ``folder`` holds the sealed files; ``open_store`` opens a row of the
    register (`daicho.site.wiring.open_store`), ``organisation`` is the one the workspace stands for;
    ``kinds``: every kind of store there is → the settings it takes (`daicho.stores.settings.Setting`).
    ``account_name`` and ``company_name`` call a code by its name, in the language of the screen (`daicho.site.names`).
    ``second_factor``: whether this session has shown one; a program's token was made by one that had.
    """

    scope: Scope
    display_name: str
    roles: Mapping[str, frozenset[Role]]
    at: datetime
    language: Language
    folder: Path
    open_store: Callable[[Any], Any]
    organisation: str
    kinds: Mapping[str, Any] = field(default_factory=dict)
    second_factor: bool = False
    account_name: Callable[[str], str] = str
    company_name: Callable[[str], str] = str

    @property
    def today(self) -> date:
        """The calendar day in Asia/Tokyo."""
        return self.at.date()

    def may_act(self, *roles: Role) -> bool:
        """Whether to offer what needs one of these roles, somewhere in the scope."""
        return any(may_act(held, roles) for place, held in self.roles.items() if self.scope.allows(place))

    def may_read(self, *roles: Role) -> bool:
        """Whether to offer a look that needs one of these roles, somewhere in the scope."""
        return any(may_read(held, roles) for place, held in self.roles.items() if self.scope.allows(place))

    def acting(self, *roles: Role) -> Scope:
        """The scope narrowed to where the account may act as one of these; perhaps empty."""
        return self._narrowed(lambda held: may_act(held, roles))

    def reading(self, *roles: Role) -> Scope:
        """The scope narrowed to where the account may look at what is meant for these; perhaps empty."""
        return self._narrowed(lambda held: may_read(held, roles))

    def _narrowed(self, judge: Callable[[frozenset[Role]], bool]) -> Scope:
        places = {place for place, held in self.roles.items() if judge(held)}
        return Scope(actor=self.scope.actor, organisations=self.scope.organisations & places)

    def say(self, text: Text) -> str:
        """The sentence in the language of the screen."""
        return text.say(self.language)


class DoorRequest(HttpRequest):
    """A request that came in by a door (for type checkers: the middleware sets ``door``)."""

    door: Door


def public(view: View) -> View:
    """Anybody may pass."""
    return _mark(view, Permission(passage=Passage.PUBLIC))


def signed_in(view: View) -> View:
    """Any active account may pass, also one that has no second factor yet; one that has shows it first."""
    return _mark(view, Permission(passage=Passage.SIGNED_IN))


def bearer(view: View) -> View:
    """Programs with a token may call; the view asks for the token itself."""
    return _mark(view, Permission(passage=Passage.BEARER))


def reads(*roles: Role) -> Callable[[View], View]:
    """The roles named and auditors may look; nothing but GET and HEAD is let through."""
    return lambda view: _mark(view, Permission(passage=Passage.READS, roles=roles))


def changes(*roles: Role) -> Callable[[View], View]:
    """The roles named may pass, an auditor never."""
    return lambda view: _mark(view, Permission(passage=Passage.CHANGES, roles=roles))


def takes(*roles: Role) -> Callable[[View], View]:
    """The roles named and auditors may take it away; the view lets nothing but POST through, and changes nothing else."""
    return lambda view: _mark(view, Permission(passage=Passage.TAKES, roles=roles))


def _mark(view: View, permission: Permission) -> View:
    view.permission = permission  # type: ignore[attr-defined]
    return view


def permission_of(view: object) -> Permission | None:
    """The mark of a view; None when it has none."""
    return cast("Permission | None", getattr(view, "permission", None))


def act(request: DoorRequest, doing: Callable[[], Text | None], *, then: str) -> HttpResponse:
    """Do something, tell what came of it, and go on to ``then``.

    An error of the house becomes the message on the next page, with what to do about it.
    """
    try:
        said = doing()
    except DaichoError as error:
        tell_error(request, error)
    else:
        if said is not None:
            messages.success(request, request.door.say(said))
    return redirect(then)


def tell_error(request: DoorRequest, error: DaichoError) -> None:
    """Put an error on the next page."""
    language = request.door.language
    messages.error(request, f"{error.message.say(language)} {error.advice.say(language)}")
