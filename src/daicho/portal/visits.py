"""What a view of the web door is handed: the policy in force, the clock, the language, and what the browser may see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from daicho.letters.house import House
from daicho.people.doors import public
from daicho.policy.language import Policy
from daicho.policy.queries import find_revision_at
from daicho.portal.actions.passes import get_open_pass
from daicho.portal.courtesy import Sender, sender_of
from daicho.portal.errors import LinkError, TooManyError, draft_gone
from daicho.portal.models import Pass
from daicho.portal.rules import VISIT, PassKind, publishes_web
from daicho.rights.house import house_of
from daicho.words.errors import DaichoError, Fault, NotAllowedError, NotFoundError
from daicho.words.text import Language, Text
from daicho.work.queries import can_send

_DRAFT: Final = "portal_draft"
_ENTERED: Final = "portal_entered"
_ASKED: Final = "portal_asked"
_STATUS: Final = {Fault.INPUT: 400, Fault.PERMISSION: 403, Fault.JUDGEMENT: 409, Fault.STORE: 503}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of a stranger's browser."""

    request: HttpRequest
    at: datetime
    language: Language
    policy: Policy
    organisation: str

    @property
    def today(self) -> date:
        """The calendar day in Asia/Tokyo."""
        return self.at.date()

    @property
    def folder(self) -> Path:
        """Where sealed files lie."""
        folder: Path = settings.WORKSPACE.files
        return folder

    @property
    def is_open(self) -> bool:
        """Whether requests are taken here now: published, and mail can be sent."""
        return publishes_web(self.policy) and can_send()

    @property
    def house(self) -> House:
        """Whose door it is."""
        return house_of(self.policy, self.organisation)

    def sender(self, organisation: str = "") -> Sender:
        """Who writes the mails."""
        address = settings.WORKSPACE.address or self.request.build_absolute_uri("/")
        return sender_of(self.policy, organisation or self.organisation, language=self.language, address=address)

    def show(self, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
        """A page of the web door."""
        shown = {"visit": self, "house": self.house, **(context or {})}
        return render(self.request, f"portal/{template}.html", shown, status=status)

    # ── what this browser may see; its session holds opaque references only ──────────────

    def know_draft(self, ref: str) -> None:
        """The start link was used here."""
        self.request.session.cycle_key()
        self.request.session[_DRAFT] = ref

    @property
    def draft(self) -> str:
        """The draft of this browser; `NotAllowedError` when there is none."""
        ref: str = self.request.session.get(_DRAFT, "")
        if not ref:
            raise draft_gone()
        return ref

    @property
    def has_draft(self) -> bool:
        """Whether this browser was given a draft; it may be over."""
        return bool(self.request.session.get(_DRAFT))

    def forget_draft(self) -> None:
        """The draft is over."""
        self.request.session.pop(_DRAFT, None)

    def ask_code_for(self, row: Pass) -> None:
        """A code was mailed for this link."""
        self.request.session[_ASKED] = row.ref

    @property
    def asked(self) -> str:
        """The link a code was asked for here.

        Raises:
            LinkError: none.
        """
        ref: str = self.request.session.get(_ASKED, "")
        if not ref:
            raise LinkError
        return ref

    def enter(self, row: Pass) -> None:
        """The right code was given."""
        self.request.session.cycle_key()
        self.request.session.pop(_ASKED, None)
        self.request.session[_ENTERED] = {"ref": row.ref, "until": (self.at + VISIT).isoformat()}

    def leave(self) -> None:
        """Forget everything."""
        self.request.session.flush()

    def entered(self, kind: PassKind) -> Pass:
        """The link of this kind that this browser entered by.

        Raises:
            LinkError: none, too long ago, or ended.
        """
        kept = self.request.session.get(_ENTERED)
        if not kept or datetime.fromisoformat(kept["until"]) <= self.at:
            raise LinkError
        row = get_open_pass(kept["ref"], at=self.at)
        if row.kind != kind:
            raise LinkError
        self.request.session[_ENTERED] = {"ref": row.ref, "until": (self.at + VISIT).isoformat()}
        return row


def is_known(request: HttpRequest) -> bool:
    """Whether this browser opened a link that was mailed: it may send papers. Whether the link still holds is asked later."""
    return bool(request.session.get(_DRAFT) or request.session.get(_ENTERED))


View = Callable[..., HttpResponse]

#: A page with a form of its own.
looks_and_sends: Final = require_http_methods(["GET", "HEAD", "POST"])


def at_the_door(view: View) -> View:
    """A public view that is handed a `Visit`; an error becomes a page in plain words."""

    @wraps(view)
    def passed(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        at: datetime = request.at  # type: ignore[attr-defined]
        language: Language = request.language  # type: ignore[attr-defined]
        organisation = settings.WORKSPACE.organisation
        revision = find_revision_at(organisation, at.date())
        if revision is None:
            return render(request, "portal/closed.html", {"visit": None}, status=404)
        visit = Visit(request=request, at=at, language=language, policy=revision.policy, organisation=organisation)
        try:
            response = view(visit, *args, **values)
        except DaichoError as error:
            response = visit.show("stop", {"error": error}, status=_status(error))
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return public(passed)


def _status(error: DaichoError) -> int:
    if isinstance(error, TooManyError):
        return 429
    return 404 if isinstance(error, NotFoundError) else _STATUS.get(error.fault, 500)


def require_open(visit: Visit) -> None:
    """The door exists only while the policy publishes it.

    Raises:
        NotAllowedError: it does not, or no mail can be sent.
    """
    if not visit.is_open:
        raise NotAllowedError(
            Text("ウェブでの請求は受け付けていません。", "Requests are not taken by web."),
            advice=Text("公表している方法（郵送など）でご請求ください。", "Please ask in one of the published ways."),
        )
