"""What and what for: subject categories, items, purposes, collection, retention, safety."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from daicho.policy.language.base import Code, LocalText, Many, Node, Sentence, Some


class SubjectKind(StrEnum):
    """Kinds of people a company usually holds data about; the register is checked against them."""

    INQUIRER = "inquirer"
    PARTNER = "partner"
    APPLICANT = "applicant"
    SITE_REGISTRANT = "site_registrant"
    EMPLOYEE = "employee"
    FORMER_EMPLOYEE = "former_employee"
    TEMPORARY_STAFF = "temporary_staff"
    FAMILY = "family"
    VISITOR = "visitor"
    SHAREHOLDER = "shareholder"
    OTHER = "other"


class SubjectCategory(Node):
    """本人の区分。 A category of people."""

    code: Code
    kind: SubjectKind = Field(description="種類。 Kind.")
    name: LocalText = Field(description="名称。 Name.")
    items: Many[Code] = Field(default=(), description="扱う項目。 Items handled.")
    individual_number: bool = Field(
        default=False, description="個人番号を扱うか。 Whether Individual Numbers are handled."
    )
    collected_through: Code | None = Field(
        default=None,
        description="別の本人を通じて取得する場合、その区分（例: 家族は従業者から）。 Category through which they are collected.",
    )


class NotHeld(Node):
    """保有しないと確認した区分。 A usual kind of people confirmed not to be held."""

    kind: SubjectKind
    confirmed_on: date = Field(description="確認した日。 Day it was confirmed.")
    reason: LocalText = Field(description="理由。 Reason.")


class DataItem(Node):
    """個人情報の項目。 An item of data."""

    code: Code
    name: LocalText = Field(description="名称。 Name.")
    special_care: bool = Field(default=False, description="要配慮個人情報か。 Special-care-required.")
    individual_number: bool = Field(default=False, description="個人番号か。 Individual Number.")
    about: SubjectKind | None = Field(
        default=None, description="本人以外の人に関する項目なら、その人の種類。 Kind of the other person it is about."
    )


class ChangeKind(StrEnum):
    """利用目的の変更 (Art. 17(2))."""

    RELATED = "related"
    UNRELATED = "unrelated"


class PurposeOrigin(Node):
    """変更した利用目的の由来。 What a changed purpose came from."""

    purposes: Some[Code] = Field(description="変更前の利用目的。 Purposes before the change.")
    change: ChangeKind = Field(description="合理的な関連があるか。 Reasonably related or not.")


class Purpose(Node):
    """利用目的。 A purpose of use (Art. 17(1))."""

    code: Code
    says: LocalText = Field(description="利用目的。 The purpose.")
    open_ended: bool = Field(
        default=False, description="「その他」など範囲が定まらないか。 Open-ended (“other such matters”)."
    )
    number_affair: bool = Field(
        default=False, description="個人番号関係事務か。 An affair for which Individual Numbers are used."
    )
    changed_from: PurposeOrigin | None = Field(default=None, description="変更の由来。 Origin, if it was changed.")


class PurposeRow(Sentence):
    """利用目的の表の一行。 One row of the published table: whose information, what for."""

    code: Code
    subject: Code = Field(description="本人の区分。 Subject category.")
    label: LocalText = Field(description="個人情報の種類として載せる名称。 Type of information, as published.")
    notes_on: Many[Code] = Field(
        default=(), description="注記をこの行に載せる取得の場面。 Collection points whose note is printed in this row."
    )
    purposes: Some[Code] = Field(description="利用目的。 Purposes.")
    collected_at: Many[Code] = Field(default=(), description="取得の場面。 Collection points.")


class PurposeTable(Node):
    """利用目的の表。 The published table of purposes."""

    heading: LocalText
    subject_heading: LocalText = Field(description="左の列の見出し。 Heading of the left column.")
    purpose_heading: LocalText = Field(description="右の列の見出し。 Heading of the right column.")
    rows: Some[PurposeRow]


class Channel(StrEnum):
    """How data comes in."""

    WEB = "web"
    PAPER = "paper"
    MAIL = "mail"
    PHONE = "phone"
    CARD = "card"
    CAMERA = "camera"
    IN_PERSON = "in_person"
    THIRD_PARTY = "third_party"
    ENTRUSTED = "entrusted"


class Notice(Node):
    """直接書面取得の通知。 The notice shown before collection in writing (21(2), A.3.4.2.5 a–h)."""

    code: Code
    version: str = Field(min_length=1, description="版。 Version.")
    confirmed_on: date = Field(description="実物を確認した日。 Day the form itself was looked at.")


class CollectionPoint(Node):
    """取得の場面。 Where data is collected."""

    code: Code
    name: LocalText = Field(description="名称。 Name.")
    note: LocalText | None = Field(default=None, description="公表文の注記。 Note on the page.")
    channel: Channel = Field(description="経路。 Channel.")
    organisation: Code | None = Field(default=None, description="取得する組織。 Organisation.")
    subjects: Some[Code] = Field(description="本人の区分。 Subject categories.")
    items: Many[Code] = Field(default=(), description="項目。 Items.")
    direct_in_writing: bool = Field(
        default=False,
        description="本人から直接書面（電磁的記録を含む）で取得するか。 Directly from the person in writing.",
    )
    consent: bool = Field(default=False, description="要配慮個人情報の同意を得るか。 Whether consent is asked here.")
    notice: Notice | None = Field(default=None, description="通知の書面。 The notice used.")


class Retention(Sentence):
    """保管期間。 How long data is kept, and how it ends."""

    code: Code
    subjects: Some[Code] = Field(description="本人の区分。 Subject categories.")
    items: Many[Code] = Field(default=(), description="項目（無ければ全て）。 Items; all if absent.")
    from_event: LocalText = Field(description="起算点。 Event from which it runs.")
    months: int = Field(ge=0, description="月数。 Months.")
    basis: LocalText = Field(description="根拠。 Basis.")


class RetentionSchedule(Node):
    """保管期間の公表。 The published periods."""

    heading: LocalText
    rules: Some[Retention]


class MeasureKind(StrEnum):
    """安全管理措置の区分 (guideline chapter 10)."""

    BASIC_POLICY = "basic_policy"
    RULES = "rules"
    ORGANISATIONAL = "organisational"
    HUMAN = "human"
    PHYSICAL = "physical"
    TECHNICAL = "technical"
    EXTERNAL_ENVIRONMENT = "external_environment"


class Measure(Sentence):
    """安全管理措置。 A safety measure taken."""

    code: Code
    kind: MeasureKind = Field(description="区分。 Kind.")
    label: LocalText = Field(description="見出し。 Label.")


class Safety(Node):
    """安全管理のために講じた措置。 Measures as published (Art. 32(1), Cabinet Order 10)."""

    heading: LocalText
    measures: Some[Measure]
