"""決定の前に見るもの: the rows that a claim is about, and its letter as it would be."""

from itertools import islice

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from daicho.people.doors import DoorRequest, changes, tell_error
from daicho.rights.access import DESK
from daicho.rights.actions.tending import show_person
from daicho.rights.beforehand import MOST_ROWS, list_found_rows, preview_letter
from daicho.rights.queries import get_request
from daicho.rights.rules import DECIDED, ClaimState
from daicho.rights.sights import claim_sheet, names_for
from daicho.rights.views.files import pdf
from daicho.words.errors import DaichoError, InputError
from daicho.words.text import Text

_WHY = "the one who decides reads what the decision is about"


@changes(*DESK)
def rows(request: DoorRequest, claim: str) -> HttpResponse:
    """The rows found, as the stores have them now: a fragment of the decision page."""
    door = request.door
    case = get_request(claim, scope=door.scope, on=door.today)
    names = names_for(case.addressed, scope=door.scope)
    try:
        found = list(islice(list_found_rows(claim, scope=door.scope, open_store=door.open_store), MOST_ROWS + 1))
    except DaichoError as error:
        return render(request, "rights/plan.html", {"error": error})
    grounds = {one.code: one.words for one in claim_sheet(claim, scope=door.scope).cell_grounds}
    return render(
        request,
        "rights/rows.html",
        {
            "rows": [
                {
                    "view": one,
                    "store": names.store(one.store),
                    "cells": [
                        {
                            "view": cell,
                            "value": cell.value.reveal(purpose=_WHY) if cell.value is not None else None,
                            "withheld": grounds.get(cell.decision),
                        }
                        for cell in one.cells
                    ],
                }
                for one in found[:MOST_ROWS]
            ],
            "more": len(found) > MOST_ROWS,
            "support_measure": case.support_measure,
        },
    )


@changes(*DESK)
@require_POST
def sample(request: DoorRequest, claim: str) -> HttpResponse:
    """The letter as it would read, had the claim been decided as chosen on the page."""
    door, sent = request.door, request.POST
    decision = sent.get("decision", "")
    try:
        if decision not in {str(one) for one in DECIDED}:
            raise _none_chosen()
        case = get_request(claim, scope=door.scope, on=door.today)
        if case.support_measure:  # the letter shows where the person lives
            show_person(case.number, part="letter", scope=door.scope, at=door.at)
        file = preview_letter(
            claim,
            ClaimState(decision),
            ground=sent.get("ground", ""),
            reason=sent.get("reason", "").strip()[:4000],
            scope=door.scope,
            at=door.at,
            open_store=door.open_store,
        )
    except DaichoError as error:
        tell_error(request, error)
        return redirect(f"{reverse('rights:decide', args=[claim.rpartition('-')[0]])}#{claim}")
    return pdf(file, inline=True)


def _none_chosen() -> InputError:
    return InputError(
        Text("決定が選ばれていません。", "No decision was chosen."),
        advice=Text("応諾、一部応諾、不応諾、不存在のどれかを選んでください。", "Choose one of the decisions first."),
    )
