"""個人情報管理台帳  The register as the table an assessor asks for (reference 4.1), as Excel or CSV."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import TYPE_STRING
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from daicho.policy.language import Policy
from daicho.register.language import Bilingual, HoldingPart
from daicho.register.reading import Rpd, StoreRef
from daicho.words.text import Language, Text

#: The columns of reference 4.1, in its order, with the fields that fill them.
COLUMNS: Final[tuple[tuple[str, Text], ...]] = (
    ("reg_no", Text("No.", "No.")),
    ("name", Text("個人情報の名称", "Name")),
    ("organisation", Text("組織", "Organisation")),
    ("subject_category", Text("本人の区分", "Whose")),
    ("items", Text("項目", "Items")),
    ("purposes", Text("利用目的", "Purposes")),
    ("sensitive", Text("要配慮個人情報", "Special care")),
    ("spi", Text("特定個人情報", "Individual Number")),
    ("rpd", Text("保有個人データ該当", "Retained personal data")),
    ("entruster", Text("委託元", "Entrusted by")),
    ("acquisition_route", Text("取得経路・方法", "Acquired by")),
    ("direct_in_writing", Text("直接書面取得", "Directly in writing")),
    ("notice_ref", Text("通知・同意の書面", "Notice")),
    ("count_range", Text("件数", "Count")),
    ("medium", Text("媒体", "Medium")),
    ("store", Text("保管先", "Store")),
    ("storage_place", Text("保管場所", "Storage place")),
    ("storage_method", Text("保管方法", "Storage method")),
    ("access_roles", Text("アクセス権者", "Access")),
    ("use_period", Text("利用期限", "Used until")),
    ("retention_period", Text("保管期限", "Kept until")),
    ("retention_basis", Text("保管の根拠", "Basis of retention")),
    ("disposal_method", Text("廃棄方法", "Disposal")),
    ("entrusted_to", Text("委託先", "Entrusted to")),
    ("provided_to", Text("提供先", "Provided to")),
    ("joint_use", Text("共同利用", "Joint use")),
    ("owner_dept", Text("管理部門", "Department")),
    ("manager", Text("責任者", "Manager")),
    ("risk_ref", Text("リスク分析参照", "Risk analysis")),
    ("created_on", Text("作成日", "Created")),
    ("reviewed_on", Text("見直し日", "Reviewed")),
    ("status", Text("状態", "Status")),
)

_YES_NO: Final = {True: Text("該当", "yes"), False: Text("非該当", "no")}
_RPD: Final = {Rpd.YES: Text("該当", "yes"), Rpd.NO: Text("非該当", "no"), Rpd.ENTRUSTED: Text("受託", "entrusted")}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def ledger_rows(
    holdings: Sequence[HoldingPart], *, policy: Policy | None, stores: Mapping[str, StoreRef], language: Language
) -> list[list[str]]:
    """Headings, then one row a holding; codes are said in the policy's words where it knows them."""
    names = names_of(policy, stores, language)
    rows = [[heading.say(language) for _, heading in COLUMNS]]
    rows += [[say_cell(getattr(one, key), names.get(key), language) for key, _ in COLUMNS] for one in holdings]
    return rows


def names_of(
    policy: Policy | None, stores: Mapping[str, StoreRef], language: Language
) -> dict[str, Callable[[str], str]]:
    """Field → what says one of its codes; a code nobody knows stays as it is."""

    def lookup(known: Mapping[str, Text]) -> Callable[[str], str]:
        return lambda code: known[code].say(language) if code in known else code

    found = {"store": lookup({code: ref.name for code, ref in stores.items()})}
    if policy is not None:
        found |= {
            "organisation": lookup({one.code: one.name for one in policy.organisations}),
            "subject_category": lookup({one.code: one.name for one in policy.subjects}),
            "items": lookup({one.code: one.name for one in policy.items}),
            "purposes": lookup({one.code: one.says for one in policy.purposes}),
            "entrusted_to": lookup({one.code: one.name for one in policy.entrustees}),
            "provided_to": lookup({one.code: one.name for one in policy.recipients}),
            "joint_use": lookup({one.code: one.title or one.heading for one in policy.joint_use}),
        }
    return found


def say_cell(value: Any, name: Callable[[str], str] | None, language: Language) -> str:  # noqa: PLR0911 (one case a type)
    """One cell in the words of ``language``."""
    match value:
        case None:
            return ""
        case bool():
            return _YES_NO[value].say(language)
        case Rpd():
            return _RPD[value].say(language)
        case Bilingual():
            return value.as_text().say(language)
        case tuple():
            separator = "、" if language == Language.JA else ", "
            return separator.join(name(one) if name else one for one in value)
        case Enum():
            return str(value.value)
        case str():
            return name(value) if name else value
        case _:
            return str(value)


def ledger_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """CSV as Excel opens it in Japan: UTF-8 with a mark, quoted; a leading ``=`` is made harmless."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def ledger_workbook(rows: Sequence[Sequence[str]], *, title: str) -> bytes:
    """One sheet, the headings frozen and repeated on every printed page."""
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError(type(sheet).__name__)
    sheet.title = title[:31]
    wrapped, bold, shade = (
        Alignment(wrap_text=True, vertical="top"),
        Font(bold=True),
        PatternFill("solid", fgColor="E7ECEF"),
    )
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(row=number, column=column, value=text)
            cell.data_type = TYPE_STRING  # never a formula, whatever the text begins with
            cell.alignment = wrapped
            if number == 1:
                cell.font = bold
                cell.fill = shade
    for column in range(1, len(COLUMNS) + 1):
        longest = max((len(row[column - 1]) for row in rows), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(10, longest * 1.6), 42)
    sheet.freeze_panes = "C2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 8  # A3, the size this table is printed in
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
