"""はじめに: what may be asked, of whom, with which papers; the mailbox; how to ask by post."""

from collections.abc import Callable
from contextlib import suppress

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from daicho.law.kinds import Requester
from daicho.letters.press import render
from daicho.portal.actions.drafting import Beginning, begin, mail_again, prove
from daicho.portal.actions.following import mail_links
from daicho.portal.actions.passes import find_pass, find_used_start
from daicho.portal.errors import TooManyError
from daicho.portal.forms import FindForm, StartForm
from daicho.portal.limits import count
from daicho.portal.rules import PassKind, requesters, wanted_papers
from daicho.portal.visits import Visit, at_the_door, looks_and_sends, require_open
from daicho.rights.forms import blank_form
from daicho.words.personal import Personal


@looks_and_sends
@at_the_door
def door(visit: Visit) -> HttpResponse:
    """The first page: the form to begin with, or how to ask by post where the policy publishes no web door."""
    if not visit.is_open:
        return visit.show("by_post", {"papers": _papers(visit), "addressee": visit.policy.requests.addressee})
    request = visit.request
    form = StartForm(request.POST or None, policy=visit.policy, on=visit.today, language=visit.language)
    if request.method == "POST":
        count(request, "start")
        if form.is_valid():
            said = form.cleaned_data
            beginning = Beginning(
                organisation=said["organisation"],
                requester=Requester(said["requester"]),
                kinds=said["kinds"],
                mailbox=Personal(said["mailbox"], "email"),
                language=visit.language,
            )
            _quietly(lambda: begin(beginning, visit.sender(said["organisation"]), at=visit.at))
            return redirect("portal:sent")
    return visit.show("start", {"form": form, "papers": _papers(visit)}, status=400 if form.errors else 200)


def _quietly(doing: Callable[[], None]) -> None:
    """A mailbox that got too many mails looks like any other from here."""
    with suppress(TooManyError):
        doing()


def _papers(visit: Visit) -> list[tuple[object, object]]:
    """Who → the papers asked of them."""
    return [(name, wanted_papers(visit.policy, one, on=visit.today)) for one, name in requesters(visit.policy)]


@require_safe
@at_the_door
def sent(visit: Visit) -> HttpResponse:
    """Look into your mailbox; the same for every mailbox."""
    return visit.show("sent")


@looks_and_sends
@at_the_door
def link(visit: Visit, token: str) -> HttpResponse:
    """A start link: looking shows a button, the button uses the link up."""
    request = visit.request
    count(request, "open")
    require_open(visit)
    used = find_used_start(token, at=visit.at)
    if request.method == "POST":
        if request.POST.get("again"):
            count(request, "start")
            _quietly(lambda: mail_again(token, visit.sender(), at=visit.at))
            return redirect("portal:sent")
        visit.know_draft(prove(token, at=visit.at))
        return redirect("portal:form")
    if used is None:
        find_pass(token, PassKind.START, at=visit.at)
    return visit.show("link", {"used": used is not None, "known": used is not None and visit.has_draft})


@looks_and_sends
@at_the_door
def find(visit: Visit) -> HttpResponse:
    """Lost links: mailed anew to a mailbox that has requests; the page says the same to all."""
    request = visit.request
    require_open(visit)
    form = FindForm(request.POST or None, language=visit.language)
    if request.method == "POST":
        count(request, "find")
        if form.is_valid():
            mailbox = Personal(form.cleaned_data["mailbox"], "email")
            _quietly(lambda: mail_links(mailbox, visit.sender(), at=visit.at))
            return redirect("portal:sent")
    return visit.show("find", {"form": form}, status=400 if form.errors else 200)


@require_safe
@at_the_door
def blank(visit: Visit) -> HttpResponse:
    """The blank form of the policy in force, as PDF."""
    form = blank_form(visit.policy, organisation=visit.organisation, language=visit.language, on=visit.today)
    response = HttpResponse(render(form).pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="request-form-{visit.language}.pdf"'
    return response
