"""Times, tries and what is asked at the web door: facts in, decision out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from daicho.law.kinds import KINDS, REQUESTER_NAMES, Requester, RequestKind
from daicho.law.papers import AUTHORITY_NAMES, ID_DOCUMENTS, MASKED_NAMES, Masked
from daicho.policy.language import AcceptedId, Arrival, Policy, ReplyBy
from daicho.policy.language.parties import Organisation
from daicho.rights.rules import DocumentKind, Of, fee_due
from daicho.words.text import Text


class DraftState(StrEnum):
    """Where a draft stands."""

    ASKED = "asked"  # its link was mailed
    PROVEN = "proven"  # the mailbox answered
    SUBMITTED = "submitted"
    ERASED = "erased"


class PassKind(StrEnum):
    """What a link opens."""

    START = "start"
    STATUS = "status"
    ANSWER = "answer"


START_GOOD: Final = timedelta(hours=24)
DRAFT_GOOD: Final = timedelta(days=14)
STATUS_GOOD: Final = timedelta(days=365)
#: A fresh link to a request whose own link was lost.
FOUND_GOOD: Final = timedelta(days=7)
OFFER_DAYS: Final = 30
MAX_OFFER_DAYS: Final = 90
CODE_GOOD: Final = timedelta(minutes=15)
#: Between two codes for one link.
CODE_PAUSE: Final = timedelta(seconds=45)
CODE_TRIES: Final = 5
LOCKED: Final = timedelta(hours=1)
#: Wrong codes in all after which a link is dead.
MAX_WRONG: Final = 15
#: Mails to one mailbox in an hour that somebody without a code can cause.
MAX_MAILS: Final = 5
#: How long a browser that gave the right code is known.
VISIT: Final = timedelta(minutes=30)
MAX_PAPERS: Final = 12
#: Papers of one request that come by web at all: with it, and afterwards.
MAX_SENT: Final = 24

#: What an hour allows one address of the network: what → times.
RATES: Final = {"start": 10, "find": 10, "code": 30, "try": 40, "upload": 60, "open": 120}


def code_pause_left(made_at: datetime | None, *, at: datetime) -> int:
    """Seconds until another code may be mailed."""
    if made_at is None or at - made_at >= CODE_PAUSE:
        return 0
    return int((CODE_PAUSE - (at - made_at)).total_seconds()) + 1


def publishes_web(policy: Policy) -> bool:
    """ウェブ窓口は公表されたときだけ: the door exists only if the policy in force names it (desk practice 20)."""
    return Arrival.WEB in policy.channels


def companies(policy: Policy) -> list[Organisation]:
    """The companies of the group that the page names."""
    return [one for one in policy.organisations if one.published] or [policy.parent]


# ── said before anything is typed ────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedKind:
    """One kind that may be asked; ``fee`` in yen, 0: free. ``bases``: reasons that may be named (code → words)."""

    kind: RequestKind
    name: Text
    asks: Text
    fee: int
    bases: tuple[tuple[str, Text], ...]


def offered_kinds(policy: Policy, *, on: date) -> list[OfferedKind]:
    """The kinds the policy publishes, as far as the law of the day knows them."""
    found = []
    for kind in policy.request_kinds:
        rule = KINDS[kind]
        if rule.exists(on=on):
            bases = tuple((basis.code, basis.words) for basis in rule.bases_on(on))
            fee = fee_due(policy, [kind])
            found.append(OfferedKind(kind=kind, name=rule.name, asks=rule.asks, fee=fee, bases=bases))
    return found


def requesters(policy: Policy) -> list[tuple[Requester, Text]]:
    """The person, and the kinds of agent the page names papers for."""
    agents = [one for one in Requester if one is Requester.PRINCIPAL or policy.agent_documents(one) is not None]
    return [(one, REQUESTER_NAMES[one]) for one in agents]


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPaper:
    """A paper of the published list. ``code`` is ``kind:of:paper``; ``black_out`` names what must be unreadable."""

    kind: DocumentKind
    of: Of
    paper: str
    name: Text
    black_out: tuple[Text, ...] = ()
    both_sides: bool = False
    original: bool = False
    registered_seal: bool = False
    max_age_days: int | None = None

    @property
    def code(self) -> str:
        return f"{self.kind}:{self.of}:{self.paper}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedGroup:
    """Papers of which ``needed`` suffice (0: all of them)."""

    heading: Text
    papers: tuple[WantedPaper, ...]
    needed: int

    def missing(self, shown: Collection[str]) -> tuple[WantedPaper, ...]:
        """The papers that would still do, by the codes of those shown; none once they suffice."""
        left = tuple(paper for paper in self.papers if paper.code not in shown)
        have = len(self.papers) - len(left)
        return () if have >= (self.needed or len(self.papers)) else left


def wanted_papers(policy: Policy, requester: Requester, *, on: date) -> list[WantedGroup]:
    """What the published list asks of this requester; nothing beyond it (Art. 37(4))."""
    if requester is Requester.PRINCIPAL:
        section = policy.requests.submission.identity
        return [WantedGroup(heading=section.label, papers=_ids(section.accepted, Of.PERSON, on), needed=section.needed)]
    section = policy.requests.agents.identity
    groups = [WantedGroup(heading=section.label, papers=_ids(section.accepted, Of.AGENT, on), needed=section.needed)]
    rule = policy.agent_documents(requester)
    if rule is not None:
        papers = tuple(
            WantedPaper(
                kind=DocumentKind.AUTHORITY,
                of=Of.AGENT,
                paper=one.document,
                name=AUTHORITY_NAMES[one.document],
                registered_seal=one.registered_seal,
                max_age_days=one.issued_within_days,
            )
            for one in rule.papers
        )
        heading = Text("代理権を示す書類", "Proof of authority")
        groups.append(WantedGroup(heading=heading, papers=papers, needed=0 if rule.needs_all else 1))
    return groups


def _ids(accepted: Iterable[AcceptedId], of: Of, on: date) -> tuple[WantedPaper, ...]:
    """What is accepted on ``on``: a paper that is void by then gives way to its successor."""
    found: dict[str, WantedPaper] = {}
    for entry in accepted:
        rule = ID_DOCUMENTS[entry.document]
        if not rule.is_valid(on=on) and rule.successor is not None:
            rule = ID_DOCUMENTS[rule.successor]
        if not rule.is_valid(on=on):
            continue
        parts = dict.fromkeys([*(mask.part for mask in rule.masks_on(on)), *entry.black_out])
        paper = WantedPaper(
            kind=DocumentKind.ID_COPY,
            of=of,
            paper=rule.document,
            name=rule.name,
            black_out=tuple(MASKED_NAMES[part] for part in parts if part is not Masked.BACK_SIDE),
            both_sides=rule.both_sides,
            original=not entry.copy_of_it,
        )
        found.setdefault(paper.paper, paper)
    return tuple(found.values())


def find_wanted(groups: Sequence[WantedGroup], code: str) -> WantedPaper | None:
    """The paper of the list with this code."""
    return next((paper for group in groups for paper in group.papers if paper.code == code), None)


def reply_methods(policy: Policy) -> list[ReplyBy]:
    """The ways of answering the page offers that a web request can choose."""
    return [one for one in policy.reply_methods if one in {ReplyBy.WRITTEN, ReplyBy.ELECTRONIC}] or [ReplyBy.WRITTEN]
