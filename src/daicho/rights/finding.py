"""検索: the words by which the desk finds a request again, folded and then known only by keyed digests.

What a person on the telephone says is compared whole, in every spelling (kana, width, variants such as
髙/高). Parts of names have no digests here, because those of surnames would tell which surname they are; what
is open is found by a part all the same (`daicho.rights.name_parts`).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from daicho.keys.ring import KeyedDigest, Ring
from daicho.rights.intake import Agent, Person
from daicho.words.identity import WeakKind, fold

#: Digests of this table must say nothing about those of `daicho.subjects`.
_PREFIX: Final = "request+"
SearchKey = tuple[str, int, bytes]


def search_keys(
    person: Person, agent: Agent | None, ring: Ring, fold: Callable[[str, str], str] = fold
) -> list[SearchKey]:
    """(kind, key id, digest) of every name, reading, telephone and e-mail of a form, each once."""
    found = {}
    for kind, text in _texts(person, agent, fold):
        one = ring.digest_folded(_PREFIX + kind, text)
        found[one.value] = (kind, one.key_id, one.value)
    return list(found.values())


def _texts(person: Person, agent: Agent | None, fold: Callable[[str, str], str]) -> Iterator[tuple[str, str]]:
    given: list[tuple[str, Iterable[str | None]]] = [
        (WeakKind.NAME, [person.name, *person.former_names, *([agent.name] if agent else [])]),
        (WeakKind.KANA, [person.kana, agent.kana if agent else None]),
        (WeakKind.PHONE, [*person.phones, agent.phone if agent else None]),
        (WeakKind.EMAIL, person.emails),
    ]
    for kind, values in given:
        for value in values:
            folded = fold(kind, value) if value else ""
            if folded:
                yield str(kind), folded


def asked_digests(asked: str, ring: Ring) -> list[KeyedDigest]:
    """The digests under which what somebody typed may be stored, whatever kind it is, by every live key."""
    found: list[KeyedDigest] = []
    for kind in (WeakKind.NAME, WeakKind.KANA, WeakKind.PHONE, WeakKind.EMAIL):
        folded = fold(kind, asked)
        if folded:
            found += ring.digests_folded(_PREFIX + str(kind), folded)
    return found
