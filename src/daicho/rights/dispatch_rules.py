"""Decides every step of a letter on its way out (発送): facts in, decision out.

Who put a letter in its envelope does not check it (desk practice 14). An answer never leaves by FAX,
so there is no such method. What comes back is a state of its own, with what happens next.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from daicho.words.errors import InputError, NotAllowedError
from daicho.words.text import Text


class DispatchState(StrEnum):
    """Where one envelope stands."""

    ENCLOSED = "enclosed"
    REJECTED = "rejected"  # the check found something: it is opened and filled again
    CHECKED = "checked"
    SENT = "sent"
    DELIVERED = "delivered"
    RETURNED = "returned"
    SENT_AGAIN = "sent_again"  # another envelope took its place
    KEPT = "kept"  # came back, and stays here


DISPATCH_MOVES: Final[Mapping[DispatchState, frozenset[DispatchState]]] = {
    DispatchState.ENCLOSED: frozenset({DispatchState.CHECKED, DispatchState.REJECTED}),
    DispatchState.REJECTED: frozenset(),
    DispatchState.CHECKED: frozenset({DispatchState.SENT}),
    DispatchState.SENT: frozenset({DispatchState.DELIVERED, DispatchState.RETURNED}),
    DispatchState.DELIVERED: frozenset(),
    DispatchState.RETURNED: frozenset({DispatchState.SENT_AGAIN, DispatchState.KEPT}),
    DispatchState.SENT_AGAIN: frozenset(),
    DispatchState.KEPT: frozenset({DispatchState.SENT_AGAIN}),
}

DISPATCH_WORDS: Final[Mapping[DispatchState, Text]] = {
    DispatchState.ENCLOSED: Text("封入済・照合待ち", "enclosed, to be checked"),
    DispatchState.REJECTED: Text("照合で差戻し", "rejected by the check"),
    DispatchState.CHECKED: Text("照合済・発送待ち", "checked, to be sent"),
    DispatchState.SENT: Text("発送済", "sent"),
    DispatchState.DELIVERED: Text("配達・交付済", "delivered"),
    DispatchState.RETURNED: Text("返送", "returned to us"),
    DispatchState.SENT_AGAIN: Text("再発送", "sent again"),
    DispatchState.KEPT: Text("返送・保管", "returned and kept"),
}

#: While one of these stands for a letter, no second envelope is made for it.
ON_THE_WAY: Final = frozenset(
    {DispatchState.ENCLOSED, DispatchState.CHECKED, DispatchState.SENT, DispatchState.DELIVERED}
)
CAME_BACK: Final = frozenset({DispatchState.RETURNED, DispatchState.KEPT})


class DispatchMethod(StrEnum):
    """How a letter leaves. FAX is none of them."""

    SIMPLE_REGISTERED = "simple_registered"
    REGISTERED = "registered"
    RECORDED = "recorded"
    RECIPIENT_ONLY = "recipient_only"
    COUNTER = "counter"
    ELECTRONIC = "electronic"


METHOD_WORDS: Final[Mapping[DispatchMethod, Text]] = {
    DispatchMethod.SIMPLE_REGISTERED: Text("簡易書留", "simple registered mail"),
    DispatchMethod.REGISTERED: Text("書留", "registered mail"),
    DispatchMethod.RECORDED: Text("特定記録", "recorded mail"),
    DispatchMethod.RECIPIENT_ONLY: Text("本人限定受取", "delivery to the addressee only"),
    DispatchMethod.COUNTER: Text("窓口で交付", "handed over at the counter"),
    DispatchMethod.ELECTRONIC: Text("電磁的方法", "electronically"),
}
#: Ways that give a number to follow the letter by.
TRACKED: Final = frozenset(
    {
        DispatchMethod.SIMPLE_REGISTERED,
        DispatchMethod.REGISTERED,
        DispatchMethod.RECORDED,
        DispatchMethod.RECIPIENT_ONLY,
    }
)


class ReturnedWhy(StrEnum):
    """Why the post brought a letter back."""

    ADDRESS_UNKNOWN = "address_unknown"
    NOT_COLLECTED = "not_collected"
    REFUSED = "refused"
    OTHER = "other"


RETURNED_WORDS: Final[Mapping[ReturnedWhy, Text]] = {
    ReturnedWhy.ADDRESS_UNKNOWN: Text("宛所不明", "unknown at the address"),
    ReturnedWhy.NOT_COLLECTED: Text("保管期間経過", "not collected in time"),
    ReturnedWhy.REFUSED: Text("受取拒否", "refused by the addressee"),
    ReturnedWhy.OTHER: Text("その他", "another reason"),
}

#: What to do next with what came back.
RETURNED_ADVICE: Final[Mapping[ReturnedWhy, Text]] = {
    ReturnedWhy.ADDRESS_UNKNOWN: Text(
        "電話などで本人に住所を確かめ、住所が変わっていれば本人確認をやり直してから再発送してください。",
        "Ask the person for the address. Where it has changed, verify it anew, then send again.",
    ),
    ReturnedWhy.NOT_COLLECTED: Text(
        "本人に受け取れる日を確かめて再発送するか、窓口での交付を案内してください。",
        "Ask when it can be received and send it again, or offer to hand it over at the counter.",
    ),
    ReturnedWhy.REFUSED: Text(
        "回答は発したので、返送された書面を保管し、経過を記録してください。",
        "The answer was given: keep what came back.",
    ),
    ReturnedWhy.OTHER: Text("理由を確かめてから再発送してください。", "Find out why, then send it again."),
}


def move_dispatch(state: DispatchState, to: DispatchState) -> None:
    """Raise unless the table of moves allows it."""
    if to not in DISPATCH_MOVES[state]:
        here, there = DISPATCH_WORDS[state], DISPATCH_WORDS[to]
        raise NotAllowedError(
            Text(
                f"「{here.ja}」から「{there.ja}」へは進めません。",
                f"From “{here.en}” there is no step to “{there.en}”.",
            ),
            advice=Text(
                "画面を読み込み直して、今の状態を確かめてください。", "Reload the page and see where it stands."
            ),
        )


def judge_check(*, enclosed_by: str, checker: str, counted: int, pages: int, agrees: bool) -> None:
    """Raise unless the checker may say what they say.

    1. Another person than who closed the envelope checks it.
    2. Who says it agrees has counted the pages that the letter has.
    """
    if checker == enclosed_by:
        raise NotAllowedError(
            Text("封入した人と別の人が照合します。", "Somebody other than who filled the envelope checks it."),
            advice=Text("別の担当者に照合を頼んでください。", "Ask a colleague to check it."),
        )
    if agrees and counted != pages:
        raise InputError(
            Text(
                f"数えた枚数が書面の枚数と違います（{counted} 枚）。",
                f"The pages counted are not those of the letter ({counted}).",
            ),
            advice=Text(
                "封筒を開けて数え直すか、「一致しない」として差し戻してください。",
                "Open it and count again, or reject it as “does not agree”.",
            ),
        )


def judge_sending(method: DispatchMethod, tracking: str) -> None:
    """Raise where a way that is tracked has no number, or one that is not has."""
    if (method in TRACKED) != bool(tracking):
        raise InputError(
            Text("引受番号が合いません。", "The tracking number does not fit the method."),
            advice=Text(
                "郵便で送るときは引受番号を入れ、窓口や電磁的方法のときは空けてください。",
                "Mail has a tracking number; the counter and electronic answers have none.",
            ),
        )
