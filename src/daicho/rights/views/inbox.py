"""受付箱: every request with its clocks; searching, exporting, and acting on several rows at once."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from daicho.keys.queries import ring
from daicho.law.kinds import KINDS, RequestKind
from daicho.people.doors import Door, DoorRequest, changes, reads
from daicho.people.queries import list_accounts
from daicho.people.rules import may_act
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.actions.noticing import notify
from daicho.rights.actions.receiving import check_request, withdraw_request
from daicho.rights.actions.tending import assign_request, note_list
from daicho.rights.finding import asked_digests
from daicho.rights.inbox import (
    DAY_WORDS,
    GROUP_WORDS,
    STEP_WORDS,
    ClaimStep,
    DayKind,
    Group,
    InboxRow,
    Order,
    Wanted,
    list_for_export,
    list_inbox,
    rows_of,
)
from daicho.rights.name_parts import find_open_by_part
from daicho.rights.routes import is_number_of_request
from daicho.rights.rules import CLAIM_WORDS, REQUEST_WORDS
from daicho.rights.tables import csv_table
from daicho.rights.views.asked import page_of, year_of
from daicho.rights.views.case import TONES
from daicho.rights.views.files import csv
from daicho.words.errors import DaichoError
from daicho.words.text import Text

#: Keyed digests of what was searched for, and the numbers found by a part of a name; never the words.
_SESSION: Final = "rights.sought"
_NUMBER: Final = re.compile(r"R-\d{4}-\d{1,9}")
_SHORT: Final = re.compile(r"\d{1,6}")
_MOST: Final = 200


@reads(*LOOKERS)
def inbox(request: DoorRequest) -> HttpResponse:
    """The list, or the same as a file."""
    door = request.door
    wanted = _wanted(request)
    if request.GET.get("as") == "csv":
        return _export(request, wanted)
    found = list_inbox(wanted, page=page_of(request.GET), scope=door.scope, on=door.today)
    may_work = door.may_act(*DESK)
    return render(
        request,
        "rights/inbox.html",
        {
            "rows": [_line(one) for one in found.rows],
            "found": found,
            "wanted": wanted,
            "searched": wanted.digests is not None,
            "filtered": bool(
                wanted.kind
                or wanted.step
                or wanted.organisation
                or wanted.year
                or wanted.overdue
                or wanted.mine
                or wanted.unassigned
                or wanted.unacknowledged
            ),
            "companies": [(code, door.company_name(code)) for code in found.organisations],
            "step_words": STEP_WORDS[wanted.step] if wanted.step else None,
            "tabs": [(group, GROUP_WORDS[group], found.counts.get(group)) for group in Group],
            "kinds": [(str(kind), KINDS[kind].name) for kind in RequestKind],
            "years": range(door.today.year, door.today.year - 8, -1),
            "columns": _columns(wanted),
            "may_work": may_work,
            "accounts": _colleagues(request) if may_work else (),
            "bulk": _BULK_WORDS,
        },
    )


def _wanted(request: DoorRequest) -> Wanted:
    asked = request.GET
    group = Group(asked["tab"]) if asked.get("tab") in set(Group) else Group.OPEN
    kept = request.session.get(_SESSION) if asked.get("found") and request.door.may_act(*DESK) else None
    number = asked.get("q", "").strip().upper()
    order = asked.get("sort", "")
    fallback = Order.TARGET if group not in {Group.ENDED, Group.ALL} else Order.NUMBER
    return Wanted(
        group=group if not (kept or number) or "tab" in asked else Group.ALL,
        kind=RequestKind(asked["kind"]) if asked.get("kind") in set(RequestKind) else None,
        step=ClaimStep(asked["step"]) if asked.get("step") in set(ClaimStep) else None,
        organisation=asked.get("organisation", "")[:64],
        year=year_of(asked.get("year")),
        overdue=bool(asked.get("overdue")),
        mine=bool(asked.get("mine")),
        unassigned=bool(asked.get("unassigned")),
        unacknowledged=bool(asked.get("unacknowledged")),
        number=number if _NUMBER.fullmatch(number) else "",
        digests=[bytes.fromhex(one) for one in kept["digests"]] if kept is not None else None,
        numbers=kept["numbers"] if kept is not None else (),
        order=Order(order) if order in set(Order) else fallback,
        descending=asked.get("dir") == "down" if order else fallback is Order.NUMBER,
    )


def _columns(wanted: Wanted) -> dict[str, dict[str, str]]:
    """Column → how it is sorted now, and the direction that its head would give it."""
    return {
        str(order): {
            "now": ("descending" if wanted.descending else "ascending") if order is wanted.order else "",
            "dir": "up" if order is not wanted.order or wanted.descending else "down",
        }
        for order in Order
    }


def _line(row: InboxRow) -> dict[str, Any]:
    return {
        "view": row,
        "state": REQUEST_WORDS[row.state],
        "tone": TONES.get(row.state, ""),
        "kinds": [KINDS[kind].name for kind, _ in row.claims],
    }


def _colleagues(request: DoorRequest) -> list[tuple[str, str]]:
    return [
        (one.code, one.display_name)
        for one in list_accounts(scope=request.door.acting(*DESK))
        if one.is_active and any(may_act(held, DESK) for held in one.roles.values())
    ]


# ── searching ────────────────────────────────────────────────────────────────────────────────


@changes(*DESK)
@require_POST
def find(request: DoorRequest) -> HttpResponse:
    """A number, a name, reading, telephone or e-mail: by POST, and remembered without the words.

    What is open is found by a part of a name as well.
    """
    asked = request.POST.get("q", "").strip()[:400]
    inbox_at = reverse("rights:inbox")
    request.session.pop(_SESSION, None)
    if not asked:
        return redirect(inbox_at)
    number = asked.upper()
    if _SHORT.fullmatch(asked):
        number = f"R-{request.door.today.year}-{int(asked):04d}"
    if _NUMBER.fullmatch(number):
        return redirect(f"{inbox_at}?q={number}&tab=all")
    request.session[_SESSION] = {
        "digests": [one.hex for one in asked_digests(asked, ring())],
        "numbers": find_open_by_part(asked, scope=request.door.scope),
    }
    return redirect(f"{inbox_at}?found=1&tab=all")


# ── the list as a file ───────────────────────────────────────────────────────────────────────

_HEAD: Final = (
    Text("受付番号", "Number"),
    Text("組織", "Organisation"),
    Text("状態", "State"),
    Text("請求", "Claims"),
    Text("到着日", "Arrived on"),
    *(DAY_WORDS[kind] for kind in DayKind),
    Text("担当", "Assigned to"),
    Text("受け付けた人", "Registered by"),
)


def _export(request: DoorRequest, wanted: Wanted) -> HttpResponse:
    door = request.door
    rows = list_for_export(wanted, scope=door.scope, on=door.today)
    note_list("requests.listed", Counter(one.organisation for one in rows), scope=door.scope, at=door.at)
    head = [door.say(one) for one in _HEAD]
    return csv("requests.csv", csv_table(head, ([*_cells(one, door)] for one in rows)))


def _cells(row: InboxRow, door: Door) -> Iterator[object]:
    say = door.say
    claims = " / ".join(f"{say(KINDS[kind].name)}: {say(CLAIM_WORDS[state])}" for kind, state in row.claims)
    yield from (row.number, door.company_name(row.organisation), say(REQUEST_WORDS[row.state]), claims)
    yield from (row.arrived_on, row.target_on, row.gate_on, row.cure_on, row.promised_on, row.acknowledge_by)
    yield from (door.account_name(row.assigned_to), door.account_name(row.registered_by))


# ── several rows at once ─────────────────────────────────────────────────────────────────────


@changes(*DESK)
@require_POST
def bulk(request: DoorRequest) -> HttpResponse:
    """One act on every ticked row, each in its own transaction; what was refused is told row by row."""
    given = [one for one in request.POST.getlist("number") if is_number_of_request(one)]
    numbers = list(dict.fromkeys(given))[:_MOST]
    doing = _bulk_acts(request).get(request.POST.get("act", ""))
    done: list[str] = []
    refused: list[tuple[str, Text, Text]] = []
    for number in numbers if doing else ():
        try:
            doing(number)  # type: ignore[misc]
        except DaichoError as error:
            refused.append((number, error.message, error.advice))
        else:
            done.append(number)
    if not numbers or doing is None:
        messages.warning(
            request, request.door.say(Text("行と操作を選んでください。", "Tick rows, and choose what to do."))
        )
        return redirect(_back(request))
    door = request.door
    name = dict(_BULK_WORDS)[request.POST["act"]]
    return render(
        request,
        "rights/bulk.html",
        {
            "name": name,
            "done": [_line(one) for one in rows_of(done, scope=door.scope)],
            "refused": refused,
            "back": _back(request),
            "letters": request.POST["act"] in {"receipt", "missing"},
        },
    )


_BULK_WORDS: Final = (
    ("receipt", Text("受付のお知らせを発行する", "Issue the acknowledgement of receipt")),
    ("check", Text("不足を点検する", "Check what is missing")),
    ("missing", Text("補正のお願いを発行する", "Issue the request to make good")),
    ("assign", Text("担当を変える", "Assign")),
    ("withdraw", Text("取下げを記録する", "Record a withdrawal")),
)


def _bulk_acts(request: DoorRequest) -> Mapping[str, Callable[[str], object]]:
    door = request.door
    given: dict[str, Any] = {"scope": door.scope, "at": door.at}
    account = request.POST.get("account", "")
    return {
        "receipt": lambda number: notify(number, "receipt", folder=door.folder, **given),
        "check": lambda number: check_request(number, identity=False, **given),
        "missing": lambda number: notify(number, "missing", folder=door.folder, **given),
        "assign": lambda number: assign_request(number, account, **given),
        "withdraw": lambda number: withdraw_request(number, **given),
    }


def _back(request: DoorRequest) -> str:
    """The list as it was; never an address of another house."""
    where = request.POST.get("back", "")
    inbox_at = reverse("rights:inbox")
    if where.startswith(inbox_at) and url_has_allowed_host_and_scheme(where, allowed_hosts=None):
        return where
    return inbox_at
