"""What the doors may ask about outgoing mail; no address is ever shown whole."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from daicho.keys.errors import SealDamagedError
from daicho.keys.queries import ring
from daicho.keys.ring import Ring
from daicho.work.models import OutgoingMail
from daicho.work.rules import MailState, Trouble, masked


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView:
    """One mail as a list shows it; ``to`` is masked, and empty once the mail was sent."""

    ref: str
    organisation: str
    kind: str
    about: str
    to: str
    state: MailState
    attempts: int
    next_try_at: datetime
    trouble: Trouble | None
    queued_at: datetime
    sent_at: datetime | None

    @property
    def of_request(self) -> bool:
        """Whether it is about a request, not a draft."""
        return self.about.startswith("R-")


def can_send() -> bool:
    """Whether the workspace names a mail server and a sender."""
    return bool(settings.WORKSPACE.mail_server and settings.WORKSPACE.mail_from)


def list_mails(
    organisations: frozenset[str], *, state: MailState | None = None, limit: int = 50, offset: int = 0
) -> Sequence[MailView]:
    """Mails of these organisations, newest first."""
    rows = OutgoingMail.objects.filter(organisation__in=organisations)
    if state is not None:
        rows = rows.filter(state=state)
    opened = ring()
    return [_view(row, opened) for row in rows.order_by("-pk")[offset : offset + limit]]


def count_mails(organisations: frozenset[str]) -> dict[MailState, int]:
    """How many mails stand in each state."""
    rows = OutgoingMail.objects.filter(organisation__in=organisations)
    return {state: rows.filter(state=state).count() for state in MailState}


def count_to_send_again(organisations: frozenset[str]) -> int:
    """Mails given up that a human may still send on their way again."""
    dead = OutgoingMail.objects.filter(organisation__in=organisations, state=MailState.DEAD)
    return dead.exclude(sealed=b"").count()


def _view(row: OutgoingMail, opened: Ring) -> MailView:
    return MailView(
        ref=row.ref,
        organisation=row.organisation,
        kind=row.kind,
        about=row.about,
        to=_masked_recipient(row, opened),
        state=MailState(row.state),
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        trouble=Trouble(row.trouble) if row.trouble else None,
        queued_at=row.queued_at,
        sent_at=row.sent_at,
    )


def _masked_recipient(row: OutgoingMail, opened: Ring) -> str:
    if not row.sealed:
        return ""
    try:
        return masked(json.loads(opened.unseal(bytes(row.sealed), bound_to=f"mail:{row.ref}"))["to"])
    except SealDamagedError:
        return "•••"
