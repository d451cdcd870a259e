"""Answers offered for download, and the outbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from django.conf import settings
from pydantic import Field

from daicho.api.gate import ApiRequest
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import Done, Ref, Said, Told
from daicho.policy.queries import policy_in_force
from daicho.portal import queries
from daicho.portal.access import outboxes, tended_outboxes
from daicho.portal.actions import offering
from daicho.portal.courtesy import sender_of
from daicho.portal.queries import OfferTarget, OfferView
from daicho.portal.rules import MAX_OFFER_DAYS, OFFER_DAYS
from daicho.rights.queries import get_request
from daicho.rights.told import tell
from daicho.trail.actions import record
from daicho.words.text import Language, Text
from daicho.work.actions import retry_mail as retry
from daicho.work.mail import ring_bell
from daicho.work.queries import MailView
from daicho.work.queries import list_mails as find_mails
from daicho.work.rules import MailState, Trouble

router = Routes(Text("電磁的な提供とメール", "Offers and mail"))


class OfferSaid(Said):
    """For how long; ``seen``: the masked mailbox, once it was compared with the form (`OfferTargetTold`)."""

    days: Annotated[int, Field(ge=1, le=MAX_OFFER_DAYS)] = OFFER_DAYS
    seen: Annotated[str, Field(max_length=300)] = ""


class OfferTargetTold(Told):
    """Where an answer would go, masked.

    A mailbox that is not ``proven`` was typed from a form: it is compared and sent back as ``seen``, by another
    account than the one that took the request in (``mine``).
    """

    mailbox: str
    proven: bool
    mine: bool


class OfferedFileTold(Told):
    """A file of an offered answer."""

    ref: str
    title: str
    size: int
    downloads: int


class OfferTold(Told):
    """An answer offered for download."""

    ref: str
    request: str
    made_at: datetime
    expires_at: datetime
    open: bool
    files: Sequence[OfferedFileTold]


class MailTold(Told):
    """A mail; ``to`` is masked, and empty once it was sent."""

    ref: str
    organisation: str
    kind: str
    about: str
    to: str
    state: MailState
    attempts: int
    next_try_at: datetime
    trouble: Trouble | None
    queued_at: datetime
    sent_at: datetime | None


@router.get(
    "/requests/{number}/offers",
    needs=TokenScope.REQUESTS_READ,
    says=Text("ダウンロード提供の一覧", "List the offers of an answer for download"),
    response=list[OfferTold],
)
def list_offers(request: ApiRequest, number: Ref) -> Sequence[OfferView]:
    """Newest first, with what was fetched."""
    number = _number(request, number)
    return queries.list_offers(number, scope=request.door.scope, at=request.door.at)


@router.get(
    "/requests/{number}/offers/mailbox",
    needs=TokenScope.REQUESTS_READ,
    says=Text("回答の宛先を確かめる（伏せ字）", "See where an answer would be mailed, masked"),
    response=OfferTargetTold,
)
def show_offer_mailbox(request: ApiRequest, number: Ref) -> OfferTarget:
    """And whether the person proved it."""
    return queries.find_target(_number(request, number), scope=request.door.scope)


@router.post(
    "/requests/{number}/offers",
    needs=TokenScope.REQUESTS_DECIDE,
    says=Text("発行した回答をダウンロードで渡す", "Offer the issued answer for download"),
    response={201: Done},
    together=False,
)
def offer_answer(request: ApiRequest, number: Ref, body: OfferSaid) -> Done:
    """The link is mailed to the mailbox that was proven, else to the one that was compared; an earlier offer ends."""
    door, number = request.door, _number(request, number)
    told = tell(number, on=door.today)
    sender = sender_of(
        policy_in_force(told.organisation, door.today),
        told.organisation,
        language=Language(told.language),
        address=settings.WORKSPACE.address or request.build_absolute_uri("/"),
    )
    ref = offering.offer_download(
        number, sender, days=body.days, seen=body.seen, scope=door.scope, at=door.at, folder=door.folder
    )
    return Done(ref=ref, state="offered", count=body.days)


@router.post(
    "/requests/{number}/offers/ending",
    needs=TokenScope.REQUESTS_DECIDE,
    says=Text("ダウンロード提供を終える", "Take an offer back"),
    response=Done,
    together=False,
)
def end_offer(request: ApiRequest, number: Ref) -> Done:
    """Its files are erased; harmless when there is none."""
    door, number = request.door, _number(request, number)
    offering.end_offer(number, scope=door.scope, at=door.at, folder=door.folder)
    return Done(ref=number, state="ended")


def _number(request: ApiRequest, number: str) -> str:
    """The request's own number, of one within reach."""
    return get_request(number, scope=request.door.scope, on=request.door.today).number


@router.get(
    "/mails",
    needs=TokenScope.MAILS_READ,
    says=Text("発信箱の一覧", "List outgoing mail"),
    response=list[MailTold],
)
def list_mails(
    request: ApiRequest, state: MailState | None = None, page: Annotated[int, Field(ge=1, le=100_000)] = 1
) -> Sequence[MailView]:
    """Newest first, a hundred a page; without text, addresses masked."""
    return find_mails(outboxes(request.door.scope), state=state, limit=100, offset=(page - 1) * 100)


@router.post(
    "/mails/{ref}/retry",
    needs=TokenScope.MAILS_WRITE,
    says=Text("届かなかったメールを送り直す", "Send a dead mail on its way again"),
    response=Done,
)
def retry_mail(request: ApiRequest, ref: Ref) -> Done:
    """After what hindered it was put right."""
    door = request.door
    retry(ref, organisations=tended_outboxes(door.scope), actor=door.scope.actor, record=record, at=door.at)
    ring_bell()
    return Done(ref=ref, state=str(MailState.WAITING))
