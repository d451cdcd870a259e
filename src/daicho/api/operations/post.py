"""The post: envelopes that arrive, and envelopes that leave. For post rooms and carriers that keep lists of their own."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from daicho.api.gate import ApiRequest
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import Code, Count, Day, Done, Files, Ref, Said, Told, files
from daicho.post.actions import envelopes
from daicho.post.covers import print_cover as cover
from daicho.post.queries import EnvelopeFilter, EnvelopeList, EnvelopeView
from daicho.post.queries import get_envelope as get_one
from daicho.post.rules import Channel, Content, EnvelopeKind, EnvelopeState, PaperEnd
from daicho.rights.actions import dispatching
from daicho.rights.dispatch_rules import DispatchMethod, DispatchState, ReturnedWhy
from daicho.rights.envelopes import PARTS, DispatchView, dispatch_rows
from daicho.rights.envelopes import list_dispatches as find_dispatches
from daicho.words.personal import Personal
from daicho.words.text import Language, Text

router = Routes(Text("郵便と発送", "Post and dispatch"))
Short = Annotated[str, Field(max_length=120)]


class EnvelopeSaid(Said):
    """An envelope as the post room hands it over. ``note`` is sealed."""

    organisation: Code
    channel: Channel = Channel.POST
    post_room: Short
    arrived_on: Day
    opened_by: Short = ""
    delivery_number: Annotated[str, Field(max_length=40)] = ""
    counted: Mapping[Content, Annotated[int, Field(ge=0, le=99)]] = Field(default_factory=dict)
    note: Annotated[str, Field(max_length=500)] = ""
    place: Short = ""


class OpeningSaid(Said):
    """Who opened an envelope, and how many of what lay in it."""

    opened_by: Short
    counted: Mapping[Content, Annotated[int, Field(ge=0, le=99)]] = Field(default_factory=dict)


class SortingSaid(Said):
    """What an envelope turned out to be."""

    kind: EnvelopeKind


class FilingSaid(Said):
    """The request it belongs to."""

    request: Ref


class HandOverSaid(Said):
    """To whom it was given."""

    to: Short


class PlaceSaid(Said):
    """Where the paper lies now."""

    place: Short


class PaperEndSaid(Said):
    """What became of the paper."""

    how: PaperEnd
    on: Day | None = None


class EnclosureSaid(Said):
    """A letter that lies in its envelope."""

    letter: Ref
    method: DispatchMethod


class EnvelopeCheckSaid(Said):
    """What the second person saw."""

    pages: Count
    agrees: bool


class SendingSaid(Said):
    """When it left, and under which number."""

    sent_on: Day
    tracking: Annotated[str, Field(max_length=40)] = ""


class DispatchEndSaid(Said):
    """It arrived, came back (``why``), or what came back is kept."""

    state: Annotated[str, Field(pattern=r"^(delivered|returned|kept)$")]
    on: Day
    why: ReturnedWhy | None = None


class EnvelopeTold(Told):
    """An envelope that arrived, without its note."""

    number: str
    organisation: str
    channel: Channel
    post_room: str
    arrived_on: date
    delivery_number: str
    opened_by: str
    place: str
    state: EnvelopeState
    kind: EnvelopeKind | None
    handed_to: str
    registered_by: str
    registered_at: datetime
    paper_end: str
    paper_end_on: date | None
    requests: Sequence[str]


class DispatchTold(Told):
    """An envelope that leaves, without its address."""

    ref: str
    letter: str
    state: DispatchState
    method: DispatchMethod
    enclosed_by: str
    enclosed_at: datetime
    checked_by: str
    checked_at: datetime | None
    sent_on: date | None
    tracking: str
    ended_on: date | None


class WaitingTold(Told):
    """A letter that waits to be enclosed, checked or sent, or came back."""

    ref: str
    request: str
    letter: str
    method: DispatchMethod | None
    enclosed_by: str
    sent_on: date | None
    returned_why: ReturnedWhy | None


Part = Annotated[str, Field(pattern=f"^({'|'.join(PARTS)})$")]


@router.get(
    "/envelopes",
    needs=TokenScope.REQUESTS_READ,
    says=Text("届いた封筒の一覧", "List envelopes that arrived"),
    response=list[EnvelopeTold],
)
def list_envelopes(
    request: ApiRequest,
    state: EnvelopeState | None = None,
    kind: EnvelopeKind | None = None,
    since: Day | None = None,
    page: Annotated[int, Field(ge=1, le=100_000)] = 1,
) -> Sequence[EnvelopeView]:
    """Newest first, a hundred a page."""
    wanted = EnvelopeFilter(state=str(state or ""), kind=str(kind or ""), since=since)
    return EnvelopeList(wanted, scope=request.door.scope)[(page - 1) * 100 : page * 100]


@router.get(
    "/envelopes/{number}",
    needs=TokenScope.REQUESTS_READ,
    says=Text("封筒を一件読む", "Read one envelope"),
    response=EnvelopeTold,
)
def get_envelope(request: ApiRequest, number: Ref) -> EnvelopeView:
    """Without its note."""
    return get_one(number, scope=request.door.scope)


@router.post(
    "/envelopes",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("届いた封筒を登録する", "Register an envelope on arrival"),
    response={201: Done},
)
def register_envelope(request: ApiRequest, body: EnvelopeSaid) -> Done:
    """``ref`` is its number."""
    note = Personal(body.note, "note") if body.note else None
    intake = envelopes.EnvelopeIntake(**{**body.model_dump(), "note": note})
    return Done(ref=envelopes.register_envelope(intake, scope=request.door.scope, at=request.door.at))


@router.post(
    "/envelopes/{number}/kind",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("封筒を仕分ける", "Sort an envelope"),
    response=Done,
)
def sort_envelope(request: ApiRequest, number: Ref, body: SortingSaid) -> Done:
    """The kind decides what happens next."""
    envelopes.classify_envelope(number, body.kind, scope=request.door.scope, at=request.door.at)
    return Done(ref=number, state=str(body.kind))


@router.post(
    "/envelopes/{number}/requests",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("封筒を請求に綴じる", "File an envelope to a request"),
    response=Done,
)
def file_envelope(request: ApiRequest, number: Ref, body: FilingSaid) -> Done:
    """Again for a second request in the same envelope."""
    envelopes.file_envelope(number, body.request, scope=request.door.scope, at=request.door.at)
    return Done(ref=number, state=body.request)


@router.post(
    "/envelopes/{number}/handing-over",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("封筒を引き渡す", "Hand an envelope over"),
    response=Done,
)
def hand_over_envelope(request: ApiRequest, number: Ref, body: HandOverSaid) -> Done:
    """To the officer, another company's desk, or whoever is named."""
    envelopes.hand_over_envelope(number, body.to, scope=request.door.scope, at=request.door.at)
    return Done(ref=number)


@router.post(
    "/envelopes/{number}/kind/undoing",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("仕分けを取り消す", "Take a wrong sorting back"),
    response=Done,
)
def unsort_envelope(request: ApiRequest, number: Ref) -> Done:
    """What it was stays in the trail."""
    envelopes.undo_classification(number, scope=request.door.scope, at=request.door.at)
    return Done(ref=number, state="waiting")


@router.post(
    "/envelopes/{number}/requests/removal",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("封筒を請求から外す", "Take an envelope from a request"),
    response=Done,
)
def unfile_envelope(request: ApiRequest, number: Ref, body: FilingSaid) -> Done:
    """It was filed there by mistake; its scans go with it."""
    envelopes.unfile_envelope(number, body.request, scope=request.door.scope, at=request.door.at)
    return Done(ref=number)


@router.post(
    "/envelopes/{number}/reopening",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("引渡しを取り消す", "Take the handing over back"),
    response=Done,
)
def reopen_envelope(request: ApiRequest, number: Ref) -> Done:
    """It was not handed over after all, or came back."""
    envelopes.reopen_envelope(number, scope=request.door.scope, at=request.door.at)
    return Done(ref=number)


@router.post(
    "/envelopes/{number}/opening",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("封筒の開封を記録する", "Record who opened an envelope and what lay in it"),
    response=Done,
)
def record_opening(request: ApiRequest, number: Ref, body: OpeningSaid) -> Done:
    """Again where it was counted wrongly. ``count``: items."""
    envelopes.record_opening(number, body.opened_by, body.counted, scope=request.door.scope, at=request.door.at)
    return Done(ref=number, count=sum(body.counted.values()))


@router.post(
    "/envelopes/{number}/place",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("紙の保管場所を記録する", "Record where the paper lies"),
    response=Done,
)
def move_paper(request: ApiRequest, number: Ref, body: PlaceSaid) -> Done:
    """While it is in hand."""
    envelopes.move_paper(number, body.place, scope=request.door.scope, at=request.door.at)
    return Done(ref=number)


@router.post(
    "/envelopes/{number}/paper-end",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("紙の返却・廃棄・引渡しを記録する", "Record what became of the paper"),
    response=Done,
)
def end_paper(request: ApiRequest, number: Ref, body: PaperEndSaid) -> Done:
    """Between its arrival and today."""
    door = request.door
    envelopes.end_paper(number, body.how, on=body.on or door.today, scope=door.scope, at=door.at)
    return Done(ref=number, state=str(body.how))


@router.get(
    "/covers/{number}",
    needs=TokenScope.REQUESTS_READ,
    says=Text("整理票（PDF）", "The cover sheet to scan papers under, as PDF"),
    response=Files,
)
def print_cover(request: ApiRequest, number: Ref, language: Language = Language.JA) -> Files:
    """Of an envelope or a request; its code files what is scanned with it."""
    number, pdf = cover(number, language=language, scope=request.door.scope, on=request.door.today)
    return files({f"cover-{number}.pdf": pdf})


@router.get(
    "/dispatches",
    needs=TokenScope.REQUESTS_READ,
    says=Text("発送の待ち行列", "List letters on their way, over all requests"),
    response=list[WaitingTold],
)
def list_waiting_letters(
    request: ApiRequest, part: Part = "check", page: Annotated[int, Field(ge=1, le=100_000)] = 1
) -> list[WaitingTold]:
    """Oldest first, a hundred a page. ``ref`` is empty while no envelope was made."""
    rows = dispatch_rows(part, scope=request.door.scope)[(page - 1) * 100 : page * 100]
    return [
        WaitingTold(
            ref=row.get("ref", ""),
            request=row["request__number"],
            letter=row.get("letter") or row["number"],
            method=row.get("method") or None,
            enclosed_by=row.get("enclosed_by", ""),
            sent_on=row.get("sent_on"),
            returned_why=row.get("returned_why") or None,
        )
        for row in rows
    ]


@router.get(
    "/requests/{number}/dispatches",
    needs=TokenScope.REQUESTS_READ,
    says=Text("発送の一覧", "List the envelopes of a request that leave"),
    response=list[DispatchTold],
)
def list_dispatches(request: ApiRequest, number: Ref) -> Sequence[DispatchView]:
    """Newest first, without addresses."""
    return find_dispatches(number, scope=request.door.scope, folder=request.door.folder, personal=False)


@router.post(
    "/requests/{number}/dispatches",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("封入を記録する", "Note that a letter lies in its envelope"),
    response={201: Done},
)
def enclose_letter(request: ApiRequest, number: Ref, body: EnclosureSaid) -> Done:
    """``ref`` names the envelope from now on."""
    ref = dispatching.enclose(number, body.letter, body.method, scope=request.door.scope, at=request.door.at)
    return Done(ref=ref, state="enclosed")


@router.post(
    "/dispatches/{ref}/check",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text(
        "封筒を照合する（封入した人とは別の人）", "Check an envelope, as another account than the one that filled it"
    ),
    response=Done,
)
def check_dispatch(request: ApiRequest, ref: Ref, body: EnvelopeCheckSaid) -> Done:
    """Letter, envelope and verified address were compared, and the pages counted."""
    door = request.door
    state = dispatching.check_envelope(ref, pages=body.pages, agrees=body.agrees, scope=door.scope, at=door.at)
    return Done(ref=ref, state=str(state))


@router.post(
    "/dispatches/{ref}/sending",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("発送を記録する", "Record that an envelope left"),
    response=Done,
)
def send_dispatch(request: ApiRequest, ref: Ref, body: SendingSaid) -> Done:
    """With the carrier's number."""
    dispatching.send(ref, sent_on=body.sent_on, tracking=body.tracking, scope=request.door.scope, at=request.door.at)
    return Done(ref=ref, state="sent")


@router.post(
    "/dispatches/{ref}/ending",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("配達・返送を記録する", "Record that it arrived or came back"),
    response=Done,
)
def end_dispatch(request: ApiRequest, ref: Ref, body: DispatchEndSaid) -> Done:
    """Returned mail says why."""
    door = request.door
    dispatching.end_dispatch(ref, DispatchState(body.state), on=body.on, why=body.why, scope=door.scope, at=door.at)
    return Done(ref=ref, state=body.state)
