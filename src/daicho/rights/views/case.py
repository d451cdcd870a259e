"""The case page: who asks for what, where it stands, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

from daicho.law.kinds import KINDS, REQUESTER_NAMES, Requester, RequestKind
from daicho.people.doors import DoorRequest, act, changes, reads
from daicho.people.queries import list_accounts
from daicho.people.rules import may_act, may_read
from daicho.policy.language import Arrival
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.actions.deciding import TAKEN_FOR_EACH_OTHER
from daicho.rights.actions.deciding import reclassify as reclassify_claim
from daicho.rights.actions.receiving import withdraw_request
from daicho.rights.actions.tending import assign_request, merge_request, show_person
from daicho.rights.desk_forms import AssignForm
from daicho.rights.inbox import ACKNOWLEDGE_WITHIN
from daicho.rights.labels import CHANNEL_WORDS, METHOD_WORDS
from daicho.rights.person import frozen_policy, list_of_same_person, open_facts
from daicho.rights.progress import delay_to_tell, next_step, steps_of
from daicho.rights.queries import RequestView, get_request
from daicho.rights.reading import closed_to
from daicho.rights.rules import CLAIM_WORDS, REQUEST_ENDS, REQUEST_WORDS, ClaimState, RequestState
from daicho.rights.sights import letters_waiting, search_left
from daicho.words.errors import NotFoundError
from daicho.words.text import Text
from daicho.words.workdays import after_workdays, last_workday_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One tab of a case."""

    route: str
    name: Text
    address: str
    current: bool


#: In the order of the desk's way. A tab whose route does not exist is not shown.
_TABS: Final = (
    ("rights:case", Text("概要", "Overview")),
    ("rights:papers", Text("書類と手数料", "Papers and fee")),
    ("post:of_request", Text("封筒と写し", "Post and scans")),
    ("rights:search", Text("検索と照合", "Search")),
    ("rights:decide", Text("決定", "Decision")),
    ("rights:answer", Text("回答と発送", "Answer and dispatch")),
    ("rights:amend", Text("メモと訂正", "Notes and amendments")),
    ("rights:record", Text("経過", "Record")),
)

#: Tabs of the room above, which only the desk and auditors may open.
_DESK_TABS: Final = frozenset({"post:of_request"})
#: Tabs for those who work on the request.
_WORK_TABS: Final = frozenset({"rights:amend"})

TONES: Final = {
    RequestState.RECEIVED: "info",
    RequestState.CHECKING: "info",
    RequestState.AWAITING_DOCUMENTS: "warn",
    RequestState.AWAITING_FEE: "warn",
    RequestState.VERIFIED: "good",
}
_CLAIM_TONES: Final = {
    ClaimState.SEARCHING: "info",
    ClaimState.ASSESSING: "info",
    ClaimState.CARRYING_OUT: "warn",
    ClaimState.READING_BACK: "warn",
    ClaimState.APPROVED: "good",
    ClaimState.PARTLY: "good",
    ClaimState.ANSWERED: "good",
    ClaimState.REFUSED: "bad",
    ClaimState.NOT_HELD: "bad",
}


LETTERS_WAIT: Final = {
    "enclose": Text("未封入", "to be enclosed"),
    "check": Text("照合待ち", "to be checked"),
    "send": Text("発送待ち", "to be sent"),
    "returned": Text("返送された", "came back"),
}


def case_context(request: DoorRequest, number: str) -> dict[str, Any]:
    """What `rights/case_base.html` shows of a case: every page of a case starts with it.

    Keys: ``case`` (`RequestView`), ``state`` and ``tone`` of its badge, ``claims`` (`claim_lines`), ``steps``,
    ``tabs``, ``ended``, ``may_work``: whether this account works at the desk of the case's organisation;
    ``may_reach``: at the desk of every company addressed; ``closed_to``: names of those where it does not;
    ``next`` (`daicho.rights.progress.Next`) with ``next_address``, empty on that page itself;
    ``post_by``: the last working day on which the target can still be met; ``acknowledge_by``: the day by which the receipt is due, None once it went out.

    Raises:
        NotFoundError: there is no such request in the organisations of the account.
    """
    case = get_request(number, scope=request.door.scope, on=request.door.today)
    route = request.resolver_match.view_name if request.resolver_match else ""
    acknowledged = case.channel == Arrival.WEB or any(letter["kind"] == "receipt" for letter in case.letters)
    ended = case.state in REQUEST_ENDS
    gone = {one.get("replaces") for one in case.letters}  # what came back goes out again under another number
    issued = [
        one["number"]
        for one in case.letters
        if (one["claim"] or case.channel != Arrival.WEB) and one["number"] not in gone
    ]
    waiting = letters_waiting(case.number, issued, scope=request.door.scope) if issued else {}
    letters = next(iter(waiting), "")
    undecided, again = search_left(case.number, scope=request.door.scope) if _is_assessed(case) else (0, False)
    following = next_step(
        case, acknowledged=acknowledged, on=request.door.today, undecided=undecided, again=again, letters=letters
    )
    here = following is not None and following.route == route and not following.anchor
    waits = not acknowledged and not ended
    may_work = may_act(request.door.roles.get(case.organisation, frozenset()), DESK)
    closed = closed_to(case.addressed, scope=request.door.scope) if may_work else []
    return {
        "case": case,
        "next": following,
        "next_address": _address(following.route, case.number, following.anchor) if following and not here else "",
        "post_by": last_workday_until(case.target_on),
        "acknowledge_by": after_workdays(case.arrived_on, ACKNOWLEDGE_WITHIN) if waits else None,
        "addressed": [request.door.company_name(code) for code in case.addressed],
        "channel": CHANNEL_WORDS.get(case.channel, case.channel),
        "method": METHOD_WORDS.get(case.method, case.method),
        "requester": REQUESTER_NAMES[Requester(case.requester)],
        "state": REQUEST_WORDS[case.state],
        "tone": TONES.get(case.state, ""),
        "claims": claim_lines(case),
        "steps": steps_of(case, letters=letters),
        "waiting_letters": [(LETTERS_WAIT[part], count, part == "returned") for part, count in waiting.items()],
        "delay": delay_to_tell(case, on=request.door.today),
        "tabs": _tabs(
            case.number,
            route,
            desk=may_read(request.door.roles.get(case.organisation, frozenset()), DESK),
            work=may_work,
        ),
        "ended": ended,
        "may_work": may_work,
        "may_reach": may_work and not closed,
        "closed_to": [request.door.company_name(code) for code in closed],
    }


def _is_assessed(case: RequestView) -> bool:
    return case.state is RequestState.VERIFIED and any(one.state is ClaimState.ASSESSING for one in case.claims)


def claim_lines(case: RequestView) -> list[dict[str, Any]]:
    """The claims with the words of their kind and state."""
    return [
        {
            "view": claim,
            "number": claim.number,
            "kind": KINDS[claim.kind].name,
            "state": CLAIM_WORDS[claim.state],
            "basis": next((one.words for one in KINDS[claim.kind].bases if one.code == claim.basis), claim.basis),
            "ground": rule.words if (rule := KINDS[claim.kind].find_refusal(claim.ground)) else claim.ground,
            "tone": _CLAIM_TONES.get(claim.state, ""),
        }
        for claim in case.claims
    ]


def _tabs(number: str, route: str, *, desk: bool, work: bool) -> list[Tab]:
    found = [
        (name, text, _address(name, number))
        for name, text in _TABS
        if (desk or name not in _DESK_TABS) and (work or name not in _WORK_TABS)
    ]
    return [Tab(route=name, name=text, address=where, current=name == route) for name, text, where in found if where]


def _address(route: str, number: str, anchor: str = "") -> str:
    """Where a page of the case is; empty when there is no such page."""
    try:
        where = reverse(route, args=[number])
    except NoReverseMatch:
        return ""
    return f"{where}#{anchor}" if anchor else where


# ── 概要 ─────────────────────────────────────────────────────────────────────────────────────


@reads(*LOOKERS)
def case(request: DoorRequest, number: str) -> HttpResponse:
    """Who asks for what, and what comes next."""
    return render(request, "rights/case.html", _overview(request, number))


def _overview(request: DoorRequest, number: str) -> dict[str, Any]:
    context = case_context(request, number)
    view: RequestView = context["case"]
    if not context["may_work"]:
        return context
    opened = open_facts(view.number, scope=request.door.scope)
    names = {one.code: one.name for one in frozen_policy(view.number, scope=request.door.scope).items}
    accounts = _colleagues(request, view.organisation)
    others = list_of_same_person(view.number, scope=request.door.scope)
    return context | {
        "facts": opened.facts.reveal(purpose="shown to the desk that works on the request"),
        "address_hidden": view.support_measure,
        "details": {
            claim: _named(one.reveal(purpose="shown to the desk that works on the request"), names)
            for claim, one in opened.details.items()
        },
        "assign": AssignForm(
            initial={"account": view.assigned_to}, accounts=accounts, language=request.door.language, prefix="assign"
        ),
        "others": [{"view": one, "state": REQUEST_WORDS[one.state]} for one in others],
        "into": [one.number for one in others if not one.ended] if view.state not in REQUEST_ENDS else [],
        "reclassify": _reclassify(view, request),
    }


def _named(details: dict[str, Any], names: Mapping[str, Text]) -> dict[str, Any]:
    """What a correction says is right, by the policy's name of the item."""
    return {**details, "right": [(names.get(what, what), value) for what, value in details["values"].items()]}


def _colleagues(request: DoorRequest, organisation: str) -> list[tuple[str, str]]:
    return [
        (one.code, f"{one.display_name}（{one.code}）" if one.display_name != one.code else one.code)
        for one in list_accounts(scope=request.door.scope)
        if one.is_active and may_act(one.roles.get(organisation, ()), DESK)
    ]


def _reclassify(view: RequestView, request: DoorRequest) -> dict[str, list[tuple[str, str]]]:
    """Claim number → the kinds it may still be taken for."""
    have = {claim.kind for claim in view.claims}
    return {
        claim.number: [
            (str(kind), request.door.say(KINDS[kind].name))
            for kind in RequestKind
            if kind in TAKEN_FOR_EACH_OTHER and kind not in have and KINDS[kind].exists(on=view.law_on)
        ]
        for claim in view.claims
        if claim.kind in TAKEN_FOR_EACH_OTHER
        and claim.state in {ClaimState.NOTED, ClaimState.SEARCHING, ClaimState.ASSESSING}
    }


@changes(*DESK)
@require_POST
def address(request: DoorRequest, number: str) -> HttpResponse:
    """Show where somebody under a support measure lives; the look is written down."""
    show_person(number, part="address", scope=request.door.scope, at=request.door.at)
    return render(request, "rights/case.html", _overview(request, number) | {"address_hidden": False})


@changes(*DESK)
@require_POST
def assign(request: DoorRequest, number: str) -> HttpResponse:
    """担当."""
    account = request.POST.get("assign-account", "")
    name = request.door.account_name(account)

    def doing() -> Text:
        assign_request(number, account, scope=request.door.scope, at=request.door.at)
        if not account:
            return Text(f"{number} の担当を外しました。", f"{number} is assigned to nobody.")
        return Text(f"{number} の担当を {name} にしました。", f"{number} is assigned to {name}.")

    return act(request, doing, then=reverse("rights:case", args=[number]))


@changes(*DESK)
@require_POST
def withdraw(request: DoorRequest, number: str) -> HttpResponse:
    """取下げ."""

    def doing() -> Text:
        withdraw_request(number, scope=request.door.scope, at=request.door.at)
        return Text("取下げを記録しました。", "The withdrawal is recorded.")

    return act(request, doing, then=reverse("rights:case", args=[number]))


@changes(*DESK)
@require_POST
def merge(request: DoorRequest, number: str) -> HttpResponse:
    """重複の統合."""
    into = request.POST.get("into", "")

    def doing() -> Text:
        merge_request(number, into=into, scope=request.door.scope, at=request.door.at)
        return Text(f"{number} を {into} に統合しました。", f"{number} is merged into {into}.")

    return act(request, doing, then=reverse("rights:case", args=[number]))


@changes(*DESK)
@require_POST
def reclassify(request: DoorRequest, number: str) -> HttpResponse:
    """種別の変更, with the person's word."""
    claim, kind = request.POST.get("claim", ""), request.POST.get("kind", "")

    def doing() -> Text:
        if not claim.startswith(f"{number}-") or kind not in set(RequestKind):
            raise NotFoundError(
                Text("その請求・種別はありません。", "There is no such claim or kind."),
                advice=Text("画面から選んでください。", "Choose it on the page."),
            )
        reclassify_claim(claim, RequestKind(kind), scope=request.door.scope, at=request.door.at)
        return Text("種別を変更しました。", "The kind is changed.")

    return act(request, doing, then=reverse("rights:case", args=[number]))
