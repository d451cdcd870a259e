"""What letters of results share: a refusal, *not held*, and the outcome as a letter counts it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from daicho.letters.answers import NotHeldLetter, RefusalLetter
from daicho.letters.house import Ground
from daicho.letters.letter import Letter
from daicho.rights.case import Answer, Case, companies, fee_note, frame, notice_article, returned_enclosures
from daicho.words.text import Text

#: What `daicho runs decide` writes where a human vouches for a store.
BY_HAND: Final = "by_hand"
PAPER_RECORDS: Final = Text("紙の記録", "Paper records")


def not_held_letter(case: Case, answer: Answer, letter_no: str) -> Letter:
    """不存在: the same words, whatever lies behind them."""
    return NotHeldLetter(
        **frame(case, letter_no),
        kind=answer.kind,
        basis=notice_article(case, answer.kind),
        addressed_to=companies(case),
        fee=fee_note(case, answer),
        enclosures=returned_enclosures(case, answer),
    )


def refusal_letter(case: Case, answer: Answer, letter_no: str, grounds: Iterable[Ground]) -> Letter:
    """請求に応じない旨の通知, with what goes back."""
    return RefusalLetter(
        **frame(case, letter_no),
        kind=answer.kind,
        basis=notice_article(case, answer.kind),
        grounds=tuple(dict.fromkeys(grounds)),
        fee=fee_note(case, answer, refused=True),
        enclosures=returned_enclosures(case, answer, refused=True),
    )


def merged(outcome: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The outcome with one entry per store, table and fate; sets without a row are left out."""
    found: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    for entry in outcome:
        if not entry["found"] and entry["fate"] != BY_HAND:
            continue
        key = (entry["store"], entry["table"], entry["fate"], str(entry.get("until")))
        if key in found:
            for count in ("found", "changed", "read_back"):
                found[key][count] += entry[count]
        else:
            found[key] = dict(entry)
    return list(found.values())


def at_place(store: Text, what: Text) -> Text:
    """What, and where it lies."""
    return Text(f"{store.ja}　{what.ja}", f"{store.en}: {what.en}")
