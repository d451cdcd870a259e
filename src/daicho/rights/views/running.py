"""実施の記録: runs that are open and what to do about them, and legal holds."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from daicho.law.kinds import KINDS, RequestKind
from daicho.people.doors import DoorRequest, act, changes, reads
from daicho.rights.actions.carrying import resume_run
from daicho.rights.actions.importing import drop_abandoned
from daicho.rights.queries import get_request
from daicho.rights.saying import STORE_STATES
from daicho.rights.sights import names_for
from daicho.rights.views.asked import page_of
from daicho.runs.access import CARRIERS, HOLDERS, JUDGES, LOOKERS, OVERRIDERS, TIDIERS
from daicho.runs.actions import decide_left, drop_expired, release_hold, set_hold, take_over
from daicho.runs.grounds import HOLD_GROUND_WORDS, HoldGround
from daicho.runs.queries import count_expired_data, list_holds, list_runs
from daicho.stores.port import ChangeRefusedError
from daicho.words.errors import InputError
from daicho.words.text import Text

_PAGE = 30


@reads(*LOOKERS)
def runs(request: DoorRequest) -> HttpResponse:
    """Runs, open ones first; holds for who may know of them."""
    door = request.door
    names = names_for(sorted(door.scope.organisations), scope=door.scope)
    everything = request.GET.get("state") == "all"
    page = page_of(request.GET)
    found = list_runs(scope=door.scope, only_open=not everything, limit=_PAGE + 1, offset=(page - 1) * _PAGE)
    context = {
        "runs": [
            {
                "view": run,
                "kind": KINDS[RequestKind(run.purpose)].name if run.purpose in set(RequestKind) else run.purpose,
                "people": len(run.owners),
                "claims": [(owner, owner.rpartition("-")[0]) for owner in run.owners[:5]],
                "stores": [
                    {
                        "code": store.store,
                        "name": names.store(store.store),
                        "state": STORE_STATES[store.state],
                        "human": store.state == "human",
                        "confirmed": store.state == "confirmed",
                        "reason": store.reason,
                        "refused": store.reason == ChangeRefusedError.code,
                    }
                    for store in run.stores
                ],
            }
            for run in found[:_PAGE]
        ],
        "everything": everything,
        "page": page,
        "prev": page - 1,
        "following": page + 1,
        "more": len(found) > _PAGE,
        "holds": [
            {"view": one, "ground": HOLD_GROUND_WORDS[HoldGround(one.ground)]} for one in list_holds(scope=door.scope)
        ]
        if door.may_read(*HOLDERS)
        else (),
        "grounds": [(str(code), words) for code, words in HOLD_GROUND_WORDS.items()],
        "sees_holds": door.may_read(*HOLDERS),
        "may_hold": door.may_act(*HOLDERS),
        "may_judge": door.may_act(*JUDGES),
        "may_carry": door.may_act(*CARRIERS),
        "may_tidy": door.may_act(*TIDIERS),
        "expired": count_expired_data(scope=door.acting(*TIDIERS), on=door.today),
        "may_take_over": door.may_act(*OVERRIDERS),
    }
    return render(request, "rights/runs.html", context)


@changes(*JUDGES)
@require_POST
def decide(request: DoorRequest, ref: str) -> HttpResponse:
    """A human looked at the store: it may run again, it was done by hand, or it stays as it is."""

    def doing() -> Text:
        how = request.POST.get("how", "")
        if how not in {"retry", "by_hand", "give_up"}:
            raise InputError(
                Text("判断が選ばれていません。", "Nothing was chosen."),
                advice=Text("三つのうちのどれかを選んでください。", "Choose one of the three."),
            )
        decide_left(
            ref,
            request.POST.get("store", ""),
            retry=how == "retry",
            give_up=how == "give_up",
            scope=request.door.scope,
            at=request.door.at,
        )
        return Text("判断を記録しました。続きを実施してください。", "Recorded. Go on with the run now.")

    return act(request, doing, then=reverse("rights:runs"))


@changes(*CARRIERS)
@require_POST
def resume(request: DoorRequest, ref: str) -> HttpResponse:
    """続きから実施する; an officer may take it from a holder that is gone for certain."""
    door = request.door

    def doing() -> Text:
        if request.POST.get("take_over") == "yes":
            take_over(ref, scope=door.scope, at=door.at)
        resume_run(ref, scope=door.scope, at=door.at, open_store=door.open_store)
        return Text(f"{ref} を確認しました。", f"{ref} is confirmed.")

    return act(request, doing, then=reverse("rights:runs"))


@changes(*TIDIERS)
@require_POST
def tidy(request: DoorRequest) -> HttpResponse:
    """片付ける: data files past their days, what crashes left, and uploads that nobody took."""
    door = request.door

    def doing() -> Text:
        done = drop_expired(scope=door.scope, at=door.at, folder=door.folder)
        left = done.leftovers + drop_abandoned(folder=door.folder, at=door.at)
        return Text(
            f"データファイル {done.files} 件を消去し、残りかす {left} 件を片付けました。",
            f"{done.files} data file(s) erased, {left} leftover(s) removed.",
        )

    return act(request, doing, then=reverse("rights:runs") + "#tidy")


@changes(*HOLDERS)
@require_POST
def hold(request: DoorRequest) -> HttpResponse:
    """法的保全をかける, by a request of the person."""
    door = request.door

    def doing() -> Text:
        case = get_request(request.POST.get("request", "").strip(), scope=door.scope, on=door.today)
        ref = set_hold(
            case.person,
            ground=request.POST.get("ground", ""),
            organisation=case.organisation,
            scope=door.scope,
            at=door.at,
        )
        return Text(f"保全 {ref} をかけました。", f"The hold {ref} is set.")

    return act(request, doing, then=reverse("rights:runs") + "#holds")


@changes(*HOLDERS)
@require_POST
def release(request: DoorRequest, ref: str) -> HttpResponse:
    """保全を解く."""

    def doing() -> Text:
        release_hold(ref, scope=request.door.scope, at=request.door.at)
        return Text(
            "保全を解きました。待っていた記録は、請求を続きから実施すると終わります。",
            "Released. Rows that waited end when their claim goes on.",
        )

    return act(request, doing, then=reverse("rights:runs") + "#holds")
