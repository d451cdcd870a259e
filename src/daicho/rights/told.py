"""本人への説明: where a request stands, as the person who made it may be told. Who may ask is the caller's care."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from daicho.law.kinds import Requester, RequestKind
from daicho.policy.language import ReplyBy
from daicho.rights.actions.from_web import came_by_web
from daicho.rights.models import IssuedLetter, SubjectRequest
from daicho.rights.reading import lacks, not_found, policy_of
from daicho.rights.rules import CLAIM_ENDS, REQUEST_ENDS, ClaimState, Missing, RequestState


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldClaim:
    """One claim; ``answered_on`` once its answer went out."""

    kind: RequestKind
    state: ClaimState
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A request without its people, and without anything the desk has found or thinks.

    ``merged_into``: the number it is worked on under, empty for any other.
    """

    number: str
    organisation: str
    state: RequestState
    requester: Requester
    language: str
    method: ReplyBy
    policy_digest: str
    arrived_on: date
    target_on: date
    cure_on: date | None
    claims: Sequence[ToldClaim]
    missing: Sequence[Missing]
    fee_due: int
    fee_paid: int
    merged_into: str = ""
    papers_by_web: int = 0

    @property
    def ended(self) -> bool:
        """Closed, withdrawn, or worked on under another number."""
        return self.state in REQUEST_ENDS

    @property
    def can_withdraw(self) -> bool:
        """Nothing is being carried out, and something is still open."""
        busy = {ClaimState.CARRYING_OUT, ClaimState.READING_BACK}
        return not self.ended and not any(claim.state in busy for claim in self.claims)


def tell(number: str, *, on: date) -> Told:
    """What the person is told on a day.

    Raises:
        NotFoundError: there is no such request.
    """
    row = SubjectRequest.objects.filter(number=number).first()
    if row is None:
        raise not_found(number)
    ended = row.state in REQUEST_ENDS
    missing, due, paid = lacks(row, policy_of(row), on=on)
    return Told(
        number=row.number,
        organisation=row.organisation,
        state=RequestState(row.state),
        requester=Requester(row.requester),
        language=row.language,
        method=ReplyBy(row.method),
        policy_digest=row.policy_digest,
        arrived_on=row.arrived_on,
        target_on=row.target_on,
        cure_on=row.cure_on,
        claims=[
            ToldClaim(
                kind=RequestKind(claim.kind),
                state=ClaimState(claim.state),
                answered=claim.state in CLAIM_ENDS and claim.answered_at is not None,
            )
            for claim in row.claims.order_by("pk")
        ],
        missing=() if ended else tuple(missing),
        fee_due=due,
        fee_paid=paid,
        papers_by_web=came_by_web(row),
        merged_into=row.duplicate_of if row.state == RequestState.DUPLICATE else "",
    )


def noticed_at(numbers: Collection[str]) -> dict[str, datetime]:
    """Request → when the newest notice about the whole of it was issued: a paper missing, a delay; no answer to a claim."""
    if not numbers:
        return {}
    notices = (
        IssuedLetter.objects.filter(request__number__in=numbers, claim="")
        .exclude(kind__in=["pack", "receipt"])
        .exclude(request__state__in=[RequestState.WITHDRAWN, RequestState.DUPLICATE])  # heard of in another way
    )
    return dict(notices.values_list("request__number").annotate(newest=Max("issued_at")))
