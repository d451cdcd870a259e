"""決定の取消し: what is decided stands until somebody takes the decision back. Facts in, decision out.

A decision was taken on what had been found by then. So after it nothing is searched, judged or shown anew
beneath it: something was missed → the claim goes back to assessing, with an entry in the trail, and is decided
again by somebody other than who took the request in. What was changed in a store cannot be taken back.
"""

from collections.abc import Mapping

from daicho.law.kinds import KINDS, RequestKind
from daicho.rights.rules import CLAIM_ENDS, CLAIM_WORDS, DECIDED, ClaimState
from daicho.words.errors import NotAllowedError
from daicho.words.text import Text

#: A reviewer's word on a cell that is not withheld; anything else is a ground of Art. 33(2).
SHOW = "show"


def may_reopen(state: ClaimState, kind: RequestKind) -> bool:
    """Whether the decision can be taken back: nothing was changed in a store for it, and nothing is answered."""
    return state in DECIDED or (state is ClaimState.READING_BACK and not KINDS[kind].changes_data)


def judge_reopening(number: str, state: ClaimState, kind: RequestKind) -> None:
    """Raise unless the decision can be taken back, saying what to do instead."""
    if may_reopen(state, kind):
        return
    words = CLAIM_WORDS[state]
    if state in CLAIM_ENDS or state in {ClaimState.CARRYING_OUT, ClaimState.READING_BACK}:
        advice = Text(
            "実施や回答の済んだものは取り消せません。見落としは、新しい請求として受け付けてください。",
            "What is carried out or answered is not taken back: open what was missed as a new request.",
        )
    else:
        advice = Text(
            "まだ決定していません。検索と候補の判断を続けられます。", "It is not decided yet: go on with the search."
        )
    raise NotAllowedError(
        Text(
            f"請求 {number} は「{words.ja}」で、取り消せる決定がありません。",
            f"Claim {number} is “{words.en}”: there is no decision to take back.",
        ),
        advice=advice,
    )


def judge_searching(claims: Mapping[str, tuple[ClaimState, RequestKind]]) -> None:
    """Raise unless a request may be searched and its candidates judged: some claim waits for it, none is decided on it."""
    for number, (state, kind) in claims.items():
        if state is ClaimState.CARRYING_OUT:
            raise NotAllowedError(
                Text(
                    f"請求 {number} を実施しているため、検索と候補の判断はできません。",
                    f"Claim {number} is decided and being carried out: nothing is searched or judged meanwhile.",
                ),
                advice=Text(
                    "実施を終えてから、もう一度行ってください。", "Go on with carrying it out first, then come back."
                ),
            )
        if may_reopen(state, kind):
            raise NotAllowedError(
                Text(
                    f"請求 {number} は決定済み（{CLAIM_WORDS[state].ja}）のため、検索と候補の判断はできません。",
                    f"Claim {number} is decided ({CLAIM_WORDS[state].en}): nothing is searched or judged beneath the decision.",
                ),
                advice=Text(
                    "見落としがあれば、「決定」の画面か daicho rights reopen で決定を取り消して検討に戻してください。"
                    "なければ、実施・回答を先に済ませてください。",
                    "If something was missed, take the decision back on the page “Decision” or with `daicho rights reopen`. "
                    "Otherwise carry it out, or answer it, first.",
                ),
            )
    if not any(state in _WAIT for state, _ in claims.values()):
        raise NotAllowedError(
            Text("検索を待っている請求がありません。", "No claim waits for a search: all are decided and done."),
            advice=Text("見落としは、新しい請求として受け付けてください。", "Open what was missed as a new request."),
        )


_WAIT = frozenset({ClaimState.NOTED, ClaimState.SEARCHING, ClaimState.ASSESSING})


def judge_cells(before: Mapping[str, str], cells: Mapping[str, str], state: ClaimState, *, by_taker: bool) -> None:
    """Raise unless a reviewer may say this now.

    Until the decision everything may be put right. After it a cell may still be withheld, never the other way
    round; a cell that nobody had judged is shown only by somebody who may decide.

    Args:
        before: cell mark → what was said of it so far.
        by_taker: the reviewer took the request in, so that they do not decide on it.
    """
    if state is ClaimState.ASSESSING:
        return
    for mark, said in cells.items():
        was = before.get(mark, "")
        if said == was:
            continue
        if was not in {"", SHOW}:
            raise NotAllowedError(
                Text(
                    "決定のあとは、不開示とした項目を開示に変えたり、その理由を変えたりできません。",
                    "The claim is decided: a cell that is withheld is not shown any more, nor withheld on another ground.",
                ),
                advice=_BACK,
            )
        if said == SHOW and by_taker:
            raise NotAllowedError(
                Text(
                    "決定のあと、未判断の項目を開示とするのは、受け付けた人とは別の人です。",
                    "The claim is decided: what was not judged by then is shown by somebody other than who took the request in.",
                ),
                advice=Text(
                    "別の担当者に頼むか、「決定」の画面か daicho rights reopen で検討に戻してください。",
                    "Ask a colleague, or take the decision back on the page “Decision” or with `daicho rights reopen`.",
                ),
            )


_BACK = Text(
    "「決定」の画面か daicho rights reopen で検討に戻し、項目を判断し直して、もう一度決定を受けてください。",
    "Take the decision back on the page “Decision” or with `daicho rights reopen`, review the cell, and have it decided anew.",
)
