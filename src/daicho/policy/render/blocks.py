"""What a published page is made of. Each block says itself as plain data, for the PDF's template."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """``level`` 1 is a part of the page, 2 a section, 3 a numbered clause, 4 a label."""

    level: int
    text: str
    number: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """``kind``: ``plain``, ``lead``, ``note`` (set small, with a ※) or ``right``."""

    text: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a list: its printed mark ("" = a bullet), text, and what stands below it."""

    text: str
    mark: str = ""
    below: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """A list."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the two-column table; ``notes`` stand small in its first cell."""

    label: str
    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The table of purposes."""

    headings: tuple[str, str]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A label and its lines."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A list of facts. ``boxed``: set apart from the text."""

    facts: tuple[Fact, ...]
    boxed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Dates, company and representative, set to the right."""

    dates: tuple[str, ...]
    company: str
    signer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An office one can write or call to."""

    name: str
    lines: tuple[str, ...]
    facts: tuple[Fact, ...] = ()


Block = Heading | Paragraph | Entries | Table | Facts | Signature | Card


def data_of(block: Block) -> dict[str, Any]:
    """The block as JSON data, with its ``type``."""
    return {"type": type(block).__name__.casefold(), **asdict(block)}
