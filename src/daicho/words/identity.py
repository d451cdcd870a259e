"""What can identify a person, how strongly, and in which spellings it is met.

A *strong* kind (an employee number, a customer number) leads to one person alone; its code
is ``number:<name>``, and the same name in two maps means the same numbers. A *weak* kind
(name, e-mail, telephone…) is shared by families and homonyms: it counts only in the
combinations a map declares, and at least two of them must agree.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final

import jaconv
import phonenumbers

STRONG_PREFIX: Final = "number:"


class WeakKind(StrEnum):
    """Kinds that several living people can share."""

    NAME = "name"
    KANA = "kana"
    BIRTH_DATE = "birth_date"
    EMAIL = "email"
    PHONE = "phone"
    POSTAL_CODE = "postal_code"
    ADDRESS = "address"


#: Kinds that can tell two people apart who share a mailbox, a telephone or a house.
TELLING: Final = frozenset({WeakKind.NAME, WeakKind.KANA, WeakKind.BIRTH_DATE})


def is_strong(kind: str) -> bool:
    """Whether a kind identifies one person alone."""
    return kind.startswith(STRONG_PREFIX) and len(kind) > len(STRONG_PREFIX)


def is_kind(kind: str) -> bool:
    """Whether ``kind`` is a weak kind of the list or a well-formed strong one."""
    return kind in set(WeakKind) or re.fullmatch(r"number:[a-z][a-z0-9_-]{0,40}", kind) is not None


_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−─ー－ｰ﹣﹘", "-"))
_SPACES: Final = re.compile(r"\s+")
_NOT_DIGITS: Final = re.compile(r"\D")
_MOBILE: Final = re.compile(r"0[5-9]0\d{8}")
_KANJI_DIGITS: Final = str.maketrans("〇一二三四五六七八九", "0123456789")
_BLOCKS: Final = re.compile(r"(\d)(?:丁目|番地の?|番|号)-?")
_DATE: Final = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D(\d{1,2})日?(?:[T ].*)?")
_SHORT_DATE: Final = re.compile(r"(\d{4})(\d\d)(\d\d)")
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")

#: Characters of names that registers, cards and keyboards write in more than one way.
#: Each string is one group; its first character stands for all. Own list, from common
#: surnames; it only widens what is compared, the original spelling is always kept.
_VARIANT_GROUPS: Final = (
    "高髙", "崎﨑埼嵜碕", "辺邊邉", "斎齋斉齊", "浜濱濵", "沢澤", "広廣", "島嶋嶌", "桜櫻", "吉𠮷", "富冨", "滝瀧",
    "竜龍", "国國", "関關", "恵惠", "真眞", "静靜", "徳德", "黒黑", "橋槗",
    "万萬", "寿壽", "栄榮", "円圓", "桧檜", "籠篭", "薮藪", "梅楳", "峰峯", "亀龜", "条條", "曽曾", "槇槙",
    "遥遙", "凜凛", "弥彌", "実實", "為爲", "学學", "芦蘆", "館舘", "来來", "与與", "児兒", "鉄鐵", "会會", "礼禮",
    "緑綠", "蓮蓮", "暁曉", "尭堯", "晋晉", "巣巢", "鴎鷗", "穂穗", "豊豐", "桑桒", "柳栁",
)  # fmt: skip
_VARIANTS: Final = str.maketrans({other: group[0] for group in _VARIANT_GROUPS for other in group[1:]})
_VARIANT_OF: Final = {group[0]: group for group in _VARIANT_GROUPS}

_SMALL_KANA: Final = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
MAX_SPELLINGS: Final = 256


def fold(kind: str, value: str) -> str:  # noqa: PLR0911 (one case a kind)
    """Return the form in which two spellings of the same value are equal; for comparing only.

    Width, kana, spaces, variant characters and separators are folded. The result is never
    stored back or printed: 髙橋 stays 髙橋 in every store and letter.
    """
    text = (value if value.isascii() else _SELECTORS.sub("", unicodedata.normalize("NFKC", value))).strip()
    match kind:
        case WeakKind.NAME:
            return _SPACES.sub("", text).translate(_VARIANTS).casefold()
        case WeakKind.KANA:
            return _SPACES.sub("", jaconv.hira2kata(text)).translate(_SMALL_KANA).translate(_DASHES)
        case WeakKind.EMAIL:
            return _SPACES.sub("", text).casefold()
        case WeakKind.PHONE:
            return _national_digits(text)
        case WeakKind.POSTAL_CODE:
            return _NOT_DIGITS.sub("", text)
        case WeakKind.BIRTH_DATE:
            return _iso_date(text)
        case WeakKind.ADDRESS:
            return _fold_address(text)
        case _:
            return _SPACES.sub("", text)


class Folds(dict[tuple[str, str], str]):
    """`fold`, once a value. It holds what people wrote, so it lives as long as one batch and no longer."""

    def __missing__(self, key: tuple[str, str]) -> str:
        folded = self[key] = fold(*key)
        return folded

    def __call__(self, kind: str, value: str) -> str:
        return self[kind, value]


def spellings(kind: str, value: str) -> tuple[str, ...]:
    """The spellings under which a store may hold ``value``, the given one first, for index look-ups.

    At most `MAX_SPELLINGS`; names are looked up without spaces.
    """
    text = unicodedata.normalize("NFKC", value).strip()
    options: list[str] = [value.strip(), text]
    match kind:
        case WeakKind.EMAIL:
            options += [text.casefold()]
        case WeakKind.PHONE:
            options += _phone_spellings(text)
        case WeakKind.POSTAL_CODE:
            digits = re.sub(r"\D", "", text)
            options += [digits, f"{digits[:3]}-{digits[3:]}"] if len(digits) == 7 else []  # noqa: PLR2004
        case WeakKind.NAME:
            options = [_SPACES.sub("", option) for option in options]
            options += _name_spellings(options[0])
        case WeakKind.KANA:
            kata = jaconv.hira2kata(_SPACES.sub("", text))
            options = [kata, jaconv.kata2hira(kata), jaconv.z2h(kata), _SPACES.sub("", value)]
        case WeakKind.BIRTH_DATE:
            options = [_iso_date(text)]
        case _:
            pass
    return tuple(dict.fromkeys(option for option in options if option))[:MAX_SPELLINGS]


def _national_digits(text: str) -> str:
    """Digits as dialled within Japan; +81 and its spellings become 0. Foreign numbers keep their digits."""
    digits = _NOT_DIGITS.sub("", text)
    if text.lstrip().startswith("+81") or digits.startswith("0081"):
        return "0" + digits[digits.index("81") + 2 :].removeprefix("0")
    return digits


def _phone_spellings(text: str) -> list[str]:
    digits = _national_digits(text)
    hyphened = _hyphened(digits)
    if hyphened is None:
        return [digits]
    abroad = hyphened.removeprefix("0")
    return [
        digits,
        hyphened,
        f"+81-{abroad}",
        f"+81{digits[1:]}",
        f"+81 {abroad}",
        jaconv.h2z(hyphened, digit=True, ascii=True),
    ]


def _hyphened(digits: str) -> str | None:
    """``090-1234-5678``; the area codes of landlines are the numbering plan's, so a library knows them."""
    if _MOBILE.fullmatch(digits):
        return f"{digits[:3]}-{digits[3:7]}-{digits[7:]}"
    try:
        number = phonenumbers.parse(digits, "JP")
    except phonenumbers.NumberParseException:
        return None
    said = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return said if said.startswith("0") else None


def _name_spellings(name: str) -> list[str]:
    found = [name]
    for index, character in enumerate(name):
        group = _VARIANT_OF.get(character.translate(_VARIANTS))
        if group is None:
            continue
        found += [text[:index] + other + text[index + 1 :] for text in list(found) for other in group]
        if len(found) > MAX_SPELLINGS:
            break
    return found


def _iso_date(text: str) -> str:
    found = _DATE.fullmatch(text) or _SHORT_DATE.fullmatch(text)
    if found is None:
        return text
    year, month, day = found.groups()
    return f"{int(year):04d}-{int(month):02d}-{int(day):02d}"


def _fold_address(text: str) -> str:
    folded = _SPACES.sub("", text).translate(_DASHES).translate(_VARIANTS).casefold()
    return _BLOCKS.sub(r"\1-", folded.translate(_KANJI_DIGITS)).rstrip("-")
