"""発送を読む: the envelopes of a request, what stands on them, and all that wait for somebody. For this room's pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db.models import Count, QuerySet

from daicho.keys.queries import ring
from daicho.people.queries import readable
from daicho.rights.access import LOOKERS
from daicho.rights.actions.issuing import PACK, Outside, outside_of
from daicho.rights.dispatch_rules import (
    ON_THE_WAY,
    RETURNED_ADVICE,
    RETURNED_WORDS,
    DispatchMethod,
    DispatchState,
    ReturnedWhy,
)
from daicho.rights.intake import facts_from
from daicho.rights.models import Dispatch, IssuedLetter
from daicho.rights.reading import not_found
from daicho.words.scope import Scope
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchView:
    """One envelope. ``outside``: what stands on the letter and label; ``verified``: the address that was verified.

    Both personal, and None where the reader does not work at the desk. ``same``: they say the same address.
    ``hidden``: a support measure keeps the address off the page.
    """

    ref: str
    letter: str
    state: DispatchState
    method: DispatchMethod
    enclosed_by: str
    enclosed_at: datetime
    checked_by: str
    checked_at: datetime | None
    sent_on: date | None
    tracking: str
    ended_on: date | None
    why: Text | None
    advice: Text | None
    outside: Outside | None
    verified: str
    same: bool
    hidden: bool

    @property
    def on_the_way(self) -> bool:
        """Whether no second envelope is made meanwhile."""
        return self.state in ON_THE_WAY


def list_dispatches(number: str, *, scope: Scope, folder: Path, personal: bool) -> list[DispatchView]:
    """The envelopes of a request, newest first; addresses only of those that wait for their check."""
    rows = Dispatch.objects.filter(request__number=number, organisation__in=scope.organisations).select_related(
        "request"
    )
    return [_dispatch(row, folder=folder, personal=personal) for row in rows.order_by("-pk")]


def _dispatch(row: Dispatch, *, folder: Path, personal: bool) -> DispatchView:
    outside, verified, same = None, "", False
    if personal and row.state == DispatchState.ENCLOSED:
        purpose = "the second person compares the envelope"
        pack = row.request.letters.filter(number=row.letter, kind=PACK).first()
        outside = outside_of(pack, folder).reveal(purpose=purpose) if pack else None
        facts = facts_from(ring().unseal(bytes(row.request.facts), bound_to=f"request:{row.request.number}"))
        to_agent = facts.reply.to == "agent" and facts.agent is not None
        verified = facts.agent.address if to_agent and facts.agent else facts.person.address
        same = outside is not None and "".join(verified.split()) in "".join("".join(outside.lines).split())
        if row.request.support_measure:  # 支援措置: who needs the address looks at the pack, and the trail tells it
            verified, outside = "", replace(outside, lines=()) if outside else None
    why = ReturnedWhy(row.returned_why) if row.returned_why else None
    return DispatchView(
        ref=row.ref,
        letter=row.letter,
        state=DispatchState(row.state),
        method=DispatchMethod(row.method),
        enclosed_by=row.enclosed_by,
        enclosed_at=row.enclosed_at,
        checked_by=row.checked_by,
        checked_at=row.checked_at,
        sent_on=row.sent_on,
        tracking=row.tracking,
        ended_on=row.ended_on,
        why=RETURNED_WORDS[why] if why else None,
        advice=RETURNED_ADVICE[why] if why and row.state == DispatchState.RETURNED else None,
        outside=outside,
        verified=verified,
        hidden=row.request.support_measure,
        same=same,
    )


def dispatches_of(number: str, *, scope: Scope) -> list[str]:
    """The references of a request's envelopes."""
    rows = Dispatch.objects.filter(request__number=number, organisation__in=scope.organisations)
    return list(rows.order_by("pk").values_list("ref", flat=True))


def request_of_dispatch(ref: str, *, scope: Scope) -> str:
    """The number of the request an envelope belongs to."""
    number = (
        Dispatch.objects.filter(ref=ref, organisation__in=scope.organisations)
        .values_list("request__number", flat=True)
        .first()
    )
    if number is None:
        raise not_found(ref)
    return number


#: What the list of all envelopes is parted into; ``enclose``: letters that no envelope was made for.
PARTS: Final[Mapping[str, Text]] = {
    "enclose": Text("封入待ち", "to be enclosed"),
    "check": Text("照合待ち", "to be checked"),
    "send": Text("発送待ち", "to be sent"),
    "sent": Text("発送済", "sent"),
    "returned": Text("返送", "came back"),
}
_STATES: Final[Mapping[str, DispatchState]] = {
    "check": DispatchState.ENCLOSED,
    "send": DispatchState.CHECKED,
    "sent": DispatchState.SENT,
    "returned": DispatchState.RETURNED,
}


def count_dispatches(*, scope: Scope) -> dict[str, int]:
    """Part → how many wait there; two statements."""
    parts = {str(state): part for part, state in _STATES.items()}
    rows = Dispatch.objects.filter(organisation__in=readable(scope, LOOKERS), state__in=parts)
    counts = {parts[state]: n for state, n in rows.values_list("state").annotate(n=Count("*")).order_by()}
    return {"enclose": _not_enclosed(scope).count(), **{part: counts.get(part, 0) for part in _STATES}}


def dispatch_rows(part: str, *, scope: Scope) -> QuerySet[Any]:
    """The rows of one part, oldest first, as dictionaries: request, letter, and of an envelope its own."""
    if part == "enclose":
        return _not_enclosed(scope).order_by("pk").values("request__number", "number", "kind", "pages", "issued_at")
    rows = Dispatch.objects.filter(organisation__in=readable(scope, LOOKERS), state=_STATES[part])
    return rows.order_by("pk").values(
        "ref",
        "request__number",
        "letter",
        "method",
        "enclosed_by",
        "enclosed_at",
        "sent_on",
        "ended_on",
        "returned_why",
    )


def _not_enclosed(scope: Scope) -> QuerySet[IssuedLetter]:
    letters = IssuedLetter.objects.filter(organisation__in=readable(scope, LOOKERS), enclosed=False)
    return letters.exclude(kind=PACK)
