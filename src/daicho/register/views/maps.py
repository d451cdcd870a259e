"""対応表の編集  A map as text, with the plan and the checks beside it while it is written."""

import re
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render

from daicho.people.doors import DoorRequest, changes, reads
from daicho.register.actions import EDITORS_OF_STORES
from daicho.register.language import DocumentKind
from daicho.register.planning import ChangeKind, Key, RegisterPlan
from daicho.register.queries import Head, find_head, find_policy, get_own_store, list_holding_parts, list_maps
from daicho.register.reading import StoreRef
from daicho.register.rules import Severity
from daicho.register.sketch import sketch_map
from daicho.register.views.saving import MOVED, apply, may_edit, plan, require_editor
from daicho.register.views.table import READERS
from daicho.register.writing import plain, to_yaml
from daicho.words.errors import DaichoError, NotAllowedError, Place, Problem
from daicho.words.text import Text

_PATH: Final = "map"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """The map of a store as it stands in the register; ``head`` None = there is none yet."""

    ref: StoreRef
    head: Head | None

    @property
    def text(self) -> str:
        return to_yaml(plain(self.head.model)) if self.head else ""

    @property
    def key(self) -> Key:
        code = self.head.code if self.head else self.ref.code
        return DocumentKind.MAP, self.ref.organisation, code


@reads(*READERS)
def show(request: DoorRequest, code: str) -> HttpResponse:
    """The text of a store's map, to read."""
    opened = _open(request, code)
    return render(request, "register/map.html", {"ref": opened.ref, "text": opened.text, "head": opened.head})


@changes(*EDITORS_OF_STORES)
def edit(request: DoorRequest, code: str) -> HttpResponse:
    """The editor; saving is applying the plan beside it."""
    opened = _open(request, code)
    require_editor(request, opened.ref.organisation, EDITORS_OF_STORES)
    text = request.POST.get("text", opened.text).replace("\r\n", "\n")
    base = request.POST.get("base", opened.head.digest if opened.head else "")
    found, foreign = _plan(request, opened, text, base) if text.strip() else (None, [])
    if request.method == "POST" and found is not None and found.is_valid and not foreign:
        apply(request, found, keepers=EDITORS_OF_STORES)
        return redirect("register:store", code)
    context = {
        "ref": opened.ref,
        "head": opened.head,
        "text": text,
        "base": base,
        "sketch": not text.strip(),
        "holdings": list_holding_parts(scope=request.door.scope, store=code),
        **_beside(request, opened, found, foreign),
    }
    return render(request, "register/map_edit.html", context, status=422 if request.method == "POST" else 200)


@changes(*EDITORS_OF_STORES)
def check(request: DoorRequest, code: str) -> HttpResponse:
    """What saving the text would do and what is wrong in it; a piece of a page. Changes nothing."""
    opened = _open(request, code)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    base = request.POST.get("base", "")
    found, foreign = _plan(request, opened, text, base) if text.strip() else (None, [])
    return render(request, "register/map_beside.html", {"ref": opened.ref, **_beside(request, opened, found, foreign)})


@changes(*EDITORS_OF_STORES)
def sketch(request: DoorRequest, code: str) -> HttpResponse:
    """A first map drawn from the live store, as the text of the editor; nothing is saved."""
    door = request.door
    opened = _open(request, code)
    require_editor(request, opened.ref.organisation, EDITORS_OF_STORES)
    if request.method != "POST":
        return redirect("register:map-edit", code)
    policy = find_policy(scope=door.scope, on=door.today)
    problem = None
    text = request.POST.get("text", "")
    try:
        drawn = sketch_map(
            door.open_store(opened.ref).inspect(),
            store=code,
            holdings=[part.reg_no for part in list_holding_parts(scope=door.scope, store=code)],
            items=[one.code for one in policy.items] if policy else [],
        )
    except DaichoError as error:
        problem = error
    else:
        text = drawn.text
    base = opened.head.digest if opened.head else ""
    found, foreign = _plan(request, opened, text, base) if text.strip() else (None, [])
    context = {
        "ref": opened.ref,
        "head": opened.head,
        "text": text,
        "base": base,
        "sketch": not text.strip(),
        "sketched": problem is None,
        "problem": problem,
        "holdings": list_holding_parts(scope=door.scope, store=code),
        **_beside(request, opened, found, foreign),
    }
    return render(request, "register/map_edit.html", context)


def _open(request: DoorRequest, code: str) -> _Opened:
    scope = request.door.scope
    ref = get_own_store(code, scope=scope)
    scope.require(ref.organisation)
    if ref.is_paper:
        raise NotAllowedError(
            Text("紙の保管先に対応表は要りません。", "A paper store needs no map."),
            advice=Text("検索依頼票で部署に照会します。", "Its department is asked by search slips."),
        )
    view = next((one for one in list_maps(scope=scope) if one.store == code), None)
    return _Opened(ref=ref, head=find_head(DocumentKind.MAP, view.code, scope=scope) if view else None)


def _plan(request: DoorRequest, opened: _Opened, text: str, base: str) -> tuple[RegisterPlan, list[Problem]]:
    """The plan, and what in it is not this store's map: the page edits one document and no other."""
    found = plan(request, {_PATH: text}, bases={opened.key: base} if opened.head else {})
    foreign = []
    for one in found.documents:
        if opened.head is not None and one.key != opened.key:
            foreign.append(
                Problem(
                    code="another-document",
                    place=Place(path=_PATH, line=1, column=1),
                    message=Text(
                        f"この画面では対応表 {opened.head.code} だけを編集できます。",
                        f"Only the map {opened.head.code} can be edited here.",
                    ),
                    advice=Text("map: の値を元に戻してください。", "Put the value of map: back."),
                )
            )
        elif one.kind is not DocumentKind.MAP or not _speaks_of(one.body, opened.ref.code):
            foreign.append(
                Problem(
                    code="another-document",
                    place=Place(path=_PATH, line=1, column=1),
                    message=Text(
                        f"これは保管先 {opened.ref.code} の対応表ではありません。",
                        f"This is no map of the store {opened.ref.code}.",
                    ),
                    advice=Text(
                        f"map: で始め、store: {opened.ref.code} と書いてください。",
                        f"Begin with map: and write store: {opened.ref.code}.",
                    ),
                )
            )
    return found, foreign


def _speaks_of(body: str, store: str) -> bool:
    return re.search(rf"^store: {re.escape(store)}$", body, re.MULTILINE) is not None


def _beside(
    request: DoorRequest, opened: _Opened, found: RegisterPlan | None, foreign: list[Problem]
) -> dict[str, object]:
    """What stands beside the text."""
    if found is None:
        return {"plan": None}
    errors = [*foreign, *found.errors]
    advice = [one.problem for one in found.findings if one.severity == Severity.ADVICE]
    own = [one for one in found.documents if one.change != ChangeKind.UNCHANGED]
    moved = opened.head is not None and any(one.code in MOVED for one in found.errors)
    return {
        "plan": found,
        "errors": [(problem, problem.place.path == _PATH) for problem in errors],
        "advice": [(problem, problem.place.path == _PATH) for problem in advice],
        "changes": own,
        "waits": any(one.waits for one in found.checks),
        "checked": bool(found.checks),
        "wrong_lines": " ".join(str(one.place.line) for one in errors if one.place.path == _PATH),
        "advised_lines": " ".join(str(one.place.line) for one in advice if one.place.path == _PATH),
        "new_base": opened.head.digest if moved and opened.head else "",
        "may_edit": may_edit(request, opened.ref.organisation, EDITORS_OF_STORES),
    }
