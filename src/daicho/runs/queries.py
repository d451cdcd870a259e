"""What other rooms may ask: rows found, runs and their counts, data files, slips, holds."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

from django.db.models import Case, Count, Q, When

from daicho.keys.queries import ring as open_ring
from daicho.keys.ring import Ring
from daicho.keys.sealed import SealedFile
from daicho.people.queries import readable
from daicho.register.actions import assert_unchanged
from daicho.register.queries import survey
from daicho.register.reading import ActiveMap, StoreRef
from daicho.runs.access import HOLDERS, LOOKERS
from daicho.runs.collecting import records_of
from daicho.runs.marks import row_mark
from daicho.runs.models import DataFile, LegalHold, Run, RunStore, SearchSlip
from daicho.runs.resolve import Resolution, Sought, resolve
from daicho.runs.rules import StoreState, in_scope
from daicho.stores.port import Store
from daicho.subjects.queries import meet, same_people
from daicho.words.errors import NotFoundError, StoreError
from daicho.words.identity import Folds
from daicho.words.scope import Scope
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The maps in force, their opened stores, and what was found there.

    ``unsearched``: stores of the same organisations that no machine has answered for. ``ring``: the
    keys this was marked with, for the rest of the action. ``organisations``: who was asked.
    """

    maps: Sequence[ActiveMap]
    stores: Sequence[Store]
    resolution: Resolution
    unsearched: Sequence[StoreRef]
    ring: Ring
    organisations: frozenset[str] = frozenset()


def reach(
    batch: Sequence[Sought],
    *,
    organisations: frozenset[str],
    scope: Scope,
    open_store: Callable[[StoreRef], Store],
    search: bool = False,
    ring: Ring | None = None,
    fold: Folds | None = None,
) -> Reached:
    """Step 1 of a run: open every mapped store of the organisations, see that none has changed, and resolve.

    Raises:
        StoreUnreachableError, StoreChangedError: no answer can be given while a store is unanswered.
    """
    surveyed = survey(scope=scope, organisations=organisations)
    maps = [one for one in surveyed.maps if not one.store.is_paper]
    stores, troubles = [], []
    for a_map in maps:
        try:
            store = open_store(a_map.store)
            assert_unchanged(a_map, store)
            stores.append(store)
        except StoreError as error:
            troubles.append(error)
    if troubles:
        raise _all_named(troubles)
    opened = ring or open_ring()
    resolution = resolve(
        maps,
        stores,
        batch,
        mark=lambda store, table, key: row_mark(opened, store, table, key),
        search=search,
        fold=fold,
    )
    _keep_in_scope(resolution, organisations)
    searched = {one.store.code for one in maps}
    return Reached(
        maps=maps,
        stores=stores,
        resolution=resolution,
        unsearched=[one for one in surveyed.stores if one.code not in searched],
        ring=opened,
        organisations=organisations,
    )


def _keep_in_scope(resolution: Resolution, organisations: frozenset[str]) -> None:
    """Drop what may not be spoken of: rows that only led on are nobody's result and wait for nobody's decision."""
    open_to = {}
    for finding in resolution.findings:
        rules = finding.map.tables
        open_to[finding.map.store.code] = {name for name in rules if in_scope(rules[name], organisations)}
        finding.rows = [rows for rows in finding.rows if rows.table in open_to[finding.map.store.code]]
    resolution.candidates = [one for one in resolution.candidates if one.table in open_to[one.store]]


class SeveralStoresError(StoreError):
    """More than one store could not be searched; each is named."""

    code: ClassVar[str] = "several-stores"


def _all_named(troubles: Sequence[StoreError]) -> StoreError:
    """One error for all stores in trouble, so that nobody mends them one by one."""
    if len(troubles) == 1:
        return troubles[0]
    return SeveralStoresError(
        Text(" ".join(one.message.ja for one in troubles), " ".join(one.message.en for one in troubles)),
        advice=Text(
            " ".join(dict.fromkeys(one.advice.ja for one in troubles)),
            " ".join(dict.fromkeys(one.advice.en for one in troubles)),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreOutcome:
    """Where one store of a run stands, and its counts per set (see `daicho.runs.outcomes.outcome_of`)."""

    store: str
    map_code: str
    map_digest: str
    state: StoreState
    reason: str
    sets: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run as others see it."""

    ref: str
    organisation: str
    purpose: str
    owners: Sequence[str]
    persons: Sequence[str]
    done: bool
    intended_at: datetime
    confirmed_at: datetime | None
    stores: Sequence[StoreOutcome]


def get_run(ref: str, *, scope: Scope) -> RunView:
    """The run of that reference within the scope."""
    run = Run.objects.filter(ref=ref, organisation__in=scope.organisations).prefetch_related("stores").first()
    if run is None:
        raise NotFoundError(
            Text(f"実行 {ref} はありません。", f"There is no run {ref}."),
            advice=Text("実行の一覧で番号を確かめてください。", "Check the number in the list of runs."),
        )
    return _view(run, list(run.stores.all()))


def list_runs(*, scope: Scope, only_open: bool = False, limit: int = 100, offset: int = 0) -> Sequence[RunView]:
    """Runs, newest first; with ``only_open`` those that are not confirmed."""
    rows = Run.objects.filter(organisation__in=readable(scope, LOOKERS)).prefetch_related("stores").order_by("-pk")
    if only_open:
        rows = rows.filter(done=False)
    return [_view(run, list(run.stores.all())) for run in rows[offset : offset + limit]]


def _view(run: Run, stores: Sequence[RunStore]) -> RunView:
    return RunView(
        ref=run.ref,
        organisation=run.organisation,
        purpose=run.purpose,
        owners=run.owners,
        persons=run.persons,
        done=run.done,
        intended_at=run.intended_at,
        confirmed_at=run.confirmed_at,
        stores=[
            StoreOutcome(
                store=row.store,
                map_code=row.map_code,
                map_digest=row.map_digest,
                state=StoreState(row.state),
                reason=row.reason,
                sets=row.outcome,
            )
            for row in sorted(stores, key=lambda row: row.position)
        ],
    )


def outcomes_for(run: RunView) -> dict[str, list[dict[str, Any]]]:
    """The counts of every owner of a run: per store and set, its own rows only.

    Each entry: store, table, holding, fate, found, changed, read_back, state, ground, until.
    """
    outcomes: dict[str, list[dict[str, Any]]] = {owner: [] for owner in run.owners}
    for store in run.stores:
        for one in store.sets:
            agreed = one["fate"] == "shown" or (one["changed"] and one["read_back"] == one["changed"])
            people = one["by"].items() if one["by"] else ((number, 0) for number in range(len(run.owners)))
            for person, rows in people:
                outcomes[run.owners[int(person)]].append(
                    {
                        "store": store.store,
                        "table": one["table"],
                        "holding": one["holding"],
                        "fate": one["fate"],
                        "found": rows,
                        "changed": rows if one["changed"] else 0,
                        "read_back": rows if agreed else 0,
                        "state": str(store.state),
                        "ground": one["ground"],
                        "until": one["until"],
                    }
                )
    return outcomes


def list_outcomes(refs: Collection[str], *, scope: Scope) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Run → owner → its counts (see `outcomes_for`), for the runs of that reference within the scope; two queries."""
    rows = Run.objects.filter(ref__in=refs, organisation__in=scope.organisations).prefetch_related("stores")
    return {run.ref: outcomes_for(_view(run, list(run.stores.all()))) for run in rows}


def held_people(
    persons: Sequence[str], *, reached: Reached | None = None, members: Sequence[int] | None = None
) -> frozenset[int]:
    """Person numbers (positions in ``persons``) under a legal hold in force.

    A hold is the person's, not a reference's: it also stops whoever shares a key with the person held
    and is not told apart by a number. One query when nobody is held.

    Args:
        reached: what was found for them; identities that proven rows taught are then compared too, so
            that who is held under a mailbox is not missed when only a telephone was given.
        members: their person numbers within ``reached``, when it holds more people than ``persons``.
    """
    holds = set(LegalHold.objects.filter(released_at=None).values_list("person", "organisation"))
    if not holds or not persons:
        return frozenset()
    protected = frozenset().union(*same_people({person for person, _ in holds}).values(), (one for one, _ in holds))
    found = {number for number, person in enumerate(persons) if person in protected}
    if reached is not None:
        known = reached.resolution.identities
        people = [known[number] for number in (range(len(persons)) if members is None else members)]
        for organisation in reached.organisations & {organisation for _, organisation in holds}:
            met = meet(people, organisation=organisation, ring=reached.ring)
            found |= {number for number, refs in enumerate(met.everyone) if not protected.isdisjoint(refs)}
    return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldView:
    """A hold in force."""

    ref: str
    organisation: str
    person: str
    ground: str
    set_by: str
    set_at: datetime


def list_holds(*, scope: Scope) -> Sequence[HoldView]:
    """Holds in force within the scope, newest first."""
    return [
        HoldView(
            ref=row.ref,
            organisation=row.organisation,
            person=row.person,
            ground=row.ground,
            set_by=row.set_by,
            set_at=row.set_at,
        )
        for row in LegalHold.objects.filter(organisation__in=readable(scope, HOLDERS), released_at=None).order_by(
            "-set_at", "ref"
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipView:
    """検索依頼票 as others see it; ``searcher`` stays sealed."""

    ref: str
    owner: str
    organisation: str
    store: str
    task: str
    issued_at: datetime
    due_on: date
    answer: str
    count: int
    law: str
    until: date | None
    answered_at: datetime | None


def list_slips(*, owners: Sequence[str] | None = None, scope: Scope, only_open: bool = False) -> Sequence[SlipView]:
    """Slips of the owners (all within the scope when None), in the order they were issued."""
    rows = SearchSlip.objects.filter(organisation__in=scope.organisations)
    if owners is not None:
        rows = rows.filter(owner__in=owners)
    if only_open:
        rows = rows.filter(answer="")
    return [_slip(row) for row in rows.order_by("pk")]


def _slip(row: SearchSlip) -> SlipView:
    return SlipView(
        ref=row.ref,
        owner=row.owner,
        organisation=row.organisation,
        store=row.store,
        task=row.task,
        issued_at=row.issued_at,
        due_on=row.due_on,
        answer=row.answer,
        count=row.count,
        law=row.law,
        until=row.until,
        answered_at=row.answered_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipFilter:
    """Which slips of a list: ``state`` is one of `SLIP_STATES`; what is empty is not asked for."""

    state: str = "open"
    task: str = ""
    store: str = ""
    part: str = ""


SLIP_STATES: Mapping[str, Q] = {
    "open": Q(answer=""),
    "late": Q(answer=""),
    "answered": ~Q(answer=""),
    "all": Q(),
}


def find_slips(
    wanted: SlipFilter, *, organisations: Collection[str], on: date, start: int, most: int
) -> tuple[Sequence[SlipView], int]:
    """A part of a list of slips, those still open first, by the day they are due; and how many there are."""
    rows = SearchSlip.objects.filter(SLIP_STATES[wanted.state], organisation__in=organisations)
    if wanted.state == "late":
        rows = rows.filter(due_on__lt=on)
    if wanted.task:
        rows = rows.filter(task=wanted.task)
    if wanted.store:
        rows = rows.filter(store=wanted.store)
    if wanted.part:
        rows = rows.filter(Q(ref__icontains=wanted.part) | Q(owner__icontains=wanted.part))
    answered = Case(When(answer="", then=0), default=1)
    found = rows.order_by(answered, "due_on", "pk")[start : start + most]
    return [_slip(row) for row in found], rows.count()


def describe_slips(*, organisations: Collection[str], on: date) -> tuple[dict[str, int], Sequence[str]]:
    """How many slips are in each state of `SLIP_STATES`, and the stores that were ever asked."""
    rows = SearchSlip.objects.filter(organisation__in=organisations).order_by()
    # The open ones by their own index; what is answered is the rest.
    counts: dict[str, int] = rows.filter(answer="").aggregate(
        open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=on))
    )
    asked = dict(rows.values_list("store").annotate(n=Count("*")))
    every = sum(asked.values())
    return {**counts, "answered": every - counts["open"], "all": every}, sorted(asked)


def count_slips(*, scope: Scope, on: date) -> tuple[int, int]:
    """Slips that no department has answered yet, and those of them past their day."""
    found = SearchSlip.objects.filter(organisation__in=scope.organisations, answer="").aggregate(
        open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=on))
    )
    return found["open"], found["late"]


def count_expired_data(*, scope: Scope, on: date) -> int:
    """Data files whose days are over and that are still there."""
    rows = DataFile.objects.filter(organisation__in=scope.organisations, dropped_at=None)
    return rows.filter(expires_on__lt=on).count()


def count_open_runs(*, scope: Scope) -> int:
    """Runs that are not confirmed yet."""
    return Run.objects.filter(organisation__in=scope.organisations, done=False).count()


def find_data(owner: str, *, folder: Path, on: date | None = None) -> Iterator[Mapping[str, Any]] | None:
    """The records of an owner's newest data file, None when there is none, it was dropped, or its days are over on ``on``."""
    rows = DataFile.objects.filter(owner=owner, dropped_at=None)
    if on is not None:
        rows = rows.filter(expires_on__gte=on)
    row = rows.order_by("-pk").first()
    if row is None:
        return None
    sealed = SealedFile(
        path=folder / row.name, wrapped_key=bytes(row.wrapped_key), bound_to=f"data:{row.ref}", size=row.size
    )
    return records_of(sealed, ring=open_ring())
