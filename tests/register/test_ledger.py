"""The 個人情報管理台帳 as a table: what is written can be read back, and what is not understood is kept in sight."""

import io
from pathlib import Path

import openpyxl
import pytest

from daicho.policy.language import Policy, read_policy
from daicho.register.compile import store_ref
from daicho.register.documents import read_file
from daicho.register.language import HoldingPart, HoldingsDocument, StoreDocument
from daicho.register.ledger import ledger_csv, ledger_rows, ledger_workbook
from daicho.register.ledger_reading import TODO, draft_holdings, read_ledger
from daicho.register.reading import StoreRef
from daicho.words.errors import DocumentError, InputError
from daicho.words.text import Language

EXAMPLE = Path(__file__).parents[2] / "examples/staffing-group"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return read_policy((EXAMPLE / "policy-2026.yaml").read_bytes(), path="policy").policy


@pytest.fixture(scope="module")
def stores() -> list[StoreRef]:
    models = [
        read_file(path.read_bytes(), path=path.name).model
        for path in sorted((EXAMPLE / "register/stores").glob("*.yaml"))
    ]
    return [store_ref(model) for model in models if isinstance(model, StoreDocument)]


@pytest.fixture(scope="module")
def holdings() -> tuple[HoldingPart, ...]:
    model = read_file((EXAMPLE / "register/holdings.yaml").read_bytes(), path="holdings").model
    assert isinstance(model, HoldingsDocument)
    return model.holdings


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_what_was_exported_is_imported_as_the_same_rows(
    policy: Policy, stores: list[StoreRef], holdings: tuple[HoldingPart, ...], language: Language, suffix: str
):
    rows = ledger_rows(holdings, policy=policy, stores={one.code: one for one in stores}, language=language)
    raw = ledger_csv(rows) if suffix == "csv" else ledger_workbook(rows, title="台帳")
    read = read_ledger(raw, path=f"x.{suffix}")
    assert len(read) == len(holdings)
    drawn = draft_holdings(read, organisation="copro-holdings", policy=policy, stores=stores)
    model = read_file(drawn.text.encode(), path="drawn").model
    assert isinstance(model, HoldingsDocument)
    kept = ("reg_no", "organisation", "subject_category", "items", "store", "rpd", "sensitive", "spi",
            "retention_period", "access_roles", "created_on", "reviewed_on", "status")  # fmt: skip
    for before, after in zip(holdings, model.holdings, strict=True):
        assert {name: getattr(after, name) for name in kept} == {name: getattr(before, name) for name in kept}
        assert after.name.as_text().say(language) == before.name.as_text().say(language)


def test_an_existing_table_with_a_title_and_other_headings_is_read(policy: Policy):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["個人情報管理台帳（2025年度）"])
    sheet.append([])
    sheet.append(
        ["管理番号", "個人情報名", "対象者", "個人情報の項目", "利用の目的", "保存期間", "マイナンバー", "備考"]
    )
    sheet.append(["A-1", "履歴書", "従業員", "氏名・住所、血液型", "お取引先との連絡", "退職後3年", "無", "鍵付き"])
    sheet.append([None, None, None])
    out = io.BytesIO()
    book.save(out)
    rows = read_ledger(out.getvalue(), path="台帳.xlsx")
    drawn = draft_holdings(rows, organisation="copro-holdings", policy=policy, stores=[])
    assert drawn.rows == 1
    assert "# ? items: 血液型" in drawn.text
    assert "# ? store: -" in drawn.text
    assert "retention_period: 退職後3年" in drawn.text
    assert f"items: [name, address, {TODO}]" in drawn.text
    with pytest.raises(DocumentError) as caught:  # rpd was not in the table: nobody may guess it
        read_file(drawn.text.encode(), path="drawn")
    assert [one.code for one in caught.value.problems] == ["enum"]


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"PK\x03\x04 broken", "x.xlsx"),
        (b"", "x.xlsx"),
        (b"a,b\n1,2\n", "x.csv"),
        (b"\x81", "x.csv"),
        (b"", "x.csv"),
    ],
)
def test_what_is_no_ledger_is_refused_with_its_name(raw: bytes, path: str):
    with pytest.raises(InputError) as caught:
        read_ledger(raw, path=path)
    assert str(caught.value.place) == path


def test_a_ledger_from_old_excel_in_shift_jis_is_read():
    rows = read_ledger("番号,名称,保管場所\n1,名刺,机\n".encode("cp932"), path="x.csv")
    assert rows == [{"reg_no": "1", "name": "名刺", "storage_place": "机"}]
