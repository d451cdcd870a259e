"""What the desk has before it today: counts and the most urgent requests. Counts only open what is open."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from daicho.law.kinds import RequestKind
from daicho.people.queries import places_to_read, readable
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.models import Claim, Dispatch, IssuedLetter, SubjectRequest
from daicho.rights.rules import CLAIM_ENDS, REQUEST_ENDS, ClaimState, RequestState
from daicho.runs.queries import count_open_runs, count_slips
from daicho.words.scope import Scope

OPEN: Final = tuple(state for state in RequestState if state not in REQUEST_ENDS)
_OPEN_CLAIMS: Final = tuple(state for state in ClaimState if state not in CLAIM_ENDS)
SOON: Final = 3
#: Age of an open claim in days since arrival: below the first number, below the second, …, and beyond.
AGES: Final = (4, 8, 15)
MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentRequest:
    """One open request and the day that presses most: ``due_on`` is the nearest of its clocks."""

    number: str
    state: RequestState
    kinds: Sequence[RequestKind]
    arrived_on: date
    due_on: date
    registered_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The desk's day.

    ``late``, ``soon``: requests past their target, or within `SOON` days of it; ``my_late``, ``my_soon``: of those,
    assigned to this account. ``unassigned``: nobody has taken it yet. ``to_check``: not verified yet.
    ``waiting``: for papers or a fee; ``cure_over``: of those, past the day to cure. ``to_decide``: claims being
    assessed; ``for_others``: of those, in requests this account took in, so that somebody else decides.
    ``to_carry_out``, ``to_answer``: claims decided, or read back. ``slips``, ``slips_late``: unanswered.
    ``runs``: not confirmed. ``ages``: kind → open claims by `AGES`. ``arrived``: month → requests.
    """

    open: int
    late: int
    soon: int
    my_late: int
    my_soon: int
    unassigned: int
    to_check: int
    waiting: int
    cure_over: int
    to_decide: int
    for_others: int
    to_carry_out: int
    to_answer: int
    slips: int
    slips_late: int
    runs: int
    urgent: Sequence[UrgentRequest]
    ages: Mapping[RequestKind, Sequence[int]]
    arrived: Mapping[str, int]


def desk_today(*, scope: Scope, on: date, urgent: int = 8) -> Today:
    """What is open in the organisations this account may look at; eight statements, whatever the number of requests.

    Raises:
        NotAllowedError: the account may look at no request.
    """
    places = readable(scope, LOOKERS)
    requests = SubjectRequest.objects.filter(organisation__in=places, state__in=OPEN)
    awaiting = Q(state__in=[RequestState.AWAITING_DOCUMENTS, RequestState.AWAITING_FEE])
    late, soon = Q(target_on__lt=on), Q(target_on__gte=on, target_on__lte=on + timedelta(days=SOON))
    mine = Q(assigned_to=scope.actor)
    counts = requests.aggregate(
        open=Count("pk"),
        late=Count("pk", filter=late),
        soon=Count("pk", filter=soon),
        my_late=Count("pk", filter=late & mine),
        my_soon=Count("pk", filter=soon & mine),
        unassigned=Count("pk", filter=Q(assigned_to="")),
        to_check=Count("pk", filter=Q(state__in=[RequestState.RECEIVED, RequestState.CHECKING])),
        waiting=Count("pk", filter=awaiting),
        cure_over=Count("pk", filter=awaiting & Q(cure_on__lt=on)),
    )
    claims = Claim.objects.filter(organisation__in=places, state__in=_OPEN_CLAIMS, request__state__in=OPEN)
    assessing = Q(state=ClaimState.ASSESSING)
    registered = Q(request__registered_by=scope.actor)  # as `daicho.rights.rules.taken_in_by`
    verified = Q(request__registered_by__startswith="system:", request__verified_by=scope.actor)
    counts |= claims.aggregate(
        to_decide=Count("pk", filter=assessing),
        for_others=Count("pk", filter=assessing & (registered | verified)),
        to_carry_out=Count("pk", filter=Q(state__in=[ClaimState.APPROVED, ClaimState.PARTLY, ClaimState.CARRYING_OUT])),
        to_answer=Count("pk", filter=Q(state__in=[ClaimState.READING_BACK, ClaimState.REFUSED, ClaimState.NOT_HELD])),
    )
    here = Scope(actor=scope.actor, organisations=places)
    desk = Scope(actor=scope.actor, organisations=places_to_read(scope, DESK))
    slips, slips_late = count_slips(scope=desk, on=on)
    return Today(
        **counts,
        slips=slips,
        slips_late=slips_late,
        runs=count_open_runs(scope=here),
        urgent=_urgent(places, limit=urgent),
        ages=_ages(claims, on=on),
        arrived=_arrived(places, on=on),
    )


def find_numbers(part: str, *, scope: Scope, limit: int = 8) -> list[tuple[str, RequestState]]:
    """Requests whose number ends with what somebody typed of it (``12``, ``2026-0012``), the newest first."""
    rows = SubjectRequest.objects.filter(organisation__in=readable(scope, LOOKERS), number__iendswith=part)
    return [
        (number, RequestState(state)) for number, state in rows.order_by("-pk").values_list("number", "state")[:limit]
    ]


def find_letters(part: str, *, scope: Scope, limit: int = 8) -> list[tuple[str, str]]:
    """(letter's number or tracking number, request) of letters and posted envelopes that hold what was typed of it."""
    places = readable(scope, DESK)
    letters = IssuedLetter.objects.filter(number__icontains=part, organisation__in=places)
    posted = Dispatch.objects.filter(tracking__icontains=part, organisation__in=places)
    found = [
        *letters.order_by("-pk").values_list("number", "request__number")[:limit],
        *posted.order_by("-pk").values_list("tracking", "request__number")[:limit],
    ]
    return list(dict.fromkeys(found))[:limit]


def _urgent(places: frozenset[str], *, limit: int) -> list[UrgentRequest]:
    """The nearest of target, Art. 39 date and day to cure first."""
    rows = (
        SubjectRequest.objects.filter(organisation__in=places, state__in=OPEN)
        .annotate(
            due_on=Case(When(cure_on__lt=F("target_on"), then=F("cure_on")), default=Coalesce("target_on", "gate_on"))
        )
        .prefetch_related("claims")
        .order_by("due_on", "pk")[:limit]
    )
    return [
        UrgentRequest(
            number=row.number,
            state=RequestState(row.state),
            kinds=[RequestKind(claim.kind) for claim in row.claims.all()],
            arrived_on=row.arrived_on,
            due_on=row.due_on,
            registered_by=row.registered_by,
        )
        for row in rows
    ]


def _ages(claims: QuerySet[Claim], *, on: date) -> dict[RequestKind, list[int]]:
    bounds = [on - timedelta(days=age) for age in AGES]
    age = Case(
        *(When(request__arrived_on__gt=bound, then=Value(str(number))) for number, bound in enumerate(bounds)),
        default=Value(str(len(bounds))),
        output_field=CharField(),
    )
    found: dict[RequestKind, list[int]] = {}
    for kind, bucket, count in claims.annotate(age=age).values_list("kind", "age").annotate(n=Count("pk")).order_by():
        found.setdefault(RequestKind(kind), [0] * (len(AGES) + 1))[int(bucket)] = count
    return {kind: found[kind] for kind in RequestKind if kind in found}


def _arrived(places: frozenset[str], *, on: date) -> dict[str, int]:
    """Requests that arrived, by month, the last `MONTHS` of them; months with none stand there too."""
    months = [(on.year * 12 + on.month - 1 - back) for back in range(MONTHS - 1, -1, -1)]
    first = date(months[0] // 12, months[0] % 12 + 1, 1)
    # By day, as the index has them: a year's days are few, and cutting months out of dates is slow in the database.
    rows = SubjectRequest.objects.filter(organisation__in=places, arrived_on__gte=first).order_by()
    found: Counter[tuple[int, int]] = Counter()
    for day, count in rows.values_list("arrived_on").annotate(n=Count("*")):
        found[day.year, day.month] += count
    return {f"{one // 12}-{one % 12 + 1:02d}": found[one // 12, one % 12 + 1] for one in months}
