"""A plan in SQL: every statement of the port, built once per plan and shape and then only filled in.

A statement never holds a value of a row and never names a person: seeds and keys travel as one
relation (person number, value) in its parameters, whatever their number.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import ColumnElement, FromClause, Text, and_, case, cast, func, literal_column, select, union, union_all
from sqlalchemy.sql.expression import CTE, ClauseElement, Select, TableClause
from sqlalchemy.types import Integer, TypeEngine

from daicho.stores import refusals
from daicho.stores.matching import Comparison, comparison, found_is_a_way, needs_every_way
from daicho.stores.order import order_links, order_tables
from daicho.stores.plan import Act, Change, IdentityColumn, Link, StorePlan, TablePlan
from daicho.stores.shape import ColumnType
from daicho.stores.sql.kind import Folding, SqlColumn, SqlKind, SqlShape

T = TypeVar("T")
PERSON = Integer()
#: Written into the statement, so that its parameters are the caller's alone.
EMPTY = literal_column("''", Text)
ONE = literal_column("1", Integer)


@dataclass(frozen=True, slots=True)
class LookUp:
    """One table looked up by some of its identities. A row: person, position in ``ways``, key, identity columns."""

    sql: str
    table: TablePlan
    ways: Sequence["Way"]
    readers: Sequence[Callable[[Any], Any] | None]  # of the identity columns


@dataclass(frozen=True, slots=True)
class Way:
    """An identity seeds are compared with; its relation is called ``name``."""

    name: str
    identity: IdentityColumn
    how: Comparison
    column: SqlColumn  # the first, whose type decides an exact comparison
    native: TypeEngine[Any]


@dataclass(frozen=True, slots=True)
class Follow:
    """All linked tables at once. The one row: per reached table its person list and one list per key column."""

    sql: str
    reached: Sequence[TablePlan]


@dataclass(frozen=True, slots=True)
class Read:
    """Rows of one table in order. A row: person, key, columns."""

    sql: str
    key_size: int
    columns: Sequence[str]
    readers: Sequence[Callable[[Any], Any] | None]


@dataclass(slots=True)
class PlanStatements:
    """The statements of one plan on one shape of its store.

    Raises:
        StoreChangedError: on being made, when a table or column of the plan is missing.
    """

    plan: StorePlan
    shape: SqlShape
    kind: SqlKind
    order: tuple[str, ...] = field(init=False)
    _kept: dict[tuple[Any, ...], Any] = field(init=False, default_factory=dict)
    _links: tuple[str, ...] = field(init=False)
    #: Columns (table, name) of e-mail addresses that an index serves in a-z only → whether they hold capitals.
    capitals: dict[tuple[str, str], bool] = field(init=False, default_factory=dict)
    capitals_good_for: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        for table in self.plan.tables:
            names = [*table.key, *table.columns]
            names += [name for identity in table.identities for name in identity.columns]
            names += [name for link in table.links for name in link.columns]
            for name in names:
                self.column(table.name, name)
            for link in table.links:
                for name in link.parent_columns:
                    self.column(link.parent, name)
        self._links = order_links(self.plan)
        self.order = order_tables(self.plan, self.shape.shape)

    def column(self, table: str, name: str) -> SqlColumn:
        """A column of the store; StoreChangedError when it is not there."""
        columns = self.shape.columns.get(table)
        if columns is None:
            raise refusals.table_missing(self.plan.store, table)
        if name not in columns:
            raise refusals.column_missing(self.plan.store, table, name)
        return columns[name]

    def look_up(self, table: TablePlan, positions: tuple[int, ...]) -> LookUp:
        """The look-up of a table by the identities at these positions, as `capitals` says."""
        plain = tuple(position for position in positions if self._is_in_small_letters(table, position))
        return self._keep(("look_up", table.name, positions, plain), lambda: self._look_up(table, positions, plain))

    def capitals_asked(self) -> dict[tuple[str, str], str]:
        """Per column that `capitals` must tell of: the statement that asks whether it holds any."""
        return self._keep(("capitals",), self._capitals_asked)

    def follow(self, found: frozenset[str]) -> Follow:
        """The way from rows of the ``found`` tables down all links; their relations are ``found_<position>``."""
        return self._keep(("follow", found), lambda: self._follow(found))

    def read(self, table: TablePlan, columns: tuple[str, ...]) -> Read:
        """The rows of relation ``rows`` in order."""
        return self._keep(("read", table.name, columns), lambda: self._read(table, columns))

    def change(self, change: Change) -> str:
        """The change of the rows of relation ``keys``; values are ``new_<n>``, guards ``before_<n>``."""
        sign = (change.table, change.act, tuple(change.values), tuple(change.before or ()))
        return self._keep(("change", *sign), lambda: self._change(change))

    def read_back(self, change: Change) -> str:
        """Counts of the rows of relation ``keys``: present, as after, as before."""
        sign = (change.table, change.act, tuple(change.values), tuple(change.before or ()))
        return self._keep(("read_back", *sign), lambda: self._read_back(change))

    def key_types(self, table: TablePlan) -> dict[str, TypeEngine[Any]]:
        """The columns of a relation of keys."""
        return {f"k{number}": self.column(table.name, name).native for number, name in enumerate(table.key)}

    def _keep(self, name: tuple[Any, ...], make: Callable[[], T]) -> T:
        if name not in self._kept:
            self._kept[name] = make()
        kept: T = self._kept[name]
        return kept

    def _sql(self, statement: ClauseElement) -> str:
        return str(statement.compile(dialect=self.kind.dialect))

    def _table(self, table: TablePlan) -> TableClause:
        names = self.shape.columns[table.name]
        return sqlalchemy.table(table.name, *(sqlalchemy.column(name) for name in names), schema=self.kind.schema)

    def _keys(self, table: TablePlan, clause: FromClause) -> list[ColumnElement[Any]]:
        return [clause.c[name] for name in table.key]

    def _capitals_asked(self) -> dict[tuple[str, str], str]:
        asked = {}
        for table in self.plan.tables:
            for position, identity in enumerate(table.identities):
                way = self._way(table, position)
                if way.how is Comparison.CASELESS and way.column.folding is None:
                    clause = self._table(table)
                    (name,) = identity.columns
                    asked[table.name, name] = self._sql(
                        select(select(ONE).select_from(clause).where(self.kind.has_capitals(clause.c[name])).exists())
                    )
        return asked

    def _is_in_small_letters(self, table: TablePlan, position: int) -> bool:
        name = table.identities[position].columns[0]
        return not self.capitals.get((table.name, name), True)

    def _look_up(self, table: TablePlan, positions: tuple[int, ...], plain: tuple[int, ...]) -> LookUp:
        clause = self._table(table)
        keys = [
            self.kind.as_key(clause.c[name], self.column(table.name, name)).label(f"k{number}")
            for number, name in enumerate(table.key)
        ]
        held = [(name, self.column(table.name, name)) for identity in table.identities for name in identity.columns]
        shown = [self.kind.as_read(clause.c[name], column) for name, column in held]
        identities = [element.label(f"i{number}") for number, element in enumerate(shown)]
        ways = [self._way(table, position) for position in positions]
        parts = []
        for number, way in enumerate(ways):
            seeds = self.kind.relation(way.name, {"person": PERSON, "value": way.native})
            columns = [self.column(table.name, name) for name in way.identity.columns]
            how = way.how
            if how is Comparison.CASELESS and (positions[number] in plain or columns[0].folding is Folding.ITSELF):
                how = Comparison.EXACT
            compared = self._compared(how, [clause.c[name] for name in way.identity.columns], columns)
            wanted = select(seeds.c.person, literal_column(str(number)).label("way"), *keys, *identities)
            value = self.kind.comparable(seeds.c.value, columns[0]) if how is Comparison.EXACT else seeds.c.value
            parts.append(wanted.select_from(seeds.join(clause, compared == value)))
        statement = parts[0] if len(parts) == 1 else union_all(*parts)
        return LookUp(self._sql(statement), table, ways, [self.kind.reader(column) for _, column in held])

    def _way(self, table: TablePlan, position: int) -> Way:
        identity = table.identities[position]
        columns = [self.column(table.name, name) for name in identity.columns]
        how = comparison(identity, [column.shape.type for column in columns])
        if how is Comparison.CASELESS and columns[0].folding is None and columns[0].as_text:
            how = (
                Comparison.EXACT
            )  # an enumeration, a uuid, blank-padded text: only the column's own comparison is right
        as_text = how in (Comparison.JOINED, Comparison.SEARCH) or columns[0].compared_as_text
        return Way(f"seed_{position}", identity, how, columns[0], Text() if as_text else columns[0].native)

    def _compared(
        self, how: Comparison, elements: Sequence[ColumnElement[Any]], columns: Sequence[SqlColumn]
    ) -> ColumnElement[Any]:
        if how is Comparison.EXACT:
            column = columns[0]
            return self.kind.comparable(cast(elements[0], Text) if column.compared_as_text else elements[0], column)
        if how is Comparison.CASELESS:
            return self.kind.caseless(elements[0], columns[0])
        texts = [
            element if column.shape.type is ColumnType.TEXT and not column.as_text else cast(element, Text)
            for element, column in zip(elements, columns, strict=True)
        ]
        joined = (
            texts[0] if len(texts) == 1 else reduce(add, (func.coalesce(text, EMPTY, type_=Text) for text in texts))
        )
        return self.kind.for_search(joined) if how is Comparison.SEARCH else self.kind.without_spaces(joined)

    def _follow(self, found: frozenset[str]) -> Follow:
        """One chain of common table expressions, each table's rows computed once from its parents'."""
        walked: dict[str, CTE] = {}
        for number, name in enumerate(self._links):
            table = self.plan.table(name)
            rows = self._reached(table, walked, found=name in found)
            if rows is not None:
                walked[name] = rows.cte(f"reached_{number}")
        reached = [table for table in self.plan.tables if table.name in walked]
        gathered = [self._gather(table, walked[table.name]) for table in reached]
        columns = [column for one in gathered for column in one.c]
        return Follow(self._sql(select(*columns)) if columns else "", reached)

    def _gather(self, table: TablePlan, rows: CTE) -> FromClause:
        keys = [
            self.kind.gather(self.kind.as_key(rows.c[f"k{number}"], self.column(table.name, name))).label(f"k{number}")
            for number, name in enumerate(table.key)
        ]
        return select(self.kind.gather(rows.c.person).label("person"), *keys).subquery(f"{rows.name}_rows")

    def _reached(self, table: TablePlan, walked: Mapping[str, CTE], *, found: bool) -> Any:
        """Person, key and what children link to, of the rows of a table; None when no way leads there."""
        clause = self._table(table)
        wanted = self._carried(table, clause)
        ways: list[tuple[FromClause, ColumnElement[bool]]] = []
        if found:
            position = self.plan.tables.index(table)
            own = self.kind.relation(f"found_{position}", {"person": PERSON, **self.key_types(table)})
            same = [key == own.c[f"k{number}"] for number, key in enumerate(self._keys(table, clause))]
            ways.append((own, and_(*same)))
        links = [link for link in table.links if link.parent in walked]
        ways += [self._link(link, clause, walked[link.parent]) for link in links]
        if needs_every_way(table):
            asked = len(table.links) + found_is_a_way(table)
            use = ways if found_is_a_way(table) or not found else ways[1:]
            return self._all_ways(clause, wanted, use) if len(use) == asked else None
        parts = [
            select(way.c.person.label("person"), *wanted).select_from(way.join(clause, same)) for way, same in ways
        ]
        if len(parts) == 1:
            sure = not found and self._parent_is_unique(links[0])
            return parts[0] if sure else parts[0].distinct()
        return union(*parts) if parts else None

    def _link(self, link: Link, clause: FromClause, parent: CTE) -> tuple[FromClause, ColumnElement[bool]]:
        """A reached parent and what joins its rows to the table's."""
        rows = parent.alias()
        carried = self._linked_columns(link.parent)
        pairs = zip(link.columns, link.parent_columns, strict=True)
        return rows, and_(*(clause.c[name] == rows.c[f"c{carried.index(other)}"] for name, other in pairs))

    def _carried(self, table: TablePlan, clause: FromClause) -> list[ColumnElement[Any]]:
        """The key as it is stored, and every column some child links to."""
        keys = [key.label(f"k{number}") for number, key in enumerate(self._keys(table, clause))]
        linked = self._linked_columns(table.name)
        return [*keys, *(clause.c[name].label(f"c{number}") for number, name in enumerate(linked))]

    def _linked_columns(self, parent: str) -> list[str]:
        """The columns of a table that some child links to."""
        links = [link for child in self.plan.tables for link in child.links if link.parent == parent]
        return sorted({name for link in links for name in link.parent_columns})

    def _all_ways(
        self,
        clause: FromClause,
        wanted: Sequence[ColumnElement[Any]],
        ways: Sequence[tuple[FromClause, ColumnElement[bool]]],
    ) -> Select[Any]:
        """Rows that every way reaches for the same person."""
        first, same = ways[0]
        joined: FromClause = first.join(clause, same)
        for way, also in ways[1:]:
            joined = joined.join(way, and_(also, way.c.person == first.c.person))
        return select(first.c.person.label("person"), *wanted).select_from(joined).distinct()

    def _parent_is_unique(self, link: Link) -> bool:
        """Whether a row has at most one parent by this link, so that no pair can come twice."""
        parent = self.shape.table(link.parent)
        return parent is not None and parent.tells_apart(link.parent_columns)

    def _read(self, table: TablePlan, columns: tuple[str, ...]) -> Read:
        clause = self._table(table)
        rows = self.kind.relation("rows", {"person": PERSON, **self.key_types(table)})
        stored = self._keys(table, clause)
        held = [self.column(table.name, name) for name in table.key]
        keys = [self.kind.as_key(key, column) for key, column in zip(stored, held, strict=True)]
        order = [self.kind.by_code_point(key, column) for key, column in zip(keys, held, strict=True)]
        wanted = [self.column(table.name, name) for name in columns]
        shown = [self.kind.as_read(clause.c[name], column) for name, column in zip(columns, wanted, strict=True)]
        labelled = [
            *(key.label(f"k{number}") for number, key in enumerate(keys)),
            *(element.label(f"v{number}") for number, element in enumerate(shown)),
        ]
        same = [key == rows.c[f"k{number}"] for number, key in enumerate(stored)]
        statement = select(rows.c.person, *labelled).select_from(rows.join(clause, and_(*same)))
        statement = statement.order_by(rows.c.person, *order)
        return Read(self._sql(statement), len(keys), columns, [self.kind.reader(column) for column in wanted])

    def _change(self, change: Change) -> str:
        table = self.plan.table(change.table)
        clause = self._table(table)
        meant = [self.kind.is_among(self._keys(table, clause), "keys", self.key_types(table))]
        meant += self._holds(clause, change.table, change.before or (), "before")
        if change.act is Act.DELETE:
            return self._sql(sqlalchemy.delete(clause).where(*meant))
        values = {
            name: self.kind.parameter(f"new_{number}", self.column(table.name, name))
            for number, name in enumerate(change.values)
        }
        return self._sql(sqlalchemy.update(clause).where(*meant).values(values))

    def _holds(self, clause: FromClause, table: str, names: Iterable[str], prefix: str) -> list[ColumnElement[bool]]:
        """Conditions that the columns hold the parameters ``<prefix>_<n>``; a type without equality can only be empty."""
        found: list[ColumnElement[bool]] = []
        for number, name in enumerate(names):
            column = self.column(table, name)
            if column.shape.type is ColumnType.OTHER:
                found.append(clause.c[name].is_(None))
            else:
                held, wanted = self._alike(clause.c[name], self.kind.parameter(f"{prefix}_{number}", column), column)
                found.append(held.is_not_distinct_from(wanted))
        return found

    def _alike(
        self, held: ColumnElement[Any], wanted: ColumnElement[Any], column: SqlColumn
    ) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """A column and a parameter in the form in which equal values are equal."""
        if column.compared_as_text:
            return cast(held, Text), cast(wanted, Text)
        return self.kind.comparable(held, column), self.kind.comparable(wanted, column)

    def _read_back(self, change: Change) -> str:
        table = self.plan.table(change.table)
        clause = self._table(table)
        here = self.kind.is_among(self._keys(table, clause), "keys", self.key_types(table))
        counts: list[ColumnElement[Any]] = [func.count()]
        for names, prefix in ((change.values, "new"), (change.before or (), "before")):
            holds = self._holds(clause, table.name, names, prefix)
            counts.append(func.count(case((and_(*holds), ONE))) if holds else func.count())
        return self._sql(select(*counts).select_from(clause).where(here))
