"""The only writer of people and their keys."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from daicho.keys.ring import Ring
from daicho.subjects.models import Person, PersonKey
from daicho.subjects.queries import find_owners, key_texts
from daicho.subjects.rules import Identities


def remember_people(people: Sequence[Identities], *, organisation: str, at: datetime, ring: Ring) -> list[str]:
    """Return one opaque reference per person, known ones found again, new ones written down.

    Two statements and two inserts at most, whatever the number of people. Must run inside the
    caller's transaction, which also writes the trail entry of the act this belongs to.
    """
    assert transaction.get_connection().in_atomic_block  # noqa: S101 (a programmer's mistake, not a user's)
    texts = [key_texts(one) for one in people]
    owner = find_owners(texts, organisation=organisation, ring=ring)
    refs: list[str] = []
    new: list[Person] = []
    for keys in texts:
        ref = next((owner[key] for key in keys if key in owner), None)
        if ref is None:
            person = Person(ref=f"P-{secrets.token_hex(8)}", organisation=organisation, created_at=at)
            new.append(person)
            ref = person.ref
        for key in keys:
            owner.setdefault(key, ref)
        refs.append(ref)
    if new:
        Person.objects.bulk_create(new)
        _write_keys(new, dict(zip(refs, texts, strict=True)), organisation, ring)
    return refs


def _write_keys(new: Sequence[Person], texts: dict[str, list[tuple[str, str]]], organisation: str, ring: Ring) -> None:
    PersonKey.objects.bulk_create(
        [
            PersonKey(person=person, organisation=organisation, kind=kind, key_id=found.key_id, digest=found.value)
            for person in new
            for kind, text in dict.fromkeys(texts[person.ref])
            for found in (ring.digest_folded(kind, text),)
        ],
        ignore_conflicts=True,
    )
