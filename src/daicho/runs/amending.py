"""訂正・追加: turns corrections into guarded changes, each fitting its column. Reads stores, writes nothing.

One read a table for everybody in the batch. Two corrections of one cell cannot both be carried out in
one run, because the second's guard is the value the first replaces: they are told apart beforehand.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from daicho.law.kinds import RequestKind
from daicho.register.reading import ActiveMap, End, EndKind, Rpd
from daicho.runs.resolve import Finding
from daicho.runs.rules import Amendment, Fate, PlannedSet, amend, in_scope
from daicho.stores.plan import Act, Change, Key, Rows
from daicho.stores.port import Store
from daicho.stores.shape import ColumnShape, ColumnType
from daicho.stores.values import UnfitError, fit
from daicho.words.era import DateTextError, read_date
from daicho.words.errors import InputError
from daicho.words.text import Text


class UnfitCorrectionError(InputError):
    """A new value cannot stand in its column. ``person``: whose correction, as numbered in the batch."""

    code: ClassVar[str] = "correction-unfit"
    person: int = 0


class CorrectionsCollideError(InputError):
    """Several corrections of one cell in one batch. ``persons``: whose, as numbered in the batch."""

    code: ClassVar[str] = "corrections-collide"
    persons: tuple[int, ...] = ()


_FITS: Final[Mapping[ColumnType, Text]] = {
    ColumnType.TEXT: Text("文字", "text"),
    ColumnType.INTEGER: Text("整数", "a whole number"),
    ColumnType.DECIMAL: Text("数値", "a number"),
    ColumnType.BOOLEAN: Text("true か false", "true or false"),
    ColumnType.DATE: Text("日付（2026-11-24、昭和55年1月5日など）", "a day such as 2026-11-24 or 昭和55年1月5日"),
    ColumnType.TIMESTAMP: Text("日時（2026-11-24 09:30 など）", "a time such as 2026-11-24 09:30"),
}
_NOTHING_FITS: Final = Text("この列は訂正できません", "a column of this type cannot be corrected")


def plan_amending(
    purpose: RequestKind,
    finding: Finding,
    store: Store,
    *,
    organisations: frozenset[str],
    corrections: Mapping[int, Mapping[str, str]],
    held: Collection[int],
) -> list[PlannedSet]:
    """What the corrections of everybody in a batch do in one store.

    Raises:
        InputError: a correction that does not say which column it means.
        UnfitCorrectionError: a value that its column does not take.
        CorrectionsCollideError: two corrections of one cell.
    """
    sets: list[PlannedSet] = []
    for rows in finding.rows:
        rules = finding.map.tables[rows.table]
        if not in_scope(rules, organisations):
            continue
        mine = _Table(finding.map, rows.table, purpose)
        for person, part in _by_person(rows).items():
            amendment = amend(rules, corrections.get(person, {}), store=finding.map.store.code)
            if not amendment.values and not amendment.records:
                continue
            by = {person: len(part)}
            if rules.holding.rpd is Rpd.ENTRUSTED:
                sets.append(PlannedSet(table=rows.table, fate=Fate.ENTRUSTED, by=by))
            elif person in held:
                sets.append(PlannedSet(table=rows.table, fate=Fate.WAITING, by=by))
            else:
                mine.add(person, part, amendment)
        sets += mine.sets(store)
    return sets


@dataclass(slots=True)
class _Table:
    """The corrections that reach one table, person by person."""

    map: ActiveMap
    table: str
    purpose: RequestKind
    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    rows: dict[int, Rows] = field(default_factory=dict)
    records: list[int] = field(default_factory=list)
    touched: dict[tuple[Key, str], int] = field(default_factory=dict)  # cell → whose correction

    def add(self, person: int, rows: Rows, amendment: Amendment) -> None:
        """Take up one person's corrections, once they fit and meet nobody else's."""
        self.rows[person] = rows
        if amendment.values:
            columns = self.map.shape.tables[self.table].columns
            self.values[person] = {
                name: self._fitted(person, columns[name], value) for name, value in amendment.values.items()
            }
            for key in rows.keys:
                for name in amendment.values:
                    other = self.touched.setdefault((key, name), person)
                    if other != person:
                        raise _collide((other, person), self._name(name))
        if amendment.records:
            self.records.append(person)

    def sets(self, store: Store) -> list[PlannedSet]:
        """The planned sets; reads the old values of all of them at once."""
        old = self._old_values(store) if self.values else {}
        sets: list[PlannedSet] = []
        for person, rows in self.rows.items():
            sets += [self._replacement(person, before, keys) for before, keys in old.get(person, {}).items()]
            if person in self.records:
                sets.append(_annotation(self.map.tables[self.table].ends.get(self.purpose), rows, person))
        return sets

    def _old_values(self, store: Store) -> dict[int, dict[tuple[Any, ...], list[Key]]]:
        """Person → old values of the columns corrected for them → keys."""
        together = Rows(self.table)
        for person in self.values:
            together.persons += self.rows[person].persons
            together.keys += self.rows[person].keys
        columns = list(dict.fromkeys(name for values in self.values.values() for name in values))
        found: dict[int, dict[tuple[Any, ...], list[Key]]] = defaultdict(lambda: defaultdict(list))
        for record in store.read(self.map.plan, [together], {self.table: columns}):
            before = tuple(record.values[name] for name in self.values[record.person])
            found[record.person][before].append(record.key)
        return found

    def _replacement(self, person: int, before: Sequence[Any], keys: list[Key]) -> PlannedSet:
        """One change per distinct old value, guarded by it: nobody's later edit is overwritten."""
        values = self.values[person]
        return PlannedSet(
            table=self.table,
            fate=Fate.REPLACED,
            by={person: len(keys)},
            change=Change(
                table=self.table,
                act=Act.SET,
                keys=keys,
                values=dict(values),
                before=dict(zip(values, before, strict=True)),
            ),
        )

    def _fitted(self, person: int, column: ColumnShape, value: Any) -> Any:
        try:
            return fit(value, column)
        except UnfitError:
            pass
        if column.type is ColumnType.DATE and isinstance(value, str):
            try:
                return read_date(value)
            except DateTextError:
                pass
        raise _unfit(person, self._name(column.name), column)

    def _name(self, column: str) -> str:
        return f"{self.map.store.code}.{self.table}.{column}"


def _by_person(rows: Rows) -> dict[int, Rows]:
    parts: dict[int, Rows] = {}
    for person, key in zip(rows.persons, rows.keys, strict=True):
        part = parts.setdefault(person, Rows(rows.table))
        part.persons.append(person)
        part.keys.append(key)
    return parts


def _annotation(end: End | None, rows: Rows, person: int) -> PlannedSet:
    """Records stay as they were made. The remark goes into the store where the map has a column for it."""
    change = None
    if end is not None and end.kind is EndKind.ANNOTATE:
        change = Change(table=rows.table, act=Act.SET, keys=rows.keys, values=dict(end.columns))
    return PlannedSet(table=rows.table, fate=Fate.ANNOTATED, by={person: len(rows)}, change=change)


def _unfit(person: int, name: str, column: ColumnShape) -> UnfitCorrectionError:
    """The value itself is never repeated."""
    what = _FITS.get(column.type, _NOTHING_FITS)
    ja, en = [what.ja], [what.en]
    if column.length is not None and column.type is ColumnType.TEXT:
        ja.append(f"{column.length} 文字まで")
        en.append(f"at most {column.length} characters")
    if not column.nullable:
        ja.append("空にできない")
        en.append("never empty")
    error = UnfitCorrectionError(
        Text(
            f"{person + 1} 件目の訂正の値は列 {name} に入りません。",
            f"The value of correction {person + 1} does not fit the column {name}.",
        ),
        advice=Text(
            f"この列に入るもの：{'、'.join(ja)}。ご本人に確かめ、請求を受け付け直してください。",
            f"It takes: {', '.join(en)}. Ask the person and open the request anew.",
        ),
    )
    error.person = person
    return error


def _collide(persons: tuple[int, int], name: str) -> CorrectionsCollideError:
    first, second = sorted(number + 1 for number in persons)
    error = CorrectionsCollideError(
        Text(
            f"{first} 件目と {second} 件目の訂正が、列 {name} の同じ記録を書き換えます。",
            f"Corrections {first} and {second} of this call write the same record in the column {name}.",
        ),
        advice=Text("一件ずつ、正しい順に実施してください。", "Carry them out one by one, in the right order."),
    )
    error.persons = persons
    return error
