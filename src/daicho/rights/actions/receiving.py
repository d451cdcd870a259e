"""受付から本人確認まで: an envelope becomes a request, its papers and money are recorded, it is checked.

A request is complete when every paper of the published list has come and the fee is paid;
only then can identity be called verified, by a human who compared the papers.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection, transaction

from daicho.keys.queries import ring as open_ring
from daicho.keys.ring import Ring
from daicho.law.kinds import KINDS, Requester, RequestKind
from daicho.people.queries import require_role_everywhere
from daicho.policy.language import Policy
from daicho.policy.queries import RevisionRef, find_revision_at
from daicho.rights.access import DESK
from daicho.rights.finding import SearchKey, search_keys
from daicho.rights.intake import ClaimIntake, Intake, Person, details_of, facts_of
from daicho.rights.models import Claim, Counter, RequestKey, SubjectRequest
from daicho.rights.reading import lacks, lock_request, papers_of, policy_of
from daicho.rights.rules import (
    CLAIM_ENDS,
    ClaimState,
    Missing,
    RequestState,
    gate_on,
    move_request,
    require_looked_at,
    target_on,
)
from daicho.rights.scanned import scans_of
from daicho.subjects.actions import remember_people
from daicho.subjects.queries import Met, meet
from daicho.trail.acts import Acts
from daicho.words.errors import InputError, NotAllowedError
from daicho.words.identity import Folds
from daicho.words.scope import Scope
from daicho.words.text import Text
from daicho.work.rows import insert_rows, insert_values, new_row

_COLUMN_DOTS: Final = 2  # store.table.column
_CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,40}")


ADULT_AGE: Final = 18


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
    keys: Sequence[SearchKey]


def prepare(
    intakes: Sequence[Intake],
    *,
    scope: Scope,
    at: datetime,
    ring: Ring,
    met: Met | None = None,
    in_force: Mapping[date, RevisionRef] | None = None,
    fold: Folds | None = None,
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
    for intake, day in zip(intakes, arrived, strict=True):
        require_minor(intake.requester, intake.person, day)
    in_force = in_force or revisions_on(organisation, set(arrived))
    for kind, day in {
        (claim.kind, day) for intake, day in zip(intakes, arrived, strict=True) for claim in intake.claims
    }:
        require_kind(kind, day)
    for intake, day in zip(intakes, arrived, strict=True):
        for claim in intake.claims:
            if claim.values:
                require_items(claim, in_force[day].policy)
    fold = Folds() if fold is None else fold
    met = met or meet(
        [intake.person.identities() for intake in intakes], organisation=organisation, ring=ring, fold=fold
    )
    persons = remember_people(met, organisation=organisation, at=at)
    numbers = take_numbers("R", len(intakes), at=at)
    prepared = []
    for intake, day, person, number in zip(intakes, arrived, persons, numbers, strict=True):
        request = _request_row(intake, in_force[day], day, person, number, scope=scope, at=at, opened=ring)
        keys = search_keys(intake.person, intake.agent, ring, fold)
        prepared.append(Prepared(request=request, claims=_claim_rows(request, intake, ring), keys=keys))
    return prepared


def require_kind(kind: RequestKind, day: date) -> None:
    """Raise unless the law of the day knows the kind."""
    if not KINDS[kind].exists(on=day):
        raise InputError(
            Text(f"{day} の法律にない請求の種別です。", f"The law of {day} does not know this kind of request."),
            advice=Text("種別と到着日を確かめてください。", "Check the kind and the day of arrival."),
        )


def require_items(claim: ClaimIntake, policy: Policy) -> None:
    """Raise unless what a correction names are items of the policy, or columns."""
    items = {item.code for item in policy.items}
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


def require_minor(requester: Requester, person: Person, day: date) -> None:
    """Art. 37(3): a statutory agent of a minor asks for somebody under 18 on the day of arrival (desk practice 13)."""
    if requester is not Requester.MINOR_AGENT:
        return
    born = person.birth_date
    if born is None or (day.year - born.year - ((day.month, day.day) < (born.month, born.day))) >= ADULT_AGE:
        raise InputError(
            Text(
                "本人が到着日に未成年（18歳未満）であることを確かめられません。",
                "It cannot be seen that the person is a minor (under 18) on the day of arrival.",
            ),
            advice=Text(
                "生年月日を書いてください。成年に達していれば、本人の請求か委任による代理人の請求です。",
                "Write the birth date. An adult asks alone, or through a mandated agent.",
            ),
        )


def write(prepared: Sequence[Prepared]) -> None:
    """Write prepared rows: three inserts, whatever their number. Inside the caller's transaction."""
    insert_rows([one.request for one in prepared])
    insert_rows([claim for one in prepared for claim in one.claims])
    write_keys({one.request: one.keys for one in prepared})


def write_keys(keys: Mapping[SubjectRequest, Sequence[SearchKey]]) -> None:
    """Write by what the desk finds requests again. Inside the caller's transaction."""
    rows = [(request.pk, request.organisation, *key) for request, found in keys.items() for key in found]
    insert_values(RequestKey, ("request_id", "organisation", "kind", "key_id", "digest"), rows)


def revisions_on(organisation: str, days: set[date]) -> dict[date, RevisionRef]:
    """The policy in force on each of the days; `NotAllowedError` when there was none."""
    found = {}
    for day in days:
        revision = find_revision_at(organisation, day)
        if revision is None:
            raise NotAllowedError(
                Text("その日に有効な公表済みの方針がありません。", "No published policy was in force on that day."),
                advice=Text(
                    "その日に効力のある方針を公表してから受け付けてください。到着日の誤りでないかも確かめてください。",
                    "Publish a policy that is in force on that day first; see also whether the day of arrival is right.",
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
    return new_row(
        SubjectRequest,
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
        assigned_to=scope.actor,
    )


def _claim_rows(request: SubjectRequest, intake: Intake, opened: Ring) -> list[Claim]:
    return [
        new_row(
            Claim,
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


def check_request(number: str, *, identity: bool, compared: Sequence[str] = (), scope: Scope, at: datetime) -> Checked:
    """Compare what came with what the policy of the day asks for, and move the request.

    Args:
        identity: a human compared the papers with the form (for an agent also the mandate: seal,
            name, address, scope, authority to receive) and vouches for who asks.
        compared: codes of what was compared, as the checklist has them; for the trail.

    A request with everything but ``identity`` stays in checking. Claims of free kinds are held by a
    missing paper, never by a fee.

    Raises:
        NotAllowedError: identity is vouched for while a copy waits for its check of what must be black.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        acts = Acts(actor=scope.actor, at=at)
        checked = check_locked(request, identity=identity, compared=compared, at=at, acts=acts)
        acts.write()
    return checked


def check_locked(
    request: SubjectRequest, *, identity: bool, compared: Sequence[str] = (), at: datetime, acts: Acts
) -> Checked:
    """As `check_request`, for a request that this transaction already holds."""
    if request.state == RequestState.VERIFIED:  # only an amendment leads back
        raise NotAllowedError(
            Text("本人確認は済んでいます。", "The identity is verified already."),
            advice=Text(
                "登録した内容に誤りがあれば「メモと訂正」で直してください。",
                "If something was registered wrongly, amend it.",
            ),
        )
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
        waiting = sum(scan.waits for scan in scans_of(request.number))
        require_looked_at(papers_of(request), waiting)
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
        compared=list(compared) if identity and compared else None,
    )
    return Checked(
        number=request.number, state=to, missing=tuple(missing), fee_due=due, fee_paid=paid, cure_on=request.cure_on
    )


def withdraw_request(number: str, *, scope: Scope, at: datetime) -> None:
    """取下げ: the person takes the request back; what is already being carried out is finished first."""
    with transaction.atomic():
        acts = Acts(actor=scope.actor, at=at)
        withdraw_locked(lock_request(number, scope=scope), at=at, acts=acts)
        acts.write()


def withdraw_locked(request: SubjectRequest, *, at: datetime, acts: Acts) -> None:
    """As `withdraw_request`, for a request that this transaction already holds."""
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
    acts.add("request.withdrawn", organisation=request.organisation, request=request.number)
