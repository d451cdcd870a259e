"""Dates in both calendars."""

from datetime import date, timedelta

import pytest

from daicho.words.era import ERAS, Calendar, DateTextError, era_of, last_day_of, read_date, say_date, say_short_date
from daicho.words.text import Language

BOTH_WAYS = {
    "the last day of Showa": ("昭和64年1月7日", date(1989, 1, 7)),
    "the first day of Heisei": ("平成元年1月8日", date(1989, 1, 8)),
    "the last day of Heisei": ("平成31年4月30日", date(2019, 4, 30)),
    "the first day of Reiwa": ("令和元年5月1日", date(2019, 5, 1)),
    "the first day of Showa": ("昭和元年12月25日", date(1926, 12, 25)),
    "the last day of Taisho": ("大正15年12月24日", date(1926, 12, 24)),
    "the last day of Meiji": ("明治45年7月29日", date(1912, 7, 29)),
    "a leap day": ("令和6年2月29日", date(2024, 2, 29)),
}


@pytest.mark.parametrize(("text", "on"), BOTH_WAYS.values(), ids=BOTH_WAYS)
def test_it_says_and_reads_the_same_day(text: str, on: date) -> None:
    assert say_date(on, calendar=Calendar.ERA) == text
    assert read_date(text) == on


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("S63.12.31", date(1988, 12, 31)),
        ("r8.11.3", date(2026, 11, 3)),
        ("昭和六十三年十二月三十一日", date(1988, 12, 31)),
        ("令和 ８年 １１月 ３日", date(2026, 11, 3)),
        ("㍻元年1月8日", date(1989, 1, 8)),
        ("㋿元年5月1日", date(2019, 5, 1)),
        ("昭53-04-01", date(1978, 4, 1)),
        ("2026年11月3日", date(2026, 11, 3)),
        ("２０２６／１１／３", date(2026, 11, 3)),
        ("2026-11-03", date(2026, 11, 3)),
        ("20261103", date(2026, 11, 3)),
        ("二〇二六年十一月三日", date(2026, 11, 3)),
    ],
)
def test_it_reads_what_people_write(text: str, on: date) -> None:
    assert read_date(text) == on


@pytest.mark.parametrize(
    "text",
    [
        "",
        "昭和64年1月8日",
        "平成31年5月1日",
        "令和0年5月1日",
        "令和8年2月30日",
        "2026-13-01",
        "慶応3年1月1日",
        "昨日",
        "十十十年1月1日",
    ],
)
def test_it_refuses_what_is_no_day_and_does_not_repeat_it(text: str) -> None:
    with pytest.raises(DateTextError) as caught:
        read_date(text)
    assert not text or text not in caught.value.say(Language.JA)


def test_it_counts_western_years_and_english_months_when_asked() -> None:
    on = date(2026, 11, 3)
    assert say_date(on, calendar=Calendar.GREGORIAN) == "2026年11月3日"
    assert say_date(on, calendar=Calendar.ERA, language=Language.EN) == "3 November 2026"
    assert say_short_date(on, calendar=Calendar.ERA) == "R8.11.3"
    assert say_short_date(on, calendar=Calendar.GREGORIAN) == "2026/11/03"
    assert say_short_date(on, calendar=Calendar.ERA, language=Language.EN) == "2026-11-03"


def test_the_eras_follow_each_other_without_a_gap() -> None:
    for era in ERAS[1:]:
        last = last_day_of(era)
        assert last is not None
        assert era_of(last) is era
        assert era_of(last + timedelta(days=1)) is not era
    assert last_day_of(ERAS[0]) is None


def test_it_names_no_era_before_the_calendar_reform() -> None:
    with pytest.raises(DateTextError):
        era_of(date(1872, 12, 31))
