"""法的保全の理由: a closed list, because a hold's ground is written to the trail and shown in lists."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from daicho.words.errors import InputError
from daicho.words.text import Text


class HoldGround(StrEnum):
    """Why a person's rows must not end now."""

    LITIGATION = "litigation"
    INVESTIGATION = "investigation"
    AUTHORITY_ORDER = "authority_order"
    OTHER = "other"


HOLD_GROUND_WORDS: Final[Mapping[HoldGround, Text]] = {
    HoldGround.LITIGATION: Text("訴訟・紛争", "litigation or a dispute"),
    HoldGround.INVESTIGATION: Text("社内調査", "an internal investigation"),
    HoldGround.AUTHORITY_ORDER: Text("官公庁の命令・照会", "an order or inquiry of an authority"),
    HoldGround.OTHER: Text("その他", "another ground"),
}


def read_ground(text: str) -> HoldGround:
    """The ground of that code.

    Raises:
        InputError: none of the list. The text is not repeated: it may tell of a person.
    """
    try:
        return HoldGround(text)
    except ValueError:
        ja = "、".join(f"{code}（{words.ja}）" for code, words in HOLD_GROUND_WORDS.items())
        en = ", ".join(f"{code} ({words.en})" for code, words in HOLD_GROUND_WORDS.items())
        raise InputError(
            Text("その保全の理由はありません。", "There is no such ground for a hold."),
            advice=Text(f"次のどれかにしてください：{ja}。", f"Use one of: {en}."),
        ) from None
