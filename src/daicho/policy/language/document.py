"""方針  The whole policy, and what the other rooms read of it."""

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, Final, Literal, Protocol, TypeVar

import rfc8785
from pydantic import BaseModel, Field

from daicho.law.kinds import KINDS, Requester, RequestKind
from daicho.policy.language.base import LocalText, Many, Node, Some
from daicho.policy.language.data import (
    CollectionPoint,
    DataItem,
    NotHeld,
    Purpose,
    PurposeTable,
    RetentionSchedule,
    Safety,
    SubjectCategory,
)
from daicho.policy.language.parties import (
    AccreditedBody,
    Desk,
    Entrustee,
    Group,
    Handles,
    JointUse,
    Officer,
    OfficerRole,
    Organisation,
    Recipient,
)
from daicho.policy.language.procedure import (
    AcceptedId,
    AgentRule,
    Arrival,
    FeeRate,
    ReplyBy,
    RequestProcedure,
    ShortFee,
)
from daicho.policy.language.statements import Dates, Handling, Promise, Promised, Statements
from daicho.words.errors import NotFoundError
from daicho.words.text import Text

FORMAT: Final = "daicho-policy/1"
#: Days to make good a short fee when the policy gives a chance without a number, or none at all.
DEFAULT_CURE_DAYS: Final = 14


class PrivacyMark(Node):
    """プライバシーマーク。 The mark, if the group holds it; it then accepts more than the law asks."""

    registration: str = Field(pattern=r"^\d{8}(\(\d{2}\))?$", description="登録番号。 Registration number.")
    valid_until: date = Field(description="有効期限。 Last day.")


class Policy(Node):
    """個人情報保護方針。 A company's declared policy: what it holds, what for, and how a person can ask.

    The parts stand in the order in which the page publishes them.
    """

    format: Literal["daicho-policy/1"] = Field(description="書式の版。 Version of this language.")
    base: int | None = Field(
        default=None, ge=1, description="元にした版の番号（最初は書かない）。 Revision this file was written from."
    )
    title: LocalText = Field(description="ページの題名。 Title of the page.")
    group: Group
    organisations: Some[Organisation] = Field(description="組織。 Organisations.")
    privacy_mark: PrivacyMark | None = None
    dates: Dates = Field(description="制定日・改定日。 Dates.")
    statements: Statements = Field(description="基本方針。 The principle and the policy.")
    handling: Handling = Field(description="取扱いページの前書き。 Opening of the handling page.")
    subjects: Some[SubjectCategory] = Field(description="本人の区分。 Subject categories.")
    not_held: Many[NotHeld] = Field(default=(), description="保有しない区分。 Kinds confirmed not to be held.")
    items: Some[DataItem] = Field(description="項目。 Data items.")
    purposes: Some[Purpose] = Field(description="利用目的。 Purposes.")
    purpose_table: PurposeTable = Field(description="利用目的の表。 The published table.")
    collection_points: Many[CollectionPoint] = Field(default=(), description="取得の場面。 Collection points.")
    recipients: Many[Recipient] = Field(default=(), description="提供先。 Recipients.")
    entrustees: Many[Entrustee] = Field(default=(), description="委託先。 Entrustees.")
    joint_use: Many[JointUse] = Field(default=(), description="共同利用。 Joint use.")
    retention: RetentionSchedule | None = Field(default=None, description="保管期間。 Retention.")
    safety: Safety | None = Field(default=None, description="安全管理措置。 Safety measures.")
    requests: RequestProcedure = Field(description="開示等の請求等の手続。 The request procedure.")
    accredited_body: AccreditedBody | None = None
    desks: Some[Desk] = Field(description="窓口。 Desks.")
    officers: Many[Officer] = Field(default=(), description="責任者。 Officers.")

    # ── parties ──────────────────────────────────────────────────────────────────────────

    @property
    def parent(self) -> Organisation:
        """The organisation that publishes the policy."""
        return self.organisation(self.group.parent)

    def organisation(self, code: str) -> Organisation:
        """The organisation with this code; `NotFoundError` otherwise."""
        return _by_code(self.organisations, code, _ORGANISATION)

    @property
    def desk(self) -> Desk:
        """The desk that takes requests, else the first."""
        return self.desk_for(Handles.REQUESTS) or self.desks[0]

    def desk_for(self, handles: Handles) -> Desk | None:
        """The first desk that handles this."""
        return next((desk for desk in self.desks if handles in desk.handles), None)

    @property
    def officer(self) -> Officer | None:
        """個人情報保護管理者."""
        return self.officer_for(OfficerRole.PROTECTION_MANAGER)

    def officer_for(self, role: OfficerRole) -> Officer | None:
        """The officer in this role."""
        return next((officer for officer in self.officers if officer.role is role), None)

    # ── what and what for ────────────────────────────────────────────────────────────────

    def subject(self, code: str) -> SubjectCategory:
        """The subject category with this code; `NotFoundError` otherwise."""
        return _by_code(self.subjects, code, _SUBJECT)

    def item(self, code: str) -> DataItem:
        """The data item with this code; `NotFoundError` otherwise."""
        return _by_code(self.items, code, _ITEM)

    def purpose(self, code: str) -> Purpose:
        """The purpose with this code; `NotFoundError` otherwise."""
        return _by_code(self.purposes, code, _PURPOSE)

    def purposes_of(self, subject: str) -> tuple[Purpose, ...]:
        """The purposes published for a subject category, in the table's order, each once."""
        codes = dict.fromkeys(
            code for row in self.purpose_table.rows if row.subject == subject for code in row.purposes
        )
        return tuple(self.purpose(code) for code in codes)

    # ── requests ─────────────────────────────────────────────────────────────────────────

    @property
    def request_kinds(self) -> tuple[RequestKind, ...]:
        """The kinds the page names, in its order. The law's other kinds are still owed."""
        return tuple(dict.fromkeys(kind for entry in self.requests.offers for kind in entry.kinds))

    @property
    def offers_others(self) -> bool:
        """Whether the page says “and other requests”."""
        return any(entry.open_ended for entry in self.requests.offers)

    @property
    def channels(self) -> tuple[Arrival, ...]:
        """How a request may come in; a web door exists only if it is listed."""
        return tuple(channel.by for channel in self.requests.addressee.channels)

    def fee_for(self, kind: RequestKind) -> FeeRate | None:
        """The published fee for ``kind``; None when none is published, and always for the free kinds (Art. 38)."""
        if self.requests.fees is None or not KINDS[kind].chargeable:
            return None
        return next((rate for rate in self.requests.fees.rates if kind in rate.kinds), None)

    @property
    def cure_days(self) -> int:
        """Days given to make good a short fee or a missing paper."""
        rates = self.requests.fees.rates if self.requests.fees else ()
        stated = (rate.shortage.cure_days for rate in rates if rate.shortage and rate.shortage.action is ShortFee.CURE)
        return next((days for days in stated if days is not None), DEFAULT_CURE_DAYS)

    @property
    def reply_methods(self) -> tuple[ReplyBy, ...]:
        """The ways of answering the page offers."""
        return tuple(dict.fromkeys(method.by for method in self.requests.replies.methods))

    @property
    def id_documents(self) -> tuple[AcceptedId, ...]:
        """The papers accepted from the person; any `requests.submission.identity.needed` of them."""
        return self.requests.submission.identity.accepted

    @property
    def agent_id_documents(self) -> tuple[AcceptedId, ...]:
        """The papers accepted from an agent."""
        return self.requests.agents.identity.accepted

    def agent_documents(self, requester: Requester) -> AgentRule | None:
        """The papers that show this agent's authority; None for the person, or when the page names none."""
        return next((rule for rule in self.requests.agents.rules if requester in rule.agents), None)

    @property
    def id_copies_kept_days(self) -> int | None:
        """Days after which copies of identity papers are destroyed; None when the page is silent."""
        return self.requests.id_copies.destroyed_after_days if self.requests.id_copies else None

    # ── content ──────────────────────────────────────────────────────────────────────────

    def content(self) -> str:
        """The policy as canonical JSON, without ``base``: what a revision's digest is taken of."""
        plain = self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"base"})
        return rfc8785.dumps(plain).decode()

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of `content`: the same for two files that differ only in layout and comments."""
        return sha256(self.content().encode()).hexdigest()

    # ── statements and dates ─────────────────────────────────────────────────────────────

    @property
    def promises(self) -> Mapping[Promise, Promised]:
        """Every promise of the statements, the first place of each."""
        sections = (paragraph for section in self.statements.sections for paragraph in section.paragraphs)
        found: dict[Promise, Promised] = {}
        for paragraph in (*self.statements.preamble, *sections):
            for promised in paragraph.promises:
                found.setdefault(promised.promise, promised)
        return found

    @property
    def established_on(self) -> date:
        """制定日."""
        return self.dates.established.on

    @property
    def revised_on(self) -> date:
        """The last revision, else the day it was established."""
        return self.dates.revised[-1].on if self.dates.revised else self.dates.established.on

    def clause_places(self) -> Mapping[str, tuple[str | int, ...]]:
        """Clause id → the steps to the part that carries it, e.g. ``("requests", "offers", 0)``."""
        return dict(_clauses(self, ()))

    def part(self, steps: tuple[str | int, ...]) -> Any:
        """The part at ``steps``, as `clause_places` gives them."""
        found: Any = self
        for step in steps:
            found = found[step] if isinstance(step, int) else getattr(found, step)
        return found


_ORGANISATION: Final = Text("組織", "organisation")
_SUBJECT: Final = Text("本人の区分", "subject category")
_ITEM: Final = Text("項目", "data item")
_PURPOSE: Final = Text("利用目的", "purpose")


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


CodedT = TypeVar("CodedT", bound=_Coded)


def _by_code(rows: tuple[CodedT, ...], code: str, what: Text) -> CodedT:
    found = next((row for row in rows if row.code == code), None)
    if found is None:
        raise NotFoundError(
            Text(f"方針に{what.ja} {code} はありません。", f"The policy has no {what.en} {code}."),
            advice=Text("方針にあるコードを使ってください。", "Use a code that the policy lists."),
        )
    return found


def _clauses(part: object, steps: tuple[str | int, ...]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    if isinstance(part, Node):
        yield from ((clause, steps) for clause in part.clauses)
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _clauses(getattr(part, name), (*steps, name))
    elif isinstance(part, tuple):
        for index, item in enumerate(part):
            yield from _clauses(item, (*steps, index))
