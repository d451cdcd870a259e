"""招待: a one-time link with which somebody sets the first password, or a new one after it was forgotten.

The link is signed and bound to the password as it stood, so it dies when a password is set; it also
dies after `GOOD_FOR`. Whoever makes one hands it over themselves: a mail address an account
may have is for reminders, and nobody has proven to read it.
"""

import hashlib
from datetime import timedelta
from typing import Final

from django.core import signing

from daicho.people.models import Account
from daicho.words.errors import NotAllowedError
from daicho.words.text import Text

#: Where the token of a link waits in the session of whoever opened it, in case they go on to single sign-on.
INVITED: Final = "people.invited"
GOOD_FOR: Final = timedelta(days=3)
_SALT: Final = "daicho.people.invitation"


def make_token(account: Account) -> str:
    """The token of a link for this account."""
    return signing.dumps([account.code, _mark(account)], salt=_SALT)


def read_token(token: str) -> Account:
    """The account a token is good for.

    Raises:
        NotAllowedError: forged, too old, used already, or the account is deactivated.
    """
    try:
        code, mark = signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        raise _refuse() from None
    account = Account.objects.filter(code=code, is_active=True).first()
    if account is None or mark != _mark(account):
        raise _refuse()
    return account


def _mark(account: Account) -> str:
    """Changes with the password; tells nothing about it."""
    return hashlib.sha256(account.password.encode()).hexdigest()[:16]


def _refuse() -> NotAllowedError:
    return NotAllowedError(
        Text("この招待のリンクは使えません。", "This invitation is no longer good."),
        advice=Text(
            "期限（3 日）が過ぎたか、もう使われています。管理者に新しいリンクを頼んでください。",
            "It is older than three days, or was used. Ask an officer for a new one.",
        ),
    )
