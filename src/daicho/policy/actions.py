"""The only writer of drafts and revisions.

`apply_policy` keeps a file as the draft; `publish` freezes the draft as the next revision.
Each is one transaction with its trail entry, which is written last.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from daicho.people.queries import require_role
from daicho.people.rules import Role
from daicho.policy.check import check
from daicho.policy.language import Policy, read_policy
from daicho.policy.models import PolicyDraft, PolicyMember, PolicyRevision
from daicho.policy.queries import RevisionRef, find_head, get_revision
from daicho.policy.rules.revising import require_base, require_effective_day, require_new_content
from daicho.trail.actions import record
from daicho.words.errors import NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text

_TOKYO: Final = ZoneInfo("Asia/Tokyo")
#: Who may keep a draft, and who may freeze one.
DRAFTERS: Final = (Role.OFFICER, Role.SECRETARIAT)
PUBLISHERS: Final = (Role.OFFICER,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What `apply_policy` kept. ``changed`` is False when the draft already said the same.

    ``findings``: how many `check` reports by the law of that day; they do not hinder a draft.
    """

    organisation: str
    digest: str
    base: int | None
    findings: int
    changed: bool


def apply_policy(raw: bytes, path: str, *, scope: Scope, at: datetime, base: int | None = None) -> Applied:
    """Keep a policy file as the draft of its group, in place of an older draft.

    Args:
        raw: the file (UTF-8 YAML); ``path`` is its name in messages.
        scope: who acts; it must reach the group's parent.
        at: now.
        base: the revision the file was written from, instead of the file's own ``base``.

    Raises:
        DocumentError: the file is not a valid policy; every error with its position.
        InputError: it says what is already published.
        NotAllowedError: its base is not the newest revision, or the actor's role may not.
    """
    file = read_policy(raw, path=path)
    policy = file.policy
    organisation = policy.group.parent
    require_role(scope, organisation, DRAFTERS)
    digest = policy.digest
    findings = len(check(file, on=at.astimezone(_TOKYO).date()))
    with transaction.atomic():
        head = find_head(organisation)
        require_new_content(digest=digest, head=head)
        named = policy.base if base is None else base
        require_base(base=named, head=head)
        if PolicyDraft.objects.filter(organisation=organisation, digest=digest, base=named).exists():
            return Applied(organisation=organisation, digest=digest, base=named, findings=findings, changed=False)
        PolicyDraft.objects.update_or_create(
            organisation=organisation,
            defaults={
                "base": named,
                "digest": digest,
                "source": raw.decode("utf-8-sig"),
                "content": policy.content(),
                "drafted_by": scope.actor,
                "drafted_at": at,
            },
        )
        record("policy.drafted", actor=scope.actor, at=at, organisation=organisation, digest=digest, findings=findings)
    return Applied(organisation=organisation, digest=digest, base=named, findings=findings, changed=True)


def publish(organisation: str, *, effective_from: date, scope: Scope, at: datetime) -> RevisionRef:
    """Freeze the draft of a group as its next numbered revision.

    Args:
        organisation: the group's parent.
        effective_from: the first day it binds (Asia/Tokyo).
        scope: who acts.
        at: now.

    Raises:
        NotFoundError: there is no draft.
        NotAllowedError: another revision was published since the draft was made, or the actor's role may not.
        InputError: the day is past or not after the newest revision's.
    """
    require_role(scope, organisation, PUBLISHERS)
    with transaction.atomic():
        draft = PolicyDraft.objects.select_for_update().filter(organisation=organisation).first()
        if draft is None:
            raise NotFoundError(
                Text(f"{organisation} の方針の下書きがありません。", f"{organisation} has no draft of its policy."),
                advice=Text("先に daicho policy apply を行ってください。", "Run `daicho policy apply` first."),
            )
        head = find_head(organisation)
        require_base(base=draft.base, head=head)
        require_effective_day(effective_from=effective_from, today=at.astimezone(_TOKYO).date(), head=head)
        revision = PolicyRevision.objects.create(
            organisation=organisation,
            number=head.number + 1 if head else 1,
            digest=draft.digest,
            source=draft.source,
            content=draft.content,
            effective_from=effective_from,
            published_by=scope.actor,
            published_at=at,
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
        )
    return get_revision(organisation, revision.number)
