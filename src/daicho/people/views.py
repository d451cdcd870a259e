"""Accounts, invitations and one's own account on the screen."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from daicho.people import actions, queries
from daicho.people.doors import DoorRequest, act, changes, public, reads, signed_in
from daicho.people.forms import FirstPasswordForm, GrantForm, MailForm, NewAccountForm, RemindersForm
from daicho.people.invitations import INVITED, read_token
from daicho.people.queries import AccountView
from daicho.people.rules import ROLE_WORDS, Role, read_role
from daicho.trail.queries import list_entries
from daicho.words.errors import DaichoError
from daicho.words.text import Language, Text
from daicho.work.queries import can_send

_KEEPERS: Final = (Role.OFFICER, Role.SECRETARIAT)
_PAGE: Final = 50
#: Where a link waits in the session of whoever made it, for one look.
_LINK: Final = "people.invitation"
_SORTS: Final[dict[str, Callable[[AccountView], Any]]] = {
    "code": lambda one: one.code,
    "name": lambda one: one.display_name,
    "seen": lambda one: (one.last_sign_in is not None, one.last_sign_in and one.last_sign_in.timestamp()),
}


@reads(*_KEEPERS)
def accounts(request: DoorRequest) -> HttpResponse:
    """Everybody with a role, or at home, in the organisations of this account."""
    everybody = queries.list_accounts(scope=request.door.scope)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "role", "state", "sort")}
    found = [one for one in everybody if _matches(one, asked, request.door.company_name)]
    found.sort(key=_SORTS.get(asked["sort"].removeprefix("-"), _SORTS["code"]), reverse=asked["sort"].startswith("-"))
    context = {
        "page": Paginator(found, _PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "roles": ROLE_WORDS,
        "waiting": sum(1 for one in everybody if one.is_active and not one.has_password),
        "bare": sum(1 for one in everybody if one.is_active and one.has_password and not _has_factor(one)),
        "may_change": request.door.may_act(*_KEEPERS),
    }
    return render(request, "people/accounts.html", context)


def _matches(one: AccountView, asked: dict[str, str], company_name: Callable[[str], str]) -> bool:
    words = f"{one.code} {one.display_name} {' '.join(map(company_name, one.roles))} {' '.join(one.roles)}".casefold()
    held = {role for roles in one.roles.values() for role in roles}
    states = {
        "": True,
        "active": one.is_active,
        "ended": not one.is_active,
        "waiting": one.is_active and not one.has_password,
        "bare": one.is_active and one.has_password and not _has_factor(one),
        "unmailed": one.is_active and not one.mail,
    }
    return (
        asked["q"].casefold() in words
        and (not asked["role"] or asked["role"] in held)
        and states.get(asked["state"], True)
    )


def _has_factor(one: AccountView) -> bool:
    return bool({"totp", "webauthn"} & set(one.factors))


@changes(*_KEEPERS)
def new(request: DoorRequest) -> HttpResponse:
    """Make an account; its page follows, with the button that invites."""
    door = request.door
    form = NewAccountForm(
        request.POST or None,
        language=door.language,
        organisations=_places(request),
        home=door.organisation or _places(request)[0][0],
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.create_account(
                told["code"],
                display_name=told["display_name"],
                organisation=told["organisation"],
                roles=[read_role(one) for one in told["roles"]],
                mail_address=told["mail_address"],
                scope=door.scope,
                at=door.at,
            )
        except DaichoError as error:
            form.add_error(None, error.say(door.language))
        else:
            return redirect("people:account", told["code"])
    return render(request, "people/new.html", {"form": form}, status=400 if form.errors else 200)


def _places(request: DoorRequest) -> Sequence[tuple[str, str]]:
    door = request.door
    return [(code, door.company_name(code)) for code in sorted(door.acting(*_KEEPERS).organisations)]


@reads(*_KEEPERS)
def account(request: DoorRequest, code: str) -> HttpResponse:
    """One account: roles, sign-in, what happened to it; a fresh invitation is shown once."""
    door = request.door
    found = queries.get_account_view(code, scope=door.scope)
    waiting = request.session.get(_LINK) or {}
    link = waiting.get("link", "") if waiting.get("code") == code else ""
    if link:
        del request.session[_LINK]
    may_change = door.may_act(*_KEEPERS)
    context = {
        "one": found,
        "words": ROLE_WORDS,
        "link": link,
        "has_factor": _has_factor(found),
        "may_change": may_change,
        "mail_form": MailForm(language=door.language, address=queries.get_mail_settings(code).address)
        if door.acting(*_KEEPERS).allows(found.home_organisation)
        else None,
        "form": GrantForm(
            language=door.language, organisations=_places(request), home=door.organisation or found.home_organisation
        ),
        "entries": reversed(list_entries(scope=door.scope, event="account", about=code, limit=20)),
    }
    return render(request, "people/account.html", context)


@require_POST
@changes(*_KEEPERS)
def grant(request: DoorRequest, code: str) -> HttpResponse:
    """Give a role."""

    def doing() -> Text:
        role, place = read_role(request.POST.get("role", "")), request.POST.get("organisation", "").strip()
        given = actions.grant_role(code, organisation=place, role=role, scope=request.door.scope, at=request.door.at)
        return Text("役割を付与しました。", "The role is given.") if given else _HELD

    return act(request, doing, then=_page_of(code))


_HELD: Final = Text("その役割はもう付与されています。", "The role was held already.")


@require_POST
@changes(*_KEEPERS)
def remove(request: DoorRequest, code: str) -> HttpResponse:
    """Take a role away."""

    def doing() -> Text:
        role, place = read_role(request.POST.get("role", "")), request.POST.get("organisation", "").strip()
        actions.remove_role(code, organisation=place, role=role, scope=request.door.scope, at=request.door.at)
        return Text("役割を外しました。", "The role is taken away.")

    return act(request, doing, then=_page_of(code))


@require_POST
@changes(*_KEEPERS)
def invite(request: DoorRequest, code: str) -> HttpResponse:
    """Make a one-time link for an account without a password."""

    def doing() -> None:
        _keep_link(request, code, actions.invite_account(code, scope=request.door.scope, at=request.door.at))

    return act(request, doing, then=_page_of(code))


@require_POST
@changes(*_KEEPERS)
def reset(request: DoorRequest, code: str) -> HttpResponse:
    """End password, second factors and sessions, and make a new link."""

    def doing() -> None:
        _keep_link(request, code, actions.reset_sign_in(code, scope=request.door.scope, at=request.door.at))

    return act(request, doing, then=_page_of(code))


def _keep_link(request: DoorRequest, code: str, token: str) -> None:
    link = request.build_absolute_uri(reverse("people:invited", args=[token]))
    request.session[_LINK] = {"code": code, "link": link}


@require_POST
@changes(*_KEEPERS)
def mail(request: DoorRequest, code: str) -> HttpResponse:
    """Say where the reminders of an account go."""

    def doing() -> Text:
        address = request.POST.get("mail_address", "")
        actions.set_mail_address(code, address, scope=request.door.scope, at=request.door.at)
        return _MAIL_SET if address.strip() else _MAIL_REMOVED

    return act(request, doing, then=_page_of(code))


_MAIL_SET: Final = Text("メールアドレスを登録しました。", "The mail address is set.")
_MAIL_REMOVED: Final = Text(
    "メールアドレスはありません。お知らせは届きません。", "There is no mail address: no reminder is sent."
)


@require_POST
@changes(*_KEEPERS)
def deactivate(request: DoorRequest, code: str) -> HttpResponse:
    """End what an account may do."""

    def doing() -> Text:
        actions.deactivate_account(code, scope=request.door.scope, at=request.door.at)
        return Text(f"アカウント {code} を停止しました。", f"The account {code} is deactivated.")

    return act(request, doing, then=_page_of(code))


def _page_of(code: str) -> str:
    return reverse("people:account", args=[code])


# ── the way in, and one's own account ────────────────────────────────────────────────────────


@sensitive_post_parameters()
@public
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Set the first password, or go on to single sign-on; then signed in, and on to the second factor."""
    guest = read_token(token)
    language = request.language  # type: ignore[attr-defined]
    form = FirstPasswordForm(request.POST or None, language=language)
    if request.method == "POST" and form.is_valid():
        try:
            guest = actions.set_first_password(token, form.cleaned_data["password"], at=request.at)  # type: ignore[attr-defined]
        except ValidationError as error:
            form.add_error("password", error)
        else:
            # So that adding the second factor does not ask for the password again.
            record_authentication(request, guest, method="password", reauthenticated=True)
            found: HttpResponse = perform_login(
                request, guest, email_verification="none", redirect_url=reverse("mfa_index")
            )
            return found
    if settings.SOCIALACCOUNT_PROVIDERS:
        request.session[INVITED] = token
    context = {"form": form, "guest": guest}
    return render(request, "people/invited.html", context, status=400 if form.errors else 200)


@signed_in
def me(request: DoorRequest) -> HttpResponse:
    """One's own account: roles, and the ways in."""
    one = queries.get_account_view(request.door.scope.actor, scope=request.door.scope)
    entries = list_entries(scope=request.door.scope, event="account", about=one.code, limit=10)
    reminded = queries.get_mail_settings(one.code)
    context = {
        "one": one,
        "words": ROLE_WORDS,
        "has_factor": _has_factor(one),
        "entries": reversed(entries),
        "form": RemindersForm(
            language=request.door.language, settings=reminded, default=Language(settings.WORKSPACE.language)
        ),
        "reminded_on": reminded.reminded_on,
        "can_send": can_send(),
        "single_sign_on": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    return render(request, "people/me.html", context)


@require_POST
@signed_in
def reminders(request: DoorRequest) -> HttpResponse:
    """Change one's own address, language and wish to be reminded."""
    scope, at, told = request.door.scope, request.door.at, request.POST

    def doing() -> Text:
        address, language = told.get("mail_address", ""), told.get("mail_language", "")
        actions.set_mail_address(scope.actor, address, scope=scope, at=at)
        spoken = Language(language) if language in set(Language) else None
        actions.switch_reminders(wanted="wanted" in told, language=spoken, scope=scope, at=at)
        if not address.strip():
            return _MAIL_REMOVED
        return _SWITCHED_ON if "wanted" in told else _SWITCHED_OFF

    return act(request, doing, then=reverse("people:me"))


_SWITCHED_ON: Final = Text("お知らせメールを受け取ります。", "Reminders are mailed to you.")
_SWITCHED_OFF: Final = Text("お知らせメールを止めました。", "Reminders are switched off.")


@signed_in
def sessions(request: DoorRequest) -> HttpResponse:
    """Where one is signed in."""
    found = queries.list_sessions(request.door.scope.actor, current=request.session.session_key or "")
    return render(request, "people/sessions.html", {"sessions": found})


@require_POST
@signed_in
def end(request: DoorRequest) -> HttpResponse:
    """End one of one's sessions, or all others."""
    given = request.POST.get("number")

    def doing() -> Text:
        ended = actions.end_sessions(
            request.door.scope.actor,
            keep=request.session.session_key or "",
            at=request.door.at,
            number=None if given is None else int(given) if given.isdecimal() and len(given) < len(str(2**31)) else 0,
        )
        return Text(f"{ended} 件のサインインを終了しました。", f"{ended} session(s) ended.")

    return act(request, doing, then=reverse("people:sessions"))
