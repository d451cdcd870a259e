"""管理台帳  The table, one row of it in full, and the files an assessor asks for."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.people.doors import DoorRequest, reads
from daicho.register.actions import EDITORS_OF_HOLDINGS
from daicho.register.coverage import GAP_WORDS, GapKind
from daicho.register.ledger import COLUMNS, ledger_csv, ledger_rows, ledger_workbook
from daicho.register.queries import get_holding, list_changes_of, list_maps_of_holding
from daicho.register.reviewing import Review, find_rows
from daicho.register.views.saving import may_edit
from daicho.register.views.table import (
    OF_A_ROW,
    READERS,
    REVIEW_WORDS,
    RPD_WORDS,
    STATUS_WORDS,
    Table,
    read_asked,
    read_table,
)
from daicho.words.text import Text

PAGE_SIZE: Final = 50
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Columns of the table on the screen; the others stand on the page of the row.
SHOWN: Final[tuple[tuple[str, Text], ...]] = (
    ("reg_no", Text("No.", "No.")),
    ("name", Text("個人情報の名称", "Name")),
    ("subject_category", Text("本人の区分", "Whose")),
    ("store", Text("保管先", "Store")),
    ("retention_period", Text("保管期限", "Kept until")),
    ("owner_dept", Text("管理部門", "Department")),
    ("review", Text("次の見直し", "Next review")),
)

#: The columns of reference 4.1 as a person reads one row.
PARTS: Final[tuple[tuple[Text, tuple[str, ...]], ...]] = (
    (
        Text("だれの・何を・何のために", "Whose, what, what for"),
        ("subject_category", "items", "purposes", "organisation", "count_range"),
    ),
    (
        Text("取得", "How it is acquired"),
        ("acquisition_route", "direct_in_writing", "notice_ref", "entruster"),
    ),
    (
        Text("保管", "How it is kept"),
        ("store", "storage_place", "storage_method", "medium", "access_roles"),
    ),
    (
        Text("期限と廃棄", "How long, and how it ends"),
        ("use_period", "retention_period", "retention_basis", "disposal_method"),
    ),
    (Text("渡す先", "Who else receives it"), ("entrusted_to", "provided_to", "joint_use")),
    (
        Text("管理", "Responsibility"),
        ("owner_dept", "manager", "risk_ref", "created_on", "reviewed_on", "status"),
    ),
)


@reads(*READERS)
def holdings(request: DoorRequest) -> HttpResponse:
    """The table, with filters, checks and the links to mend what they find."""
    asked = read_asked(request)
    if asked.gap in set(GapKind) - set(OF_A_ROW):  # a gap of no row stands on the page of all gaps
        return redirect(f"{reverse('register:coverage')}#{asked.gap}")
    table = read_table(request)
    found = find_rows(table.rows, asked)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    organisations = sorted({row.part.organisation for row in table.rows})
    context = {
        "page": page,
        "asked": asked,
        "all": len(table.rows),
        "shown": SHOWN,
        "choices": _choices(table, organisations),
        "checks": _checks(table),
        "organisation_names": {code: table.say("organisation", code) for code in organisations},
        "may_edit": request.door.may_act(*EDITORS_OF_HOLDINGS),
        "rpd_words": RPD_WORDS,
        "status_words": STATUS_WORDS,
        "gap_words": GAP_WORDS,
        "filtered": any(
            (asked.text, asked.organisation, asked.subject, asked.store, asked.rpd, asked.status,
             asked.review, asked.gap, asked.special, asked.number)
        ),
    }  # fmt: skip
    return render(request, "register/holdings.html", context)


@reads(*READERS)
def review(request: DoorRequest) -> HttpResponse:
    """見直し  The rows whose yearly review is due or near, the longest overdue first."""
    table = read_table(request)
    waiting = [row for row in table.rows if row.review in {Review.OVERDUE, Review.SOON}]
    later = [row for row in table.rows if row.review is Review.CALM]
    context = {
        "rows": sorted(waiting, key=lambda row: (row.review_on or date.min, row.part.reg_no)),
        "next": min((row.review_on for row in later if row.review_on), default=None),
        "all": len(table.rows),
        "done": len(later),
        "may_edit": request.door.may_act(*EDITORS_OF_HOLDINGS),
    }
    return render(request, "register/review.html", context)


@reads(*READERS)
def holding(request: DoorRequest, organisation: str, reg_no: str) -> HttpResponse:
    """One row with every column, what is missing in it, and its history."""
    table = read_table(request)
    head = get_holding(organisation, reg_no, scope=request.door.scope)
    row = next(one for one in table.rows if one.part == head.model)
    headings = dict(COLUMNS)
    lists = {
        name: [table.say(name, code) for code in getattr(row.part, name)]
        for name in ("items", "purposes", "entrusted_to", "provided_to", "joint_use", "access_roles")
    }
    context = {
        "row": row,
        "part": row.part,
        "head": head,
        "parts": [
            (words, [(name, headings[name], row.cells[name], lists.get(name)) for name in names])
            for words, names in PARTS
        ],
        "gaps": [(GAP_WORDS[gap], gap) for gap in sorted(row.gaps)],
        "maps": list_maps_of_holding(row.part, scope=request.door.scope),
        "changes": list_changes_of(head, scope=request.door.scope),
        "may_edit": may_edit(request, organisation, EDITORS_OF_HOLDINGS),
        "rpd": RPD_WORDS[row.part.rpd],
        "status": STATUS_WORDS[row.part.status],
        "organisation_name": table.say("organisation", organisation),
    }
    return render(request, "register/holding.html", context)


@reads(*READERS)
def export(request: DoorRequest, suffix: str) -> HttpResponse:
    """The whole register of the scope as Excel or CSV; with filters in the address, the rows they leave."""
    door = request.door
    table = read_table(request)
    parts = [row.part for row in find_rows(table.rows, read_asked(request))]
    rows = ledger_rows(parts, policy=table.policy, stores=table.stores, language=door.language)
    title = door.say(Text("個人情報管理台帳", "Register"))
    raw = ledger_csv(rows) if suffix == "csv" else ledger_workbook(rows, title=title)
    response = HttpResponse(raw, content_type="text/csv; charset=utf-8" if suffix == "csv" else XLSX)
    response["Content-Disposition"] = f'attachment; filename="register-{door.today.isoformat()}.{suffix}"'
    return response


def _checks(table: Table) -> list[dict[str, Any]]:
    """What to mend, each with its number and the filter that shows the rows."""
    found: list[dict[str, Any]] = []
    overdue = sum(row.review is Review.OVERDUE for row in table.rows)
    if overdue:
        words = Text("年一回の見直しの時期を過ぎています", "are past their yearly review")
        found.append({"count": overdue, "words": words, "query": "review=overdue"})
    said = {
        GapKind.HOLDING_WITHOUT_RETENTION: Text("保管期限がありません", "have no retention period"),
        GapKind.HOLDING_WITHOUT_MAP: Text("どの対応表も届きません", "are reached by no map"),
        GapKind.HELD_NOT_IN_POLICY: Text("方針にない項目・目的・区分があります", "hold what the policy does not name"),
    }
    for kind in OF_A_ROW:
        count = sum(kind in row.gaps for row in table.rows)
        if count:
            found.append({"count": count, "words": said[kind], "query": f"gap={kind}"})
    return found


def _choices(table: Table, organisations: list[str]) -> list[dict[str, Any]]:
    """The filters that are lists: only what stands in some row."""
    subjects = sorted({row.part.subject_category for row in table.rows})
    stores = sorted({row.part.store for row in table.rows})
    every: Sequence[tuple[str, Text, Sequence[tuple[Any, Any]]]] = [
        (
            "organisation",
            Text("組織", "Organisation"),
            [(code, table.say("organisation", code)) for code in organisations],
        ),
        ("subject", Text("本人の区分", "Whose"), [(code, table.say("subject_category", code)) for code in subjects]),
        ("store", Text("保管先", "Store"), [(code, table.say("store", code)) for code in stores]),
        ("rpd", Text("保有個人データ", "Retained data"), list(RPD_WORDS.items())),
        ("review", Text("見直し", "Review"), [(one, REVIEW_WORDS[one]) for one in (Review.OVERDUE, Review.SOON)]),
        ("gap", Text("不足", "Gaps"), [(kind, GAP_WORDS[kind]) for kind in OF_A_ROW]),
        ("status", Text("状態", "Status"), list(STATUS_WORDS.items())),
    ]
    told: list[dict[str, Any]] = []
    for name, words, options in every:
        if name != "organisation" or len(options) > 1:
            told.append({"name": name, "words": words, "options": options})
    return told
