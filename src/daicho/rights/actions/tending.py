"""担当・統合・閲覧: who works on a request, what is the same form twice, and looks that the trail tells of."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from daicho.keys.queries import ring
from daicho.people.queries import readable, require_role, roles_of
from daicho.people.rules import may_act
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.actions.issuing import PACK, OutFile, open_letter
from daicho.rights.actions.receiving import write_keys
from daicho.rights.finding import search_keys
from daicho.rights.intake import Facts, facts_from
from daicho.rights.models import IssuedLetter, SubjectRequest
from daicho.rights.reading import lock_request, not_found, refuse_ended
from daicho.rights.rules import CLAIM_ENDS, ClaimState, RequestState, move_request
from daicho.subjects.queries import same_people
from daicho.trail.acts import Acts
from daicho.words.errors import NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text

_AT_ONCE: Final = 500


def assign_request(number: str, account: str, *, scope: Scope, at: datetime) -> None:
    """Say who works on a request: somebody of the desk of its organisation.

    Raises:
        NotAllowedError: the request has ended, or the account may not work on it.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        refuse_ended(request)
        if not may_act(roles_of(account, request.organisation), DESK):
            raise NotAllowedError(
                Text("窓口の役割がないアカウントです。", "This account does not work at the desk."),
                advice=Text("窓口・事務局・管理者のアカウントを選んでください。", "Choose an account of the desk."),
            )
        if request.assigned_to == account:
            return
        request.assigned_to = account
        request.save(update_fields=["assigned_to"])
        acts = Acts(actor=scope.actor, at=at)
        acts.add("request.assigned", organisation=request.organisation, request=number, account=account)
        acts.write()


def merge_request(number: str, *, into: str, scope: Scope, at: datetime) -> None:
    """Mark a request as the same form twice: it ends, and is worked on under the other number.

    1. Both are of one organisation and one person, and the other one is alive.
    2. Every kind asked for here is asked for there too; otherwise a claim would be lost.
    3. Nothing here was decided or answered yet, and no money or paper is left here.

    Raises:
        NotAllowedError: one of these does not hold.
    """
    with transaction.atomic():
        first, second = sorted([number, into])
        locked = {one: lock_request(one, scope=scope) for one in (first, second)}
        request, other = locked[number], locked[into]
        _require_same(request, other)
        move_request(RequestState(request.state), RequestState.DUPLICATE)
        request.claims.exclude(state__in=CLAIM_ENDS).update(state=ClaimState.MERGED)
        request.state, request.closed_at, request.duplicate_of = RequestState.DUPLICATE, at, into
        request.save(update_fields=["state", "closed_at", "duplicate_of"])
        acts = Acts(actor=scope.actor, at=at)
        acts.add("request.merged", organisation=request.organisation, request=number, into=into)
        acts.write()


def _require_same(request: SubjectRequest, other: SubjectRequest) -> None:
    refuse_ended(other)
    kinds = set(request.claims.exclude(state__in=CLAIM_ENDS).values_list("kind", flat=True))
    if (
        request.pk == other.pk
        or other.person not in same_people([request.person])[request.person]
        or request.organisation != other.organisation
        or set(request.addressed) - set(other.addressed)
    ):
        raise NotAllowedError(
            Text("同じ本人・同じあて先の請求ではありません。", "It is not the same person asking the same companies."),
            advice=Text("受付番号を確かめてください。", "Check the number."),
        )
    if kinds - set(other.claims.values_list("kind", flat=True)):
        raise NotAllowedError(
            Text(
                "統合先にない種別の請求があります。統合すると、その請求が失われます。",
                "It asks for a kind that the other request does not: merging would lose that claim.",
            ),
            advice=Text("統合せず、それぞれ対応してください。", "Work on both."),
        )
    if request.claims.exclude(state__in=[ClaimState.NOTED, ClaimState.SEARCHING, ClaimState.ASSESSING]).exists():
        raise NotAllowedError(
            Text("決定した請求は統合できません。", "A request that was decided cannot be merged."),
            advice=Text("このまま回答してください。", "Answer it."),
        )
    if request.fees.filter(cashed_on=None, returned_on=None).exists():
        raise NotAllowedError(
            Text("返却していない手数料があります。", "There is money here that was not sent back."),
            advice=Text("先に手数料の返却を記録してください。", "Record first that the money orders were sent back."),
        )


# ── looks ────────────────────────────────────────────────────────────────────────────────────


def show_person(number: str, *, part: str, scope: Scope, at: datetime) -> Facts:
    """What the form says of the person, opened for somebody of the desk; the look is written down.

    Args:
        part: ``address``: the one way to see where somebody under a support measure (支援措置) lives.
    """
    with transaction.atomic():
        request = _seen(number, scope)
        require_role(scope, request.organisation, DESK)
        acts = Acts(actor=scope.actor, at=at)
        acts.add("request.opened_up", organisation=request.organisation, request=request.number, part=part)
        acts.write()
    return facts_from(ring().unseal(bytes(request.facts), bound_to=f"request:{request.number}"))


def look_at_letter(number: str, letter: str, *, scope: Scope, at: datetime, folder: Path) -> OutFile:
    """The copy of a letter as it left the house; the look is written down.

    Raises:
        NotFoundError: the request has no such letter.
    """
    with transaction.atomic():
        request = _seen(number, scope)
        require_role(scope, request.organisation, DESK)
        row: IssuedLetter | None = request.letters.exclude(kind=PACK).filter(number=letter).first()
        if row is None:
            raise NotFoundError(
                Text(f"文書 {letter} はありません。", f"There is no letter {letter}."),
                advice=Text("経過の一覧から選んでください。", "Choose it from the record."),
            )
        file = open_letter(row, request, folder=folder)
        acts = Acts(actor=scope.actor, at=at)
        acts.add(
            "letter.looked_at",
            organisation=request.organisation,
            letter=row.number,
            request=request.number,
            kind=row.kind,
        )
        acts.write()
    return file


def _seen(number: str, scope: Scope) -> SubjectRequest:
    request = SubjectRequest.objects.filter(number=number, organisation__in=scope.organisations).first()
    if request is None:
        raise not_found(number)
    return request


def note_list(event: str, counts: dict[str, int], *, scope: Scope, at: datetime) -> None:
    """Write down that a list left the house as a file: organisation → rows of it."""
    name = {"requests.listed": "requests", "money.listed": "instruments"}[event]
    with transaction.atomic():
        acts = Acts(actor=scope.actor, at=at)
        for organisation in sorted(readable(scope, LOOKERS) & counts.keys()):
            acts.add(event, organisation=organisation, **{name: counts[organisation]})
        acts.write()


# ── finding again ────────────────────────────────────────────────────────────────────────────


def index_requests(*, scope: Scope, at: datetime) -> int:
    """Make the search keys of requests that have none; returns how many. It can be repeated at any time."""
    done = 0
    for organisation in sorted(scope.organisations):
        require_role(scope, organisation, DESK)
        while batch := _index_some(organisation, actor=scope.actor, at=at):
            done += batch
    return done


def _index_some(organisation: str, *, actor: str, at: datetime) -> int:
    opened = ring()
    with transaction.atomic():
        rows: Sequence[SubjectRequest] = list(
            SubjectRequest.objects.select_for_update(of=("self",))
            .filter(organisation=organisation, keys=None)
            .order_by("pk")[:_AT_ONCE]
        )
        found = {row: facts_from(opened.unseal(bytes(row.facts), bound_to=f"request:{row.number}")) for row in rows}
        write_keys({row: search_keys(facts.person, facts.agent, opened) for row, facts in found.items()})
        if rows:
            acts = Acts(actor=actor, at=at)
            acts.add("requests.indexed", organisation=organisation, requests=len(rows))
            acts.write()
    return len(rows)
