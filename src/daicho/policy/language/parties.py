"""Who: the group, its organisations, desks, officers, outside parties, joint use."""

from enum import StrEnum

from pydantic import Field, field_validator

from daicho.policy.language.base import Address, Code, LocalText, Node, Sentence, Some
from daicho.words.documents import SayableError
from daicho.words.text import Text


class Representative(Node):
    """代表者。 The representative of a corporation (Art. 32(1)(i))."""

    name: LocalText = Field(description="氏名。 Name.")
    title: LocalText = Field(description="役職。 Title.")


class Organisation(Node):
    """組織（法人）。 A legal entity of the group."""

    code: Code
    name: LocalText = Field(description="名称。 Name.")
    address: Address = Field(description="所在地。 Address.")
    representative: Representative = Field(description="代表者。 Representative.")
    corporate_number: str | None = Field(
        default=None, description="法人番号（13桁、公開情報）。 Corporate Number, 13 digits, public."
    )
    parent: Code | None = Field(default=None, description="親会社のコード。 Code of the parent.")
    country: str = Field(default="JP", pattern=r"^[A-Z]{2}$", description="国（ISO 3166）。 Country.")
    published: bool = Field(
        default=True,
        description="名称・住所・代表者を公表文に載せるか。 Whether name, address and representative stand on the page.",
    )

    @field_validator("corporate_number")
    @classmethod
    def _check_digit(cls, number: str | None) -> str | None:
        if number is not None and not is_corporate_number(number):
            raise SayableError(
                "corporate-number",
                Text("法人番号の検査用数字が合いません。", "The check digit of the corporate number does not fit."),
                advice=Text(
                    "国税庁の公表サイトの13桁を写してください。", "Copy the 13 digits from the public register."
                ),
            )
        return number


def is_corporate_number(number: str) -> bool:
    """法人番号  13 digits, the first a check digit: 9 − (Σ digit × (1 or 2, from the right) mod 9)."""
    if len(number) != 13 or not (number.isascii() and number.isdigit()):  # noqa: PLR2004
        return False
    total = sum(int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(number[1:])))
    return int(number[0]) == 9 - total % 9


class Covered(Sentence):
    """この方針の個人情報の範囲。 Whose information the policy speaks of."""

    subjects: Some[Code] = Field(description="本人の区分。 Subject categories.")


class Group(Node):
    """グループ。 The group the policy is published for."""

    parent: Code = Field(description="親会社のコード。 The parent organisation.")
    called: LocalText = Field(description="公表文での呼び方。 What the page calls it.")
    covers: Covered = Field(description="個人情報の範囲。 Whose information is meant.")


class Days(StrEnum):
    """When a desk is open."""

    WEEKDAYS = "weekdays"
    EVERY_DAY = "every_day"


class Hours(Node):
    """受付時間。 Opening hours; without ``opens`` and ``closes`` the whole day."""

    days: Days = Field(description="曜日。 Days.")
    opens: str | None = Field(default=None, pattern=r"^\d{1,2}:\d{2}$", description='開始（"9:00"）。 From.')
    closes: str | None = Field(default=None, pattern=r"^\d{1,2}:\d{2}$", description='終了（"18:00"）。 To.')

    @property
    def text(self) -> Text:
        """``平日 9:00～18:00`` / ``weekdays: 9:00 to 18:00``."""
        if self.opens is None or self.closes is None:
            return Text("24時間受付", "24-hour reception")
        ja, en = ("平日", "weekdays") if self.days is Days.WEEKDAYS else ("毎日", "every day")
        return Text(f"{ja} {self.opens}～{self.closes}", f"{en}: {self.opens} to {self.closes}")


class Line(Node):
    """電話・FAX。 A telephone or fax line."""

    number: str = Field(pattern=r"^[0-9+][0-9-]{8,18}$", description="番号。 Number.")
    hours: Hours | None = Field(default=None, description="受付時間。 Hours.")

    @property
    def text(self) -> Text:
        """The number as dialled in Japan, and from abroad."""
        if self.number.startswith("+81-"):
            return Text("0" + self.number.removeprefix("+81-"), self.number)
        return Text(self.number, f"+81-{self.number[1:]}" if self.number.startswith("0") else self.number)


class Lines(Node):
    """連絡先。 The lines of a desk."""

    telephone: Line = Field(description="電話。 Telephone.")
    fax: Line | None = Field(default=None, description="FAX。 Fax.")
    email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+$", description="電子メール。 E-mail.")


class Handles(StrEnum):
    """What a desk is for."""

    INQUIRIES = "inquiries"
    COMPLAINTS = "complaints"
    REQUESTS = "requests"


class Desk(Sentence):
    """窓口。 A desk: who may be asked, where, when."""

    code: Code
    name: LocalText = Field(description="窓口の名称。 Name of the desk.")
    organisation: Code = Field(description="置く組織。 The organisation it belongs to.")
    handles: Some[Handles] = Field(description="扱うもの。 What it handles.")
    address: Address | None = Field(
        default=None, description="所在地（無ければ組織の所在地）。 Address; without it the organisation's."
    )
    lines: Lines = Field(description="電話・FAX。 Telephone and fax.")


class OfficerRole(StrEnum):
    """Roles the standard and the law name."""

    PROTECTION_MANAGER = "protection_manager"  # 個人情報保護管理者
    AUDIT_MANAGER = "audit_manager"  # 個人情報保護監査責任者
    NUMBER_OFFICE = "number_office"  # 特定個人情報の事務取扱責任部署


class Officer(Node):
    """責任者。 A responsible officer; the name of a post is enough, a bare role is not."""

    role: OfficerRole = Field(description="役割。 Role.")
    heading: LocalText = Field(description="公表文での見出し。 Heading on the page.")
    organisation: Code = Field(description="所属組織。 Organisation.")
    department: LocalText | None = Field(default=None, description="部署。 Department.")
    title: LocalText = Field(description="役職。 Title.")
    name: LocalText | None = Field(default=None, description="氏名（任意）。 Name, optional.")
    desk: Code | None = Field(default=None, description="連絡先の窓口。 The desk to reach them by.")


class BodyEntry(Node):
    """認定個人情報保護団体の表記。 The accredited body as published."""

    name: LocalText = Field(description="団体の名称。 Name.")
    office: LocalText = Field(description="苦情解決の申出先の名称。 Name of the office for complaints.")
    address: Address = Field(description="住所。 Address.")
    telephones: Some[str] = Field(description="電話番号。 Telephones.")


class AccreditedBody(Sentence):
    """認定個人情報保護団体。 The accredited organisation the group is a target of."""

    code: Code
    heading: LocalText
    entry: BodyEntry = Field(description="名称と申出先。 Name and where to ask.")
    note: Sentence | None = Field(default=None, description="注記。 A note.")


class ProvisionBasis(StrEnum):
    """On what a recipient may be given data (Art. 27)."""

    CONSENT = "consent"
    LAW = "law"
    OPT_OUT = "opt_out"


class Abroad(StrEnum):
    """外国にある第三者への提供の根拠 (Art. 28)."""

    CONSENT = "consent"
    ADEQUATE = "adequate"
    EQUIVALENT_SYSTEM = "equivalent_system"
    LAW = "law"


class Outside(Sentence):
    """An outside party that receives data."""

    code: Code
    name: LocalText = Field(description="名称又は範囲。 Name, or kind of parties.")
    subjects: Some[Code] = Field(description="本人の区分。 Subject categories.")
    items: Some[Code] = Field(description="項目。 Items.")
    country: str = Field(default="JP", pattern=r"^[A-Z]{2}$", description="国。 Country.")
    abroad: Abroad | None = Field(default=None, description="外国の場合の根拠。 Ground when abroad (Art. 28).")


class Recipient(Outside):
    """提供先。 A third party the data is provided to."""

    purposes: Some[Code] = Field(description="提供の目的。 Purposes.")
    basis: ProvisionBasis = Field(description="根拠。 Ground.")
    means: LocalText = Field(description="提供の手段・方法。 Means.")


class Entrustee(Outside):
    """委託先。 A party the handling is entrusted to (Art. 25)."""

    re_entrustment: bool = Field(default=False, description="再委託を認めるか。 Whether re-entrustment is allowed.")


class SharedItems(Sentence):
    """共同利用する項目の一まとまり。 A group of jointly used items."""

    code: Code
    label: LocalText = Field(description="見出し。 Label.")
    subjects: Some[Code] = Field(description="本人の区分。 Subject categories.")
    items: Some[Code] = Field(description="項目。 Items.")


class SharedItemList(Node):
    """共同利用する項目。 The items of joint use."""

    heading: LocalText
    groups: Some[SharedItems]


class SharedUsers(Sentence):
    """共同利用者の範囲。 The range of joint users."""

    heading: LocalText
    organisations: Some[Code] = Field(description="組織。 Organisations.")


class SharedPurposes(Sentence):
    """共同利用の目的。 Purposes of the joint users."""

    heading: LocalText
    rows: Some[Code] = Field(description="利用目的の表の行。 Rows of the purpose table.")


class SharedResponsible(Sentence):
    """共同利用の管理責任者。 Who is responsible for the management of shared data."""

    heading: LocalText
    organisations: Some[Code] = Field(description="組織（一つだけ）。 Exactly one organisation.")
    shows_address: bool = Field(description="住所をここに載せるか。 Whether the address stands here.")
    shows_representative: bool = Field(description="代表者名をここに載せるか。 Whether the representative stands here.")


class JointUse(Sentence):
    """共同利用。 A scheme of joint use (Art. 27(5)(iii))."""

    code: Code
    heading: LocalText
    title: LocalText | None = Field(default=None, description="小見出し。 Sub-heading.")
    items: SharedItemList
    users: SharedUsers
    purposes: SharedPurposes
    responsible: SharedResponsible
