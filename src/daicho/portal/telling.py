"""Where a request stands, in words a person understands; nothing the desk thinks or found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from daicho.rights.rules import CLAIM_WORDS, ClaimState, RequestState
from daicho.rights.told import Told, ToldClaim
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the way: behind, here, or ahead."""

    name: Text
    done: bool
    here: bool


_NAMES: Final = (
    Text("受付", "Received"),
    Text("書類の確認", "Papers checked"),
    Text("調査", "Looked into"),
    Text("回答", "Answered"),
)
_AT: Final[Mapping[RequestState, int]] = {
    RequestState.RECEIVED: 0,
    RequestState.CHECKING: 1,
    RequestState.AWAITING_DOCUMENTS: 1,
    RequestState.AWAITING_FEE: 1,
    RequestState.VERIFIED: 2,
    RequestState.CLOSED: 4,
}


def steps_of(told: Told) -> list[Step]:
    """The four steps; none of a request that was withdrawn, or is worked on under another number."""
    if told.state not in _AT:
        return []
    here = _AT[told.state]
    return [Step(name=name, done=place < here, here=place == here) for place, name in enumerate(_NAMES)]


def said_of(claim: ToldClaim) -> Text:
    """What is told of one claim: that it is worked on, and how it ended; never a decision before its answer."""
    if claim.answered:
        return Text("回答済み", "answered")
    if claim.state in {ClaimState.WITHDRAWN, ClaimState.RETURNED, ClaimState.MERGED}:
        return CLAIM_WORDS[claim.state]
    if claim.state is ClaimState.NOTED:
        return Text("受付済み", "received")
    return Text("調査・検討中", "being looked into")
