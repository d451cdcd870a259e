"""利用停止等の結果  Letters that answer a stop or an erasure: what was done, and as plainly what remains."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from daicho.law.kinds import KINDS, RequestKind
from daicho.letters.blocks import Block, note, pairs, paragraph, table
from daicho.letters.corrections import UnchangedItem
from daicho.letters.house import Ground
from daicho.letters.letter import Detail, Letter, require_kind, require_something
from daicho.words.text import Text

_STOPS: Final = frozenset({RequestKind.SUSPEND_USE, RequestKind.ERASE, RequestKind.STOP_PROVISION})


class StopAction(StrEnum):
    """とった措置  What was done to data, as stores do it."""

    ERASED = "erased"  # 消去
    BLANKED = "blanked"  # 空欄化
    REPLACED = "replaced"  # 識別できない値への置換え
    ANNOTATED = "annotated"  # 注記
    USE_STOPPED = "use_stopped"  # 利用停止
    PROVISION_STOPPED = "provision_stopped"  # 提供停止


STOP_ACTION_WORDS: Final[dict[StopAction, Text]] = {
    StopAction.ERASED: Text("消去", "erased"),
    StopAction.BLANKED: Text("空欄化による消去", "erased by blanking"),
    StopAction.REPLACED: Text("識別できない値への置換え", "replaced so as not to identify"),
    StopAction.ANNOTATED: Text("注記", "annotated"),
    StopAction.USE_STOPPED: Text("利用の停止", "use stopped"),
    StopAction.PROVISION_STOPPED: Text("第三者提供の停止", "provision stopped"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StopLine:
    """措置の一行: what, where, how many records, when; read back after it was done."""

    what: Text
    store: Text
    action: StopAction
    done_on: date
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRemainder:
    """バックアップに残るもの and the day by which it is gone; None where the company states no day."""

    what: Text
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPart:
    """法令により保存するもの: that it is kept and on which ground, never that anything is investigated.

    ``until`` as it is printed: a day, or a rule such as 退職の日から5年.
    """

    what: Text
    ground: Text
    until: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuedUse:
    """停止後も行う取扱い: what another law obliges us to go on doing."""

    what: Text
    ground: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRemainder:
    """紙の保管先: what was done with paper files."""

    store: Text
    what_was_done: Text
    done_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecord:
    """本請求の記録: this request's own record, kept as evidence, and until when."""

    what: Text
    until: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """残るもの  Everything that is left after a stop or an erasure.

    ``backups`` must be said, because an erasure letter with none says that none hold the data.
    """

    own_record: OwnRecord
    backups: tuple[BackupRemainder, ...]
    kept: tuple[KeptPart, ...] = ()
    paper: tuple[PaperRemainder, ...] = ()
    continued: tuple[ContinuedUse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StopResultLetter(Letter):
    """利用停止・消去・第三者提供停止の結果の通知 (Art. 35(7)), with what remains and why.

    ``reported``: part of what was done (on paper, by hand) rests on a department's report.
    """

    kind: RequestKind
    basis: Text
    done: tuple[StopLine, ...]
    remains: Remainder
    not_done: tuple[UnchangedItem, ...] = ()
    reported: bool = False

    def __post_init__(self) -> None:
        require_kind(self.kind, _STOPS)
        require_something(self.done, self.not_done)

    def title(self) -> str:
        words = Text("保有個人データの{name}について（ご通知）", "{name}: result")
        return self.say(words).format(name=self.say(KINDS[self.kind].name))

    def asked(self) -> tuple[RequestKind, ...]:
        return (self.kind,)

    def lead(self) -> str:
        words = _STOP_PARTLY if self.not_done or self.remains.kept else _STOP_DONE
        return self.say(words).format(basis=self.say(self.basis), name=self.say(KINDS[self.kind].name))

    def details(self) -> list[Detail]:
        found: list[Detail] = []
        if self.done:
            found.append((self.say(Text("実施した措置", "What was done")), [self._done_table(), *self._confirmed()]))
        if self.not_done:
            head = [self.say(text) for text in (Text("対象", "What"), Text("根拠", "Ground"), Text("理由", "Reason"))]
            rows = [
                [self.say(row.item), self.say(row.ground.article), self.say(row.ground.reason)] for row in self.not_done
            ]
            title = self.say(Text("措置を行わなかったもの及びその理由", "What was not done, and why"))
            found.append((title, [table(head, rows, widths=[1, 1, 1.8])]))
        if self.remains.continued:
            found.append((self.say(Text("停止後も続ける取扱い", "What goes on")), self._continued()))
        erased = self.kind is RequestKind.ERASE
        left = Text("残る情報について", "What remains") if erased else Text("記録について", "Records")
        found.append((self.say(left), self._remains()))
        return found

    def _confirmed(self) -> list[Block]:
        """How it was confirmed; nothing is said where only a stop was registered, with no record to read again."""
        if self.reported:
            return [note(self.say(_REPORTED))]
        return [note(self.say(_READ_BACK))] if any(line.count is not None for line in self.done) else []

    def _done_table(self) -> Block:
        heads = [
            Text("対象", "What"),
            Text("保管先", "Where"),
            Text("措置", "Action"),
            Text("件数", "Records"),
            Text("実施日", "Date"),
        ]
        rows = [
            [
                self.say(line.what),
                self.say(line.store),
                self.say(STOP_ACTION_WORDS[line.action]),
                "―" if line.count is None else f"{line.count:,}",
                self.house.say_short_day(line.done_on, self.language),
            ]
            for line in self.done
        ]
        return table([self.say(head) for head in heads], rows, widths=[1.5, 1.2, 1.1, 0.6, 0.8])

    def _continued(self) -> list[Block]:
        head = [self.say(text) for text in (Text("取扱い", "Handling"), Text("根拠", "Ground"))]
        rows = [[self.say(row.what), self.say(row.ground)] for row in self.remains.continued]
        return [paragraph(self.say(_OBLIGED)), table(head, rows)]

    def _remains(self) -> list[Block]:
        blocks: list[Block] = []
        if self.remains.kept:
            heads = (Text("法令により保存するもの", "Kept by law"), Text("根拠", "Ground"), Text("期限", "Until"))
            rows = [[self.say(part.what), self.say(part.ground), self.say(part.until)] for part in self.remains.kept]
            blocks.append(table([self.say(head) for head in heads], rows, widths=[1.2, 1.4, 1]))
        if self.remains.paper:
            heads = (Text("紙の保管先", "Paper files"), Text("措置", "What was done"), Text("実施日", "Date"))
            rows = [
                [
                    self.say(part.store),
                    self.say(part.what_was_done),
                    self.house.say_short_day(part.done_on, self.language) if part.done_on else "―",
                ]
                for part in self.remains.paper
            ]
            blocks.append(table([self.say(head) for head in heads], rows, widths=[1.2, 1.6, 0.8]))
        backup_rows = [self._backup_row()] if self.kind is RequestKind.ERASE else []
        return [*blocks, pairs([*backup_rows, self._own_record_row()])]

    def _backup_row(self) -> tuple[str, str]:
        title = self.say(Text("バックアップ", "Backups"))
        if not self.remains.backups:
            return title, self.say(Text("残りません。", "Nothing remains."))
        return title, "\n".join(self._backup_words(part) for part in self.remains.backups)

    def _backup_words(self, part: BackupRemainder) -> str:
        if part.until is None:
            words = Text(
                "{what}：バックアップの保存期間が過ぎるまで残ります。それまでの間、復元して利用することはありません。",
                "{what}: it remains until the backups expire. Until then they are not restored for use.",
            )
            return self.say(words).format(what=self.say(part.what))
        words = Text(
            "{what}：{until}までに消去されます。それまでの間、復元して利用することはありません。",
            "{what}: erased by {until}. Until then they are not restored for use.",
        )
        return self.say(words).format(what=self.say(part.what), until=self.day(part.until))

    def _own_record_row(self) -> tuple[str, str]:
        record = self.remains.own_record
        words = Text(
            "{what}を、{until}まで保管し、その後廃棄いたします。",
            "We keep {what} until {until} and destroy it afterwards.",
        )
        said = self.say(words).format(what=self.say(record.what), until=self.say(record.until))
        return self.say(Text("このご請求の記録", "Record of this request")), said


_STOP_DONE: Final = Text(
    "下記のとおり{name}の措置を行いましたので、{basis}の規定に基づき通知いたします。",
    "We have carried it out as set out below, of which we notify you in accordance with {basis}.",
)
_STOP_PARTLY: Final = Text(
    "一部を除き、下記のとおり{name}の措置を行いましたので、{basis}の規定に基づき通知いたします。",
    "Except for the parts named below, we have carried it out as set out there, of which we notify you in accordance with "
    "{basis}.",
)
_READ_BACK: Final = Text(
    "各措置は、実施後に保管先を読み直して確認しております。",
    "Each action was confirmed by reading the place of storage again afterwards.",
)
_REPORTED: Final = Text(
    "システムで行った措置は実施後に保管先を読み直して、そのほかの措置は担当部署の実施の報告により、それぞれ確認しております。",
    "What was done in a system was confirmed by reading it again afterwards; the rest rests on the report of the "
    "department in charge.",
)
_OBLIGED: Final = Text(
    "次の取扱いは、法令の定めにより停止後も行います。",
    "The following is required by law and goes on after the stop.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteMeasureLetter(Letter):
    """代替措置の通知 (Art. 35(2), (4), (6) provisos; 35(7)): another measure that protects the person."""

    kind: RequestKind
    basis: Text
    ground: Ground
    measures: tuple[Text, ...]
    started_on: date

    def __post_init__(self) -> None:
        require_kind(self.kind, _STOPS)
        require_something(self.measures)

    def title(self) -> str:
        words = Text("保有個人データの{name}に代わる措置について（ご通知）", "{name}: substitute measure")
        return self.say(words).format(name=self.say(KINDS[self.kind].name))

    def asked(self) -> tuple[RequestKind, ...]:
        return (self.kind,)

    def lead(self) -> str:
        words = Text(
            "ご請求のとおりの措置を行うことが困難でありますので、{person}様の権利利益を保護するため、"
            "これに代わる下記の措置をとることとし、{basis}の規定に基づき通知いたします。",
            "It is difficult to do exactly what was asked. To protect the rights and interests of {person}, we take the "
            "substitute measure below, of which we notify you in accordance with {basis}.",
        )
        return self.say(words).format(basis=self.say(self.basis), person=self.person)

    def details(self) -> list[Detail]:
        return [
            (
                self.say(Text("代替措置の内容", "Substitute measure")),
                [
                    pairs(
                        [
                            (self.say(Text("措置", "Measure")), "\n".join(self.say(text) for text in self.measures)),
                            (self.say(Text("開始日", "From")), self.day(self.started_on)),
                        ]
                    )
                ],
            ),
            (
                self.say(Text("根拠及び理由", "Ground and reason")),
                [
                    pairs(
                        [
                            (self.say(Text("根拠", "Ground")), self.say(self.ground.article)),
                            (self.say(Text("理由", "Reason")), self.say(self.ground.reason)),
                        ]
                    )
                ],
            ),
        ]
