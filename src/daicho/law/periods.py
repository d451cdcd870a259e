"""保存期間  How long another law obliges a company to keep what it would otherwise erase.

Periods are data: pages differ on some of them (labour insurance), so a company confirms its own
before relying on a row that is not `Provenance.READ`.
"""

from dataclasses import dataclass
from typing import Final

from daicho.law.editions import Provenance
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One kind of document, its period in months (None: until the affair ends), and from when it runs."""

    code: str
    document: Text
    months: int | None
    from_event: Text
    basis: Text
    provenance: Provenance


def _period(
    code: str,
    document: Text,
    months: int | None,
    from_event: Text,
    basis: Text,
    provenance: Provenance = Provenance.KNOWN,
) -> Period:
    return Period(
        code=code, document=document, months=months, from_event=from_event, basis=basis, provenance=provenance
    )


_COMPLETION: Final = Text("完結の日", "completion")
_RECORD_MADE: Final = Text("記録を作成した日", "the day the record was made")
_LAST_PROVISION: Final = Text("最後に提供した日", "the last provision")
_APPI_29: Final = Text("個人情報保護法第29条、施行規則第21条", "APPI Art. 29, PPC Rules 21")
_INCOME_TAX: Final = Text("所得税法", "Income Tax Act")
_LABOUR: Final = Text("労働基準法第109条、第143条", "Labour Standards Act Arts. 109, 143")

PERIODS: Final = (
    _period("provision-record", Text("第三者提供記録", "record of provision"), 36, _RECORD_MADE, _APPI_29),
    _period(
        "provision-record-bulk",
        Text("第三者提供記録（一括）", "record of provision (bulk)"),
        36,
        _LAST_PROVISION,
        _APPI_29,
    ),
    _period(
        "provision-record-contract",
        Text("第三者提供記録（契約書等による代替）", "record of provision (contract substitute)"),
        12,
        _LAST_PROVISION,
        _APPI_29,
    ),
    _period(
        "dispatch-ledger",
        Text("派遣元管理台帳", "dispatch ledger"),
        36,
        Text("派遣の終了の日", "end of the dispatch"),
        Text("労働者派遣法第37条", "Worker Dispatch Act Art. 37"),
    ),
    _period(
        "placement-ledger",
        Text("求人求職管理簿", "placement ledger"),
        24,
        _COMPLETION,
        Text("職業安定法施行規則", "Employment Security Act Rules"),
    ),
    _period(
        "health-check",
        Text("健康診断個人票", "health-check card"),
        60,
        Text("作成の日", "the day it was made"),
        Text("労働安全衛生規則第51条", "Industrial Safety and Health Rules Art. 51"),
    ),
    _period(
        "wage-ledger",
        Text("労働者名簿、賃金台帳その他労働関係に関する重要な書類", "worker list, wage ledger, labour documents"),
        36,  # five years by Art. 109, three for now by Art. 143
        Text("最後の記入をした日など", "the last entry, etc."),
        _LABOUR,
    ),
    _period(
        "tax-declarations",
        Text("扶養控除等（異動）申告書など", "declarations of dependants, etc."),
        84,
        Text("提出期限の属する年の翌年1月11日", "11 January after the year of the filing deadline"),
        _INCOME_TAX,
        Provenance.READ,
    ),
    _period(
        "withholding-ledger",
        Text("源泉徴収簿", "withholding ledger"),
        84,
        Text("法定申告期限", "the filing deadline"),
        _INCOME_TAX,
        Provenance.READ,
    ),
    _period(
        "employment-insurance-insured",
        Text("雇用保険の被保険者に関する書類", "employment-insurance documents on the insured"),
        48,
        _COMPLETION,
        Text("雇用保険法施行規則第143条", "Employment Insurance Rules Art. 143"),
        Provenance.READ,
    ),
    _period(
        "employment-insurance-other",
        Text("雇用保険に関するその他の書類", "other employment-insurance documents"),
        24,
        _COMPLETION,
        Text("雇用保険法施行規則第143条", "Employment Insurance Rules Art. 143"),
    ),
    _period(
        "accident-insurance",
        Text("労災保険に関する書類", "accident-insurance documents"),
        36,
        _COMPLETION,
        Text("労働者災害補償保険法施行規則第51条", "Accident Insurance Rules Art. 51"),
        Provenance.READ,
    ),
    _period(
        "health-pension-insurance",
        Text("健康保険・厚生年金保険に関する書類", "health and pension insurance documents"),
        24,
        _COMPLETION,
        Text("健康保険法施行規則第34条ほか", "Health Insurance Rules Art. 34, etc."),
        Provenance.READ,
    ),
    _period(
        "number-list",
        Text("個人番号の内部の一覧など、期間の定めのないもの", "an internal number list, without a statutory period"),
        None,
        Text("事務の終了", "end of the affair"),
        Text("番号法第20条", "My Number Act Art. 20"),
        Provenance.READ,
    ),
)


def find_period(code: str) -> Period | None:
    """The row with this code."""
    return next((row for row in PERIODS if row.code == code), None)
