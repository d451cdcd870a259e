"""The contract, first part: what a store finds, follows and reads."""

from dataclasses import replace
from typing import Any

import pytest

from daicho.stores.plan import Hit, IdentityColumn, Link, Match, Rows, Seed, TablePlan, Use
from daicho.stores.port import Capability, StoreChangedError
from daicho.stores.shape import TableShape
from tests.stores.ground import Ground, SteppedStore
from tests.stores.world import (
    CUSTOMERS,
    CUSTOMERS_PLAN,
    HANAKO,
    ICHIRO,
    JIRO,
    MAPPED,
    ORDERS,
    PLAN,
    ROWS,
    TALKS_PLAN,
    TARO,
    Row,
    plan_with,
    rows_of,
)


def found(hits: list[Hit]) -> set[tuple[str, int, Any]]:
    return {(hit.table, hit.person, hit.key[0]) for hit in hits}


def pairs(rows: list[Rows], table: str) -> list[tuple[int, Any]]:
    return sorted(
        (person, key) for one in rows if one.table == table for person, key in zip(one.persons, one.keys, strict=True)
    )


class ReadingContract:
    """Mixed into `StoreContract`; ``world`` and ``store`` are its fixtures."""

    def test_it_says_what_it_can_do(self, store: SteppedStore):
        assert {Capability.AUTOMATIC, Capability.CHANGE, Capability.TRANSACTION} <= store.capabilities
        assert store.code == "shop"

    def test_inspect_tells_columns_keys_indexes_and_references(self, world: Ground, store: SteppedStore):
        shape = store.inspect(MAPPED)
        assert set(shape.tables) == set(MAPPED)
        for declared in (CUSTOMERS, ORDERS):
            seen = shape.tables[declared.name]
            assert set(seen.columns) == set(declared.columns)
            assert seen.primary_key == declared.primary_key
            assert all(seen.scanned or seen.has_index_on(index) for index in declared.indexes)
            assert seen.tells_apart(("id",))
            if world.typed:
                assert {one.name: one.type for one in seen.columns.values()} == {
                    one.name: one.type for one in declared.columns.values()
                }
                assert not seen.columns["id"].nullable
                assert {one.target for one in seen.references} == {one.target for one in declared.references}
        assert shape.tables["order items"].primary_key == ("order_id", "line")

    def test_inspect_leaves_out_tables_that_are_not_there(self, store: SteppedStore):
        assert set(store.inspect(["customers", "nowhere"]).tables) == {"customers"}

    def test_inspect_of_everything_includes_tables_no_map_speaks_of(self, store: SteppedStore):
        assert {"loans", *MAPPED} <= set(store.inspect().tables)

    def test_the_digest_stands_while_nothing_changes(self, world: Ground, store: SteppedStore):
        columns = {"customers": CUSTOMERS_PLAN.columns, "orders": ("id", "total")}
        assert store.inspect(MAPPED).digest(columns) == world.open().inspect().digest(columns)

    @pytest.mark.parametrize(
        ("kind", "value", "expected"),
        [
            ("number:customer", "1001", {HANAKO}),
            ("email", "sato@example.com", {HANAKO, ICHIRO}),
            ("email", "taro@example.com", {TARO}),  # the store holds capitals
            ("email", "SATO@Example.com", {HANAKO, ICHIRO}),
            ("name", "佐藤花子", {HANAKO}),
            ("name", "佐藤一郎", {ICHIRO}),  # the store holds a space
            ("name", "佐藤　一郎", {ICHIRO}),
            ("birth_date", "1990-04-01", set()),  # CONFIRM is never looked up
            ("phone", "090-0000-0001", set()),  # SEARCH only when asked for
            ("postal_code", "100-0001", set()),  # a kind the table does not hold
        ],
    )
    def test_look_up_finds_by(self, world: Ground, store: SteppedStore, kind: str, value: str, expected: set[int]):
        plan = plan_with(replace(TALKS_PLAN, identities=(), match=None), "no-talks")
        hits = store.look_up(plan, [Seed(0, kind, value)])
        assert found(hits) == {("customers", 0, world.key(one)[0]) for one in expected}
        assert all(hit.by == {kind} for hit in hits)

    @pytest.mark.parametrize(
        ("kind", "value", "expected"),
        [
            ("phone", "090-0000-0001", {HANAKO}),
            ("kana", "サトウハナコ", {HANAKO}),
            ("kana", "サトウ イチロウ", {ICHIRO}),
            ("number:customer", "1002", {ICHIRO}),
        ],
    )
    def test_search_finds_by(self, world: Ground, store: SteppedStore, kind: str, value: str, expected: set[int]):
        hits = store.look_up(PLAN, [Seed(0, kind, value)], search=True)
        assert found(hits) == {("customers", 0, world.key(one)[0]) for one in expected}

    def test_search_folds_latin_letters(self, world: Ground, store: SteppedStore):
        email = IdentityColumn(kind="email", columns=("email",), use=Use.SEARCH)
        plan = plan_with(replace(CUSTOMERS_PLAN, identities=(email,)), "search-email")
        hits = store.look_up(plan, [Seed(0, "email", "taro@EXAMPLE.com")], search=True)
        assert found(hits) == {("customers", 0, world.key(TARO)[0])}

    @pytest.mark.parametrize("value", ["12345678901234567890", "abc", "1001; drop", "", " ", "　", "\x00", "\ud800"])
    @pytest.mark.parametrize("kind", ["number:customer", "email", "name", "kana"])
    def test_seeds_that_do_not_fit_find_nothing(self, store: SteppedStore, kind: str, value: str):
        assert store.look_up(PLAN, [Seed(0, kind, value)], search=True) == []

    def test_no_seeds_find_nothing(self, store: SteppedStore):
        assert store.look_up(PLAN, []) == []

    def test_a_hit_tells_every_identity_the_row_holds(self, world: Ground, store: SteppedStore):
        (hit,) = store.look_up(PLAN, [Seed(0, "number:customer", "1002")])
        assert hit.identities == {
            "number:customer": "1002",
            "email": "sato@example.com",
            "phone": "090-0000-0002",
            "name": "佐藤 一郎",
            "kana": "サトウ　イチロウ",
            "birth_date": "1988-12-31",
        }
        (empty,) = store.look_up(PLAN, [Seed(0, "email", "jiro@example.com")])
        assert empty.key == world.key(JIRO)
        assert empty.identities["name"] is None
        assert empty.identities["birth_date"] is None

    def test_a_row_found_in_two_ways_is_one_hit(self, world: Ground, store: SteppedStore):
        seeds = [Seed(0, "email", "sato@example.com"), Seed(0, "number:customer", "1001"), Seed(0, "email", "x@y")]
        hits = [hit for hit in store.look_up(PLAN, seeds) if hit.table == "customers"]
        assert {hit.key: hit.by for hit in hits} == {
            world.key(HANAKO): {"email", "number:customer"},
            world.key(ICHIRO): {"email"},
        }
        assert len(hits) == 2

    def test_a_batch_never_mixes_people(self, world: Ground, store: SteppedStore):
        seeds = [
            Seed(0, "number:customer", "1001"),
            Seed(1, "number:customer", "1002"),
            Seed(2, "email", "sato@example.com"),
            Seed(3, "name", "山田太郎"),
            Seed(4, "number:customer", "404"),
        ]
        hits = [hit for hit in store.look_up(PLAN, seeds) if hit.table == "customers"]
        assert found(hits) == {
            ("customers", person, world.key(key)[0])
            for person, key in [(0, HANAKO), (1, ICHIRO), (2, HANAKO), (2, ICHIRO), (3, TARO)]
        }

    def test_every_table_with_identities_is_looked_up(self, world: Ground, store: SteppedStore):
        hits = store.look_up(PLAN, [Seed(0, "email", "sato@example.com")])
        assert {hit.key for hit in hits if hit.table == "talks"} == {world.key(one) for one in (1, 3, 4)}

    def test_follow_goes_down_a_chain_of_three(self, world: Ground, store: SteppedStore):
        reached = store.follow(PLAN, [rows_of("customers", (0, world.key(HANAKO)))])
        assert [rows.table for rows in reached] == ["customers", "addresses", "orders", "order items", "reviews"]
        assert pairs(reached, "customers") == [(0, world.key(HANAKO))]
        assert pairs(reached, "addresses") == [(0, world.key(one)) for one in (11, 12)]
        assert pairs(reached, "orders") == [(0, world.key(one)) for one in (101, 102)]
        assert pairs(reached, "order items") == [(0, world.key(*one)) for one in ((101, "1"), (101, "2"), (102, "1"))]
        assert pairs(reached, "reviews") == [(0, world.key("r-1"))]

    def test_follow_keeps_people_apart_and_lets_them_share_a_row(self, world: Ground, store: SteppedStore):
        start = rows_of("customers", (0, world.key(HANAKO)), (7, world.key(ICHIRO)), (3, world.key(HANAKO)))
        reached = store.follow(PLAN, [start])
        assert pairs(reached, "orders") == [
            (person, world.key(key)) for person, key in [(0, 101), (0, 102), (3, 101), (3, 102), (7, 201)]
        ]
        assert pairs(reached, "reviews") == [(person, world.key("r-1")) for person in (0, 3, 7)]

    def test_follow_with_both_keeps_rows_reached_in_every_way(self, world: Ground, store: SteppedStore):
        start = [
            rows_of("customers", (0, world.key(HANAKO)), (1, world.key(ICHIRO))),
            rows_of("talks", (0, world.key(1)), (0, world.key(3)), (0, world.key(4)), (1, world.key(3))),
        ]
        assert pairs(store.follow(PLAN, start), "talks") == [(0, world.key(1)), (1, world.key(3))]

    def test_follow_with_either_keeps_the_union(self, world: Ground, store: SteppedStore):
        plan = plan_with(replace(TALKS_PLAN, match=Match.EITHER), "either")
        start = [rows_of("customers", (0, world.key(HANAKO))), rows_of("talks", (0, world.key(4)), (0, world.key(1)))]
        assert pairs(store.follow(plan, start), "talks") == [(0, world.key(one)) for one in (1, 2, 4)]

    def test_follow_with_two_links_that_must_both_hold(self, world: Ground, store: SteppedStore):
        by_order = Link(columns=("order_id",), parent="orders", parent_columns=("id",))
        links = (*TALKS_PLAN.links, by_order)
        plan = plan_with(replace(TALKS_PLAN, identities=(), links=links), "two-links")
        start = [rows_of("customers", (0, world.key(HANAKO)))]
        assert pairs(store.follow(plan, start), "talks") == [(0, world.key(1))]
        either = plan_with(replace(TALKS_PLAN, identities=(), links=links, match=Match.EITHER), "two-links-either")
        assert pairs(store.follow(either, start), "talks") == [(0, world.key(one)) for one in (1, 2, 4)]

    def test_follow_walks_parents_first_whatever_the_order_of_the_plan(self, world: Ground, store: SteppedStore):
        plan = replace(PLAN, tables=tuple(reversed(PLAN.tables)), digest="reversed")
        reached = store.follow(plan, [rows_of("customers", (0, world.key(ICHIRO)))])
        assert [rows.table for rows in reached] == ["reviews", "order items", "orders", "addresses", "customers"]

    def test_follow_names_no_row_twice_and_no_row_that_is_gone(self, world: Ground, store: SteppedStore):
        start = [
            rows_of("customers", (0, world.key(HANAKO)), (0, world.key(ICHIRO)), (0, world.key(HANAKO))),
            rows_of("customers", (0, world.key(404)), (0, world.key(ICHIRO))),
        ]
        reached = store.follow(PLAN, start)
        assert pairs(reached, "customers") == [(0, world.key(HANAKO)), (0, world.key(ICHIRO))]
        assert pairs(reached, "reviews") == [(0, world.key("r-1"))]

    def test_a_row_without_a_key_is_not_passed_over(self, world: Ground, store: SteppedStore):
        """It could neither be shown nor changed, and nobody would know."""
        by_phone = plan_with(replace(CUSTOMERS_PLAN, key=("phone",)), "by-phone")
        assert store.look_up(by_phone, [Seed(0, "email", "sato@example.com")])
        with pytest.raises(StoreChangedError):
            store.look_up(by_phone, [Seed(0, "email", "jiro@example.com")])
        by_order = plan_with(replace(TALKS_PLAN, key=("order_id",), identities=(), match=None), "by-order")
        with pytest.raises(StoreChangedError):
            store.follow(by_order, [rows_of("customers", (0, world.key(HANAKO)))])

    def test_follow_of_nothing_is_nothing(self, store: SteppedStore):
        assert store.follow(PLAN, []) == []
        assert store.follow(PLAN, [Rows("customers")]) == []

    def test_read_gives_values_in_their_types(self, world: Ground, store: SteppedStore):
        wanted = {"customers": CUSTOMERS_PLAN.columns}
        for person in (HANAKO, ICHIRO, TARO):
            (record,) = store.read(PLAN, [rows_of("customers", (5, world.key(person)))], wanted)
            assert (record.table, record.person, record.key) == ("customers", 5, world.key(person))
            expected = {name: world.given(value) for name, value in ROWS["customers"][person - 1].items()}
            assert record.values == expected
            if world.typed:
                assert {name: type(value) for name, value in record.values.items()} == {
                    name: type(value) for name, value in expected.items()
                }

    def test_read_gives_only_the_columns_asked_for(self, world: Ground, store: SteppedStore):
        (record,) = store.read(PLAN, [rows_of("customers", (0, world.key(TARO)))], {"customers": ["given", "id"]})
        assert dict(record.values) == {"given": "太郎", "id": world.given(TARO)}

    def test_read_goes_table_by_table_person_by_person_key_by_key(self, world: Ground, store: SteppedStore):
        start = [
            rows_of("orders", (1, world.key(201)), (0, world.key(102)), (0, world.key(101)), (1, world.key(101))),
            rows_of("customers", (0, world.key(ICHIRO)), (0, world.key(HANAKO))),
        ]
        records = list(store.read(PLAN, start, {"orders": ["total"], "customers": ["email"]}))
        assert [(one.table, one.person, one.key) for one in records] == [
            ("orders", 0, world.key(101)),
            ("orders", 0, world.key(102)),
            ("orders", 1, world.key(101)),
            ("orders", 1, world.key(201)),
            ("customers", 0, world.key(HANAKO)),
            ("customers", 0, world.key(ICHIRO)),
        ]

    def test_read_finds_rows_by_composite_key(self, world: Ground, store: SteppedStore):
        start = rows_of("order items", (0, world.key(101, "2")), (0, world.key(201, "1")), (0, world.key(201, "2")))
        records = list(store.read(PLAN, [start], {"order items": ["line", "gift"]}))
        assert [record.key for record in records] == [world.key(101, "2"), world.key(201, "1")]

    def test_read_of_nothing_is_nothing(self, store: SteppedStore):
        assert list(store.read(PLAN, [], {})) == []
        assert list(store.read(PLAN, [Rows("orders")], {"orders": ["total"]})) == []

    def test_a_read_can_be_left_in_the_middle(self, world: Ground, store: SteppedStore):
        keys = [(0, world.key(one)) for one in (101, 102, 201)]
        for _ in range(3):
            records = store.read(PLAN, [rows_of("orders", *keys)], {"orders": ["total"]})
            assert next(records).key == world.key(101)
            records.close()  # type: ignore[attr-defined]
        assert len(list(store.read(PLAN, [rows_of("orders", *keys)], {"orders": ["total"]}))) == 3

    def test_two_reads_at_once_do_not_disturb_each_other(self, world: Ground, store: SteppedStore):
        keys = rows_of("orders", *[(0, world.key(one)) for one in (101, 102, 201)])
        first = store.read(PLAN, [keys], {"orders": ["id"]})
        second = store.read(PLAN, [keys], {"orders": ["id"]})
        assert [(one.key, other.key) for one, other in zip(first, second, strict=True)] == [
            (world.key(one), world.key(one)) for one in (101, 102, 201)
        ]

    def test_twenty_thousand_rows_are_followed_and_read_in_order(self, ground: Ground):
        plenty = 20_000
        ground.build([CUSTOMERS, *many_tables()], {"customers": ROWS["customers"], "visits": many_rows(plenty)})
        store = ground.open()
        reached = store.follow(MANY_PLAN, [rows_of("customers", (0, ground.key(HANAKO)), (1, ground.key(ICHIRO)))])
        visits = next(rows for rows in reached if rows.table == "visits")
        assert len(visits) == plenty
        records = list(store.read(MANY_PLAN, [visits], {"visits": ["page"]}))
        read = [(record.person, record.key) for record in records]
        assert read == sorted(zip(visits.persons, visits.keys, strict=True))
        assert [person for person, _ in read].count(0) == plenty // 2
        left = store.read(MANY_PLAN, [visits], {"visits": ["page"]})
        assert next(left).values == {"page": "頁"}
        left.close()  # type: ignore[attr-defined]
        for _ in range(2):  # a long read, whole or left in the middle, leaves nothing behind for the next calls
            shape = store.inspect(["customers", "visits"])
            assert set(shape.tables) == {"customers", "visits"}
            assert next(store.read(MANY_PLAN, [visits], {"visits": ["page"]})).key == records[0].key
            some = rows_of("visits", (0, visits.keys[0])), rows_of("customers", (0, ground.key(HANAKO)))
            assert len(list(store.read(MANY_PLAN, some, {"visits": ["page"], "customers": ["given"]}))) == 2
        store.close()


MANY_PLAN = replace(
    PLAN,
    digest="many",
    tables=(
        CUSTOMERS_PLAN,
        TablePlan(
            name="visits",
            key=("id",),
            links=(Link(columns=("customer_id",), parent="customers", parent_columns=("id",)),),
            columns=("page",),
        ),
    ),
)


def many_tables() -> list[TableShape]:
    shape = replace(
        ORDERS,
        name="visits",
        columns={
            "id": ORDERS.columns["id"],
            "customer_id": ORDERS.columns["customer_id"],
            "page": replace(CUSTOMERS.columns["given"], name="page"),
        },
        indexes=frozenset({("id",), ("customer_id",)}),
        references=ORDERS.references[:1],
    )
    return [shape]


def many_rows(count: int) -> list[Row]:
    """The first half is Hanako's, the second Ichiro's; ids scattered."""
    return [
        {"id": (number * 7919) % 1_000_003, "customer_id": HANAKO if number < count // 2 else ICHIRO, "page": "頁"}
        for number in range(count)
    ]
