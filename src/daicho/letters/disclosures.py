"""開示の通知  The letters that hand a person's data over, whole or in part.

Articles are printed as they are handed in; which article applies is decided elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from daicho.law.kinds import RequestKind
from daicho.letters import records as record_tables
from daicho.letters.blocks import Block, note, pairs, paragraph, table
from daicho.letters.data import DisclosedRecord
from daicho.letters.house import REPLY_METHOD_WORDS, FeeNote, Ground, LetterError, ReplyMethod
from daicho.letters.letter import Detail, Letter, fee_detail, require_kind
from daicho.words.text import Language, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A file that is handed over besides or instead of the printed annex."""

    name: str
    form: Text  # "JSON形式（UTF-8）"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureLetter(Letter):
    """開示の通知 (Art. 33(2)), of personal data or of records of provision (33(5)), as ``kind`` says.

    ``basis`` is the article of the decision as printed; ``read_on`` the day the stores were
    read; ``searched`` what was searched, in words the person understands. With
    ``prints_records`` false the annex is left out, because ``files`` carry the data.
    """

    basis: Text
    records: Sequence[DisclosedRecord] = field(repr=False)
    read_on: date
    method: ReplyMethod = ReplyMethod.PAPER
    searched: tuple[Text, ...] = ()
    files: tuple[DataFile, ...] = ()
    handed_over: Text | None = None
    prints_records: bool = True
    fee: FeeNote | None = None
    kind: RequestKind = RequestKind.DISCLOSURE

    def __post_init__(self) -> None:
        require_kind(self.kind, _DISCLOSURES)
        if not self.records:
            raise LetterError(
                Text("開示する記録がありません。", "There is no record to disclose."),
                advice=Text("「保有していない」旨の通知を使ってください。", "Use the letter that says none is held."),
            )
        if not self.prints_records and not self.files:
            raise LetterError(
                Text("開示の内容が書面にもファイルにもありません。", "The data is neither printed nor in a file."),
                advice=Text("ファイルを示すか、別紙を印字してください。", "Name a file, or print the annex."),
            )
        self._check_withheld()

    def _check_withheld(self) -> None:
        if _withholds(self.records):
            raise LetterError(
                Text("開示しない部分があります。", "Some parts are withheld."),
                advice=Text("一部開示の通知を使ってください。", "Use the letter of partial disclosure."),
            )

    def title(self) -> str:
        words = Text("{what}の開示について（ご通知）", "Disclosure of {what}")
        return self.say(words).format(what=self.say(_WHAT[self.kind]))

    def asked(self) -> tuple[RequestKind, ...]:
        return (self.kind,)

    def lead(self) -> str:
        words = Text(
            "{basis}の規定に基づき、下記のとおり開示いたします。",
            "In accordance with {basis}, we disclose the data as set out below.",
        )
        return self.say(words).format(basis=self.say(self.basis))

    def details(self) -> list[Detail]:
        return [
            (self.say(Text("開示の方法", "How the data is disclosed")), [paragraph(self._method_words())]),
            (self.say(Text("開示の内容", "What is disclosed")), self._content()),
            *self._withheld_details(),
            *fee_detail(self, self.fee),
            (self.say(Text("内容が事実と異なるとき", "If something is not correct")), [paragraph(self.say(_IF_WRONG))]),
        ]

    def annexes(self) -> list[Block]:
        return record_tables.annex(self.records, self.language) if self.prints_records else []

    def _withheld_details(self) -> list[Detail]:
        return []

    def _method_words(self) -> str:
        words = self.say(REPLY_METHOD_WORDS[self.method])
        if self.handed_over is not None:
            return (
                f"{words}　{self.say(self.handed_over)}"
                if self.language is Language.JA
                else f"{words.capitalize()}. {self.say(self.handed_over)}"
            )
        return f"{words}により開示いたします。" if self.language is Language.JA else f"The data is disclosed {words}."

    def _content(self) -> list[Block]:
        count = f"{len(self.records):,}"
        where = (
            Text("別紙「開示する保有個人データ」のとおり（全 {count} 件）", "As in the annex ({count} record(s))")
            if self.prints_records
            else Text("次のファイルのとおり（全 {count} 件）", "As in the following file(s) ({count} record(s))")
        )
        rows = [
            (self.say(Text("対象となる方", "Person concerned")), self.person_styled),
            (self.say(Text("内容", "Content")), self.say(where).format(count=count)),
            (self.say(Text("データを確認した日", "Data as of")), self.day(self.read_on)),
        ]
        if self.files:
            names = "\n".join(
                f"{file.name}（{file.form.ja}）" if self.language is Language.JA else f"{file.name} ({file.form.en})"
                for file in self.files
            )
            rows.append((self.say(Text("ファイル", "File(s)")), names))
        if self.searched:
            rows.append(
                (
                    self.say(Text("調査した保管先", "Where we searched")),
                    "\n".join(self.say(place) for place in self.searched),
                )
            )
        return [pairs(rows)]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithheldPart:
    """開示しない部分  A part in words that do not give it away, and why it is withheld."""

    what: Text
    ground: Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDisclosureLetter(DisclosureLetter):
    """一部開示の通知 (Art. 33(2) proviso, 33(3), 36): the rest, with the withheld parts blacked out."""

    withheld: tuple[WithheldPart, ...]

    def _check_withheld(self) -> None:
        if not self.withheld:
            raise LetterError(
                Text("開示しない部分とその根拠がありません。", "No withheld part is named."),
                advice=Text(
                    "開示の通知を使うか、根拠を示してください。", "Use the letter of disclosure, or give the ground."
                ),
            )

    def title(self) -> str:
        words = Text("{what}の一部開示について（ご通知）", "Partial disclosure of {what}")
        return self.say(words).format(what=self.say(_WHAT[self.kind]))

    def lead(self) -> str:
        words = Text(
            "{basis}の規定に基づき検討いたしました結果、一部を除き、下記のとおり開示いたします。",
            "Having considered it in accordance with {basis}, we disclose the data as set out below, "
            "except for the parts named there.",
        )
        return self.say(words).format(basis=self.say(self.basis))

    def _withheld_details(self) -> list[Detail]:
        head = [
            self.say(text) for text in (Text("開示しない部分", "Part"), Text("根拠", "Ground"), Text("理由", "Reason"))
        ]
        rows = [
            [self.say(part.what), self.say(part.ground.article), self.say(part.ground.reason)] for part in self.withheld
        ]
        remark = Text(
            "別紙では、開示しない部分を ■ で示しています。",
            "In the annex, the withheld parts are shown as ■.",
        )
        blocks: list[Block] = [table(head, rows, widths=[1.1, 1, 1.6])]
        if self.prints_records and _withholds(self.records):
            blocks.append(note(self.say(remark)))
        return [(self.say(Text("開示しない部分及びその理由", "What is withheld, and why")), blocks)]


def _withholds(records: Sequence[DisclosedRecord]) -> bool:
    return any(part.withheld for record in records for part in record.fields)


_WHAT: Final = {
    RequestKind.DISCLOSURE: Text("保有個人データ", "personal data"),
    RequestKind.RECORD_DISCLOSURE: Text("第三者提供記録", "records of provision"),
}
_DISCLOSURES: Final = frozenset(_WHAT)
_IF_WRONG: Final = Text(
    "開示した内容が事実と異なるときは、その訂正、追加又は削除をご請求いただくことができます。お手数ですが、末尾の窓口までお知らせください。",
    "If anything disclosed here is not factual, you can ask us to correct, add to or delete it. Please turn to the desk "
    "named at the end of this letter.",
)
