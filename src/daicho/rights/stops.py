"""利用停止・消去・提供停止の結果  What was stopped or ended, and as plainly what remains (Art. 35(7)).

An erasure that could end nothing is answered as what it is, a refusal or *not held*, never as a
result. What departments did on paper is said to rest on their report.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from daicho.law.kinds import RequestKind
from daicho.letters.corrections import UnchangedItem
from daicho.letters.house import Ground
from daicho.letters.letter import Letter
from daicho.letters.stops import (
    BackupRemainder,
    ContinuedUse,
    KeptPart,
    OwnRecord,
    Remainder,
    StopAction,
    StopLine,
    StopResultLetter,
)
from daicho.policy.language import SubjectKind
from daicho.rights.case import (
    Answer,
    Case,
    frame,
    notice_article,
    returned_enclosures,
)
from daicho.rights.reasons import entrusted_ground, kept_ground, kept_until
from daicho.rights.results import BY_HAND, PAPER_RECORDS, at_place, merged, not_held_letter, refusal_letter
from daicho.runs.rules import Fate
from daicho.words.errors import NotFoundError
from daicho.words.text import Language, Text

#: How long this request's own record is kept (reference 5.1: at least three years suggested).
RECORD_YEARS: Final = 3
_ACTIONS: Final[Mapping[str, StopAction]] = {
    Fate.DELETED: StopAction.ERASED,
    Fate.BLANKED: StopAction.BLANKED,
    Fate.REPLACED: StopAction.REPLACED,
    Fate.ANNOTATED: StopAction.ANNOTATED,
}
#: What setting a mark in a store means when a stop was asked for.
_STOPPED: Final[Mapping[RequestKind, StopAction]] = {
    RequestKind.SUSPEND_USE: StopAction.USE_STOPPED,
    RequestKind.STOP_PROVISION: StopAction.PROVISION_STOPPED,
}


def stop_letter(case: Case, answer: Answer, letter_no: str) -> Letter:
    """The result of a stop or an erasure; a refusal or *not held* when an erasure reached nothing it could end."""
    erasing = answer.kind is RequestKind.ERASE
    entries = merged(answer.outcome)
    on_paper = case.paper_acts(answer.number)
    done = [*_done_lines(case, answer, entries), *_done_on_paper(case, answer)]
    kept = [*_kept_parts(case, answer, entries), *_kept_on_paper(case, answer)] if erasing else []
    not_done = [*_not_done(case, answer, entries)]
    if not erasing:
        done.append(_registered(case, answer))
    if not done:
        if not kept and not not_done:
            return not_held_letter(case, answer, letter_no)
        return refusal_letter(case, answer, letter_no, [*map(_as_ground, kept), *(one.ground for one in not_done)])
    return StopResultLetter(
        **frame(case, letter_no),
        kind=answer.kind,
        basis=notice_article(case, answer.kind),
        done=tuple(done),
        not_done=tuple(not_done),
        remains=Remainder(
            own_record=_own_record(case),
            backups=tuple(_backups(case, answer, entries)),
            kept=tuple(kept),
            continued=() if erasing else tuple(_continued(case, answer, entries)),
        ),
        reported=any(slip["answer"] == "done" for slip in on_paper) or any(one["fate"] == BY_HAND for one in entries),
        enclosures=returned_enclosures(case, answer),
    )


def _done_lines(case: Case, answer: Answer, entries: Iterable[Mapping[str, Any]]) -> Iterator[StopLine]:
    for entry in entries:
        by_hand = entry["fate"] == BY_HAND
        if entry["fate"] not in _ACTIONS and not by_hand:
            continue
        action = StopAction.ERASED if by_hand else _ACTIONS[entry["fate"]]
        yield StopLine(
            what=case.label_of(entry),
            store=case.store_of(entry["store"]),
            action=_STOPPED.get(answer.kind, action),
            done_on=answer.day(case),
            count=None if by_hand else entry["found"],
        )


def _done_on_paper(case: Case, answer: Answer) -> Iterator[StopLine]:
    for slip in case.paper_acts(answer.number):
        if slip["answer"] == "done":
            yield StopLine(
                what=PAPER_RECORDS,
                store=case.store_of(slip["store"]),
                action=_STOPPED.get(answer.kind, StopAction.ERASED),
                done_on=slip["answered_on"] or case.dated_on,
            )


def _registered(case: Case, answer: Answer) -> StopLine:
    """A stop holds for all handling to come, whether or not a table has a column for it."""
    return StopLine(
        what=Text("今後の取扱い全般（停止の登録）", "All handling from now on (the stop is registered)"),
        store=Text("停止台帳", "register of stops"),
        action=_STOPPED[answer.kind],
        done_on=answer.day(case),
    )


def _kept_parts(case: Case, answer: Answer, entries: Iterable[Mapping[str, Any]]) -> Iterator[KeptPart]:
    for entry in entries:
        if entry["fate"] == Fate.KEPT:
            ground = kept_ground(case, answer.kind, entry)
            yield KeptPart(
                what=at_place(case.store_of(entry["store"]), case.label_of(entry)),
                ground=ground.article,
                until=kept_until(case, entry),
            )


def _kept_on_paper(case: Case, answer: Answer) -> Iterator[KeptPart]:
    for slip in case.paper_acts(answer.number):
        if slip["answer"] == "kept":
            yield KeptPart(
                what=at_place(case.store_of(slip["store"]), PAPER_RECORDS),
                ground=Text(slip["law"], slip["law"]),
                until=_day(case, slip["until"]),
            )


def _not_done(case: Case, answer: Answer, entries: Iterable[Mapping[str, Any]]) -> Iterator[UnchangedItem]:
    """Entrusted data; for a stop also what goes on being handled because it has to be."""
    erasing = answer.kind is RequestKind.ERASE
    for entry in entries:
        item = at_place(case.store_of(entry["store"]), case.label_of(entry))
        if entry["fate"] == Fate.ENTRUSTED:
            yield UnchangedItem(item=item, ground=entrusted_ground(case, entry["holding"]))
        elif entry["fate"] == Fate.KEPT and not erasing:
            yield UnchangedItem(item=item, ground=kept_ground(case, answer.kind, entry))
    for slip in case.paper_acts(answer.number) if not erasing else ():
        if slip["answer"] == "kept":
            reason = Text("引き続き取り扱う必要があるため", "it has to be handled further")
            ground = Ground(article=Text(slip["law"], slip["law"]), reason=reason)
            yield UnchangedItem(item=at_place(case.store_of(slip["store"]), PAPER_RECORDS), ground=ground)


def _day(case: Case, until: date | None) -> Text:
    """The last day in both languages, in the house's calendar."""
    house = case.house
    if until is None:
        return Text("―", "–")
    return Text(f"{house.say_day(until, Language.JA)}まで", house.say_day(until, Language.EN))


def _as_ground(part: KeptPart) -> Ground:
    return Ground(
        article=part.ground,
        reason=Text(
            f"{part.what.ja}は、法令等により保存するため（期限：{part.until.ja}）",
            f"{part.what.en} has to be kept (until: {part.until.en})",
        ),
    )


# ── what remains ─────────────────────────────────────────────────────────────────────────────


def _own_record(case: Case) -> OwnRecord:
    on = case.dated_on
    until = date(on.year + RECORD_YEARS, on.month, 28 if on.month == 2 else on.day)  # noqa: PLR2004 (29 February)
    house = case.house
    return OwnRecord(
        what=Text(f"本請求（{case.number}）の受付及び回答の記録", f"the record of this request ({case.number})"),
        until=Text(house.say_day(until, Language.JA), house.say_day(until, Language.EN)),
    )


def _backups(case: Case, answer: Answer, entries: Iterable[Mapping[str, Any]]) -> Iterator[BackupRemainder]:
    """Stores whose backups still hold what was ended; 0 days says that there are none, None that nobody said."""
    for code in _changed_stores(entries):
        store = case.stores.get(code)
        days = store.backups_kept_days if store else None
        if days != 0:
            until = None if days is None else answer.day(case) + timedelta(days=days)
            yield BackupRemainder(what=case.store_of(code), until=until)


def _changed_stores(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(one["store"] for one in entries if one["changed"] or one["fate"] == BY_HAND))


_STAFF: Final = frozenset({SubjectKind.EMPLOYEE, SubjectKind.FORMER_EMPLOYEE, SubjectKind.TEMPORARY_STAFF})
_STAFF_DUTIES: Final = (
    ContinuedUse(
        what=Text("社会保険及び労働保険の手続", "procedures of social and labour insurance"),
        ground=Text(
            "健康保険法、厚生年金保険法、雇用保険法その他の関係法令",
            "Health Insurance Act, Employees' Pension Insurance Act, Employment Insurance Act and others",
        ),
    ),
    ContinuedUse(
        what=Text("源泉徴収その他の税の手続", "withholding and other tax procedures"),
        ground=Text("所得税法、地方税法", "Income Tax Act, Local Tax Act"),
    ),
)
_DISPATCH_DUTY: Final = ContinuedUse(
    what=Text("派遣先への通知及び法定の管理台帳", "notices to the place of dispatch, and the statutory ledgers"),
    ground=Text("労働者派遣法", "Worker Dispatch Act"),
)


def _continued(case: Case, answer: Answer, entries: Iterable[Mapping[str, Any]]) -> Iterator[ContinuedUse]:
    """What another law obliges us to go on doing with the data of staff, whatever was stopped (desk practice 7)."""
    kinds = {
        kind
        for entry in entries
        if (holding := case.holdings.get(entry["holding"])) is not None
        and (kind := _subject_kind(case, holding.subject_category)) is not None
    }
    if kinds & _STAFF and answer.kind in _STOPPED:
        yield from _STAFF_DUTIES
        if SubjectKind.TEMPORARY_STAFF in kinds:
            yield _DISPATCH_DUTY


def _subject_kind(case: Case, code: str) -> SubjectKind | None:
    try:
        return case.policy.subject(code).kind
    except NotFoundError:  # the register has moved on from the policy of the day of arrival
        return None
