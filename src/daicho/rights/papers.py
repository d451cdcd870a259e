"""Turns a claim's outcome into the letter that answers it: facts in, a letter's dataclass out.

Reads no row and no clock. What a letter says was done comes from the outcome that reading back
confirmed, never from what was planned; an outcome that shows nothing is answered as what it is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from daicho.law.kinds import KINDS, RequestKind
from daicho.letters.answers import ProvisionRecordsLetter, PurposeLine, PurposeNoticeLetter
from daicho.letters.data import DisclosedField, DisclosedRecord
from daicho.letters.disclosures import DataFile, DisclosureLetter, PartialDisclosureLetter, WithheldPart
from daicho.letters.house import Enclosure, Ground, ReplyMethod
from daicho.letters.letter import Letter
from daicho.letters.stops import SubstituteMeasureLetter
from daicho.policy.language import Policy
from daicho.register.reading import ColumnRule, Disclose, HoldingRef, Rpd
from daicho.register.reading import Ground as MapGround
from daicho.rights.case import (
    Answer,
    Case,
    article,
    disclosing_article,
    fee_note,
    frame,
    method_of,
    notice_article,
    returned_enclosures,
)
from daicho.rights.corrections import correction_letter
from daicho.rights.reasons import entrusted_ground, refusal_ground
from daicho.rights.results import merged, not_held_letter, refusal_letter
from daicho.rights.rules import ClaimState
from daicho.rights.stops import stop_letter
from daicho.runs.rules import Fate
from daicho.words.errors import JudgementError
from daicho.words.personal import Personal
from daicho.words.text import Text

_SHOW: Final = "show"
_SET: Final = Text("部", "")
_LOT: Final = Text("式", "")
_ITEMS: Final = Text("点", "")
_ON_MEDIUM: Final = Text("同封の記録媒体に収録しております。", "The files are on the medium enclosed.")
_BY_DOWNLOAD: Final = Text(
    "別途メールでご案内するダウンロードによりお渡しいたします。",
    "The files are handed over by the download of which a mail tells you.",
)


def answer_letter(
    case: Case,
    answer: Answer,
    letter_no: str,
    *,
    records: Sequence[DisclosedRecord] = (),
    files: Sequence[DataFile] = (),
) -> Letter:
    """The letter that answers one claim.

    Args:
        records: what a disclosure shows, as `disclosed_records` gives it.
        files: the data files, where the person asked for an electronic record.
    """
    match answer.state:
        case ClaimState.REFUSED:
            return _refusal(case, answer, letter_no)
        case ClaimState.NOT_HELD:
            return not_held_letter(case, answer, letter_no)
        case _:
            return _done(case, answer, letter_no, records, files)


def _done(
    case: Case, answer: Answer, letter_no: str, records: Sequence[DisclosedRecord], files: Sequence[DataFile]
) -> Letter:
    match answer.kind:
        case RequestKind.DISCLOSURE:
            return _disclosure(case, answer, letter_no, records, files)
        case RequestKind.RECORD_DISCLOSURE:
            return _provision_records(case, answer, letter_no, records, files)
        case RequestKind.PURPOSE_NOTICE:
            return _purposes(case, answer, letter_no)
        case RequestKind.CORRECTION | RequestKind.ADDITION | RequestKind.DELETION:
            return correction_letter(case, answer, letter_no)
        case _:
            return stop_letter(case, answer, letter_no)


def _refusal(case: Case, answer: Answer, letter_no: str) -> Letter:
    rule = KINDS[answer.kind].find_refusal(answer.ground)
    if rule is not None and rule.says_not_held:
        return not_held_letter(case, answer, letter_no)  # in exactly the same words (desk practice 8)
    if rule is not None and rule.code == "substitute_measure" and answer.reason:
        citation = rule.find_citation(on=case.law_on)
        return SubstituteMeasureLetter(
            **frame(case, letter_no),
            kind=answer.kind,
            basis=notice_article(case, answer.kind),
            ground=Ground(article=citation.text if citation else article(case, answer.kind), reason=rule.words),
            measures=(Text(answer.reason, answer.reason),),
            started_on=case.dated_on,
            enclosures=returned_enclosures(case, answer),
        )
    if rule is not None and rule.code == "entrusted":
        held = [one.reg_no for one in case.holdings.values() if one.rpd is Rpd.ENTRUSTED]
        searched = [one["holding"] for one in answer.outcome] or held
        named = [entrusted_ground(case, reg_no) for reg_no in searched if reg_no in held]
        return refusal_letter(case, answer, letter_no, named or [refusal_ground(case, answer)])
    return refusal_letter(case, answer, letter_no, [refusal_ground(case, answer)])


# ── 開示 ─────────────────────────────────────────────────────────────────────────────────────


def _disclosure(
    case: Case, answer: Answer, letter_no: str, records: Sequence[DisclosedRecord], files: Sequence[DataFile]
) -> Letter:
    shown = [*(records or _summary(case, answer)), *_paper_records(case)]
    withheld = _withheld_parts(case, answer, shown)
    if not shown:
        if withheld:
            return refusal_letter(case, answer, letter_no, [part.ground for part in withheld])
        return not_held_letter(case, answer, letter_no)
    return _disclosed(case, answer, letter_no, shown, files if records else ())


def _provision_records(
    case: Case, answer: Answer, letter_no: str, records: Sequence[DisclosedRecord], files: Sequence[DataFile]
) -> Letter:
    if not records:
        return ProvisionRecordsLetter(
            **frame(case, letter_no),
            basis=notice_article(case, answer.kind),
            lines=(),
            fee=fee_note(case, answer),
            enclosures=returned_enclosures(case, answer),
        )
    return _disclosed(case, answer, letter_no, records, files)


def _disclosed(
    case: Case, answer: Answer, letter_no: str, records: Sequence[DisclosedRecord], files: Sequence[DataFile]
) -> Letter:
    electronic = method_of(case) is ReplyMethod.ELECTRONIC and bool(files)
    # Copies of paper are named in the annex, so a letter that has any prints it beside the files.
    printed = not electronic or bool(case.paper_found())
    facts: dict[str, Any] = {
        **frame(case, letter_no),
        "kind": answer.kind,
        "basis": disclosing_article(case, answer.kind),
        "records": records,
        "read_on": answer.day(case),
        "method": ReplyMethod.ELECTRONIC if electronic else ReplyMethod.PAPER,
        "searched": tuple(store.name for store in case.stores.values()),
        "files": tuple(files) if electronic else (),
        "prints_records": printed,
        "handed_over": (_BY_DOWNLOAD if case.by_download else _ON_MEDIUM) if electronic else None,
        "fee": fee_note(case, answer),
        "enclosures": tuple(_disclosure_enclosures(case, answer, electronic=electronic, printed=printed)),
    }
    withheld = _withheld_parts(case, answer, records)
    if withheld:
        return PartialDisclosureLetter(**facts, withheld=tuple(withheld))
    return DisclosureLetter(**facts)


def _disclosure_enclosures(case: Case, answer: Answer, *, electronic: bool, printed: bool) -> Iterator[Enclosure]:
    if printed:
        yield Enclosure(name=Text("別紙（開示する保有個人データ）", "Annex (personal data disclosed)"), unit=_SET)
    if electronic and not case.by_download:
        yield Enclosure(
            name=Text("開示データを収録した記録媒体", "Medium with the data files"),
            unit=_ITEMS,
            note=Text("JSON形式・CSV形式", "JSON and CSV"),
        )
    for slip in case.paper_found() if answer.kind is RequestKind.DISCLOSURE else ():
        store = case.store_of(slip["store"])
        yield Enclosure(
            name=Text(f"{store.ja}の記録の写し", f"Copies of the records in {store.en}"),
            unit=_LOT,
            note=Text(f"{slip['count']:,}件", f"{slip['count']:,} record(s)"),
        )
    yield from returned_enclosures(case, answer)


def _paper_records(case: Case) -> Iterator[DisclosedRecord]:
    """What departments found on paper: its copies lie in the envelope, the annex names them."""
    for slip in case.paper_found():
        store = case.store_of(slip["store"])
        names = [one.name for one in case.holdings.values() if one.store == slip["store"]]
        yield DisclosedRecord(
            store=store,
            holding=Text("、".join(one.ja for one in names), ", ".join(one.en for one in names)) if names else store,
            table=Text("紙の記録", "Paper records"),
            fields=(
                _said(
                    case,
                    Text("同封する写し", "Copies enclosed"),
                    Text(f"{slip['count']:,}件分", f"of {slip['count']:,} record(s)"),
                ),
            ),
        )


def _summary(case: Case, answer: Answer) -> Iterator[DisclosedRecord]:
    """Tables that hold rows of the person and no column that may be shown: that they exist is told."""
    for entry in merged(answer.outcome):
        if entry["fate"] == Fate.SHOWN:
            holding = case.holdings.get(entry["holding"])
            label = case.label_of(entry)
            yield DisclosedRecord(
                store=case.store_of(entry["store"]),
                holding=holding.name if holding else label,
                table=label,
                fields=(_said(case, Text("件数", "Number"), Text(f"{entry['found']:,}件", f"{entry['found']:,}")),),
            )


def _said(case: Case, item: Text, value: Text) -> DisclosedField:
    return DisclosedField(item=item, value=Personal(value.say(case.language), "summary"))


def _withheld_parts(case: Case, answer: Answer, records: Iterable[DisclosedRecord]) -> list[WithheldPart]:
    parts: dict[tuple[str, str], WithheldPart] = {}
    for record in records:
        for field in record.fields:
            if field.withheld is not None:
                what = Text(f"{record.table.ja}の「{field.item.ja}」", f"“{field.item.en}” in {record.table.en}")
                parts.setdefault((what.ja, field.withheld.article.ja), WithheldPart(what=what, ground=field.withheld))
    for entry in merged(answer.outcome):
        if entry["fate"] == Fate.ENTRUSTED:
            holding = case.holdings.get(entry["holding"])
            what = holding.name if holding else case.label_of(entry)
            part = WithheldPart(what=what, ground=entrusted_ground(case, entry["holding"]))
            parts.setdefault((what.ja, Fate.ENTRUSTED), part)
    return list(parts.values())


def disclosed_records(
    case: Case, answer: Answer, raw: Iterable[Mapping[str, Any]], *, undecided: Callable[[str], None]
) -> Iterator[DisclosedRecord]:
    """The records of a data file as they may be shown: labels for columns, grounds for what is withheld.

    ``undecided`` is told the mark of every cell that a reviewer should have decided and did not.

    Raises:
        JudgementError: the map that the data was read with is gone, so nobody can say what may be shown.
    """
    for line in raw:
        a_map = case.maps.get(line["m"])
        rules = a_map.tables.get(line["t"]) if a_map else None
        if a_map is None or rules is None:
            raise _map_gone(line["m"])
        shown = [column for column in rules.columns.values() if not column.technical]
        yield DisclosedRecord(
            store=a_map.store.name,
            holding=rules.holding.name,
            table=rules.label,
            fields=tuple(_field(case, answer, line, column, undecided) for column in shown),
        )


def _field(
    case: Case, answer: Answer, line: Mapping[str, Any], column: ColumnRule, undecided: Callable[[str], None]
) -> DisclosedField:
    if column.disclose is Disclose.WITHHOLD:
        return DisclosedField(item=column.label, withheld=_map_ground(case, answer, column.ground))
    value = line["v"].get(column.column)
    if column.disclose is Disclose.REVIEW and value not in (None, ""):
        cell = f"{line['r']}.{column.column}"
        decision = answer.cells.get(cell)
        if decision is None:
            undecided(cell)
        elif decision != _SHOW:
            return DisclosedField(item=column.label, withheld=_cell_ground(case, decision))
    return DisclosedField(item=column.label, value=Personal(value, column.item or column.column))


def _map_gone(code: str) -> JudgementError:
    return JudgementError(
        Text(
            f"読み取りに使った対応表 {code} が有効でないため、開示の内容を決められません。",
            f"The map {code} that the data was read with is not in force: what may be shown cannot be told.",
        ),
        advice=Text(
            "対応表を元に戻して確認し、もう一度実行してください。",
            "Put the map back, confirm it, and run this again.",
        ),
    )


def _map_ground(case: Case, answer: Answer, ground: MapGround | None) -> Ground:
    law = ground.law if ground is not None and ground.law is not None else disclosing_article(case, answer.kind)
    return Ground(article=law, reason=ground.text if ground else Text("開示しない項目", "not disclosed"))


def _cell_ground(case: Case, code: str) -> Ground:
    rule = KINDS[RequestKind.DISCLOSURE].find_refusal(code)
    citation = rule.find_citation(on=case.law_on) if rule else None
    return Ground(
        article=citation.text if citation else article(case, RequestKind.DISCLOSURE),
        reason=rule.words if rule else Text(code, code),
    )


# ── 利用目的の通知 ───────────────────────────────────────────────────────────────────────────


def _purposes(case: Case, answer: Answer, letter_no: str) -> Letter:
    """The purposes of everything held about the person, on paper too; entrusted data has its entruster's."""
    on_paper = {slip["store"] for slip in case.paper_found()}
    seen = [one["holding"] for one in merged(answer.outcome)]
    held = [case.holdings[reg_no] for reg_no in dict.fromkeys(seen) if reg_no in case.holdings]
    held += [one for one in case.holdings.values() if one.store in on_paper and one not in held]
    own = [one for one in held if one.rpd is Rpd.YES]
    if not own:
        entrusted = [entrusted_ground(case, one.reg_no) for one in held if one.rpd is Rpd.ENTRUSTED]
        if entrusted:
            return refusal_letter(case, answer, letter_no, entrusted)
        return not_held_letter(case, answer, letter_no)
    return PurposeNoticeLetter(
        **frame(case, letter_no),
        basis=article(case, answer.kind),
        lines=tuple(_purpose_line(case.policy, holding) for holding in own),
        fee=fee_note(case, answer),
        enclosures=returned_enclosures(case, answer),
    )


def _purpose_line(policy: Policy, holding: HoldingRef) -> PurposeLine:
    """One holding; a code that the policy of the day of arrival does not know is left to its table."""
    names = {item.code: item.name for item in policy.items}
    says = {purpose.code: purpose.says for purpose in policy.purposes}
    items = [names[code] for code in holding.items if code in names]
    own = [says[code] for code in holding.purposes if code in says]
    table = [
        says[code]
        for row in policy.purpose_table.rows
        if row.subject == holding.subject_category
        for code in row.purposes
        if code in says
    ]
    return PurposeLine(
        category=holding.name,
        items=Text("、".join(item.ja for item in items), ", ".join(item.en for item in items)),
        purposes=tuple(dict.fromkeys(own or table)),
    )
