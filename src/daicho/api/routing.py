"""Operations and the table of them: id, address, scope; read by the gate, the OpenAPI document and the tests."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar, get_args

from ninja import Router

from daicho.api.scopes import TokenScope
from daicho.words.text import Text

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation.

    ``needs``: the scope, None for any token; ``also``: a second one. ``together``: the act and the keeping of its answer may be one
    transaction; not so for acts on stores and files, which hold no transaction of ours open, and can be repeated.
    ``once``: fields of the answer that are told this once: they are never kept, and empty when the call is sent again.
    ``fields``: where a file is taken, the fields of the form beside it; None: it is told by JSON.
    """

    id: str
    method: str
    path: str
    needs: TokenScope | None
    also: TokenScope | None
    says: Text
    together: bool
    fields: tuple[str, ...] | None
    group: Text
    once: tuple[str, ...] = ()

    @property
    def scopes(self) -> tuple[str, ...]:
        """The codes of what it needs."""
        return tuple(str(one) for one in (self.needs, self.also) if one is not None)

    @property
    def route(self) -> str:
        """The path as Django's router writes it, below ``/api/v1``."""
        return self.path.lstrip("/").replace("{", "<").replace("}", ">")


_TABLE: Final[dict[str, Operation]] = {}
_BELOW: Final = "api/v1/"


class Routes:
    """The operations of one room; ``router`` is what the library serves."""

    def __init__(self, group: Text) -> None:
        self.group = group
        self.library = Router(tags=[group.en])

    def get(self, path: str, *, needs: TokenScope | None, says: Text, response: Any = None) -> Callable[[View], View]:
        """An operation that looks."""
        facts = {"needs": needs, "also": None, "says": says, "together": True, "fields": None}
        return self._add("GET", path, response, **facts)

    def post(
        self,
        path: str,
        *,
        needs: TokenScope | None,
        also: TokenScope | None = None,
        says: Text,
        response: Any = None,
        together: bool = True,
        once: tuple[str, ...] = (),
    ) -> Callable[[View], View]:
        """An operation that acts, or is told more than an address holds."""
        facts = {"needs": needs, "also": also, "says": says, "together": together, "fields": None, "once": once}
        return self._add("POST", path, response, **facts)

    def upload(self, path: str, *, needs: TokenScope, says: Text, response: Any) -> Callable[[View], View]:
        """An operation on ``body``, a form, and ``file``; no transaction waits while the file is looked at."""

        def add(view: View) -> View:
            model = get_args(inspect.signature(view).parameters["body"].annotation)[0]
            facts = {"needs": needs, "also": None, "says": says, "together": False, "fields": tuple(model.model_fields)}
            return self._add("POST", path, response, **facts)(view)

        return add

    def _add(self, method: str, path: str, response: Any, **facts: Any) -> Callable[[View], View]:
        def add(view: View) -> View:
            name = view.__name__
            if name in _TABLE:
                raise ValueError(f"{name} stands twice in the table of operations")
            _TABLE[name] = Operation(id=name, method=method, path=path, group=self.group, **facts)
            self.library.add_api_operation(
                path,
                [method],
                view,
                operation_id=name,
                summary=facts["says"].en,
                description=inspect.cleandoc(view.__doc__ or ""),
                url_name=name,
                **({"response": response} if response is not None else {}),
            )
            return view

        return add


def list_operations() -> list[Operation]:
    """Every operation, in the order of the rooms."""
    return list(_TABLE.values())


def find_operation(route: str, method: str | None) -> Operation | None:
    """The operation behind a route of Django's; None: the route does not take that method."""
    found = (one for one in _TABLE.values() if f"{_BELOW}{one.route}" == route and one.method == method)
    return next(found, None)


def methods_of(route: str) -> list[str]:
    """The methods a route takes."""
    return sorted({one.method for one in _TABLE.values() if f"{_BELOW}{one.route}" == route})
