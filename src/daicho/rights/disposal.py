"""廃棄する写し: copies of identity papers whose day has come, over all requests; only the fact of verification stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from daicho.people.queries import readable
from daicho.rights.access import LOOKERS
from daicho.rights.models import RequestDocument
from daicho.words.scope import Scope

#: What is due within so many days is listed, so that a week's papers are shredded at once.
AHEAD: Final = timedelta(days=7)
PAGE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePaper:
    """A copy that still lies here."""

    ref: str
    request: str
    organisation: str
    paper: str
    of: str
    place: str
    dispose_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePapers:
    """The first of them by their day, and whether there are more."""

    rows: Sequence[DuePaper]
    more: bool


def list_due_papers(*, scope: Scope, on: date) -> DuePapers:
    """Copies due by a week from ``on``, the oldest day first."""
    found = list(
        RequestDocument.objects.filter(
            organisation__in=readable(scope, LOOKERS), disposed_on=None, dispose_on__lte=on + AHEAD
        )
        .order_by("dispose_on", "pk")
        .select_related("request")
        .only("ref", "organisation", "paper", "of", "place", "dispose_on", "request__number")[: PAGE + 1]
    )
    return DuePapers(rows=[_row(one) for one in found[:PAGE]], more=len(found) > PAGE)


def count_due_papers(*, scope: Scope, on: date) -> int:
    """Copies whose day has come and that still lie here."""
    rows = RequestDocument.objects.filter(organisation__in=readable(scope, LOOKERS), disposed_on=None)
    return rows.filter(dispose_on__lte=on).count()


def _row(row: RequestDocument) -> DuePaper:
    return DuePaper(
        ref=row.ref,
        request=row.request.number,
        organisation=row.organisation,
        paper=row.paper,
        of=row.of,
        place=row.place,
        dispose_on=row.dispose_on or date.max,
    )
