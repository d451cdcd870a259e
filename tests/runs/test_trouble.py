"""What a run does when a store is not what it was, does not answer, or refuses."""

import shutil

import pytest

from daicho.people.queries import get_actor
from daicho.register.actions import apply_documents, confirm_map
from daicho.register.planning import plan_documents
from daicho.rights.actions.carrying import resume_run
from daicho.rights.actions.deciding import reopen_claim
from daicho.rights.rules import ClaimState
from daicho.runs.actions import HeldElsewhereError, LeftToHumanError, decide_left
from daicho.runs.models import Run
from daicho.runs.queries import list_runs
from daicho.site.wiring import open_store
from daicho.stores.port import ChangeRefusedError, StoreChangedError, StoreUnreachableError
from daicho.words.errors import InputError, NotFoundError
from tests.rights.desk import ICHIRO
from tests.rights.two_stores import both
from tests.runs.steps import At, approved, carry, events, reopen, run_of, search, state_of, states

NEW_ADDRESS = {"claim": {"values": {"address": "名古屋市東区泉9-9-9"}}}


class StoppedError(Exception):
    """The process ends here, in effect."""


def stop() -> None:
    raise StoppedError


# ── before anything was intended ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "alteration",
    ["ALTER TABLE customers RENAME TO clients", "ALTER TABLE customers DROP COLUMN note", "DROP TABLE invoices"],
)
def test_a_store_that_changed_since_the_search_is_not_touched_and_the_claim_stays_approved(desk, alteration):
    claim = approved(desk)
    desk.run(alteration)
    before = desk.rows("SELECT name, sql FROM sqlite_master")
    with pytest.raises(StoreChangedError) as caught:
        carry(desk, claim)
    assert "shop" in str(caught.value)
    assert desk.rows("SELECT name, sql FROM sqlite_master") == before
    assert desk.rows("SELECT count(*) FROM orders") == [(3,)]
    assert state_of(desk, claim) is ClaimState.APPROVED
    assert list_runs(scope=desk.clerk) == []


def test_a_store_that_is_gone_before_the_plan_leaves_the_claim_approved_and_every_store_untouched(desk):
    claim = approved(desk)
    before = both(desk.folder)
    desk.database.rename(desk.folder / "away")
    with pytest.raises(StoreUnreachableError):
        carry(desk, claim)
    assert state_of(desk, claim) is ClaimState.APPROVED
    (desk.folder / "away").rename(desk.database)
    assert both(desk.folder) == before
    (done,) = carry(desk, claim)
    assert (done.state, done.still_open) == (ClaimState.READING_BACK, [])


# ── after the intent ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("again", ["the same process", "a new process"])
def test_a_store_that_goes_away_after_the_intent_waits_while_the_other_is_confirmed(desk, again):
    claim = approved(desk)
    away = desk.folder / "away"
    with pytest.raises(StoreUnreachableError):
        carry(desk, claim, progress=At("run.intended", lambda: desk.database.rename(away)))
    assert states(desk, claim) == {"shop": "intended/store-unreachable", "site": "confirmed"}
    assert state_of(desk, claim) is ClaimState.CARRYING_OUT
    if again == "a new process":
        reopen()
    with pytest.raises(StoreUnreachableError):
        carry(desk, claim)
    assert states(desk, claim)["shop"] == "intended/store-unreachable"
    away.rename(desk.database)
    (done,) = carry(desk, claim)
    assert (done.state, done.still_open) == (ClaimState.READING_BACK, [])
    assert desk.rows("SELECT id FROM customers WHERE id = 1") == []
    assert (events("run.intended"), events("run.confirmed")) == (1, 1)


def test_a_store_away_at_the_taking_up_does_not_keep_another_from_being_finished(desk):
    claim = approved(desk)

    def both_away() -> None:
        for name in ("shop", "site"):
            (desk.folder / f"{name}.sqlite3").rename(desk.folder / f"{name}.away")

    with pytest.raises(StoreUnreachableError):
        carry(desk, claim, progress=At("run.intended", both_away))
    assert set(states(desk, claim).values()) == {"intended/store-unreachable"}
    (desk.folder / "site.away").rename(desk.folder / "site.sqlite3")
    reopen()
    with pytest.raises(StoreUnreachableError):
        carry(desk, claim)
    assert states(desk, claim) == {"shop": "intended/store-unreachable", "site": "confirmed"}
    (desk.folder / "shop.away").rename(desk.database)
    (done,) = carry(desk, claim)
    assert done.state is ClaimState.READING_BACK


def test_a_table_renamed_after_the_intent_changes_nothing_there_and_is_finished_when_it_is_back(desk):
    claim = approved(desk)
    rename = At("run.intended", lambda: desk.run("ALTER TABLE orders RENAME TO old_orders"))
    with pytest.raises(StoreChangedError):
        carry(desk, claim, progress=rename)
    assert desk.rows("SELECT count(*) FROM customers WHERE id = 1") == [(1,)]
    assert states(desk, claim) == {"shop": "intended/store-changed", "site": "confirmed"}
    desk.run("ALTER TABLE old_orders RENAME TO orders")
    (done,) = carry(desk, claim)
    assert done.state is ClaimState.READING_BACK
    assert desk.rows("SELECT id FROM orders") == [(13,)]


def test_a_change_the_store_refuses_stays_named_and_is_finished_when_it_is_allowed(desk):
    claim = approved(desk)
    desk.run(
        "CREATE TRIGGER no_delete BEFORE DELETE ON orders BEGIN SELECT RAISE(ABORT, 'hanako@example.com must stay'); END"
    )
    before = both(desk.folder)
    with pytest.raises(ChangeRefusedError) as caught:
        carry(desk, claim)
    assert "hanako" not in str(caught.value)
    assert "hanako" not in caught.value.say("ja")
    assert states(desk, claim) == {"shop": "intended/change-refused", "site": "confirmed"}
    assert both(desk.folder)["customers"] == before["customers"]
    desk.run("DROP TRIGGER no_delete")
    (done,) = carry(desk, claim)
    assert done.state is ClaimState.READING_BACK


# ── somebody else was faster ─────────────────────────────────────────────────────────────────


def test_a_row_edited_under_a_correction_is_not_overwritten_but_left_to_a_human(desk):
    claim = approved(desk, "correction", **NEW_ADDRESS)
    edit = At("run.intended", lambda: desk.run("UPDATE customers SET address = '転居先1-1' WHERE id = 1"))
    with pytest.raises(LeftToHumanError) as caught:
        carry(desk, claim, progress=edit)
    assert "shop" in str(caught.value)
    assert desk.rows("SELECT address FROM customers WHERE id = 1") == [("転居先1-1",)]
    assert states(desk, claim) == {"shop": "human/neither", "site": "confirmed"}
    assert state_of(desk, claim) is ClaimState.CARRYING_OUT
    assert events("run.left_to_human") == 1


def test_a_row_half_deleted_by_somebody_is_left_to_a_human_until_decided(desk):
    claim = approved(desk)
    half = At("run.intended", lambda: desk.run("DELETE FROM orders WHERE id = 11"))
    with pytest.raises(LeftToHumanError):
        carry(desk, claim, progress=half)
    assert states(desk, claim) == {"shop": "human/neither", "site": "confirmed"}
    left = both(desk.folder)
    for _ in range(2):  # nothing happens to it until somebody decides, also when it is put back meanwhile
        with pytest.raises(LeftToHumanError):
            carry(desk, claim)
        assert both(desk.folder) == left
        desk.run("INSERT OR IGNORE INTO orders VALUES (11, 1, '2026-01-01', '机')")
        left = both(desk.folder)
    assert states(desk, claim)["shop"] == "human/neither"
    decide_left(run_of(desk, claim).ref, "shop", retry=True, scope=desk.officer, at=desk.at)
    (done,) = carry(desk, claim)
    assert (done.state, done.still_open) == (ClaimState.READING_BACK, [])
    assert desk.rows("SELECT id FROM orders") == [(13,)]
    assert (events("run.confirmed"), events("run.decided_by_hand")) == (1, 1)


def test_what_a_human_settled_by_hand_is_confirmed_and_answered_as_such(desk):
    claim = approved(desk)
    half = At("run.intended", lambda: desk.run("DELETE FROM orders WHERE id = 11"))
    with pytest.raises(LeftToHumanError):
        carry(desk, claim, progress=half)
    ref = run_of(desk, claim).ref
    decide_left(ref, "shop", retry=False, scope=desk.officer, at=desk.at)
    left = both(desk.folder)
    (done,) = carry(desk, claim)
    assert done.state is ClaimState.READING_BACK
    assert both(desk.folder) == left
    assert {(one["store"], one["fate"]) for one in done.outcome} == {
        ("shop", "by_hand"),
        ("site", "deleted"),
        ("site", "blanked"),
    }
    with pytest.raises(NotFoundError):
        decide_left(ref, "shop", retry=False, scope=desk.officer, at=desk.at)


def test_rows_somebody_deleted_all_by_themselves_count_as_done(desk):
    claim = approved(desk)

    def all_of_it() -> None:
        desk.run("DELETE FROM orders WHERE customer_id = 1")
        desk.run("DELETE FROM customers WHERE id = 1")
        desk.run("DELETE FROM invoices WHERE id = 22")

    (done,) = carry(desk, claim, progress=At("run.intended", all_of_it))
    assert done.state is ClaimState.READING_BACK
    assert events("run.confirmed") == 1


def test_rows_that_came_after_the_intent_are_found_by_the_next_search_not_deleted_unseen(desk):
    claim = approved(desk)
    late = At("run.intended", lambda: desk.run("INSERT INTO orders VALUES (14, 1, '2026-11-01', '灯')"))
    (done,) = carry(desk, claim, progress=late)
    assert done.state is ClaimState.READING_BACK
    assert desk.rows("SELECT id FROM orders ORDER BY id") == [(13,), (14,)]


def test_a_candidate_that_appeared_since_the_decision_stops_the_run(desk):
    claim = approved(desk)
    desk.run("INSERT INTO customers (id, family_name, given_name, email) VALUES (6, '別', '人', 'hanako@example.com')")
    before = both(desk.folder)
    with pytest.raises(Exception, match="undecided candidates"):
        carry(desk, claim)
    assert both(desk.folder) == before
    assert state_of(desk, claim) is ClaimState.APPROVED
    reopen_claim(claim, scope=desk.clerk, at=desk.at)
    assert search(desk, claim.removesuffix("-1")).candidates == 1


# ── taking up ────────────────────────────────────────────────────────────────────────────────


def test_a_run_that_met_trouble_is_free_for_another_process_while_this_one_lives(desk):
    claim = approved(desk)
    away = desk.folder / "away"
    with pytest.raises(StoreUnreachableError):
        carry(desk, claim, progress=At("run.intended", lambda: desk.database.rename(away)))
    assert Run.objects.get(ref=run_of(desk, claim).ref).holder == ""
    Run.objects.update(holder="another-host/1/1")
    with pytest.raises(HeldElsewhereError):
        carry(desk, claim)


def test_a_confirmed_run_taken_up_again_does_nothing(desk):
    claim = approved(desk)
    carry(desk, claim)
    after = both(desk.folder)
    resume_run(run_of(desk, claim).ref, scope=desk.clerk, at=desk.at, open_store=open_store)
    (done,) = carry(desk, claim)
    assert done.state is ClaimState.READING_BACK
    assert both(desk.folder) == after
    assert (events("run.confirmed"), events("run.taken_up")) == (1, 0)


def test_a_batch_that_was_stopped_half_way_is_finished_by_one_call_with_all_its_claims(desk):
    first = approved(desk)
    desk.run("DELETE FROM customers WHERE id = 3")  # who shares Ichiro's mailbox is another story
    second = approved(desk, person=ICHIRO | {"numbers": {"customer": "2"}})

    with pytest.raises(StoppedError):
        carry(desk, first, second, progress=At("run.confirmed", stop))
    assert {state_of(desk, first), state_of(desk, second)} == {ClaimState.CARRYING_OUT}
    done = carry(desk, first, second)
    assert [one.state for one in done] == [ClaimState.READING_BACK] * 2
    assert events("run.confirmed") == 1
    assert desk.rows("SELECT id FROM customers WHERE id < 3") == []


def test_a_run_whose_map_was_replaced_meanwhile_is_left_to_a_human_and_the_rest_goes_on(desk):
    claim = approved(desk)

    with pytest.raises(StoppedError):
        carry(desk, claim, progress=At("run.intended", stop))
    path = desk.folder / "register" / "map2.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("会員, en: Member", "会員, en: Members"), encoding="utf-8")
    engineer = get_actor("engineer", at=desk.at)
    plan = plan_documents([path], scope=engineer, open_store=open_store, policy=None)
    apply_documents(plan, scope=engineer, at=desk.at)
    confirm_map("site", scope=desk.officer, at=desk.at)
    with pytest.raises(LeftToHumanError):
        carry(desk, claim)
    assert states(desk, claim) == {"shop": "confirmed", "site": "human/map-replaced"}
    assert desk.rows("SELECT id FROM customers WHERE id = 1") == []


def test_a_run_nobody_has_is_named(desk):
    with pytest.raises(NotFoundError):
        resume_run("X-0", scope=desk.clerk, at=desk.at, open_store=open_store)
    with pytest.raises(InputError):
        decide_left("X-0", "shop", retry=True, scope=desk.clerk, at=desk.at)


def test_a_full_copy_put_in_the_place_of_the_store_is_read_before_anything_is_changed(desk):
    """The administrator restores last night's backup between the store's commit and our confirmation."""
    claim = approved(desk)
    backup = desk.folder / "backup"
    shutil.copy(desk.database, backup)

    def restore() -> None:
        backup.replace(desk.database)
        stop()

    with pytest.raises(StoppedError):
        carry(desk, claim, progress=At("run.after_change", restore))
    assert desk.rows("SELECT id FROM customers WHERE id = 1") == [(1,)]
    (done,) = carry(desk, claim)
    assert done.state is ClaimState.READING_BACK
    assert desk.rows("SELECT id FROM customers WHERE id = 1") == []
