"""受付から本人確認まで: an envelope becomes a request, its papers and money are recorded, it is checked.

A request is complete when every paper of the published list has come and the fee is paid;
only then can identity be called verified, by a human who compared the papers.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from daicho.keys.queries import ring as open_ring
from daicho.keys.ring import Ring
from daicho.law.kinds import KINDS, Requester, RequestKind
from daicho.people.queries import require_role, require_role_everywhere
from daicho.policy.language import Policy
from daicho.policy.queries import RevisionRef, find_revision_at, get_policy
from daicho.rights.access import DESK
from daicho.rights.intake import ClaimIntake, Intake, details_of, facts_of
from daicho.rights.models import Claim, Counter, FeeInstrument, RequestDocument, SubjectRequest
from daicho.rights.rules import (
    CLAIM_ENDS,
    ClaimState,
    DocumentKind,
    MaskedBy,
    Missing,
    Of,
    Paper,
    RequestState,
    fee_due,
    gate_on,
    is_charged,
    missing_papers,
    move_request,
    target_on,
)
from daicho.subjects.actions import remember_people
from daicho.subjects.queries import Met, meet
from daicho.trail.acts import Acts
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text
from daicho.work.rows import insert_rows

MONEY_ORDER_MONTHS: Final = 6  # 定額小為替 is valid for six months from its issue
DEFAULT_ID_COPY_DAYS: Final = 30
MAX_YEN: Final = 10_000_000
_COLUMN_DOTS: Final = 2  # store.table.column
_CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,40}")


# ── opening ──────────────────────────────────────────────────────────────────────────────────


def open_request(intake: Intake, *, scope: Scope, at: datetime) -> str:
    """Register one request and return its number."""
    require_role_everywhere([scope], intake.addressed, DESK)
    with transaction.atomic():
        acts = Acts(actor=scope.actor, at=at)
        (prepared,) = prepare([intake], scope=scope, at=at, ring=open_ring())
        write([prepared])
        request = prepared.request
        acts.add(
            "request.opened",
            organisation=request.organisation,
            request=request.number,
            person=request.person,
            channel=request.channel,
            requester=request.requester,
            claims=len(intake.claims),
        )
        acts.write()
    return request.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A request and its claims as rows that are not written yet."""

    request: SubjectRequest
    claims: list[Claim]


def prepare(
    intakes: Sequence[Intake],
    *,
    scope: Scope,
    at: datetime,
    ring: Ring,
    met: Met | None = None,
    in_force: Mapping[date, RevisionRef] | None = None,
) -> list[Prepared]:
    """Build the rows of a batch, set-based; all addressed to the same first organisation. Inside the caller's transaction.

    1. The legal entities addressed are within the scope.
    2. The policy in force on arrival is frozen by digest, the law by its day.
    3. Numbers are taken without a gap; people are remembered by keyed digests.

    Raises:
        InputError: a day in the future, a kind the law of the day does not know, or a correction of
            something that is no item of the policy.
    """
    organisation = intakes[0].addressed[0]
    for code in {code for intake in intakes for code in intake.addressed}:
        scope.require(code)
    arrived = [intake.arrived_on or at.date() for intake in intakes]
    if max(arrived) > at.date():
        raise InputError(
            Text("到着日が未来です。", "The day of arrival is in the future."),
            advice=Text("arrived_on を確かめてください。", "Check arrived_on."),
        )
    in_force = in_force or revisions_on(organisation, set(arrived))
    for intake, day in zip(intakes, arrived, strict=True):
        for claim in intake.claims:
            _require_known(claim, in_force[day].policy, day)
    met = met or meet([intake.person.identities() for intake in intakes], organisation=organisation, ring=ring)
    persons = remember_people(met, organisation=organisation, at=at, ring=ring)
    numbers = take_numbers("R", len(intakes), at=at)
    prepared = []
    for intake, day, person, number in zip(intakes, arrived, persons, numbers, strict=True):
        request = _request_row(intake, in_force[day], day, person, number, scope=scope, at=at, opened=ring)
        prepared.append(Prepared(request=request, claims=_claim_rows(request, intake, ring)))
    return prepared


def _require_known(claim: ClaimIntake, policy: Policy, day: date) -> None:
    if not KINDS[claim.kind].exists(on=day):
        raise InputError(
            Text(f"{day} の法律にない請求の種別です。", f"The law of {day} does not know this kind of request."),
            advice=Text("種別と到着日を確かめてください。", "Check the kind and the day of arrival."),
        )
    items = {item.code for item in policy.items} if claim.values else set()
    unknown = [
        what if _CODE.fullmatch(what) else f"({place})"  # anything else may be a value on the wrong side
        for place, what in enumerate(claim.values, start=1)
        if what not in items and what.count(".") != _COLUMN_DOTS
    ]
    if unknown:
        raise InputError(
            Text(
                f"方針の項目にないものを訂正しようとしています: {', '.join(unknown)}",
                f"To be put right, but no item of the policy: {', '.join(unknown)}",
            ),
            advice=Text(
                "values の左側に、方針の項目コードか「保管先.表.列」を書いてください。",
                "On the left of values write an item code of the policy, or store.table.column.",
            ),
        )


def write(prepared: Sequence[Prepared]) -> None:
    """Write prepared rows: two inserts, whatever their number. Inside the caller's transaction."""
    insert_rows([one.request for one in prepared])
    insert_rows([claim for one in prepared for claim in one.claims])


def revisions_on(organisation: str, days: set[date]) -> dict[date, RevisionRef]:
    """The policy in force on each of the days; `NotAllowedError` when there was none."""
    found = {}
    for day in days:
        revision = find_revision_at(organisation, day)
        if revision is None:
            raise NotAllowedError(
                Text("その日に有効な公表済みの方針がありません。", "No published policy was in force on that day."),
                advice=Text(
                    "daicho policy apply と publish で方針を公表してください。",
                    "Publish the policy with `daicho policy apply` and `publish`.",
                ),
            )
        found[day] = revision
    return found


def _request_row(
    intake: Intake,
    in_force: RevisionRef,
    day: date,
    person: str,
    number: str,
    *,
    scope: Scope,
    at: datetime,
    opened: Ring,
) -> SubjectRequest:
    kinds = [claim.kind for claim in intake.claims]
    return SubjectRequest(
        number=number,
        organisation=intake.addressed[0],
        addressed=list(intake.addressed),
        person=person,
        state=RequestState.RECEIVED,
        channel=intake.channel,
        requester=intake.requester,
        language=intake.language,
        method=intake.reply.method,
        policy_digest=in_force.digest,
        law_on=day,
        arrived_on=day,
        target_on=target_on(in_force.policy, day),
        gate_on=gate_on(kinds, day),
        envelope=intake.envelope.model_dump(mode="json", exclude_none=True),
        support_measure=intake.support_measure,
        facts=opened.seal(facts_of(intake), bound_to=f"request:{number}"),
        registered_by=scope.actor,
        registered_at=at,
    )


def _claim_rows(request: SubjectRequest, intake: Intake, opened: Ring) -> list[Claim]:
    return [
        Claim(
            request=request,
            organisation=request.organisation,
            number=f"{request.number}-{position}",
            kind=claim.kind,
            basis=claim.basis,
            state=ClaimState.NOTED,
            details=opened.seal(details_of(claim), bound_to=f"claim:{request.number}-{position}"),
        )
        for position, claim in enumerate(intake.claims, start=1)
    ]


#: Numbers are counted for the whole installation: short, and unique across the group.
_GROUP: Final = "*"
_TAKE: Final = (
    f"UPDATE {Counter._meta.db_table} SET last = last + %s "  # noqa: S608, SLF001 (our own name)
    "WHERE organisation = %s AND series = %s AND year = %s RETURNING last"
)


def take_numbers(series: str, count: int, *, at: datetime) -> list[str]:
    """``R-2026-0001`` …, without gaps: the counter's row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [count, _GROUP, series, at.year])
        found = cursor.fetchone()
        if found is None:
            Counter.objects.get_or_create(organisation=_GROUP, series=series, year=at.year)
            cursor.execute(_TAKE, [count, _GROUP, series, at.year])
            found = cursor.fetchone()
    last = int(found[0])
    return [f"{series}-{at.year}-{number:04d}" for number in range(last - count + 1, last + 1)]


# ── papers and money ─────────────────────────────────────────────────────────────────────────


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
            paper's age; a place too long.
    """
    _require_short(paper.place, 120)
    _require_past(paper.issued_on, at)
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        _require_issued_on(request, paper)
        acts = Acts(actor=scope.actor, at=at)
        ref = add_documents(request, [paper], at=at, acts=acts)[0]
        _reopen(request)
        acts.write()
    return ref


def _require_issued_on(request: SubjectRequest, paper: PaperIntake) -> None:
    rule = policy_of(request).agent_documents(Requester(request.requester))
    limited = {one.document for one in rule.papers if one.issued_within_days is not None} if rule else set()
    if paper.kind is DocumentKind.AUTHORITY and paper.paper in limited and paper.issued_on is None:
        raise InputError(
            Text("この書類には発行日が必要です。", "This paper needs its day of issue."),
            advice=Text(
                "書類にある発行日を --issued-on で示してください。",
                "Give the day of issue that stands on it with --issued-on.",
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


def dispose_document(ref: str, how: str, *, on: date, scope: Scope, at: datetime) -> None:
    """Record that a paper was returned or shredded; only the fact of verification stays."""
    _require_past(on, at)
    with transaction.atomic():
        row = RequestDocument.objects.select_for_update().filter(ref=ref, organisation__in=scope.organisations).first()
        if row is None or row.disposed_on is not None:
            raise NotFoundError(
                Text(f"手元の書類 {ref} はありません。", f"There is no paper {ref} in hand."),
                advice=Text(
                    "daicho rights show で書類を確かめてください。", "See the papers with `daicho rights show`."
                ),
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
        _reopen(request)
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
                advice=Text("daicho rights show で確かめてください。", "See `daicho rights show`."),
            )
        require_role(scope, row.organisation, DESK)
        row.cashed_on, row.returned_on = cashed_on, returned_on
        row.save(update_fields=["cashed_on", "returned_on"])
        acts = Acts(actor=scope.actor, at=at)
        event = "fee.cashed" if cashed_on else "fee.returned"
        acts.add(event, organisation=row.organisation, fee=ref, amount=row.face_value)
        acts.write()


# ── checking ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found: the state it led to, what is missing, the money, and the day to cure it."""

    number: str
    state: RequestState
    missing: tuple[Missing, ...]
    fee_due: int
    fee_paid: int
    cure_on: date | None


def check_request(number: str, *, identity: bool, scope: Scope, at: datetime) -> Checked:
    """Compare what came with what the policy of the day asks for, and move the request.

    Args:
        identity: a human compared the papers with the form (for an agent also the mandate: seal,
            name, address, scope, authority to receive) and vouches for who asks.

    A request with everything but ``identity`` stays in checking. Claims of free kinds are held by a
    missing paper, never by a fee.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        acts = Acts(actor=scope.actor, at=at)
        checked = check_locked(request, identity=identity, at=at, acts=acts)
        acts.write()
    return checked


def check_locked(request: SubjectRequest, *, identity: bool, at: datetime, acts: Acts) -> Checked:
    """As `check_request`, for a request that this transaction already holds."""
    if request.state in {RequestState.RECEIVED, RequestState.AWAITING_DOCUMENTS, RequestState.AWAITING_FEE}:
        move_request(RequestState(request.state), RequestState.CHECKING)
        request.state = RequestState.CHECKING
    if request.state != RequestState.CHECKING:
        move_request(RequestState(request.state), RequestState.CHECKING)
    policy = policy_of(request)
    missing, due, paid = lacks(request, policy, on=at.date())
    request.cure_on = (request.cure_on or at.date() + timedelta(days=policy.cure_days)) if missing else None
    if any(not one.only_charged for one in missing):
        papers = [one for one in missing if not one.fee]
        to = RequestState.AWAITING_DOCUMENTS if papers else RequestState.AWAITING_FEE
    elif identity:
        to = RequestState.VERIFIED
        request.complete_on = request.complete_on or at.date()
        request.verified_by, request.verified_at = acts.actor, at
        request.claims.filter(state=ClaimState.NOTED).update(state=ClaimState.SEARCHING)
    else:
        to = RequestState.CHECKING
        request.complete_on = request.complete_on or at.date()
    if to is not RequestState.CHECKING:
        move_request(RequestState.CHECKING, to)
    request.state = to
    request.save(update_fields=["state", "cure_on", "complete_on", "verified_by", "verified_at"])
    acts.add(
        "request.checked",
        organisation=request.organisation,
        request=request.number,
        state=str(to),
        missing=len(missing),
    )
    return Checked(
        number=request.number, state=to, missing=tuple(missing), fee_due=due, fee_paid=paid, cure_on=request.cure_on
    )


def lacks(request: SubjectRequest, policy: Policy, *, on: date) -> tuple[list[Missing], int, int]:
    """(what is missing, yen due, yen paid) for the claims still alive.

    Beside a free claim a short fee holds only the charged ones, when they are decided. Papers and
    money are judged by the day they came: what grows too old in our hands is not the person's fault.
    """
    claims = [claim for claim in request.claims.all() if claim.state not in CLAIM_ENDS]
    kinds = [RequestKind(claim.kind) for claim in claims]
    papers = [
        Paper(
            kind=DocumentKind(row.kind),
            of=Of(row.of),
            paper=row.paper,
            accepted=row.accepted,
            masked=MaskedBy(row.masked),
            issued_on=row.issued_on,
            received_on=timezone.localdate(row.recorded_at),
            in_hand=row.disposed_on is None,
        )
        for row in request.documents.all()
    ]
    missing = missing_papers(policy, Requester(request.requester), papers, on=on)
    due = fee_due(policy, kinds)
    paid = sum(
        fee.face_value
        for fee in request.fees.all()
        if not fee.returned_on and not (fee.expires_on and fee.expires_on < timezone.localdate(fee.recorded_at))
    )
    if due and paid < due:
        missing.append(
            Missing(
                code="fee",
                fee=True,
                only_charged=not all(is_charged(policy, kind) for kind in kinds),
                what=Text(
                    f"手数料 {due:,} 円（不足 {due - paid:,} 円）", f"the fee of ¥{due:,} (short by ¥{due - paid:,})"
                ),
            )
        )
    return missing, due, paid


def withdraw_request(number: str, *, scope: Scope, at: datetime) -> None:
    """取下げ: the person takes the request back; what is already being carried out is finished first."""
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        move_request(RequestState(request.state), RequestState.WITHDRAWN)
        if request.claims.filter(state__in=[ClaimState.CARRYING_OUT, ClaimState.READING_BACK]).exists():
            raise NotAllowedError(
                Text(
                    "実施中の請求があるため取り下げられません。",
                    "A claim is being carried out: it cannot be withdrawn now.",
                ),
                advice=Text("実施を終えてから、残りを取り下げてください。", "Finish it, then withdraw the rest."),
            )
        request.claims.exclude(state__in=CLAIM_ENDS).update(state=ClaimState.WITHDRAWN)
        request.state, request.closed_at = RequestState.WITHDRAWN, at
        request.save(update_fields=["state", "closed_at"])
        acts = Acts(actor=scope.actor, at=at)
        acts.add("request.withdrawn", organisation=request.organisation, request=number)
        acts.write()


def _reopen(request: SubjectRequest) -> None:
    """Something came: a held request goes back to checking by its next check; a closed one takes nothing."""
    if request.state in {RequestState.CLOSED, RequestState.WITHDRAWN}:
        raise NotAllowedError(
            Text("この請求は終わっています。", "This request has ended."),
            advice=Text("新しい請求として受け付けてください。", "Open it as a new request."),
        )


def lock_request(number: str, *, scope: Scope) -> SubjectRequest:
    """The request, locked for this transaction.

    Raises:
        NotFoundError: not within the scope; a foreign request does not exist for the caller.
        NotAllowedError: the caller does not work at the desk.
    """
    request = (
        SubjectRequest.objects.select_for_update().filter(number=number, organisation__in=scope.organisations).first()
    )
    if request is None:
        raise not_found(number)
    require_role(scope, request.organisation, DESK)
    return request


def not_found(number: str) -> NotFoundError:
    """There is no such request or claim for the caller."""
    return NotFoundError(
        Text(f"請求 {number} はありません。", f"There is no request {number}."),
        advice=Text("daicho rights list で番号を確かめてください。", "Check the number with `daicho rights list`."),
    )


def policy_of(request: SubjectRequest) -> Policy:
    """The policy that was in force when the request arrived."""
    return get_policy(request.policy_digest)
