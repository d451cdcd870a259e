"""What Ctrl+K finds besides places: requests, letters and deliveries, envelopes, rows of the register and stores."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from daicho.people.doors import Door
from daicho.post.queries import find_envelopes
from daicho.post.rules import STATE_WORDS
from daicho.register.queries import list_holdings, list_stores
from daicho.register.views.table import READERS
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.rules import REQUEST_WORDS
from daicho.rights.today import find_letters, find_numbers
from daicho.site.today import find_address
from daicho.words.text import Text

_NUMBER: Final = re.compile(r"[0-9rc-]{1,16}")
_MOST: Final = 8
#: Of a letter's or a delivery's number, at least so much is typed: less would be found in most of them.
_LEAST: Final = 3
_LETTER: Final = Text("発行した書面・発送", "letter issued or sent")
_ENVELOPE: Final = Text("封筒", "envelope")
_STORE: Final = Text("保管先", "store")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRow:
    """One row found: what it is called, what it is, and where it is shown."""

    name: str
    hint: str
    address: str


def find_rows(asked: str, door: Door) -> Iterator[FoundRow]:
    """Rows that ``asked`` (case folded) names. People are not looked for here: their names never enter an address."""
    if _NUMBER.fullmatch(asked) and door.may_read(*LOOKERS):
        for number, state in find_numbers(asked, scope=door.scope):
            address = find_address("rights:case", number)
            if address:
                yield FoundRow(name=number, hint=door.say(REQUEST_WORDS[state]), address=address)
    if door.may_read(*DESK) and len(asked) >= _LEAST:
        yield from _papers(asked, door)
    if door.may_read(*READERS):
        yield from _holdings(asked, door)
        yield from _stores(asked, door)


def _papers(asked: str, door: Door) -> Iterator[FoundRow]:
    """By numbers alone: a letter's, an envelope's, a delivery's."""
    scope = door.reading(*DESK)
    for name, number in find_letters(asked, scope=scope, limit=_MOST):
        address = find_address("rights:answer", number)
        if address:
            yield FoundRow(name=name, hint=f"{door.say(_LETTER)} {number}", address=address)
    for one in find_envelopes(asked, scope=scope, limit=_MOST):
        address = find_address("post:envelope", one.number)
        if address:
            hint = " ".join(filter(None, [door.say(_ENVELOPE), door.say(STATE_WORDS[one.state]), one.delivery_number]))
            yield FoundRow(name=one.number, hint=hint, address=address)


def _stores(asked: str, door: Door) -> Iterator[FoundRow]:
    found = [
        one
        for one in list_stores(scope=door.reading(*READERS))
        if asked in f"{one.code} {one.name.ja} {one.name.en}".casefold()
    ]
    for one in found[:_MOST]:
        address = find_address("register:store", one.code)
        if address:
            yield FoundRow(name=door.say(one.name), hint=f"{door.say(_STORE)} {one.code}", address=address)


def _holdings(asked: str, door: Door) -> Iterator[FoundRow]:
    left = _MOST
    for holding in list_holdings(scope=door.reading(*READERS)):
        if asked not in f"{holding.reg_no} {holding.name.ja} {holding.name.en}".casefold():
            continue
        address = find_address("register:holding", holding.organisation, holding.reg_no)
        if address and left:
            left -= 1
            yield FoundRow(
                name=door.say(holding.name), hint=f"{holding.organisation} {holding.reg_no}", address=address
            )
