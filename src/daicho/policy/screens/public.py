"""The published policy, for everybody: the revision in force on the day, and every earlier one.

Drafts are not read here. A revision whose first day has not come is announced: it is published.
"""

from datetime import date
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe

from daicho.people.doors import public
from daicho.policy.queries import RevisionRef, find_revision_at, get_policy, get_revision, list_parents, list_revisions
from daicho.policy.render import page_of, pdf_of
from daicho.policy.render.html import body_of, contents_of
from daicho.policy.render.page import said_day
from daicho.words.errors import NotFoundError
from daicho.words.text import Language

_KEPT: Final = 300
#: The blank form to ask for disclosure, and the page that tells how to ask: rooms above serve them, or no link.
FORM_ROUTE: Final = "portal:blank"
REQUEST_ROUTE: Final = "portal:door"


@public
def in_force(request: HttpRequest, organisation: str | None = None) -> HttpResponse:
    """The revision that binds today."""
    group = _group(organisation)
    if group is None:
        return _choose(request)
    found = find_revision_at(group, _today(request))
    if found is None:
        return _nothing(request)
    return _page(request, found, organisation)


@public
def revision(request: HttpRequest, number: int, organisation: str | None = None) -> HttpResponse:
    """A revision by its number."""
    found = _revision(number, organisation)
    return _nothing(request) if found is None else _page(request, found, organisation)


@public
def versions(request: HttpRequest, organisation: str | None = None) -> HttpResponse:
    """Every published revision, the newest first, with the days it is in force."""
    group = _group(organisation)
    if group is None:
        return _choose(request)
    found = list(list_revisions(group))
    if not found:
        return _nothing(request)
    ends = [one.effective_from for one in found[1:]]
    today = _today(request)
    language = _language(request)
    rows = [
        (
            one,
            said_day(one.effective_from, language),
            _address("revision", organisation, one.number),
            {spoken: _address("revision_pdf", organisation, one.number, str(spoken)) for spoken in Language},
            said_day(date.fromordinal(end.toordinal() - 1), language) if end else "",
            "coming" if one.effective_from > today else "now" if end is None or end > today else "past",
        )
        for one, end in reversed(list(zip(found, [*ends, None], strict=True)))
    ]
    context = {"rows": rows, "page": page_of(found[-1].policy, language), "here": _address("policy", organisation)}
    return _kept(
        request, render(request, "policy/public_versions.html", context), f"{found[-1].digest}-{language}-{today}"
    )


@public
def in_force_pdf(request: HttpRequest, language: str, organisation: str | None = None) -> HttpResponse:
    """The revision that binds today, as a PDF."""
    group = _group(organisation)
    found = find_revision_at(group, _today(request)) if group else None
    return _nothing(request) if found is None else _pdf(request, found, language)


@public
def revision_pdf(request: HttpRequest, number: int, language: str, organisation: str | None = None) -> HttpResponse:
    """A revision as a PDF."""
    found = _revision(number, organisation)
    return _nothing(request) if found is None else _pdf(request, found, language)


def _page(request: HttpRequest, found: RevisionRef, organisation: str | None) -> HttpResponse:
    language = _language(request)
    today = _today(request)
    page = page_of(found.policy, language)
    current = find_revision_at(found.organisation, today)
    coming = [one for one in list_revisions(found.organisation) if one.effective_from > today]
    context = {
        "page": page,
        "revision": found,
        "since": said_day(found.effective_from, language),
        "is_current": current is not None and current.number == found.number,
        "is_coming": found.effective_from > today,
        "coming": [
            (said_day(one.effective_from, language), _address("revision", organisation, one.number))
            for one in coming
            if one.number != found.number
        ],
        "contents": mark_safe(contents_of(page)),  # noqa: S308 (our own renderer escapes every text)
        "body": mark_safe(body_of(page)),  # noqa: S308 (as above)
        "here": _address("policy", organisation),
        "versions": _address("versions", organisation),
        "pdf": _address("revision_pdf", organisation, found.number, str(language)),
        "form": _address_above(FORM_ROUTE),
        "door": _address_above(REQUEST_ROUTE),
    }
    mark = f"{found.digest}-{found.number}-{language}-{today}-{len(coming)}"
    return _kept(request, render(request, "policy/public.html", context), mark)


def _pdf(request: HttpRequest, found: RevisionRef, language: str) -> HttpResponse:
    if language not in set(Language):
        return _nothing(request)
    response = HttpResponse(_pressed(found.digest, language), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="privacy-policy-{found.number}.{language}.pdf"'
    return _kept(request, response, f"{found.digest}-{language}-pdf")


@lru_cache(maxsize=16)
def _pressed(digest: str, language: str) -> bytes:
    return pdf_of(page_of(get_policy(digest), language))


def _kept(request: HttpRequest, response: HttpResponse, mark: str) -> HttpResponse:
    """Let browsers and proxies keep a page for some minutes, and ask again by its mark."""
    tag = f'"{mark}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    response["ETag"] = tag
    # An answer that sets the language's cookie is for one reader.
    response["Cache-Control"] = f"{'private' if 'lang' in request.GET else 'public'}, max-age={_KEPT}"
    response["Vary"] = "Cookie"
    return response


def _choose(request: HttpRequest) -> HttpResponse:
    """Several groups publish a policy here: which one? None at all: it is said."""
    today = _today(request)
    found = [one for parent in list_parents() if (one := find_revision_at(parent, today)) is not None]
    if not found:
        return _nothing(request)
    groups = [(one.policy.parent.name, one.policy.title, _address("policy", one.organisation)) for one in found]
    return _kept(
        request,
        render(request, "policy/public_groups.html", {"groups": groups}),
        f"groups-{len(groups)}-{_language(request)}-{today}",
    )


def _nothing(request: HttpRequest) -> HttpResponse:
    return render(request, "policy/public_nothing.html", status=404)


def _group(organisation: str | None) -> str | None:
    """The group asked for, else the one this installation stands for, else the only one."""
    if organisation is not None:
        return organisation
    parents = list_parents()
    own = str(settings.WORKSPACE.organisation)
    if own and list_parents([own]):
        return own
    return parents[0] if len(parents) == 1 else None


def _revision(number: int, organisation: str | None) -> RevisionRef | None:
    group = _group(organisation)
    try:
        return get_revision(group, number) if group else None
    except NotFoundError:
        return None


def _address(name: str, organisation: str | None, *more: str | int) -> str:
    if organisation is None:
        return reverse(f"privacy:{name}", args=more)
    return reverse(f"privacy:{name}_of", args=[organisation, *more])


def _address_above(route: str) -> str:
    """A page of a room above this one, if it is there."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def _language(request: HttpRequest) -> Language:
    return Language(getattr(request, "language", Language.JA))


def _today(request: HttpRequest) -> date:
    """The calendar day in Asia/Tokyo, by the clock of the door."""
    return request.at.date()  # type: ignore[attr-defined, no-any-return]
