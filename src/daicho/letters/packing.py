"""発送  What goes around a letter: dispatch checklist, address label, enclosure list, and the pack of all.

A second person checks letter against envelope; the checklist is that person's paper and stays
in the house.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from daicho.letters.glyphs import LetterWarning
from daicho.letters.house import Addressee, Enclosure, House, Typeface
from daicho.letters.letter import HousePaper, Letter, Paper, Sheet, address_data, house_data
from daicho.words.personal import Personal
from daicho.words.text import Language, Text

CONFIDENTIAL: Final = Text("親展", "Personal and confidential")
SIMPLE_REGISTERED: Final = Text("簡易書留", "Simple registered mail")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressLabel(HousePaper):
    """宛名ラベル  One label to cut out; nothing on it tells what the letter is about."""

    house: House
    to: Addressee
    language: Language
    dated_on: date
    delivery: Text | None = SIMPLE_REGISTERED
    confidential: Text | None = CONFIDENTIAL

    def made_on(self) -> date:
        """The letter's date."""
        return self.dated_on

    def sheets(self) -> list[Sheet]:
        """One page with the label on it."""
        say = self.language
        return [
            {
                "template": "label",
                "lang": say.value,
                "title": Text("宛名ラベル", "Address label").say(say),
                "to": address_data(self.to, say),
                "marks": [text.say(say) for text in (self.delivery, self.confidential) if text],
                "sender": house_data(self.house, say)["sender"],
                "department": self.house.department.say(say),
                "return": Text("差出人", "Sender").say(say),
            }
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnclosureList(HousePaper):
    """封入物一覧  Goes into the envelope: what the reader should find in it."""

    house: House
    to: Addressee
    language: Language
    letter_no: str
    request_no: str
    dated_on: date
    enclosures: tuple[Enclosure, ...]

    def made_on(self) -> date:
        """The letter's date."""
        return self.dated_on

    def sheets(self) -> list[Sheet]:
        """One page, more if the list is long."""
        say = self.language
        total = sum(thing.count for thing in self.enclosures)
        name = address_data(self.to, say)["names"]
        words = Text(
            "次のものを封入しております。お受け取りの際にお確かめください。不足がございましたら、お手数ですがご連絡ください。",
            "The following is in this envelope. Please check it, and tell us if anything is missing.",
        )
        contact = f"{self.house.company.say(say)}　{self.house.department.say(say)}　{self.house.telephone.say(say)}"
        return [
            _packing(
                say,
                title=Text("封入物一覧", "List of enclosures"),
                top=[
                    self.house.say_number(self.letter_no, dated_on=self.dated_on, language=say),
                    self.house.say_day(self.dated_on, say),
                ],
                pieces=[
                    {"t": "names", "names": name},
                    {"t": "p", "text": words.say(say)},
                    {
                        "t": "table",
                        "head": ["", *(text.say(say) for text in (_NAME, _COUNT, _REMARK))],
                        "rows": _numbered(self.enclosures, say),
                        "widths": [0.25, 2.2, 0.6, 1.6],
                    },
                    {"t": "right", "text": Text("合計 {n} 点", "Total: {n}").say(say).format(n=total)},
                    {
                        "t": "note",
                        "text": Text("受付番号 {no}", "Request no. {no}").say(say).format(no=self.request_no),
                    },
                    {"t": "note", "text": contact},
                ],
            )
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchChecklist(HousePaper):
    """発送前チェックリスト  Ticked and signed by two people before the envelope is closed.

    ``verified_address`` is the one the identity check confirmed. ``support_measure`` (支援措置)
    adds the checks that keep an address hidden.
    """

    house: House
    to: Addressee
    language: Language
    letter_no: str
    request_no: str
    dated_on: date
    letter_title: str
    pages: int
    verified_address: Personal[str]
    delivery: Text = SIMPLE_REGISTERED
    enclosures: tuple[Enclosure, ...] = ()
    support_measure: bool = False
    has_blacked_out: bool = False

    def made_on(self) -> date:
        """The letter's date."""
        return self.dated_on

    def address_differs(self) -> bool:
        """Whether the envelope's address is not, letter for letter, the verified one (blanks aside)."""
        purpose = "compared before the letter is sent"
        sent, verified = self.to.address.reveal(purpose=purpose), self.verified_address.reveal(purpose=purpose)
        return "".join(sent.split()) != "".join(verified.split())

    def warnings(self) -> tuple[LetterWarning, ...]:
        """The address differs from the verified one."""
        return (LetterWarning(code="address-differs", message=_DIFFERS),) if self.address_differs() else ()

    def sheets(self) -> list[Sheet]:
        """One page."""
        say = self.language
        checks = [text.say(say) for text in self._checks()]
        pieces: list[dict[str, Any]] = [
            {"t": "pairs", "rows": self._facts()},
            *([{"t": "alarm", "text": _DIFFERS.say(say)}] if self.address_differs() else []),
            *([{"t": "alarm", "text": _SUPPORT.say(say)}] if self.support_measure else []),
            {"t": "checks", "head": [text.say(say) for text in (_CHECK, _FIRST, _SECOND)], "rows": checks},
            {
                "t": "signatures",
                "head": [text.say(say) for text in (_BY_FIRST, _BY_SECOND)],
                "labels": [text.say(say) for text in (_SIGN, _SIGNED_ON)],
            },
        ]
        return [
            _packing(
                say,
                title=Text("発送前チェックリスト（社内用）", "Dispatch checklist (internal)"),
                top=[Text("受付番号 {no}", "Request no. {no}").say(say).format(no=self.request_no)],
                pieces=pieces,
            )
        ]

    def _facts(self) -> list[list[str]]:
        say = self.language
        purpose = "the checker compares it with the envelope"
        address = address_data(self.to, say)
        return [
            [Text("書面", "Letter").say(say), self.letter_title],
            [
                Text("発信番号・日付", "Number, date").say(say),
                "　".join([self._number(), self.house.say_day(self.dated_on, say)]),
            ],
            [Text("枚数", "Pages").say(say), str(self.pages)],
            [Text("宛名", "Addressee").say(say), "\n".join(address["names"])],
            [
                Text("送付先住所", "Address").say(say),
                "\n".join(line for line in [address["code"], *address["lines"]] if line),
            ],
            [Text("確認済みの住所", "Verified address").say(say), self.verified_address.reveal(purpose=purpose)],
            [Text("発送方法", "Sent by").say(say), self.delivery.say(say)],
            [
                Text("封入物", "Enclosures").say(say),
                "\n".join(f"{thing.name.say(say)}　{thing.say_count(say)}" for thing in self.enclosures) or "―",
            ],
        ]

    def _number(self) -> str:
        return self.house.say_number(self.letter_no, dated_on=self.dated_on, language=self.language)

    def _checks(self) -> list[Text]:
        found = list(_CHECKS)
        if self.has_blacked_out:
            found.insert(4, _BLACKED_OUT_CHECK)
        if self.support_measure:
            found.extend(_SUPPORT_CHECKS)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePack(HousePaper):
    """一式  One file to print for a case: checklist, letter, address label, enclosure list."""

    checklist: DispatchChecklist
    letter: Letter
    label: AddressLabel
    enclosure_list: EnclosureList | None = None

    @property
    def house(self) -> House:  # type: ignore[override]
        """The letter's house."""
        return self.letter.house

    @property
    def language(self) -> Language:  # type: ignore[override]
        """The letter's language."""
        return self.letter.language

    def made_on(self) -> date:
        """The letter's date."""
        return self.letter.dated_on

    def warnings(self) -> tuple[LetterWarning, ...]:
        """The warnings of all its papers."""
        return tuple(warning for paper in self._papers() for warning in paper.warnings())

    def _papers(self) -> list[Paper]:
        papers = [self.checklist, self.letter, self.label, self.enclosure_list]
        return [paper for paper in papers if paper is not None]

    def sheets(self) -> list[Sheet]:
        """All papers of the case, each with its own page numbers."""
        return [sheet for paper in self._papers() for sheet in paper.sheets()]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedPages(Paper):
    """Pages that were composed before and kept as plain data: printed later, they look as they would have then."""

    language: Language
    composed_on: date
    pages: Personal[list[Sheet]]
    face: Typeface | None = None

    def made_on(self) -> date:
        """The day they were composed."""
        return self.composed_on

    def typeface(self) -> Typeface | None:
        """The face of that time."""
        return self.face

    def sheets(self) -> list[Sheet]:
        """The pages as they were kept."""
        return self.pages.reveal(purpose="they are printed")


def _packing(language: Language, *, title: Text, top: list[str], pieces: list[dict[str, Any]]) -> Sheet:
    return {"template": "packing", "lang": language.value, "title": title.say(language), "top": top, "pieces": pieces}


def _numbered(enclosures: tuple[Enclosure, ...], language: Language) -> list[list[str]]:
    return [
        [
            str(index),
            thing.name.say(language),
            thing.say_count(language),
            thing.note.say(language) if thing.note else "",
        ]
        for index, thing in enumerate(enclosures, start=1)
    ]


_NAME: Final = Text("名称", "Document")
_COUNT: Final = Text("数量", "Number")
_REMARK: Final = Text("備考", "Remark")
_CHECK: Final = Text("確認すること", "Check")
_FIRST: Final = Text("担当", "1st")
_SECOND: Final = Text("照合", "2nd")
_BY_FIRST: Final = Text("担当者", "Prepared by")
_BY_SECOND: Final = Text("照合者（担当者と別の者）", "Checked by (another person)")
_SIGN: Final = Text("氏名・印", "Name, seal")
_SIGNED_ON: Final = Text("日付", "Date")
_DIFFERS: Final = Text(
    "送付先住所の表記が、確認済みの住所と一致していません。送付先を確かめるまで発送しないでください。",
    "The address on the envelope is not written as the verified one. Do not send it before this is cleared.",
)
_SUPPORT: Final = Text(
    "支援措置の対象です。住所を第三者に知られないよう、下の追加項目も確認してください。",
    "A support measure applies. Check the additional points below, so that the address does not become known.",
)
_CHECKS: Final = (
    Text(
        "送付先の氏名・住所が、確認済みの本人（又は代理人）のものと一致している",
        "Name and address are those verified for the person (or agent)",
    ),
    Text(
        "書面の宛名と封筒の宛名が一致している（窓から氏名・住所以外が見えない）",
        "Letter and envelope name the same person; the window shows nothing else",
    ),
    Text("書面の内容が、この受付番号の請求に対するものである", "The letter answers the request of this number"),
    Text("別紙に他の方の情報が含まれていない", "The annex holds nobody else's information"),
    Text("同封物が封入物一覧と名称・数量とも一致している", "The enclosures agree with the list, in name and number"),
    Text("返却する定額小為替・書類がある場合、封入されている", "Money order and documents to be returned are enclosed"),
    Text("押印・発信番号・日付がある", "Seal, number and date are there"),
    Text("発送方法（書留・本人限定受取など）が指定どおりである", "The way of sending is the one decided"),
    Text("FAX・電子メールで送信していない", "It is sent neither by fax nor by e-mail"),
)
_BLACKED_OUT_CHECK: Final = Text(
    "黒塗りした部分が、裏面や透かしでも読めない", "What is blacked out cannot be read from the back or against light"
)
_SUPPORT_CHECKS: Final = (
    Text("支援措置：住所・電話番号が書面、別紙及び写しのどこにも印字されていない", "Support measure: address and telephone appear nowhere in letter, annex or copies"),
    Text("支援措置：送付先・受取方法を本人に確認した", "Support measure: the person confirmed where and how to receive it"),
)  # fmt: skip
