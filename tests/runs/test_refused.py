"""A store that goes on refusing a change: a human decides, and the outcome says what was left."""

import pytest

from daicho.runs.actions import LeftToHumanError, decide_left
from daicho.stores.port import ChangeRefusedError
from daicho.trail.models import TrailEntry
from daicho.words.errors import NotAllowedError
from tests.rights.two_stores import both
from tests.runs.steps import At, approved, carry, run_of, states

REFUSE = "CREATE TRIGGER no_delete BEFORE DELETE ON orders BEGIN SELECT RAISE(ABORT, 'no'); END"


def refused(desk) -> str:
    claim = approved(desk)
    desk.run(REFUSE)
    with pytest.raises(ChangeRefusedError):
        carry(desk, claim)
    assert states(desk, claim)["shop"] == "intended/change-refused"
    with pytest.raises(LeftToHumanError, match="refused the change again"):
        carry(desk, claim)
    assert states(desk, claim)["shop"] == "human/change-refused"
    with pytest.raises(LeftToHumanError, match="refused the change again"):
        carry(desk, claim)
    return claim


def test_what_a_store_refuses_again_waits_for_a_human_and_runs_once_it_is_allowed(desk):
    claim = refused(desk)
    desk.run("DROP TRIGGER no_delete")
    decide_left(run_of(desk, claim).ref, "shop", retry=True, scope=desk.officer, at=desk.at)
    (done,) = carry(desk, claim)
    assert done.still_open == []
    assert desk.rows("SELECT id FROM customers WHERE id = 1") == []


def test_what_is_given_up_is_left_as_it_was_and_the_outcome_says_so(desk):
    claim = refused(desk)
    before = both(desk.folder)
    decide_left(run_of(desk, claim).ref, "shop", retry=False, give_up=True, scope=desk.officer, at=desk.at)
    assert '"given_up":true' in TrailEntry.objects.get(event="run.decided_by_hand").facts
    assert both(desk.folder) == before
    view = run_of(desk, claim)
    (shop,) = [store for store in view.stores if store.store == "shop"]
    assert {(entry["table"], entry["fate"], entry["changed"], entry["holding"]) for entry in shop.sets} == {
        ("customers", "untouched", 0, "H-1"),
        ("orders", "untouched", 0, "H-1"),
        ("invoices", "kept", 0, "H-1"),
        ("invoices", "untouched", 0, "H-1"),
        ("entrusted", "entrusted", 0, "H-2"),
    }


def test_a_store_that_may_have_been_changed_is_not_given_up(desk):
    claim = approved(desk)
    half = At("run.intended", lambda: desk.run("DELETE FROM orders WHERE id = 11"))
    with pytest.raises(LeftToHumanError):
        carry(desk, claim, progress=half)
    with pytest.raises(NotAllowedError, match="may have been changed"):
        decide_left(run_of(desk, claim).ref, "shop", retry=False, give_up=True, scope=desk.officer, at=desk.at)
    assert states(desk, claim)["shop"] == "human/neither"
