"""Rows that must wait, and how a claim that was left open goes on."""

import pytest

from daicho.people.queries import get_actor
from daicho.register.actions import apply_documents, confirm_map
from daicho.register.planning import plan_documents
from daicho.rights.actions.answering import answer_request
from daicho.rights.queries import get_request
from daicho.rights.rules import ClaimState, RequestState
from daicho.runs.actions import StoppedByHoldError, release_hold, set_hold
from daicho.runs.queries import list_holds
from daicho.site.wiring import open_store
from daicho.words.errors import JudgementError, NotAllowedError, NotFoundError
from tests.rights.desk import HANAKO
from tests.rights.two_stores import both
from tests.runs.steps import At, approve, approved, carry, events, search, state_of, states


def hold(desk, claim: str) -> str:
    person = get_request(claim, scope=desk.officer, on=desk.at.date()).person
    return set_hold(person, ground="litigation", organisation="copro-holdings", scope=desk.officer, at=desk.at)


def test_under_a_legal_hold_nothing_ends_the_claim_stays_open_and_goes_on_when_released(desk):
    claim = approved(desk)
    before = both(desk.folder)
    ref = hold(desk, claim)
    assert [one.ref for one in list_holds(scope=desk.officer)] == [ref]
    (waiting,) = carry(desk, claim)
    assert both(desk.folder) == before
    assert {one["fate"] for one in waiting.outcome} == {"waiting", "kept", "entrusted"}
    assert {left.split(":")[0] for left in waiting.still_open} == {"waiting"}
    answered = answer_request(claim.removesuffix("-1"), scope=desk.clerk, at=desk.at, folder=desk.files)
    assert (answered.letters, list(answered.waiting)) == ([], [claim])
    (still,) = carry(desk, claim)  # nothing has changed: no second run
    assert (still.run, events("run.intended")) == (waiting.run, 1)
    release_hold(ref, scope=desk.officer, at=desk.at)
    (dry,) = carry(desk, claim, dry_run=True)
    assert both(desk.folder) == before
    (done,) = carry(desk, claim)
    assert (done.state, done.still_open) == (ClaimState.READING_BACK, [])
    assert sum(one["changed"] for one in dry.outcome) == sum(one["changed"] for one in done.outcome) == 7
    assert desk.rows("SELECT id FROM customers WHERE id = 1") == []
    assert events("run.confirmed") == 2
    answered = answer_request(claim.removesuffix("-1"), scope=desk.clerk, at=desk.at, folder=desk.files)
    assert answered.state is RequestState.CLOSED


def test_a_hold_set_after_the_intent_stops_what_has_not_happened_yet(desk):
    claim = approved(desk)

    def crash() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry(desk, claim, progress=At("run.confirmed", crash))  # the shop is done, the site is not
    ref = hold(desk, claim)
    left = both(desk.folder)
    with pytest.raises(StoppedByHoldError):
        carry(desk, claim)
    assert both(desk.folder) == left
    assert states(desk, claim) == {"shop": "confirmed", "site": "intended/run-legal-hold"}
    release_hold(ref, scope=desk.officer, at=desk.at)
    (done,) = carry(desk, claim)
    assert done.state is ClaimState.READING_BACK
    assert both(desk.folder)["members"] == left["members"][1:]


def test_a_hold_can_only_be_set_on_a_person_of_the_organisation(desk):
    with pytest.raises(NotFoundError):
        set_hold("P-0000", ground="litigation", organisation="copro-holdings", scope=desk.officer, at=desk.at)
    with pytest.raises(NotFoundError):
        release_hold("H-0", scope=desk.officer, at=desk.at)


def test_a_hold_once_released_is_not_released_again(desk):
    claim = approved(desk)
    ref = hold(desk, claim)
    release_hold(ref, scope=desk.officer, at=desk.at)
    with pytest.raises(NotFoundError):
        release_hold(ref, scope=desk.officer, at=desk.at)


def test_rows_no_map_had_an_end_for_keep_the_claim_open_until_it_has(desk):
    path = desk.folder / "register" / "map2.yaml"
    whole = path.read_text(encoding="utf-8")
    _apply(desk, path, whole.replace("    on:\n      erase: {end: blank, columns: [page]}\n", ""))
    claim = approved(desk)
    (left,) = carry(desk, claim)
    assert left.still_open == ["untouched:site.visits"]
    assert state_of(desk, claim) is ClaimState.READING_BACK
    assert desk.rows("SELECT id FROM customers WHERE id = 1") == []
    (again,) = carry(desk, claim)
    assert again.run == left.run
    _apply(desk, path, whole)
    (orphans,) = carry(desk, claim)  # the member is gone: who its visits were cannot be found any more
    assert orphans.still_open == ["untouched:site.visits"]
    counts = {(one["store"], one["table"], one["fate"]): one["changed"] for one in orphans.outcome}
    assert counts["shop", "customers", "deleted"] == 1
    assert counts["site", "members", "deleted"] == 1


def test_what_a_second_run_ends_is_answered_together_with_the_first(desk):
    """The shop has an end only later: the site's deletion of the first run is in the outcome of the second."""
    path = desk.folder / "register" / "map.yaml"
    whole = path.read_text(encoding="utf-8")
    text = whole.replace("    on:\n      erase: {end: delete}\n      stop_provision", "    on:\n      stop_provision")
    _apply(desk, path, text, code="shop")
    claim = approved(desk)
    (left,) = carry(desk, claim)
    assert left.still_open == ["untouched:shop.customers"]
    _apply(desk, path, whole, code="shop")
    (done,) = carry(desk, claim)
    assert done.still_open == []
    counts = {(one["store"], one["table"], one["fate"]): (one["found"], one["changed"]) for one in done.outcome}
    assert counts == {
        ("shop", "customers", "deleted"): (1, 1),
        ("shop", "orders", "deleted"): (2, 2),
        ("shop", "invoices", "kept"): (1, 0),
        ("shop", "invoices", "deleted"): (1, 1),
        ("shop", "entrusted", "entrusted"): (1, 0),
        ("site", "members", "deleted"): (1, 1),
        ("site", "visits", "blanked"): (2, 2),
    }
    answered = answer_request(claim.removesuffix("-1"), scope=desk.clerk, at=desk.at, folder=desk.files)
    assert answered.state is RequestState.CLOSED


def test_a_correction_that_reaches_no_column_is_not_answered_as_done(desk):
    claim = approved(
        desk, "correction", claim={"values": {"address": "名古屋市", "shop.customers.photo": "新しい写真"}}
    )
    before = both(desk.folder)
    for dry_run in (True, False):
        with pytest.raises(JudgementError) as caught:
            carry(desk, claim, dry_run=dry_run)
        assert "photo" in str(caught.value)
        assert "写真" not in caught.value.say("ja")
    assert both(desk.folder) == before
    assert state_of(desk, claim) is ClaimState.APPROVED


def test_a_correction_with_nothing_found_cannot_be_approved(desk):
    nobody = HANAKO | {"name": "不在 太郎", "emails": [], "phones": [], "kana": None}
    with pytest.raises(NotAllowedError, match="Nothing was found"):
        approved(desk, "correction", claim={"values": {"address": "名古屋市"}}, person=nobody)


def test_a_key_is_never_corrected(desk):
    number = desk.verified({"kind": "correction", "values": {"shop.customers.id": "99"}}, fee=0)
    search(desk, number)
    approve(desk, f"{number}-1")
    with pytest.raises(JudgementError):
        carry(desk, f"{number}-1")
    assert desk.rows("SELECT id FROM customers WHERE id IN (1, 99)") == [(1,)]


def _apply(desk, path, text: str, *, code: str = "site") -> None:
    path.write_text(text, encoding="utf-8")
    engineer = get_actor("engineer", at=desk.at)
    plan = plan_documents([path], scope=engineer, open_store=open_store, policy=None)
    apply_documents(plan, scope=engineer, at=desk.at)
    confirm_map(code, scope=desk.officer, at=desk.at)
