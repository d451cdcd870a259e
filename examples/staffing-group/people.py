"""A few thousand invented people, the same ones for the same seed.

They are as awkward as real ones: homonyms, families with one mailbox and one telephone,
names the family register writes with another character than the keyboard, former surnames,
birth dates nobody wrote down. Telephone numbers begin with a zero after the area code,
which no exchange in Japan does; mail domains are reserved ones.

    python examples/staffing-group/people.py 5      # look at five of them
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import jaconv
import names

SEED = 20061002
COUNT = 3000
FULL_SPACE = "\u3000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where a household lives, in one official spelling."""

    postal_code: str
    prefecture: str
    city: str
    street: str
    building: str
    telephone: str

    @property
    def address(self) -> str:
        """The address on one line."""
        return f"{self.prefecture}{self.city}{self.street}" + (f" {self.building}" if self.building else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """One invented person, as the family register would have them.

    ``keyboard_family`` is the surname as most systems type it (高橋 for 髙橋);
    ``birth_known`` says whether the company ever learned the birth date.
    """

    number: int
    family: str
    keyboard_family: str
    given: str
    family_kana: str
    given_kana: str
    former_family: str
    woman: bool
    born_on: date
    birth_known: bool
    household: int
    home: Home
    mobile: str
    email: str
    licences: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name as the register writes it, with a full-width space."""
        return f"{self.family}{FULL_SPACE}{self.given}"

    @property
    def keyboard_name(self) -> str:
        """The name with the characters of an ordinary keyboard, with an ordinary space."""
        return f"{self.keyboard_family} {self.given}"

    @property
    def kana(self) -> str:
        """フリガナ, full width, with a full-width space."""
        return f"{self.family_kana}{FULL_SPACE}{self.given_kana}"


def invent(count: int = COUNT, *, seed: int = SEED) -> list[Human]:
    """Invent ``count`` people; the first of the list does not depend on how many follow."""
    rng = Random(seed)
    made: list[Human] = []
    household = 0
    while len(made) < count:
        household += 1
        family = _invent_household(rng, household, first_number=len(made) + 1)
        made += family[: count - len(made)]
    return made


def _invent_household(rng: Random, household: int, *, first_number: int) -> list[Human]:
    home = _invent_home(rng)
    family = _surname(rng)
    written = _register_form(rng, family[0])
    size = rng.choices((1, 2, 3, 4), weights=(70, 20, 6, 4))[0]
    shared_mailbox = (
        f"{_word(rng)}.ie{household:04d}@{rng.choice(names.MAIL_DOMAINS)}" if size > 1 and chance(rng, 50) else ""
    )
    return [
        _invent_member(
            rng, number=first_number + index, household=household, home=home, family=family, written=written,
            mailbox=shared_mailbox, elder=index <= 1,
        )
        for index in range(size)
    ]  # fmt: skip


def _invent_member(
    rng: Random,
    *,
    number: int,
    household: int,
    home: Home,
    family: tuple[str, str],
    written: str,
    mailbox: str,
    elder: bool,
) -> Human:
    woman = chance(rng, 38)
    given, given_kana = rng.choice(names.WOMEN if woman else names.MEN)
    youngest, oldest = (24, 66) if elder else (19, 30)
    born_on = date(2026, 4, 1) - timedelta(days=rng.randrange(youngest * 365, oldest * 365))
    married = woman and chance(rng, 25)
    return Human(
        number=number,
        family=written,
        keyboard_family=family[0],
        given=given,
        family_kana=family[1],
        given_kana=given_kana,
        former_family=_surname(rng)[0] if married else "",
        woman=woman,
        born_on=born_on,
        birth_known=chance(rng, 93),
        household=household,
        home=home,
        mobile=f"{rng.choice(('090', '070'))}-0{rng.randrange(10, 100):02d}{rng.randrange(10)}-{rng.randrange(10000):04d}",
        email=mailbox or f"{_word(rng)}{number:05d}@{rng.choice(names.MAIL_DOMAINS)}",
        licences=tuple(rng.sample(names.LICENCES, k=rng.choices((0, 1, 2, 3), weights=(15, 40, 30, 15))[0])),
    )


def chance(rng: Random, percent: int) -> bool:
    """True in ``percent`` of a hundred cases."""
    return rng.random() * 100 < percent


def _surname(rng: Random) -> tuple[str, str]:
    """Common surnames come more often: the n-th is drawn in proportion to 1/(n+12)."""
    total = len(names.SURNAMES)
    rank = int(12 * ((1 + total / 12) ** rng.random() - 1))
    family, kana = names.SURNAMES[min(rank, total - 1)]
    return family, kana


def _register_form(rng: Random, family: str) -> str:
    forms = names.REGISTER_FORMS.get(family, ())
    return rng.choice(forms) if forms and chance(rng, 45) else family


def _invent_home(rng: Random) -> Home:
    prefecture, city, postal, area = rng.choice(names.PLACES)
    exchange = "0" * (6 - len(area))
    flat = chance(rng, 55)
    return Home(
        postal_code=f"{postal}-99{rng.randrange(100):02d}",
        prefecture=prefecture,
        city=city,
        street=f"{rng.choice(names.TOWNS)}{rng.randrange(1, 10)}丁目{rng.randrange(90, 100)}番{rng.randrange(60, 100)}号",
        building=f"{rng.choice(names.HOUSES)}{rng.randrange(1, 10)}{rng.randrange(1, 13):02d}号室" if flat else "",
        telephone=f"{area}-{exchange}-{rng.randrange(10000):04d}",
    )


def _word(rng: Random) -> str:
    """A pronounceable word for a mailbox; it says nothing about the person's name."""
    return "".join(rng.choice("kstnhmyrw") + rng.choice("aiueo") for _ in range(rng.randrange(2, 5)))


# ── how hurried hands and old systems write the same person ──────────────────────────────


def hurried_name(human: Human, rng: Random) -> str:
    """A name as somebody typed it in one field: other character, other space, no space."""
    family = human.family if chance(rng, 50) else human.keyboard_family
    return family + rng.choice((FULL_SPACE, " ", "")) + human.given


def hurried_kana(human: Human, rng: Random) -> str:
    """フリガナ in full width, half width or hiragana."""
    half = jaconv.z2h(human.kana.replace(FULL_SPACE, " "))
    return rng.choices((human.kana, half, jaconv.kata2hira(human.kana)), weights=(60, 25, 15))[0]


def hurried_phone(phone: str, rng: Random) -> str:
    """A telephone number with hyphens, without, or in full width."""
    return rng.choice((phone, phone, phone, phone.replace("-", ""), jaconv.h2z(phone, digit=True, ascii=True)))


def short_address(home: Home) -> str:
    """The address as forms like it: 9丁目99番99号 written 9-99-99."""
    street = home.street.replace("丁目", "-").replace("番", "-").replace("号", "")
    return f"{home.prefecture}{home.city}{street}" + (f" {home.building}" if home.building else "")


def namesakes(humans: Sequence[Human]) -> dict[str, list[Human]]:
    """The names that more than one person bears, by keyboard spelling."""
    found: dict[str, list[Human]] = {}
    for human in humans:
        found.setdefault(human.keyboard_name, []).append(human)
    return {name: bearers for name, bearers in found.items() if len(bearers) > 1}


if __name__ == "__main__":
    for one in invent(int(sys.argv[1]) if len(sys.argv) > 1 else 5):
        print(one.number, one.name, one.kana, one.born_on, one.home.address, one.mobile, one.email, sep=" | ")
