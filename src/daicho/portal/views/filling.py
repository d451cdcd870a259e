"""請求の入力: the form, the papers, a last look, sent."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from daicho.portal.actions import drafting
from daicho.portal.actions.drafting import Upload, add_paper, remove_paper, save_form
from daicho.portal.forms import RequestForm, as_data
from daicho.portal.limits import count
from daicho.portal.queries import DraftView, draft_content, draft_mailbox, get_draft
from daicho.portal.rules import offered_kinds
from daicho.portal.visits import Visit, at_the_door, looks_and_sends, require_open
from daicho.post.darkroom import MAX_BYTES
from daicho.rights.rules import fee_due
from daicho.words.errors import InputError
from daicho.words.text import Language, Text


def _form(visit: Visit, draft: DraftView, data: object = None) -> RequestForm:
    return RequestForm(
        data,
        policy=visit.policy,
        requester=draft.requester,
        kinds=draft.kinds,
        on=visit.today,
        language=visit.language,
    )


def _kept(visit: Visit, draft: DraftView) -> RequestForm:
    """The form as it was saved."""
    content = draft_content(draft.ref, at=visit.at).reveal(purpose="shown to whoever proved the mailbox")
    return _form(visit, draft, as_data(content))


@looks_and_sends
@at_the_door
def form(visit: Visit) -> HttpResponse:
    """Who and what; saved as it is, also when something is wrong with it."""
    require_open(visit)
    draft, request = get_draft(visit.draft, at=visit.at), visit.request
    if request.method != "POST":
        content = draft_content(draft.ref, at=visit.at).reveal(purpose="shown to whoever proved the mailbox")
        shown = _form(visit, draft, as_data(content)) if content and not draft.complete else _form(visit, draft)
        shown.initial = dict(content)
        return visit.show("form", {"form": shown, "draft": draft})
    count(request, "try")
    filled = _form(visit, draft, request.POST)
    valid = filled.is_valid()
    save_form(draft.ref, filled.content(), complete=valid, at=visit.at)
    if request.POST.get("lang") in set(Language):
        return redirect(f"{reverse('portal:form')}?lang={request.POST['lang']}")
    if request.POST.get("later"):
        return visit.show("saved", {"draft": draft})
    if valid:
        return redirect("portal:papers")
    return visit.show("form", {"form": filled, "draft": draft}, status=400)


@looks_and_sends
@at_the_door
def papers(visit: Visit) -> HttpResponse:
    """Photographs or PDFs of the published list, with what to black out said before."""
    require_open(visit)
    draft, request = get_draft(visit.draft, at=visit.at), visit.request
    error: InputError | None = None
    if request.method == "POST":
        count(request, "upload")
        try:
            add_paper(draft.ref, read_upload(visit), at=visit.at, folder=visit.folder)
        except InputError as refused:
            error = refused
        else:
            return redirect("portal:papers")
    shown = {"draft": draft, "error": error, "megabytes": MAX_BYTES // 1024 // 1024}
    return visit.show("papers", shown, status=400 if error else 200)


def read_upload(visit: Visit) -> Upload:
    """The file of a form, and what it is said to be.

    Raises:
        InputError: there is none, or the day is no day.
    """
    request = visit.request
    sent = request.FILES.get("file")
    if sent is None or sent.size is None:
        raise InputError(
            Text("ファイルを選んでください。", "Choose a file."),
            advice=Text("写真（JPEG・PNG）か PDF を選びます。", "A photograph (JPEG, PNG) or a PDF."),
        )
    issued = request.POST.get("issued_on", "")
    try:
        day = date.fromisoformat(issued) if issued else None
    except ValueError:
        raise InputError(
            Text("発行日が日付ではありません。", "The day of issue is no day."),
            advice=Text("2026-11-01 の形で入力してください。", "Write it as 2026-11-01."),
        ) from None
    content = sent.read(MAX_BYTES + 1)  # one more than is taken tells that there is more
    return Upload(code=request.POST.get("paper", ""), content=content, issued_on=day)


@require_POST
@at_the_door
def remove(visit: Visit) -> HttpResponse:
    """Take a paper back."""
    remove_paper(visit.draft, visit.request.POST.get("ref", ""), at=visit.at, folder=visit.folder)
    return redirect("portal:papers")


@looks_and_sends
@at_the_door
def submit(visit: Visit) -> HttpResponse:
    """A last look at everything, and the button that sends it."""
    require_open(visit)
    draft = get_draft(visit.draft, at=visit.at)
    filled = _kept(visit, draft)
    if not draft.complete or not filled.is_valid():
        return redirect("portal:form")
    if visit.request.method == "POST":
        count(visit.request, "start")
        intake = filled.intake(draft.organisation, draft_mailbox(draft.ref, at=visit.at))
        number = drafting.submit(draft.ref, intake, visit.sender(draft.organisation), at=visit.at)
        visit.forget_draft()
        visit.request.session["portal_number"] = number
        return redirect("portal:done")
    kinds = [one for one in offered_kinds(visit.policy, on=visit.today) if one.kind in draft.kinds]
    return visit.show("submit", {"form": filled, "draft": draft, "kinds": kinds, "fee": _fee(visit, draft)})


def _fee(visit: Visit, draft: DraftView) -> int:
    kinds = [one.kind for one in offered_kinds(visit.policy, on=visit.today) if one.kind in draft.kinds]
    return fee_due(visit.policy, kinds)


@require_safe
@at_the_door
def done(visit: Visit) -> HttpResponse:
    """The number, and what happens now."""
    number = visit.request.session.get("portal_number", "")
    if not number:
        return redirect("portal:door")
    return visit.show("done", {"number": number})
