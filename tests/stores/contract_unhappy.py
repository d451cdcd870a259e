"""The contract, third part: the store changed, went away, refused, or the machine stopped in the middle."""

from collections.abc import Callable
from typing import Any

import pytest

from daicho.stores.plan import Rows, Seed
from daicho.stores.port import ChangeRefusedError, StoreChangedError, StoreUnreachableError
from daicho.stores.shape import ColumnType
from daicho.words.errors import StoreError
from tests.stores.contract_changing import delete, everything_of_hanako, put
from tests.stores.contract_reading import MANY_PLAN, many_rows, many_tables
from tests.stores.ground import Ground, SteppedStore, assert_says_nothing, killed_at
from tests.stores.world import CUSTOMERS, HANAKO, ICHIRO, MAPPED, PLAN, ROWS, rows_of

Call = Callable[[SteppedStore, Ground], Any]

#: Every way into a store, with values that must not come out again.
CALLS: dict[str, Call] = {
    "look_up": lambda store, _: store.look_up(
        PLAN, [Seed(0, "email", "sato@example.com"), Seed(0, "name", "カナリア")]
    ),
    "search": lambda store, _: store.look_up(PLAN, [Seed(0, "kana", "カナリア")], search=True),
    "follow": lambda store, world: store.follow(PLAN, [rows_of("customers", (0, world.key(HANAKO)))]),
    "read": lambda store, world: list(
        store.read(PLAN, [rows_of("customers", (0, world.key(HANAKO)))], {"customers": list(CUSTOMERS.columns)})
    ),
    "change": lambda store, world: store.change(PLAN, [put(world, "customers", HANAKO, given="カナリア")]),
    "read_back": lambda store, world: store.read_back(PLAN, [put(world, "customers", HANAKO, given="カナリア")]),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


class UnhappyContract:
    """Mixed into `StoreContract`."""

    @every_call
    def test_a_renamed_table_is_a_changed_store(self, world: Ground, store: SteppedStore, call: Call):
        world.rename_table("customers", "clients")
        with pytest.raises(StoreChangedError) as caught:
            call(store, world)
        assert_says_nothing(caught.value)

    @every_call
    def test_a_table_renamed_under_an_open_store_is_noticed(self, world: Ground, store: SteppedStore, call: Call):
        call(store, world)
        world.rename_table("customers", "clients")
        with pytest.raises(StoreChangedError) as caught:
            call(store, world)
        assert_says_nothing(caught.value)
        world.rename_table("clients", "customers")
        call(store, world)

    @pytest.mark.parametrize("column", ["email", "note 備考"])
    @pytest.mark.parametrize("used", ["first call", "later call"])
    def test_a_dropped_column_is_a_changed_store(self, world: Ground, store: SteppedStore, column: str, used: str):
        if used == "later call":
            CALLS["read"](store, world)
        columns = {"customers": tuple(CUSTOMERS.columns)}
        before = store.inspect(MAPPED).digest(columns)
        world.drop_column("customers", column)
        assert store.inspect(MAPPED).digest(columns) != before
        with pytest.raises(StoreChangedError) as caught:
            CALLS["read"](store, world)
        assert_says_nothing(caught.value)

    @pytest.mark.parametrize("used", ["first call", "later call"])
    def test_a_column_of_another_type_is_a_changed_store(self, world: Ground, store: SteppedStore, used: str):
        if used == "later call":
            for call in CALLS.values():
                call(store, world)
        columns = {"customers": tuple(CUSTOMERS.columns)}
        before = store.inspect(MAPPED).digest(columns)
        world.change_type("customers", "number", ColumnType.TEXT)
        assert (store.inspect(MAPPED).digest(columns) != before) is world.typed
        for call in CALLS.values():  # whatever the caller does next: an answer or an error, never a driver's
            try:
                call(store, world)
            except StoreError as error:
                assert_says_nothing(error)

    @every_call
    def test_a_cut_wire_is_unreachable_and_the_next_call_can_succeed(
        self, world: Ground, store: SteppedStore, call: Call
    ):
        call(store, world)
        world.cut()
        with pytest.raises(StoreUnreachableError) as caught:
            call(store, world)
        assert_says_nothing(caught.value)
        assert caught.value.retry
        with pytest.raises(StoreUnreachableError):
            store.inspect(MAPPED)
        world.mend()
        call(store, world)
        assert set(store.inspect(MAPPED).tables) == set(MAPPED)

    @every_call
    def test_a_wire_cut_before_the_first_call_is_unreachable(self, world: Ground, call: Call):
        world.cut()
        with pytest.raises(StoreUnreachableError) as caught:
            call(world.open(), world)
        assert_says_nothing(caught.value)
        world.mend()

    def test_a_read_cut_in_the_middle_never_ends_early_without_a_word(self, ground: Ground):
        plenty = 20_000
        ground.build([CUSTOMERS, *many_tables()], {"customers": ROWS["customers"], "visits": many_rows(plenty)})
        store = ground.open()
        (_, visits) = store.follow(MANY_PLAN, [rows_of("customers", (0, ground.key(HANAKO)), (1, ground.key(ICHIRO)))])
        records = store.read(MANY_PLAN, [visits, Rows("visits", [5], visits.keys[:1])], {"visits": ["page"]})
        first = [next(records) for _ in range(10)]
        ground.cut()
        try:
            rest = list(records)
        except StoreUnreachableError as error:
            assert_says_nothing(error)
        else:
            assert len(first) + len(rest) == plenty + 1
        ground.mend()
        store.close()

    def test_a_change_cut_at_any_step_is_all_or_nothing(self, world: Ground):
        before = world.picture()
        steps: list[str] = []
        counting = world.open()
        counting.on_step = steps.append
        counting.change(PLAN, [put(world, "customers", HANAKO, given="花子")])
        counting.close()
        assert steps
        changes = [put(world, "customers", HANAKO, given="華子"), delete(world, "reviews", "r-1")]
        for place in range(len(steps) + 1):
            store = world.open()
            left = [place]

            def on_step(_name: str, left: list[int] = left) -> None:
                left[0] -= 1
                if left[0] == -1:
                    world.cut()

            store.on_step = on_step
            try:
                store.change(PLAN, changes)
            except StoreUnreachableError as error:
                assert_says_nothing(error)
            finally:
                world.mend()
            standing = store.read_back(PLAN, changes)
            store.close()
            done = [one.as_after == one.expected for one in standing]
            assert all(done) or not any(done), place
            if all(done):
                assert [row["code"] for row in world.seen("reviews")] == ["r-2"]
                return
            assert world.picture() == before
        pytest.fail("the change never came through")

    def test_a_machine_stopped_at_any_step_leaves_all_or_nothing(self, world: Ground):
        changes = everything_of_hanako(world)
        before = world.picture()
        steps = 0
        done = [False]
        for step in killed_at(world, PLAN, changes):
            steps += 1
            store = world.open()
            done = [one.as_after == one.expected for one in store.read_back(PLAN, changes)]
            store.close()
            assert all(done) or not any(done), step
            if all(done):
                break  # the rest would have nothing to change
            assert world.picture() == before, step
        assert steps > 1
        store = world.open()
        if not all(done):
            assert store.change(PLAN, changes) == [1, 2, 2, 3, 2, 1]
        assert [row["id"] for row in world.seen("customers")] == ["2", "3", "4"]
        store.close()

    def test_an_error_in_the_middle_of_a_change_undoes_it(self, world: Ground, store: SteppedStore):
        """Ctrl-C, a full memory: whatever is raised, nothing half-done stays and the store goes on."""
        before = world.picture()
        changes = everything_of_hanako(world)

        def stop(_name: str) -> None:
            raise KeyboardInterrupt

        store.on_step = stop
        with pytest.raises(KeyboardInterrupt):
            store.change(PLAN, changes)
        assert world.picture() == before
        store.on_step = lambda _name: None
        assert store.change(PLAN, changes) == [1, 2, 2, 3, 2, 1]

    def test_a_change_the_store_refuses_changes_nothing(self, world: Ground, store: SteppedStore):
        plan, refused = world.refused()
        before = world.picture()
        for changes in (
            [delete(world, "reviews", "r-1"), refused],
            [put(world, "customers", ICHIRO, given="x"), refused],
        ):
            with pytest.raises(ChangeRefusedError) as caught:
                store.change(plan or PLAN, changes)
            assert_says_nothing(caught.value)
            assert world.picture() == before

    def test_a_missing_permission_changes_nothing_and_says_so(self, world: Ground):
        before = world.picture()
        with world.without_permission() as store:
            assert store.look_up(PLAN, [Seed(0, "email", "jiro@example.com")])
            with pytest.raises(ChangeRefusedError) as caught:
                store.change(PLAN, everything_of_hanako(world))
        assert_says_nothing(caught.value)
        assert world.picture() == before

    def test_closing_and_opening_twice_is_harmless(self, world: Ground):
        first, second = world.open(), world.open()
        assert CALLS["follow"](first, world) == CALLS["follow"](second, world)
        first.close()
        first.close()
        assert CALLS["follow"](second, world)
        second.close()
        never_used = world.open()
        never_used.close()
        again = world.open()
        assert CALLS["follow"](again, world)
        again.close()
