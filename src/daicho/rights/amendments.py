"""Decides what may still be put right about a request (訂正): facts in, decision out.

1. What was typed wrongly is put right as long as nothing was decided on it.
2. Whoever was verified by a name, birth date or address that changes is verified again.
3. Once carrying out began nothing changes, but the address of a letter that came back.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Final

from daicho.rights.intake import Facts
from daicho.rights.rules import DECIDED, ClaimState
from daicho.words.errors import NotAllowedError
from daicho.words.text import Text

#: What the identity papers show of the person, and of an agent.
VERIFIED_PARTS: Final = frozenset(
    {
        "person.name",
        "person.former_names",
        "person.birth_date",
        "person.postal_code",
        "person.address",
        "person.former_addresses",
        "person.numbers",
        "agent.name",
        "agent.postal_code",
        "agent.address",
    }
)

_BEGUN: Final = frozenset({ClaimState.CARRYING_OUT, ClaimState.READING_BACK, ClaimState.ANSWERED})


class CancelWhy(StrEnum):
    """Why a paper or an instrument should not have been recorded."""

    TWICE = "twice"
    OTHER_REQUEST = "other_request"
    WRONG_DETAILS = "wrong_details"
    DID_NOT_COME = "did_not_come"


CANCEL_WORDS: Final = {
    CancelWhy.TWICE: Text("二重に記録した", "recorded twice"),
    CancelWhy.OTHER_REQUEST: Text("別の請求のもの", "belongs to another request"),
    CancelWhy.WRONG_DETAILS: Text("記録の内容を誤った", "recorded with wrong details"),
    CancelWhy.DID_NOT_COME: Text("届いていない", "it did not come"),
}


class NoteKind(StrEnum):
    """What a case note is about."""

    CALL_IN = "call_in"
    CALL_OUT = "call_out"
    VISIT = "visit"
    MAIL = "mail"
    MEMO = "memo"


NOTE_WORDS: Final = {
    NoteKind.CALL_IN: Text("電話を受けた", "telephone call received"),
    NoteKind.CALL_OUT: Text("電話をかけた", "telephone call made"),
    NoteKind.VISIT: Text("来訪", "visit"),
    NoteKind.MAIL: Text("メール・手紙", "e-mail or letter"),
    NoteKind.MEMO: Text("メモ", "memo"),
}


def changed_parts(before: Facts, after: Facts) -> list[str]:
    """Names of what differs (``person.address``), without a value; ``reply`` is not counted."""
    found = []
    for whose in ("person", "agent"):
        one, other = getattr(before, whose), getattr(after, whose)
        names = type(one or other).model_fields if one or other else ()
        found += [f"{whose}.{name}" for name in names if getattr(one, name, None) != getattr(other, name, None)]
    return found


def is_verified_by(parts: Iterable[str]) -> bool:
    """Whether the identity check rested on one of these."""
    return not VERIFIED_PARTS.isdisjoint(parts)


def judge_amending(states: Collection[ClaimState]) -> None:
    """Raise when something was decided, or is being carried out.

    Args:
        states: of the request's claims.
    """
    if _BEGUN & set(states):
        raise NotAllowedError(
            Text(
                "実施または回答を始めた請求の内容は訂正できません。",
                "Carrying out or answering has begun: the request cannot be amended any more.",
            ),
            advice=Text(
                "返送された書面の住所は「メモと訂正」で新しい住所を確かめ直せます。ほかは新しい請求として受け付けてください。",
                "The address of a letter that came back can be verified anew under “Notes and amendments”. "
                "Open anything else as a new request.",
            ),
        )
    if DECIDED & set(states):
        raise NotAllowedError(
            Text("決定した請求の内容は、そのままでは訂正できません。", "A decision rests on what the request says."),
            advice=Text(
                "「決定」で決定を取り消して検討に戻してから、訂正してください。",
                "Take the decision back on the page “Decision”, then amend the request.",
            ),
        )


def judge_state(seen: str, state: str) -> None:
    """Raise when the page that was filled in showed an older state (two tabs); an empty ``seen`` is not compared."""
    if seen and seen != state:
        raise NotAllowedError(
            Text(
                "始めたあとに、請求の内容が訂正されました。何も保存していません。",
                "The request was amended after this was begun. Nothing was saved.",
            ),
            advice=Text(
                "画面を開き直し、今の内容を確かめてからやり直してください。",
                "Open the page anew, look at what stands there now, and begin again.",
            ),
        )


def judge_decider(decider: str, amended_by: str) -> None:
    """Raise when the one who put the facts right would decide on them (desk practice: two people)."""
    if decider == amended_by:
        raise NotAllowedError(
            Text(
                "請求の内容を訂正した人と別の人が決定します。", "Somebody other than who amended the request decides."
            ),
            advice=Text("別の担当者に決定を頼んでください。", "Ask a colleague to decide it."),
        )
