"""ウェブ窓口から: scans that the person uploads; the same darkroom, no account behind them.

Until the request is submitted a scan belongs to a draft of `daicho.portal` and to no request; whoever holds
the draft may drop it again. Filed to its request it is one of the desk's like any other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from daicho.post.access import asked_of, policy_on
from daicho.post.actions.destroying import drop_scans
from daicho.post.actions.scans import Place, ScanIntake, Stored, keep_pages
from daicho.post.darkroom import develop
from daicho.post.keeping import remove_file
from daicho.post.models import Scan
from daicho.post.papers import require_paper
from daicho.rights.actions.from_web import PERSON_AT_THE_DOOR
from daicho.rights.rules import MaskedBy
from daicho.trail.acts import Acts
from daicho.words.scope import Scope


def store_web_scan(content: bytes, intake: ScanIntake, *, organisation: str, at: datetime, folder: Path) -> Stored:
    """Develop an upload and keep its page images, filed to ``intake.request`` if that is set already.

    What codes on the paper say counts for nothing here: the uploader is a stranger.

    Raises:
        UploadRefusedError: the file is not taken; nothing of it is kept.
    """
    require_paper(intake.kind, intake.paper)
    pages = develop(content)
    place = Place(organisation=organisation, envelope="", request=intake.request)
    return keep_pages(pages, intake, place, "", scope=_person(organisation), at=at, folder=folder)


def file_web_scans(refs: Sequence[str], request: str, *, at: datetime, acts: Acts) -> None:
    """File the scans of a draft to the request it became; inside the caller's transaction."""
    for scan in Scan.objects.select_for_update().filter(ref__in=refs, request="", destroyed_at=None):
        scan.request, scan.uploaded_at = request, at
        scan.save(update_fields=["request", "uploaded_at"])
        acts.add("scan.filed", organisation=scan.organisation, scan=scan.ref, request=request)


def masking_of(refs: Sequence[str]) -> Mapping[str, MaskedBy]:
    """What is known of each scan's black-out before the desk has looked: nothing, unless nothing on it must be black."""
    found = Scan.objects.filter(ref__in=refs).prefetch_related("pages")
    return {
        scan.ref: MaskedBy.UNCHECKED
        if asked_of(scan, policy_on(scan.organisation, scan.uploaded_at.date()))
        else MaskedBy.NOT_NEEDED
        for scan in found
    }


def link_web_scans(documents: Mapping[str, str]) -> None:
    """Note which paper of its request each scan shows (scan → paper); inside the transaction that recorded the papers."""
    for scan, document in documents.items():
        Scan.objects.filter(ref=scan, document="").update(document=document)


def drop_web_scans(refs: Sequence[str], *, at: datetime) -> list[str]:
    """Forget the keys of a draft's scans; inside the caller's transaction. Returns the files to remove afterwards."""
    found = list(Scan.objects.select_for_update().filter(ref__in=refs, request="", destroyed_at=None))
    names: list[str] = []
    for organisation in {scan.organisation for scan in found}:
        these = [scan for scan in found if scan.organisation == organisation]
        names += drop_scans(these, "draft", scope=_person(organisation), at=at)
    return names


def remove_dropped(names: Sequence[str], *, folder: Path) -> None:
    """Remove files whose keys were dropped; after the commit."""
    for name in names:
        remove_file(name, folder=folder)


def _person(organisation: str) -> Scope:
    return Scope(actor=PERSON_AT_THE_DOOR, organisations=frozenset({organisation}))
