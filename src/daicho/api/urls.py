"""Where the API and its screens are. Every address of the library's passes the gate."""

from django.urls import URLPattern, include, path, re_path

from daicho.api.door import api
from daicho.api.gate import guarded
from daicho.api.views import reference, tokens, webhooks
from daicho.rights import routes as _numbers  # noqa: F401 (registers the converters)

app_name = "api"


def _calls() -> list[URLPattern]:
    patterns = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    for one in patterns:
        one.callback = guarded(one.callback)
    return [*patterns, re_path(r"^.*$", guarded(reference.nothing), name="nothing")]


urlpatterns = [
    path("", reference.reference, name="reference"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<ref:ref>/revoke/", tokens.revoke, name="revoke_token"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/new/", webhooks.new, name="new_webhook"),
    path("webhooks/<ref:ref>/", webhooks.webhook, name="webhook"),
    path("webhooks/<ref:ref>/test/", webhooks.test, name="test_webhook"),
    path("webhooks/<ref:ref>/revoke/", webhooks.revoke, name="revoke_webhook"),
    path("v1/openapi.json", reference.openapi, name="openapi"),
    path("v1/", include(_calls())),
]
