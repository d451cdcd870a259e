"""お知らせがあること: who asked on the web hears by mail that something waits on the page of their request.

What the desk wrote (a paper is missing, an answer takes longer) stands on that page and in the letter; the mail
says only that there is something, with a fresh link. Called by the sender's loop and by ``daicho mail send``, and
safe to repeat: the mark of what was told is written with the mail.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from daicho.policy.queries import policy_in_force
from daicho.portal.actions.passes import NewPass, mailbox_of, make_pass
from daicho.portal.courtesy import sender_of
from daicho.portal.models import Pass
from daicho.portal.rules import FOUND_GOOD, PassKind
from daicho.rights.told import noticed_at
from daicho.trail.acts import Acts
from daicho.words.text import Language
from daicho.work.actions import Mail, queue_mail
from daicho.work.mail import ring_bell

_AUTHOR = "system:news"


def tell_news(*, address: str, at: datetime, on: date) -> int:
    """Queue one mail for every open request of the web door with notices its person was not told of; how many.

    Args:
        address: where browsers find the door; without one a mail could lead nowhere, and none is queued.
        on: the day of ``at`` in Tokyo.
    """
    if not address:
        return 0
    told: dict[str, datetime] = {}
    for number, made, until in _open(at).values_list("about", "made_at", "told_at"):
        told[number] = max(told.get(number, made), until or made)
    waiting = [number for number, noticed in noticed_at(list(told)).items() if noticed > told[number]]
    return sum(_tell(number, address=address, at=at, on=on) for number in waiting)


def _open(at: datetime) -> QuerySet[Pass]:
    return Pass.objects.filter(kind=PassKind.STATUS, ended_at=None, expires_at__gt=at)


def _tell(number: str, *, address: str, at: datetime, on: date) -> bool:
    with transaction.atomic():
        rows = list(_open(at).select_for_update().filter(about=number).order_by("pk"))
        noticed = noticed_at([number]).get(number)
        if not rows or noticed is None or noticed <= max(row.told_at or row.made_at for row in rows):
            return False
        last = rows[-1]
        language = Language(last.language)
        sender = sender_of(
            policy_in_force(last.organisation, on), last.organisation, language=language, address=address
        )
        mailbox = mailbox_of(last)
        acts = Acts(actor=_AUTHOR, at=at)
        row, path = make_pass(
            NewPass(
                kind=PassKind.STATUS,
                about=number,
                organisation=last.organisation,
                mailbox=mailbox,
                language=language,
                good=FOUND_GOOD,
            ),
            at=at,
        )
        mail = Mail(
            kind="news",
            to=mailbox,
            values=sender.values(number=number, link=sender.link(path), until=sender.moment(row.expires_at)),
            language=language,
            about=number,
            expires_at=row.expires_at,
        )
        queue_mail(mail, organisation=row.organisation, actor=_AUTHOR, at=at)
        Pass.objects.filter(pk__in=[*(one.pk for one in rows), row.pk]).update(told_at=noticed)
        acts.add("web.link_mailed", organisation=row.organisation, link=row.ref, kind=row.kind, about=number)
        ring_bell()
        acts.write()
    return True
