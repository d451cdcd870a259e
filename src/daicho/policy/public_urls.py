"""Routes of the published policy, for everybody. With ``of/<organisation>/`` where several groups publish one."""

from collections.abc import Callable
from typing import Final

from django.http import HttpResponse
from django.urls import path

from daicho.policy.screens import public

app_name = "privacy"
_pages: Final[list[tuple[str, Callable[..., HttpResponse], str]]] = [
    ("", public.in_force, "policy"),
    ("versions/", public.versions, "versions"),
    ("policy.<str:language>.pdf", public.in_force_pdf, "pdf"),
    ("<int:number>/", public.revision, "revision"),
    ("<int:number>/policy.<str:language>.pdf", public.revision_pdf, "revision_pdf"),
]
urlpatterns = [
    *(path(route, view, name=name) for route, view, name in _pages),
    *(path(f"of/<str:organisation>/{route}", view, name=f"{name}_of") for route, view, name in _pages),
]
