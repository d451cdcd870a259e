"""見直し済み  Rows that somebody has looked at, as the document that says so; planned and applied like any other."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from daicho.register.language import DocumentKind, HoldingPart
from daicho.register.planning import Key
from daicho.register.queries import get_holding
from daicho.register.writing import plain, to_yaml
from daicho.words.scope import Scope


def reviewed_rows(keys: Iterable[tuple[str, str]], *, scope: Scope, on: date) -> tuple[str, dict[Key, str]]:
    """A holdings document of these rows, reviewed on a day, and the digests it is written from; rows made later are left out.

    Args:
        keys: (organisation, number) of each row.

    Raises:
        NotFoundError: a row is not in the scope.
    """
    values: list[dict[str, Any]] = []
    bases: dict[Key, str] = {}
    for organisation, reg_no in keys:
        head = get_holding(organisation, reg_no, scope=scope)
        part = head.model
        if isinstance(part, HoldingPart) and (part.created_on is None or part.created_on <= on):
            values.append(plain(part.model_copy(update={"reviewed_on": on})))
            bases[DocumentKind.HOLDING, organisation, reg_no] = head.digest
    return to_yaml({"holdings": values}) if values else "", bases
