"""手続の通知  Letters on the way to an answer: receipt, missing thing, delay, return of documents."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from daicho.law.kinds import KINDS, RequestKind
from daicho.letters.blocks import Block, note, pairs, paragraph, table
from daicho.letters.house import Enclosure, FeeNote, LetterError
from daicho.letters.letter import Detail, Letter
from daicho.words.text import Language, Text

IF_NOT_CURED: Final = Text(
    "期限までにお送りいただけないときは、この受付を終了し、ご提出いただいた書類をお返しいたします。あらためてご請求いただくことができます。",
    "If we do not receive it by then, we close this request and return what you sent. You can make a new request at any time.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _AboutRequest(Letter):
    """A letter about a whole request, with all its claims."""

    kinds: tuple[RequestKind, ...]

    def __post_init__(self) -> None:
        if not self.kinds:
            raise LetterError(
                Text("請求の種類がありません。", "No kind of request is given."),
                advice=Text("受け付けた請求の種類を示してください。", "Give the kinds of the request."),
            )

    def asked(self) -> tuple[RequestKind, ...]:
        return self.kinds

    def tells_where_to_complain(self) -> bool:
        return False

    def kinds_row(self) -> tuple[str, str]:
        names = "\n".join(self.say(KINDS[kind].name) for kind in self.kinds)
        return self.say(Text("請求の種類", "Kind of request")), names


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLetter(_AboutRequest):
    """受付のお知らせ: what arrived and what happens next.

    ``aim_on`` is the company's own target, said to be one; leave it out when none is meant.
    """

    received: tuple[Enclosure, ...] = ()
    fee: FeeNote | None = None
    aim_on: date | None = None

    def title(self) -> str:
        return self.say(Text("開示等のご請求の受付について（お知らせ）", "Receipt of your request"))

    def lead(self) -> str:
        words = Text(
            "下記のとおり受け付けましたので、お知らせいたします。内容を確認のうえ、遅滞なくご回答申し上げます。",
            "We confirm its receipt as set out below. We are examining it and will answer without delay.",
        )
        return self.say(words)

    def details(self) -> list[Detail]:
        rows = [
            (self.say(Text("受付番号", "Request no.")), self.request_no),
            (self.say(Text("到達した日", "Date of arrival")), self.day(self.arrived_on)),
            self.kinds_row(),
        ]
        if self.fee:
            rows.append((self.say(Text("手数料", "Fee")), self.fee.say(self.language)))
        found: list[Detail] = [(self.say(Text("受付の内容", "What we received")), [pairs(rows)])]
        if self.received:
            found.append((self.say(Text("受領した書類", "Documents received")), [_things_table(self, self.received)]))
        steps = Text(
            "ご本人（又は代理人）であることの確認及び対象となる保管先の調査を行います。確認のため、ご連絡を差し上げることがあります。",
            "We verify the identity of the person (or agent) and search where the data may be kept. We may contact you to confirm details.",
        )
        blocks: list[Block] = [paragraph(self.say(steps))]
        if self.aim_on:
            aim = Text(
                "ご回答は、{day}までに差し上げることを当社の目標としております。",
                "Our own aim is to answer by {day}.",
            )
            blocks.append(paragraph(self.say(aim).format(day=self.day(self.aim_on))))
        return [*found, (self.say(Text("今後の手続", "What happens next")), blocks)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingThing:
    """不足・不備  One thing that is missing or not right, and what to send."""

    what: Text
    please: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DefectLetter(_AboutRequest):
    """補正のお願い: a missing document or fee, and the day by which to send it (desk practice 16)."""

    missing: tuple[MissingThing, ...]
    cure_by: date
    otherwise: Text = IF_NOT_CURED

    def __post_init__(self) -> None:
        _AboutRequest.__post_init__(self)
        if not self.missing:
            raise LetterError(
                Text("不足しているものがありません。", "Nothing is named as missing."),
                advice=Text("不足・不備の内容を示してください。", "Name what is missing or not right."),
            )

    def title(self) -> str:
        return self.say(Text("開示等のご請求の不備について（補正のお願い）", "Your request: something is missing"))

    def lead(self) -> str:
        words = Text(
            "内容を確認いたしましたところ、下記の不足又は不備がございました。お手数をおかけし恐縮ですが、期限までにお送りくださいますようお願い申し上げます。",
            "On examining it, we found that something is missing or needs to be put right, as set out below. We ask you to "
            "send it by the date given there.",
        )
        return self.say(words)

    def details(self) -> list[Detail]:
        head = [
            self.say(Text("不足又は不備", "Missing or not right")),
            self.say(Text("お願いしたいこと", "What to send")),
        ]
        rows = [[self.say(thing.what), self.say(thing.please)] for thing in self.missing]
        house = self.house
        where = (
            f"〒{house.postal_code}　{house.address.ja}\n{house.company.ja}　{house.department.ja}"
            if self.language is Language.JA
            else f"{house.department.en}, {house.company.en}\n{house.address.en} {house.postal_code}"
        )
        sending = [
            (
                self.say(Text("期限", "Please send by")),
                self.say(Text("{day}（必着）", "{day} (arrival)")).format(day=self.day(self.cure_by)),
            ),
            (self.say(Text("送付先", "To")), where),
            (
                self.say(Text("添えていただくもの", "Please quote")),
                self.say(Text("受付番号　{no}", "Request no. {no}")).format(no=self.request_no),
            ),
        ]
        return [
            (self.say(Text("不足又は不備の内容", "What is missing")), [table(head, rows, widths=[1, 1.5])]),
            (self.say(Text("期限及び送付先", "When and where")), [pairs(sending)]),
            (self.say(Text("期限を過ぎたとき", "After that date")), [paragraph(self.say(self.otherwise))]),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayLetter(_AboutRequest):
    """遅延のお知らせ: the law knows no extension, so this announces and never claims one (desk practice 10)."""

    reason: Text
    expected_on: date
    so_far: Text | None = None

    def title(self) -> str:
        return self.say(Text("ご回答の遅延について（お詫びとお知らせ）", "Delay of our answer"))

    def lead(self) -> str:
        words = Text(
            "ご回答までにさらにお時間を頂戴することとなりました。お待たせいたしておりますことを深くお詫び申し上げますとともに、下記のとおりお知らせいたします。",
            "We regret that we need more time to answer. We apologise for keeping you waiting, and inform you as set out below.",
        )
        return self.say(words)

    def details(self) -> list[Detail]:
        rows = [
            (self.say(Text("遅延の理由", "Reason")), self.say(self.reason)),
            (
                self.say(Text("ご回答の予定", "Answer expected")),
                self.say(Text("{day}まで", "by {day}")).format(day=self.day(self.expected_on)),
            ),
        ]
        if self.so_far:
            rows.insert(1, (self.say(Text("現在の状況", "Where we stand")), self.say(self.so_far)))
        closing = Text(
            "予定より早く整いましたときは、速やかにご回答いたします。",
            "If we are ready earlier, we will answer at once.",
        )
        return [(self.say(Text("ご回答について", "Our answer")), [pairs(rows), note(self.say(closing))])]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLetter(_AboutRequest):
    """返戻: what goes back, money order included, and why."""

    reason: Text
    returned: tuple[Enclosure, ...]
    kept_back: tuple[Enclosure, ...] = ()

    def __post_init__(self) -> None:
        _AboutRequest.__post_init__(self)
        if not self.returned:
            raise LetterError(
                Text("返却するものがありません。", "Nothing is returned."),
                advice=Text("返却する書類を示してください。", "Name the documents that go back."),
            )

    def title(self) -> str:
        return self.say(Text("ご提出書類の返戻について", "Return of your documents"))

    def lead(self) -> str:
        words = Text(
            "下記の理由により、ご提出いただいた書類をお返しいたします。お受け取りのうえ、内容をお確かめください。",
            "For the reason given below we return the documents you sent. Please check that everything is there.",
        )
        return self.say(words)

    def details(self) -> list[Detail]:
        found: list[Detail] = [
            (self.say(Text("返戻の理由", "Reason")), [paragraph(self.say(self.reason))]),
            (self.say(Text("お返しするもの", "What we return")), [_things_table(self, self.returned)]),
        ]
        if self.kept_back:
            found.append(
                (self.say(Text("お預かりを続けるもの", "What we keep")), [_things_table(self, self.kept_back)])
            )
        again = Text(
            "あらためてご請求いただく場合は、必要な書類をそろえてお送りください。ご不明の点は末尾の窓口までお問い合わせください。",
            "You can make a new request at any time with the documents needed. If anything is unclear, please ask the desk named at the end.",
        )
        return [*found, (self.say(Text("ご案内", "What you can do")), [paragraph(self.say(again))])]


def _things_table(letter: Letter, things: tuple[Enclosure, ...]) -> Block:
    """Name, count, remark."""
    head = [letter.say(text) for text in (Text("名称", "Document"), Text("数量", "Number"), Text("備考", "Remark"))]
    rows = [
        [letter.say(thing.name), thing.say_count(letter.language), letter.say(thing.note) if thing.note else ""]
        for thing in things
    ]
    return table(head, rows, widths=[2, 0.6, 1.6])
