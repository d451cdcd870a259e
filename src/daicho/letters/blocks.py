"""組版の部品  The pieces a page is made of, as plain data for the templates.

A piece is a JSON object with ``t`` for its kind; ``templates/blocks.typ`` draws each kind.
Every text arrives there as data and is printed literally, whatever characters it holds.
"""

from collections.abc import Sequence
from typing import Any, Final

Block = dict[str, Any]
Cell = str | dict[str, Any]

#: As many squares for every value, so that the length of what is withheld does not show.
BLACKED_OUT: Final = "■■■■■■"


def paragraph(text: str) -> Block:
    """A paragraph."""
    return {"t": "p", "text": text}


def note(text: str) -> Block:
    """A remark in small type."""
    return {"t": "note", "text": text}


def bullets(texts: Sequence[str]) -> Block:
    """A list."""
    return {"t": "list", "items": list(texts)}


def heading(text: str) -> Block:
    """A heading that stays with what follows it."""
    return {"t": "h", "text": text}


def annex_title(text: str) -> Block:
    """Begin a 別紙 on a new page."""
    return {"t": "annex", "text": text}


def pairs(rows: Sequence[tuple[str, str]]) -> Block:
    """A two-column table of name and content."""
    return {"t": "pairs", "rows": [list(row) for row in rows]}


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]], *, widths: Sequence[float] | None = None) -> Block:
    """A ruled table with a head that repeats on every page; ``widths`` are relative."""
    columns = list(widths) if widths is not None else [1.0] * len(head)
    return {"t": "table", "head": list(head), "rows": [list(row) for row in rows], "widths": columns}


def item(number: int, title: str, *blocks: Block) -> Block:
    """A numbered item under 記."""
    return {"t": "item", "no": number, "title": title, "body": list(blocks)}


def blacked_out(mark: str) -> Cell:
    """A withheld value: squares, and the mark of its ground."""
    return {"black": BLACKED_OUT, "mark": mark}
