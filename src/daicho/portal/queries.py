"""What the pages of the web door, and the desk, may ask about drafts, links and offered answers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from daicho.keys.queries import ring
from daicho.law.kinds import Requester
from daicho.law.papers import IdDocument
from daicho.people.queries import require_reader
from daicho.policy.queries import policy_in_force
from daicho.portal.actions.passes import mailbox_of, passes_of
from daicho.portal.errors import draft_gone
from daicho.portal.models import Draft, Pass
from daicho.portal.rules import DraftState, PassKind, WantedGroup, find_wanted, wanted_papers
from daicho.portal.words import FILE_WORDS
from daicho.rights.access import DESK
from daicho.rights.mailboxes import find_typed_mailbox
from daicho.rights.queries import organisation_of
from daicho.rights.told import Told, tell
from daicho.words.personal import Personal
from daicho.words.scope import Scope
from daicho.words.text import Text
from daicho.work.rules import masked


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft as its own pages show it."""

    ref: str
    organisation: str
    requester: Requester
    kinds: tuple[str, ...]
    complete: bool
    expires_at: datetime
    papers: Sequence["PaperView"]
    groups: Sequence[WantedGroup]

    @property
    def still_needed(self) -> list[Text]:
        """Of the published list what has not been shown: each paper where all are needed, else the heading of a choice."""
        found: list[Text] = []
        for group in self.groups:
            left = group.missing(self._shown)
            found += [group.heading] if left and group.needed else [paper.name for paper in left]
        return found

    @property
    def next_paper(self) -> str:
        """The code of the paper to show next; empty once they suffice."""
        return next((paper.code for group in self.groups for paper in group.missing(self._shown)), "")

    @property
    def takes_number_card(self) -> bool:
        """Whether the published list names the 個人番号カード, of which the back is never sent."""
        return any(paper.paper == IdDocument.MY_NUMBER_CARD for group in self.groups for paper in group.papers)

    @property
    def _shown(self) -> set[str]:
        return {paper.code for paper in self.papers}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperView:
    """A paper that was shown."""

    ref: str
    code: str
    name: Text
    pages: int


def get_draft(ref: str, *, at: datetime) -> DraftView:
    """A draft that is being written.

    Raises:
        NotAllowedError: it is submitted, erased or expired.
    """
    row = _draft(ref, at=at)
    groups = wanted_of(row, on=at.date())
    papers = []
    for one in row.papers.order_by("pk"):
        code = f"{one.kind}:{one.of}:{one.paper}"
        wanted = find_wanted(groups, code)
        papers.append(
            PaperView(
                ref=one.ref, code=code, name=wanted.name if wanted else Text(one.paper, one.paper), pages=one.pages
            )
        )
    return DraftView(
        ref=row.ref,
        organisation=row.organisation,
        requester=Requester(row.requester),
        kinds=tuple(row.kinds),
        complete=row.complete,
        expires_at=row.expires_at,
        papers=papers,
        groups=groups,
    )


def draft_content(ref: str, *, at: datetime) -> Personal[Mapping[str, Any]]:
    """The form as it was last saved; empty before the first time."""
    row = _draft(ref, at=at)
    if not row.sealed:
        return Personal({}, "form")
    return Personal(json.loads(ring().unseal(bytes(row.sealed), bound_to=f"draft:{ref}")), "form")


def draft_mailbox(ref: str, *, at: datetime) -> Personal[str]:
    """The mailbox that was proven."""
    row = _draft(ref, at=at)
    return Personal(ring().unseal(bytes(row.mailbox), bound_to=f"draft:{ref}/mailbox").decode(), "email")


def wanted_of(draft: Draft, *, on: Any) -> list[WantedGroup]:
    """What the policy in force asks of this draft's requester."""
    return wanted_papers(policy_in_force(draft.organisation, on), Requester(draft.requester), on=on)


def _draft(ref: str, *, at: datetime) -> Draft:
    row = Draft.objects.filter(ref=ref, state=DraftState.PROVEN, expires_at__gt=at).first()
    if row is None:
        raise draft_gone()
    return row


# ── offered answers ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedFileView:
    """A file of an answer."""

    ref: str
    title: str
    size: int
    downloads: int

    @property
    def label(self) -> Text:
        """What it is, for the person."""
        return FILE_WORDS.get(self.title.rpartition(".")[2], Text("ファイル", "File"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """An answer offered for download; ``open`` until it expires or is ended."""

    ref: str
    request: str
    made_at: datetime
    expires_at: datetime
    open: bool
    entered: bool
    files: Sequence[OfferedFileView]


def list_offers(number: str, *, scope: Scope, at: datetime) -> Sequence[OfferView]:
    """The offers of a request, newest first.

    Raises:
        NotFoundError, NotAllowedError: the request is foreign, or nothing for this account.
    """
    require_reader(scope, organisation_of(number, scope=scope), DESK)
    rows = Pass.objects.filter(kind=PassKind.ANSWER, about=number).prefetch_related("files").order_by("-pk")
    return [_offer(row, at=at) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTarget:
    """Where an answer would go: ``mailbox`` masked, empty when there is none.

    ``proven``: by the web door, so that it need not be compared. ``mine``: the caller took the request in or put it right, and may
    not offer to a mailbox that is not proven.
    """

    mailbox: str
    proven: bool
    mine: bool


def find_target(number: str, *, scope: Scope) -> OfferTarget:
    """Where the answer of a request would be offered. Raises as `list_offers`."""
    require_reader(scope, organisation_of(number, scope=scope), DESK)
    typed, proven = find_typed_mailbox(number, scope=scope), find_proven(number)
    address = mailbox_of(proven) if proven is not None else typed.address
    return OfferTarget(
        mailbox=masked(address.reveal(purpose="shown masked")) if address else "",
        proven=proven is not None,
        mine=proven is None and scope.actor in typed.typed_by,
    )


def find_proven(number: str) -> Pass | None:
    """The latest open link of the web door to a request; its mailbox is proven."""
    rows = Pass.objects.filter(kind=PassKind.STATUS, about=number, ended_at=None).exclude(mailbox=b"")
    return rows.order_by("-pk").first()


def files_of_pass(ref: str, *, at: datetime) -> OfferView:
    """The answer behind a link that the code was given for."""
    return _offer(Pass.objects.prefetch_related("files").get(ref=ref), at=at)


def _offer(row: Pass, *, at: datetime) -> OfferView:
    return OfferView(
        ref=row.ref,
        request=row.about,
        made_at=row.made_at,
        expires_at=row.expires_at,
        open=row.ended_at is None and row.expires_at > at,
        entered=row.used_at is not None,
        files=[
            OfferedFileView(ref=one.ref, title=one.title, size=one.size, downloads=one.downloads)
            for one in sorted(row.files.all(), key=lambda one: one.pk)
        ],
    )


def tell_followed(row: Pass, *, on: date) -> Told:
    """Where the request of a link stands; of one that was merged, where the other one does.

    That is told only if a link to the other one was mailed to the same mailbox, too: what was merged was not
    always asked for by the person.
    """
    told = tell(row.about, on=on)
    mine = {one.about for one in passes_of(mailbox_of(row), PassKind.STATUS)} if told.merged_into else set()
    seen = {told.number, ""}
    while told.merged_into in mine - seen:
        told = tell(told.merged_into, on=on)
        seen.add(told.number)
    return told


def answers_waiting(number: str, *, at: datetime) -> bool:
    """Whether an answer to a request can be downloaded now."""
    return Pass.objects.filter(kind=PassKind.ANSWER, about=number, ended_at=None, expires_at__gt=at).exists()
