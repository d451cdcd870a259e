"""決定と実施: another person than who registered decides; then it is carried out and read back."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from daicho.law.kinds import KINDS, RequestKind
from daicho.people.doors import DoorRequest, act, changes, reads
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.actions.carrying import carry_out
from daicho.rights.actions.deciding import decide_cells, decide_claim, reopen_claim
from daicho.rights.queries import ClaimView, RequestView, review_cells
from daicho.rights.reopening import may_reopen
from daicho.rights.rules import CLAIM_WORDS, ClaimState, taken_in_by
from daicho.rights.saying import FATE_TONES, STORE_STATES, fate_word
from daicho.rights.sights import Names, claim_sheet, compare_candidates, deciders, find_work, names_for, preview_plan
from daicho.rights.views import background
from daicho.rights.views.case import case_context
from daicho.rights.views.searching import work_line
from daicho.runs.queries import get_run
from daicho.stores.port import ChangeRefusedError
from daicho.words.errors import DaichoError, InputError
from daicho.words.text import Text
from daicho.work.progress import Progress

_SHOWING: Final = frozenset({RequestKind.DISCLOSURE, RequestKind.RECORD_DISCLOSURE})
#: Carried out by reading alone: nothing in a store is changed.
_READING: Final = _SHOWING | {RequestKind.PURPOSE_NOTICE}
_DECISIONS: Final = (ClaimState.APPROVED, ClaimState.PARTLY, ClaimState.REFUSED, ClaimState.NOT_HELD)
_READY: Final = frozenset({ClaimState.APPROVED, ClaimState.PARTLY})
_REVIEWED: Final = frozenset({ClaimState.ASSESSING, ClaimState.APPROVED, ClaimState.PARTLY, ClaimState.READING_BACK})
#: Cells a page shows at once: more than a person reviews in one sitting.
MOST_CELLS: Final = 300
_WHY: Final = "the one who decides reads it"


@reads(*LOOKERS)
def decide(request: DoorRequest, number: str) -> HttpResponse:
    """Each claim with what was asked, what the facts suggest, and what came of it."""
    context = case_context(request, number)
    case: RequestView = context["case"]
    names = names_for(case.addressed, scope=request.door.scope)
    taker = taken_in_by(registered_by=case.registered_by, verified_by=case.verified_by)
    work = work_line(find_work(case.number, "carry", scope=request.door.scope), names)
    context |= {
        "claims_here": [_claim(request, one, names, personal=context["may_work"]) for one in case.claims],
        "taken_in_by_me": taker == request.door.scope.actor,
        "by_web": taker != case.registered_by,
        "deciders": deciders(case.addressed, besides=taker, scope=request.door.scope),
        "ready": [one.number for one in case.claims if one.state in _READY],
        "going_on": [
            one.number
            for one in case.claims
            if one.state is ClaimState.CARRYING_OUT or (one.state is ClaimState.READING_BACK and one.still_open)
        ],
        "work": work,
        "task": "carry",
        "changes": any(
            one.kind not in _READING for one in case.claims if one.state in {*_READY, ClaimState.CARRYING_OUT}
        ),
        "judged": _judged(request, case, names) if context["may_reach"] else (),
    }
    return render(request, "rights/decide.html", context)


def _claim(request: DoorRequest, view: ClaimView, names: Names, *, personal: bool) -> dict[str, Any]:
    sheet = claim_sheet(view.number, scope=request.door.scope) if personal else None
    return {
        "view": view,
        "kind": KINDS[view.kind].name,
        "state": CLAIM_WORDS[view.state],
        "sheet": sheet,
        "wish": sheet.wish.reveal(purpose=_WHY) if sheet else "",
        "evidence": sheet.evidence.reveal(purpose=_WHY) if sheet else "",
        "values": [(what, value.reveal(purpose=_WHY)) for what, value in sheet.values] if sheet else (),
        "reason": sheet.reason.reveal(purpose=_WHY) if sheet else "",
        "decisions": [
            (str(one), CLAIM_WORDS[one], sheet is not None and not sheet.blocked and one is sheet.proposed)
            for one in _DECISIONS
        ],
        "can_decide": view.state is ClaimState.ASSESSING,
        "can_reopen": may_reopen(view.state, view.kind),
        "can_review": view.kind in _SHOWING and view.state in _REVIEWED,
        "outcome": plan_lines(view.outcome, names),
        "stores": _stores(request, view, names),
        "ground": _ground(view),
    }


def _judged(request: DoorRequest, case: RequestView, names: Names) -> list[dict[str, Any]]:
    """Candidates that a human took for the person's, or left out: who decides sees who said so."""
    found, _ = compare_candidates(case.number, scope=request.door.scope)
    return [
        {"view": one, "store": names.store(one.store), "table": names.table(one.store, one.table)}
        for one in found
        if one.judged is not None
    ]


def _ground(view: ClaimView) -> Text | None:
    rule = KINDS[view.kind].find_refusal(view.ground) if view.ground else None
    return rule.words if rule else None


def plan_lines(outcome: Sequence[Mapping[str, Any]], names: Names) -> list[dict[str, Any]]:
    """What becomes of rows, per store and table, in words."""
    return [
        {
            "store": names.store(one["store"]),
            "table": names.table(one["store"], one["table"]) if one["table"] else None,
            "fate": fate_word(one["fate"]),
            "tone": FATE_TONES.get(one["fate"], ""),
            "found": one["found"],
            "changed": one["changed"],
            "read_back": one["read_back"],
            "planned": one["state"] == "planned",
            "until": names.until(one["store"], one["table"], one["until"]),
            "ground": Text(**one["ground"]["text"]) if one.get("ground") and "text" in one["ground"] else None,
        }
        for one in outcome
    ]


def _stores(request: DoorRequest, view: ClaimView, names: Names) -> list[dict[str, Any]]:
    """The stores of the claim's run that are not confirmed: what is left, and what to do."""
    if not view.run:
        return []
    return [
        {
            "name": names.store(one.store),
            "state": STORE_STATES.get(one.state, Text(str(one.state), str(one.state))),
            "human": one.state == "human",
            "reason": one.reason,
            "refused": one.reason == ChangeRefusedError.code,
        }
        for one in get_run(view.run, scope=request.door.scope).stores
        if one.state != "confirmed"
    ]


@changes(*DESK)
def plan(request: DoorRequest, claim: str) -> HttpResponse:
    """What carrying the claim out would do, asked of the stores now: a fragment of the page."""
    door = request.door
    names = names_for(sorted(door.scope.organisations), scope=door.scope)
    try:
        outcome = preview_plan(claim, scope=door.scope, at=door.at, open_store=door.open_store)
    except DaichoError as error:
        return render(request, "rights/plan.html", {"error": error})
    return render(request, "rights/plan.html", {"outcome": plan_lines(outcome, names)})


@changes(*DESK)
@require_POST
def decide_one(request: DoorRequest, claim: str) -> HttpResponse:
    """決定する."""
    sent, door = request.POST, request.door

    def doing() -> Text:
        try:
            decision = ClaimState(sent.get("decision", ""))
        except ValueError:
            raise _no_choice() from None
        if decision not in _DECISIONS:
            raise _no_choice()
        done = decide_claim(
            claim,
            decision,
            ground=sent.get("ground", ""),
            reason=sent.get("reason", "").strip()[:4000],
            scope=door.scope,
            at=door.at,
        )
        words = CLAIM_WORDS[done.state]
        return Text(f"{claim}：「{words.ja}」と決定しました。", f"{claim} is decided: {words.en}.")

    return act(request, doing, then=_page(claim))


@changes(*DESK)
@require_POST
def reopen(request: DoorRequest, claim: str) -> HttpResponse:
    """決定を取り消して検討に戻す."""

    def doing() -> Text:
        reopen_claim(claim, scope=request.door.scope, at=request.door.at)
        return Text(
            f"{claim} の決定を取り消し、検討に戻しました。",
            f"The decision on {claim} is taken back: it is assessed again.",
        )

    return act(request, doing, then=_page(claim))


def _no_choice() -> InputError:
    return InputError(
        Text("決定が選ばれていません。", "No decision was chosen."),
        advice=Text(
            "応諾、一部応諾、不応諾、不存在のどれかを選んでください。", "Choose approved, partly, refused or not held."
        ),
    )


def _page(claim: str, route: str = "rights:decide") -> str:
    return reverse(route, args=[claim.rpartition("-")[0]]) + f"#{claim}"


@changes(*DESK)
@require_POST
def carry(request: DoorRequest, number: str) -> HttpResponse:
    """実施する: goes on where it stopped, too."""
    case: RequestView = case_context(request, number)["case"]
    able = {
        one.number for one in case.claims if one.state in {*_READY, ClaimState.CARRYING_OUT, ClaimState.READING_BACK}
    }
    claims = [one for one in request.POST.getlist("claim") if one in able]
    scope, at, folder = request.door.scope, request.door.at, request.door.folder

    def doing(progress: Progress, open_store: background.OpenStore) -> None:
        carry_out(claims, scope=scope, at=at, open_store=open_store, folder=folder, progress=progress)

    def begin() -> None:
        if not claims:
            raise InputError(
                Text("実施できる請求がありません。", "There is nothing to carry out."),
                advice=Text("決定を済ませてください。", "Decide first."),
            )
        stores = names_for(case.addressed, scope=scope).mapped
        background.start(request, case.number, "carry", doing, stores=stores)

    return act(request, begin, then=reverse("rights:decide", args=[case.number]))


# ── cells ────────────────────────────────────────────────────────────────────────────────────


@changes(*DESK)
def cells(request: DoorRequest, claim: str) -> HttpResponse:
    """項目の確認: every cell the map leaves to a reviewer, read live; shown, or blacked out on a ground."""
    if request.method == "POST":
        return _save_cells(request, claim)
    door = request.door
    context = case_context(request, claim)
    names = names_for(context["case"].addressed, scope=door.scope)
    found = list(islice(review_cells(claim, scope=door.scope, at=door.at, open_store=door.open_store), MOST_CELLS + 1))
    found.sort(key=lambda one: bool(one.decision))
    sheet = claim_sheet(claim, scope=door.scope)
    context |= {
        "claim": claim,
        "cells": [
            {
                "view": one,
                "store": names.store(one.store),
                "value": one.value.reveal(purpose="the reviewer reads it to decide"),
            }
            for one in found[:MOST_CELLS]
        ],
        "more": len(found) > MOST_CELLS,
        "undecided": sum(1 for one in found if not one.decision),
        "grounds": sheet.cell_grounds,
        "decided": any(one.number == claim and one.state is not ClaimState.ASSESSING for one in context["case"].claims),
    }
    return render(request, "rights/cells.html", context)


def _save_cells(request: DoorRequest, claim: str) -> HttpResponse:
    chosen = {
        name.removeprefix("cell-"): str(value)
        for name, value in request.POST.items()
        if name.startswith("cell-") and value
    }

    def doing() -> Text:
        if not chosen:
            raise InputError(
                Text("判断が選ばれていません。", "Nothing was decided."),
                advice=Text(
                    "項目ごとに「開示」か不開示の理由を選んでください。", "Choose “show” or a ground for the cells."
                ),
            )
        decided, withheld = decide_cells(claim, chosen, scope=request.door.scope, at=request.door.at)
        return Text(
            f"{decided} 項目を判断済み（うち不開示 {withheld}）。", f"{decided} cell(s) decided, {withheld} withheld."
        )

    return act(request, doing, then=reverse("rights:cells", args=[claim]))
