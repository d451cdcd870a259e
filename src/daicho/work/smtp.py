"""Hands mail to the company's own mail server; the only place that speaks SMTP."""

import smtplib
import ssl
from email.message import EmailMessage
from types import TracebackType
from typing import Final, Self

from daicho.work.rules import MailServer, Trouble

_SECONDS: Final = 20
_PERMANENT: Final = 500
#: This machine and nothing between: the tests' and a relay's own address.
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class MailNotSentError(Exception):
    """A mail was not taken. Carries a code only: what a server says may repeat the address."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


class MailRun:
    """One connection for a run of mails, opened at the first: ``with MailRun(server) as run: run.hand_over(…)``."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._line is not None:
            try:
                self._line.quit()
            except (smtplib.SMTPException, OSError):
                self._line.close()
        self._line = None

    def hand_over(self, message: EmailMessage, *, sender: str, to: str) -> None:
        """Give one mail to the server.

        Raises:
            MailNotSentError: the server was not reached, or did not take it.
        """
        try:
            line = self._line = self._line or self._open()
            line.send_message(message, from_addr=sender, to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            self._reset()
            raise MailNotSentError(Trouble.REFUSED if min(codes) >= _PERMANENT else Trouble.LATER) from None
        except smtplib.SMTPAuthenticationError:
            self._line = None
            raise MailNotSentError(Trouble.SIGN_IN) from None
        except smtplib.SMTPServerDisconnected:
            self._line = None
            raise MailNotSentError(Trouble.UNREACHABLE) from None
        except smtplib.SMTPResponseException as error:
            self._reset()
            raise MailNotSentError(Trouble.REFUSED if error.smtp_code >= _PERMANENT else Trouble.LATER) from None
        except (smtplib.SMTPException, OSError):
            self._line = None
            raise MailNotSentError(Trouble.UNREACHABLE) from None

    def _reset(self) -> None:
        try:
            if self._line is not None:
                self._line.rset()
        except (smtplib.SMTPException, OSError):
            self._line = None

    def _open(self) -> smtplib.SMTP:
        """Encrypted where the server can; a password never goes over an open line to another machine."""
        server, trust = self._server, ssl.create_default_context()
        if server.secure:
            line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=trust)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
            line.ehlo()
            if line.has_extn("starttls"):
                line.starttls(context=trust)
                line.ehlo()
            elif server.user and server.host not in _HERE:
                line.close()
                raise MailNotSentError(Trouble.UNSAFE)
        if server.user:
            line.login(server.user, server.password)
        return line
