"""サインインの記録: what happens at the sign-in, written to the trail as codes.

Nothing that was typed is written: somebody may have typed a password where the code belongs.
Whoever fails is not known, so the actor of a failure is the web door.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.dispatch import Signal

from daicho.people.queries import find_account, get_account
from daicho.trail.actions import record
from daicho.trail.events import EVERYWHERE

#: Sent inside the transaction that resets a sign-in, with ``code``, ``actor`` and ``at``: rooms above end what lets in there.
sign_in_was_reset: Final = Signal()

#: Acts where nobody has proven to be anybody.
DOOR: Final = "system:web"


def note_signed_in(code: str, *, method: str, second_factor: bool, at: datetime) -> None:
    """Somebody came in: with which method, and whether a second factor was shown."""
    _note(code, "account.signed_in", at=at, method=method, second_factor=second_factor)


def note_signed_out(code: str, *, at: datetime) -> None:
    """Somebody left."""
    _note(code, "account.signed_out", at=at)


def note_password_changed(code: str, *, at: datetime) -> None:
    """Somebody set another password on their own page."""
    _note(code, "account.password_changed", at=at)


def note_second_factor(code: str, *, kind: str, added: bool, at: datetime) -> None:
    """A passkey, an authenticator app or recovery codes came or went."""
    event = "account.second_factor_added" if added else "account.second_factor_removed"
    _note(code, event, at=at, kind=kind.replace("_", "-"))


def note_single_sign_on(code: str, *, at: datetime) -> None:
    """The provider's number for a person was bound to an account."""
    _note(code, "account.single_sign_on_bound", at=at)


def note_failure(typed: str, *, step: str, at: datetime) -> None:
    """A sign-in failed at ``step``; the account stands in the entry only if what was typed is a code we know."""
    account = find_account(typed)
    with transaction.atomic():
        record(
            "account.sign_in_failed",
            actor=DOOR,
            at=at,
            organisation=account.home_organisation if account else EVERYWHERE,
            account=account.code if account else None,
            step=step,
        )


def _note(code: str, event: str, *, at: datetime, **facts: object) -> None:
    account = get_account(code)
    with transaction.atomic():
        record(event, actor=account.code, at=at, organisation=account.home_organisation, account=account.code, **facts)
