# ruff: noqa: INP001 (a script beside the pages it draws for, not a package)
"""Draws the first pages of a letter side by side, as a grey PNG for the pages: see ``docs/README.md``.

    python docs/picture.py demo/letters/01-disclosure/….pdf docs/pictures/letter.png

Needs pypdfium2, which the tests bring. A PNG is written here by hand: 16 greys are enough for text, and
no picture library is worth installing for one file.
"""

import argparse
import struct
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pypdfium2

SCALE: Final = 1.25  # 90 dots an inch
GAP: Final = 14
BORDER: Final = 120
GREYS: Final = 16


def main() -> int:
    """Draw; exit code 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pdf", type=Path)
    parser.add_argument("png", type=Path)
    parser.add_argument("--pages", type=int, default=2)
    options = parser.parse_args()
    document = pypdfium2.PdfDocument(options.pdf)
    pages = [_framed(document[number]) for number in range(min(options.pages, len(document)))]
    options.png.write_bytes(_png(_beside(pages)))
    sys.stdout.write(f"{options.png} {options.png.stat().st_size:,} bytes\n")
    return 0


def _framed(page: pypdfium2.PdfPage) -> list[bytes]:
    """The rows of one page, a byte of grey a dot, with a thin frame."""
    bitmap = page.render(scale=SCALE, grayscale=True)
    raw = bytes(bitmap.buffer)
    edge = bytes([BORDER])
    rows = [edge + raw[y * bitmap.stride : y * bitmap.stride + bitmap.width] + edge for y in range(bitmap.height)]
    line = bytes([BORDER]) * len(rows[0])
    return [line, *rows, line]


def _beside(pages: Sequence[Sequence[bytes]]) -> list[bytes]:
    height = max(len(page) for page in pages)
    gap = b"\xff" * GAP
    blank = [b"\xff" * len(page[0]) for page in pages]
    return [
        gap.join(page[y] if y < len(page) else blank[number] for number, page in enumerate(pages))
        for y in range(height)
    ]


def _png(rows: Sequence[bytes]) -> bytes:
    """Sixteen greys, two dots a byte."""
    width = len(rows[0]) + len(rows[0]) % 2
    packed = []
    for row in rows:
        greys = [dot * GREYS // 256 for dot in row.ljust(width, b"\xff")]
        packed.append(b"\0" + bytes(a << 4 | b for a, b in zip(greys[::2], greys[1::2], strict=True)))
    head = struct.pack(">IIBBBBB", width, len(rows), 4, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, body)
        for kind, body in ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(packed), 9)), (b"IEND", b""))
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


if __name__ == "__main__":
    sys.exit(main())
