"""How much of a request is read, by who sends it: asked before any form is parsed, by what the request says of its length.

1. Whoever is not known here sends a form of a few fields: `STRANGER`.
2. Somebody who proved a mailbox at the person's own door sends papers, one file at a time: `PAPER`.
3. Staff send files: `MAX_REQUEST`. A program's token is asked for by the API's gate before it reads anything.
4. What is read lies in memory. All that one process holds at once stays below `HELD`; half of it is staff's alone.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from daicho.api.problems import problem
from daicho.people.doors import Passage, permission_of
from daicho.site.middleware import refuse
from daicho.site.uploads import MAX_FILE, MAX_REQUEST
from daicho.words.errors import InputError, JudgementError
from daicho.words.text import Text

STRANGER: Final = 64 * 1024
PAPER: Final = MAX_FILE + 1024 * 1024
HELD: Final = 128 * 1024 * 1024
#: Requests below this are not counted.
_SMALL: Final = 256 * 1024


class UploadsBusyError(JudgementError):
    """As much is read at this moment as one process holds."""

    code = "uploads-busy"
    retry = True

    def __init__(self) -> None:
        super().__init__(
            Text("いま、ほかのファイルを受け取っています。", "Other files are being taken in just now."),
            advice=Text("1 分ほど待って、もう一度送ってください。", "Wait a minute and send it again."),
        )


class _Held:
    """The bytes that requests of this process announced and have not finished with."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.total = 0

    def take(self, length: int, *, most: int) -> bool:
        with self._lock:
            if self.total + length > most:
                return False
            self.total += length
            return True

    def give_back(self, length: int) -> None:
        with self._lock:
            self.total -= length


held: Final = _Held()


class UploadMiddleware:
    """Stands before whatever reads a form (the check of its token does)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.held_bytes = 0  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            held.give_back(request.held_bytes)  # type: ignore[attr-defined]

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        length = _length(request)
        if length <= STRANGER:
            return None
        permission = permission_of(view)
        by_token = permission is not None and permission.passage is Passage.BEARER
        staff = by_token or request.user.is_authenticated
        most = MAX_REQUEST if staff else PAPER if _sends_papers(request) else STRANGER
        if length > most and not by_token:  # the API's gate says so in its own form
            return _close(refuse(request, _too_large(most)), 413)
        if length > _SMALL:
            if length <= most and not held.take(length, most=HELD if staff else HELD // 2):
                answer = _close((problem if by_token else refuse)(request, UploadsBusyError()), 503)
                answer.headers["Retry-After"] = "60"
                return answer
            request.held_bytes = length if length <= most else 0  # type: ignore[attr-defined]
        return None


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0  # Django reads nothing then


def _sends_papers(request: HttpRequest) -> bool:
    from daicho.portal.visits import is_known  # noqa: PLC0415 (the sign-in page waits for no room)

    return is_known(request)


def _close(answer: HttpResponse, status: int) -> HttpResponse:
    answer.status_code = status
    answer.headers["Connection"] = "close"  # what was announced is not read
    return answer


def _too_large(most: int) -> InputError:
    return InputError(
        Text("送られた内容が大きすぎます。", "What was sent is too large."),
        advice=Text(
            f"{most // 1024:,} KB 以内にしてください。ファイルを送るには、先にサインインするか、届いたリンクを開いてください。",
            f"Send at most {most // 1024:,} KB. To send files, sign in first, or open the link that was mailed to you.",
        ),
    )
