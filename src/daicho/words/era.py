"""Japanese eras: dates as a letter, a card or a form writes them, in both calendars.

The table begins with Meiji 6 (1873), when Japan took up the Gregorian calendar: before it
an era year does not map onto a Gregorian one day by day, and nobody asks for such data.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from daicho.words.errors import InputError
from daicho.words.text import Language, Text


class Calendar(StrEnum):
    """How a house counts years in Japanese papers."""

    ERA = "era"  # 和暦
    GREGORIAN = "gregorian"  # 西暦


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """元号. ``first_on`` is year 1 (元年); for Meiji the first day the table can date."""

    name: str
    letter: str
    first_on: date
    first_year: int


ERAS: Final = (
    Era(name="令和", letter="R", first_on=date(2019, 5, 1), first_year=2019),
    Era(name="平成", letter="H", first_on=date(1989, 1, 8), first_year=1989),
    Era(name="昭和", letter="S", first_on=date(1926, 12, 25), first_year=1926),
    Era(name="大正", letter="T", first_on=date(1912, 7, 30), first_year=1912),
    Era(name="明治", letter="M", first_on=date(1873, 1, 1), first_year=1868),
)
_BY_SIGN: Final = {sign: era for era in ERAS for sign in (era.name, era.letter, era.name[0])}
_ONE_SIGN: Final = {"㍻": "平成", "㍼": "昭和", "㍽": "大正", "㍾": "明治", "㋿": "令和"}
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class DateTextError(InputError):
    """A date cannot be read; the text itself is not repeated (it may be a birth date)."""

    code = "date"


def era_of(on: date) -> Era:
    """The era of a day.

    Raises:
        DateTextError: before 1873-01-01.
    """
    for era in ERAS:
        if on >= era.first_on:
            return era
    raise DateTextError(
        Text("1873年より前の日付は和暦にできません。", "A day before 1873 has no era date here."),
        advice=Text("西暦で書いてください。", "Write it in the Gregorian calendar."),
    )


def last_day_of(era: Era) -> date | None:
    """The last day of an era; None for the present one."""
    later = [other.first_on for other in ERAS if other.first_on > era.first_on]
    return min(later) - timedelta(days=1) if later else None


def say_era_year(on: date) -> str:
    """``令和8年``; the first year is ``令和元年``."""
    era = era_of(on)
    year = on.year - era.first_year + 1
    return f"{era.name}{'元' if year == 1 else year}年"


def say_date(on: date, *, calendar: Calendar, language: Language = Language.JA) -> str:
    """A day as a letter writes it: ``令和8年11月3日``, ``2026年11月3日`` or ``3 November 2026``."""
    if language is Language.EN:
        return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"
    year = say_era_year(on) if calendar is Calendar.ERA else f"{on.year}年"
    return f"{year}{on.month}月{on.day}日"


def say_short_date(on: date, *, calendar: Calendar, language: Language = Language.JA) -> str:
    """A day for a narrow column: ``R8.11.3``, ``2026/11/03`` or ``2026-11-03``."""
    if language is Language.EN:
        return on.isoformat()
    if calendar is Calendar.GREGORIAN:
        return on.strftime("%Y/%m/%d")
    era = era_of(on)
    return f"{era.letter}{on.year - era.first_year + 1}.{on.month}.{on.day}"


def read_date(text: str) -> date:
    """Read a day written in either calendar.

    Takes ``令和8年11月3日``, ``令和元年5月1日``, ``R8.11.3``, ``昭和六十三年十二月三十一日``,
    ``2026年11月3日``, ``2026-11-03``, ``2026/11/3``, ``20261103``, full width or half.

    Raises:
        DateTextError: not a date, or a day the named era never had (昭和64年1月8日).
    """
    plain = _plain(text)
    found = re.fullmatch(
        r"(?P<sign>[^\d]+?)(?P<year>\d{1,2})[年./-](?P<month>\d{1,2})[月./-](?P<day>\d{1,2})日?", plain
    )
    if found:
        era = _BY_SIGN.get(found["sign"].upper())
        if era is None:
            raise _unreadable()
        on = _day(era.first_year + int(found["year"]) - 1, int(found["month"]), int(found["day"]))
        if int(found["year"]) == 0 or era_of(on) is not era:
            raise DateTextError(
                Text("その元号にその日はありません。", "The era has no such day."),
                advice=Text("元号と年を確かめてください。", "Check the era and the year."),
            )
        return on
    found = re.fullmatch(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?", plain) or re.fullmatch(
        r"(\d{4})(\d\d)(\d\d)", plain
    )
    if found is None:
        raise _unreadable()
    year, month, day = (int(part) for part in found.groups())
    return _day(year, month, day)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise _unreadable() from error


def _unreadable() -> DateTextError:
    return DateTextError(
        Text("日付として読めません。", "Not readable as a date."),
        advice=Text("例：令和8年11月3日、R8.11.3、2026-11-03", "For example 令和8年11月3日, R8.11.3 or 2026-11-03."),
    )


def _plain(text: str) -> str:
    for sign, name in _ONE_SIGN.items():
        text = text.replace(sign, name)
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    text = re.sub(r"[‐‑‒–—―−ー]", "-", text).replace("元年", "1年")
    return re.sub(r"[〇零一二三四五六七八九十]+", lambda found: str(_kanji_number(found[0])), text)


def _kanji_number(text: str) -> str:
    digits = {**{character: str(value) for value, character in enumerate("〇一二三四五六七八九")}, "零": "0"}
    if "十" not in text:
        return "".join(digits[character] for character in text)
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return text
    return str(int(digits.get(tens, "1")) * 10 + int(digits.get(ones, "0")))
