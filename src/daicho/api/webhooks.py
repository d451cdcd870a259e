"""通知: one pass over what is to be told; called by the serving process and by ``daicho webhooks send``."""

import contextlib
import logging
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Final

from django.db import DatabaseError, close_old_connections

from daicho.api.actions.hooks import Due, make_messages, note_outcome, take_due
from daicho.api.wire import Outcome, send
from daicho.words.errors import DaichoError

_log: Final = logging.getLogger("daicho.webhooks")
_EVERY: Final = 10.0  # seconds between passes
#: A pass sends at most so many messages, so that it ends.
MOST: Final = 500
#: Receivers spoken to at the same time.
AT_ONCE: Final = 8


def run_pass(clock: Callable[[], datetime]) -> Counter[str]:
    """Make the messages of what happened, and send those whose time has come; counts ``delivered`` and ``failed``.

    Webhooks take turns: one message each, several at a time; one that fails waits for the next pass with its
    other messages, so that a slow receiver holds nobody else. Safe beside other passes: a message is taken by one
    of them.
    """
    done: Counter[str] = Counter(made=make_messages(at=clock()))
    failing: set[str] = set()
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="webhook") as senders:
        while done["delivered"] + done["failed"] < MOST:
            due = take_due(at=clock(), but=failing)
            if not due:
                break
            sent = senders.map(partial(_send, at=clock()), due)
            for one, outcome in zip(due, sent, strict=True):
                note_outcome(one.pk, outcome, at=clock())
                done["delivered" if outcome.delivered else "failed"] += 1
                if not outcome.delivered:
                    failing.add(one.webhook)
    return done


def _send(one: Due, *, at: datetime) -> Outcome:
    return send(one.url, one.message, one.key, at=at)


def start_sender(*, clock: Callable[[], datetime]) -> threading.Event:
    """Make passes in a daemon thread of this process; set the event to end it."""
    stop = threading.Event()
    threading.Thread(target=_send_until, args=(stop, clock), name="webhooks", daemon=True).start()
    return stop


def _send_until(stop: threading.Event, clock: Callable[[], datetime]) -> None:
    while not stop.wait(_EVERY):
        close_old_connections()
        try:
            run_pass(clock)
        except DaichoError as error:
            _log.warning("webhooks: %s", error.code)
        except (DatabaseError, OSError) as error:
            _log.warning("webhooks: %s", type(error).__name__)
        with contextlib.suppress(DatabaseError):
            close_old_connections()
