"""受付: the form of a request, opened from its envelope: what the post room wrote down stands in it already."""

from urllib.parse import urlsplit

from django.http import HttpResponse
from django.urls import resolve, reverse

from daicho.people.doors import DoorRequest, changes, tell_error
from daicho.policy.language.procedure import Arrival
from daicho.post.actions.envelopes import file_envelope
from daicho.post.queries import get_envelope
from daicho.post.rules import Channel, EnvelopeKind, Move
from daicho.rights.access import DESK
from daicho.rights.views.opening import opening
from daicho.words.errors import DaichoError, NotAllowedError
from daicho.words.text import Text

_MOVED_ON = 302


@changes(*DESK)
def open_request(request: DoorRequest, number: str) -> HttpResponse:
    """Register a request; its envelope is filed to it in the same go, the day of arrival is the envelope's."""
    door = request.door
    envelope = get_envelope(number, scope=door.scope)
    if envelope.kind not in {None, EnvelopeKind.REQUEST} or (envelope.kind and Move.FILE not in envelope.moves):
        raise NotAllowedError(
            Text("この封筒は請求として仕分けられていません。", "This envelope is not sorted as a request."),
            advice=Text("仕分けを直してから登録してください。", "Sort it as a request first."),
        )
    given = {
        "arrived_on": envelope.arrived_on,
        "channel": Arrival.POST if envelope.channel is Channel.COURIER else Arrival(envelope.channel),
        "addressed": [envelope.organisation],
        "post_room": envelope.post_room,
        "delivery_no": envelope.delivery_number,
        "opened_by": envelope.opened_by,
        "contents": sum(count for _, count in envelope.counted),
        "kept_in": envelope.place,
    }
    answer = opening(request, given=given)
    if answer.status_code != _MOVED_ON:
        return answer
    opened = resolve(urlsplit(answer["Location"]).path).kwargs["number"]
    try:
        file_envelope(number, opened, scope=door.scope, at=door.at)
    except DaichoError as error:  # the request stands; the envelope is filed by hand
        tell_error(request, error)
        answer["Location"] = reverse("post:envelope", args=[number])
    return answer
