"""検索と照合: every store is asked, departments answer slips, and a human compares what is not proven."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from daicho.people.doors import DoorRequest, act, changes, reads
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.actions.searching import decide_candidate, search_request
from daicho.rights.queries import RequestView, get_request
from daicho.rights.reopening import judge_searching
from daicho.rights.rules import RequestState
from daicho.rights.saying import STEP_WORDS
from daicho.rights.sights import Names, WorkView, compare_candidates, find_work, names_for
from daicho.rights.views import background
from daicho.rights.views.case import case_context
from daicho.rights.views.slips import slip_lines
from daicho.words.errors import NotAllowedError
from daicho.words.text import Text
from daicho.work.progress import Progress


@reads(*LOOKERS)
def search(request: DoorRequest, number: str) -> HttpResponse:
    """The page; candidates are personal and shown to the desk only."""
    context = case_context(request, number)
    case: RequestView = context["case"]
    names = names_for(case.addressed, scope=request.door.scope)
    candidates, again = (
        compare_candidates(case.number, scope=request.door.scope) if context["may_reach"] else ((), False)
    )
    stands = _why_it_stands(case)
    slips = slip_lines([one for one in case.slips if one.task == "search"], names)
    context |= {
        "found": found_lines(case, names),
        "searched": case.searched,
        "searched_at": datetime.fromisoformat(case.searched["at"]) if case.searched.get("at") else None,
        "names": names,
        "candidates": [
            {"view": one, "store": names.store(one.store), "table": names.table(one.store, one.table)}
            for one in candidates
        ],
        "undecided": sum(1 for one in candidates if one.judged is None),
        "again": again,
        "slips": slips,
        "open_slips": sum(1 for one in slips if not one["view"].answer),
        "can_search": context["may_reach"] and case.state is RequestState.VERIFIED and stands is None,
        "can_judge": stands is None,
        "stands": stands if context["may_reach"] and case.state is RequestState.VERIFIED else None,
        "work": work_line(find_work(case.number, "search", scope=request.door.scope), names),
        "task": "search",
    }
    return render(request, "rights/search.html", context)


def _why_it_stands(case: RequestView) -> NotAllowedError | None:
    """Why what was found is neither searched nor judged anew; None while it may be."""
    try:
        judge_searching({one.number: (one.state, one.kind) for one in case.claims})
    except NotAllowedError as error:
        return error
    return None


def found_lines(case: RequestView, names: Names) -> list[dict[str, Any]]:
    """Store by store what the newest search found."""
    return [
        {
            "store": names.store(store),
            "rows": sum(tables.values()),
            "tables": [(names.table(store, table), rows) for table, rows in tables.items()],
        }
        for store, tables in case.searched.get("stores", {}).items()
    ]


def work_line(work: WorkView | None, names: Names) -> dict[str, Any] | None:
    """Work going on, or what stopped it, in words; None when there is nothing to say."""
    if work is None or (work.state == "done"):
        return None
    return {
        "view": work,
        "running": work.state == "running" and not work.lost,
        "step": STEP_WORDS.get(work.step, Text("準備しています", "getting ready")),
        "stores": [
            {
                "name": names.store(one["code"]),
                "step": STEP_WORDS.get(one["step"], Text(one["step"], one["step"])),
                "rows": one["rows"],
                "trouble": one["step"] == "trouble",
            }
            for one in work.stores
        ],
    }


@changes(*DESK)
@require_POST
def start_search(request: DoorRequest, number: str) -> HttpResponse:
    """検索を始める."""
    by_name = request.POST.get("by_name") == "on"
    scope, at = request.door.scope, request.door.at
    addressed = get_request(number, scope=scope, on=request.door.today).addressed
    stores = names_for(addressed, scope=scope).mapped

    def doing(progress: Progress, open_store: background.OpenStore) -> None:
        search_request(number, by_name=by_name, scope=scope, at=at, open_store=open_store, progress=progress)

    return act(
        request,
        lambda: background.start(request, number, "search", doing, stores=stores),
        then=reverse("rights:search", args=[number]),
    )


@reads(*LOOKERS)
def work(request: DoorRequest, number: str, task: str) -> HttpResponse:
    """How far the work is; when it has ended the page is read anew."""
    context = case_context(request, number)
    names = names_for(context["case"].addressed, scope=request.door.scope)
    line = work_line(find_work(context["case"].number, task, scope=request.door.scope), names)
    response = render(request, "rights/work.html", {"work": line, "case": context["case"], "task": task})
    if line is None or not line["running"]:
        response["HX-Refresh"] = "true"
    return response


@changes(*DESK)
@require_POST
def judge_candidate(request: DoorRequest, number: str) -> HttpResponse:
    """本人の記録か、別人の記録か."""
    same = request.POST.get("same") == "yes"

    def doing() -> Text:
        left = decide_candidate(
            number, request.POST.get("mark", ""), accepted=same, scope=request.door.scope, at=request.door.at
        )
        if left:
            return Text(f"記録しました。残り {left} 件です。", f"Recorded; {left} left.")
        return Text(
            "記録しました。もう一度検索すると、判断が反映されます。",
            "Recorded. Search once more, so that it is taken into account.",
        )

    return act(request, doing, then=reverse("rights:search", args=[number]) + "#candidates")
