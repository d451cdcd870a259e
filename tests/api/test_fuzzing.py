"""The API takes whatever its own description allows, and much that it does not, without a fault of ours."""

from typing import Any, cast

import pytest
import schemathesis
from django.core.cache import cache
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from daicho.api import gate
from daicho.api.door import openapi_document
from daicho.api.routing import list_operations
from daicho.rights.models import SubjectRequest
from daicho.site.wsgi import application
from tests.api.test_operations import intake, ready
from tests.rights.desk import Desk

EXAMPLES = 12
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
#: Not called by a machine at random: each with its reason.
LEFT_OUT = {"revoke_caller": "it ends the token that the others call with", "revoke_token": "as above"}


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
@pytest.mark.parametrize("name", [one.id for one in list_operations() if one.id not in LEFT_OUT])
def test_no_call_is_a_fault_of_ours(desk: Desk, calling, monkeypatch, name: str, mode: GenerationMode):
    monkeypatch.setattr(gate, "CALLS_A_MINUTE", 10_000)
    cache.clear()
    clerk = calling(desk.clerk)
    officer = calling(desk.officer)
    clerk.post("/requests", intake())
    ready(clerk, {"kind": "disclosure"})
    schema = schemathesis.openapi.from_dict(openapi_document())
    schema.app = application
    found: Any = (one.ok() for one in cast("Any", schema.get_all_operations()))
    operation = next(one for one in found if one.definition.raw["operationId"] == name)

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def call(case: Any) -> None:
        response = case.call(headers={"Authorization": f"Bearer {officer.token}"})
        case.validate_response(response, checks=list(CHECKS))

    call()
    assert SubjectRequest.objects.count() >= 2
