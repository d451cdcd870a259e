"""開示データ  What is disclosed, record by record, and the JSON and CSV files it is handed over in.

Both files are made as a stream of chunks from an iterator of records, so a person with a
hundred thousand rows costs no more memory than one with ten; the caller writes the chunks
wherever it keeps such files. A withheld value is in neither file: only that it is withheld,
and on which ground.
"""

import base64
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from daicho.letters.blocks import BLACKED_OUT
from daicho.letters.house import Ground, LetterError
from daicho.words.personal import Personal
from daicho.words.text import Language, Text

Scalar = str | int | float | Decimal | bool | date | datetime | bytes | None

_CHUNK: Final = 64 * 1024
_NO_VALUE: Final = Text("（記録なし）", "(no entry)")
_YES_NO: Final = {True: Text("はい", "yes"), False: Text("いいえ", "no")}
_PURPOSE: Final = "the person's own data is handed to the person"

#: What a spreadsheet would take for the start of a formula, also after blanks and full width.
_FORMULA: Final = re.compile(r"[\s\x00-\x1f]*[=+\-@＝＋－＠]|[\t\r\n]")
_PLAIN_NUMBER: Final = re.compile(r"[+-]?\d[\d,]*(\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedField:
    """One item of a record: its name, and its value or the ground on which it is withheld.

    ``value`` is what the store holds; ``Personal(None)`` means the store has no entry.
    """

    item: Text
    value: Personal[Scalar] | None = None
    withheld: Ground | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.withheld is None):
            raise LetterError(
                Text(
                    "項目には値か不開示の根拠のどちらか一方が必要です。",
                    "A field has either a value or a ground for withholding it.",
                ),
                advice=Text(
                    "開示しない値は書面に渡さず、根拠だけを渡してください。",
                    "Do not hand a withheld value to a letter; hand over the ground only.",
                ),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedRecord:
    """One record of one table: where it lies, in words the person understands."""

    store: Text
    holding: Text
    table: Text
    fields: tuple[DisclosedField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFileHead:
    """What a data file says about itself; dates as ISO 8601."""

    request_no: str
    dated_on: date
    company: Text


def say_value(value: Scalar, language: Language) -> str:
    """A value as a letter prints it; dates stay as they are stored, binary content is only measured."""
    match value:
        case None:
            said = _NO_VALUE.say(language)
        case bool():
            said = _YES_NO[value].say(language)
        case datetime():
            said = value.isoformat(sep=" ", timespec="seconds")
        case date():
            said = value.isoformat()
        case bytes():
            size = f"{len(value):,}"
            said = Text(f"（{size} バイトのデータ）", f"({size} bytes of data)").say(language)
        case _:
            said = str(value)
    return said


def json_chunks(records: Iterable[DisclosedRecord], *, head: DataFileHead) -> Iterator[bytes]:
    """The JSON file: one object with ``request``, ``date``, ``company`` and ``records``.

    Each record has ``store``, ``holding``, ``table`` and ``fields``; each field its ``item`` and
    either ``value`` (number, text, true, null; dates as ISO text, binary as base64) or
    ``withheld``. All names come in both languages.
    """
    opening = {
        "request": head.request_no,
        "date": head.dated_on.isoformat(),
        "company": dict(head.company.as_dict()),
    }
    parts = _gathered(_json_parts(json.dumps(opening, ensure_ascii=False), records))
    return (part.encode("utf-8", "replace") for part in parts)


def csv_chunks(records: Iterable[DisclosedRecord], *, language: Language, bom: bool = False) -> Iterator[bytes]:
    """The CSV file, one line per item; ``bom`` for Excel, which else misreads UTF-8.

    A text that a spreadsheet would run as a formula gets an apostrophe in front; the JSON
    file holds it unchanged.
    """
    parts = _gathered(_csv_parts(records, language))
    start = b"\xef\xbb\xbf" if bom else b""
    for index, part in enumerate(parts):
        yield (start if index == 0 else b"") + part.encode("utf-8", "replace")


def guarded(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet could take it for a formula."""
    if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _gathered(parts: Iterable[str]) -> Iterator[str]:
    """Join small parts into chunks worth writing."""
    waiting: list[str] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= _CHUNK:
            yield "".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield "".join(waiting)


def _json_parts(opening: str, records: Iterable[DisclosedRecord]) -> Iterator[str]:
    yield opening[:-1] + ', "records": ['
    for index, record in enumerate(records):
        yield (",\n" if index else "\n") + json.dumps(_json_record(record), ensure_ascii=False)
    yield "\n]}\n"


def _json_record(record: DisclosedRecord) -> dict[str, Any]:
    return {
        "store": record.store.as_dict(),
        "holding": record.holding.as_dict(),
        "table": record.table.as_dict(),
        "fields": [_json_field(field) for field in record.fields],
    }


def _json_field(field: DisclosedField) -> dict[str, Any]:
    if field.value is None:
        ground = field.withheld
        return {
            "item": field.item.as_dict(),
            "withheld": {"article": ground.article.as_dict(), "reason": ground.reason.as_dict()} if ground else None,
        }
    return {"item": field.item.as_dict(), "value": _json_value(field.value.reveal(purpose=_PURPOSE))}


def _json_value(value: Scalar) -> str | int | float | bool | None:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)  # a JSON number would be read as binary floating point
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case float() if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124
            return str(value)
        case _:
            return value


_CSV_HEAD: Final = (
    Text("保管先", "store"),
    Text("台帳の区分", "holding"),
    Text("表", "table"),
    Text("件", "record"),
    Text("項目", "item"),
    Text("内容", "value"),
    Text("不開示の根拠", "ground for withholding"),
)


def _csv_parts(records: Iterable[DisclosedRecord], language: Language) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([name.say(language) for name in _CSV_HEAD])
    for number, record in enumerate(records, start=1):
        where = [guarded(text.say(language)) for text in (record.store, record.holding, record.table)]
        for field in record.fields:
            value, ground = _csv_value(field, language)
            writer.writerow([*where, number, guarded(field.item.say(language)), value, ground])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _csv_value(field: DisclosedField, language: Language) -> tuple[str, str]:
    if field.value is None:
        ground = field.withheld.article.say(language) if field.withheld else ""
        return BLACKED_OUT, guarded(ground)
    value = field.value.reveal(purpose=_PURPOSE)
    if isinstance(value, str):
        return guarded(value), ""
    if value is None:
        return "", ""
    return str(_json_value(value)).lower() if isinstance(value, bool) else str(_json_value(value)), ""
