"""The policy edited section by section as fields; what is not touched in the text stays as it stands."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from daicho.people.doors import DoorRequest, changes, tell_error
from daicho.people.queries import require_role
from daicho.policy.actions import DRAFTERS, apply_policy
from daicho.policy.editing.form import Steps, changed_rows, form_of, read_form, sections
from daicho.policy.editing.patch import NotWrittenError, rewrite
from daicho.policy.queries import OpenText, open_text
from daicho.policy.rules.revising import StaleTextError
from daicho.policy.screens.text import difference, said_saved
from daicho.policy.screens.versions import SEVERITY_WORDS, TONES, Checked, check_source
from daicho.words.documents import Document, read_document
from daicho.words.errors import DaichoError, DocumentError, NotFoundError, Problem
from daicho.words.text import Text

#: What stands at a field: (tone, what it is, what is wrong, what to write).
Mark = tuple[str, Text, Text, Text]
_ERROR = Text("誤り", "error")


@changes(*DRAFTERS)
def first_section(request: DoorRequest, organisation: str) -> HttpResponse:
    """The first section with a finding, else the first."""
    opened = _opened(request, organisation)
    found = {str(one.steps[0]) for one in check_source(opened.source, request.door.today).findings if one.steps}
    return redirect("policy:fields", organisation, next((key for key in sections() if key in found), "title"))


@changes(*DRAFTERS)
def edit(request: DoorRequest, organisation: str, section: str) -> HttpResponse:
    """One section: shown, its rows changed without saving, or saved as part of the draft."""
    opened = _opened(request, organisation)
    if section not in sections():
        raise _no_section()
    document = read_document(opened.source.encode(), path="policy.yaml")
    if request.method != "POST":
        return _page(request, opened, section, document.value, _marks(check_source(opened.source, request.door.today)))
    posted = dict(request.POST.lists())
    value = read_form(section, posted)
    act = request.POST.get("act", "save")
    if act != "save":
        changed = {**document.value, section: changed_rows(value, act, section)}
        return _page(request, opened, section, changed, {}, unsaved=True)
    return _save(request, opened, section, document, value)


@changes(*DRAFTERS)
def check_section(request: DoorRequest, organisation: str, section: str) -> HttpResponse:
    """The findings of a section that is being filled in, with the rest as it is saved; nothing is kept."""
    opened = _opened(request, organisation)
    if section not in sections():
        raise _no_section()
    value = read_form(section, dict(request.POST.lists()))
    changed = {**read_document(opened.source.encode(), path="policy.yaml").value, section: value}
    if value is None:
        del changed[section]
    marks: dict[Steps, list[Mark]]
    try:
        written = rewrite(opened.source, changed)
    except NotWrittenError as error:
        marks = {(section,): [("bad", _ERROR, error.message, error.advice)]}
    else:
        try:
            marks = _marks(check_source(written, request.door.today))
        except DocumentError as error:
            marks = _problem_marks(error.problems, read_document(written.encode(), path="policy.yaml"))
    return render(request, "policy/form_check.html", {"here": _in_section(marks, section, changed)})


def _in_section(marks: Mapping[Steps, list[Mark]], section: str, document: Mapping[str, Any]) -> list[tuple[str, Mark]]:
    """What was found in a section, each with the id of its field."""
    return [
        (_at_field(steps, document), one) for steps, found in marks.items() for one in found if steps[:1] == (section,)
    ]


def _save(request: DoorRequest, opened: OpenText, section: str, document: Document, value: Any) -> HttpResponse:
    changed = {**document.value, section: value}
    if value is None:
        del changed[section]
    try:
        written = rewrite(opened.source, changed)
    except NotWrittenError as error:
        tell_error(request, error)
        return _page(request, opened, section, changed, {}, unsaved=True)
    try:
        applied = apply_policy(
            written.encode(),
            "policy.yaml",
            scope=request.door.scope,
            at=request.door.at,
            base=opened.base,
            seen=request.POST.get("seen", ""),
            organisation=opened.organisation,
        )
    except DocumentError as error:
        marks = _problem_marks(error.problems, read_document(written.encode(), path="policy.yaml"))
        return _page(request, opened, section, changed, marks, error=error)
    except StaleTextError as error:
        return _page(request, opened, section, changed, {}, error=error, lines=difference(opened.source, written))
    except DaichoError as error:
        tell_error(request, error)
        return _page(request, opened, section, changed, {}, unsaved=True)
    messages.success(request, request.door.say(said_saved(changed=applied.changed, findings=applied.findings)))
    return redirect("policy:fields", opened.organisation, section)


def _page(
    request: DoorRequest,
    opened: OpenText,
    section: str,
    document: Mapping[str, Any],
    marks: Mapping[Steps, list[Mark]],
    *,
    error: DaichoError | None = None,
    lines: Sequence[tuple[str, str]] = (),
    unsaved: bool = False,
) -> HttpResponse:
    root = form_of(section, document)
    in_section = Counter(steps[0] for steps, found in marks.items() if steps for _ in found)
    context = {
        "opened": opened,
        "organisation": opened.organisation,
        "slug": opened.slug,
        "section": section,
        "root": root,
        "marks": {_at_field(steps, document): found for steps, found in marks.items()},
        "here": _in_section(marks, section, document),
        "sections": [(key, label, in_section[key]) for key, label in sections().items()],
        "error": error,
        "difference": lines,
        "unsaved": unsaved or error is not None,
    }
    status = 200 if error is None else 409 if isinstance(error, StaleTextError) else 400
    return render(request, "policy/fields.html", context, status=status)


def _marks(checked: Checked) -> dict[Steps, list[Mark]]:
    found: dict[Steps, list[Mark]] = {}
    for one in checked.findings:
        name = Text(f"{SEVERITY_WORDS[one.severity].ja} {one.rule}", f"{SEVERITY_WORDS[one.severity].en} {one.rule}")
        found.setdefault(one.steps, []).append((TONES[one.severity], name, one.message, one.advice))
    return found


def _problem_marks(problems: Sequence[Problem], document: Document) -> dict[Steps, list[Mark]]:
    """Errors told by line, at the deepest part that begins there."""
    begins: dict[tuple[int, int], Steps] = {}
    for steps, place in document.places.items():
        here = (place.line, place.column)
        if len(steps) >= len(begins.get(here, ())):
            begins[here] = steps
    found: dict[Steps, list[Mark]] = {}
    for one in problems:
        steps = begins.get((one.place.line, one.place.column), ())
        found.setdefault(steps, []).append(("bad", _ERROR, one.message, one.advice))
    return found


def _at_field(steps: Steps, document: Mapping[str, Any]) -> str:
    """The id of the deepest field on the way to a part; a text's two languages are one field."""
    kept: list[str | int] = []
    value: Any = document
    for step in steps:
        if isinstance(value, dict) and set(value) <= {"ja", "en"} and value:
            break
        if isinstance(value, list) and not (
            isinstance(step, int) and step < len(value) and isinstance(value[step], dict)
        ):
            break
        kept.append(step)
        value = value.get(step) if isinstance(value, dict) else value[int(step)] if isinstance(value, list) else None
    return "-".join(["f", *(str(step) for step in kept)])


def _opened(request: DoorRequest, organisation: str) -> OpenText:
    require_role(request.door.scope, organisation, DRAFTERS)
    opened = open_text(organisation, scope=request.door.scope)
    if not opened.source:
        raise NotFoundError(
            Text("この組織の方針はまだありません。", "There is no policy of this organisation yet."),
            advice=Text("「方針を作る」で最初の本文を書いてください。", "Write the first text with “Begin a policy”."),
        )
    return opened


def _no_section() -> NotFoundError:
    return NotFoundError(
        Text("その見出しはありません。", "There is no such section."),
        advice=Text("左の一覧から選んでください。", "Choose one from the list."),
    )
