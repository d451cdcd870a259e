"""証跡: the trail on the screen. It stands here and not in its room, because that room lies below the people's.

Looking and verifying is a GET, so an auditor may do both. An export is whole, so it is for one who reads the
trail of every organisation in it; it is a POST and written down like the command line's: whoever takes the
whole record away is in the record.
"""

import re
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from daicho.keys.queries import export_public_keys, export_public_pem
from daicho.people.doors import DoorRequest, act, changes, reads, takes, tell_error
from daicho.people.rules import Role
from daicho.site.clock import TOKYO
from daicho.trail import queries
from daicho.trail.actions import make_checkpoint
from daicho.trail.events import EVENTS
from daicho.words.errors import NotAllowedError
from daicho.words.text import Language, Text

#: The trail tells of the whole installation: for those who answer for it, keep it, or audit it.
_READERS: Final = (Role.OFFICER, Role.SECRETARIAT, Role.ENGINEER)
_PAGE: Final = 50
_LARGEST: Final = 2**62


@reads(*_READERS)
def home(request: DoorRequest) -> HttpResponse:
    """Entries, the newest first; ``before`` and ``after`` name the entry a page ends or begins at."""
    asked = {name: request.GET.get(name, "").strip() for name in ("event", "actor", "about", "since", "until")}
    since, until = _day(asked["since"]), _day(asked["until"])
    before, after = _number(request.GET.get("before")), _number(request.GET.get("after"))
    found = list(
        queries.list_entries(
            scope=request.door.scope,
            event=asked["event"],
            actor=asked["actor"],
            about=asked["about"],
            since=_begins(since),
            until=_begins(until + timedelta(days=1)) if until and until < date.max else None,
            before=before,
            after=after,
            limit=_PAGE + 1,
        )
    )
    more = len(found) > _PAGE
    found = found[:_PAGE] if after else found[-_PAGE:]
    found.reverse()
    context = {
        "entries": found,
        "older": found[-1].seq if found and (more or after) else 0,
        "newer": found[0].seq if found and (before or (after and more)) else 0,
        "asked": asked,
        "filtered": any(asked.values()),
        "events": _events(request.door.language),
        "end": queries.get_end(),
    }
    return render(request, "trail/home.html", context)


@reads(*_READERS)
def verification(request: DoorRequest) -> HttpResponse:
    """How long the trail is, what of it is signed; with ``run``, whether it still says what was signed."""
    end = queries.get_end()
    context = {
        "end": end,
        "unsigned": end.size - end.signed_size,
        "checkpoints": queries.list_checkpoints(),
        "found": queries.verify_here(at=request.door.at) if request.GET.get("run") and end.checkpoints else None,
        "may_sign": request.door.may_act(*_READERS),
    }
    return render(request, "trail/verification.html", context)


@require_POST
@changes(*_READERS)
def checkpoint(request: DoorRequest) -> HttpResponse:
    """Sign the trail as it stands."""

    def doing() -> Text:
        made = make_checkpoint(actor=request.door.scope.actor, at=request.door.at)
        if not made.fresh:
            return Text("新しい記録がないので、署名はそのままです。", "Nothing new to sign since the last one.")
        return Text(
            f"チェックポイント {made.number} に署名しました（記録 {made.size:,} 件）。",
            f"Checkpoint {made.number} signed, over {made.size:,} entries.",
        )

    return act(request, doing, then=reverse("trail:verification"))


@require_POST
@takes(*_READERS)
def export(request: DoorRequest) -> HttpResponse | FileResponse:
    """Sign the trail, write down that it is exported, and hand all of it out as JSON lines."""
    at = request.door.at
    try:
        queries.require_whole(request.door.scope)
    except NotAllowedError as error:
        tell_error(request, error)
        return redirect("trail:verification")
    make_checkpoint(actor=request.door.scope.actor, at=at, for_export=True)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    queries.export(file.write, at=at)
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"trail-{at:%Y%m%d-%H%M}.jsonl", content_type="application/x-ndjson"
    )


@reads(*_READERS)
def key(request: DoorRequest) -> HttpResponse:  # noqa: ARG001
    """The public keys as PEM."""
    return _download(export_public_pem(), name="daicho-trail.pem", kind="application/x-pem-file")


@reads(*_READERS)
def keys(request: DoorRequest) -> HttpResponse:  # noqa: ARG001
    """The public keys with the trail's id."""
    return _download(
        export_public_keys(trail=queries.get_end().trail), name="daicho-trail-keys.json", kind="application/json"
    )


def _download(content: str, *, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _events(language: Language) -> Mapping[str, Sequence[tuple[str, str]]]:
    """First word → (code, its sentence with the facts left open)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, kind in EVENTS.items():
        words = re.sub(r"\{\w+\}", "…", kind.words.say(language))
        found.setdefault(code.partition(".")[0], []).append((code, words))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _begins(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, tzinfo=TOKYO) if day else None


def _number(text: str | None) -> int:
    return min(int(text), _LARGEST) if text and text.isascii() and text.isdecimal() and len(text) < 20 else 0  # noqa: PLR2004
