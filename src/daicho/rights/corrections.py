"""訂正・追加・削除の結果  What was put right where, from what reading back confirmed (Art. 34(3)).

Records that were true when made are not rewritten, and the letter does not say that anything was
noted beside them where a store has no place for it.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from daicho.law.kinds import KINDS, RequestKind
from daicho.letters.corrections import CorrectedItem, CorrectionAction, CorrectionResultLetter, UnchangedItem
from daicho.letters.house import Ground
from daicho.letters.letter import Letter
from daicho.register.reading import TableRules, Value
from daicho.rights.case import (
    Answer,
    Case,
    article,
    frame,
    notice_article,
    returned_enclosures,
)
from daicho.rights.reasons import entrusted_ground, kept_ground
from daicho.rights.results import PAPER_RECORDS, at_place, merged, not_held_letter
from daicho.runs.rules import Fate
from daicho.words.personal import Personal
from daicho.words.text import Text

_CORRECTIONS: Final[Mapping[RequestKind, CorrectionAction]] = {
    RequestKind.CORRECTION: CorrectionAction.CORRECTED,
    RequestKind.ADDITION: CorrectionAction.ADDED,
    RequestKind.DELETION: CorrectionAction.DELETED,
}
_AS_IT_WAS: Final = Text(
    "作成時の事実を記録したものであるため、書き換えません。お申出の内容は、訂正の記録として別に保管します",
    "the record was true when it was made and is not rewritten; what you told us is kept beside it as a correction",
)
_NOTHING_TO_CHANGE: Final = Text(
    "調査の結果、ご請求の項目にあたる記録が見つからなかったため",
    "our search found no record of what you asked us to change",
)
_KEPT_ON_PAPER: Final = Text(
    "保管部署で確認の結果、書き換えずに保存する必要があるため",
    "the department that keeps it found that it has to be kept as it is",
)


def correction_letter(case: Case, answer: Answer, letter_no: str) -> Letter:
    """訂正・追加・削除の結果の通知 (Art. 34(3))."""
    changed: list[CorrectedItem] = []
    unchanged: list[UnchangedItem] = []
    for entry in merged(answer.outcome):
        if entry["fate"] in {Fate.WAITING, Fate.UNTOUCHED}:
            continue
        ground = _unchanged_ground(case, answer, entry)
        if ground is None:
            changed += _corrected(case, answer, entry)
        else:
            unchanged.append(
                UnchangedItem(item=at_place(case.store_of(entry["store"]), case.label_of(entry)), ground=ground)
            )
    for slip in case.paper_acts(answer.number):
        store = case.store_of(slip["store"])
        if slip["answer"] == "done":
            changed += _corrected_on_paper(case, answer, store, slip["answered_on"])
        else:
            ground = Ground(article=article(case, answer.kind), reason=_KEPT_ON_PAPER)
            unchanged.append(UnchangedItem(item=at_place(store, PAPER_RECORDS), ground=ground))
    if not changed and not unchanged:
        if answer.kind is RequestKind.DELETION:
            return not_held_letter(case, answer, letter_no)
        ground = Ground(article=article(case, answer.kind), reason=_NOTHING_TO_CHANGE)
        unchanged.append(UnchangedItem(item=_named(case, answer) or KINDS[answer.kind].name, ground=ground))
    return CorrectionResultLetter(
        **frame(case, letter_no),
        kind=answer.kind,
        basis=notice_article(case, answer.kind),
        changed=tuple(changed),
        unchanged=tuple(unchanged),
        enclosures=returned_enclosures(case, answer),
    )


def _unchanged_ground(case: Case, answer: Answer, entry: Mapping[str, Any]) -> Ground | None:
    """Why an entry was not changed; None when it was."""
    match entry["fate"]:
        case Fate.ENTRUSTED:
            return entrusted_ground(case, entry["holding"])
        case Fate.KEPT:
            return kept_ground(case, answer.kind, entry)
        case Fate.ANNOTATED if not entry["changed"]:
            return Ground(article=article(case, answer.kind), reason=_AS_IT_WAS)
        case _:
            return None


def _corrected(case: Case, answer: Answer, entry: Mapping[str, Any]) -> Iterator[CorrectedItem]:
    store, label = case.store_of(entry["store"]), case.label_of(entry)
    annotated = entry["fate"] == Fate.ANNOTATED
    action = CorrectionAction.ANNOTATED if annotated else _CORRECTIONS[answer.kind]
    rules = case.table_of(entry["store"], entry["table"])
    wanted = Value.RECORD if annotated else Value.CURRENT
    reached = [
        (item, value)
        for what, value in answer.values.items()
        if (item := _reached(case, entry["store"], rules, what, wanted)) is not None
    ]
    if not reached or answer.kind is RequestKind.DELETION:
        yield CorrectedItem(item=label, store=store, action=action, done_on=answer.day(case))
        return
    for item, value in reached:
        yield CorrectedItem(
            item=item,
            store=at_place(store, label),
            action=action,
            done_on=answer.day(case),
            after=None if annotated else Personal(value, "correction"),
        )


def _reached(case: Case, store: str, rules: TableRules | None, what: str, wanted: Value) -> Text | None:
    """What a value of the correction is called in a table; None when it does not reach the table."""
    if rules is None:
        return _item(case, what)
    for column in rules.columns.values():
        if what == f"{store}.{rules.name}.{column.column}":
            return column.label
        if column.item == what and not column.technical and column.value is wanted:
            return _item(case, what) or column.label
    return None


def _corrected_on_paper(case: Case, answer: Answer, store: Text, on: date | None) -> Iterator[CorrectedItem]:
    action, done_on = _CORRECTIONS[answer.kind], on or case.dated_on
    named = [(item, value) for what, value in answer.values.items() if (item := _item(case, what)) is not None]
    if not named or answer.kind is RequestKind.DELETION:
        yield CorrectedItem(item=PAPER_RECORDS, store=store, action=action, done_on=done_on)
        return
    for item, value in named:
        yield CorrectedItem(
            item=item,
            store=at_place(store, PAPER_RECORDS),
            action=action,
            done_on=done_on,
            after=Personal(value, "correction"),
        )


def _item(case: Case, what: str) -> Text | None:
    """An item of the policy, or a named column, in words."""
    if "." in what:
        store, table, column = [*what.split("."), "", ""][:3]
        rules = case.table_of(store, table)
        found = rules.columns.get(column) if rules else None
        return found.label if found else None
    return next((item.name for item in case.policy.items if item.code == what), None)


def _named(case: Case, answer: Answer) -> Text | None:
    names = [name for what in answer.values if (name := _item(case, what)) is not None]
    return Text("、".join(name.ja for name in names), ", ".join(name.en for name in names)) if names else None
