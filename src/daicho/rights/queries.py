"""What the doors may ask about requests: lists, one case, candidates, cells to review, the year's ledger."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast

from daicho.keys.queries import ring
from daicho.keys.ring import Ring
from daicho.law.kinds import KINDS, Requester, RequestKind
from daicho.people.queries import readable, require_reader, require_role
from daicho.register.reading import Disclose, StoreRef
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.actions.issuing import PACK
from daicho.rights.dossier import local_day
from daicho.rights.intake import facts_from
from daicho.rights.ledger import LedgerClaim, LedgerLetter, LedgerMoney, LedgerPaper, LedgerRequest
from daicho.rights.models import Claim, IssuedLetter, SubjectRequest
from daicho.rights.reading import lacks, not_found, open_candidates, policy_of, require_desk_everywhere, sought_for
from daicho.rights.rules import CLAIM_ENDS, REQUEST_ENDS, ClaimState, Missing, RequestState
from daicho.rights.saying import say_left
from daicho.rights.standings import outcomes_of, still_open
from daicho.runs.marks import row_mark
from daicho.runs.planning import plan_purpose
from daicho.runs.queries import SlipView, list_slips, reach
from daicho.stores.port import Store
from daicho.words.errors import NotAllowedError
from daicho.words.personal import Personal
from daicho.words.scope import Scope
from daicho.words.text import Text

_CHUNK: Final = 1_000


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

    @property
    def left(self) -> list[Text]:
        """What is still open, in words."""
        return [say_left(code) for code in self.still_open]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """One request, without anything that people wrote: that stays sealed."""

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
    promised_on: date | None
    support_measure: bool
    registered_by: str
    registered_at: datetime
    assigned_to: str
    duplicate_of: str
    verified_by: str
    verified_at: datetime | None
    closed_at: datetime | None
    envelope: Mapping[str, Any]
    method: str
    policy_digest: str
    law_on: date
    searched: dict[str, Any]
    claims: Sequence[ClaimView]
    documents: Sequence[Mapping[str, Any]] = field(default_factory=list)
    fees: Sequence[Mapping[str, Any]] = field(default_factory=list)
    letters: Sequence[Mapping[str, Any]] = field(default_factory=list)
    slips: Sequence[SlipView] = ()
    missing: Sequence[Text] = ()
    lacking: Sequence[Missing] = ()


def get_request(number: str, *, scope: Scope, on: date) -> RequestView:
    """One case whole; a claim's number finds its request."""
    row = (
        SubjectRequest.objects.filter(number=number, organisation__in=scope.organisations).first()
        or SubjectRequest.objects.filter(claims__number=number, organisation__in=scope.organisations).first()
    )
    if row is None:
        raise not_found(number)
    require_reader(scope, row.organisation, LOOKERS)
    claims = list(row.claims.order_by("pk"))
    outcomes = outcomes_of(claims, scope=scope)
    left = still_open(claims, outcomes, scope=scope)
    missing, _, _ = lacks(row, policy_of(row), on=on)
    return RequestView(
        **_head(row),
        claims=[
            _claim(
                claim,
                outcomes[claim.number],
                left[claim.number] if claim.state in {ClaimState.READING_BACK, ClaimState.NOT_HELD} else (),
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
                "cancelled_why",
            )
        ),
        fees=list(
            row.fees.order_by("pk").values(
                "ref",
                "instrument",
                "face_value",
                "number",
                "issued_on",
                "expires_on",
                "cashed_on",
                "returned_on",
                "cancelled_why",
            )
        ),
        letters=list(
            row.letters.exclude(kind=PACK)
            .order_by("pk")
            .values("number", "claim", "kind", "pages", "sha256", "issued_at", "replaces")
        ),
        slips=list_slips(owners=[row.number, *(claim.number for claim in claims)], scope=scope),
        missing=[one.said for one in missing] if row.state not in REQUEST_ENDS else (),
        lacking=missing,
    )


def list_requests(
    *,
    scope: Scope,
    state: RequestState | None = None,
    year: int | None = None,
    only_open: bool = False,
    before: str = "",
    limit: int = 50,
    offset: int = 0,
) -> Sequence[RequestView]:
    """Requests, newest first, without outcomes, papers, money and letters; ``before``: older ones than this number."""
    rows = SubjectRequest.objects.filter(organisation__in=readable(scope, LOOKERS)).prefetch_related("claims")
    if state is not None:
        rows = rows.filter(state=state)
    if year is not None:
        rows = rows.filter(arrived_on__year=year)
    if only_open:
        rows = rows.exclude(state__in=REQUEST_ENDS)
    if before:
        rows = rows.filter(pk__lt=SubjectRequest.objects.filter(number=before).values("pk"))
    found = rows.order_by("-pk")[offset : offset + limit]
    return [RequestView(**_head(row), claims=[_claim(claim) for claim in row.claims.all()]) for row in found]


def _head(row: SubjectRequest) -> dict[str, Any]:
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
        "promised_on": row.promised_on,
        "support_measure": row.support_measure,
        "registered_by": row.registered_by,
        "registered_at": row.registered_at,
        "assigned_to": row.assigned_to,
        "duplicate_of": row.duplicate_of,
        "verified_by": row.verified_by,
        "verified_at": row.verified_at,
        "closed_at": row.closed_at,
        "envelope": row.envelope,
        "method": row.method,
        "policy_digest": row.policy_digest,
        "law_on": row.law_on,
        "searched": row.searched,
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


def organisation_of(number: str, *, scope: Scope) -> str:
    """The organisation that a request is addressed to first.

    Raises:
        NotFoundError: there is none, or it is foreign to ``scope``: one answer for both.
    """
    rows = SubjectRequest.objects.filter(number=number, organisation__in=scope.organisations)
    found = rows.values_list("organisation", flat=True).first()
    if found is None:
        raise not_found(number)
    return found


def list_candidates(number: str, *, scope: Scope) -> Sequence[Personal[dict[str, Any]]]:
    """Rows that were found and not proven, for the human who compares them with the verified identity."""
    row = SubjectRequest.objects.filter(number=number, organisation__in=scope.organisations).first()
    if row is None:
        raise not_found(number)
    require_role(scope, row.organisation, DESK)
    require_desk_everywhere([row], scope=scope)
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
    require_role(scope, claim.organisation, DESK)
    require_desk_everywhere([claim.request], scope=scope)
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


# ── the year's ledger, and slips ─────────────────────────────────────────────────────────────


def list_ledger(
    year: int,
    *,
    scope: Scope,
    organisations: frozenset[str] | None = None,
    names: bool = True,
    numbers: Collection[str] | None = None,
) -> list[LedgerRequest]:
    """The requests that arrived in a year, for the ledger: a fixed number of statements for every thousand of them.

    Args:
        organisations: only requests addressed to one of these (default: all of the scope).
        names: whether it says who asked; without, no sealed fact is opened.
        numbers: only these requests.
    """
    return list(walk_ledger(year, scope=scope, organisations=organisations, names=names, numbers=numbers))


def walk_ledger(
    year: int,
    *,
    scope: Scope,
    organisations: frozenset[str] | None = None,
    names: bool = True,
    numbers: Collection[str] | None = None,
) -> Iterator[LedgerRequest]:
    """As `list_ledger`, a thousand in memory at a time."""
    rows = ledger_requests(year, scope=scope, organisations=organisations)
    if numbers is not None:
        rows = rows.filter(number__in=numbers)
    rows = rows.defer("candidates", *(() if names else ("facts",))).prefetch_related(
        Prefetch("claims", Claim.objects.defer("details", "reason", "covering")),
        "documents",
        "fees",
        Prefetch("letters", IssuedLetter.objects.defer("wrapped_key")),
    )
    opened = ring() if names else None
    walked = iter(rows.order_by("arrived_on", "pk").iterator(chunk_size=_CHUNK))
    while chunk := list(islice(walked, _CHUNK)):
        slips: dict[str, list[SlipView]] = {}
        for slip in list_slips(owners=[row.number for row in chunk], scope=scope):
            if slip.task == "search":
                slips.setdefault(slip.owner, []).append(slip)
        for row in chunk:
            yield _ledger_request(row, slips.get(row.number, []), opened)


def ledger_requests(
    year: int, *, scope: Scope, organisations: frozenset[str] | None = None
) -> QuerySet[SubjectRequest]:
    """The rows behind the ledger of a year: what arrived then, addressed to one of the organisations; for this room."""
    wanted = _in_ledger(year, "", scope=scope, organisations=organisations)
    return SubjectRequest.objects.alias(told=Cast("addressed", TextField())).filter(wanted)


def ledger_claims(year: int, *, scope: Scope, organisations: frozenset[str]) -> QuerySet[Claim]:
    """The claims of `ledger_requests`."""
    wanted = _in_ledger(year, "request__", scope=scope, organisations=organisations)
    return Claim.objects.alias(told=Cast("request__addressed", TextField())).filter(wanted)


def _in_ledger(year: int, request: str, *, scope: Scope, organisations: frozenset[str] | None) -> Q:
    first, last = date(year, 1, 1), date(year, 12, 31)
    wanted = Q((f"{request}organisation__in", readable(scope, DESK)), (f"{request}arrived_on__range", (first, last)))
    if organisations is None:
        return wanted
    # A request belongs to the first company it is addressed to; only of the others the list must be read. Codes are
    # plain words, so one stands in the list exactly if it stands there in quotes; both databases can look.
    named = [Q(told__contains=f'"{code}"') for code in sorted(organisations)]
    return wanted & reduce(or_, named, Q((f"{request}organisation__in", sorted(organisations))))


def _ledger_request(row: SubjectRequest, slips: Sequence[SlipView], opened: Ring | None) -> LedgerRequest:
    stores = row.searched.get("stores", {})
    return LedgerRequest(
        number=row.number,
        organisation=row.organisation,
        addressed=tuple(row.addressed),
        policy=policy_of(row),
        law_on=row.law_on,
        arrived_on=row.arrived_on,
        complete_on=row.complete_on,
        verified_on=local_day(row.verified_at),
        closed_on=local_day(row.closed_at),
        channel=row.channel,
        method=row.method,
        requester_kind=Requester(row.requester),
        requester=_who_asked(row, opened) if opened else None,
        searched=len(stores) + len(slips),
        found=sum(1 for tables in stores.values() if tables) + sum(1 for slip in slips if slip.answer == "found"),
        claims=[
            LedgerClaim(
                number=claim.number,
                kind=RequestKind(claim.kind),
                state=ClaimState(claim.state),
                ground=claim.ground,
                cell_grounds=frozenset(ground for ground in claim.cells.values() if ground != "show"),
                decided_by=claim.decided_by,
                decided_on=local_day(claim.decided_at),
                answered_on=local_day(claim.answered_at),
            )
            for claim in sorted(row.claims.all(), key=lambda claim: claim.pk)
        ],
        papers=[
            LedgerPaper(
                kind=paper.kind,
                paper=paper.paper,
                accepted=paper.accepted,
                dispose_on=paper.dispose_on,
                disposed_on=paper.disposed_on,
                disposed_how=paper.disposed_how,
            )
            for paper in row.documents.all()
            if not paper.cancelled_why
        ],
        money=[
            LedgerMoney(face_value=money.face_value, returned_on=money.returned_on)
            for money in row.fees.all()
            if not money.cancelled_why
        ],
        letters=[
            LedgerLetter(claim=letter.claim, kind=letter.kind, issued_on=local_day(letter.issued_at) or row.arrived_on)
            for letter in row.letters.all()
            if letter.kind != PACK
        ],
    )


def _who_asked(row: SubjectRequest, opened: Ring) -> Personal[str]:
    facts = facts_from(opened.unseal(bytes(row.facts), bound_to=f"request:{row.number}"))
    name = facts.person.name if facts.agent is None else f"{facts.person.name}（{facts.agent.name}）"
    return Personal(name, "name")
