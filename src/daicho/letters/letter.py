"""文書の骨組み  What every paper can do, and the frame all letters share."""

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from daicho.law.kinds import KINDS, RequestKind
from daicho.letters.blocks import Block, bullets, item, paragraph
from daicho.letters.glyphs import LetterWarning
from daicho.letters.house import AccreditedBody, Addressee, Enclosure, FeeNote, House, LetterError, Typeface
from daicho.words.text import Language, Text

#: One document for the press: ``template`` names its layout, the rest is that layout's data.
Sheet = dict[str, Any]

Detail = tuple[str, Sequence[Block]]

ADDRESS_TOO_LONG: Final = LetterWarning(
    code="address-too-long",
    message=Text(
        "宛名が封筒の窓に収まりません。宛名ラベルを使ってください。",
        "The address does not fit the envelope's window. Use an address label.",
    ),
)
#: The smallest type of the address block, and its line pitch in type sizes; see letter.typ.
_SMALLEST_MM: Final = 6.5 * 25.4 / 72
_LINE_PITCH: Final = 1.55

_GREETING: Final = "拝啓　時下ますますご清祥のこととお慶び申し上げます。"
_REFERRING: Final = Text(
    "さて、{arrived}に受け付けました{person}様の{asks}のご請求（受付番号　{request_no}）につきまして、",
    "We refer to {request} for {asks} (request no. {request_no}), which we received on {arrived}.",
)


class Paper(ABC):
    """Anything the press can print."""

    __slots__ = ()

    language: Language

    @abstractmethod
    def sheets(self) -> list[Sheet]:
        """The documents this paper consists of, in printing order."""

    @abstractmethod
    def made_on(self) -> date:
        """The day the paper bears."""

    @abstractmethod
    def typeface(self) -> Typeface | None:
        """The face it is set in; None for the packaged one."""

    def warnings(self) -> tuple[LetterWarning, ...]:
        """What to look at before the paper is used, besides what the press itself finds."""
        return ()


class HousePaper(Paper):
    """A paper that is written in a company's style."""

    __slots__ = ()

    house: House

    def typeface(self) -> Typeface | None:
        """The house's."""
        return self.house.style.typeface


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter(HousePaper):
    """書状  A dated, numbered letter about one request.

    ``arrived_on`` is the arrival of the request, not its completeness. ``covering``: what the desk adds
    in its own words, after the opening; an empty line begins a new paragraph.
    """

    house: House
    to: Addressee
    language: Language
    letter_no: str
    dated_on: date
    request_no: str
    arrived_on: date
    enclosures: tuple[Enclosure, ...] = ()
    covering: str = ""

    @abstractmethod
    def title(self) -> str:
        """件名."""

    @abstractmethod
    def asked(self) -> tuple[RequestKind, ...]:
        """The kinds of request the letter answers."""

    @abstractmethod
    def lead(self) -> str:
        """What the letter says first; Japanese goes on from ``…につきまして、``."""

    @abstractmethod
    def details(self) -> list[Detail]:
        """The numbered items (別記): title and blocks."""

    def annexes(self) -> list[Block]:
        """別紙: blocks after the letter itself."""
        return []

    def tells_where_to_complain(self) -> bool:
        """Whether the accredited body is named besides our own desk."""
        return True

    def made_on(self) -> date:
        """The letter's date."""
        return self.dated_on

    def warnings(self) -> tuple[LetterWarning, ...]:
        """An address too long for the envelope's window."""
        return () if fits_window(self.to, self.house, self.language) else (ADDRESS_TOO_LONG,)

    def say(self, text: Text) -> str:
        """The text in the letter's language."""
        return text.say(self.language)

    def day(self, on: date) -> str:
        """The date in the letter's language and the house's calendar."""
        return self.house.say_day(on, self.language)

    @property
    def person(self) -> str:
        """The name of the person concerned, for printing."""
        return self.to.person.reveal(purpose="the letter names the person it is about")

    @property
    def person_styled(self) -> str:
        """The name as it stands in a table: ``○○様``."""
        return f"{self.person}{self.to.honorific.ja}" if self.language is Language.JA else self.person

    def asks(self) -> str:
        """What was asked, as it stands inside a sentence."""
        return say_kinds(self.asked(), self.language)

    def opening(self) -> list[str]:
        """The paragraphs before 敬具 or before the numbered items."""
        referring = self.say(_REFERRING).format(
            arrived=self.day(self.arrived_on),
            person=self.person,
            request=self._whose_request(),
            asks=self.asks(),
            request_no=self.request_no,
        )
        if self.language is Language.EN:
            return [f"{referring} {self.lead()}"]
        return [_GREETING, referring + self.lead()]

    def sheets(self) -> list[Sheet]:
        """The letter as one document."""
        details = [*self.details(), *self._enclosure_detail()]
        return [
            {
                "template": "letter",
                "lang": self.language.value,
                **house_data(self.house, self.language, body=self.tells_where_to_complain()),
                "to": address_data(self.to, self.language),
                "salutation": self._salutation(),
                "number": self.house.say_number(self.letter_no, dated_on=self.dated_on, language=self.language),
                "date": self.day(self.dated_on),
                "title": self.title(),
                "opening": [*self.opening(), *_paragraphs(self.covering)],
                "details": [item(index, title, *blocks) for index, (title, blocks) in enumerate(details, start=1)],
                "annexes": self.annexes(),
                "running": self.say(Text("受付番号 {no}", "Request no. {no}")).format(no=self.request_no),
            }
        ]

    def _enclosure_detail(self) -> list[Detail]:
        if not self.enclosures:
            return []
        lines = [
            f"{self.say(thing.name)}　{thing.say_count(self.language)}"
            if self.language is Language.JA
            else f"{self.say(thing.name)} ({thing.say_count(self.language)})"
            for thing in self.enclosures
        ]
        return [(self.say(Text("同封物", "Enclosures")), [bullets(lines)])]

    def _whose_request(self) -> str:
        return "your request" if self.to.on_behalf_of is None else f"the request you made on behalf of {self.person}"

    def _salutation(self) -> str:
        return f"Dear {self.to.name.reveal(purpose='the letter addresses its reader')},"


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of free text, without the lines they were typed in."""
    return [
        "".join(part.split("\n")).strip() if not part.isascii() else " ".join(part.split())
        for part in text.replace("\r", "").split("\n\n")
        if part.strip()
    ]


def say_kinds(kinds: Sequence[RequestKind], language: Language) -> str:
    """The requests as one phrase: ``保有個人データの開示、保有個人データの利用目的の通知``."""
    phrases = [KINDS[kind].asks.say(language) for kind in kinds]
    if language is Language.JA:
        return "、".join(phrases)
    return ", ".join(phrases[:-1]) + (" and " if len(phrases) > 1 else "") + phrases[-1]


def title_of(kind: RequestKind, language: Language) -> str:
    """A kind as a letter's title names it; the records of provision by their short name."""
    rule = KINDS[kind]
    if language is Language.EN or kind is RequestKind.RECORD_DISCLOSURE:
        return rule.name.say(language)
    return rule.asks.ja


def address_data(to: Addressee, language: Language) -> dict[str, Any]:
    """The address block: postal code, address lines, name lines."""
    purpose = "the address is printed"
    name = to.name.reveal(purpose=purpose)
    lines = [line for line in to.address.reveal(purpose=purpose).splitlines() if line.strip()]
    code = to.postal_code.reveal(purpose=purpose)
    if language is Language.JA:
        names = [f"{name}　{to.honorific.ja}".rstrip()]
        if to.on_behalf_of is not None:
            names.insert(0, f"{to.on_behalf_of.reveal(purpose=purpose)}様{to.capacity.ja}")
        return {"code": f"〒{code}" if code else "", "lines": lines, "names": names}
    names = [f"{to.honorific.en} {name}".strip()]
    if to.on_behalf_of is not None:
        names.append(f"{to.capacity.en} for {to.on_behalf_of.reveal(purpose=purpose)}")
    return {"code": code, "lines": lines, "names": names}


def fits_window(to: Addressee, house: House, language: Language) -> bool:
    """Whether the address fits the window at the smallest size; estimated on the safe side."""
    block = address_data(to, language)
    per_line = int(house.style.window.width_mm / _SMALLEST_MM)
    needed = 1.0 * sum(-(-text_width(line) // (2 * per_line)) for line in [block["code"], *block["lines"]] if line)
    needed += sum(1.3 * -(-text_width(name) * 1.2 // (2 * per_line)) for name in block["names"])
    return needed * _SMALLEST_MM * _LINE_PITCH <= house.style.window.height_mm


def text_width(text: str) -> int:
    """Half-width columns a line of text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def house_data(house: House, language: Language, *, body: bool = True) -> dict[str, Any]:
    """Sender, window, seal and contact block of the house for a template."""
    style = house.style
    window, seal = style.window, style.seal
    signatory = style.signatory or house.representative
    return {
        "window": [window.left_mm, window.top_mm, window.width_mm, window.height_mm],
        "seal": [seal.side_mm, seal.outline] if seal else None,
        "fold": style.fold_marks,
        "sender": {
            "company": house.company.say(language),
            "code": house.postal_code,
            "address": house.address.say(language),
            "signatory": signatory.say(language),
        },
        "contact": contact_data(house, language),
        "body": _body_data(house.accredited_body, language) if body and house.accredited_body else None,
    }


def contact_data(house: House, language: Language) -> list[list[str]]:
    """Where to ask or complain: rows of name and content."""
    ja = language is Language.JA
    telephone = house.telephone.say(language)
    rows = [
        [
            "窓口" if ja else "Desk",
            f"{house.company.say(language)}　{house.department.say(language)}"
            if ja
            else f"{house.department.say(language)}, {house.company.say(language)}",
        ],
        [
            "所在地" if ja else "Address",
            f"〒{house.postal_code}　{house.address.ja}" if ja else f"{house.address.en} {house.postal_code}",
        ],
        [
            "電話" if ja else "Telephone",
            f"{telephone}（{house.hours.ja}）" if ja else f"{telephone} ({house.hours.en})",
        ],
    ]
    if house.fax and house.style.shows_fax:
        rows.append(["FAX" if ja else "Fax", house.fax.say(language)])
    if house.email and house.style.shows_email:
        rows.append(["電子メール" if ja else "E-mail", house.email])
    rows.append(["個人情報保護管理者" if ja else "Responsible officer", house.officer.say(language)])
    return rows


def _body_data(body: AccreditedBody, language: Language) -> dict[str, Any]:
    ja = language is Language.JA
    return {
        "title": "当社が対象事業者となっている認定個人情報保護団体" if ja else "Our accredited organisation",
        "lines": [
            body.name.say(language),
            body.address.say(language),
            f"{'電話　' if ja else 'Tel. '}{body.telephone.say(language)}",
            *([body.note.say(language)] if body.note else []),
        ],
    }


def fee_detail(letter: Letter, fee: FeeNote | None) -> list[Detail]:
    """The item about the fee, if anything is said about one."""
    return [(letter.say(Text("手数料", "Fee")), [paragraph(fee.say(letter.language))])] if fee else []


def require_kind(kind: RequestKind, allowed: frozenset[RequestKind]) -> None:
    """Refuse a kind the letter does not answer."""
    if kind not in allowed:
        raise LetterError(
            Text("この種類の請求の通知ではありません。", "This letter does not answer that kind of request."),
            advice=Text("請求の種類に合う書面を使ってください。", "Use the letter of that kind."),
        )


def require_something(*parts: Sequence[object]) -> None:
    """Refuse a result without a single thing done or left undone."""
    if not any(parts):
        raise LetterError(
            Text("結果が一つもありません。", "There is no result to tell."),
            advice=Text("行った措置、又は行わなかった理由を示してください。", "Give what was done, or why it was not."),
        )
