"""What outlives a run: stops and corrections are remembered for every later use to ask."""

import json
from collections.abc import Sequence
from datetime import datetime

from daicho.consent.actions import record_stops, remember_corrections
from daicho.keys.queries import ring as open_ring
from daicho.law.kinds import RequestKind
from daicho.rights.models import Claim
from daicho.rights.standings import STOPS
from daicho.runs.planning import AMENDING
from daicho.trail.acts import Acts


def corrections_of(claims: Sequence[Claim]) -> list[dict[str, str]]:
    """What each claim says is right, unsealed."""
    opened = open_ring()
    return [
        json.loads(opened.unseal(bytes(claim.details), bound_to=f"claim:{claim.number}"))["values"] for claim in claims
    ]


def remember(claims: Sequence[Claim], *, at: datetime, acts: Acts) -> None:
    """Stops and corrections outlive the run: later rooms enforce them."""
    kind = RequestKind(claims[0].kind)
    organisation = claims[0].organisation
    if kind in STOPS:
        stops = [(claim.request.person, claim.number) for claim in claims]
        record_stops(stops, kind=kind, organisation=organisation, at=at, acts=acts)
    if kind in AMENDING:
        values = [
            (claim.request.person, claim.number, right)
            for claim, right in zip(claims, corrections_of(claims), strict=True)
        ]
        remember_corrections(values, organisation=organisation, at=at, acts=acts)
