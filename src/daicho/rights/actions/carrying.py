"""実施: an approved claim is carried out on the stores, read back, and only then counts as done.

What a crash leaves (design 3.5; the stores' side is told in `daicho.runs.actions`):

* before the intent: the claim is still approved, nothing was touched; the next call starts over;
* after it: the claim is *carrying out* and names its run; the next call takes the run up;
* a disclosure touches nothing: its files and its run are committed together, or not at all.

Rows that had to wait (a legal hold), or that no map had an end for, keep the claim open. Once they
can be ended, the next call makes a second run; it answers for what the first one did, too.

A claim of many people in one call is one run per kind: every statement is set-based.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from daicho.keys.ring import Ring
from daicho.law.kinds import RequestKind
from daicho.people.queries import require_role, require_role_everywhere
from daicho.people.rules import Role
from daicho.register.reading import StoreRef
from daicho.rights.access import DESK
from daicho.rights.actions.remembering import corrections_of, remember
from daicho.rights.missed import refuse_missed
from daicho.rights.models import Claim
from daicho.rights.reading import not_found, require_desk_everywhere, sought_for
from daicho.rights.rules import CLAIM_WORDS, ClaimState
from daicho.rights.standings import STOPS, left_fates, outcomes_of, still_open
from daicho.runs import actions as runs
from daicho.runs.collecting import MAX_OWNERS, Collected, agrees, collect
from daicho.runs.intent import ground_as_plain
from daicho.runs.planning import AMENDING, ENDING, SHOWING, StorePlanned, plan_purpose, unreached
from daicho.runs.queries import Reached, get_run, held_people, list_slips, reach
from daicho.stores.port import Store
from daicho.trail.acts import Acts
from daicho.words.errors import JudgementError, NotAllowedError
from daicho.words.scope import Scope
from daicho.words.text import Text
from daicho.work.progress import SILENT, Progress

OpenStore = Callable[[StoreRef], Store]
#: A data file waits for its answer and for questions about it, then its key is dropped.
DATA_DAYS: Final = 60
_APPROVED: Final = frozenset({ClaimState.APPROVED, ClaimState.PARTLY})
#: Nothing of such rows can be met again.
_OVER: Final = frozenset({"deleted", "by_hand"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Where a claim stands after the call. ``outcome``: per store and table, see `daicho.runs.queries.outcome_for`.

    ``still_open``: what keeps it from being answered, as codes with their store.
    """

    number: str
    kind: RequestKind
    state: ClaimState
    run: str
    outcome: Sequence[dict[str, Any]]
    still_open: Sequence[str]
    dry_run: bool = False


def carry_out(
    numbers: Sequence[str],
    *,
    dry_run: bool = False,
    scope: Scope,
    at: datetime,
    open_store: OpenStore,
    folder: Path,
    progress: Progress = SILENT,
) -> list[Carried]:
    """Carry out claims, going on with those that a crash left half-way; several of one kind are one run.

    Args:
        numbers: claims within the scope, approved, being carried out, or open for rows that waited.
        dry_run: plan and count, change nothing.
        folder: where sealed data files are kept.

    Raises:
        StoreError, JudgementError: named; what was confirmed stays, the rest goes on with the next call.
    """
    claims = _claims(numbers, scope)
    for claim in claims:
        if claim.state == ClaimState.CARRYING_OUT and not dry_run:
            _go_on(claim, scope=scope, at=at, open_store=open_store, progress=progress)
    outcomes = outcomes_of([claim for claim in claims if claim.state == ClaimState.READING_BACK], scope=scope)
    waiting = {
        claim.number: frozenset(
            (one["store"], one["table"])
            for one in outcomes.get(claim.number, ())
            if one["fate"] in left_fates(claim.kind)
        )
        for claim in claims
    }
    fresh = [claim for claim in claims if claim.state in _APPROVED or waiting[claim.number]]
    done = standings_of([claim for claim in claims if claim not in fresh], scope=scope)
    for group in _groups(fresh):
        done += _carry_group(
            group,
            waiting=frozenset().union(*(waiting[claim.number] for claim in group)),
            dry_run=dry_run,
            scope=scope,
            at=at,
            open_store=open_store,
            folder=folder,
            progress=progress,
        )
    order = {number: place for place, number in enumerate(numbers)}
    return sorted(done, key=lambda one: order[one.number])


def _claims(numbers: Sequence[str], scope: Scope) -> list[Claim]:
    rows = Claim.objects.filter(number__in=list(numbers), organisation__in=scope.organisations).select_related(
        "request"
    )
    found = {row.number: row for row in rows}
    able = {ClaimState.APPROVED, ClaimState.PARTLY, ClaimState.CARRYING_OUT, ClaimState.READING_BACK}
    for number in numbers:
        if number not in found:
            raise not_found(number)
        state = ClaimState(found[number].state)
        if state not in able:
            raise NotAllowedError(
                Text(
                    f"請求 {number} は「{CLAIM_WORDS[state].ja}」で、実施できません。",
                    f"Claim {number} is “{CLAIM_WORDS[state].en}”: there is nothing to carry out.",
                ),
                advice=Text(
                    "請求の今の状態と、次にできることを確かめてください。",
                    "See where the request stands, and what can be done next.",
                ),
            )
    require_role_everywhere([scope], {claim.organisation for claim in found.values()}, DESK)
    require_desk_everywhere([claim.request for claim in found.values()], scope=scope)
    return [found[number] for number in dict.fromkeys(numbers)]


def _groups(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Claims that can be one run: of one kind, addressed alike, searched alike, and all new or all going on."""
    groups: dict[tuple[object, ...], list[Claim]] = {}
    for claim in claims:
        addressed, by_name = frozenset(claim.request.addressed), bool(claim.request.searched.get("by_name"))
        alike = (claim.kind, claim.organisation, addressed, by_name, claim.state in _APPROVED)
        groups.setdefault(alike, []).append(claim)
    size = MAX_OWNERS
    return [
        group[start : start + size] if RequestKind(group[0].kind) in SHOWING else group
        for group in groups.values()
        for start in (range(0, len(group), size) if RequestKind(group[0].kind) in SHOWING else (0,))
    ]


def _carry_group(
    claims: list[Claim],
    *,
    waiting: frozenset[tuple[str, str]],
    dry_run: bool,
    scope: Scope,
    at: datetime,
    open_store: OpenStore,
    folder: Path,
    progress: Progress,
) -> list[Carried]:
    requests = [claim.request for claim in claims]
    progress.step("run.resolving", total=len(claims))
    reached = reach(
        sought_for(requests, until=[claim.decided_at for claim in claims]),
        organisations=frozenset(requests[0].addressed),
        scope=scope,
        open_store=open_store,
        search=bool(requests[0].searched.get("by_name")),
    )
    again = claims[0].state == ClaimState.READING_BACK
    if not again:  # what appeared since the first run is no part of the decision, and is not reached
        refuse_missed(claims, reached, scope=scope)
    planned = plan_claims(claims, reached, at=at)
    if again:  # only what waited is planned anew: what somebody set since is theirs
        for store in planned:
            store.sets = [one for one in store.sets if (store.map.store.code, one.table) in waiting]
        planned = [store for store in planned if store.sets]
    if dry_run:
        return dry_outcome(claims, planned)
    if again and not any(one.change for store in planned for one in store.sets):
        return standings_of(claims, scope=scope)
    kind = RequestKind(claims[0].kind)
    progress.step("run.planned", total=len(claims))
    if kind in ENDING | AMENDING:
        _change(claims, planned, scope=scope, at=at, ring=reached.ring, progress=progress)
    else:
        _show(claims, planned, scope=scope, at=at, folder=folder, ring=reached.ring, progress=progress)
    return standings_of(claims, scope=scope)


def plan_claims(claims: Sequence[Claim], reached: Reached, *, at: datetime) -> list[StorePlanned]:
    """The plan of a group of claims of one kind: person number n is ``claims[n]``.

    Raises:
        JudgementError: what should be put right stands in nothing that was found.
    """
    kind = RequestKind(claims[0].kind)
    corrections = dict(enumerate(corrections_of(claims))) if kind in AMENDING else None
    if corrections:
        _refuse_unreached(claims, reached, corrections)
    return plan_purpose(
        kind,
        reached.resolution.findings,
        reached.stores,
        organisations=frozenset(claims[0].request.addressed),
        on=at.date(),
        corrections=corrections,
        held=held_people([claim.request.person for claim in claims], reached=reached)
        if kind in ENDING | AMENDING
        else frozenset(),
    )


def _refuse_unreached(claims: Sequence[Claim], reached: Reached, corrections: Mapping[int, Mapping[str, str]]) -> None:
    """A correction that reaches nothing must not be answered as done; where paper was found, people see to it."""
    organisations = frozenset(claims[0].request.addressed)
    left = unreached(reached.resolution.findings, corrections, organisations=organisations)
    on_paper = {
        slip.owner
        for slip in list_slips(
            owners=[claims[number].request.number for number in left],
            scope=Scope(actor="", organisations=organisations),
        )
        if slip.answer == "found"
    }
    named = [
        f"{claims[number].number}: {', '.join(what)}"
        for number, what in left.items()
        if claims[number].request.number not in on_paper
    ]
    if named:
        raise JudgementError(
            Text(
                f"訂正する項目に当たる列が、見つかった記録にありません（{'; '.join(named)}）。",
                f"What should be put right stands in no column of the rows found ({'; '.join(named)}).",
            ),
            advice=Text(
                "対応表に項目を加えて検索し直すか、ご本人に確かめて請求を受け付け直してください。",
                "Map the item and search again, or ask the person and open the request anew.",
            ),
        )


def dry_outcome(claims: Sequence[Claim], planned: Sequence[StorePlanned]) -> list[Carried]:
    """A plan as it would be told, had it been carried out: counts, nothing changed."""
    results = []
    for number, claim in enumerate(claims):
        outcome = [
            {
                "store": store.map.store.code,
                "table": one.table,
                "holding": store.map.tables[one.table].holding.reg_no,
                "fate": str(one.fate),
                "found": one.by[number],
                "changed": one.by[number] if one.change else 0,
                "read_back": 0,
                "state": "planned",
                "ground": ground_as_plain(one.ground) if one.ground else None,
                "until": one.until,
            }
            for store in planned
            for one in store.sets
            if number in one.by
        ]
        results.append(
            Carried(
                number=claim.number,
                kind=RequestKind(claim.kind),
                state=ClaimState(claim.state),
                run="",
                outcome=outcome,
                still_open=(),
                dry_run=True,
            )
        )
    return results


# ── showing ──────────────────────────────────────────────────────────────────────────────────


def _show(
    claims: list[Claim],
    planned: list[StorePlanned],
    *,
    scope: Scope,
    at: datetime,
    folder: Path,
    ring: Ring,
    progress: Progress,
) -> None:
    collected = read_planned(
        RequestKind(claims[0].kind), planned, people=len(claims), folder=folder, ring=ring, progress=progress
    )
    progress.step("run.before_confirm")
    with transaction.atomic():
        acts = Acts(actor=scope.actor, at=at)
        run = note_read(claims, planned, collected, at=at, acts=acts)
        move(claims, {ClaimState.APPROVED, ClaimState.PARTLY}, ClaimState.READING_BACK, run=run)
        acts.write()


def read_planned(
    kind: RequestKind, planned: Sequence[StorePlanned], *, people: int, folder: Path, ring: Ring, progress: Progress
) -> Collected | None:
    """Read what a disclosure shows into sealed files; None for a purpose notice, which reads nothing.

    Raises:
        JudgementError: other rows were read than were found.
    """
    if kind not in SHOWING:
        return None
    collected = collect(planned, people=people, folder=folder, ring=ring, progress=progress)
    if not all(agrees(one.sets, read) for one, read in zip(planned, collected.read, strict=True)):
        raise JudgementError(
            Text("検索と読み取りの間に保管先が変わりました。", "A store changed between the search and the reading."),
            advice=Text("もう一度実行してください。", "Run it again."),
        )
    return collected


def note_read(
    claims: Sequence[Claim], planned: Sequence[StorePlanned], collected: Collected | None, *, at: datetime, acts: Acts
) -> str:
    """Write down what was read; returns the run. Inside the caller's transaction, which moves the claims."""
    run = runs.confirm_collected(
        RequestKind(claims[0].kind),
        planned,
        collected,
        owners=[claim.number for claim in claims],
        persons=[claim.request.person for claim in claims],
        organisation=claims[0].organisation,
        expires_on=at.date() + timedelta(days=DATA_DAYS),
        at=at,
        acts=acts,
    )
    return run.ref


# ── changing ─────────────────────────────────────────────────────────────────────────────────


def _change(
    claims: list[Claim], planned: list[StorePlanned], *, scope: Scope, at: datetime, ring: Ring, progress: Progress
) -> None:
    with transaction.atomic():
        acts = Acts(actor=scope.actor, at=at)
        intended = note_intent(claims, planned, ring=ring, at=at, acts=acts)
        _ask_for_paper(claims, at=at, acts=acts)
        runs.note_settled(intended, _settled_before(claims, planned, scope=scope))
        move(claims, {ClaimState(claims[0].state), *_APPROVED}, ClaimState.CARRYING_OUT, run=intended.run.ref)
        acts.write()
    progress.step("run.intended", total=len(claims))
    runs.carry_out(intended, scope=scope, at=at, settle=settler(at), progress=progress)


def _settled_before(claims: Sequence[Claim], planned: Sequence[StorePlanned], *, scope: Scope) -> list[runs.Settled]:
    """What earlier runs of the claims did and the new plan does not speak of again."""
    spoken_of = {(store.map.store.code, one.table) for store in planned for one in store.sets}
    settled = []
    for number, claim in enumerate(claims):
        if not claim.run:
            continue
        run = get_run(claim.run, scope=scope)
        mine = run.owners.index(claim.number)
        for store in run.stores:
            kept = [
                {**one, "by": {str(number): one["by"].get(str(mine), 0)}, "changed": 0, "read_back": 0}
                | ({"changed": one["by"][str(mine)], "read_back": one["by"][str(mine)]} if one["changed"] else {})
                for one in store.sets
                if (not one["by"] or str(mine) in one["by"])
                and (one["fate"] in _OVER or (store.store, one["table"]) not in spoken_of)
            ]
            if kept:
                settled.append(
                    runs.Settled(store=store.store, map_code=store.map_code, map_digest=store.map_digest, sets=kept)
                )
    return settled


def note_intent(
    claims: Sequence[Claim], planned: Sequence[StorePlanned], *, ring: Ring, at: datetime, acts: Acts
) -> runs.Intended:
    """Write the intent. Inside the caller's transaction."""
    return runs.intend(
        RequestKind(claims[0].kind),
        planned,
        owners=[claim.number for claim in claims],
        persons=[claim.request.person for claim in claims],
        organisation=claims[0].organisation,
        ring=ring,
        at=at,
        acts=acts,
    )


def _ask_for_paper(claims: Sequence[Claim], *, at: datetime, acts: Acts) -> None:
    """What a department found on paper, it is asked to end too: an *act* slip per store."""
    requests = {claim.request.number for claim in claims}
    scope = Scope(actor=acts.actor, organisations=frozenset(claim.organisation for claim in claims))
    slips = [
        slip
        for slip in list_slips(owners=sorted(requests), scope=scope)
        if slip.task == "search" and slip.answer == "found"
    ]
    for claim in claims:
        stores = {
            slip.store: slip.due_on + (at.date() - slip.issued_at.date())
            for slip in slips
            if slip.owner == claim.request.number
        }
        if stores:
            runs.issue_slips(claim.number, stores, task="act", organisation=claim.organisation, at=at, acts=acts)


def settler(at: datetime) -> runs.Settle:
    """What the confirmation of a run's last store does to its claims."""

    def settle(run: Any, acts: Acts) -> None:
        kind = RequestKind(run.purpose)
        if kind in AMENDING | STOPS:
            remember(list(Claim.objects.filter(run=run.ref).select_related("request")), at=at, acts=acts)
        moved = Claim.objects.filter(run=run.ref, state=ClaimState.CARRYING_OUT).update(state=ClaimState.READING_BACK)
        if moved != len(run.owners):
            raise _moved_before()

    return settle


def _go_on(claim: Claim, *, scope: Scope, at: datetime, open_store: OpenStore, progress: Progress) -> None:
    if claim.state == ClaimState.CARRYING_OUT:
        runs.take_up(claim.run, scope=scope, at=at, open_store=open_store, settle=settler(at), progress=progress)
    claim.refresh_from_db()


def resume_run(ref: str, *, scope: Scope, at: datetime, open_store: OpenStore, progress: Progress = SILENT) -> None:
    """Take one run up by its reference, as the next ``carry-out`` of its claims would."""
    require_role(scope, get_run(ref, scope=scope).organisation, (*DESK, Role.ENGINEER))
    runs.take_up(ref, scope=scope, at=at, open_store=open_store, settle=settler(at), progress=progress)


def move(claims: Sequence[Claim], before: set[ClaimState], to: ClaimState, *, run: str) -> None:
    """Compare-and-swap: claims that are no longer where they were stop the caller's transaction."""
    keys = [claim.pk for claim in claims]
    if Claim.objects.filter(pk__in=keys, state__in=before).update(state=to, run=run) != len(keys):
        raise _moved_before()
    decided = dict(Claim.objects.filter(pk__in=keys).values_list("pk", "decided_at"))
    if any(decided[claim.pk] != claim.decided_at for claim in claims):  # taken back and decided anew meanwhile
        raise _moved_before()


def _moved_before() -> NotAllowedError:
    return NotAllowedError(
        Text("ほかの操作が先に進めました。", "Somebody else moved it first."),
        advice=Text("請求の今の状態を確かめてください。", "See where the request stands now."),
    )


def standings_of(claims: Sequence[Claim], *, scope: Scope) -> list[Carried]:
    """Where claims stand now: a fixed number of queries, whatever their number."""
    now = {row.pk: row for row in Claim.objects.filter(pk__in=[claim.pk for claim in claims])}
    rows = [now[claim.pk] for claim in claims]
    outcomes = outcomes_of(rows, scope=scope)
    left = still_open(rows, outcomes, scope=scope)
    return [
        Carried(
            number=row.number,
            kind=RequestKind(row.kind),
            state=ClaimState(row.state),
            run=row.run,
            outcome=outcomes[row.number],
            still_open=left[row.number],
        )
        for row in rows
    ]
