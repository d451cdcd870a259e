"""The steps of a request, short, for tests of what happens in the middle of one."""

from collections.abc import Callable, Sequence
from typing import Any

from daicho.rights.actions.carrying import Carried, carry_out
from daicho.rights.actions.deciding import decide_claim
from daicho.rights.actions.searching import Searched, search_request
from daicho.rights.queries import get_request
from daicho.rights.rules import ClaimState
from daicho.runs.queries import RunView, list_runs
from daicho.site.wiring import close_all, open_store
from daicho.trail.models import TrailEntry
from tests.rights.desk import Desk


class At:
    """Calls ``act`` once, the first time the run tells ``step``."""

    def __init__(self, step: str, act: Callable[[], object], *, nth: int = 1) -> None:
        self._step, self._act, self._left = step, act, nth

    def step(self, name: str, *, done: int = 0, total: int = 0) -> None:
        del done, total
        if name == self._step:
            self._left -= 1
            if self._left == 0:
                self._act()


def search(desk: Desk, number: str, *, by_name: bool = False) -> Searched:
    return search_request(number, by_name=by_name, scope=desk.clerk, at=desk.at, open_store=open_store)


def approve(desk: Desk, claim: str) -> None:
    decide_claim(claim, ClaimState.APPROVED, scope=desk.officer, at=desk.at)


def approved(desk: Desk, kind: str = "erase", **more: Any) -> str:
    """A searched and approved claim of Hanako."""
    claim = {"kind": kind, **more.pop("claim", {})}
    number = desk.verified(claim, fee=500 if kind in {"disclosure", "purpose_notice"} else 0, **more)
    search(desk, number)
    approve(desk, f"{number}-1")
    return f"{number}-1"


def carry(desk: Desk, *claims: str, **more: Any) -> Sequence[Carried]:
    return carry_out(claims, scope=desk.clerk, at=desk.at, open_store=open_store, folder=desk.files, **more)


def state_of(desk: Desk, claim: str) -> ClaimState:
    case = get_request(claim, scope=desk.clerk, on=desk.at.date())
    return next(one.state for one in case.claims if one.number == claim)


def run_of(desk: Desk, claim: str) -> RunView:
    return next(run for run in list_runs(scope=desk.clerk) if claim in run.owners)


def states(desk: Desk, claim: str) -> dict[str, str]:
    """Store → state, with the reason where there is one."""
    return {
        one.store: f"{one.state}/{one.reason}" if one.reason else str(one.state) for one in run_of(desk, claim).stores
    }


def events(name: str) -> int:
    return TrailEntry.objects.filter(event=name).count()


def reopen() -> None:
    """As a new process would: nothing of the stores is open."""
    close_all()
