"""What the desk's own pages read beside `queries`: candidates beside the person, plans before approval, work going on.

For this room's pages only. Whoever reads what people wrote works at the desk of the organisation.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from daicho.keys.queries import ring
from daicho.keys.ring import Ring
from daicho.law.grounds import RefusalGround
from daicho.law.kinds import KINDS, RequestKind
from daicho.people.queries import list_accounts, require_role
from daicho.people.rules import may_act
from daicho.register.queries import list_active_maps, list_stores
from daicho.register.reading import StoreRef
from daicho.rights.access import DESK
from daicho.rights.actions.carrying import dry_outcome, plan_claims
from daicho.rights.actions.watching import RUNNING, living
from daicho.rights.dispatch_rules import DispatchState
from daicho.rights.intake import Person, facts_from
from daicho.rights.models import CandidateDecision, Claim, Dispatch, SubjectRequest, Work
from daicho.rights.reading import (
    needs_search_again,
    not_found,
    open_candidates,
    paper_found,
    policy_of,
    require_desk_everywhere,
    sought_for,
)
from daicho.rights.rules import ClaimState, Standing, refusal_grounds, taken_in_by
from daicho.rights.saying import identity_word
from daicho.runs.queries import reach
from daicho.stores.port import Store
from daicho.subjects.rules import DOUBT_WORDS
from daicho.words.errors import NotAllowedError
from daicho.words.identity import TELLING, WeakKind, fold
from daicho.words.personal import Personal
from daicho.words.scope import Scope
from daicho.words.text import Text

OpenStore = Callable[[StoreRef], Store]

# ── names of places ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names of stores and tables, for what is recorded by code."""

    stores: Mapping[str, StoreRef]
    tables: Mapping[tuple[str, str], Text]
    columns: Mapping[tuple[str, str, str], Text]

    @property
    def mapped(self) -> list[str]:
        """Codes of the stores that a map in force reaches."""
        return sorted({store for store, _ in self.tables if not self.stores[store].is_paper})

    def store(self, code: str) -> Text:
        """The store's name."""
        return self.stores[code].name if code in self.stores else Text(code, code)

    def table(self, store: str, table: str) -> Text:
        """The table's label in the map in force; its own name when there is none."""
        return self.tables.get((store, table), Text(table, table))

    def until(self, store: str, table: str, words: str | None) -> Text | None:
        """``5 years from paid_on`` as it is said; anything else as the map has it."""
        years, _, column = (words or "").partition(" years from ")
        if not years.isdigit() or not column:
            return Text(words, words) if words else None
        start = self.columns.get((store, table, column.strip()), Text(column, column))
        return Text(f"{start.ja}から{years}年", f"{years} years from “{start.en}”")


def names_for(organisations: Sequence[str], *, scope: Scope) -> Names:
    """The names of what these organisations hold, as far as they lie within the scope."""
    organisations = [one for one in organisations if scope.allows(one)]
    try:
        maps = list_active_maps(scope=scope, organisations=organisations)
    except NotAllowedError:  # a map waits for its confirmation: its tables go by their own names
        maps = []
    return Names(
        stores={one.code: one for one in list_stores(scope=scope, organisations=organisations)},
        tables={(one.store.code, name): table.label for one in maps for name, table in one.tables.items()},
        columns={
            (one.store.code, name, column.column): column.label
            for one in maps
            for name, table in one.tables.items()
            for column in table.columns.values()
        },
    )


# ── work going on ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkView:
    """Long work as the screen tells it. ``lost``: it told nothing for so long that it may be started again."""

    state: str
    lost: bool
    step: str
    done: int
    total: int
    stores: Sequence[Mapping[str, Any]]
    message: Text | None
    advice: Text | None
    started_by: str
    started_at: datetime


def find_work(number: str, task: str, *, scope: Scope) -> WorkView | None:
    """The newest work of that sort on a request."""
    row = Work.objects.filter(request__number=number, task=task, organisation__in=scope.organisations).first()
    if row is None:
        return None
    going_on = row.state == RUNNING
    return WorkView(
        state=row.state,
        lost=going_on and not living(row.request_id, task),
        step=row.step,
        done=row.done,
        total=row.total,
        stores=[{"code": code, **one} for code, one in row.told.items()],
        message=Text(**row.trouble["message"]) if row.trouble else None,
        advice=Text(**row.trouble["advice"]) if row.trouble else None,
        started_by=row.started_by,
        started_at=row.started_at,
    )


# ── who is asked about, and who might be meant ───────────────────────────────────────────────


class Alike(StrEnum):
    """How two values of one kind stand to each other, folded. Only a contradiction speaks against the person."""

    AGREES = "agrees"
    CONTRADICTS = "contradicts"
    DIFFERS = "differs"  # an address, a telephone: people have several, and change them
    ONE_SIDED = "one_sided"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One kind of identity, side by side: what the person gave, and what the row says."""

    name: Text
    ours: Sequence[str]
    theirs: str
    alike: Alike


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateView:
    """A row that was found and not proven; its ``lines`` are the same kinds for every candidate of a request.

    ``judged``: True same, False other, None open.
    """

    mark: str
    store: str
    table: str
    doubt: Text
    by: Sequence[Text]
    lines: Sequence[Comparison]
    judged: bool | None
    judged_by: str = ""


def compare_candidates(number: str, *, scope: Scope) -> tuple[Sequence[CandidateView], bool]:
    """The candidates of the newest search beside the verified identity; whether it has to be searched again."""
    row = _desk_request(number, scope)
    require_desk_everywhere([row], scope=scope)
    if not row.candidates:
        return [], bool(row.searched) and needs_search_again(row)
    known = _person_of(row).identities()
    judged = {one.mark: one for one in CandidateDecision.objects.filter(request=row)}
    plain = json.loads(ring().unseal(bytes(row.candidates), bound_to=f"candidates:{row.number}"))
    kinds = [
        kind
        for kind in dict.fromkeys([*known, *(kind for one in plain for kind in one["shown"])])
        if any(one["shown"].get(kind) for one in plain) or (known.get(kind) and kind in TELLING)
    ]
    found = []
    for one in plain:
        decision = judged.get(one["mark"])
        found.append(
            CandidateView(
                mark=one["mark"],
                store=one["store"],
                table=one["table"],
                doubt=DOUBT_WORDS[one["doubt"]],
                by=[identity_word(kind) for kind in one["by"]],
                lines=[
                    compare_kind(kind, one, known, hidden=row.support_measure and kind in _PLACES) for kind in kinds
                ],
                judged=decision.accepted if decision else None,
                judged_by=decision.decided_by if decision else "",
            )
        )
    return sorted(found, key=lambda one: one.judged is not None), needs_search_again(row)


#: What tells where somebody lives: under a support measure only whether it agrees is shown.
_PLACES: Final = frozenset({WeakKind.ADDRESS, WeakKind.POSTAL_CODE})
_HIDDEN: Final = "＊＊＊"


def compare_kind(
    kind: str, one: Mapping[str, Any], known: Mapping[str, tuple[str, ...]], *, hidden: bool
) -> Comparison:
    """One kind of a candidate beside the person: what the rules judged, else whether the folded values are the same."""
    ours, theirs = known.get(kind, ()), str(one["shown"].get(kind) or "")
    if kind in one["agreeing"]:
        alike = Alike.AGREES
    elif kind in one["disagreeing"]:
        alike = Alike.CONTRADICTS
    elif hidden or not (ours or theirs):
        alike = Alike.UNKNOWN
    elif not (ours and theirs):
        alike = Alike.ONE_SIDED
    else:
        alike = Alike.AGREES if fold(kind, theirs) in {fold(kind, value) for value in ours} else Alike.DIFFERS
    return Comparison(
        name=identity_word(kind),
        ours=(_HIDDEN,) if hidden else ours,
        theirs=_HIDDEN if hidden else theirs,
        alike=alike,
    )


def _desk_request(number: str, scope: Scope) -> SubjectRequest:
    row = SubjectRequest.objects.filter(number=number, organisation__in=scope.organisations).first()
    if row is None:
        raise not_found(number)
    require_role(scope, row.organisation, DESK)
    return row


def _person_of(row: SubjectRequest) -> Person:
    return facts_from(ring().unseal(bytes(row.facts), bound_to=f"request:{row.number}")).person


# ── deciding ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundChoice:
    """A ground as it can be chosen: its words with the article of the law day."""

    code: str
    words: Text
    partly: bool
    says_not_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the decision page needs of one claim beside its state. ``proposed``: what the facts suggest.

    ``wish``, ``values``, ``reason``, ``covering``: what people wrote; personal.
    """

    wish: Personal[str]
    evidence: Personal[str]
    values: Sequence[tuple[str, Personal[str]]]
    reason: Personal[str]
    covering: Personal[str]
    basis: Text | None
    grounds: Sequence[GroundChoice]
    cell_grounds: Sequence[GroundChoice]
    proposed: ClaimState
    why: Text
    withheld: int
    rows: int
    undecided: int
    open_slips: int
    search_again: bool

    @property
    def blocked(self) -> bool:
        """Whether something has to be done before a decision."""
        return bool(self.undecided or self.open_slips or self.search_again)


def claim_sheet(number: str, *, scope: Scope) -> Sheet:
    """One claim for the one who decides on it."""
    claim = Claim.objects.filter(number=number, organisation__in=scope.organisations).select_related("request").first()
    if claim is None:
        raise not_found(number)
    require_role(scope, claim.organisation, DESK)
    opened, kind, request = ring(), RequestKind(claim.kind), claim.request
    details = json.loads(opened.unseal(bytes(claim.details), bound_to=f"claim:{claim.number}"))
    standing = _standing(claim, request, scope=scope)
    proposed, why = propose(standing)
    return Sheet(
        wish=Personal(details.get("wish") or "", "wish"),
        evidence=Personal(details.get("evidence") or "", "evidence"),
        values=[(what, Personal(value, "correction")) for what, value in details["values"].items()],
        reason=Personal(_open(opened, claim.reason, f"reason:{claim.number}"), "reason"),
        covering=Personal(_open(opened, claim.covering, f"covering:{claim.number}"), "covering"),
        basis=_basis(kind, claim.basis, request.law_on),
        grounds=[_choice(one, request.law_on) for one in refusal_grounds(standing)],
        cell_grounds=[
            _choice(one, request.law_on)
            for one in KINDS[RequestKind.DISCLOSURE].refusals_on(request.law_on)
            if one.partly
        ],
        proposed=proposed,
        why=why,
        withheld=sum(1 for ground in claim.cells.values() if ground != "show"),
        rows=standing.rows,
        undecided=standing.undecided,
        open_slips=standing.open_slips,
        search_again=needs_search_again(request),
    )


def _open(opened: Ring, sealed: bytes | memoryview, place: str) -> str:
    return str(opened.unseal(bytes(sealed), bound_to=place).decode()) if sealed else ""


def _basis(kind: RequestKind, code: str, on: date) -> Text | None:
    return next((one.words for one in KINDS[kind].bases_on(on) if one.code == code), None)


def _choice(one: RefusalGround, on: date) -> GroundChoice:
    citation = one.find_citation(on=on)
    words = one.words
    if citation is not None:
        words = Text(f"{citation.text.ja}　{words.ja}", f"{citation.text.en}: {words.en}")
    return GroundChoice(code=one.code, words=words, partly=one.partly, says_not_held=one.says_not_held)


def _standing(claim: Claim, request: SubjectRequest, *, scope: Scope) -> Standing:
    open_slips, on_paper = paper_found(request, scope=scope)
    return Standing(
        kind=RequestKind(claim.kind),
        rows=sum(sum(tables.values()) for tables in request.searched.get("stores", {}).values()),
        undecided=len(open_candidates(request)),
        open_slips=open_slips,
        found_on_paper=on_paper,
        taken_in_by=taken_in_by(registered_by=request.registered_by, verified_by=request.verified_by),
        decider=scope.actor,
        law_on=request.law_on,
        mark_holder=policy_of(request).privacy_mark is not None,
        withheld=any(value != "show" for value in claim.cells.values()),
    )


_ANYHOW: Final = frozenset(
    {
        RequestKind.SUSPEND_USE,
        RequestKind.STOP_PROVISION,
        RequestKind.RECORD_DISCLOSURE,
        RequestKind.ERASE,
        RequestKind.DELETION,
    }
)


def propose(standing: Standing) -> tuple[ClaimState, Text]:
    """What the facts suggest, for a human to take or leave; and why."""
    found = standing.rows + standing.found_on_paper
    if standing.withheld:
        return ClaimState.PARTLY, Text("不開示とした項目があります", "some cells are withheld")
    if found:
        return ClaimState.APPROVED, Text(f"記録が {found:,} 件見つかっています", f"{found:,} row(s) were found")
    if standing.kind in _ANYHOW:
        return ClaimState.APPROVED, Text(
            "記録は見つかっていませんが、応じることに意味のある請求です",
            "nothing was found, yet granting it means something for this kind",
        )
    return ClaimState.NOT_HELD, Text("どの保管先にも記録がありません", "no store holds anything")


def deciders(addressed: Sequence[str], *, besides: str, scope: Scope) -> Sequence[str]:
    """Names of who may decide on a request to these organisations that ``besides`` took in, as far as the scope sees."""
    return [
        account.display_name
        for account in list_accounts(scope=scope)
        if account.is_active
        and account.code != besides
        and all(may_act(account.roles.get(one, ()), DESK) for one in addressed)
    ]


def preview_plan(number: str, *, scope: Scope, at: datetime, open_store: OpenStore) -> Sequence[Mapping[str, Any]]:
    """What carrying out one claim would do, per store and table, asked of the stores now; nothing is written.

    Raises:
        StoreError, JudgementError: as carrying it out would.
    """
    claim = Claim.objects.filter(number=number, organisation__in=scope.organisations).select_related("request").first()
    if claim is None:
        raise not_found(number)
    require_role(scope, claim.organisation, DESK)
    require_desk_everywhere([claim.request], scope=scope)
    reached = reach(
        sought_for([claim.request], until=[claim.decided_at]),
        organisations=frozenset(claim.request.addressed),
        scope=scope,
        open_store=open_store,
        search=bool(claim.request.searched.get("by_name")),
    )
    (planned,) = dry_outcome([claim], plan_claims([claim], reached, at=at))
    return planned.outcome


# ── what a search left open ──────────────────────────────────────────────────────────────────


def search_left(number: str, *, scope: Scope) -> tuple[int, bool]:
    """(candidates that no human judged, whether one was judged since the newest search)."""
    row = SubjectRequest.objects.filter(number=number, organisation__in=scope.organisations).first()
    return (len(open_candidates(row)), needs_search_again(row)) if row else (0, False)


# ── letters on their way ─────────────────────────────────────────────────────────────────────

#: Where a letter waits, by the state of its newest envelope; no envelope at all waits to be enclosed.
_WAITS: Final[Mapping[DispatchState | None, str]] = {
    None: "enclose",
    DispatchState.REJECTED: "enclose",
    DispatchState.ENCLOSED: "check",
    DispatchState.CHECKED: "send",
    DispatchState.RETURNED: "returned",
}


def letters_waiting(number: str, letters: Sequence[str], *, scope: Scope) -> Mapping[str, int]:
    """How many of these letters wait for what (``enclose``, ``check``, ``send``, ``returned``), the least advanced first."""
    rows = Dispatch.objects.filter(request__number=number, organisation__in=scope.organisations, letter__in=letters)
    newest = dict(rows.order_by("pk").values_list("letter", "state"))
    here = Counter(_WAITS.get(DispatchState(newest[one]) if one in newest else None) for one in set(letters))
    return {part: here[part] for part in dict.fromkeys(_WAITS.values()) if here[part]}
