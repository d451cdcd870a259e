"""A table the company keeps today: looked at, then taken; what cannot be read is told and nothing is half taken."""

import io
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from daicho.register.models import RegisterRevision
from daicho.register.queries import list_holding_parts
from tests.register.screens import ALICE, GROUP, NOW, fill_register, form_of, publish_policy, said, seat_everybody, sit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _register(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAICHO_AT", NOW)
    seat_everybody()
    publish_policy()
    fill_register(workspace)


def part(reg_no: str):
    return next(one for one in list_holding_parts(scope=ALICE) if one.reg_no == reg_no)


def upload(client, raw: bytes, name: str):
    return client.post("/register/import/", {"file": SimpleUploadedFile(name, raw), "organisation": GROUP})


def take(client, page):
    sent = {"text": page.context["preview"].text, "base": page.context["bases"]}
    return client.post("/register/import/take/", sent, follow=True)


def changed(raw: bytes, suffix: str, **cells: str) -> bytes:
    """The exported table with cells of its first row changed: heading → text."""
    if suffix == "csv":
        text = raw.decode("utf-8-sig")
        for before, after in cells.items():
            assert before in text
            text = text.replace(before, after, 1)
        return text.encode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(raw))
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            cell.value = cells.get(str(cell.value), cell.value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_was_exported_says_nothing_new_and_a_changed_cell_is_the_only_change(language: str, suffix: str):
    client = sit("alice", language)
    raw = client.get(f"/register/export.{suffix}").content
    page = upload(client, raw, f"台帳.{suffix}")
    preview = page.context["preview"]
    assert (len(preview.same), preview.good, preview.bad) == (3, [], [])
    page = upload(client, changed(raw, suffix, 取引終了後5年="取引終了後6年"), f"台帳.{suffix}")
    (row,) = page.context["preview"].good
    assert [(one.path, one.before, one.after) for one in row.differences] == [
        ("retention_period", "取引終了後5年", "取引終了後6年")
    ]
    assert part("H-001").retention_period == "取引終了後5年"  # looking changes nothing
    take(client, page)
    assert part("H-001").retention_period == "取引終了後6年"
    assert (part("H-001").name.en, part("H-001").count_range) == ("Customer master", 300)


OLD = """\
個人情報管理台帳（2025年度）
管理番号,個人情報名,対象者,個人情報の項目,利用の目的,保管先,保有個人データ,健康診断,保存期間
A-1,社員名簿,従業員,氏名・住所,人事及び労務の管理,契約書キャビネット,該当,,退職後5年
A-2,血液型の一覧,従業員,氏名、血液型,人事及び労務の管理,契約書キャビネット,該当,,3年
A-3,健診結果,従業員,健康診断の結果,人事及び労務の管理,契約書キャビネット,該当,,5年
A-4,名簿,従業員,氏名,人事及び労務の管理,どこか,たぶん,,5年
A-1,社員名簿（写し）,従業員,氏名,人事及び労務の管理,契約書キャビネット,該当,,1年
H-001,顧客台帳,,,,契約書キャビネット,,,
"""


def purposes_said() -> str:
    from daicho.policy.queries import policy_in_force
    from tests.register.screens import AT

    return policy_in_force(GROUP, AT.date()).purposes_of("employees")[0].says.ja


def test_bad_rows_are_told_with_their_reasons_and_only_good_ones_are_taken():
    client = sit("sato", "ja")
    raw = OLD.replace("人事及び労務の管理", f'"{purposes_said()}"').encode("cp932")
    page = upload(client, raw, "古い台帳.csv")
    preview = page.context["preview"]
    bad = {row.number: {one.heading.ja for one in row.wrong} for row in preview.bad}
    assert set(bad) == {2, 3, 4, 5, 6}
    assert (bad[2], bad[4], bad[5]) == ({"項目"}, {"保管先", "保有個人データ該当"}, {"No."})
    assert "sensitive: yes" in said(page)  # row 3 holds health checks and does not say so
    assert "血液型" in said(page)
    assert [row.reg_no for row in preview.good] == ["A-1"]
    before = RegisterRevision.objects.count()
    assert "必要な欄が空です" not in said(page)  # H-001 is known, and its empty cells leave it alone
    take(client, page)
    assert RegisterRevision.objects.count() == before + 1
    assert part("A-1").items == ("name", "address")
    assert part("H-001").store == "crm"


def test_rows_that_changed_since_they_were_looked_at_stop_the_whole_table():
    client = sit("alice", "en")
    raw = client.get("/register/export.csv").content
    page = upload(client, changed(raw, "csv", 取引終了後5年="6年"), "x.csv")
    other = sit("sato", "en")
    path = f"/register/holdings/{GROUP}/H-001/edit/"
    other.post(path, form_of(other.get(path)) | {"manager": "sato"})
    before = RegisterRevision.objects.count()
    answer = take(client, page)
    assert "Nothing was taken" in said(answer)
    assert RegisterRevision.objects.count() == before
    assert part("H-001").manager == "sato"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"PK\x03\x04 not a workbook", "x.xlsx"),
        (b"a,b\n1,2\n", "x.csv"),
        (b"\x81", "x.csv"),
        (b"", "x.csv"),
        (b"<svg onload=alert(1)>", "../../x.svg"),
    ],
)
def test_what_is_no_table_is_refused(raw: bytes, name: str):
    client = sit("alice", "en")
    page = upload(client, raw, name)
    assert page.status_code == 422
    assert RegisterRevision.objects.count() == 6


def test_a_sent_text_is_planned_again_so_nothing_gets_past_the_checks():
    client = sit("alice", "en")
    foreign = (
        "holdings:\n  - reg_no: Z-1\n    name: {ja: 他社, en: Theirs}\n    organisation: other-company\n"
        "    subject_category: employees\n    items: [name]\n    purposes: [hiring-screening]\n    store: crm\n    rpd: yes\n"
    )
    answer = client.post("/register/import/take/", {"text": foreign})
    assert answer.status_code == 422
    store = "store: attic\nname: {ja: 屋根裏, en: Attic}\nkind: paper\norganisation: copro-holdings\ndepartment: {ja: 総務, en: General}\n"
    assert client.post("/register/import/take/", {"text": store}).status_code == 403
    assert client.post("/register/import/take/", {"text": "holdings: ["}).status_code == 422
    assert RegisterRevision.objects.count() == 6
