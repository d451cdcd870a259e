"""What an address asks a list for; anything that is not a number of its kind is passed over."""

from collections.abc import Mapping
from typing import Final

_LAST_PAGE: Final = 10_000


def whole_number(text: str | None) -> int | None:
    """A year or a count; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 4 else None  # noqa: PLR2004 (a year's digits)


def page_of(asked: Mapping[str, str]) -> int:
    """The page asked for, from 1."""
    return max(1, min(_LAST_PAGE, whole_number(asked.get("page")) or 1))
