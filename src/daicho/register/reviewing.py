"""見直し  When a row of the register is to be looked at again, and which rows are shown. Pure."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from daicho.register.coverage import GapKind
from daicho.register.language import HoldingPart, Status

#: 「少なくとも年一回、適宜に確認する」 JIS Q 15001 A.3.3.1: a register is looked at once a year at least.
REVIEW_EVERY_YEARS: Final = 1
#: How early a review is announced.
SOON: Final = timedelta(days=60)


class Review(StrEnum):
    """How a row stands with its yearly review."""

    OVERDUE = "overdue"  # the day is past, or it was never looked at
    SOON = "soon"
    CALM = "calm"
    ENDED = "ended"  # disposed of: nothing is left to look at


def next_review_on(part: HoldingPart) -> date | None:
    """A year after it was last reviewed, or made; None when neither day is known or the row is disposed of."""
    last = part.reviewed_on or part.created_on
    if last is None or part.status == Status.DISPOSED:
        return None
    try:
        return last.replace(year=last.year + REVIEW_EVERY_YEARS)
    except ValueError:  # 29 February
        return date(last.year + REVIEW_EVERY_YEARS, 3, 1)


def review_of(part: HoldingPart, *, on: date) -> Review:
    """How the row stands on a day."""
    if part.status == Status.DISPOSED:
        return Review.ENDED
    due = next_review_on(part)
    if due is None or due <= on:
        return Review.OVERDUE
    return Review.SOON if due <= on + SOON else Review.CALM


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table on the screen; ``cells``: field of reference 4.1 → what it says."""

    part: HoldingPart
    cells: Mapping[str, str]
    review: Review
    review_on: date | None
    gaps: frozenset[GapKind] = frozenset()
    searched: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a reader of the table asked for; an empty text asks for nothing."""

    text: str = ""
    organisation: str = ""
    subject: str = ""
    store: str = ""
    rpd: str = ""
    status: str = ""
    review: str = ""
    gap: str = ""
    special: bool = False
    number: bool = False
    sort: str = "reg_no"


def find_rows(rows: Iterable[Row], asked: Asked) -> list[Row]:
    """The rows that answer, in the order asked for (``-name`` turns it round)."""
    words = folded(asked.text).split()
    found = [row for row in rows if _fits(row, asked) and all(word in row.searched for word in words)]
    name = asked.sort.removeprefix("-")
    return sorted(found, key=lambda row: _order(row, name), reverse=asked.sort.startswith("-"))


def folded(text: str) -> str:
    """As it is searched: full and half width, capital and small letters alike."""
    return unicodedata.normalize("NFKC", text).casefold()


def _fits(row: Row, asked: Asked) -> bool:
    part = row.part
    pairs: Sequence[tuple[str, Collection[str]]] = (
        (asked.organisation, {part.organisation}),
        (asked.subject, {part.subject_category}),
        (asked.store, {part.store}),
        (asked.rpd, {str(part.rpd)}),
        (asked.status, {str(part.status)}),
        (asked.review, {str(row.review)}),
        (asked.gap, {str(gap) for gap in row.gaps}),
    )
    return (
        all(not wanted or wanted in has for wanted, has in pairs)
        and (part.sensitive or not asked.special)
        and (part.spi or not asked.number)
    )


def _order(row: Row, name: str) -> tuple[object, ...]:
    number = tuple((not piece.isdecimal(), int(piece) if piece.isdecimal() else 0, piece) for piece in _pieces(row))
    if name == "review":
        return (row.review_on or date.min, number)
    return (
        row.cells.get(name, "") if name != "reg_no" else "",
        row.part.organisation if name != "reg_no" else "",
        number,
    )


def _pieces(row: Row) -> list[str]:
    """``H-012`` as ``H-`` and ``012``, so that 9 stands before 10."""
    pieces: list[str] = [""]
    for letter in row.part.reg_no:
        if pieces[-1] and letter.isdecimal() != pieces[-1][-1].isdecimal():
            pieces.append("")
        pieces[-1] += letter
    return pieces
