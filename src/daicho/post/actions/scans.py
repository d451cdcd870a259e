"""写し: uploads become sealed page images; places on them are blacked out for good; every look is recorded.

What one transaction holds, and what a crash leaves:

1. Storing: page images are sealed first, then one transaction writes scan, pages, keys and the trail. A
   crash between leaves sealed files whose keys existed only in memory; `destroying` sweeps them.
2. Blacking out: the painted page is sealed under a new name and a new key; one transaction puts them in
   the place of the old ones, by comparing the version that was looked at. From its commit the old key is
   gone, so every copy of the old file is unreadable; then the file is removed. A crash between leaves a
   file without a key, which `destroying` sweeps.

The file that was uploaded is never written anywhere.
"""

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from daicho.keys.sealed import SealedFile, SealedFileError
from daicho.people.queries import require_role
from daicho.post.access import asked_of, lock_scan, no_envelope, no_scan, policy_on
from daicho.post.darkroom import Page, black_out, count_codes, develop
from daicho.post.keeping import open_page, remove_file, seal_page
from daicho.post.models import Envelope, Scan, ScanPage
from daicho.post.papers import Area, Box, Reason, expires_on, require_areas, require_no_codes, require_paper
from daicho.rights.access import DESK
from daicho.rights.actions.from_web import PERSON_AT_THE_DOOR
from daicho.rights.actions.recording import PaperIntake, record_document, settle_masking
from daicho.rights.queries import get_request
from daicho.rights.rules import DocumentKind, MaskedBy, Of
from daicho.trail.acts import Acts
from daicho.words.errors import InputError, JudgementError, NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanIntake:
    """What an upload is, and where it belongs; without envelope and request a code of ours on it must say."""

    kind: DocumentKind
    of: Of = Of.PERSON
    paper: str = ""
    envelope: str = ""
    request: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """``proposed``: a number that a code of ours on the paper names, and that somebody must confirm."""

    ref: str
    pages: int
    filed: str
    proposed: str = ""


def store_scan(content: bytes, intake: ScanIntake, *, scope: Scope, at: datetime, folder: Path) -> Stored:
    """Develop an upload and keep its page images.

    Raises:
        UploadRefusedError: the file is not taken; nothing of it is kept.
        InputError: the sort of paper is missing, or nothing says where it belongs.
        NotFoundError: no such envelope or request within the scope.
    """
    require_paper(intake.kind, intake.paper)
    placed = _place(intake.envelope, intake.request, scope=scope, at=at)  # before the file is looked at
    pages = develop(content)
    coded = _coded(pages, scope=scope, at=at)
    if placed is None:
        if coded is None:
            raise InputError(
                Text("どの封筒・請求の写しか分かりません。", "Nothing says which envelope or request it belongs to."),
                advice=Text(
                    "整理票を一番上に置いて読み取るか、封筒または請求の画面から入れてください。",
                    "Put the cover sheet on top and scan again, or upload it on the page of its envelope or request.",
                ),
            )
        placed, coded = coded, None
    proposed = coded.request if coded and coded.request not in {"", placed.request} else ""
    return keep_pages(pages, intake, placed, proposed, scope=scope, at=at, folder=folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a scan belongs."""

    organisation: str
    envelope: str
    request: str


def _place(envelope: str, request: str, *, scope: Scope, at: datetime) -> Place | None:
    organisation = ""
    if envelope:
        row = Envelope.objects.filter(number=envelope, organisation__in=scope.organisations).first()
        if row is None:
            raise no_envelope()
        require_role(scope, row.organisation, DESK)
        organisation = row.organisation
        filed = list(row.filed.values_list("request", flat=True))
        request = request or (filed[0] if len(filed) == 1 else "")
    if request:
        found = get_request(request, scope=scope, on=at.date())
        require_role(scope, found.organisation, DESK)
        organisation, request = found.organisation, found.number
    return Place(organisation=organisation, envelope=envelope, request=request) if organisation else None


def _coded(pages: Sequence[Page], *, scope: Scope, at: datetime) -> Place | None:
    """Where the first code of ours on the paper says it belongs, if the caller may see that."""
    for code in (code for page in pages for code in page.own_codes):
        with suppress(NotFoundError):
            found = _place(code if code[:2] == "E-" else "", code if code[:2] == "R-" else "", scope=scope, at=at)
            if found is not None:
                return found
    return None


def keep_pages(
    pages: Sequence[Page],
    intake: ScanIntake,
    placed: Place,
    proposed: str,
    *,
    scope: Scope,
    at: datetime,
    folder: Path,
) -> Stored:
    ref = f"S-{secrets.token_hex(8)}"
    sealed: list[SealedFile] = []
    try:
        for page in pages:
            sealed.append(seal_page(page.jpeg, scan=ref, folder=folder))  # noqa: PERF401 (each is undone if a later one fails)
        with transaction.atomic():
            scan = Scan.objects.create(
                ref=ref,
                organisation=placed.organisation,
                envelope=placed.envelope,
                request=placed.request,
                proposed=proposed,
                kind=intake.kind,
                of=intake.of,
                paper=intake.paper,
                uploaded_by=scope.actor,
                uploaded_at=at,
                expires_on=expires_on(intake.kind, policy_on(placed.organisation, at.date()), on=at.date()),
            )
            ScanPage.objects.bulk_create(
                ScanPage(
                    scan=scan,
                    organisation=scan.organisation,
                    position=position,
                    name=file.path.name,
                    wrapped_key=file.wrapped_key,
                    size=file.size,
                    width=page.width,
                    height=page.height,
                    codes=len(page.strange_codes),
                )
                for position, (page, file) in enumerate(zip(pages, sealed, strict=True), start=1)
            )
            acts = Acts(actor=scope.actor, at=at)
            acts.add(
                "scan.stored",
                organisation=scan.organisation,
                scan=ref,
                kind=scan.kind,
                pages=len(pages),
                envelope=placed.envelope or None,
                request=placed.request or None,
            )
            acts.write()
    except BaseException:
        for file in sealed:
            with suppress(SealedFileError):
                file.remove()
        raise
    return Stored(ref=ref, pages=len(pages), filed=placed.request or placed.envelope, proposed=proposed)


def look_at_page(ref: str, position: int, *, scope: Scope, at: datetime, folder: Path) -> bytes:
    """閲覧: the image of a page; the look is in the trail before the image is opened."""
    with transaction.atomic():
        scan = lock_scan(ref, scope=scope)
        page = _page(scan, position)
        acts = Acts(actor=scope.actor, at=at)
        acts.add("scan.viewed", organisation=scan.organisation, scan=ref, page=position)
        acts.write()
    return open_page(page, scan=ref, folder=folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlackedOut:
    """``saved`` is False when codes can still be read and nobody said to leave them; ``left`` is where."""

    saved: bool
    version: int
    left: Sequence[Mapping[str, int]] = ()


def black_out_page(
    ref: str,
    position: int,
    boxes: Sequence[Box],
    *,
    version: int,
    leave_codes: bool,
    scope: Scope,
    at: datetime,
    folder: Path,
) -> BlackedOut:
    """黒塗り: destroy what lies under the rectangles, for good.

    Raises:
        JudgementError: somebody else changed the page meanwhile.
    """
    with transaction.atomic():
        scan = lock_scan(ref, scope=scope)
        page = _page(scan, position)
    _require_version(page, version)
    painted = black_out(open_page(page, scan=ref, folder=folder), boxes)
    if painted.strange_codes and not leave_codes:
        return BlackedOut(saved=False, version=version, left=painted.strange_codes)
    file = seal_page(painted.jpeg, scan=ref, folder=folder)
    try:
        with transaction.atomic():
            scan = lock_scan(ref, scope=scope)
            page = _page(scan, position)
            _require_version(page, version)
            old = page.name
            page.name, page.wrapped_key, page.size = file.path.name, file.wrapped_key, file.size
            page.version = version + 1
            page.boxes = [*page.boxes, *(_plain(box) for box in boxes)]
            page.codes = len(painted.strange_codes)
            page.save(update_fields=["name", "wrapped_key", "size", "version", "boxes", "codes"])
            acts = Acts(actor=scope.actor, at=at)
            acts.add(
                "scan.blacked_out",
                organisation=scan.organisation,
                scan=ref,
                page=position,
                boxes=len(boxes),
                codes_left=len(painted.strange_codes) or None,
            )
            acts.write()
    except BaseException:
        with suppress(SealedFileError):
            file.remove()
        raise
    remove_file(old, folder=folder)
    return BlackedOut(saved=True, version=version + 1, left=painted.strange_codes)


def check_scan(ref: str, areas: Mapping[str, str], *, paper: bool, scope: Scope, at: datetime, folder: Path) -> None:
    """確認: every part that must be unreadable is black or not on this copy, on the paper as well.

    1. Every part is answered, and the paper copy was not forgotten.
    2. The program looks, too: while it can read a code on a page, that is neither black nor absent.
    3. Where the scan shows a recorded paper of its request, that is told who blacked it out.

    Raises:
        InputError: a part is not answered, the paper is forgotten, or a code can still be read.
        JudgementError: somebody changed a page while the program looked.
    """
    with transaction.atomic():
        scan = lock_scan(ref, scope=scope)
        pages = list(scan.pages.all())
        _answers(scan, areas, paper=paper)  # (1)
    require_no_codes({page.position: count_codes(open_page(page, scan=ref, folder=folder)) for page in pages})  # (2)
    with transaction.atomic():
        scan = lock_scan(ref, scope=scope)
        answered, on_paper = _answers(scan, areas, paper=paper)
        for page in pages:
            _require_version(_page(scan, page.position), page.version)
        scan.areas, scan.paper_blacked = answered, paper and on_paper
        scan.checked_by, scan.checked_at = scope.actor, at
        scan.save(update_fields=["areas", "paper_blacked", "checked_by", "checked_at"])
        acts = Acts(actor=scope.actor, at=at)
        told = {"scan": ref, "areas": len(answered), "paper": scan.paper_blacked}
        acts.add("scan.checked", organisation=scan.organisation, **told)
        if scan.document:
            settle_masking(scan.document, _masked_by(scan), acts=acts)  # (3)
        acts.write()


def _answers(scan: Scan, areas: Mapping[str, str], *, paper: bool) -> tuple[dict[str, str], bool]:
    """(part → answer, whether there is a paper of it here: of an upload by web there is none)."""
    answered = require_areas(asked_of(scan, policy_on(scan.organisation, scan.uploaded_at.date())), areas)
    on_paper = scan.uploaded_by != PERSON_AT_THE_DOOR
    if Area.COVERED in answered.values() and on_paper and not paper:
        raise InputError(
            Text("紙の写しの黒塗りを確かめていません。", "The paper copy is not checked."),
            advice=Text(
                "紙の写しも、裏から透けないように黒く塗りつぶしてください。",
                "Black out the paper copy as well, so that it cannot be read from the back.",
            ),
        )
    return answered, on_paper


def _masked_by(scan: Scan) -> MaskedBy:
    """Who blacked out a scan that was checked: the receiver where something was painted, else the sender."""
    if Area.COVERED not in scan.areas.values():
        return MaskedBy.NOT_NEEDED
    return MaskedBy.RECEIVER if any(page.boxes for page in scan.pages.all()) else MaskedBy.SENDER


def file_scan(ref: str, request: str, *, scope: Scope, at: datetime) -> None:
    """File a scan to a request: the one its code proposed, or another."""
    found = get_request(request, scope=scope, on=at.date())
    with transaction.atomic():
        scan = lock_scan(ref, scope=scope)
        require_role(scope, found.organisation, DESK)
        scan.request, scan.proposed = found.number, ""
        scan.save(update_fields=["request", "proposed"])
        acts = Acts(actor=scope.actor, at=at)
        acts.add("scan.filed", organisation=scan.organisation, scan=ref, request=found.number)
        acts.write()


def record_as_document(
    ref: str, *, accepted: bool, issued_on: date | None, place: str, scope: Scope, at: datetime
) -> str:
    """The scanned paper counts as one of the request's papers; returns the paper's reference.

    Raises:
        NotAllowedError: it is filed to no request, is recorded already, or waits for its check.
        InputError: as `daicho.rights.actions.recording.record_document`.
    """
    with transaction.atomic():
        scan = lock_scan(ref, scope=scope)
        kind, of = DocumentKind(scan.kind), Of(scan.of)
        asked = asked_of(scan, policy_on(scan.organisation, scan.uploaded_at.date()))
        if not scan.request or scan.document or (asked and scan.checked_at is None):
            raise NotAllowedError(
                Text("いまはこの書類を記録できません。", "This paper cannot be recorded now."),
                advice=Text(
                    "請求に綴じ、黒塗りの確認を済ませてから、一度だけ記録します。",
                    "File it to its request and check what is black; then it is recorded once.",
                ),
            )
        paper = PaperIntake(
            kind=kind,
            of=of,
            paper=scan.paper,
            accepted=accepted,
            masked=_masked_by(scan),
            issued_on=issued_on,
            place=place,
        )
        scan.document = record_document(scan.request, paper, scope=scope, at=at)
        scan.save(update_fields=["document"])
    return scan.document


def _page(scan: Scan, position: int) -> ScanPage:
    page = scan.pages.filter(position=position).first()
    if page is None:
        raise no_scan()
    return page


def _require_version(page: ScanPage, version: int) -> None:
    if page.version != version:
        raise JudgementError(
            Text("このページは、開いたあとに変更されました。", "This page was changed after you opened it."),
            advice=Text("開き直して、黒塗りの位置を確かめてください。", "Open it again and look at what is black."),
        )


def _plain(box: Box) -> dict[str, object]:
    return {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "reason": str(Reason(box.reason))}
