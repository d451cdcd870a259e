"""An unforeseen error is written to standard error: when, where in our code, and of what type. Never a value.

The exception's own text is left out, for it may quote a name, and so are the address, the form and local values.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest

from daicho.words.errors import DaichoError

_log: Final = logging.getLogger("daicho.faults")
_MOST: Final = 30


class ToStandardError(logging.Handler):
    """Writes to whatever standard error is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one entry."""
        try:
            sys.stderr.write(f"{self.format(record)}\n")
        except (OSError, ValueError):  # closed: there is nowhere to say so
            self.handleError(record)


def note_fault(request: HttpRequest | None, error: BaseException) -> None:
    """Write an error with its code, the route's name and its places in the code."""
    match = getattr(request, "resolver_match", None)
    code = error.code if isinstance(error, DaichoError) else DaichoError.code
    route = match.view_name if match else "-"
    method = request.method if request is not None and request.method in _METHODS else "-"
    _log.error("code=%s route=%s method=%s\n%s", code, route, method, "\n".join(_told(error)))


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _told(error: BaseException) -> Iterator[str]:
    """The error and what led to it, the last first: type, then file, line and function, without text or values."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield f"{type(found).__module__}.{type(found).__qualname__}"
        for frame in traceback.extract_tb(found.__traceback__)[-_MOST:]:
            yield f"  {'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} in {frame.name}"
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


@receiver(got_request_exception)
def _unforeseen(request: HttpRequest | None = None, **_: Any) -> None:
    error = sys.exc_info()[1]
    if error is not None:
        note_fault(request, error)
