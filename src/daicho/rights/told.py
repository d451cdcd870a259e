"""本人への説明: where a request stands, as the person who made it may be told. Who may ask is the caller's care."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daicho.law.kinds import Requester, RequestKind
from daicho.policy.language import ReplyBy
from daicho.rights.models import SubjectRequest
from daicho.rights.reading import lacks, not_found, policy_of
from daicho.rights.rules import CLAIM_ENDS, ClaimState, Missing, RequestState


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldClaim:
    """One claim; ``answered_on`` once its answer went out."""

    kind: RequestKind
    state: ClaimState
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A request without its people, and without anything the desk has found or thinks."""

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

    @property
    def ended(self) -> bool:
        """Closed or withdrawn."""
        return self.state in {RequestState.CLOSED, RequestState.WITHDRAWN}

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
    ended = row.state in {RequestState.CLOSED, RequestState.WITHDRAWN}
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
    )
