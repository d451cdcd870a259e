"""まとめて受け付け、実施する: many verified requests in one call, set-based from end to end.

For doors that have verified the person already: a member site, an import that the desk has checked.
The same rules as one by one apply; what is written is what single requests write, only together:

1. Resolve every person in every store. Read what is disclosed into sealed files. Nothing is written yet.
2. One transaction of ours: the requests, as verified; what was found; the decisions, by another
   account; runs of what was read; intents of what will change; three or four trail entries in all.
3. Each store's own transaction; 4. reading back; 5. one transaction of ours that confirms.

A crash before 2 leaves nothing. After it the batch is known by a keyed digest of all it says: the
same call again registers nobody twice, it goes on with the runs that were intended. A claim with an undecided candidate, or with a department still to
answer, is registered and waits for the desk like any other.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.db import transaction
from pydantic import TypeAdapter

from daicho.keys.queries import ring as open_ring
from daicho.keys.ring import Ring
from daicho.law.kinds import RequestKind
from daicho.people.queries import require_role_everywhere
from daicho.policy.queries import RevisionRef
from daicho.register.reading import StoreRef
from daicho.rights.access import DESK
from daicho.rights.actions.carrying import carry_out, note_intent, note_read, read_planned, settler
from daicho.rights.actions.receiving import Prepared, prepare, revisions_on, write
from daicho.rights.actions.searching import note_search
from daicho.rights.intake import Intake
from daicho.rights.models import Claim, SubmittedBatch
from daicho.rights.rules import ClaimState, RequestState, is_charged
from daicho.runs import actions as runs
from daicho.runs.collecting import MAX_OWNERS, Collected
from daicho.runs.planning import AMENDING, ENDING, StorePlanned, plan_purpose, unreached
from daicho.runs.queries import Reached, held_people, reach
from daicho.runs.resolve import Finding, Sought
from daicho.runs.rules import in_scope
from daicho.stores.plan import Rows
from daicho.stores.port import Store
from daicho.subjects.queries import meet
from daicho.trail.acts import Acts
from daicho.words.errors import DaichoError, InputError, NotAllowedError
from daicho.words.identity import Folds
from daicho.words.scope import Scope
from daicho.words.text import Text
from daicho.work.progress import SILENT, Progress

OpenStore = Callable[[StoreRef], Store]
_BATCH: Final = TypeAdapter(list[Intake])
#: Carried out even where nothing is found: a stop is remembered, and "no record of provision" is an answer.
_SAYS_SOMETHING: Final = frozenset({RequestKind.SUSPEND_USE, RequestKind.STOP_PROVISION, RequestKind.RECORD_DISCLOSURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """Where each request of a batch stands, in the order given: claim number → state; and the runs that were made."""

    claims: Mapping[str, ClaimState]
    runs: Sequence[str]

    @property
    def waiting(self) -> int:
        """Claims that wait for the desk."""
        return sum(1 for state in self.claims.values() if state is ClaimState.ASSESSING)


def submit(
    intakes: Sequence[Intake],
    *,
    scope: Scope,
    decider: Scope,
    at: datetime,
    open_store: OpenStore,
    folder: Path,
    progress: Progress = SILENT,
) -> Submitted:
    """Open, decide and carry out a batch of verified requests with one claim each.

    Args:
        intakes: all addressed to the same organisations; kinds the policy charges for go one by one.
        scope: who registers, and vouches that identity was verified.
        decider: who decides; another account.

    Raises:
        InputError, NotAllowedError, StoreUnreachableError, StoreChangedError: nothing was written.
        Other StoreErrors: what was intended goes on with the next call.
    """
    in_force = _require(intakes, scope, decider, at)
    opened = open_ring()
    digests = _digests(intakes, opened, at)
    earlier = SubmittedBatch.objects.filter(digest__in=digests).first()
    if earlier is not None:
        return _go_on(earlier, scope=scope, at=at, open_store=open_store, folder=folder, progress=progress)
    organisations = frozenset(intakes[0].addressed)
    progress.step("run.resolving", total=len(intakes))
    people, fold = [intake.person.identities() for intake in intakes], Folds()
    reached = reach(
        [Sought(identities=one) for one in people],
        organisations=organisations,
        scope=scope,
        open_store=open_store,
        ring=opened,
        fold=fold,
    )
    groups = _groups(intakes, reached)
    met = meet(people, organisation=intakes[0].addressed[0], ring=reached.ring, fold=fold)
    batch = _Batch(intakes=intakes, organisations=organisations, known=met.refs, reached=reached, at=at)
    for group in groups:
        group.plan(batch)
        group.collected = read_planned(
            group.kind, group.planned, people=len(group.members), folder=folder, ring=reached.ring, progress=progress
        )
    progress.step("run.planned", total=len(intakes))
    with transaction.atomic():
        acts = Acts(actor=scope.actor, at=at)
        prepared = prepare(intakes, scope=scope, at=at, ring=reached.ring, met=met, in_force=in_force, fold=fold)
        intended = _write(prepared, groups, reached, scope=scope, decider=decider, at=at, acts=acts)
        numbers = [one.claims[0].number for one in prepared]
        SubmittedBatch.objects.create(
            organisation=intakes[0].addressed[0], digest=digests[0], numbers=numbers, submitted_at=at
        )
        acts.write()
    progress.step("run.intended", total=len(intakes))
    trouble: DaichoError | None = None
    for one in intended:  # a store in trouble does not keep the others' people waiting
        try:
            runs.carry_out(one, scope=scope, at=at, settle=settler(at), progress=progress)
        except DaichoError as error:
            trouble = trouble or error
    if trouble is not None:
        raise trouble
    done = {group.run for group in groups if group.run}
    return Submitted(
        claims={
            one.claims[0].number: ClaimState.READING_BACK if one.claims[0].run else ClaimState(one.claims[0].state)
            for one in prepared
        },
        runs=sorted(done),
    )


def _digests(intakes: Sequence[Intake], ring: Ring, at: datetime) -> list[str]:
    """A keyed digest of everything the batch says and the day it says it, under every live key, the newest first."""
    days = [str(one.arrived_on or at.date()) for one in intakes]
    said = "\x1e".join([*days, _BATCH.dump_json(list(intakes)).decode()])
    return [one.hex for one in ring.digests_folded("batch", said)]


def _go_on(
    earlier: SubmittedBatch, *, scope: Scope, at: datetime, open_store: OpenStore, folder: Path, progress: Progress
) -> Submitted:
    """The same batch again: nobody is registered twice; what a crash left intended is carried out."""
    scope.require(earlier.organisation)
    rows = {row.number: row for row in Claim.objects.filter(number__in=earlier.numbers)}
    left = [number for number in earlier.numbers if rows[number].state == ClaimState.CARRYING_OUT]
    if left:
        carry_out(left, scope=scope, at=at, open_store=open_store, folder=folder, progress=progress)
        rows = {row.number: row for row in Claim.objects.filter(number__in=earlier.numbers)}
    return Submitted(
        claims={number: ClaimState(rows[number].state) for number in earlier.numbers},
        runs=sorted({row.run for row in rows.values() if row.run}),
    )


def _require(intakes: Sequence[Intake], scope: Scope, decider: Scope, at: datetime) -> dict[date, RevisionRef]:
    """Refuse what does not go together; return the policy in force on each day of arrival."""
    if not intakes:
        raise InputError(
            Text("請求が一件もありません。", "There is no request."),
            advice=Text("一件以上を渡してください。", "Hand over at least one."),
        )
    if scope.actor == decider.actor:
        raise NotAllowedError(
            Text("受け付けた人と別の人が決定します。", "Somebody other than who registers the requests decides."),
            advice=Text("別のアカウントを決定者にしてください。", "Name another account as the decider."),
        )
    if any(len(intake.claims) != 1 or intake.addressed != intakes[0].addressed for intake in intakes):
        raise InputError(
            Text(
                "まとめて扱えるのは、あて先が同じで請求が一つずつのものだけです。",
                "Only requests with one claim each, addressed alike, go together.",
            ),
            advice=Text("ほかのものは一件ずつ受け付けてください。", "Open the others one by one."),
        )
    in_force = revisions_on(intakes[0].addressed[0], {intake.arrived_on or at.date() for intake in intakes})
    if any(is_charged(in_force[one.arrived_on or at.date()].policy, one.claims[0].kind) for one in intakes):
        raise InputError(
            Text("手数料のかかる請求は、まとめて扱えません。", "Kinds that the policy charges for do not go together."),
            advice=Text("一件ずつ受け付け、手数料を記録してください。", "Open them one by one and record the fee."),
        )
    require_role_everywhere([scope, decider], intakes[0].addressed, DESK)
    return in_force


@dataclass(slots=True)
class _Group:
    """The members of a batch that are carried out together: positions in the batch, in order."""

    kind: RequestKind
    members: list[int]
    planned: list[StorePlanned] = field(default_factory=list)
    collected: Collected | None = None
    run: str = ""

    def plan(self, batch: "_Batch") -> None:
        """Plan this group; its members are numbered anew from 0."""
        corrections = {
            number: dict(batch.intakes[member].claims[0].values) for number, member in enumerate(self.members)
        }
        self._refuse_unreached(batch, corrections)
        held = held_people(
            [batch.known[member] or "" for member in self.members], reached=batch.reached, members=self.members
        )
        self.planned = plan_purpose(
            self.kind,
            _part(batch.reached.resolution.findings, self.members, len(batch.intakes)),
            batch.reached.stores,
            organisations=batch.organisations,
            on=batch.at.date(),
            corrections=corrections,
            held=held if self.kind in ENDING | AMENDING else frozenset(),
        )

    def _refuse_unreached(self, batch: "_Batch", corrections: Mapping[int, Mapping[str, str]]) -> None:
        """A correction that reaches no column must not be answered as done."""
        if self.kind not in AMENDING:
            return
        findings = _part(batch.reached.resolution.findings, self.members, len(batch.intakes))
        left = unreached(findings, corrections, organisations=batch.organisations)
        if left:
            named = "; ".join(f"{self.members[number] + 1}: {', '.join(what)}" for number, what in left.items())
            raise InputError(
                Text(
                    f"訂正する項目に当たる列が、見つかった記録にありません（{named}）。",
                    f"What should be put right stands in no column of the rows found ({named}).",
                ),
                advice=Text(
                    "先頭の数字が示す請求を直すか、一件ずつ受け付けてください。",
                    "Mend the requests that the numbers name, or open them one by one.",
                ),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """What is known of a batch before anything is written. ``known``: references of people met before."""

    intakes: Sequence[Intake]
    organisations: frozenset[str]
    known: Sequence[str | None]
    reached: Reached
    at: datetime


def _groups(intakes: Sequence[Intake], reached: Reached) -> list[_Group]:
    """By kind, those that nothing keeps waiting: a candidate, or a store that people search."""
    if reached.unsearched:
        return []
    organisations = frozenset(intakes[0].addressed)
    found = {
        person
        for finding in reached.resolution.findings
        for rows in finding.rows
        if in_scope(finding.map.tables[rows.table], organisations)
        for person in rows.persons
    }
    waiting = {one.person for one in reached.resolution.candidates}
    groups: dict[RequestKind, list[int]] = {}
    for number, intake in enumerate(intakes):
        kind = intake.claims[0].kind
        if number not in waiting and (number in found or kind in _SAYS_SOMETHING):
            groups.setdefault(kind, []).append(number)
    return [
        _Group(kind, members[start : start + size])
        for kind, members in groups.items()
        for size in (len(members) if kind in ENDING | AMENDING else MAX_OWNERS,)
        for start in range(0, len(members), size)
    ]


def _part(findings: Sequence[Finding], members: Sequence[int], people: int) -> list[Finding]:
    """The findings of some members of the batch, numbered anew."""
    if len(members) == people:
        return list(findings)
    number = {member: position for position, member in enumerate(members)}
    parts = []
    for finding in findings:
        kept = []
        for rows in finding.rows:
            pairs = [
                (number[person], key) for person, key in zip(rows.persons, rows.keys, strict=True) if person in number
            ]
            if pairs:
                kept.append(Rows(rows.table, [person for person, _ in pairs], [key for _, key in pairs]))
        parts.append(Finding(map=finding.map, rows=kept))
    return parts


def _write(
    prepared: Sequence[Prepared],
    groups: Sequence[_Group],
    reached: Reached,
    *,
    scope: Scope,
    decider: Scope,
    at: datetime,
    acts: Acts,
) -> list[runs.Intended]:
    """Step 2, inside the caller's transaction."""
    requests = [one.request for one in prepared]
    claims = [one.claims[0] for one in prepared]
    for request in requests:
        request.state, request.complete_on = RequestState.VERIFIED, at.date()
        request.verified_by, request.verified_at = scope.actor, at
    searched = note_search(requests, reached, at=at, acts=acts)
    carried = {member: group for group in groups for member in group.members}
    for number, claim in enumerate(claims):
        claim.state = ClaimState.ASSESSING
        if number in carried:
            changes = carried[number].kind in ENDING | AMENDING
            claim.state = ClaimState.CARRYING_OUT if changes else ClaimState.READING_BACK
        elif not searched[number].rows and not searched[number].candidates and not searched[number].slips:
            claim.state = ClaimState.NOT_HELD
        if claim.state is not ClaimState.ASSESSING:
            claim.decided_by, claim.decided_at = decider.actor, at
    intended = []
    organisation = requests[0].organisation
    span = {"first": requests[0].number, "last": requests[-1].number}
    acts.add("requests.submitted", organisation=organisation, requests=len(requests), **span)
    states = Counter(claim.state for claim in claims)
    decided = Acts(actor=decider.actor, at=at)
    decided.add(
        "claims.decided",
        organisation=organisation,
        approved=len(carried),
        not_held=states[ClaimState.NOT_HELD],
        waiting=states[ClaimState.ASSESSING],
        **span,
    )
    acts.take(decided)
    for group in groups:
        members = [claims[member] for member in group.members]
        if group.kind in ENDING | AMENDING:
            one = note_intent(members, group.planned, ring=reached.ring, at=at, acts=acts)
            intended.append(one)
            group.run = one.run.ref
        else:
            group.run = note_read(members, group.planned, group.collected, at=at, acts=acts)
        for claim in members:
            claim.run = group.run
    write(prepared)
    return intended
