"""消去: drafts, links and offers end by themselves; called by the sender's loop and safe to repeat."""

from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from daicho.people.rates import forget_counts
from daicho.portal.actions.offering import end_expired_offers
from daicho.portal.models import Draft, Pass
from daicho.portal.rules import DraftState
from daicho.post.actions.from_web import drop_web_scans, remove_dropped
from daicho.trail.acts import Acts
from daicho.work.actions import forget_dead

_AUTHOR = "system:tidying"


def tidy(*, at: datetime, folder: Path) -> None:
    """End what is over: offers lose their keys, drafts their content and scans, links their mailbox."""
    end_expired_offers(at=at, folder=folder)
    open_states = [DraftState.ASKED, DraftState.PROVEN]
    for pk in list(Draft.objects.filter(state__in=open_states, expires_at__lte=at).values_list("pk", flat=True)):
        _erase(pk, at=at, folder=folder)
    Pass.objects.filter(ended_at=None, expires_at__lte=at).update(ended_at=at, mailbox=b"", code="")
    counted_until = at - timedelta(hours=1)  # mails to one mailbox are counted for an hour
    Pass.objects.filter(ended_at__isnull=False, made_at__lt=counted_until).exclude(mailbox_digest="").update(
        mailbox_digest="", mailbox=b""
    )
    forget_dead(at=at)
    forget_counts()


def _erase(pk: int, *, at: datetime, folder: Path) -> None:
    with transaction.atomic():
        open_states = [DraftState.ASKED, DraftState.PROVEN]
        draft = Draft.objects.select_for_update().filter(pk=pk, state__in=open_states, expires_at__lte=at).first()
        if draft is None:
            return
        names = drop_web_scans([one.scan for one in draft.papers.all()], at=at)
        draft.papers.all().delete()
        draft.state, draft.sealed, draft.mailbox = DraftState.ERASED, b"", b""
        draft.save(update_fields=["state", "sealed", "mailbox"])
        acts = Acts(actor=_AUTHOR, at=at)
        acts.add("web.draft_erased", organisation=draft.organisation, draft=draft.ref, why="expired")
        acts.write()
    remove_dropped(names, folder=folder)
