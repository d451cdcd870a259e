"""What every call passes, in this order; whatever stops it is told as a problem (`daicho.api.problems`).

1. Who: a living token, or nobody (401).
2. How often: at most so many calls a minute and token (429).
3. What for: the operation's scope, by the roles the account holds now; the scope handed to the action is
   narrowed to the organisations in which they reach it (403).
4. What: the body is JSON, not too large, not too deep, and text that can be written down; where a file is
   taken, a form with it (400, 413, 415).
5. Once: a call with an ``Idempotency-Key`` acts once (409), see `daicho.api.actions.answers`.
"""

import hashlib
import json
import logging
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from daicho.api.actions.answers import Kept, claim_key, free_key, keep_answer, without
from daicho.api.actions.tokens import note_use
from daicho.api.errors import BodyError, NoDeciderError, NoTokenError, ScopeMissingError, TooManyCallsError
from daicho.api.problems import problem
from daicho.api.queries import Bearer, find_bearer
from daicho.api.routing import Operation, find_operation, methods_of
from daicho.api.rules import CALLS_A_MINUTE, MAX_BODY, MAX_DEPTH, MAX_UPLOAD, depth_of, is_text
from daicho.api.scopes import TokenScope
from daicho.people.doors import Door, bearer
from daicho.people.rates import count
from daicho.words.errors import DaichoError
from daicho.words.scope import Scope
from daicho.words.text import Text

View = Callable[..., HttpResponseBase]
clock: Final = time.time
_log: Final = logging.getLogger("daicho.api")


class ApiRequest(HttpRequest):
    """A call as the operations see it (for type checkers: middleware and gate set these)."""

    door: Door
    bearer: Bearer
    said: Any


def guarded(view: View) -> View:
    """The view behind the gate."""

    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return _enter(request, lambda: view(request, *args, **kwargs))
        except DaichoError as error:
            return problem(request, error)
        except Exception as error:  # noqa: BLE001 (the outermost loop: nothing may reach the caller as it is)
            return problem(request, unforeseen(error))

    return bearer(csrf_exempt(enter))  # a token is no cookie: no browser sends it by itself


def unforeseen(error: Exception) -> DaichoError:
    """A fault of ours, by its place in our code, never by the exception's own text: it may quote a value."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "daicho" in frame.filename]
    place = f"{frames[-1].filename.rpartition('daicho/')[2]}:{frames[-1].lineno}" if frames else "?"
    named = f"{type(error).__name__}, {place}"
    _log.error("unforeseen fault (%s)", named)
    return DaichoError(
        Text(f"予期しない不具合です（{named}）。", f"An unexpected fault ({named})."),
        advice=Text(
            "この行を添えてお知らせください。同じ呼び出しは、もう一度行っても二重にはなりません。",
            "Report this line. The same call with the same Idempotency-Key does nothing twice.",
        ),
    )


def _enter(request: Any, call: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    caller = getattr(request, "bearer", None)
    if caller is None:
        raise NoTokenError
    _count(caller, now=clock())
    _note_use(caller, at=request.door.at)
    operation = find_operation(request.resolver_match.route, request.method)
    if operation is None:
        return _other_method(request)
    request.door = replace(request.door, scope=_reach(caller, operation))
    if request.method == "POST":
        request.said = _read_body(request) if operation.fields is None else _read_upload(request, operation.fields)
        key = request.headers.get("Idempotency-Key", "")
        if key:
            return _once(request, operation, key, call)
    return call()


def _reach(caller: Bearer, operation: Operation) -> Scope:
    """Step 3: where everything the operation needs is held."""
    organisations = caller.account.scope.organisations
    for wanted in (operation.needs, operation.also):
        if wanted is not None:
            organisations &= caller.places(wanted)
            if not organisations:
                raise ScopeMissingError(str(wanted))
    return Scope(actor=caller.account.scope.actor, organisations=organisations)


def deciding_bearer(text: str, *, at: datetime) -> Scope:
    """Who decides in somebody else's call: known by a living token of their own, for deciding, and counted like a caller.

    Raises:
        NotAllowedError: no living token, one without the scope, or its calls are used up.
    """
    decider = find_bearer(text, at=at)
    if decider is None:
        raise NoDeciderError
    _count(decider, now=clock())
    _note_use(decider, at=at)
    organisations = decider.account.scope.organisations & decider.places(TokenScope.REQUESTS_DECIDE)
    if not organisations:
        raise ScopeMissingError(str(TokenScope.REQUESTS_DECIDE))
    return Scope(actor=decider.account.scope.actor, organisations=organisations)


def _other_method(request: Any) -> HttpResponse:
    allowed = methods_of(request.resolver_match.route)
    if not allowed:
        return problem(
            request,
            BodyError(
                404,
                Text("そのような操作はありません。", "There is no such operation."),
                Text("/api/v1/openapi.json で確かめてください。", "See /api/v1/openapi.json."),
            ),
        )
    response = problem(
        request,
        BodyError(
            405,
            Text("このアドレスでは使えないメソッドです。", "This address does not take that method."),
            Text(f"使えるもの: {', '.join(allowed)}", f"It takes: {', '.join(allowed)}"),
        ),
    )
    response.headers["Allow"] = ", ".join(allowed)
    return response


def _count(caller: Bearer, *, now: float) -> None:
    counted = count("api", caller.token.ref, seconds=60, now=now)
    if counted.times > CALLS_A_MINUTE:
        raise TooManyCallsError(counted.left)


def _note_use(caller: Bearer, *, at: datetime) -> None:
    last = caller.token.last_used_at
    if last is None or last.minute != at.minute:
        note_use(caller.token.ref, at=at)


def _read_body(request: HttpRequest) -> Any:
    """Step 4: the JSON of the body; an empty object when nothing was sent."""
    _require_length(request, MAX_BODY)
    raw = request.body
    if not raw:
        return {}
    if request.content_type != "application/json":
        raise BodyError(
            415,
            Text("本文の形式が JSON ではありません。", "The body is not JSON."),
            Text("Content-Type: application/json で送ってください。", "Send it as Content-Type: application/json."),
        )
    try:
        text = raw.decode("utf-8")
        if depth_of(text) > MAX_DEPTH:
            raise _unreadable()
        said = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if not is_text(said):
        raise _unreadable()
    return said


def _read_upload(request: HttpRequest, known: Sequence[str]) -> Any:
    """Step 4 where a file comes: the form's fields and file, read by Django's own parser into memory."""
    _require_length(request, MAX_UPLOAD)
    if request.content_type != "multipart/form-data":
        raise BodyError(
            415,
            Text("本文の形式が multipart/form-data ではありません。", "The body is not multipart/form-data."),
            Text("ファイルをフォームとして送ってください。", "Send the file as a form."),
        )
    try:
        fields, files = request.POST, request.FILES
    except (MultiPartParserError, TooManyFieldsSent, TooManyFilesSent, RequestDataTooBig, UnreadablePostError):
        raise _no_form(known) from None
    if {*fields} - {*known} or {*files} - {"file"}:
        raise _no_form(known)
    said = {name: fields.getlist(name) for name in fields}
    if not is_text(said):
        raise _no_form(known)
    return said


def _no_form(known: Sequence[str]) -> BodyError:
    named = ", ".join(("file", *known))
    return BodyError(
        400,
        Text("フォームとして読めないか、知らない欄があります。", "The form cannot be read, or has strange fields."),
        Text(f"使える欄: {named}", f"Its fields: {named}"),
    )


def _require_length(request: HttpRequest, most: int) -> None:
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        raise BodyError(
            413,
            Text("本文が大きすぎます。", "The body is too large."),
            Text(f"{most:,} バイト以内に分けてください。", f"Send at most {most:,} bytes; split it."),
        )


def _no_number(_: str) -> Any:
    raise ValueError


def _unreadable() -> BodyError:
    return BodyError(
        400,
        Text("本文を JSON として読めません。", "The body cannot be read as JSON."),
        Text(
            f"UTF-8 の JSON を、{MAX_DEPTH} 段以内の入れ子で送ってください。NUL や片割れのサロゲートは使えません。",
            f"Send UTF-8 JSON, nested at most {MAX_DEPTH} deep, without NUL or lone surrogates.",
        ),
    )


# ── step 5 ───────────────────────────────────────────────────────────────────────────────────


def _once(request: Any, operation: Operation, key: str, call: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    said = f"{request.method} {request.get_full_path()} {_digest(request, operation)}"
    claimed = claim_key(key, token=request.bearer.token.ref, call=said, at=request.door.at)
    if claimed.answer is not None:
        kept = claimed.answer
        response = HttpResponse(kept.content, status=kept.status, content_type=kept.content_type)
        response.headers["Idempotency-Replayed"] = "true"
        return response
    try:
        if not operation.together:
            return _keep(claimed.slot, call(), operation.once)
        with transaction.atomic():
            answer = _keep(claimed.slot, call(), operation.once)
            if answer.status_code >= 400:  # noqa: PLR2004 (an error, in HTTP)
                transaction.set_rollback(True)
    except BaseException:
        free_key(claimed.slot)
        raise
    if answer.status_code >= 400:  # noqa: PLR2004
        free_key(claimed.slot)
    return answer


def _digest(request: Any, operation: Operation) -> str:
    """Of everything that the call says; of a form the boundary is no part."""
    if operation.fields is None:
        return hashlib.sha256(request.body).hexdigest()
    found = hashlib.sha256(json.dumps(request.said, sort_keys=True).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            found.update(f"{name} {file.name} {file.size}\n".encode())
            found.update(file.read())
            file.seek(0)
    return found.hexdigest()


def _keep(slot: str, answer: HttpResponseBase, once: Sequence[str]) -> HttpResponseBase:
    if answer.status_code < 400 and isinstance(answer, HttpResponse):  # noqa: PLR2004
        kept = Kept(
            status=answer.status_code,
            content_type=answer.headers.get("Content-Type", ""),
            content=without(answer.content, once),
        )
        keep_answer(slot, kept)
    elif answer.status_code >= 400:  # noqa: PLR2004
        free_key(slot)
    return answer
