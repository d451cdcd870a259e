"""Ends what a run kept for its answer: the key of an expired data file is dropped, then the file removed.

Dropping the key is the erasure: from then on every copy of the file is unreadable. A crash between
the two leaves a file without a key, which the next tidying removes.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from daicho.keys.sealed import SealedFile, sweep_partials
from daicho.people.queries import places_to_act, require_role_somewhere
from daicho.runs.access import TIDIERS
from daicho.runs.models import DataFile
from daicho.trail.acts import Acts
from daicho.words.scope import Scope

#: Seconds after which an unfinished file is a leftover; the longest run writes every few seconds.
_UNTOUCHED: Final = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """How many data files were erased, and how many leftovers of crashes were removed."""

    files: int
    leftovers: int


def drop_data(owner: str, *, at: datetime, acts: Acts) -> None:
    """Erase what was read for an owner, before its day; in the caller's transaction. The next tidying removes the file."""
    rows = list(DataFile.objects.select_for_update().filter(owner=owner, dropped_at=None))
    for row in rows:
        row.wrapped_key, row.dropped_at = b"", at
        acts.add("data.erased", organisation=row.organisation, file=row.ref, claim=row.owner)
    DataFile.objects.bulk_update(rows, ["wrapped_key", "dropped_at"])


def drop_expired(*, scope: Scope, at: datetime, folder: Path) -> Dropped:
    """Erase data files past their day where the actor may; remove partial files that nobody writes to any more. Run it daily.

    Raises:
        NotAllowedError: the actor may so nowhere.
    """
    require_role_somewhere(scope, TIDIERS)
    with transaction.atomic():
        rows = list(
            DataFile.objects.select_for_update().filter(
                organisation__in=places_to_act(scope, TIDIERS), dropped_at=None, expires_on__lt=at.date()
            )
        )
        acts = Acts(actor=scope.actor, at=at)
        for row in rows:
            row.wrapped_key, row.dropped_at = b"", at
            acts.add("data.erased", organisation=row.organisation, file=row.ref, claim=row.owner)
        DataFile.objects.bulk_update(rows, ["wrapped_key", "dropped_at"])
        acts.write()
    for name in DataFile.objects.exclude(dropped_at=None).values_list("name", flat=True):
        SealedFile(path=folder / name, wrapped_key=b"", bound_to=name, size=0).remove()
    return Dropped(files=len(rows), leftovers=sweep_partials(folder, untouched=_UNTOUCHED) if folder.is_dir() else 0)
