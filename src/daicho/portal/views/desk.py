"""The desk's side: offering an answer for download, and the outbox."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from daicho.people.doors import DoorRequest, act, changes, reads
from daicho.people.rules import may_act
from daicho.policy.queries import find_revision_at, policy_in_force
from daicho.portal.access import POSTMASTERS, outboxes, tended_outboxes
from daicho.portal.actions.offering import end_offer, offer_download
from daicho.portal.courtesy import sender_of
from daicho.portal.queries import find_target, list_offers
from daicho.portal.rules import MAX_OFFER_DAYS, OFFER_DAYS, publishes_web
from daicho.portal.words import KIND_WORDS
from daicho.rights.access import DESK
from daicho.rights.queries import organisation_of
from daicho.rights.told import tell
from daicho.trail.actions import record
from daicho.words.errors import InputError
from daicho.words.text import Language, Text
from daicho.work.actions import retry_mail
from daicho.work.mail import ring_bell
from daicho.work.queries import can_send, count_mails, list_mails
from daicho.work.rules import STATE_WORDS, TROUBLE_WORDS, MailState

_PAGE = 50


@reads(*DESK)
def offers(request: DoorRequest, number: str) -> HttpResponse:
    """What was offered for download, what was fetched, and the button to offer it."""
    door = request.door
    shown = list_offers(number, scope=door.scope, at=door.at)
    told = tell(number, on=door.today)
    context = {
        "number": number,
        "offers": shown,
        "told": told,
        "target": find_target(number, scope=door.scope),
        "can_send": can_send(),
        "may_offer": may_act(door.roles.get(told.organisation, ()), DESK),
        "days": OFFER_DAYS,
        "most": MAX_OFFER_DAYS,
    }
    return render(request, "portal/offers.html", context)


@require_POST
@changes(*DESK)
def offer(request: DoorRequest, number: str) -> HttpResponse:
    """Offer the issued answer for download."""
    door = request.door

    def doing() -> Text:
        organisation_of(number, scope=door.scope)
        told = tell(number, on=door.today)
        policy = policy_in_force(told.organisation, door.today)
        address = settings.WORKSPACE.address or request.build_absolute_uri("/")
        sender = sender_of(policy, told.organisation, language=Language(told.language), address=address)
        seen = request.POST.get("seen", "")
        offer_download(number, sender, days=_days(request), seen=seen, scope=door.scope, at=door.at, folder=door.folder)
        return Text("回答のリンクをメールで送ります。", "The link to the answer is being mailed.")

    return act(request, doing, then=reverse("portal:offers", args=[number]))


def _days(request: DoorRequest) -> int:
    typed = request.POST.get("days", "") or str(OFFER_DAYS)
    if not typed.isascii() or not typed.isdigit() or len(typed) > 4:  # noqa: PLR2004 (no number of days is longer)
        raise InputError(
            Text("日数は整数で入力してください。", "The number of days is a whole number."),
            advice=Text("例 30", "For example 30."),
        )
    return int(typed)


@require_POST
@changes(*DESK)
def end(request: DoorRequest, number: str) -> HttpResponse:
    """Take an offer back."""
    door = request.door

    def doing() -> Text:
        organisation_of(number, scope=door.scope)
        end_offer(number, scope=door.scope, at=door.at, folder=door.folder)
        return Text("提供を終え、ファイルを消去しました。", "The offer has ended; its files are erased.")

    return act(request, doing, then=reverse("portal:offers", args=[number]))


@reads(*POSTMASTERS)
def mails(request: DoorRequest) -> HttpResponse:
    """The outbox: what waits, what was sent, what could not be."""
    door = request.door
    organisations = outboxes(door.scope)
    asked = request.GET.get("state", "")
    state = MailState(asked) if asked in set(MailState) else None
    number = request.GET.get("page", "1")
    page = max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 6 else 1  # noqa: PLR2004
    found = list_mails(organisations, state=state, limit=_PAGE + 1, offset=(page - 1) * _PAGE)
    counts = count_mails(organisations)
    revision = find_revision_at(door.organisation, door.today)
    context = {
        "mails": found[:_PAGE],
        "page": page,
        "more": len(found) > _PAGE,
        "state": state,
        "tabs": [(one, STATE_WORDS[one], counts[one]) for one in MailState],
        "all": sum(counts.values()),
        "states": STATE_WORDS,
        "troubles": TROUBLE_WORDS,
        "kinds": KIND_WORDS,
        "can_send": can_send(),
        "publishes_web": revision is not None and publishes_web(revision.policy),
        "may_retry": door.may_act(*POSTMASTERS),
    }
    return render(request, "portal/mails.html", context)


@require_POST
@changes(*POSTMASTERS)
def retry(request: DoorRequest, ref: str) -> HttpResponse:
    """Send a dead mail on its way again."""
    door = request.door

    def doing() -> Text:
        retry_mail(ref, organisations=tended_outboxes(door.scope), actor=door.scope.actor, record=record, at=door.at)
        ring_bell()
        return Text("もう一度送ります。", "It is sent again.")

    return act(request, doing, then=reverse("portal:mails"))
