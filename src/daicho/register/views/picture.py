"""データの流れ  The picture of the data map, and the same in words."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from daicho.people.doors import DoorRequest, reads
from daicho.register.flow import Column, FlowNode, Sign, draw_flow
from daicho.register.language import Status
from daicho.register.layout import lay_out
from daicho.register.views.table import READERS, Table, read_table
from daicho.words.text import Text

_HEADS = {
    Column.PEOPLE: Text("本人", "People"),
    Column.POINTS: Text("取得の場面", "Collected at"),
    Column.HOLDINGS: Text("台帳の行", "Rows of the register"),
    Column.STORES: Text("保管先", "Stores"),
    Column.PARTIES: Text("委託・提供・共同利用", "Entrusted, provided, joint use"),
}
_SIGNS = {
    Sign.PLAIN: Text("個人情報", "personal data"),
    Sign.SPECIAL: Text("要配慮個人情報", "special-care data"),
    Sign.NUMBER: Text("特定個人情報", "Individual Numbers"),
}


@reads(*READERS)
def picture(request: DoorRequest) -> HttpResponse:
    """``?organisation=`` and ``?subject=`` draw a part of it, ``?holding=`` lights one row."""
    table = read_table(request)
    organisation, subject = request.GET.get("organisation", ""), request.GET.get("subject", "")
    store = request.GET.get("store", "")
    parts = [
        row.part
        for row in table.rows
        if row.part.status != Status.DISPOSED
        and organisation in ("", row.part.organisation)
        and subject in ("", row.part.subject_category)
        and store in ("", row.part.store)
    ]
    door = request.door
    flow = draw_flow(parts, policy=table.policy, stores=table.stores, language=door.language)
    drawing = lay_out(flow)
    lit = request.GET.get("holding", "")
    numbers = [number for number, part in enumerate(parts) if f"{part.organisation}/{part.reg_no}" == lit]
    context = {
        "flow": flow,
        "drawing": drawing,
        "boxes": [(box, _address(box.node)) for box in drawing.boxes],
        "heads": [(_HEADS[column], middle) for column, middle in drawing.heads],
        "signs": list(_SIGNS.items()),
        "lit": numbers[0] if numbers else "",
        "any": bool(table.rows),
        "filters": _filters(table),
        "asked": {"organisation": organisation, "subject": subject, "store": store},
    }
    return render(request, "register/picture.html", context)


def _filters(table: Table) -> list[tuple[str, Text, list[tuple[str, str]]]]:
    def listed(field: str, codes: set[str]) -> list[tuple[str, str]]:
        return [(code, table.say(field, code)) for code in sorted(codes)]

    every = [
        (
            "organisation",
            Text("組織", "Organisation"),
            listed("organisation", {row.part.organisation for row in table.rows}),
        ),
        (
            "subject",
            Text("本人の区分", "Whose"),
            listed("subject_category", {row.part.subject_category for row in table.rows}),
        ),
        ("store", Text("保管先", "Store"), listed("store", {row.part.store for row in table.rows})),
    ]
    return [one for one in every if len(one[2]) > 1]


def _address(node: FlowNode) -> str:
    """Where a box leads; empty for one that leads nowhere."""
    kind, _, code = node.target.partition(":")
    match kind:
        case "holding":
            return reverse("register:holding", args=code.split("/", 1))
        case "store":
            return reverse("register:store", args=(code,))
        case "people":
            return f"{reverse('register:holdings')}?{urlencode({'subject': code})}"
        case "party":
            return f"{reverse('register:holdings')}?{urlencode({'q': node.name})}"
        case _:
            try:
                return reverse("policy:home")
            except NoReverseMatch:
                return ""
