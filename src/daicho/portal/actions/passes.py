"""リンクと確認コード: what opens the web door, and how guessing it is made hopeless.

A token has 192 random bits; only its keyed digest is kept. A code has six digits, so what protects it is
counting: five tries a code, an hour's rest after them, fifteen wrong ones in the life of a link. Each
wrong try is committed before it is answered. Looking at a link changes nothing: mail scanners look.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from daicho.keys.queries import ring as open_ring
from daicho.keys.ring import Ring
from daicho.portal.courtesy import Sender
from daicho.portal.errors import CodeError, LinkError, LockedError, TooManyError
from daicho.portal.models import Pass
from daicho.portal.rules import CODE_GOOD, CODE_TRIES, LOCKED, MAX_MAILS, MAX_WRONG, PassKind, code_pause_left
from daicho.rights.actions.from_web import PERSON_AT_THE_DOOR
from daicho.trail.acts import Acts
from daicho.words.identity import WeakKind, fold
from daicho.words.personal import Personal
from daicho.words.text import Language
from daicho.work.actions import Mail, queue_mail
from daicho.work.mail import ring_bell

_ROUTES = {PassKind.START: "portal:link", PassKind.STATUS: "portal:follow", PassKind.ANSWER: "portal:answer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPass:
    """What a link is made for."""

    kind: PassKind
    about: str
    organisation: str
    mailbox: Personal[str]
    language: Language
    good: timedelta


def make_pass(new: NewPass, *, at: datetime) -> tuple[Pass, str]:
    """Make a link inside the caller's transaction; returns its row and its path, which is not kept anywhere."""
    opened, token, ref = open_ring(), secrets.token_urlsafe(24), f"P-{secrets.token_hex(8)}"
    address = new.mailbox.reveal(purpose="sealed with the link that is mailed there")
    row = Pass.objects.create(
        ref=ref,
        organisation=new.organisation,
        kind=new.kind,
        about=new.about,
        language=new.language,
        token=opened.digest_folded("portal-link", token).hex,
        mailbox=opened.seal(address.encode(), bound_to=f"pass:{ref}"),
        mailbox_digest=_mailbox_digests(address, opened)[0],
        made_at=at,
        expires_at=at + new.good,
    )
    return row, reverse(_ROUTES[new.kind], args=[token])


def mailbox_of(row: Pass) -> Personal[str]:
    """Where a link was mailed."""
    return Personal(open_ring().unseal(bytes(row.mailbox), bound_to=f"pass:{row.ref}").decode(), "email")


def passes_of(mailbox: Personal[str], kind: PassKind) -> list[Pass]:
    """The links of a kind that were ever mailed to a mailbox."""
    digests = _mailbox_digests(mailbox.reveal(purpose="looked up by its digest"), open_ring())
    return list(Pass.objects.filter(mailbox_digest__in=digests, kind=kind).order_by("pk"))


def require_few_mails(mailbox: Personal[str], *, at: datetime) -> None:
    """Refuse to be used for filling somebody's mailbox.

    Raises:
        TooManyError: it got `MAX_MAILS` links within the hour.
    """
    digests = _mailbox_digests(mailbox.reveal(purpose="counted by its digest"), open_ring())
    if Pass.objects.filter(mailbox_digest__in=digests, made_at__gt=at - timedelta(hours=1)).count() >= MAX_MAILS:
        raise TooManyError


def _mailbox_digests(address: str, opened: Ring) -> list[str]:
    folded = fold(WeakKind.EMAIL, address)
    return [one.hex for one in opened.digests_folded("portal-mailbox", folded)]


def find_pass(token: str, kind: PassKind, *, at: datetime) -> Pass:
    """The link with this token; changes nothing.

    Raises:
        LinkError: unknown, expired, ended; a start link also when it was used.
    """
    digests = [one.hex for one in open_ring().digests_folded("portal-link", token)]
    row = Pass.objects.filter(token__in=digests, kind=kind).first()
    if row is None or not is_open(row, at=at) or (kind is PassKind.START and row.used_at is not None):
        raise LinkError
    return row


def find_used_start(token: str, *, at: datetime) -> Pass | None:
    """A start link that was used already and has not expired, so that its holder may have a new one mailed."""
    digests = [one.hex for one in open_ring().digests_folded("portal-link", token)]
    row = Pass.objects.filter(token__in=digests, kind=PassKind.START, used_at__isnull=False).first()
    return row if row is not None and is_open(row, at=at) else None


def is_open(row: Pass, *, at: datetime) -> bool:
    """Neither ended nor expired."""
    return row.ended_at is None and row.expires_at > at


def get_open_pass(ref: str, *, at: datetime) -> Pass:
    """The link that a browser gave the code for.

    Raises:
        LinkError: it has ended since.
    """
    row = Pass.objects.filter(ref=ref).first()
    if row is None or not is_open(row, at=at):
        raise LinkError
    return row


def mail_code(ref: str, sender: Sender, *, at: datetime) -> None:
    """Mail a fresh code for a link, which ends the one before; too soon after it, nothing happens.

    Raises:
        LinkError: the link has ended.
        LockedError: there were too many wrong codes.
    """
    with transaction.atomic():
        row = _locked(ref, at=at)
        if code_pause_left(row.code_made_at, at=at):
            return
        code = f"{secrets.randbelow(10**6):06d}"
        row.code = open_ring().digest_folded("portal-code", f"{row.ref}.{code}").hex
        row.code_made_at, row.code_until, row.tries = at, at + CODE_GOOD, CODE_TRIES
        row.save(update_fields=["code", "code_made_at", "code_until", "tries"])
        minutes = str(int(CODE_GOOD.total_seconds()) // 60)
        mail = Mail(
            kind="code",
            to=mailbox_of(row),
            values=sender.values(code=code, minutes=minutes),
            language=Language(row.language),
            about=row.about,
            expires_at=row.code_until,
        )
        queue_mail(mail, organisation=row.organisation, actor=PERSON_AT_THE_DOOR, at=at)
        ring_bell()
        _note("web.code_mailed", row, at=at, kind=row.kind)


def try_code(ref: str, code: str, *, at: datetime) -> Pass:
    """Take a code; the right one is spent.

    Raises:
        CodeError, LockedError: it is wrong or too old; the try has been counted and committed.
        LinkError: the link has ended, now or before.
    """
    stopped: Exception | None = None
    with transaction.atomic():
        row = _locked(ref, at=at)
        if not row.code or row.code_until is None or row.code_until <= at:
            raise CodeError(0)  # there is nothing to guess
        if _is_right(row, code):
            row.code, row.tries, row.locked_until = "", 0, None
            row.save(update_fields=["code", "tries", "locked_until"])
            _note("web.entered", row, at=at, kind=row.kind)
        else:
            stopped = _count_wrong(row, at=at)
    if stopped is not None:
        raise stopped
    return row


def _is_right(row: Pass, code: str) -> bool:
    digits = code.strip()
    if not digits.isascii() or not digits.isdigit():
        return False
    tried = open_ring().digests_folded("portal-code", f"{row.ref}.{digits}")
    return any(secrets.compare_digest(one.hex, row.code) for one in tried)


def _count_wrong(row: Pass, *, at: datetime) -> Exception:
    row.wrong += 1
    row.tries = max(0, row.tries - 1)
    stopped: Exception = CodeError(row.tries)
    if row.wrong >= MAX_WRONG:
        row.ended_at, stopped = at, LinkError()
    elif not row.tries:
        row.code, row.locked_until = "", at + LOCKED
        stopped = LockedError(row.locked_until)
    row.save(update_fields=["wrong", "tries", "code", "ended_at", "locked_until"])
    _note("web.code_refused", row, at=at, left=row.tries)
    return stopped


def _locked(ref: str, *, at: datetime) -> Pass:
    row = Pass.objects.select_for_update().filter(ref=ref).first()
    if row is None or not is_open(row, at=at):
        raise LinkError
    if row.locked_until is not None and row.locked_until > at:
        raise LockedError(row.locked_until.astimezone(at.tzinfo))
    return row


def _note(event: str, row: Pass, *, at: datetime, **facts: object) -> None:
    acts = Acts(actor=PERSON_AT_THE_DOOR, at=at)
    acts.add(event, organisation=row.organisation, link=row.ref, about=row.about, **facts)
    acts.write()
