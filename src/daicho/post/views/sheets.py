"""整理票 on the screen."""

from django.http import HttpResponse

from daicho.people.doors import DoorRequest, reads
from daicho.post.covers import print_cover
from daicho.rights.access import DESK


@reads(*DESK)
def cover(request: DoorRequest, number: str) -> HttpResponse:
    """The cover sheet of an envelope or a request, as a PDF."""
    door = request.door
    number, pdf = print_cover(number, language=door.language, scope=door.scope, on=door.today)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response
