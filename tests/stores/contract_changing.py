"""The contract, second part: what a store changes, and how it stands afterwards."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from daicho.stores.plan import Act, Change, Standing
from daicho.stores.port import ChangeRefusedError, CountsDifferError
from tests.stores.contract_reading import MANY_PLAN, many_rows, many_tables
from tests.stores.ground import Ground, SteppedStore, assert_says_nothing
from tests.stores.world import CUSTOMERS, HANAKO, ICHIRO, JIRO, MAPPED, PLAN, ROWS, TARO, rows_of


def delete(world: Ground, table: str, *keys: Any) -> Change:
    return Change(
        table=table, act=Act.DELETE, keys=[world.key(*(key if isinstance(key, tuple) else (key,))) for key in keys]
    )


def put(world: Ground, table: str, *keys: Any, before: dict[str, Any] | None = None, **values: Any) -> Change:
    found = [world.key(*(key if isinstance(key, tuple) else (key,))) for key in keys]
    return Change(table=table, act=Act.SET, keys=found, values=values, before=before)


def everything_of_hanako(world: Ground) -> list[Change]:
    """Parents first on purpose; an order points at its address, which no link says."""
    return [
        delete(world, "customers", HANAKO),
        delete(world, "addresses", 11, 12),
        delete(world, "orders", 101, 102),
        delete(world, "order items", (101, "1"), (101, "2"), (102, "1")),
        put(world, "talks", 1, 2, body=None, customer_id=None),
        put(world, "customers", ICHIRO, given="二郎"),
    ]


class ChangingContract:
    """Mixed into `StoreContract`."""

    def test_change_deletes_children_before_parents(self, world: Ground, store: SteppedStore):
        changes = everything_of_hanako(world)
        assert store.change(PLAN, changes) == [1, 2, 2, 3, 2, 1]
        assert [row["id"] for row in world.seen("customers")] == ["2", "3", "4"]
        assert [row["id"] for row in world.seen("addresses")] == ["21", "99"]
        assert [row["id"] for row in world.seen("orders")] == ["201"]
        assert [row["order_id"] for row in world.seen("order items")] == ["201"]
        assert [row["body"] for row in world.seen("talks")][:2] == [None, None]
        assert world.seen("customers")[0]["given"] == "二郎"
        assert [one.as_after for one in store.read_back(PLAN, changes)] == [1, 2, 2, 3, 2, 1]

    def test_change_touches_nothing_else(self, world: Ground, store: SteppedStore):
        before = world.picture()
        store.change(PLAN, [delete(world, "reviews", "r-1"), put(world, "customers", TARO, phone="03-0000-0000")])
        after = world.picture()
        assert [row["code"] for row in before["reviews"]] == ["r-1", "r-2"]
        assert after["reviews"] == before["reviews"][1:]
        before["customers"][2]["phone"] = "03-0000-0000"
        assert {name: rows for name, rows in after.items() if name != "reviews"} == {
            name: rows for name, rows in before.items() if name != "reviews"
        }

    def test_set_takes_every_type_and_reading_back_agrees(self, world: Ground, store: SteppedStore):
        values = {
            "number": 77,
            "given": '二郎, "jiro"\r\n次',
            "born_on": date(2001, 2, 3),
            "member": True,
            "points": Decimal("1.25"),
            "note 備考": "",
        }
        change = Change(table="customers", act=Act.SET, keys=[world.key(JIRO)], values=values)
        assert store.change(PLAN, [change]) == [1]
        assert store.read_back(PLAN, [change]) == [Standing(1, 1, 1)]
        (record,) = store.read(PLAN, [rows_of("customers", (0, world.key(JIRO)))], {"customers": list(values)})
        assert record.values == {name: world.given(value) for name, value in values.items()}

    def test_set_reads_values_written_as_text(self, world: Ground, store: SteppedStore):
        """A map's replacement values come from a document, where a date is text."""
        change = put(world, "customers", JIRO, born_on="1900-01-01", number="5", points="3.5", member="false")
        assert store.change(PLAN, [change]) == [1]
        assert store.read_back(PLAN, [change]) == [Standing(1, 1, 1)]
        (record,) = store.read(PLAN, [rows_of("customers", (0, world.key(JIRO)))], {"customers": ["born_on", "number"]})
        assert record.values == {"born_on": world.given(date(1900, 1, 1)), "number": world.given(5)}

    def test_set_blanks_columns(self, world: Ground, store: SteppedStore):
        change = put(world, "customers", HANAKO, ICHIRO, given=None, born_on=None, photo=None, points=None)
        assert store.change(PLAN, [change]) == [2]
        assert store.read_back(PLAN, [change]) == [Standing(2, 2, 2)]
        assert [row["given"] for row in world.seen("customers")] == [None, None, "太郎", None]

    def test_before_lets_a_change_through_when_it_holds(self, world: Ground, store: SteppedStore):
        before = {"phone": None, "given": "太郎", "points": None}
        change = put(world, "customers", TARO, before=before, phone="03-1", given="次郎")
        assert store.read_back(PLAN, [change]) == [Standing(1, 1, 0, 1)]
        assert store.change(PLAN, [change]) == [1]
        assert store.read_back(PLAN, [change]) == [Standing(1, 1, 1, 0)]

    def test_before_stops_the_whole_change_when_it_does_not_hold(self, world: Ground, store: SteppedStore):
        picture = world.picture()
        changes = [
            delete(world, "reviews", "r-1"),
            put(world, "customers", HANAKO, ICHIRO, before={"given": "花子"}, given="華子"),
        ]
        with pytest.raises(CountsDifferError) as caught:
            store.change(PLAN, changes)
        assert_says_nothing(caught.value)
        assert world.picture() == picture

    def test_before_and_after_types_agree(self, world: Ground, store: SteppedStore):
        before = {name: value for name, value in ROWS["customers"][0].items() if name not in ("id", "photo")}
        (record,) = store.read(PLAN, [rows_of("customers", (0, world.key(HANAKO)))], {"customers": list(before)})
        change = replace(put(world, "customers", HANAKO, phone="1"), before=record.values)
        assert store.change(PLAN, [change]) == [1]

    @pytest.mark.parametrize("missing", [404, 405])
    def test_counts_that_differ_change_nothing(self, world: Ground, store: SteppedStore, missing: int):
        picture = world.picture()
        for wrong in (delete(world, "addresses", 99, missing), put(world, "addresses", 99, missing, street="x")):
            with pytest.raises(CountsDifferError) as caught:
                store.change(PLAN, [delete(world, "reviews", "r-1", "r-2"), wrong])
            assert_says_nothing(caught.value)
            assert world.picture() == picture

    def test_a_change_that_was_made_already_is_not_made_again(self, world: Ground, store: SteppedStore):
        changes = [delete(world, "reviews", "r-1")]
        store.change(PLAN, changes)
        with pytest.raises(CountsDifferError):
            store.change(PLAN, changes)

    @pytest.mark.parametrize("value", ["ではない", "2001-02-30", 10**30])
    def test_a_value_that_does_not_fit_its_column_is_refused(self, world: Ground, store: SteppedStore, value: Any):
        if not world.typed:
            return  # every text fits; see test_a_change_the_store_refuses
        picture = world.picture()
        for column in ("born_on", "number"):
            with pytest.raises(ChangeRefusedError) as caught:
                store.change(PLAN, [delete(world, "reviews", "r-1"), put(world, "customers", JIRO, **{column: value})])
            assert_says_nothing(caught.value)
        assert world.picture() == picture

    def test_text_no_store_can_hold_is_refused(self, world: Ground, store: SteppedStore):
        picture = world.picture()
        for text in ("\x00", "\ud800"):
            with pytest.raises(ChangeRefusedError):
                store.change(PLAN, [delete(world, "reviews", "r-1"), put(world, "customers", JIRO, given=text)])
        assert world.picture() == picture

    def test_composite_keys_change_the_row_they_name(self, world: Ground, store: SteppedStore):
        changes = [put(world, "order items", (101, "2"), gift="のし"), delete(world, "order items", (102, "1"))]
        assert store.change(PLAN, changes) == [1, 1]
        assert [(row["order_id"], row["line"], row["gift"]) for row in world.seen("order items")] == [
            ("101", "1", "カナリア"),
            ("101", "2", "のし"),
            ("201", "1", "カナリア"),
        ]
        assert store.read_back(PLAN, changes) == [Standing(1, 1, 1), Standing(1, 0, 1, 0)]

    def test_no_rows_and_no_changes_are_fine(self, world: Ground, store: SteppedStore):
        picture = world.picture()
        nothing = [delete(world, "orders"), put(world, "customers", given="x")]
        assert store.change(PLAN, nothing) == [0, 0]
        assert store.change(PLAN, []) == []
        assert store.read_back(PLAN, nothing) == [Standing(0, 0, 0, 0), Standing(0, 0, 0)]
        assert store.read_back(PLAN, []) == []
        assert world.picture() == picture

    def test_reading_back_tells_before_after_and_neither(self, world: Ground, store: SteppedStore):
        changes = [
            delete(world, "order items", (101, "1"), (101, "2")),
            put(world, "customers", HANAKO, ICHIRO, before={"member": True}, given="某"),
        ]
        assert store.read_back(PLAN, changes) == [Standing(2, 2, 0, 2), Standing(2, 2, 0, 1)]
        store.change(PLAN, [delete(world, "order items", (101, "1")), put(world, "customers", HANAKO, given="某")])
        assert store.read_back(PLAN, changes) == [Standing(2, 1, 1, 1), Standing(2, 2, 1, 1)]
        store.change(PLAN, [delete(world, "order items", (101, "2")), put(world, "customers", ICHIRO, given="某")])
        assert [(one.present, one.as_after) for one in store.read_back(PLAN, changes)] == [(0, 2), (2, 2)]

    def test_a_change_is_seen_by_a_store_opened_before_it(self, world: Ground, store: SteppedStore):
        other = world.open()
        assert other.follow(PLAN, [rows_of("customers", (0, world.key(ICHIRO)))])
        store.change(PLAN, [delete(world, "order items", (201, "1")), delete(world, "orders", 201)])
        reached = other.follow(PLAN, [rows_of("customers", (0, world.key(ICHIRO)))])
        assert [rows.table for rows in reached] == ["customers", "addresses", "reviews"]
        other.close()

    def test_the_shape_is_the_same_after_a_change(self, world: Ground, store: SteppedStore):
        columns = {one.name: one.columns for one in PLAN.tables}
        before = store.inspect(MAPPED).digest(columns)
        store.change(PLAN, everything_of_hanako(world))
        assert store.inspect(MAPPED).digest(columns) == before

    def test_twenty_thousand_rows_go_in_one_change(self, ground: Ground):
        plenty = 20_000
        ground.build([CUSTOMERS, *many_tables()], {"customers": ROWS["customers"], "visits": many_rows(plenty)})
        store = ground.open()
        reached = store.follow(MANY_PLAN, [rows_of("customers", (0, ground.key(HANAKO)), (1, ground.key(ICHIRO)))])
        visits = next(rows for rows in reached if rows.table == "visits")
        half = plenty // 2
        changes = [
            Change(table="visits", act=Act.DELETE, keys=visits.keys[:half]),
            Change(table="visits", act=Act.SET, keys=visits.keys[half:], values={"page": None}, before={"page": "頁"}),
        ]
        assert store.change(MANY_PLAN, changes) == [half, half]
        assert store.read_back(MANY_PLAN, changes) == [Standing(half, 0, half, 0), Standing(half, half, half, 0)]
        assert len(ground.rows("visits")) == half
        store.close()
