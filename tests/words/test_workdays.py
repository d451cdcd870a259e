"""営業日: known days of the calendar of 2026 and 2027."""

from datetime import date

import pytest

from daicho.words.workdays import after_workdays, is_workday, last_workday_until


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 23), False),  # 勤労感謝の日
        (date(2026, 11, 28), False),  # Saturday
        (date(2026, 9, 22), False),  # 国民の休日 between two holidays
        (date(2027, 3, 22), False),  # 振替休日
        (date(2026, 12, 29), False),
        (date(2027, 1, 4), True),
    ],
)
def test_what_a_working_day_is(day: date, *, open_: bool):
    assert is_workday(day) is open_


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [
        (date(2026, 11, 16), 3, date(2026, 11, 19)),
        (date(2026, 11, 20), 3, date(2026, 11, 26)),  # a weekend and a Monday off
        (date(2026, 12, 28), 1, date(2027, 1, 4)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
    ],
)
def test_days_are_counted_from_the_day_after(day: date, count: int, then: date):
    assert after_workdays(day, count) == then


@pytest.mark.parametrize(
    ("day", "then"), [(date(2026, 11, 23), date(2026, 11, 20)), (date(2026, 11, 24), date(2026, 11, 24))]
)
def test_the_last_day_to_post_something(day: date, then: date):
    assert last_workday_until(day) == then
