"""Webhooks on the screen: who is told of what, and whether it arrives."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from daicho.api import queries
from daicho.api.actions import hooks
from daicho.api.forms import WebhookForm
from daicho.api.queries import WEBHOOK_KEEPERS
from daicho.api.wire import REASONS
from daicho.people.doors import DoorRequest, act, changes, reads
from daicho.people.rules import may_act
from daicho.words.errors import DaichoError
from daicho.words.text import Text


@reads(*WEBHOOK_KEEPERS)
def webhooks(request: DoorRequest) -> HttpResponse:
    """Every webhook of the organisations that are kept or audited."""
    found = queries.list_webhooks(scope=request.door.scope)
    context = {"webhooks": found, "may_change": request.door.may_act(*WEBHOOK_KEEPERS)}
    return render(request, "api/webhooks.html", context)


@reads(*WEBHOOK_KEEPERS)
def webhook(request: DoorRequest, ref: str) -> HttpResponse:
    """One webhook and its last deliveries."""
    scope = request.door.scope
    found = queries.get_webhook(ref, scope=scope)
    context = {
        "one": found,
        "deliveries": queries.list_deliveries(ref, scope=scope),
        "reasons": REASONS,
        "may_change": may_act(request.door.roles.get(found.organisation, ()), WEBHOOK_KEEPERS),
    }
    return render(request, "api/webhook.html", context)


@changes(*WEBHOOK_KEEPERS)
@sensitive_variables("made")
def new(request: DoorRequest) -> HttpResponse:
    """Add a webhook; its secret is on the page that follows, once."""
    door = request.door
    kept = sorted(place for place, held in door.roles.items() if may_act(held, WEBHOOK_KEEPERS))
    places = [(place, door.company_name(place)) for place in kept]
    form = WebhookForm(request.POST or None, language=door.language, organisations=places, events=hooks.told_events())
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = hooks.add_webhook(
                told["name"],
                told["url"],
                events=told["events"],
                organisation=told["organisation"],
                scope=door.scope,
                at=door.at,
            )
        except DaichoError as error:
            form.add_error(None, error.say(door.language))
        else:
            return render(request, "api/webhook_made.html", {"made": made, "name": told["name"]})
    return render(request, "api/webhook_new.html", {"form": form}, status=400 if form.errors else 200)


@changes(*WEBHOOK_KEEPERS)
@require_POST
def test(request: DoorRequest, ref: str) -> HttpResponse:
    """Have a test message sent with the next pass."""
    door = request.door

    def send() -> Text:
        hooks.test_webhook(ref, scope=door.scope, at=door.at)
        return Text("試しの通知を送信待ちにしました。", "A test message waits to be sent.")

    return act(request, send, then=reverse("api:webhook", args=[ref]))


@changes(*WEBHOOK_KEEPERS)
@require_POST
def revoke(request: DoorRequest, ref: str) -> HttpResponse:
    """Tell it nothing more."""
    door = request.door

    def end() -> Text:
        hooks.revoke_webhook(ref, scope=door.scope, at=door.at)
        return Text("通知先を廃止しました。", "The webhook is revoked.")

    return act(request, end, then=reverse("api:webhook", args=[ref]))
