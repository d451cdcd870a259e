"""Tokens are made, used and revoked. Their text is known once: when it is made."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from daicho.api.models import ApiToken
from daicho.api.queries import DIGEST, TOKEN_KEEPERS, TokenView, get_token, token_view
from daicho.api.rules import require_days, require_name
from daicho.api.scopes import TokenScope, offered
from daicho.keys.queries import ring
from daicho.people.queries import find_account, find_signed_in, require_role
from daicho.trail.actions import record
from daicho.words.errors import InputError, NotAllowedError
from daicho.words.scope import Scope
from daicho.words.text import Text

#: A token's last use is noted this finely, so that a busy program does not write with every call.
_NOTED_EVERY: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token just made; ``text`` is shown once and kept nowhere."""

    text: str
    token: TokenView


def create_token(name: str, *, scopes: Sequence[str], days: int, scope: Scope, at: datetime) -> NewToken:
    """Make a token for the acting account.

    Raises:
        InputError: a name, a length of life or a scope that is none.
        NotAllowedError: a scope for which the account holds no role.
    """
    said, life = require_name(name), require_days(days)
    wanted = _read_scopes(scopes)
    ref, secret = f"K-{secrets.token_hex(4)}", secrets.token_urlsafe(32)
    text = f"daicho_{ref[2:]}_{secret}"
    with transaction.atomic():
        account, held = find_account(scope.actor), find_signed_in(scope.actor, at=at)
        allowed = set(offered(held.roles)) if held else set()
        beyond = [one for one in wanted if one not in allowed]
        if account is None or beyond:
            raise _beyond(beyond)
        digest = ring().digest_folded(DIGEST, text)
        row = ApiToken.objects.create(
            ref=ref,
            organisation=account.home_organisation,
            account=scope.actor,
            name=said,
            scopes=[str(one) for one in wanted],
            key_id=digest.key_id,
            digest=digest.hex,
            created_by=scope.actor,
            created_at=at,
            expires_at=at + timedelta(days=life),
        )
        record(
            "token.created",
            actor=scope.actor,
            at=at,
            organisation=row.organisation,
            token=ref,
            account=scope.actor,
            scopes=[str(one).replace(":", ".") for one in wanted],
            expires_on=row.expires_at.date(),
        )
    return NewToken(text=text, token=token_view(row))


def revoke_token(ref: str, *, scope: Scope, at: datetime) -> None:
    """End a token at once: one's own, or as an officer anybody's of one's organisations. Again changes nothing.

    Raises:
        NotFoundError: no such token within reach.
        NotAllowedError: somebody else's, and the actor is no officer there.
    """
    with transaction.atomic():
        token = get_token(ref, scope=scope)
        if token.account != scope.actor:
            require_role(scope, token.organisation, TOKEN_KEEPERS)
        ended = ApiToken.objects.filter(ref=ref, revoked_at=None).update(revoked_at=at, revoked_by=scope.actor)
        if ended:
            record("token.revoked", actor=scope.actor, at=at, organisation=token.organisation, token=ref)


def revoke_tokens_of(code: str, *, actor: str, at: datetime) -> int:
    """End every living token of an account whose sign-in ``actor`` resets; whoever held one has to come in anew."""
    with transaction.atomic():
        living = list(
            ApiToken.objects.select_for_update().filter(account=code, revoked_at=None, expires_at__gt=at).order_by("pk")
        )
        ApiToken.objects.filter(pk__in=[one.pk for one in living]).update(revoked_at=at, revoked_by=actor)
        for one in living:
            record("token.revoked", actor=actor, at=at, organisation=one.organisation, token=one.ref)
    return len(living)


def note_use(ref: str, *, at: datetime) -> None:
    """Note that a token was used."""
    ApiToken.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=at - _NOTED_EVERY), ref=ref).update(
        last_used_at=at
    )


def _read_scopes(scopes: Sequence[str]) -> list[TokenScope]:
    known = {str(one): one for one in TokenScope}
    if not scopes or any(one not in known for one in scopes):
        listed = ", ".join(known)
        raise InputError(
            Text("権限（scope）の指定が正しくありません。", "These are no scopes."),
            advice=Text(f"次から一つ以上選んでください: {listed}", f"Choose one or more of: {listed}"),
        )
    return [known[one] for one in dict.fromkeys(scopes)]


def _beyond(beyond: Sequence[TokenScope]) -> NotAllowedError:
    listed = ", ".join(beyond)
    return NotAllowedError(
        Text(f"このアカウントの役割を超える権限です: {listed}", f"More than the roles of this account: {listed}"),
        advice=Text("持っている役割の範囲で選んでください。", "Choose within the roles that are held."),
    )
