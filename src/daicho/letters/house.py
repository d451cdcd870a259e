"""社とその書式  Whose letters they are and how it writes; whom they go to; what several of them say."""

import string
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from daicho.words.era import Calendar, say_date, say_era_year, say_short_date
from daicho.words.errors import InputError
from daicho.words.personal import Personal
from daicho.words.text import Language, Text

NUMBER_PATTERN: Final = Text("個情発第{number}号", "Our ref.: {number}")
AGENT: Final = Text("代理人", "Agent")
SAMA: Final = Text("様", "")
MONEY_ORDER: Final = Text("定額小為替", "postal money order")
PIECES: Final = Text("通", "")

_NUMBER_PLACES: Final = frozenset({"number", "year", "era_year"})


class LetterError(InputError):
    """What a letter was given cannot be printed as that letter."""

    code = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressWindow:
    """宛名窓  Where the address shows through the envelope, in millimetres from the paper's top left.

    The defaults suit an A4 sheet folded in three in a 長3 window envelope (120 × 235 mm).
    """

    left_mm: float = 20.0
    top_mm: float = 16.0
    width_mm: float = 86.0
    height_mm: float = 38.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SealSpace:
    """印影の余白  The square left free for the company's seal beside its name."""

    side_mm: float = 24.0
    outline: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeface:
    """書体  A face put before the house gothic (a Mincho, say), if the machine has it.

    ``folders`` are searched instead of the machine's own fonts. A face that is not found, or has
    not the glyph, falls back to the packaged gothic.
    """

    family: str
    folders: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseStyle:
    """社の書式  What a company chooses for its letters; everything else of a letter is published or found.

    ``number_pattern`` (発信番号) may use ``{number}``, ``{year}`` and ``{era_year}`` (令和8年).
    """

    calendar: Calendar = Calendar.ERA
    number_pattern: Text = NUMBER_PATTERN
    signatory: Text | None = None
    seal: SealSpace | None = field(default_factory=SealSpace)
    window: AddressWindow = field(default_factory=AddressWindow)
    fold_marks: bool = True
    typeface: Typeface | None = None
    shows_fax: bool = True
    shows_email: bool = True

    def __post_init__(self) -> None:
        if not all(is_number_pattern(one) for one in (self.number_pattern.ja, self.number_pattern.en)):
            raise LetterError(
                Text("発信番号の書式が正しくありません。", "The pattern of letter numbers is not valid."),
                advice=Text(
                    "{number} を必ず含め、ほかには {year} と {era_year} だけを使ってください。",
                    "Use {number}, and besides it only {year} and {era_year}.",
                ),
            )


def is_number_pattern(text: str) -> bool:
    """Whether a letter's number can be said with it, and no two numbers alike."""
    try:
        places = [(name, form, turn) for _, name, form, turn in string.Formatter().parse(text) if name is not None]
    except ValueError:
        return False
    names = {name for name, _, _ in places}
    return "number" in names and names <= _NUMBER_PLACES and not any(form or turn for _, form, turn in places)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccreditedBody:
    """認定個人情報保護団体  Where a complaint can also be taken (reference 1.11)."""

    name: Text
    address: Text
    telephone: Text
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """社  Whose letters they are, as its policy publishes it, and how it writes them.

    Without a signatory of the style the representative signs.
    """

    company: Text
    postal_code: str
    address: Text
    representative: Text
    officer: Text
    department: Text
    telephone: Text
    hours: Text
    fax: Text | None = None
    email: str | None = None
    accredited_body: AccreditedBody | None = None
    style: HouseStyle = field(default_factory=HouseStyle)

    def say_number(self, number: str, *, dated_on: date, language: Language) -> str:
        """発信番号 as it is printed."""
        return self.style.number_pattern.say(language).format(
            number=number, year=dated_on.year, era_year=say_era_year(dated_on)
        )

    def say_day(self, on: date, language: Language) -> str:
        """A date in the house's calendar."""
        return say_date(on, calendar=self.style.calendar, language=language)

    def say_short_day(self, on: date, language: Language) -> str:
        """A date for a table's narrow column."""
        return say_short_date(on, calendar=self.style.calendar, language=language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """宛名  Whom a letter goes to; ``address`` may hold line breaks.

    For an agent, ``name`` is the agent's, ``on_behalf_of`` the person's and ``capacity`` what
    the agent is (代理人, 法定代理人): printed ``○○様代理人``.
    """

    name: Personal[str]
    postal_code: Personal[str]
    address: Personal[str]
    on_behalf_of: Personal[str] | None = None
    capacity: Text = AGENT
    honorific: Text = SAMA

    @property
    def person(self) -> Personal[str]:
        """The person whose data the letter is about."""
        return self.on_behalf_of or self.name


class ReplyMethod(StrEnum):
    """開示の方法  How an answer is handed over (Art. 33(1), Rules 30)."""

    PAPER = "paper"  # 書面の交付
    ELECTRONIC = "electronic"  # 電磁的記録の提供


REPLY_METHOD_WORDS: Final[dict[ReplyMethod, Text]] = {
    ReplyMethod.PAPER: Text("書面の交付", "on paper"),
    ReplyMethod.ELECTRONIC: Text("電磁的記録の提供", "as an electronic record"),
}


class FeeOutcome(StrEnum):
    """What became of the fee."""

    RECEIVED = "received"  # 受領
    RETURNED = "returned"  # 返却
    KEPT = "kept"  # 返却しない
    FREE = "free"  # 不要


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeNote:
    """手数料  What a letter says about the fee; ``amount_yen`` includes tax."""

    outcome: FeeOutcome
    amount_yen: int = 0
    instrument: Text = MONEY_ORDER

    def say(self, language: Language) -> str:
        """One sentence."""
        return _FEE_WORDS[self.outcome].say(language).format(
            amount=f"{self.amount_yen:,}", instrument=self.instrument.say(language)
        )  # fmt: skip


_FEE_WORDS: Final[dict[FeeOutcome, Text]] = {
    FeeOutcome.RECEIVED: Text(
        "手数料 {amount}円（税込・{instrument}）を受領いたしました。",
        "We received the fee of {amount} yen (including tax; {instrument}).",
    ),
    FeeOutcome.RETURNED: Text(
        "ご送付いただいた手数料 {amount}円（{instrument}）は、同封してお返しいたします。",
        "The fee of {amount} yen ({instrument}) is enclosed and returned to you.",
    ),
    FeeOutcome.KEPT: Text(
        "手数料 {amount}円（{instrument}）は、公表しております手続の定めにより、お返しいたしません。",
        "Under our published procedure, the fee of {amount} yen ({instrument}) is not returned.",
    ),
    FeeOutcome.FREE: Text("このご請求に手数料はかかりません。", "No fee is charged for this request."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """根拠と理由  Why something is not done: the provision as it is to be printed, and the reason in words."""

    article: Text
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """同封物  One kind of thing in the envelope, and how many."""

    name: Text
    count: int = 1
    unit: Text = PIECES
    note: Text | None = None

    def say_count(self, language: Language) -> str:
        """``1通`` / ``1``."""
        return f"{self.count}{self.unit.say(language)}".strip()
