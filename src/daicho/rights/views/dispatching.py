"""発送: into the envelope, checked by a second person, sent, arrived or back."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from daicho.people.doors import DoorRequest, act, changes, reads
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.actions.dispatching import check_envelope, enclose, end_dispatch, send
from daicho.rights.dispatch_rules import (
    DISPATCH_WORDS,
    METHOD_WORDS,
    RETURNED_ADVICE,
    RETURNED_WORDS,
    DispatchMethod,
    DispatchState,
    ReturnedWhy,
)
from daicho.rights.envelopes import PARTS, count_dispatches, dispatch_rows, request_of_dispatch
from daicho.rights.labels import LETTER_WORDS
from daicho.rights.views.slips import read_day
from daicho.words.errors import InputError
from daicho.words.text import Text

_PAGE: Final = 50


@reads(*LOOKERS)
def dispatches(request: DoorRequest) -> HttpResponse:
    """発送: every letter that waits to be enclosed, checked, sent, or came back."""
    scope = request.door.scope
    counts = count_dispatches(scope=scope)
    asked = request.GET.get("part", "")
    first = next((part for part in ("check", "returned", "send", "enclose") if counts[part]), "check")
    part = asked if asked in PARTS else first
    page = Paginator(dispatch_rows(part, scope=scope), _PAGE).get_page(request.GET.get("page"))
    context = {
        "parts": [(code, name, counts[code]) for code, name in PARTS.items()],
        "part": part,
        "page": page,
        "rows": [
            {
                "row": row,
                "number": row["request__number"],
                "letter": row.get("letter") or row.get("number"),
                "kind": LETTER_WORDS.get(row.get("kind", "")),
                "method": METHOD_WORDS[row["method"]] if "method" in row else None,
                "why": RETURNED_WORDS[row["returned_why"]] if row.get("returned_why") else None,
                "mine": row.get("enclosed_by") == scope.actor,
            }
            for row in page.object_list
        ],
    }
    return render(request, "rights/dispatches.html", context)


@changes(*DESK)
@require_POST
def put_in(request: DoorRequest, number: str, letter: str) -> HttpResponse:
    """封入した."""

    def doing() -> Text:
        method = request.POST.get("method", "")
        if method not in set(DispatchMethod):
            raise _no_choice()
        enclose(number, letter, DispatchMethod(method), scope=request.door.scope, at=request.door.at)
        return Text("封入を記録しました。別の人が照合します。", "Recorded. Somebody else checks it now.")

    return act(request, doing, then=reverse("rights:answer", args=[number]) + "#letters")


@changes(*DESK)
@require_POST
def check(request: DoorRequest, ref: str) -> HttpResponse:
    """照合した: every point ticked, and the pages counted; or it does not agree."""
    sent = request.POST
    agrees = sent.get("agrees") == "yes"

    def doing() -> Text:
        counted = sent.get("pages", "")
        if agrees and not all(sent.get(point) == "on" for point in ("addressee", "address", "enclosures")):
            raise InputError(
                Text("照合していない点があります。", "Some points are not checked."),
                advice=Text(
                    "宛名、住所、同封物をすべて確かめてから印を付けてください。",
                    "Compare addressee, address and enclosures, and tick them all.",
                ),
            )
        state = check_envelope(
            ref,
            pages=int(counted) if counted.isascii() and counted.isdigit() and len(counted) < 5 else 0,  # noqa: PLR2004
            agrees=agrees,
            scope=request.door.scope,
            at=request.door.at,
        )
        return Text(f"記録しました：{DISPATCH_WORDS[state].ja}", f"Recorded: {DISPATCH_WORDS[state].en}")

    return act(request, doing, then=_then(request, ref))


@changes(*DESK)
@require_POST
def send_it(request: DoorRequest, ref: str) -> HttpResponse:
    """発送した."""

    def doing() -> Text:
        sent_on = read_day(request.POST.get("sent_on", "")) or request.door.today
        send(
            ref,
            sent_on=sent_on,
            tracking=request.POST.get("tracking", ""),
            scope=request.door.scope,
            at=request.door.at,
        )
        return Text("発送を記録しました。", "Recorded as sent.")

    return act(request, doing, then=_then(request, ref))


@changes(*DESK)
@require_POST
def end_it(request: DoorRequest, ref: str) -> HttpResponse:
    """届いた、返ってきた、保管する."""
    sent = request.POST

    def doing() -> Text:
        to, why = sent.get("state", ""), sent.get("why", "")
        if to not in set(DispatchState) or (why and why not in set(ReturnedWhy)):
            raise _no_choice()
        reason = ReturnedWhy(why) if to == DispatchState.RETURNED and why else None
        on = read_day(sent.get("on", "")) or request.door.today
        end_dispatch(ref, DispatchState(to), on=on, why=reason, scope=request.door.scope, at=request.door.at)
        return RETURNED_ADVICE[reason] if reason else Text("記録しました。", "Recorded.")

    return act(request, doing, then=_then(request, ref))


def _then(request: DoorRequest, ref: str) -> str:
    number = request_of_dispatch(ref, scope=request.door.scope)
    return reverse("rights:answer", args=[number]) + "#letters"


def _no_choice() -> InputError:
    return InputError(
        Text("選ばれていません。", "Nothing was chosen."),
        advice=Text("一覧から選んでください。", "Choose from the list."),
    )
