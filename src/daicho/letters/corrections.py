"""訂正等の結果  The letter that answers a correction, an addition or a deletion of untrue content."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from daicho.law.kinds import KINDS, RequestKind
from daicho.letters.blocks import Block, Cell, note, paragraph, table
from daicho.letters.data import Scalar, say_value
from daicho.letters.house import Ground
from daicho.letters.letter import Detail, Letter, require_kind, require_something
from daicho.words.personal import Personal
from daicho.words.text import Language, Text

_CORRECTIONS: Final = frozenset({RequestKind.CORRECTION, RequestKind.ADDITION, RequestKind.DELETION})
_PURPOSE: Final = "the person is told what was changed"


class CorrectionAction(StrEnum):
    """訂正等の方法  What was done to an item."""

    CORRECTED = "corrected"  # 訂正
    ADDED = "added"  # 追加
    DELETED = "deleted"  # 削除
    ANNOTATED = "annotated"  # 注記: the record was true when made and is not rewritten


CORRECTION_ACTION_WORDS: Final[dict[CorrectionAction, Text]] = {
    CorrectionAction.CORRECTED: Text("訂正", "corrected"),
    CorrectionAction.ADDED: Text("追加", "added"),
    CorrectionAction.DELETED: Text("削除", "deleted"),
    CorrectionAction.ANNOTATED: Text("注記", "annotated"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedItem:
    """訂正等をした項目; ``before`` and ``after`` None where there is nothing to show."""

    item: Text
    store: Text
    action: CorrectionAction
    done_on: date
    before: Personal[Scalar] | None = None
    after: Personal[Scalar] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnchangedItem:
    """訂正等をしない項目 and why (Art. 36)."""

    item: Text
    ground: Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionResultLetter(Letter):
    """訂正・追加・削除の結果の通知 (Art. 34(3)): the content of what was done, or that it was not."""

    kind: RequestKind
    basis: Text
    changed: tuple[CorrectedItem, ...] = ()
    unchanged: tuple[UnchangedItem, ...] = ()
    told_recipients: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        require_kind(self.kind, _CORRECTIONS)
        require_something(self.changed, self.unchanged)

    def title(self) -> str:
        words = Text("保有個人データの{name}について（ご通知）", "{name} of personal data: result")
        return self.say(words).format(name=self.say(KINDS[self.kind].name))

    def asked(self) -> tuple[RequestKind, ...]:
        return (self.kind,)

    def lead(self) -> str:
        if self.changed and self.unchanged:
            words = _CORRECTION_PARTLY
        else:
            words = _CORRECTION_DONE if self.changed else _CORRECTION_NOT_DONE
        return self.say(words).format(basis=self.say(self.basis), name=self.say(KINDS[self.kind].name))

    def details(self) -> list[Detail]:
        found: list[Detail] = []
        name = self.say(KINDS[self.kind].name)
        if self.changed:
            title = self.say(Text("{name}等の内容", "What was changed")).format(name=name)
            found.append((title, [self._changed_table(), *self._annotation_note()]))
        if self.unchanged:
            title = self.say(Text("{name}等を行わなかった項目及びその理由", "What was not changed, and why")).format(
                name=name
            )
            head = [self.say(text) for text in (Text("項目", "Item"), Text("根拠", "Ground"), Text("理由", "Reason"))]
            rows = [
                [self.say(row.item), self.say(row.ground.article), self.say(row.ground.reason)]
                for row in self.unchanged
            ]
            found.append((title, [table(head, rows, widths=[1, 1, 1.8])]))
        if self.told_recipients:
            told = "、" if self.language is Language.JA else ", "
            words = Text("次の提供先にも内容をお知らせいたしました：{who}", "We also told these recipients: {who}")
            names = told.join(self.say(name) for name in self.told_recipients)
            found.append(
                (self.say(Text("提供先への連絡", "Recipients")), [paragraph(self.say(words).format(who=names))])
            )
        return found

    def _changed_table(self) -> Block:
        heads = (
            Text("項目", "Item"),
            Text("変更前", "Before"),
            Text("変更後", "After"),
            Text("保管先", "Where"),
            Text("措置・実施日", "Done"),
        )
        rows = [
            [
                self.say(row.item),
                self._value(row.before),
                self._value(row.after),
                self.say(row.store),
                f"{self.say(CORRECTION_ACTION_WORDS[row.action])}\n{self.house.say_short_day(row.done_on, self.language)}",
            ]
            for row in self.changed
        ]
        return table([self.say(head) for head in heads], rows, widths=[1, 1.5, 1.5, 1.1, 0.9])

    def _value(self, value: Personal[Scalar] | None) -> Cell:
        return "―" if value is None else say_value(value.reveal(purpose=_PURPOSE), self.language)

    def _annotation_note(self) -> list[Block]:
        if all(row.action is not CorrectionAction.ANNOTATED for row in self.changed):
            return []
        words = Text(
            "「注記」とした項目は、作成時の事実を記録したものであるため書き換えず、お申出の内容を付記いたしました。",
            "An item marked 'annotated' is a record that was true when it was made; it is not rewritten, and what you "
            "told us is noted beside it.",
        )
        return [note(self.say(words))]


_CORRECTION_DONE: Final = Text(
    "調査の結果、下記のとおり{name}を行いましたので、{basis}の規定に基づき通知いたします。",
    "Following our investigation, we have made the changes set out below, of which we notify you in accordance with {basis}.",
)
_CORRECTION_PARTLY: Final = Text(
    "調査の結果、その一部について下記のとおり{name}を行いましたので、{basis}の規定に基づき通知いたします。",
    "Following our investigation, we have made part of the changes you asked for, as set out below, of which we notify you "
    "in accordance with {basis}.",
)
_CORRECTION_NOT_DONE: Final = Text(
    "調査の結果、下記の理由により{name}を行わないことといたしましたので、{basis}の規定に基づき通知いたします。",
    "Following our investigation, we have decided not to make the change for the reason given below, of which we notify you "
    "in accordance with {basis}.",
)
