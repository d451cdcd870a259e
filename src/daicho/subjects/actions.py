"""The only writer of people and their keys."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from daicho.keys.ring import Ring
from daicho.subjects.models import Person, PersonKey
from daicho.subjects.rules import Identities
from daicho.words.identity import fold, is_strong

#: Weak kinds that, each together with the name, are a key to remember a person by.
_WITH_NAME = ("birth_date", "email", "phone", "address")


def remember_people(people: Sequence[Identities], *, organisation: str, at: datetime, ring: Ring) -> list[str]:
    """Return one opaque reference per person, known ones found again, new ones written down.

    Two statements and two inserts at most, whatever the number of people. Must run inside the
    caller's transaction, which also writes the trail entry of the act this belongs to.
    """
    assert transaction.get_connection().in_atomic_block  # noqa: S101 (a programmer's mistake, not a user's)
    texts = [_key_texts(one) for one in people]
    owner = _known(texts, organisation, ring)
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


def _key_texts(identities: Identities) -> list[tuple[str, str]]:
    """(kind, folded text) pairs, strong numbers first: the order in which a person is recognised."""
    found = [
        (kind, fold(kind, value)) for kind, values in sorted(identities.items()) if is_strong(kind) for value in values
    ]
    for name in identities.get("name", ()):
        for kind in _WITH_NAME:
            found += [
                (f"name+{kind}", f"{fold('name', name)}\x1f{fold(kind, value)}") for value in identities.get(kind, ())
            ]
    return found


def _known(texts: Sequence[list[tuple[str, str]]], organisation: str, ring: Ring) -> dict[tuple[str, str], str]:
    by_digest = {
        (kind, one.key_id, one.value): (kind, text)
        for keys in texts
        for kind, text in keys
        for one in ring.digests_folded(kind, text)
    }
    rows = PersonKey.objects.filter(
        organisation=organisation, digest__in={digest for _, _, digest in by_digest}
    ).values_list("kind", "key_id", "digest", "person__ref")
    found = {}
    for kind, key_id, digest, ref in rows:
        key = by_digest.get((kind, key_id, bytes(digest)))
        if key is not None:
            found[key] = ref
    return found


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
