"""Decides every step of a request of the person (開示等の請求): facts in, decision out.

The desk's practice is the measure, the law the floor:

* Arrival is delivery to any post room of the company; the Art. 39 gate runs from the day after,
  never pauses, and does not cover purpose notice. The target is the company's own promise.
* A short or missing fee, or paper, holds the request and is answered with a day to cure it.
  It never holds a kind that is free by law.
* "Not held" is an answer about every store: while one is unanswered it cannot be given.
* Who registered a request does not decide on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from daicho.law.clocks import court_gate_opens_on
from daicho.law.grounds import RefusalGround
from daicho.law.kinds import KINDS, RequestKind
from daicho.policy.language import FeeUnit, Policy
from daicho.words.errors import NotAllowedError
from daicho.words.text import Text


class RequestState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    CHECKING = "checking"
    AWAITING_DOCUMENTS = "awaiting_documents"
    AWAITING_FEE = "awaiting_fee"
    VERIFIED = "verified"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"  # the same form twice: worked on under the other number


REQUEST_MOVES: Final[Mapping[RequestState, frozenset[RequestState]]] = {
    RequestState.RECEIVED: frozenset({RequestState.CHECKING, RequestState.WITHDRAWN, RequestState.DUPLICATE}),
    RequestState.CHECKING: frozenset(
        {
            RequestState.AWAITING_DOCUMENTS,
            RequestState.AWAITING_FEE,
            RequestState.VERIFIED,
            RequestState.CLOSED,
            RequestState.WITHDRAWN,
            RequestState.DUPLICATE,
        }
    ),
    RequestState.AWAITING_DOCUMENTS: frozenset(
        {RequestState.CHECKING, RequestState.CLOSED, RequestState.WITHDRAWN, RequestState.DUPLICATE}
    ),
    RequestState.AWAITING_FEE: frozenset(
        {RequestState.CHECKING, RequestState.CLOSED, RequestState.WITHDRAWN, RequestState.DUPLICATE}
    ),
    # Back to checking: name, birth date or address was put right (see `daicho.rights.amendments`).
    RequestState.VERIFIED: frozenset(
        {RequestState.CHECKING, RequestState.CLOSED, RequestState.WITHDRAWN, RequestState.DUPLICATE}
    ),
    RequestState.CLOSED: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
    RequestState.DUPLICATE: frozenset(),
}
REQUEST_ENDS: Final = frozenset({RequestState.CLOSED, RequestState.WITHDRAWN, RequestState.DUPLICATE})

REQUEST_WORDS: Final[Mapping[RequestState, Text]] = {
    RequestState.RECEIVED: Text("受付", "received"),
    RequestState.CHECKING: Text("形式確認中", "being checked"),
    RequestState.AWAITING_DOCUMENTS: Text("書類待ち", "awaiting documents"),
    RequestState.AWAITING_FEE: Text("手数料待ち", "awaiting the fee"),
    RequestState.VERIFIED: Text("本人確認済", "identity verified"),
    RequestState.CLOSED: Text("完了", "closed"),
    RequestState.WITHDRAWN: Text("取下げ", "withdrawn"),
    RequestState.DUPLICATE: Text("重複（統合済）", "duplicate, merged"),
}


class ClaimState(StrEnum):
    """Where one claim of a request stands."""

    NOTED = "noted"
    SEARCHING = "searching"
    ASSESSING = "assessing"
    APPROVED = "approved"
    PARTLY = "partly"
    REFUSED = "refused"
    NOT_HELD = "not_held"
    CARRYING_OUT = "carrying_out"
    READING_BACK = "reading_back"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"  # asked for under another number
    RETURNED = "returned"  # the fee or a paper was never made good: everything went back


CLAIM_MOVES: Final[Mapping[ClaimState, frozenset[ClaimState]]] = {
    ClaimState.NOTED: frozenset(
        {
            ClaimState.SEARCHING,
            ClaimState.WITHDRAWN,
            ClaimState.MERGED,
            ClaimState.RETURNED,
            ClaimState.ANSWERED,
        }
    ),
    ClaimState.SEARCHING: frozenset(
        {ClaimState.ASSESSING, ClaimState.WITHDRAWN, ClaimState.MERGED, ClaimState.RETURNED}
    ),
    ClaimState.ASSESSING: frozenset(
        {
            ClaimState.SEARCHING,
            ClaimState.APPROVED,
            ClaimState.PARTLY,
            ClaimState.REFUSED,
            ClaimState.NOT_HELD,
            ClaimState.WITHDRAWN,
            ClaimState.MERGED,
            ClaimState.RETURNED,
        }
    ),
    # Back to assessing: something was missed, the decision is taken back (see `may_reopen`).
    ClaimState.APPROVED: frozenset(
        {ClaimState.CARRYING_OUT, ClaimState.READING_BACK, ClaimState.ASSESSING, ClaimState.WITHDRAWN}
    ),
    ClaimState.PARTLY: frozenset(
        {ClaimState.CARRYING_OUT, ClaimState.READING_BACK, ClaimState.ASSESSING, ClaimState.WITHDRAWN}
    ),
    ClaimState.REFUSED: frozenset({ClaimState.ANSWERED, ClaimState.ASSESSING, ClaimState.WITHDRAWN}),
    ClaimState.NOT_HELD: frozenset({ClaimState.ANSWERED, ClaimState.ASSESSING, ClaimState.WITHDRAWN}),
    ClaimState.CARRYING_OUT: frozenset({ClaimState.READING_BACK}),
    ClaimState.READING_BACK: frozenset({ClaimState.ANSWERED, ClaimState.CARRYING_OUT, ClaimState.ASSESSING}),
    ClaimState.ANSWERED: frozenset(),
    ClaimState.WITHDRAWN: frozenset(),
    ClaimState.MERGED: frozenset(),
    ClaimState.RETURNED: frozenset(),
}

CLAIM_WORDS: Final[Mapping[ClaimState, Text]] = {
    ClaimState.NOTED: Text("受付", "noted"),
    ClaimState.SEARCHING: Text("検索中", "searching"),
    ClaimState.ASSESSING: Text("検討中", "assessing"),
    ClaimState.APPROVED: Text("応諾", "approved"),
    ClaimState.PARTLY: Text("一部応諾", "partly approved"),
    ClaimState.REFUSED: Text("不応諾", "refused"),
    ClaimState.NOT_HELD: Text("不存在", "not held"),
    ClaimState.CARRYING_OUT: Text("実施中", "being carried out"),
    ClaimState.READING_BACK: Text("実施確認", "carried out, read back"),
    ClaimState.ANSWERED: Text("回答済", "answered"),
    ClaimState.WITHDRAWN: Text("取下げ", "withdrawn"),
    ClaimState.MERGED: Text("統合済", "merged"),
    ClaimState.RETURNED: Text("返戻", "returned"),
}

CLAIM_ENDS: Final = frozenset({ClaimState.ANSWERED, ClaimState.WITHDRAWN, ClaimState.MERGED, ClaimState.RETURNED})
DECIDED: Final = frozenset({ClaimState.APPROVED, ClaimState.PARTLY, ClaimState.REFUSED, ClaimState.NOT_HELD})


class DocumentKind(StrEnum):
    """What lay in the envelope."""

    FORM = "form"
    ID_COPY = "id_copy"
    AUTHORITY = "authority"
    EVIDENCE = "evidence"
    OTHER = "other"


class Of(StrEnum):
    """Whose paper it is."""

    PERSON = "person"
    AGENT = "agent"


class MaskedBy(StrEnum):
    """Who blacked out what had to be blacked out."""

    SENDER = "sender"
    RECEIVER = "receiver"
    NOT_NEEDED = "not_needed"
    MISSING = "missing"  # still readable: the copy is quarantined until it is blacked out
    UNCHECKED = "unchecked"  # it came as a scan, and nobody of the house has looked at it yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A recorded document. ``paper`` is its exact sort: an `IdDocument` or an `AuthorityDocument` code.

    It is judged by the day it came (``received_on``, else the day of the check): a certificate does
    not grow too old in our cabinet. ``in_hand``: neither returned nor destroyed yet.
    """

    kind: DocumentKind
    of: Of
    paper: str = ""
    accepted: bool = True
    masked: MaskedBy = MaskedBy.NOT_NEEDED
    issued_on: date | None = None
    received_on: date | None = None
    in_hand: bool = True


def move_claim(state: ClaimState, to: ClaimState) -> None:
    """Raise unless the table of moves allows it."""
    if to not in CLAIM_MOVES[state]:
        raise _wrong_step(CLAIM_WORDS[state], CLAIM_WORDS[to])


def move_request(state: RequestState, to: RequestState) -> None:
    """Raise unless the table of moves allows it."""
    if to not in REQUEST_MOVES[state]:
        raise _wrong_step(REQUEST_WORDS[state], REQUEST_WORDS[to])


def _wrong_step(here: Text, there: Text) -> NotAllowedError:
    return NotAllowedError(
        Text(f"「{here.ja}」から「{there.ja}」へは進めません。", f"From “{here.en}” there is no step to “{there.en}”."),
        advice=Text(
            "請求の今の状態と、次にできることを確かめてください。",
            "See where the request stands, and what can be done next.",
        ),
    )


# ── what is missing ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that keeps a request from being complete.

    ``fee``: it is money. ``only_charged``: it holds the claims that are charged for, and no other.
    ``any_of``: papers of which ``needed`` would do, by name. ``why``: what is wrong with what came.
    """

    code: str
    what: Text
    fee: bool = False
    only_charged: bool = False
    any_of: tuple[Text, ...] = ()
    needed: int = 1
    why: Text | None = None

    @property
    def said(self) -> Text:
        """What it is, and why what came does not do."""
        if self.why is None:
            return self.what
        return Text(f"{self.what.ja}（{self.why.ja}）", f"{self.what.en} ({self.why.en})")


def require_looked_at(papers: Sequence[Paper], waiting_scans: int) -> None:
    """Raise unless every copy was looked at for what must be unreadable (desk practice 11): identity is verified after that.

    The person is asked for nothing here: looking, and blacking out, is ours.
    """
    if waiting_scans or any(one.masked is MaskedBy.UNCHECKED and one.in_hand for one in papers):
        raise NotAllowedError(
            Text(
                "黒塗りを確かめていない写しがあるため、本人確認済にできません。",
                "A copy was not checked for what must be blacked out: the identity cannot be verified yet.",
            ),
            advice=Text(
                "請求の「封筒と写し」で写しを開き、黒塗りの確認を記録してから、もう一度行ってください。",
                "Open the scan under “Post and scans” of the request, record the check, then do this again.",
            ),
        )


def fee_due(policy: Policy, kinds: Sequence[RequestKind]) -> int:
    """手数料: yen owed for these claims in one form. Only kinds the law lets be charged *and* the policy charges."""
    due = 0
    counted: set[str] = set()
    for kind in kinds:
        rate = policy.fee_for(kind)
        if rate is None:
            continue
        if rate.unit is FeeUnit.FORM:
            if rate.code in counted:
                continue
            counted.add(rate.code)
        due += rate.amount
    return due


def is_charged(policy: Policy, kind: RequestKind) -> bool:
    """Whether a missing fee holds claims of this kind."""
    return KINDS[kind].chargeable and policy.fee_for(kind) is not None


# ── clocks ───────────────────────────────────────────────────────────────────────────────────

DEFAULT_TARGET_DAYS: Final = 14


def target_on(policy: Policy, arrived_on: date) -> date:
    """The company's own target; never called statutory."""
    return arrived_on + timedelta(days=policy.requests.replies.target_days or DEFAULT_TARGET_DAYS)


def gate_on(kinds: Sequence[RequestKind], arrived_on: date) -> date | None:
    """Art. 39: the first day on which the person may sue, counted from the day after arrival; None for purpose notice alone."""
    if not any(KINDS[kind].court_gate for kind in kinds):
        return None
    return court_gate_opens_on(arrived_on)


# ── decisions ────────────────────────────────────────────────────────────────────────────────


def taken_in_by(*, registered_by: str, verified_by: str) -> str:
    """Who of the house took a request in: who registered it, or verified the identity of one that came by web."""
    return verified_by if registered_by.startswith("system:") else registered_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known when a claim is decided; ``taken_in_by``: as `taken_in_by` says."""

    kind: RequestKind
    rows: int
    undecided: int
    open_slips: int
    found_on_paper: int
    taken_in_by: str
    decider: str
    law_on: date
    mark_holder: bool
    withheld: bool = False  # a reviewer blacked out cells


def judge_decision(decision: ClaimState, ground: str, standing: Standing) -> None:
    """Raise unless the decision may be taken now.

    1. Another person than who took it in decides.
    2. No candidate is undecided, no search slip unanswered.
    3. A refusal has a ground of the kind, in force on the claim's law day; a PrivacyMark holder
       that accepts stop and erasure without a basis refuses them only on the narrower list.
    4. *Not held* needs nothing found anywhere, or a ground that is answered in the same words.
    5. *Partly* has a ground that takes out parts, or cells were withheld; *approved* has none.
    """
    if standing.decider == standing.taken_in_by:
        raise NotAllowedError(
            Text(
                "受け付けた人（ウェブの請求では本人確認をした人）と別の人が決定します。",
                "Somebody other than who registered the request, or verified one that came by web, decides.",
            ),
            advice=Text("別の担当者に決定を頼んでください。", "Ask a colleague to decide."),
        )
    if standing.undecided or standing.open_slips:
        raise NotAllowedError(
            Text(
                f"判断待ちの候補 {standing.undecided} 件、未回答の検索依頼票 {standing.open_slips} 件があります。",
                f"{standing.undecided} candidate(s) are undecided and {standing.open_slips} search slip(s) unanswered.",
            ),
            advice=Text(
                "候補の判断と回答の記録を済ませてください。", "Decide the candidates and record the answers first."
            ),
        )
    grounds = {one.code: one for one in refusal_grounds(standing)}
    _require_ground(decision, ground, grounds, withheld=standing.withheld)
    match decision:
        case ClaimState.NOT_HELD if standing.rows or standing.found_on_paper:
            if not ground:
                raise NotAllowedError(
                    Text(
                        "見つかった記録があるため、不存在とは回答できません。",
                        "Rows were found: it cannot be answered as not held.",
                    ),
                    advice=Text("応諾するか、理由を示して断ってください。", "Approve it, or refuse it on a ground."),
                )
        case ClaimState.APPROVED | ClaimState.PARTLY if _shows_nothing(standing):
            raise NotAllowedError(
                Text("見つかった記録がありません。", "Nothing was found."),
                advice=Text("不存在（not_held）として決定してください。", "Decide it as not_held."),
            )
        case _:
            pass


#: Done also where nothing was found: a stop is remembered, nothing to erase is erased, and "no record of
#: provision" is itself an answer.
_WITHOUT_ROWS: Final = frozenset(
    {
        RequestKind.DELETION,
        RequestKind.SUSPEND_USE,
        RequestKind.ERASE,
        RequestKind.STOP_PROVISION,
        RequestKind.RECORD_DISCLOSURE,
    }
)


def _require_ground(decision: ClaimState, ground: str, grounds: Mapping[str, RefusalGround], *, withheld: bool) -> None:
    """The ground belongs to the kind, to the law of the day, and to what was decided."""
    if decision is ClaimState.APPROVED:
        usable: list[str] = []
    elif decision is ClaimState.PARTLY:
        usable = [code for code, one in grounds.items() if one.partly]
    elif decision is ClaimState.NOT_HELD:
        usable = [code for code, one in grounds.items() if one.says_not_held]
    else:
        usable = list(grounds)
    if ground in usable:
        return
    if not ground and (
        decision in {ClaimState.APPROVED, ClaimState.NOT_HELD} or (decision is ClaimState.PARTLY and withheld)
    ):
        return
    listed = ", ".join(usable)
    raise NotAllowedError(
        Text("この決定の理由として使えません。", "That is no ground for this decision on this kind of request."),
        advice=Text(f"使える理由: {listed}", f"Grounds: {listed}")
        if usable
        else Text("理由を付けずに決定してください。", "Decide it without a ground."),
    )


def _shows_nothing(standing: Standing) -> bool:
    """Nothing to show or to put right."""
    return not standing.rows and not standing.found_on_paper and standing.kind not in _WITHOUT_ROWS


def refusal_grounds(standing: Standing) -> tuple[RefusalGround, ...]:
    """The grounds on which this claim may be refused, on its law day."""
    return KINDS[standing.kind].refusals_on(standing.law_on, privacy_mark=standing.mark_holder)
