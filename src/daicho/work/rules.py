"""When a mail is tried again, what stopped it, and how much of an address may be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

from daicho.words.errors import InstallationError
from daicho.words.text import Text


class MailState(StrEnum):
    """Where a mail stands."""

    WAITING = "waiting"
    SENDING = "sending"  # somebody holds it; a dead holder's mail waits again
    SENT = "sent"
    DEAD = "dead"  # given up: a human looks


class Trouble(StrEnum):
    """What stopped a mail; the server's own words are not kept, they may repeat the address."""

    UNREACHABLE = "unreachable"
    SIGN_IN = "sign_in"
    UNSAFE = "unsafe"  # a password would have gone over an open line
    LATER = "later"  # the server asked to come again
    REFUSED = "refused"  # for good: no such mailbox, or not wanted
    EXPIRED = "expired"  # its link would not work any more
    UNREADABLE = "unreadable"  # it cannot be opened or set


STATE_WORDS: Final[Mapping[MailState, Text]] = {
    MailState.WAITING: Text("送信待ち", "waiting"),
    MailState.SENDING: Text("送信中", "being sent"),
    MailState.SENT: Text("送信済み", "sent"),
    MailState.DEAD: Text("送れませんでした", "not delivered"),
}
TROUBLE_WORDS: Final[Mapping[Trouble, Text]] = {
    Trouble.UNREACHABLE: Text("メールサーバにつながりません", "the mail server cannot be reached"),
    Trouble.SIGN_IN: Text(
        "メールサーバが利用者名かパスワードを拒みました", "the mail server refuses the user or password"
    ),
    Trouble.UNSAFE: Text(
        "暗号化されない接続にはパスワードを送りません", "no password is sent over an unencrypted line"
    ),
    Trouble.LATER: Text("メールサーバが後で送るよう求めています", "the mail server asks to try later"),
    Trouble.REFUSED: Text("宛先が受け取りを拒みました", "the recipient's server refused it"),
    Trouble.EXPIRED: Text("中のリンクの期限が過ぎました", "the link in it has expired"),
    Trouble.UNREADABLE: Text("本文を作れません", "its text cannot be made"),
}

#: Waits before each further try; after the last the mail is dead. A day and a half in all.
WAITS: Final = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 240, 720, 1440))
#: How long what could not be sent is kept for a human to send again.
DEAD_KEPT: Final = timedelta(days=30)
#: Never tried again by themselves.
FINAL: Final = frozenset({Trouble.REFUSED, Trouble.EXPIRED, Trouble.UNREADABLE})


def next_try(attempts: int, trouble: Trouble, *, at: datetime) -> datetime | None:
    """When to try again after ``attempts`` failures; None: give it up."""
    if trouble in FINAL or attempts > len(WAITS):
        return None
    return at + WAITS[attempts - 1]


def masked(address: str) -> str:
    """Enough to tell two mailboxes apart, too little to write to one: ``h•••@e•••.com``."""
    name, _, host = address.rpartition("@")
    first, dot, rest = host.partition(".")
    if not name or not first:
        return "•••"
    return f"{name[0]}•••@{first[0]}•••{dot}{rest.rpartition('.')[2]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed over. ``secure``: encrypted from the first byte (``smtps``)."""

    host: str
    port: int
    secure: bool
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"<mail server {self.host}:{self.port}>"


_PORTS: Final = {"smtp": 587, "smtps": 465}


def read_server(address: str) -> MailServer:
    """Read ``smtps://user:password@host:port``; characters like ``@`` in a password are percent-encoded.

    Raises:
        InstallationError: anything else. The value is never repeated: it holds a password.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise _not_an_address() from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise _not_an_address()
    return MailServer(
        host=parts.hostname,
        port=port,
        secure=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _not_an_address() -> InstallationError:
    return InstallationError(
        Text("メールサーバの指定を読めません。", "The address of the mail server cannot be read."),
        advice=Text(
            "daicho.toml の mail_server が指す環境変数に smtps://利用者:パスワード@ホスト:ポート の形で書いてください。",
            "Write smtps://user:password@host:port in the variable that mail_server in daicho.toml names.",
        ),
    )
