"""一部の名前: open requests by a part of a name, for the caller who says no more than a family name.

No digest of a part is kept (see `daicho.rights.finding`): the facts of what is open, which is few, are unsealed,
compared in memory and let go. What is closed is found by the whole name only.
"""

import json
from typing import Any, Final

from daicho.keys.errors import SealDamagedError
from daicho.keys.queries import ring
from daicho.people.queries import places_to_act
from daicho.rights.access import DESK
from daicho.rights.models import SubjectRequest
from daicho.rights.rules import REQUEST_ENDS, RequestState
from daicho.words.identity import WeakKind, fold
from daicho.words.scope import Scope

#: The newest so many open requests are looked through.
MOST_OPENED: Final = 5_000
#: Of so many found, the newest are kept: a longer list is no answer.
MOST_FOUND: Final = 500
_OPEN: Final = tuple(state for state in RequestState if state not in REQUEST_ENDS)
_BETWEEN: Final = "\0"  # stands before each name: no name holds it, and no fold takes it away


def find_open_by_part(asked: str, *, scope: Scope) -> list[str]:
    """Numbers of open requests with a name or reading, the agent's too, that has ``asked`` in it; one statement.

    A single character must be its beginning. What holds a digit or an @ is no part of a name.
    """
    wanted = {kind: fold(kind, asked) for kind in (WeakKind.NAME, WeakKind.KANA)}
    if not all(wanted.values()) or "@" in asked or any(one.isdigit() for one in asked):
        return []
    parts = {kind: part if len(part) > 1 else _BETWEEN + part for kind, part in wanted.items()}
    rows = SubjectRequest.objects.filter(organisation__in=sorted(places_to_act(scope, DESK)), state__in=_OPEN)
    opened = ring()
    found: list[str] = []
    for number, sealed in rows.order_by("-pk").values_list("number", "facts")[:MOST_OPENED]:
        try:
            facts = json.loads(opened.unseal(bytes(sealed), bound_to=f"request:{number}"))
        except SealDamagedError:  # its own page tells of it; the others are found all the same
            continue
        if any(part in text for part, text in zip(parts.values(), _names(facts), strict=True)):
            found.append(number)
            if len(found) == MOST_FOUND:
                break
    return found


def _names(facts: dict[str, Any]) -> tuple[str, str]:
    """Every name, and every name and reading, folded together: a fold a name would take four times as long."""
    person, agent = facts["person"], facts["agent"] or {}
    names = [one for one in (person["name"], *person["former_names"], agent.get("name")) if one]
    readings = [one for one in (person["kana"], agent.get("kana")) if one]
    written = _BETWEEN + _BETWEEN.join(names)
    return fold(WeakKind.NAME, written), fold(WeakKind.KANA, _BETWEEN.join([written, *readings]))
