"""In which order the tables of a plan are walked, and in which their rows can go.

Reading follows the plan's links. Deleting must also obey the store's foreign keys, among
which are some no map speaks of (an order points at its delivery address). Rows go in the
reverse of the order given here.
"""

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import ClassVar

from daicho.stores.plan import Act, Change, StorePlan
from daicho.stores.port import StoreChangedError
from daicho.stores.shape import StoreShape
from daicho.words.text import Text


class TableCycleError(StoreChangedError):
    """The tables refer to each other in a ring, so no order of deletion exists."""

    code: ClassVar[str] = "table-cycle"

    def __init__(self, store: str, ring: tuple[str, ...]) -> None:
        names = " → ".join(ring)
        super().__init__(
            Text(
                f"保管先 {store} の表が互いに参照し合っています（{names}）。",
                f"Tables of {store} refer to each other in a ring ({names}).",
            ),
            advice=Text(
                "対応表の links を一つ消すか、保管先の外部キーを deferrable か on delete set null にしてください。",
                "Remove one link of the map, or make one foreign key deferrable or on delete set null.",
            ),
        )
        self.ring = ring


def order_links(plan: StorePlan) -> tuple[str, ...]:
    """The plan's tables, parents before children by its links; otherwise in plan order.

    Raises:
        TableCycleError: the links form a ring.
    """
    for table in plan.tables:
        if any(link.parent == table.name for link in table.links):
            raise TableCycleError(plan.store, (table.name, table.name))
    return _sort(plan, {table.name: {link.parent for link in table.links} for table in plan.tables})


def order_tables(plan: StorePlan, shape: StoreShape) -> tuple[str, ...]:
    """The plan's tables, parents before children by links and by the foreign keys of ``shape``.

    Foreign keys decide; a link that contradicts them does not (rows it reaches have no
    order). References of a table to itself are left to the store: all its rows go at once.

    Raises:
        TableCycleError: the links form a ring, or foreign keys that are not loose do.
    """
    order_links(plan)
    needs: dict[str, set[str]] = {table.name: set() for table in plan.tables}
    for table in plan.tables:
        seen = shape.tables.get(table.name)
        for reference in seen.references if seen else ():
            if reference.target in needs and not reference.loose:
                needs[table.name].add(reference.target)
    _sort(plan, needs)
    for table in plan.tables:
        _add_where_possible(needs, table.name, (link.parent for link in table.links))
        seen = shape.tables.get(table.name)
        loose = (one.target for one in seen.references if one.loose) if seen else ()
        _add_where_possible(needs, table.name, loose)
    return _sort(plan, needs)


def order_changes(changes: Sequence[Change], tables: Sequence[str]) -> list[int]:
    """Positions of ``changes`` in the order they are carried out: values set first, then rows deleted from the leaves."""
    place = {name: index for index, name in enumerate(tables)}

    def rank(position: int) -> tuple[bool, int]:
        change = changes[position]
        return (change.act is Act.DELETE, -place.get(change.table, 0) if change.act is Act.DELETE else 0)

    return sorted(range(len(changes)), key=rank)


def _add_where_possible(needs: dict[str, set[str]], child: str, parents: Iterable[str]) -> None:
    """Add wishes that make no ring."""
    for parent in parents:
        if parent in needs and not _leads_to(needs, parent, child):
            needs[child].add(parent)


def _leads_to(needs: Mapping[str, set[str]], start: str, end: str) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        if name not in seen:
            seen.add(name)
            waiting += needs.get(name, ())
    return False


def _sort(plan: StorePlan, needs: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Topological order that keeps plan order wherever it may."""
    place = {table.name: index for index, table in enumerate(plan.tables)}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name in place:
        sorter.add(name, *sorted(parent for parent in needs[name] if parent in place and parent != name))
    try:
        sorter.prepare()
    except CycleError as cycle:
        ring = tuple(cycle.args[1])
    else:
        ring = ()
    if ring:
        raise TableCycleError(plan.store, ring)
    ordered: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()], key=place.__getitem__)
        name = ready.pop(0)
        ordered.append(name)
        sorter.done(name)
    return tuple(ordered)
