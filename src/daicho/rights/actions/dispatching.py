"""発送: a letter goes into its envelope, a second person checks it, it is sent, it arrives or comes back."""

import re
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.db import transaction

from daicho.rights.actions.issuing import PACK
from daicho.rights.dispatch_rules import (
    CAME_BACK,
    ON_THE_WAY,
    DispatchMethod,
    DispatchState,
    ReturnedWhy,
    judge_check,
    judge_sending,
    move_dispatch,
)
from daicho.rights.models import Dispatch, IssuedLetter, SubjectRequest
from daicho.rights.reading import lock_request
from daicho.trail.acts import Acts
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text

_TRACKING: Final = re.compile(r"[0-9A-Za-z-]{0,40}")


def enclose(number: str, letter: str, method: DispatchMethod, *, scope: Scope, at: datetime) -> str:
    """Note that a letter lies in its envelope; returns the dispatch's reference.

    Args:
        letter: the number of a letter issued for the request.

    Raises:
        NotAllowedError: an envelope of this letter is on its way, or arrived.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        if not request.letters.exclude(kind=PACK).filter(number=letter).exists():
            raise _no_letter()
        if request.letters.filter(replaces=letter).exists():
            raise NotAllowedError(
                Text("新しい住所の書面に差し替えた書面です。", "This letter was replaced by one for the new address."),
                advice=Text("差し替えた書面を封入してください。", "Put the new letter in its envelope."),
            )
        if _is_on_the_way(request, letter):
            raise NotAllowedError(
                Text("この書面は封入済みです。", "This letter is in an envelope already."),
                advice=Text("返送されたときに再発送できます。", "It can be sent again once it came back."),
            )
        acts = Acts(actor=scope.actor, at=at)
        row = _begin(request, letter, method, at=at, acts=acts)
        acts.write()
    return row.ref


def note_download(request: SubjectRequest, letters: Iterable[str], *, at: datetime, acts: Acts) -> None:
    """電磁的方法での提供: letters offered for download count as sent; inside the caller's transaction.

    A letter that is on its way already stays as it is. Nobody fills an envelope here that a second person could
    compare: who may send the link where is judged before (`daicho.portal.actions.offering`): to the mailbox that the
    web door proved, or, by another person than who took the request in, to the one that was typed from its form.
    """
    for letter in letters:
        if not _is_on_the_way(request, letter):
            row = _begin(request, letter, DispatchMethod.ELECTRONIC, at=at, acts=acts)
            row.state, row.sent_on, row.sent_by = DispatchState.SENT, at.date(), acts.actor
            row.save(update_fields=["state", "sent_on", "sent_by"])
            acts.add("dispatch.sent", organisation=row.organisation, dispatch=row.ref, sent_on=row.sent_on)


def _is_on_the_way(request: SubjectRequest, letter: str) -> bool:
    return request.dispatches.filter(letter=letter, state__in=ON_THE_WAY).exists()


def _begin(request: SubjectRequest, letter: str, method: DispatchMethod, *, at: datetime, acts: Acts) -> Dispatch:
    """The row of an envelope; one that came back before is sent again with it."""
    back = request.dispatches.filter(letter=letter, state__in=CAME_BACK).order_by("pk").last()
    if back is not None:
        move_dispatch(DispatchState(back.state), DispatchState.SENT_AGAIN)
        back.state = DispatchState.SENT_AGAIN
        back.save(update_fields=["state"])
    row: Dispatch = Dispatch.objects.create(
        request=request,
        organisation=request.organisation,
        ref=f"P-{secrets.token_hex(6)}",
        letter=letter,
        state=DispatchState.ENCLOSED,
        method=method,
        enclosed_by=acts.actor,
        enclosed_at=at,
        previous=back.ref if back else "",
    )
    request.letters.exclude(kind=PACK).filter(number=letter).update(enclosed=True)
    acts.add(
        "dispatch.enclosed",
        organisation=request.organisation,
        dispatch=row.ref,
        letter=letter,
        method=str(method),
        previous=row.previous or None,
    )
    return row


def check_envelope(ref: str, *, pages: int, agrees: bool, scope: Scope, at: datetime) -> DispatchState:
    """The second person compared letter, envelope and verified address, and counted the pages.

    Raises:
        NotAllowedError: the same person filled the envelope.
        InputError: it is said to agree, and the pages do not.
    """
    with transaction.atomic():
        row = _lock(ref, scope)
        to = DispatchState.CHECKED if agrees else DispatchState.REJECTED
        move_dispatch(DispatchState(row.state), to)
        judge_check(
            enclosed_by=row.enclosed_by, checker=scope.actor, counted=pages, pages=_pages_of(row), agrees=agrees
        )
        row.state, row.checked_by, row.checked_at, row.pages = to, scope.actor, at, pages
        row.save(update_fields=["state", "checked_by", "checked_at", "pages"])
        if to is DispatchState.REJECTED:  # the letter waits for another envelope, also one that came back before
            row.request.letters.exclude(kind=PACK).filter(number=row.letter).update(enclosed=False)
        _write("dispatch.checked", row, scope, at, agrees=agrees, pages=pages)
    return to


def send(ref: str, *, sent_on: date, tracking: str, scope: Scope, at: datetime) -> None:
    """It was handed to the post, or to the person.

    Raises:
        InputError: a day that has not come, or a tracking number that does not fit the method.
    """
    number = re.sub(r"[\s‐-―－ー]+", "-", tracking.strip()).strip("-")
    if _TRACKING.fullmatch(number) is None:
        raise InputError(
            Text("引受番号の書き方が違います。", "That is no tracking number."),
            advice=Text("数字とハイフンで書いてください。", "Write digits and hyphens."),
        )
    with transaction.atomic():
        row = _lock(ref, scope)
        move_dispatch(DispatchState(row.state), DispatchState.SENT)
        judge_sending(DispatchMethod(row.method), number)
        _refuse_wrong_day(sent_on, at, since=row.enclosed_at)
        row.state, row.sent_on, row.sent_by, row.tracking = DispatchState.SENT, sent_on, scope.actor, number
        row.save(update_fields=["state", "sent_on", "sent_by", "tracking"])
        _write("dispatch.sent", row, scope, at, sent_on=sent_on)


def end_dispatch(
    ref: str, to: DispatchState, *, on: date, why: ReturnedWhy | None = None, scope: Scope, at: datetime
) -> None:
    """It arrived (`DELIVERED`), came back (`RETURNED`, with ``why``), or what came back is kept (`KEPT`)."""
    if to not in {DispatchState.DELIVERED, DispatchState.RETURNED, DispatchState.KEPT}:
        raise _no_end()
    if (to is DispatchState.RETURNED) != (why is not None):
        raise _no_end()
    with transaction.atomic():
        row = _lock(ref, scope)
        move_dispatch(DispatchState(row.state), to)
        if row.sent_on is not None and on < row.sent_on:
            raise _wrong_day()
        _refuse_wrong_day(on, at)
        row.state, row.ended_on = to, on
        if why is not None:
            row.returned_why = why
        row.save(update_fields=["state", "ended_on", "returned_why"])
        _write("dispatch.ended", row, scope, at, state=str(to), why=str(why) if why else None)


def _lock(ref: str, scope: Scope) -> Dispatch:
    """The envelope, its request locked first: one order for everybody."""
    mine = Dispatch.objects.filter(ref=ref, organisation__in=scope.organisations)
    number = mine.values_list("request__number", flat=True).first()
    if number is None:
        raise NotFoundError(
            Text("その封入の記録はありません。", "There is no such envelope."),
            advice=Text("請求の「回答と発送」で確かめてください。", "See “Answer and dispatch” of the request."),
        )
    lock_request(number, scope=scope)
    return Dispatch.objects.select_for_update().get(ref=ref)


def _pages_of(row: Dispatch) -> int:
    return IssuedLetter.objects.exclude(kind=PACK).get(request=row.request_id, number=row.letter).pages


def _write(event: str, row: Dispatch, scope: Scope, at: datetime, **facts: object) -> None:
    acts = Acts(actor=scope.actor, at=at)
    acts.add(event, organisation=row.organisation, dispatch=row.ref, **facts)
    acts.write()


def _refuse_wrong_day(on: date, at: datetime, *, since: datetime | None = None) -> None:
    if on > at.date() or (since is not None and on < since.astimezone(at.tzinfo).date()):
        raise _wrong_day()


def _wrong_day() -> InputError:
    return InputError(
        Text("日付が前後しています。", "The day does not fit."),
        advice=Text(
            "封入より後で、今日までの日を入れてください。",
            "Give a day after the envelope was filled, and not after today.",
        ),
    )


def _no_end() -> InputError:
    return InputError(
        Text("その結果は記録できません。", "That is no end of a dispatch."),
        advice=Text(
            "配達、返送（理由を添えて）、保管のどれかを選んでください。",
            "Choose delivered, returned with a reason, or kept.",
        ),
    )


def _no_letter() -> NotFoundError:
    return NotFoundError(
        Text("その書面は発行されていません。", "That letter was not issued."),
        advice=Text("「回答と発送」で書面を発行してください。", "Issue the letter first."),
    )
