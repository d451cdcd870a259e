"""The way of a draft to its publication: submitted, approved by another person, published."""

from collections.abc import Callable
from datetime import date

from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from daicho.people.doors import DoorRequest, act, changes, reads
from daicho.people.queries import roles_of
from daicho.people.rules import may_act
from daicho.policy import actions
from daicho.policy.queries import DraftRef, find_head
from daicho.policy.rules.approval import STATE_WORDS, DraftState, Step, approver_of
from daicho.policy.screens.comparing import changes_by_area
from daicho.policy.screens.text import difference
from daicho.policy.screens.versions import DRAFT, READERS, get_version
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from daicho.words.text import Text


@reads(*READERS)
def draft(request: DoorRequest, organisation: str) -> HttpResponse:
    """What is to be approved: the differences from the newest revision, what the check finds, who did what."""
    version = get_version(request.door, organisation, DRAFT)
    ref = version.ref
    assert isinstance(ref, DraftRef)  # noqa: S101 (the draft's version)
    head = find_head(organisation)
    before = get_version(request.door, organisation, str(head.number)) if head else None
    actor = request.door.scope.actor
    roles = roles_of(actor, organisation)
    publisher = may_act(roles, actions.PUBLISHERS)
    context = {
        "organisation": organisation,
        "version": version,
        "draft": ref,
        "head": head,
        "checked": version.checked(request.door.today),
        "areas": changes_by_area(before, version, request.door.today) if before else [],
        "lines": difference(before.source, version.source) if before else [],
        "steps": [(STATE_WORDS[state], state, _is_past(state, ref.state)) for state in DraftState],
        "may_draft": may_act(roles, actions.DRAFTERS),
        "may_approve": publisher and actor not in ref.authors,
        "is_author": actor in ref.authors,
        "publisher": publisher,
        "may_publish": publisher and _may_publish(ref, actor, first=head is None),
        "earliest": None if head is None else max(request.door.today, _next_day(head.effective_from)),
    }
    return render(request, "policy/draft.html", context)


def _is_past(state: DraftState, now: DraftState) -> bool:
    order = list(DraftState)
    return order.index(state) < order.index(now)


def _next_day(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _may_publish(ref: DraftRef, actor: str, *, first: bool) -> bool:
    try:
        approver_of(approved_by=ref.approved_by, publisher=actor, authors=ref.authors, first=first)
    except NotAllowedError:
        return False
    return True


@changes(*actions.DRAFTERS)
def take(request: DoorRequest, organisation: str, step: str) -> HttpResponse:
    """One step with the draft that was looked at; each action asks for its own role."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    known: dict[str, Callable[[DoorRequest, str], Text]] = {
        Step.SUBMIT: _submit,
        Step.APPROVE: _approve,
        Step.SEND_BACK: _send_back,
        "publish": _publish,
        "discard": _discard,
    }
    if step not in known:
        raise NotFoundError(
            Text("その操作はありません。", "There is no such step."),
            advice=Text("下書きの画面から操作してください。", "Use the buttons of the draft's page."),
        )
    request.door.scope.require(organisation)
    gone = step in {"publish", "discard"}
    then = reverse("policy:draft", args=[organisation])
    done: list[Text] = []

    def doing() -> Text:
        done.append(known[step](request, organisation))
        return done[0]

    response = act(request, doing, then=then)
    if gone and done:
        response["Location"] = reverse("policy:home")
    return response


def _digest(request: DoorRequest) -> str:
    return request.POST.get("digest", "")


def _submit(request: DoorRequest, organisation: str) -> Text:
    actions.submit(organisation, digest=_digest(request), scope=request.door.scope, at=request.door.at)
    return Text("承認を依頼しました。", "Submitted for approval.")


def _approve(request: DoorRequest, organisation: str) -> Text:
    actions.approve(organisation, digest=_digest(request), scope=request.door.scope, at=request.door.at)
    return Text("承認しました。施行日を決めて公表できます。", "Approved. It can be published with its first day.")


def _send_back(request: DoorRequest, organisation: str) -> Text:
    remark = request.POST.get("remark", "")[:2000]
    actions.send_back(
        organisation, remark=remark, digest=_digest(request), scope=request.door.scope, at=request.door.at
    )
    return Text("差し戻しました。", "Sent back.")


def _discard(request: DoorRequest, organisation: str) -> Text:
    actions.discard(organisation, digest=_digest(request), scope=request.door.scope, at=request.door.at)
    return Text("下書きを破棄しました。", "The draft is discarded.")


def _publish(request: DoorRequest, organisation: str) -> Text:
    try:
        day = date.fromisoformat(request.POST.get("effective_from", ""))
    except ValueError:
        raise InputError(
            Text("施行日が日付ではありません。", "The first day is not a date."),
            advice=Text("2026-12-01 の形で指定してください。", "Give it as 2026-12-01."),
        ) from None
    made = actions.publish(
        organisation, effective_from=day, digest=_digest(request), scope=request.door.scope, at=request.door.at
    )
    return Text(
        f"第{made.number}版を公表しました({day} 施行)。",
        f"Revision {made.number} is published, in force from {day}.",
    )
