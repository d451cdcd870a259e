"""What Ctrl+K finds besides places: requests, and rows of the register."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from daicho.people.doors import Door
from daicho.people.rules import Role
from daicho.register.queries import list_holdings
from daicho.rights.access import LOOKERS
from daicho.rights.rules import REQUEST_WORDS
from daicho.rights.today import find_numbers
from daicho.site.today import find_address

_NUMBER: Final = re.compile(r"[0-9rc-]{1,16}")
_HOLDERS: Final = (Role.OFFICER, Role.SECRETARIAT, Role.ENGINEER)
_MOST: Final = 8


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
    if door.may_read(*_HOLDERS):
        yield from _holdings(asked, door)


def _holdings(asked: str, door: Door) -> Iterator[FoundRow]:
    left = _MOST
    for holding in list_holdings(scope=door.scope):
        if asked not in f"{holding.reg_no} {holding.name.ja} {holding.name.en}".casefold():
            continue
        address = find_address("register:holding", holding.organisation, holding.reg_no)
        if address and left:
            left -= 1
            yield FoundRow(
                name=door.say(holding.name), hint=f"{holding.organisation} {holding.reg_no}", address=address
            )
