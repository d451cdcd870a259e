"""A message goes out: signed as Standard Webhooks ask, to an address that was looked at first.

Only the standard library speaks here. The name is resolved once, every address it has is judged
(`daicho.api.rules.may_connect`), and the connection goes to the address that was judged, so that a
name cannot mean another machine between the look and the call. Redirects are not followed.
"""

import base64
import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from daicho.api.rules import may_connect
from daicho.words.text import Text

#: For a whole exchange, from the connection to the end of the answer; a receiver that trickles gets no more.
_SECONDS: Final = 10.0
_MOST_READ: Final = 64 * 1024
_GONE: Final = 410

#: Why nothing came back, by its code.
REASONS: Final = {
    "not-encrypted": Text("暗号化されない通知先", "the address is not encrypted"),
    "name-unknown": Text("ホスト名が見つからない", "the host's name is not known"),
    "address-refused": Text("社内のアドレスには送らない", "it leads to an address inside"),
    "timeout": Text("応答なし（時間切れ）", "no answer in time"),
    "tls": Text("証明書を確かめられない", "its certificate does not hold"),
    "unreachable": Text("つながらない", "it cannot be reached"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent; the id stays the same at every attempt."""

    id: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came back: a status, or 0 and a reason as a code. ``gone``: the receiver wants no more."""

    status: int = 0
    reason: str = ""

    @property
    def delivered(self) -> bool:
        """Whether the receiver took it."""
        return 200 <= self.status < 300  # noqa: PLR2004 (success, in HTTP)

    @property
    def gone(self) -> bool:
        """Whether the receiver is there no more."""
        return self.status == _GONE


def inside_hosts() -> frozenset[str]:
    """Hosts that ``daicho.toml`` lets be private (``webhook_hosts``)."""
    return frozenset(settings.WORKSPACE.webhook_hosts.replace(",", " ").split())


def sign(message: Message, key: bytes, *, at: datetime) -> dict[str, str]:
    """The three headers of the Standard Webhooks specification: id, time, and HMAC-SHA256 over both and the body."""
    moment = str(int(at.timestamp()))
    signed = b".".join((message.id.encode(), moment.encode(), message.content))
    mark = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {"webhook-id": message.id, "webhook-timestamp": moment, "webhook-signature": f"v1,{mark}"}


def send(url: str, message: Message, key: bytes, *, at: datetime) -> Outcome:
    """Send one message once."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        address = _judged(host, port, secure=parts.scheme == "https")
        connection = _Pinned(host, port, address=address, secure=parts.scheme == "https")
        return Outcome(status=_post(connection, url, message, sign(message, key, at=at)))
    except _NotSentError as refused:
        return Outcome(reason=refused.reason)
    except TimeoutError:
        return Outcome(reason="timeout")
    except ssl.SSLError:
        return Outcome(reason="tls")
    except (OSError, http.client.HTTPException):
        return Outcome(reason="unreachable")


def _judged(host: str, port: int, *, secure: bool) -> str:
    """The address to connect to: every one the name has is judged, so that none is left to chance."""
    inside = inside_hosts()
    if not secure and host not in inside:
        raise _NotSentError("not-encrypted")
    try:
        addresses = {str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise _NotSentError("name-unknown") from None
    if not addresses or not all(may_connect(one, host=host, inside=inside) for one in addresses):
        raise _NotSentError("address-refused")
    return min(addresses)


def _post(connection: "_Pinned", url: str, message: Message, signed: dict[str, str]) -> int:
    parts = urlsplit(url)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    headers = {"Content-Type": "application/json", "User-Agent": "Daicho", **signed}
    watch = threading.Timer(_SECONDS, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", target, body=message.content, headers=headers)
        response = connection.getresponse()
        response.read(_MOST_READ)
        status = response.status
    except (OSError, http.client.HTTPException, ValueError):
        if not connection.was_cut:
            raise
        status = 0
    finally:
        watch.cancel()
        connection.close()
    if connection.was_cut:
        raise TimeoutError
    return status


class _NotSentError(Exception):
    """Nothing was sent; ``reason`` is a code of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Pinned(http.client.HTTPConnection):
    """A connection to one judged address, whatever the name means by now; the certificate is the name's."""

    def __init__(self, host: str, port: int, *, address: str, secure: bool) -> None:
        super().__init__(host, port, timeout=_SECONDS)
        self._address = address
        self._secure = secure
        self.was_cut = False

    def connect(self) -> None:
        """Connect to the address, and speak TLS as the name where the address begins with https."""
        made = socket.create_connection((self._address, self.port), timeout=_SECONDS)
        if self._secure:
            context = ssl.create_default_context()
            secured = context.wrap_socket(made, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = secured  # known before the handshake, so that this can be cut, too
            secured.do_handshake()
        else:
            self.sock = made

    def cut(self) -> None:
        """End the exchange from another thread: whoever reads or writes wakes up with nothing more to come."""
        self.was_cut = True
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # below TLS, which has no say in it
