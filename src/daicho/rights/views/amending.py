"""メモと訂正: case notes, what was typed wrongly, and the address of a letter that came back."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from daicho.law.kinds import kinds_on
from daicho.people.doors import DoorRequest, act, changes
from daicho.rights.access import DESK
from daicho.rights.actions.amending import add_claim, add_note, amend_request, cancel_document, cancel_fee
from daicho.rights.actions.readdressing import enter_address, verify_address
from daicho.rights.amending_forms import AddClaimForm, AmendForm, NoteForm
from daicho.rights.amendments import CANCEL_WORDS, NOTE_WORDS, CancelWhy, NoteKind
from daicho.rights.checklist import KIND_WORDS, paper_name
from daicho.rights.noted import read_noted
from daicho.rights.person import frozen_policy, open_facts
from daicho.rights.queries import RequestView
from daicho.rights.rules import CLAIM_ENDS, DECIDED, ClaimState
from daicho.rights.views.case import case_context
from daicho.words.errors import DaichoError, InputError
from daicho.words.text import Text

_BEFORE_DECISION = frozenset({ClaimState.NOTED, ClaimState.SEARCHING, ClaimState.ASSESSING})


@changes(*DESK)
def amend(request: DoorRequest, number: str) -> HttpResponse:
    """The page; sent, it puts the facts right."""
    if request.method != "POST":
        return _page(request, number)
    form = _form(request, case_context(request, number)["case"], request.POST)
    if not form.is_valid() or form.amendment is None:
        return _page(request, number, status=422, form=form)
    try:
        back = amend_request(number, form.amendment, scope=request.door.scope, at=request.door.at)
    except DaichoError as error:
        form.add_error(None, f"{request.door.say(error.message)} {request.door.say(error.advice)}")
        return _page(request, number, status=409, form=form)
    said = (
        Text("訂正しました。本人確認をやり直してください。", "It is put right. The identity has to be verified again.")
        if back
        else Text("訂正しました。", "It is put right.")
    )
    messages.success(request, request.door.say(said))
    return redirect("rights:papers" if back else "rights:amend", number)


def _page(request: DoorRequest, number: str, *, status: int = 200, **given: Form) -> HttpResponse:
    context = case_context(request, number)
    case: RequestView = context["case"]
    noted = read_noted(number, scope=request.door.scope)
    context |= {
        "noted": noted,
        "notes": [
            {"view": one, "kind": NOTE_WORDS[one.kind], "text": one.text.reveal(purpose="read by the desk")}
            for one in noted.notes
        ],
        "waiting_address": noted.waiting.address.reveal(purpose="compared with the papers") if noted.waiting else "",
        "me": request.door.scope.actor,
        "note": NoteForm(language=request.door.language, prefix="note"),
        "open": _is_open(case),
        "decided": any(one.state in DECIDED for one in case.claims),
        "whys": [(str(one), words) for one, words in CANCEL_WORDS.items()],
    }
    if context["open"]:
        context |= {
            "form": _form(request, case),
            "claim_form": _claim_form(request, case),
            "papers_here": [
                {**one, "name": paper_name(one["paper"]) or KIND_WORDS[one["kind"]]}
                for one in case.documents
                if not one["disposed_on"] and not one["place"].startswith("web")
            ],
            "money_here": [one for one in case.fees if not one["cashed_on"] and not one["returned_on"]],
        }
    return render(request, "rights/amend.html", context | given, status=status)


def _is_open(case: RequestView) -> bool:
    alive = [one.state for one in case.claims if one.state not in CLAIM_ENDS]
    return bool(alive) and all(one.state in _BEFORE_DECISION for one in case.claims if one.state in alive)


def _form(request: DoorRequest, case: RequestView, data: Any = None) -> AmendForm:
    facts = open_facts(case.number, scope=request.door.scope).facts.reveal(purpose="put right by the desk")
    return AmendForm(
        data,
        language=request.door.language,
        facts=facts,
        hidden=case.support_measure,
        arrived_on=case.arrived_on,
        state=read_noted(case.number, scope=request.door.scope).state,
    )


def _claim_form(request: DoorRequest, case: RequestView, data: Any = None) -> AddClaimForm:
    have = {one.kind for one in case.claims}
    policy = frozen_policy(case.number, scope=request.door.scope)
    return AddClaimForm(
        data,
        language=request.door.language,
        prefix="claim",
        kinds=[rule.kind for rule in kinds_on(case.law_on) if rule.kind not in have],
        items=[(one.code, one.name) for one in policy.items],
    )


@changes(*DESK)
@require_POST
def note(request: DoorRequest, number: str) -> HttpResponse:
    """対応の記録を加える."""
    kind = request.POST.get("note-kind", "")

    def doing() -> Text:
        if kind not in set(NoteKind):
            raise _no_choice()
        add_note(
            number,
            NoteKind(kind),
            request.POST.get("note-text", ""),
            scope=request.door.scope,
            at=request.door.at,
        )
        return Text("記録しました。", "Noted.")

    return act(request, doing, then=_there(number))


@changes(*DESK)
@require_POST
def claim(request: DoorRequest, number: str) -> HttpResponse:
    """書き漏らした種別を加える."""
    case = case_context(request, number)["case"]
    form = _claim_form(request, case, request.POST)
    if not form.is_valid() or form.claim is None:
        return _page(request, number, status=422, claim_form=form)
    intake = form.claim

    def doing() -> Text:
        found = add_claim(number, intake, scope=request.door.scope, at=request.door.at)
        return Text(f"{found} を加えました。", f"{found} is added.")

    return act(request, doing, then=_there(number))


@changes(*DESK)
@require_POST
def cancel(request: DoorRequest, number: str, ref: str) -> HttpResponse:
    """記録の取消し: a paper or an instrument that should not stand there."""
    why = request.POST.get("why", "")

    def doing() -> Text:
        if why not in set(CancelWhy):
            raise _no_choice()
        cancelling = cancel_fee if ref.startswith("M-") else cancel_document
        back = cancelling(ref, CancelWhy(why), scope=request.door.scope, at=request.door.at)
        if back:
            return Text(
                "記録を取り消しました。本人確認をやり直してください。",
                "The record is cancelled. The identity has to be verified again.",
            )
        return Text("記録を取り消しました。", "The record is cancelled.")

    return act(request, doing, then=_there(number))


@changes(*DESK)
@require_POST
def new_address(request: DoorRequest, number: str) -> HttpResponse:
    """返送後の住所を入力する."""

    def doing() -> Text:
        sent = request.POST
        enter_address(
            number,
            postal_code=sent.get("postal_code", ""),
            address=sent.get("address", ""),
            scope=request.door.scope,
            at=request.door.at,
        )
        return Text(
            "新しい住所を保存しました。別の人が書類と照合します。",
            "The new address is kept. Somebody else compares it with the papers.",
        )

    return act(request, doing, then=_there(number))


@changes(*DESK)
@require_POST
def verify(request: DoorRequest, number: str, ref: str) -> HttpResponse:
    """新しい住所を確かめ、書面を発行し直す."""
    door = request.door

    def doing() -> Text:
        if request.POST.get("compared") != "on":
            raise InputError(
                Text("照合の印がありません。", "It is not ticked as compared."),
                advice=Text(
                    "新しい住所を示す書類と照合してから印を付けてください。",
                    "Compare it with papers that show the new address, then tick.",
                ),
            )
        issued = verify_address(number, ref, scope=door.scope, at=door.at, folder=door.folder)
        listed = "、".join(issued), ", ".join(issued)
        return Text(
            f"新しい住所で書面を発行し直しました：{listed[0]}。封入してください。",
            f"Issued again for the new address: {listed[1]}. Put it in its envelope.",
        )

    return act(request, doing, then=_there(number))


def _there(number: str) -> str:
    return reverse("rights:amend", args=[number])


def _no_choice() -> InputError:
    return InputError(
        Text("選ばれていません。", "Nothing was chosen."),
        advice=Text("一覧から選んでください。", "Choose from the list."),
    )
