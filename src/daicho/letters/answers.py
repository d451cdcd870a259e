"""回答書  Letters that answer what may be known besides the data itself: purposes, provisions, or why not.

Articles are printed as they are handed in; which article applies is decided elsewhere.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from daicho.law.kinds import KINDS, RequestKind
from daicho.letters.blocks import Block, bullets, pairs, paragraph, table
from daicho.letters.house import REPLY_METHOD_WORDS, FeeNote, Ground, LetterError, ReplyMethod
from daicho.letters.letter import Detail, Letter, fee_detail, title_of
from daicho.words.text import Text

_REQUEST: Final = Text("ご請求の内容", "Your request")


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeLine:
    """利用目的  The purposes for one category of a person's data."""

    category: Text
    items: Text
    purposes: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeNoticeLetter(Letter):
    """利用目的の通知 (Art. 32(2))."""

    basis: Text
    lines: tuple[PurposeLine, ...]
    fee: FeeNote | None = None

    def title(self) -> str:
        return self.say(Text("保有個人データの利用目的について（ご通知）", "Notice of the purpose of use"))

    def asked(self) -> tuple[RequestKind, ...]:
        return (RequestKind.PURPOSE_NOTICE,)

    def lead(self) -> str:
        words = Text(
            "{basis}の規定に基づき、下記のとおり通知いたします。",
            "In accordance with {basis}, we notify you as set out below.",
        )
        return self.say(words).format(basis=self.say(self.basis))

    def details(self) -> list[Detail]:
        head = [
            self.say(text)
            for text in (Text("個人情報の区分", "Category"), Text("項目", "Items"), Text("利用目的", "Purposes of use"))
        ]
        rows = [
            [self.say(line.category), self.say(line.items), "\n".join(self.say(purpose) for purpose in line.purposes)]
            for line in self.lines
        ]
        return [
            (self.say(Text("対象となる方", "Person concerned")), [paragraph(self.person_styled)]),
            (self.say(Text("利用目的", "Purposes of use")), [table(head, rows, widths=[1, 1.3, 1.8])]),
            *fee_detail(self, self.fee),
        ]


class Direction(StrEnum):
    """Which way data went."""

    PROVIDED = "provided"  # 第三者へ提供
    RECEIVED = "received"  # 第三者から受領


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionLine:
    """第三者提供記録の一件 (Arts. 29, 30): ``when`` is a day or a period as recorded."""

    direction: Direction
    when: str
    counterpart: Text
    items: Text
    basis: Text
    circumstances: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionRecordsLetter(Letter):
    """第三者提供記録の開示 (Art. 33(5)); no line means no record exists, and the letter says so."""

    basis: Text
    lines: tuple[ProvisionLine, ...] = ()
    fee: FeeNote | None = None

    def title(self) -> str:
        return self.say(Text("第三者提供記録の開示について（ご通知）", "Records of provision to third parties"))

    def asked(self) -> tuple[RequestKind, ...]:
        return (RequestKind.RECORD_DISCLOSURE,)

    def lead(self) -> str:
        some = Text(
            "{basis}の規定に基づき、下記のとおり開示いたします。",
            "In accordance with {basis}, we disclose the records set out below.",
        )
        none = Text(
            "調査いたしましたところ、開示の対象となる第三者提供記録は存在いたしませんでしたので、"
            "{basis}の規定に基づき通知いたします。",
            "Our search found no record of provision subject to disclosure; we notify you of this in accordance "
            "with {basis}.",
        )
        return self.say(some if self.lines else none).format(basis=self.say(self.basis))

    def details(self) -> list[Detail]:
        found: list[Detail] = []
        for direction, title in _DIRECTION_TITLES.items():
            chosen = [line for line in self.lines if line.direction is direction]
            if chosen:
                found.append((self.say(title), [self._table(chosen, direction)]))
        if not self.lines:
            result = Text("開示の対象となる第三者提供記録：なし", "Records of provision subject to disclosure: none")
            found.append((self.say(Text("調査の結果", "Result")), [paragraph(self.say(result))]))
        return [*found, *fee_detail(self, self.fee)]

    def _table(self, chosen: list[ProvisionLine], direction: Direction) -> Block:
        provided = direction is Direction.PROVIDED
        last = Text("提供の根拠", "Basis") if provided else Text("取得の経緯・根拠", "How obtained, basis")
        heads = (
            Text("年月日", "When"),
            Text("提供先", "Recipient") if provided else Text("提供元", "Provider"),
            Text("個人データの項目", "Items"),
            last,
        )
        rows = [
            [
                line.when,
                self.say(line.counterpart),
                self.say(line.items),
                "\n".join(self.say(text) for text in (line.circumstances, line.basis) if text),
            ]
            for line in chosen
        ]
        return table([self.say(head) for head in heads], rows, widths=[0.9, 1.4, 1.4, 1.3])


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHeldLetter(Letter):
    """不存在の通知 (Art. 33(3) and its like).

    The words are the same whether nothing exists or what exists is excluded by Cabinet Order
    Art. 5, so there is no field that could tell the two apart. ``addressed_to`` names the
    legal entities the request was addressed to.
    """

    kind: RequestKind
    basis: Text
    addressed_to: tuple[Text, ...] = ()
    fee: FeeNote | None = None

    def title(self) -> str:
        words = Text("{name}のご請求について（ご通知）", "Result of your request: {name}")
        return self.say(words).format(name=title_of(self.kind, self.language))

    def asked(self) -> tuple[RequestKind, ...]:
        return (self.kind,)

    def lead(self) -> str:
        words = Text(
            "調査いたしました結果、下記のとおりでしたので、{basis}の規定に基づき通知いたします。",
            "We have searched, and notify you of the result below in accordance with {basis}.",
        )
        return self.say(words).format(basis=self.say(self.basis))

    def details(self) -> list[Detail]:
        data = self.kind is not RequestKind.RECORD_DISCLOSURE
        result = _NOTHING_HELD if data else _NO_RECORD_HELD
        rows = [
            (self.say(Text("請求の種類", "Kind of request")), self.say(KINDS[self.kind].name)),
            (self.say(Text("対象となる方", "Person concerned")), self.person_styled),
        ]
        if self.addressed_to:
            entities = "\n".join(self.say(entity) for entity in self.addressed_to)
            rows.append((self.say(Text("請求の相手方", "Addressed to")), entities))
        return [
            (self.say(_REQUEST), [pairs(rows)]),
            (self.say(Text("調査の結果", "Result")), [paragraph(self.say(result).format(person=self.person))]),
            *fee_detail(self, self.fee),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalLetter(Letter):
    """請求に応じない旨の通知 (Arts. 32(3), 33(3), 34(3), 35(7), 36): ground, reason, where to complain."""

    kind: RequestKind
    basis: Text
    grounds: tuple[Ground, ...]
    about: Text | None = None
    what_you_can_do: tuple[Text, ...] = ()
    fee: FeeNote | None = None

    def __post_init__(self) -> None:
        if not self.grounds:
            raise LetterError(
                Text("請求に応じない根拠がありません。", "A refusal needs a ground."),
                advice=Text("根拠となる条項と理由を示してください。", "Give the article and the reason."),
            )

    def title(self) -> str:
        words = Text("{name}のご請求について（ご通知）", "Decision on your request: {name}")
        return self.say(words).format(name=title_of(self.kind, self.language))

    def asked(self) -> tuple[RequestKind, ...]:
        return (self.kind,)

    def lead(self) -> str:
        words = Text(
            "慎重に検討いたしました結果、誠に遺憾ながら、下記の理由によりご請求に応じることができませんので、"
            "{basis}の規定に基づき通知いたします。",
            "Having considered it carefully, we regret that we cannot comply for the reason given below, of which we "
            "notify you in accordance with {basis}.",
        )
        return self.say(words).format(basis=self.say(self.basis))

    def details(self) -> list[Detail]:
        rows = [
            (self.say(Text("請求の種類", "Kind of request")), self.say(KINDS[self.kind].name)),
            (self.say(Text("対象となる方", "Person concerned")), self.person_styled),
        ]
        if self.about:
            rows.append((self.say(Text("請求の対象", "What was asked about")), self.say(self.about)))
        head = [self.say(Text("根拠", "Ground")), self.say(Text("理由", "Reason"))]
        reasons = [[self.say(ground.article), self.say(ground.reason)] for ground in self.grounds]
        found: list[Detail] = [
            (self.say(_REQUEST), [pairs(rows)]),
            (self.say(Text("根拠及び理由", "Ground and reason")), [table(head, reasons, widths=[1, 2])]),
            *fee_detail(self, self.fee),
        ]
        if self.what_you_can_do:
            steps = [self.say(step) for step in self.what_you_can_do]
            found.append((self.say(Text("ご案内", "What you can do")), [bullets(steps)]))
        closing = Text(
            "この決定にご不服があるときは、末尾の窓口までお申し出ください。",
            "If you disagree with this decision, please turn to the desk named at the end of this letter.",
        )
        if self.house.accredited_body:
            closing = Text(
                "この決定にご不服があるときは、末尾の窓口又は認定個人情報保護団体にお申し出いただくことができます。",
                "If you disagree with this decision, you can turn to our desk or to the accredited organisation, "
                "both named at the end of this letter.",
            )
        found.append((self.say(Text("苦情の申出", "Complaints")), [paragraph(self.say(closing))]))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodChangeLetter(Letter):
    """開示の方法の変更の通知 (Art. 33(2) proviso, 33(3)): another method than the one wished."""

    kind: RequestKind
    basis: Text
    wished: ReplyMethod
    given: ReplyMethod
    reason: Text

    def title(self) -> str:
        return self.say(Text("開示の方法の変更について（ご通知）", "Change of the method of disclosure"))

    def asked(self) -> tuple[RequestKind, ...]:
        return (self.kind,)

    def lead(self) -> str:
        words = Text(
            "ご希望の方法による開示が困難でありますので、{basis}の規定に基づき、下記の方法により開示することを通知いたします。",
            "Disclosure by the method you asked for is difficult. In accordance with {basis}, we notify you that we "
            "disclose by the method given below.",
        )
        return self.say(words).format(basis=self.say(self.basis))

    def details(self) -> list[Detail]:
        rows = [
            (self.say(Text("ご希望の方法", "Method asked for")), self.say(REPLY_METHOD_WORDS[self.wished])),
            (self.say(Text("実施する方法", "Method used")), self.say(REPLY_METHOD_WORDS[self.given])),
            (self.say(Text("変更の理由", "Reason")), self.say(self.reason)),
        ]
        return [(self.say(Text("開示の方法", "Method of disclosure")), [pairs(rows)])]


_NOTHING_HELD: Final = Text(
    "ご請求の対象となる{person}様の保有個人データは、存在いたしません。",
    "We hold no personal data about {person} that is subject to this request.",
)
_NO_RECORD_HELD: Final = Text(
    "ご請求の対象となる{person}様の第三者提供記録は、存在いたしません。",
    "There is no record of provision about {person} that is subject to this request.",
)
_DIRECTION_TITLES: Final = {
    Direction.PROVIDED: Text("第三者へ提供した記録", "Provided to third parties"),
    Direction.RECEIVED: Text("第三者から提供を受けた記録", "Received from third parties"),
}
