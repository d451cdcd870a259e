"""Large sets in parts, and keys as parallel lists."""

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from daicho.stores.plan import Key, Rows

T = TypeVar("T")


def slices(items: Sequence[T], largest: int) -> Iterator[Sequence[T]]:
    """Parts of at most ``largest`` items; the whole as it is when it is small enough, nothing of nothing."""
    if not items:
        return
    if len(items) <= largest:
        yield items
        return
    for start in range(0, len(items), largest):
        yield items[start : start + largest]


def key_lists(keys: Sequence[Key], size: int) -> list[list[Any]]:
    """Keys of ``size`` columns as one list per column."""
    return [list(map(itemgetter(column), keys)) for column in range(size)]


def by_persons(found: Sequence[Rows], largest: int) -> Iterator[Sequence[Rows]]:
    """Parts of about ``largest`` rows in which every person is whole, so that several ways can meet."""
    if sum(map(len, found)) <= largest:
        if found:
            yield found
        return
    pairs = sorted(
        (person, number, key)
        for number, rows in enumerate(found)
        for person, key in zip(rows.persons, rows.keys, strict=True)
    )
    part: dict[int, Rows] = {}
    size = 0
    previous = None
    for person, number, key in pairs:
        if size >= largest and person != previous:
            yield list(part.values())
            part, size = {}, 0
        rows = part.setdefault(number, Rows(found[number].table))
        rows.persons.append(person)
        rows.keys.append(key)
        size, previous = size + 1, person
    yield list(part.values())


def in_order(rows: Rows, largest: int) -> Iterator[Rows]:
    """The rows as they are, or in parts of at most ``largest`` that follow one another by person and key."""
    if len(rows) <= largest:
        yield rows
        return
    for part in slices(sorted(zip(rows.persons, rows.keys, strict=True)), largest):
        yield Rows(rows.table, [person for person, _ in part], [key for _, key in part])
