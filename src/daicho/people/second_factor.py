"""二つ目の認証: whether it was shown in this very session, not only registered for the account.

A session that was opened before the factor was registered, with the password alone, has not shown it. What was shown
when is what the sign-in library notes in the session.
"""

from datetime import timedelta
from time import time
from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

#: The kinds that are asked for at the sign-in; recovery codes only stand in for one of them.
KINDS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def shown(request: HttpRequest) -> bool:
    """Whether this session has shown a second factor (a passkey, an app's code, or a recovery code in its place)."""
    return any(one.get("method") == "mfa" for one in _records(request))


def shown_lately(request: HttpRequest) -> bool:
    """Whether it did so within the time after which what is most sensitive asks again."""
    limit = time() - timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT).total_seconds()
    return any(one.get("method") == "mfa" and float(one.get("at", 0)) > limit for one in _records(request))


def note_shown(request: HttpRequest, authenticator: Authenticator) -> None:
    """The factor was registered in this session just now, which proves it as well."""
    record_authentication(
        request, authenticator.user, "mfa", id=authenticator.pk, type=str(authenticator.type), reauthenticated=True
    )


def where_to_show(request: HttpRequest) -> str:
    """The address at which the account of this session shows the factor it has."""
    has_app = Authenticator.objects.filter(user=request.user.pk, type=Authenticator.Type.TOTP).exists()
    return reverse("mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn")


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    return list(get_authentication_records(request, request.user))
