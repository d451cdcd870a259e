"""台帳の取り込み  A table the company keeps today: looked at first, taken after a second press."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render

from daicho.people.doors import DoorRequest, changes
from daicho.register.actions import EDITORS_OF_HOLDINGS
from daicho.register.importing import MOST_BYTES, Preview, preview_rows, read_upload, settle
from daicho.register.language import DocumentKind
from daicho.register.planning import Key
from daicho.register.queries import Head, find_policy, list_heads_of_holdings, list_holding_parts, list_stores
from daicho.register.views.saving import apply, may_edit, plan
from daicho.words.errors import DaichoError, InputError, Problem
from daicho.words.text import Text

_PATH: Final = "register:holdings"


@changes(*EDITORS_OF_HOLDINGS)
def start(request: DoorRequest) -> HttpResponse:
    """Choose a file; the next page shows what taking it would do."""
    own = _own(request)
    context: dict[str, object] = {"organisations": own, "own": request.door.organisation}
    if request.method != "POST":
        return render(request, "register/import.html", context)
    try:
        preview, problems = _read(request, own)
    except DaichoError as error:
        return render(request, "register/import.html", {**context, "error": error}, status=422)
    bases = {f"{org}/{no}": head.digest for (org, no), head in _heads(request).items()}
    context |= {
        "preview": preview,
        "problems": problems,
        "bases": [
            f"{row.organisation}/{row.reg_no}={bases.get(f'{row.organisation}/{row.reg_no}', '')}"
            for row in preview.good
        ],
    }
    return render(request, "register/import_preview.html", context)


@changes(*EDITORS_OF_HOLDINGS)
def take(request: DoorRequest) -> HttpResponse:
    """Take the good rows of the page before: one plan, all or nothing."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if request.method != "POST" or not text.strip():
        return redirect("register:import")
    bases: dict[Key, str] = {}
    for one in request.POST.getlist("base"):
        name, _, digest = one.partition("=")
        organisation, _, reg_no = name.partition("/")
        if digest:
            bases[DocumentKind.HOLDING, organisation, reg_no] = digest
    found = plan(request, {_PATH: text}, bases=bases)
    if found.errors:
        context = {"organisations": _own(request), "problems": found.errors}
        return render(request, "register/import.html", context, status=422)
    apply(request, found, keepers=EDITORS_OF_HOLDINGS)
    return redirect("register:holdings")


def _read(request: DoorRequest, own: list[tuple[str, str]]) -> tuple[Preview, list[Problem]]:
    upload = request.FILES.get("file")
    if upload is None or not upload.name:
        raise InputError(
            Text("ファイルが選ばれていません。", "No file was chosen."),
            advice=Text("Excel（.xlsx）か CSV を選んでください。", "Choose an Excel file (.xlsx) or a CSV."),
        )
    door = request.door
    organisation = request.POST.get("organisation", "")
    if organisation not in dict(own):
        door.scope.require(organisation)
        organisation = own[0][0]
    table = read_upload(upload.read(MOST_BYTES + 1), name=upload.name)
    parts = {(one.organisation, one.reg_no): one for one in list_holding_parts(scope=door.scope)}
    preview = preview_rows(
        table,
        organisation=organisation,
        known=parts,
        policy=find_policy(scope=door.scope, on=door.today),
        stores={one.code: one for one in list_stores(scope=door.scope)},
    )
    return preview, _check(request, preview)


def _check(request: DoorRequest, preview: Preview) -> list[Problem]:
    bases: dict[Key, str] = {(DocumentKind.HOLDING, *key): head.digest for key, head in _heads(request).items()}
    return settle(preview, lambda text: plan(request, {_PATH: text}, bases=bases).errors, path=_PATH)


def _heads(request: DoorRequest) -> dict[tuple[str, str], Head]:
    return {(head.organisation, head.code): head for head in list_heads_of_holdings(scope=request.door.scope)}


def _own(request: DoorRequest) -> list[tuple[str, str]]:
    door = request.door
    policy = find_policy(scope=door.scope, on=door.today)
    names = {one.code: door.say(one.name) for one in policy.organisations} if policy else {}
    own = [code for code in door.scope.organisations if may_edit(request, code, EDITORS_OF_HOLDINGS)]
    return sorted((code, names.get(code, code)) for code in own)
