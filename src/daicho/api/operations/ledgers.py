"""開示等請求受付簿: written, approved; and an old one brought over."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from ninja import File as Sent
from ninja import Form
from ninja.files import UploadedFile
from pydantic import Field

from daicho.api.gate import ApiRequest
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import Code, Done, Files, LedgerSaid, Ref, Said, Told, Words, Year, files, words
from daicho.people.queries import require_reader, require_role
from daicho.register.spreadsheet import MOST_BYTES, read_cells
from daicho.rights.access import DESK
from daicho.rights.actions import approving, importing, printing
from daicho.rights.ledger_book import ImportView, list_imports, read_book
from daicho.rights.past import FIELDS, Fault, PastRow, Table, find_table, guess_columns, read_rows
from daicho.words.text import Language, Text

router = Routes(Text("受付簿", "Ledger of requests"))


class ApprovalSaid(Said):
    """``digest``: of the ledger that the approver has before them (`get_ledger`)."""

    organisation: Code
    digest: Annotated[str, Field(pattern="^[0-9a-f]{24,64}$")]


class OldLedgerSaid(Said):
    """Whose old ledger it is. ``columns``: field=place, by commas, counted from 0; empty: as the headings suggest."""

    organisation: Code
    columns: Annotated[str, Field(pattern=r"^([a-z_]{1,30}=\d{1,2}(,[a-z_]{1,30}=\d{1,2}){0,30})?$")] = ""


class ApprovalTold(Told):
    """The newest approval. ``changed``, ``gone``: rows other than approved, by what the ledger calls them."""

    by: str
    at: datetime
    stands: bool
    changed: Sequence[str]
    gone: Sequence[str]


class LedgerTold(Told):
    """A year of a company as it stands, also one without a request."""

    year: int
    organisation: str
    rows: int
    digest: str
    approval: ApprovalTold | None


class FaultTold(Told):
    """Why a row of the sheet is not taken; no value is repeated."""

    row: int
    column: str
    what: Words


class OldLedgerTold(Told):
    """What taking the file would bring. ``columns``: field → place among ``headings``."""

    headings: Sequence[str]
    columns: Mapping[str, int]
    fields: Mapping[str, Words]
    good: int
    refused: int
    first: date | None
    last: date | None
    faults: Sequence[FaultTold]


class ImportTold(Told):
    """An import, with how many rows it brought."""

    ref: str
    rows: int
    refused: int
    by: str
    at: datetime
    undone_at: datetime | None
    undone_by: str


@router.post(
    "/ledgers",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("開示等請求受付簿を書き出す（Excel と PDF）", "Write the yearly ledger of requests, as Excel and PDF"),
    response=Files,
)
def export_ledger(request: ApiRequest, body: LedgerSaid) -> Files:
    """A year without a request works, too. The trail says that it was written."""
    door = request.door
    made, _ = printing.export_ledger(
        body.year,
        organisation=body.organisation or "",
        names=body.names,
        language=body.language,
        scope=door.scope,
        at=door.at,
    )
    return files({one.name: one.content for one in made})


@router.get(
    "/ledgers/{year}",
    needs=TokenScope.REQUESTS_READ,
    says=Text("受付簿の状態と承認を見る", "See how a year's ledger stands, and its approval"),
    response=LedgerTold,
)
def get_ledger(request: ApiRequest, year: Year, organisation: Code) -> LedgerTold:
    """``digest`` is what `approve_ledger` asks for."""
    door = request.door
    require_reader(door.scope, organisation, DESK)
    book = read_book(year, [organisation], names=False, language=Language.JA, scope=door.scope, at=door.at)
    found = book.approval
    approval = None
    if found is not None:
        approval = ApprovalTold(
            by=found.by, at=found.at, stands=found.stands, changed=sorted(found.changed), gone=sorted(found.gone)
        )
    return LedgerTold(
        year=year, organisation=organisation, rows=len(book.digests), digest=book.digest, approval=approval
    )


@router.post(
    "/ledgers/{year}/approval",
    needs=TokenScope.REQUESTS_DECIDE,
    says=Text("受付簿を承認する", "Approve a year's ledger"),
    response=Done,
)
def approve_ledger(request: ApiRequest, year: Year, body: ApprovalSaid) -> Done:
    """By an officer who kept no part of it, as they saw it."""
    door = request.door
    approving.approve_ledger(year, body.organisation, seen=body.digest, scope=door.scope, at=door.at)
    return Done(ref=str(year), state="approved")


# ── an old ledger ────────────────────────────────────────────────────────────────────────────


@router.upload(
    "/ledger-imports/preview",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("移行する受付簿を点検する（Excel）", "Look what an old ledger (Excel) would bring"),
    response=OldLedgerTold,
)
def preview_old_ledger(request: ApiRequest, body: Form[OldLedgerSaid], file: Sent[UploadedFile]) -> OldLedgerTold:
    """Nothing is kept. Faults name row and column, 500 at most."""
    _, table, columns, good, faults = _read(request, body, file)
    days = sorted(one.arrived_on for one in good)
    return OldLedgerTold(
        headings=table.headings,
        columns=columns,
        fields={field: words(name) for field, name in FIELDS.items()},
        good=len(good),
        refused=len({one.row for one in faults}),
        first=days[0] if days else None,
        last=days[-1] if days else None,
        faults=[FaultTold(row=one.row, column=one.column, what=words(one.what)) for one in faults[:500]],
    )


@router.upload(
    "/ledger-imports",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("受付簿を移行する", "Bring the good rows of an old ledger over"),
    response={201: Done},
)
def take_old_ledger(request: ApiRequest, body: Form[OldLedgerSaid], file: Sent[UploadedFile]) -> Done:
    """The same file and columns as in the preview. ``count``: rows taken; the same file is taken once."""
    content, _, _, good, faults = _read(request, body, file)
    ref = importing.take_rows(
        good,
        content=content,
        refused=len({one.row for one in faults}),
        organisation=body.organisation,
        scope=request.door.scope,
        at=request.door.at,
    )
    return Done(ref=ref, state="taken", count=len(good))


@router.get(
    "/ledger-imports",
    needs=TokenScope.REQUESTS_READ,
    says=Text("移行の一覧", "List imports of old ledgers"),
    response=list[ImportTold],
)
def list_ledger_imports(request: ApiRequest, organisation: Code) -> Sequence[ImportView]:
    """Newest first."""
    request.door.scope.require(organisation)
    return list_imports(organisation, scope=request.door.scope)


@router.post(
    "/ledger-imports/{ref}/undoing",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("移行を取り消す", "Take the rows of an import out again"),
    response=Done,
)
def undo_ledger_import(request: ApiRequest, ref: Ref) -> Done:
    """``count``: rows."""
    rows = importing.undo_import(ref, scope=request.door.scope, at=request.door.at)
    return Done(ref=ref, state="undone", count=rows)


def _read(
    request: ApiRequest, body: OldLedgerSaid, file: UploadedFile
) -> tuple[bytes, Table, dict[str, int], list[PastRow], list[Fault]]:
    require_role(request.door.scope, body.organisation, DESK)  # before the file is looked at
    content = file.read(MOST_BYTES + 1)
    table = find_table(read_cells(content))
    columns = _columns(body.columns, table)
    known = importing.known_rows(body.organisation)
    good, faults = read_rows(table, columns, today=request.door.today, known=known)
    return content, table, columns, good, faults


def _columns(said: str, table: Table) -> dict[str, int]:
    if not said:
        return guess_columns(table.headings)
    found = {name: int(place) for name, _, place in (one.partition("=") for one in said.split(","))}
    return {name: place for name, place in found.items() if name in FIELDS and place < len(table.headings)}
