"""受付簿の表計算  The ledger as an Excel workbook, ready to print and to filter.

Every cell is written as text or number, never as a formula, whatever it begins with.
"""

import io
from datetime import datetime, time
from functools import lru_cache
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from daicho.letters.ledger import COLUMNS, LedgerBook
from daicho.words.text import Text

_THIN: Final = Side(style="thin", color="888888")
_BOX: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE: Final = PatternFill("solid", fgColor="EEEEEE")
_WRAPPED: Final = Alignment(wrap_text=True, vertical="center")
_FACE: Final = "Yu Gothic"
_HEAD_ROW: Final = 6
_CHARACTERS_PER_WIDTH: Final = 8


def ledger_workbook(book: LedgerBook) -> bytes:
    """The workbook as an ``.xlsx`` file."""
    workbook = Workbook()
    sheet = workbook.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has one worksheet")
    sheet.title = book.title()[:31]
    _write_top(sheet, book)
    _write_rows(sheet, book)
    _set_up_printing(sheet, book)
    made_at = datetime.combine(book.printed_on, time(12))
    workbook.properties.creator = book.house.company.say(book.language)
    workbook.properties.created = workbook.properties.modified = made_at
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _write_top(sheet: Worksheet, book: LedgerBook) -> None:
    say = book.language
    _put(_cell(sheet, 1, 1), book.title(), bold=True, size=16)
    _put(_cell(sheet, 2, 1), book.house.company.say(say))
    _put(_cell(sheet, 3, 1), book.period())
    _put(_cell(sheet, 4, 1), book.summary())
    last = len(COLUMNS)
    _put(_cell(sheet, 1, last - 1), book.approver_words())
    _put(_cell(sheet, 1, last), Text("承認印・日付", "Approval, date").say(say))
    stamp, day = book.approval()
    if stamp:
        _put(_cell(sheet, 2, last), f"{stamp}\n{day}")
    for row in range(1, 5):
        for column in (last - 1, last):
            _cell(sheet, row, column).border = _BOX
    _cell(sheet, 1, last - 1).alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    _cell(sheet, 2, last).alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    sheet.merge_cells(start_row=2, end_row=4, start_column=last, end_column=last)
    sheet.merge_cells(start_row=1, end_row=4, start_column=last - 1, end_column=last - 1)


def _write_rows(sheet: Worksheet, book: LedgerBook) -> None:
    for index, column in enumerate(COLUMNS, start=1):
        cell = _cell(sheet, _HEAD_ROW, index)
        _put(cell, column.name.say(book.language), bold=True)
        cell.fill = _SHADE
        _frame(cell)
        sheet.column_dimensions[get_column_letter(index)].width = column.width * _CHARACTERS_PER_WIDTH + 2
    ordered = sorted(book.rows, key=lambda row: (row.arrived_on, row.request_no))
    for number, row in enumerate(ordered, start=_HEAD_ROW + 1):
        for index, text in enumerate(book.cells(row), start=1):
            cell = _cell(sheet, number, index)
            _put(cell, text)
            _frame(cell)
    if not ordered:
        _put(_cell(sheet, _HEAD_ROW + 1, 1), book.summary())
        sheet.merge_cells(start_row=_HEAD_ROW + 1, end_row=_HEAD_ROW + 1, start_column=1, end_column=len(COLUMNS))


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError("only the first of merged cells is written")
    return cell


def _put(cell: Cell, text: str, *, bold: bool = False, size: int = 10) -> None:
    plain = ILLEGAL_CHARACTERS_RE.sub("", text)
    if plain.isdigit() and len(plain) < 4:  # noqa: PLR2004 (days: a number one can sum; request numbers stay text)
        cell.value = int(plain)
    else:
        cell.value = plain
        cell.data_type = "s"  # else a text that begins with = becomes a formula
    cell.font = _font(bold=bold, size=size)


@lru_cache
def _font(*, bold: bool, size: int) -> Font:
    """Made once: a long year has hundreds of thousands of cells."""
    return Font(name=_FACE, bold=bold, size=size)


def _frame(cell: Cell) -> None:
    cell.border = _BOX
    cell.alignment = _WRAPPED


def _set_up_printing(sheet: Worksheet, book: LedgerBook) -> None:
    last = get_column_letter(len(COLUMNS))
    sheet.freeze_panes = f"B{_HEAD_ROW + 1}"
    if book.rows:
        sheet.auto_filter.ref = f"A{_HEAD_ROW}:{last}{_HEAD_ROW + len(book.rows)}"
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if sheet.oddFooter is not None:
        sheet.oddFooter.center.text = "&P / &N"
