"""Who carries a run out: taking it, showing that one lives, letting go, and taking it from a holder that is gone.

Every taking raises the run's fence, and every later write compares it: whoever lost the run can
write nothing more, so that a holder wrongly taken for dead does no harm.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import ClassVar

from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from daicho.people.queries import require_role_everywhere
from daicho.runs.access import CARRIERS, OVERRIDERS
from daicho.runs.models import Run
from daicho.runs.rules import StoreState
from daicho.trail.acts import Acts
from daicho.words.errors import NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text
from daicho.work.holder import LEASE, is_alive, this_holder


class HeldElsewhereError(NotAllowedError):
    """Another process is carrying this run out now."""

    code: ClassVar[str] = "run-held"
    retry: ClassVar[bool] = True


def act(event: str, scope: Scope, at: datetime, organisation: str, **facts: object) -> None:
    """One trail entry, in the caller's transaction."""
    acts = Acts(actor=scope.actor, at=at)
    acts.add(event, organisation=organisation, **facts)
    acts.write()


def places(run: Run) -> list[str]:
    """Every organisation whose rows the run touches."""
    return list(run.organisations) or [run.organisation]


def get_run_row(ref: str, *, scope: Scope) -> Run:
    """The run of that reference, all of whose organisations lie within the scope."""
    run = Run.objects.filter(ref=ref, organisation__in=scope.organisations).first()
    if run is None or not all(scope.allows(one) for one in places(run)):
        raise NotFoundError(
            Text(f"実行 {ref} はありません。", f"There is no run {ref}."),
            advice=Text("実行の一覧で番号を確かめてください。", "Check the number in the list of runs."),
        )
    return run


def begin(run: Run) -> None:
    """Take a run that was just intended, unless somebody has taken it up meanwhile."""
    run.holder = this_holder()
    mine = Run.objects.filter(pk=run.pk, fence=run.fence, done=False)
    if mine.update(holder=run.holder, held_at=Now()) != 1:
        raise held(run.ref)


def take(ref: str, *, scope: Scope, at: datetime) -> Run | None:
    """Take the run, raising the fence, unless a living process holds it; None when it is confirmed.

    The entry ``run.taken_up`` is written in the same transaction.

    Raises:
        NotFoundError, NotAllowedError: as the actor's roles in each of its organisations say.
        HeldElsewhereError: a living process holds it.
    """
    run = get_run_row(ref, scope=scope)
    require_role_everywhere([scope], places(run), CARRIERS)
    if run.done:
        return None
    me = this_holder()
    if run.holder != me and is_alive(run.holder, renewed=_renewed(run)):
        raise held(ref)
    with transaction.atomic():
        mine = Run.objects.filter(pk=run.pk, fence=run.fence, done=False)
        if mine.update(fence=run.fence + 1, holder=me, held_at=Now()) != 1:
            if Run.objects.filter(pk=run.pk, done=True).exists():
                return None
            raise held(ref)
        left = run.stores.exclude(state=StoreState.CONFIRMED).count()
        act("run.taken_up", scope, at, run.organisation, run=ref, stores=left)
    run.fence += 1
    run.holder = me
    return run


def take_over(ref: str, *, scope: Scope, at: datetime) -> None:
    """Free a run whose holder is gone, though it cannot be seen from here (another host, or a process that hangs).

    The fence makes it safe: should the holder live, it can confirm nothing more.

    Raises:
        NotFoundError, NotAllowedError: as the actor's roles in each of its organisations say.
        NotAllowedError: the run is confirmed, or nobody holds it.
    """
    run = get_run_row(ref, scope=scope)
    require_role_everywhere([scope], places(run), OVERRIDERS)
    with transaction.atomic():
        mine = Run.objects.filter(pk=run.pk, fence=run.fence, done=False).exclude(holder="")
        if mine.update(fence=run.fence + 1, holder="") != 1:
            raise NotAllowedError(
                Text(f"実行 {ref} を進めている処理はありません。", f"Nobody holds the run {ref}."),
                advice=Text("その実行の続きを始めてください。", "Take the run up again."),
            )
        act("run.taken_over", scope, at, run.organisation, run=ref)


def renew(run: Run) -> None:
    """Show that the holder lives, before each store.

    Raises:
        HeldElsewhereError: the run was taken by somebody else.
    """
    if Run.objects.filter(pk=run.pk, fence=run.fence, done=False).update(held_at=Now()) != 1:
        raise held(run.ref)


def let_go(run: Run) -> None:
    """A run that stays open is free for the next call, also of another process, while this one lives on."""
    with suppress(DatabaseError):
        Run.objects.filter(pk=run.pk, fence=run.fence, done=False).update(holder="")


@contextmanager
def held_run(run: Run) -> Iterator[None]:
    """Let go of the run however the block is left; a confirmed run has no holder anyway."""
    try:
        yield
    finally:
        if not run.done:
            let_go(run)


def held(ref: str) -> HeldElsewhereError:
    """The error for a run that somebody else carries out."""
    return HeldElsewhereError(
        Text(f"実行 {ref} は別の処理が進めています。", f"Another process is carrying the run {ref} out."),
        advice=Text(
            "終わるのを待って、もう一度実行してください。その処理がもう動いていないことが確かなら、責任者が "
            f"「実行」の画面か daicho runs resume {ref} --take-over で引き継げます。",
            "Wait for it to end and try again. When it is certain that it no longer runs, the officer "
            f"takes it over on the page of runs or with `daicho runs resume {ref} --take-over`.",
        ),
    )


def _renewed(run: Run) -> bool:
    return Run.objects.filter(pk=run.pk, held_at__gt=Now() - LEASE).exists()
