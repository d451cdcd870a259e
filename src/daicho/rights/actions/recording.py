"""書類と手数料: what came in the envelope, where it lies, and what became of it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from daicho.law.kinds import Requester
from daicho.people.queries import require_role
from daicho.rights.access import DESK
from daicho.rights.models import FeeInstrument, RequestDocument, SubjectRequest
from daicho.rights.reading import lacks, lock_request, policy_of, refuse_ended
from daicho.rights.rules import (
    DocumentKind,
    MaskedBy,
    Of,
    RequestState,
)
from daicho.trail.acts import Acts
from daicho.words.errors import InputError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text

MONEY_ORDER_MONTHS: Final = 6  # 定額小為替 is valid for six months from its issue
DEFAULT_ID_COPY_DAYS: Final = 30
MAX_YEN: Final = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperIntake:
    """A paper as it is recorded. ``place`` is where it lies, never what it says."""

    kind: DocumentKind
    of: Of = Of.PERSON
    paper: str = ""
    accepted: bool = True
    masked: MaskedBy = MaskedBy.NOT_NEEDED
    issued_on: date | None = None
    place: str = ""


def record_document(number: str, paper: PaperIntake, *, scope: Scope, at: datetime) -> str:
    """Record one paper; a copy of an identity paper is due for destruction after the policy's days.

    Raises:
        InputError: a day of issue that is in the future, or missing though the policy limits the
            paper's age; a place too long; a paper that nobody has looked at.
    """
    _require_short(paper.place, 120)
    _require_past(paper.issued_on, at)
    if paper.masked is MaskedBy.UNCHECKED:
        raise InputError(
            Text("書類は、黒塗りを見てから記録します。", "A paper is looked at before it is recorded."),
            advice=Text(
                "だれが黒塗りしたか、不要か、未了かを選んでください。",
                "Say who blacked it out, that there is nothing to black out, or that it is still readable.",
            ),
        )
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        _require_issued_on(request, paper)
        acts = Acts(actor=scope.actor, at=at)
        ref = add_documents(request, [paper], at=at, acts=acts)[0]
        refuse_ended(request)
        acts.write()
    return ref


def _require_issued_on(request: SubjectRequest, paper: PaperIntake) -> None:
    rule = policy_of(request).agent_documents(Requester(request.requester))
    limited = {one.document for one in rule.papers if one.issued_within_days is not None} if rule else set()
    if paper.kind is DocumentKind.AUTHORITY and paper.paper in limited and paper.issued_on is None:
        raise InputError(
            Text("この書類には発行日が必要です。", "This paper needs its day of issue."),
            advice=Text(
                "書類にある発行日を示してください。",
                "Give the day of issue that stands on it.",
            ),
        )


def _require_past(day: date | None, at: datetime) -> None:
    if day is not None and day > at.date():
        raise InputError(
            Text("未来の日付です。", "The day is in the future."),
            advice=Text("日付を確かめてください。", "Check the day."),
        )


def _require_short(text: str, limit: int) -> None:
    if len(text) > limit:
        raise InputError(
            Text(f"{limit} 文字以内で書いてください。", f"Write at most {limit} characters."),
            advice=Text("短くしてください。", "Shorten it."),
        )


def add_documents(request: SubjectRequest, papers: Sequence[PaperIntake], *, at: datetime, acts: Acts) -> list[str]:
    """Record papers inside the caller's transaction."""
    policy = policy_of(request)
    days = policy.id_copies_kept_days
    rows = [
        RequestDocument(
            request=request,
            organisation=request.organisation,
            ref=f"D-{secrets.token_hex(5)}",
            kind=paper.kind,
            of=paper.of,
            paper=paper.paper,
            accepted=paper.accepted,
            masked=paper.masked,
            issued_on=paper.issued_on,
            place=paper.place,
            recorded_by=acts.actor,
            recorded_at=at,
            dispose_on=at.date() + timedelta(days=DEFAULT_ID_COPY_DAYS if days is None else days)
            if paper.kind is DocumentKind.ID_COPY
            else None,
        )
        for paper in papers
    ]
    RequestDocument.objects.bulk_create(rows)
    for row in rows:
        acts.add(
            "request.document_recorded",
            organisation=request.organisation,
            request=request.number,
            document=row.ref,
            accepted=row.accepted,
        )
    return [row.ref for row in rows]


def settle_masking(ref: str, masked: MaskedBy, *, acts: Acts) -> None:
    """黒塗りの確認: who blacked out a recorded paper, now that its scan was looked at; inside the caller's transaction."""
    row = RequestDocument.objects.select_for_update().filter(ref=ref, disposed_on=None).first()
    if row is None or row.masked == masked:
        return
    row.masked = masked
    row.save(update_fields=["masked"])
    acts.add("document.looked_at", organisation=row.organisation, document=ref, masked=row.masked)


def dispose_document(ref: str, how: str, *, on: date, scope: Scope, at: datetime) -> None:
    """Record that a paper was returned or shredded; only the fact of verification stays."""
    _require_past(on, at)
    with transaction.atomic():
        row = RequestDocument.objects.select_for_update().filter(ref=ref, organisation__in=scope.organisations).first()
        if row is None or row.disposed_on is not None:
            raise NotFoundError(
                Text(f"手元の書類 {ref} はありません。", f"There is no paper {ref} in hand."),
                advice=Text("請求の書類の一覧で確かめてください。", "See the papers of the request."),
            )
        require_role(scope, row.organisation, DESK)
        row.disposed_on, row.disposed_how = on, how
        row.save(update_fields=["disposed_on", "disposed_how"])
        acts = Acts(actor=scope.actor, at=at)
        acts.add("document.disposed", organisation=row.organisation, document=ref, how=how)
        acts.write()


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """One instrument as it arrived; yen."""

    face_value: int
    instrument: str = "postal_money_order"
    number: str = ""
    issued_on: date | None = None


def record_fee(number: str, money: Money, *, scope: Scope, at: datetime) -> str:
    """Record an instrument; a money order that had expired when it came is recorded and does not count.

    Raises:
        InputError: no sum of money, a number too long, or a day of issue in the future.
    """
    if not 1 <= money.face_value <= MAX_YEN:
        raise InputError(
            Text("額面が正しくありません。", "The face value is not right."),
            advice=Text("円の整数で書いてください。", "Write whole yen."),
        )
    _require_short(money.number, 40)
    _require_past(money.issued_on, at)
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        acts = Acts(actor=scope.actor, at=at)
        ref = add_fees(request, [money], at=at, acts=acts)[0]
        refuse_ended(request)
        if request.state == RequestState.VERIFIED and not lacks(request, policy_of(request), on=at.date())[0]:
            request.cure_on = None
            request.save(update_fields=["cure_on"])
        acts.write()
    return ref


def add_fees(request: SubjectRequest, fees: Sequence[Money], *, at: datetime, acts: Acts) -> list[str]:
    """Record instruments inside the caller's transaction."""
    rows = [
        FeeInstrument(
            request=request,
            organisation=request.organisation,
            ref=f"M-{secrets.token_hex(5)}",
            instrument=money.instrument,
            face_value=money.face_value,
            number=money.number,
            issued_on=money.issued_on,
            expires_on=_six_months(money.issued_on) if money.issued_on else None,
            recorded_by=acts.actor,
            recorded_at=at,
        )
        for money in fees
    ]
    FeeInstrument.objects.bulk_create(rows)
    for row in rows:
        acts.add(
            "request.fee_recorded", organisation=request.organisation, request=request.number, amount=row.face_value
        )
    return [row.ref for row in rows]


def _six_months(issued_on: date) -> date:
    month = issued_on.month + MONEY_ORDER_MONTHS
    year, month = (issued_on.year + 1, month - 12) if month > 12 else (issued_on.year, month)  # noqa: PLR2004
    day = issued_on.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def settle_fee(
    ref: str, *, cashed_on: date | None = None, returned_on: date | None = None, scope: Scope, at: datetime
) -> None:
    """Record that a money order was cashed or sent back.

    Raises:
        InputError: both, or neither.
    """
    if (cashed_on is None) == (returned_on is None):
        raise InputError(
            Text("換金か返却のどちらか一つです。", "It was either cashed or sent back."),
            advice=Text("どちらか一つを指定してください。", "Name one of the two."),
        )
    with transaction.atomic():
        row = FeeInstrument.objects.select_for_update().filter(ref=ref, organisation__in=scope.organisations).first()
        if row is None or row.cashed_on or row.returned_on:
            raise NotFoundError(
                Text(f"手元の手数料 {ref} はありません。", f"There is no instrument {ref} in hand."),
                advice=Text("請求の手数料の一覧で確かめてください。", "See the fees of the request."),
            )
        require_role(scope, row.organisation, DESK)
        row.cashed_on, row.returned_on = cashed_on, returned_on
        row.save(update_fields=["cashed_on", "returned_on"])
        acts = Acts(actor=scope.actor, at=at)
        event = "fee.cashed" if cashed_on else "fee.returned"
        acts.add(event, organisation=row.organisation, fee=ref, amount=row.face_value)
        acts.write()
