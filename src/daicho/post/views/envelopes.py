"""Envelopes on the screen: the list, one envelope, and every move of it."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.people.doors import DoorRequest, act, changes, reads, tell_error
from daicho.people.rules import may_act
from daicho.post.access import organisations_of_desk
from daicho.post.actions import envelopes as actions
from daicho.post.forms import EnvelopeForm, OpeningForm, PaperEndForm, ScanForm
from daicho.post.queries import (
    SORTS,
    EnvelopeFilter,
    EnvelopeList,
    count_due_scans,
    count_states,
    get_envelope,
    list_scans,
    list_unchecked_scans,
)
from daicho.post.rules import CHANNEL_WORDS, KINDS, PAPER_WORDS, STATE_WORDS, Ending, EnvelopeKind, EnvelopeState
from daicho.rights.access import DESK
from daicho.trail.queries import list_entries
from daicho.words.errors import DaichoError, InputError
from daicho.words.text import Text

PAGE = 50


@reads(*DESK)
def home(request: DoorRequest) -> HttpResponse:
    """The post: what is to be sorted first, with filters and pages."""
    asked = request.GET
    found = EnvelopeFilter(
        state=asked.get("state", "") if asked.get("state") in set(EnvelopeState) else "",
        kind=asked.get("kind", "") if asked.get("kind") in set(EnvelopeKind) else "",
        text=asked.get("q", "")[:80],
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
        sort=asked.get("sort", "new") if asked.get("sort") in SORTS else "new",
    )
    scope, today = request.door.scope, request.door.today
    rows: Any = EnvelopeList(found, scope=scope)  # counted and cut like a sequence
    page: Any = Paginator(rows, PAGE).get_page(asked.get("page"))
    counts = count_states(scope=scope)
    context = {
        "page": page,
        "found": found,
        "tabs": [("", Text("すべて", "All"), sum(counts.values()))]
        + [(state, STATE_WORDS[state], counts.get(state, 0)) for state in EnvelopeState],
        "kinds": KINDS,
        "state_words": STATE_WORDS,
        "channel_words": CHANNEL_WORDS,
        "due": count_due_scans(scope=scope, on=today),
        "unchecked": list_unchecked_scans(scope=scope),
        "filtered": any((found.state, found.kind, found.text, found.since, found.until)),
        "may_change": request.door.may_act(*DESK),
    }
    return render(request, "post/home.html", context)


@changes(*DESK)
def register(request: DoorRequest) -> HttpResponse:
    """Write an envelope down; what the post room and the clerk are is remembered from the last one."""
    door = request.door
    organisations = _organisations(request)
    last = request.session.get("post_room", "")
    initial = {
        "arrived_on": door.today,
        "organisation": door.organisation,
        "channel": "post",
        "post_room": last,
    }
    form = EnvelopeForm(request.POST or None, initial=initial, door=door, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        try:
            number = actions.register_envelope(form.intake(), scope=door.scope, at=door.at)
        except InputError as error:
            tell_error(request, error)
        else:
            request.session["post_room"] = form.cleaned_data["post_room"]
            return redirect("post:envelope", number=number)
    return render(request, "post/register.html", {"form": form})


@reads(*DESK)
def envelope(request: DoorRequest, number: str) -> HttpResponse:
    """One envelope: what it is, what to do next, its scans, and what was done."""
    door = request.door
    found = get_envelope(number, scope=door.scope)
    context = {
        "envelope": found,
        "company": door.company_name(found.organisation),
        "rule": KINDS[found.kind] if found.kind else None,
        "moves": {str(move) for move in found.moves},
        "kinds": KINDS,
        "state_words": STATE_WORDS,
        "channel_words": CHANNEL_WORDS,
        "paper_words": PAPER_WORDS,
        "note": found.note.reveal(purpose="shown to the desk") if found.note else "",
        "scans": list_scans(scope=door.scope, envelope=number),
        "scan_form": ScanForm(door=door),
        "opening_form": OpeningForm(
            door=door,
            initial={"opened_by": found.opened_by or door.display_name}
            | {f"count_{what}": count for what, count in found.counts.items()},
        ),
        "paper_form": PaperEndForm(door=door, initial={"on": door.today}),
        "filed_ending": Ending.FILED,
        "history": [(entry, entry.say(door.language)) for entry in list_entries(scope=door.scope, about=number)],
        "may_change": may_act(door.roles.get(found.organisation, frozenset()), DESK),
    }
    return render(request, "post/envelope.html", context)


@changes(*DESK)
def move(request: DoorRequest, number: str, what: str) -> HttpResponse:
    """One move of an envelope; then back to it."""
    there = reverse("post:envelope", args=[number])
    if request.method != "POST":
        return redirect(there)
    return act(request, lambda: _done(request, number, what), then=there)


def _done(request: DoorRequest, number: str, what: str) -> Text | None:  # noqa: C901, PLR0911, PLR0912 (one move a line)
    scope, at, given = request.door.scope, request.door.at, request.POST
    match what:
        case "classify":
            kind = given.get("kind", "")
            if kind not in set(EnvelopeKind):
                raise _choose()
            actions.classify_envelope(number, EnvelopeKind(kind), scope=scope, at=at)
            return Text("仕分けました。", "Sorted.")
        case "opened":
            opening = OpeningForm(given, door=request.door)
            if not opening.is_valid():
                raise _not_counted()
            by = opening.cleaned_data["opened_by"]
            actions.record_opening(number, by, opening.counted(), scope=scope, at=at)
            return Text("開封を記録しました。", "The opening is recorded.")
        case "undo":
            actions.undo_classification(number, scope=scope, at=at)
            return Text("仕分けを取り消しました。", "The sorting is taken back.")
        case "file":
            actions.file_envelope(number, given.get("request", "").strip(), scope=scope, at=at)
            return Text("請求に綴じました。", "Filed to the request.")
        case "unfile":
            actions.unfile_envelope(number, given.get("request", ""), scope=scope, at=at)
            return Text("請求から外しました。", "Taken from the request.")
        case "hand_over":
            actions.hand_over_envelope(number, given.get("to", ""), scope=scope, at=at)
            return Text("引渡しを記録しました。", "Handing over is recorded.")
        case "reopen":
            actions.reopen_envelope(number, scope=scope, at=at)
            return Text("対応中に戻しました。", "It is open again.")
        case "place":
            actions.move_paper(number, given.get("place", ""), scope=scope, at=at)
            return Text("保管場所を記録しました。", "Where it lies is recorded.")
        case "end":
            form = PaperEndForm(given, door=request.door)
            if not form.is_valid():
                raise _choose()
            actions.end_paper(number, form.ending(), on=form.cleaned_data["on"], scope=scope, at=at)
            return Text("紙の処分を記録しました。", "What became of the paper is recorded.")
        case _:
            raise _choose()


def _not_counted() -> DaichoError:
    return InputError(
        Text("開封した人がないか、点数が読めません。", "Nobody is named, or a count cannot be read."),
        advice=Text(
            "開封した人と、0 から 99 までの点数を入れてください。", "Give who opened it, and counts from 0 to 99."
        ),
    )


def _choose() -> DaichoError:
    return InputError(
        Text("選ばれていないか、日付が読めません。", "Nothing is chosen, or the day cannot be read."),
        advice=Text("選び直してください。", "Choose again."),
    )


def _organisations(request: DoorRequest) -> list[tuple[str, str]]:
    """The companies in which the clerk works at the desk."""
    return [(code, request.door.company_name(code)) for code in organisations_of_desk(request.door.scope)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
