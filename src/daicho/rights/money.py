"""手数料の出納: every instrument from arrival to cashed or returned, with totals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Case, Count, Q, QuerySet, Sum, When
from django.utils import timezone

from daicho.people.queries import readable
from daicho.rights.access import LOOKERS
from daicho.rights.models import FeeInstrument
from daicho.words.scope import Scope
from daicho.words.text import Text

PAGE: Final = 50
#: Money orders that expire within so many days are to be cashed now.
SOON: Final = timedelta(days=30)


class Standing(StrEnum):
    """Where an instrument is."""

    IN_HAND = "in_hand"
    EXPIRING = "expiring"
    CASHED = "cashed"
    RETURNED = "returned"
    ALL = "all"


STANDING_WORDS: Final[Mapping[Standing, Text]] = {
    Standing.IN_HAND: Text("手元", "In hand"),
    Standing.EXPIRING: Text("期限が近い", "Expiring"),
    Standing.CASHED: Text("換金済", "Cashed"),
    Standing.RETURNED: Text("返却済", "Sent back"),
    Standing.ALL: Text("すべて", "All"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """How many instruments, and how many yen."""

    count: int
    yen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentRow:
    """One instrument with its request."""

    ref: str
    request: str
    organisation: str
    instrument: str
    number: str
    face_value: int
    received_on: date
    issued_on: date | None
    expires_on: date | None
    cashed_on: date | None
    returned_on: date | None

    @property
    def in_hand(self) -> bool:
        """Neither cashed nor sent back."""
        return self.cashed_on is None and self.returned_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyPage:
    """One page of the ledger; ``totals`` of the year shown, whatever the tab."""

    rows: Sequence[InstrumentRow]
    totals: Mapping[Standing, Total]
    page: int
    more: bool


def list_money(
    standing: Standing, *, year: int | None = None, number: str = "", page: int = 1, scope: Scope, on: date
) -> MoneyPage:
    """Instruments of the organisations the actor may look at, the newest first; what expires, by its day."""
    rows, first = _of(year, scope), (page - 1) * PAGE
    found = list(
        _only(rows, standing, number, on)
        .select_related("request")
        .defer("request__facts", "request__candidates")[first : first + PAGE + 1]
    )
    return MoneyPage(
        rows=[_row(one) for one in found[:PAGE]], totals=_totals(rows, on), page=page, more=len(found) > PAGE
    )


def list_money_for_export(
    standing: Standing, *, year: int | None = None, number: str = "", scope: Scope, on: date
) -> Sequence[InstrumentRow]:
    """The filtered ledger whole."""
    return [
        _row(one)
        for one in _only(_of(year, scope), standing, number, on)
        .select_related("request")
        .defer("request__facts", "request__candidates")
    ]


def _of(year: int | None, scope: Scope) -> QuerySet[FeeInstrument]:
    rows = FeeInstrument.objects.filter(organisation__in=readable(scope, LOOKERS), cancelled_why="")
    return rows.filter(recorded_at__year=year) if year else rows


_IN_HAND: Final = Q(cashed_on=None, returned_on=None)


def _filter_of(standing: Standing, on: date) -> Q:
    match standing:
        case Standing.IN_HAND:
            return _IN_HAND
        case Standing.EXPIRING:
            return _IN_HAND & Q(expires_on__lte=on + SOON)
        case Standing.CASHED:
            return Q(cashed_on__isnull=False)
        case Standing.RETURNED:
            return Q(returned_on__isnull=False)
        case Standing.ALL:
            return Q()


def _only(rows: QuerySet[FeeInstrument], standing: Standing, number: str, on: date) -> QuerySet[FeeInstrument]:
    found = rows.filter(_filter_of(standing, on))
    if number:
        found = found.filter(Q(number__startswith=number) | Q(request__number=number) | Q(ref=number))
    return found.order_by("expires_on", "pk") if standing is Standing.EXPIRING else found.order_by("-pk")


def _totals(rows: QuerySet[FeeInstrument], on: date) -> dict[Standing, Total]:
    """By where they went, in one walk; those that expire soon by their own index."""
    grouped = (
        rows.order_by()
        .annotate(cashed=_told("cashed_on"), returned=_told("returned_on"))
        .values_list("cashed", "returned")
        .annotate(n=Count("*"), yen=Sum("face_value"))
    )
    found = {standing: [0, 0] for standing in Standing}
    for cashed, returned, count, yen in grouped:
        places = [place for place, there in ((Standing.CASHED, cashed), (Standing.RETURNED, returned)) if there]
        for standing in (*(places or [Standing.IN_HAND]), Standing.ALL):
            found[standing][0] += count
            found[standing][1] += yen
    soon = rows.filter(_filter_of(Standing.EXPIRING, on)).aggregate(n=Count("*"), yen=Sum("face_value"))
    found[Standing.EXPIRING] = [soon["n"], soon["yen"] or 0]
    return {standing: Total(count=count, yen=yen) for standing, (count, yen) in found.items()}


def _told(day: str) -> Case:
    return Case(When(Q((f"{day}__isnull", True)), then=0), default=1)


def _row(row: FeeInstrument) -> InstrumentRow:
    return InstrumentRow(
        ref=row.ref,
        request=row.request.number,
        organisation=row.organisation,
        instrument=row.instrument,
        number=row.number,
        face_value=row.face_value,
        received_on=timezone.localdate(row.recorded_at),
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        cashed_on=row.cashed_on,
        returned_on=row.returned_on,
    )
