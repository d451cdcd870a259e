"""開示等の請求等に応じる手続  The request procedure, as the page tells it (Arts. 32–38)."""

from enum import StrEnum

from pydantic import Field, model_validator

from daicho.law.kinds import Requester, RequestKind
from daicho.law.papers import AuthorityDocument, IdDocument, Masked
from daicho.policy.language.base import Code, LocalText, Many, Node, Sentence, Some
from daicho.words.documents import SayableError
from daicho.words.text import Text


class NamedBasis(StrEnum):
    """Grounds on which a stop or erasure may be asked, as the page names them (`law.grounds`)."""

    VIOLATION = "violation"
    NO_LONGER_NEEDED = "no_longer_needed"
    INCIDENT = "incident"
    LIKELY_HARM = "likely_harm"


class OfferedKinds(Sentence):
    """One entry of the published list of requests.

    ``kinds`` may be empty only with ``open_ended`` (“and other requests”).
    """

    label: str | None = Field(default=None, description="番号（「(1)」など、載せたとおり）。 Number as printed.")
    kinds: Many[RequestKind] = Field(default=(), description="請求の種別。 Kinds of request.")
    open_ended: bool = Field(default=False, description="「その他」か。 “Other requests”.")
    bases: Many[NamedBasis] = Field(
        default=(), description="文中に挙げた請求の理由。 Grounds named in the text (Art. 35)."
    )

    @model_validator(mode="after")
    def _says_something(self) -> "OfferedKinds":
        if not self.kinds and not self.open_ended:
            raise SayableError(
                "empty-entry",
                Text("この行にはどの請求の種別もありません。", "This entry offers no kind of request."),
                advice=Text("kinds を書くか open_ended: yes にしてください。", "Write kinds, or open_ended: yes."),
            )
        return self


class Arrival(StrEnum):
    """How a request may come in."""

    POST = "post"
    COUNTER = "counter"
    WEB = "web"
    EMAIL = "email"
    FAX = "fax"


class ArrivalChannel(Sentence):
    """受付方法。 A way in."""

    by: Arrival = Field(description="方法。 Way.")


class Delivery(StrEnum):
    """Ways of posting that leave a record."""

    REGISTERED = "registered"  # 書留
    SIMPLE_REGISTERED = "simple_registered"  # 簡易書留
    RECORDED = "recorded"  # 特定記録
    RECIPIENT_ONLY = "recipient_only"  # 本人限定受取


class DeliveryAdvice(Sentence):
    """勧める送付方法。 Recommended ways of posting."""

    methods: Some[Delivery] = Field(description="方法。 Ways.")


class EnvelopeNote(Sentence):
    """封筒の表示。 What to write on the envelope."""

    note: LocalText = Field(description="書く文字。 The words.")
    colour: str = Field(default="red", pattern=r"^[a-z]+$", description="色。 Colour.")


class RequestForm(Sentence):
    """請求書の様式。 The request form."""

    code: Code
    name: LocalText = Field(description="様式の名称。 Name of the form.")


class Addressee(Node):
    """請求の申出先。 Where requests are addressed."""

    heading: LocalText
    desk: Code = Field(description="窓口。 Desk.")
    channels: Some[ArrivalChannel] = Field(description="受付方法。 Ways in.")
    enclosures: Sentence | None = Field(default=None, description="同封するもの。 What to enclose.")
    delivery: DeliveryAdvice | None = Field(default=None, description="勧める送付方法。 Recommended ways of posting.")
    envelope: EnvelopeNote | None = Field(default=None, description="封筒の表示。 Note on the envelope.")


class AcceptedId(Node):
    """受け付ける本人確認書類。 One accepted paper, and what is blacked out on its copy."""

    document: IdDocument = Field(description="書類。 Paper.")
    copy_of_it: bool = Field(
        default=True, alias="copy", description="写しか（no は原本）。 A copy; `no` for an original."
    )
    black_out: Many[Masked] = Field(default=(), description="黒塗りにする部分。 Parts to black out.")


class IdPapers(Sentence):
    """本人確認書類。 Papers that verify identity: any ``needed`` of the list."""

    label: LocalText = Field(description="項目名。 Label.")
    needed: int = Field(default=1, ge=1, le=3, description="必要な点数。 How many are needed.")
    accepted: Some[AcceptedId] = Field(description="受け付ける書類。 Accepted papers.")
    black_out_note: Sentence | None = Field(default=None, description="黒塗りの案内。 Note on blacking out.")


class Submission(Node):
    """提出書類。 What the person submits."""

    heading: LocalText
    form: RequestForm = Field(description="請求書。 The form.")
    identity: IdPapers = Field(description="本人確認書類。 Identity papers.")


class AuthorityPaper(Sentence):
    """代理権を示す書類。 A paper showing an agent's authority."""

    document: AuthorityDocument = Field(description="書類。 Paper.")
    registered_seal: bool = Field(default=False, description="実印を要するか。 Needs the registered seal.")
    issued_within_days: int | None = Field(default=None, ge=1, description="発行後の日数の上限。 Maximum age in days.")


class AgentRule(Node):
    """代理人の区分ごとの書類。 Papers by kind of agent: ``all`` of them, or ``any`` one."""

    agents: Some[Requester] = Field(description="代理人の区分。 Kinds of agent.")
    needs_all: bool = Field(default=True, description="全て必要か（no はいずれか）。 All of them, or any one.")
    papers: Some[AuthorityPaper] = Field(description="書類。 Papers.")


class Agents(Sentence):
    """代理人による請求。 Requests by an agent."""

    heading: LocalText
    identity: IdPapers = Field(description="代理人の本人確認書類。 The agent's identity papers.")
    rules: Some[AgentRule] = Field(description="代理権を示す書類。 Papers showing authority.")


class FeeUnit(StrEnum):
    """What one fee pays for."""

    FORM = "form"
    KIND = "kind"


class Instrument(StrEnum):
    """How a fee is paid."""

    POSTAL_MONEY_ORDER = "postal_money_order"  # 定額小為替
    STAMPS = "stamps"
    BANK_TRANSFER = "bank_transfer"
    CASH = "cash"


class OnRefusal(StrEnum):
    """What happens to the fee of a request that is refused."""

    KEEP = "keep"
    RETURN = "return"


class ShortFee(StrEnum):
    """What happens when the fee is short or absent."""

    REFUSE = "refuse"
    CURE = "cure"


class Payment(Sentence):
    """支払方法。 How to pay."""

    instrument: Instrument = Field(description="方法。 Instrument.")


class Costs(Sentence):
    """費用の負担。 Who bears the cost of the order and the postage."""

    borne_by_requester: bool = Field(description="請求者の負担か。 Borne by the requester.")


class Shortage(Sentence):
    """手数料の不足。 What happens when the fee is short or absent."""

    action: ShortFee = Field(description="扱い。 What happens.")
    cure_days: int | None = Field(default=None, ge=1, le=90, description="補正の期間（日）。 Days to cure it.")


class FeeRate(Sentence):
    """手数料。 One fee; silence favours the person (`unit`, `refused`)."""

    code: Code
    kinds: Some[RequestKind] = Field(description="対象の種別。 Kinds it is charged for.")
    amount: int = Field(ge=1, le=100_000, description="金額（円）。 Yen.")
    tax_included: bool = Field(default=True, description="税込か。 Tax included.")
    per: FeeUnit | None = Field(default=None, description="単位（請求書ごと・種別ごと）。 Per form or per kind.")
    payment: Payment = Field(description="支払方法。 How to pay.")
    costs: Costs | None = Field(default=None, description="費用の負担。 Other costs.")
    shortage: Shortage | None = Field(default=None, description="不足の場合。 When short.")
    on_refusal: OnRefusal | None = Field(
        default=None, description="開示しない場合の手数料。 Kept or returned on refusal."
    )

    @property
    def unit(self) -> FeeUnit:
        """Per form unless the policy says per kind: silence favours the person."""
        return self.per or FeeUnit.FORM

    @property
    def refused(self) -> OnRefusal:
        """Returned unless the policy says it is kept."""
        return self.on_refusal or OnRefusal.RETURN


class Fees(Node):
    """手数料。 Fees (Art. 38)."""

    heading: LocalText
    rates: Some[FeeRate]


class ReplyBy(StrEnum):
    """How an answer may leave (Art. 33(1), Rules 30)."""

    WRITTEN = "written"
    ELECTRONIC = "electronic"
    INSPECTION = "inspection"


class ReplyMethod(Sentence):
    """回答の方法。 A way of answering."""

    by: ReplyBy = Field(description="方法。 Way.")
    delivery: Delivery | None = Field(default=None, description="郵送の方法。 How it is posted.")


class Replies(Node):
    """回答。 The answer."""

    heading: LocalText
    methods: Some[ReplyMethod] = Field(description="方法。 Ways.")
    target_days: int | None = Field(
        default=None, ge=1, le=60, description="回答の目標日数（社内目標）。 The company's own target in days."
    )


class IdCopies(Sentence):
    """本人確認書類の写しの扱い。 What becomes of the copies."""

    destroyed_after_days: int = Field(ge=0, le=3650, description="廃棄までの日数。 Days until destroyed.")


class RequestProcedure(Sentence):
    """開示等の請求等の手続。 The procedure; ``says`` opens it."""

    heading: LocalText
    offers: Some[OfferedKinds] = Field(description="受け付ける請求。 Requests offered.")
    called: Sentence = Field(description="総称と手続の案内。 The collective term.")
    addressee: Addressee
    submission: Submission
    agents: Agents
    fees: Fees | None = None
    replies: Replies
    id_copies: IdCopies | None = None
