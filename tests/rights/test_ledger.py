"""開示等請求受付簿: what an assessor reads, in numbers that do not grow with the year's requests."""

import io
import json
import stat
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daicho.cli.main import run
from daicho.letters.ledger import COLUMNS
from daicho.rights.actions.noticing import notify
from daicho.rights.actions.printing import export_ledger
from daicho.rights.actions.receiving import check_request, open_request, withdraw_request
from daicho.rights.actions.recording import Money, dispose_document, record_fee
from daicho.rights.queries import get_request, list_ledger
from daicho.rights.rules import ClaimState
from daicho.trail.queries import list_entries
from daicho.words.errors import NotFoundError
from daicho.words.text import Language
from tests.letters.reading import text_of
from tests.rights.desk import HANAKO, ORGANISATION
from tests.rights.outcomes import AGENT, NOBODY, How, worked

HEADINGS = [column.name.ja for column in COLUMNS]


def rows_of(content: bytes) -> list[dict[str, str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    table = [[cell if cell is not None else "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    start = next(index for index, row in enumerate(table) if row[0] == HEADINGS[0])
    return [
        dict(zip(HEADINGS, map(str, row), strict=True)) for row in table[start + 1 :] if str(row[0]).startswith("R-")
    ]


def exported(desk, year=2026, **more) -> tuple[list[dict[str, str]], str]:
    files, _ = export_ledger(year, language=Language.JA, scope=desk.clerk, at=desk.at, **more)
    content = {file.name.rpartition(".")[2]: file.content for file in files}
    return rows_of(content["xlsx"]), text_of(content["pdf"])


def test_every_way_a_request_can_end_stands_in_the_ledger(desk_with_cabinet):
    desk = desk_with_cabinet
    refused = How(decision=ClaimState.REFUSED, ground="impedes_business")
    partly = worked(desk, {"kind": "disclosure"}, How(cells="harms_rights", paper="found")).number
    no = worked(desk, {"kind": "disclosure"}, refused, **AGENT).number
    absent = worked(desk, {"kind": "disclosure"}, How(decision=ClaimState.NOT_HELD), person=NOBODY).number
    erased = worked(desk, {"kind": "erase", "basis": "no_longer_needed"}).number
    gone = open_request(desk.intake({"kind": "disclosure"}, channel="counter"), scope=desk.clerk, at=desk.at)
    withdraw_request(gone, scope=desk.clerk, at=desk.at)
    short = open_request(desk.intake({"kind": "disclosure"}), scope=desk.clerk, at=desk.at)
    record_fee(short, Money(face_value=300), scope=desk.clerk, at=desk.at)
    check_request(short, identity=False, scope=desk.clerk, at=desk.at)
    notify(short, "missing", scope=desk.clerk, at=desk.at, folder=desk.files)
    notify(short, "missing", scope=desk.clerk, at=desk.at, folder=desk.files)
    notify(short, "return", scope=desk.clerk, at=desk.at + timedelta(days=20), folder=desk.files)
    open_one = desk.verified({"kind": "disclosure"}, {"kind": "stop_provision"})

    rows, pdf = exported(desk)
    by = {row["受付番号"]: row for row in rows}
    assert list(by) == [f"{number}-1" for number in (partly, no, absent, erased, gone, short, open_one)] + [
        f"{open_one}-2"
    ]
    assert by[f"{partly}-1"]["決定・決定者"].split("\n") == ["一部応諾", "R8.11.24", "Boss"]
    assert "個人情報保護法第33条第2項第1号" in by[f"{partly}-1"]["根拠"]
    assert by[f"{partly}-1"]["調査\n(有/先)"] == "2/2"
    assert by[f"{partly}-1"]["本人確認"] == "運転免許証\nR8.11.24"
    assert by[f"{partly}-1"]["手数料"] == "500円"
    assert by[f"{partly}-1"]["日数"] == "0"
    assert "写しの廃棄予定 R8.12.24" in by[f"{partly}-1"]["備考"]
    assert by[f"{no}-1"]["決定・決定者"].startswith("不応諾")
    assert "当社の業務の適正な実施に著しい支障" in by[f"{no}-1"]["根拠"]
    assert "手数料返却 R8.11.24" in by[f"{no}-1"]["備考"]
    assert by[f"{no}-1"]["請求者・区分"] == "高橋 花子（﨑山 一郎）\n本人が委任した代理人"
    assert by[f"{no}-1"]["本人確認"].startswith("運転免許証、委任状、印鑑登録証明書")
    assert by[f"{absent}-1"]["決定・決定者"].startswith("不存在")
    assert by[f"{erased}-1"]["手数料"] == "―"
    assert by[f"{gone}-1"]["決定・決定者"] == "取下げ"
    assert by[f"{gone}-1"]["経路"] == "窓口"
    assert by[f"{short}-1"]["決定・決定者"] == "返戻"
    assert by[f"{short}-1"]["日数"] == "20"
    assert "補正依頼 R8.11.24" in by[f"{short}-1"]["備考"]
    assert by[f"{open_one}-1"]["決定・決定者"] == "対応中"
    assert [by[f"{open_one}-{place}"]["手数料"] for place in (1, 2)] == ["500円", "―"]
    assert "計8件" in pdf
    assert "うち対応中2件" in pdf


def test_the_end_of_id_copies_is_told_when_the_last_one_is_gone(desk):
    number = worked(desk, {"kind": "erase", "basis": "no_longer_needed"}).number
    (copy,) = [one for one in get_request(number, scope=desk.clerk, on=desk.at.date()).documents if one["dispose_on"]]
    heading = "確認書類の\n廃棄・返却"
    assert exported(desk)[0][0][heading] == "―"
    dispose_document(
        copy["ref"], "shredded", on=date(2026, 12, 20), scope=desk.clerk, at=desk.at.replace(month=12, day=20)
    )
    (row,) = exported(desk)[0]
    assert row[heading] == "廃棄\nR8.12.20"
    assert "廃棄予定" not in row["備考"]


def test_a_year_without_a_request_has_its_book_too(desk):
    worked(desk, {"kind": "erase", "basis": "no_longer_needed"})
    rows, pdf = exported(desk, 2025)
    assert rows == []
    assert "令和7年1月1日から令和7年12月31日まで" in pdf
    assert "この期間に受け付けた開示等の請求はありません（0件）" in pdf


def test_a_copy_without_names_tells_none(desk):
    worked(desk, {"kind": "erase", "basis": "no_longer_needed"}, **AGENT)
    assert "高橋花子" in exported(desk)[1]
    files, _ = export_ledger(2026, names=False, language=Language.JA, scope=desk.clerk, at=desk.at)
    rows, pdf = rows_of(files[0].content), text_of(files[1].content)
    assert rows[0]["請求者・区分"] == "本人が委任した代理人"
    for name in ("高橋", "花子", "﨑山"):
        assert name not in pdf


def test_exporting_is_told_in_the_trail_and_a_foreign_organisation_is_not_found(desk):
    worked(desk, {"kind": "erase", "basis": "no_longer_needed"})
    exported(desk, organisation=ORGANISATION)
    told = [one for one in list_entries(scope=desk.officer) if one.event == "ledger.exported"]
    assert [(one.organisation, one.facts["year"], one.facts["rows"]) for one in told] == [(ORGANISATION, 2026, 1)]
    with pytest.raises(NotFoundError):
        exported(desk, organisation="copro-career")


def test_a_longer_year_takes_no_more_statements(desk):
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            list_ledger(2026, scope=desk.clerk)
        return len(seen)

    desk.verified({"kind": "disclosure"})
    few = statements()
    for _ in range(8):
        desk.verified({"kind": "disclosure"}, {"kind": "stop_provision"}, person=HANAKO)
    assert len(list_ledger(2026, scope=desk.clerk)) == 9
    assert statements() == few


def test_the_ledger_comes_from_the_command_line_for_an_auditor_too(desk, tmp_path: Path):
    worked(desk, {"kind": "erase", "basis": "no_longer_needed"})
    out = io.StringIO()
    arguments = ["rights", "ledger", "--year", "2026", "--to", str(tmp_path / "books"), "--as", "carol"]
    assert run([*arguments, "--format", "json"], out=out) == 0
    told = json.loads(out.getvalue())
    assert (told["year"], told["rows"]) == (2026, 1)
    assert {Path(path).suffix for path in told["files"]} == {".xlsx", ".pdf"}
    for path in told["files"]:
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
    assert "高橋" not in out.getvalue()
    assert run(["rights", "ledger", "--year", "99", "--to", str(tmp_path), "--as", "carol"], err=io.StringIO()) == 2
    stranger = ["rights", "ledger", "--year", "2026", "--to", str(tmp_path), "--as", "engineer"]
    assert run(stranger, err=io.StringIO()) == 3
