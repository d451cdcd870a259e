"""An uploaded ``.xlsx`` as a table of cells, or a refusal. Trusts neither its name nor what it says of itself.

1. It is small. 2. It is a zip whose parts are those of a workbook, without macros, external parts or
path tricks. 3. What it unpacks to is bounded, counted while unpacking and not as its directory claims.
4. No part declares a document type: that is where entities are bombed. 5. Rows and columns are bounded.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from daicho.words.errors import InputError
from daicho.words.text import Text

MOST_BYTES: Final = 5 * 1024 * 1024
_MOST_UNPACKED: Final = 60 * 1024 * 1024
_MOST_PARTS: Final = 500
MOST_ROWS: Final = 20_000
_MOST_COLUMNS: Final = 60
_CHUNK: Final = 256 * 1024
_NEEDED: Final = frozenset({"[Content_Types].xml", "xl/workbook.xml"})


def read_cells(content: bytes) -> list[tuple[Any, ...]]:
    """The cells of the first sheet, row by row; values, never formulas.

    Raises:
        InputError: it is no workbook, or one that is not to be opened.
    """
    _require_workbook(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        return list(_rows(book.worksheets[0]))
    except InputError:
        raise
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        IndexError,
        TypeError,
        SyntaxError,
        AttributeError,
        OSError,
    ) as error:
        # whatever a broken workbook makes of the reader; SyntaxError is what a broken part's parser raises
        raise _refuse("ブックとして読めません。", "It cannot be read as a workbook.") from error


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()  # what the sheet claims of its size is not believed
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS), start=1):
        if number > MOST_ROWS:
            raise _refuse(f"{MOST_ROWS:,} 行を超えています。", f"It has more than {MOST_ROWS:,} rows.")
        yield row


def _require_workbook(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise _refuse("大きすぎます（5 MB まで）。", "It is too large (5 MB at most).")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {one.filename for one in parts}
            if not names >= _NEEDED or not content.startswith(b"PK\x03\x04"):
                raise _refuse("Excel ブック（.xlsx）ではありません。", "It is no Excel workbook (.xlsx).")
            if len(parts) > _MOST_PARTS or len(names) != len(parts):
                raise _refuse("部品の数が普通ではありません。", "Its parts are not those of a workbook.")
            if any(_is_odd(name) for name in names):
                raise _refuse("マクロや外部参照を含むため受け取れません。", "It holds macros or foreign parts.")
            _require_bounded(archive, parts)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zipfile.LargeZipFile) as error:
        raise _refuse("壊れているか、暗号化されています。", "It is damaged or encrypted.") from error


def _is_odd(name: str) -> bool:
    lower = name.lower()
    return (
        "\\" in name
        or name.startswith("/")
        or ".." in name.split("/")
        or (
            lower.endswith((".bin", ".exe", ".js", ".vbs", ".html", ".svg"))
            and not lower.startswith("xl/printersettings/")
        )
        or lower.startswith(("xl/externallinks/", "xl/activex/", "xl/embeddings/"))
    )


def _require_bounded(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    total = 0
    for part in parts:
        with archive.open(part) as stream:
            first = True
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > _MOST_UNPACKED:
                    raise _refuse("展開すると大きすぎます。", "It unpacks to too much.")
                if first and _declares(chunk):
                    raise _refuse("文書型宣言を含むため受け取れません。", "A part declares a document type.")
                first = False


def _declares(chunk: bytes) -> bool:
    """Whether a part begins with a document type, in the encodings that XML readers guess."""
    plain = chunk.replace(b"\x00", b"").upper()
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def _refuse(ja: str, en: str) -> InputError:
    return InputError(
        Text(ja, en),
        advice=Text(
            "Excel で開き、マクロのない「Excel ブック（.xlsx）」として保存し直してください。",
            "Open it in Excel and save it again as a workbook without macros (.xlsx).",
        ),
    )
