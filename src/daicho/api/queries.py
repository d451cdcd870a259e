"""Who calls the API, and what the screens and commands show of tokens and webhooks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from daicho.api.models import ApiToken, Delivery, Webhook
from daicho.api.scopes import TokenScope, places_of
from daicho.keys.queries import ring
from daicho.people.queries import SignedIn, find_signed_in, readable
from daicho.people.rules import Role
from daicho.words.errors import NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text

#: The kind under which a token's text is digested.
DIGEST: Final = "api_token"
_TOKEN: Final = re.compile(r"daicho_([0-9a-f]{8})_[A-Za-z0-9_-]{20,100}")
#: Who sees and ends the tokens of others.
TOKEN_KEEPERS: Final = (Role.OFFICER,)
#: Who keeps webhooks.
WEBHOOK_KEEPERS: Final = (Role.OFFICER, Role.ENGINEER)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenView:
    """A token without its secret."""

    ref: str
    organisation: str
    account: str
    name: str
    scopes: Sequence[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    def lives(self, at: datetime) -> bool:
        """Whether it can be used."""
        return self.revoked_at is None and self.expires_at > at


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who calls by a token: the account with its roles of this moment, and what the token is for."""

    token: TokenView
    account: SignedIn

    def places(self, wanted: TokenScope) -> frozenset[str]:
        """The organisations for which the token may do this."""
        return places_of(wanted, self.account.roles) if str(wanted) in self.token.scopes else frozenset()


def find_bearer(text: str, *, at: datetime) -> Bearer | None:
    """The living token of this text, of an active account; None for anything else."""
    match = _TOKEN.fullmatch(text)
    row = ApiToken.objects.filter(ref=f"K-{match[1]}", revoked_at=None, expires_at__gt=at).first() if match else None
    if row is None:
        return None
    if (row.key_id, row.digest) not in {(one.key_id, one.hex) for one in ring().digests_folded(DIGEST, text)}:
        return None
    account = find_signed_in(row.account, at=at)
    return Bearer(token=token_view(row), account=account) if account else None


def list_tokens(*, scope: Scope) -> Sequence[TokenView]:
    """One's own tokens, and for an officer those of the organisations answered for; newest first."""
    rows = ApiToken.objects.filter(account=scope.actor)
    kept = _kept(scope)
    if kept:
        rows = rows | ApiToken.objects.filter(organisation__in=kept)
    return [token_view(row) for row in rows.order_by("-pk")]


def get_token(ref: str, *, scope: Scope) -> TokenView:
    """A token within reach.

    Raises:
        NotFoundError: there is none.
    """
    found = next((one for one in list_tokens(scope=scope) if one.ref == ref), None)
    if found is None:
        raise NotFoundError(
            Text("そのトークンはありません。", "There is no such token."),
            advice=Text("トークンの一覧で確かめてください。", "See the list of tokens."),
        )
    return found


def _kept(scope: Scope) -> frozenset[str]:
    try:
        return readable(scope, TOKEN_KEEPERS)
    except NotAllowedError:
        return frozenset()


def token_view(row: ApiToken) -> TokenView:
    """The row as others see it."""
    return TokenView(
        ref=row.ref,
        organisation=row.organisation,
        account=row.account,
        name=row.name,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )


# ── webhooks ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookView:
    """A webhook without its secret; ``waiting`` and ``failed``: messages not sent yet, and given up."""

    ref: str
    organisation: str
    name: str
    url: str
    events: Sequence[str]
    created_by: str
    created_at: datetime
    revoked_at: datetime | None
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """One message: waiting, delivered, or failed."""

    message: str
    webhook: str
    seq: int
    event: str
    state: str
    attempts: int
    due_at: datetime | None
    last_status: int
    last_reason: str
    made_at: datetime
    ended_at: datetime | None


def list_webhooks(*, scope: Scope) -> Sequence[WebhookView]:
    """The webhooks of the organisations that the actor keeps or audits, newest first."""
    rows = list(Webhook.objects.filter(organisation__in=readable(scope, WEBHOOK_KEEPERS)).order_by("-pk"))
    counts: dict[tuple[int, str], int] = {}
    for webhook, state in Delivery.objects.filter(webhook__in=rows).values_list("webhook", "state"):
        counts[webhook, state] = counts.get((webhook, state), 0) + 1
    return [_webhook(row, counts) for row in rows]


def get_webhook(ref: str, *, scope: Scope) -> WebhookView:
    """A webhook within reach.

    Raises:
        NotFoundError: there is none.
    """
    found = next((one for one in list_webhooks(scope=scope) if one.ref == ref), None)
    if found is None:
        raise NotFoundError(
            Text("その通知先はありません。", "There is no such webhook."),
            advice=Text("通知先の一覧で確かめてください。", "See the list of webhooks."),
        )
    return found


def list_deliveries(ref: str, *, scope: Scope, limit: int = 50) -> Sequence[DeliveryView]:
    """The last messages to a webhook, newest first."""
    get_webhook(ref, scope=scope)
    rows = Delivery.objects.filter(webhook__ref=ref).order_by("-pk")[:limit]
    return [
        DeliveryView(
            message=row.message,
            webhook=ref,
            seq=row.seq,
            event=row.event,
            state=row.state,
            attempts=row.attempts,
            due_at=row.due_at,
            last_status=row.last_status,
            last_reason=row.last_reason,
            made_at=row.made_at,
            ended_at=row.ended_at,
        )
        for row in rows
    ]


def _webhook(row: Webhook, counts: Mapping[tuple[int, str], int]) -> WebhookView:
    return WebhookView(
        ref=row.ref,
        organisation=row.organisation,
        name=row.name,
        url=row.url,
        events=tuple(row.events),
        created_by=row.created_by,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        waiting=counts.get((row.pk, "waiting"), 0),
        failed=counts.get((row.pk, "failed"), 0),
    )
