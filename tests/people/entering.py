"""Browsers that are signed in with a second factor, as a sign-in leaves them: the one place that writes such sessions."""

from collections.abc import MutableMapping
from time import time
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from daicho.people.models import Account

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def register_factor(account: Account) -> None:
    """An authenticator app, unless the account has one."""
    Authenticator.objects.get_or_create(user=account, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})


def write_records(session: MutableMapping[str, Any], account: Account, *, factor: bool = True, ago: float = 0) -> None:
    """What the sign-in notes in a session: the password, and the second factor shown ``ago`` seconds before now."""
    kinds = [{"method": "password"}, *([{"method": "mfa", "type": "totp"}] if factor else [])]
    session["account_authentication_methods"] = [{**one, "at": time() - ago} for one in kinds]
    session["account_authentication_methods_user"] = str(account.pk)


def enter(client: Client, code: str, *, factor: bool = True) -> Client:
    """Sign a browser in; ``factor`` False: an account with nothing but a password."""
    account = Account.objects.get(code=code)
    if factor:
        register_factor(account)
    client.force_login(account, backend=BACKEND)
    session = client.session
    write_records(session, account, factor=factor)
    session.save()
    return client
