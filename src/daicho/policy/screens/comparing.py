"""Two versions of a policy side by side: what differs in its own terms, and what that obliges to."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render

from daicho.people.doors import DoorRequest, reads
from daicho.policy.compare import Kind, PolicyChange, compare
from daicho.policy.editing.form import sections
from daicho.policy.editing.words import key_words
from daicho.policy.queries import find_draft, list_revisions
from daicho.policy.rules.duties import MOMENT_WORDS
from daicho.policy.screens.text import difference
from daicho.policy.screens.versions import DRAFT, READERS, Version, get_version, may_edit
from daicho.words.text import Language, Text

KIND_WORDS = {
    Kind.ADDED: (Text("追加", "added"), "good"),
    Kind.REMOVED: (Text("削除", "removed"), "bad"),
    Kind.CHANGED: (Text("変更", "changed"), "info"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One difference as the page shows it.

    ``duties`` are (when, what, citations). ``beside``: (language, before, after) in both languages, where the
    texts of only one of them differ, so that no reader sees the same words twice.
    """

    kind: Text
    tone: str
    change: PolicyChange
    beside: tuple[tuple[str, str, str], ...]
    duties: tuple[tuple[Text, Text, tuple[object, ...]], ...]


@reads(*READERS)
def compare_versions(request: DoorRequest, organisation: str) -> HttpResponse:
    """``?old=1&new=draft``; without them the newest two, the draft counting as the newest."""
    slugs = [str(ref.number) for ref in list_revisions(organisation) if request.door.scope.allows(organisation)]
    if find_draft(organisation, scope=request.door.scope) is not None:
        slugs.append(DRAFT)
    versions = [get_version(request.door, organisation, slug) for slug in slugs]
    new = _chosen(versions, request.GET.get("new", ""), -1)
    old = _chosen(versions, request.GET.get("old", ""), -2)
    areas = changes_by_area(old, new, request.door.today) if old and new else []
    context = {
        "organisation": organisation,
        "versions": versions,
        "old": old,
        "new": new,
        "areas": areas,
        "owed": sum(bool(one.duties) for _, found in areas for one in found),
        "human": sum(one.change.human for _, found in areas for one in found),
        "may_edit": may_edit(request.door, organisation),
        "lines": difference(old.source, new.source) if old and new else [],
    }
    return render(request, "policy/compare.html", context)


def changes_by_area(old: Version, new: Version, on: date) -> list[tuple[Text, list[ChangeView]]]:
    """The differences under the names of the document's sections."""
    changes = compare(old.policy, new.policy, on=on)
    names = sections()
    return [
        (names.get(area.split(".")[0]) or key_words(area), [_view(one) for one in found])
        for area, found in groupby(changes, key=lambda one: one.difference.area)
    ]


def _view(change: PolicyChange) -> ChangeView:
    kind, tone = KIND_WORDS[change.difference.kind]
    duties = tuple((MOMENT_WORDS[duty.moment], duty.words, duty.citations(on=change.on)) for duty in change.duties)
    return ChangeView(kind=kind, tone=tone, change=change, beside=_beside(change), duties=duties)


def _beside(change: PolicyChange) -> tuple[tuple[str, str, str], ...]:
    before, after = change.difference.before, change.difference.after
    if before is None or after is None or (before.ja == after.ja) == (before.en == after.en):
        return ()
    return tuple((language, before.say(language), after.say(language)) for language in Language)


def _chosen(versions: list[Version], slug: str, place: int) -> Version | None:
    named = next((one for one in versions if one.slug == slug), None)
    return named or (versions[place] if len(versions) >= -place else None)
