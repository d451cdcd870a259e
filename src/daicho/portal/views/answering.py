"""回答の受取り: link, button, separately mailed code, files."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from daicho.portal.actions.offering import download
from daicho.portal.limits import count
from daicho.portal.queries import files_of_pass
from daicho.portal.rules import PassKind
from daicho.portal.views.following import ask_code
from daicho.portal.visits import Visit, at_the_door, looks_and_sends

_MEDIA = {"pdf": "application/pdf", "json": "application/json", "csv": "text/csv; charset=utf-8"}


@looks_and_sends
@at_the_door
def answer(visit: Visit, token: str) -> HttpResponse:
    """A link to an answer."""
    return ask_code(visit, token, PassKind.ANSWER)


@require_safe
@at_the_door
def files(visit: Visit) -> HttpResponse:
    """The files of the answer."""
    row = visit.entered(PassKind.ANSWER)
    return visit.show("files", {"offer": files_of_pass(row.ref, at=visit.at)})


@require_safe
@at_the_door
def file(visit: Visit, ref: str) -> HttpResponse:
    """One file, saved and never shown inside the browser's own page."""
    row = visit.entered(PassKind.ANSWER)
    count(visit.request, "open")
    found = download(row.ref, ref, at=visit.at, folder=visit.folder)
    media = _MEDIA.get(found.name.rpartition(".")[2], "application/octet-stream")
    response = HttpResponse(found.content, content_type=media)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name) or ""
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response
