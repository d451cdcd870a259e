"""Rows of the register together: a table the company keeps looked at before it is taken, and the yearly review."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from ninja import File as Sent
from ninja import Form
from ninja.files import UploadedFile
from pydantic import Field

from daicho.api.gate import ApiRequest
from daicho.api.operations.register import plan_texts
from daicho.api.operations.register import router as register
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import Code, Done, Said, Told, Words, words
from daicho.people.queries import require_role
from daicho.register.actions import EDITORS_OF_HOLDINGS, apply_documents
from daicho.register.importing import MOST_BYTES, ImportRow, preview_rows, read_upload, settle
from daicho.register.language import DocumentKind
from daicho.register.planning import Key
from daicho.register.queries import find_policy, list_heads_of_holdings, list_holding_parts, list_stores
from daicho.register.reviewed import reviewed_rows
from daicho.register.reviewing import Review, next_review_on, review_of
from daicho.words.errors import DocumentError, InputError
from daicho.words.text import Text

router = Routes(register.group)
_PATH = "holdings.yaml"


class TableUploadSaid(Said):
    """Whose rows they are where the table does not say."""

    organisation: Code


class ReviewedSaid(Said):
    """Rows that somebody has looked at today, each as ``organisation/number``."""

    rows: Annotated[
        list[Annotated[str, Field(pattern=r"^[^/]{1,60}/[^/]{1,64}$")]], Field(min_length=1, max_length=500)
    ]


class WrongTold(Told):
    """Why a row is not taken; ``written`` is what stands in the table."""

    column: Words
    written: str
    message: Words


class TableRowTold(Told):
    """A row of the table beside the register; ``state``: new, changed, same or wrong."""

    number: int
    organisation: str
    reg_no: str
    state: str
    differences: Sequence[Mapping[str, Any]]
    wrong: Sequence[WrongTold]


class TableTold(Told):
    """``documents`` and ``bases`` are what `apply_register` takes to take the good rows, all of them or none."""

    rows: Sequence[TableRowTold]
    documents: Mapping[str, str]
    bases: Mapping[str, str]
    problems: Sequence[Words]


class ReviewTold(Told):
    """A row and its yearly review: ``overdue``, ``soon``, ``calm`` or ``ended``."""

    organisation: str
    reg_no: str
    name: Words
    reviewed_on: date | None
    review_on: date | None
    review: Review


@router.upload(
    "/holdings/import/preview",
    needs=TokenScope.REGISTER_WRITE,
    says=Text(
        "既存の台帳（Excel・CSV）を取り込む前に点検する", "Look what a table of holdings (Excel, CSV) would change"
    ),
    response=TableTold,
)
def preview_holdings(request: ApiRequest, body: Form[TableUploadSaid], file: Sent[UploadedFile]) -> TableTold:
    """Every wrong row with its reasons; nothing is kept. 5 MB at most."""
    door = request.door
    require_role(door.scope, body.organisation, EDITORS_OF_HOLDINGS)
    table = read_upload(file.read(MOST_BYTES + 1), name=file.name or "")
    preview = preview_rows(
        table,
        organisation=body.organisation,
        known={(one.organisation, one.reg_no): one for one in list_holding_parts(scope=door.scope)},
        policy=find_policy(scope=door.scope, on=door.today),
        stores={one.code: one for one in list_stores(scope=door.scope)},
    )
    bases: dict[Key, str] = {
        (DocumentKind.HOLDING, head.organisation, head.code): head.digest
        for head in list_heads_of_holdings(scope=door.scope)
    }
    problems = settle(preview, lambda text: plan_texts(request, {_PATH: text}, bases=bases).errors, path=_PATH)
    good: set[Key] = {(DocumentKind.HOLDING, *row.key) for row in preview.good}
    return TableTold(
        rows=[_row(one) for one in preview.rows],
        documents={_PATH: preview.text} if preview.good and not problems else {},
        bases={"/".join(key): digest for key, digest in bases.items() if key in good},
        problems=[words(one.message) for one in problems],
    )


def _row(row: ImportRow) -> TableRowTold:
    changed = "new" if row.new else "changed" if row.changes else "same"
    return TableRowTold(
        number=row.number,
        organisation=row.organisation,
        reg_no=row.reg_no,
        state="wrong" if row.wrong else changed,
        differences=[{"path": one.path, "before": one.before, "after": one.after} for one in row.differences],
        wrong=[
            WrongTold(column=words(one.heading), written=one.written, message=words(one.message)) for one in row.wrong
        ],
    )


@router.get(
    "/holdings/reviews",
    needs=TokenScope.REGISTER_READ,
    says=Text("台帳の見直しの時期を見る", "List when rows of the register are to be looked at again"),
    response=list[ReviewTold],
)
def list_reviews(request: ApiRequest) -> list[ReviewTold]:
    """The longest overdue first; what was disposed of is left out."""
    door = request.door
    found = [
        ReviewTold(
            organisation=one.organisation,
            reg_no=one.reg_no,
            name=Words(ja=one.name.ja, en=one.name.en),
            reviewed_on=one.reviewed_on,
            review_on=next_review_on(one),
            review=review_of(one, on=door.today),
        )
        for one in list_holding_parts(scope=door.scope)
    ]
    waiting = [one for one in found if one.review is not Review.ENDED]
    return sorted(waiting, key=lambda one: (one.review_on or date.min, one.organisation, one.reg_no))


@router.post(
    "/holdings/reviews",
    needs=TokenScope.REGISTER_WRITE,
    says=Text("台帳の行を見直し済みにする", "Record that rows of the register were looked at today"),
    response=Done,
)
def record_reviews(request: ApiRequest, body: ReviewedSaid) -> Done:
    """After a human has. ``count``: rows that were changed by it."""
    door = request.door
    names = [one.partition("/") for one in dict.fromkeys(body.rows)]
    text, bases = reviewed_rows([(first, last) for first, _, last in names], scope=door.scope, on=door.today)
    if not text:
        raise InputError(
            Text("見直しを記録できる行がありません。", "There is no row to be recorded as reviewed."),
            advice=Text(
                "作成日が今日より後の行は、その日を直してください。",
                "A row made after today cannot be; correct its day.",
            ),
        )
    plan = plan_texts(request, {_PATH: text}, bases=bases)
    if plan.errors:
        raise DocumentError(plan.errors)
    done = apply_documents(plan, scope=door.scope, at=door.at, keepers=EDITORS_OF_HOLDINGS)
    return Done(ref="holdings", state="reviewed", count=done.changed)
