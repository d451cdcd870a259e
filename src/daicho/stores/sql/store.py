"""The engine of every SQL store.

What one transaction holds: `SqlStore.change` sends all statements of a run inside one
transaction, compares each count with the number of keys and commits only when all agree. What
a crash leaves: before the commit nothing, after it everything; the database sees to that.
How it goes on: `SqlStore.read_back` asks in a fresh transaction how the same rows stand.

Statements are built once per plan (`PlanStatements`) and dropped when the store's shape changes.
"""

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from typing import Any, ClassVar, Final, Generic, TypeVar

from daicho.stores import refusals
from daicho.stores.matching import Comparison, is_looked_up, seed_form
from daicho.stores.order import order_changes
from daicho.stores.plan import Act, Change, Hit, Key, Record, Rows, Seed, Standing, StorePlan, TablePlan
from daicho.stores.port import Capability, StoreChangedError
from daicho.stores.shape import StoreShape
from daicho.stores.sql.kind import Parameters, SqlKind, SqlShape
from daicho.stores.sql.sets import by_persons, in_order, key_lists, slices
from daicho.stores.sql.statements import PERSON, LookUp, PlanStatements, Read, Way
from daicho.stores.values import UnfitError, fit, identity_text
from daicho.words.errors import StoreError

C = TypeVar("C")
T = TypeVar("T")
Ask = tuple[str, Parameters]

#: The largest set passed in one statement; larger ones go in several, inside the same transaction.
LARGEST_SET: Final = 200_000
#: Up to this many rows a read is fetched at once; beyond, it is streamed.
AT_ONCE: Final = 500
PLANS_KEPT: Final = 64
#: So many look-ups rely on what was seen of a column before it is looked at again.
CAPITALS_GOOD_FOR: Final = 64


class SqlStore(ABC, Generic[C]):
    """A store that speaks SQL; ``C`` is the driver's connection.

    ``on_step`` is called at every step of a change; the contract tests stop the machine there.
    """

    capabilities = frozenset(Capability)
    driver_errors: ClassVar[tuple[type[Exception], ...]] = ()

    def __init__(self, code: str, kind: SqlKind) -> None:
        self.code = code
        self.places: frozenset[str] = frozenset()
        self.kind = kind
        self.on_step: Callable[[str], None] = lambda _step: None
        self._plans: OrderedDict[str, PlanStatements] = OrderedDict()

    # What an adapter gives.

    @abstractmethod
    def _reading(self) -> AbstractContextManager[C]:
        """A connection that can only read."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[C]:
        """A connection that can change."""

    def _reading_back(self) -> AbstractContextManager[C]:
        """A connection that sees what was written, even where readers see a copy that lags behind."""
        return self._writing()

    @abstractmethod
    def _ask(self, connection: C, asks: Sequence[Ask]) -> list[list[Any]]:
        """The rows each statement gives, in as few round trips as possible."""

    @abstractmethod
    def _stream(self, connection: C, ask: Ask) -> Iterator[Any]:
        """The rows of one statement, a few at a time."""

    @abstractmethod
    def _begin_and_tell(self, connection: C, asks: Sequence[Ask]) -> list[int]:
        """Begin a transaction and run the statements; rows changed by each. The transaction stays open."""

    @abstractmethod
    def _commit(self, connection: C) -> None: ...

    @abstractmethod
    def _roll_back(self, connection: C) -> None: ...

    @abstractmethod
    def _look_at(self, connection: C, tables: Sequence[str] | None) -> SqlShape:
        """The shape of the named tables, or of all."""

    @abstractmethod
    def _say(self, error: Exception, *, changing: bool) -> StoreError:
        """A driver's error in our words, without its text."""

    @abstractmethod
    def close(self) -> None:
        """Give back connections; harmless when already closed."""

    # The port.

    def inspect(self, tables: Sequence[str] | None = None) -> StoreShape:
        return self._cross(lambda: self._inspect(tables).shape)

    def look_up(self, plan: StorePlan, seeds: Sequence[Seed], *, search: bool = False) -> list[Hit]:
        return self._cross(lambda: self._look_up(plan, seeds, search=search)) if seeds else []

    def follow(self, plan: StorePlan, found: Sequence[Rows]) -> list[Rows]:
        return self._cross(lambda: self._follow(plan, found)) if any(found) else []

    def read(self, plan: StorePlan, rows: Sequence[Rows], columns: Mapping[str, Sequence[str]]) -> Iterator[Record]:
        some = [one for one in rows if len(one)]
        records, record = self._cross(lambda: self._begin_reading(plan, some, columns))
        try:
            while record is not None:
                yield record
                record = self._cross(lambda: next(records, None))
        finally:
            with suppress(*self.driver_errors):
                records.close()

    def change(self, plan: StorePlan, changes: Sequence[Change]) -> list[int]:
        return self._cross(lambda: self._change(plan, changes), changing=True) if changes else []

    def read_back(self, plan: StorePlan, changes: Sequence[Change]) -> list[Standing]:
        return self._cross(lambda: self._read_back(plan, changes)) if changes else []

    # How it is done.

    def _cross(self, call: Callable[[], T], *, changing: bool = False, again: bool = True) -> T:
        """Run ``call``; a driver's error becomes one of ours, and nothing of it stays attached."""
        outdated = False
        try:
            return call()
        except self.driver_errors as error:
            said = self._say(error, changing=changing)
            outdated = again and not changing and self._is_outdated(error)
        except StoreError as error:
            said = error.with_traceback(None)
            said.__context__ = said.__cause__ = None
        if isinstance(said, StoreChangedError):
            self._forget()
        if outdated:
            return self._cross(call, again=False)
        raise said

    def _is_outdated(self, error: Exception) -> bool:
        """Whether only a prepared statement is older than the store, so that a call that reads can be made again."""
        del error
        return False

    def _forget(self) -> None:
        """Drop every statement; the next call looks at the store again."""
        self._plans.clear()

    def _statements(self, connection: C, plan: StorePlan) -> PlanStatements:
        kept = self._plans.get(plan.digest)
        if kept is None or kept.plan != plan:
            names = dict.fromkeys(table.name for table in plan.tables)
            kept = PlanStatements(plan, self._look_at(connection, list(names)), self.kind)
            self._plans[plan.digest] = kept
            while len(self._plans) > PLANS_KEPT:
                self._plans.popitem(last=False)
        return kept

    def _inspect(self, tables: Sequence[str] | None) -> SqlShape:
        with self._reading() as connection:
            shape = self._look_at(connection, tables)
        seen = shape.shape.tables
        for digest, kept in list(self._plans.items()):
            theirs = kept.shape.shape.tables
            if any(name in theirs and theirs[name] != seen.get(name) for name in tables or seen):
                self._plans.pop(digest, None)
        return shape

    def _look_up(self, plan: StorePlan, seeds: Sequence[Seed], *, search: bool) -> list[Hit]:
        with self._reading() as connection:
            statements = self._statements(connection, plan)
            self._look_for_capitals(connection, statements)
            hits: list[Hit] = []
            for some in slices(seeds, LARGEST_SET):
                asked = self._seeded(statements, some, search=search)
                answers = self._ask(connection, [ask for _, ask in asked])
                for (look_up, _), rows in zip(asked, answers, strict=True):
                    mine = _hits(look_up, rows)
                    if any(None in hit.key for hit in mine):
                        raise refusals.key_empty(self.code, look_up.table.name)
                    hits += mine
            return hits

    def _look_for_capitals(self, connection: C, statements: PlanStatements) -> None:
        """Learn, now and then, which columns of e-mail addresses hold capitals: those are scanned, the others indexed.

        Only columns without an index that folds are asked, by a scan. It is repeated every
        `CAPITALS_GOOD_FOR` look-ups, and whenever the statements are built anew.
        """
        asked = statements.capitals_asked()
        if asked and statements.capitals_good_for <= 0:
            answers = self._ask(connection, [(sql, {}) for sql in asked.values()])
            statements.capitals = {column: bool(row[0]) for column, [row] in zip(asked, answers, strict=True)}
            statements.capitals_good_for = CAPITALS_GOOD_FOR
        statements.capitals_good_for -= 1

    def _seeded(self, statements: PlanStatements, seeds: Sequence[Seed], *, search: bool) -> list[tuple[LookUp, Ask]]:
        """One statement per table that holds a kind somebody has a seed of."""
        by_kind: dict[str, list[Seed]] = {}
        for seed in seeds:
            by_kind.setdefault(seed.kind, []).append(seed)
        asked = []
        for table in statements.plan.tables:
            positions = tuple(
                number
                for number, identity in enumerate(table.identities)
                if identity.kind in by_kind and is_looked_up(identity, search=search)
            )
            if not positions:
                continue
            look_up = statements.look_up(table, positions)
            parameters: Parameters = {}
            anything = False
            for way in look_up.ways:
                persons, values = _fitting(way, by_kind[way.identity.kind])
                anything = anything or bool(persons)
                columns: dict[str, list[Any]] = {"person": persons, "value": values}
                parameters |= self.kind.parameters(way.name, columns, [PERSON, way.native])
            if anything:
                asked.append((look_up, (look_up.sql, parameters)))
        return asked

    def _follow(self, plan: StorePlan, found: Sequence[Rows]) -> list[Rows]:
        with self._reading() as connection:
            statements = self._statements(connection, plan)
            reached: dict[str, Rows] = {}
            for some in by_persons([rows for rows in found if len(rows)], LARGEST_SET):
                follow = statements.follow(frozenset(rows.table for rows in some))
                parameters: Parameters = {}
                for table in plan.tables:
                    mine = [rows for rows in some if rows.table == table.name]
                    if mine:
                        name = f"found_{plan.tables.index(table)}"
                        parameters |= self._relation(statements, name, table, mine)
                if follow.reached:
                    [[row]] = self._ask(connection, [(follow.sql, parameters)])
                    self._unpack(follow.reached, row, reached)
            return [reached[table.name] for table in plan.tables if table.name in reached]

    def _unpack(self, tables: Sequence[TablePlan], row: Sequence[Any], reached: dict[str, Rows]) -> None:
        place = 0
        for table in tables:
            persons, *keys = [self.kind.gathered(value) for value in row[place : place + 1 + len(table.key)]]
            place += 1 + len(table.key)
            if any(None in column for column in keys):
                raise refusals.key_empty(self.code, table.name)
            if persons:
                rows = reached.setdefault(table.name, Rows(table.name))
                rows.persons += persons
                rows.keys += zip(*keys, strict=True)

    def _relation(self, statements: PlanStatements, name: str, table: TablePlan, found: Sequence[Rows]) -> Parameters:
        """The parameters of a relation (person, key)."""
        persons: list[int] = []
        keys: list[Key] = []
        for rows in found:
            persons += rows.persons
            keys += rows.keys
        types = statements.key_types(table)
        columns = dict(zip(types, key_lists(keys, len(types)), strict=True))
        return self.kind.parameters(name, {"person": persons, **columns}, [PERSON, *types.values()])

    def _begin_reading(
        self, plan: StorePlan, rows: Sequence[Rows], columns: Mapping[str, Sequence[str]]
    ) -> tuple[Generator[Record, None, None], Record | None]:
        records = self._read(plan, rows, columns)
        return records, next(records, None)

    def _read(
        self, plan: StorePlan, rows: Sequence[Rows], columns: Mapping[str, Sequence[str]]
    ) -> Generator[Record, None, None]:
        with self._reading() as connection:
            statements = self._statements(connection, plan)
            asked: list[tuple[str, Read, Ask]] = []
            for found in rows:
                table = plan.table(found.table)
                names = tuple(columns.get(found.table, ()))
                read = statements.read(table, names)
                asked += [
                    (table.name, read, (read.sql, self._relation(statements, "rows", table, [part])))
                    for part in in_order(found, LARGEST_SET)
                ]
            yield from self._records(connection, asked, few=sum(map(len, rows)) <= AT_ONCE)

    def _records(self, connection: C, asked: Sequence[tuple[str, Read, Ask]], *, few: bool) -> Iterator[Record]:
        answers: Iterator[Any]
        if few:
            answers = iter(self._ask(connection, [ask for _, _, ask in asked]))
        else:
            answers = (self._stream(connection, ask) for _, _, ask in asked)
        for (table, read, _), rows in zip(asked, answers, strict=True):
            size = 1 + read.key_size
            readers = [(number, reader) for number, reader in enumerate(read.readers) if reader is not None]
            for row in rows:
                values = dict(zip(read.columns, row[size:], strict=True))
                for number, reader in readers:
                    if row[size + number] is not None:
                        values[read.columns[number]] = reader(row[size + number])
                yield Record(table, row[0], tuple(row[1:size]), values)

    def _change(self, plan: StorePlan, changes: Sequence[Change]) -> list[int]:
        with self._writing() as connection:
            statements = self._statements(connection, plan)
            asks: list[Ask] = []
            places: list[int] = []
            for position in order_changes(changes, statements.order):
                mine = self._filled(statements, changes[position], statements.change)
                asks += mine
                places += [position] * len(mine)
            self.on_step("begun")
            try:
                counts = [0] * len(changes)
                for place, count in zip(places, self._begin_and_tell(connection, asks), strict=True):
                    counts[place] += count
                self._compare(changes, counts)
                self.on_step("before-commit")
                self._commit(connection)
            except BaseException:
                with suppress(*self.driver_errors):
                    self._roll_back(connection)
                raise
            self.on_step("committed")
            return counts

    def _compare(self, changes: Sequence[Change], counts: Sequence[int]) -> None:
        for change, count in zip(changes, counts, strict=True):
            if count != len(change.keys):
                raise refusals.counts_differ(self.code, change.table, expected=len(change.keys), found=count)

    def _filled(self, statements: PlanStatements, change: Change, build: Callable[[Change], str]) -> list[Ask]:
        """A statement of a change with its parameters, once per slice of its keys; none when there are no keys."""
        table = statements.plan.table(change.table)
        values: Parameters = {}
        for prefix, given in (("new", change.values), ("before", change.before or {})):
            for number, (name, value) in enumerate(given.items()):
                column = statements.column(table.name, name)
                try:
                    values[f"{prefix}_{number}"] = self.kind.literal(fit(value, column.shape), column)
                except UnfitError:
                    refused = refusals.change_refused(self.code, table.name)
                    raise refused from None
        types = statements.key_types(table)
        sql = build(change)
        asks = []
        for some in slices(change.keys, LARGEST_SET):
            columns = dict(zip(types, key_lists(some, len(types)), strict=True))
            asks.append((sql, {**self.kind.parameters("keys", columns, list(types.values())), **values}))
        return asks

    def _read_back(self, plan: StorePlan, changes: Sequence[Change]) -> list[Standing]:
        with self._reading_back() as connection:
            statements = self._statements(connection, plan)
            asks: list[Ask] = []
            places: list[int] = []
            for position, change in enumerate(changes):
                mine = self._filled(statements, change, statements.read_back)
                asks += mine
                places += [position] * len(mine)
            found = [[0, 0, 0] for _ in changes]
            for place, [counts] in zip(places, self._ask(connection, asks), strict=True):
                found[place] = [one + other for one, other in zip(found[place], counts, strict=True)]
        return [_standing(change, *counts) for change, counts in zip(changes, found, strict=True)]


def _fitting(way: Way, seeds: Sequence[Seed]) -> tuple[list[int], list[str | int]]:
    """Persons and values of the seeds that can stand in the column at all."""
    persons = []
    values = []
    kind, takes = way.column.shape.type, way.column.takes
    folds = way.how is Comparison.CASELESS
    seen: set[tuple[int, str | int]] = set()
    for seed in seeds:
        form = seed_form(way.how, kind, seed.value)
        if form is not None and takes(form) and (seed.person, form) not in seen:
            if folds:
                seen.add((seed.person, form))
            persons.append(seed.person)
            values.append(form)
    return persons, values


def _hits(look_up: LookUp, rows: Sequence[Sequence[Any]]) -> list[Hit]:
    """The rows of one table's look-up; a row found in several ways becomes one hit."""
    table = look_up.table
    size = 2 + len(table.key)
    places: list[tuple[str, int, int]] = []
    start = size
    for identity in table.identities:
        places.append((identity.kind, start, start + len(identity.columns)))
        start += len(identity.columns)
    kinds = [frozenset({way.identity.kind}) for way in look_up.ways]
    readers = [(size + number, reader) for number, reader in enumerate(look_up.readers) if reader is not None]
    found: dict[tuple[int, Key], Hit] = {}
    for row in rows:
        person, key, by = row[0], tuple(row[2:size]), kinds[row[1]]
        before = found.get((person, key))
        if before is not None:
            found[person, key] = replace(before, by=before.by | by)
            continue
        held = _with_readers(row, readers) if readers else row
        identities = {kind: identity_text(held[start:end]) for kind, start, end in places}
        found[person, key] = Hit(table.name, person, key, by, identities)
    return list(found.values())


def _with_readers(row: Sequence[Any], readers: Sequence[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    held = list(row)
    for place, reader in readers:
        if held[place] is not None:
            held[place] = reader(held[place])
    return held


def _standing(change: Change, present: int, after: int, before: int) -> Standing:
    expected = len(change.keys)
    if change.act is Act.DELETE:
        return Standing(expected, present, expected - present, present)
    return Standing(expected, present, after, None if change.before is None else before)
