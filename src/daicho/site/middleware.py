"""Every web request passes here: who comes in, whether the route admits them, and how errors are told.

1. The language: ``?lang=``, the cookie, the workspace.
2. A route without a mark (`daicho.people.doors`), or one of a library that `daicho.site.routes` does not
   list, admits nobody.
3. A route that shows or changes anything needs an account, a role and a second factor, shown in this very session.
4. An error of the house becomes a page that says whose fault it is and what to do; no value is repeated.
"""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from daicho.api.queries import find_bearer
from daicho.people import second_factor
from daicho.people.doors import Door, Passage, Permission, permission_of
from daicho.people.queries import SignedIn, find_signed_in
from daicho.site.clock import now
from daicho.site.faults import note_fault
from daicho.site.names import Names
from daicho.site.routes import SHOWING, permission_of_library
from daicho.site.wiring import kinds_of_stores, open_store
from daicho.words.errors import DaichoError, Fault, InputError, NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Language, Text

GetResponse = Callable[[HttpRequest], HttpResponse]
LANGUAGE_COOKIE: Final = "daicho_language"
_YEAR: Final = 365 * 24 * 3600
_STATUS: Final = {
    Fault.INPUT: 400,
    Fault.PERMISSION: 403,
    Fault.STORE: 503,
    Fault.JUDGEMENT: 409,
    Fault.INSTALLATION: 500,
    Fault.DAICHO: 500,
}


class LanguageMiddleware:
    """Step 1: ``request.language``, for our sentences and the libraries'."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("lang", "")
        named = asked if asked in set(Language) else request.COOKIES.get(LANGUAGE_COOKIE, "")
        language = Language(named) if named in set(Language) else Language(settings.WORKSPACE.language)
        request.language = language  # type: ignore[attr-defined]
        with translation.override(str(language)):
            response = self.get_response(request)
        if asked == language:
            response.set_cookie(
                LANGUAGE_COOKIE, str(language), max_age=_YEAR, samesite="Lax", secure=request.is_secure()
            )
        response.headers.setdefault("Content-Language", str(language))
        return response


class DoorMiddleware:
    """Steps 2 to 4."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.door = None  # type: ignore[attr-defined]
        request.at = now()  # type: ignore[attr-defined]
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content and not _by_program(request):
            response.content = refuse(request, _not_by_address()).content
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if _holds_nul(request):
            return refuse(request, _nul())
        match = request.resolver_match
        permission = permission_of(view) or permission_of_library(match.view_name if match else "")
        if permission is None:
            return refuse(request, _no_mark())
        if permission.passage is Passage.BEARER and request.headers.get("Authorization"):
            _take_bearer(request)
            return None
        code = request.user.get_username() if request.user.is_authenticated else ""
        found = find_signed_in(code, at=request.at) if code else None  # type: ignore[attr-defined]
        if found is not None:
            request.door = _door(request, found, permission)  # type: ignore[attr-defined]
        if permission.passage in {Passage.PUBLIC, Passage.BEARER}:
            return None
        return _outside(request, code) if found is None else _stop(request, permission, found)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DaichoError):
            return None
        if error.fault is Fault.DAICHO:
            note_fault(request, error)
        return refuse(request, error)


def seat(request: HttpRequest) -> None:
    """A door for a page that no route leads to, so that it keeps its navigation; it shows no data."""
    code = request.user.get_username() if request.user.is_authenticated else ""
    found = find_signed_in(code, at=now()) if code else None
    if found is not None:
        request.door = _door(request, found, Permission(passage=Passage.SIGNED_IN))  # type: ignore[attr-defined]


def _holds_nul(request: HttpRequest) -> bool:
    """Whether a text of the address or of a form holds a NUL: none of ours does, and PostgreSQL takes none."""
    forms = [request.GET]
    if request.content_type == "application/x-www-form-urlencoded" or "_post" in vars(request):
        forms.append(request.POST)  # a form with files is read by its view, unless the CSRF check did
    texts = (text for form in forms for name, values in form.lists() for text in (name, *values))
    return "\0" in request.path_info or any("\0" in str(text) for text in texts)


def _take_bearer(request: HttpRequest) -> None:
    """A program's door: the account of its token, whoever else is signed in; the API judges what is missing."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    bearer = find_bearer(text.strip(), at=request.at) if scheme.lower() == "bearer" else None  # type: ignore[attr-defined]
    if bearer is not None:
        request.bearer = bearer  # type: ignore[attr-defined]
        request.door = _door(request, bearer.account, None)  # type: ignore[attr-defined]


def _door(request: HttpRequest, found: SignedIn, permission: Permission | None) -> Door:
    """What the view is handed: its scope ends where the roles that pass its route are held.

    ``permission`` None: a program's call, which the API's gate narrows by its operation.
    """
    scope = found.scope
    if permission is not None:
        scope = Scope(actor=scope.actor, organisations=scope.organisations & permission.places(found.roles))
    at = now()
    names = Names(scope=found.scope, language=request.language, on=at.date())  # type: ignore[attr-defined]
    return Door(
        scope=scope,
        display_name=found.display_name,
        roles=found.roles,
        at=at,
        language=request.language,  # type: ignore[attr-defined]
        folder=settings.WORKSPACE.files,
        open_store=open_store,
        organisation=settings.WORKSPACE.organisation,
        kinds=kinds_of_stores(),
        second_factor=permission is None or (found.second_factor and second_factor.shown(request)),
        account_name=names.account,
        company_name=names.company,
    )


def _outside(request: HttpRequest, code: str) -> HttpResponse:
    """Nobody of ours: to the sign-in. Signed in but without a role, that would be a circle."""
    if code:
        return refuse(request, _no_role())
    where = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    return redirect(f"{reverse('account_login')}?{where}")


def _stop(request: HttpRequest, permission: Permission, found: SignedIn) -> HttpResponse | None:
    """Step 3: what stands between this account and a page with data; None lets it through."""
    if not permission.admits(found.roles):
        return refuse(request, _no_role())
    if permission.passage is Passage.READS and request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    if permission.passage is Passage.SIGNED_IN and (not found.second_factor or _route(request) in SHOWING):
        return None
    if not found.second_factor:
        messages.info(request, _SECOND_FACTOR.say(request.language))  # type: ignore[attr-defined]
        return redirect("mfa_index")
    return _ask_factor(request)


def _route(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _ask_factor(request: HttpRequest) -> HttpResponse | None:
    """A session that has not shown the factor the account has: opened before it was registered, perhaps by another."""
    if second_factor.shown(request):
        return None
    messages.info(request, _SHOW_IT.say(request.language))  # type: ignore[attr-defined]
    where = urlencode({"next": request.get_full_path() if request.method == "GET" else reverse("home")})
    return redirect(f"{second_factor.where_to_show(request)}?{where}")


def refuse(request: HttpRequest, error: DaichoError) -> HttpResponse:
    """The page that says what stopped it, whose fault it is, and what to do."""
    status = 404 if isinstance(error, NotFoundError) else _STATUS[error.fault]
    return render(request, "site/error.html", {"error": error}, status=status)


_SECOND_FACTOR: Final = Text(
    "個人データを扱う画面の前に、二つ目の認証（パスキーまたは認証アプリ）を登録してください。",
    "Before any screen with personal data, add a second factor: a passkey or an authenticator app.",
)
_SHOW_IT: Final = Text(
    "続けるには、登録してある二つ目の認証を示してください。",
    "To go on, show the second factor that is registered.",
)


def _nul() -> InputError:
    return InputError(
        Text("NUL 文字は使えません。", "A NUL character is not taken."),
        advice=Text("アドレスと入力から NUL を除いてください。", "Leave it out of the address and of what is entered."),
    )


def _by_program(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name.startswith("api:")


def _not_by_address() -> InputError:
    return InputError(
        Text("ここは、画面の中のボタンから送るところです。", "This is where a button of a page sends its form."),
        advice=Text("元の画面を開き、そこから操作してください。", "Open the page it belongs to, and go on from there."),
    )


def _no_mark() -> NotAllowedError:
    return NotAllowedError(
        Text("この画面は誰にも開かれていません。", "This page is open to nobody."),
        advice=Text("URL を確かめてください。", "Check the address."),
    )


def _no_role() -> NotAllowedError:
    return NotAllowedError(
        Text("この画面に要る役割がありません。", "The role this page needs is not held."),
        advice=Text("管理者に役割の付与を頼んでください。", "Ask an officer to grant the role."),
    )
