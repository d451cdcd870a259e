"""The policy of each group at a glance, and a version to read, with its findings."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from daicho.people.doors import Door, DoorRequest, reads
from daicho.policy.actions import DRAFTERS
from daicho.policy.editing.words import value_words
from daicho.policy.language.statements import Paragraph
from daicho.policy.queries import RevisionRef, find_revision_at, list_revisions, open_text
from daicho.policy.render import page_of
from daicho.policy.render.html import body_of, contents_of
from daicho.policy.screens.versions import DRAFT, READERS, Checked, Version, get_version, may_edit, reachable_groups
from daicho.words.errors import NotFoundError
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """A group's policy as the first page shows it."""

    parent: str
    name: Text
    in_force: Version | None
    checked: Checked | None
    draft: Version | None
    draft_checked: Checked | None
    revisions: list[RevisionRef]


@reads(*READERS)
def home(request: DoorRequest) -> HttpResponse:
    """Every group this account may read."""
    groups = [_group(request.door, parent) for parent in reachable_groups(request.door)]
    context = {"groups": groups, "today": request.door.today, "may_draft": request.door.may_act(*DRAFTERS)}
    return render(request, "policy/home.html", context)


def _group(door: Door, parent: str) -> GroupView:
    found = find_revision_at(parent, door.today)
    in_force = get_version(door, parent, str(found.number)) if found else None
    try:
        draft = get_version(door, parent, DRAFT)
    except NotFoundError:
        draft = None
    known = in_force or draft
    return GroupView(
        parent=parent,
        name=known.policy.parent.name if known else Text(parent, parent),
        in_force=in_force,
        checked=in_force.checked(door.today) if in_force else None,
        draft=draft,
        draft_checked=draft.checked(door.today) if draft else None,
        revisions=list(reversed(list_revisions(parent))),
    )


@reads(*READERS)
def read(request: DoorRequest, organisation: str, version: str) -> HttpResponse:
    """The page as it is published, inside the application."""
    found = get_version(request.door, organisation, version)
    page = page_of(found.policy, request.door.language)
    context = {
        "version": found,
        "may_edit": may_edit(request.door, organisation),
        "title": page.title,
        "contents": mark_safe(contents_of(page)),  # noqa: S308 (our own renderer escapes every text)
        "body": mark_safe(body_of(page)),  # noqa: S308 (as above)
    }
    return render(request, "policy/read.html", context)


@reads(*READERS)
def findings(request: DoorRequest, organisation: str, version: str) -> HttpResponse:
    """What the check finds, by the law of today; and the promises the statements make."""
    found = get_version(request.door, organisation, version)
    checked = found.checked(request.door.today)
    editable = may_edit(request.door, found.organisation)
    context = {
        "version": found,
        "checked": checked,
        "promises": _promises(found, checked),
        "mendable": editable and open_text(found.organisation, scope=request.door.scope).slug == found.slug,
        "may_edit": editable,
    }
    return render(request, "policy/findings.html", context)


def _promises(version: Version, checked: Checked) -> list[tuple[Text, int | None, Text, int, int]]:
    """(promise, months, the sentence it stands in, its line, findings there), in the document's order."""
    found = []
    statements = version.policy.statements
    places: list[tuple[tuple[str | int, ...], Paragraph]] = [
        (("statements", "preamble", index), one) for index, one in enumerate(statements.preamble)
    ]
    for number, section in enumerate(statements.sections):
        places += [
            (("statements", "sections", number, "paragraphs", index), one)
            for index, one in enumerate(section.paragraphs)
        ]
    for steps, paragraph in places:
        line = version.file.document.place_of(steps).line
        here = sum(finding.steps[: len(steps)] == steps for finding in checked.findings)
        found += [
            (value_words(one.promise), one.every_months, paragraph.says, line, here) for one in paragraph.promises
        ]
    return found


@reads(*READERS)
def source(request: DoorRequest, organisation: str, version: str) -> HttpResponse:
    """The YAML text as it was kept."""
    found = get_version(request.door, organisation, version)
    response = HttpResponse(found.source, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="policy-{found.organisation}-{found.slug}.yaml"'
    return response
