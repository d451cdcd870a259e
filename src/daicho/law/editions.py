"""版  Which text of which law or standard is in force on a day.

The tables of this room are keyed by edition, so a policy can be judged by the law of any
day. An edition without ``in_force_on`` (promulgated, date not fixed) is never selected.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from daicho.words.text import Text

#: The first days of the two numberings of the private-sector duties.
APPI_2017: Final = date(2017, 5, 30)
APPI_2022: Final = date(2022, 4, 1)


class Family(StrEnum):
    """A law, rule or standard whose editions follow one another."""

    APPI = "appi"  # 個人情報の保護に関する法律
    ORDER = "co"  # 同施行令
    RULES = "rules"  # 同施行規則
    MNA = "mna"  # 番号法
    HEALTH_INSURANCE = "hia"  # 健康保険法
    JIS = "jis"  # JIS Q 15001
    JIPDEC = "jipdec"  # プライバシーマーク 構築・運用指針


class Provenance(StrEnum):
    """How well a row is founded."""

    READ = "read"  # the fact was seen in a source
    KNOWN = "known"  # general knowledge, not re-read in the source text
    INFERRED = "inferred"  # concluded from other rows; confirm before relying on it

    @property
    def verified(self) -> bool:
        """Whether somebody saw the fact in a source."""
        return self is Provenance.READ


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One text of a family, from its first day to the day before the next one."""

    key: str
    family: Family
    name: Text
    in_force_on: date | None
    until_on: date | None = None
    provenance: Provenance = Provenance.KNOWN

    def is_in_force(self, on: date) -> bool:
        """Whether this edition is the text to apply on ``on``; never without an in-force date."""
        if self.in_force_on is None or on < self.in_force_on:
            return False
        return self.until_on is None or on <= self.until_on


EDITIONS: Final[tuple[Edition, ...]] = (
    Edition(
        key="appi-2017",
        family=Family.APPI,
        name=Text("個人情報保護法（2017年5月30日施行）", "APPI (in force 2017-05-30)"),
        in_force_on=date(2017, 5, 30),
        until_on=date(2022, 3, 31),
    ),
    Edition(
        key="appi-2022",
        family=Family.APPI,
        name=Text("個人情報保護法（2022年4月1日施行）", "APPI (in force 2022-04-01)"),
        in_force_on=date(2022, 4, 1),
        until_on=date(2023, 3, 31),
        provenance=Provenance.READ,
    ),
    Edition(
        key="appi-2023",
        family=Family.APPI,
        name=Text("個人情報保護法（2023年4月1日施行）", "APPI (in force 2023-04-01)"),
        in_force_on=date(2023, 4, 1),
    ),
    Edition(
        # Act 56/2026: promulgated 2026-07-17, main part within two years by Cabinet Order.
        key="appi-2026",
        family=Family.APPI,
        name=Text("個人情報保護法（令和8年法律第56号、施行日未定）", "APPI (Act 56/2026, date not fixed)"),
        in_force_on=None,
        provenance=Provenance.READ,
    ),
    Edition(
        key="co-2017",
        family=Family.ORDER,
        name=Text("個人情報保護法施行令（2017年5月30日施行）", "Cabinet Order (in force 2017-05-30)"),
        in_force_on=date(2017, 5, 30),
        until_on=date(2022, 3, 31),
    ),
    Edition(
        key="co-2022",
        family=Family.ORDER,
        name=Text("個人情報保護法施行令（2022年4月1日施行）", "Cabinet Order (in force 2022-04-01)"),
        in_force_on=date(2022, 4, 1),
    ),
    Edition(
        key="rules-2017",
        family=Family.RULES,
        name=Text("個人情報保護法施行規則（2017年5月30日施行）", "PPC Rules (in force 2017-05-30)"),
        in_force_on=date(2017, 5, 30),
        until_on=date(2022, 3, 31),
    ),
    Edition(
        key="rules-2022",
        family=Family.RULES,
        name=Text("個人情報保護法施行規則（2022年4月1日施行）", "PPC Rules (in force 2022-04-01)"),
        in_force_on=date(2022, 4, 1),
        until_on=date(2024, 3, 31),
    ),
    Edition(
        key="rules-2024",
        family=Family.RULES,
        name=Text("個人情報保護法施行規則（2024年4月1日施行）", "PPC Rules (in force 2024-04-01)"),
        in_force_on=date(2024, 4, 1),
        provenance=Provenance.READ,
    ),
    Edition(
        key="mna-2016",
        family=Family.MNA,
        name=Text("番号法（2016年1月1日利用開始）", "My Number Act (in use from 2016-01-01)"),
        in_force_on=date(2016, 1, 1),
    ),
    Edition(
        key="hia-2020",
        family=Family.HEALTH_INSURANCE,
        name=Text("健康保険法（2020年10月1日 告知要求制限施行）", "Health Insurance Act (in force 2020-10-01)"),
        in_force_on=date(2020, 10, 1),
        provenance=Provenance.READ,
    ),
    Edition(
        # Published 2017-12-20; assessments by it from this day.
        key="jis-2017",
        family=Family.JIS,
        name=Text("JIS Q 15001:2017", "JIS Q 15001:2017"),
        in_force_on=date(2018, 8, 1),
        until_on=date(2024, 9, 30),
        provenance=Provenance.READ,
    ),
    Edition(
        # Published 2023-09-20; assessments filed from this day.
        key="jis-2023",
        family=Family.JIS,
        name=Text("JIS Q 15001:2023", "JIS Q 15001:2023"),
        in_force_on=date(2024, 10, 1),
        provenance=Provenance.READ,
    ),
    Edition(
        key="j-2022",
        family=Family.JIPDEC,
        name=Text("PMS構築・運用指針（2022年）", "JIPDEC PMS guideline (2022)"),
        in_force_on=date(2022, 4, 1),
        until_on=date(2024, 9, 30),
    ),
    Edition(
        key="j-2023",
        family=Family.JIPDEC,
        name=Text("PMS構築・運用指針（2023年版）", "JIPDEC PMS guideline (2023)"),
        in_force_on=date(2024, 10, 1),
        provenance=Provenance.READ,
    ),
)

BY_KEY: Final = {edition.key: edition for edition in EDITIONS}


def find_edition(family: Family, *, on: date) -> Edition | None:
    """The edition of ``family`` to apply on ``on``; None before its first day."""
    return next((edition for edition in EDITIONS if edition.family is family and edition.is_in_force(on)), None)
