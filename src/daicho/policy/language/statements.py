"""基本方針  The principle and the numbered policy: sentences, and the promises inside them."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from daicho.policy.language.base import Code, LocalText, Many, Node, Sentence, Some


class Promise(StrEnum):
    """What a sentence commits the company to; other rooms enforce or evidence it by this code."""

    CARE = "care"  # important, protected through its whole life
    FOLLOW_POLICY = "follow_policy"
    LAWFUL_AND_FAIR = "lawful_and_fair"
    WITHIN_PURPOSE = "within_purpose"
    CONSENT_BEFORE_PROVISION = "consent_before_provision"
    PROVISION_EXCEPTIONS = "provision_exceptions"  # names the cases of Art. 27(1) without consent
    NO_OTHER_USE = "no_other_use"
    CONSENT_FOR_NEW_PURPOSE = "consent_for_new_purpose"
    FOLLOW_LAW_CHANGES = "follow_law_changes"
    INFORM_EMPLOYEES = "inform_employees"
    OBEY_LAW = "obey_law"
    SECURITY_SYSTEM = "security_system"
    PREVENT_LEAKS = "prevent_leaks"
    DISPOSE_PROMPTLY = "dispose_promptly"
    INSPECT = "inspect"
    REMEDY = "remedy"
    TRAIN_EMPLOYEES = "train_employees"
    TRAIN_NUMBER_HANDLERS = "train_number_handlers"
    INQUIRY_DESK = "inquiry_desk"
    PROMPT_RESPONSE = "prompt_response"
    GOOD_FAITH = "good_faith"
    MONITOR = "monitor"
    AUDIT = "audit"
    FIND_WEAKNESSES = "find_weaknesses"
    MANAGEMENT_REVIEW = "management_review"
    IMPROVE = "improve"
    IMPROVEMENT_BASIS = "improvement_basis"
    OBEY_NUMBER_ACT = "obey_number_act"
    NUMBER_OFFICE = "number_office"
    TRAIN_NUMBER = "train_number"
    SUPERVISE_ENTRUSTEES = "supervise_entrustees"


class Promised(Node):
    """約束。 One promise inside a sentence."""

    promise: Promise = Field(description="約束の種類。 Which promise.")
    every_months: int | None = Field(
        default=None, ge=1, le=120, description="定期の場合の月数（1年に1回は12）。 Months between, if periodic."
    )


class Paragraph(Node):
    """公表する段落。 A paragraph as published, and the promises in it."""

    says: LocalText = Field(description="公表する文。 The paragraph as published.")
    promises: Many[Promised] = Field(default=(), description="含まれる約束。 Promises it holds.")


class Section(Node):
    """方針の条項。 A numbered section of the policy."""

    code: Code
    heading: LocalText
    paragraphs: Some[Paragraph]


class Statements(Node):
    """個人情報保護方針。 The principle and its sections."""

    heading: LocalText = Field(description="基本方針の見出し。 Heading of the principle.")
    preamble: Some[Paragraph]
    sections_heading: LocalText = Field(description="条項の見出し。 Heading of the sections.")
    sections: Some[Section]


class DatedLine(Node):
    """日付。 A date as published."""

    on: date = Field(description="日付。 The day.")


class Dates(Node):
    """制定日・改定日。 Established and revised."""

    established: DatedLine
    revised: Many[DatedLine] = Field(default=(), description="改定日（古い順）。 Revisions, oldest first.")


class Standard(StrEnum):
    """Standards a page may cite."""

    JISQ15001 = "jisq15001"


class StandardCited(Node):
    """引用する規格。 A standard cited, with its edition and items."""

    standard: Standard
    edition: int = Field(ge=1999, le=2100, description="版（年）。 Edition (year).")
    controls: Many[str] = Field(default=(), description="管理策の番号。 Control numbers.")


class Handling(Sentence):
    """「個人情報の取扱いについて」の前書き。 The opening of the handling page."""

    heading: LocalText
    cites: Many[StandardCited] = Field(default=(), description="引用する規格。 Standards cited.")
