"""The API put together: the library's parser, router and schema writer behind our gate."""

import json
from functools import cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationErrorContext
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from pydantic import BaseModel
from pydantic import ValidationError as ModelError

from daicho.api.errors import BodyError
from daicho.api.gate import ApiRequest, unforeseen
from daicho.api.operations import (
    accounts,
    amending,
    claims,
    ledgers,
    letters,
    lists,
    offers,
    policy,
    post,
    programs,
    register,
    requests,
    rows,
    runs,
    scans,
    trail,
)
from daicho.api.problems import problem
from daicho.api.routing import list_operations
from daicho.words.documents import problems_of
from daicho.words.errors import DaichoError, DocumentError
from daicho.words.text import Text

ROOMS: Final = (
    requests, amending, lists, claims, letters, offers, post, scans, ledgers, runs, policy, register, rows, accounts, trail, programs,
)  # fmt: skip
VERSION: Final = "1"


class InvalidCallError(Exception):
    """The library found values that do not fit; ours to say which, without repeating them."""

    def __init__(self, found: list[tuple[type[BaseModel], ModelError]]) -> None:
        super().__init__("values that do not fit")
        self.found = found


class _SaidParser(Parser):
    """The body as the gate read it."""

    def parse_body(self, request: HttpRequest) -> Any:
        return getattr(request, "said", {})


class _Renderer(JSONRenderer):
    """Japanese as it is written."""

    def __init__(self) -> None:
        self.json_dumps_params = {"ensure_ascii": False}


class _Api(NinjaAPI):
    def validation_error_from_error_contexts(self, error_contexts: list[ValidationErrorContext[Any]]) -> Any:
        return InvalidCallError([(one.model, one.pydantic_validation_error) for one in error_contexts])


api = _Api(
    title="Daicho",
    version=VERSION,
    description="The same actions as the screens and the command line. Errors are problem details (RFC 9457).",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api-v1",
    parser=_SaidParser(),
    renderer=_Renderer(),
)
for room in ROOMS:
    api.add_router("", room.router.library)


@api.exception_handler(InvalidCallError)
def _invalid(request: ApiRequest, error: InvalidCallError) -> HttpResponse:
    problems = []
    for model, found in error.found:
        source = str(getattr(model, "__ninja_param_source__", "") or "call")
        value = {"body": getattr(request, "said", {})} if source == "body" else {}
        path = "" if source == "body" else source
        problems += problems_of(model, value, found, path=path)
    return problem(request, DocumentError(problems))


@api.exception_handler(DaichoError)
def _ours(request: HttpRequest, error: DaichoError) -> HttpResponse:
    return problem(request, error)


@api.exception_handler(HttpError)
def _library(request: HttpRequest, error: HttpError) -> HttpResponse:
    words = Text("呼び出しを読めません。", "The call cannot be read.")
    advice = Text("/api/v1/openapi.json で形を確かめてください。", "See its form in /api/v1/openapi.json.")
    return problem(request, BodyError(error.status_code, words, advice))


@api.exception_handler(Exception)
def _unforeseen(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(request, unforeseen(error))


@cache
def openapi_text() -> str:
    """The OpenAPI 3.1 document, as JSON."""
    return json.dumps(openapi_document(), ensure_ascii=False, indent=1)


@cache
def openapi_document() -> dict[str, Any]:
    """The library's document, with what it cannot know: scopes, keys, problems, Japanese."""
    document: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1"), default=str))
    kinds = {(f"/api/v1{one.path}", one.method.lower()): one for one in list_operations()}
    parts = document.setdefault("components", {})
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    parts.setdefault("schemas", {})["Problem"] = _PROBLEM
    document["security"] = [{"token": []}]
    refused = {"description": "A problem (RFC 9457).", "content": {"application/problem+json": {"schema": _REF}}}
    for path, item in document["paths"].items():
        for method, found in item.items():
            operation = kinds[path, method]
            found["x-scopes"] = list(operation.scopes)
            found["x-summary-ja"] = operation.says.ja
            found["x-group-ja"] = operation.group.ja
            found["responses"] = {**found["responses"], "default": refused}
            if method == "post":
                found.setdefault("parameters", []).append(_KEY)
    return document


_REF: Final = {"$ref": "#/components/schemas/Problem"}
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same call with the same key acts once and is answered the same for 48 hours.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 200, "pattern": "^[!-~]+$"},
}
_SENTENCE: Final = {
    "type": "object",
    "properties": {"ja": {"type": "string"}, "en": {"type": "string"}},
    "required": ["ja", "en"],
}
_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "fault", "retry", "message", "advice", "problems"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable; may be quoted on the telephone."},
        "fault": {"enum": ["input", "permission", "store", "judgement", "installation", "daicho"]},
        "retry": {"type": "boolean", "description": "Whether the same call can succeed later without a change."},
        "message": _SENTENCE,
        "advice": _SENTENCE,
        "place": {"type": ["string", "null"]},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "code": {"type": "string"},
                    "path": {"type": "string"},
                    "line": {"type": "integer"},
                    "column": {"type": "integer"},
                    "message": _SENTENCE,
                    "advice": _SENTENCE,
                },
            },
        },
    },
}
