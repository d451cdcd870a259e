"""The outbox, against a real SMTP server."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from daicho.keys.actions import initialise
from daicho.trail.actions import record
from daicho.trail.models import TrailEntry
from daicho.words.errors import InputError, InstallationError, NotFoundError
from daicho.words.personal import Personal
from daicho.words.text import Language
from daicho.work.actions import Mail, forget_dead, is_mailbox, queue_mail, retry_mail
from daicho.work.mail import run_sender, send_now
from daicho.work.models import OutgoingMail
from daicho.work.queries import count_mails, list_mails
from daicho.work.rules import WAITS, MailState, Trouble, masked, next_try, read_server
from tests.work.postbox import Postbox, only, open_postbox

AT = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
HERE = frozenset({"copro-holdings"})
TO = "canary.utanako@example.com"


@pytest.fixture
def outbox(workspace: Path, db, settings, monkeypatch) -> Iterator[Postbox]:
    initialise(actor="system:installer", at=AT, record=record)
    with open_postbox() as box:
        monkeypatch.setenv("TEST_SMTP", box.address)
        settings.WORKSPACE = replace(
            settings.WORKSPACE, mail_server="env:TEST_SMTP", mail_from="台帳 <daicho@example.jp>"
        )
        yield box


def queue(*, to: str = TO, expires_at: datetime | None = None, language: Language = Language.JA) -> str:
    values = {
        "code": "123456",
        "minutes": "15",
        "company": "株式会社 A&B <X>",
        "department": "窓口",
        "telephone": "052-000-0000",
        "hours": "平日",
    }
    mail = Mail(kind="code", to=Personal(to, "email"), values=values, language=language, expires_at=expires_at)
    with transaction.atomic():
        return queue_mail(mail, organisation="copro-holdings", actor="system:web", at=AT)


@pytest.mark.parametrize("language", list(Language))
def test_a_mail_arrives_in_its_language_and_is_emptied_here(outbox: Postbox, language: Language):
    ref = queue(language=language)
    kept = bytes(OutgoingMail.objects.get(ref=ref).sealed)
    assert TO.encode() not in kept
    assert b"123456" not in kept
    assert send_now(record=record, at=AT).sent == 1
    (mail,) = outbox.mails
    assert mail["To"] == TO
    assert outbox.envelopes == [("daicho@example.jp", [TO])]
    assert mail["From"].addresses[0].display_name == "株式会社 A&B <X>"
    assert ("確認コード" if language is Language.JA else "Your code") in mail["Subject"]
    assert "株式会社 A&B <X>" in outbox.text()  # plain text, nothing escaped
    assert outbox.code() == "123456"
    row = OutgoingMail.objects.get(ref=ref)
    assert (row.state, bytes(row.sealed), row.sent_at) == (MailState.SENT, b"", AT)
    assert send_now(record=record, at=AT).sent == 0
    (entry,) = TrailEntry.objects.filter(event="mail.sent")
    assert TO not in entry.facts
    assert json.loads(entry.facts)["mail"] == ref


def test_a_mail_that_is_not_committed_is_not_there(outbox: Postbox):
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert send_now(record=record, at=AT).sent == 0


def test_a_server_that_asks_to_come_later_is_asked_again_with_back_off_until_given_up(outbox: Postbox):
    outbox.defer.add(TO)
    ref, at = queue(), AT
    for attempt, wait in enumerate(WAITS, start=1):
        assert send_now(record=record, at=at).failed == 1
        row = OutgoingMail.objects.get(ref=ref)
        assert (row.attempts, row.next_try_at, row.trouble) == (attempt, at + wait, Trouble.LATER)
        assert send_now(record=record, at=at + wait - timedelta(seconds=1)).failed == 0
        at += wait
    assert send_now(record=record, at=at).dead == 1
    assert TrailEntry.objects.filter(event="mail.given_up").count() == 1
    outbox.defer.clear()
    retry_mail(ref, organisations=HERE, actor="boss", record=record, at=at)
    assert send_now(record=record, at=at).sent == 1


def test_a_refused_mailbox_is_dead_at_once_and_holds_up_nobody_else(outbox: Postbox):
    outbox.refuse.add(TO)
    queue()
    queue(to="other@example.com")
    done = send_now(record=record, at=AT)
    assert (done.sent, done.dead) == (1, 1)
    (view,) = list_mails(HERE, state=MailState.DEAD)
    assert (view.trouble, view.to) == (Trouble.REFUSED, "c•••@e•••.com")
    assert count_mails(HERE)[MailState.SENT] == 1
    assert list_mails(frozenset({"other-company"})) == []
    with pytest.raises(NotFoundError):
        retry_mail(view.ref, organisations=frozenset({"other-company"}), actor="boss", record=record, at=AT)


def test_what_could_not_be_sent_is_kept_for_thirty_days(outbox: Postbox):
    outbox.refuse.add(TO)
    ref = queue()
    send_now(record=record, at=AT)
    assert forget_dead(at=AT + timedelta(days=29)) == 0
    assert forget_dead(at=AT + timedelta(days=31)) == 1
    assert bytes(OutgoingMail.objects.get(ref=ref).sealed) == b""
    (view,) = list_mails(HERE)
    assert view.to == ""


def test_a_mail_whose_link_has_expired_is_not_sent(outbox: Postbox):
    ref = queue(expires_at=AT + timedelta(minutes=15))
    assert send_now(record=record, at=AT + timedelta(minutes=16)).dead == 1
    assert outbox.mails == []
    assert bytes(OutgoingMail.objects.get(ref=ref).sealed) == b""
    with pytest.raises(NotFoundError):
        retry_mail(ref, organisations=HERE, actor="boss", record=record, at=AT)


def test_a_mail_left_by_a_dead_process_is_taken_up(outbox: Postbox):
    ref = queue()
    OutgoingMail.objects.filter(ref=ref).update(state=MailState.SENDING, holder="elsewhere/1/1", held_at=AT)
    assert send_now(record=record, at=AT + timedelta(minutes=1)).sent == 0  # it may still be alive
    assert send_now(record=record, at=AT + timedelta(minutes=16)).sent == 1


def test_no_server_there_is_a_try_and_not_an_error(outbox: Postbox, monkeypatch):
    monkeypatch.setenv("TEST_SMTP", "smtp://127.0.0.1:9")
    ref = queue()
    assert send_now(record=record, at=AT).failed == 1
    assert OutgoingMail.objects.get(ref=ref).trouble == Trouble.UNREACHABLE


def test_a_password_is_used_and_a_wrong_one_told(outbox: Postbox, monkeypatch):
    options = {"authenticator": only("desk", "p@ss"), "auth_require_tls": False, "auth_required": True}
    with open_postbox(**options) as box:
        host = box.address.removeprefix("smtp://")
        monkeypatch.setenv("TEST_SMTP", f"smtp://desk:wrong@{host}")
        ref = queue()
        assert send_now(record=record, at=AT).failed == 1
        assert OutgoingMail.objects.get(ref=ref).trouble == Trouble.SIGN_IN
        monkeypatch.setenv("TEST_SMTP", f"smtp://desk:p%40ss@{host}")
        assert send_now(record=record, at=AT + timedelta(minutes=2)).sent == 1


def test_without_a_server_the_command_says_what_to_set(workspace: Path, db):
    with pytest.raises(InstallationError):
        send_now(record=record, at=AT)


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_the_loop_sends_and_ends(outbox: Postbox):
    queue()
    stop = threading.Event()
    run_sender(clock=lambda: AT, record=record, stop=stop, also=lambda _: stop.set())
    assert len(outbox.mails) == 1


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b", "a b@example.com", "a@example.com\nBcc: x@example.com", "a@example.com, b@example.com", "<a@b.jp>", "あ@example.com", "x" * 250 + "@e.jp"],
)  # fmt: skip
def test_what_is_no_mailbox_is_refused(outbox: Postbox, address: str):
    assert not is_mailbox(address)
    with pytest.raises(InputError):
        queue(to=address)


@pytest.mark.parametrize(
    "address",
    ["", "http://a:1", "smtp://", "smtp://host:99999", "smtp://host/path", "mail.example.jp:25"],
)
def test_what_is_no_server_is_refused_without_repeating_it(address: str):
    with pytest.raises(InstallationError) as error:
        read_server(address)
    assert not address or address not in str(error.value.message)


def test_a_server_is_read_and_its_password_not_shown():
    server = read_server("smtps://desk:p%40ss@mail.example.jp")
    assert (server.host, server.port, server.secure, server.user, server.password) == (
        "mail.example.jp", 465, True, "desk", "p@ss",
    )  # fmt: skip
    assert "p@ss" not in repr(server)


def test_small_rules():
    assert masked("hanako@mail.example.co.jp") == "h•••@m•••.jp"
    assert masked("nobody") == "•••"
    assert next_try(1, Trouble.REFUSED, at=AT) is None
