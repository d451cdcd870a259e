"""How allauth meets our accounts: codes instead of mail addresses, secrets sealed, nobody signs up."""

import base64
from typing import Any, ClassVar, Final, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from daicho.keys.queries import ring
from daicho.people.invitations import INVITED, read_token
from daicho.people.sign_ins import note_failure
from daicho.site.clock import now
from daicho.site.known_browsers import know_browser, known_browser
from daicho.words.errors import NotAllowedError
from daicho.words.text import Text

#: Passwords that may fail for one account within an hour, from wherever; a browser it came in by has a count of its own.
EVERYWHERE: Final = "50/h/key"
_ALL: Final = "login_failed_everywhere"
_SECRET = "second-factor"  # noqa: S105 (the place a sealed secret is bound to, no secret)


def _spoken(text: Text) -> Any:
    """The sentence in the language of the page that shows it."""
    return lazy(lambda: text.say(get_language() or "ja"), str)()


_LOCKED = Text(
    "続けて失敗したため、しばらくサインインできません。5 分待ってから、もう一度試してください。"
    "パスワードを忘れたときは、管理者に新しいリンクを頼めます。",
    "Too many failures: sign-in is closed for a while. Wait five minutes and try again. "
    "If the password is forgotten, an officer can make a new link.",
)
_WRONG = Text("アカウントコードかパスワードが違います。", "The account code or the password is wrong.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an officer and invited; a deactivated one cannot sign in."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _spoken(_LOCKED),
        "username_password_mismatch": _spoken(_WRONG),
        "invalid_login": _spoken(_WRONG),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    _everywhere: Any = None

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Beside the count per account and address, one per account: of all strangers together, and of each known browser."""
        super().pre_authenticate(request, **credentials)
        code = str(credentials.get("username", "")).lower()
        key = f"{code}:{known_browser(request, code)}"
        self._everywhere = ratelimit.consume(request, app="daicho", action=_ALL, config={_ALL: EVERYWHERE}, key=key)
        if not self._everywhere:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        if self._everywhere:
            self._everywhere.rollback()

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        know_browser(request, response, str(user.code))
        return response

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        if not user.is_active:
            return redirect("account_inactive")
        found: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return found

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Once there is a second factor, it is what somebody shows again; the password alone no longer does."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        factors = [one for one in found if one["id"] != "reauthenticate"]
        return factors or found

    def is_safe_url(self, url: str) -> bool:
        """Onward within this host only; the others it answers to, as `localhost`, are somebody's own machine."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={context.request.get_host()})

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failures are counted per account and address: a stranger elsewhere cannot lock somebody out."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.get_client_ip(request)}"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and recovery codes lie sealed in the database."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(ring().seal(text.encode(), bound_to=_SECRET)).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return ring().unseal(base64.b64decode(encrypted_text), bound_to=_SECRET).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Daicho"}

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The trail tells of a changed second factor; an address an account may have is for reminders."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on: an account is bound to the provider's ``sub`` once, by whoever holds its invitation or is signed in.

    What the provider calls somebody (``preferred_username``) binds nothing by itself, for at some providers people choose
    it; it must be the account's code, so that nobody binds a colleague's account by mistake. What the provider proves is
    who somebody is: the second factor is asked for as after a password.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Bind a ``sub`` that is not bound yet, if this browser opened the invitation of the account; else refuse.

        One who is signed in with a second factor binds their own: the library goes on with that.
        """
        if sociallogin.is_existing:
            return
        extra = sociallogin.account.extra_data
        claims = {**extra.get("userinfo", {}), **extra.get("id_token", {}), **extra}
        named = str(claims.get("preferred_username", ""))
        sociallogin.email_addresses = []
        door = getattr(request, "door", None)
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            bound = SocialAccount.objects.filter(user=request.user.pk).exists()
            if door is None or not door.second_factor or bound or named != door.scope.actor:
                self._refuse(request)
            return
        from daicho.people.actions import take_invitation  # noqa: PLC0415 (the first page waits for no room)

        token = request.session.pop(INVITED, "")
        try:
            if read_token(token).code != named:
                self._refuse(request)
            with transaction.atomic():
                sociallogin.connect(request, take_invitation(token))
        except NotAllowedError:
            self._refuse(request)

    def _refuse(self, request: HttpRequest) -> NoReturn:
        note_failure("", step="sso", at=now())
        messages.error(request, _STRANGER.say(getattr(request, "language", "ja")))
        raise ImmediateHttpResponse(redirect("account_login"))


_STRANGER = Text(
    "このシングルサインオンの利用者に結び付いたアカウントがありません。初めてのときは、管理者から渡された招待のリンクを開き、"
    "そこからシングルサインオンに進んでください。",
    "No account here is bound to this single sign-on user. The first time, open the invitation link an officer gave you, and "
    "go on to single sign-on from there.",
)

__all__ = ["AccountAdapter", "MFAAdapter", "SocialAccountAdapter"]
