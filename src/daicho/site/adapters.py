"""How allauth meets our accounts: codes instead of mail addresses, secrets sealed, nobody signs up."""

import base64
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import lazy
from django.utils.translation import get_language

from daicho.keys.queries import ring
from daicho.people.queries import find_account
from daicho.people.sign_ins import note_failure
from daicho.site.clock import now
from daicho.words.text import Text

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

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        if not user.is_active:
            return redirect("account_inactive")
        found: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return found

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
    """Single sign-on: the provider's ``preferred_username`` must be the code of an account that exists.

    That is asked once; from then on the provider's own ``sub`` is bound to the account. What the provider
    proves is who somebody is: the second factor is asked for as after a password.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.is_existing:
            return
        extra = sociallogin.account.extra_data
        claims = {**extra.get("userinfo", {}), **extra.get("id_token", {}), **extra}
        account = find_account(str(claims.get("preferred_username", "")))
        if account is None or not account.is_active:
            note_failure("", step="sso", at=now())
            language = getattr(request, "language", "ja")
            messages.error(request, _STRANGER.say(language))
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.email_addresses = []
        sociallogin.connect(request, account)


_STRANGER = Text(
    "このシングルサインオンの利用者に当たるアカウントがありません。管理者にアカウントの作成を頼んでください。",
    "No account here belongs to this single sign-on user. Ask an officer to make one.",
)

__all__ = ["AccountAdapter", "MFAAdapter", "SocialAccountAdapter"]
