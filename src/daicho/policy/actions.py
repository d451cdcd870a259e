"""The only writer of drafts and revisions.

`apply_policy` keeps a file as the draft; `submit`, `approve` and `send_back` move it between people;
`publish` freezes it as the next revision. Each is one transaction with its trail entry, which is
written last. A draft moves by compare-and-swap on its state and digest, so nobody approves or
publishes another text than the one they looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from daicho.people.queries import require_role
from daicho.people.rules import Role
from daicho.policy.check import check
from daicho.policy.language import Policy, read_policy
from daicho.policy.models import PolicyDraft, PolicyMember, PolicyRevision
from daicho.policy.queries import RevisionRef, find_head, get_revision, text_digest
from daicho.policy.rules.approval import DraftState, Step, approver_of, next_state, require_other_person
from daicho.policy.rules.revising import Head, require_base, require_effective_day, require_new_content, require_seen
from daicho.trail.actions import record
from daicho.words.errors import NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text

_TOKYO: Final = ZoneInfo("Asia/Tokyo")
#: Who may keep a draft, and who may approve and freeze one.
DRAFTERS: Final = (Role.OFFICER, Role.SECRETARIAT)
PUBLISHERS: Final = (Role.OFFICER,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What `apply_policy` kept. ``changed`` is False when the draft already said the same, to the letter.

    ``findings``: how many `check` reports by the law of that day; they do not hinder a draft.
    """

    organisation: str
    digest: str
    base: int | None
    findings: int
    changed: bool


def apply_policy(
    raw: bytes,
    path: str,
    *,
    scope: Scope,
    at: datetime,
    base: int | None = None,
    seen: str | None = None,
    organisation: str | None = None,
) -> Applied:
    """Keep a policy file as the draft of its group, in place of an older draft.

    Args:
        raw: the file (UTF-8 YAML); ``path`` is its name in messages.
        scope: who acts; it must reach the group's parent.
        at: now.
        base: the revision the file was written from, instead of the file's own ``base``.
        seen: `text_digest` of the text that was opened for editing; without it, an older draft is replaced unseen.
        organisation: the group it must be the policy of; without it, the one it names.

    Raises:
        DocumentError: the file is not a valid policy; every error with its position.
        InputError: it says what is already published, or is another group's.
        NotAllowedError: its base is not the newest revision, or the actor's role may not.
        StaleTextError: somebody else saved another text since ``seen``.
    """
    file = read_policy(raw, path=path)
    policy = file.policy
    parent = policy.group.parent
    if organisation is not None and organisation != parent:
        raise _another_group(parent, organisation)
    require_role(scope, parent, DRAFTERS)
    digest, source = policy.digest, raw.decode("utf-8-sig")
    findings = len(check(file, on=at.astimezone(_TOKYO).date()))
    with transaction.atomic():
        head = find_head(parent)
        named = policy.base if base is None else base
        draft = PolicyDraft.objects.select_for_update().filter(organisation=parent).first()
        if seen is not None:
            require_seen(seen=seen, now=text_digest(draft.source if draft else _head_source(parent, head)))
        require_new_content(digest=digest, head=head)
        require_base(base=named, head=head)
        applied = Applied(organisation=parent, digest=digest, base=named, findings=findings, changed=True)
        if draft is not None and (draft.source, draft.base) == (source, named):
            return Applied(organisation=parent, digest=digest, base=named, findings=findings, changed=False)
        authors = {*draft.authors, draft.drafted_by} if draft is not None and draft.base == named else set()
        PolicyDraft.objects.update_or_create(
            organisation=parent,
            defaults={
                "base": named,
                "digest": digest,
                "source": source,
                "content": policy.content(),
                "drafted_by": scope.actor,
                "drafted_at": at,
                "authors": sorted({*authors, scope.actor}),
                **_NOT_SUBMITTED,
            },
        )
        record("policy.drafted", actor=scope.actor, at=at, organisation=parent, digest=digest, findings=findings)
    return applied


def submit(organisation: str, *, digest: str | None = None, scope: Scope, at: datetime) -> None:
    """Ask for the approval of the draft of a group.

    Args:
        organisation: the group's parent.
        digest: of the draft that was looked at; without it, the one there is.
        scope: who acts.
        at: now.

    Raises:
        NotFoundError: there is no draft.
        NotAllowedError: it is not a draft to be submitted, was changed meanwhile, or the role may not.
    """
    require_role(scope, organisation, DRAFTERS)
    with transaction.atomic():
        draft = _draft_of(organisation, digest)
        _move(draft, Step.SUBMIT, {"submitted_by": scope.actor, "submitted_at": at, "remark": ""})
        record("policy.submitted", actor=scope.actor, at=at, organisation=organisation, digest=draft.digest)


def approve(organisation: str, *, digest: str | None = None, scope: Scope, at: datetime) -> None:
    """Approve a submitted draft as a second person; arguments and errors as `submit`'s."""
    require_role(scope, organisation, PUBLISHERS)
    with transaction.atomic():
        draft = _draft_of(organisation, digest)
        require_other_person(actor=scope.actor, authors=_authors(draft))
        _move(draft, Step.APPROVE, {"approved_by": scope.actor, "approved_at": at})
        record("policy.approved", actor=scope.actor, at=at, organisation=organisation, digest=draft.digest)


def send_back(organisation: str, *, remark: str = "", digest: str | None = None, scope: Scope, at: datetime) -> None:
    """Give a submitted or approved draft back to its authors, with what is to be changed."""
    require_role(scope, organisation, DRAFTERS)
    with transaction.atomic():
        draft = _draft_of(organisation, digest)
        _move(draft, Step.SEND_BACK, {**_NOT_SUBMITTED, "remark": remark.strip()})
        record("policy.sent_back", actor=scope.actor, at=at, organisation=organisation, digest=draft.digest)


def discard(organisation: str, *, digest: str | None = None, scope: Scope, at: datetime) -> None:
    """Throw the draft of a group away; what is published stays."""
    require_role(scope, organisation, DRAFTERS)
    with transaction.atomic():
        draft = _draft_of(organisation, digest)
        digest = draft.digest
        draft.delete()
        record("policy.discarded", actor=scope.actor, at=at, organisation=organisation, digest=digest)


def publish(
    organisation: str, *, effective_from: date, digest: str | None = None, scope: Scope, at: datetime
) -> RevisionRef:
    """Freeze the draft of a group as its next numbered revision.

    An officer who did not write it approves it by publishing it; the author alone may publish a first
    revision only (`rules.approval.approver_of`).

    Args:
        organisation: the group's parent.
        effective_from: the first day it binds (Asia/Tokyo).
        digest: of the draft that was looked at; without it, the one there is.
        scope: who acts.
        at: now.

    Raises:
        NotFoundError: there is no draft.
        NotAllowedError: another revision was published since the draft was made, nobody else approved it, or the
            actor's role may not.
        InputError: the day is past or not after the newest revision's.
    """
    require_role(scope, organisation, PUBLISHERS)
    with transaction.atomic():
        draft = _draft_of(organisation, digest)
        head = find_head(organisation)
        require_base(base=draft.base, head=head)
        require_effective_day(effective_from=effective_from, today=at.astimezone(_TOKYO).date(), head=head)
        approved_by = approver_of(
            approved_by=draft.approved_by, publisher=scope.actor, authors=_authors(draft), first=head is None
        )
        revision = PolicyRevision.objects.create(
            organisation=organisation,
            number=head.number + 1 if head else 1,
            digest=draft.digest,
            source=draft.source,
            content=draft.content,
            effective_from=effective_from,
            published_by=scope.actor,
            published_at=at,
            drafted_by=draft.drafted_by,
            approved_by=approved_by,
        )
        members = Policy.model_validate_json(draft.content).organisations
        PolicyMember.objects.bulk_create(
            PolicyMember(revision=revision, organisation=member.code) for member in members
        )
        draft.delete()
        record(
            "policy.published",
            actor=scope.actor,
            at=at,
            organisation=organisation,
            revision=revision.number,
            digest=revision.digest,
            effective_from=effective_from,
            drafted_by=revision.drafted_by,
            approved_by=approved_by or None,
        )
    return get_revision(organisation, revision.number)


_NOT_SUBMITTED: Final[Mapping[str, Any]] = {
    "state": DraftState.WRITTEN,
    "submitted_by": "",
    "submitted_at": None,
    "approved_by": "",
    "approved_at": None,
    "remark": "",
}


def _draft_of(organisation: str, digest: str | None) -> PolicyDraft:
    draft = PolicyDraft.objects.select_for_update().filter(organisation=organisation).first()
    if draft is None:
        raise NotFoundError(
            Text(f"{organisation} の方針の下書きがありません。", f"{organisation} has no draft of its policy."),
            advice=Text(
                "先に方針を編集して、下書きを保存してください。",
                "Edit the policy and save a draft first.",
            ),
        )
    if digest is not None and draft.digest != digest:
        raise _changed()
    return draft


def _move(draft: PolicyDraft, step: Step, facts: Mapping[str, Any]) -> None:
    state = DraftState(draft.state)
    changes = {**facts, "state": next_state(state, step)}
    if PolicyDraft.objects.filter(pk=draft.pk, state=state, digest=draft.digest).update(**changes) != 1:
        raise _changed()


def _authors(draft: PolicyDraft) -> set[str]:
    return {*draft.authors, draft.drafted_by, draft.submitted_by} - {""}


def _head_source(organisation: str, head: Head | None) -> str:
    return get_revision(organisation, head.number).source if head else ""


def _changed() -> NotAllowedError:
    return NotAllowedError(
        Text("見ている間に下書きが変わりました。", "The draft was changed while you looked at it."),
        advice=Text(
            "今の下書きを読んでから、もう一度行ってください。", "Read the draft as it is now, then do it again."
        ),
    )


def _another_group(parent: str, organisation: str) -> NotAllowedError:
    return NotAllowedError(
        Text(f"この文書は {parent} の方針です。", f"This document is the policy of {parent}."),
        advice=Text(
            f"group.parent を {organisation} にするか、{parent} の方針として編集してください。",
            f"Write group.parent: {organisation}, or edit it as the policy of {parent}.",
        ),
    )
