"""What other rooms read of the register.

A request must be answered in milliseconds, so documents are parsed and maps compiled once for each
state of the register and kept in the process; one small row says whether that state still stands.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from django.db.models import F

from daicho.policy.language import Policy, read_policy
from daicho.policy.queries import find_draft, find_revision_at
from daicho.register.compile import compile_map, holding_ref, store_ref
from daicho.register.coverage import Gap, Seen, find_gaps
from daicho.register.kept_shape import shape_from_json
from daicho.register.language import DocumentKind, HoldingPart, MapDocument, StoreDocument
from daicho.register.models import MapCheck, RegisterDocument, RegisterRevision, RegisterVersion
from daicho.register.reading import ActiveMap, HoldingRef, StoreRef
from daicho.register.rules import Contents, Single
from daicho.register.writing import Difference, differences
from daicho.trail.queries import MAX_PAGE, list_entries
from daicho.words.documents import read_document, validate
from daicho.words.errors import NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text

_KEPT_STATES: Final = 4
_MODELS: Final[Mapping[str, type[StoreDocument] | type[HoldingPart] | type[MapDocument]]] = {
    DocumentKind.STORE: StoreDocument,
    DocumentKind.HOLDING: HoldingPart,
    DocumentKind.MAP: MapDocument,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where one document of the register stands."""

    kind: DocumentKind
    organisation: str
    code: str
    number: int
    digest: str
    model: Single


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What checking a map on its store found, and who confirmed it (empty: nobody yet)."""

    code: str
    organisation: str
    number: int
    digest: str
    checked_by: str
    checked_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    unmapped_columns: Mapping[str, Sequence[str]]
    unmapped_tables: Sequence[str]
    compiled: ActiveMap

    @property
    def in_force(self) -> bool:
        """Whether runs may use it: confirmed by a second account, or unable to change a row."""
        return bool(self.confirmed_by) or not self.compiled.changes_rows


@dataclass(slots=True, kw_only=True)
class State:
    """The whole register at one moment; never changed once built."""

    token: str
    heads: dict[tuple[DocumentKind, str, str], Head] = field(default_factory=dict)
    contents: Contents = field(default_factory=Contents)
    checks: dict[str, Check] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """A map as people see it."""

    code: str
    organisation: str
    store: str
    number: int
    digest: str
    in_force: bool
    checked_by: str
    checked_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    unmapped_columns: Mapping[str, Sequence[str]]
    unmapped_tables: Sequence[str]


_states: dict[str, State] = {}


def current_state() -> State:
    """The register as it stands now, for this room's own use; other rooms call the functions below."""
    row = RegisterVersion.objects.filter(pk=1).first()
    if row is None:
        return State(token="")
    found = _states.get(row.token)
    if found is None:
        found = _states[row.token] = _load(row.token)
        for token in list(_states)[:-_KEPT_STATES]:
            _states.pop(token, None)
    return found


def current_token() -> str:
    """Names the state of the whole register; what was worked out from it holds until this changes."""
    return current_state().token


def list_stores(*, scope: Scope, organisations: Collection[str] | None = None) -> list[StoreRef]:
    """The stores of the organisations (default: all of the scope), and those that hold their holdings."""
    return _stores(current_state(), _wanted(scope, organisations))


def _stores(state: State, wanted: frozenset[str]) -> list[StoreRef]:
    used = {part.store for part in state.contents.holdings.values() if part.organisation in wanted}
    return [
        store_ref(document)
        for code, document in sorted(state.contents.stores.items())
        if document.organisation in wanted or code in used
    ]


def find_store(code: str, *, scope: Scope) -> StoreRef | None:
    """The store of that code within the scope."""
    return next((one for one in list_stores(scope=scope) if one.code == code), None)


def get_store(code: str, *, scope: Scope) -> StoreRef:
    """As `find_store`; NotFoundError when there is none."""
    found = find_store(code, scope=scope)
    if found is None:
        raise _not_found(Text("保管先", "store"), code)
    return found


def get_own_store(code: str, *, scope: Scope) -> StoreRef:
    """A store of the scope's own organisations: whose tables, settings and state may be looked at.

    A store that only holds rows for them is somebody else's. NotFoundError for that as for none.
    """
    found = get_store(code, scope=scope)
    if not scope.allows(found.organisation):
        raise _not_found(Text("保管先", "store"), code)
    return found


def list_holdings(
    *, scope: Scope, organisations: Collection[str] | None = None, store: str | None = None
) -> list[HoldingRef]:
    """Rows of the register of the organisations (default: all of the scope), by organisation and number."""
    return [holding_ref(part) for part in list_holding_parts(scope=scope, organisations=organisations, store=store)]


def list_holding_parts(
    *, scope: Scope, organisations: Collection[str] | None = None, store: str | None = None
) -> list[HoldingPart]:
    """As `list_holdings`, with every column of the 台帳."""
    wanted = _wanted(scope, organisations)
    rows = sorted(current_state().contents.holdings.items())
    return [part for _, part in rows if part.organisation in wanted and (store is None or part.store == store)]


def get_holding(organisation: str, reg_no: str, *, scope: Scope) -> Head:
    """One row of the 台帳 with its revision; NotFoundError outside the scope, too."""
    head = current_state().heads.get((DocumentKind.HOLDING, organisation, reg_no))
    if head is None or not scope.allows(organisation):
        raise _not_found(Text("台帳の行", "holding"), reg_no)
    return head


def list_heads_of_holdings(*, scope: Scope) -> list[Head]:
    """Every row of the scope with its revision."""
    heads = current_state().heads.values()
    return [head for head in heads if head.kind == DocumentKind.HOLDING and scope.allows(head.organisation)]


def find_head(kind: DocumentKind, code: str, *, scope: Scope) -> Head | None:
    """A store or a map with its revision, of the scope's own organisations."""
    heads = current_state().heads.values()
    found = next((head for head in heads if head.kind == kind and head.code == code), None)
    return found if found is not None and scope.allows(found.organisation) else None


def list_maps_of_holding(part: HoldingPart, *, scope: Scope) -> list[MapView]:
    """The maps with a table that belongs to this row."""
    state = current_state()
    reaching = {
        code for code, document in state.contents.maps.items() if part in state.contents.holdings_of(document).values()
    }
    return [view for view in list_maps(scope=scope) if view.code in reaching]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """改版  One revision of a document; ``entry`` is its number in the trail, 0 when none is found."""

    number: int
    by: str
    at: datetime
    removed: bool
    differences: tuple[Difference, ...]
    entry: int


def list_changes_of(head: Head, *, scope: Scope, limit: int = 20) -> list[Change]:
    """The latest revisions of a document, newest first, each with what it changed and its entry in the trail."""
    scope.require(head.organisation)
    rows = list(
        RegisterRevision.objects.filter(
            document__kind=head.kind, document__code=head.code, organisation=head.organisation
        ).order_by("-number")[: limit + 1]
    )[::-1]
    entries = [
        one.seq
        for one in list_entries(scope=scope, event=f"{head.kind}.applied", about=head.code.lower(), limit=MAX_PAGE)
        if one.organisation == head.organisation and one.facts.get("change") != "rechecked"
    ]
    known = dict(zip((row.number for row in reversed(rows)), reversed(entries), strict=False))  # one entry a revision
    found: list[Change] = []
    before: Mapping[str, Any] | None = None
    for row in rows:
        after = _value_of(row.body) if row.body else None
        found.append(
            Change(
                number=row.number,
                by=row.applied_by,
                at=row.applied_at,
                removed=after is None,
                differences=tuple(differences(before, after)) if before and after else (),
                entry=known.get(row.number, 0),
            )
        )
        before = after
    return found[::-1][:limit]


@lru_cache(maxsize=512)
def _value_of(body: str) -> Any:
    """A kept body as plain values; it never changes, and reading a long map takes a while."""
    return read_document(body.encode(), path="register").value


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Where the holdings of some organisations are: maps in force, and every store, mapped or not."""

    maps: Sequence[ActiveMap]
    stores: Sequence[StoreRef]


def survey(*, scope: Scope, organisations: Collection[str] | None = None) -> Survey:
    """`list_active_maps` and `list_stores` of one and the same state of the register. Raises as the first."""
    state, wanted = current_state(), _wanted(scope, organisations)
    return Survey(maps=_active_maps(state, wanted), stores=_stores(state, wanted))


def list_active_maps(*, scope: Scope, organisations: Collection[str] | None = None) -> list[ActiveMap]:
    """The maps in force that reach holdings of the organisations (default: all of the scope), by store code.

    A shared store's map also has tables of other organisations: see `ActiveMap.tables_of`.

    Raises:
        NotAllowedError: one of them can change rows and waits for its second account; it is named,
            because an answer that skipped its store would be untrue.
    """
    return _active_maps(current_state(), _wanted(scope, organisations))


def _active_maps(state: State, wanted: frozenset[str]) -> list[ActiveMap]:
    found = [
        check
        for check in state.checks.values()
        if any(rules.holding.organisation in wanted for rules in check.compiled.tables.values())
    ]
    waiting = sorted(check.code for check in found if not check.in_force)
    if waiting:
        raise _unconfirmed(waiting)
    return sorted((check.compiled for check in found), key=lambda one: one.store.code)


def find_active_map(code: str, *, digest: str | None = None, organisation: str | None = None) -> ActiveMap | None:
    """The map in force of that code; None when it is replaced, unconfirmed, or not of that digest.

    Args:
        digest: what a run was planned with.
        organisation: the map must reach a holding of it, or its store must belong to it.
    """
    check = current_state().checks.get(code)
    if check is None or not check.in_force or (digest is not None and check.digest != digest):
        return None
    found = check.compiled
    if organisation is not None and not found.tables_of({organisation}) and found.store.organisation != organisation:
        return None
    return found


def list_maps(*, scope: Scope) -> list[MapView]:
    """Every map of the scope's stores, in force or waiting."""
    checks = sorted(current_state().checks.values(), key=lambda one: one.code)
    return [_view(check) for check in checks if scope.allows(check.organisation)]


def find_map(code: str, *, scope: Scope) -> MapView | None:
    """The map of that code within the scope."""
    check = current_state().checks.get(code)
    return _view(check) if check is not None and scope.allows(check.organisation) else None


def get_map(code: str, *, scope: Scope) -> MapView:
    """As `find_map`; NotFoundError when there is none."""
    found = find_map(code, scope=scope)
    if found is None:
        raise _not_found(Text("対応表", "map"), code)
    return found


def list_gaps(*, scope: Scope, policy: Policy | None) -> list[Gap]:
    """What the register of the scope leaves uncovered."""
    state = current_state()
    seen = {
        code: Seen(
            confirmed=check.in_force,
            unmapped_columns=check.unmapped_columns,
            unmapped_tables=check.unmapped_tables,
        )
        for code, check in state.checks.items()
    }
    gaps = find_gaps(state.contents, seen, policy)
    return [gap for gap in gaps if not gap.organisation or scope.allows(gap.organisation)]


def find_policy(*, scope: Scope, on: date) -> Policy | None:
    """What documents are checked against: the policy in force for the scope, else its draft, else None."""
    organisations = sorted(scope.organisations)
    for organisation in organisations:
        revision = find_revision_at(organisation, on)
        if revision is not None:
            return revision.policy
    for organisation in organisations:
        draft = find_draft(organisation, scope=scope)
        if draft is not None:
            return read_policy(draft.source.encode(), path=f"policy draft of {organisation}").policy
    return None


def _wanted(scope: Scope, organisations: Collection[str] | None) -> frozenset[str]:
    if organisations is None:
        return scope.organisations
    for organisation in organisations:
        scope.require(organisation)
    return frozenset(organisations)


def _load(token: str) -> State:
    state = State(token=token)
    documents = list(RegisterDocument.objects.filter(removed_at=None))
    bodies = dict(
        RegisterRevision.objects.filter(document__removed_at=None, number=F("document__number")).values_list(
            "document_id", "body"
        )
    )
    for row in documents:
        kind = DocumentKind(row.kind)
        model = parse_body(kind, bodies[row.pk])
        head = Head(
            kind=kind,
            organisation=row.organisation,
            code=row.code,
            number=row.number,
            digest=row.digest,
            model=model,
        )
        state.heads[kind, row.organisation, row.code] = head
        state.contents.put(model)
    for check in _load_checks(state.contents):
        state.checks[check.code] = check
    return state


def parse_body(kind: DocumentKind, body: str) -> Single:
    """A document as it was kept."""
    return validate(_MODELS[kind], read_document(body.encode(), path=f"register:{kind}"))


def _load_checks(contents: Contents) -> Iterable[Check]:
    for row in MapCheck.objects.filter(in_force=True, document__removed_at=None).select_related("document"):
        document = contents.maps[row.document.code]
        compiled = compile_map(
            document,
            contents.stores[document.store],
            contents.holdings_of(document),
            shape=shape_from_json(row.shape),
            revision=row.number,
        )
        same = compiled.digest == row.digest  # otherwise something it froze has changed: it waits again
        yield Check(
            code=row.document.code,
            organisation=row.organisation,
            number=row.number,
            digest=row.digest,
            checked_by=row.checked_by,
            checked_at=row.checked_at,
            confirmed_by=row.confirmed_by if same else "",
            confirmed_at=row.confirmed_at if same else None,
            unmapped_columns=row.notes.get("unmapped_columns", {}),
            unmapped_tables=row.notes.get("unmapped_tables", []),
            compiled=compiled,
        )


def _view(check: Check) -> MapView:
    return MapView(
        code=check.code,
        organisation=check.organisation,
        store=check.compiled.store.code,
        number=check.number,
        digest=check.digest,
        in_force=check.in_force,
        checked_by=check.checked_by,
        checked_at=check.checked_at,
        confirmed_by=check.confirmed_by,
        confirmed_at=check.confirmed_at,
        unmapped_columns=check.unmapped_columns,
        unmapped_tables=check.unmapped_tables,
    )


def _unconfirmed(codes: Sequence[str]) -> NotAllowedError:
    names = ", ".join(codes)
    return NotAllowedError(
        Text(
            f"対応表 {names} は第二の担当者の確認を待っています。",
            f"The map {names} waits for a second account to confirm it.",
        ),
        advice=Text(
            "適用した人とは別の人が、保管先の画面で対応表を確認してください。",
            "Somebody other than who applied it confirms the map on the page of its store.",
        ),
    )


def _not_found(what: Text, code: str) -> NotFoundError:
    return NotFoundError(
        Text(f"{what.ja} {code} はありません。", f"There is no {what.en} {code}."),
        advice=Text(
            "コードと、このアカウントの所属を確かめてください。",
            "Check the code, and which organisations this account belongs to.",
        ),
    )
