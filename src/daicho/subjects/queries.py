"""What other rooms may ask about people: who is known already."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from daicho.keys.ring import KeyedDigest, Ring
from daicho.subjects.models import Person, PersonKey
from daicho.subjects.rules import Identities
from daicho.words.identity import STRONG_PREFIX, fold, is_strong

#: Weak kinds that, each together with the name, are a key to remember a person by; failing all, the address.
_WITH_NAME = ("birth_date", "email", "phone")


Fold = Callable[[str, str], str]  # `daicho.words.identity.fold`, or what remembers what it said
Key = tuple[str, str]  # kind, folded text
Digest = tuple[str, int, bytes]  # kind, key of the ring, digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """People of a batch, as far as they are known.

    ``refs``: opaque references, None for one never met. ``everyone``: every reference that may be the
    same person, the one in ``refs`` first. ``keys``, ``digests`` (under the primary key) and ``owners``
    are for `daicho.subjects.actions.remember_people`.
    """

    refs: Sequence[str | None]
    everyone: Sequence[tuple[str, ...]]
    keys: Sequence[list[Key]]
    digests: Mapping[Key, KeyedDigest]
    owners: Mapping[Key, tuple[str, ...]]


def meet(people: Sequence[Identities], *, organisation: str, ring: Ring, fold: Fold = fold) -> Met:
    """Who of these people is known; one query for all, a second when numbers must tell homonyms apart.

    Whoever gives another number than the known person has of that kind is somebody else, whatever
    else agrees (a name and a birth date are shared); a number that agrees settles it.
    """
    keys = [key_texts(one, fold) for one in people]
    digests = {key: ring.digests_folded(*key) for key in {key for mine in keys for key in mine}}
    owners = _find_owners(digests, organisation=organisation)
    hit = [list(dict.fromkeys(ref for key in mine for ref in owners.get(key, ()))) for mine in keys]
    doubtful = {
        ref
        for mine, refs in zip(keys, hit, strict=True)
        for ref in refs
        if any(is_strong(kind) for kind, _ in mine)
        and not any(is_strong(key[0]) and ref in owners.get(key, ()) for key in mine)
    }
    numbers = _numbers(doubtful)
    everyone = [
        tuple(ref for ref in refs if ref not in doubtful or not _differ(mine, numbers.get(ref, frozenset()), ring))
        for mine, refs in zip(keys, hit, strict=True)
    ]
    return Met(
        refs=[refs[0] if refs else None for refs in everyone],
        everyone=everyone,
        keys=keys,
        digests={key: found[0] for key, found in digests.items()},
        owners=owners,
    )


def same_people(refs: Collection[str]) -> dict[str, frozenset[str]]:
    """Reference → references that may be the same person: itself, and those that share a key and no number divides.

    Three queries at most, whatever the number of references.
    """
    if not refs:
        return {}
    rows = PersonKey.objects.filter(person__ref__in=refs).values_list("digest", "person__ref", "organisation")
    mine: dict[tuple[str, bytes], set[str]] = defaultdict(set)
    for digest, ref, organisation in rows:
        mine[organisation, bytes(digest)].add(ref)
    shared = _with_digests([digest for _, digest in mine]).values_list("digest", "person__ref", "organisation")
    pairs = {
        (one, ref)
        for digest, ref, organisation in shared
        for one in mine.get((organisation, bytes(digest)), ())
        if one != ref
    }
    numbers = _numbers({ref for pair in pairs for ref in pair})
    found = {ref: {ref} for ref in refs}
    for one, other in pairs:
        if not _are_divided(numbers.get(one, frozenset()), numbers.get(other, frozenset())):
            found[one].add(other)
    return {ref: frozenset(others) for ref, others in found.items()}


def _numbers(refs: Collection[str]) -> dict[str, frozenset[Digest]]:
    """Reference → digests of the strong numbers known of that person."""
    if not refs:
        return {}
    rows = PersonKey.objects.filter(person__ref__in=refs, kind__startswith=STRONG_PREFIX)
    found: dict[str, set[Digest]] = defaultdict(set)
    for ref, kind, key_id, digest in rows.values_list("person__ref", "kind", "key_id", "digest"):
        found[ref].add((kind, key_id, bytes(digest)))
    return {ref: frozenset(digests) for ref, digests in found.items()}


def _differ(keys: Sequence[Key], numbers: frozenset[Digest], ring: Ring) -> bool:
    """Whether the numbers given are others than those known."""
    given = {
        (kind, one.key_id, one.value)
        for kind, text in keys
        if is_strong(kind)
        for one in ring.digests_folded(kind, text)
    }
    return _are_divided(frozenset(given), numbers)


def _are_divided(ours: frozenset[Digest], theirs: frozenset[Digest]) -> bool:
    """Whether no number agrees and some kind (under one key, where digests can be compared) disagrees."""
    kinds = {(kind, key_id) for kind, key_id, _ in ours} & {(kind, key_id) for kind, key_id, _ in theirs}
    return bool(kinds) and not ours & theirs


def is_known(ref: str, *, organisation: str) -> bool:
    """Whether the organisation knows somebody by this opaque reference."""
    return Person.objects.filter(ref=ref, organisation=organisation).exists()


def key_texts(identities: Identities, fold: Fold = fold) -> list[Key]:
    """(kind, folded text) pairs, strong numbers first: the order in which a person is recognised."""
    found = [
        (kind, fold(kind, value)) for kind, values in sorted(identities.items()) if is_strong(kind) for value in values
    ]
    kinds = [kind for kind in _WITH_NAME if identities.get(kind)] or ["address"]
    others = [(f"name+{kind}", fold(kind, value)) for kind in kinds for value in identities.get(kind, ())]
    for name in identities.get("name", ()):
        folded = fold("name", name)
        found += [(kind, f"{folded}\x1f{text}") for kind, text in others]
    return found


def _find_owners(digests: Mapping[Key, Sequence[KeyedDigest]], *, organisation: str) -> dict[Key, tuple[str, ...]]:
    """Key → references of the people it belongs to, the first met first; one query, whatever the number of keys."""
    by_digest = {(key[0], one.key_id, one.value): key for key, found in digests.items() for one in found}
    rows = (
        _with_digests(list({digest for _, _, digest in by_digest}))
        .filter(organisation=organisation)
        .values_list("kind", "key_id", "digest", "person_id", "person__ref")
    )
    found: dict[Key, dict[int, str]] = defaultdict(dict)
    for kind, key_id, digest, number, ref in rows:
        key = by_digest.get((kind, key_id, bytes(digest)))
        if key is not None:
            found[key][number] = ref
    return {key: tuple(refs[number] for number in sorted(refs)) for key, refs in found.items()}


def _with_digests(digests: Sequence[bytes]) -> QuerySet[PersonKey]:
    if connection.vendor == "postgresql":  # one array, written as one text: a parameter each costs more than the search
        array = "{" + ",".join(f'"\\\\x{one.hex()}"' for one in digests) + "}"
        return PersonKey.objects.extra(where=["digest = ANY(%s::bytea[])"], params=[array])
    return PersonKey.objects.filter(digest__in=digests)
