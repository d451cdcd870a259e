"""訂正と対応の記録: what was typed wrongly at registration is put right, and what was said besides is noted.

Each act locks the request, is judged by `daicho.rights.amendments`, and leaves one entry that names what
changed and no value of it. The sealed facts are sealed anew, the keys by which the request and its person
are found are written anew, and a search made with the old facts counts no more.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from daicho.keys.queries import ring as open_ring
from daicho.keys.ring import Ring
from daicho.law.kinds import Requester, RequestKind
from daicho.rights.actions.receiving import (
    require_items,
    require_kind,
    require_minor,
    revisions_on,
    write_keys,
)
from daicho.rights.amendments import CancelWhy, NoteKind, changed_parts, is_verified_by, judge_amending, judge_state
from daicho.rights.finding import search_keys
from daicho.rights.intake import Agent, ClaimIntake, Facts, Person, details_of, facts_from
from daicho.rights.models import CaseNote, Claim, FeeInstrument, RequestDocument, SubjectRequest
from daicho.rights.reading import lacks, lock_request, policy_of, refuse_ended
from daicho.rights.rules import ClaimState, RequestState, gate_on, move_claim, move_request, target_on
from daicho.subjects.actions import forget_keys, remember_people
from daicho.subjects.queries import key_texts, meet
from daicho.trail.acts import Acts
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text

MAX_NOTE: Final = 4000
MAX_CLAIMS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What the request should say; None: as it is. ``state``: of the page that was filled in (`state_of`), or empty."""

    person: Person | None = None
    agent: Agent | None = None
    arrived_on: date | None = None
    state: str = ""


def state_of(request: SubjectRequest) -> str:
    """A code of what the request says now; it tells nothing, and changes with every amendment."""
    return hashlib.sha256(bytes(request.facts) + request.arrived_on.isoformat().encode()).hexdigest()[:24]


def open_facts_of(request: SubjectRequest, ring: Ring) -> Facts:
    """The sealed facts of a request that this transaction holds."""
    return facts_from(ring.unseal(bytes(request.facts), bound_to=f"request:{request.number}"))


def amend_request(number: str, amendment: Amendment, *, scope: Scope, at: datetime) -> bool:
    """Put right what the request says of the person, the agent, or the day of arrival.

    Returns:
        Whether the identity, verified before, has to be verified again.

    Raises:
        NotAllowedError: it ended, was decided or is carried out; or it was changed since the page was opened.
        InputError: nothing changes; an agent where the person asks, or a day that cannot be.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        _require_amendable(request)
        judge_state(amendment.state, state_of(request))
        ring = open_ring()
        before = open_facts_of(request, ring)
        if amendment.agent is not None and before.agent is None:
            raise InputError(
                Text("本人の請求に代理人は加えられません。", "The person asks alone: there is no agent to amend."),
                advice=Text("代理人の請求として受け付け直してください。", "Open it anew as an agent's request."),
            )
        after = before.model_copy(
            update={"person": amendment.person or before.person, "agent": amendment.agent or before.agent}
        )
        parts = changed_parts(before, after)
        verified_again = is_verified_by(parts)
        if amendment.arrived_on not in (None, request.arrived_on):
            verified_again |= _move_arrival(request, amendment.arrived_on or request.arrived_on, at=at)
            parts.append("arrived_on")
        if not parts:
            raise InputError(
                Text("変わったところがありません。", "Nothing was changed."),
                advice=Text("直すところを書き換えてから保存してください。", "Change what is wrong, then save."),
            )
        require_minor(Requester(request.requester), after.person, request.arrived_on)
        write_facts(request, before, after, ring=ring, at=at)
        request.amended_by = scope.actor
        request.save(update_fields=["arrived_on", "policy_digest", "law_on", "target_on", "gate_on", "amended_by"])
        if parts != ["arrived_on"]:
            search_again(request, judged_anew=is_verified_by(parts))
        back = verified_again and send_back(request)
        acts = Acts(actor=scope.actor, at=at)
        acts.add("request.amended", organisation=request.organisation, request=number, parts=parts, verified_again=back)
        acts.write()
    return back


def _require_amendable(request: SubjectRequest) -> None:
    judge_amending([ClaimState(one) for one in request.claims.values_list("state", flat=True)])
    refuse_ended(request)


def write_facts(request: SubjectRequest, before: Facts, after: Facts, *, ring: Ring, at: datetime) -> None:
    """Seal the facts anew, and write the keys of the request and the person anew. Inside the caller's transaction.

    An address of the answer that was written out goes: the answer goes to the address that is verified.
    Keys that only the old facts of this request gave a person are taken from them.
    """
    if before.person.address != after.person.address or before.agent != after.agent:
        after = after.model_copy(
            update={"reply": after.reply.model_copy(update={"address": None, "postal_code": None})}
        )
    request.facts = ring.seal(after.model_dump_json().encode(), bound_to=f"request:{request.number}")
    old, new = before.person.identities(), after.person.identities()
    if old != new:
        met = meet([new], organisation=request.organisation, ring=ring)
        (ref,) = remember_people(met, organisation=request.organisation, at=at)
        others = SubjectRequest.objects.filter(person=request.person).exclude(pk=request.pk).only("number", "facts")
        kept = {key for one in others for key in key_texts(open_facts_of(one, ring).person.identities())}
        if ref == request.person:
            kept |= set(key_texts(new))
        forget_keys(request.person, set(key_texts(old)) - kept, ring=ring)
        request.person = ref
    request.save(update_fields=["facts", "person"])
    request.keys.all().delete()
    write_keys({request: search_keys(after.person, after.agent, ring)})


def search_again(request: SubjectRequest, *, judged_anew: bool) -> None:
    """What was searched with other facts counts no more. Inside the caller's transaction.

    Args:
        judged_anew: what humans said of candidates rested on another identity, and goes too.
    """
    request.searched, request.candidates = {}, b""
    request.save(update_fields=["searched", "candidates"])
    for claim in request.claims.filter(state=ClaimState.ASSESSING):
        move_claim(ClaimState.ASSESSING, ClaimState.SEARCHING)
        claim.state = ClaimState.SEARCHING
        claim.save(update_fields=["state"])
    if judged_anew:
        request.decisions.all().delete()


def send_back(request: SubjectRequest) -> bool:
    """A verified identity is checked again; whether it was. Inside the caller's transaction."""
    if request.state != RequestState.VERIFIED:
        return False
    move_request(RequestState.VERIFIED, RequestState.CHECKING)
    request.state, request.verified_by, request.verified_at = RequestState.CHECKING, "", None
    request.save(update_fields=["state", "verified_by", "verified_at"])
    return True


def _move_arrival(request: SubjectRequest, day: date, *, at: datetime) -> bool:
    """Count the clocks from another day, with the policy and the law of that day; whether the policy is another."""
    if day > at.date():
        raise InputError(
            Text("到着日が未来です。", "The day of arrival is in the future."),
            advice=Text("到着日を確かめてください。", "Check the day of arrival."),
        )
    kinds = [RequestKind(one) for one in request.claims.values_list("kind", flat=True)]
    for kind in kinds:
        require_kind(kind, day)
    revision = revisions_on(request.organisation, {day})[day]
    other = revision.digest != request.policy_digest
    request.arrived_on = request.law_on = day
    request.policy_digest = revision.digest
    request.target_on, request.gate_on = target_on(revision.policy, day), gate_on(kinds, day)
    return other


# ── a claim that was left off ────────────────────────────────────────────────────────────────


def add_claim(number: str, claim: ClaimIntake, *, scope: Scope, at: datetime) -> str:
    """Add a kind that the form asks for and registration left off; returns its number.

    Raises:
        NotAllowedError: a decision was taken, or the request ended.
        InputError: the kind stands there already, or the law of the day does not know it.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        _require_amendable(request)
        kinds = [RequestKind(one) for one in request.claims.values_list("kind", flat=True)]
        if claim.kind in kinds or len(kinds) >= MAX_CLAIMS:
            raise InputError(
                Text("同じ種別の請求がすでにあります。", "The request asks for this kind already."),
                advice=Text("請求の内容を確かめてください。", "Look at what it asks for."),
            )
        require_kind(claim.kind, request.law_on)
        if claim.values:
            require_items(claim, policy_of(request))
        last = max(int(one.rpartition("-")[2]) for one in request.claims.values_list("number", flat=True))
        found = f"{number}-{last + 1}"
        verified = request.state == RequestState.VERIFIED
        Claim.objects.create(
            request=request,
            organisation=request.organisation,
            number=found,
            kind=claim.kind,
            basis=claim.basis,
            state=ClaimState.SEARCHING if verified else ClaimState.NOTED,
            details=open_ring().seal(details_of(claim), bound_to=f"claim:{found}"),
        )
        request.gate_on = gate_on([*kinds, claim.kind], request.arrived_on)
        request.save(update_fields=["gate_on"])
        acts = Acts(actor=scope.actor, at=at)
        acts.add("claim.added", organisation=request.organisation, claim=found, kind=str(claim.kind))
        acts.write()
    return found


# ── what should not have been recorded ───────────────────────────────────────────────────────


def cancel_document(ref: str, why: CancelWhy, *, scope: Scope, at: datetime) -> bool:
    """Cancel the record of a paper; returns whether the identity has to be verified again without it.

    Raises:
        NotFoundError: no such paper in hand.
        NotAllowedError: a decision rests on it; or it is an upload, which is destroyed as such.
    """
    with transaction.atomic():
        request = _lock_owner(RequestDocument.objects.filter(ref=ref).values_list("request__number", flat=True), scope)
        row = request.documents.filter(ref=ref, disposed_on=None).first()
        if row is None:
            raise _not_in_hand()
        if row.place.startswith("web"):
            raise NotAllowedError(
                Text("ウェブで届いた写しの記録は取り消せません。", "The record of an upload cannot be cancelled."),
                advice=Text("写しの廃棄を記録してください。", "Record that the upload was destroyed."),
            )
        _require_amendable(request)
        row.cancelled_why, row.accepted, row.disposed_on, row.disposed_how = why, False, at.date(), "cancelled"
        row.save(update_fields=["cancelled_why", "accepted", "disposed_on", "disposed_how"])
        back = _is_missed(request, at) and send_back(request)
        acts = Acts(actor=scope.actor, at=at)
        acts.add(
            "document.cancelled",
            organisation=request.organisation,
            document=ref,
            request=request.number,
            why=str(why),
            verified_again=back,
        )
        acts.write()
    return back


def cancel_fee(ref: str, why: CancelWhy, *, scope: Scope, at: datetime) -> None:
    """Cancel the record of an instrument; it counts in no sum any more.

    Raises:
        NotFoundError: no such instrument in hand.
        NotAllowedError: a decision rests on it.
    """
    with transaction.atomic():
        request = _lock_owner(FeeInstrument.objects.filter(ref=ref).values_list("request__number", flat=True), scope)
        row = request.fees.filter(ref=ref, cashed_on=None, returned_on=None).first()
        if row is None:
            raise _not_in_hand()
        _require_amendable(request)
        row.cancelled_why, row.returned_on = why, at.date()
        row.save(update_fields=["cancelled_why", "returned_on"])
        acts = Acts(actor=scope.actor, at=at)
        acts.add(
            "fee.cancelled",
            organisation=request.organisation,
            fee=ref,
            request=request.number,
            amount=row.face_value,
            why=str(why),
        )
        acts.write()


def _lock_owner(numbers: Collection[str], scope: Scope) -> SubjectRequest:
    number = next(iter(numbers), None)
    if number is None:
        raise _not_in_hand()
    try:
        return lock_request(number, scope=scope)
    except NotFoundError:
        raise _not_in_hand() from None


def _not_in_hand() -> NotFoundError:
    return NotFoundError(
        Text("手元にその書類・手数料の記録はありません。", "There is no such paper or instrument in hand."),
        advice=Text("請求の「書類と手数料」で確かめてください。", "See “Papers and fee” of the request."),
    )


def _is_missed(request: SubjectRequest, at: datetime) -> bool:
    missing, _, _ = lacks(request, policy_of(request), on=at.date())
    return any(not one.fee for one in missing)


# ── notes ────────────────────────────────────────────────────────────────────────────────────


def add_note(number: str, kind: NoteKind, text: str, *, scope: Scope, at: datetime) -> str:
    """Note a telephone call or what the next colleague should know; sealed, never changed, also after the end.

    Raises:
        InputError: nothing is written, or too much.
    """
    words = text.strip()
    if not words or len(words) > MAX_NOTE:
        raise InputError(
            Text(f"1〜{MAX_NOTE} 文字で書いてください。", f"Write 1 to {MAX_NOTE} characters."),
            advice=Text("内容を書いてから保存してください。", "Write it, then save."),
        )
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        ref = f"N-{secrets.token_hex(5)}"
        CaseNote.objects.create(
            request=request,
            organisation=request.organisation,
            ref=ref,
            kind=kind,
            text=open_ring().seal(words.encode(), bound_to=f"note:{ref}"),
            written_by=scope.actor,
            written_at=at,
        )
        acts = Acts(actor=scope.actor, at=at)
        acts.add(
            "request.noted",
            organisation=request.organisation,
            request=number,
            note=ref,
            kind=str(kind),
            characters=len(words),
        )
        acts.write()
    return ref
