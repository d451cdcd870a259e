"""The only writer of people and their keys."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from daicho.keys.ring import Ring
from daicho.subjects.models import Person, PersonKey
from daicho.subjects.queries import Key, Met
from daicho.words.identity import is_strong
from daicho.work.rows import insert_rows, insert_values, new_row

_COLUMNS: Final = ("person_id", "organisation", "kind", "key_id", "digest")


def remember_people(met: Met, *, organisation: str, at: datetime) -> list[str]:
    """Return one opaque reference per person; those never met before are written down.

    Everybody, known or new, is given the keys that are not theirs yet, so that the next request is
    met by any of them. Three inserts at most, whatever the number of people. Inside the caller's
    transaction, which also writes the trail entry of the act this belongs to.
    """
    assert transaction.get_connection().in_atomic_block  # noqa: S101 (a programmer's mistake, not a user's)
    book = _Book(owners={key: list(refs) for key, refs in met.owners.items()})
    refs: list[str] = []
    new: dict[str, Person] = {}
    for known, keys in zip(met.refs, met.keys, strict=True):
        ref = next((one for one in (known, *book.fresh(keys)) if one and book.fits(one, keys)), None)
        if ref is None:
            ref = f"P-{secrets.token_hex(8)}"
            new[ref] = new_row(Person, ref=ref, organisation=organisation, created_at=at)
        book.enter(ref, keys)
        refs.append(ref)
    insert_rows(list(new.values()))
    people = {ref: person.pk for ref, person in new.items()}
    learned = {ref for ref, _ in book.learned} - new.keys()
    if learned:
        people |= dict(Person.objects.filter(ref__in=learned).values_list("ref", "pk"))
    values: dict[bool, list[tuple[int, str, str, int, bytes]]] = {True: [], False: []}
    for ref, key in book.learned:
        found = met.digests[key]
        values[ref in new].append((people[ref], organisation, key[0], found.key_id, found.value))
    insert_values(PersonKey, _COLUMNS, values[True])
    # Two requests of one person can learn the same key at the same moment.
    rows = [PersonKey(**dict(zip(_COLUMNS, row, strict=True))) for row in values[False]]
    PersonKey.objects.bulk_create(rows, ignore_conflicts=True)
    return refs


@dataclass(slots=True, kw_only=True)
class _Book:
    """Who owns which key, as the batch goes on; ``learned`` is what must be written."""

    owners: dict[Key, list[str]]
    numbers: dict[str, dict[str, set[str]]] = field(default_factory=dict)  # given in this batch
    taught: dict[Key, list[str]] = field(default_factory=dict)  # learned in this batch
    learned: list[tuple[str, Key]] = field(default_factory=list)

    def fresh(self, keys: Sequence[Key]) -> list[str]:
        """Whoever learned one of the keys in this batch."""
        return [ref for key in keys for ref in self.taught.get(key, ())]

    def fits(self, ref: str, keys: Sequence[Key]) -> bool:
        """Whether nobody of this batch gave another number as this person."""
        given = self.numbers.get(ref, {})
        mine = [(kind, text) for kind, text in keys if kind in given]
        return not mine or any(text in given[kind] for kind, text in mine)

    def enter(self, ref: str, keys: Sequence[Key]) -> None:
        """Make every key the person's."""
        for key in keys:
            kind, text = key
            if is_strong(kind):
                self.numbers.setdefault(ref, {}).setdefault(kind, set()).add(text)
            owners = self.owners.setdefault(key, [])
            if ref not in owners:
                owners.append(ref)
                self.taught.setdefault(key, []).append(ref)
                self.learned.append((ref, key))


def forget_keys(ref: str, gone: Collection[Key], *, ring: Ring) -> None:
    """Take keys from a person that turned out not to be theirs; under every live key. Inside the caller's transaction."""
    assert transaction.get_connection().in_atomic_block  # noqa: S101 (a programmer's mistake, not a user's)
    digests = [one.value for key in gone for one in ring.digests_folded(*key)]
    if digests:
        PersonKey.objects.filter(person__ref=ref, digest__in=digests).delete()
