"""Routes of a room that are imported when one of them is first asked for: the sign-in page waits for no room."""

from functools import cached_property
from typing import Any

from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language


class _LateResolver(URLResolver):
    """Says nothing of what is inside until a path begins with its prefix or a name with its namespace.

    Django asks every resolver for its names at the first ``reverse``; this one has none but its own
    namespace, under which Django then looks by itself.
    """

    def _populate(self) -> None:
        language = get_language()
        self._namespace_dict[language] = {}  # type: ignore[attr-defined]
        self._app_dict[language] = {}  # type: ignore[attr-defined]
        self._reverse_dict[language] = MultiValueDict()

    @cached_property
    def _inside(self) -> URLResolver:
        return URLResolver(RegexPattern(r"^/"), self.url_patterns)

    def _reverse_with_prefix(self, *args: Any, **kwargs: Any) -> str:
        """Django asks here, and not below, for the names of a room that stands at the root."""
        return self._inside._reverse_with_prefix(*args, **kwargs)  # type: ignore[attr-defined, no-any-return]  # noqa: SLF001


def room(prefix: str, routes: str, name: str) -> URLResolver:
    """The routes of module ``routes``, all within the namespace ``name``."""
    return _LateResolver(RoutePattern(prefix, is_endpoint=False), routes, app_name=name, namespace=name)


def import_rooms() -> None:
    """Import every room now; for a process that has begun to serve."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, _LateResolver):
            resolver.url_patterns  # noqa: B018 (asking imports)
