"""Who carries a run out: other hosts, several organisations, and letting go."""

import sqlite3
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from daicho.people.actions import create_account
from daicho.people.models import Account, AccountOrganisation
from daicho.people.queries import get_actor
from daicho.people.rules import Role
from daicho.rights.actions.carrying import resume_run
from daicho.rights.actions.deciding import decide_claim
from daicho.rights.actions.receiving import check_request, open_request
from daicho.rights.intake import Intake
from daicho.rights.rules import ClaimState
from daicho.runs.actions import HeldElsewhereError, take_over
from daicho.runs.models import Run, RunStore
from daicho.site.wiring import open_store
from daicho.trail.models import TrailEntry
from daicho.words.errors import NotAllowedError, NotFoundError
from tests.rights import desk as one
from tests.rights import two_stores as two
from tests.rights.desk import AT, HANAKO, Desk
from tests.rights.planted import planted
from tests.runs.register import replaced, rewrite
from tests.runs.steps import At, approved, carry, events, run_of, search, state_of, states

CAREER = "copro-career"
ELSEWHERE = "old-container/1/100"


class StoppedError(Exception):
    """The process ends here, in effect."""


def stop() -> None:
    raise StoppedError


def left(desk, step: str = "run.after_change") -> str:
    """A claim whose run stopped half-way."""
    claim = approved(desk)
    with pytest.raises(StoppedError):
        carry(desk, claim, progress=At(step, stop))
    return claim


def test_a_holder_of_another_host_that_renewed_nothing_for_a_quarter_of_an_hour_is_dead(desk):
    claim = left(desk)
    Run.objects.update(holder=ELSEWHERE, held_at=Now() - timedelta(minutes=14))
    with pytest.raises(HeldElsewhereError) as caught:
        carry(desk, claim)
    assert "--take-over" in str(caught.value.advice.en)
    Run.objects.update(held_at=Now() - timedelta(minutes=16))
    (done,) = carry(desk, claim)
    assert done.state is ClaimState.READING_BACK


def test_an_officer_takes_a_run_over_from_a_holder_nobody_can_see(desk):
    claim = left(desk)
    Run.objects.update(holder=ELSEWHERE, held_at=Now())
    ref = run_of(desk, claim).ref
    with pytest.raises(NotAllowedError):
        take_over(ref, scope=desk.clerk, at=desk.at)
    take_over(ref, scope=desk.officer, at=desk.at)
    assert TrailEntry.objects.get(event="run.taken_over").actor == "boss"
    with pytest.raises(NotAllowedError, match="Nobody holds"):
        take_over(ref, scope=desk.officer, at=desk.at)
    resume_run(ref, scope=desk.clerk, at=desk.at, open_store=open_store)
    assert state_of(desk, claim) is ClaimState.READING_BACK


def test_whoever_lost_the_run_changes_no_further_store(desk):
    claim = approved(desk)
    lose = At("run.confirmed", lambda: Run.objects.update(fence=9, holder=ELSEWHERE))
    with pytest.raises(HeldElsewhereError):
        carry(desk, claim, progress=lose)
    assert states(desk, claim) == {"shop": "confirmed", "site": "intended"}
    assert desk.rows("SELECT id FROM customers WHERE id = 1") == []
    assert two.both(desk.folder)["members"][0][0] == 51
    assert Run.objects.get().holder == ELSEWHERE


@pytest.mark.parametrize(
    "step", ["run.intended", "run.store", "run.before_change", "run.after_change", "run.read_back", "run.confirmed"]
)
@pytest.mark.parametrize("error", [StoppedError, KeyboardInterrupt, SystemExit])
def test_a_run_is_let_go_however_it_is_left(desk, step, error):
    def leave() -> None:
        raise error

    claim = approved(desk)
    with pytest.raises(error):
        carry(desk, claim, progress=At(step, leave))
    assert Run.objects.get().holder == ""
    if step != "run.intended":
        with pytest.raises(error):
            carry(desk, claim, progress=At("run.store", leave))
        assert Run.objects.get().holder == ""
    (done,) = carry(desk, claim)
    assert done.state is ClaimState.READING_BACK


def test_a_run_is_never_taken_up_without_its_entry(desk):
    claim = left(desk)
    fence = Run.objects.get().fence

    def refuse(execute, sql, params, many, context):
        if "trail" in sql and sql.startswith("INSERT"):
            raise StoppedError
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse), pytest.raises(StoppedError):
        resume_run(run_of(desk, claim).ref, scope=desk.clerk, at=desk.at, open_store=open_store)
    assert (Run.objects.get().fence, events("run.taken_up")) == (fence, 0)
    carry(desk, claim)
    assert (Run.objects.get().fence, events("run.taken_up")) == (fence + 1, 1)


# ── several organisations ────────────────────────────────────────────────────────────────────


@pytest.fixture
def group_desk(workspace, db) -> Desk:
    """The desk with the shop alone."""
    return planted("one", workspace, one.open_desk)


def grouped(desk) -> str:
    """An approved erasure addressed to both companies; the member site belongs to the second."""
    for code, role in (("boss", Role.OFFICER), ("clerk", Role.DESK), ("engineer", Role.ENGINEER)):
        account = Account.objects.get(code=code)
        AccountOrganisation.objects.create(account=account, organisation=CAREER, role=role, granted_at=AT)
    create_account(
        "local", display_name="l", organisation=one.ORGANISATION, roles=[Role.OFFICER], scope=desk.officer, at=AT
    )
    desk.clerk, desk.officer = get_actor("clerk", at=AT), get_actor("boss", at=AT)
    with sqlite3.connect(desk.folder / "site.sqlite3") as site:
        site.executescript(two.SCHEMA)
    texts = {"store2": two.STORE, "holdings2": two.HOLDINGS}
    texts = {name: replaced(text, one.ORGANISATION, CAREER) for name, text in texts.items()}
    rewrite(desk, texts | {"map2": two.MAP}, confirm="site")
    claim = {"kind": "erase", "basis": "no_longer_needed"}
    intake = Intake.model_validate({"addressed": [one.ORGANISATION, CAREER], "person": HANAKO, "claims": [claim]})
    number = open_request(intake, scope=desk.clerk, at=AT)
    desk.papers(number)
    check_request(number, identity=True, scope=desk.clerk, at=AT)
    search(desk, number)
    decide_claim(f"{number}-1", ClaimState.APPROVED, scope=desk.officer, at=desk.at)
    return f"{number}-1"


@pytest.mark.parametrize("step", ["run.intended", "run.before_change", "run.after_change", "run.confirmed"])
def test_a_run_for_two_companies_goes_on_after_a_crash(group_desk, step):
    desk = group_desk
    claim = grouped(desk)
    with pytest.raises(StoppedError):
        carry(desk, claim, progress=At(step, stop))
    assert Run.objects.get().organisations == [CAREER, one.ORGANISATION]
    (done,) = carry(desk, claim)
    assert (done.state, done.still_open) == (ClaimState.READING_BACK, [])
    assert set(RunStore.objects.values_list("state", flat=True)) == {"confirmed"}
    assert two.both(desk.folder)["members"][0][0] == 52


def test_a_run_for_two_companies_asks_for_the_role_in_both(group_desk):
    desk = group_desk
    claim = grouped(desk)
    with pytest.raises(StoppedError):
        carry(desk, claim, progress=At("run.intended", stop))
    ref = Run.objects.get().ref
    local = get_actor("local", at=AT)
    with pytest.raises(NotFoundError):
        resume_run(ref, scope=local, at=desk.at, open_store=open_store)
    AccountOrganisation.objects.create(
        account=Account.objects.get(code="local"), organisation=CAREER, role=Role.AUDITOR, granted_at=AT
    )
    with pytest.raises(NotAllowedError):
        resume_run(ref, scope=get_actor("local", at=AT), at=desk.at, open_store=open_store)
    assert state_of(desk, claim) is ClaimState.CARRYING_OUT
    assert events("run.taken_up") == 0
