"""受付箱: the list of requests as the screen asks for it; a fixed number of statements, whatever their number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from daicho.law.kinds import RequestKind
from daicho.people.queries import places_to_act, readable
from daicho.policy.language import Arrival
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.models import Claim, IssuedLetter, RequestKey, SubjectRequest
from daicho.rights.rules import REQUEST_ENDS, ClaimState, RequestState
from daicho.words.scope import Scope
from daicho.words.text import Text
from daicho.words.workdays import after_workdays

PAGE: Final = 50
MAX_EXPORT: Final = 100_000
#: The company's own promise for the acknowledgement, in working days after arrival.
ACKNOWLEDGE_WITHIN: Final = 3


class Group(StrEnum):
    """Tabs of the inbox."""

    OPEN = "open"
    CHECKING = "checking"
    WAITING = "waiting"
    WORKING = "working"
    ENDED = "ended"
    ALL = "all"


_OPEN: Final = tuple(state for state in RequestState if state not in REQUEST_ENDS)
GROUP_STATES: Final[Mapping[Group, tuple[RequestState, ...]]] = {
    Group.OPEN: _OPEN,
    Group.CHECKING: (RequestState.RECEIVED, RequestState.CHECKING),
    Group.WAITING: (RequestState.AWAITING_DOCUMENTS, RequestState.AWAITING_FEE),
    Group.WORKING: (RequestState.VERIFIED,),
    Group.ENDED: tuple(state for state in RequestState if state in REQUEST_ENDS),
    Group.ALL: (),
}
GROUP_WORDS: Final[Mapping[Group, Text]] = {
    Group.OPEN: Text("未完了", "Open"),
    Group.CHECKING: Text("形式確認", "To check"),
    Group.WAITING: Text("補正待ち", "Waiting for the person"),
    Group.WORKING: Text("対応中", "In work"),
    Group.ENDED: Text("終了", "Ended"),
    Group.ALL: Text("すべて", "All"),
}


class ClaimStep(StrEnum):
    """What a claim waits for; the home page's numbers lead to these."""

    DECIDE = "decide"
    CARRY = "carry"
    ANSWER = "answer"


STEP_STATES: Final[Mapping[ClaimStep, tuple[ClaimState, ...]]] = {
    ClaimStep.DECIDE: (ClaimState.ASSESSING,),
    ClaimStep.CARRY: (ClaimState.APPROVED, ClaimState.PARTLY, ClaimState.CARRYING_OUT),
    ClaimStep.ANSWER: (ClaimState.READING_BACK, ClaimState.REFUSED, ClaimState.NOT_HELD),
}
STEP_WORDS: Final[Mapping[ClaimStep, Text]] = {
    ClaimStep.DECIDE: Text("決定待ち", "To decide"),
    ClaimStep.CARRY: Text("実施するもの", "To carry out"),
    ClaimStep.ANSWER: Text("回答するもの", "To answer"),
}


class DayKind(StrEnum):
    """The clocks of a request."""

    TARGET = "target"
    GATE = "gate"
    CURE = "cure"
    PROMISED = "promised"
    ACKNOWLEDGE = "acknowledge"


#: As the inbox and its spreadsheet call them.
DAY_WORDS: Final[Mapping[DayKind, Text]] = {
    DayKind.TARGET: Text("回答の目標", "Target"),
    DayKind.GATE: Text("法39条の日", "Art. 39 day"),
    DayKind.CURE: Text("補正の期限", "To be made good by"),
    DayKind.PROMISED: Text("遅延通知で約束した日", "Promised in the delay notice"),
    DayKind.ACKNOWLEDGE: Text("受付の通知の期限", "Acknowledge by"),
}


class Order(StrEnum):
    """Columns by which the list is sorted."""

    NUMBER = "number"
    ARRIVED = "arrived"
    TARGET = "target"


_COLUMNS: Final[Mapping[Order, tuple[str, ...]]] = {
    Order.NUMBER: ("id",),
    Order.ARRIVED: ("arrived_on", "id"),
    Order.TARGET: ("target_on", "id"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of the inbox is shown. ``digests``: keyed digests of what was searched for; None for no search.

    ``numbers``: requests that were found otherwise, beside those of the digests.

    People are searched for only where the actor works at the desk; elsewhere a case is looked at without its people.
    """

    group: Group = Group.OPEN
    kind: RequestKind | None = None
    step: ClaimStep | None = None
    organisation: str = ""
    year: int | None = None
    overdue: bool = False
    mine: bool = False
    unassigned: bool = False
    unacknowledged: bool = False  # the day of the acknowledgement is past
    number: str = ""
    digests: Sequence[bytes] | None = None
    numbers: Sequence[str] = ()
    order: Order = Order.TARGET
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """One line, without anything that people wrote. ``acknowledge_by``: None once the receipt went out."""

    number: str
    organisation: str
    state: RequestState
    arrived_on: date
    target_on: date
    gate_on: date | None
    cure_on: date | None
    promised_on: date | None
    closed_at: datetime | None
    acknowledge_by: date | None
    assigned_to: str
    registered_by: str
    support_measure: bool
    claims: Sequence[tuple[RequestKind, ClaimState]]

    @property
    def ended(self) -> bool:
        """Whether nothing is due any more."""
        return self.state in REQUEST_ENDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """One page of the list. ``counts``: how many are open in each group, without the other filters."""

    rows: Sequence[InboxRow]
    counts: Mapping[Group, int]
    organisations: Sequence[str]
    page: int
    more: bool


def list_inbox(wanted: Wanted, *, page: int = 1, scope: Scope, on: date) -> Inbox:
    """One page of the requests that the actor may see."""
    allowed = readable(scope, LOOKERS)
    first = (page - 1) * PAGE
    found = list(_filtered(wanted, allowed, scope, on).values(*_SHOWN)[first : first + PAGE + 1])
    return Inbox(
        rows=_rows(found[:PAGE]),
        counts=_counts(allowed),
        organisations=sorted(allowed),
        page=page,
        more=len(found) > PAGE,
    )


def list_for_export(wanted: Wanted, *, scope: Scope, on: date) -> Sequence[InboxRow]:
    """The filtered list whole, as far as a spreadsheet takes it."""
    found = list(_filtered(wanted, readable(scope, LOOKERS), scope, on).values(*_SHOWN)[:MAX_EXPORT])
    return _rows(found)


def rows_of(numbers: Sequence[str], *, scope: Scope) -> Sequence[InboxRow]:
    """Just these requests, as the list shows them, in its order."""
    found = SubjectRequest.objects.filter(number__in=numbers, organisation__in=readable(scope, LOOKERS))
    return _rows(list(found.order_by("pk").values(*_SHOWN)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An open request of somebody's own and those of its days that have come or are near; ``first`` of them."""

    number: str
    days: Mapping[DayKind, date]

    @property
    def first(self) -> date:
        """The day that presses most."""
        return min(self.days.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class MyDue:
    """The most pressing ``rows`` of ``count``; ``late`` of these have a day that is past."""

    rows: Sequence[Due] = ()
    count: int = 0
    late: int = 0


def list_my_due(*, scope: Scope, on: date, within: int, limit: int) -> MyDue:
    """Open requests assigned to the actor with a day past, or within so many days.

    Four statements, whatever the number of requests. What is not acknowledged counts as in the inbox; of more
    than `_MOST_DUE` those with the latest target are counted, and not looked at.
    """
    until = on + timedelta(days=within)
    arrived = until
    while after_workdays(arrived, ACKNOWLEDGE_WITHIN) > until:
        arrived -= timedelta(days=1)
    near = Q(target_on__lte=until) | Q(cure_on__lte=until) | Q(gate_on__lte=until) | Q(promised_on__lte=until)
    rows = _filtered(Wanted(mine=True), readable(scope, LOOKERS), scope, on).filter(
        near | (Q(arrived_on__lte=arrived) & ~_acknowledged())
    )
    due = [
        Due(number=row.number, days={kind: day for kind, day in _days_of(row) if day is not None and day <= until})
        for row in _rows(list(rows.values(*_SHOWN)[:_MOST_DUE]))
    ]
    return MyDue(
        rows=sorted(due, key=lambda one: (one.first, one.number))[:limit],
        count=rows.count() if len(due) == _MOST_DUE else len(due),
        late=sum(one.first < on for one in due),
    )


def _days_of(row: InboxRow) -> Iterator[tuple[DayKind, date | None]]:
    yield DayKind.TARGET, row.target_on
    yield DayKind.CURE, row.cure_on
    yield DayKind.PROMISED, row.promised_on
    yield DayKind.GATE, row.gate_on
    yield DayKind.ACKNOWLEDGE, row.acknowledge_by


_MOST_DUE: Final = 500

_SHOWN: Final = (
    "id",
    "number",
    "organisation",
    "state",
    "arrived_on",
    "target_on",
    "gate_on",
    "cure_on",
    "promised_on",
    "closed_at",
    "assigned_to",
    "registered_by",
    "support_measure",
)


def _filtered(wanted: Wanted, allowed: frozenset[str], scope: Scope, on: date) -> QuerySet[SubjectRequest]:
    codes = allowed & {wanted.organisation} if wanted.organisation else allowed
    rows = SubjectRequest.objects.filter(organisation__in=sorted(codes))
    if wanted.group is not Group.ALL:
        rows = rows.filter(state__in=GROUP_STATES[wanted.group])
    if wanted.kind is not None:
        rows = rows.filter(Exists(Claim.objects.filter(request=OuterRef("pk"), kind=wanted.kind)))
    if wanted.step is not None:
        waits = Claim.objects.filter(request=OuterRef("pk"), state__in=STEP_STATES[wanted.step])
        rows = rows.filter(Exists(waits), state__in=_OPEN)
    if wanted.year is not None:
        rows = rows.filter(arrived_on__year=wanted.year)
    if wanted.overdue:
        rows = rows.filter(target_on__lt=on, state__in=_OPEN)
    if wanted.unacknowledged:
        rows = rows.filter(_late_receipt(on), state__in=_OPEN)
    rows = _assigned(rows, wanted, scope)
    if wanted.number:
        rows = rows.filter(number__startswith=wanted.number)
    if wanted.digests is not None:
        rows = _of_people(rows, wanted.digests, wanted.numbers, scope)
    sign = "-" if wanted.descending else ""
    return rows.order_by(*(f"{sign}{column}" for column in _COLUMNS[wanted.order]))


def _assigned(rows: QuerySet[SubjectRequest], wanted: Wanted, scope: Scope) -> QuerySet[SubjectRequest]:
    if wanted.mine:
        rows = rows.filter(assigned_to=scope.actor)
    return rows.filter(assigned_to="") if wanted.unassigned else rows


def _of_people(
    rows: QuerySet[SubjectRequest], digests: Sequence[bytes], numbers: Sequence[str], scope: Scope
) -> QuerySet[SubjectRequest]:
    met = RequestKey.objects.filter(digest__in=digests).values("request_id")
    return rows.filter(Q(pk__in=met) | Q(number__in=numbers), organisation__in=sorted(places_to_act(scope, DESK)))


def _counts(allowed: frozenset[str]) -> dict[Group, int]:
    """Only what is open is counted: it is few, and an index holds it."""
    by_state: dict[str, int] = dict(
        SubjectRequest.objects.filter(organisation__in=sorted(allowed), state__in=_OPEN)
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
    return {
        group: sum(by_state.get(state, 0) for state in states)
        for group, states in GROUP_STATES.items()
        if states and set(states) <= set(_OPEN)
    }


def _rows(found: Sequence[Mapping[str, Any]]) -> list[InboxRow]:
    keys = [row["id"] for row in found]
    claims: dict[int, list[tuple[RequestKind, ClaimState]]] = {}
    receipts: set[int] = set()
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        for request, kind, state in (
            Claim.objects.filter(request__in=some).order_by("pk").values_list("request_id", "kind", "state")
        ):
            claims.setdefault(request, []).append((RequestKind(kind), ClaimState(state)))
        receipts |= set(SubjectRequest.objects.filter(_acknowledged(), pk__in=some).values_list("pk", flat=True))
    due: dict[date, date] = {}
    return [_row(row, claims.get(row["id"], []), acknowledged=row["id"] in receipts, due=due) for row in found]


_AT_ONCE: Final = 5_000


def _acknowledged() -> Q:
    """The receipt went out; the web door mails one by itself."""
    receipt = IssuedLetter.objects.filter(request=OuterRef("pk"), kind="receipt")
    return Q(channel=Arrival.WEB) | Q(Exists(receipt))


def _late_receipt(on: date) -> Q:
    """No receipt went out, and its day is past."""
    arrived = on
    while after_workdays(arrived, ACKNOWLEDGE_WITHIN) >= on:
        arrived -= timedelta(days=1)
    return Q(arrived_on__lte=arrived) & ~_acknowledged()


def count_unacknowledged(*, scope: Scope, on: date) -> int:
    """Open requests whose receipt should have gone out by now."""
    return _filtered(Wanted(unacknowledged=True), readable(scope, LOOKERS), scope, on).count()


def _row(
    row: Mapping[str, Any],
    claims: Sequence[tuple[RequestKind, ClaimState]],
    *,
    acknowledged: bool,
    due: dict[date, date],
) -> InboxRow:
    state, arrived = RequestState(row["state"]), row["arrived_on"]
    waits = not acknowledged and state not in REQUEST_ENDS
    if waits and arrived not in due:
        due[arrived] = after_workdays(arrived, ACKNOWLEDGE_WITHIN)
    facts = {name: row[name] for name in _SHOWN if name not in {"id", "state"}}
    return InboxRow(**facts, state=state, claims=claims, acknowledge_by=due[arrived] if waits else None)
