"""Letters on the way to an answer: receipt, what is missing, delay, return of documents."""

from collections.abc import Sequence
from datetime import date

from daicho.letters.house import Enclosure
from daicho.letters.letter import Letter
from daicho.letters.notices import DefectLetter, DelayLetter, MissingThing, ReceiptLetter, ReturnLetter
from daicho.rights.case import Case, frame
from daicho.rights.rules import Missing
from daicho.words.text import Text


def receipt_letter(case: Case, letter_no: str, *, received: Sequence[Enclosure], aim_on: date) -> Letter:
    """受付; the target is left out once it has passed."""
    aim = aim_on if aim_on >= case.dated_on else None
    return ReceiptLetter(**frame(case, letter_no), kinds=case.kinds, received=tuple(received), aim_on=aim)


def defect_letter(case: Case, letter_no: str, missing: Sequence[Missing], *, cure_by: date) -> Letter:
    """補正のお願い."""
    return DefectLetter(
        **frame(case, letter_no),
        kinds=case.kinds,
        missing=tuple(MissingThing(what=one.what, please=please_send(one)) for one in missing),
        cure_by=cure_by,
    )


def please_send(missing: Missing) -> Text:
    """What the person is asked to do about it: why what came does not do, and every paper that would."""
    words = _please(missing)
    if missing.why is None:
        return words
    return Text(f"{missing.why.ja}。{words.ja}", f"{missing.why.en[0].upper()}{missing.why.en[1:]}. {words.en}")


def _please(missing: Missing) -> Text:
    if missing.any_of:
        return _any_of(missing)
    if missing.fee:
        return Text("不足額分の定額小為替をお送りください。", "Please send a postal money order for the shortage.")
    match missing.code:
        case "form":
            return Text("ご記入のうえお送りください。", "Please fill it in and send it.")
        case "unmasked":
            return Text(
                "黒塗りを済ませた写しをお送りください。",
                "Please send a copy with these parts blacked out.",
            )
        case _:
            return Text("お送りください。", "Please send it.")


def _any_of(missing: Missing) -> Text:
    """Every paper that would do, as the published list names them."""
    ja, en = "、".join(one.ja for one in missing.any_of), ", ".join(one.en for one in missing.any_of)
    if missing.code.startswith("id-"):
        return Text(
            f"次のうち {missing.needed} 点の写しをお送りください：{ja}",
            f"Please send a copy of {missing.needed} of these: {en}",
        )
    return Text(f"次のいずれか {missing.needed} 点をお送りください：{ja}", f"Please send any one of these: {en}")


def delay_letter(case: Case, letter_no: str, *, reason: str, expected_on: date) -> Letter:
    """遅延のお知らせ. The law knows no extension and no number of days, and the letter names none."""
    return DelayLetter(**frame(case, letter_no), kinds=case.kinds, reason=Text(reason, reason), expected_on=expected_on)


def return_letter(case: Case, letter_no: str, *, reason: Text, returned: Sequence[Enclosure]) -> Letter:
    """返戻."""
    return ReturnLetter(**frame(case, letter_no), kinds=case.kinds, reason=reason, returned=tuple(returned))
