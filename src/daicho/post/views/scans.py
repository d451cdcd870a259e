"""Scans on the screen: uploads, page images for the desk, blacking out, comparing, destroying."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.people.doors import DoorRequest, act, changes, reads
from daicho.people.rules import may_act
from daicho.post.actions import comparing, destroying, scans
from daicho.post.darkroom import MAX_BYTES
from daicho.post.forms import RecordForm, ScanForm
from daicho.post.papers import (
    CHECK_WORDS,
    FINDING_WORDS,
    REASON_WORDS,
    checks_for,
    first_reason,
    read_boxes,
)
from daicho.post.queries import (
    get_scan,
    list_comparisons,
    list_due_scans,
    list_envelopes_of,
    list_scans,
    recognise_page,
)
from daicho.rights.access import DESK
from daicho.rights.views.case import case_context
from daicho.words.errors import DaichoError, InputError, NotFoundError
from daicho.words.text import Text

MAX_FILES = 10
_TWO = 2


@changes(*DESK)
def upload(request: DoorRequest) -> HttpResponse:
    """Files dropped on an envelope, on a request, or on nothing in particular (the cover sheet says where)."""
    form = ScanForm(request.POST or None, door=request.door)
    envelope = (request.POST.get("envelope") or request.GET.get("envelope") or "")[:24]
    number = (request.POST.get("request") or request.GET.get("request") or "")[:24]
    if request.method == "POST" and form.is_valid():
        files = request.FILES.getlist("files")
        if not 1 <= len(files) <= MAX_FILES:
            messages.error(request, request.door.say(_HOW_MANY))
        elif _store_all(request, form, files, envelope, number) and (envelope or number):
            return redirect(_back(envelope, number))
    context = {"form": form, "envelope": envelope, "number": number, "max_bytes": MAX_BYTES}
    return render(request, "post/upload.html", context)


_HOW_MANY = Text(f"ファイルを 1 個から {MAX_FILES} 個まで選んでください。", f"Choose 1 to {MAX_FILES} files.")


def _store_all(request: DoorRequest, form: ScanForm, files: list[Any], envelope: str, number: str) -> bool:
    """Store each file by itself and tell what came of it; file names are never repeated: they may name people."""
    door = request.door
    kind, paper, of = form.kind()
    intake = scans.ScanIntake(kind=kind, paper=paper, of=of, envelope=envelope, request=number)
    good = True
    for index, file in enumerate(files, start=1):
        try:
            stored = scans.store_scan(file.read(), intake, scope=door.scope, at=door.at, folder=door.folder)
        except DaichoError as error:
            good = False
            told = Text(f"{index} 件目は保存していません。", f"File {index} was not kept. ")
            messages.error(
                request, f"{door.say(told)}{error.message.say(door.language)} {error.advice.say(door.language)}"
            )
        else:
            told = Text(
                f"{index} 件目：{stored.pages} ページを {stored.filed} に保存しました。",
                f"File {index}: {stored.pages} page(s) kept with {stored.filed}.",
            )
            messages.success(request, door.say(told))
            if stored.proposed:
                messages.warning(request, door.say(Text(
                    f"紙のバーコードは {stored.proposed} です。写しの画面で綴じ先を確かめてください。",
                    f"The code on the paper says {stored.proposed}. Confirm on the scan's page where it belongs.",
                )))  # fmt: skip
    return good


def _back(envelope: str, number: str) -> str:
    return reverse("post:of_request", args=[number]) if number else reverse("post:envelope", args=[envelope])


@reads(*DESK)
def scan(request: DoorRequest, ref: str) -> HttpResponse:
    """One scan: its pages (for the desk), what must be unreadable, and what may be done."""
    found = get_scan(ref, scope=request.door.scope)
    may_change = may_act(request.door.roles.get(found.organisation, frozenset()), DESK)
    context = {"scan": found, "may_change": may_change, "record_form": RecordForm(door=request.door)}
    return render(request, "post/scan.html", context)


@changes(*DESK)
def page(request: DoorRequest, ref: str, position: int) -> HttpResponse:
    """The image of a page, unsealed on its way to the browser; never kept by it, and every look is recorded."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    door = request.door
    jpeg = scans.look_at_page(ref, position, scope=door.scope, at=door.at, folder=door.folder)
    response = HttpResponse(jpeg, content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = "inline"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@changes(*DESK)
def black_out(request: DoorRequest, ref: str, position: int) -> HttpResponse:
    """The black-out tool; a POST of JSON paints and saves, and answers in JSON."""
    door = request.door
    found = get_scan(ref, scope=door.scope)
    shown = next((one for one in found.pages if one.position == position), None)
    if shown is None:
        raise NotFoundError(
            Text("そのページはありません。", "There is no such page."),
            advice=Text("写しの画面から開いてください。", "Open it from the scan's page."),
        )
    if request.method != "POST":
        words = {name: door.say(text) for name, text in _TOOL_WORDS.items()}
        reasons = [(str(reason), door.say(text)) for reason, text in REASON_WORDS.items()]
        context = {
            "scan": found,
            "page": shown,
            "reasons": reasons,
            "first_reason": str(first_reason([area for area, _, _ in found.asked])),
            "tool": {"words": words, "reasons": dict(reasons), "width": shown.width, "height": shown.height,
                     "version": shown.version},
        }  # fmt: skip
        return render(request, "post/black_out.html", context)
    try:
        given = _json(request)
        boxes = read_boxes(given.get("boxes"), width=shown.width, height=shown.height)
        done = scans.black_out_page(
            ref, position, boxes, version=_version(given), leave_codes=given.get("leave") is True,
            scope=door.scope, at=door.at, folder=door.folder,
        )  # fmt: skip
    except DaichoError as error:
        said = f"{error.message.say(door.language)} {error.advice.say(door.language)}"
        return JsonResponse({"error": said}, status=400)
    if not done.saved:
        return JsonResponse({"left": list(done.left)}, status=409)
    messages.success(request, door.say(_SAVED))
    return JsonResponse({"next": reverse("post:scan", args=[ref])})


_SAVED = Text(
    "黒塗りを保存しました。下にあった画像は残っていません。紙の写しも黒く塗りつぶしてください。",
    "Saved. Nothing of what was underneath remains. Black out the paper copy as well.",
)
_TOOL_WORDS = {
    "confirm": Text("黒塗りを保存します。下の画像は完全に消え、元に戻せません。", "Save? What lies underneath is destroyed for good. This cannot be undone."),
    "left": Text("読み取れるコードが {n} か所残っています（破線の枠）。このまま保存しますか。", "{n} code(s) can still be read (dashed). Save all the same?"),
    "none": Text("まだ何も塗っていません。", "Nothing is drawn yet."),
    "looking": Text("塗り忘れを探しています…", "Looking for what may be forgotten …"),
    "found": Text("候補が {n} か所あります（破線の枠）。", "{n} place(s) to look at (dashed)."),
    "taken": Text("候補はすべて塗ってあります。", "All of them are covered."),
    "nothing": Text("候補は見つかりませんでした。目でも確かめてください。", "Nothing was found. Look for yourself as well."),
    "codes_only": Text("QR・バーコードだけを探しました。番号や本籍の文字は探していません（文字認識が入っていません）。", "Only QR and bar codes were looked for: numbers and the domicile were not (no text recognition is installed)."),
    "failed": Text("保存できませんでした。", "It was not saved."),
    "remove": Text("消す", "Remove"),
    "box": Text("{n}. {reason}", "{n}. {reason}"),
}  # fmt: skip


def _json(request: DoorRequest) -> Mapping[str, Any]:
    try:
        given = json.loads(request.body)
    except ValueError:
        given = None
    return given if isinstance(given, dict) else {}


def _version(given: Mapping[str, Any]) -> int:
    version = given.get("version")
    return version if isinstance(version, int) else 0


@changes(*DESK)
def look(request: DoorRequest, ref: str, position: int) -> HttpResponse:
    """Where the page may have to be blacked out, as JSON."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    found = recognise_page(ref, position, scope=request.door.scope, folder=request.door.folder)
    return JsonResponse({"found": list(found.found), "read_text": found.read_text})


@changes(*DESK)
def move(request: DoorRequest, ref: str, what: str) -> HttpResponse:
    """Check, file, destroy; then back to the scan."""
    there = reverse("post:scan", args=[ref])
    if request.method != "POST":
        return redirect(there)
    return act(request, lambda: _done(request, ref, what), then=there)


def _done(request: DoorRequest, ref: str, what: str) -> Text:
    door, given = request.door, request.POST
    match what:
        case "check":
            areas = {
                name.removeprefix("area_"): str(value) for name, value in given.items() if name.startswith("area_")
            }
            scans.check_scan(
                ref, areas, paper=given.get("paper") == "yes", scope=door.scope, at=door.at, folder=door.folder
            )
            return Text("確認を記録しました。", "The check is recorded.")
        case "file":
            scans.file_scan(ref, given.get("request", "").strip(), scope=door.scope, at=door.at)
            return Text("請求に綴じました。", "Filed to the request.")
        case "record":
            form = RecordForm(given, door=door)
            if not form.is_valid():
                raise InputError(
                    Text("発行日または保管場所が読めません。", "The day of issue or the place cannot be read."),
                    advice=Text("入力を直してください。", "Correct what was entered."),
                )
            ref_of_paper = scans.record_as_document(ref, **form.cleaned_data, scope=door.scope, at=door.at)
            return Text(
                f"請求の書類 {ref_of_paper} として記録しました。", f"Recorded as the request's paper {ref_of_paper}."
            )
        case "destroy":
            destroying.destroy_scan(ref, scope=door.scope, at=door.at, folder=door.folder)
            return Text("写しを消去しました。記録だけが残ります。", "The scan is destroyed; only the record stays.")
        case "destroy_page":
            position = given.get("page", "")
            number = int(position) if position.isascii() and position.isdigit() and len(position) < len("1000") else 0
            destroying.destroy_page(ref, number, scope=door.scope, at=door.at, folder=door.folder)
            return Text("ページを消去しました。", "The page is destroyed.")
        case _:
            raise InputError(
                Text("その操作はありません。", "There is no such thing to do."),
                advice=Text("画面を開き直してください。", "Open the page again."),
            )


@reads(*DESK)
def due(request: DoorRequest) -> HttpResponse:
    """The scans whose days are over."""
    door = request.door
    context = {"scans": list_due_scans(scope=door.scope, on=door.today), "may_change": door.may_act(*DESK)}
    return render(request, "post/due.html", context)


@changes(*DESK)
def destroy_due(request: DoorRequest) -> HttpResponse:
    """Destroy them."""
    door, there = request.door, reverse("post:due")
    if request.method != "POST":
        return redirect(there)

    def doing() -> Text:
        done = destroying.destroy_due_scans(scope=door.scope, at=door.at, folder=door.folder)
        return Text(
            f"写し {done.scans} 件（{done.pages} ページ）を消去しました。",
            f"{done.scans} scan(s), {done.pages} page(s) destroyed.",
        )

    return act(request, doing, then=there)


@reads(*DESK)
def of_request(request: DoorRequest, number: str) -> HttpResponse:
    """The papers of one request, as a page of its case: envelopes, scans, comparisons."""
    door = request.door
    context = case_context(request, number)
    number = context["case"].number
    kept = list_scans(scope=door.scope, request=number)
    context |= {
        "number": number,
        "envelopes": list_envelopes_of(number, scope=door.scope),
        "scans": kept,
        "comparable": [one for one in kept if one.destroyed_at is None],
        "comparisons": list_comparisons(number, scope=door.scope),
        "scan_form": ScanForm(door=door),
        "may_change": context["may_work"],
    }
    return render(request, "post/of_request.html", context)


@changes(*DESK)
def compare(request: DoorRequest) -> HttpResponse:
    """Two scans side by side, and what was found."""
    door = request.door
    given = request.POST if request.method == "POST" else request.GET
    pair = given.getlist("scan")[:_TWO]
    if len(pair) != _TWO:
        raise InputError(
            Text("写しを二つ選んでください。", "Choose two scans."),
            advice=Text(
                "請求の書類の画面で二つに印を付けてください。", "Tick two on the page of the request's papers."
            ),
        )
    left, right = (get_scan(ref, scope=door.scope) for ref in pair)
    checks = checks_for(left.paper, right.paper)
    if request.method == "POST":
        findings = {str(check): given[f"check_{check}"] for check in checks if given.get(f"check_{check}")}
        there = reverse("post:of_request", args=[left.request]) if left.request else reverse("post:home")

        def doing() -> Text:
            comparing.compare_scans(left.ref, right.ref, findings, scope=door.scope, at=door.at)
            return Text("照合を記録しました。", "The comparison is recorded.")

        return act(request, doing, then=there)
    context = {
        "scans": [left, right],
        "number": left.request,
        "checks": [(str(check), CHECK_WORDS[check]) for check in checks],
        "findings": [(str(one), words) for one, words in FINDING_WORDS.items()],
    }
    return render(request, "post/compare.html", context)
