"""Reads a printed paper back, as its reader would: text, places of characters, pages."""

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Character:
    """One printed character; millimetres from the page's top left."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


def page_texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded() for page in document]


def text_of(pdf: bytes) -> str:
    """All text without blanks, because a line end is no part of a sentence."""
    return squeezed("".join(page_texts(pdf)))


def squeezed(text: str) -> str:
    return "".join(text.split())


def page_sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height in millimetres."""
    return [
        (round(page.get_width() / POINTS_PER_MM), round(page.get_height() / POINTS_PER_MM))
        for page in pypdfium2.PdfDocument(pdf)
    ]


def characters(pdf: bytes) -> Iterator[Character]:
    for number, page in enumerate(pypdfium2.PdfDocument(pdf)):
        height = page.get_height()
        textpage = page.get_textpage()
        half = ""
        for index in range(textpage.count_chars()):
            unit = chr(raw.FPDFText_GetUnicode(textpage, index))
            if "\ud800" <= unit <= "\udbff":
                half = unit
                continue
            text = (half + unit).encode("utf-16", "surrogatepass").decode("utf-16")
            half = ""
            left, bottom, right, top = textpage.get_charbox(index)
            if text.strip() and right > left:
                yield Character(
                    page=number,
                    text=text,
                    left=left / POINTS_PER_MM,
                    top=(height - top) / POINTS_PER_MM,
                    right=right / POINTS_PER_MM,
                    bottom=(height - bottom) / POINTS_PER_MM,
                )
