"""The language's JSON Schema, for editors and for other programs."""

import json
from typing import Any, Final

from daicho.policy.language.document import Policy

TITLE: Final = "Daicho policy 方針"


def policy_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a policy document."""
    schema = Policy.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": TITLE}


def policy_schema_text() -> str:
    """The schema as the file ``docs/policy.schema.json`` holds it."""
    return json.dumps(policy_schema(), ensure_ascii=False, indent=2) + "\n"
