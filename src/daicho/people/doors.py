"""入口: what a web request brings along, and who may pass a route.

Every view of the house is marked with one of `public`, `signed_in`, `reads`, `changes`, `bearer`; what is not
marked lets nobody through (`daicho.site.middleware`). The mark says which roles a route is for; the
action behind it still asks for the role in the organisation concerned.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, cast

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
    BEARER = "bearer"  # a program with a token; the API's gate asks for the token's scope (`daicho.api.gate`)


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Who may pass a route; ``roles`` is empty for `PUBLIC`, `SIGNED_IN` and `BEARER`."""

    passage: Passage
    roles: tuple[Role, ...] = ()

    def admits(self, held: Mapping[str, frozenset[Role]]) -> bool:
        """Whether somebody with these roles (by organisation) passes, in any of them."""
        if self.passage in {Passage.PUBLIC, Passage.SIGNED_IN, Passage.BEARER}:
            return True
        judge = may_read if self.passage is Passage.READS else may_act
        return any(judge(roles, self.roles) for roles in held.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who came in, for whom, when, in which language; built once per request by the middleware.

    ``roles`` by organisation. ``folder`` holds the sealed files; ``open_store`` opens a row of the
    register (`daicho.site.wiring.open_store`), ``organisation`` is the one the workspace stands for;
    ``kinds``: every kind of store there is → the settings it takes (`daicho.stores.settings.Setting`).
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

    @property
    def today(self) -> date:
        """The calendar day in Asia/Tokyo."""
        return self.at.date()

    def may_act(self, *roles: Role) -> bool:
        """Whether to offer what needs one of these roles, somewhere."""
        return any(may_act(held, roles) for held in self.roles.values())

    def may_read(self, *roles: Role) -> bool:
        """Whether to offer a look that needs one of these roles, somewhere."""
        return any(may_read(held, roles) for held in self.roles.values())

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
    """Any active account may pass, also one without a second factor."""
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
