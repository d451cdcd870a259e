"""決定の前に: the rows a claim is about, and its letter as it would be. Read live; nothing is written or kept.

Who decides sees what the decision is about: the second person of the four eyes does not approve counts.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from daicho.keys.queries import ring
from daicho.law.kinds import RequestKind
from daicho.letters.press import render
from daicho.people.queries import require_role
from daicho.register.reading import ColumnRule, Disclose, Rpd, StoreRef
from daicho.rights.access import DESK
from daicho.rights.actions.answering import covering_of
from daicho.rights.actions.carrying import dry_outcome, plan_claims
from daicho.rights.actions.issuing import OutFile
from daicho.rights.case import Case, CaseClaim
from daicho.rights.dossier import answer_of, case_of
from daicho.rights.models import Claim, SubjectRequest
from daicho.rights.papers import answer_letter, disclosed_records
from daicho.rights.reading import not_found, require_desk_everywhere, sought_for
from daicho.rights.rules import ClaimState
from daicho.runs.marks import row_mark
from daicho.runs.queries import Reached, reach
from daicho.runs.rules import holds_provision_records
from daicho.stores.plan import Rows, TablePlan
from daicho.stores.port import Store
from daicho.words.errors import NotAllowedError
from daicho.words.identity import WeakKind
from daicho.words.personal import Personal
from daicho.words.scope import Scope
from daicho.words.text import Text

OpenStore = Callable[[StoreRef], Store]
#: Rows a page shows at once.
MOST_ROWS: Final = 100
_SHOWN: Final = frozenset({RequestKind.DISCLOSURE, RequestKind.RECORD_DISCLOSURE})
_NUMBER: Final = "見本 SAMPLE"
_PLACES: Final = frozenset({WeakKind.ADDRESS, WeakKind.POSTAL_CODE})


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCell:
    """One column of a row. ``value``: None where it is not read here: withheld by the map, or hidden.

    ``review``: a reviewer decides on it; ``decision``: ``show``, a ground, or empty.
    """

    label: Text
    value: Personal[Any] | None
    review: bool = False
    decision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRow:
    """One row of the person. ``judged_by``: who judged it to be the person's, where no rule proved it."""

    store: str
    table: Text
    holding: Text
    entrusted: bool
    cells: tuple[FoundCell, ...]
    judged_by: str = ""


def list_found_rows(number: str, *, scope: Scope, open_store: OpenStore) -> Iterator[FoundRow]:
    """Every row that a claim is about, column by column, as it stands in the stores now.

    Raises:
        NotAllowedError: the caller does not work at the desk of every company addressed.
        StoreError: a store cannot be searched.
    """
    claim = _claim_of(number, scope)
    request, kind = claim.request, RequestKind(claim.kind)
    reached = _reach(claim, scope=scope, open_store=open_store)
    opened = ring()
    judged = dict(request.decisions.filter(accepted=True).values_list("mark", "decided_by"))
    for finding, store in zip(reached.resolution.findings, reached.stores, strict=True):
        code = finding.map.store.code
        for rows in finding.rows:
            rules = finding.map.tables[rows.table]
            if kind is RequestKind.RECORD_DISCLOSURE and not holds_provision_records(rules):
                continue
            columns = [one for one in rules.columns.values() if not one.technical]
            hidden = _places(finding.map.plan.table(rows.table)) if request.support_measure else frozenset()
            read = [one.column for one in columns if one.disclose is not Disclose.WITHHOLD and one.column not in hidden]
            for record in store.read(finding.map.plan, [rows], {rows.table: read}):
                mark = row_mark(opened, code, rows.table, record.key)
                yield FoundRow(
                    store=code,
                    table=rules.label,
                    holding=rules.holding.name,
                    entrusted=rules.holding.rpd is Rpd.ENTRUSTED,
                    cells=tuple(
                        _cell(one, record.values, claim.cells.get(f"{mark}.{one.column}", "")) for one in columns
                    ),
                    judged_by=judged.get(mark, ""),
                )


def _cell(column: ColumnRule, values: Mapping[str, Any], decision: str) -> FoundCell:
    if column.column not in values:
        return FoundCell(label=column.label, value=None)
    value = values[column.column]
    return FoundCell(
        label=column.label,
        value=Personal(value, column.item or column.column),
        review=column.disclose is Disclose.REVIEW and value not in (None, ""),
        decision=decision,
    )


def _places(table: TablePlan) -> frozenset[str]:
    """Columns that tell where somebody lives: under a support measure they are not shown beside the decision."""
    return frozenset(name for one in table.identities if one.kind in _PLACES for name in one.columns)


# ── the letter as it would be ────────────────────────────────────────────────────────────────


def preview_letter(
    number: str, decision: ClaimState, *, ground: str, reason: str, scope: Scope, at: datetime, open_store: OpenStore
) -> OutFile:
    """The answer as it would read if the claim were decided so and carried out now; a sample without a number.

    What it says was done is what the plan foresees: the letter that is issued says what reading back confirmed.

    Raises:
        NotAllowedError: the claim is not being assessed.
        StoreError, JudgementError: as carrying it out would.
    """
    claim = _claim_of(number, scope)
    request = claim.request
    if claim.state != ClaimState.ASSESSING:
        raise NotAllowedError(
            Text("検討中の請求ではありません。", "The claim is not being assessed."),
            advice=Text(
                "決定後は「回答と発送」で一式を確かめてください。", "Once decided, see the pack under “Answer”."
            ),
        )
    case = case_of(request, scope=scope, at=at)
    claim.state, claim.ground, claim.decided_at = decision, ground, at  # in memory only: it is never saved
    outcome: list[dict[str, Any]] = []
    raw: list[dict[str, Any]] = []
    if decision in {ClaimState.APPROVED, ClaimState.PARTLY}:
        reached = _reach(claim, scope=scope, open_store=open_store)
        planned = plan_claims([claim], reached, at=at)
        (told,) = dry_outcome([claim], planned)
        outcome = [{**one, "state": "confirmed", "read_back": one["found"]} for one in told.outcome]
        if RequestKind(claim.kind) in _SHOWN:
            opened = ring()
            raw = [
                line
                for one in planned
                for rows in one.rows
                for line in _lines(one.store, one.map, rows, one.columns[rows.table], opened)
            ]
    answer = replace(answer_of(claim, scope=scope), state=decision, ground=ground, reason=reason, outcome=outcome)
    case = _as_decided(case, claim, decision)
    records = list(disclosed_records(case, answer, raw, undecided=lambda _mark: None))
    letter = replace(answer_letter(case, answer, _NUMBER, records=records), covering=covering_of(claim))
    return OutFile(name=f"{number}-preview.pdf", content=render(letter).pdf)


def _lines(store: Store, a_map: Any, rows: Rows, columns: list[str], opened: Any) -> Iterator[dict[str, Any]]:
    """Rows as a data file would have them (`daicho.runs.collecting`)."""
    for record in store.read(a_map.plan, [rows], {rows.table: columns}):
        mark = row_mark(opened, a_map.store.code, rows.table, record.key)
        values = json.loads(json.dumps(record.values, ensure_ascii=False, default=_text))
        yield {"s": a_map.store.code, "m": a_map.code, "t": rows.table, "r": mark, "v": values}


def _text(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def _as_decided(case: Case, claim: Claim, decision: ClaimState) -> Case:
    """The other letters' view of this claim, had it been decided so."""
    claims = tuple(
        CaseClaim(number=one.number, kind=one.kind, refused=decision is ClaimState.REFUSED)
        if one.number == claim.number
        else one
        for one in case.claims
    )
    return replace(case, claims=claims)


# ── reaching ─────────────────────────────────────────────────────────────────────────────────


def _claim_of(number: str, scope: Scope) -> Claim:
    claim = Claim.objects.filter(number=number, organisation__in=scope.organisations).select_related("request").first()
    if claim is None:
        raise not_found(number)
    require_role(scope, claim.organisation, DESK)
    require_desk_everywhere([claim.request], scope=scope)
    return claim


def _reach(claim: Claim, *, scope: Scope, open_store: OpenStore) -> Reached:
    request: SubjectRequest = claim.request
    return reach(
        sought_for([request]),
        organisations=frozenset(request.addressed),
        scope=scope,
        open_store=open_store,
        search=bool(request.searched.get("by_name")),
    )
