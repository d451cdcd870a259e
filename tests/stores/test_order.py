from dataclasses import replace

import pytest

from daicho.stores.order import TableCycleError, order_changes, order_links, order_tables
from daicho.stores.plan import Act, Change, Link, StorePlan, TablePlan
from daicho.stores.shape import ColumnType, Reference, StoreShape
from tests.stores.world import MAPPED, PLAN, SHAPE, points_at, table


def link(parent: str) -> Link:
    return Link(columns=("x",), parent=parent, parent_columns=("id",))


def plan(**links: list[str]) -> StorePlan:
    tables = tuple(
        TablePlan(name=name, key=("id",), links=tuple(link(parent) for parent in parents))
        for name, parents in links.items()
    )
    return StorePlan(store="shop", digest="p", tables=tables)


def shape(**references: list[Reference]) -> StoreShape:
    found = {
        name: table(name, {"id": ColumnType.INTEGER, "x": ColumnType.INTEGER}, references=some)
        for name, some in references.items()
    }
    return StoreShape(tables=found)


def test_links_put_parents_first_and_keep_the_plans_order_otherwise():
    assert order_links(plan(c=["b"], b=["a"], a=[], z=[])) == ("a", "b", "c", "z")
    assert order_links(plan(z=[], a=[], m=[])) == ("z", "a", "m")


def test_a_reference_no_link_speaks_of_decides_too():
    ordered = order_tables(PLAN, SHAPE)
    assert set(ordered) == set(MAPPED)
    assert ordered.index("addresses") < ordered.index("orders") < ordered.index("order items")


def test_a_link_that_contradicts_a_reference_gives_way():
    assert order_tables(plan(a=[], b=["a"]), shape(a=[points_at("x", "b")], b=[])) == ("b", "a")


def test_a_table_may_refer_to_itself():
    assert order_tables(plan(staff=[]), shape(staff=[points_at("x", "staff")])) == ("staff",)


def test_a_ring_of_references_is_an_error_that_names_it():
    ring = shape(a=[points_at("x", "b")], b=[points_at("x", "c")], c=[points_at("x", "a")])
    with pytest.raises(TableCycleError) as caught:
        order_tables(plan(a=[], b=[], c=[]), ring)
    assert {"a", "b", "c"} == set(caught.value.ring)


def test_a_loose_reference_opens_the_ring():
    loose = replace(points_at("x", "a"), loose=True)
    assert order_tables(plan(a=[], b=[]), shape(a=[points_at("x", "b")], b=[loose])) == ("b", "a")


def test_a_loose_reference_is_still_obeyed_where_it_can_be():
    assert order_tables(plan(b=[], a=[]), shape(a=[], b=[replace(points_at("x", "a"), loose=True)])) == ("a", "b")


@pytest.mark.parametrize("links", [{"a": ["b"], "b": ["a"]}, {"a": ["a"]}])
def test_a_ring_of_links_is_an_error(links: dict[str, list[str]]):
    with pytest.raises(TableCycleError):
        order_links(plan(**links))


def test_values_are_set_first_and_leaves_go_first():
    changes = [
        Change(table="a", act=Act.DELETE, keys=[(1,)]),
        Change(table="b", act=Act.DELETE, keys=[(1,)]),
        Change(table="a", act=Act.SET, keys=[(2,)], values={"x": 1}),
        Change(table="b", act=Act.SET, keys=[(2,)], values={"x": 1}),
    ]
    assert order_changes(changes, ("a", "b")) == [2, 3, 1, 0]
