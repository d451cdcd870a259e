"""What actions and queries of this room both read: one request, its policy, what it lacks."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from daicho.keys.queries import ring
from daicho.law.kinds import Requester, RequestKind
from daicho.people.queries import require_role
from daicho.policy.language import Policy
from daicho.policy.queries import get_policy
from daicho.rights.access import DESK
from daicho.rights.intake import facts_from
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
    missing_papers,
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


def not_found(number: str) -> NotFoundError:
    """There is no such request or claim for the caller."""
    return NotFoundError(
        Text(f"請求 {number} はありません。", f"There is no request {number}."),
        advice=Text("daicho rights list で番号を確かめてください。", "Check the number with `daicho rights list`."),
    )


def policy_of(request: SubjectRequest) -> Policy:
    """The policy that was in force when the request arrived."""
    return get_policy(request.policy_digest)


def sought_for(requests: Sequence[SubjectRequest]) -> list[Sought]:
    """Who is sought, from the sealed facts and the humans' decisions; one query for the batch."""
    for request in requests:
        if request.state != RequestState.VERIFIED:
            raise NotAllowedError(
                Text(
                    f"請求 {request.number} は本人確認が済んでいません。",
                    f"The identity of request {request.number} is not verified.",
                ),
                advice=Text("daicho rights check で確認を済ませてください。", "Finish it with `daicho rights check`."),
            )
    opened = ring()
    decided: dict[int, dict[str, bool]] = {}
    keys = [request.pk for request in requests]
    for request_id, mark, accepted in CandidateDecision.objects.filter(request_id__in=keys).values_list(
        "request_id", "mark", "accepted"
    ):
        decided.setdefault(request_id, {})[mark] = accepted
    sought = []
    for request in requests:
        facts = facts_from(opened.unseal(bytes(request.facts), bound_to=f"request:{request.number}"))
        marks = decided.get(request.pk, {})
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
