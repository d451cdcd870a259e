"""What other rooms read: the policy of a day, and the revisions.

A policy is public, so reading the one in force asks for no scope; drafts do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256

from daicho.policy.language import Policy
from daicho.policy.models import PolicyDraft, PolicyMember, PolicyRevision
from daicho.policy.rules.approval import DraftState
from daicho.policy.rules.revising import Head
from daicho.words.errors import NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRef:
    """A frozen revision; ``organisation`` is the group's parent. A claim keeps number and digest."""

    organisation: str
    number: int
    digest: str
    effective_from: date
    published_at: datetime
    published_by: str
    drafted_by: str
    approved_by: str

    @property
    def policy(self) -> Policy:
        """What the revision says."""
        return _policy(self.digest)

    @property
    def source(self) -> str:
        """The YAML as it was applied."""
        return PolicyRevision.objects.get(organisation=self.organisation, number=self.number).source


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRef:
    """The draft waiting to be published; ``base`` is the revision it was written from."""

    organisation: str
    base: int | None
    digest: str
    drafted_at: datetime
    drafted_by: str
    source: str
    state: DraftState
    authors: tuple[str, ...]
    submitted_by: str
    submitted_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    remark: str


class NoPolicyError(NotFoundError):
    """No policy binds a company on that day; nothing that follows from one can begin."""

    code = "no-policy"


def policy_in_force(organisation: str, on: date) -> Policy:
    """The policy that binds ``organisation`` (the parent or any member of its group) on a day.

    Raises:
        NoPolicyError: no revision had taken effect by then.
    """
    return revision_at(organisation, on).policy


def revision_at(organisation: str, on: date) -> RevisionRef:
    """The revision that binds ``organisation`` on a day; `NoPolicyError` before the first."""
    found = find_revision_at(organisation, on)
    if found is None:
        raise NoPolicyError(
            Text(
                f"{on} に施行されている {organisation} の方針がありません。",
                f"No policy of {organisation} is in force on {on}.",
            ),
            advice=Text(
                "「方針」で方針を作って公表すると、始められます。",
                "It can begin once a policy is written and published under “Policy”.",
            ),
        )
    return found


def find_revision_at(organisation: str, on: date) -> RevisionRef | None:
    """The revision that binds ``organisation`` on a day, or None."""
    row = (
        PolicyRevision.objects.filter(members__organisation=organisation, effective_from__lte=on)
        .defer("source", "content")
        .order_by("-effective_from")
        .first()
    )
    return None if row is None else _ref(row)


def company_names(*, on: date) -> Mapping[str, Text]:
    """Code → name of every company that a policy in force on that day names; one statement."""
    in_force = dict(
        PolicyMember.objects.filter(revision__effective_from__lte=on)
        .order_by("revision__effective_from")
        .values_list("organisation", "revision__digest")
    )
    return {
        code: one.name
        for code, digest in in_force.items()
        for one in get_policy(digest).organisations
        if one.code == code
    }


def get_revision(organisation: str, number: int) -> RevisionRef:
    """A revision by its number; ``organisation`` may be any member of the group."""
    row = (
        PolicyRevision.objects.filter(members__organisation=organisation, number=number)
        .defer("source", "content")
        .order_by("-effective_from")
        .first()
    )
    if row is None:
        raise NotFoundError(
            Text(
                f"{organisation} の方針に第{number}版はありません。", f"{organisation} has no policy revision {number}."
            ),
            advice=Text("版の一覧で番号を確かめてください。", "See the numbers in the list of revisions."),
        )
    return _ref(row)


def list_revisions(organisation: str) -> Sequence[RevisionRef]:
    """The revisions that speak for ``organisation``, oldest first."""
    rows = PolicyRevision.objects.filter(members__organisation=organisation).defer("source", "content")
    return [_ref(row) for row in rows.order_by("effective_from")]


def find_draft(organisation: str, *, scope: Scope) -> DraftRef | None:
    """The draft of a group, by its parent's code."""
    scope.require(organisation)
    return next((draft for draft in list_drafts(scope=scope) if draft.organisation == organisation), None)


def list_drafts(*, scope: Scope) -> Sequence[DraftRef]:
    """The drafts within reach."""
    rows = PolicyDraft.objects.filter(organisation__in=scope.organisations).order_by("organisation")
    return [_draft(row) for row in rows]


def _draft(row: PolicyDraft) -> DraftRef:
    return DraftRef(
        organisation=row.organisation,
        base=row.base,
        digest=row.digest,
        drafted_at=row.drafted_at,
        drafted_by=row.drafted_by,
        source=row.source,
        state=DraftState(row.state),
        authors=tuple(sorted({*row.authors, row.drafted_by, row.submitted_by} - {""})),
        submitted_by=row.submitted_by,
        submitted_at=row.submitted_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        remark=row.remark,
    )


def find_head(organisation: str) -> Head | None:
    """The newest revision of a group, by its parent's code, whether or not its day has come."""
    row = (
        PolicyRevision.objects.filter(organisation=organisation).defer("source", "content").order_by("-number").first()
    )
    if row is None:
        return None
    return Head(number=row.number, digest=row.digest, effective_from=row.effective_from)


def list_parents(organisations: Iterable[str] | None = None) -> Sequence[str]:
    """The groups that publish a policy, by their parents' codes; those that speak for one of ``organisations``."""
    rows = PolicyRevision.objects.order_by("organisation")
    if organisations is not None:
        rows = rows.filter(members__organisation__in=set(organisations))
    return list(rows.values_list("organisation", flat=True).distinct())


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenText:
    """The text an editor opens: the draft, else the newest revision, else nothing. ``base`` as a draft of it has it."""

    organisation: str
    source: str
    base: int | None
    draft: DraftRef | None
    head: Head | None

    @property
    def slug(self) -> str:
        """``draft`` or the revision's number; empty for nothing."""
        return "draft" if self.draft else str(self.head.number) if self.head else ""

    @property
    def seen(self) -> str:
        """What `apply_policy` compares to know that nobody saved another text meanwhile."""
        return text_digest(self.source)


def open_text(organisation: str, *, scope: Scope) -> OpenText:
    """The text of a group to be edited, by its parent's code.

    A draft of an older base than the newest revision keeps its base, so that it is refused, not published.
    """
    draft = find_draft(organisation, scope=scope)
    head = find_head(organisation)
    base = None if head is None else head.number
    source = get_revision(organisation, head.number).source if head else ""
    return OpenText(
        organisation=organisation,
        source=draft.source if draft else source,
        base=draft.base if draft else base,
        draft=draft,
        head=head,
    )


def text_digest(source: str) -> str:
    """SHA-256 (hex) of a text as it stands, comments and all: says which text somebody opened."""
    return sha256(source.encode()).hexdigest()


def get_policy(digest: str) -> Policy:
    """The policy frozen under this digest; what a claim was judged by stays readable for ever."""
    return _policy(digest)


@lru_cache(maxsize=64)
def _policy(digest: str) -> Policy:
    """Frozen content by its digest: built once per process, since a revision never changes."""
    content = PolicyRevision.objects.filter(digest=digest).values_list("content", flat=True)[0]
    return Policy.model_validate_json(content)


def _ref(row: PolicyRevision) -> RevisionRef:
    return RevisionRef(
        organisation=row.organisation,
        number=row.number,
        digest=row.digest,
        effective_from=row.effective_from,
        published_at=row.published_at,
        published_by=row.published_by,
        drafted_by=row.drafted_by,
        approved_by=row.approved_by,
    )
