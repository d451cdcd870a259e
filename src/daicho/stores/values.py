"""How a value of a store is written down: as a key, as a seed, as a new value of a column.

One place decides this for every kind of store, so that the same seed finds the same rows in
all of them. Nothing here repeats a value in an error.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from daicho.stores.shape import ColumnShape, ColumnType

MIN_INTEGER: Final = -(2**63)
MAX_INTEGER: Final = 2**63 - 1
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,19}")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_SPACES: Final = str.maketrans("", "", " \u3000")
_TRUTH: Final = {"true": True, "false": False, "1": True, "0": False}

#: Types whose values can be looked up, and can stand in a key.
LOOKED_UP: Final = frozenset(
    {ColumnType.TEXT, ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.DATE, ColumnType.TIMESTAMP}
)


class UnfitError(ValueError):
    """The value cannot stand in the column; says nothing about the value."""


def without_spaces(text: str) -> str:
    """Text without half-width and full-width spaces."""
    return text.translate(_SPACES)


def for_search(text: str) -> str:
    """Text as SEARCH columns compare it: no spaces, A-Z as a-z, everything else to the letter."""
    return latin_folded(without_spaces(text))


def latin_folded(text: str) -> str:
    """Text with A-Z as a-z, everything else to the letter."""
    return text.lower() if text.isascii() else "".join(one.lower() if one.isascii() else one for one in text)


def can_be_stored(text: str) -> bool:
    """Whether a database's text can hold it at all: no NUL, no half of a surrogate pair."""
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def seed_value(kind: ColumnType, text: str) -> str | int | None:
    """A seed in the form `plain` gives to a value of that column type; None = such a seed finds nothing."""
    match kind:
        case ColumnType.TEXT:
            return text if can_be_stored(text) else None
        case ColumnType.INTEGER:
            return _integer(text)
        case ColumnType.DECIMAL:
            return plain(Decimal(text)) if _DECIMAL.fullmatch(text) else None
        case ColumnType.DATE:
            found = _day(text)
            return None if found is None else found.isoformat()
        case ColumnType.TIMESTAMP:
            moment = _moment(text)
            return None if moment is None else moment.isoformat(sep=" ")
        case _:
            return None


def plain(value: Any) -> str | int | None:  # noqa: PLR0911 (one case a type)
    """The form of a stored value in keys and comparisons: an int, a text, or None."""
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return value
        case datetime():
            return value.isoformat(sep=" ")
        case Decimal():
            return format(value.normalize(), "f") if value.is_finite() else str(value)
        case float():
            return plain(Decimal(repr(value)))
        case bytes():
            return value.hex()
        case _:
            return str(value)


def identity_text(parts: Sequence[Any]) -> str | None:
    """The values of an identity's columns as one text, joined without a space; None when all are empty."""
    texts = [part if isinstance(part, str) else str(plain(part)) for part in parts if part is not None]
    joined = texts[0] if len(texts) == 1 else "".join(texts)
    return joined if joined and not joined.isspace() else None


def fit(value: Any, column: ColumnShape) -> Any:
    """A new value as the column's own Python type; text such as ``1990-01-01`` is read.

    Raises:
        UnfitError: wrong type, too long, or empty where the column must hold something.
    """
    if value is None:
        if not column.nullable:
            raise UnfitError
        return None
    fitted = _typed(value, column.type)
    if fitted is None:
        raise UnfitError
    if isinstance(fitted, str) and column.length is not None and len(fitted) > column.length:
        raise UnfitError
    return fitted


def _typed(value: Any, kind: ColumnType) -> Any:
    """The value in the column's type; None when it does not fit."""
    found: Any = None
    match kind:
        case ColumnType.TEXT:
            text = value if isinstance(value, str) else str(plain(value))
            found = text if can_be_stored(text) else None
        case ColumnType.INTEGER if not isinstance(value, bool):
            found = _integer(str(plain(value)))
        case ColumnType.DECIMAL if not isinstance(value, bool):
            found = _decimal(str(plain(value)))
        case ColumnType.BOOLEAN:
            found = value if isinstance(value, bool) else _TRUTH.get(str(value).lower())
        case ColumnType.DATE:
            found = _day(value) if isinstance(value, str) else _only_day(value)
        case ColumnType.TIMESTAMP:
            found = _moment(value) if isinstance(value, str) else _only_moment(value)
        case ColumnType.BINARY if isinstance(value, bytes):
            found = value
        case _:
            pass
    return found


def _integer(text: str) -> int | None:
    if not _INTEGER.fullmatch(text):
        return None
    number = int(text)
    return number if MIN_INTEGER <= number <= MAX_INTEGER else None


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2000-01-01") else None
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _only_day(value: Any) -> date | None:
    """A date; a time stamp would lose its time without a word."""
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _only_moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else None  # noqa: DTZ001 (the store's own)
