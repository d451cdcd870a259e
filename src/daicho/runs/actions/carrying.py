"""Carries plans out on stores, exactly once, whatever crashes.

Two databases never share a transaction, so one run is several short steps (design 3.5):

1. Every store has been resolved and planned before anything is written (`planning`).
2. `intend` commits the sealed intent of every store and the trail entry ``run.intended``.
3. `carry_out` lets one store at a time run its own transaction, in which it compares the number
   of rows and, for corrections, the old values. No transaction of ours is open meanwhile.
4. It reads the store back in a fresh transaction.
5. If every set stands as intended it commits the outcome; with the last store also ``run.confirmed``.

What a crash leaves: before 2 nothing; after 2 an intent. Taking an intent up again reads the
store first: all after → only step 5 was lost; all before → step 3 runs; anything else → a human.
So the store's change happens once, and is confirmed once. A second process that takes the same
run up raises the fence; the first can then no longer write an outcome.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Final

from django.db import transaction

from daicho.keys.queries import ring as open_ring
from daicho.keys.ring import Ring
from daicho.law.kinds import RequestKind
from daicho.register.queries import find_active_map
from daicho.register.reading import ActiveMap, StoreRef
from daicho.runs.actions.grasping import act, begin, held, held_run, renew, take
from daicho.runs.intent import open_intent, seal_intent
from daicho.runs.models import Run, RunStore
from daicho.runs.outcomes import outcome_of
from daicho.runs.planning import StorePlanned, reached_organisations
from daicho.runs.queries import held_people
from daicho.runs.rules import PlannedSet, Stand, StoreState, take_stand
from daicho.stores.plan import Change, Standing
from daicho.stores.port import ChangeRefusedError, CountsDifferError, Store
from daicho.trail.acts import Acts
from daicho.words.errors import DaichoError, JudgementError
from daicho.words.scope import Scope
from daicho.words.text import Text
from daicho.work.progress import SILENT, Progress

#: Why a store waits for a human.
NEITHER: Final = "neither"
MAP_REPLACED: Final = "map-replaced"
REFUSED: Final = ChangeRefusedError.code
_LOOK: Final = Text(
    "保管先の担当者と確かめ、「実行」の画面で結果を記録してください。",
    "Look at it with whoever runs the store, then record the decision on the page of runs.",
)

OpenStore = Callable[[StoreRef], Store]
Settle = Callable[[Run, Acts], None]


class LeftToHumanError(JudgementError):
    """A store stands neither before nor after what was intended."""

    code: ClassVar[str] = "run-left-to-human"


class StoppedByHoldError(JudgementError):
    """A legal hold was set after the intent; nothing more is ended until it is released."""

    code: ClassVar[str] = "run-legal-hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What an earlier run of the same claims did in one store, so that the new run answers for it too.

    ``sets``: as `outcome_of` gives them, person numbers those of the new run.
    """

    store: str
    map_code: str
    map_digest: str
    sets: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intended:
    """A run that was just intended: its row, and per store what the process still holds in memory."""

    run: Run
    parts: tuple[tuple[RunStore, ActiveMap, Store, list[PlannedSet]], ...]


def intend(
    purpose: RequestKind,
    planned: Sequence[StorePlanned],
    *,
    owners: Sequence[str],
    persons: Sequence[str],
    organisation: str,
    ring: Ring,
    at: datetime,
    acts: Acts,
) -> Intended:
    """Step 2: write the intent. Runs inside the caller's transaction, which also moves the claims.

    Nobody holds the run yet: whoever calls `carry_out`, or `take_up`, does.

    Args:
        owners, persons: what person number n of the plan stands for.
        organisation: keeps the record of the run.
    """
    run = Run.objects.create(
        ref=f"X-{secrets.token_hex(8)}",
        organisation=organisation,
        organisations=reached_organisations(planned, organisation),
        purpose=purpose,
        owners=list(owners),
        persons=list(persons),
        fence=1,
        actor=acts.actor,
        intended_at=at,
    )
    rows = [
        RunStore(
            run=run,
            organisation=organisation,
            position=number,
            store=one.map.store.code,
            map_code=one.map.code,
            map_digest=one.map.digest,
            state=StoreState.INTENDED,
            intent=seal_intent(one.sets, ring=ring, bound_to=place_of(run.ref, number)),
        )
        for number, one in enumerate(planned)
    ]
    RunStore.objects.bulk_create(rows)
    sets = [one for store in planned for one in store.sets]
    acts.add(
        "run.intended",
        organisation=organisation,
        run=run.ref,
        purpose=str(purpose),
        people=len(owners),
        stores=len(planned),
        rows=sum(one.rows for one in sets),
        changes=sum(len(one.change.keys) for one in sets if one.change),
    )
    parts = tuple((row, one.map, one.store, one.sets) for row, one in zip(rows, planned, strict=True))
    return Intended(run=run, parts=parts)


def note_settled(intended: Intended, settled: Sequence[Settled]) -> None:
    """Let a run just intended answer for what an earlier one of its claims did. Inside the same transaction."""
    RunStore.objects.bulk_create(
        [
            RunStore(
                run=intended.run,
                organisation=intended.run.organisation,
                position=number,
                store=one.store,
                map_code=one.map_code,
                map_digest=one.map_digest,
                state=StoreState.CONFIRMED,
                intent=b"",
                outcome=list(one.sets),
            )
            for number, one in enumerate(settled, start=len(intended.parts))
        ]
    )


def carry_out(intended: Intended, *, scope: Scope, at: datetime, settle: Settle, progress: Progress = SILENT) -> None:
    """Steps 3 to 5 for a run this process has just intended.

    ``settle`` is called inside the transaction that confirms the last store.

    Raises:
        StoreUnreachableError, ChangeRefusedError, StoreChangedError: the run stays intended; the next call goes on.
        LeftToHumanError: some store stands neither before nor after.
    """
    run = intended.run
    parts = [
        _Part(row, a_map, partial(_as_it_is, store), sets, fresh=True) for row, a_map, store, sets in intended.parts
    ]
    with held_run(run):
        begin(run)
        _each(run, parts, scope=scope, at=at, settle=settle, progress=progress)


def take_up(
    ref: str, *, scope: Scope, at: datetime, open_store: OpenStore, settle: Settle, progress: Progress = SILENT
) -> None:
    """Go on with a run that somebody's crash, or an unreachable store, left intended.

    A run that is confirmed already is left as it is. Stores left to a human stay untouched until
    `decide_left`; the others are carried on with all the same.

    Raises:
        HeldElsewhereError: a living process holds it.
        LeftToHumanError: see `carry_out`; also when the map it was planned with is no longer in force.
    """
    run = take(ref, scope=scope, at=at)
    if run is None:
        return
    with held_run(run):
        parts, trouble = _parts_left(run, scope=scope, at=at, open_store=open_store)
        _each(run, parts, scope=scope, at=at, settle=settle, progress=progress, trouble=trouble)


def _parts_left(
    run: Run, *, scope: Scope, at: datetime, open_store: OpenStore
) -> tuple[list["_Part"], DaichoError | None]:
    """The stores that can go on, and why another one cannot."""
    opened = open_ring()
    held = bool(held_people(run.persons))
    parts: list[_Part] = []
    trouble: DaichoError | None = None
    for row in run.stores.exclude(state=StoreState.CONFIRMED).order_by("position"):
        if row.state == StoreState.HUMAN:
            trouble = trouble or _to_human(run.ref, row.store, row.reason)
            continue
        a_map = find_active_map(row.map_code, digest=row.map_digest)
        if a_map is None:
            _leave(run, row, MAP_REPLACED, scope=scope, at=at)
            trouble = trouble or _to_human(run.ref, row.store, MAP_REPLACED)
            continue
        sets = open_intent(bytes(row.intent), ring=opened, bound_to=place_of(run.ref, row.position))
        parts.append(_Part(row, a_map, partial(open_store, a_map.store), sets, fresh=False, held=held))
    return parts, trouble


@dataclass(slots=True)
class _Part:
    row: RunStore
    map: ActiveMap
    open: Callable[[], Store]  # a store that cannot be opened must not keep the others from going on
    sets: list[PlannedSet]
    fresh: bool
    held: bool = False  # by a legal hold set after the intent

    @property
    def changes(self) -> list[Change]:
        return [one.change for one in self.sets if one.change is not None]


def _as_it_is(store: Store) -> Store:
    return store


def _each(
    run: Run,
    parts: Sequence[_Part],
    *,
    scope: Scope,
    at: datetime,
    settle: Settle,
    progress: Progress,
    trouble: DaichoError | None = None,
) -> None:
    """One store after the other; ``trouble`` is what keeps another store of this run from going on."""
    done = 0
    for number, part in enumerate(parts):
        progress.step("run.store", done=number, total=len(parts))
        if number:
            renew(run)
        try:
            standings = _change(part, progress)
        except DaichoError as error:  # unreachable, changed, refused, or its secret is missing
            met = _troubled(run, part, error, scope=scope, at=at)
            trouble = trouble or met
            continue
        if take_stand(standings) is not Stand.AFTER:
            _leave(run, part.row, NEITHER, scope=scope, at=at)
            trouble = trouble or _to_human(run.ref, part.row.store, NEITHER)
            continue
        done += 1
        last = done == len(parts) and trouble is None
        progress.step("run.read_back", done=number + 1, total=len(parts))
        _confirm(run, part, standings, last=last, scope=scope, at=at, settle=settle)
        progress.step("run.confirmed", done=number + 1, total=len(parts))
    if not parts and trouble is None:
        _finish(run, scope=scope, at=at, settle=settle)
    if trouble is not None:
        raise trouble


def _troubled(run: Run, part: _Part, error: DaichoError, *, scope: Scope, at: datetime) -> DaichoError:
    """Note what a store met. What it refuses again, though it stands as before, waits for a human."""
    if isinstance(error, ChangeRefusedError) and part.row.reason == error.code:
        _leave(run, part.row, REFUSED, scope=scope, at=at)
        return _to_human(run.ref, part.row.store, REFUSED)
    _note(part.row, error.code)
    return error


def _change(part: _Part, progress: Progress) -> list[Standing]:
    """Let the store do it, unless reading shows that it is already done; return what reading back finds."""
    changes = part.changes
    if not changes:
        return []
    store = part.open()
    if not part.fresh:
        standings = store.read_back(part.map.plan, changes)
        if take_stand(standings) is not Stand.BEFORE:
            return standings
        if part.held:
            raise _stopped_by_hold(part.row.store)
    progress.step("run.before_change")
    try:
        store.change(part.map.plan, changes)
    except CountsDifferError:
        return store.read_back(part.map.plan, changes)  # after: another worker did it; else a human
    progress.step("run.after_change")
    return store.read_back(part.map.plan, changes)


def _confirm(
    run: Run, part: _Part, standings: Sequence[Standing], *, last: bool, scope: Scope, at: datetime, settle: Settle
) -> None:
    part.row.outcome = outcome_of(part.sets, standings, part.map)
    with transaction.atomic():
        moved = RunStore.objects.filter(pk=part.row.pk, state=StoreState.INTENDED, run__fence=run.fence).update(
            state=StoreState.CONFIRMED, outcome=part.row.outcome, intent=b"", reason=""
        )
        if moved != 1:
            raise held(run.ref)
        if last:
            _close(run, scope=scope, at=at, settle=settle)


def _finish(run: Run, *, scope: Scope, at: datetime, settle: Settle) -> None:
    with transaction.atomic():
        _close(run, scope=scope, at=at, settle=settle)


def _close(run: Run, *, scope: Scope, at: datetime, settle: Settle) -> None:
    if Run.objects.filter(pk=run.pk, fence=run.fence, done=False).update(done=True, confirmed_at=at, holder="") != 1:
        raise held(run.ref)
    run.done, run.confirmed_at = True, at
    acts = Acts(actor=scope.actor, at=at)
    acts.add("run.confirmed", organisation=run.organisation, run=run.ref, purpose=run.purpose, people=len(run.owners))
    settle(run, acts)
    acts.write()


def _note(row: RunStore, reason: str) -> None:
    with transaction.atomic():
        RunStore.objects.filter(pk=row.pk, state=StoreState.INTENDED).update(reason=reason[:40])


def _leave(run: Run, row: RunStore, reason: str, *, scope: Scope, at: datetime) -> None:
    with transaction.atomic():
        moved = RunStore.objects.filter(pk=row.pk, state=StoreState.INTENDED, run__fence=run.fence).update(
            state=StoreState.HUMAN, reason=reason
        )
        if moved:
            act("run.left_to_human", scope, at, run.organisation, run=run.ref, store=row.store, reason=reason)


def _stopped_by_hold(store: str) -> StoppedByHoldError:
    return StoppedByHoldError(
        Text(
            f"保全が設定されたため、保管先 {store} では実施しません。",
            f"A legal hold was set meanwhile: nothing is done in the store {store}.",
        ),
        advice=Text(
            "保全の一覧で確かめ、解除された後にもう一度実行してください。",
            "See the list of legal holds; carry it out again after the hold is released.",
        ),
    )


def _to_human(ref: str, store: str, reason: str) -> LeftToHumanError:
    if reason == REFUSED:
        return LeftToHumanError(
            Text(
                f"実行 {ref}: 保管先 {store} が変更を繰り返し拒みました。その保管先では何も変わっていません。",
                f"Run {ref}: the store {store} refused the change again. Nothing was changed there.",
            ),
            advice=Text(
                "拒む原因を除いてからやり直すか、変更しないなら取りやめを記録してください。",
                "Remove what refuses it and have it tried again; or record that it is given up.",
            ),
        )
    if reason == MAP_REPLACED:
        return LeftToHumanError(
            Text(
                f"実行 {ref}: 保管先 {store} の対応表が、計画の時のものではありません。",
                f"Run {ref}: the map of the store {store} is no longer the one it was planned with.",
            ),
            advice=_LOOK,
        )
    return LeftToHumanError(
        Text(
            f"実行 {ref}: 保管先 {store} は変更前でも変更後でもありません。",
            f"Run {ref}: the store {store} is neither before nor after the change.",
        ),
        advice=_LOOK,
    )


def place_of(ref: str, position: int) -> str:
    return f"run:{ref}/{position}"
