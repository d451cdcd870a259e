"""Webhooks are added, tested and revoked; messages are made from the trail, and what became of them is noted.

The trail is the outbox: an act that is written there is told to every webhook that asked for its event,
also after a crash, because a webhook remembers the last entry that was looked at. One transaction makes
the messages of a stretch of the trail and moves that mark. A message may be sent twice (a crash between
sending and noting), never lost; its id stays the same, so the receiver can tell.
"""

import base64
import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import OuterRef, Subquery

from daicho.api.models import Delivery, Webhook
from daicho.api.queries import WEBHOOK_KEEPERS, WebhookView, get_webhook
from daicho.api.rules import next_attempt, require_name, require_url
from daicho.api.webhook_events import TEST, is_told
from daicho.api.wire import Message, Outcome, inside_hosts
from daicho.keys.queries import ring
from daicho.people.queries import require_role, roles_of
from daicho.people.rules import Role
from daicho.trail.actions import record
from daicho.trail.events import EVENTS
from daicho.trail.queries import Entry, get_end, list_entries
from daicho.words.errors import InputError
from daicho.words.scope import Scope
from daicho.words.text import Text

#: Who acts when a message is sent, given up, or a webhook ends because its receiver said so.
SENDER: Final = "system:webhooks"
#: A message that is being sent is left alone by other senders for so long.
_TAKEN_FOR: Final = timedelta(minutes=2)
_STRETCH: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWebhook:
    """A webhook just added; ``secret`` is shown once."""

    ref: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A message to send: its row, where to, the key to sign with."""

    pk: int
    webhook: str
    url: str
    key: bytes
    message: Message


def add_webhook(
    name: str, url: str, *, events: Sequence[str], organisation: str, scope: Scope, at: datetime
) -> NewWebhook:
    """Tell an address of events of an organisation, from now on.

    Raises:
        InputError: a name, an address or an event that is none.
        NotAllowedError: the actor keeps no webhooks there, or plain http (`daicho.api.rules.require_url`).
    """
    require_role(scope, organisation, WEBHOOK_KEEPERS)
    said, wanted = require_name(name), list(dict.fromkeys(events))
    require_url(url, inside=inside_hosts(), officer=Role.OFFICER in roles_of(scope.actor, organisation))
    if not wanted or any(not is_told(one) for one in wanted):
        raise InputError(
            Text("通知できない出来事です。", "These are no events that can be told."),
            advice=Text(
                "GET /api/v1/webhooks/events にある符号から選んでください。",
                "Choose codes of GET /api/v1/webhooks/events.",
            ),
        )
    ref, key = f"W-{secrets.token_hex(5)}", secrets.token_bytes(32)
    with transaction.atomic():
        Webhook.objects.create(
            ref=ref,
            organisation=organisation,
            name=said,
            url=url,
            events=wanted,
            secret=ring().seal(key, bound_to=f"webhook:{ref}"),
            after=get_end().size,
            created_by=scope.actor,
            created_at=at,
        )
        record("webhook.added", actor=scope.actor, at=at, organisation=organisation, webhook=ref, events=len(wanted))
    return NewWebhook(ref=ref, secret=f"whsec_{base64.b64encode(key).decode()}")


def revoke_webhook(ref: str, *, scope: Scope, at: datetime) -> None:
    """Tell an address nothing more; what waits is dropped. Again changes nothing.

    Raises:
        NotFoundError: no such webhook within reach.
    """
    view = _kept(ref, scope)
    _end(view.ref, view.organisation, actor=scope.actor, at=at)


def test_webhook(ref: str, *, scope: Scope, at: datetime) -> str:
    """Make a message that tells of nothing, to be sent with the next pass; returns its id."""
    view = _kept(ref, scope)
    if view.revoked_at is not None:
        raise InputError(
            Text("廃止した通知先です。", "This webhook is revoked."),
            advice=Text("新しく登録してください。", "Add a new one."),
        )
    row = Webhook.objects.get(ref=ref)
    return _message(row, seq=0, event=TEST, at=at).message


def _kept(ref: str, scope: Scope) -> WebhookView:
    view = get_webhook(ref, scope=scope)
    require_role(scope, view.organisation, WEBHOOK_KEEPERS)
    return view


def _end(ref: str, organisation: str, *, actor: str, at: datetime) -> None:
    with transaction.atomic():
        if Webhook.objects.filter(ref=ref, revoked_at=None).update(revoked_at=at, revoked_by=actor):
            Delivery.objects.filter(webhook__ref=ref, state="waiting").update(state="dropped", ended_at=at, due_at=None)
            record("webhook.revoked", actor=actor, at=at, organisation=organisation, webhook=ref)


# ── sending ──────────────────────────────────────────────────────────────────────────────────


def make_messages(*, at: datetime) -> int:
    """Make the messages of what was written to the trail since the last look; returns how many."""
    made = 0
    for pk in Webhook.objects.filter(revoked_at=None, after__lt=get_end().size).values_list("pk", flat=True):
        with transaction.atomic():
            row = Webhook.objects.select_for_update().get(pk=pk)
            found = list_entries(scope=_told(row), after=row.after or -1, limit=_STRETCH)
            if row.revoked_at is not None or not found:
                continue
            told = [one for one in found if one.event in row.events]
            for entry in told:
                _message(row, seq=entry.seq, event=entry.event, at=at)
            Webhook.objects.filter(pk=pk).update(after=found[-1].seq)
            made += len(told)
    return made


def _told(row: Webhook) -> Scope:
    return Scope(actor=SENDER, organisations=frozenset({row.organisation}))


def _message(row: Webhook, *, seq: int, event: str, at: datetime) -> Delivery:
    return Delivery.objects.create(
        webhook=row,
        organisation=row.organisation,
        message=f"msg_{secrets.token_hex(12)}",
        seq=seq,
        event=event,
        made_at=at,
        due_at=at,
    )


def take_due(*, at: datetime, but: Collection[str] = (), limit: int = 50) -> list[Due]:
    """Of every webhook ``but`` these the message that is due first, taken so that no other sender sends it meanwhile."""
    due = Delivery.objects.filter(state="waiting", due_at__lte=at, webhook__revoked_at=None)
    with transaction.atomic():
        first = due.filter(webhook=OuterRef("webhook")).order_by("due_at", "pk").values("pk")[:1]
        rows = list(
            due.exclude(webhook__ref__in=but)
            .filter(pk=Subquery(first))
            .select_for_update(of=("self",))
            .select_related("webhook")
            .order_by("due_at", "pk")[:limit]
        )
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=at + _TAKEN_FOR)
    opened = ring()
    return [
        Due(
            pk=row.pk,
            webhook=row.webhook.ref,
            url=row.webhook.url,
            key=opened.unseal(bytes(row.webhook.secret), bound_to=f"webhook:{row.webhook.ref}"),
            message=Message(id=row.message, content=_content(row)),
        )
        for row in rows
    ]


def _content(row: Delivery) -> bytes:
    """Exactly what the trail says, without who acted: codes, references, counts."""
    told: dict[str, object] = {"type": row.event, "timestamp": row.made_at.isoformat(), "data": {}}
    entry = _entry(row)
    if entry is not None:
        told |= {
            "timestamp": entry.at.isoformat(),
            "data": {"organisation": entry.organisation, "entry": entry.seq, "facts": dict(entry.facts)},
        }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _entry(row: Delivery) -> Entry | None:
    if not row.seq:
        return None
    found = list_entries(scope=_told(row.webhook), after=row.seq - 1 or -1, before=row.seq + 1, limit=1)
    return found[0] if found else None


def note_outcome(pk: int, outcome: Outcome, *, at: datetime) -> None:
    """Note what became of a message: delivered, to be tried again, or given up; ``gone`` ends the webhook."""
    with transaction.atomic():
        row = Delivery.objects.select_for_update(of=("self",)).select_related("webhook").get(pk=pk)
        if row.state != "waiting":
            return
        attempts = row.attempts + 1
        again = None if outcome.delivered or outcome.gone else next_attempt(attempts, at=at)
        state = "delivered" if outcome.delivered else "waiting" if again else "failed"
        Delivery.objects.filter(pk=pk).update(
            state=state,
            attempts=attempts,
            due_at=again,
            last_status=outcome.status,
            last_reason=outcome.reason,
            ended_at=None if again else at,
        )
        if state == "failed":
            record(
                "webhook.failed",
                actor=SENDER,
                at=at,
                organisation=row.organisation,
                webhook=row.webhook.ref,
                attempts=attempts,
                entry=row.seq,
            )
    if outcome.gone:
        _end(row.webhook.ref, row.organisation, actor=SENDER, at=at)


def told_events() -> list[str]:
    """The codes a webhook can ask for."""
    return [code for code in EVENTS if is_told(code)]
