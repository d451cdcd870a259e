"""移行: rows of the company's old 開示等請求受付簿, from what a table says to what the ledger shows.

Pure: a table of cells in, good rows and a report of bad ones out. A row is taken whole or not at all,
and every reason why not names its row, its column and what to write instead.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from daicho.law.kinds import KINDS, REQUESTER_NAMES, Requester, RequestKind
from daicho.letters.ledger import LedgerRow
from daicho.words.era import DateTextError, read_date
from daicho.words.errors import InputError
from daicho.words.personal import Personal
from daicho.words.text import Text

#: The law is in force for private businesses since this day: nothing was asked under it before.
EARLIEST: Final = date(2005, 4, 1)
_LONGEST: Final = 400
_HEADING_ROWS: Final = 20
_HEADINGS_NEEDED: Final = 2

#: What a column can be: code → its name. The first two are needed.
FIELDS: Final[Mapping[str, Text]] = {
    "arrived_on": Text("到達日（受付日）", "Arrived"),
    "kind": Text("請求の種類", "Kind"),
    "number": Text("受付番号", "Number"),
    "requester": Text("請求者", "Requester"),
    "requester_kind": Text("本人・代理人の区分", "Person or agent"),
    "channel": Text("経路", "Channel"),
    "identity": Text("本人確認", "Identity"),
    "fee": Text("手数料", "Fee"),
    "decision": Text("決定", "Decision"),
    "ground": Text("根拠・理由", "Ground"),
    "decided_on": Text("決定日", "Decided on"),
    "decided_by": Text("決定者", "Decided by"),
    "answered_on": Text("回答日", "Answered on"),
    "through": Text("回答方法", "Answered how"),
    "id_ended_on": Text("確認書類の廃棄日", "ID copies ended"),
    "remark": Text("備考", "Remark"),
}
NEEDED: Final = ("arrived_on", "kind")
_DAYS: Final = frozenset({"arrived_on", "decided_on", "answered_on", "id_ended_on"})
_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "arrived_on": ("受付日", "到達日", "到着日", "受付年月日", "受理日", "請求日", "arrived", "received"),
    "kind": ("請求の種類", "種類", "種別", "請求内容", "請求種別", "区分", "kind", "type"),
    "number": ("受付番号", "番号", "no", "no.", "管理番号", "number"),
    "requester": ("請求者", "請求者名", "氏名", "本人氏名", "請求者氏名", "請求者・区分", "requester", "name"),
    "requester_kind": ("本人・代理人", "請求者区分", "本人代理人の別", "代理人"),
    "channel": ("経路", "受付方法", "受付経路", "channel"),
    "identity": ("本人確認", "本人確認書類", "確認書類", "本人確認方法", "identity"),
    "fee": ("手数料", "手数料額", "fee"),
    "decision": ("決定", "結果", "対応", "対応結果", "可否", "決定内容", "処理結果", "決定・決定者", "decision"),
    "ground": ("根拠", "理由", "不開示理由", "不開示の理由", "ground"),
    "decided_on": ("決定日", "決定年月日", "decidedon"),
    "decided_by": ("決定者", "承認者", "担当者", "decidedby"),
    "answered_on": ("回答日", "通知日", "完了日", "回答年月日", "回答日・方法", "answered"),
    "through": ("回答方法", "通知方法", "開示方法"),
    "id_ended_on": ("廃棄日", "書類廃棄日", "確認書類の廃棄・返却", "返却・廃棄日"),
    "remark": ("備考", "メモ", "摘要", "remark", "note"),
}
_KINDS: Final[Mapping[str, RequestKind]] = {
    "第三者提供記録の開示": RequestKind.RECORD_DISCLOSURE,
    "第三者提供記録": RequestKind.RECORD_DISCLOSURE,
    "利用目的の通知": RequestKind.PURPOSE_NOTICE,
    "利用目的": RequestKind.PURPOSE_NOTICE,
    "開示": RequestKind.DISCLOSURE,
    "訂正": RequestKind.CORRECTION,
    "追加": RequestKind.ADDITION,
    "削除": RequestKind.DELETION,
    "利用停止": RequestKind.SUSPEND_USE,
    "利用の停止": RequestKind.SUSPEND_USE,
    "消去": RequestKind.ERASE,
    "提供停止": RequestKind.STOP_PROVISION,
    "第三者提供の停止": RequestKind.STOP_PROVISION,
    "第三者への提供の停止": RequestKind.STOP_PROVISION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRow:
    """One row of the old ledger. Everything but days, kinds and yen is as it was written."""

    arrived_on: date
    kinds: tuple[RequestKind, ...]
    number: str = ""
    requester: str = ""
    requester_kind: Requester = Requester.PRINCIPAL
    channel: str = ""
    identity: str = ""
    fee: int | None = None
    decision: str = ""
    ground: str = ""
    decided_on: date | None = None
    decided_by: str = ""
    answered_on: date | None = None
    through: str = ""
    id_ended_on: date | None = None
    remark: str = ""

    def as_plain(self) -> dict[str, Any]:
        """For sealed JSON."""
        return {
            name: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> "PastRow":
        """As `as_plain` wrote it."""
        values = dict(plain)
        for name in _DAYS:
            values[name] = date.fromisoformat(values[name]) if values[name] else None
        values["kinds"] = tuple(RequestKind(one) for one in values["kinds"])
        values["requester_kind"] = Requester(values["requester_kind"])
        return PastRow(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a row is not taken: its number in the sheet, the column's heading, what is wrong. No value is repeated."""

    row: int
    column: str
    what: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet: headings, and the rows below with their numbers in the sheet."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]


def find_table(cells: Sequence[Sequence[Any]]) -> Table:
    """The table of a sheet: its heading row is the first that names two known columns.

    Raises:
        InputError: no such row.
    """
    for place, row in enumerate(cells[:_HEADING_ROWS]):
        named = {found for cell in row if (found := _field(cell)) is not None}
        if len(named) >= _HEADINGS_NEEDED:
            return Table(
                headings=tuple(_say(cell) for cell in row),
                rows=tuple(
                    (number, tuple(line))
                    for number, line in enumerate(cells[place + 1 :], start=place + 2)
                    if any(_say(cell) for cell in line)
                ),
            )
    raise InputError(
        Text("見出しの行が見つかりません。", "No row of headings was found."),
        advice=Text(
            f"最初の {_HEADING_ROWS} 行のどこかに「受付日」「請求の種類」などの見出しを書いてください。",
            f"Within the first {_HEADING_ROWS} rows, head the columns: 受付日, 請求の種類 …",
        ),
    )


def guess_columns(headings: Sequence[str]) -> dict[str, int]:
    """Field → column, by the headings; the first column that fits."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        field = _field(heading)
        if field is not None:
            found.setdefault(field, place)
    return found


def _plain(cell: object) -> str:
    return re.sub(r"[\s　()（）:：]+", "", str(cell or "")).casefold()


_BY_HEADING: Final = {_plain(word): field for field, words in _HEADINGS.items() for word in words}


def _field(cell: object) -> str | None:
    return _BY_HEADING.get(_plain(cell)) if isinstance(cell, str) else None


def _say(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def read_rows(
    table: Table, columns: Mapping[str, int], *, today: date, known: frozenset[tuple[str, date]] = frozenset()
) -> tuple[list[PastRow], list[Fault]]:
    """The rows that can be taken, and why the others cannot.

    Args:
        columns: field → place of its column.
        known: (number, day of arrival) of rows that were brought over before.
    """
    absent = [name for name in NEEDED if name not in columns]
    if absent:
        names = [FIELDS[name] for name in absent]
        raise InputError(
            Text(
                f"次の列を選んでください：{'、'.join(one.ja for one in names)}",
                f"Choose the columns of: {', '.join(one.en for one in names)}",
            ),
            advice=Text("列の対応を直してください。", "Put the columns right."),
        )
    good: list[PastRow] = []
    faults: list[Fault] = []
    seen = set(known)
    for number, line in table.rows:
        row, wrong = _read_row(line, columns, today=today)
        if row is not None and row.number:
            key = (row.number, row.arrived_on)
            if key in seen:
                row, wrong = (
                    None,
                    {"number": Text("同じ番号・同じ日の行が既にあります", "a row with this number and day exists")},
                )
            seen.add(key)
        if row is not None:
            good.append(row)
        faults += [
            Fault(row=number, column=_heading(table, columns, field), what=what) for field, what in wrong.items()
        ]
    return good, faults


def _heading(table: Table, columns: Mapping[str, int], field: str) -> str:
    place = columns.get(field)
    return table.headings[place] if place is not None and place < len(table.headings) else FIELDS[field].ja


def _read_row(
    line: Sequence[Any], columns: Mapping[str, int], *, today: date
) -> tuple[PastRow | None, dict[str, Text]]:
    values: dict[str, Any] = {}
    wrong: dict[str, Text] = {}
    for field, place in columns.items():
        cell = line[place] if place < len(line) else None
        try:
            values |= _read_cell(field, cell, today=today)
        except InputError as error:
            wrong[field] = error.message
    arrived = values.get("arrived_on")
    if arrived is None and "arrived_on" not in wrong:
        wrong["arrived_on"] = Text("受付日がありません", "the day of arrival is missing")
    if not values.get("kinds") and "kind" not in wrong:
        wrong["kind"] = Text("請求の種類がありません", "the kind is missing")
    for field in ("decided_on", "answered_on"):
        if arrived and values.get(field) and values[field] < arrived:
            wrong[field] = Text("受付日より前の日です", "a day before the arrival")
    return (None, wrong) if wrong else (PastRow(**values), {})


def _read_cell(field: str, cell: object, *, today: date) -> dict[str, Any]:
    text = _say(cell)
    if len(text) > _LONGEST:
        raise _wrong(f"{_LONGEST} 字を超えています", f"longer than {_LONGEST} characters")
    if field in _DAYS:
        return {field: _day(cell, text, today=today)}
    match field:
        case "kind":
            return {"kinds": _kinds_of(text)}
        case "fee":
            return {"fee": _yen(text)}
        case "requester_kind":
            return {"requester_kind": _requester(text)}
        case _:
            return {field: text}


def _day(cell: object, text: str, *, today: date) -> date | None:
    if not text or text in {"-", "―", "－"}:
        return None
    if isinstance(cell, datetime):
        on = cell.date()
    elif isinstance(cell, date):
        on = cell
    else:
        try:
            on = read_date(text.splitlines()[0])
        except DateTextError as error:
            raise InputError(error.message, advice=error.advice) from None
    if not EARLIEST <= on <= today:
        raise _wrong("2005年4月1日から今日までの日ではありません", "not a day from 2005-04-01 to today")
    return on


def _kinds_of(text: str) -> tuple[RequestKind, ...]:
    found: list[RequestKind] = []
    for part in re.split(r"[、，,;；/／・\n]|及び|および|と(?=[^の])", text):
        word = re.sub(r"\s|の?請求$|等$", "", part)
        if not word:
            continue
        kind = _KINDS.get(word) or _BY_NAME.get(word)
        if kind is None:
            raise _wrong(
                "請求の種類が分かりません（開示、利用目的の通知、訂正、追加、削除、利用停止、消去、提供停止、第三者提供記録の開示）",
                "an unknown kind of request",
            )
        found.append(kind)
    return tuple(dict.fromkeys(found))


_BY_NAME: Final = {
    word: kind for kind, rule in KINDS.items() for word in (str(kind), rule.name.ja, rule.name.en, rule.asks.ja)
}


def _yen(text: str) -> int | None:
    plain = re.sub(r"[,，円¥￥\s]", "", text)
    if not plain or plain in {"-", "―", "－", "なし", "無料", "無"}:
        return None
    if not plain.isdecimal() or len(plain) > 7:  # noqa: PLR2004 (no fee has eight digits)
        raise _wrong("金額として読めません", "not an amount")
    return int(plain)


def _requester(text: str) -> Requester:
    if not text or text in {"本人", "ご本人"}:
        return Requester.PRINCIPAL
    found = next((code for code, name in REQUESTER_NAMES.items() if text in {str(code), name.ja, name.en}), None)
    if found is not None:
        return found
    if "未成年" in text or "親権" in text:
        return Requester.MINOR_AGENT
    if "後見" in text:
        return Requester.GUARDIAN
    if "代理" in text or "委任" in text:
        return Requester.MANDATED_AGENT
    raise _wrong("本人か代理人か分かりません", "neither the person nor an agent")


def _wrong(ja: str, en: str) -> InputError:
    return InputError(
        Text(ja, en), advice=Text("直してから移行してください。", "Put it right and bring it over again.")
    )


def past_ledger_rows(ref: str, row: PastRow, *, names: bool) -> Iterator[LedgerRow]:
    """The row as the ledger prints it, one per kind, marked as brought over."""
    mark = Text("移行", "brought over")
    remark = Text(f"{mark.ja}\n{row.remark}", f"{mark.en}\n{row.remark}") if row.remark else mark
    for kind in row.kinds:
        yield LedgerRow(
            request_no=row.number or ref,
            arrived_on=row.arrived_on,
            channel=_text(row.channel) or Text("―", "―"),
            requester_kind=row.requester_kind,
            requester=Personal(row.requester, "name") if names and row.requester else None,
            kind=kind,
            identity=_text(row.identity),
            fee_yen=row.fee,
            decision=_text(row.decision) or Text("記載なし", "not stated"),
            ground=_text(row.ground),
            decided_on=row.decided_on,
            decided_by=_text(row.decided_by),
            answered_on=row.answered_on,
            answered_through=_text(row.through),
            id_ended_on=row.id_ended_on,
            remark=remark,
        )


def _text(written: str) -> Text | None:
    return Text(written, written) if written else None
