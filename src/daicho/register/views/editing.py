"""A row of the register as a form: new, changed, reviewed, retired, taken out.

Saving is a plan and an apply, as with files: the page carries the digest it was opened on, and a row
that moved meanwhile is not written over unless the reader has seen the difference and says so.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.people.doors import DoorRequest, act, changes, tell_error
from daicho.register.actions import EDITORS_OF_HOLDINGS
from daicho.register.forms import HoldingForm
from daicho.register.language import DocumentKind, HoldingPart, Status
from daicho.register.planning import Key, RegisterPlan
from daicho.register.queries import Head, find_policy, get_holding, list_holding_parts, list_stores
from daicho.register.reviewed import reviewed_rows
from daicho.register.views.saving import MOVED, apply, may_edit, plan, require_editor
from daicho.register.writing import differences, plain, to_yaml
from daicho.words.documents import read_document
from daicho.words.errors import DaichoError, DocumentError, Problem
from daicho.words.text import Text

_PATH: Final = "register:holdings"
_BILINGUAL: Final = ("name", "entruster")


@changes(*EDITORS_OF_HOLDINGS)
def edit(request: DoorRequest, organisation: str, reg_no: str) -> HttpResponse:
    """The form of a row."""
    head = get_holding(organisation, reg_no, scope=request.door.scope)
    require_editor(request, organisation, EDITORS_OF_HOLDINGS)
    base = request.POST.get("base") or head.digest
    form = _form(request, part=_part(head))
    if request.method == "POST" and form.is_valid():
        key: Key = (DocumentKind.HOLDING, organisation, reg_no)
        found = _plan(request, form, bases={key: base})
        if found.is_valid:
            apply(request, found, keepers=EDITORS_OF_HOLDINGS)
            return redirect("register:holding", organisation, reg_no)
        _take(form, found)
        if any(one.code in MOVED for one in found.errors):
            return _show(request, form, head=head, base=base, moved=True)
    return _show(request, form, head=head, base=base)


@changes(*EDITORS_OF_HOLDINGS)
def new(request: DoorRequest) -> HttpResponse:
    """An empty form; ``?like=organisation/number`` begins with another row's answers."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        require_editor(request, form.cleaned_data["organisation"], EDITORS_OF_HOLDINGS)
        found = _plan(request, form, bases={})
        if found.is_valid:
            apply(request, found, keepers=EDITORS_OF_HOLDINGS)
            return redirect("register:holding", form.cleaned_data["organisation"], form.cleaned_data["reg_no"])
        _take(form, found)
    return _show(request, form, head=None, base="")


@changes(*EDITORS_OF_HOLDINGS)
def reviewed(request: DoorRequest) -> HttpResponse:
    """見直し済みにする  Every ticked row was looked at today; one plan for all of them."""
    then = reverse("register:review")
    if request.method != "POST":
        return redirect(then)
    names = [name.partition("/") for name in dict.fromkeys(request.POST.getlist("row"))]
    keys = [(organisation, reg_no) for organisation, _, reg_no in names]
    text, bases = reviewed_rows(keys, scope=request.door.scope, on=request.door.today)
    if request.POST.get("then") == "holding" and len(bases) == 1:
        then = reverse("register:holding", args=keys[0])
    if not text:
        nothing = Text("行を選んでください。", "Tick the rows that were reviewed.")
        return act(request, lambda: nothing, then=then)

    def save() -> Text | None:
        _apply_or_raise(request, plan(request, {_PATH: text}, bases=bases))
        return None

    return act(request, save, then=then)


@changes(*EDITORS_OF_HOLDINGS)
def retire(request: DoorRequest, organisation: str, reg_no: str) -> HttpResponse:
    """使用を終える  The row stays in the register as disposed of."""
    head = get_holding(organisation, reg_no, scope=request.door.scope)
    then = reverse("register:holding", args=(organisation, reg_no))
    if request.method != "POST":
        return redirect(then)

    def save() -> Text | None:
        value = plain(_part(head).model_copy(update={"status": Status.DISPOSED}))
        bases: dict[Key, str] = {(DocumentKind.HOLDING, organisation, reg_no): request.POST.get("base", "")}
        _apply_or_raise(request, plan(request, {_PATH: _yaml([value])}, bases=bases))
        return None

    return act(request, save, then=then)


@changes(*EDITORS_OF_HOLDINGS)
def remove(request: DoorRequest, organisation: str, reg_no: str) -> HttpResponse:
    """台帳から削る  For a row that was a mistake; its revisions stay."""
    get_holding(organisation, reg_no, scope=request.door.scope)
    here = reverse("register:holding", args=(organisation, reg_no))
    if request.method != "POST":
        return redirect(here)
    key: Key = (DocumentKind.HOLDING, organisation, reg_no)
    try:
        _apply_or_raise(request, plan(request, {}, bases={key: request.POST.get("base", "")}, removed=[key]))
    except DaichoError as error:
        tell_error(request, error)
        return redirect(here)
    return redirect("register:holdings")


def _apply_or_raise(request: DoorRequest, found: RegisterPlan) -> None:
    if found.errors:
        raise _StoppedError(found.errors)
    apply(request, found, keepers=EDITORS_OF_HOLDINGS)


class _StoppedError(DocumentError):
    """A plan that cannot be applied, said by its first finding."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.message, self.advice = problems[0].message, problems[0].advice


def _form(request: DoorRequest, part: HoldingPart | None = None) -> HoldingForm:
    door = request.door
    own = [code for code in door.scope.organisations if may_edit(request, code, EDITORS_OF_HOLDINGS)]
    return HoldingForm(
        request.POST if request.method == "POST" else None,
        language=door.language,
        policy=find_policy(scope=door.scope, on=door.today),
        stores=list_stores(scope=door.scope),
        organisations=own if part is None else [part.organisation],
        part=part,
        suggested=_suggested(request, own) if part is None else None,
    )


def _suggested(request: DoorRequest, own: list[str]) -> Mapping[str, Any]:
    """The next free number, today, and what the address names."""
    organisation = request.door.organisation if request.door.organisation in own else next(iter(sorted(own)), "")
    found = {
        "organisation": organisation,
        "reg_no": next_number(part.reg_no for part in list_holding_parts(scope=request.door.scope)),
        "created_on": request.door.today,
        "reviewed_on": request.door.today,
        "store": request.GET.get("store", ""),
        "items": request.GET.getlist("item"),
        "status": str(Status.ACTIVE),
    }
    return {name: one for name, one in found.items() if one}


def next_number(taken: Any) -> str:
    """``H-022`` after ``H-021``: the highest number of the commonest way of counting, plus one."""
    found = [re.fullmatch(r"(.*?)(\d+)", one) for one in taken]
    series: dict[str, list[str]] = {}
    for match in found:
        if match:
            series.setdefault(match[1], []).append(match[2])
    if not series:
        return "H-001"
    prefix, digits = max(series.items(), key=lambda one: len(one[1]))
    return f"{prefix}{max(map(int, digits)) + 1:0{max(map(len, digits))}d}"


def _plan(request: DoorRequest, form: HoldingForm, *, bases: Mapping[Key, str]) -> RegisterPlan:
    return plan(request, {_PATH: _yaml([form.value()])}, bases=bases)


def _yaml(values: list[dict[str, Any]]) -> str:
    return to_yaml({"holdings": values})


def _take(form: HoldingForm, found: RegisterPlan) -> None:
    """Every error at the field it stands at; about a row that moved, nothing else is said."""
    document = read_document(_yaml([form.value()]).encode(), path=_PATH)
    outer_last = sorted(document.places.items(), key=lambda one: -len(one[0]))  # a row begins where its number does
    steps = {(place.line, place.column): at for at, place in outer_last}
    for problem in [one for one in found.errors if one.code in MOVED] or found.errors:
        at = steps.get((problem.place.line, problem.place.column), ())
        name = str(at[2]) if problem.place.path == _PATH and len(at) > 2 else ""  # noqa: PLR2004 (holdings, 0, field)
        field = f"{name}_ja" if name in _BILINGUAL else name or None
        form.take(problem.code, field, problem.message.say(form.language), problem.advice)


def _part(head: Head) -> HoldingPart:
    if not isinstance(head.model, HoldingPart):
        raise TypeError(head.kind)
    return head.model


def _show(
    request: DoorRequest, form: HoldingForm, *, head: Head | None, base: str, moved: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "head": head, "base": base, "part": form.part}
    if moved and head is not None and form.part is not None:
        context["moved"] = differences(plain(form.part), plain(HoldingPart.model_validate(form.value())))
        context["new_base"] = head.digest
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "register/holding_form.html", context, status=status)
