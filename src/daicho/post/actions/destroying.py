"""消去: scans end after their days, or by hand; the key is dropped first, then the file is removed.

Dropping the key is the destruction: from that commit every copy of the file is unreadable. A crash
before the file is removed leaves a file without a key, which the next call removes; so are files whose
row was never written. The scan's row stays as the fact that a copy was there and when it ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import transaction

from daicho.keys.sealed import PARTIAL
from daicho.post.access import lock_scan, no_scan, organisations_of_desk
from daicho.post.keeping import FOLDER, remove_file
from daicho.post.models import Scan, ScanPage
from daicho.trail.acts import Acts
from daicho.words.scope import Scope

#: A file younger than this may belong to an upload whose transaction is not over.
_GRACE: Final = timedelta(hours=1)
DUE: Final = "due"
BY_HAND: Final = "by_hand"
BACK_SIDE: Final = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """How many scans and pages ended, and how many leftovers of crashes were removed."""

    scans: int
    pages: int
    leftovers: int


def destroy_due_scans(*, scope: Scope, at: datetime, folder: Path) -> Destroyed:
    """Destroy every scan whose days are over, in the organisations where the caller works at the desk."""
    organisations = organisations_of_desk(scope)
    with transaction.atomic():
        due = list(
            Scan.objects.select_for_update().filter(
                organisation__in=organisations, destroyed_at=None, expires_on__lte=at.date()
            )
        )
        names = drop_scans(due, DUE, scope=scope, at=at)
    for name in names:
        remove_file(name, folder=folder)
    return Destroyed(scans=len(due), pages=len(names), leftovers=_sweep(folder, at=at))


def destroy_scan(ref: str, *, scope: Scope, at: datetime, folder: Path) -> None:
    """Destroy one scan now: the wrong paper, a side that must not be copied, or no longer needed."""
    with transaction.atomic():
        names = drop_scans([lock_scan(ref, scope=scope)], BY_HAND, scope=scope, at=at)
    for name in names:
        remove_file(name, folder=folder)


def destroy_page(ref: str, position: int, *, scope: Scope, at: datetime, folder: Path) -> None:
    """Destroy one page: the back of a My Number card is never kept. The last page ends the scan."""
    with transaction.atomic():
        scan = lock_scan(ref, scope=scope)
        pages = {page.position: page for page in scan.pages.all()}
        if position not in pages:
            raise no_scan()
        if len(pages) == 1:
            names = drop_scans([scan], BY_HAND, scope=scope, at=at)
        else:
            names = [pages[position].name]
            pages[position].delete()
            acts = Acts(actor=scope.actor, at=at)
            acts.add("scan.destroyed", organisation=scan.organisation, scan=ref, why=BACK_SIDE, pages=1)
            acts.write()
    for name in names:
        remove_file(name, folder=folder)


def drop_scans(scans: Sequence[Scan], why: str, *, scope: Scope, at: datetime) -> list[str]:
    """Forget keys and names inside the caller's transaction; returns the files to remove afterwards."""
    acts = Acts(actor=scope.actor, at=at)
    names: list[str] = []
    for scan in scans:
        pages = list(scan.pages.all())
        names += [page.name for page in pages]
        acts.add("scan.destroyed", organisation=scan.organisation, scan=scan.ref, why=why, pages=len(pages))
    ScanPage.objects.filter(scan__in=scans).delete()
    Scan.objects.filter(pk__in=[scan.pk for scan in scans]).update(
        destroyed_at=at, destroyed_by=scope.actor, proposed=""
    )
    acts.write()
    return names


def _sweep(folder: Path, *, at: datetime) -> int:
    """Remove files that no row names, and what crashes left unfinished."""
    place = folder / FOLDER
    if not place.is_dir():
        return 0
    before = (at - _GRACE).timestamp()
    live = set(ScanPage.objects.values_list("name", flat=True))
    kept = [*place.glob("*.sealed"), *place.glob(f"*{PARTIAL}")]
    lost = [one for one in kept if one.name not in live and one.stat().st_mtime < before]
    for one in lost:
        remove_file(one.name, folder=folder)
    return len(lost)
