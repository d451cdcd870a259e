"""What the desk looks through: requests by what people say, money, copies to be shredded."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from daicho.api.gate import ApiRequest
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import Said, Told, Year
from daicho.keys.queries import ring
from daicho.law.kinds import RequestKind
from daicho.rights.disposal import DuePapers, list_due_papers
from daicho.rights.finding import asked_digests
from daicho.rights.inbox import Group, InboxRow, Order, Wanted, list_inbox
from daicho.rights.money import MoneyPage, Standing, list_money
from daicho.rights.name_parts import find_open_by_part
from daicho.rights.rules import ClaimState, RequestState
from daicho.words.text import Text

router = Routes(Text("窓口の一覧", "Lists of the desk"))
PageNumber = Annotated[int, Field(ge=1, le=100_000)]


class FindSaid(Said):
    """A name, reading, telephone number or mail address, in any spelling; never kept. A part of a name finds what is open."""

    text: Annotated[str, Field(min_length=1, max_length=400)]
    page: PageNumber = 1


class ClaimTold(Told):
    """A claim, shortly."""

    kind: RequestKind
    state: ClaimState


class RowTold(Told):
    """A request with its clocks, without anything that people wrote."""

    number: str
    organisation: str
    state: RequestState
    arrived_on: date
    target_on: date
    gate_on: date | None
    cure_on: date | None
    promised_on: date | None
    closed_at: datetime | None
    acknowledge_by: date | None
    assigned_to: str
    registered_by: str
    support_measure: bool
    claims: Sequence[ClaimTold]


class FoundTold(Told):
    """Fifty requests a page."""

    requests: Sequence[RowTold]
    page: int
    more: bool


class InstrumentTold(Told):
    """An instrument that pays a fee."""

    ref: str
    request: str
    organisation: str
    instrument: str
    number: str
    face_value: int
    received_on: date
    issued_on: date | None
    expires_on: date | None
    cashed_on: date | None
    returned_on: date | None


class TotalTold(Told):
    """How many instruments, and how many yen."""

    count: int
    yen: int


class MoneyTold(Told):
    """Fifty instruments a page; ``totals`` of the year asked for, by where they are."""

    rows: Sequence[InstrumentTold]
    totals: Mapping[str, TotalTold]
    page: int
    more: bool


class DuePaperTold(Told):
    """A copy that still lies here."""

    ref: str
    request: str
    organisation: str
    paper: str
    of: str
    place: str
    dispose_on: date


class DuePapersTold(Told):
    """The first two hundred of them by their day, and whether there are more."""

    rows: Sequence[DuePaperTold]
    more: bool


@router.post(
    "/finding",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("氏名・読み・電話・メールで請求を探す", "Find requests by a name, reading, telephone or mail address"),
    response=FoundTold,
)
def find_requests(request: ApiRequest, body: FindSaid) -> FoundTold:
    """By POST, so that no address holds it; compared whole, and with open requests also as a part of a name or reading."""
    door = request.door
    wanted = Wanted(
        group=Group.ALL,
        digests=[one.value for one in asked_digests(body.text, ring())],
        numbers=find_open_by_part(body.text, scope=door.scope),
        order=Order.NUMBER,
        descending=True,
    )
    found = list_inbox(wanted, page=body.page, scope=door.scope, on=door.today)
    return FoundTold(requests=[_row(one) for one in found.rows], page=found.page, more=found.more)


def _row(one: InboxRow) -> RowTold:
    facts = {name: getattr(one, name) for name in RowTold.model_fields if name != "claims"}
    return RowTold(**facts, claims=[ClaimTold(kind=kind, state=state) for kind, state in one.claims])


@router.get(
    "/fees",
    needs=TokenScope.REQUESTS_READ,
    says=Text("手数料の出納", "List fees, and where the instruments are"),
    response=MoneyTold,
)
def list_fees(
    request: ApiRequest, standing: Standing = Standing.IN_HAND, year: Year | None = None, page: PageNumber = 1
) -> MoneyPage:
    """Newest first; what expires, by its day."""
    return list_money(standing, year=year, page=page, scope=request.door.scope, on=request.door.today)


@router.get(
    "/documents/due",
    needs=TokenScope.REQUESTS_READ,
    says=Text("廃棄する本人確認書類の写し", "List identity copies that are due to be shredded"),
    response=DuePapersTold,
)
def list_due_documents(request: ApiRequest) -> DuePapers:
    """Due within a week, the oldest day first."""
    return list_due_papers(scope=request.door.scope, on=request.door.today)
