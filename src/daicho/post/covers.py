"""整理票: the cover sheet that lies on top when papers are scanned; its code says where they belong."""

from datetime import date

from daicho.letters.covers import CoverSheet
from daicho.letters.press import render
from daicho.post.queries import get_envelope
from daicho.rights.queries import get_request
from daicho.words.scope import Scope
from daicho.words.text import Language


def print_cover(number: str, *, language: Language, scope: Scope, on: date) -> tuple[str, bytes]:
    """The sheet of an envelope or a request as (number, PDF).

    Raises:
        NotFoundError: no such envelope or request within the scope.
    """
    if number.startswith("E-"):
        envelope = get_envelope(number, scope=scope)
        number, arrived_on = envelope.number, envelope.arrived_on
    else:
        found = get_request(number, scope=scope, on=on)
        number, arrived_on = found.number, found.arrived_on
    sheet = CoverSheet(language=language, number=number, arrived_on=arrived_on, printed_on=on)
    return number, render(sheet).pdf
