"""What other rooms may ask of stops and corrections."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from daicho.consent.models import Correction, Stop
from daicho.keys.queries import ring
from daicho.words.personal import Personal
from daicho.words.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class StopInForce:
    """A stop that holds now."""

    ref: str
    organisation: str
    person: str
    kind: str
    claim: str
    from_at: datetime


def list_stops(*, scope: Scope, person: str | None = None) -> Sequence[StopInForce]:
    """Stops in force within the scope, newest first; of one person if named."""
    rows = Stop.objects.filter(organisation__in=scope.organisations, lifted_at=None)
    if person is not None:
        rows = rows.filter(person=person)
    return [
        StopInForce(
            ref=row.ref,
            organisation=row.organisation,
            person=row.person,
            kind=row.kind,
            claim=row.claim,
            from_at=row.from_at,
        )
        for row in rows.order_by("-from_at", "ref")
    ]


def corrections_of(person: str, *, scope: Scope) -> Sequence[Personal[Mapping[str, str]]]:
    """The remembered corrections of a person, oldest first: item or column → new value."""
    opened = ring()
    rows = Correction.objects.filter(organisation__in=scope.organisations, person=person).order_by(
        "corrected_at", "ref"
    )
    return [
        Personal(json.loads(opened.unseal(bytes(row.values), bound_to=f"correction:{row.claim}")), "correction")
        for row in rows
    ]
