"""The data files: complete, exact, harmless to open, and never all in memory."""

import base64
import csv
import io
import json
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from daicho.letters.data import (
    DataFileHead,
    DisclosedField,
    DisclosedRecord,
    csv_chunks,
    guarded,
    json_chunks,
    say_value,
)
from daicho.letters.house import LetterError
from daicho.words.text import Language, Text
from tests.letters.samples import CRM, HARM, HOUSE, STAFF, attendance, basic_record, field, inquiry, personal

HEAD = DataFileHead(request_no="R-2026-0012", dated_on=date(2026, 11, 13), company=HOUSE.company)


def read_json(records: Iterable[DisclosedRecord]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(b"".join(json_chunks(records, head=HEAD)))
    return read


def read_csv(
    records: Iterable[DisclosedRecord], language: Language = Language.JA, *, bom: bool = False
) -> list[list[str]]:
    raw = b"".join(csv_chunks(records, language=language, bom=bom)).decode("utf-8-sig" if bom else "utf-8")
    return list(csv.reader(io.StringIO(raw, newline="")))


def record_of(value: Any) -> DisclosedRecord:
    return DisclosedRecord(store=CRM, holding=STAFF, table=Text("表", "table"), fields=(field("項目", "item", value),))


VALUES = {
    "text": ("髙橋 𠮷乃", "髙橋 𠮷乃"),
    "variation sequence": ("葛\U000e0101城", "葛\U000e0101城"),
    "quotes and lines": ('a "b"\nc,d', 'a "b"\nc,d'),
    "integer": (12, 12),
    "exact decimal": (Decimal("1850.10"), "1850.10"),
    "truth": (True, True),
    "none": (None, None),
    "day": (date(2026, 4, 1), "2026-04-01"),
    "moment": (datetime(2026, 4, 1, 9, 30), "2026-04-01T09:30:00"),  # noqa: DTZ001
    "bytes": (b"\x00\xff", base64.b64encode(b"\x00\xff").decode()),
    "not a number": (float("nan"), "nan"),
    "formula": ("=1+1", "=1+1"),
}


@pytest.mark.parametrize(("value", "wanted"), VALUES.values(), ids=VALUES)
def test_json_keeps_a_value_exactly(value: Any, wanted: Any) -> None:
    read = read_json([record_of(value)])
    assert read["records"][0]["fields"] == [{"item": {"ja": "項目", "en": "item"}, "value": wanted}]


def test_json_says_what_it_is() -> None:
    read = read_json([])
    assert read == {
        "request": "R-2026-0012",
        "date": "2026-11-13",
        "company": {"ja": HOUSE.company.ja, "en": HOUSE.company.en},
        "records": [],
    }


def test_a_withheld_part_is_named_but_not_there() -> None:
    read = read_json([inquiry(HARM)])
    last = read["records"][0]["fields"][-1]
    assert "value" not in last
    assert last["withheld"]["article"]["ja"] == HARM.article.ja
    rows = read_csv([inquiry(HARM)])
    assert rows[-1][-2:] == ["■■■■■■", HARM.article.ja]


def test_a_field_is_either_shown_or_withheld() -> None:
    with pytest.raises(LetterError):
        DisclosedField(item=Text("a", "a"), value=personal("x"), withheld=HARM)
    with pytest.raises(LetterError):
        DisclosedField(item=Text("a", "a"))


def test_csv_has_a_line_per_item() -> None:
    rows = read_csv([basic_record(), *attendance(3)])
    assert rows[0] == ["保管先", "台帳の区分", "表", "件", "項目", "内容", "不開示の根拠"]
    assert len(rows) == 1 + 10 + 3 * 4
    assert rows[1] == ["人事システム", "派遣スタッフ台帳", "基本情報", "1", "氏名", "髙橋 𠮷乃", ""]
    assert {row[3] for row in rows[1:]} == {"1", "2", "3", "4"}
    assert read_csv([basic_record()], Language.EN)[1][:5] == [
        "HR system",
        "Temporary staff register",
        "Basic data",
        "1",
        "Name",
    ]


def test_csv_for_excel_begins_with_a_mark() -> None:
    assert b"".join(csv_chunks([basic_record()], language=Language.JA, bom=True)).startswith(b"\xef\xbb\xbf")
    assert not b"".join(csv_chunks([basic_record()], language=Language.JA)).startswith(b"\xef\xbb\xbf")
    assert b"".join(csv_chunks([], language=Language.JA, bom=True)).count(b"\xef\xbb\xbf") == 1


@pytest.mark.parametrize(
    "attack",
    [
        "=cmd|' /C calc'!A0", "+81-90-0000-1234", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "　＝1+1", "＋1+1", "－1+1", "＠x",
        "\n=1", '=HYPERLINK("http://example.jp")',
    ],
)  # fmt: skip
def test_a_formula_is_disarmed_in_csv(attack: str) -> None:
    [cell] = [row[5] for row in read_csv([record_of(attack)])[1:]]
    assert cell == "'" + attack


@pytest.mark.parametrize("harmless", ["髙橋", "-5", "+5", "-1,234.50", "0901234", "a=b", "1-2", ""])
def test_what_is_no_formula_stays_as_it_is(harmless: str) -> None:
    assert guarded(harmless) == harmless


def test_a_name_of_a_table_is_disarmed_too() -> None:
    record = DisclosedRecord(
        store=Text("=s", "=s"), holding=STAFF, table=Text("@t", "@t"), fields=(field("=i", "=i", "v"),)
    )
    assert [read_csv([record])[1][index] for index in (0, 2, 4)] == ["'=s", "'@t", "'=i"]


def test_half_a_character_does_not_stop_a_file() -> None:
    assert b"".join(json_chunks([record_of("山\ud842")], head=HEAD))
    assert b"".join(csv_chunks([record_of("山\ud842")], language=Language.JA))


def endless(used: list[int]) -> Iterator[DisclosedRecord]:
    while True:
        used.append(1)
        yield record_of("x" * 1000)


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_it_reads_no_more_records_than_it_has_written(kind: str) -> None:
    used: list[int] = []
    chunks = (
        json_chunks(endless(used), head=HEAD) if kind == "json" else csv_chunks(endless(used), language=Language.JA)
    )
    next(chunks)
    first = len(used)
    assert 0 < first < 200
    next(chunks)
    assert len(used) < 3 * first


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_memory_stays_flat(kind: str) -> None:
    def write(count: int) -> tuple[int, int]:
        records = (record_of("x" * 500) for _ in range(count))
        chunks = json_chunks(records, head=HEAD) if kind == "json" else csv_chunks(records, language=Language.JA)
        tracemalloc.start()
        size = sum(len(chunk) for chunk in chunks)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size, peak

    small_size, small_peak = write(300)
    large_size, large_peak = write(6000)
    assert large_size > 15 * small_size
    assert large_peak < 1.5 * small_peak + 50_000


def test_a_letter_prints_values_in_words() -> None:
    assert say_value(None, Language.EN) == "(no entry)"
    assert say_value(bool(1), Language.JA) == "はい"
    assert say_value(bool(0), Language.EN) == "no"
    assert say_value(b"12", Language.JA) == "（2 バイトのデータ）"
    assert say_value(date(2026, 4, 1), Language.JA) == "2026-04-01"
    assert say_value(datetime(2026, 4, 1, 9, 30, 5), Language.JA) == "2026-04-01 09:30:05"  # noqa: DTZ001
    assert say_value(Decimal("1.50"), Language.JA) == "1.50"
