"""A map against its live store, while a plan is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from daicho.register.checks import Found
from daicho.register.compile import compile_end, frozen_digest, mapped_columns, store_ref
from daicho.register.kept_shape import narrow, shape_to_json
from daicho.register.language import HoldingPart, MapDocument, StoreDocument
from daicho.register.queries import Check
from daicho.register.reading import StoreRef, changes_rows
from daicho.register.rules import Draft, Findings, RegisterFinding, Severity
from daicho.register.shapes import check_shape
from daicho.stores.port import Store
from daicho.words.errors import DaichoError, Problem

OpenStore = Callable[[StoreRef], Store]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCheck:
    """A map as it was found to fit its store.

    ``renewed``: what it freezes is not what was checked before. ``waits``: therefore, and because it
    can change rows, a second account has to confirm it (again).
    """

    code: str
    organisation: str
    digest: str
    shape: Mapping[str, Any]
    notes: Mapping[str, Any]
    renewed: bool
    waits: bool


@dataclass(slots=True, kw_only=True)
class LiveCheck:
    """What looking at one live store gave; ``check`` is None when the map does not fit or the store is silent."""

    findings: list[RegisterFinding] = field(default_factory=list)
    check: PlannedCheck | None = None


def check_live(
    draft: Draft,
    document: MapDocument,
    store: StoreDocument,
    holdings: Mapping[str, HoldingPart],
    *,
    known: Check | None,
    open_store: OpenStore,
    settled: bool,
    spoken: bool,
) -> LiveCheck:
    """Open the store and compare.

    Args:
        known: the check in force.
        settled: nothing the map relies on changes in this plan, so a silent store stops nothing.
        spoken: the map is in the files given, so advice about it is wanted.
    """
    try:
        shape = open_store(store_ref(store)).inspect()
    except DaichoError as error:
        silent = Findings()
        note = silent.advise if settled and known is not None else silent.error
        note(error.code, error.message, error.advice, draft=draft, at=("store",))
        return LiveCheck(findings=silent.found)
    errors, advice = Found(draft.document), Found(draft.document)
    fit = check_shape(document, shape, errors=errors, advice=advice)
    findings = _as_findings(Severity.ERROR, errors.problems)
    if spoken:
        findings += _as_findings(Severity.ADVICE, advice.problems)
    if errors.problems:
        return LiveCheck(findings=findings)
    columns = mapped_columns(document)
    digest = frozen_digest(document, store, holdings, shape_digest=shape.digest(columns))
    renewed = known is None or known.digest != digest
    changing = any(
        changes_rows(kind, compile_end(end)) for table in document.tables.values() for kind, end in table.on.items()
    )
    check = PlannedCheck(
        code=document.map,
        organisation=store.organisation,
        digest=digest,
        shape=shape_to_json(narrow(shape, columns)),
        notes={
            "unmapped_columns": {name: list(left) for name, left in fit.unmapped_columns.items()},
            "unmapped_tables": list(fit.unmapped_tables),
        },
        renewed=renewed,
        waits=changing and (renewed or known is None or not known.in_force),
    )
    return LiveCheck(findings=findings, check=check)


def _as_findings(severity: Severity, problems: list[Problem]) -> list[RegisterFinding]:
    return [RegisterFinding(severity=severity, problem=one) for one in problems]
