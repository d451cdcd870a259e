"""経過: what happened to a request, from the trail, and the letters that left the house."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from daicho.law.kinds import KINDS
from daicho.people.doors import Door, DoorRequest, changes, reads
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.actions.tending import look_at_letter
from daicho.rights.amending_forms import PART_WORDS
from daicho.rights.amendments import CANCEL_WORDS, NOTE_WORDS
from daicho.rights.checklist import HOW_WORDS
from daicho.rights.dispatch_rules import DISPATCH_WORDS, METHOD_WORDS, RETURNED_WORDS
from daicho.rights.envelopes import dispatches_of
from daicho.rights.labels import CHANNEL_WORDS, LETTER_WORDS
from daicho.rights.queries import RequestView
from daicho.rights.rules import CLAIM_WORDS, REQUEST_WORDS
from daicho.rights.saying import SLIP_ANSWERS
from daicho.rights.sights import Names, names_for
from daicho.rights.views.case import case_context
from daicho.rights.views.files import pdf
from daicho.trail.queries import list_entries_about
from daicho.words.text import Text


@reads(*LOOKERS)
def record(request: DoorRequest, number: str) -> HttpResponse:
    """The page."""
    context = case_context(request, number)
    case: RequestView = context["case"]
    about = [
        case.number,
        *(claim.number for claim in case.claims),
        *(claim.run for claim in case.claims if claim.run),
        *(one["ref"] for one in case.documents),
        *(one["ref"] for one in case.fees),
        *(one["number"] for one in case.letters),
        *(slip.ref for slip in case.slips),
        *dispatches_of(case.number, scope=request.door.scope),
    ]
    entries = list_entries_about(about, scope=request.door.scope)
    letters = [{**one, "name": LETTER_WORDS.get(one["kind"], one["kind"])} for one in case.letters]
    stores = names_for(sorted(request.door.scope.organisations), scope=request.door.scope)
    language = request.door.language
    said = [
        {"entry": one, "words": replace(one, facts=_worded(one.facts, stores, request.door)).say(language)}
        for one in entries
    ]
    return render(request, "rights/record.html", context | {"entries": said, "letters": letters})


#: By the name of a fact: the words of its codes.
_WORDS: Final[Mapping[str, Mapping[Any, Text]]] = {
    "channel": CHANNEL_WORDS,
    "state": {**REQUEST_WORDS, **DISPATCH_WORDS},
    "decision": CLAIM_WORDS,
    "outcome": CLAIM_WORDS,
    "answer": SLIP_ANSWERS,
    "how": HOW_WORDS,
    "method": METHOD_WORDS,
    "why": {**RETURNED_WORDS, **CANCEL_WORDS},
    "kind": {**NOTE_WORDS, **LETTER_WORDS, **{str(kind): rule.name for kind, rule in KINDS.items()}},
    "old": {str(kind): rule.name for kind, rule in KINDS.items()},
}
_AGREES: Final = (Text("相違あり", "differs"), Text("一致", "agrees"))


def _worded(facts: Mapping[str, Any], names: Names, door: Door) -> dict[str, Any]:
    """The facts of an entry with words for codes; the trail itself keeps the codes."""
    said, language = dict(facts), door.language
    for name, value in facts.items():
        if name == "store":
            said[name] = names.store(value).say(language)
        elif name == "account":
            said[name] = door.account_name(value)
        elif name == "parts":
            said[name] = [PART_WORDS[one].say(language) if one in PART_WORDS else one for one in value]
        elif name == "agrees":
            said[name] = _AGREES[bool(value)].say(language)
        elif isinstance(value, str) and value in _WORDS.get(name, {}):
            said[name] = _WORDS[name][value].say(language)
    return said


@changes(*DESK)
@require_POST
def letter(request: DoorRequest, number: str, letter_no: str) -> HttpResponse:
    """The copy of a letter as it was issued, to look at or to save; a POST, because the look is written down."""
    door = request.door
    file = look_at_letter(number, letter_no, scope=door.scope, at=door.at, folder=door.folder)
    return pdf(file, inline="save" not in request.POST)
