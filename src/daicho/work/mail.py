"""The sender: one pass for the command line, a quiet loop for the web server."""

import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import DatabaseError, close_old_connections, transaction

from daicho.words.errors import DaichoError, InstallationError
from daicho.words.text import Text
from daicho.work.actions import Pass, Record, send_due
from daicho.work.queries import can_send
from daicho.work.rules import read_server
from daicho.work.smtp import MailRun

_log: Final = logging.getLogger("daicho.mail")
_EVERY: Final = 15.0  # seconds between looks when nobody calls
_ALSO_EVERY: Final = timedelta(minutes=10)
#: Rung when a mail was queued in this process, so that a code arrives at once.
_bell: Final = threading.Event()


def ring_bell() -> None:
    """Wake the sender of this process after the current transaction has been committed."""
    transaction.on_commit(_bell.set)


def require_server() -> None:
    """Refuse what ends in a mail while none can be sent.

    Raises:
        InstallationError: the workspace names no mail server, or no sender.
    """
    if not can_send():
        raise InstallationError(
            Text("メールサーバの設定がありません。", "No mail server is set."),
            advice=Text(
                "daicho.toml に mail_server（env:名前）と mail_from を書いてください。",
                "Write mail_server (env:NAME) and mail_from in daicho.toml.",
            ),
        )


def send_now(*, record: Record, at: datetime) -> Pass:
    """One pass over the outbox, by the mail server the workspace names.

    Raises:
        InstallationError: none is named, or its address cannot be read.
    """
    require_server()
    workspace = settings.WORKSPACE
    with MailRun(read_server(workspace.secret(workspace.mail_server))) as run:
        return send_due(run.hand_over, sender=workspace.mail_from, record=record, at=at)


def run_sender(
    *,
    clock: Callable[[], datetime],
    record: Record,
    stop: threading.Event,
    also: Callable[[datetime], None] | None = None,
) -> None:
    """Send until ``stop`` is set; for a thread of its own.

    Args:
        also: called now and every ten minutes, for what else has become due.
    """
    done_at: datetime | None = None
    while not stop.is_set():
        _bell.clear()
        close_old_connections()
        try:
            if can_send():
                send_now(record=record, at=clock())
            if also is not None and (done_at is None or clock() - done_at >= _ALSO_EVERY):
                done_at = clock()
                also(done_at)
        except DaichoError as error:
            _log.warning("mail: %s", error.code)  # nothing a value could stand in
        except Exception as error:  # noqa: BLE001 (the outermost loop: a fault of one day's round must not stop the mail)
            _log.warning("mail: %s", type(error).__name__)
        with contextlib.suppress(DatabaseError):
            close_old_connections()
        _bell.wait(_EVERY)


def start_sender(
    *, clock: Callable[[], datetime], record: Record, also: Callable[[datetime], None] | None = None
) -> threading.Event:
    """Run the sender in a daemon thread of this process; set the event to end it."""
    stop = threading.Event()
    told = {"clock": clock, "record": record, "stop": stop, "also": also}
    threading.Thread(target=run_sender, kwargs=told, name="mail", daemon=True).start()
    return stop
