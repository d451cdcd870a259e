"""How a seed is compared with the columns of an identity; the same for every kind of store."""

from collections.abc import Sequence
from enum import StrEnum

from daicho.stores.plan import IdentityColumn, Match, TablePlan, Use
from daicho.stores.shape import ColumnType
from daicho.stores.values import can_be_stored, for_search, latin_folded, seed_value, without_spaces
from daicho.words.identity import WeakKind


class Comparison(StrEnum):
    """What both sides go through before they are compared."""

    EXACT = "exact"  # nothing; the column's index serves
    CASELESS = "caseless"  # A-Z as a-z: nobody's mailbox differs from another's by that alone
    JOINED = "joined"  # columns joined as text, spaces taken out
    SEARCH = "search"  # the same, and A-Z as a-z


def is_looked_up(identity: IdentityColumn, *, search: bool) -> bool:
    """Whether seeds of its kind are compared with these columns in this call."""
    return identity.use is Use.LOOKUP or (search and identity.use is Use.SEARCH)


def comparison(identity: IdentityColumn, types: Sequence[ColumnType]) -> Comparison:
    """How seeds are compared with the identity's columns, whose types are given in order."""
    text = len(identity.columns) > 1 or types[0] is ColumnType.TEXT
    if identity.use is Use.SEARCH and text:
        return Comparison.SEARCH
    if len(identity.columns) > 1:
        return Comparison.JOINED
    return Comparison.CASELESS if text and identity.kind == WeakKind.EMAIL else Comparison.EXACT


def seed_form(how: Comparison, column: ColumnType, text: str) -> str | int | None:
    """The seed in the form the columns are compared in; None = it finds nothing (unfit, or nothing but spaces)."""
    if not text.strip():
        return None
    match how:
        case Comparison.EXACT:
            return seed_value(column, text)
        case Comparison.CASELESS:
            return latin_folded(text) if can_be_stored(text) else None
        case Comparison.JOINED:
            return without_spaces(text) if can_be_stored(text) else None
        case Comparison.SEARCH:
            return for_search(text) if can_be_stored(text) else None


def found_is_a_way(table: TablePlan) -> bool:
    """Whether having been found by look-up is one of the ways that `Match.BOTH` asks for."""
    return any(identity.use is Use.LOOKUP for identity in table.identities)


def needs_every_way(table: TablePlan) -> bool:
    """Whether a row counts only when every way reaches it."""
    return table.match is Match.BOTH and len(table.links) + found_is_a_way(table) > 1
