"""What the API offers, for people and for machines."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from daicho.api.door import ROOMS, openapi_document, openapi_text
from daicho.api.errors import NoTokenError
from daicho.api.problems import problem
from daicho.api.routing import list_operations
from daicho.api.scopes import SCOPES
from daicho.people.doors import DoorRequest, bearer, signed_in
from daicho.people.rules import ROLE_WORDS
from daicho.words.text import Language


@bearer
def openapi(request: DoorRequest) -> HttpResponse:
    """The OpenAPI document, for whoever holds a token or is signed in."""
    if getattr(request, "door", None) is None:
        return problem(request, NoTokenError())
    return HttpResponse(openapi_text(), content_type="application/json")


def nothing(request: DoorRequest) -> HttpResponse:
    """Where there is no operation; the gate says so before."""
    return problem(request, NoTokenError())


@signed_in
def reference(request: DoorRequest) -> HttpResponse:
    """Every operation with its scope, in the words of the screen."""
    return render(
        request,
        "api/reference.html",
        {"groups": _groups(request.door.language), "scopes": SCOPES.items(), "roles": ROLE_WORDS},
    )


def _groups(language: Language) -> list[dict[str, Any]]:
    """The operations of the OpenAPI document, room by room."""
    document = openapi_document()
    groups: dict[str, list[dict[str, Any]]] = {room.router.group.say(language): [] for room in ROOMS}
    for one in list_operations():
        found = document["paths"][f"/api/v1{one.path}"][one.method.lower()]
        groups[one.group.say(language)].append(
            {
                "id": one.id,
                "method": one.method,
                "path": f"/api/v1{one.path}",
                "says": one.says.say(language),
                "needs": one.scopes,
                "parameters": [
                    _parameter(given, document) for given in found.get("parameters", ()) if given["in"] != "header"
                ],
                "fields": _fields(found, document),
            }
        )
    return [{"name": name, "operations": operations} for name, operations in groups.items()]


def _parameter(given: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    return {"name": given["name"], "kind": _kind(given["schema"], document), "required": given.get("required", False)}


def _fields(found: dict[str, Any], document: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of the body, one level deep; the document has the rest."""
    bodies = found.get("requestBody", {}).get("content", {}).values()
    schema = _resolved(next((one["schema"] for one in bodies), {}), document)
    required = schema.get("required", ())
    return [
        {"name": name, "kind": _kind(part, document), "required": name in required}
        for name, part in schema.get("properties", {}).items()
    ]


def _resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    named = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"].get(named, schema)
    return found


def _kind(schema: dict[str, Any], document: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(one, document) for one in schema["anyOf"] if one.get("type") != "null"))
    (schema,) = schema.get("allOf", [schema])
    named = schema.get("$ref", "").rpartition("/")[2]
    schema = _resolved(schema, document)
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    kind = str(schema.get("format") or schema.get("type") or named or "any")
    return f"{_kind(schema['items'], document)}[]" if kind == "array" and "items" in schema else named or kind
