"""A real SMTP server on this machine that keeps what it is given."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Postbox:
    """``refuse`` and ``defer`` hold recipients the server will not take."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.refuse: set[str] = set()
        self.defer: set[str] = set()
        self.address = ""

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return f"550 no such mailbox {address}"
        if address in self.defer:
            return "451 later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 taken"

    def text(self, place: int = -1) -> str:
        return str(self.mails[place].get_content())

    def link(self, place: int = -1) -> str:
        """The path of the link in a mail."""
        found = re.search(r"https?://[^/\s]+(/\S+)", self.text(place))
        assert found, self.text(place)
        return found[1]

    def code(self, place: int = -1) -> str:
        found = re.search(r"(?<!\d)\d{6}(?!\d)", self.text(place))
        assert found, self.text(place)
        return found[0]


@contextmanager
def open_postbox(**options: Any) -> Iterator[Postbox]:
    box = Postbox()
    port = _free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        box.address = f"smtp://127.0.0.1:{port}"
        yield box
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def only(user: str, password: str) -> Any:
    """An authenticator that lets one user in."""

    def judge(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = data.login == user.encode() and data.password == password.encode()
        return AuthResult(success=good, handled=good)

    return judge
