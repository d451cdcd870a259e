"""Runs on stores, legal holds, stops, and what is tidied away."""

from collections.abc import Sequence

from daicho.api.gate import ApiRequest
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import Done, HoldSaid, LeftSaid, Ref, ResumeSaid
from daicho.consent.actions import lift_stop as lift
from daicho.consent.queries import StopInForce
from daicho.consent.queries import list_stops as find_stops
from daicho.rights.actions.carrying import resume_run as resume
from daicho.rights.actions.importing import drop_abandoned
from daicho.rights.queries import get_request
from daicho.runs import actions
from daicho.runs.queries import HoldView, RunView
from daicho.runs.queries import list_holds as find_holds
from daicho.runs.queries import list_runs as find_runs
from daicho.words.text import Text

router = Routes(Text("実行と停止", "Runs and stops"))


@router.get("/runs", needs=TokenScope.RUNS_READ, says=Text("実行の一覧", "List runs"), response=list[RunView])
def list_runs(request: ApiRequest, only_open: bool = False) -> Sequence[RunView]:  # noqa: FBT001, FBT002 (a query parameter)
    """Newest first, a hundred at most; counts and codes, no person."""
    return find_runs(scope=request.door.scope, only_open=only_open)


@router.post(
    "/runs/{ref}/resumption",
    needs=TokenScope.RUNS_WRITE,
    says=Text("残った実行を再開する", "Go on with a run that was left"),
    response=Done,
    together=False,
)
def resume_run(request: ApiRequest, ref: Ref, body: ResumeSaid) -> Done:
    """``take_over`` frees it from a holder that is gone for certain; for the officer."""
    door = request.door
    if body.take_over:
        actions.take_over(ref, scope=door.scope, at=door.at)
    resume(ref, scope=door.scope, at=door.at, open_store=door.open_store)
    return Done(ref=ref, state="confirmed")


@router.post(
    "/runs/{ref}/stores/{store}/decision",
    needs=TokenScope.RUNS_WRITE,
    says=Text("人の判断待ちの保管先を判断する", "Decide on a store that a run left to a human"),
    response=Done,
)
def decide_run(request: ApiRequest, ref: Ref, store: Ref, body: LeftSaid) -> Done:
    """``retry``: it was put back; ``by_hand``: nothing is left to do; ``give_up``: its rows stay."""
    actions.decide_left(
        ref,
        store,
        retry=body.decision == "retry",
        give_up=body.decision == "give_up",
        scope=request.door.scope,
        at=request.door.at,
    )
    return Done(ref=ref, state=body.decision)


@router.get(
    "/holds", needs=TokenScope.RUNS_READ, says=Text("保全の一覧", "List legal holds in force"), response=list[HoldView]
)
def list_holds(request: ApiRequest) -> Sequence[HoldView]:
    """For those who may know of an investigation."""
    return find_holds(scope=request.door.scope)


@router.post(
    "/holds", needs=TokenScope.RUNS_WRITE, says=Text("保全を設定する", "Set a legal hold"), response={201: Done}
)
def set_hold(request: ApiRequest, body: HoldSaid) -> Done:
    """Every ending of the rows of the request's person waits until it is released."""
    door = request.door
    case = get_request(body.request, scope=door.scope, on=door.today)
    ref = actions.set_hold(
        case.person, ground=body.ground, organisation=case.organisation, scope=door.scope, at=door.at
    )
    return Done(ref=ref)


@router.post(
    "/holds/{ref}/release",
    needs=TokenScope.RUNS_WRITE,
    says=Text("保全を解除する", "Release a legal hold"),
    response=Done,
)
def release_hold(request: ApiRequest, ref: Ref) -> Done:
    """Rows that waited can be ended by carrying the claim out again."""
    actions.release_hold(ref, scope=request.door.scope, at=request.door.at)
    return Done(ref=ref, state="released")


@router.get(
    "/stops",
    needs=TokenScope.REQUESTS_READ,
    says=Text("有効な停止の一覧", "List stops in force"),
    response=list[StopInForce],
)
def list_stops(request: ApiRequest) -> Sequence[StopInForce]:
    """What people stopped, newest first."""
    return find_stops(scope=request.door.scope)


@router.post(
    "/stops/{ref}/lifting", needs=TokenScope.REQUESTS_DECIDE, says=Text("停止を解除する", "Lift a stop"), response=Done
)
def lift_stop(request: ApiRequest, ref: Ref) -> Done:
    """Because the person asked for it."""
    lift(ref, scope=request.door.scope, at=request.door.at)
    return Done(ref=ref, state="lifted")


@router.post(
    "/files/tidying",
    needs=TokenScope.RUNS_WRITE,
    says=Text("期限の過ぎたデータファイルを消去する", "Erase data files whose days are over"),
    response=Done,
    together=False,
)
def tidy(request: ApiRequest) -> Done:
    """And what crashes left; once a day."""
    done = actions.drop_expired(scope=request.door.scope, at=request.door.at, folder=request.door.folder)
    uploads = drop_abandoned(folder=request.door.folder, at=request.door.at)
    return Done(ref="files", count=done.files + done.leftovers + uploads)
