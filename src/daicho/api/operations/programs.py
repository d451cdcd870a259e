"""Tokens and webhooks. A token is made on the screen or the command line only: no token makes another."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from daicho.api import queries
from daicho.api.actions import hooks, tokens
from daicho.api.gate import ApiRequest
from daicho.api.queries import DeliveryView, TokenView, WebhookView
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import Done, Ref, Told, WebhookMade, WebhookSaid, Words
from daicho.trail.events import EVENTS
from daicho.words.text import Text

router = Routes(Text("トークンと通知", "Tokens and webhooks"))


class Caller(Told):
    """Who calls: the token, its account, and the roles of this moment by organisation."""

    token: TokenView
    account: str
    roles: dict[str, list[str]]


class EventTold(Told):
    """An event a webhook can be told of, and the facts it carries."""

    code: str
    words: Words
    facts: Sequence[str]


@router.get("/me", needs=None, says=Text("このトークンについて", "What this token is"), response=Caller)
def get_caller(request: ApiRequest) -> Caller:
    """For trying a token."""
    bearer = request.bearer
    return Caller(
        token=bearer.token,
        account=bearer.account.scope.actor,
        roles={place: sorted(map(str, roles)) for place, roles in bearer.account.roles.items()},
    )


@router.post(
    "/me/revocation",
    needs=None,
    says=Text("このトークンを失効させる", "Revoke this token"),
    response=Done,
)
def revoke_caller(request: ApiRequest) -> Done:
    """At once: the next call is refused. For when it may have been seen."""
    ref = request.bearer.token.ref
    tokens.revoke_token(ref, scope=request.door.scope, at=request.door.at)
    return Done(ref=ref, state="revoked")


@router.get(
    "/tokens", needs=TokenScope.ACCOUNTS_READ, says=Text("トークンの一覧", "List tokens"), response=list[TokenView]
)
def list_tokens(request: ApiRequest) -> Sequence[TokenView]:
    """One's own, and for the officer those of the organisation; never their text."""
    return queries.list_tokens(scope=request.door.scope)


@router.post(
    "/tokens/{ref}/revocation",
    needs=TokenScope.ACCOUNTS_WRITE,
    says=Text("トークンを失効させる", "Revoke a token"),
    response=Done,
)
def revoke_token(request: ApiRequest, ref: Ref) -> Done:
    """One's own, or as an officer anybody's."""
    tokens.revoke_token(ref, scope=request.door.scope, at=request.door.at)
    return Done(ref=ref, state="revoked")


@router.get(
    "/webhooks/events",
    needs=TokenScope.WEBHOOKS_READ,
    says=Text("通知できる出来事", "List the events a webhook can be told of"),
    response=list[EventTold],
)
def list_events(request: ApiRequest) -> Sequence[EventTold]:
    """Exactly the trail's: codes, references, counts, nothing that people wrote."""
    return [
        EventTold(
            code=code, words=Words(ja=EVENTS[code].words.ja, en=EVENTS[code].words.en), facts=list(EVENTS[code].facts)
        )
        for code in hooks.told_events()
    ]


@router.get(
    "/webhooks", needs=TokenScope.WEBHOOKS_READ, says=Text("通知先の一覧", "List webhooks"), response=list[WebhookView]
)
def list_webhooks(request: ApiRequest) -> Sequence[WebhookView]:
    """With how many messages wait, and how many were given up."""
    return queries.list_webhooks(scope=request.door.scope)


@router.post(
    "/webhooks",
    needs=TokenScope.WEBHOOKS_WRITE,
    says=Text("通知先を登録する", "Add a webhook"),
    response={201: WebhookMade},
    once=("secret",),
)
def add_webhook(request: ApiRequest, body: WebhookSaid) -> WebhookMade:
    """The secret that messages are signed with is told this once; it is empty when the answer is replayed."""
    made = hooks.add_webhook(
        body.name,
        body.url,
        events=body.events,
        organisation=body.organisation,
        scope=request.door.scope,
        at=request.door.at,
    )
    return WebhookMade(ref=made.ref, secret=made.secret)


@router.post(
    "/webhooks/{ref}/revocation",
    needs=TokenScope.WEBHOOKS_WRITE,
    says=Text("通知先を廃止する", "Revoke a webhook"),
    response=Done,
)
def revoke_webhook(request: ApiRequest, ref: Ref) -> Done:
    """What waits is dropped."""
    hooks.revoke_webhook(ref, scope=request.door.scope, at=request.door.at)
    return Done(ref=ref, state="revoked")


@router.post(
    "/webhooks/{ref}/test",
    needs=TokenScope.WEBHOOKS_WRITE,
    says=Text("試しの通知を送る", "Send a test message"),
    response=Done,
)
def test_webhook(request: ApiRequest, ref: Ref) -> Done:
    """It goes out with the next pass and tells of nothing."""
    return Done(ref=hooks.test_webhook(ref, scope=request.door.scope, at=request.door.at), state="waiting")


@router.get(
    "/webhooks/{ref}/deliveries",
    needs=TokenScope.WEBHOOKS_READ,
    says=Text("送信結果の一覧", "List deliveries"),
    response=list[DeliveryView],
)
def list_deliveries(
    request: ApiRequest, ref: Ref, limit: Annotated[int, Field(ge=1, le=200)] = 50
) -> Sequence[DeliveryView]:
    """Newest first."""
    return queries.list_deliveries(ref, scope=request.door.scope, limit=limit)
