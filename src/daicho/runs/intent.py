"""An intent as bytes: what will be changed, exactly, so that a crash loses nothing.

Keys and values are personal or lead to people, so the bytes are sealed and bound to their run
and store before they are written, and emptied once the read-back agreed.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from daicho.keys.ring import Ring
from daicho.register.reading import Ground
from daicho.runs.rules import Fate, PlannedSet
from daicho.stores.plan import Act, Change
from daicho.words.text import Text

_TAG: Final = "\x00"  # opens a tagged value; no store's text begins with NUL


def seal_intent(sets: Sequence[PlannedSet], *, ring: Ring, bound_to: str) -> bytes:
    """Seal planned sets; ``bound_to`` names run and position, so that an intent cannot be moved."""
    plain = [_set_as_plain(one) for one in sets]
    return ring.seal(
        json.dumps(plain, ensure_ascii=False, separators=(",", ":"), default=_tagged).encode(), bound_to=bound_to
    )


def open_intent(sealed: bytes, *, ring: Ring, bound_to: str) -> list[PlannedSet]:
    """The sets that were sealed."""
    return [_set_from_plain(one) for one in json.loads(ring.unseal(sealed, bound_to=bound_to))]


def _set_as_plain(one: PlannedSet) -> dict[str, Any]:
    change = one.change
    return {
        "t": one.table,
        "f": one.fate,
        "by": one.by,
        "u": one.until,
        "g": one.ground and ground_as_plain(one.ground),
        "c": change and {"a": change.act, "k": change.keys, "v": change.values, "b": change.before},
    }


def _set_from_plain(plain: dict[str, Any]) -> PlannedSet:
    change = plain["c"]
    return PlannedSet(
        table=plain["t"],
        fate=Fate(plain["f"]),
        by={int(person): rows for person, rows in plain["by"].items()},
        until=plain["u"],
        ground=ground_from_plain(plain["g"]) if plain["g"] else None,
        change=Change(
            table=plain["t"],
            act=Act(change["a"]),
            keys=[tuple(map(untagged, key)) for key in change["k"]],
            values={column: untagged(value) for column, value in change["v"].items()},
            before=None if change["b"] is None else {column: untagged(value) for column, value in change["b"].items()},
        )
        if change
        else None,
    )


def ground_as_plain(ground: Ground) -> dict[str, Any]:
    """A ground as JSON: code, text, law."""
    return {"code": ground.code, "text": ground.text.as_dict(), "law": ground.law.as_dict() if ground.law else None}


def ground_from_plain(plain: dict[str, Any]) -> Ground:
    """The ground again."""
    law = plain.get("law")
    return Ground(code=plain["code"], text=Text(**plain["text"]), law=Text(**law) if law else None)


def _tagged(value: object) -> str:
    """A value JSON does not know, as a tagged string."""
    match value:
        case datetime():
            return f"{_TAG}at{value.isoformat()}"
        case date():
            return f"{_TAG}on{value.isoformat()}"
        case Decimal():
            return f"{_TAG}de{value}"
        case UUID():
            return f"{_TAG}id{value}"
        case bytes() | memoryview():
            return f"{_TAG}by{bytes(value).hex()}"
        case _:
            return str(value)


def untagged(value: Any) -> Any:
    """The value `_tagged` made a string of; anything else as it is."""
    if not isinstance(value, str) or not value.startswith(_TAG):
        return value
    kind, text = value[1:3], value[3:]
    match kind:
        case "at":
            return datetime.fromisoformat(text)
        case "on":
            return date.fromisoformat(text)
        case "de":
            return Decimal(text)
        case "id":
            return UUID(text)
        case _:
            return bytes.fromhex(text)
