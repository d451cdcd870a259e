"""A store in memory: the readable definition of what every store does.

It is the reference that the contract tests hold the adapters against, and what other rooms
test with. It keeps the constraints its shape declares, so that a change can be refused.
"""

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

from daicho.stores import refusals
from daicho.stores.matching import comparison, found_is_a_way, is_looked_up, needs_every_way, seed_form
from daicho.stores.order import order_changes, order_links, order_tables
from daicho.stores.plan import Act, Change, Hit, IdentityColumn, Key, Record, Rows, Seed, Standing, StorePlan, TablePlan
from daicho.stores.port import Capability
from daicho.stores.shape import ColumnShape, ColumnType, StoreShape, TableShape
from daicho.stores.values import UnfitError, fit, for_search, identity_text, latin_folded, plain, without_spaces

Row = dict[str, Any]
Pair = tuple[int, Key]  # person number, key of a row


class MemoryStore:
    """Tables as lists of rows.

    ``unplugged``, ``read_only`` and ``on_step`` are for tests: a store that does not answer,
    one whose account may not write, and a call at every step of a change.
    """

    def __init__(self, code: str, shape: StoreShape, rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        self.code = code
        self.capabilities = frozenset(Capability)
        self.places: frozenset[str] = frozenset()
        self.shape = shape
        self.rows: dict[str, list[Row]] = {
            name: [{column: row.get(column) for column in table.columns} for row in rows.get(name, ())]
            for name, table in shape.tables.items()
        }
        self.unplugged = False
        self.read_only = False
        self.on_step: Callable[[str], None] = lambda _step: None

    @classmethod
    def of(
        cls, code: str, rows: Mapping[str, Sequence[Mapping[str, Any]]], *, keys: Mapping[str, Sequence[str]]
    ) -> Self:
        """A store drawn by its rows: types are those of the values, ``keys`` names each table's primary key."""
        tables = {name: _drawn(name, table, tuple(keys[name])) for name, table in rows.items()}
        return cls(code, StoreShape(tables=tables), rows)

    def inspect(self, tables: Sequence[str] | None = None) -> StoreShape:
        self._answer()
        wanted = self.shape.tables if tables is None else tables
        return StoreShape(tables={name: self.shape.tables[name] for name in wanted if name in self.shape.tables})

    def look_up(self, plan: StorePlan, seeds: Sequence[Seed], *, search: bool = False) -> list[Hit]:
        self._answer()
        self._check(plan)
        hits = []
        for table in plan.tables:
            found: dict[Pair, set[str]] = defaultdict(set)
            rows = {self._key(table, row): row for row in self.rows[table.name]}
            for identity in table.identities:
                if is_looked_up(identity, search=search):
                    for pair in self._found_by(table, identity, seeds, rows):
                        found[pair].add(identity.kind)
            for (person, key), by in found.items():
                if None in key:
                    raise refusals.key_empty(self.code, table.name)
                identities = {
                    one.kind: identity_text([rows[key][name] for name in one.columns]) for one in table.identities
                }
                hits.append(Hit(table.name, person, key, frozenset(by), identities))
        return hits

    def follow(self, plan: StorePlan, found: Sequence[Rows]) -> list[Rows]:
        self._answer()
        self._check(plan)
        reached: dict[str, set[Pair]] = {}
        for name in order_links(plan):
            table = plan.table(name)
            standing = {self._key(table, row): row for row in self.rows[name]}
            given = {pair for rows in found if rows.table == name for pair in zip(rows.persons, rows.keys, strict=True)}
            own = {(person, key) for person, key in given if key in standing}
            linked = [self._linked(plan, table, index, reached) for index in range(len(table.links))]
            if needs_every_way(table):
                reached[name] = set.intersection(*linked, *([own] if found_is_a_way(table) else []))
            else:
                reached[name] = own.union(*linked)
        for name, pairs in reached.items():
            if any(None in key for _, key in pairs):
                raise refusals.key_empty(self.code, name)
        return [_as_rows(table.name, reached[table.name]) for table in plan.tables if reached[table.name]]

    def read(self, plan: StorePlan, rows: Sequence[Rows], columns: Mapping[str, Sequence[str]]) -> Iterator[Record]:
        self._answer()
        self._check(plan)
        for found in rows:
            table = plan.table(found.table)
            names = columns.get(found.table, ())
            self._require(table.name, names)
            standing = {self._key(table, row): row for row in self.rows[found.table]}
            for person, key in sorted(zip(found.persons, found.keys, strict=True)):
                self._answer()
                if key in standing:
                    yield Record(found.table, person, key, {name: standing[key][name] for name in names})

    def change(self, plan: StorePlan, changes: Sequence[Change]) -> list[int]:
        self._answer()
        self._check(plan)
        if self.read_only:
            raise refusals.change_refused(self.code)
        before = self.rows
        self.rows = copy.deepcopy(before)
        self.on_step("begun")
        try:
            counts = self._carry_out(plan, changes)
            self._keep_constraints()
            self.on_step("before-commit")
            self._answer()
        except BaseException:
            self.rows = before
            raise
        self.on_step("committed")
        return counts

    def read_back(self, plan: StorePlan, changes: Sequence[Change]) -> list[Standing]:
        self._answer()
        self._check(plan)
        return [self._standing(plan.table(change.table), change) for change in changes]

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self) -> None:
        if self.unplugged:
            raise refusals.unreachable(self.code)

    def _check(self, plan: StorePlan) -> None:
        """The plan's tables and columns must be there."""
        for table in plan.tables:
            self._require(table.name, (*table.key, *table.columns))
            for identity in table.identities:
                self._require(table.name, identity.columns)
            for link in table.links:
                self._require(table.name, link.columns)
                self._require(link.parent, link.parent_columns)

    def _require(self, table: str, columns: Iterable[str]) -> None:
        shape = self.shape.tables.get(table)
        if shape is None:
            raise refusals.table_missing(self.code, table)
        for name in columns:
            if name not in shape.columns:
                raise refusals.column_missing(self.code, table, name)

    def _column(self, table: str, name: str) -> ColumnShape:
        self._require(table, [name])
        return self.shape.tables[table].columns[name]

    @staticmethod
    def _key(table: TablePlan, row: Row) -> Key:
        return tuple(plain(row[name]) for name in table.key)

    def _found_by(
        self, table: TablePlan, identity: IdentityColumn, seeds: Sequence[Seed], rows: Mapping[Key, Row]
    ) -> Iterator[Pair]:
        types = [self._column(table.name, name).type for name in identity.columns]
        how = comparison(identity, types)
        persons: dict[str | int, set[int]] = defaultdict(set)
        for seed in seeds:
            form = seed_form(how, types[0], seed.value)
            if seed.kind == identity.kind and form is not None:
                persons[form].add(seed.person)
        folds = {"exact": lambda text: text, "caseless": latin_folded, "joined": without_spaces, "search": for_search}
        for key, row in rows.items():
            if how == "exact":
                held = plain(row[identity.columns[0]])
            else:
                held = folds[how](identity_text([row[name] for name in identity.columns]) or "")
            for person in persons.get(held, ()) if held is not None else ():
                yield person, key

    def _linked(self, plan: StorePlan, table: TablePlan, index: int, reached: Mapping[str, set[Pair]]) -> set[Pair]:
        """Rows of ``table`` whose link ``index`` leads to a reached row of its parent; empty values lead nowhere."""
        link = table.links[index]
        parent = plan.table(link.parent)
        standing = {self._key(parent, row): row for row in self.rows[link.parent]}
        persons: dict[Key, set[int]] = defaultdict(set)
        for person, key in reached[link.parent]:
            persons[tuple(plain(standing[key][name]) for name in link.parent_columns)].add(person)
        found = set()
        for row in self.rows[table.name]:
            value = tuple(plain(row[name]) for name in link.columns)
            if None not in value:
                found |= {(person, self._key(table, row)) for person in persons.get(value, ())}
        return found

    def _carry_out(self, plan: StorePlan, changes: Sequence[Change]) -> list[int]:
        counts = [0] * len(changes)
        for position in order_changes(changes, order_tables(plan, self.shape)):
            change = changes[position]
            self.on_step(f"change:{change.table}")
            counts[position] = self._apply(plan.table(change.table), change)
            if counts[position] != len(change.keys):
                raise refusals.counts_differ(self.code, change.table, expected=len(change.keys), found=counts[position])
        return counts

    def _apply(self, table: TablePlan, change: Change) -> int:
        try:
            values = {name: fit(value, self._column(table.name, name)) for name, value in change.values.items()}
        except UnfitError:
            values = None
        if values is None:
            raise refusals.change_refused(self.code, table.name)
        keys = set(change.keys)
        meant = [
            row
            for row in self.rows[table.name]
            if self._key(table, row) in keys and (change.before is None or self._holds(table, row, change.before))
        ]
        if change.act is Act.DELETE:
            gone = {id(row) for row in meant}
            self.rows[table.name] = [row for row in self.rows[table.name] if id(row) not in gone]
        for row in meant:
            row.update(values)
        return len(meant)

    def _holds(self, table: TablePlan, row: Row, values: Mapping[str, Any]) -> bool:
        try:
            wanted = {name: fit(value, self._column(table.name, name)) for name, value in values.items()}
        except UnfitError:
            return False
        return all(plain(row[name]) == plain(value) for name, value in wanted.items())

    def _keep_constraints(self) -> None:
        for shape in self.shape.tables.values():
            rows = self.rows[shape.name]
            for columns in {shape.primary_key, *shape.unique} - {()}:
                values = [tuple(row[name] for name in columns) for row in rows]
                full = [value for value in values if None not in value]
                if len(set(full)) < len(full):
                    raise refusals.change_refused(self.code, shape.name)
            for reference in shape.references:
                held = {tuple(row[name] for name in reference.target_columns) for row in self.rows[reference.target]}
                for row in rows:
                    value = tuple(row[name] for name in reference.columns)
                    if None not in value and value not in held:
                        raise refusals.change_refused(self.code, reference.target)

    def _standing(self, table: TablePlan, change: Change) -> Standing:
        keys = set(change.keys)
        present = [row for row in self.rows[table.name] if self._key(table, row) in keys]
        if change.act is Act.DELETE:
            return Standing(len(keys), len(present), len(keys) - len(present), len(present))
        after = sum(self._holds(table, row, change.values) for row in present)
        before = None if change.before is None else sum(self._holds(table, row, change.before) for row in present)
        return Standing(len(keys), len(present), after, before)


def _as_rows(table: str, pairs: Iterable[Pair]) -> Rows:
    ordered = sorted(pairs)
    return Rows(table, [person for person, _ in ordered], [key for _, key in ordered])


_TYPES: Mapping[str, ColumnType] = {
    "str": ColumnType.TEXT,
    "int": ColumnType.INTEGER,
    "bool": ColumnType.BOOLEAN,
    "date": ColumnType.DATE,
    "datetime": ColumnType.TIMESTAMP,
    "Decimal": ColumnType.DECIMAL,
    "bytes": ColumnType.BINARY,
}


def _drawn(name: str, rows: Sequence[Mapping[str, Any]], key: tuple[str, ...]) -> TableShape:
    names = list(dict.fromkeys([*key, *(column for row in rows for column in row)]))
    columns = {}
    for column in names:
        value = next((row[column] for row in rows if row.get(column) is not None), "")
        kind = _TYPES.get(type(value).__name__, ColumnType.OTHER)
        columns[column] = ColumnShape(name=column, type=kind, nullable=column not in key)
    singles = frozenset({(column,) for column in names} | {key})
    return TableShape(name=name, columns=columns, primary_key=key, indexes=singles, unique=frozenset({key}))
