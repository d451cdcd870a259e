"""開示等請求受付簿  The yearly ledger of requests an assessor asks for (reference 5.7, desk practice 21).

One row per claim, in order of arrival, for every year, also one without a request. The
columns are listed once and serve the printed book and the workbook alike.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from daicho.law.kinds import KINDS, REQUESTER_NAMES, Requester, RequestKind
from daicho.letters.house import REPLY_METHOD_WORDS, House, ReplyMethod
from daicho.letters.letter import HousePaper, Sheet
from daicho.words.personal import Personal
from daicho.words.text import Language, Text

_PURPOSE: Final = "the ledger names who asked"
_NONE: Final = "―"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """受付簿の一行  One claim; None where something has not happened or does not apply.

    ``requester`` may be left out of a copy that leaves the desk. ``identity`` names the
    documents seen, not their numbers; ``id_ended_on`` is the day their copies were destroyed
    or returned (``id_end`` says which).
    """

    request_no: str
    arrived_on: date
    channel: Text
    requester_kind: Requester
    kind: RequestKind
    complete_on: date | None = None
    requester: Personal[str] | None = None
    organisation: Text | None = None
    method: ReplyMethod | None = None
    identity: Text | None = None
    verified_on: date | None = None
    fee_yen: int | None = None
    stores_searched: int = 0
    stores_found: int = 0
    decision: Text | None = None
    ground: Text | None = None
    decided_on: date | None = None
    decided_by: Text | None = None
    answered_on: date | None = None
    answered_through: Text | None = None
    id_end: Text | None = None
    id_ended_on: date | None = None
    approved_on: date | None = None
    complaint: Text | None = None
    remark: Text | None = None

    @property
    def days(self) -> int | None:
        """所要日数  Calendar days from arrival to answer; None while open."""
        return None if self.answered_on is None else (self.answered_on - self.arrived_on).days


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerBook(HousePaper):
    """One period of the ledger, usually a year. ``printed_on`` is the day the copy was made.

    ``approved_by``, ``approved_on``: who approved it as it stood then; ``changed_since``: it is not as it was.
    A long book is printed in ``parts``, each with the summary of the whole.
    """

    house: House
    language: Language
    period_from: date
    period_to: date
    printed_on: date
    rows: tuple[LedgerRow, ...] = ()
    approver: Text | None = None
    approved_by: Text | None = None
    approved_on: date | None = None
    changed_since: bool = False
    part: int = 1
    parts: int = 1
    whole_summary: str = ""

    def made_on(self) -> date:
        """The day the copy was made."""
        return self.printed_on

    def title(self) -> str:
        """開示等請求受付簿."""
        title = Text("開示等請求受付簿", "Ledger of requests for disclosure etc.").say(self.language)
        if self.parts == 1:
            return title
        words = Text("{title}（分冊 {part}/{parts}）", "{title} (part {part} of {parts})").say(self.language)
        return words.format(title=title, part=self.part, parts=self.parts)

    def period(self) -> str:
        """The period in words."""
        begins, ends = (self.house.say_day(on, self.language) for on in (self.period_from, self.period_to))
        return Text("{begins}から{ends}まで", "{begins} to {ends}").say(self.language).format(begins=begins, ends=ends)

    def summary(self) -> str:
        """How many, by kind; a period with none says so."""
        return summary_words(
            Counter(row.kind for row in self.rows), sum(row.answered_on is None for row in self.rows), self.language
        )

    def approver_words(self) -> str:
        """Whose approval the box is for."""
        return (self.approver or Text("個人情報保護管理者", "Responsible officer")).say(self.language)

    def approval(self) -> list[str]:
        """What stands in the box: who approved and when; for one not approved yet, room for a seal and a date."""
        say = self.language
        if self.approved_by is None or self.approved_on is None:
            return ["", Text("年　　月　　日", "Date").say(say)]
        changed = Text("承認後に変更あり", "changed since").say(say) if self.changed_since else ""
        return ["\n".join([self.approved_by.say(say), *([changed] if changed else [])]), self.day(self.approved_on)]

    def cells(self, row: LedgerRow) -> list[str]:
        """The row as it is printed."""
        return [column.cell(self, row) for column in COLUMNS]

    def day(self, on: date | None) -> str:
        """A short date, or a dash."""
        return self.house.say_short_day(on, self.language) if on else _NONE

    def sheets(self) -> list[Sheet]:
        """The book, A4 landscape."""
        say = self.language
        return [
            {
                "template": "ledger",
                "lang": say.value,
                "title": self.title(),
                "company": self.house.company.say(say),
                "period": self.period(),
                "summary": self.whole_summary or self.summary(),
                "head": [column.name.say(say) for column in COLUMNS],
                "widths": [column.width for column in COLUMNS],
                "rows": [
                    self.cells(row) for row in sorted(self.rows, key=lambda row: (row.arrived_on, row.request_no))
                ],
                "approval": [self.approver_words(), Text("承認", "Approved").say(say), *self.approval()],
                "printed": Text("作成日 {day}", "Made on {day}")
                .say(say)
                .format(day=self.house.say_day(self.printed_on, say)),
            }
        ]

    def say_text(self, text: Text | None) -> str:
        """A text in the book's language, or a dash."""
        return text.say(self.language) if text else _NONE


def summary_words(counted: Mapping[RequestKind, int], opened: int, language: Language) -> str:
    """How many claims by kind, and how many of them are open; none says so."""
    if not any(counted.values()):
        words = Text(
            "この期間に受け付けた開示等の請求はありません（0件）。", "No request was received in this period (0)."
        )
        return words.say(language)
    parts = [f"{KINDS[kind].name.say(language)} {counted[kind]:,}" for kind in RequestKind if counted.get(kind)]
    words = Text(
        "請求事項 計 {count} 件（{parts}）、うち対応中 {opened} 件",
        "{count} claims in all ({parts}), of which {opened} open",
    )
    joined = ("、" if language is Language.JA else ", ").join(parts)
    return words.say(language).format(count=f"{sum(counted.values()):,}", parts=joined, opened=f"{opened:,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: heading, relative width, and what a row says in it."""

    name: Text
    width: float
    cell: Callable[[LedgerBook, LedgerRow], str]


def _requester(book: LedgerBook, row: LedgerRow) -> str:
    kind = REQUESTER_NAMES[row.requester_kind].say(book.language)
    return f"{row.requester.reveal(purpose=_PURPOSE)}\n{kind}" if row.requester else kind


def _identity(book: LedgerBook, row: LedgerRow) -> str:
    seen = book.say_text(row.identity)
    return f"{seen}\n{book.day(row.verified_on)}" if row.verified_on else seen


def _fee(book: LedgerBook, row: LedgerRow) -> str:
    if row.fee_yen is None:
        return _NONE
    return Text("{yen}円", "{yen} yen").say(book.language).format(yen=f"{row.fee_yen:,}")


def _decision(book: LedgerBook, row: LedgerRow) -> str:
    open_words = Text("対応中", "open")
    said = (row.decision or open_words).say(book.language)
    by = [
        part
        for part in (
            book.day(row.decided_on) if row.decided_on else "",
            book.say_text(row.decided_by) if row.decided_by else "",
        )
        if part
    ]
    return "\n".join([said, *by])


def _answer(book: LedgerBook, row: LedgerRow) -> str:
    if row.answered_on is None:
        return _NONE
    return "\n".join(
        [book.day(row.answered_on), *([row.answered_through.say(book.language)] if row.answered_through else [])]
    )


def _kind(book: LedgerBook, row: LedgerRow) -> str:
    name = KINDS[row.kind].name.say(book.language)
    return f"{name}\n{row.organisation.say(book.language)}" if row.organisation else name


def _id_end(book: LedgerBook, row: LedgerRow) -> str:
    if row.id_ended_on is None:
        return _NONE
    return f"{book.say_text(row.id_end)}\n{book.day(row.id_ended_on)}" if row.id_end else book.day(row.id_ended_on)


COLUMNS: Final[tuple[Column, ...]] = (
    Column(name=Text("受付番号", "No."), width=1.5, cell=lambda _, row: row.request_no),
    Column(name=Text("到達日", "Arrived"), width=1.2, cell=lambda book, row: book.day(row.arrived_on)),
    Column(name=Text("完備日", "Complete"), width=1.2, cell=lambda book, row: book.day(row.complete_on)),
    Column(name=Text("経路", "Channel"), width=0.9, cell=lambda book, row: book.say_text(row.channel)),
    Column(name=Text("請求者・区分", "Requester"), width=1.7, cell=_requester),
    Column(name=Text("請求の種類", "Kind"), width=1.6, cell=_kind),
    Column(
        name=Text("希望方法", "Method"),
        width=1.1,
        cell=lambda book, row: REPLY_METHOD_WORDS[row.method].say(book.language) if row.method else _NONE,
    ),
    Column(name=Text("本人確認", "Identity"), width=1.4, cell=_identity),
    Column(name=Text("手数料", "Fee"), width=0.8, cell=_fee),
    Column(
        name=Text("調査\n(有/先)", "Found/\nsearched"),
        width=0.9,
        cell=lambda _, row: f"{row.stores_found}/{row.stores_searched}",
    ),
    Column(name=Text("決定・決定者", "Decision"), width=1.4, cell=_decision),
    Column(name=Text("根拠", "Ground"), width=1.5, cell=lambda book, row: book.say_text(row.ground)),
    Column(name=Text("回答日・方法", "Answered"), width=1.3, cell=_answer),
    Column(name=Text("日数", "Days"), width=0.6, cell=lambda _, row: _NONE if row.days is None else str(row.days)),
    Column(name=Text("確認書類の\n廃棄・返却", "ID copies\nended"), width=1.2, cell=_id_end),
    Column(name=Text("承認日", "Approved"), width=1.2, cell=lambda book, row: book.day(row.approved_on)),
    Column(name=Text("苦情", "Complaint"), width=1.0, cell=lambda book, row: book.say_text(row.complaint)),
    Column(name=Text("備考", "Remark"), width=1.5, cell=lambda book, row: book.say_text(row.remark)),
)
