"""開示等請求受付簿: one row per claim of a year, from facts that were read set-based.

Says what an assessor asks for and no more: sorts of identity papers without their numbers, grounds
in words, days. Whether names are told is the caller's choice. Reads no row and no clock.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from daicho.law.kinds import KINDS, Requester, RequestKind
from daicho.law.papers import AUTHORITY_NAMES, ID_DOCUMENTS, AuthorityDocument, IdDocument
from daicho.letters.house import House, ReplyMethod
from daicho.letters.ledger import LedgerRow
from daicho.policy.language import Arrival, FeeUnit, Policy, ReplyBy
from daicho.rights.rules import ClaimState, DocumentKind
from daicho.words.personal import Personal
from daicho.words.text import Language, Text

_CHANNELS: Final[Mapping[str, Text]] = {
    Arrival.POST: Text("郵送", "post"),
    Arrival.COUNTER: Text("窓口", "counter"),
    Arrival.WEB: Text("ウェブ", "web"),
    Arrival.EMAIL: Text("電子メール", "e-mail"),
    Arrival.FAX: Text("FAX", "fax"),
}
_METHODS: Final[Mapping[str, ReplyMethod]] = {
    ReplyBy.WRITTEN: ReplyMethod.PAPER,
    ReplyBy.ELECTRONIC: ReplyMethod.ELECTRONIC,
}
_DISPOSALS: Final[Mapping[str, Text]] = {
    "returned": Text("返却", "returned"),
    "shredded": Text("廃棄", "shredded"),
    "deleted": Text("消去", "deleted"),
}
_APPROVED: Final = Text("応諾", "granted")
_PARTLY: Final = Text("一部応諾", "granted in part")
_REFUSED: Final = Text("不応諾", "refused")
_NOT_HELD: Final = Text("不存在", "not held")
#: How an answer's letter tells what was decided; every other answer is a yes.
_BY_LETTER: Final[Mapping[str, Text]] = {
    "refusal": _REFUSED,
    "substitute_measure": Text("代替措置", "substitute measure"),
    "not_held": _NOT_HELD,
    "provision_records": Text("記録なしと回答", "answered: no record"),
    "partial_disclosure": _PARTLY,
}
_BY_STATE: Final[Mapping[ClaimState, Text]] = {
    ClaimState.APPROVED: _APPROVED,
    ClaimState.CARRYING_OUT: _APPROVED,
    ClaimState.READING_BACK: _APPROVED,
    ClaimState.PARTLY: _PARTLY,
    ClaimState.REFUSED: _REFUSED,
    ClaimState.NOT_HELD: _NOT_HELD,
    ClaimState.WITHDRAWN: Text("取下げ", "withdrawn"),
    ClaimState.MERGED: Text("重複のため統合", "merged with another request"),
    ClaimState.RETURNED: Text("返戻", "returned"),
}
_NOTICES: Final[Mapping[str, Text]] = {
    "defect": Text("補正依頼", "asked for what was missing"),
    "delay": Text("遅延のお知らせ", "delay announced"),
    "return": Text("返戻", "documents returned"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPaper:
    """A paper of the request; ``disposed_how`` empty while it is here."""

    kind: str
    paper: str
    accepted: bool
    dispose_on: date | None
    disposed_on: date | None
    disposed_how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerMoney:
    """An instrument; yen."""

    face_value: int
    returned_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLetter:
    """A letter that left the house; ``claim`` empty for a notice on the way."""

    claim: str
    kind: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerClaim:
    """A claim. ``cell_grounds``: codes on which single cells were blacked out."""

    number: str
    kind: RequestKind
    state: ClaimState
    ground: str
    cell_grounds: frozenset[str]
    decided_by: str
    decided_on: date | None
    answered_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRequest:
    """A request of the year. ``requester`` None in a copy without names; ``found`` counts stores, not rows."""

    number: str
    organisation: str
    addressed: tuple[str, ...]
    policy: Policy
    law_on: date
    arrived_on: date
    complete_on: date | None
    verified_on: date | None
    closed_on: date | None
    channel: str
    method: str
    requester_kind: Requester
    requester: Personal[str] | None
    searched: int
    found: int
    claims: Sequence[LedgerClaim]
    papers: Sequence[LedgerPaper]
    money: Sequence[LedgerMoney]
    letters: Sequence[LedgerLetter]


def ledger_rows(request: LedgerRequest, *, house: House, deciders: Mapping[str, str]) -> Iterator[LedgerRow]:
    """The rows of one request.

    Args:
        deciders: account code → name, as it is printed.
    """
    fees = _fees(request)
    id_end, id_ended_on = _id_end(request)
    for claim in request.claims:
        letter = next((one for one in request.letters if one.claim == claim.number), None)
        ended_on, through = _end(request, claim)
        decider = deciders.get(claim.decided_by, claim.decided_by)
        yield LedgerRow(
            request_no=claim.number,
            arrived_on=request.arrived_on,
            complete_on=request.complete_on,
            channel=_CHANNELS.get(request.channel, Text(request.channel, request.channel)),
            requester_kind=request.requester_kind,
            requester=request.requester,
            kind=claim.kind,
            organisation=_companies(request),
            method=_METHODS.get(request.method),
            identity=_identity(request),
            verified_on=request.verified_on,
            fee_yen=fees[claim.number],
            stores_searched=request.searched,
            stores_found=request.found,
            decision=_decision(claim, letter),
            ground=_ground(claim, request.law_on) or _parts_withheld(letter),
            decided_on=claim.decided_on,
            decided_by=Text(decider, decider) if decider else None,
            answered_on=ended_on,
            answered_through=through,
            id_end=id_end,
            id_ended_on=id_ended_on,
            remark=_remark(request, claim, house),
        )


def _companies(request: LedgerRequest) -> Text | None:
    """Whom it is addressed to, where that is not simply the ledger's own company."""
    if request.addressed == (request.organisation,):
        return None
    names = {one.code: one.name for one in request.policy.organisations}
    found = [names.get(code, Text(code, code)) for code in request.addressed]
    return Text("、".join(one.ja for one in found), ", ".join(one.en for one in found))


def _identity(request: LedgerRequest) -> Text | None:
    names = list(dict.fromkeys(name for paper in request.papers if (name := _seen(paper)) is not None))
    return Text("、".join(name.ja for name in names), ", ".join(name.en for name in names)) if names else None


def _seen(paper: LedgerPaper) -> Text | None:
    if not paper.accepted:
        return None
    if paper.kind == DocumentKind.ID_COPY and paper.paper in set(IdDocument):
        return ID_DOCUMENTS[IdDocument(paper.paper)].name
    if paper.kind == DocumentKind.AUTHORITY and paper.paper in set(AuthorityDocument):
        return AUTHORITY_NAMES[AuthorityDocument(paper.paper)]
    return None


def _id_end(request: LedgerRequest) -> tuple[Text | None, date | None]:
    """How and when the last copy of an identity paper went; nothing while one is still here."""
    copies = [paper for paper in request.papers if paper.kind == DocumentKind.ID_COPY]
    days = [paper.disposed_on for paper in copies if paper.disposed_on is not None]
    if not copies or len(days) < len(copies):
        return None, None
    hows = dict.fromkeys(_DISPOSALS.get(paper.disposed_how, _DISPOSALS["shredded"]) for paper in copies)
    return Text("・".join(how.ja for how in hows), ", ".join(how.en for how in hows)), max(days)


def _fees(request: LedgerRequest) -> dict[str, int | None]:
    """Claim → yen received for it; None for a kind without a fee. A fee per form stands with its first claim."""
    left = sum(money.face_value for money in request.money)
    found: dict[str, int | None] = {}
    counted: set[str] = set()
    for claim in request.claims:
        rate = request.policy.fee_for(claim.kind)
        if rate is None or (rate.unit is FeeUnit.FORM and rate.code in counted):
            found[claim.number] = None
            continue
        counted.add(rate.code)
        found[claim.number] = min(rate.amount, left)
        left -= min(rate.amount, left)
    first = next((number for number, yen in found.items() if yen is not None), None)
    if first is not None:
        found[first] = (found[first] or 0) + left  # paid too much: it is shown where it was paid
    return found


def _decision(claim: LedgerClaim, letter: LedgerLetter | None) -> Text | None:
    if claim.state is ClaimState.ANSWERED:
        return _BY_LETTER.get(letter.kind, _APPROVED) if letter else _APPROVED
    if claim.cell_grounds and _BY_STATE.get(claim.state) is _APPROVED:
        return _PARTLY
    return _BY_STATE.get(claim.state)


def _ground(claim: LedgerClaim, law_on: date) -> Text | None:
    """The grounds in words with their articles; None before a decision."""
    codes = [claim.ground] if claim.ground else sorted(claim.cell_grounds)
    if claim.decided_on is None:
        return None
    words = []
    for code in codes:
        rule = KINDS[claim.kind].find_refusal(code) or KINDS[RequestKind.DISCLOSURE].find_refusal(code)
        citation = rule.find_citation(on=law_on) if rule else None
        if rule is None:
            words.append(Text(code, code))
        elif citation is None:
            words.append(rule.words)
        else:
            words.append(Text(f"{rule.words.ja}（{citation.text.ja}）", f"{rule.words.en} ({citation.text.en})"))
    return Text("\n".join(one.ja for one in words), "\n".join(one.en for one in words)) if words else None


def _parts_withheld(letter: LedgerLetter | None) -> Text | None:
    """Parts that no reviewer decided on: the map withholds them, or they are somebody else's."""
    if letter is None or _BY_LETTER.get(letter.kind) is not _PARTLY:
        return None
    return Text("対応表に定めた不開示の項目、又は受託した個人データ", "items the map withholds, or entrusted data")


def _end(request: LedgerRequest, claim: LedgerClaim) -> tuple[date | None, Text | None]:
    """The day a claim was answered, or ended otherwise, and how."""
    match claim.state:
        case ClaimState.WITHDRAWN:
            return request.closed_on, Text("取下げにより終了", "ended by withdrawal")
        case ClaimState.MERGED:
            return request.closed_on, Text("重複のため統合", "merged with another request")
        case ClaimState.RETURNED:
            return request.closed_on, Text("返戻により終了", "ended by return of the documents")
        case ClaimState.ANSWERED if request.method == ReplyBy.ELECTRONIC and claim.kind in {
            RequestKind.DISCLOSURE,
            RequestKind.RECORD_DISCLOSURE,
        }:
            return claim.answered_on, Text("書面・電磁的記録", "on paper, with data files")
        case ClaimState.ANSWERED:
            return claim.answered_on, Text("書面", "on paper")
        case _:
            return None, None


def _remark(request: LedgerRequest, claim: LedgerClaim, house: House) -> Text | None:
    lines: list[Text] = [
        _dated(_NOTICES[letter.kind], letter.issued_on, house)
        for letter in request.letters
        if not letter.claim and letter.kind in _NOTICES
    ]
    if request.policy.fee_for(claim.kind) is not None:
        lines += [
            _dated(Text("手数料返却", "fee returned"), money.returned_on, house)
            for money in request.money
            if money.returned_on is not None
        ]
    waiting = [
        paper.dispose_on
        for paper in request.papers
        if paper.kind == DocumentKind.ID_COPY and paper.disposed_on is None and paper.dispose_on is not None
    ]
    if waiting:
        lines.append(_dated(Text("写しの廃棄予定", "copies due"), max(waiting), house))
    unique = list(dict.fromkeys(lines))
    return Text("\n".join(one.ja for one in unique), "\n".join(one.en for one in unique)) if unique else None


def _dated(words: Text, on: date, house: House) -> Text:
    return Text(
        f"{words.ja} {house.say_short_day(on, Language.JA)}", f"{words.en} {house.say_short_day(on, Language.EN)}"
    )
