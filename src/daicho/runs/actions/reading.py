"""Writes down what a disclosure read: a run that is done at once, its stores and its sealed files."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from daicho.law.kinds import RequestKind
from daicho.runs.collecting import Collected
from daicho.runs.models import DataFile, Run, RunStore
from daicho.runs.outcomes import outcome_of
from daicho.runs.planning import StorePlanned, reached_organisations
from daicho.runs.rules import Fate, StoreState
from daicho.trail.acts import Acts
from daicho.work.rows import insert_rows


def confirm_collected(  # noqa: PLR0913 (one row, its parts and who says so)
    purpose: RequestKind,
    planned: Sequence[StorePlanned],
    collected: Collected | None,
    *,
    owners: Sequence[str],
    persons: Sequence[str],
    organisation: str,
    expires_on: date,
    at: datetime,
    acts: Acts,
) -> Run:
    """Write down what was read (or, without files, only seen). Inside the caller's transaction, which also moves the claims."""
    files = sorted(collected.files.items()) if collected else []
    read = collected.read if collected else [{} for _ in planned]
    run = Run.objects.create(
        ref=f"X-{secrets.token_hex(8)}",
        organisation=organisation,
        organisations=reached_organisations(planned, organisation),
        purpose=purpose,
        owners=list(owners),
        persons=list(persons),
        done=True,
        actor=acts.actor,
        intended_at=at,
        confirmed_at=at,
    )
    insert_rows(
        [
            RunStore(
                run=run,
                organisation=organisation,
                position=number,
                store=one.map.store.code,
                map_code=one.map.code,
                map_digest=one.map.digest,
                state=StoreState.CONFIRMED,
                intent=b"",
                outcome=_read_outcome(one, read[number]),
            )
            for number, one in enumerate(planned)
        ]
    )
    insert_rows(
        [
            DataFile(
                ref=ref,
                organisation=organisation,
                owner=owners[number],
                run=run,
                name=sealed.path.name,
                wrapped_key=sealed.wrapped_key,
                size=sealed.size,
                records=records,
                expires_on=expires_on,
            )
            for number, (ref, sealed, records) in files
        ]
    )
    for number, (ref, _, records) in files:
        acts.add("data.sealed", organisation=organisation, file=ref, claim=owners[number], records=records)
    acts.add("run.confirmed", organisation=organisation, run=run.ref, purpose=str(purpose), people=len(owners))
    return run


def _read_outcome(one: StorePlanned, read: Mapping[str, Mapping[int, int]]) -> list[dict[str, Any]]:
    outcome = outcome_of(one.sets, (), one.map)
    for entry, planned in zip(outcome, one.sets, strict=True):
        if planned.fate is Fate.SHOWN:
            entry["read_back"] = sum(read.get(planned.table, {}).values())
    return outcome
