"""The only writer of people and their keys."""

import secrets
from datetime import datetime

from django.db import transaction

from daicho.keys.ring import Ring
from daicho.subjects.models import Person, PersonKey
from daicho.subjects.queries import Met
from daicho.work.rows import insert_rows, insert_values


def remember_people(met: Met, *, organisation: str, at: datetime, ring: Ring) -> list[str]:
    """Return one opaque reference per person; those never met before are written down.

    Two inserts at most, whatever the number of people. Inside the caller's transaction, which also
    writes the trail entry of the act this belongs to.
    """
    assert transaction.get_connection().in_atomic_block  # noqa: S101 (a programmer's mistake, not a user's)
    owners = dict(met.owners)
    refs: list[str] = []
    new: dict[str, Person] = {}
    for known, keys in zip(met.refs, met.keys, strict=True):
        ref = known or next((owners[key] for key in keys if key in owners), None)
        if ref is None:
            ref = f"P-{secrets.token_hex(8)}"
            new[ref] = Person(ref=ref, organisation=organisation, created_at=at)
        for key in keys:
            owners.setdefault(key, ref)
        refs.append(ref)
    insert_rows(list(new.values()))
    keys_of_new = [
        (new[ref].pk, organisation, kind, found.key_id, found.value)
        for (kind, text), ref in owners.items()
        if ref in new
        for found in (ring.digest_folded(kind, text),)
    ]
    insert_values(PersonKey, ("person_id", "organisation", "kind", "key_id", "digest"), keys_of_new)
    return refs
