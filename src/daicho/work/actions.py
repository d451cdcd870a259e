"""発信箱: mail is written down with the act that causes it, and sent afterwards, at least once.

What one transaction holds: queueing belongs to the caller's, so a mail exists exactly when what it
tells of has happened. Sending is three steps: (1) take the mail, commit; (2) hand it to the server, with
no transaction open; (3) commit what came of it, and empty it. A crash between (2) and (3) sends the
mail a second time when its holder is found dead: better twice than never, and both carry the same
Message-ID. The trail is told through ``record``: it stands beside this room, not below.
"""

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final

from django.db import transaction
from django.template.loader import get_template, render_to_string

from daicho.keys.errors import SealDamagedError
from daicho.keys.queries import ring
from daicho.words.errors import InputError, NotFoundError
from daicho.words.personal import Personal
from daicho.words.text import Language, Text
from daicho.work.holder import LEASE, is_alive, this_holder
from daicho.work.models import OutgoingMail
from daicho.work.rules import DEAD_KEPT, MailState, Trouble, next_try
from daicho.work.smtp import MailNotSentError

#: `daicho.trail.actions.record`.
Record = Callable[..., object]
#: Hands over one mail (`daicho.work.smtp.MailRun.hand_over`).
HandOver = Callable[..., None]

_MAILBOX: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_AUTHOR: Final = "system:mail"


def is_mailbox(address: str) -> bool:
    """Whether this is one plain mail address, and nothing a header could be made of."""
    return len(address) <= 254 and _MAILBOX.fullmatch(address) is not None  # noqa: PLR2004 (RFC 5321)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to be written down.

    ``kind`` names the template ``mail/<kind>.<language>.txt``, whose first line is the subject; ``values``
    are for it. ``about``: an opaque number, for the list of mails. After ``expires_at`` the mail is worth
    nothing and is not sent.
    """

    kind: str
    to: Personal[str]
    values: Mapping[str, str]
    language: Language
    about: str = ""
    expires_at: datetime | None = None


def queue_mail(mail: Mail, *, organisation: str, actor: str, at: datetime) -> str:
    """Write down one mail inside the caller's transaction; the caller's own entry in the trail tells of it.

    Raises:
        InputError: ``to`` is no mail address.
    """
    address = mail.to.reveal(purpose="the mail goes there")
    if not is_mailbox(address):
        raise InputError(
            Text("メールアドレスの形が正しくありません。", "This is not a mail address."),
            advice=Text("半角英数字で name@example.jp の形に直してください。", "Write it as name@example.jp."),
        )
    get_template(
        _template(mail.kind, mail.language)
    )  # a kind without words is our mistake, told before anything is kept
    ref = f"E-{secrets.token_hex(8)}"
    content = json.dumps({"to": address, "values": dict(mail.values)}, ensure_ascii=False).encode()
    OutgoingMail.objects.create(
        ref=ref,
        organisation=organisation,
        kind=mail.kind,
        language=mail.language,
        about=mail.about,
        sealed=ring().seal(content, bound_to=f"mail:{ref}"),
        state=MailState.WAITING,
        next_try_at=at,
        expires_at=mail.expires_at,
        queued_by=actor,
        queued_at=at,
    )
    return ref


def _template(kind: str, language: str) -> str:
    return f"mail/{kind}.{language}.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What one pass over the outbox did."""

    sent: int
    failed: int
    dead: int


def send_due(hand_over: HandOver, *, sender: str, record: Record, at: datetime, limit: int = 100) -> Pass:
    """Send what is due, oldest first.

    Args:
        hand_over: takes the message, ``sender`` and ``to``; raises `MailNotSentError`.
        sender: ``mail_from`` of the settings, with or without a display name.
    """
    _free_the_dead(at=at)
    counts = {MailState.SENT: 0, MailState.WAITING: 0, MailState.DEAD: 0}
    due = OutgoingMail.objects.filter(state=MailState.WAITING, next_try_at__lte=at).order_by("next_try_at", "pk")
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        taken = OutgoingMail.objects.filter(pk=pk, state=MailState.WAITING).update(  # (1)
            state=MailState.SENDING, holder=this_holder(), held_at=at
        )
        if taken:
            row = OutgoingMail.objects.get(pk=pk)
            counts[_settle(row, _try(row, hand_over, sender=sender, at=at), record=record, at=at)] += 1
    return Pass(sent=counts[MailState.SENT], failed=counts[MailState.WAITING], dead=counts[MailState.DEAD])


def _free_the_dead(*, at: datetime) -> None:
    for row in OutgoingMail.objects.filter(state=MailState.SENDING):
        if not is_alive(row.holder, renewed=row.held_at is not None and row.held_at > at - LEASE):
            OutgoingMail.objects.filter(pk=row.pk, state=MailState.SENDING, holder=row.holder).update(
                state=MailState.WAITING, holder="", held_at=None
            )


def _try(row: OutgoingMail, hand_over: HandOver, *, sender: str, at: datetime) -> Trouble | None:
    """Step 2; what stopped it."""
    if row.expires_at is not None and row.expires_at <= at:
        return Trouble.EXPIRED
    try:
        content = json.loads(ring().unseal(bytes(row.sealed), bound_to=f"mail:{row.ref}"))
        message = _message(row, content, sender=sender, at=at)
    except (SealDamagedError, ValueError):
        return Trouble.UNREADABLE
    try:
        hand_over(message, sender=parseaddr(sender)[1], to=content["to"])
    except MailNotSentError as error:
        return error.trouble
    return None


def _message(row: OutgoingMail, content: Mapping[str, dict[str, str]], *, sender: str, at: datetime) -> EmailMessage:
    subject, _, body = render_to_string(_template(row.kind, row.language), content["values"]).strip().partition("\n")
    name, address = parseaddr(sender)
    message = EmailMessage()
    message["Subject"] = subject.strip()
    local, _, host = address.rpartition("@")
    message["From"] = Address(display_name=content["values"].get("company", name), username=local, domain=host)
    message["To"] = str(content["to"])
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{row.ref.lower()}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n", charset="utf-8", cte="base64")
    message["Content-Language"] = row.language
    return message


def _settle(row: OutgoingMail, trouble: Trouble | None, *, record: Record, at: datetime) -> MailState:
    """Step 3."""
    with transaction.atomic():
        row.attempts += 1
        row.holder, row.held_at, row.trouble = "", None, trouble or ""
        again = next_try(row.attempts, trouble, at=at) if trouble else None
        if trouble is None:
            row.state, row.sent_at, row.sealed = MailState.SENT, at, b""
        elif again is not None:
            row.state, row.next_try_at = MailState.WAITING, again
        else:
            row.state = MailState.DEAD
            row.sealed = b"" if trouble is Trouble.EXPIRED else row.sealed
        row.save()
        facts = {"mail": row.ref, "kind": row.kind, "about": row.about or None}
        if trouble is None:
            record("mail.sent", actor=_AUTHOR, at=at, organisation=row.organisation, **facts)
        elif row.state == MailState.DEAD:
            record("mail.given_up", actor=_AUTHOR, at=at, organisation=row.organisation, reason=str(trouble), **facts)
    return MailState(row.state)


def retry_mail(ref: str, *, organisations: frozenset[str], actor: str, record: Record, at: datetime) -> None:
    """A human sends a dead mail on its way again.

    Raises:
        NotFoundError: not of these organisations, not dead, or its content is gone.
    """
    with transaction.atomic():
        row = (
            OutgoingMail.objects.select_for_update()
            .filter(ref=ref, organisation__in=organisations, state=MailState.DEAD)
            .first()
        )
        if row is None or not row.sealed:
            raise NotFoundError(
                Text("送り直せるメールではありません。", "This mail cannot be sent again."),
                advice=Text(
                    "リンクの期限が過ぎたメールは送り直せません。元の操作をもう一度行ってください。",
                    "A mail whose link has expired is gone: repeat what caused it.",
                ),
            )
        row.state, row.attempts, row.next_try_at = MailState.WAITING, 0, at
        row.save(update_fields=["state", "attempts", "next_try_at"])
        record("mail.retried", actor=actor, at=at, organisation=row.organisation, mail=ref, kind=row.kind)


def forget_dead(*, at: datetime) -> int:
    """Empty mails that nobody sent on its way again within `DEAD_KEPT`; returns how many."""
    old = OutgoingMail.objects.filter(state=MailState.DEAD, queued_at__lt=at - DEAD_KEPT).exclude(sealed=b"")
    return old.update(sealed=b"")
