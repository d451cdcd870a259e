"""受付簿の移行: upload, match the columns, see what is wrong, take the good rows, undo."""

import base64
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from daicho.law.kinds import KINDS
from daicho.people.doors import DoorRequest, act, changes, tell_error
from daicho.register.spreadsheet import MOST_BYTES, read_cells
from daicho.rights.access import DESK
from daicho.rights.actions.importing import (
    Kept,
    drop_upload,
    keep_upload,
    known_rows,
    read_upload,
    take_rows,
    undo_import,
)
from daicho.rights.ledger_book import list_imports
from daicho.rights.past import FIELDS, NEEDED, Fault, PastRow, Table, find_table, guess_columns, read_rows
from daicho.rights.views.ledger import chosen_organisation
from daicho.words.errors import DaichoError, InputError
from daicho.words.text import Text

_SESSION: Final = "ledger_import"
_SHOWN: Final = 50


@changes(*DESK)
def upload(request: DoorRequest) -> HttpResponse:
    """The page: choose a file; or, once there is one, its columns, its rows, and what is wrong with them."""
    chosen, organisations = chosen_organisation(request)
    context: dict[str, Any] = {
        "organisation": chosen,
        "organisations": organisations,
        "imports": list_imports(chosen, scope=request.door.scope),
        "megabytes": MOST_BYTES // (1024 * 1024),
    }
    if request.method == "POST":
        try:
            _receive(request)
        except DaichoError as error:
            tell_error(request, error)
        return redirect(f"{reverse('rights:ledger-import')}?organisation={chosen}")
    kept = _kept(request)
    if kept is not None:
        try:
            context |= _preview(request, read_upload(kept, folder=request.door.folder), chosen)
        except DaichoError as error:
            _forget(request)
            context["error"] = error
    return render(request, "rights/ledger_import.html", context)


def _receive(request: DoorRequest) -> None:
    file = request.FILES.get("file")
    if file is None:
        raise InputError(
            Text("ファイルが選ばれていません。", "No file was chosen."),
            advice=Text("Excel（.xlsx）のファイルを選んでください。", "Choose an Excel file (.xlsx)."),
        )
    content = file.read(MOST_BYTES + 1)
    find_table(read_cells(content))  # refused before anything is kept
    _forget(request)
    kept = keep_upload(content, folder=request.door.folder, at=request.door.at)
    request.session[_SESSION] = {
        "ref": kept.ref,
        "key": base64.b64encode(kept.wrapped_key).decode(),
        "size": kept.size,
    }


def _kept(request: DoorRequest) -> Kept | None:
    found = request.session.get(_SESSION)
    if not found:
        return None
    return Kept(ref=found["ref"], wrapped_key=base64.b64decode(found["key"]), size=found["size"])


def _forget(request: DoorRequest) -> None:
    kept = _kept(request)
    if kept is not None:
        drop_upload(kept, folder=request.door.folder)
        del request.session[_SESSION]


def _columns(request: DoorRequest, table: Table) -> dict[str, int]:
    """As chosen on the page; as the headings suggest when nothing was."""
    sent = request.POST if request.method == "POST" else request.GET
    if not any(f"column-{field}" in sent for field in FIELDS):
        return guess_columns(table.headings)
    places = {field: sent.get(f"column-{field}", "") for field in FIELDS}
    return {
        field: int(place)
        for field, place in places.items()
        if place.isascii() and place.isdigit() and len(place) < len("100000") and int(place) < len(table.headings)
    }


def _preview(request: DoorRequest, content: bytes, organisation: str) -> dict[str, Any]:
    table = find_table(read_cells(content))
    columns = _columns(request, table)
    good: list[PastRow] = []
    faults: list[Fault] = []
    trouble: DaichoError | None = None
    try:
        good, faults = read_rows(table, columns, today=request.door.today, known=known_rows(organisation))
    except InputError as error:
        trouble = error
    return {
        "table": table,
        "fields": [(field, name, columns.get(field), field in NEEDED) for field, name in FIELDS.items()],
        "headings": list(enumerate(table.headings)),
        "good": [{"view": one, "kinds": [KINDS[kind].name for kind in one.kinds]} for one in good[:_SHOWN]],
        "good_count": len(good),
        "years": sorted({one.arrived_on.year for one in good}),
        "faults": faults[:500],
        "bad_rows": len({one.row for one in faults}),
        "trouble": trouble,
    }


@changes(*DESK)
@require_POST
def take(request: DoorRequest) -> HttpResponse:
    """移行する; or give the file up."""
    chosen, _ = chosen_organisation(request)
    then = f"{reverse('rights:ledger-import')}?organisation={chosen}"
    kept = _kept(request)
    if request.POST.get("leave") == "yes" or kept is None:
        _forget(request)
        return redirect(then)

    def doing() -> Text:
        content = read_upload(kept, folder=request.door.folder)
        table = find_table(read_cells(content))
        good, faults = read_rows(table, _columns(request, table), today=request.door.today, known=known_rows(chosen))
        bad = len({one.row for one in faults})
        take_rows(good, content=content, refused=bad, organisation=chosen, scope=request.door.scope, at=request.door.at)
        _forget(request)
        return Text(
            f"{len(good)} 行を移行しました（不備のため移行しなかった行 {bad}）。",
            f"{len(good)} row(s) brought over; {bad} left out.",
        )

    return act(request, doing, then=then)


@changes(*DESK)
@require_POST
def undo(request: DoorRequest, ref: str) -> HttpResponse:
    """移行を取り消す."""
    chosen, _ = chosen_organisation(request)

    def doing() -> Text:
        rows = undo_import(ref, scope=request.door.scope, at=request.door.at)
        return Text(f"移行した {rows} 行を取り消しました。", f"{rows} row(s) taken out again.")

    return act(request, doing, then=f"{reverse('rights:ledger-import')}?organisation={chosen}")
