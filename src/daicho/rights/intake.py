"""What the form says: one YAML or JSON document per request, from a file or standard input.

Personal values come only this way, never as arguments. The document is checked whole: every
error is reported with its line. What it holds about people is sealed as it is stored.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from daicho.law.kinds import KINDS, Requester, RequestKind
from daicho.policy.language import Arrival, ReplyBy
from daicho.words.documents import SayableError, read_document, validate
from daicho.words.era import DateTextError, read_date
from daicho.words.identity import STRONG_PREFIX, WeakKind, fold
from daicho.words.text import Language, Text


def _day(value: Any) -> Any:
    """A birth date as people write it: 昭和55年1月5日, S55.1.5, 1980-01-05."""
    if isinstance(value, str):
        try:
            return read_date(value)
        except DateTextError:
            return value
    return value


Day = Annotated[date, BeforeValidator(_day)]
Line = Annotated[str, Field(min_length=1, max_length=400)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(_Part):
    """本人: who asks, in the words of the form. Spellings are kept as written."""

    name: Line
    kana: Line | None = None
    former_names: tuple[Line, ...] = ()
    birth_date: Day | None = None
    postal_code: Line | None = None
    address: Line
    former_addresses: tuple[Line, ...] = ()
    phones: tuple[Line, ...] = ()
    emails: tuple[Line, ...] = ()
    numbers: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,40}$")], Line] = Field(default_factory=dict)
    relation: Line | None = None
    period: Line | None = None

    def identities(self) -> dict[str, tuple[str, ...]]:
        """Kind → values, for `daicho.subjects.rules`."""
        found = {
            "name": (self.name, *self.former_names),
            "kana": (self.kana,) if self.kana else (),
            "birth_date": (self.birth_date.isoformat(),) if self.birth_date else (),
            "email": self.emails,
            "phone": self.phones,
            "postal_code": (self.postal_code,) if self.postal_code else (),
            "address": (self.address, *self.former_addresses),
        }
        for name, value in self.numbers.items():
            found[STRONG_PREFIX + name] = (value,)
        return {kind: values for kind, values in found.items() if values}


class Agent(_Part):
    """代理人: who asks for the person."""

    name: Line
    kana: Line | None = None
    postal_code: Line | None = None
    address: Line
    phone: Line | None = None


class Envelope(_Part):
    """The envelope, tracked like a file."""

    post_room: Line | None = None
    delivery_no: Line | None = None
    opened_by: Line | None = None
    contents: int | None = Field(default=None, ge=0, le=999)
    kept_in: Line | None = None


class ClaimIntake(_Part):
    """One thing asked for. ``values``: for 訂正・追加, item code or ``store.table.column`` → what it should say."""

    kind: RequestKind
    basis: Annotated[str, Field(pattern=r"^[a-z0-9_]{0,40}$")] = ""
    wish: Line | None = None
    values: Mapping[str, Annotated[str, Field(max_length=2000)]] = Field(default_factory=dict)
    evidence: Line | None = None

    @model_validator(mode="after")
    def _says_what_is_right(self) -> "ClaimIntake":
        if self.kind in {RequestKind.CORRECTION, RequestKind.ADDITION} and not self.values:
            raise SayableError(
                "values-missing",
                Text("訂正・追加する内容がありません。", "A correction or addition says what is right."),
                advice=Text(
                    "values に項目と正しい内容を書いてください。", "Write the item and its right value under values."
                ),
                steps=("kind",),
            )
        if self.basis and self.basis not in {basis.code for basis in KINDS[self.kind].bases}:
            raise SayableError(
                "basis-unknown",
                Text("この請求の理由として使えません。", "That is no basis for this kind of request."),
                advice=Text(
                    "使える理由: " + (", ".join(basis.code for basis in KINDS[self.kind].bases) or "なし"),
                    "Bases: " + (", ".join(basis.code for basis in KINDS[self.kind].bases) or "none"),
                ),
                steps=("basis",),
            )
        return self


class Reply(_Part):
    """Where and how the answer goes. Without an address it goes to the person's own."""

    to: Literal["person", "agent"] = "person"
    method: ReplyBy = ReplyBy.WRITTEN
    postal_code: Line | None = None
    address: Line | None = None


class Intake(_Part):
    """開示等請求書: one form."""

    addressed: tuple[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")], ...] = Field(min_length=1)
    channel: Arrival = Arrival.POST
    language: Language = Language.JA
    arrived_on: date | None = None
    requester: Requester = Requester.PRINCIPAL
    person: Person
    agent: Agent | None = None
    reply: Reply = Reply()
    envelope: Envelope = Envelope()
    support_measure: bool = False
    claims: tuple[ClaimIntake, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="before")
    @classmethod
    def _answers_who_asks(cls, raw: Any) -> Any:
        """Where nothing is said the answer goes to who asks: a minor's to the parent, not to the child."""
        if not isinstance(raw, Mapping) or not raw.get("agent"):
            return raw
        reply = raw.get("reply", {})
        return {**raw, "reply": {"to": "agent", **reply}} if isinstance(reply, Mapping) else raw

    @model_validator(mode="after")
    def _hangs_together(self) -> "Intake":
        if (self.requester is not Requester.PRINCIPAL) != (self.agent is not None):
            raise SayableError(
                "agent",
                Text(
                    "代理人の請求には agent が要り、本人の請求には書きません。",
                    "A request by an agent needs `agent`; one by the person has none.",
                ),
                advice=Text("requester と agent を合わせてください。", "Make requester and agent agree."),
                steps=("requester",),
            )
        if self.reply.to == "agent" and self.agent is None:
            raise SayableError(
                "reply-to",
                Text("代理人がいないのに、代理人あての回答です。", "The answer goes to an agent, but there is none."),
                advice=Text("reply.to を person にしてください。", "Set reply.to to person."),
                steps=("reply",),
            )
        own = self.agent.address if self.reply.to == "agent" and self.agent else self.person.address
        if self.reply.address and fold(WeakKind.ADDRESS, self.reply.address) != fold(WeakKind.ADDRESS, own):
            raise SayableError(
                "reply-address",
                Text(
                    "回答先が、本人確認をする住所と違います。",
                    "The answer would go to another address than the one that is verified.",
                ),
                advice=Text(
                    "回答は本人確認書類の住所だけに送ります。転居した場合は、新しい住所の書類で請求を受け付けてください。",
                    "Answers go to the address on the identity papers only. After a move, take the request with papers that show the new address.",
                ),
                steps=("reply", "address"),
            )
        kinds = [claim.kind for claim in self.claims]
        if len(set(kinds)) != len(kinds):
            raise SayableError(
                "kind-twice",
                Text("同じ種別の請求が二度あります。", "The same kind of request appears twice."),
                advice=Text("一つにまとめてください。", "Put them together."),
                steps=("claims",),
            )
        return self


def read_intake(raw: bytes, *, path: str) -> Intake:
    """Read one request document.

    Raises:
        DocumentError: every error in it, each with its line; values are never repeated.
    """
    return validate(Intake, read_document(raw, path=path))


def facts_of(intake: Intake) -> bytes:
    """What is sealed with the request: person, agent, reply."""
    return intake.model_dump_json(include={"person", "agent", "reply"}).encode()


class Facts(_Part):
    """The sealed part of a request, opened again."""

    person: Person
    agent: Agent | None = None
    reply: Reply = Reply()


def facts_from(raw: bytes) -> Facts:
    """Open what `facts_of` wrote."""
    return Facts.model_validate_json(raw)


def details_of(claim: ClaimIntake) -> bytes:
    """What is sealed with a claim: wish, values, evidence."""
    return claim.model_dump_json(include={"wish", "values", "evidence"}).encode()
