"""公表事項  What must be published or made known, item by item, each with its number on a day.

Four lists of the law and the standard: what a person must be able to know about the data held
(Art. 32(1), A.3.4.4.3, J.10.3), what a policy must say (A.3.2.1), what must be known before joint
use (Art. 27(5)(iii)), and what a form must state before it collects (A.3.4.2.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from daicho.law.citations import Citation, DatedNumber
from daicho.law.editions import APPI_2017, APPI_2022, Family, Provenance
from daicho.words.text import Text

_JIS_2017: Final = date(2018, 8, 1)
_JIS_2017_LAST: Final = date(2024, 9, 30)
_JIS_2023: Final = date(2024, 10, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyItem:
    """One item of a list. ``numbers`` may hold several rows in force at once (law and standard)."""

    code: str
    words: Text
    numbers: tuple[DatedNumber, ...]

    def citations(self, *, on: date) -> tuple[Citation, ...]:
        """Every number in force on ``on``, the law before the standard."""
        return tuple(found for row in self.numbers if (found := row.find_citation(on=on)) is not None)


def law(number: str, *, old: str | None = None, since: date | None = None) -> tuple[DatedNumber, ...]:
    """An article by its number today, and by ``old`` before 2022-04-01."""
    rows = [DatedNumber(number=number, in_force_on=since or APPI_2022)]
    if old is not None:
        rows.insert(0, DatedNumber(number=old, in_force_on=APPI_2017, until_on=date(2022, 3, 31)))
    return tuple(rows)


def order(number: str) -> tuple[DatedNumber, ...]:
    """An article of the Cabinet Order since 2022-04-01."""
    return (DatedNumber(number=number, in_force_on=APPI_2022, family=Family.ORDER),)


def jis(number_2017: str | None, number_2023: str | None = None, *, seen: bool = False) -> tuple[DatedNumber, ...]:
    """A control of each edition; ``seen``: the 2023 title was read in a source."""
    rows = []
    if number_2017:
        rows.append(DatedNumber(number=number_2017, in_force_on=_JIS_2017, until_on=_JIS_2017_LAST, family=Family.JIS))
    if number_2023:
        rows.append(
            DatedNumber(
                number=number_2023,
                in_force_on=_JIS_2023,
                family=Family.JIS,
                provenance=Provenance.READ if seen else Provenance.INFERRED,
            )
        )
    return tuple(rows)


def guideline(number: str, *, seen: bool = False) -> tuple[DatedNumber, ...]:
    """An item of the JIPDEC guideline, which JIS assessments follow since 2022."""
    provenance = Provenance.READ if seen else Provenance.INFERRED
    return (DatedNumber(number=number, in_force_on=APPI_2022, family=Family.JIPDEC, provenance=provenance),)


_J103: Final = guideline("J.10.3", seen=True)


def _items(*items: DutyItem) -> Mapping[str, DutyItem]:
    return {item.code: item for item in items}


#: 保有個人データに関する公表事項.
HELD_DATA: Final = _items(
    DutyItem(
        code="name",
        words=Text("事業者の名称", "the operator's name"),
        numbers=(*law("32(1)(i)", old="27(1)(i)"), *jis("A.3.4.4.3 a", "A.19", seen=True), *_J103),
    ),
    DutyItem(
        code="address",
        words=Text("事業者の住所", "the operator's address"),
        numbers=(*law("32(1)(i)"), *_J103),
    ),
    DutyItem(
        code="representative",
        words=Text("法人の代表者の氏名", "the name of the corporation's representative"),
        numbers=(*law("32(1)(i)"), *_J103),
    ),
    DutyItem(
        code="manager",
        words=Text(
            "個人情報保護管理者の氏名又は職名、所属及び連絡先",
            "the protection manager: name or title, department, contact",
        ),
        numbers=(*jis("A.3.4.4.3 b", "A.19", seen=True), *_J103),
    ),
    DutyItem(
        code="purposes",
        words=Text("全ての保有個人データの利用目的", "the purposes of use of all personal data held"),
        numbers=(*law("32(1)(ii)", old="27(1)(ii)"), *jis("A.3.4.4.3 c", "A.19", seen=True), *_J103),
    ),
    DutyItem(
        code="procedure",
        words=Text(
            "開示等の請求等に応じる手続（手数料を含む）", "the procedure for requests, with the fee if there is one"
        ),
        numbers=(*law("32(1)(iii)", old="27(1)(iii)"), *jis("A.3.4.4.3 f", "A.19", seen=True), *_J103),
    ),
    DutyItem(
        code="safety",
        words=Text("安全管理のために講じた措置", "the security measures taken"),
        numbers=(*order("10"), *_J103),
    ),
    DutyItem(
        code="complaints",
        words=Text("苦情の申出先", "where to complain"),
        numbers=(
            DatedNumber(number="8", in_force_on=APPI_2017, until_on=date(2022, 3, 31), family=Family.ORDER),
            *order("10"),
            *jis("A.3.4.4.3 d", "A.19", seen=True),
            *_J103,
        ),
    ),
    DutyItem(
        code="accredited_body",
        words=Text(
            "認定個人情報保護団体の名称及び苦情の解決の申出先",
            "the accredited organisation and where to ask for resolution",
        ),
        numbers=(
            DatedNumber(number="8", in_force_on=APPI_2017, until_on=date(2022, 3, 31), family=Family.ORDER),
            DatedNumber(number="10(iii)", in_force_on=APPI_2022, family=Family.ORDER, provenance=Provenance.READ),
            *jis("A.3.4.4.3 e", "A.19", seen=True),
            *_J103,
        ),
    ),
)

#: 個人情報保護方針に書く事項 (A.3.2.1 a–f; external policy A.3.2.2; body 5.2.2 of 2023).
POLICY_STATEMENT: Final = _items(
    DutyItem(
        code="a",
        words=Text(
            "事業に応じた適切な取得、利用及び提供と、目的外利用を行わないこと及びその措置",
            "acquisition, use and provision suited to the business, and no use beyond the purpose",
        ),
        numbers=(*jis("A.3.2.1 a", "5.2.2", seen=True),),
    ),
    DutyItem(
        code="b",
        words=Text("法令、国が定める指針その他の規範の遵守", "following laws, guidelines and other norms"),
        numbers=(*jis("A.3.2.1 b", "5.2.2", seen=True),),
    ),
    DutyItem(
        code="c",
        words=Text("漏えい、滅失又はき損の防止及び是正", "preventing and correcting leakage, loss and damage"),
        numbers=(*jis("A.3.2.1 c", "5.2.2", seen=True),),
    ),
    DutyItem(
        code="d",
        words=Text("苦情及び相談への対応", "responding to complaints and consultations"),
        numbers=(*jis("A.3.2.1 d", "5.2.2", seen=True),),
    ),
    DutyItem(
        code="e",
        words=Text("マネジメントシステムの継続的改善", "continual improvement of the management system"),
        numbers=(*jis("A.3.2.1 e", "5.2.2", seen=True),),
    ),
    DutyItem(
        code="f",
        words=Text("トップマネジメントの氏名", "the name of top management"),
        numbers=(*jis("A.3.2.1 f", "5.2.2", seen=True),),
    ),
    DutyItem(
        code="dates",
        words=Text("制定年月日及び最終改正年月日", "the dates of establishment and of the last revision"),
        numbers=(*jis("A.3.2.2", "5.2.2", seen=True),),
    ),
)

#: 共同利用についてあらかじめ知らせる事項.
JOINT_USE: Final = _items(
    DutyItem(
        code="stated",
        words=Text("共同利用する旨", "that the data is jointly used"),
        numbers=law("27(5)(iii)", old="23(5)(iii)"),
    ),
    DutyItem(
        code="users",
        words=Text("共同して利用する者の範囲", "the range of joint users"),
        numbers=law("27(5)(iii)", old="23(5)(iii)"),
    ),
    DutyItem(
        code="responsible",
        words=Text("管理について責任を有する者の名称", "the one responsible for the management"),
        numbers=law("27(5)(iii)", old="23(5)(iii)"),
    ),
    DutyItem(
        code="responsible_address",
        words=Text("管理について責任を有する者の住所及び代表者の氏名", "that one's address and representative"),
        numbers=law("27(5)(iii)"),
    ),
)

#: 直接書面取得の通知 a–h.
COLLECTION_NOTICE: Final[Mapping[str, Text]] = {
    "a": Text("組織の名称", "the organisation's name"),
    "b": Text(
        "個人情報保護管理者の氏名又は職名、所属及び連絡先", "the protection manager: name or title, department, contact"
    ),
    "c": Text("利用目的", "the purpose of use"),
    "d": Text(
        "第三者提供を予定する場合の目的、項目、手段、提供先、契約の有無",
        "for planned provision: purpose, items, means, recipients, contract",
    ),
    "e": Text("委託を予定する場合はその旨", "that entrustment is planned"),
    "f": Text("開示等の請求等に応じる旨及び窓口", "that requests are met, and the desk"),
    "g": Text(
        "提供の任意性と、提供しない場合に生じる結果",
        "whether giving it is voluntary, and what follows if it is not given",
    ),
    "h": Text("本人が容易に知覚できない方法で取得する場合はその旨", "that it is obtained in a way not easily noticed"),
}
