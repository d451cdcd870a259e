"""What other rooms may ask about people: who is known already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from daicho.keys.ring import Ring
from daicho.subjects.models import Person, PersonKey
from daicho.subjects.rules import Identities
from daicho.words.identity import fold, is_strong

#: Weak kinds that, each together with the name, are a key to remember a person by; failing all, the address.
_WITH_NAME = ("birth_date", "email", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """People of a batch, as far as they are known. ``refs``: opaque references, None for one never met.

    ``keys`` and ``owners`` are for `daicho.subjects.actions.remember_people`.
    """

    refs: Sequence[str | None]
    keys: Sequence[list[tuple[str, str]]]
    owners: Mapping[tuple[str, str], str]


def meet(people: Sequence[Identities], *, organisation: str, ring: Ring) -> Met:
    """Who of these people is known; one query for all."""
    keys = [key_texts(one) for one in people]
    owners = find_owners(keys, organisation=organisation, ring=ring)
    refs = [next((owners[key] for key in mine if key in owners), None) for mine in keys]
    return Met(refs=refs, keys=keys, owners=owners)


def is_known(ref: str, *, organisation: str) -> bool:
    """Whether the organisation knows somebody by this opaque reference."""
    return Person.objects.filter(ref=ref, organisation=organisation).exists()


def key_texts(identities: Identities) -> list[tuple[str, str]]:
    """(kind, folded text) pairs, strong numbers first: the order in which a person is recognised."""
    found = [
        (kind, fold(kind, value)) for kind, values in sorted(identities.items()) if is_strong(kind) for value in values
    ]
    kinds = [kind for kind in _WITH_NAME if identities.get(kind)] or ["address"]
    for name in identities.get("name", ()):
        for kind in kinds:
            found += [
                (f"name+{kind}", f"{fold('name', name)}\x1f{fold(kind, value)}") for value in identities.get(kind, ())
            ]
    return found


def find_owners(texts: Sequence[list[tuple[str, str]]], *, organisation: str, ring: Ring) -> dict[tuple[str, str], str]:
    """Key → reference of the person it belongs to; one query, whatever the number of keys."""
    by_digest = {
        (kind, one.key_id, one.value): (kind, text)
        for keys in texts
        for kind, text in keys
        for one in ring.digests_folded(kind, text)
    }
    digests = list({digest for _, _, digest in by_digest})
    wanted = PersonKey.objects.filter(organisation=organisation)
    if connection.vendor == "postgresql":  # one array, however many; a parameter each costs more than the search
        wanted = wanted.extra(where=["digest = ANY(%s)"], params=[digests])
    else:
        wanted = wanted.filter(digest__in=digests)
    rows = wanted.values_list("kind", "key_id", "digest", "person__ref")
    found = {}
    for kind, key_id, digest, ref in rows:
        key = by_digest.get((kind, key_id, bytes(digest)))
        if key is not None:
            found[key] = ref
    return found
