"""Turns a purpose and the rows that were found into a plan: reads stores, writes nothing.

A dry run stops here: it is the same plan and the same counts, and nothing has been changed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from daicho.law.kinds import RequestKind
from daicho.register.reading import ERASING, ActiveMap, EndKind, KeepTerm, Rpd, keep_term
from daicho.runs.amending import plan_amending
from daicho.runs.resolve import Finding
from daicho.runs.rules import (
    Fate,
    PlannedSet,
    holds_provision_records,
    in_scope,
    meant,
    plan_ends,
    shown_columns,
)
from daicho.stores.plan import Key, Rows
from daicho.stores.port import Store

ENDING = frozenset({RequestKind.ERASE, RequestKind.DELETION, RequestKind.SUSPEND_USE, RequestKind.STOP_PROVISION})
AMENDING = frozenset({RequestKind.CORRECTION, RequestKind.ADDITION})
SHOWING = frozenset({RequestKind.DISCLOSURE, RequestKind.RECORD_DISCLOSURE})


@dataclass(slots=True, kw_only=True)
class StorePlanned:
    """What happens in one store: sets with their fates; for a disclosure the rows and columns to read."""

    map: ActiveMap
    store: Store
    sets: list[PlannedSet]
    rows: list[Rows] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)


def plan_purpose(
    purpose: RequestKind,
    findings: Sequence[Finding],
    stores: Sequence[Store],
    *,
    organisations: frozenset[str],
    on: date,
    corrections: Mapping[int, Mapping[str, str]] | None = None,
    held: frozenset[int] = frozenset(),
) -> list[StorePlanned]:
    """Plan one purpose for a batch.

    Args:
        corrections: person number → what → new value, see `daicho.runs.rules.amend`.
        held: person numbers under a legal hold.
        on: the day on which terms of kept rows are judged.

    Raises:
        InputError: a correction that does not say which column it means, that does not fit it, or that
            meets another one of the batch (see `daicho.runs.amending`).
    """
    planned = []
    for finding, store in zip(findings, stores, strict=True):
        if not finding.rows:
            continue
        if purpose in SHOWING:
            one = _plan_showing(purpose, finding, store, organisations)
        elif purpose in AMENDING:
            sets = plan_amending(
                purpose, finding, store, organisations=organisations, corrections=corrections or {}, held=held
            )
            one = StorePlanned(map=finding.map, store=store, sets=sets)
        elif purpose in ENDING:
            over = _over(finding, store, purpose, on) if purpose in ERASING else {}
            one = StorePlanned(
                map=finding.map,
                store=store,
                sets=plan_ends(finding.map, finding.rows, purpose, organisations=organisations, held=held, over=over),
            )
        else:
            one = StorePlanned(map=finding.map, store=store, sets=_seen(finding, organisations))
        if one.sets:
            planned.append(one)
    return planned


def reached_organisations(planned: Sequence[StorePlanned], *others: str) -> list[str]:
    """The organisations whose rows a plan speaks of, with ``others``; sorted."""
    found = {one.map.tables[part.table].holding.organisation for one in planned for part in one.sets}
    return sorted(found.union(others))


def unreached(
    findings: Sequence[Finding], corrections: Mapping[int, Mapping[str, str]], *, organisations: frozenset[str]
) -> dict[int, list[str]]:
    """Person number → what was to be corrected and stands in no column of any row found."""
    left = {person: dict.fromkeys(wanted) for person, wanted in corrections.items() if wanted}
    for finding in findings:
        for rows in finding.rows:
            rules = finding.map.tables[rows.table]
            if not in_scope(rules, organisations):
                continue
            for person in set(rows.persons) & left.keys():
                for what in [one for one in left[person] if meant(rules, one, store=finding.map.store.code)]:
                    del left[person][what]
    return {person: list(wanted) for person, wanted in left.items() if wanted}


def _seen(finding: Finding, organisations: frozenset[str]) -> list[PlannedSet]:
    return [
        PlannedSet(table=rows.table, fate=Fate.SHOWN, by=Counter(rows.persons))
        for rows in finding.rows
        if in_scope(finding.map.tables[rows.table], organisations)
    ]


def _plan_showing(purpose: RequestKind, finding: Finding, store: Store, organisations: frozenset[str]) -> StorePlanned:
    one = StorePlanned(map=finding.map, store=store, sets=[])
    for rows in finding.rows:
        rules = finding.map.tables[rows.table]
        if not in_scope(rules, organisations):
            continue
        if purpose is RequestKind.RECORD_DISCLOSURE and not holds_provision_records(rules):
            continue
        if rules.holding.rpd is Rpd.ENTRUSTED:
            one.sets.append(PlannedSet(table=rows.table, fate=Fate.ENTRUSTED, by=Counter(rows.persons)))
            continue
        columns, _ = shown_columns(finding.map, rows.table)
        one.sets.append(PlannedSet(table=rows.table, fate=Fate.SHOWN, by=Counter(rows.persons)))
        if columns:
            one.rows.append(rows)
            one.columns[rows.table] = columns
    return one


def _over(finding: Finding, store: Store, purpose: RequestKind, on: date) -> dict[str, frozenset[Key]]:
    """Keys of kept rows whose term is over, read from the column the term starts in."""
    over: dict[str, frozenset[Key]] = {}
    for rows in finding.rows:
        rules = finding.map.tables[rows.table]
        end = rules.ends.get(purpose)
        term = keep_term(end) if end and end.kind is EndKind.KEEP else None
        if term is None or term.column not in rules.columns:
            continue
        over[rows.table] = _ended(store, finding.map, rows, term, on)
    return over


def _ended(store: Store, a_map: ActiveMap, rows: Rows, term: KeepTerm, on: date) -> frozenset[Key]:
    records = store.read(a_map.plan, [rows], {rows.table: [term.column]})
    return frozenset(record.key for record in records if term.ended(record.values[term.column], on=on))
