"""Finds every row of every person of a batch, across stores, without one statement per row.

One pass asks each store for the seeds it does not know yet; rows judged to be the person's teach
new identities (a customer number, another mailbox), which are the seeds of the next pass. When a
pass teaches nothing, the linked tables are followed from the rows judged so far. Rows that were
found but not proven stay candidates: they teach nothing and lead nowhere until a human accepts them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from daicho.register.reading import ActiveMap
from daicho.stores.order import order_links
from daicho.stores.plan import Hit, Key, Rows, Seed, StorePlan, TablePlan, Use
from daicho.stores.port import Store
from daicho.subjects.rules import Doubt, Identities, Judgement, Verdict, judge
from daicho.words.identity import TELLING, Folds, is_strong, spellings

#: Identities found lead to identities found lead to …; what a longer chain reaches, a human looks at first.
MAX_PASSES: Final = 6

Mark = Callable[[str, str, Key], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """One person of the batch: verified identities, and what a human said of earlier candidates (by mark)."""

    identities: Identities
    accepted: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A row that was found and is not proven; ``shown`` is personal and goes to the human only."""

    person: int
    store: str
    table: str
    key: Key
    mark: str
    by: frozenset[str]
    judgement: Judgement
    shown: Mapping[str, str | None]


@dataclass(slots=True, kw_only=True)
class Finding:
    """What one map found: rows per table, in plan order."""

    map: ActiveMap
    rows: list[Rows]


@dataclass(slots=True, kw_only=True)
class Resolution:
    """What all stores found for the batch.

    ``identities``: per person what was verified and what the proven rows taught; personal.
    """

    findings: list[Finding]
    candidates: list[Candidate]
    identities: list[Mapping[str, tuple[str, ...]]] = field(default_factory=list)


@dataclass(slots=True)
class _Person:
    sought: Sought
    known: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    folded: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    trusted: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    asked: set[tuple[str, str]] = field(default_factory=set)  # kind and spelling: none is asked twice


_Place = tuple[int, str, int, Key]  # map number, table, person, key


def resolve(
    maps: Sequence[ActiveMap],
    stores: Sequence[Store],
    batch: Sequence[Sought],
    *,
    mark: Mark,
    search: bool = False,
    fold: Folds | None = None,
) -> Resolution:
    """Resolve ``batch`` in ``maps`` (``stores[n]`` is the opened store of ``maps[n]``).

    Args:
        mark: names a row opaquely and stably, for a human's decision on it.
        search: also ask the columns that only a search for candidates uses (names, readings).
        fold: what the batch has folded already.
    """
    people = [_Person(one) for one in batch]
    work = _Work(maps=maps, stores=stores, people=people, mark=mark, fold=Folds() if fold is None else fold)
    compared = {one.kind for a_map in maps for table in a_map.plan.tables for one in table.identities}
    for person in people:
        for kind, values in person.sought.identities.items():
            person.known[kind].update(values)
            person.trusted[kind].update(values)
            if kind in compared:
                person.folded[kind].update(filter(None, (work.fold(kind, value) for value in values)))
    asked = {kind for a_map in maps for kind in _asked(a_map, search=search)}
    seeds: list[tuple[Seed, tuple[int, str] | None]] = [
        (seed, None)
        for number, person in enumerate(people)
        for kind, values in person.sought.identities.items()
        if kind in asked
        for value in values
        for seed in work.new_seeds(number, kind, value)
    ]
    turn = 0
    while seeds:  # each pass teaches values that were not known; beyond the limit only accepted rows teach
        work.ask(seeds, search=search and turn == 0)
        turn += 1
        seeds = work.learn(far=turn > MAX_PASSES)
    work.part_two_numbers()
    return work.finish()


@dataclass(slots=True, kw_only=True)
class _Work:
    maps: Sequence[ActiveMap]
    stores: Sequence[Store]
    people: Sequence[_Person]
    mark: Mark
    fold: Folds
    open: dict[_Place, Hit] = field(default_factory=dict)
    matched: dict[_Place, Hit] = field(default_factory=dict)
    ways: dict[tuple[str, int, str], tuple[bool, tuple[int, str] | None]] = field(default_factory=dict)
    judged: dict[_Place, Judgement] = field(default_factory=dict)
    marks: dict[_Place, str] = field(default_factory=dict)
    tables: list[dict[str, list[str]]] = field(default_factory=list)  # per map: kind → tables that look it up

    def __post_init__(self) -> None:
        self.tables = [_asked(a_map, search=False) for a_map in self.maps]

    def ask(self, seeds: Sequence[tuple[Seed, tuple[int, str] | None]], *, search: bool) -> None:
        """One look-up per store, with the seeds some table *other than their source* can look up."""
        for number, (a_map, store) in enumerate(zip(self.maps, self.stores, strict=True)):
            tables = _asked(a_map, search=True) if search else self.tables[number]
            wanted = [
                seed for seed, source in seeds if any(source != (number, table) for table in tables.get(seed.kind, ()))
            ]
            if not wanted:
                continue
            for hit in store.look_up(a_map.plan, wanted, search=search):
                place = (number, hit.table, hit.person, hit.key)
                if place not in self.matched:
                    self.open.setdefault(place, hit)

    def learn(self, *, far: bool) -> list[tuple[Seed, tuple[int, str] | None]]:
        """Judge what is open, again while rows proven teach something; return the seeds to ask next.

        ``far``: the chain is longer than `MAX_PASSES`, so that only a row a human accepted is proven.
        """
        fresh: list[tuple[Seed, tuple[int, str] | None]] = []
        while True:
            proven: list[_Place] = []
            for place, hit in self.open.items():
                verdict = self._judge(place, hit)
                if far and verdict and verdict.verdict is Verdict.MATCHED and not self._is_accepted(place):
                    verdict = replace(verdict, verdict=Verdict.CANDIDATE, doubt=Doubt.FAR)
                if verdict is not None:
                    self.judged[place] = verdict
                    if verdict.verdict is Verdict.MATCHED:
                        proven.append(place)
            if not proven:
                return fresh
            for place in proven:
                hit = self.matched[place] = self.open.pop(place)
                fresh += self._taught(place, hit)

    def _is_accepted(self, place: _Place) -> bool:
        accepted = self.people[place[2]].sought.accepted
        return bool(accepted) and self._mark(place) in accepted

    def _judge(self, place: _Place, hit: Hit) -> Judgement | None:
        person = self.people[hit.person]
        rules = self.maps[place[0]].tables[hit.table]
        if person.sought.accepted or person.sought.rejected:
            name = self._mark(place)
            if name in person.sought.rejected:
                return None
            if name in person.sought.accepted:
                for kind, value in hit.identities.items():
                    if value and is_strong(kind):
                        person.trusted[kind].add(value)
                return Judgement(verdict=Verdict.MATCHED, agreeing=hit.by, disagreeing=frozenset())
        return judge(hit.identities, person.folded, rules.identified_by, folding=self.fold)

    def _taught(self, place: _Place, hit: Hit) -> Iterable[tuple[Seed, tuple[int, str] | None]]:
        person = self.people[hit.person]
        for kind, value in hit.identities.items():
            if not value or kind in TELLING or value in person.known[kind]:
                continue
            person.known[kind].add(value)
            person.folded[kind].add(self.fold(kind, value))
            way = (kind, place[0], hit.table)
            if way not in self.ways:
                source = (place[0], hit.table) if self._is_own(kind, place) else None
                self.ways[way] = (self.leads_on(kind, source), source)
            leads_on, source = self.ways[way]
            if not leads_on:
                continue
            for seed in self.new_seeds(hit.person, kind, value):
                yield seed, source

    def new_seeds(self, person: int, kind: str, value: str) -> list[Seed]:
        """The spellings of a value that this person was not asked by yet."""
        asked = self.people[person].asked
        found = [one for one in spellings(kind, value) if (kind, one) not in asked]
        asked.update((kind, one) for one in found)
        return [Seed(person, kind, one) for one in found]

    def _is_own(self, kind: str, place: _Place) -> bool:
        """Whether no second row of the table can carry the number: it is the table's key.

        Everything else a row teaches is asked of its own table too: one person, two rows, one mailbox.
        """
        table = self.maps[place[0]].plan.table(place[1])
        return is_strong(kind) and any(
            one.kind == kind and set(table.key) <= set(one.columns) for one in table.identities
        )

    def leads_on(self, kind: str, source: tuple[int, str] | None) -> bool:
        """Whether some table other than ``source`` looks this kind up."""
        return any(
            (number, table) != source for number, tables in enumerate(self.tables) for table in tables.get(kind, ())
        )

    def part_two_numbers(self) -> None:
        """Rows that match but carry different strong numbers of one kind are put back before a human.

        A number the person gave, or a human accepted, is trusted and stays.
        """
        numbers: dict[tuple[int, str], set[str]] = defaultdict(set)
        for hit in self.matched.values():
            for kind, value in hit.identities.items():
                if value and is_strong(kind):
                    numbers[hit.person, kind].add(value)
        torn = {pair for pair, values in numbers.items() if len(values) > 1}
        if not torn:
            return
        for place, hit in list(self.matched.items()):
            for kind, value in hit.identities.items():
                if not value or (hit.person, kind) not in torn or value in self.people[hit.person].trusted[kind]:
                    continue
                self.open[place] = self.matched.pop(place)
                seen = self.judged[place]
                self.judged[place] = Judgement(
                    verdict=Verdict.CANDIDATE,
                    agreeing=seen.agreeing,
                    disagreeing=frozenset({kind}),
                    doubt=Doubt.TWO_NUMBERS,
                )
                break

    def finish(self) -> Resolution:
        """Follow the links from what is proven; hand the rest to a human."""
        found: list[dict[str, Rows]] = [{} for _ in self.maps]
        for number, table, person, key in self.matched:
            rows = found[number].setdefault(table, Rows(table))
            rows.persons.append(person)
            rows.keys.append(key)
        findings = [
            Finding(map=a_map, rows=store.follow(a_map.plan, list(tables.values())) if tables else [])
            for a_map, store, tables in zip(self.maps, self.stores, found, strict=True)
        ]
        if any(person.sought.rejected for person in self.people):
            for number, finding in enumerate(findings):
                self._drop_rejected(number, finding, list(found[number].values()))
        return Resolution(
            findings=findings,
            candidates=self._candidates(findings),
            identities=[{kind: tuple(values) for kind, values in one.known.items()} for one in self.people],
        )

    def _drop_rejected(self, number: int, finding: Finding, found: Sequence[Rows]) -> None:
        """A row a human rejected does not come back through a link, nor does what hangs on it alone.

        For the people concerned the links are followed again, table by table, past the rejected rows.
        """
        concerned = {
            person
            for rows in finding.rows
            for person, key in zip(rows.persons, rows.keys, strict=True)
            if self._is_rejected(number, rows.table, person, key)
        }
        if not concerned:
            return
        plan = finding.map.plan
        kept = {rows.table: _of_people(rows, concerned) for rows in found}
        for name in order_links(plan):
            table = plan.table(name)
            parents = {link.parent for link in table.links}
            given = [kept[one] for one in {name, *parents} if one in kept and len(kept[one])]
            reached = self.stores[number].follow(_one_step(plan, table, parents), given) if given else []
            mine = next((rows for rows in reached if rows.table == name), Rows(name))
            pairs = [
                (person, key)
                for person, key in zip(mine.persons, mine.keys, strict=True)
                if not self._is_rejected(number, name, person, key)
            ]
            kept[name] = Rows(name, [person for person, _ in pairs], [key for _, key in pairs])
        others = {person for rows in finding.rows for person in rows.persons} - concerned
        rest = {rows.table: _of_people(rows, others) for rows in finding.rows}
        finding.rows = [
            rows for table in plan.tables if len(rows := _joined(table.name, rest.get(table.name), kept[table.name]))
        ]

    def _is_rejected(self, number: int, table: str, person: int, key: Key) -> bool:
        rejected = self.people[person].sought.rejected
        return bool(rejected) and self._mark((number, table, person, key)) in rejected

    def _candidates(self, findings: Sequence[Finding]) -> list[Candidate]:
        """What stays open, less the rows that a link has meanwhile proven."""
        linked = {
            (number, rows.table, person, key)
            for number, finding in enumerate(findings)
            for rows in finding.rows
            if any(table == rows.table for _, table, _, _ in self.open)
            for person, key in zip(rows.persons, rows.keys, strict=True)
        }
        left = []
        for place, hit in self.open.items():
            judgement = self.judged.get(place)
            if judgement is None or place in linked:
                continue
            left.append(
                Candidate(
                    person=hit.person,
                    store=self.maps[place[0]].store.code,
                    table=hit.table,
                    key=hit.key,
                    mark=self._mark(place),
                    by=hit.by,
                    judgement=judgement,
                    shown=hit.identities,
                )
            )
        return left

    def _mark(self, place: _Place) -> str:
        name = self.marks.get(place)
        if name is None:
            number, table, _, key = place
            name = self.marks[place] = self.mark(self.maps[number].store.code, table, key)
        return name


def _of_people(rows: Rows, people: Collection[int]) -> Rows:
    pairs = [pair for pair in zip(rows.persons, rows.keys, strict=True) if pair[0] in people]
    return Rows(rows.table, [person for person, _ in pairs], [key for _, key in pairs])


def _joined(table: str, *parts: Rows | None) -> Rows:
    rows = Rows(table)
    for part in parts:
        if part is not None:
            rows.persons += part.persons
            rows.keys += part.keys
    return rows


def _one_step(plan: StorePlan, table: TablePlan, parents: Collection[str]) -> StorePlan:
    """The plan cut down to one table and the rows its links come from."""
    tables = tuple(
        one if one.name == table.name else replace(one, links=(), match=None)
        for one in plan.tables
        if one.name == table.name or one.name in parents
    )
    return StorePlan(store=plan.store, digest=f"{plan.digest}/{table.name}", tables=tables)


def _asked(a_map: ActiveMap, *, search: bool) -> dict[str, list[str]]:
    """Kind → tables of the map that look it up."""
    uses = {Use.LOOKUP, Use.SEARCH} if search else {Use.LOOKUP}
    tables: dict[str, list[str]] = defaultdict(list)
    for table in a_map.plan.tables:
        for identity in table.identities:
            if identity.use in uses:
                tables[identity.kind].append(table.name)
    return tables
