"""検索依頼票: what departments are asked, when it is due, and what they answered."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from daicho.letters.press import render as print_paper
from daicho.people.doors import DoorRequest, act, changes, reads
from daicho.people.queries import readable
from daicho.rights.access import DESK
from daicho.rights.actions.issuing import OutFile
from daicho.rights.desk_papers import slip_paper
from daicho.rights.saying import SLIP_ANSWERS, SLIP_TASKS
from daicho.rights.sights import Names, names_for
from daicho.rights.slip_facts import get_slip
from daicho.rights.views.files import pdf
from daicho.runs.actions import Kept, answer_slip
from daicho.runs.queries import SLIP_STATES, SlipFilter, SlipView, describe_slips, find_slips
from daicho.words.errors import InputError
from daicho.words.scope import Scope
from daicho.words.text import Text

_PAGE = 50


@reads(*DESK)
def slips(request: DoorRequest) -> HttpResponse:
    """All slips of the organisations, open ones first by due day."""
    allowed = readable(request.door.scope, DESK)
    scope = Scope(actor=request.door.scope.actor, organisations=allowed)
    sent, today = request.GET, request.door.today
    state = sent.get("state", "open")
    wanted = SlipFilter(
        state=state if state in SLIP_STATES else "open",
        task=sent.get("task", ""),
        store=sent.get("store", ""),
        part=sent.get("q", "").strip()[:40],
    )
    counts, stores = describe_slips(organisations=allowed, on=today)
    names = names_for(sorted(allowed), scope=scope)
    number = max(_count(sent.get("page", "")), 1)
    found, total = find_slips(wanted, organisations=allowed, on=today, start=(number - 1) * _PAGE, most=_PAGE)
    context = {
        "page": Paginator(range(total), _PAGE).get_page(number),
        "lines": slip_lines(found, names),
        "counts": counts,
        "wanted": wanted,
        "stores": [(code, names.store(code)) for code in stores],
        "may_work": request.door.may_act(*DESK),
    }
    return render(request, "rights/slips.html", context)


def slip_lines(found: Iterable[SlipView], names: Names) -> list[dict[str, Any]]:
    """Slips with the words of their codes; ``request``: the number of the request they belong to."""
    return [
        {
            "view": one,
            "request": "-".join(one.owner.split("-")[:3]),
            "store": names.store(one.store),
            "department": names.stores[one.store].department if one.store in names.stores else None,
            "task": SLIP_TASKS.get(one.task, Text(one.task, one.task)),
            "answer": SLIP_ANSWERS.get(one.answer),
        }
        for one in found
    ]


@changes(*DESK)
@require_POST
def answer(request: DoorRequest, ref: str) -> HttpResponse:
    """What the department answered."""
    sent = request.POST

    def doing() -> Text:
        given, until = sent.get("answer", ""), read_day(sent.get("until", ""))
        searcher = sent.get("searcher", "").strip()
        if not searcher:
            raise InputError(
                Text("調べた人の名前がありません。", "It does not say who searched."),
                advice=Text("票に書かれた担当者の名前を入れてください。", "Enter the name written on the slip."),
            )
        answer_slip(
            ref,
            answer=given,
            count=_count(sent.get("count", "")) if given in {"found", "done"} else 0,
            searcher=searcher[:200],
            kept=Kept(law=sent.get("law", ""), until=until) if given == "kept" and until else None,
            correct=sent.get("correct") == "yes",
            scope=request.door.scope,
            at=request.door.at,
        )
        return Text("回答を記録しました。", "The answer is recorded.")

    return act(request, doing, then=_back(request))


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0  # noqa: PLR2004 (the room of the field)


def read_day(text: str) -> date | None:
    """A day from a date field; None when it is empty.

    Raises:
        InputError: no day.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            Text("日付を読めません。", "That is no day."),
            advice=Text("年-月-日の形で入れてください。", "Write it as year-month-day."),
        ) from None


def _back(request: DoorRequest) -> str:
    then = request.POST.get("then", "")
    good = url_has_allowed_host_and_scheme(then, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return then if good and then.startswith("/") else reverse("rights:slips")


@changes(*DESK)
def slip_pdf(request: DoorRequest, ref: str) -> HttpResponse:
    """The slip to hand to the department."""
    slip = get_slip(ref, scope=request.door.scope, asked_by=request.door.display_name)
    printed = print_paper(slip_paper(slip, language=request.door.language))
    return pdf(OutFile(name=f"{ref}.pdf", content=printed.pdf), inline=True)
