"""途中経過: what the screen is told while long work goes on in the background.

Nothing here is an act of the desk: the work itself writes its own entries to the trail.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models.functions import Now

from daicho.rights.models import Work
from daicho.rights.reading import lock_request, require_desk_everywhere
from daicho.words.errors import DaichoError, NotAllowedError
from daicho.words.scope import Scope
from daicho.words.text import Text

RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
#: A work that has told nothing for so long is taken for lost, and may be started again.
SILENCE: Final = timedelta(seconds=90)


def begin_work(number: str, task: str, *, told: Mapping[str, Any], scope: Scope, at: datetime) -> int:
    """Note that work on a request begins; returns its key.

    Raises:
        NotAllowedError: the same work is going on, or the caller does not work at every desk addressed.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        require_desk_everywhere([request], scope=scope)
        if living(request.pk, task):
            raise NotAllowedError(
                Text("いま実行中です。", "It is going on now."),
                advice=Text("終わるまでお待ちください。", "Wait until it has ended."),
            )
        row, _ = Work.objects.update_or_create(
            request=request,
            task=task,
            defaults={
                "organisation": request.organisation,
                "state": RUNNING,
                "step": "",
                "done": 0,
                "total": 0,
                "told": dict(told),
                "trouble": {},
                "started_by": scope.actor,
                "started_at": at,
                "told_at": Now(),
            },
        )
    return int(row.pk)


def living(request: int, task: str) -> bool:
    """Whether somebody works on it now, by the database's clock."""
    return Work.objects.filter(request=request, task=task, state=RUNNING, told_at__gt=Now() - SILENCE).exists()


def note_step(key: int, *, step: str, done: int, total: int, told: Mapping[str, Any]) -> None:
    """Where the work is."""
    Work.objects.filter(pk=key, state=RUNNING).update(
        step=step[:40], done=done, total=total, told=dict(told), told_at=Now()
    )


def end_work(key: int, *, told: Mapping[str, Any], trouble: DaichoError | None = None) -> None:
    """It has ended, well or with an error."""
    found = {"message": trouble.message.as_dict(), "advice": trouble.advice.as_dict()} if trouble else {}
    Work.objects.filter(pk=key).update(state=FAILED if trouble else DONE, told=dict(told), trouble=found, told_at=Now())
