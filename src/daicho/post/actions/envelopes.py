"""封筒: registered when it arrives, sorted, filed to a request or handed over; and where its paper lies."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db import transaction

from daicho.keys.queries import ring
from daicho.people.queries import require_role
from daicho.post.access import lock_envelope
from daicho.post.models import Envelope, FiledRequest, Scan
from daicho.post.rules import KINDS, Channel, Content, EnvelopeKind, EnvelopeState, Move, PaperEnd, next_state
from daicho.rights.access import DESK
from daicho.rights.actions.receiving import take_numbers
from daicho.rights.queries import get_request
from daicho.trail.acts import Acts
from daicho.words.errors import InputError, NotAllowedError
from daicho.words.personal import Personal
from daicho.words.scope import Scope
from daicho.words.text import Text

MAX_NOTE: Final = 500
MAX_COUNT: Final = 99
_DELIVERY: Final = re.compile(r"[0-9A-Z][0-9A-Z-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeIntake:
    """An envelope as the post room hands it over. ``note``: who sent it, what to remember; sealed at rest.

    ``opened_by`` and ``counted`` are given when it was opened already; else `record_opening` takes them later.
    """

    organisation: str
    channel: Channel
    post_room: str
    arrived_on: date
    opened_by: str = ""
    delivery_number: str = ""
    counted: Mapping[Content, int] = field(default_factory=dict)
    note: Personal[str] | None = None
    place: str = ""


def register_envelope(intake: EnvelopeIntake, *, scope: Scope, at: datetime) -> str:
    """登録: write an envelope (or a FAX) down on arrival; returns its number.

    Raises:
        InputError: a future day, an unreadable delivery number, a line that is empty or too long, or contents
            that were counted while nobody is said to have opened it.
    """
    require_role(scope, intake.organisation, DESK)
    if intake.arrived_on > at.date():
        raise _wrong(Text("到着日が未来です。", "The day of arrival is in the future."))
    counted = _counts(intake.counted)
    note = intake.note.reveal(purpose="sealed into the envelope's row") if intake.note else ""
    row = Envelope(
        organisation=intake.organisation,
        channel=intake.channel,
        post_room=_line(intake.post_room, 80, needed=True),
        arrived_on=intake.arrived_on,
        delivery_number=_delivery_number(intake.delivery_number),
        opened_by=_line(intake.opened_by, 80, needed=bool(counted)),
        counted=counted,
        place=_line(intake.place, 120),
        state=EnvelopeState.WAITING,
        registered_by=scope.actor,
        registered_at=at,
    )
    if len(note) > MAX_NOTE:
        raise _wrong(Text(f"覚えは {MAX_NOTE} 文字までです。", f"The note has at most {MAX_NOTE} characters."))
    with transaction.atomic():
        (row.number,) = take_numbers("E", 1, at=at)
        row.note = ring().seal(note.encode(), bound_to=f"envelope:{row.number}") if note else b""
        row.save()
        acts = Acts(actor=scope.actor, at=at)
        acts.add(
            "envelope.registered",
            organisation=row.organisation,
            envelope=row.number,
            channel=row.channel,
            items=sum(row.counted.values()),
        )
        acts.write()
    return row.number


def record_opening(number: str, opened_by: str, counted: Mapping[Content, int], *, scope: Scope, at: datetime) -> None:
    """開封: who opened it, and how many of what lay in it; again where it was counted wrongly.

    Raises:
        InputError: nobody is named, or a count is out of range.
    """
    opened_by, counts = _line(opened_by, 80, needed=True), _counts(counted)
    with transaction.atomic():
        row = lock_envelope(number, scope=scope)
        row.opened_by, row.counted = opened_by, counts
        row.save(update_fields=["opened_by", "counted"])
        _record("envelope.opened", row, scope=scope, at=at, items=sum(counts.values()))


def classify_envelope(number: str, kind: EnvelopeKind, *, scope: Scope, at: datetime) -> None:
    """仕分け: say what it is; the kind decides what happens next."""
    with transaction.atomic():
        row = lock_envelope(number, scope=scope)
        row.state = next_state(EnvelopeState(row.state), Move.CLASSIFY, kind)
        row.kind, row.sorted_by, row.sorted_at = kind, scope.actor, at
        row.save(update_fields=["state", "kind", "sorted_by", "sorted_at"])
        _record("envelope.sorted", row, scope=scope, at=at, kind=row.kind)


def undo_classification(number: str, *, scope: Scope, at: datetime) -> None:
    """Take a wrong classification back; what it was stays in the trail."""
    with transaction.atomic():
        row = lock_envelope(number, scope=scope)
        was = row.kind
        row.state = next_state(EnvelopeState(row.state), Move.UNDO, _kind(row))
        row.kind, row.sorted_by, row.sorted_at = "", "", None
        row.save(update_fields=["state", "kind", "sorted_by", "sorted_at"])
        _record("envelope.unsorted", row, scope=scope, at=at, kind=was)


def file_envelope(number: str, request: str, *, scope: Scope, at: datetime) -> None:
    """綴じる: file an envelope to a request; again for a second request in the same envelope.

    The first request also takes the envelope's scans. A 'request' envelope that nobody sorted yet
    is sorted by this.

    Raises:
        NotFoundError: no such request within the scope.
        NotAllowedError: the envelope is of a kind that is handed over, or is filed there already.
    """
    found = get_request(request, scope=scope, on=at.date())
    with transaction.atomic():
        row = lock_envelope(number, scope=scope)
        require_role(scope, found.organisation, DESK)
        acts = Acts(actor=scope.actor, at=at)
        if row.state == EnvelopeState.WAITING:
            row.state = next_state(EnvelopeState.WAITING, Move.CLASSIFY, EnvelopeKind.REQUEST)
            row.kind, row.sorted_by, row.sorted_at = EnvelopeKind.REQUEST, scope.actor, at
            acts.add("envelope.sorted", organisation=row.organisation, envelope=row.number, kind=row.kind)
        row.state = next_state(EnvelopeState(row.state), Move.FILE, _kind(row))
        if row.filed.filter(request=found.number).exists():
            raise NotAllowedError(
                Text("この請求にはすでに綴じてあります。", "It is filed to this request already."),
                advice=Text("別の請求番号を指定してください。", "Give another request's number."),
            )
        if not row.filed.exists():
            Scan.objects.filter(envelope=row.number, request="", destroyed_at=None).update(request=found.number)
        FiledRequest.objects.create(
            envelope=row, organisation=row.organisation, request=found.number, filed_by=scope.actor, filed_at=at
        )
        row.done_at = row.done_at or at
        row.save(update_fields=["state", "kind", "sorted_by", "sorted_at", "done_at"])
        acts.add("envelope.filed", organisation=row.organisation, envelope=row.number, request=found.number)
        acts.write()


def unfile_envelope(number: str, request: str, *, scope: Scope, at: datetime) -> None:
    """Take an envelope from a request it was filed to by mistake, with its scans."""
    with transaction.atomic():
        row = lock_envelope(number, scope=scope)
        row.state = next_state(EnvelopeState(row.state), Move.UNFILE, _kind(row))
        dropped, _ = row.filed.filter(request=request).delete()
        if not dropped:
            raise NotAllowedError(
                Text("この請求には綴じていません。", "It is not filed to this request."),
                advice=Text("画面を開き直してください。", "Open the page again."),
            )
        Scan.objects.filter(envelope=row.number, request=request, destroyed_at=None).update(request="")
        if not row.filed.exists():
            row.state, row.done_at = EnvelopeState.SORTED, None
        row.save(update_fields=["state", "done_at"])
        _record("envelope.unfiled", row, scope=scope, at=at, request=request)


def hand_over_envelope(number: str, to: str, *, scope: Scope, at: datetime) -> None:
    """引渡し: it was given to the officer, another company's desk, or whoever is named in ``to``."""
    to = _line(to, 120, needed=True)
    with transaction.atomic():
        row = lock_envelope(number, scope=scope)
        row.state = next_state(EnvelopeState(row.state), Move.HAND_OVER, _kind(row))
        row.handed_to, row.done_at = to, at
        row.save(update_fields=["state", "handed_to", "done_at"])
        _record("envelope.handed_over", row, scope=scope, at=at, kind=row.kind)


def reopen_envelope(number: str, *, scope: Scope, at: datetime) -> None:
    """It was not handed over after all, or came back."""
    with transaction.atomic():
        row = lock_envelope(number, scope=scope)
        row.state = next_state(EnvelopeState(row.state), Move.REOPEN, _kind(row))
        row.handed_to, row.done_at = "", None
        row.save(update_fields=["state", "handed_to", "done_at"])
        _record("envelope.reopened", row, scope=scope, at=at)


def move_paper(number: str, place: str, *, scope: Scope, at: datetime) -> None:
    """Write down where the paper lies now."""
    place = _line(place, 120, needed=True)
    with transaction.atomic():
        row = lock_envelope(number, scope=scope)
        _require_in_hand(row)
        row.place = place
        row.save(update_fields=["place"])
        _record("envelope.paper_moved", row, scope=scope, at=at)


def end_paper(number: str, how: PaperEnd, *, on: date, scope: Scope, at: datetime) -> None:
    """The paper was returned, shredded or handed on."""
    with transaction.atomic():
        row = lock_envelope(number, scope=scope)
        _require_in_hand(row)
        if not row.arrived_on <= on <= at.date():
            raise _wrong(Text("日付は到着日から今日までです。", "The day lies between its arrival and today."))
        row.paper_end, row.paper_end_on = how, on
        row.save(update_fields=["paper_end", "paper_end_on"])
        _record("envelope.paper_ended", row, scope=scope, at=at, how=row.paper_end, on=on)


def _require_in_hand(row: Envelope) -> None:
    if row.paper_end:
        raise NotAllowedError(
            Text("この封筒の紙は、もう手元にありません。", "The paper of this envelope is no longer here."),
            advice=Text("記録を見直してください。", "See what is recorded."),
        )


def _record(event: str, row: Envelope, *, scope: Scope, at: datetime, **facts: object) -> None:
    acts = Acts(actor=scope.actor, at=at)
    acts.add(event, organisation=row.organisation, envelope=row.number, **facts)
    acts.write()


def _kind(row: Envelope) -> EnvelopeKind | None:
    return EnvelopeKind(row.kind) if row.kind in KINDS else None


def _counts(given: Mapping[Content, int]) -> dict[str, int]:
    if any(not 0 <= count <= MAX_COUNT for count in given.values()):
        raise _wrong(Text("点数は 0 から 99 までです。", "Counts are from 0 to 99."))
    return {str(what): count for what, count in given.items() if count}


def _delivery_number(text: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split()).replace("‐", "-").replace("−", "-")
    if plain and _DELIVERY.fullmatch(plain) is None:
        raise _wrong(
            Text("引受番号は数字・英字・ハイフンで書きます。", "A delivery number has digits, letters and hyphens.")
        )
    return plain


def _line(text: str, limit: int, *, needed: bool = False) -> str:
    plain = text.strip()
    if (needed and not plain) or len(plain) > limit or not plain.isprintable():
        raise _wrong(
            Text(f"1 行、{limit} 文字以内で書いてください。", f"Write one line of at most {limit} characters.")
        )
    return plain


def _wrong(message: Text) -> InputError:
    return InputError(message, advice=Text("入力を直してください。", "Correct what was entered."))
