"""What the libraries tell of sign-ins goes to the trail, in the words of `daicho.people.sign_ins`."""

from collections.abc import Mapping
from typing import Any, Final

from allauth.account.signals import password_changed, user_logged_in
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.signals import social_account_added
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from daicho.people import second_factor
from daicho.people.sign_ins import (
    note_failure,
    note_password_changed,
    note_second_factor,
    note_signed_in,
    note_signed_out,
    note_single_sign_on,
)
from daicho.site.clock import now

#: Where allauth keeps, in the session, how somebody proved who they are.
_RECORDS: Final = "account_authentication_methods"


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: Any, **_: Any) -> None:
    records: list[Mapping[str, Any]] = request.session.get(_RECORDS, [])
    methods = {str(one.get("method", "")) for one in records}
    passkey = any(one.get("passwordless") for one in records)
    method = "passkey" if passkey else "sso" if "socialaccount" in methods else "password"
    note_signed_in(user.code, method=method, second_factor="mfa" in methods, at=now())


@receiver(user_logged_out)
def _signed_out(user: Any, **_: Any) -> None:
    if user is not None:
        note_signed_out(user.code, at=now())


@receiver(user_login_failed)
def _failed(credentials: Mapping[str, Any], **_: Any) -> None:
    note_failure(str(credentials.get("username", "")), step="password", at=now())


@receiver(authentication_failed)
def _second_factor_failed(user: Any, **_: Any) -> None:
    note_failure(user.code, step="second-factor", at=now())


@receiver(password_changed)
def _password_changed(user: Any, **_: Any) -> None:
    note_password_changed(user.code, at=now())


@receiver([authenticator_added, authenticator_reset])
def _second_factor_added(request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    """The session in which it was added has proven it; the others have not, and end."""
    note_second_factor(user.code, kind=str(authenticator.type), added=True, at=now())
    from daicho.people.actions import end_sessions  # noqa: PLC0415 (the first page waits for no room)

    if authenticator.type in second_factor.KINDS:
        second_factor.note_shown(request, authenticator)
        end_sessions(user.code, keep=request.session.session_key or "", at=now())


@receiver(authenticator_removed)
def _second_factor_removed(user: Any, authenticator: Any, **_: Any) -> None:
    note_second_factor(user.code, kind=str(authenticator.type), added=False, at=now())


@receiver(social_account_added)
def _single_sign_on_bound(sociallogin: Any, **_: Any) -> None:
    note_single_sign_on(sociallogin.user.code, at=now())


@receiver(pre_save, sender=SocialAccount)
def _keep_no_claims(instance: SocialAccount, **_: Any) -> None:
    """Of what a provider tells, only its own number for the person is kept; names and addresses are not ours to hold."""
    instance.extra_data = {}
