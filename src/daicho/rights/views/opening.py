"""受付: a form becomes a request."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from daicho.letters import press
from daicho.people.doors import Door, DoorRequest, changes, reads
from daicho.people.rules import may_act
from daicho.policy.queries import policy_in_force
from daicho.register.queries import list_active_maps
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.actions.issuing import OutFile
from daicho.rights.actions.receiving import open_request
from daicho.rights.forms import blank_form
from daicho.rights.intake import Intake, read_intake
from daicho.rights.opening_form import FileForm, OpeningForm
from daicho.rights.person import list_open_of
from daicho.rights.rules import REQUEST_WORDS
from daicho.rights.views.files import pdf
from daicho.words.errors import DaichoError, DocumentError, InputError
from daicho.words.identity import STRONG_PREFIX
from daicho.words.text import Text

_MOST_BYTES = 1_000_000


@changes(*DESK)
def opening(request: DoorRequest, *, given: Mapping[str, Any] | None = None) -> HttpResponse:
    """The form; or the same from a file. ``given``: what is known already, from the envelope's record."""
    door = request.door
    if request.method != "POST":
        return _page(request, _form(door, given=given))
    if "document" in request.FILES or request.POST.get("from") == "file":
        return _from_file(request)
    form = _form(door, request.POST)
    if not form.is_valid() or form.intake is None:
        return _page(request, form, status=422)
    same = _same(form.intake, request, seen=form.cleaned_data["again"])
    if same:
        return _page(request, form, same=same, status=409)
    try:
        number = open_request(form.intake, scope=door.scope, at=door.at)
    except DaichoError as error:
        form.add_error(None, f"{door.say(error.message)} {door.say(error.advice)}")
        return _page(request, form, status=422)
    return _opened(request, number)


@reads(*LOOKERS)
def blank(request: DoorRequest) -> HttpResponse:
    """The blank form of the published policy, to hand out."""
    door = request.door
    own = door.organisation if door.organisation in door.scope.organisations else min(door.scope.organisations)
    code = request.GET.get("organisation") or own
    door.scope.require(code)
    policy = policy_in_force(code, door.today)
    printed = press.render(blank_form(policy, organisation=code, language=door.language, on=door.today))
    return pdf(OutFile(name=f"request-form-{code}-{door.language}.pdf", content=printed.pdf), inline=True)


def _from_file(request: DoorRequest) -> HttpResponse:
    door = request.door
    form = FileForm(request.POST, request.FILES, language=door.language)
    if not form.is_valid():
        return _page(request, _form(door), file=form, status=422)
    try:
        upload = form.cleaned_data["document"]
        if upload.size > _MOST_BYTES:
            raise InputError(
                Text("ファイルが大きすぎます。", "The file is too large."),
                advice=Text("1 MB 以内の、請求1件の文書にしてください。", "One request of at most 1 MB."),
            )
        intake = read_intake(upload.read(), path="document")
        same = _same(intake, request, seen=form.cleaned_data["again"])
        if same:
            return _page(request, _form(door), file=form, same=same, status=409)
        number = open_request(intake, scope=door.scope, at=door.at)
    except DocumentError as error:
        for problem in error.problems:
            place = f"{problem.place.line}:{problem.place.column}"
            form.add_error("document", f"{place} {door.say(problem.message)} {door.say(problem.advice)}")
        return _page(request, _form(door), file=form, status=422)
    except DaichoError as error:
        form.add_error("document", f"{door.say(error.message)} {door.say(error.advice)}")
        return _page(request, _form(door), file=form, status=422)
    return _opened(request, number)


def _opened(request: DoorRequest, number: str) -> HttpResponse:
    said = Text(f"{number} を受け付けました。", f"{number} is registered.")
    messages.success(request, request.door.say(said))
    return redirect("rights:papers", number)


def _same(intake: Intake, request: DoorRequest, *, seen: bool) -> Sequence[Mapping[str, Any]]:
    """Open requests of the same person that the desk has not yet looked at."""
    if seen:
        return ()
    codes = request.door.scope.organisations
    if not set(intake.addressed) <= codes:
        return ()  # opening it will be refused
    return [{"view": one, "state": REQUEST_WORDS[one.state]} for one in list_open_of(intake, scope=request.door.scope)]


def _form(door: Door, data: Any = None, *, given: Mapping[str, Any] | None = None) -> OpeningForm:
    codes = sorted(code for code, held in door.roles.items() if may_act(held, DESK))
    home = door.organisation if door.organisation in codes else codes[0]
    return OpeningForm(
        data,
        language=door.language,
        policy=policy_in_force(home, door.today),
        organisations=codes,
        numbers=_numbers(door, codes),
        on=door.today,
        initial={
            "addressed": [home],
            "arrived_on": door.today,
            "requester": "principal",
            "language_of_reply": "ja",
            "opened_by": door.display_name,
            **(given or {}),
        },
    )


def _numbers(door: Door, codes: Sequence[str]) -> dict[str, Text]:
    """The numbers by which the maps in force know people: name → what it is called there."""
    found: dict[str, Text] = {}
    for one in list_active_maps(scope=door.scope, organisations=codes):
        for table in one.plan.tables:
            rules = one.tables.get(table.name)
            for identity in table.identities:
                if identity.kind.startswith(STRONG_PREFIX) and rules is not None:
                    column = rules.columns.get(identity.columns[0])
                    name = identity.kind.removeprefix(STRONG_PREFIX)
                    label = Text(f"{rules.label.ja}の番号", f"number in {rules.label.en}")
                    if column and not column.technical:
                        label = column.label
                    found.setdefault(name, label)
    return found


def _page(
    request: DoorRequest,
    form: OpeningForm,
    *,
    file: FileForm | None = None,
    same: Sequence[Mapping[str, Any]] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "kinds": list(form.kind_parts()),
        "numbers": form.number_fields(),
        "file": file or FileForm(language=request.door.language),
        "from_file": file is not None,
        "same": same,
        "form_name_said": request.door.say(form.policy.requests.submission.form.name),
    }
    return render(request, "rights/open.html", context, status=status)
