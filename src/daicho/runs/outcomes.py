"""What a run says of its sets once they are read back: counts, never a key or a value."""

from collections.abc import Sequence
from typing import Any

from daicho.register.reading import ActiveMap
from daicho.runs.intent import ground_as_plain
from daicho.runs.rules import PlannedSet
from daicho.stores.plan import Standing


def outcome_of(sets: Sequence[PlannedSet], standings: Sequence[Standing], a_map: ActiveMap) -> list[dict[str, Any]]:
    """Counts per set, and per person number: never a key or a value."""
    stands = iter(standings)
    outcome = []
    for one in sets:
        stand = next(stands) if one.change is not None else None
        outcome.append(
            {
                "table": one.table,
                "holding": a_map.tables[one.table].holding.reg_no,
                "fate": str(one.fate),
                "by": {str(person): rows for person, rows in one.by.items()},
                "changed": len(one.change.keys) if one.change else 0,
                "read_back": stand.as_after if stand else 0,
                "ground": ground_as_plain(one.ground) if one.ground else None,
                "until": one.until,
            }
        )
    return outcome
