"""回答と発送: the pack as it will be printed, the letter's own words, issuing it, and its envelope."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from daicho.law.kinds import KINDS
from daicho.people.doors import DoorRequest, act, changes, reads
from daicho.policy.language import ReplyBy
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.actions.answering import (
    ANSWERABLE,
    SHOWN,
    answer_request,
    preview_pack,
    read_data_files,
    set_covering,
)
from daicho.rights.actions.issuing import OutFile, hand_out_pack
from daicho.rights.dispatch_rules import DISPATCH_WORDS, METHOD_WORDS, DispatchMethod
from daicho.rights.envelopes import list_dispatches
from daicho.rights.labels import LETTER_WORDS
from daicho.rights.queries import ClaimView, RequestView, get_request
from daicho.rights.rules import CLAIM_WORDS, ClaimState
from daicho.rights.sights import claim_sheet
from daicho.rights.views.case import case_context
from daicho.rights.views.files import file_of, pdf
from daicho.words.text import Text

_BY_POST = Text("印刷し、封入してください。", "Print them and put them in their envelopes.")
_BY_DOWNLOAD = Text("ダウンロードで渡してください。", "Hand them over by download.")
_TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


@reads(*LOOKERS)
def answer(request: DoorRequest, number: str) -> HttpResponse:
    """The page."""
    context = case_context(request, number)
    case: RequestView = context["case"]
    claims = [_claim(request, one, personal=context["may_work"]) for one in case.claims]
    context |= {
        "answers": claims,
        "can_issue": context["may_reach"] and any(one["ready"] for one in claims),
        "letters": _letters(request, case, personal=context["may_work"]),
        "methods": [(str(one), METHOD_WORDS[one]) for one in DispatchMethod],
        "me": request.door.scope.actor,
    }
    return render(request, "rights/answer.html", context)


def _claim(request: DoorRequest, view: ClaimView, *, personal: bool) -> dict[str, Any]:
    sheet = claim_sheet(view.number, scope=request.door.scope) if personal else None
    return {
        "view": view,
        "kind": KINDS[view.kind].name,
        "state": CLAIM_WORDS[view.state],
        "ready": view.state in ANSWERABLE and not view.still_open,
        "answered": view.state is ClaimState.ANSWERED,
        "data": view.state is ClaimState.ANSWERED and view.kind in SHOWN and bool(view.run),
        "covering": sheet.covering.reveal(purpose="the desk goes on writing it") if sheet else "",
        "can_cover": view.state not in {ClaimState.ANSWERED, ClaimState.WITHDRAWN, ClaimState.RETURNED},
    }


def _letters(request: DoorRequest, case: RequestView, *, personal: bool) -> list[dict[str, Any]]:
    envelopes = list_dispatches(case.number, scope=request.door.scope, folder=request.door.folder, personal=personal)
    replaced = {one["replaces"]: one["number"] for one in case.letters if one["replaces"]}
    return [
        {
            "number": one["number"],
            "kind": LETTER_WORDS.get(one["kind"], Text(one["kind"], one["kind"])),
            "claim": one["claim"],
            "pages": one["pages"],
            "issued_at": one["issued_at"],
            "has_pack": bool(one["claim"]),
            "envelopes": [
                {"view": envelope, "state": DISPATCH_WORDS[envelope.state], "method": METHOD_WORDS[envelope.method]}
                for envelope in envelopes
                if envelope.letter == one["number"]
            ],
            "replaced_by": replaced.get(one["number"], ""),
            "can_enclose": one["number"] not in replaced
            and not any(envelope.on_the_way for envelope in envelopes if envelope.letter == one["number"]),
        }
        for one in reversed(case.letters)
    ]


@changes(*DESK)
def preview(request: DoorRequest, claim: str) -> HttpResponse:
    """The whole pack as it would be printed now; nothing is issued."""
    content = preview_pack(claim, scope=request.door.scope, at=request.door.at, folder=request.door.folder)
    return pdf(OutFile(name=f"{claim}-preview.pdf", content=content), inline=True)


@changes(*DESK)
@require_POST
def cover(request: DoorRequest, claim: str) -> HttpResponse:
    """添える文."""

    def doing() -> Text:
        set_covering(claim, request.POST.get("covering", "")[:4000], scope=request.door.scope, at=request.door.at)
        return Text("回答書に添える文を保存しました。", "The words for the letter are saved.")

    return act(request, doing, then=reverse("rights:answer", args=[claim.rpartition("-")[0]]) + f"#{claim}")


@changes(*DESK)
@require_POST
def issue(request: DoorRequest, number: str) -> HttpResponse:
    """発行する: every claim that is ready; the request closes with its last one."""
    door = request.door

    def doing() -> Text:
        done = answer_request(number, scope=door.scope, at=door.at, folder=door.folder)
        case = get_request(number, scope=door.scope, on=door.today)
        then = _BY_DOWNLOAD if case.method == ReplyBy.ELECTRONIC else _BY_POST
        warned = "".join(f" {one.ja}" for one in done.warnings), "".join(f" {one.en}" for one in done.warnings)
        return Text(
            f"{len(done.letters)} 通を発行しました。{then.ja}{warned[0]}",
            f"{len(done.letters)} letter(s) issued. {then.en}{warned[1]}",
        )

    return act(request, doing, then=reverse("rights:answer", args=[number]) + "#letters")


@changes(*DESK)
@require_POST
def pack(request: DoorRequest, number: str, letter: str) -> HttpResponse:
    """一式: checklist, letter, label and enclosure list as they were issued."""
    door = request.door
    file = hand_out_pack(number, letter, folder=door.folder, scope=door.scope, at=door.at)
    return pdf(file, inline="save" not in request.POST)


@changes(*DESK)
@require_POST
def data(request: DoorRequest, claim: str, form: str) -> HttpResponse:
    """The data of an answered disclosure, as JSON or CSV."""
    if form not in _TYPES:
        raise Http404
    door = request.door
    files = read_data_files(claim, scope=door.scope, at=door.at, folder=door.folder)
    file = next(one for one in files if one.name.endswith(form))
    return file_of(file, _TYPES[form])
