"""本人確認書類・代理権を示す書類  Papers a requester may be asked for, and what must be blacked out.

A company's own policy names which of them it accepts; the dates and the parts to black out
are the law's. Extra parts may be blacked out; a part listed here may not be left readable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from daicho.law.citations import Citation, DatedNumber, citation_on
from daicho.law.editions import APPI_2017, Family, Provenance
from daicho.words.text import Text


class IdDocument(StrEnum):
    """本人確認書類."""

    DRIVERS_LICENCE = "drivers_licence"
    HEALTH_INSURANCE_CARD = "health_insurance_card"
    ELIGIBILITY_CERTIFICATE = "eligibility_certificate"
    RESIDENT_RECORD = "resident_record"
    MY_NUMBER_CARD = "my_number_card"
    PASSPORT = "passport"
    RESIDENCE_CARD = "residence_card"
    SPECIAL_RESIDENT_CERTIFICATE = "special_resident_certificate"
    PENSION_BOOK = "pension_book"


class Masked(StrEnum):
    """黒塗りにする部分."""

    PERMANENT_DOMICILE = "permanent_domicile"
    INDIVIDUAL_NUMBER = "individual_number"
    RESIDENT_RECORD_CODE = "resident_record_code"
    INSURER_NUMBER = "insurer_number"
    INSURED_NUMBER = "insured_number"
    QR_CODE = "qr_code"
    BASIC_PENSION_NUMBER = "basic_pension_number"
    BACK_SIDE = "back_side"  # not to be copied at all


class AuthorityDocument(StrEnum):
    """代理権を示す書類."""

    POWER_OF_ATTORNEY = "power_of_attorney"
    SEAL_CERTIFICATE = "seal_certificate"
    FAMILY_REGISTER = "family_register"
    RESIDENT_RECORD_WITH_RELATION = "resident_record_with_relation"
    GUARDIANSHIP_CERTIFICATE = "guardianship_certificate"
    RELATION_PROOF = "relation_proof"  # any paper that shows the relation


MASKED_NAMES: Final[Mapping[Masked, Text]] = {
    Masked.PERMANENT_DOMICILE: Text("本籍地", "permanent domicile"),
    Masked.INDIVIDUAL_NUMBER: Text("個人番号", "Individual Number"),
    Masked.RESIDENT_RECORD_CODE: Text("住民票コード", "resident-record code"),
    Masked.INSURER_NUMBER: Text("保険者番号", "insurer number"),
    Masked.INSURED_NUMBER: Text("被保険者等記号・番号・枝番", "insured person's symbol, number and branch"),
    Masked.QR_CODE: Text("QRコード", "QR code"),
    Masked.BASIC_PENSION_NUMBER: Text("基礎年金番号", "basic pension number"),
    Masked.BACK_SIDE: Text("裏面（複写しない）", "the back (not copied)"),
}

AUTHORITY_NAMES: Final[Mapping[AuthorityDocument, Text]] = {
    AuthorityDocument.POWER_OF_ATTORNEY: Text("委任状", "power of attorney"),
    AuthorityDocument.SEAL_CERTIFICATE: Text("印鑑登録証明書", "seal registration certificate"),
    AuthorityDocument.FAMILY_REGISTER: Text("戸籍謄本（全部事項証明書）", "certified copy of the family register"),
    AuthorityDocument.RESIDENT_RECORD_WITH_RELATION: Text(
        "続柄の記載のある住民票の写し", "copy of the resident record showing the relation"
    ),
    AuthorityDocument.GUARDIANSHIP_CERTIFICATE: Text(
        "登記事項証明書（成年後見）", "certificate of registered guardianship"
    ),
    AuthorityDocument.RELATION_PROOF: Text("本人との関係を示す書類", "document showing the relation to the person"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskRule:
    """A part of a paper that must not be readable in the copy, since when, and why."""

    part: Masked
    numbers: tuple[DatedNumber, ...]

    def find_citation(self, *, on: date) -> Citation | None:
        """The article on ``on``; None before its first day."""
        return citation_on(self.numbers, on=on)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdRule:
    """One kind of paper. ``issued_from``/``void_from``: outside these days it proves nothing."""

    document: IdDocument
    name: Text
    masks: tuple[MaskRule, ...] = ()
    issued_from: date | None = None
    void_from: date | None = None
    both_sides: bool = False
    proves_address: bool = True
    successor: IdDocument | None = None
    provenance: Provenance = Provenance.KNOWN

    def is_valid(self, *, on: date) -> bool:
        """Whether the paper exists and proves something on ``on``."""
        if self.issued_from is not None and on < self.issued_from:
            return False
        return self.void_from is None or on < self.void_from

    def masks_on(self, on: date) -> tuple[MaskRule, ...]:
        """The parts that must be blacked out on ``on``."""
        return tuple(rule for rule in self.masks if rule.find_citation(on=on) is not None)


def _mask(part: Masked, family: Family, number: str, since: date, provenance: Provenance) -> MaskRule:
    return MaskRule(
        part=part,
        numbers=(DatedNumber(number=number, in_force_on=since, family=family, provenance=provenance),),
    )


_NUMBER_ACT: Final = date(2016, 1, 1)
_INSURANCE_NUMBERS: Final = date(2020, 10, 1)

_MY_NUMBER: Final = _mask(Masked.INDIVIDUAL_NUMBER, Family.MNA, "20", _NUMBER_ACT, Provenance.KNOWN)
# No article names the permanent domicile: it is not needed to tell who asks (APPI 20(1) read with 37(4)).
_DOMICILE: Final = MaskRule(
    part=Masked.PERMANENT_DOMICILE,
    numbers=(
        DatedNumber(
            number="32(4)",
            in_force_on=APPI_2017,
            until_on=date(2022, 3, 31),
            provenance=Provenance.INFERRED,
        ),
        DatedNumber(number="37(4)", in_force_on=date(2022, 4, 1), provenance=Provenance.INFERRED),
    ),
)
#: 告知要求制限 (Health Insurance Act 194-2 and the parallel Acts).
_INSURANCE: Final = tuple(
    _mask(part, Family.HEALTH_INSURANCE, "194-2", _INSURANCE_NUMBERS, Provenance.READ)
    for part in (Masked.INSURER_NUMBER, Masked.INSURED_NUMBER, Masked.QR_CODE)
)

_RULES: Final = (
    IdRule(
        document=IdDocument.DRIVERS_LICENCE,
        name=Text("運転免許証", "driver's licence"),
        masks=(_DOMICILE,),
        both_sides=True,  # a change of address is written on the back
    ),
    IdRule(
        document=IdDocument.HEALTH_INSURANCE_CARD,
        name=Text("健康保険証", "health insurance card"),
        masks=_INSURANCE,
        void_from=date(2025, 12, 2),
        both_sides=True,
        successor=IdDocument.ELIGIBILITY_CERTIFICATE,
        provenance=Provenance.READ,
    ),
    IdRule(
        document=IdDocument.ELIGIBILITY_CERTIFICATE,
        name=Text("資格確認書", "health-insurance eligibility certificate (shikaku-kakunin-sho)"),
        masks=_INSURANCE,
        issued_from=date(2024, 12, 2),
        both_sides=True,
        provenance=Provenance.READ,
    ),
    IdRule(
        document=IdDocument.RESIDENT_RECORD,
        name=Text("住民票の写し", "certified copy of the resident record"),
        masks=(
            _MY_NUMBER,
            _DOMICILE,
        ),
    ),
    IdRule(
        document=IdDocument.MY_NUMBER_CARD,
        name=Text("個人番号カード（表面のみ）", "My Number Card (front only)"),
        masks=(_mask(Masked.BACK_SIDE, Family.MNA, "20", _NUMBER_ACT, Provenance.KNOWN),),
    ),
    IdRule(
        # Issued since 2020-02 without an address page.
        document=IdDocument.PASSPORT,
        name=Text("旅券（パスポート）", "passport"),
        proves_address=False,
    ),
    IdRule(document=IdDocument.RESIDENCE_CARD, name=Text("在留カード", "residence card"), both_sides=True),
    IdRule(
        document=IdDocument.SPECIAL_RESIDENT_CERTIFICATE,
        name=Text("特別永住者証明書", "special permanent resident certificate"),
        both_sides=True,
    ),
    IdRule(
        document=IdDocument.PENSION_BOOK,
        name=Text("年金手帳又は基礎年金番号通知書", "pension book or notice of the basic pension number"),
        masks=(
            MaskRule(
                part=Masked.BASIC_PENSION_NUMBER,
                numbers=(DatedNumber(number="37(4)", in_force_on=date(2022, 4, 1), provenance=Provenance.INFERRED),),
            ),
        ),
        proves_address=False,
    ),
)

ID_DOCUMENTS: Final[Mapping[IdDocument, IdRule]] = {rule.document: rule for rule in _RULES}
