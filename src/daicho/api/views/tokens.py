"""One's own tokens on the screen; for the officer also those of others. A token's text is on one page, once."""

from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from daicho.api.actions.tokens import NewToken, create_token, revoke_token
from daicho.api.forms import TokenForm
from daicho.api.queries import list_tokens
from daicho.api.scopes import offered
from daicho.people import second_factor
from daicho.people.doors import DoorRequest, act, signed_in
from daicho.people.queries import find_signed_in
from daicho.words.errors import DaichoError
from daicho.words.text import Text


@signed_in
@sensitive_variables("made")
def tokens(request: DoorRequest) -> HttpResponse:
    """The list, and the form for a new one. The text is rendered from memory, and kept nowhere.

    A token outlives the session that makes it, so the second factor must have been shown lately.
    """
    door = request.door
    account = find_signed_in(door.scope.actor, at=door.at)
    if account is None or not door.second_factor:
        return redirect("mfa_index")
    may_make = second_factor.shown_lately(request)
    to_show = f"{second_factor.where_to_show(request)}?{urlencode({'next': reverse('api:tokens')})}"
    if request.method == "POST" and not may_make:
        messages.info(request, door.say(_AGAIN))
        return redirect(to_show)
    form = TokenForm(request.POST or None, language=door.language, offered=offered(account.roles))
    made: NewToken | None = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = create_token(told["name"], scopes=told["scopes"], days=told["days"], scope=door.scope, at=door.at)
        except DaichoError as error:
            form.add_error(None, error.say(door.language))
        else:
            form = TokenForm(language=door.language, offered=offered(account.roles))
    context = {
        "tokens": [(one, one.lives(door.at)) for one in list_tokens(scope=door.scope)],
        "form": form,
        "made": made,
        "may_make": may_make,
        "to_show": to_show,
        "address": request.build_absolute_uri("/api/v1/me"),
    }
    return render(request, "api/tokens.html", context, status=400 if form.errors else 200)


_AGAIN: Final = Text(
    "トークンを作る前に、二つ目の認証をもう一度示してください。",
    "Show your second factor once more before you make a token.",
)


@signed_in
@require_POST
def revoke(request: DoorRequest, ref: str) -> HttpResponse:
    """End a token at once."""
    door = request.door
    if not door.second_factor:
        return redirect("mfa_index")

    def end() -> Text:
        revoke_token(ref, scope=door.scope, at=door.at)
        return Text(f"トークン {ref} を失効させました。", f"The token {ref} is revoked.")

    return act(request, end, then=reverse("api:tokens"))
