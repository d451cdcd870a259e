"""The only writer of stops and remembered corrections."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from daicho.consent.models import Correction, Stop
from daicho.keys.queries import ring
from daicho.people.queries import require_role
from daicho.people.rules import Role
from daicho.trail.acts import Acts
from daicho.words.errors import NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text

#: Who records that a person lifted a stop.
LIFTERS: Final = (Role.DESK, Role.SECRETARIAT, Role.OFFICER)


def record_stops(
    stops: Sequence[tuple[str, str]], *, kind: str, organisation: str, at: datetime, acts: Acts
) -> list[str]:
    """Remember one stop per (person, claim); a claim that already has its stop keeps it. Inside the caller's transaction."""
    known = set(Stop.objects.filter(kind=kind, claim__in=[claim for _, claim in stops]).values_list("claim", flat=True))
    rows = [
        Stop(
            ref=f"T-{secrets.token_hex(6)}",
            organisation=organisation,
            person=person,
            kind=kind,
            claim=claim,
            from_at=at,
        )
        for person, claim in stops
        if claim not in known
    ]
    Stop.objects.bulk_create(rows)
    for row in rows:
        acts.add(
            "stop.recorded", organisation=organisation, stop=row.ref, person=row.person, kind=kind, claim=row.claim
        )
    return [row.ref for row in rows]


def lift_stop(ref: str, *, scope: Scope, at: datetime) -> None:
    """End a stop because the person asked for it.

    Raises:
        NotFoundError: no such stop in force within the caller's organisations.
    """
    with transaction.atomic():
        row = (
            Stop.objects.select_for_update()
            .filter(ref=ref, organisation__in=scope.organisations, lifted_at=None)
            .first()
        )
        if row is None:
            raise NotFoundError(
                Text(f"停止 {ref} はありません。", f"There is no stop {ref} in force."),
                advice=Text("番号を確かめてください。", "Check the number."),
            )
        require_role(scope, row.organisation, LIFTERS)
        row.lifted_at = at
        row.save(update_fields=["lifted_at"])
        acts = Acts(actor=scope.actor, at=at)
        acts.add("stop.lifted", organisation=row.organisation, stop=ref, person=row.person, kind=row.kind)
        acts.write()


def remember_corrections(
    corrections: Sequence[tuple[str, str, Mapping[str, str]]], *, organisation: str, at: datetime, acts: Acts
) -> list[str]:
    """Remember (person, claim, item or column → new value), sealed. Inside the caller's transaction; once a claim."""
    known = set(
        Correction.objects.filter(claim__in=[claim for _, claim, _ in corrections]).values_list("claim", flat=True)
    )
    opened = ring()
    rows = [
        Correction(
            ref=f"C-{secrets.token_hex(6)}",
            organisation=organisation,
            person=person,
            claim=claim,
            corrected_at=at,
            values=opened.seal(json.dumps(dict(values), ensure_ascii=False).encode(), bound_to=f"correction:{claim}"),
        )
        for person, claim, values in corrections
        if claim not in known
    ]
    Correction.objects.bulk_create(rows)
    counts = {claim: len(values) for _, claim, values in corrections}
    for row in rows:
        acts.add(
            "correction.remembered",
            organisation=organisation,
            correction=row.ref,
            person=row.person,
            claim=row.claim,
            items=counts[row.claim],
        )
    return [row.ref for row in rows]
