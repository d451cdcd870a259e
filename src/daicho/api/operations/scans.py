"""Scans: uploaded, looked at, blacked out, checked, filed, compared, destroyed. For programs that scan."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from ninja import File as Sent
from ninja import Form, Query
from ninja.files import UploadedFile
from pydantic import Field

from daicho.api.gate import ApiRequest
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import Day, Done, Files, Ref, Said, Told, Words, file, words
from daicho.post.actions import comparing, destroying
from daicho.post.actions import scans as actions
from daicho.post.darkroom import MAX_BYTES
from daicho.post.papers import MAX_BOXES, Area, Check, Finding, Reason, read_boxes
from daicho.post.queries import (
    ComparisonView,
    ScanView,
    list_due_scans,
    list_unchecked_scans,
    recognise_page,
)
from daicho.post.queries import get_scan as get_one
from daicho.post.queries import list_comparisons as find_comparisons
from daicho.post.queries import list_scans as find_scans
from daicho.rights.rules import DocumentKind, Of
from daicho.words.errors import InputError, NotFoundError
from daicho.words.text import Text

router = Routes(Text("写し", "Scans"))
Position = Annotated[int, Field(ge=1, le=999)]
MaybeRef = Annotated[str, Field(pattern=r"^([A-Za-z][A-Za-z0-9-]{1,59})?$")]
Side = Annotated[int, Field(ge=0, le=100_000)]


class ScanSaid(Said):
    """What an upload is, and where it belongs; without envelope and request a code of ours on the paper must say."""

    kind: DocumentKind
    of: Of = Of.PERSON
    paper: Annotated[str, Field(max_length=60)] = ""
    envelope: MaybeRef = ""
    request: MaybeRef = ""


class ScansWanted(Said):
    """Whose scans."""

    envelope: MaybeRef = ""
    request: MaybeRef = ""


class BoxSaid(Said):
    """A rectangle in pixels of the page, and why it is black."""

    x: Side
    y: Side
    width: Side
    height: Side
    reason: Reason


class BlackOutSaid(Said):
    """``version``: of the page that was looked at. ``leave_codes``: codes that can still be read are meant to stay."""

    boxes: Annotated[list[BoxSaid], Field(min_length=1, max_length=MAX_BOXES)]
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    leave_codes: bool = False


class AreasSaid(Said):
    """Part that must be unreadable → what was done about it. ``paper``: the paper copy is black there, too."""

    areas: Annotated[dict[Annotated[str, Field(max_length=60)], Area], Field(max_length=50)]
    paper: bool = False


class ScanFilingSaid(Said):
    """The request it belongs to."""

    request: Ref


class ScannedPaperSaid(Said):
    """What is written down with the paper."""

    accepted: bool = True
    issued_on: Day | None = None
    place: Annotated[str, Field(max_length=120)] = ""


class ComparisonSaid(Said):
    """Two scans of one request, and a finding for everything that is compared."""

    left: Ref
    right: Ref
    findings: Annotated[dict[Check, Finding], Field(max_length=20)]


class Uploaded(Told):
    """``proposed``: a request that a code of ours on the paper names, to be confirmed by filing the scan there."""

    ref: str
    pages: int
    filed: str
    proposed: str


class PageTold(Told):
    """A page; ``boxes``: how many places on it are black."""

    position: int
    version: int
    width: int
    height: int
    boxes: int


class AreaTold(Told):
    """A part that must be unreadable; ``answer`` is empty until it was checked."""

    area: str
    name: Words
    answer: str


class ScanTold(Told):
    """A scan without its images."""

    ref: str
    organisation: str
    name: Words
    kind: DocumentKind
    paper: str
    envelope: str
    request: str
    proposed: str
    both_sides: bool
    areas: Sequence[AreaTold]
    waits_for_check: bool
    paper_blacked: bool
    checked_by: str
    checked_at: datetime | None
    uploaded_by: str
    uploaded_at: datetime
    expires_on: date
    document: str
    destroyed_at: datetime | None
    destroyed_by: str
    pages: Sequence[PageTold]


class BlackedOutTold(Told):
    """``saved`` is false when codes can still be read and ``leave_codes`` was not said; ``left`` is where they are."""

    saved: bool
    version: int
    left: Sequence[Mapping[str, int]]


class PlaceTold(Told):
    """A place that may have to be black."""

    x: int
    y: int
    width: int
    height: int
    reason: Reason


class LookedTold(Told):
    """``read_text``: whether writing was looked at, too, or only codes."""

    found: Sequence[PlaceTold]
    read_text: bool


class FindingTold(Told):
    """A check and what was found."""

    check: Words
    finding: Words
    agrees: bool


class ComparisonTold(Told):
    """What somebody found when two scans lay side by side."""

    left: Words
    right: Words
    findings: Sequence[FindingTold]
    compared_by: str
    compared_at: datetime


def _scan(one: ScanView) -> ScanTold:
    return ScanTold(
        **{name: getattr(one, name) for name in _ALIKE},
        name=words(one.name),
        areas=[AreaTold(area=area, name=words(name), answer=answer) for area, name, answer in one.asked],
        pages=[
            PageTold(
                position=page.position,
                version=page.version,
                width=page.width,
                height=page.height,
                boxes=sum(count for _, count in page.boxes),
            )
            for page in one.pages
        ],
    )


_ALIKE = set(ScanTold.model_fields) - {"name", "areas", "pages"}


@router.get(
    "/scans",
    needs=TokenScope.REQUESTS_READ,
    says=Text("写しの一覧", "List scans"),
    response=list[ScanTold],
)
def list_scans(request: ApiRequest, wanted: Query[ScansWanted]) -> list[ScanTold]:
    """Of an envelope or of a request, those destroyed as well: name one of the two."""
    if bool(wanted.envelope) is bool(wanted.request):
        raise InputError(
            Text("封筒か請求のどちらか一つを指定します。", "Name an envelope or a request, one of the two."),
            advice=Text("envelope か request を付けてください。", "Give envelope or request."),
        )
    found = find_scans(scope=request.door.scope, envelope=wanted.envelope, request=wanted.request)
    return [_scan(one) for one in found]


@router.get(
    "/scans/waiting",
    needs=TokenScope.REQUESTS_READ,
    says=Text("確認・消去を待つ写しの一覧", "List scans that wait to be checked or destroyed"),
    response=list[ScanTold],
)
def list_waiting_scans(
    request: ApiRequest, to: Annotated[str, Field(pattern="^(check|destroy)$")] = "check"
) -> list[ScanTold]:
    """``check``: nobody has looked at what is black; ``destroy``: its days are over."""
    door = request.door
    if to == "destroy":
        return [_scan(one) for one in list_due_scans(scope=door.scope, on=door.today)]
    return [_scan(one) for one in list_unchecked_scans(scope=door.scope)]


@router.post(
    "/scans/destruction",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("期限の過ぎた写しを消去する", "Destroy scans whose days are over"),
    response=Done,
    together=False,
)
def destroy_due_scans(request: ApiRequest) -> Done:
    """``count``: scans. What crashes left is removed, too; once a day."""
    door = request.door
    done = destroying.destroy_due_scans(scope=door.scope, at=door.at, folder=door.folder)
    return Done(ref="scans", state="destroyed", count=done.scans)


@router.get(
    "/scans/{ref}",
    needs=TokenScope.REQUESTS_READ,
    says=Text("写しを一件読む（画像を除く）", "Read one scan, without its images"),
    response=ScanTold,
)
def get_scan(request: ApiRequest, ref: Ref) -> ScanTold:
    """Its pages by position and version, and what must be unreadable on them."""
    return _scan(get_one(ref, scope=request.door.scope))


@router.upload(
    "/scans",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("写しを入れる（PDF・JPEG・PNG）", "Upload a scan: PDF, JPEG or PNG"),
    response={201: Uploaded},
)
def upload_scan(request: ApiRequest, body: Form[ScanSaid], file: Sent[UploadedFile]) -> actions.Stored:
    """Judged by its content, 20 MB and 30 pages at most; only new page images are kept, the file itself never.

    A crash before the answer can leave the scan: see `list_scans` before sending it again.
    """
    door = request.door
    intake = actions.ScanIntake(**body.model_dump())
    content = file.read(MAX_BYTES + 1)
    return actions.store_scan(content, intake, scope=door.scope, at=door.at, folder=door.folder)


@router.get(
    "/scans/{ref}/pages/{position}/image",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("写しのページを画像で見る", "Look at a page, as JPEG"),
    response=Files,
)
def get_page_image(request: ApiRequest, ref: Ref, position: Position) -> Files:
    """As it is kept, blacked out where it was. Every look is in the trail."""
    door = request.door
    jpeg = actions.look_at_page(ref, position, scope=door.scope, at=door.at, folder=door.folder)
    return Files(files=[file(f"{ref}-{position}.jpg", jpeg)])


@router.get(
    "/scans/{ref}/pages/{position}/findings",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("黒塗りが要りそうな箇所を探す", "Look for places that may have to be black"),
    response=LookedTold,
)
def recognise_scan(request: ApiRequest, ref: Ref, position: Position) -> LookedTold:
    """Where they are, never what they say. A human looks as well."""
    found = recognise_page(ref, position, scope=request.door.scope, folder=request.door.folder)
    return LookedTold(found=[PlaceTold.model_validate(one) for one in found.found], read_text=found.read_text)


@router.post(
    "/scans/{ref}/pages/{position}/black-out",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("ページを黒塗りして保存する", "Black out rectangles of a page, for good"),
    response=BlackedOutTold,
    together=False,
)
def black_out_page(request: ApiRequest, ref: Ref, position: Position, body: BlackOutSaid) -> actions.BlackedOut:
    """What lies underneath is destroyed. A page that was changed since ``version`` is refused."""
    door = request.door
    page = next((one for one in get_one(ref, scope=door.scope).pages if one.position == position), None)
    if page is None:
        raise NotFoundError(
            Text("そのページはありません。", "There is no such page."),
            advice=Text("写しのページを確かめてください。", "See the pages of the scan."),
        )
    boxes = read_boxes([one.model_dump() for one in body.boxes], width=page.width, height=page.height)
    return actions.black_out_page(
        ref,
        position,
        boxes,
        version=body.version,
        leave_codes=body.leave_codes,
        scope=door.scope,
        at=door.at,
        folder=door.folder,
    )


@router.post(
    "/scans/{ref}/check",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("黒塗りの確認を記録する", "Record that what must be unreadable is"),
    response=Done,
)
def check_scan(request: ApiRequest, ref: Ref, body: AreasSaid) -> Done:
    """An answer for every part that `get_scan` names, after a human has looked."""
    areas = {area: str(answer) for area, answer in body.areas.items()}
    door = request.door
    actions.check_scan(ref, areas, paper=body.paper, scope=door.scope, at=door.at, folder=door.folder)
    return Done(ref=ref, state="checked", count=len(areas))


@router.post(
    "/scans/{ref}/request",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("写しを請求に綴じる", "File a scan to a request"),
    response=Done,
)
def file_scan(request: ApiRequest, ref: Ref, body: ScanFilingSaid) -> Done:
    """The one its code proposed, or another."""
    actions.file_scan(ref, body.request, scope=request.door.scope, at=request.door.at)
    return Done(ref=ref, state=body.request)


@router.post(
    "/scans/{ref}/document",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("写しの書類を請求の書類として記録する", "Record the scanned paper as one of the request's papers"),
    response={201: Done},
)
def record_scan(request: ApiRequest, ref: Ref, body: ScannedPaperSaid) -> Done:
    """Once, after it was filed and checked. ``ref`` is the paper's."""
    document = actions.record_as_document(ref, **body.model_dump(), scope=request.door.scope, at=request.door.at)
    return Done(ref=document)


@router.post(
    "/scans/{ref}/destruction",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("写しを消去する", "Destroy a scan"),
    response=Done,
    together=False,
)
def destroy_scan(request: ApiRequest, ref: Ref) -> Done:
    """Its key goes first; the record that it was there stays."""
    door = request.door
    destroying.destroy_scan(ref, scope=door.scope, at=door.at, folder=door.folder)
    return Done(ref=ref, state="destroyed")


@router.post(
    "/scans/{ref}/pages/{position}/destruction",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("写しのページを消去する", "Destroy one page of a scan"),
    response=Done,
    together=False,
)
def destroy_page(request: ApiRequest, ref: Ref, position: Position) -> Done:
    """A side that must not be kept. The last page ends the scan."""
    door = request.door
    destroying.destroy_page(ref, position, scope=door.scope, at=door.at, folder=door.folder)
    return Done(ref=ref, state="destroyed", count=1)


@router.post(
    "/comparisons",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("写し二つの照合を記録する", "Record what comparing two scans found"),
    response={201: Done},
)
def compare_scans(request: ApiRequest, body: ComparisonSaid) -> Done:
    """By a human to whom they were shown side by side. ``count``: findings that do not agree."""
    findings = {str(check): str(found) for check, found in body.findings.items()}
    ref = comparing.compare_scans(body.left, body.right, findings, scope=request.door.scope, at=request.door.at)
    return Done(ref=ref, count=sum(one is not Finding.AGREES for one in body.findings.values()))


@router.get(
    "/requests/{number}/comparisons",
    needs=TokenScope.REQUESTS_READ,
    says=Text("照合の一覧", "List the comparisons of a request"),
    response=list[ComparisonTold],
)
def list_comparisons(request: ApiRequest, number: Ref) -> list[ComparisonTold]:
    """Newest first."""
    return [_comparison(one) for one in find_comparisons(number, scope=request.door.scope)]


def _comparison(one: ComparisonView) -> ComparisonTold:
    return ComparisonTold(
        left=words(one.left),
        right=words(one.right),
        findings=[
            FindingTold(check=words(check), finding=words(found), agrees=agrees)
            for check, found, agrees in one.findings
        ],
        compared_by=one.compared_by,
        compared_at=one.compared_at,
    )
