"""状況の確認: what the person does after the request was received."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from daicho.policy.queries import get_policy
from daicho.portal.actions.drafting import Upload, dropped_unless_kept, require_wanted
from daicho.portal.actions.passes import (
    NewPass,
    get_open_pass,
    mailbox_of,
    make_pass,
    passes_of,
    require_few_mails,
)
from daicho.portal.courtesy import Sender
from daicho.portal.models import Pass
from daicho.portal.rules import FOUND_GOOD, MAX_SENT, PassKind, wanted_papers
from daicho.post.actions.from_web import file_web_scans, link_web_scans, masking_of, store_web_scan
from daicho.post.actions.scans import ScanIntake
from daicho.rights.actions.from_web import (
    PERSON_AT_THE_DOOR,
    record_web_papers,
    refuse_too_many,
    withdraw_from_web,
)
from daicho.rights.actions.recording import PaperIntake
from daicho.rights.told import tell
from daicho.trail.acts import Acts
from daicho.words.errors import NotAllowedError
from daicho.words.personal import Personal
from daicho.words.text import Text
from daicho.work.actions import Mail, queue_mail
from daicho.work.mail import ring_bell


def mail_links(mailbox: Personal[str], sender: Sender, *, at: datetime) -> None:
    """Mail fresh links to the open requests of a mailbox; nothing at all to any other, and nobody can tell.

    Raises:
        TooManyError: the mailbox got too many mails within the hour.
    """
    require_few_mails(mailbox, at=at)
    numbers = dict.fromkeys(row.about for row in passes_of(mailbox, PassKind.STATUS) if row.mailbox)
    with transaction.atomic():
        for number in numbers:
            _mail_link(number, mailbox, sender, at=at)
        if not numbers:
            _mail_nothing(mailbox, sender, at=at)
        ring_bell()


def _mail_link(number: str, mailbox: Personal[str], sender: Sender, *, at: datetime) -> None:
    acts = Acts(actor=PERSON_AT_THE_DOOR, at=at)
    told = tell(number, on=at.date())
    row, path = make_pass(
        NewPass(
            kind=PassKind.STATUS,
            about=number,
            organisation=told.organisation,
            mailbox=mailbox,
            language=sender.language,
            good=FOUND_GOOD,
        ),
        at=at,
    )
    mail = Mail(
        kind="status",
        to=mailbox,
        values=sender.values(number=number, link=sender.link(path), until=sender.moment(row.expires_at)),
        language=sender.language,
        about=number,
        expires_at=row.expires_at,
    )
    queue_mail(mail, organisation=row.organisation, actor=PERSON_AT_THE_DOOR, at=at)
    acts.add("web.link_mailed", organisation=row.organisation, link=row.ref, kind=row.kind, about=number)
    acts.write()


def _mail_nothing(mailbox: Personal[str], sender: Sender, *, at: datetime) -> None:
    """The same work and the same count for a mailbox without requests, so that neither time nor refusals tell it apart.

    Everything that mailing a link to some request does is done and taken back; what stays is one dead link that opens
    nothing, counted by `require_few_mails` and gone from the counting after its hour.
    """
    some = Pass.objects.filter(kind=PassKind.STATUS, ended_at=None).exclude(mailbox=b"").order_by("-pk").first()
    if some is not None:
        with transaction.atomic():
            _mail_link(some.about, mailbox, sender, at=at)
            transaction.set_rollback(True)
    nothing = NewPass(
        kind=PassKind.STATUS,
        about="",
        organisation=some.organisation if some is not None else settings.WORKSPACE.organisation,
        mailbox=mailbox,
        language=sender.language,
        good=FOUND_GOOD,
    )
    row, _ = make_pass(nothing, at=at)
    Pass.objects.filter(pk=row.pk).update(ended_at=at, mailbox=b"")


def withdraw(ref: str, sender: Sender, *, at: datetime) -> None:
    """取下げ: the holder of the link and its code takes the request back; a mail confirms it.

    Raises:
        NotAllowedError: it has ended, or something is being carried out.
    """
    row = get_open_pass(ref, at=at)
    with transaction.atomic():
        acts = Acts(actor=PERSON_AT_THE_DOOR, at=at)
        withdraw_from_web(row.about, at=at, acts=acts)
        mail = Mail(
            kind="withdrawn",
            to=mailbox_of(row),
            values=sender.values(number=row.about, on=sender.day(at.date())),
            language=sender.language,
            about=row.about,
        )
        queue_mail(mail, organisation=row.organisation, actor=PERSON_AT_THE_DOOR, at=at)
        ring_bell()
        acts.write()


def send_paper(ref: str, upload: Upload, *, at: datetime, folder: Path) -> None:
    """A paper that was missing, shown afterwards.

    Raises:
        UploadRefusedError: the file is not taken; nothing of it is kept.
        InputError: a paper that the list does not ask for.
        NotAllowedError: the request has ended, or `MAX_SENT` papers came already.
    """
    row = get_open_pass(ref, at=at)
    told = tell(row.about, on=at.date())
    if told.ended:
        raise NotAllowedError(
            Text("この請求は終わっています。", "This request has ended."),
            advice=Text("新しい請求をお送りください。", "Please send a new request."),
        )
    refuse_too_many(told.papers_by_web + 1, MAX_SENT)  # before the file is developed, which is dear
    paper = require_wanted(wanted_papers(get_policy(told.policy_digest), told.requester, on=at.date()), upload, at=at)
    intake = ScanIntake(kind=paper.kind, of=paper.of, paper=paper.paper)
    stored = store_web_scan(upload.content, intake, organisation=told.organisation, at=at, folder=folder)
    with dropped_unless_kept(stored.ref, at=at, folder=folder), transaction.atomic():
        acts = Acts(actor=PERSON_AT_THE_DOOR, at=at)
        recorded = PaperIntake(
            kind=paper.kind,
            of=paper.of,
            paper=paper.paper,
            masked=masking_of([stored.ref])[stored.ref],
            issued_on=upload.issued_on,
            place=f"web {stored.ref}",
        )
        (document,) = record_web_papers(told.number, [recorded], most=MAX_SENT, at=at, acts=acts)
        file_web_scans([stored.ref], told.number, at=at, acts=acts)
        link_web_scans({stored.ref: document})
        acts.write()
