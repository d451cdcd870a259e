"""The policy edited as text, with the check running beside it.

Nothing that was typed is lost: a refused text comes back on the page with what stopped it, and the
browser keeps what is not saved yet (a policy holds no personal data of customers and is published).
"""

import difflib
from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from daicho.people.doors import DoorRequest, changes
from daicho.people.queries import require_role
from daicho.policy.actions import DRAFTERS, apply_policy
from daicho.policy.queries import OpenText, open_text
from daicho.policy.rules.revising import StaleTextError
from daicho.policy.screens.versions import check_source
from daicho.words.errors import DaichoError, DocumentError
from daicho.words.text import Text

SAVED: Final = Text("下書きを保存しました(点検の結果 {findings} 件)。", "The draft is saved ({findings} finding(s)).")
UNCHANGED: Final = Text("変わったところはありません。", "Nothing was changed.")
_FILE: Final = "policy.yaml"


@changes(*DRAFTERS)
def edit(request: DoorRequest, organisation: str) -> HttpResponse:
    """The draft of a group, or the newest revision to begin one from."""
    require_role(request.door.scope, organisation, DRAFTERS)
    opened = open_text(organisation, scope=request.door.scope)
    if request.method != "POST":
        return render(request, "policy/text.html", _context(request, opened, opened.source))
    return _save(request, opened)


@changes(*DRAFTERS)
def begin(request: DoorRequest) -> HttpResponse:
    """The first text of a group: pasted or loaded from a file; it says itself which group it is for."""
    nothing = OpenText(organisation="", source="", base=None, draft=None, head=None)
    if request.method != "POST":
        return render(request, "policy/text.html", _context(request, nothing, ""))
    return _save(request, nothing)


def _save(request: DoorRequest, opened: OpenText) -> HttpResponse:
    text = posted_text(request)
    seen = request.POST.get("seen", "")
    try:
        applied = apply_policy(
            text.encode(),
            _FILE,
            scope=request.door.scope,
            at=request.door.at,
            base=opened.base,
            seen=seen,
            organisation=opened.organisation or None,
        )
    except DaichoError as error:
        context = _context(request, opened, text, error=error)
        return render(request, "policy/text.html", context, status=409 if isinstance(error, StaleTextError) else 400)
    messages.success(request, request.door.say(said_saved(changed=applied.changed, findings=applied.findings)))
    return redirect("policy:text", applied.organisation)


def said_saved(*, changed: bool, findings: int) -> Text:
    """What is told after saving."""
    return SAVED.with_values(findings=findings) if changed else UNCHANGED


def _context(request: DoorRequest, opened: OpenText, text: str, error: DaichoError | None = None) -> dict[str, Any]:
    stale = isinstance(error, StaleTextError)
    return {
        "opened": opened,
        "organisation": opened.organisation,
        "slug": opened.slug,
        "text": text,
        "seen": opened.seen,
        "error": error,
        "difference": difference(opened.source, text) if stale else [],
        **_checked(request, text),
    }


@changes(*DRAFTERS)
def check_text(request: DoorRequest) -> HttpResponse:
    """The findings of a text that is being written; nothing is kept."""
    return render(request, "policy/check.html", _checked(request, posted_text(request)))


def _checked(request: DoorRequest, text: str) -> dict[str, Any]:
    if not text.strip():
        return {"checked": None, "problems": []}
    try:
        return {"checked": check_source(text, request.door.today), "problems": []}
    except DocumentError as error:
        return {"checked": None, "problems": error.problems}


def posted_text(request: DoorRequest) -> str:
    """The text as the browser sent it, with the line ends of a file."""
    text = request.POST.get("source", "").replace("\r\n", "\n").replace("\r", "\n")
    return text if not text or text.endswith("\n") else text + "\n"


def difference(old: str, new: str) -> Sequence[tuple[str, str]]:
    """Lines that differ, each with ``-``, ``+``, a blank for its surroundings, or ``@`` where lines are left out."""
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), n=2, lineterm=""))[2:]
    return [("@", "") if line.startswith("@@") else (line[:1], line[1:]) for line in lines]
