"""Turns a claim's outcome into the letter that answers it: facts in, a letter's dataclass out.

Reads no row and no clock. What a letter says was done comes from the outcome that reading back
confirmed, never from what was planned.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from daicho.law.kinds import KINDS, REQUESTER_NAMES, Requester, RequestKind
from daicho.letters.answers import (
    NotHeldLetter,
    ProvisionRecordsLetter,
    PurposeLine,
    PurposeNoticeLetter,
    RefusalLetter,
)
from daicho.letters.corrections import CorrectedItem, CorrectionAction, CorrectionResultLetter, UnchangedItem
from daicho.letters.data import DisclosedField, DisclosedRecord
from daicho.letters.disclosures import DataFile, DisclosureLetter, PartialDisclosureLetter, WithheldPart
from daicho.letters.house import (
    AccreditedBody,
    Addressee,
    Enclosure,
    FeeNote,
    FeeOutcome,
    Ground,
    HouseStyle,
    ReplyMethod,
)
from daicho.letters.letter import Letter
from daicho.letters.notices import DefectLetter, MissingThing, ReceiptLetter, ReturnLetter
from daicho.letters.stops import (
    BackupRemainder,
    KeptPart,
    OwnRecord,
    PaperRemainder,
    Remainder,
    StopAction,
    StopLine,
    StopResultLetter,
)
from daicho.policy.language import OnRefusal, Policy, ReplyBy
from daicho.policy.language.parties import BodyEntry
from daicho.register.reading import ActiveMap, Disclose, HoldingRef, StoreRef
from daicho.rights.intake import Facts
from daicho.rights.rules import ClaimState, Missing
from daicho.runs.rules import Fate
from daicho.words.personal import Personal
from daicho.words.text import Language, Text

#: How long this request's own record is kept (reference 5.1: at least three years suggested).
RECORD_YEARS: Final = 3
_SHOW: Final = "show"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything about one request that its letters say. Dates are calendar days in Tokyo."""

    number: str
    policy: Policy
    organisation: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One claim as its letter needs it. ``values``: what a correction put right; ``reason``: Art. 36, in words."""

    number: str
    kind: RequestKind
    state: ClaimState
    ground: str
    reason: str
    outcome: Sequence[Mapping[str, Any]]
    values: Mapping[str, str]
    cells: Mapping[str, str]


def house_of(policy: Policy, organisation: str) -> HouseStyle:
    """The house style as the policy in force has it: company, officer, desk, accredited body."""
    company = policy.organisation(organisation)
    desk = policy.desk
    officer = policy.officer
    lines = desk.lines
    body = policy.accredited_body
    return HouseStyle(
        company=company.name,
        postal_code=company.address.postal_code or "",
        address=company.address.text,
        representative=_joined(company.representative.title, company.representative.name),
        officer=officer.title if officer else company.representative.title,
        department=desk.name,
        telephone=lines.telephone.text,
        hours=lines.telephone.hours.text if lines.telephone.hours else Text("", ""),
        fax=lines.fax.text if lines.fax else None,
        email=lines.email,
        accredited_body=_body(body.entry) if body is not None else None,
    )


def _body(entry: BodyEntry) -> AccreditedBody:
    telephones = Text("、".join(entry.telephones), ", ".join(entry.telephones))
    return AccreditedBody(name=_joined(entry.name, entry.office), address=entry.address.text, telephone=telephones)


def _joined(left: Text, right: Text) -> Text:
    return Text(f"{left.ja}　{right.ja}", f"{right.en}, {left.en}")


def addressee_of(case: Case) -> Addressee:
    """Whom the answer goes to; an agent's letter names the person."""
    person, agent, reply = case.facts.person, case.facts.agent, case.facts.reply
    if reply.to == "agent" and agent is not None:
        return Addressee(
            name=Personal(agent.name, "name"),
            postal_code=Personal(reply.postal_code or agent.postal_code or "", "postal_code"),
            address=Personal(reply.address or agent.address, "address"),
            on_behalf_of=Personal(person.name, "name"),
            capacity=REQUESTER_NAMES[case.requester],
        )
    return Addressee(
        name=Personal(person.name, "name"),
        postal_code=Personal(reply.postal_code or person.postal_code or "", "postal_code"),
        address=Personal(reply.address or person.address, "address"),
    )


def _frame(case: Case, letter_no: str) -> dict[str, Any]:
    return {
        "house": house_of(case.policy, case.organisation),
        "to": addressee_of(case),
        "language": case.language,
        "letter_no": letter_no,
        "dated_on": case.dated_on,
        "request_no": case.number,
        "arrived_on": case.arrived_on,
    }


def _article(case: Case, kind: RequestKind) -> Text:
    citation = KINDS[kind].find_article(on=case.law_on)
    return citation.text if citation else KINDS[kind].name


def _notice_article(case: Case, kind: RequestKind) -> Text:
    citation = KINDS[kind].find_notice_article(on=case.law_on)
    return citation.text if citation else KINDS[kind].name


def _fee_note(case: Case, kind: RequestKind, *, refused: bool = False) -> FeeNote | None:
    rate = case.policy.fee_for(kind)
    if rate is None:
        return FeeNote(outcome=FeeOutcome.FREE) if case.fee_paid == 0 else None
    if refused and rate.refused is OnRefusal.RETURN:
        return FeeNote(outcome=FeeOutcome.RETURNED, amount_yen=case.fee_paid)
    if refused:
        return FeeNote(outcome=FeeOutcome.KEPT, amount_yen=case.fee_paid)
    return FeeNote(outcome=FeeOutcome.RECEIVED, amount_yen=case.fee_paid)


def method_of(case: Case) -> ReplyMethod:
    """How the answer is handed over."""
    return ReplyMethod.ELECTRONIC if case.facts.reply.method is ReplyBy.ELECTRONIC else ReplyMethod.PAPER


# ── answers ──────────────────────────────────────────────────────────────────────────────────


def answer_letter(
    case: Case,
    answer: Answer,
    letter_no: str,
    *,
    records: Sequence[DisclosedRecord] = (),
    files: Sequence[DataFile] = (),
) -> Letter:
    """The letter that answers one claim."""
    match answer.state:
        case ClaimState.REFUSED:
            return _refusal(case, answer, letter_no)
        case ClaimState.NOT_HELD:
            return NotHeldLetter(
                **_frame(case, letter_no),
                kind=answer.kind,
                basis=_notice_article(case, answer.kind),
                addressed_to=tuple(case.policy.organisation(code).name for code in case.addressed),
                fee=_fee_note(case, answer.kind),
            )
        case _:
            return _done(case, answer, letter_no, records, files)


def _done(
    case: Case, answer: Answer, letter_no: str, records: Sequence[DisclosedRecord], files: Sequence[DataFile]
) -> Letter:
    match answer.kind:
        case RequestKind.DISCLOSURE:
            return _disclosure(case, answer, letter_no, records, files)
        case RequestKind.RECORD_DISCLOSURE:
            if not records:
                return ProvisionRecordsLetter(
                    **_frame(case, letter_no),
                    basis=_article(case, answer.kind),
                    lines=(),
                    fee=_fee_note(case, answer.kind),
                )
            return _disclosure(case, answer, letter_no, records, files)
        case RequestKind.PURPOSE_NOTICE:
            return PurposeNoticeLetter(
                **_frame(case, letter_no),
                basis=_article(case, answer.kind),
                lines=tuple(_purpose_lines(case, answer)),
                fee=_fee_note(case, answer.kind),
            )
        case RequestKind.CORRECTION | RequestKind.ADDITION | RequestKind.DELETION:
            return _correction(case, answer, letter_no)
        case _:
            return _stop(case, answer, letter_no)


def _refusal(case: Case, answer: Answer, letter_no: str) -> Letter:
    ground = KINDS[answer.kind].find_refusal(answer.ground)
    words = ground.words if ground else Text("", "")
    citation = ground.find_citation(on=case.law_on) if ground else None
    reason = Text(answer.reason, answer.reason) if answer.reason else words
    return RefusalLetter(
        **_frame(case, letter_no),
        kind=answer.kind,
        basis=_notice_article(case, answer.kind),
        grounds=(Ground(article=citation.text if citation else _article(case, answer.kind), reason=reason),),
        fee=_fee_note(case, answer.kind, refused=True),
    )


def _disclosure(
    case: Case, answer: Answer, letter_no: str, records: Sequence[DisclosedRecord], files: Sequence[DataFile]
) -> Letter:
    withheld = _withheld_parts(case, answer, records)
    facts: dict[str, Any] = {
        **_frame(case, letter_no),
        "basis": _article(case, answer.kind),
        "records": records,
        "read_on": case.dated_on,
        "method": method_of(case),
        "searched": tuple(store.name for store in case.stores.values()),
        "files": tuple(files),
        "fee": _fee_note(case, answer.kind),
        "enclosures": (),
    }
    if withheld:
        return PartialDisclosureLetter(**facts, withheld=tuple(withheld))
    return DisclosureLetter(**facts)


def _withheld_parts(case: Case, answer: Answer, records: Iterable[DisclosedRecord]) -> list[WithheldPart]:
    parts: dict[tuple[str, str], WithheldPart] = {}
    for record in records:
        for field in record.fields:
            if field.withheld is not None:
                what = Text(f"{record.table.ja}「{field.item.ja}」", f"{field.item.en} in {record.table.en}")
                parts.setdefault((what.ja, field.withheld.article.ja), WithheldPart(what=what, ground=field.withheld))
    for entry in answer.outcome:
        if entry["fate"] == Fate.ENTRUSTED:
            what = (
                case.holdings[entry["holding"]].name
                if entry["holding"] in case.holdings
                else Text(entry["table"], entry["table"])
            )
            parts.setdefault(
                (what.ja, Fate.ENTRUSTED), WithheldPart(what=what, ground=_entrusted(case, entry["holding"]))
            )
    return list(parts.values())


def _entrusted(case: Case, holding: str) -> Ground:
    rule = KINDS[RequestKind.DISCLOSURE].find_refusal("entrusted")
    citation = rule.find_citation(on=case.law_on) if rule else None
    named = case.holdings[holding].entruster if holding in case.holdings else None
    words = rule.words if rule else Text("", "")
    reason = Text(f"{words.ja}（{named.ja}）", f"{words.en} ({named.en})") if named else words
    return Ground(
        article=citation.text if citation else Text("個人情報保護法第16条第4項", "APPI Art. 16(4)"), reason=reason
    )


def disclosed_records(
    case: Case, answer: Answer, raw: Iterable[Mapping[str, Any]], *, undecided: Callable[[str], None]
) -> Iterable[DisclosedRecord]:
    """The records of a data file as they may be shown: labels for columns, grounds for what is withheld.

    ``undecided`` is told the mark of every cell that a reviewer should have decided and did not.
    """
    for line in raw:
        a_map = case.maps[line["m"]]
        rules = a_map.tables[line["t"]]
        fields = []
        for column in rules.columns.values():
            if column.technical:
                continue
            label = column.label
            if column.disclose is Disclose.WITHHOLD:
                fields.append(DisclosedField(item=label, withheld=_map_ground(case, column.ground)))
                continue
            value = line["v"].get(column.column)
            if column.disclose is Disclose.REVIEW and value not in (None, ""):
                cell = f"{line['r']}.{column.column}"
                decision = answer.cells.get(cell)
                if decision is None:
                    undecided(cell)
                elif decision != _SHOW:
                    fields.append(DisclosedField(item=label, withheld=_cell_ground(case, decision)))
                    continue
            fields.append(DisclosedField(item=label, value=Personal(value, column.item or column.column)))
        yield DisclosedRecord(
            store=a_map.store.name, holding=rules.holding.name, table=rules.label, fields=tuple(fields)
        )


def _map_ground(case: Case, ground: Any) -> Ground:
    article = ground.law if ground.law is not None else _article(case, RequestKind.DISCLOSURE)
    return Ground(article=article, reason=ground.text)


def _cell_ground(case: Case, code: str) -> Ground:
    rule = KINDS[RequestKind.DISCLOSURE].find_refusal(code)
    citation = rule.find_citation(on=case.law_on) if rule else None
    return Ground(
        article=citation.text if citation else _article(case, RequestKind.DISCLOSURE),
        reason=rule.words if rule else Text(code, code),
    )


def _purpose_lines(case: Case, answer: Answer) -> Iterable[PurposeLine]:
    seen: dict[str, HoldingRef] = {}
    for entry in answer.outcome:
        holding = case.holdings.get(entry["holding"])
        if holding is not None:
            seen.setdefault(holding.reg_no, holding)
    for holding in seen.values():
        items = [case.policy.item(code).name for code in holding.items]
        yield PurposeLine(
            category=holding.name,
            items=Text("、".join(item.ja for item in items), ", ".join(item.en for item in items)),
            purposes=tuple(case.policy.purpose(code).says for code in holding.purposes),
        )


def _correction(case: Case, answer: Answer, letter_no: str) -> Letter:
    action = {
        RequestKind.CORRECTION: CorrectionAction.CORRECTED,
        RequestKind.ADDITION: CorrectionAction.ADDED,
        RequestKind.DELETION: CorrectionAction.DELETED,
    }[answer.kind]
    changed, unchanged = [], []
    for entry in answer.outcome:
        store = (
            case.stores[entry["store"]].name if entry["store"] in case.stores else Text(entry["store"], entry["store"])
        )
        label = _table_label(case, entry)
        if entry["fate"] == Fate.ENTRUSTED:
            unchanged.append(UnchangedItem(item=label, ground=_entrusted(case, entry["holding"])))
        elif entry["fate"] in {Fate.KEPT, Fate.UNTOUCHED}:
            unchanged.append(UnchangedItem(item=label, ground=_kept_ground(case, entry)))
        else:
            changed.append(
                CorrectedItem(
                    item=_items_of(case, answer, entry) or label,
                    store=Text(f"{store.ja} {label.ja}", f"{store.en}: {label.en}"),
                    action=CorrectionAction.ANNOTATED if entry["fate"] == Fate.ANNOTATED else action,
                    done_on=case.dated_on,
                    after=Personal("、".join(answer.values.values()), "correction")
                    if answer.values and entry["fate"] == Fate.REPLACED
                    else None,
                )
            )
    return CorrectionResultLetter(
        **_frame(case, letter_no),
        kind=answer.kind,
        basis=_notice_article(case, answer.kind),
        changed=tuple(changed),
        unchanged=tuple(unchanged),
    )


def _items_of(case: Case, answer: Answer, entry: Mapping[str, Any]) -> Text | None:
    names = []
    for what in answer.values:
        code = what
        if "." in what:
            parts = what.split(".")
            a_map = next((one for one in case.maps.values() if one.store.code == parts[0]), None)
            column = a_map.tables[parts[1]].columns.get(parts[2]) if a_map and parts[1] in a_map.tables else None
            if column is not None:
                names.append(column.label)
            continue
        try:
            names.append(case.policy.item(code).name)
        except Exception:  # noqa: BLE001, S112 (an item the policy of that day did not name)
            continue
    return Text("、".join(name.ja for name in names), ", ".join(name.en for name in names)) if names else None


def _table_label(case: Case, entry: Mapping[str, Any]) -> Text:
    a_map = next((one for one in case.maps.values() if one.store.code == entry["store"]), None)
    if a_map is not None and entry["table"] in a_map.tables:
        return a_map.tables[entry["table"]].label
    return Text(entry["table"], entry["table"])


_ACTIONS: Final[Mapping[str, StopAction]] = {
    Fate.DELETED: StopAction.ERASED,
    Fate.BLANKED: StopAction.BLANKED,
    Fate.REPLACED: StopAction.REPLACED,
    Fate.ANNOTATED: StopAction.ANNOTATED,
}


def _stop(case: Case, answer: Answer, letter_no: str) -> Letter:
    done, not_done, kept = [], [], []
    for entry in answer.outcome:
        label = _table_label(case, entry)
        store = (
            case.stores[entry["store"]].name if entry["store"] in case.stores else Text(entry["store"], entry["store"])
        )
        if entry["fate"] in _ACTIONS:
            action = _ACTIONS[entry["fate"]]
            if entry["fate"] == Fate.REPLACED and answer.kind is RequestKind.SUSPEND_USE:
                action = StopAction.USE_STOPPED
            if entry["fate"] == Fate.REPLACED and answer.kind is RequestKind.STOP_PROVISION:
                action = StopAction.PROVISION_STOPPED
            done.append(StopLine(what=label, store=store, action=action, done_on=case.dated_on, count=entry["found"]))
        elif entry["fate"] == Fate.KEPT:
            ground = entry["ground"] or {}
            law = ground.get("law") or ground.get("text") or {"ja": "", "en": ""}
            kept.append(
                KeptPart(
                    what=Text(f"{store.ja} {label.ja}", f"{store.en}: {label.en}"),
                    ground=Text(**law),
                    until=_until(case, entry),
                )
            )
        elif entry["fate"] == Fate.ENTRUSTED:
            not_done.append(UnchangedItem(item=label, ground=_entrusted(case, entry["holding"])))
    if answer.kind in {RequestKind.SUSPEND_USE, RequestKind.STOP_PROVISION}:
        action = StopAction.USE_STOPPED if answer.kind is RequestKind.SUSPEND_USE else StopAction.PROVISION_STOPPED
        done.append(
            StopLine(
                what=Text("今後の取扱い全般（停止の登録）", "All handling from now on (the stop is registered)"),
                store=Text("停止台帳", "register of stops"),
                action=action,
                done_on=case.dated_on,
            )
        )
    paper = tuple(
        PaperRemainder(
            store=case.stores[slip["store"]].name
            if slip["store"] in case.stores
            else Text(slip["store"], slip["store"]),
            what_was_done=Text("廃棄しました", "Destroyed")
            if slip["answer"] == "done"
            else Text("法令等により保管", "Kept as the law asks"),
            done_on=slip["answered_on"],
        )
        for slip in case.slips
        if slip["task"] == "act" and slip["owner"] == answer.number and slip["answer"]
    )
    return StopResultLetter(
        **_frame(case, letter_no),
        kind=answer.kind,
        basis=_notice_article(case, answer.kind),
        done=tuple(done),
        not_done=tuple(not_done),
        remains=Remainder(own_record=_own_record(case), backups=_backups(case, answer), kept=tuple(kept), paper=paper),
    )


def _kept_ground(case: Case, entry: Mapping[str, Any]) -> Ground:
    ground = entry.get("ground") or {}
    if ground:
        law = ground.get("law") or ground["text"]
        return Ground(article=Text(**law), reason=Text(**ground["text"]))
    return Ground(
        article=_article(case, case.kinds[0]),
        reason=Text("変更の対象となる項目がないため", "there is nothing of it to change"),
    )


def _until(case: Case, entry: Mapping[str, Any]) -> Text:
    words = str(entry["until"] or "")
    years, _, rest = words.partition(" years from ")
    if years.isdigit() and rest:
        a_map = next((one for one in case.maps.values() if one.store.code == entry["store"]), None)
        column = (
            a_map.tables[entry["table"]].columns.get(rest.strip()) if a_map and entry["table"] in a_map.tables else None
        )
        start = column.label if column else Text("起算日", "its start")
        return Text(f"{start.ja}から{years}年", f"{years} years from {start.en}")
    return Text(words, words)


def _own_record(case: Case) -> OwnRecord:
    until = date(
        case.dated_on.year + RECORD_YEARS, case.dated_on.month, 28 if case.dated_on.month == 2 else case.dated_on.day
    )
    said_ja = f"{until.year}年{until.month}月{until.day}日まで"
    return OwnRecord(
        what=Text(f"本請求（{case.number}）の受付及び回答の記録", f"the record of this request ({case.number})"),
        until=Text(said_ja, f"until {until.isoformat()}"),
    )


def _backups(case: Case, answer: Answer) -> tuple[BackupRemainder, ...]:
    changed = {entry["store"] for entry in answer.outcome if entry["changed"]}
    return tuple(
        BackupRemainder(what=store.name, until=case.dated_on + timedelta(days=store.backups_kept_days))
        for code, store in case.stores.items()
        if code in changed and store.backups_kept_days
    )


# ── notices ──────────────────────────────────────────────────────────────────────────────────


def receipt_letter(case: Case, letter_no: str, *, received: Sequence[Enclosure], aim_on: date) -> Letter:
    """受付."""
    return ReceiptLetter(**_frame(case, letter_no), kinds=case.kinds, received=tuple(received), aim_on=aim_on)


def defect_letter(case: Case, letter_no: str, missing: Sequence[Missing], *, cure_by: date) -> Letter:
    """補正のお願い."""
    please_fee = Text("不足額分の定額小為替をお送りください。", "Please send a postal money order for the shortage.")
    please_paper = Text("写しをお送りください。", "Please send it.")
    return DefectLetter(
        **_frame(case, letter_no),
        kinds=case.kinds,
        missing=tuple(MissingThing(what=one.what, please=please_fee if one.fee else please_paper) for one in missing),
        cure_by=cure_by,
    )


def return_letter(case: Case, letter_no: str, *, reason: Text, returned: Sequence[Enclosure]) -> Letter:
    """返戻."""
    return ReturnLetter(**_frame(case, letter_no), kinds=case.kinds, reason=reason, returned=tuple(returned))
