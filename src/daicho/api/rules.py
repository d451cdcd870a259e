"""Decisions of the API that read nothing: limits, keys, addresses of webhooks, when to try again."""

import ipaddress
import re
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from daicho.words.errors import InputError, NotAllowedError
from daicho.words.text import Text

MAX_BODY: Final = 2 * 1024 * 1024
#: A file with its fields; how large the file may be, whoever reads it says.
MAX_UPLOAD: Final = 21 * 1024 * 1024
MAX_DEPTH: Final = 40
MAX_NAME: Final = 80
DEFAULT_DAYS: Final = 90
MAX_DAYS: Final = 366
#: Calls of one token in a minute, in all processes together.
CALLS_A_MINUTE: Final = 600
#: How long an answer is kept for its ``Idempotency-Key``.
KEPT_FOR: Final = timedelta(hours=48)
#: A larger answer is not kept: the call is carried out again, which every such call allows.
MAX_KEPT: Final = 4 * 1024 * 1024
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
#: RFC 6052: the last 32 bits are the IPv4 address that packets are carried on to.
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
#: Not public whatever they hold: IPv4-compatible and site-local addresses (RFC 4291), a network's own NAT64 (RFC 8215).
_INSIDE: Final = tuple(map(ipaddress.ip_network, ("::/96", "fec0::/10", "64:ff9b:1::/48")))
_KEY: Final = re.compile(r"[\x21-\x7e]{8,200}")

#: Waits between the attempts of a delivery, as the Standard Webhooks specification proposes.
WAITS: Final = tuple(timedelta(seconds=one) for one in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400))


def require_name(name: str) -> str:
    """The name without outer spaces.

    Raises:
        InputError: empty, too long, or with control characters.
    """
    stripped = name.strip()
    if not stripped or len(stripped) > MAX_NAME or not stripped.isprintable():
        raise InputError(
            Text("名前が正しくありません。", "This is not a name."),
            advice=Text(
                f"1 行、{MAX_NAME} 文字以内で書いてください。", f"Write one line of at most {MAX_NAME} characters."
            ),
        )
    return stripped


def require_days(days: int) -> int:
    """How long a token may live.

    Raises:
        InputError: not from one day to a year.
    """
    if not 1 <= days <= MAX_DAYS:
        raise InputError(
            Text("有効日数が正しくありません。", "This is not a length of life for a token."),
            advice=Text(f"1 から {MAX_DAYS} 日までにしてください。", f"Give from 1 to {MAX_DAYS} days."),
        )
    return days


def require_key(key: str) -> None:
    """Refuse what is no ``Idempotency-Key``.

    Raises:
        InputError: shorter than 8 or longer than 200 characters, or not plain ASCII.
    """
    if _KEY.fullmatch(key) is None:
        raise InputError(
            Text("Idempotency-Key の形が正しくありません。", "This is not an Idempotency-Key."),
            advice=Text(
                "呼び出しごとに新しい UUID など、8～200 文字の英数記号を付けてください。",
                "Send 8 to 200 visible ASCII characters, new for every call: a UUID is good.",
            ),
        )


def depth_of(text: str) -> int:
    """How deep the brackets of a JSON text nest; strings are stepped over."""
    depth = deepest = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
        if token[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in "]}":
            depth -= 1
    return deepest


def is_text(value: Any) -> bool:
    """Whether every string of a JSON value can be written down: no lone surrogate, no NUL."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, dict):
        return all(is_text(key) and is_text(one) for key, one in value.items())
    return not isinstance(value, list) or all(is_text(one) for one in value)


# ── webhooks ─────────────────────────────────────────────────────────────────────────────────


def next_attempt(attempts: int, *, at: datetime) -> datetime | None:
    """When a message that failed ``attempts`` times is tried again; None: it is given up."""
    return at + WAITS[attempts - 1] if attempts <= len(WAITS) else None


def require_url(url: str, *, inside: frozenset[str], officer: bool) -> None:
    """Refuse an address that no message may be sent to.

    Args:
        inside: host names that ``daicho.toml`` lets be private, or spoken to without TLS.
        officer: whether the responsible officer adds it; plain http needs one.

    Raises:
        InputError: not an address, or with a user, a password or a fragment.
        NotAllowedError: http to a host that is not listed, or added by somebody else.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= 500  # noqa: PLR2004 (the column)
    if (
        not plain
        or not host
        or port == 0
        or parts.scheme not in {"https", "http"}
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise InputError(
            Text("通知先の URL が正しくありません。", "This is not an address for a webhook."),
            advice=Text(
                "https:// で始まる、利用者名・パスワード・# のない URL にしてください。",
                "Give an https:// address without user, password or fragment.",
            ),
        )
    if parts.scheme == "http" and not (host in inside and officer):
        raise NotAllowedError(
            Text("暗号化しない通知先です。", "This address is not encrypted."),
            advice=Text(
                "https:// を使うか、daicho.toml の webhook_hosts にホストを書き、管理者が登録してください。",
                "Use https://, or list the host under webhook_hosts in daicho.toml and let an officer add it.",
            ),
        )


def may_connect(address: str, *, host: str, inside: frozenset[str]) -> bool:
    """Whether a message for ``host`` may go to this IP address: a public one, or the host is listed."""
    if host in inside:
        return True
    found = ipaddress.ip_address(address)
    if any(found in one for one in _INSIDE):
        return False
    return all(one.is_global and not one.is_multicast for one in _leads_to(found))


def _leads_to(address: _Address) -> list[_Address]:
    """The address, and the IPv4 address inside it where packets are carried on to that one."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [address, ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address, address.sixtofour] if address.sixtofour is not None else [address]
