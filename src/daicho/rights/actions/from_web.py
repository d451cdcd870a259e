"""ウェブ窓口: what the person does at the web door, and what is handed over there.

Nobody is signed in there, so no role is asked: a request may come in because the policy in force
publishes the way, and it is followed and withdrawn by whoever holds its link and code
(`daicho.portal`). The mailbox that the link proved is no proof of identity: the desk checks the papers
as it does those of an envelope.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from daicho.keys.queries import ring as open_ring
from daicho.policy.language import Arrival, Policy, ReplyBy
from daicho.rights.actions.answering import data_again
from daicho.rights.actions.dispatching import note_download
from daicho.rights.actions.issuing import PACK, OutFile, open_letter
from daicho.rights.actions.receiving import prepare, revisions_on, withdraw_locked, write
from daicho.rights.actions.recording import PaperIntake, add_documents
from daicho.rights.intake import Intake
from daicho.rights.mailboxes import TypedMailbox, typed_mailbox
from daicho.rights.models import SubjectRequest
from daicho.rights.reading import lock_request, not_found, refuse_ended, require_desk_everywhere
from daicho.rights.rules import DocumentKind
from daicho.trail.acts import Acts
from daicho.words.errors import NotAllowedError
from daicho.words.scope import Scope
from daicho.words.text import Text

#: Who acts where the person does.
PERSON_AT_THE_DOOR: Final = "system:web"


def open_from_web(intake: Intake, *, at: datetime, acts: Acts) -> str:
    """Register a request that came by the web door; inside the caller's transaction. Returns its number.

    The form itself has come with it; identity papers are recorded by whoever receives their scans.

    Raises:
        NotAllowedError: the policy in force publishes no such way, kind or method of answering.
    """
    organisation = intake.addressed[0]
    policy = revisions_on(organisation, {at.date()})[at.date()].policy
    _require_published(intake, policy)
    scope = Scope(actor=PERSON_AT_THE_DOOR, organisations=frozenset(intake.addressed))
    dated = intake.model_copy(update={"arrived_on": at.date(), "channel": Arrival.WEB})
    (prepared,) = prepare([dated], scope=scope, at=at, ring=open_ring())
    request = prepared.request
    request.assigned_to = ""  # nobody of the house has taken it yet
    write([prepared])
    acts.add(
        "request.opened",
        organisation=request.organisation,
        request=request.number,
        person=request.person,
        channel=request.channel,
        requester=request.requester,
        claims=len(intake.claims),
    )
    add_documents(request, [PaperIntake(kind=DocumentKind.FORM, place="web")], at=at, acts=acts)
    return request.number


def _require_published(intake: Intake, policy: Policy) -> None:
    kinds = {claim.kind for claim in intake.claims}
    by_agent = policy.agent_documents(intake.requester) is None and intake.agent is not None
    if (
        Arrival.WEB not in policy.channels
        or not kinds <= set(policy.request_kinds)
        or intake.reply.method not in policy.reply_methods
        or by_agent
    ):
        raise NotAllowedError(
            Text(
                "施行中の方針では、この請求をウェブで受け付けていません。",
                "The policy in force does not take this request by web.",
            ),
            advice=Text("公表している方法（郵送など）でご請求ください。", "Please ask in one of the published ways."),
        )


def withdraw_from_web(number: str, *, at: datetime, acts: Acts) -> None:
    """The person takes the request back; inside the caller's transaction. Raises as `withdraw_request`."""
    withdraw_locked(_locked(number), at=at, acts=acts)


def record_web_papers(number: str, papers: Sequence[PaperIntake], *, most: int, at: datetime, acts: Acts) -> list[str]:
    """Record papers whose scans came by the web door; inside the caller's transaction.

    Raises:
        NotAllowedError: the request has ended, or more than ``most`` papers would have come that way.
    """
    request = _locked(number)
    refuse_ended(request)
    refuse_too_many(came_by_web(request) + len(papers), most)
    return add_documents(request, papers, at=at, acts=acts)


def refuse_too_many(papers: int, most: int) -> None:
    """Raises NotAllowedError when so many papers are more than ``most``."""
    if papers > most:
        raise NotAllowedError(
            Text(f"ウェブで送れる書類は {most} 点までです。", f"{most} papers at most can be sent by web."),
            advice=Text("残りは郵送してください。", "Please post the rest."),
        )


def came_by_web(request: SubjectRequest) -> int:
    """How many papers of a request came by the web door; the form itself is none."""
    rows = request.documents.filter(recorded_by=PERSON_AT_THE_DOOR)
    return rows.exclude(kind=DocumentKind.FORM).count()


def _locked(number: str) -> SubjectRequest:
    request = SubjectRequest.objects.select_for_update().filter(number=number).first()
    if request is None:
        raise not_found(number)
    return request


# ── handing over an answer ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFiles:
    """The answer of a request as it was issued, and where its form says mail goes, by whose word."""

    organisation: str
    language: str
    files: Sequence[OutFile]
    typed: TypedMailbox


def take_answer(number: str, *, scope: Scope, at: datetime, folder: Path, acts: Acts) -> AnswerFiles:
    """The issued letters and data of a request, for handing them over electronically; in the caller's transaction.

    The letters count as sent.

    Raises:
        NotAllowedError: the person asked for paper, or no answer was issued yet.
    """
    request = lock_request(number, scope=scope)
    require_desk_everywhere([request], scope=scope)
    if request.method != ReplyBy.ELECTRONIC:
        raise NotAllowedError(
            Text("この請求は書面での回答を選んでいます。", "This request chose an answer on paper."),
            advice=Text("回答は郵送してください。", "Post the answer."),
        )
    rows = request.letters.exclude(kind=PACK).exclude(claim="").order_by("pk")
    letters = [open_letter(row, request, folder=folder) for row in rows]
    if not letters:
        raise NotAllowedError(
            Text("まだ回答を発行していません。", "No answer has been issued yet."),
            advice=Text("先に回答を発行してください。", "Issue the answer first."),
        )
    data = data_again(request, scope=scope, at=at, folder=folder)
    given = len(letters) + len(data)
    acts.add("request.handed_out_again", organisation=request.organisation, request=number, files=given)
    note_download(request, [row.number for row in rows], at=at, acts=acts)
    return AnswerFiles(
        organisation=request.organisation,
        language=request.language,
        files=[*letters, *data],
        typed=typed_mailbox(request),
    )
