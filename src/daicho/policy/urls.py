"""Routes of the policy for those who work here; ``version`` is a revision's number or ``draft``."""

from django.urls import path

from daicho.policy.screens import beginning, comparing, drafts, fields, home, text

app_name = "policy"
urlpatterns = [
    path("", home.home, name="home"),
    path("new/", beginning.start, name="start"),
    path("new/yaml/", text.begin, name="begin"),
    path("check/", text.check_text, name="check"),
    path("<str:organisation>/text/", text.edit, name="text"),
    path("<str:organisation>/fields/", fields.first_section, name="form"),
    path("<str:organisation>/fields/<str:section>/", fields.edit, name="fields"),
    path("<str:organisation>/fields/<str:section>/check/", fields.check_section, name="fields-check"),
    path("<str:organisation>/compare/", comparing.compare_versions, name="compare"),
    path("<str:organisation>/<str:version>/read/", home.read, name="read"),
    path("<str:organisation>/<str:version>/findings/", home.findings, name="findings"),
    path("<str:organisation>/<str:version>/policy.yaml", home.source, name="source"),
    path("<str:organisation>/draft/", drafts.draft, name="draft"),
    path("<str:organisation>/draft/<str:step>/", drafts.take, name="take"),
]
