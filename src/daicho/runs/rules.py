"""Decides what becomes of every row that was found, and what a read-back means.

Every planned set of rows has an expected end: gone, blanked, replaced, annotated, kept (ground,
until), waiting (legal hold), not ours (entrusted), or not reached. Nothing is left unsaid: a row
without an end is *untouched* and is answered as such. No store is read here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from daicho.law.kinds import RequestKind
from daicho.register.reading import (
    ERASING,
    ActiveMap,
    ColumnRule,
    Disclose,
    End,
    EndKind,
    Ground,
    Rpd,
    TableRules,
    Value,
)
from daicho.stores.plan import Act, Change, Key, Rows, Standing
from daicho.words.errors import InputError
from daicho.words.text import Text


class Fate(StrEnum):
    """What becomes of a set of rows."""

    SHOWN = "shown"
    DELETED = "deleted"
    BLANKED = "blanked"
    REPLACED = "replaced"
    ANNOTATED = "annotated"
    KEPT = "kept"  # on a ground of law or contract, until a day
    WAITING = "waiting"  # a legal hold stops it
    ENTRUSTED = "entrusted"  # somebody else's data: their instruction is needed
    UNTOUCHED = "untouched"  # the map names no end: named in the answer, the claim stays open


#: Fates that write to the store.
WRITING: Final = frozenset({Fate.DELETED, Fate.BLANKED, Fate.REPLACED, Fate.ANNOTATED})
#: Fates that keep a claim from being answered as done.
OPEN_FATES: Final = frozenset({Fate.WAITING, Fate.UNTOUCHED})

_FATE_OF: Final[Mapping[EndKind, Fate]] = {
    EndKind.DELETE: Fate.DELETED,
    EndKind.BLANK: Fate.BLANKED,
    EndKind.REPLACE: Fate.REPLACED,
    EndKind.ANNOTATE: Fate.ANNOTATED,
    EndKind.KEEP: Fate.KEPT,
}

#: Tables whose rows are Art. 29/30 records name this item on a column (purpose: 33(5) requests).
PROVISION_RECORD: Final = "provision-record"


class StoreState(StrEnum):
    """Where one store of a run stands."""

    INTENDED = "intended"
    CONFIRMED = "confirmed"
    HUMAN = "human"


STORE_MOVES: Final[Mapping[StoreState, frozenset[StoreState]]] = {
    StoreState.INTENDED: frozenset({StoreState.CONFIRMED, StoreState.HUMAN}),
    StoreState.HUMAN: frozenset({StoreState.INTENDED, StoreState.CONFIRMED}),
    StoreState.CONFIRMED: frozenset(),
}


class Stand(StrEnum):
    """What reading a store back says of an intent."""

    BEFORE = "before"
    AFTER = "after"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSet:
    """Rows of one table that share a fate. ``by``: person number → rows. ``change`` None when nothing is written."""

    table: str
    fate: Fate
    by: Mapping[int, int]
    change: Change | None = None
    ground: Ground | None = None
    until: str | None = None

    @property
    def rows(self) -> int:
        """Rows per person, added up (a row shared by two people of the batch counts for both)."""
        return sum(self.by.values())


def take_stand(standings: Sequence[Standing]) -> Stand:
    """Whether all sets stand after the change, all before it, or neither.

    A set of no rows says nothing. Only *all* counts: half done is neither. Rows that held the new
    value from the start stand both before and after; setting it again changes nothing.
    """
    telling = [one for one in standings if one.expected]
    if all(one.as_after == one.expected for one in telling):
        return Stand.AFTER
    if all(one.present == one.expected and one.as_before in {None, one.expected} for one in telling):
        return Stand.BEFORE
    return Stand.NEITHER


def in_scope(rules: TableRules, organisations: frozenset[str]) -> bool:
    """Whether a table's rows may be spoken of: the addressed entities' own holdings (desk practice 3)."""
    return rules.holding.organisation in organisations and rules.holding.rpd is not Rpd.NO


def plan_ends(
    a_map: ActiveMap,
    found: Sequence[Rows],
    kind: RequestKind,
    *,
    organisations: frozenset[str],
    held: frozenset[int] = frozenset(),
    over: Mapping[str, frozenset[Key]] | None = None,
) -> list[PlannedSet]:
    """The sets of rows and their ends for a kind that changes rows.

    Args:
        held: person numbers under a legal hold: their rows wait.
        over: table → keys of kept rows whose term is over; an erasure deletes them, a stop never does.
    """
    planned: list[PlannedSet] = []
    for rows in found:
        rules = a_map.tables[rows.table]
        if not in_scope(rules, organisations):
            continue
        for fate, part in _part(rows, rules, kind, held=held, over=(over or {}).get(rows.table, frozenset())):
            end = rules.ends.get(kind)
            planned.append(
                PlannedSet(
                    table=rows.table,
                    fate=fate,
                    by=Counter(part.persons),
                    change=_change(part, fate, end),
                    ground=end.ground if end and fate is Fate.KEPT else None,
                    until=end.until if end and fate is Fate.KEPT else None,
                )
            )
    return planned


def _part(
    rows: Rows, rules: TableRules, kind: RequestKind, *, held: frozenset[int], over: frozenset[Key]
) -> list[tuple[Fate, Rows]]:
    end = rules.ends.get(kind)
    if rules.holding.rpd is Rpd.ENTRUSTED:
        return [(Fate.ENTRUSTED, rows)]
    usual = _FATE_OF[end.kind] if end else Fate.UNTOUCHED
    if not held and not over:
        return [(usual, rows)]
    stopped = {key for person, key in zip(rows.persons, rows.keys, strict=True) if person in held}
    parts: dict[Fate, Rows] = {}
    for person, key in zip(rows.persons, rows.keys, strict=True):
        fate = usual
        if usual is Fate.KEPT and kind in ERASING and key in over:
            fate = Fate.DELETED
        if key in stopped and fate in WRITING:  # also for whoever shares the row
            fate = Fate.WAITING
        part = parts.setdefault(fate, Rows(rows.table))
        part.persons.append(person)
        part.keys.append(key)
    return list(parts.items())


def _change(rows: Rows, fate: Fate, end: End | None) -> Change | None:
    if fate not in WRITING:
        return None
    keys = _distinct(rows.keys)
    if fate is Fate.DELETED:
        return Change(table=rows.table, act=Act.DELETE, keys=keys)
    return Change(table=rows.table, act=Act.SET, keys=keys, values=dict(end.columns) if end else {})


def _distinct(keys: Sequence[Key]) -> list[Key]:
    return list(dict.fromkeys(keys))


def shown_columns(a_map: ActiveMap, table: str) -> tuple[list[str], list[ColumnRule]]:
    """The columns a disclosure reads, and the rules of those it withholds."""
    rules = a_map.tables[table]
    shown, withheld = [], []
    for column in rules.columns.values():
        if column.technical:
            continue
        if column.disclose is Disclose.WITHHOLD:
            withheld.append(column)
        else:
            shown.append(column.column)
    return shown, withheld


def holds_provision_records(rules: TableRules) -> bool:
    """Whether the table holds records of provision or receipt (Arts. 29, 30)."""
    return any(column.item == PROVISION_RECORD for column in rules.columns.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What a correction or addition puts where: column → new value; ``remark`` for records."""

    values: Mapping[str, Any] = field(default_factory=dict)
    records: tuple[str, ...] = ()  # columns that are records: annotated, never rewritten


def meant(rules: TableRules, what: str, *, store: str) -> list[ColumnRule]:
    """The columns of a table that an item code, or ``store.table.column``, speaks of; never technical ones."""
    return [
        column
        for column in rules.columns.values()
        if not column.technical and what in {column.item, f"{store}.{rules.name}.{column.column}"}
    ]


def amend(rules: TableRules, corrections: Mapping[str, str], *, store: str) -> Amendment:
    """訂正・追加: which columns of a table a correction reaches.

    ``corrections`` is keyed by item code, or by ``store.table.column`` where one item fills
    several columns. Only current values change; records are annotated (desk practice 6).

    Raises:
        InputError: one item, several current columns, and no column named.
    """
    values: dict[str, Any] = {}
    records: list[str] = []
    for what, new in corrections.items():
        columns = meant(rules, what, store=store)
        current = [column for column in columns if column.value is Value.CURRENT]
        records += [column.column for column in columns if column.value is Value.RECORD]
        if len(current) > 1:
            names = ", ".join(f"{store}.{rules.name}.{column.column}" for column in current)
            raise InputError(
                Text(f"項目 {what} は複数の列にあります: {names}", f"The item {what} fills several columns: {names}"),
                advice=Text(
                    "列を名指しして、それぞれの値を書いてください。", "Name the columns and write a value for each."
                ),
            )
        if current:
            values[current[0].column] = new
    return Amendment(values=values, records=tuple(dict.fromkeys(records)))
