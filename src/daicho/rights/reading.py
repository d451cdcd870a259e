"""What actions and queries of this room both read: one request, its policy, what it lacks."""

import re
from datetime import date
from typing import Final

from django.utils import timezone

from daicho.law.kinds import Requester, RequestKind
from daicho.people.queries import require_role
from daicho.policy.language import Policy
from daicho.policy.queries import get_policy
from daicho.rights.access import DESK
from daicho.rights.models import SubjectRequest
from daicho.rights.rules import (
    CLAIM_ENDS,
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
from daicho.words.errors import NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text

MONEY_ORDER_MONTHS: Final = 6  # 定額小為替 is valid for six months from its issue
DEFAULT_ID_COPY_DAYS: Final = 30
MAX_YEN: Final = 10_000_000
_COLUMN_DOTS: Final = 2  # store.table.column
_CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,40}")


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
