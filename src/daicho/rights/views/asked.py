"""What an address asks a list for; anything that is not a number of its kind is passed over."""

from collections.abc import Mapping
from datetime import date
from typing import Final

_LAST_PAGE: Final = 10_000
#: 明治元年: no date of ours is earlier, and every database and calendar counts from here.
FIRST_YEAR: Final = 1868


def whole_number(text: str | None) -> int | None:
    """A count; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 4 else None  # noqa: PLR2004 (a page's digits)


def year_of(text: str | None) -> int | None:
    """A year in which something may have arrived; None for anything else."""
    found = whole_number(text)
    return found if found is not None and FIRST_YEAR <= found < date.max.year else None


def page_of(asked: Mapping[str, str]) -> int:
    """The page asked for, from 1."""
    return max(1, min(_LAST_PAGE, whole_number(asked.get("page")) or 1))
