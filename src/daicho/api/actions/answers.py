"""Calls that are sent twice act once: what a call with an ``Idempotency-Key`` answered is kept and said again.

1. Before the act the key is claimed, in a transaction of its own. Another call with the key, while the first is
   under way, is refused; so is the same key with something else to say.
2. The act and the keeping of its answer are one transaction (`daicho.api.gate`). A crash before its end
   leaves neither: the claim's holder is dead, and the next call with the key carries the act out.
   Acts that must not stand in a transaction of ours (stores are changed in their own) keep the answer
   afterwards; a crash between leaves the act, and the next call goes on where it stopped, as these acts do.
3. A call that failed frees its key.
4. What an answer tells once (a link to sign in with, a webhook's secret) is not kept: the same call again is answered
   without it. Kept answers end after their time, by the serving process's tidying (`forget_answers`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from daicho.api.errors import KeyBusyError, KeyReusedError
from daicho.api.models import ApiToken, KeptAnswer
from daicho.api.rules import KEPT_FOR, MAX_KEPT, require_key
from daicho.keys.queries import ring
from daicho.keys.ring import Ring
from daicho.work.holder import LEASE, is_alive, this_holder

_SLOT = "idempotency_key"
_SAID = "idempotency_call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer as it was given."""

    status: int
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A key that this call holds, until it is kept or freed; ``answer``: what was answered before."""

    slot: str
    answer: Kept | None = None


def claim_key(key: str, *, token: str, call: str, at: datetime) -> Claimed:
    """Step 1. ``call``: method, path and digest of the body, in one line.

    Raises:
        InputError: not a key.
        KeyReusedError: it stood for another call.
        KeyBusyError: that call is under way.
    """
    require_key(key)
    opened = ring()
    named = f"{token} {key}"
    slots = [one.hex for one in opened.digests_folded(_SLOT, named)]
    forget_answers(at=at)
    try:
        with transaction.atomic():
            row = KeptAnswer.objects.select_for_update().filter(slot__in=slots).first()
            if row is not None:
                return _claim_again(row, call, opened, at=at)
            owner = ApiToken.objects.get(ref=token)
            KeptAnswer.objects.create(
                organisation=owner.organisation,
                token=owner,
                slot=slots[0],
                said=opened.digest_folded(_SAID, call).hex,
                holder=this_holder(),
                started_at=at,
                expires_at=at + KEPT_FOR,
            )
    except IntegrityError:
        raise KeyBusyError from None
    return Claimed(slot=slots[0])


def _claim_again(row: KeptAnswer, call: str, opened: Ring, *, at: datetime) -> Claimed:
    if row.said not in {one.hex for one in opened.digests_folded(_SAID, call)}:
        raise KeyReusedError
    if not row.status and is_alive(row.holder, renewed=row.started_at > at - LEASE):
        raise KeyBusyError
    if row.status and row.sealed:
        content = opened.unseal(bytes(row.sealed), bound_to=f"answer:{row.slot}")
        return Claimed(slot=row.slot, answer=Kept(status=row.status, content_type=row.content_type, content=content))
    KeptAnswer.objects.filter(pk=row.pk).update(holder=this_holder(), started_at=at, status=0)
    return Claimed(slot=row.slot)


def keep_answer(slot: str, answer: Kept) -> None:
    """Step 2: inside the act's transaction, or right after it."""
    sealed = b""
    if len(answer.content) <= MAX_KEPT:
        sealed = ring().seal(answer.content, bound_to=f"answer:{slot}")
    KeptAnswer.objects.filter(slot=slot).update(
        status=answer.status, content_type=answer.content_type[:120], sealed=sealed, holder=""
    )


def without(content: bytes, once: Sequence[str]) -> bytes:
    """An answer in JSON with these fields emptied: a secret that is told once is never kept."""
    if not once:
        return content
    told = json.loads(content)
    return json.dumps(told | {name: "" for name in once if name in told}, ensure_ascii=False).encode()


def forget_answers(*, at: datetime) -> int:
    """Remove the answers whose time is over; returns how many."""
    return KeptAnswer.objects.filter(expires_at__lt=at).delete()[0]


def free_key(slot: str) -> None:
    """Step 3."""
    KeptAnswer.objects.filter(slot=slot, status=0).delete()
