"""整理票: the cover sheet that lies on top when papers are scanned; its code says where they belong."""

from django.http import HttpResponse

from daicho.letters.covers import CoverSheet
from daicho.letters.press import render
from daicho.people.doors import DoorRequest, reads
from daicho.post.queries import get_envelope
from daicho.rights.access import DESK
from daicho.rights.queries import get_request


@reads(*DESK)
def cover(request: DoorRequest, number: str) -> HttpResponse:
    """The cover sheet of an envelope or a request, as a PDF."""
    door = request.door
    if number.startswith("E-"):
        envelope = get_envelope(number, scope=door.scope)
        number, arrived_on = envelope.number, envelope.arrived_on
    else:
        found = get_request(number, scope=door.scope, on=door.today)
        number, arrived_on = found.number, found.arrived_on
    sheet = CoverSheet(language=door.language, number=number, arrived_on=arrived_on, printed_on=door.today)
    response = HttpResponse(render(sheet).pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response
