"""電磁的記録の提供: an issued answer is handed over by link and separately mailed code, until a day.

Design. Offering seals a copy of every file under a key of its own, with the link, in one transaction; the
download opens nothing but that copy, so the public door needs no store, map or desk. Ending an offer, by its
day or by hand, drops the keys: from that commit every copy of the files is unreadable. A crash before a
file is removed leaves one without a key, which the next tidying removes.
"""

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import F

from daicho.keys.queries import ring as open_ring
from daicho.keys.sealed import SealedFile, SealedFileError
from daicho.people.queries import require_role
from daicho.portal.actions.passes import NewPass, get_open_pass, mailbox_of, make_pass
from daicho.portal.courtesy import Sender
from daicho.portal.models import OfferedFile, Pass
from daicho.portal.queries import find_proven
from daicho.portal.rules import MAX_OFFER_DAYS, OFFER_DAYS, PassKind
from daicho.rights.access import DESK
from daicho.rights.actions.from_web import PERSON_AT_THE_DOOR, AnswerFiles, take_answer
from daicho.rights.actions.issuing import OutFile
from daicho.trail.acts import Acts
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from daicho.words.personal import Personal
from daicho.words.scope import Scope
from daicho.words.text import Text
from daicho.work.actions import Mail, queue_mail
from daicho.work.mail import ring_bell
from daicho.work.rules import masked

FOLDER: Final = "answers"


def offer_download(
    number: str,
    sender: Sender,
    *,
    days: int = OFFER_DAYS,
    seen: str = "",
    scope: Scope,
    at: datetime,
    folder: Path,
) -> str:
    """Offer the issued answer of a request for download and mail its link; an earlier offer ends. Returns the link's ref.

    1. The mailbox that the web door proved is the person's, and needs no more.
    2. Any other was typed from a form. Somebody else than who took the request in compares it with the form and
       offers, so that nobody can have an answer sent to a mailbox of their own choice.

    Args:
        seen: the masked mailbox that was compared, as `find_target` shows it; needed for (2) only.

    Raises:
        NotAllowedError: the person asked for paper, nothing was issued yet, there is no mailbox, or it was typed
            by the one who offers.
        InputError: more days than `MAX_OFFER_DAYS`, or none; the mailbox was not compared.
    """
    if not 1 <= days <= MAX_OFFER_DAYS:
        raise InputError(
            Text(f"期間は 1〜{MAX_OFFER_DAYS} 日です。", f"The offer lasts 1 to {MAX_OFFER_DAYS} days."),
            advice=Text("日数を直してください。", "Correct the number of days."),
        )
    written: list[SealedFile] = []
    try:
        with transaction.atomic():
            acts = Acts(actor=scope.actor, at=at)
            answer = take_answer(number, scope=scope, at=at, folder=folder, acts=acts)
            removed = _end(_open_offers(number), "replaced", at=at, acts=acts)
            mailbox = _mailbox(number, answer, seen=seen, actor=scope.actor)
            midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
            row, path = make_pass(
                NewPass(
                    kind=PassKind.ANSWER,
                    about=number,
                    organisation=answer.organisation,
                    mailbox=mailbox,
                    language=sender.language,
                    good=midnight + timedelta(days=days + 1) - at,  # whole days
                ),
                at=at,
            )
            for file in answer.files:
                written.append(_keep(row, file, folder=folder))  # noqa: PERF401 (what is written so far is removed)
            mail = Mail(
                kind="offered",
                to=mailbox,
                values=sender.values(number=number, link=sender.link(path), until=sender.last_day(row.expires_at)),
                language=sender.language,
                about=number,
                expires_at=row.expires_at,
            )
            queue_mail(mail, organisation=answer.organisation, actor=scope.actor, at=at)
            ring_bell()
            until = (row.expires_at - timedelta(seconds=1)).date()
            acts.add(
                "answer.offered",
                organisation=answer.organisation,
                request=number,
                link=row.ref,
                files=len(answer.files),
                until=until,
            )
            acts.write()
    except BaseException:
        for sealed in written:
            with suppress(SealedFileError):
                sealed.remove()
        raise
    remove_files(removed, folder=folder)
    return row.ref


def _mailbox(number: str, answer: AnswerFiles, *, seen: str, actor: str) -> Personal[str]:
    proven = find_proven(number)
    if proven is not None:  # (1)
        return mailbox_of(proven)
    typed = answer.typed.address
    if typed is None:
        raise NotAllowedError(
            Text("メールアドレスが分かりません。", "There is no mailbox."),
            advice=Text("記録媒体に収めて郵送してください。", "Post it on a medium."),
        )
    if actor in answer.typed.typed_by:  # (2)
        raise NotAllowedError(
            Text(
                "請求を受け付けた人や訂正した人が入力した宛先には、別の人が提供します。",
                "The mailbox was typed by whoever took the request in or put it right; somebody else offers the answer to it.",
            ),
            advice=Text(
                "窓口の別の担当者が、宛先を請求書面と照らし合わせて提供してください。",
                "Have another account at the desk compare the mailbox with the form, and offer it.",
            ),
        )
    if seen != masked(typed.reveal(purpose="compared masked")):
        raise InputError(
            Text("宛先を請求書面と照らし合わせてください。", "Compare the mailbox with the form first."),
            advice=Text(
                "表示された宛先が請求書面のとおりであることを確かめてから提供してください。",
                "Offer it once the mailbox shown is the one on the form.",
            ),
        )
    return typed


def _keep(row: Pass, file: OutFile, *, folder: Path) -> SealedFile:
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    ref = f"F-{secrets.token_hex(8)}"
    with SealedFile.create(place / f"{ref}.sealed", ring=open_ring(), bound_to=f"offer:{ref}") as writer:
        writer.write(file.content)
    sealed = writer.sealed
    OfferedFile.objects.create(
        link=row,
        organisation=row.organisation,
        ref=ref,
        title=file.name,
        name=sealed.path.name,
        wrapped_key=sealed.wrapped_key,
        size=sealed.size,
        sha256=hashlib.sha256(file.content).hexdigest(),
    )
    return sealed


def download(ref: str, file: str, *, at: datetime, folder: Path) -> OutFile:
    """One file of an answer, for a browser that gave the code; in the trail before it is opened.

    Raises:
        LinkError: the offer has ended.
        NotFoundError: no such file in it.
    """
    row = get_open_pass(ref, at=at)
    with transaction.atomic():
        found = row.files.select_for_update().filter(ref=file, erased_at=None).first()
        if found is None or row.kind != PassKind.ANSWER:
            raise NotFoundError(
                Text("そのファイルはありません。", "There is no such file."),
                advice=Text("一覧から選び直してください。", "Choose it from the list."),
            )
        OfferedFile.objects.filter(pk=found.pk).update(downloads=F("downloads") + 1)
        acts = Acts(actor=PERSON_AT_THE_DOOR, at=at)
        acts.add(
            "answer.downloaded",
            organisation=row.organisation,
            request=row.about,
            link=row.ref,
            file=found.ref,
            digest=found.sha256,
        )
        acts.write()
    sealed = SealedFile(
        path=folder / FOLDER / found.name,
        wrapped_key=bytes(found.wrapped_key),
        bound_to=f"offer:{found.ref}",
        size=found.size,
    )
    return OutFile(name=found.title, content=sealed.read(ring=open_ring()))


def end_offer(number: str, *, scope: Scope, at: datetime, folder: Path) -> None:
    """Take an offer back: sent to the wrong mailbox, or replaced by paper."""
    with transaction.atomic():
        acts = Acts(actor=scope.actor, at=at)
        rows = [row for row in _open_offers(number) if scope.allows(row.organisation)]
        for row in rows:
            require_role(scope, row.organisation, DESK)
        names = _end(rows, "by_hand", at=at, acts=acts)
        acts.write()
    remove_files(names, folder=folder)


def end_expired_offers(*, at: datetime, folder: Path) -> None:
    """Drop the keys of every offer whose day has passed."""
    with transaction.atomic():
        acts = Acts(actor="system:tidying", at=at)
        expired = Pass.objects.select_for_update().filter(kind=PassKind.ANSWER, ended_at=None, expires_at__lte=at)
        names = _end(list(expired), "expired", at=at, acts=acts)
        acts.write()
    remove_files(names, folder=folder)


def _open_offers(number: str) -> list[Pass]:
    return list(Pass.objects.select_for_update().filter(kind=PassKind.ANSWER, about=number, ended_at=None))


def _end(rows: Sequence[Pass], why: str, *, at: datetime, acts: Acts) -> list[str]:
    names: list[str] = []
    for row in rows:
        kept = row.files.filter(erased_at=None)
        files = list(kept.values_list("name", flat=True))
        kept.update(erased_at=at, wrapped_key=b"")
        row.ended_at, row.mailbox, row.code = at, b"", ""
        row.save(update_fields=["ended_at", "mailbox", "code"])
        acts.add(
            "answer.offer_ended",
            organisation=row.organisation,
            request=row.about,
            link=row.ref,
            files=len(files),
            why=why,
        )
        names += files
    return names


def remove_files(names: Sequence[str], *, folder: Path) -> None:
    """Remove files whose keys were dropped; after the commit."""
    for name in names:
        SealedFile(path=folder / FOLDER / name, wrapped_key=b"", bound_to=name, size=0).remove()
