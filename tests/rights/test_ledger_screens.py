"""受付簿 on the screen: years with nothing, approval by another, what changes after it, and an old Excel file."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from daicho.people.actions import create_account
from daicho.people.rules import Role
from daicho.register.spreadsheet import read_cells
from daicho.rights.actions.receiving import open_request
from daicho.rights.models import LedgerApproval, LedgerImport, PastRequest, SubjectRequest
from daicho.rights.past import find_table, guess_columns, read_rows
from daicho.rights.queries import list_ledger
from daicho.trail.queries import list_entries
from daicho.words.errors import InputError
from tests.letters.reading import text_of
from tests.rights.desk import AT, ORGANISATION, Desk
from tests.rights.pages import Screen
from tests.rights.screens import at

HEADINGS = ["No", "受付日", "請求者", "請求の種類", "手数料", "対応結果", "回答日", "備考"]
GOOD: list[Any] = ["H30-1", "平成30年5月1日", "古井 昔", "開示", "500円", "全部開示", "平成30年5月10日", "郵送"]
ROWS: list[list[Any]] = [
    GOOD,
    ["H30-2", datetime(2018, 6, 1), "別名 某", "訂正、利用停止", None, "応諾", "2018/6/9", None],  # noqa: DTZ001 (Excel has no zones)
    ["H30-3", "四月ごろ", "不明 人", "開示", None, None, None, None],
    ["H30-4", "2018-07-01", "誤り 種", "苦情", None, None, None, None],
    ["H30-5", "2018-08-02", "順序 逆", "開示", "無料", "不開示", "2018-08-01", None],
    ["H30-1", "2018-05-01", "重複 者", "開示", None, None, None, None],
]


def workbook(rows: list[list[Any]] = ROWS, headings: list[str] = HEADINGS) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    lines: list[list[Any]] = [["開示等請求受付簿（平成30年）"], [], headings, *rows]
    for line in lines:
        sheet.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, AT)


def digest_of(screen: Screen, year: int) -> str:
    """What an approver of the year has before them."""
    (digest,) = re.findall(r'name="digest" value="([0-9a-f]{64})"', screen.see(f"/requests/ledger/{year}/approval/"))
    return str(digest)


def send(screen: Screen, content: bytes, name: str = "受付簿.xlsx") -> str:
    return screen.do("/requests/ledger/import/", {"file": SimpleUploadedFile(name, content)})


# ── approval ─────────────────────────────────────────────────────────────────────────────────


def test_a_year_without_a_request_is_shown_printed_and_approved(desk: Desk):
    boss = Screen("boss")
    page = boss.see("/requests/ledger/2025/")
    assert "0件" in page
    done = boss.do("/requests/ledger/2025/approve/", {"digest": digest_of(boss, 2025)})
    assert "承認しました" in done
    assert "承認済み" in boss.see("/requests/ledger/2025/approval/")
    assert LedgerApproval.objects.get().rows == {}
    assert boss.file("/requests/ledger/2025/file/pdf/").startswith(b"%PDF")
    book = load_workbook(io.BytesIO(boss.file("/requests/ledger/2025/file/xlsx/")))
    assert "Boss" in str([cell.value for row in book.worksheets[0].iter_rows() for cell in row])


def test_what_changes_after_the_approval_shows(desk: Desk):
    first = desk.verified({"kind": "disclosure"})
    boss = Screen("boss")
    digest = digest_of(boss, 2026)
    boss.do("/requests/ledger/2026/approve/", {"digest": digest})
    assert "承認後の変更" not in boss.see("/requests/ledger/2026/")
    second = open_request(desk.intake({"kind": "erase"}), scope=desk.clerk, at=AT)
    page = boss.see("/requests/ledger/2026/")
    assert page.count("承認後の変更</span>") == 1
    assert second in page.split("承認後の変更</span>")[0].rsplit("<tr>", 1)[1]
    assert first in page
    whole = boss.see("/requests/ledger/2026/approval/")
    assert "変わった行・加わった行 1" in whole
    assert f"{second}-" in whole
    assert f"{first}-" not in whole
    assert "変わっています" in boss.do("/requests/ledger/2026/approve/", {"digest": digest})
    assert LedgerApproval.objects.count() == 1


def test_who_kept_the_ledger_does_not_approve_it(desk: Desk):
    open_request(desk.intake({"kind": "erase"}), scope=desk.officer, at=AT)
    boss = Screen("boss")
    digest = digest_of(boss, 2026)
    assert "別の個人情報保護管理者" in boss.do("/requests/ledger/2026/approve/", {"digest": digest})
    create_account(
        "second", display_name="二人目", organisation=ORGANISATION, roles=[Role.OFFICER], scope=desk.officer, at=AT
    )
    assert "二人目" in Screen("second").do("/requests/ledger/2026/approve/", {"digest": digest})
    Screen("clerk").do("/requests/ledger/2026/approve/", {"digest": digest}, status=403)


def test_an_auditor_sees_the_ledger_without_names(desk: Desk):
    desk.verified({"kind": "disclosure"})
    assert "高橋" in Screen("clerk").see("/requests/ledger/2026/")
    carol = Screen("carol", language="en")
    page = carol.see("/requests/ledger/2026/")
    assert "高橋" not in page
    assert "Ledger of requests" in page
    book = load_workbook(io.BytesIO(carol.file("/requests/ledger/2026/file/xlsx/")))
    assert "高橋" not in str([cell.value for row in book.worksheets[0].iter_rows() for cell in row])
    carol.see("/requests/ledger/1999/", status=404)


# ── an old Excel file ────────────────────────────────────────────────────────────────────────


def test_good_rows_are_brought_over_and_bad_ones_told_with_row_and_column(desk: Desk):
    clerk = Screen("clerk")
    page = send(clerk, workbook())
    assert "古井 昔" in page
    told = re.findall(r'<td class="number"[^>]*>(\d+)</td><td[^>]*>([^<]*)</td>', page)
    assert told == [("6", "受付日"), ("7", "請求の種類"), ("8", "回答日"), ("9", "No")]
    files = list(desk.files.glob("*.sealed"))
    assert files
    assert "古井".encode() not in b"".join(one.read_bytes() for one in files)
    columns = dict(re.findall(r'<input type="hidden" name="(column-\w+)" value="(\d*)"', page))
    done = clerk.do("/requests/ledger/import/take/", columns)
    assert "2 行を移行しました" in done
    assert list(desk.files.glob("*.sealed")) == []
    assert "古井".encode() not in b"".join(bytes(one.facts) for one in PastRequest.objects.all())
    year = clerk.see("/requests/ledger/2018/")
    assert "古井 昔" in year
    assert year.count("移行") >= 3
    assert "利用の停止" in year
    uploaded = PastRequest.objects.count()
    again = send(clerk, workbook())
    assert "同じ番号・同じ日の行が既にあります" in again
    assert PastRequest.objects.count() == uploaded
    ref = LedgerImport.objects.get().ref
    assert "2 行を取り消しました" in clerk.do(f"/requests/ledger/import/{ref}/undo/")
    assert PastRequest.objects.count() == 0
    assert "古井" not in clerk.see("/requests/ledger/2018/")
    assert "取消済み" in clerk.do(f"/requests/ledger/import/{ref}/undo/")


def test_columns_are_matched_by_hand_where_the_headings_say_nothing(desk: Desk):
    clerk = Screen("clerk")
    page = send(clerk, workbook([["1", "開示", "2018-05-01"]], ["番号", "種別", "いつ"]))
    assert "到達日（受付日）" in page
    seen = clerk.see("/requests/ledger/import/?column-kind=1&column-arrived_on=2&column-number=0")
    assert "2018-05-01" in seen
    assert "1 行を移行する" in seen
    clerk.do("/requests/ledger/import/take/", {"leave": "yes"})
    assert list(desk.files.glob("*.sealed")) == []


def test_rows_are_read_in_every_way_of_writing_a_day_and_a_kind():
    table = find_table(
        [HEADINGS, GOOD, ["2", "H30.6.1", "a", "利用目的の通知及び第三者提供記録の開示", "1,000円", "", "", ""]]
    )
    good, faults = read_rows(table, guess_columns(table.headings), today=AT.date())
    assert faults == []
    assert [one.arrived_on.isoformat() for one in good] == ["2018-05-01", "2018-06-01"]
    assert good[1].fee == 1000
    assert len(good[1].kinds) == 2


def zipped(parts: dict[str, bytes], *, level: int = 9) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    return zipped(parts | {name: content})


BOMB = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">]><sst>&a;</sst>'
HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "text": lambda: b"hello",
    "an-old-workbook": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "a-plain-zip": lambda: zipped({"a.txt": b"a"}),
    "a-polyglot": lambda: b"%PDF-1.7\n" + workbook(),
    "cut-short": lambda: workbook()[:-300],
    "a-zip-bomb": lambda: with_part("xl/media/big.xml", bytes(70 * 1024 * 1024)),
    "many-parts": lambda: zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""} | {f"xl/{n}.xml": b"" for n in range(600)}),
    "entities": lambda: with_part("xl/sharedStrings.xml", BOMB),
    "entities-in-utf-16": lambda: with_part("xl/sharedStrings.xml", BOMB.decode().encode("utf-16")),
    "macros": lambda: with_part("xl/vbaProject.bin", b"x"),
    "outside": lambda: with_part("../../etc/cron.d/x", b"x"),
    "foreign-links": lambda: with_part("xl/externalLinks/externalLink1.xml", b"<a/>"),
    "no-sheet": lambda: zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}),
    "broken-xml": lambda: with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(name: str):
    with pytest.raises(InputError):
        read_cells(HOSTILE[name]())


@pytest.mark.parametrize("name", ["text", "a-zip-bomb", "entities", "broken-xml", "a-polyglot"])
def test_a_hostile_upload_is_told_and_leaves_nothing(desk: Desk, name: str):
    page = send(Screen("clerk"), HOSTILE[name](), name="../../x.xlsx")
    assert "保存し直してください" in page
    assert not list(desk.files.glob("M-*"))


def test_a_formula_comes_as_nothing_and_a_script_as_text(desk: Desk):
    rows: list[list[Any]] = [["=cmd()", "2018-05-01", "<script>alert(1)</script>", "開示", None, "=1+1", None, None]]
    page = send(Screen("clerk"), workbook(rows))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


# ── a long year ──────────────────────────────────────────────────────────────────────────────


def numbers_in(page: str) -> list[str]:
    """The requests and brought-over rows a page of the ledger lists, in its order."""
    return [re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r'<th scope="row"[^>]*>(.*?)</th>', page)]


def bring_over(screen: Screen, rows: list[list[Any]]) -> None:
    """Take the rows of an old ledger over."""
    page = send(screen, workbook(rows))
    screen.do("/requests/ledger/import/take/", dict(re.findall(r'name="(column-\w+)" value="(\d*)"', page)))


def test_a_long_year_comes_in_pages_and_is_printed_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("daicho.rights.ledger_page.PAGE", 3)
    monkeypatch.setattr("daicho.rights.views.ledger.PAGE", 3)
    monkeypatch.setattr("daicho.rights.views.ledger._AT_ONCE", 3)
    opened = [open_request(desk.intake({"kind": "erase"}, {"kind": "disclosure"}), scope=desk.clerk, at=AT)] + [
        open_request(desk.intake({"kind": "erase"}), scope=desk.clerk, at=AT) for _ in range(4)
    ]
    clerk = Screen("clerk")
    bring_over(clerk, [["旧-1", "2026-01-05", "古井 昔", "開示", None, "開示", "2026-01-09", None]])
    pages = [clerk.see(f"/requests/ledger/2026/?page={number}") for number in (1, 2)]
    shown = [numbers_in(page) for page in pages]
    assert shown[0] == ["旧-1", f"{opened[0]}-1", f"{opened[0]}-2", f"{opened[1]}-1"]
    assert shown[1] == [f"{number}-1" for number in opened[2:]]
    assert "受付 6 通のうち 1–3" in pages[0]
    assert "計 7 件" in pages[0], "the sum is of the year, not of the page"
    assert "うち対応中 6 件" in pages[0]
    assert numbers_in(clerk.see("/requests/ledger/2026/?page=99")) == shown[1]
    assert 'hx-trigger="load"' not in pages[0], "a long year is read when somebody asks"
    printed = load_workbook(io.BytesIO(clerk.file("/requests/ledger/2026/file/xlsx/"))).worksheets[0]
    cells = [str(cell.value) for row in printed.iter_rows(max_col=1) for cell in row]
    assert [cell for cell in cells if cell.startswith(("R-", "旧"))] == [*shown[0], *shown[1]]


def test_a_page_of_the_ledger_takes_no_more_statements_in_a_longer_year(desk: Desk):
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            clerk.see("/requests/ledger/2026/")
        return len(seen)

    clerk = Screen("clerk")
    open_request(desk.intake({"kind": "erase"}), scope=desk.clerk, at=AT)
    statements()
    few = statements()
    for _ in range(4):
        open_request(desk.intake({"kind": "erase"}), scope=desk.clerk, at=AT)
    statements()  # what is counted once is counted
    assert statements() == few


def test_a_request_to_two_companies_stands_in_both_ledgers(desk: Desk):
    rows = SubjectRequest.objects
    number = open_request(desk.intake({"kind": "erase"}), scope=desk.clerk, at=AT)
    other = open_request(desk.intake({"kind": "erase"}), scope=desk.clerk, at=AT)
    rows.filter(number=number).update(addressed=[ORGANISATION, "copro-career"])
    both = [one.number for one in list_ledger(2026, scope=desk.clerk, organisations=frozenset({"copro-career"}))]
    assert both == [number]
    assert {one.number for one in list_ledger(2026, scope=desk.clerk)} == {number, other}
    assert list_ledger(2026, scope=desk.clerk, organisations=frozenset({"copro"})) == [], "no part of a code counts"


def test_a_long_year_is_printed_in_parts_each_with_the_sum_of_the_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("daicho.rights.actions.printing.PART", 2)
    numbers = [open_request(desk.intake({"kind": "erase"}), scope=desk.clerk, at=AT) for _ in range(3)]
    packed = zipfile.ZipFile(io.BytesIO(Screen("clerk").file("/requests/ledger/2026/file/pdf/")))
    names = [f"request-ledger-2026-{ORGANISATION}-{part:02d}.pdf" for part in (1, 2)]
    assert packed.namelist() == names
    first, second = (text_of(packed.read(name)) for name in names)
    assert "分冊1/2" in first
    assert "分冊2/2" in second
    assert "計3件" in first
    assert "計3件" in second
    assert [f"{number}-1" in first for number in numbers] == [True, True, False]
    assert [f"{number}-1" in second for number in numbers] == [False, False, True]
    assert len([one for one in list_entries(scope=desk.officer) if one.event == "ledger.exported"]) == 1
