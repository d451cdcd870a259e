"""手数料の出納 on the screen."""

from collections import Counter
from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render

from daicho.people.doors import Door, DoorRequest, reads
from daicho.policy.language import Instrument
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.actions.tending import note_list
from daicho.rights.desk_forms import INSTRUMENT_WORDS
from daicho.rights.money import STANDING_WORDS, InstrumentRow, Standing, list_money, list_money_for_export
from daicho.rights.tables import csv_table
from daicho.rights.views.asked import page_of, year_of
from daicho.rights.views.files import csv
from daicho.words.text import Text

_HEAD = (
    Text("受付番号", "Request"),
    Text("管理番号", "Ref"),
    Text("種類", "Instrument"),
    Text("記番号", "Number"),
    Text("額面", "Yen"),
    Text("受領日", "Received on"),
    Text("発行日", "Issued on"),
    Text("有効期限", "Expires on"),
    Text("換金日", "Cashed on"),
    Text("返却日", "Sent back on"),
    Text("組織", "Organisation"),
)


@reads(*LOOKERS)
def money(request: DoorRequest) -> HttpResponse:
    """The ledger, or the same as a file."""
    door, asked = request.door, request.GET
    standing = Standing(asked["tab"]) if asked.get("tab") in set(Standing) else Standing.IN_HAND
    year, number = year_of(asked.get("year")), asked.get("q", "").strip()[:40]
    if asked.get("as") == "csv":
        rows = list_money_for_export(standing, year=year, number=number, scope=door.scope, on=door.today)
        note_list("money.listed", Counter(one.organisation for one in rows), scope=door.scope, at=door.at)
        return csv("fees.csv", csv_table([door.say(one) for one in _HEAD], ([*_cells(one, door)] for one in rows)))
    page = list_money(standing, year=year, number=number, page=page_of(asked), scope=door.scope, on=door.today)
    return render(
        request,
        "rights/money.html",
        {
            "page": page,
            "rows": [{"view": one, "name": INSTRUMENT_WORDS[Instrument(one.instrument)]} for one in page.rows],
            "tabs": [(one, STANDING_WORDS[one], page.totals[one]) for one in Standing],
            "standing": standing,
            "number": number,
            "year": year,
            "years": range(door.today.year, door.today.year - 6, -1),
            "may_work": door.may_act(*DESK),
        },
    )


def _cells(one: InstrumentRow, door: Door) -> Iterator[object]:
    yield one.request
    yield one.ref
    yield door.say(INSTRUMENT_WORDS[Instrument(one.instrument)])
    yield from (one.number, one.face_value, one.received_on, one.issued_on, one.expires_on)
    yield from (one.cashed_on, one.returned_on, one.organisation)
