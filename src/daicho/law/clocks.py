"""期限  Numbers of days the law or the desk counts, as data.

Calendar days. The law sets no number of days for an answer (遅滞なく, without delay); a company's
target is its policy's, and no letter calls it statutory.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from daicho.law.citations import DatedNumber, renumbered
from daicho.law.editions import APPI_2022, Family, Provenance
from daicho.words.text import Text

#: Art. 39: the person may sue two weeks after arrival, counted from the day after it; no defect stops it.
COURT_GATE_DAYS: Final = 14
COURT_GATE: Final = renumbered("34(1)", "39(1)")


def court_gate_opens_on(arrived_on: date) -> date:
    """The first day on which the person may sue under Art. 39: after two full weeks from arrival."""
    return arrived_on + timedelta(days=COURT_GATE_DAYS + 1)


class BreachKind(StrEnum):
    """報告対象事態 (Rules 7)."""

    SENSITIVE = "sensitive"
    FINANCIAL = "financial"
    UNLAWFUL = "unlawful"
    VOLUME = "volume"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachRule:
    """When a breach is reported: from how many persons, and in how many days (the knowing day is day 1)."""

    kind: BreachKind
    name: Text
    more_than_persons: int
    warn_day: int
    preliminary_day: int
    final_days: int
    numbers: tuple[DatedNumber, ...]


def _breach(kind: BreachKind, name: Text, number: str, *, more_than: int = 0, final: int = 30) -> BreachRule:
    return BreachRule(
        kind=kind,
        name=name,
        more_than_persons=more_than,
        warn_day=3,
        preliminary_day=5,
        final_days=final,
        numbers=(DatedNumber(number=number, in_force_on=APPI_2022, family=Family.RULES, provenance=Provenance.READ),),
    )


BREACHES: Final = (
    _breach(BreachKind.SENSITIVE, Text("要配慮個人情報を含む漏えい等", "special-care-required information"), "7(i)"),
    _breach(BreachKind.FINANCIAL, Text("財産的被害のおそれがある漏えい等", "likely property damage"), "7(ii)"),
    _breach(BreachKind.UNLAWFUL, Text("不正の目的によるおそれがある漏えい等", "unlawful purpose"), "7(iii)", final=60),
    _breach(BreachKind.VOLUME, Text("1,000人を超える漏えい等", "more than 1,000 persons"), "7(iv)", more_than=1000),
)
