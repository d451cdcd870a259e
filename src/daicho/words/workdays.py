"""営業日: Saturdays, Sundays, national holidays (also 振替休日 and 国民の休日) and the turn of the year are none."""

from datetime import date, timedelta
from typing import Final

import jpholiday

#: 12-29 to 01-03, when public offices are closed (行政機関の休日に関する法律).
_TURN_OF_YEAR: Final = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})
_SATURDAY: Final = 5


def is_workday(day: date) -> bool:
    """Whether offices are open."""
    return day.weekday() < _SATURDAY and (day.month, day.day) not in _TURN_OF_YEAR and not jpholiday.is_holiday(day)


def after_workdays(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``, which itself is not counted."""
    while count:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day


def last_workday_until(day: date) -> date:
    """The day itself, or the last one before it on which offices were open: when something must be posted by."""
    while not is_workday(day):
        day -= timedelta(days=1)
    return day
