"""引用  One article, control or item, with the edition it stands in.

A number is written ``33(1)``, ``32(1)(ii)``, ``26-2(1)`` for laws and ``A.3.4.4.3 a`` or
``J.10.3`` for standards. Digits in brackets are paragraphs 項, roman numerals items 号.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from daicho.law.editions import APPI_2017, APPI_2022, BY_KEY, Edition, Family, Provenance, find_edition
from daicho.words.text import Language, Text

_SHORT: Final[dict[Family, Text]] = {
    Family.APPI: Text("個人情報保護法", "APPI Art. "),
    Family.ORDER: Text("個人情報保護法施行令", "Cabinet Order Art. "),
    Family.RULES: Text("個人情報保護法施行規則", "PPC Rules Art. "),
    Family.MNA: Text("番号法", "My Number Act Art. "),
    Family.HEALTH_INSURANCE: Text("健康保険法", "Health Insurance Act Art. "),
    Family.JIS: Text("", ""),
    Family.JIPDEC: Text("PMS構築・運用指針 ", "JIPDEC guideline "),
}

_ROMAN: Final = {
    name: value
    for value, name in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"), start=1)
}
_LAW_NUMBER: Final = re.compile(r"(\d+)((?:-\d+)*)((?:\((?:\d+|[ivx]+)\))*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a duty stands: the edition's key, the number in it, and how well that is founded."""

    edition: str
    number: str
    provenance: Provenance = Provenance.KNOWN

    @property
    def verified(self) -> bool:
        """Whether the row was seen in a source; an unverified one still counts."""
        return self.provenance.verified

    @property
    def text(self) -> Text:
        """``個人情報保護法第33条第1項`` / ``APPI Art. 33(1)``; standards with their year."""
        edition = BY_KEY[self.edition]
        short = _SHORT[edition.family]
        if edition.family in {Family.JIS, Family.JIPDEC}:
            year = "" if edition.family is Family.JIPDEC else f"{edition.name.en} "
            return Text(f"{short.ja}{year}{self.number}", f"{short.en}{year}{self.number}")
        return Text(f"{short.ja}{japanese_number(self.number)}", f"{short.en}{self.number}")

    def say(self, language: Language | str, *, with_edition: bool = False) -> str:
        """The citation in one language; ``with_edition`` adds the edition's key."""
        said = self.text.say(language)
        return f"{said} [{self.edition}]" if with_edition else said


def cite(edition: Edition, number: str, *, provenance: Provenance = Provenance.KNOWN) -> Citation:
    """A citation of ``number`` in ``edition``."""
    return Citation(edition=edition.key, number=number, provenance=provenance)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedNumber:
    """An article's number from a day on; ``until_on`` is its last day, None while in force."""

    number: str
    in_force_on: date | None
    until_on: date | None = None
    family: Family = Family.APPI
    provenance: Provenance = Provenance.KNOWN

    def find_citation(self, *, on: date) -> Citation | None:
        """The citation on ``on``; None when the row is not in force that day."""
        if self.in_force_on is None or on < self.in_force_on or (self.until_on and on > self.until_on):
            return None
        edition = find_edition(self.family, on=on)
        return None if edition is None else cite(edition, self.number, provenance=self.provenance)


def renumbered(old: str | None, new: str, *, provenance: Provenance = Provenance.KNOWN) -> tuple[DatedNumber, ...]:
    """The numbers before and since 2022-04-01; ``old`` None for what did not exist before."""
    later = DatedNumber(number=new, in_force_on=APPI_2022, provenance=provenance)
    if old is None:
        return (later,)
    return (
        DatedNumber(number=old, in_force_on=APPI_2017, until_on=APPI_2022 - timedelta(days=1), provenance=provenance),
        later,
    )


def citation_on(numbers: tuple[DatedNumber, ...], *, on: date) -> Citation | None:
    """The first of ``numbers`` in force on ``on``."""
    return next((found for row in numbers if (found := row.find_citation(on=on)) is not None), None)


def japanese_number(number: str) -> str:
    """``35(1)`` → ``第35条第1項``; ``26-2(1)(i)`` → ``第26条の2第1項第1号``; several parted by ``, ``."""
    return "、".join(_one_japanese_number(part.strip()) for part in number.split(","))


def _one_japanese_number(number: str) -> str:
    found = _LAW_NUMBER.fullmatch(number)
    if found is None:
        raise ValueError(f"not an article number: {number!r}")
    article, branches, rest = found.groups()
    said = f"第{article}条" + "".join(f"の{branch}" for branch in branches.split("-") if branch)
    for part in re.findall(r"\(([^)]+)\)", rest):
        said += f"第{part}項" if part.isdigit() else f"第{_ROMAN[part]}号"
    return said
