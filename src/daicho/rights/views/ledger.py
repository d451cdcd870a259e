"""開示等請求受付簿: by year, on screen, as Excel and PDF, approved by the officer."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from daicho.law.kinds import KINDS, RequestKind
from daicho.letters.ledger import COLUMNS, summary_words
from daicho.people.doors import DoorRequest, act, changes, reads
from daicho.people.queries import readable
from daicho.people.rules import Role, may_act
from daicho.rights.access import DESK
from daicho.rights.actions.approving import approve_ledger
from daicho.rights.actions.issuing import OutFile
from daicho.rights.actions.printing import export_ledger
from daicho.rights.ledger_book import list_imports, read_book, row_key, years_of
from daicho.rights.ledger_page import PAGE, LedgerPage, read_page
from daicho.rights.routes import is_request_number
from daicho.rights.views.asked import page_of
from daicho.rights.views.files import file_of, zipped
from daicho.words.text import Text

#: A year with so few requests is compared with its approval as the page opens; a longer one when somebody asks.
_AT_ONCE = 300
#: Changed rows that are named.
_NAMED = 20
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def chosen_organisation(request: DoorRequest) -> tuple[str, list[tuple[str, str]]]:
    """The company whose ledger is looked at, and those that may be chosen, by name."""
    allowed = sorted(readable(request.door.scope, DESK))
    asked = request.GET.get("organisation", request.POST.get("organisation", ""))
    default = request.door.organisation if request.door.organisation in allowed else (allowed or [""])[0]
    return (asked if asked in allowed else default), [(code, request.door.company_name(code)) for code in allowed]


@reads(*DESK)
def ledger(request: DoorRequest, year: int = 0) -> HttpResponse:
    """One page of one year of one company; also of a year without a request."""
    door = request.door
    chosen, organisations = chosen_organisation(request)
    year = _year(year, request)
    roles = door.roles.get(chosen, frozenset())
    shown = read_page(
        year,
        chosen,
        page=page_of(request.GET),
        names=may_act(roles, DESK),
        language=door.language,
        scope=door.scope,
        at=door.at,
    )
    context = {
        "year": year,
        "years": years_of([chosen], today=door.today),
        "organisation": chosen,
        "organisations": organisations,
        "shown": shown,
        "page": Paginator(range(shown.total), PAGE).get_page(shown.number),
        "at_once": shown.total <= _AT_ONCE,
        "summary": summary_words(shown.counted, shown.opened, door.language),
        "headings": [column.name.say(door.language).replace("\n", "") for column in COLUMNS],
        "lines": _lines(shown, door.language),
        "counts": [(KINDS[kind].name, shown.counted[kind]) for kind in RequestKind if shown.counted.get(kind)],
        "may_work": may_act(roles, DESK),
        "imports": list_imports(chosen, scope=door.scope)[:5],
    }
    return render(request, "rights/ledger.html", context)


def _year(year: int, request: DoorRequest) -> int:
    year = year or request.door.today.year
    if not 2000 <= year <= request.door.today.year:  # noqa: PLR2004 (no ledger is older)
        raise Http404
    return year


def _lines(shown: LedgerPage, language: str) -> list[dict[str, Any]]:
    headings = [column.name.say(language).replace("\n", "") for column in COLUMNS]
    return [
        {
            "number": row.request_no,
            "request": row.request_no.rpartition("-")[0] if is_request_number(row.request_no) else "",
            "cells": list(zip(headings, shown.paper.cells(row), strict=True))[1:],
            "changed": row_key(row) in shown.changed,
        }
        for row in shown.paper.rows
    ]


@reads(*DESK)
def approval(request: DoorRequest, year: int) -> HttpResponse:
    """What the whole year says against its approval, read when it is asked for: a part of the page, or a page alone."""
    door = request.door
    chosen, _ = chosen_organisation(request)
    year = _year(year, request)
    book = read_book(year, [chosen], names=False, language=door.language, scope=door.scope, at=door.at)
    approved = book.approval
    numbers = sorted(key.split("/")[0] for key in approved.changed) if approved else []
    context = {
        "year": year,
        "organisation": chosen,
        "book": book,
        "rows": len(book.paper.rows),
        "changed": numbers[:_NAMED],
        "more": max(len(numbers) - _NAMED, 0),
        "may_approve": may_act(door.roles.get(chosen, frozenset()), [Role.OFFICER]),
    }
    part = request.headers.get("HX-Request")
    return render(request, "rights/ledger_approval.html" if part else "rights/ledger_approval_page.html", context)


@reads(*DESK)
def download(request: DoorRequest, year: int, form: str) -> HttpResponse:
    """The year as Excel or PDF, a long one as a ZIP of PDFs; the trail tells that it was."""
    if form not in _TYPES:
        raise Http404
    door = request.door
    chosen, _ = chosen_organisation(request)
    names = request.GET.get("names") != "no" and may_act(door.roles.get(chosen, frozenset()), DESK)
    files, _ = export_ledger(
        year, organisation=chosen, names=names, forms=[form], language=door.language, scope=door.scope, at=door.at
    )
    if len(files) > 1:
        name = f"request-ledger-{year}-{chosen}.zip"
        return file_of(OutFile(name=name, content=zipped(files)), "application/zip")
    return file_of(files[0], _TYPES[form], inline=form == "pdf")


@changes(Role.OFFICER)
@require_POST
def approve(request: DoorRequest, year: int) -> HttpResponse:
    """承認する."""
    chosen, _ = chosen_organisation(request)

    def doing() -> Text:
        approve_ledger(year, chosen, seen=request.POST.get("digest", ""), scope=request.door.scope, at=request.door.at)
        return Text(f"{year} 年の受付簿を承認しました。", f"The ledger of {year} is approved.")

    return act(request, doing, then=f"{reverse('rights:ledger-year', args=[year])}?organisation={chosen}")
