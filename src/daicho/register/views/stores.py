"""保管先  The stores: where they are, how they are, which maps reach them, and what nobody covers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.law.kinds import KINDS
from daicho.people.doors import DoorRequest, act, changes, reads
from daicho.policy.language import Policy
from daicho.register.actions import EDITORS_OF_HOLDINGS, EDITORS_OF_STORES, KEEPERS, confirm_map
from daicho.register.coverage import GAP_WORDS, GapKind
from daicho.register.flow import KIND_WORDS
from daicho.register.health import check_store
from daicho.register.language import DocumentKind, StoreDocument
from daicho.register.planning import Key
from daicho.register.queries import (
    Head,
    find_head,
    find_policy,
    get_own_store,
    get_store,
    list_changes_of,
    list_gaps,
    list_holding_parts,
    list_maps,
    list_stores,
)
from daicho.register.reading import EndKind, StoreRef
from daicho.register.store_form import StoreForm
from daicho.register.views.saving import apply, may_edit, plan, require_editor, settings_of
from daicho.register.views.table import READERS
from daicho.register.writing import to_yaml
from daicho.words.documents import read_document
from daicho.words.text import Text

END_WORDS: Final[Mapping[EndKind, Text]] = {
    EndKind.DELETE: Text("消す", "deleted"),
    EndKind.BLANK: Text("空にする", "blanked"),
    EndKind.REPLACE: Text("置き換える", "replaced"),
    EndKind.ANNOTATE: Text("注記する", "annotated"),
    EndKind.KEEP: Text("残す", "kept"),
}
_PATH: Final = "register:store"


@reads(*READERS)
def stores(request: DoorRequest) -> HttpResponse:
    """The list; how each one is, is asked row by row."""
    gap = request.GET.get("gap", "")
    if gap in set(GapKind):
        return redirect(f"{reverse('register:coverage')}#{gap}")
    door = request.door
    maps = {view.store: view for view in list_maps(scope=door.scope)}
    counts: dict[str, int] = defaultdict(int)
    for part in list_holding_parts(scope=door.scope):
        counts[part.store] += 1
    refs = list_stores(scope=door.scope)
    found = [
        {
            "ref": ref,
            "kind": KIND_WORDS.get(ref.kind, Text(ref.kind, ref.kind)),
            "map": maps.get(ref.code),
            "holdings": counts[ref.code],
            "mine": door.scope.allows(ref.organisation),
        }
        for ref in refs
    ]
    waiting = [view for view in maps.values() if not view.in_force]
    context = {
        "stores": found,
        "waiting": waiting,
        "organisations": _organisations(request),
        "several": len({ref.organisation for ref in refs}) > 1,
        "may_edit": door.may_act(*EDITORS_OF_STORES),
        "gaps": len(list_gaps(scope=door.scope, policy=find_policy(scope=door.scope, on=door.today))),
    }
    return render(request, "register/stores.html", context)


@reads(*READERS)
def health(request: DoorRequest, code: str) -> HttpResponse:
    """Ask one store now; a piece of a page."""
    door = request.door
    ref = get_own_store(code, scope=door.scope)
    found = check_store(ref, scope=door.scope, open_store=door.open_store)
    return render(request, "register/health.html", {"health": found, "at": door.at, "ref": ref})


@reads(*READERS)
def store(request: DoorRequest, code: str) -> HttpResponse:
    """One store: its settings, its rows of the register, its map."""
    door = request.door
    ref = get_store(code, scope=door.scope)
    head = find_head(DocumentKind.STORE, code, scope=door.scope)
    view = next((one for one in list_maps(scope=door.scope) if one.store == code), None)
    map_head = find_head(DocumentKind.MAP, view.code, scope=door.scope) if view else None
    gaps = list_gaps(scope=door.scope, policy=find_policy(scope=door.scope, on=door.today))
    context = {
        "ref": ref,
        "kind": KIND_WORDS.get(ref.kind, Text(ref.kind, ref.kind)),
        "organisation": _organisations(request).get(ref.organisation, ref.organisation),
        "settings": _settings(request, ref) if head else [],
        "holdings": list_holding_parts(scope=door.scope, store=code),
        "map": view,
        "tables": _tables(map_head),
        "kinds": {kind: rule.name for kind, rule in KINDS.items()},
        "ends": END_WORDS,
        "gaps": _grouped([gap for gap in gaps if gap.what == code or gap.what.startswith(f"{code}.")]),
        "changes": list_changes_of(head, scope=door.scope) if head else [],
        "map_changes": list_changes_of(map_head, scope=door.scope) if map_head else [],
        "may_edit": may_edit(request, ref.organisation, EDITORS_OF_STORES),
        "may_edit_holdings": door.may_act(*EDITORS_OF_HOLDINGS),
        "may_confirm": may_edit(request, ref.organisation, KEEPERS),
        "applied_by_me": view is not None and view.checked_by == door.scope.actor,
        "head": head,
    }
    return render(request, "register/store.html", context)


@reads(*READERS)
def coverage(request: DoorRequest) -> HttpResponse:
    """網羅性  What the policy promises, the register says and the maps reach, where they do not meet."""
    door = request.door
    policy = find_policy(scope=door.scope, on=door.today)
    gaps = list_gaps(scope=door.scope, policy=policy)
    items = {one.code: one.name for one in policy.items} if policy else {}
    context = {
        "groups": _grouped(gaps),
        "policy": policy is not None,
        "items": items,
        "parties": _parties(policy),
        "known_items": len(items),
        "held_items": len(items) - sum(gap.kind is GapKind.ITEM_WITHOUT_HOLDING for gap in gaps),
        "any": bool(list_stores(scope=door.scope)) or bool(list_holding_parts(scope=door.scope)),
        "may_edit": door.may_act(*EDITORS_OF_HOLDINGS),
    }
    return render(request, "register/coverage.html", context)


def _parties(policy: Policy | None) -> dict[str, Text]:
    """Recipients, contractors and joint uses of the policy, by name."""
    if policy is None:
        return {}
    return {one.code: one.name for one in (*policy.recipients, *policy.entrustees)} | {
        one.code: one.title or one.heading for one in policy.joint_use
    }


@changes(*EDITORS_OF_STORES)
def new(request: DoorRequest) -> HttpResponse:
    """A new store: first its kind, then what that kind takes."""
    return _edit(request, None)


@changes(*EDITORS_OF_STORES)
def edit(request: DoorRequest, code: str) -> HttpResponse:
    """The form of a store."""
    get_store(code, scope=request.door.scope)
    head = find_head(DocumentKind.STORE, code, scope=request.door.scope)
    if head is None:
        return redirect("register:store", code)
    return _edit(request, head)


@changes(*KEEPERS)
def confirm(request: DoorRequest, code: str) -> HttpResponse:
    """第二の担当者の確認  Freeze a map that can change rows, as another account than the one that applied it."""
    door = request.door
    view = next((one for one in list_maps(scope=door.scope) if one.code == code), None)
    then = reverse("register:store", args=(view.store,)) if view else reverse("register:stores")
    if request.method != "POST":
        return redirect(then)

    def doing() -> Text:
        confirm_map(code, scope=door.scope, at=door.at, digest=request.POST.get("digest") or None)
        return Text(
            f"対応表 {code} を確認しました。この対応表が使われます。", f"The map {code} is confirmed and in force."
        )

    return act(request, doing, then=then)


def _edit(request: DoorRequest, head: Head | None) -> HttpResponse:
    door = request.door
    document = head.model if head and isinstance(head.model, StoreDocument) else None
    own = sorted(code for code in door.scope.organisations if may_edit(request, code, EDITORS_OF_STORES))
    if document is not None:
        require_editor(request, document.organisation, EDITORS_OF_STORES)
    kind = document.kind if document else request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in door.kinds:
        return render(
            request, "register/store_kind.html", {"kinds": [(one, KIND_WORDS.get(one)) for one in door.kinds]}
        )
    form = StoreForm(
        request.POST if request.method == "POST" else None,
        language=door.language,
        kind=kind,
        known=settings_of(request, kind),
        organisations={code: _organisations(request).get(code, code) for code in own},
        organisation=door.organisation,
        document=document,
    )
    base = request.POST.get("base", head.digest if head else "")
    if request.method == "POST" and form.is_valid():
        value = form.value()
        require_editor(request, value["organisation"], EDITORS_OF_STORES)
        bases: dict[Key, str] = {(DocumentKind.STORE, head.organisation, head.code): base} if head else {}
        text = to_yaml(value)
        found = plan(request, {_PATH: text}, bases=bases)
        if found.is_valid:
            apply(request, found, keepers=EDITORS_OF_STORES)
            return redirect("register:store", value["store"])
        steps = {(p.line, p.column): at for at, p in read_document(text.encode(), path=_PATH).places.items()}
        for problem in found.errors:
            at = steps.get((problem.place.line, problem.place.column), ()) if problem.place.path == _PATH else ()
            form.take(at, problem.message.say(door.language), problem.advice.say(door.language))
    context: dict[str, Any] = {
        "form": form,
        "head": head,
        "base": base,
        "kind": KIND_WORDS.get(kind),
        "kind_code": kind,
    }
    return render(request, "register/store_form.html", context, status=422 if form.is_bound and form.errors else 200)


def _settings(request: DoorRequest, ref: StoreRef) -> list[tuple[Text, str, bool]]:
    """What a setting is, its value or the name of its secret, and whether it is one."""
    known = {one.name: one for one in settings_of(request, ref.kind)} if ref.kind in request.door.kinds else {}
    found = []
    for name, value in ref.settings.items():
        words = known[name].words if name in known else Text(name, name)
        said = value.get(str(request.door.language), value) if isinstance(value, Mapping) else value
        found.append((words, str(said), isinstance(value, str) and value.startswith("env:")))
    return found


def _tables(head: Head | None) -> list[tuple[str, Any]]:
    tables = getattr(head.model, "tables", {}) if head else {}
    return list(tables.items())


def _grouped(gaps: Sequence[Any]) -> list[tuple[GapKind, Text, list[Any]]]:
    groups: dict[GapKind, list[Any]] = {}
    for gap in gaps:
        groups.setdefault(gap.kind, []).append(gap)
    return [(kind, GAP_WORDS[kind], some) for kind, some in groups.items()]


def _organisations(request: DoorRequest) -> dict[str, str]:
    policy = find_policy(scope=request.door.scope, on=request.door.today)
    return {one.code: request.door.say(one.name) for one in policy.organisations} if policy else {}
