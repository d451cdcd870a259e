"""What the doors may ask about requests: lists, one case, candidates, cells to review, the year's ledger."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from daicho.keys.queries import ring
from daicho.law.kinds import KINDS, RequestKind
from daicho.register.reading import Disclose, StoreRef
from daicho.rights.actions.carrying import outcome_of, still_open
from daicho.rights.actions.issuing import PACK
from daicho.rights.actions.receiving import lacks, not_found, policy_of
from daicho.rights.actions.searching import open_candidates, sought_for
from daicho.rights.intake import Facts, facts_from
from daicho.rights.models import Claim, SubjectRequest
from daicho.rights.rules import CLAIM_ENDS, ClaimState, RequestState
from daicho.runs.marks import row_mark
from daicho.runs.planning import plan_purpose
from daicho.runs.queries import SlipView, list_slips, reach
from daicho.stores.port import Store
from daicho.words.errors import NotAllowedError
from daicho.words.personal import Personal
from daicho.words.scope import Scope
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """One claim; ``outcome`` as `daicho.runs.queries.outcomes_for` gives it."""

    number: str
    kind: RequestKind
    basis: str
    state: ClaimState
    ground: str
    decided_by: str
    decided_at: datetime | None
    run: str
    outcome: Sequence[dict[str, Any]]
    answered_at: datetime | None
    still_open: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """One request without what people wrote; ``facts`` is opened only by who needs it."""

    number: str
    organisation: str
    addressed: Sequence[str]
    person: str
    state: RequestState
    channel: str
    requester: str
    language: str
    arrived_on: date
    complete_on: date | None
    target_on: date
    gate_on: date | None
    cure_on: date | None
    support_measure: bool
    registered_by: str
    verified_by: str
    closed_at: datetime | None
    searched: dict[str, Any]
    claims: Sequence[ClaimView]
    facts: Personal[Facts]
    documents: Sequence[Mapping[str, Any]] = field(default_factory=list)
    fees: Sequence[Mapping[str, Any]] = field(default_factory=list)
    letters: Sequence[Mapping[str, Any]] = field(default_factory=list)
    slips: Sequence[SlipView] = ()
    missing: Sequence[Text] = ()


def get_request(number: str, *, scope: Scope, on: date) -> RequestView:
    """One case whole; a claim's number finds its request."""
    row = (
        SubjectRequest.objects.filter(number=number, organisation__in=scope.organisations).first()
        or SubjectRequest.objects.filter(claims__number=number, organisation__in=scope.organisations).first()
    )
    if row is None:
        raise not_found(number)
    claims = list(row.claims.order_by("pk"))
    missing, _, _ = lacks(row, policy_of(row), on=on)
    return RequestView(
        **_head(row),
        claims=[
            _claim(
                claim,
                outcome_of(claim, scope=scope),
                still_open(claim, scope=scope) if claim.state == ClaimState.READING_BACK else (),
            )
            for claim in claims
        ],
        documents=list(
            row.documents.order_by("pk").values(
                "ref",
                "kind",
                "of",
                "paper",
                "accepted",
                "masked",
                "issued_on",
                "place",
                "dispose_on",
                "disposed_on",
                "disposed_how",
            )
        ),
        fees=list(
            row.fees.order_by("pk").values(
                "ref", "instrument", "face_value", "number", "issued_on", "expires_on", "cashed_on", "returned_on"
            )
        ),
        letters=list(
            row.letters.exclude(kind=PACK)
            .order_by("pk")
            .values("number", "claim", "kind", "pages", "sha256", "issued_at")
        ),
        slips=list_slips(owners=[row.number, *(claim.number for claim in claims)], scope=scope),
        missing=[one.what for one in missing] if row.state not in {RequestState.CLOSED, RequestState.WITHDRAWN} else (),
    )


def list_requests(
    *,
    scope: Scope,
    state: RequestState | None = None,
    year: int | None = None,
    only_open: bool = False,
    limit: int = 50,
    offset: int = 0,
) -> Sequence[RequestView]:
    """Requests, newest first, without outcomes, papers, money and letters."""
    rows = SubjectRequest.objects.filter(organisation__in=scope.organisations).prefetch_related("claims")
    if state is not None:
        rows = rows.filter(state=state)
    if year is not None:
        rows = rows.filter(arrived_on__year=year)
    if only_open:
        rows = rows.exclude(state__in=[RequestState.CLOSED, RequestState.WITHDRAWN])
    found = rows.order_by("-pk")[offset : offset + limit]
    return [RequestView(**_head(row), claims=[_claim(claim) for claim in row.claims.all()]) for row in found]


def _head(row: SubjectRequest) -> dict[str, Any]:
    sealed = bytes(row.facts)

    return {
        "number": row.number,
        "organisation": row.organisation,
        "addressed": row.addressed,
        "person": row.person,
        "state": RequestState(row.state),
        "channel": row.channel,
        "requester": row.requester,
        "language": row.language,
        "arrived_on": row.arrived_on,
        "complete_on": row.complete_on,
        "target_on": row.target_on,
        "gate_on": row.gate_on,
        "cure_on": row.cure_on,
        "support_measure": row.support_measure,
        "registered_by": row.registered_by,
        "verified_by": row.verified_by,
        "closed_at": row.closed_at,
        "searched": row.searched,
        "facts": Personal(facts_from(ring().unseal(sealed, bound_to=f"request:{row.number}")), "request"),
    }


def _claim(row: Claim, outcome: Sequence[dict[str, Any]] = (), left: Sequence[str] = ()) -> ClaimView:
    return ClaimView(
        number=row.number,
        kind=RequestKind(row.kind),
        basis=row.basis,
        state=ClaimState(row.state),
        ground=row.ground,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        run=row.run,
        outcome=outcome,
        answered_at=row.answered_at,
        still_open=left,
    )


def list_candidates(number: str, *, scope: Scope) -> Sequence[Personal[dict[str, Any]]]:
    """Rows that were found and not proven, for the human who compares them with the verified identity."""
    row = SubjectRequest.objects.filter(number=number, organisation__in=scope.organisations).first()
    if row is None:
        raise not_found(number)
    return [Personal(one, "candidate") for one in open_candidates(row)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell that the map leaves to a reviewer; ``decision``: ``show``, a ground, or empty."""

    mark: str
    store: str
    table: Text
    label: Text
    value: Personal[Any]
    decision: str


def review_cells(number: str, *, scope: Scope, at: datetime, open_store: Callable[[StoreRef], Store]) -> Iterator[Cell]:
    """The cells of a disclosure that a reviewer decides, read live from the stores; nothing is kept.

    Raises:
        NotAllowedError: the claim is not a disclosure being assessed.
    """
    claim = Claim.objects.filter(number=number, organisation__in=scope.organisations).select_related("request").first()
    if claim is None:
        raise not_found(number)
    kind = RequestKind(claim.kind)
    if kind not in {RequestKind.DISCLOSURE, RequestKind.RECORD_DISCLOSURE} or claim.state in CLAIM_ENDS:
        raise NotAllowedError(
            Text("開示の請求ではありません。", f"{KINDS[kind].name.en} is no disclosure."),
            advice=Text("開示の請求番号を指定してください。", "Name a claim for disclosure."),
        )
    request = claim.request
    organisations = frozenset(request.addressed)
    reached = reach(
        sought_for([request]),
        organisations=organisations,
        scope=scope,
        open_store=open_store,
        search=bool(request.searched.get("by_name")),
    )
    opened = ring()
    for one in plan_purpose(
        kind, reached.resolution.findings, reached.stores, organisations=organisations, on=at.date()
    ):
        for rows in one.rows:
            rules = one.map.tables[rows.table]
            columns = [
                column
                for column in rules.columns.values()
                if column.disclose is Disclose.REVIEW and not column.technical
            ]
            if not columns:
                continue
            names = [column.column for column in columns]
            for record in one.store.read(one.map.plan, [rows], {rows.table: names}):
                row = row_mark(opened, one.map.store.code, rows.table, record.key)
                for column in columns:
                    value = record.values[column.column]
                    if value in (None, ""):
                        continue
                    mark = f"{row}.{column.column}"
                    yield Cell(
                        mark=mark,
                        store=one.map.store.code,
                        table=rules.label,
                        label=column.label,
                        value=Personal(value, column.item or column.column),
                        decision=claim.cells.get(mark, ""),
                    )
