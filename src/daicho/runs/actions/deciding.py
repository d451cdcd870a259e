"""What a human found at a store that a run left to them, and what becomes of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from daicho.keys.queries import ring as open_ring
from daicho.people.queries import require_role_everywhere
from daicho.register.queries import find_active_map
from daicho.runs.access import JUDGES
from daicho.runs.actions.carrying import REFUSED, place_of
from daicho.runs.actions.grasping import act, get_run_row, places
from daicho.runs.intent import ground_as_plain, open_intent
from daicho.runs.models import RunStore
from daicho.runs.rules import Fate, PlannedSet, StoreState
from daicho.words.errors import NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text

_BY_HAND: Final[dict[str, Any]] = {
    "table": "", "holding": "", "fate": "by_hand", "by": {}, "changed": 0, "read_back": 0, "ground": None, "until": None,
}  # fmt: skip


def decide_left(ref: str, store: str, *, retry: bool, give_up: bool = False, scope: Scope, at: datetime) -> None:
    """A human has looked at a store that a run left to them.

    Args:
        retry: the store was put back to before, or no longer refuses: the intent may run again.
        give_up: the store refuses the change and will go on refusing it: its rows stay, and the
            outcome says *untouched*. With neither, the human vouches that nothing is left to do, and
            the outcome says ``by_hand``.

    Raises:
        NotFoundError: no such run, or its store does not wait for a human.
        NotAllowedError: giving up a store that may have been changed.
    """
    run = get_run_row(ref, scope=scope)
    require_role_everywhere([scope], places(run), JUDGES)
    with transaction.atomic():
        row = run.stores.select_for_update().filter(store=store, state=StoreState.HUMAN).first()
        if row is None:
            raise NotFoundError(
                Text(
                    f"実行 {ref} に判断待ちの保管先 {store} はありません。",
                    f"The run {ref} has no store {store} waiting for a human.",
                ),
                advice=Text("実行の一覧で確かめてください。", "See the list of runs."),
            )
        if retry:
            row.state = StoreState.INTENDED
        else:
            row.outcome = _untouched(ref, row) if give_up else [_BY_HAND]
            row.state, row.intent = StoreState.CONFIRMED, b""
        row.reason = ""
        row.save(update_fields=["state", "intent", "outcome", "reason"])
        act(
            "run.decided_by_hand",
            scope,
            at,
            run.organisation,
            run=ref,
            store=store,
            retry=retry,
            given_up=give_up or None,
        )


def _untouched(ref: str, row: RunStore) -> list[dict[str, Any]]:
    """The outcome of a store that was left as it was: what was to be changed is untouched."""
    if row.reason != REFUSED:
        raise NotAllowedError(
            Text(
                f"保管先 {row.store} では変更されたかもしれず、取りやめられません。",
                f"The store {row.store} may have been changed: it cannot be given up.",
            ),
            advice=Text(
                "元の状態に戻してやり直すか、対応済みなら手作業で済んだと記録してください。",
                "Put it back and have it tried again, or record that it was done by hand.",
            ),
        )
    sets = open_intent(bytes(row.intent), ring=open_ring(), bound_to=place_of(ref, row.position))
    return _left_as_they_were(sets, row)


def _left_as_they_were(sets: Sequence[PlannedSet], row: RunStore) -> list[dict[str, Any]]:
    a_map = find_active_map(row.map_code, digest=row.map_digest)
    holdings = {name: rules.holding.reg_no for name, rules in a_map.tables.items()} if a_map else {}
    return [
        {
            "table": one.table,
            "holding": holdings.get(one.table, ""),
            "fate": str(Fate.UNTOUCHED if one.change else one.fate),
            "by": {str(person): rows for person, rows in one.by.items()},
            "changed": 0,
            "read_back": 0,
            "ground": ground_as_plain(one.ground) if one.ground else None,
            "until": one.until,
        }
        for one in sets
    ]
