"""状況の確認: the link, the code, where the request stands, what is missing, withdrawing."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from daicho.law.kinds import KINDS
from daicho.policy.queries import get_policy
from daicho.portal.actions import following
from daicho.portal.actions.passes import find_pass, get_open_pass, mail_code, try_code
from daicho.portal.errors import CodeError
from daicho.portal.limits import count
from daicho.portal.queries import answers_waiting, tell_followed
from daicho.portal.rules import PassKind, WantedGroup, wanted_papers
from daicho.portal.telling import said_of, steps_of
from daicho.portal.views.filling import read_upload
from daicho.portal.visits import Visit, at_the_door, looks_and_sends
from daicho.post.darkroom import MAX_BYTES
from daicho.rights.rules import DocumentKind, Missing
from daicho.words.errors import InputError


def ask_code(visit: Visit, token: str, kind: PassKind) -> HttpResponse:
    """A link that asks for a code: looking shows a button, the button mails the code."""
    count(visit.request, "open")
    row = find_pass(token, kind, at=visit.at)
    if visit.request.method == "POST":
        count(visit.request, "code")
        mail_code(row.ref, visit.sender(row.organisation), at=visit.at)
        visit.ask_code_for(row)
        return redirect("portal:code")
    return visit.show("knock", {"answer": kind is PassKind.ANSWER})


@looks_and_sends
@at_the_door
def follow(visit: Visit, token: str) -> HttpResponse:
    """A link to a request."""
    return ask_code(visit, token, PassKind.STATUS)


@looks_and_sends
@at_the_door
def code(visit: Visit) -> HttpResponse:
    """The code, for whichever link it was mailed."""
    row, request = get_open_pass(visit.asked, at=visit.at), visit.request
    wrong: CodeError | None = None
    if request.method == "POST":
        if request.POST.get("again"):
            count(request, "code")
            mail_code(row.ref, visit.sender(row.organisation), at=visit.at)
            return redirect("portal:code")
        count(request, "try")
        try:
            visit.enter(try_code(row.ref, request.POST.get("code", "")[:12], at=visit.at))
        except CodeError as error:
            wrong = error
        else:
            return redirect("portal:files" if row.kind == PassKind.ANSWER else "portal:status")
    return visit.show("code", {"wrong": wrong}, status=400 if wrong else 200)


@require_safe
@at_the_door
def status(visit: Visit) -> HttpResponse:
    """Where it stands, in words."""
    return _status(visit)


def _status(visit: Visit, error: InputError | None = None) -> HttpResponse:
    row = visit.entered(PassKind.STATUS)
    told = tell_followed(row, on=visit.today)
    policy = get_policy(told.policy_digest)
    papers_missing = [one for one in told.missing if not one.fee and one.code != "form"]
    groups = wanted_papers(policy, told.requester, on=visit.today) if papers_missing else []
    shown = {
        "told": told,
        "asked": row.about,
        "other": told.number != row.about,
        "steps": steps_of(told),
        "claims": [(KINDS[one.kind].name, said_of(one)) for one in told.claims],
        "papers_missing": papers_missing,
        "fee_missing": any(one.fee for one in told.missing),
        "groups": groups,
        "chosen": _first_of(groups, papers_missing),
        "answer_waiting": answers_waiting(told.number, at=visit.at),
        "policy_then": policy,
        "error": error,
        "megabytes": MAX_BYTES // 1024 // 1024,
    }
    return visit.show("status", shown, status=400 if error else 200)


def _first_of(groups: Sequence[WantedGroup], missing: Sequence[Missing]) -> str:
    """The code of the first paper of the list that would end something missing."""
    wanted = {one.code for one in missing}
    papers = [paper for group in groups for paper in group.papers]
    named = (one.code for one in papers if one.paper in wanted)
    identity = (one.code for one in papers if one.kind is DocumentKind.ID_COPY and f"id-{one.of}" in wanted)
    return next(named, "") or next(identity, "")


@require_POST
@at_the_door
def paper(visit: Visit) -> HttpResponse:
    """A paper that was missing."""
    row = visit.entered(PassKind.STATUS)
    count(visit.request, "upload")
    try:
        following.send_paper(row.ref, read_upload(visit), at=visit.at, folder=visit.folder)
    except InputError as refused:
        return _status(visit, refused)
    return redirect("portal:status")


@require_POST
@at_the_door
def withdraw(visit: Visit) -> HttpResponse:
    """取下げ."""
    row = visit.entered(PassKind.STATUS)
    following.withdraw(row.ref, visit.sender(row.organisation), at=visit.at)
    return redirect("portal:status")


@require_POST
@at_the_door
def leave(visit: Visit) -> HttpResponse:
    """For shared devices: this browser forgets everything."""
    visit.leave()
    return redirect("portal:door")
