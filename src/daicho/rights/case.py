"""What every letter about a request is made from: the case, one answer, the house, and the money.

Plain facts, read once; no row and no clock is read here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from daicho.law.citations import citation_on, renumbered
from daicho.law.kinds import KINDS, Requester, RequestKind
from daicho.letters.house import (
    AGENT,
    Addressee,
    Enclosure,
    FeeNote,
    FeeOutcome,
    House,
    ReplyMethod,
)
from daicho.policy.language import FeeUnit, OnRefusal, Policy, ReplyBy
from daicho.register.reading import ActiveMap, HoldingRef, StoreRef, TableRules
from daicho.rights.intake import Facts
from daicho.rights.rules import ClaimState
from daicho.words.personal import Personal
from daicho.words.text import Language, Text

#: What an agent is called after the person's name: ``○○様代理人``.
_CAPACITIES: Final[Mapping[Requester, Text]] = {
    Requester.MINOR_AGENT: Text("法定代理人", "Statutory agent"),
    Requester.GUARDIAN: Text("成年後見人", "Guardian"),
}
SHEETS: Final = Text("枚", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMoney:
    """A money order that came with the request; yen. ``in_hand``: neither cashed nor sent back yet."""

    ref: str
    face_value: int
    in_hand: bool = True
    cashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePaper:
    """An original that came with the request and goes back with the answer."""

    ref: str
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClaim:
    """How one claim of the request stands, as far as the others' letters need it.

    ``refused``: decided so, on a ground that the answer names.
    """

    number: str
    kind: RequestKind
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything about one request that its letters say. Dates are calendar days in Tokyo.

    ``slips``: owner, store, task, answer, count, answered_on of every search slip of the request.
    ``originals``: papers to be sent back with the answer.
    """

    number: str
    policy: Policy
    organisation: str
    house: House
    addressed: tuple[str, ...]
    facts: Facts
    requester: Requester
    language: Language
    arrived_on: date
    law_on: date
    dated_on: date
    kinds: tuple[RequestKind, ...]
    fee_due: int
    fee_paid: int
    maps: Mapping[str, ActiveMap]
    stores: Mapping[str, StoreRef]
    holdings: Mapping[str, HoldingRef]
    slips: Sequence[Mapping[str, Any]] = ()
    claims: tuple[CaseClaim, ...] = ()
    money: tuple[CaseMoney, ...] = ()
    originals: tuple[CasePaper, ...] = ()
    support_measure: bool = False
    by_download: bool = False  # an electronic answer to a request that came by the web door

    def table_of(self, store: str, table: str) -> TableRules | None:
        """The rules of a mapped table; None when no map in force has it any more."""
        return next(
            (
                found
                for one in self.maps.values()
                if one.store.code == store and (found := one.tables.get(table)) is not None
            ),
            None,
        )

    def label_of(self, entry: Mapping[str, Any]) -> Text:
        """The table of an outcome in words; the store's records at large when it is not known."""
        rules = self.table_of(entry["store"], entry["table"])
        if rules is not None:
            return rules.label
        holding = self.holdings.get(entry["holding"])
        return holding.name if holding else Text("保管されている記録", "the records kept there")

    def store_of(self, code: str) -> Text:
        """The store's name."""
        return self.stores[code].name if code in self.stores else Text(code, code)

    def paper_found(self) -> list[Mapping[str, Any]]:
        """The search slips that a department answered with *found*."""
        return [
            slip
            for slip in self.slips
            if slip["task"] == "search" and slip["owner"] == self.number and slip["answer"] == "found"
        ]

    def paper_acts(self, claim: str) -> list[Mapping[str, Any]]:
        """What departments answered about what they were asked to do for a claim."""
        return [slip for slip in self.slips if slip["task"] == "act" and slip["owner"] == claim and slip["answer"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One claim as its letter needs it. ``values``: what a correction put right; ``reason``: Art. 36, in words.

    ``done_on``: the day on which what was read or changed was confirmed; None when nothing was run.
    """

    number: str
    kind: RequestKind
    state: ClaimState
    ground: str
    reason: str
    outcome: Sequence[Mapping[str, Any]]
    values: Mapping[str, str]
    cells: Mapping[str, str]
    done_on: date | None = None

    def day(self, case: Case) -> date:
        """The day its work was done."""
        return self.done_on or case.dated_on


# ── the reader ─────────────────────────────────────────────────────────────────


def addressee_of(case: Case) -> Addressee:
    """Whom the answer goes to; an agent's letter names the person."""
    person, agent, reply = case.facts.person, case.facts.agent, case.facts.reply
    if reply.to == "agent" and agent is not None:
        return Addressee(
            name=Personal(agent.name, "name"),
            postal_code=Personal(_code(case, agent.address, agent.postal_code), "postal_code"),
            address=Personal(reply.address or agent.address, "address"),
            on_behalf_of=Personal(person.name, "name"),
            capacity=_CAPACITIES.get(case.requester, AGENT),
        )
    return Addressee(
        name=Personal(person.name, "name"),
        postal_code=Personal(_code(case, person.address, person.postal_code), "postal_code"),
        address=Personal(reply.address or person.address, "address"),
    )


def _code(case: Case, own_address: str, own_code: str | None) -> str:
    """The postal code of the address used: one's own code never stands on another address."""
    reply = case.facts.reply
    same = reply.address is None or "".join(reply.address.split()) == "".join(own_address.split())
    return reply.postal_code or (own_code if same else None) or ""


def verified_address(case: Case) -> Personal[str]:
    """The address that the identity check confirmed for whom the letter goes to."""
    agent = case.facts.agent
    if case.facts.reply.to == "agent" and agent is not None:
        return Personal(agent.address, "address")
    return Personal(case.facts.person.address, "address")


def frame(case: Case, letter_no: str) -> dict[str, Any]:
    """What all letters of a case share."""
    return {
        "house": case.house,
        "to": addressee_of(case),
        "language": case.language,
        "letter_no": letter_no,
        "dated_on": case.dated_on,
        "request_no": case.number,
        "arrived_on": case.arrived_on,
    }


def method_of(case: Case) -> ReplyMethod:
    """How the answer is handed over."""
    return ReplyMethod.ELECTRONIC if case.facts.reply.method is ReplyBy.ELECTRONIC else ReplyMethod.PAPER


def companies(case: Case) -> tuple[Text, ...]:
    """The legal entities the request is addressed to, by name."""
    names = {one.code: one.name for one in case.policy.organisations}
    return tuple(names.get(code, Text(code, code)) for code in case.addressed)


# ── articles ─────────────────────────────────────────────────────────────────────────────────

_DISCLOSE: Final = renumbered("28(2)", "33(2)")


def article(case: Case, kind: RequestKind) -> Text:
    """The article of the right."""
    citation = KINDS[kind].find_article(on=case.law_on)
    return citation.text if citation else KINDS[kind].name


def notice_article(case: Case, kind: RequestKind) -> Text:
    """The article that asks for the notice of the outcome."""
    citation = KINDS[kind].find_notice_article(on=case.law_on)
    return citation.text if citation else KINDS[kind].name


def disclosing_article(case: Case, kind: RequestKind) -> Text:
    """The article under which data is handed over: 33(2); for records of provision 33(5), which applies it."""
    citation = citation_on(_DISCLOSE, on=case.law_on) if kind is RequestKind.DISCLOSURE else None
    return citation.text if citation else article(case, kind)


# ── money and originals ──────────────────────────────────────────────────────────────────────


def money_back(case: Case, answer: Answer) -> tuple[int, tuple[CaseMoney, ...]]:
    """Yen that go back with the refusal of this claim, and the orders of the envelope that make it up.

    A fee per kind goes back with the kind's own refusal; a fee per form when everything it was
    paid for is refused. Orders are matched by their face value; a cashed or larger one is replaced
    by the desk, so the yen are what counts.
    """
    rate = case.policy.fee_for(answer.kind)
    if rate is None or rate.refused is not OnRefusal.RETURN or not case.fee_paid:
        return 0, ()
    others = [claim for claim in case.claims if claim.number != answer.number and claim.kind in rate.kinds]
    if rate.unit is FeeUnit.FORM and not all(claim.refused for claim in others):
        return 0, ()
    waiting = [one for one in case.money if one.in_hand or one.cashed]
    charged = {claim.kind for claim in case.claims if case.policy.fee_for(claim.kind) is not None}
    if rate.unit is FeeUnit.FORM and charged <= set(rate.kinds):
        return sum(one.face_value for one in waiting), tuple(waiting)
    exact = next((one for one in waiting if one.face_value == rate.amount), None)
    return rate.amount, (exact,) if exact else ()


def fee_note(case: Case, answer: Answer, *, refused: bool = False) -> FeeNote | None:
    """What the letter says about the fee; nothing about kinds that are free by law."""
    rate = case.policy.fee_for(answer.kind)
    if rate is None:
        return FeeNote(outcome=FeeOutcome.FREE) if KINDS[answer.kind].chargeable and not case.fee_paid else None
    if not case.fee_paid:
        return None
    back, _ = money_back(case, answer) if refused else (0, ())
    if back:
        return FeeNote(outcome=FeeOutcome.RETURNED, amount_yen=back)
    amount = rate.amount if rate.unit is FeeUnit.KIND else case.fee_paid
    kept = refused and rate.refused is OnRefusal.KEEP
    return FeeNote(outcome=FeeOutcome.KEPT if kept else FeeOutcome.RECEIVED, amount_yen=amount)


def returned_enclosures(case: Case, answer: Answer, *, refused: bool = False) -> tuple[Enclosure, ...]:
    """What goes back in the envelope of this letter: money of a refusal, originals."""
    found = [Enclosure(name=paper.name, note=Text("原本の返却", "original, returned")) for paper in case.originals]
    back, orders = money_back(case, answer) if refused else (0, ())
    if back:
        replaced = not orders or any(one.cashed for one in orders)
        found.append(
            Enclosure(
                name=Text(f"定額小為替証書（{back:,}円分）", f"Postal money order ({back:,} yen)"),
                count=max(len(orders), 1),
                unit=SHEETS,
                note=Text("同額のものに替えて返却", "returned in the same amount")
                if replaced
                else Text("手数料の返却", "fee, returned"),
            )
        )
    return tuple(found)
