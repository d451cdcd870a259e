"""The yearly ledger, printed and as a workbook."""

import dataclasses
import io
from datetime import date

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from daicho.letters.ledger import COLUMNS, LedgerBook
from daicho.letters.ledger_workbook import ledger_workbook
from daicho.letters.press import render
from daicho.words.text import Language, Text
from tests.letters.reading import page_texts, squeezed, text_of
from tests.letters.samples import empty_ledger, ledger, ledger_row, personal

both = pytest.mark.parametrize("language", list(Language))


def sheet_of(book: LedgerBook) -> Worksheet:
    sheet = load_workbook(io.BytesIO(ledger_workbook(book))).active
    assert isinstance(sheet, Worksheet)
    return sheet


def rows_of(sheet: Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=7)]


@both
def test_book_and_workbook_say_the_same(language: Language) -> None:
    book = ledger(language)
    printed = text_of(render(book).pdf)
    rows = rows_of(sheet_of(book))
    assert len(rows) == 30
    for row in rows:
        assert squeezed(str(row[0])) in printed
    assert [str(cell) for cell in rows[0]] == book.cells(
        min(book.rows, key=lambda row: (row.arrived_on, row.request_no))
    )


@both
def test_rows_stand_in_order_of_arrival(language: Language) -> None:
    book = ledger(language)
    arrived = [row.arrived_on for row in sorted(book.rows, key=lambda row: (row.arrived_on, row.request_no))]
    assert arrived != [row.arrived_on for row in book.rows]
    assert [row[1] for row in rows_of(sheet_of(book))] == [book.day(on) for on in arrived]


@both
def test_a_year_without_a_request_says_so(language: Language) -> None:
    book = empty_ledger(language)
    words = (
        "この期間に受け付けた開示等の請求はありません（0件）。"
        if language is Language.JA
        else "No request was received in this period (0)."
    )
    assert squeezed(words) in text_of(render(book).pdf)
    assert rows_of(sheet_of(book))[0][0] == words


@both
def test_the_head_repeats_and_the_officer_can_approve(language: Language) -> None:
    pages = page_texts(render(ledger(language)).pdf)
    head = squeezed(COLUMNS[0].name.say(language))
    assert len(pages) > 1
    assert all(head in squeezed(page) for page in pages)
    assert ("個人情報保護管理者承認" if language is Language.JA else "Responsibleofficer") in squeezed(pages[0])
    sheet = sheet_of(ledger(language))
    assert sheet.print_title_rows == "$6:$6"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.cell(1, len(COLUMNS) - 1).value == (
        "個人情報保護管理者" if language is Language.JA else "Responsible officer"
    )


def test_days_count_from_arrival_to_answer() -> None:
    assert ledger_row(1, arrived_on=date(2026, 11, 2), answered_on=date(2026, 11, 16)).days == 14
    assert ledger_row(1, answered_on=None).days is None


def test_the_summary_counts_kinds_and_what_is_open() -> None:
    said = ledger(Language.JA).summary()
    assert said.startswith("請求事項 計 30 件（開示 4、")
    assert said.endswith("うち対応中 1 件")


@pytest.mark.parametrize("attack", ["=1+1", "+cmd|x", "@SUM(A1)", "-2+3"])
def test_no_cell_becomes_a_formula(attack: str) -> None:
    row = ledger_row(1, remark=Text(attack, attack), requester=personal(attack), complaint=Text("\x07x", "\x07x"))
    book = dataclasses.replace(ledger(Language.JA), rows=(row,))
    sheet = sheet_of(book)
    cell = sheet.cell(7, len(COLUMNS))
    assert (cell.value, cell.data_type) == (attack, "s")
    assert all(cell.data_type in {"s", "n"} for line in sheet.iter_rows() for cell in line)
    assert sheet.cell(7, len(COLUMNS) - 1).value == "x"


def test_a_copy_can_leave_out_who_asked() -> None:
    book = dataclasses.replace(ledger(Language.JA), rows=(ledger_row(1, requester=None),))
    assert "𠮷乃" not in text_of(render(book).pdf)
    assert "本人" in text_of(render(book).pdf)
    assert "𠮷乃" in text_of(render(ledger(Language.JA)).pdf)
