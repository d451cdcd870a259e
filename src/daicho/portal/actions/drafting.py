"""書きかけの請求: begun, proven by a mailbox, saved sealed, shown papers, and submitted as a real request.

What one transaction holds: every step below is one, with its mail and its entry in the trail. Submitting
registers the request, files the scans to it, empties the draft and queues the acknowledgement together, so
that a request exists exactly when its draft is gone. An upload is developed and sealed before; a crash
there leaves a scan that no draft names and that ends with the days of its paper.
"""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from daicho.keys.queries import ring as open_ring
from daicho.law.kinds import Requester
from daicho.policy.queries import get_policy
from daicho.portal.actions.passes import NewPass, find_pass, find_used_start, mailbox_of, make_pass, require_few_mails
from daicho.portal.courtesy import Sender
from daicho.portal.errors import LinkError, draft_gone
from daicho.portal.models import Draft, DraftPaper, Pass
from daicho.portal.queries import wanted_of
from daicho.portal.rules import (
    DRAFT_GOOD,
    MAX_PAPERS,
    MAX_SENT,
    START_GOOD,
    STATUS_GOOD,
    DraftState,
    PassKind,
    WantedPaper,
    find_wanted,
)
from daicho.post.actions.from_web import (
    drop_web_scans,
    file_web_scans,
    link_web_scans,
    masking_of,
    remove_dropped,
    store_web_scan,
)
from daicho.post.actions.scans import ScanIntake
from daicho.rights.actions.from_web import PERSON_AT_THE_DOOR, open_from_web, record_web_papers
from daicho.rights.actions.recording import PaperIntake
from daicho.rights.intake import Intake
from daicho.rights.rules import DocumentKind, MaskedBy, Of, fee_due
from daicho.rights.told import tell
from daicho.trail.acts import Acts
from daicho.words.errors import DaichoError, InputError
from daicho.words.personal import Personal
from daicho.words.text import Language, Text
from daicho.work.actions import Mail, queue_mail
from daicho.work.mail import ring_bell


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What the first page asks."""

    organisation: str
    requester: Requester
    kinds: Sequence[str]
    mailbox: Personal[str]
    language: Language


def begin(beginning: Beginning, sender: Sender, *, at: datetime) -> None:
    """Start a draft and mail its link; the page answers the same whoever the mailbox belongs to.

    Raises:
        TooManyError: the mailbox got too many mails within the hour.
    """
    require_few_mails(beginning.mailbox, at=at)
    ref = f"W-{secrets.token_hex(8)}"
    address = beginning.mailbox.reveal(purpose="sealed with the draft")
    with transaction.atomic():
        draft = Draft.objects.create(
            ref=ref,
            organisation=beginning.organisation,
            language=beginning.language,
            requester=beginning.requester,
            kinds=list(beginning.kinds),
            mailbox=open_ring().seal(address.encode(), bound_to=f"draft:{ref}/mailbox"),
            state=DraftState.ASKED,
            made_at=at,
            expires_at=at + START_GOOD,
        )
        _mail_start(draft, beginning.mailbox, sender, at=at)


def mail_again(token: str, sender: Sender, *, at: datetime) -> None:
    """Mail a new link to the draft of one that was used; for going on with another browser, or later."""
    used = find_used_start(token, at=at)
    if used is None:
        raise LinkError
    mailbox = mailbox_of(used)
    require_few_mails(mailbox, at=at)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(ref=used.about, state=DraftState.PROVEN).first()
        if draft is None or draft.expires_at <= at:
            raise LinkError
        _mail_start(draft, mailbox, sender, at=at)


def _mail_start(draft: Draft, mailbox: Personal[str], sender: Sender, *, at: datetime) -> None:
    row, path = make_pass(
        NewPass(
            kind=PassKind.START,
            about=draft.ref,
            organisation=draft.organisation,
            mailbox=mailbox,
            language=sender.language,
            good=START_GOOD,
        ),
        at=at,
    )
    mail = Mail(
        kind="start",
        to=mailbox,
        values=sender.values(link=sender.link(path), until=sender.moment(row.expires_at)),
        language=sender.language,
        about=draft.ref,
        expires_at=row.expires_at,
    )
    queue_mail(mail, organisation=draft.organisation, actor=PERSON_AT_THE_DOOR, at=at)
    ring_bell()
    _note("web.link_mailed", draft, at=at, link=row.ref, kind=row.kind, about=draft.ref)


def prove(token: str, *, at: datetime) -> str:
    """Use a start link, once; returns the draft's ref.

    Raises:
        LinkError: it is used, expired or unknown.
    """
    row = find_pass(token, PassKind.START, at=at)
    with transaction.atomic():
        if not Pass.objects.filter(pk=row.pk, used_at=None).update(used_at=at):
            raise LinkError
        draft = Draft.objects.select_for_update().get(ref=row.about)
        if draft.state not in {DraftState.ASKED, DraftState.PROVEN} or draft.expires_at <= at:
            raise LinkError
        if draft.state == DraftState.ASKED:
            draft.state, draft.expires_at = DraftState.PROVEN, at + DRAFT_GOOD
            draft.save(update_fields=["state", "expires_at"])
        _note("web.mailbox_proven", draft, at=at, draft=draft.ref)
    return draft.ref


def save_form(ref: str, content: Mapping[str, Any], *, complete: bool, at: datetime) -> None:
    """Keep the form as it stands, sealed; an incomplete one too, so that nothing typed is lost."""
    with transaction.atomic():
        draft = _locked(ref, at=at)
        plain = json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")
        draft.sealed, draft.complete = open_ring().seal(plain, bound_to=f"draft:{ref}"), complete
        draft.expires_at = at + DRAFT_GOOD
        draft.save(update_fields=["sealed", "complete", "expires_at"])
        _note("web.draft_saved", draft, at=at, draft=ref)


# ── papers ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file as the browser sent it; ``code`` names a paper of the published list."""

    code: str
    content: bytes
    issued_on: date | None = None


def add_paper(ref: str, upload: Upload, *, at: datetime, folder: Path) -> None:
    """Take an upload for a draft: judged and developed by the post room, kept as page images only.

    Raises:
        UploadRefusedError: the file is not taken; nothing of it is kept.
        InputError: a paper that the list does not ask for, without its day of issue, or one too many.
    """
    draft = Draft.objects.filter(ref=ref, state=DraftState.PROVEN, expires_at__gt=at).first()
    if draft is None:
        raise draft_gone()
    paper = require_wanted(wanted_of(draft, on=at.date()), upload, at=at)
    _require_room(draft)  # before the file is developed, which is dear
    intake = ScanIntake(kind=paper.kind, of=paper.of, paper=paper.paper)
    stored = store_web_scan(upload.content, intake, organisation=draft.organisation, at=at, folder=folder)
    with dropped_unless_kept(stored.ref, at=at, folder=folder), transaction.atomic():
        draft = _locked(ref, at=at)
        _require_room(draft)
        DraftPaper.objects.create(
            draft=draft,
            organisation=draft.organisation,
            ref=f"V-{secrets.token_hex(6)}",
            kind=paper.kind,
            of=paper.of,
            paper=paper.paper,
            issued_on=upload.issued_on,
            scan=stored.ref,
            pages=stored.pages,
            added_at=at,
        )
        _note("web.paper_added", draft, at=at, draft=ref, paper=str(paper.paper))


def _require_room(draft: Draft) -> None:
    if draft.papers.count() >= MAX_PAPERS:
        raise InputError(
            Text(f"書類は {MAX_PAPERS} 点までです。", f"{MAX_PAPERS} papers at most."),
            advice=Text("要らないものを削除してください。", "Remove what is not needed."),
        )


@contextmanager
def dropped_unless_kept(scan: str, *, at: datetime, folder: Path) -> Iterator[None]:
    """Around the transaction that takes a scan: when it fails, nothing of the scan stays."""
    try:
        yield
    except DaichoError:
        with transaction.atomic():
            names = drop_web_scans([scan], at=at)
        remove_dropped(names, folder=folder)
        raise


def require_wanted(groups: Sequence[Any], upload: Upload, *, at: datetime) -> WantedPaper:
    """The paper of the published list that an upload says it is.

    Raises:
        InputError: none, or its day of issue is missing or in the future.
    """
    paper = find_wanted(groups, upload.code)
    if paper is None:
        raise InputError(
            Text("書類の種類を選んでください。", "Choose the sort of paper."),
            advice=Text("公表している書類の一覧から選びます。", "Choose it from the published list."),
        )
    if (paper.max_age_days is not None and upload.issued_on is None) or (
        upload.issued_on is not None and upload.issued_on > at.date()
    ):
        raise InputError(
            Text("この書類には発行日が必要です。", "This paper needs its day of issue."),
            advice=Text("書類にある発行日（今日まで）を入力してください。", "Give the day on it, not after today."),
        )
    return paper


def remove_paper(ref: str, paper: str, *, at: datetime, folder: Path) -> None:
    """Take a paper back; its page images are destroyed."""
    with transaction.atomic():
        draft = _locked(ref, at=at)
        row = draft.papers.filter(ref=paper).first()
        if row is None:
            return
        names = drop_web_scans([row.scan], at=at)
        row.delete()
        _note("web.paper_removed", draft, at=at, draft=ref, paper=row.paper)
    remove_dropped(names, folder=folder)


# ── submitting ───────────────────────────────────────────────────────────────────────────────


def submit(ref: str, intake: Intake, sender: Sender, *, at: datetime) -> str:
    """Make a real request of a draft; returns its number.

    1. Register the request: identity is not verified, the desk checks the papers.
    2. File the scans, record the papers. Whether their blacking out is done is the desk's to say.
    3. Mail the acknowledgement with the link to follow it by.
    4. Empty the draft.
    """
    with transaction.atomic():
        draft = _locked(ref, at=at)
        acts = Acts(actor=PERSON_AT_THE_DOOR, at=at)
        papers = list(draft.papers.order_by("pk"))
        number = open_from_web(intake, at=at, acts=acts)  # (1)
        file_web_scans([one.scan for one in papers], number, at=at, acts=acts)  # (2)
        if papers:
            masking = masking_of([one.scan for one in papers])
            shown = [paper_intake(one, masking[one.scan]) for one in papers]
            recorded = record_web_papers(number, shown, most=MAX_SENT, at=at, acts=acts)
            link_web_scans(dict(zip([one.scan for one in papers], recorded, strict=True)))
        _acknowledge(draft, number, sender, at=at)  # (3)
        draft.state, draft.request, draft.sealed = DraftState.SUBMITTED, number, b""  # (4)
        draft.mailbox = b""
        draft.save(update_fields=["state", "request", "sealed", "mailbox"])
        draft.papers.all().delete()
        Pass.objects.filter(about=ref, kind=PassKind.START, ended_at=None).update(ended_at=at, mailbox=b"")
        acts.add("web.submitted", organisation=draft.organisation, draft=ref, request=number, papers=len(papers))
        acts.write()
    return number


def paper_intake(row: DraftPaper, masked: MaskedBy) -> PaperIntake:
    """A shown paper as the desk records it: a place, and blacked out or not is for the desk to see."""
    return PaperIntake(
        kind=DocumentKind(row.kind),
        of=Of(row.of),
        paper=row.paper,
        masked=masked,
        issued_on=row.issued_on,
        place=f"web {row.scan}",
    )


def _acknowledge(draft: Draft, number: str, sender: Sender, *, at: datetime) -> None:
    mailbox = Personal(
        open_ring().unseal(bytes(draft.mailbox), bound_to=f"draft:{draft.ref}/mailbox").decode(), "email"
    )
    row, path = make_pass(
        NewPass(
            kind=PassKind.STATUS,
            about=number,
            organisation=draft.organisation,
            mailbox=mailbox,
            language=sender.language,
            good=STATUS_GOOD,
        ),
        at=at,
    )
    told = tell(number, on=at.date())
    due = fee_due(get_policy(told.policy_digest), [claim.kind for claim in told.claims])
    fee = Text(f"{due:,} 円", f"¥{due:,}").say(sender.language) if due else ""
    values = sender.values(number=number, arrived=sender.day(at.date()), link=sender.link(path), fee=fee)
    mail = Mail(kind="acknowledged", to=mailbox, values=values, language=sender.language, about=number)
    queue_mail(mail, organisation=row.organisation, actor=PERSON_AT_THE_DOOR, at=at)
    ring_bell()


def _locked(ref: str, *, at: datetime) -> Draft:
    draft = Draft.objects.select_for_update().filter(ref=ref, state=DraftState.PROVEN, expires_at__gt=at).first()
    if draft is None:
        raise draft_gone()
    return draft


def _note(event: str, of: Draft, *, at: datetime, **facts: object) -> None:
    acts = Acts(actor=PERSON_AT_THE_DOOR, at=at)
    acts.add(event, organisation=of.organisation, **facts)
    acts.write()
