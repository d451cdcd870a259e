"""承認  From a written draft to a published revision: who may take which step. Facts in, refusal out."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from daicho.words.errors import NotAllowedError
from daicho.words.text import Text


class DraftState(StrEnum):
    """Where a draft stands. Saving a new text always leads back to `WRITTEN`."""

    WRITTEN = "written"
    SUBMITTED = "submitted"
    APPROVED = "approved"


class Step(StrEnum):
    """What may be done with a draft, besides saving a new text."""

    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"


#: (state, step) → state; what is not here is refused.
MOVES: Final = {
    (DraftState.WRITTEN, Step.SUBMIT): DraftState.SUBMITTED,
    (DraftState.SUBMITTED, Step.APPROVE): DraftState.APPROVED,
    (DraftState.SUBMITTED, Step.SEND_BACK): DraftState.WRITTEN,
    (DraftState.APPROVED, Step.SEND_BACK): DraftState.WRITTEN,
}

STATE_WORDS: Final = {
    DraftState.WRITTEN: Text("下書き", "draft"),
    DraftState.SUBMITTED: Text("承認待ち", "awaiting approval"),
    DraftState.APPROVED: Text("承認済み・公表前", "approved, not yet published"),
}
STEP_WORDS: Final = {
    Step.SUBMIT: Text("承認の依頼", "submitting for approval"),
    Step.APPROVE: Text("承認", "approving"),
    Step.SEND_BACK: Text("差し戻し", "sending back"),
}


def next_state(state: DraftState, step: Step) -> DraftState:
    """Where a step leads.

    Raises:
        NotAllowedError: it cannot be taken from here.
    """
    found = MOVES.get((state, step))
    if found is None:
        words, step_words = STATE_WORDS[state], STEP_WORDS[step]
        raise NotAllowedError(
            Text(
                f"この下書きは「{words.ja}」なので、{step_words.ja}はできません。",
                f"This draft is “{words.en}”; {step_words.en} is not possible now.",
            ),
            advice=Text("下書きの今の状態を確かめてください。", "Look at where the draft stands now."),
        )
    return found


def require_other_person(*, actor: str, authors: Iterable[str]) -> None:
    """Refuse an approval by somebody who wrote the draft or asked for its approval.

    Raises:
        NotAllowedError: ``actor`` is one of ``authors``.
    """
    if actor in set(authors):
        raise NotAllowedError(
            Text("自分が書いた、または承認を頼んだ下書きは承認できません。", "Nobody approves a draft of their own."),
            advice=Text("ほかの個人情報保護管理者が承認してください。", "Let another responsible officer approve it."),
        )


def approver_of(*, approved_by: str, publisher: str, authors: Iterable[str], first: bool) -> str:
    """Who answers for a revision besides its authors; empty for a first revision published by its author.

    1. A draft that was approved keeps its approver.
    2. An officer who did not write the draft approves it by publishing it.
    3. The first revision takes over what the company publishes already, so its author may publish it.

    Raises:
        NotAllowedError: none of these holds.
    """
    if approved_by:
        return approved_by
    if publisher not in set(authors):
        return publisher
    if first:
        return ""
    raise NotAllowedError(
        Text(
            "下書きを書いた人だけでは公表できません。ほかの人の承認が要ります。",
            "Its author alone cannot publish a draft: somebody else must approve it.",
        ),
        advice=Text(
            "承認を依頼し、ほかの個人情報保護管理者に承認してもらってください。",
            "Submit it and let another responsible officer approve it.",
        ),
    )
