"""CSV as bytes: every record with the bytes it stands in, so that what is not changed is copied, not rewritten."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from daicho.words.text import Text

BOM: Final = b"\xef\xbb\xbf"
QUOTE: Final = '"'


class BadRecordError(ValueError):
    """A file is not the CSV it should be; says the line and why, never what stands there."""

    def __init__(self, line: int, why: Text) -> None:
        super().__init__(f"line {line}: {why.en}")
        self.line = line
        self.why = why


def read_records(lines: Iterable[bytes], *, encoding: str, delimiter: str) -> Iterator[tuple[bytes, list[str]]]:
    """Each record's own bytes, line end included, and its fields. An empty line is a record without fields.

    Lines are split at LF only, which no multi-byte character of the supported encodings contains;
    a line break inside quotes belongs to its record.

    Raises:
        BadRecordError: undecodable bytes, or quotes that do not close.
    """
    csv.field_size_limit(2**31 - 1)  # résumés and notes are longer than the module's 128 kB
    source = _Lines(lines, encoding)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            fields = None
        if fields is None:
            raise BadRecordError(
                source.number, Text("引用符または改行の書き方が正しくありません。", "broken quotes or line ends.")
            )
        yield source.take(), fields


class _Lines:
    """Decodes lines one by one and keeps the bytes since the last record."""

    def __init__(self, lines: Iterable[bytes], encoding: str) -> None:
        self.number = 0
        self._lines = iter(lines)
        self._encoding = encoding
        self._raw: list[bytes] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        raw = next(self._lines)
        self._raw.append(raw)
        self.number += 1
        text = raw.removeprefix(BOM) if self.number == 1 and self._encoding == "utf-8" else raw
        try:
            return text.decode(self._encoding)
        except UnicodeDecodeError:
            pass
        raise BadRecordError(
            self.number, Text(f"{self._encoding} として読めません。", f"not readable as {self._encoding}.")
        )

    def take(self) -> bytes:
        raw = b"".join(self._raw)
        self._raw.clear()
        return raw


def split_fields(text: str, delimiter: str) -> list[str]:
    """The fields of one record as they are written, quotes included; ``text`` without its line end."""
    fields = []
    start = 0
    quoted = False
    for place, letter in enumerate(text):
        if letter == QUOTE and text[start] == QUOTE:
            quoted = not quoted  # a doubled quote closes and opens again; in a field without quotes it is a letter
        elif letter == delimiter and not quoted:
            fields.append(text[start:place])
            start = place + 1
    return [*fields, text[start:]]


def rewrite(raw: bytes, new: Mapping[int, str], *, encoding: str, delimiter: str) -> bytes:
    """A record with some fields (by position) replaced; all others stay to the byte.

    Raises:
        UnicodeEncodeError: the encoding has no such character.
    """
    mark = BOM if raw.startswith(BOM) and encoding == "utf-8" else b""
    text = raw.removeprefix(mark).decode(encoding)
    body = text.rstrip("\r\n")
    fields = split_fields(body, delimiter)
    for place, value in new.items():
        fields[place] = _written(value, delimiter, quoted=fields[place].startswith(QUOTE))
    if fields == [""]:
        fields = [QUOTE * 2]  # an empty line would be no record any more
    return mark + (delimiter.join(fields) + text[len(body) :]).encode(encoding)


def _written(value: str, delimiter: str, *, quoted: bool) -> str:
    if quoted or any(letter in value for letter in (delimiter, QUOTE, "\r", "\n")) or value != value.strip():
        return QUOTE + value.replace(QUOTE, QUOTE * 2) + QUOTE
    return value


def check_header(names: Sequence[str]) -> None:
    """The first row must name every column once.

    Raises:
        BadRecordError: a name is empty or comes twice.
    """
    if not names or not all(names):
        raise BadRecordError(
            1, Text("列名の行がないか、空の列名があります。", "no row of column names, or an empty name.")
        )
    if len(set(names)) < len(names):
        raise BadRecordError(1, Text("同じ列名が二度あります。", "a column name stands twice."))
