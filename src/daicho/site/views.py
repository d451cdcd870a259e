"""The pages of no single room: home, the palette, health, and what is said when something fails."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from daicho.people.doors import DoorRequest, public, signed_in
from daicho.people.rules import ROLE_WORDS, Role
from daicho.rights.access import DESK
from daicho.site.middleware import seat
from daicho.site.shell import pages_for
from daicho.words.errors import DaichoError, InputError, NotAllowedError, NotFoundError
from daicho.words.text import Text


@signed_in
def home(request: DoorRequest) -> HttpResponse:
    """What needs this account today; before there is a second factor, how to get one."""
    from daicho.site.today import home_context  # noqa: PLC0415 (the sign-in page waits for no room)

    if not request.door.second_factor:
        return render(request, "site/home_closed.html")
    door = request.door
    context = home_context(door) | {
        "roles_here": [ROLE_WORDS[role] for role in Role if any(role in held for held in door.roles.values())],
    }
    return render(request, "site/home.html", context | {"may_open": door.may_act(*DESK)})


@signed_in
def palette(request: DoorRequest) -> HttpResponse:
    """Ctrl+K: pages, requests, letters and envelopes by their numbers, holdings and stores, as far as the roles reach.

    Rows are found with a second factor only.
    """
    from daicho.site.palette import find_rows  # noqa: PLC0415 (as above)

    asked = request.GET.get("q", "").strip().casefold()[:80]
    found = [
        (place, address)
        for place, address in pages_for(request.door)
        if asked in f"{place.name.ja} {place.name.en} {place.hint.ja} {place.hint.en}".casefold()
    ]
    rows = list(find_rows(asked, request.door)) if asked and request.door.second_factor else []
    page = "site/palette.html" if request.headers.get("HX-Request") else "site/palette_page.html"
    return render(request, page, {"found": found, "rows": rows, "asked": asked})


@public
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """For a load balancer: the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


# ── what is said when something fails ────────────────────────────────────────────────────────


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """A form that this site did not hand out, or that grew old."""
    return _say(
        request,
        NotAllowedError(
            Text(
                "このフォームは期限が切れたか、この画面から送られていません。",
                "This form is too old, or was not sent from here.",
            ),
            advice=Text(
                "前の画面に戻り、読み込み直してから送ってください。", "Go back, reload the page and send it again."
            ),
        ),
        403,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _say(
        request,
        InputError(
            Text("送られた内容を受け取れません。", "What was sent cannot be taken."),
            advice=Text(
                "大きさと形式を確かめて、もう一度送ってください。", "Check its size and form, and send it again."
            ),
        ),
        400,
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _say(
        request,
        NotAllowedError(
            Text("この操作はできません。", "This is not allowed."),
            advice=Text("管理者に確かめてください。", "Ask an officer."),
        ),
        403,
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _say(
        request,
        NotFoundError(
            Text("この画面はありません。", "There is no such page."),
            advice=Text(
                "アドレスを確かめるか、Ctrl+K で探してください。", "Check the address, or look for it with Ctrl+K."
            ),
        ),
        404,
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Ours. The page needs no database and no session."""
    return _say(
        request,
        DaichoError(
            Text("Daicho の中で誤りが起きました。", "Something went wrong inside Daicho."),
            advice=Text(
                "もう一度試してください。続くときは、時刻とこの符号を管理者に伝えてください。",
                "Try again. If it goes on, tell an officer the time and this code.",
            ),
        ),
        500,
    )


def _say(request: HttpRequest, error: DaichoError, status: int) -> HttpResponse:
    if status < 500 and getattr(request, "door", None) is None and hasattr(request, "user"):  # noqa: PLR2004 (a fault asks no database)
        seat(request)
    context: dict[str, Any] = {"error": error}
    return render(request, "site/error.html", context, status=status)
