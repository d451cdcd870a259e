"""What actions and queries of this room both read: one request, its policy, what it lacks."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from daicho.keys.queries import ring
from daicho.law.kinds import Requester, RequestKind
from daicho.people.queries import require_role, roles_of
from daicho.people.rules import may_act
from daicho.policy.language import Policy
from daicho.policy.queries import get_policy
from daicho.rights.access import DESK
from daicho.rights.intake import facts_from
from daicho.rights.lacking import missing_papers
from daicho.rights.models import CandidateDecision, SubjectRequest
from daicho.rights.rules import (
    CLAIM_ENDS,
    REQUEST_ENDS,
    DocumentKind,
    MaskedBy,
    Missing,
    Of,
    Paper,
    RequestState,
    fee_due,
    is_charged,
)
from daicho.runs.queries import list_slips
from daicho.runs.resolve import Sought
from daicho.words.errors import NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text


def lacks(request: SubjectRequest, policy: Policy, *, on: date) -> tuple[list[Missing], int, int]:
    """(what is missing, yen due, yen paid) for the claims still alive.

    Beside a free claim a short fee holds only the charged ones, when they are decided. Papers and
    money are judged by the day they came: what grows too old in our hands is not the person's fault.
    """
    claims = [claim for claim in request.claims.all() if claim.state not in CLAIM_ENDS]
    kinds = [RequestKind(claim.kind) for claim in claims]
    missing = missing_papers(policy, Requester(request.requester), papers_of(request), on=on)
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


def papers_of(request: SubjectRequest) -> list[Paper]:
    """The papers that were recorded, as the rules read them. A copy that went without having been looked at counts for nothing."""
    return [
        Paper(
            kind=DocumentKind(row.kind),
            of=Of(row.of),
            paper=row.paper,
            accepted=row.accepted and not (row.masked == MaskedBy.UNCHECKED and row.disposed_on),
            masked=MaskedBy(row.masked),
            issued_on=row.issued_on,
            received_on=timezone.localdate(row.recorded_at),
            in_hand=row.disposed_on is None,
        )
        for row in request.documents.all()
    ]


def refuse_ended(request: SubjectRequest) -> None:
    """Something came: a held request goes back to checking by its next check; a closed one takes nothing."""
    if request.state in REQUEST_ENDS:
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


def closed_to(organisations: Iterable[str], *, scope: Scope) -> list[str]:
    """Those of the organisations in which the caller does not work at the desk."""
    return sorted(
        one for one in set(organisations) if not scope.allows(one) or not may_act(roles_of(scope.actor, one), DESK)
    )


def require_desk_everywhere(requests: Iterable[SubjectRequest], *, scope: Scope) -> None:
    """Refuse to reach the stores of these requests, or to decide on them, unless the caller works at every desk addressed.

    Raises:
        NotAllowedError: the role is missing in some company; it is named, and what to do.
    """
    closed = closed_to({one for request in requests for one in request.addressed}, scope=scope)
    if closed:
        named = ", ".join(closed)
        raise NotAllowedError(
            Text(
                f"この請求は {named} にもあてられています。検索・決定・実施・回答には、あて先のすべての会社で窓口の役割が要ります。",
                f"The request is also addressed to {named}: to search, decide, carry out and answer it, the desk’s role is "
                "needed in every company addressed.",
            ),
            advice=Text(
                "あて先のすべての会社で窓口の役割を持つ人に頼むか、管理者に役割の追加を頼んでください。",
                "Ask somebody who works at the desk in all of them, or an officer there to grant you the role.",
            ),
        )


def not_found(number: str) -> NotFoundError:
    """There is no such request or claim for the caller."""
    return NotFoundError(
        Text(f"請求 {number} はありません。", f"There is no request {number}."),
        advice=Text("請求の一覧で番号を確かめてください。", "Check the number in the list of requests."),
    )


def policy_of(request: SubjectRequest) -> Policy:
    """The policy that was in force when the request arrived."""
    return get_policy(request.policy_digest)


def sought_for(requests: Sequence[SubjectRequest], *, until: Sequence[datetime | None] = ()) -> list[Sought]:
    """Who is sought, from the sealed facts and the humans' judgements of candidates; one query for the batch.

    ``until``: for each request, when its claim was decided: what was accepted later is no part of that decision.
    """
    for request in requests:
        if request.state != RequestState.VERIFIED:
            raise NotAllowedError(
                Text(
                    f"請求 {request.number} は本人確認が済んでいません。",
                    f"The identity of request {request.number} is not verified.",
                ),
                advice=Text(
                    "先に書類の点検と本人確認を済ませてください。", "Check the papers and verify the identity first."
                ),
            )
    opened = ring()
    judged: dict[int, dict[str, tuple[bool, datetime]]] = {}
    keys = [request.pk for request in requests]
    for request_id, mark, accepted, at in CandidateDecision.objects.filter(request_id__in=keys).values_list(
        "request_id", "mark", "accepted", "decided_at"
    ):
        judged.setdefault(request_id, {})[mark] = (accepted, at)
    sought = []
    for place, request in enumerate(requests):
        facts = facts_from(opened.unseal(bytes(request.facts), bound_to=f"request:{request.number}"))
        last = until[place] if until else None
        marks = {
            mark: accepted and (last is None or at <= last)
            for mark, (accepted, at) in judged.get(request.pk, {}).items()
        }
        sought.append(
            Sought(
                identities=facts.person.identities(),
                accepted=frozenset(mark for mark, accepted in marks.items() if accepted),
                rejected=frozenset(mark for mark, accepted in marks.items() if not accepted),
            )
        )
    return sought


def open_candidates(request: SubjectRequest) -> list[dict[str, Any]]:
    """The candidates of the newest search that no human has decided on; personal."""
    if not request.candidates:
        return []
    plain = json.loads(ring().unseal(bytes(request.candidates), bound_to=f"candidates:{request.number}"))
    decided = set(request.decisions.values_list("mark", flat=True))
    return [one for one in plain if one["mark"] not in decided]


def needs_search_again(request: SubjectRequest) -> bool:
    """Whether a candidate was decided after the newest search."""
    at = request.searched.get("at")
    if not at:
        return True
    return request.decisions.filter(decided_at__gt=datetime.fromisoformat(at)).exists()


def paper_found(request: SubjectRequest, *, scope: Scope) -> tuple[int, int]:
    """(open search slips, rows found on paper)."""
    slips = [slip for slip in list_slips(owners=[request.number], scope=scope) if slip.task == "search"]
    return sum(1 for slip in slips if not slip.answer), sum(slip.count for slip in slips if slip.answer == "found")
