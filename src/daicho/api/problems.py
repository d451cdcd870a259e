"""Errors as problem details (RFC 9457): the code to quote, whose fault, what to do, in both languages."""

import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from daicho.api.errors import BodyError, KeyBusyError, NoTokenError, TooManyCallsError
from daicho.words.errors import DaichoError, DocumentError, Fault, NotFoundError, SettingsError
from daicho.words.text import Language

CONTENT_TYPE: Final = "application/problem+json"
_STATUS: Final = {
    Fault.INPUT: 400,
    Fault.PERMISSION: 403,
    Fault.STORE: 503,
    Fault.JUDGEMENT: 409,
    Fault.INSTALLATION: 500,
    Fault.DAICHO: 500,
}


def status_of(error: DaichoError) -> int:
    """The status of an error: by its fault, but for those that HTTP has a status of its own for."""
    match error:
        case NoTokenError():
            return 401
        case NotFoundError():
            return 404
        case TooManyCallsError():
            return 429
        case BodyError():
            return error.status
        case _:
            return _STATUS[error.fault]


def problem(request: HttpRequest, error: DaichoError) -> HttpResponse:
    """The answer that tells an error; no value of the call is repeated in it."""
    status = status_of(error)
    language = getattr(request, "language", Language.JA)
    content = {
        "type": f"urn:daicho:problem:{error.code}",
        "title": error.message.say(language),
        "status": status,
        "detail": error.advice.say(language),
        "code": error.code,
        "fault": str(error.fault),
        "retry": error.retry,
        "message": error.message.as_dict(),
        "advice": error.advice.as_dict(),
        "place": str(error.place) if error.place else None,
        "problems": _problems(error),
    }
    response = HttpResponse(json.dumps(content, ensure_ascii=False), status=status, content_type=CONTENT_TYPE)
    if isinstance(error, NoTokenError):
        response.headers["WWW-Authenticate"] = 'Bearer realm="daicho"'
    if isinstance(error, TooManyCallsError):
        response.headers["Retry-After"] = str(error.seconds)
    if isinstance(error, KeyBusyError):
        response.headers["Retry-After"] = "1"
    return response


def _problems(error: DaichoError) -> list[dict[str, Any]]:
    found = error.problems if isinstance(error, DocumentError | SettingsError) else []
    return [
        {
            "code": one.code,
            "path": one.place.path,
            "line": one.place.line,
            "column": one.place.column,
            "message": one.message.as_dict(),
            "advice": one.advice.as_dict(),
        }
        for one in found
    ]
