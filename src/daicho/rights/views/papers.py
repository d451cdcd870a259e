"""書類と手数料: what came, what is missing, whether the person is who asks, and letters on the way."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from daicho.law.kinds import Requester
from daicho.law.papers import AuthorityDocument
from daicho.people.doors import DoorRequest, act, changes, reads, tell_error
from daicho.policy.language import Arrival
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.actions.noticing import Delay, notify, preview_notice
from daicho.rights.actions.receiving import check_request
from daicho.rights.actions.recording import (
    Money,
    PaperIntake,
    dispose_document,
    record_document,
    record_fee,
    settle_fee,
)
from daicho.rights.actions.tending import show_person
from daicho.rights.amendments import CANCEL_WORDS, CancelWhy
from daicho.rights.checklist import HOW_WORDS, KIND_WORDS, MASKED_WORDS, OF_WORDS, checklist, paper_name, read_value
from daicho.rights.desk_forms import (
    INSTRUMENT_WORDS,
    DisposeForm,
    DocumentForm,
    IdentityForm,
    MoneyForm,
    NoticeForm,
)
from daicho.rights.minors import identity_hints
from daicho.rights.person import frozen_policy, money_of, open_facts
from daicho.rights.queries import RequestView
from daicho.rights.rules import REQUEST_ENDS, REQUEST_WORDS, DocumentKind, MaskedBy, RequestState
from daicho.rights.scanned import scans_of
from daicho.rights.views.case import case_context
from daicho.rights.views.files import pdf
from daicho.words.errors import DaichoError
from daicho.words.text import Text

_CHECKABLE = frozenset(
    {RequestState.RECEIVED, RequestState.CHECKING, RequestState.AWAITING_DOCUMENTS, RequestState.AWAITING_FEE}
)


@reads(*LOOKERS)
def papers(request: DoorRequest, number: str) -> HttpResponse:
    """The page."""
    return render(request, "rights/papers.html", _context(request, number))


def _context(request: DoorRequest, number: str, **given: Form) -> dict[str, Any]:
    context = case_context(request, number)
    case: RequestView = context["case"]
    door = request.door
    policy = frozen_policy(case.number, scope=door.scope)
    requester = Requester(case.requester)
    due, paid = money_of(case.number, scope=door.scope, on=door.today)
    scans = scans_of(case.number)
    context |= {
        "checklist": checklist(policy, requester, case.lacking, on=case.arrived_on),
        "documents": [_document(one) for one in case.documents],
        "fees": [
            {
                **one,
                "name": INSTRUMENT_WORDS.get(one["instrument"], one["instrument"]),
                "cancelled": CANCEL_WORDS[CancelWhy(one["cancelled_why"])] if one["cancelled_why"] else None,
            }
            for one in case.fees
        ],
        "fee_due": due,
        "fee_paid": paid,
        "checkable": case.state in _CHECKABLE,
        "waiting": [scan for scan in scans if scan.waits],
        "unseen": any(one["masked"] == MaskedBy.UNCHECKED and not one["disposed_on"] for one in case.documents),
        "unrecorded": [scan for scan in scans if not scan.document],
        "agent_compared": requester is Requester.MANDATED_AGENT,
        "today": door.today,
    }
    if not context["may_work"] or case.state in REQUEST_ENDS:
        return context | {"dispose": DisposeForm(language=door.language, initial={"on": door.today}, prefix="dispose")}
    written = _written(request, case)
    return (
        context
        | {
            "document": _document_form(request, case),
            "money": MoneyForm(language=door.language, prefix="money", initial={"face_value": due - paid or None}),
            "dispose": DisposeForm(language=door.language, initial={"on": door.today}, prefix="dispose"),
            "written": written,
            "hints": identity_hints(
                requester, written["person"].birth_date, case.arrived_on, support_measure=case.support_measure
            ),
            "identity": IdentityForm(language=door.language, requester=requester, prefix="identity"),
            "notice": NoticeForm(
                language=door.language, prefix="notice", initial={"notice": _suggested(case, context)}
            ),
        }
        | given
    )


def _written(request: DoorRequest, case: RequestView) -> dict[str, Any]:
    """What the form says, to be held against the papers; a protected address stays where a look is recorded."""
    facts = open_facts(case.number, scope=request.door.scope).facts.reveal(purpose="compared with the papers")
    authority = {one["paper"]: one for one in case.documents if one["kind"] == DocumentKind.AUTHORITY}
    return {
        "person": facts.person,
        "agent": facts.agent,
        "hidden": case.support_measure,
        "mandate": authority.get(AuthorityDocument.POWER_OF_ATTORNEY),
        "certificate": authority.get(AuthorityDocument.SEAL_CERTIFICATE),
        "by_web": case.channel == Arrival.WEB,
    }


def _suggested(case: RequestView, context: dict[str, Any]) -> str:
    """The notice that the desk most likely came for."""
    if case.missing and case.cure_on:
        return "missing"
    if context["delay"]:
        return "delay"
    return "receipt" if context["acknowledge_by"] else "delay"


def _document(one: Any) -> dict[str, Any]:
    return {
        "facts": one,
        "name": paper_name(one["paper"]) or KIND_WORDS[one["kind"]],
        "scan": one["place"].removeprefix("web ") if one["place"].startswith("web S-") else "",
        "of": OF_WORDS[one["of"]],
        "masked": MASKED_WORDS[one["masked"]],
        "unmasked": one["masked"] == MaskedBy.MISSING,
        "unseen": one["masked"] == MaskedBy.UNCHECKED,
        "how": HOW_WORDS.get(one["disposed_how"], one["disposed_how"]),
        "cancelled": CANCEL_WORDS[CancelWhy(one["cancelled_why"])] if one["cancelled_why"] else None,
    }


def _document_form(request: DoorRequest, case: RequestView, data: Any = None) -> DocumentForm:
    return DocumentForm(
        data,
        language=request.door.language,
        prefix="document",
        policy=frozen_policy(case.number, scope=request.door.scope),
        requester=Requester(case.requester),
        on=case.arrived_on,
    )


# ── papers ───────────────────────────────────────────────────────────────────────────────────


@changes(*DESK)
@require_POST
def record(request: DoorRequest, number: str) -> HttpResponse:
    """書類を記録する."""
    form = _document_form(request, case_context(request, number)["case"], request.POST)

    def doing() -> Text:
        kind, of, paper = read_value(form.cleaned_data["paper"])
        ref = record_document(
            number,
            PaperIntake(
                kind=kind,
                of=of,
                paper=paper,
                accepted=not form.cleaned_data["rejected"],
                masked=MaskedBy(form.cleaned_data["masked"]),
                issued_on=form.cleaned_data["issued_on"],
                place=form.cleaned_data["place"],
            ),
            scope=request.door.scope,
            at=request.door.at,
        )
        return Text(f"書類 {ref} を記録しました。", f"Paper {ref} is recorded.")

    return _filled(request, number, form, doing, name="document")


@changes(*DESK)
@require_POST
def dispose(request: DoorRequest, number: str, ref: str) -> HttpResponse:
    """返却・裁断を記録する."""
    form = DisposeForm(request.POST, language=request.door.language, prefix="dispose")

    def doing() -> Text:
        dispose_document(
            ref,
            form.cleaned_data["how"],
            on=form.cleaned_data["on"],
            scope=request.door.scope,
            at=request.door.at,
        )
        return Text(f"書類 {ref} の処分を記録しました。", f"What became of paper {ref} is recorded.")

    return _filled(request, number, form, doing, name="dispose")


# ── money ────────────────────────────────────────────────────────────────────────────────────


@changes(*DESK)
@require_POST
def take_fee(request: DoorRequest, number: str) -> HttpResponse:
    """手数料を記録する."""
    form = MoneyForm(request.POST, language=request.door.language, prefix="money")

    def doing() -> Text:
        found = form.cleaned_data
        ref = record_fee(
            number,
            Money(
                face_value=found["face_value"],
                instrument=found["instrument"],
                number=found["number"],
                issued_on=found["issued_on"],
            ),
            scope=request.door.scope,
            at=request.door.at,
        )
        return Text(
            f"手数料 {ref}（{found['face_value']:,}円）を記録しました。",
            f"Fee {ref} (¥{found['face_value']:,}) is recorded.",
        )

    return _filled(request, number, form, doing, name="money")


@changes(*DESK)
@require_POST
def settle(request: DoorRequest, number: str, ref: str) -> HttpResponse:
    """換金・返却を記録する."""
    cashed = request.POST.get("end") == "cashed"
    today = request.door.today

    def doing() -> Text:
        settle_fee(
            ref,
            cashed_on=today if cashed else None,
            returned_on=None if cashed else today,
            scope=request.door.scope,
            at=request.door.at,
        )
        if cashed:
            return Text(f"{ref} を換金済みにしました。", f"{ref} is recorded as cashed.")
        return Text(f"{ref} を返却済みにしました。", f"{ref} is recorded as sent back.")

    back = request.POST.get("back", "")
    then = reverse("rights:money") if back == "money" else _at(number, "fee")
    return act(request, doing, then=then)


# ── the check, and letters ───────────────────────────────────────────────────────────────────


@changes(*DESK)
@require_POST
def check(request: DoorRequest, number: str) -> HttpResponse:
    """点検する; with every tick of the checklist, identity is called verified."""
    case: RequestView = case_context(request, number)["case"]
    identity = "identity" in request.POST
    form = IdentityForm(
        request.POST, language=request.door.language, requester=Requester(case.requester), prefix="identity"
    )
    if identity and not form.is_valid():
        return render(request, "rights/papers.html", _context(request, number, identity=form), status=422)

    def doing() -> Text:
        found = check_request(
            number,
            identity=identity,
            compared=form.compared() if identity else (),
            scope=request.door.scope,
            at=request.door.at,
        )
        state = REQUEST_WORDS[found.state]
        if not found.missing:
            return Text(f"点検しました：{state.ja}", f"Checked: {state.en}")
        what = "、".join(one.said.ja for one in found.missing), ", ".join(one.said.en for one in found.missing)
        return Text(
            f"点検しました：{state.ja}。足りないもの：{what[0]}（期限 {found.cure_on}）",
            f"Checked: {state.en}. Missing: {what[1]} (by {found.cure_on})",
        )

    return act(request, doing, then=_at(number, "check"))


@changes(*DESK)
@require_POST
def notice(request: DoorRequest, number: str) -> HttpResponse:
    """通知を出す, or see first how it would be printed."""
    form = NoticeForm(request.POST, language=request.door.language, prefix="notice")
    if not form.is_valid():
        return render(request, "rights/papers.html", _context(request, number, notice=form), status=422)
    found, door = form.cleaned_data, request.door
    delay = Delay(reason=found["reason"], expected_on=found["expected_on"]) if found["notice"] == "delay" else None
    if "preview" in request.POST:
        try:
            if case_context(request, number)["case"].support_measure:  # the letter shows where the person lives
                show_person(number, part="letter", scope=door.scope, at=door.at)
            file = preview_notice(number, found["notice"], delay=delay, scope=door.scope, at=door.at)
        except DaichoError as error:
            tell_error(request, error)
            return render(request, "rights/papers.html", _context(request, number, notice=form), status=409)
        return pdf(file, inline=True)

    def doing() -> Text:
        issued = notify(number, found["notice"], delay=delay, scope=door.scope, at=door.at, folder=door.folder)
        for warning in issued.warnings:
            messages.warning(request, door.say(warning))
        return Text(
            f"文書 {issued.letters[0]} を発行しました。「経過」から印刷できます。",
            f"Letter {issued.letters[0]} is issued. Print it from the record.",
        )

    return act(request, doing, then=_at(number, "notices"))


def _filled(request: DoorRequest, number: str, form: Form, doing: Callable[[], Text], *, name: str) -> HttpResponse:
    """Do what a valid form asks; what is wrong is told at the field, with everything typed kept."""
    if form.is_valid():
        try:
            said = doing()
        except DaichoError as error:
            language = request.door.language
            form.add_error(None, f"{error.message.say(language)} {error.advice.say(language)}")
        else:
            messages.success(request, request.door.say(said))
            return redirect(_at(number, "fee" if name == "money" else "documents"))
    return render(request, "rights/papers.html", _context(request, number, **{name: form}), status=422)


def _at(number: str, anchor: str) -> str:
    return f"{reverse('rights:papers', args=[number])}#{anchor}"
