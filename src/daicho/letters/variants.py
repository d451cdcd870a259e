"""異体字  Which variant shapes (IVS) a font has: its character map's variation-sequence table.

A typesetter that meets an unknown variant prints the ordinary shape without a word. For a
name that difference can matter to its bearer, so the press looks before it prints. Read from
the OpenType ``cmap`` table, subtable format 14.
"""

import re
import struct
from collections.abc import Iterator
from typing import Final

_VARIANT: Final = re.compile("(.)([\ufe00-\ufe0f\U000e0100-\U000e01ef])")
_EMOJI_STYLE: Final = frozenset("\ufe0e\ufe0f")


def variants_in(text: str) -> list[tuple[str, str]]:
    """The (character, selector) pairs of a text, each once; emoji style is nobody's name."""
    pairs = dict.fromkeys((found[1], found[2]) for found in _VARIANT.finditer(text))
    return [pair for pair in pairs if pair[1] not in _EMOJI_STYLE]


class FontVariants:
    """The variation sequences of one font file; a font without the table has none."""

    def __init__(self, font: bytes, index: int) -> None:
        self._known: dict[int, tuple[frozenset[int], tuple[tuple[int, int], ...]]] = {}
        table = _find_subtable(font, index)
        if table is not None:
            self._known = dict(_read_selectors(font, table))

    def has_variant(self, character: str, selector: str) -> bool:
        """Whether the font has a shape of its own for the pair, or says the ordinary one is meant."""
        singles, ranges = self._known.get(ord(selector), (frozenset(), ()))
        code = ord(character)
        return code in singles or any(first <= code <= last for first, last in ranges)


def _u24(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "big")


def _u32(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


def _find_subtable(font: bytes, index: int) -> int | None:
    """Where the format 14 subtable begins."""
    start = _u32(font, 12 + 4 * index) if font[:4] == b"ttcf" else 0
    (count,) = struct.unpack_from(">H", font, start + 4) if len(font) > start + 6 else (0,)
    for number in range(count):
        entry = start + 12 + 16 * number
        if font[entry : entry + 4] == b"cmap":
            cmap = _u32(font, entry + 8)
            (subtables,) = struct.unpack_from(">H", font, cmap + 2)
            offsets = (cmap + _u32(font, cmap + 8 + 8 * record) for record in range(subtables))
            return next((at for at in offsets if font[at : at + 2] == b"\x00\x0e"), None)
    return None


def _read_selectors(
    font: bytes, table: int
) -> Iterator[tuple[int, tuple[frozenset[int], tuple[tuple[int, int], ...]]]]:
    for number in range(_u32(font, table + 6)):
        record = table + 10 + 11 * number
        default, own = _u32(font, record + 3), _u32(font, record + 7)
        yield (
            _u24(font, record),
            (
                frozenset(_u24(font, table + own + 4 + 5 * row) for row in range(_u32(font, table + own)))
                if own
                else frozenset(),
                tuple(_default_ranges(font, table + default)) if default else (),
            ),
        )


def _default_ranges(font: bytes, at: int) -> Iterator[tuple[int, int]]:
    for row in range(_u32(font, at)):
        first = _u24(font, at + 4 + 4 * row)
        yield first, first + font[at + 7 + 4 * row]
