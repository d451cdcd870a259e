"""The only writer of the chain and its checkpoints.

What one transaction holds: the act itself, its entries, and the new head of the chain. The head's
row is locked last, after every other lock of the act, so that acts queue for it and never wait in a
circle; it is held until the act commits. Writers therefore follow one another and no two entries can
continue the same one. On SQLite an immediate transaction is that lock. If a process dies, the
database undoes act, entries and head together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from daicho.keys.queries import public_keys, signer
from daicho.trail import chain
from daicho.trail.anchors import append_anchors, last_anchored
from daicho.trail.errors import TrailDamagedError
from daicho.trail.events import EVERYWHERE, get_event, require_author
from daicho.trail.head import Draft, Head, append, lock_head, move
from daicho.trail.models import Checkpoint, TrailEntry
from daicho.trail.queries import anchors_path, content_of, line_of, statement_of
from daicho.trail.tree import Tree
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One entry to be written: an event of the table, who, when, for whom, and the event's facts."""

    event: str
    actor: str
    at: datetime
    organisation: str
    facts: Mapping[str, object]


def record(event: str, *, actor: str, at: datetime, organisation: str, **facts: object) -> int:
    """Write one entry as the last step of the current transaction; returns its number.

    Raises:
        TrailOutsideTransactionError: called without a transaction.
        TrailRefusedError: the event or a fact is not in the table of events.
        TrailDamagedError: the chain's end in the database is not where its head says.
    """
    return record_many([Act(event=event, actor=actor, at=at, organisation=organisation, facts=facts)])[-1]


def record_many(acts: Sequence[Act]) -> range:
    """Write many entries under one lock of the head; returns their numbers. Raises as `record`."""
    drafts = [_draft(act) for act in acts]
    if not drafts:
        return range(0)
    head = lock_head()
    tree, prev = head.tree(), head.head
    for seq, draft in enumerate(drafts, start=head.size + 1):
        draft.seq, draft.prev = seq, prev
        draft.hash = prev = chain.entry_hash(draft.content())
        tree.append(bytes.fromhex(prev))
    append(drafts)
    move(tree, prev)
    return range(head.size + 1, tree.size + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointMade:
    """A checkpoint as it stands: ``fresh`` is False when nothing had happened since."""

    number: int
    size: int
    root: str
    fresh: bool


def make_checkpoint(*, actor: str, at: datetime, for_export: bool = False) -> CheckpointMade:
    """Sign how long the chain is and what it says, and append that to the anchors file.

    1. Lock the head. Without an entry since the last checkpoint, there is nothing to sign.
    2. Read again every entry since the last checkpoint: nothing is signed that does not follow from
       what was signed before, so a history rewritten in the database never gains a signature.
    3. Write the entry that says so, then the signed statement over everything up to it.
    4. After the commit, append to ``anchors.jsonl`` what it still lacks (also after a crash here).

    ``for_export`` also writes that the trail was exported, so that the export itself says so.

    Raises:
        TrailDamagedError: step 2 found a contradiction, or the anchors know more checkpoints than the database.
        InstallationError: keys are not ready, or the anchors file cannot be written.
    """
    with transaction.atomic():
        made = _sign_head(actor=actor, at=at, for_export=for_export)
    anchors = anchors_path()
    missing = Checkpoint.objects.filter(number__gt=last_anchored(anchors)).order_by("number")
    lines = [line_of(checkpoint) for checkpoint in missing]
    if lines:
        append_anchors(anchors, lines)
    return made


def _sign_head(*, actor: str, at: datetime, for_export: bool) -> CheckpointMade:
    head = lock_head()  # (1)
    last = Checkpoint.objects.order_by("-number").first()
    _require_anchored(last)
    _require_unbroken(last, head)  # (2)
    if for_export:
        record("trail.exported", actor=actor, at=at, organisation=EVERYWHERE)
    elif last is not None and last.size == head.size:
        return CheckpointMade(number=last.number, size=last.size, root=last.root, fresh=False)
    number = last.number + 1 if last else 1
    record("trail.checkpoint_made", actor=actor, at=at, organisation=EVERYWHERE, number=number)  # (3)
    head = lock_head()
    key = signer()
    statement = chain.Statement(
        trail=head.trail,
        number=number,
        size=head.size,
        head=head.head,
        root=head.tree().root().hex(),
        at=chain.instant(at),
        key=key.key_id,
        prev=statement_of(last).hash() if last else chain.genesis(head.trail),
    )
    Checkpoint.objects.create(
        number=number,
        trail=head.trail,
        size=head.size,
        head=head.head,
        root=statement.root,
        frontier=head.frontier,
        at=at,
        key_id=key.key_id,
        prev=statement.prev,
        signature=key.sign(chain.SIGNED_PREFIX + statement.content()).hex(),
    )
    return CheckpointMade(number=number, size=head.size, root=statement.root, fresh=True)


def _require_anchored(last: Checkpoint | None) -> None:
    """The anchors must not know more checkpoints than the database does."""
    if last_anchored(anchors_path()) > (last.number if last else 0):
        raise TrailDamagedError(
            Text(
                "アンカーファイルにあるチェックポイントが、データベースにありません。",
                "The anchors file holds a checkpoint that the database does not.",
            )
        )


def _require_unbroken(last: Checkpoint | None, head: Head) -> None:
    """The entries since the last checkpoint must lead from it to the head."""
    try:
        tree = Tree.restore(last.size, bytes(last.frontier)) if last else Tree()
    except ValueError:
        raise TrailDamagedError from None
    if last and (last.trail != head.trail or tree.root().hex() != last.root or not _is_ours(last)):
        raise TrailDamagedError
    prev = last.head if last else chain.genesis(head.trail)
    for entry in TrailEntry.objects.filter(seq__gt=tree.size).order_by("seq").iterator(chunk_size=2_000):
        if entry.seq != tree.size + 1 or entry.prev != prev or chain.entry_hash(content_of(entry)) != entry.hash:
            raise TrailDamagedError
        tree.append(bytes.fromhex(entry.hash))
        prev = entry.hash
    if (tree.size, prev, tree.frontier) != (head.size, head.head, head.frontier):
        raise TrailDamagedError


def _is_ours(checkpoint: Checkpoint) -> bool:
    try:
        signature = bytes.fromhex(checkpoint.signature)
    except ValueError:
        return False
    return public_keys().verifies(
        checkpoint.key_id, signature, chain.SIGNED_PREFIX + statement_of(checkpoint).content()
    )


def _draft(act: Act) -> Draft:
    kind = get_event(act.event)
    require_author(actor=act.actor, at=act.at, organisation=act.organisation, code=act.event)
    facts = kind.read(act.facts)
    return Draft(
        at=act.at,
        instant=chain.instant(act.at),
        event=act.event,
        actor=act.actor,
        organisation=act.organisation,
        about=str(facts.get(kind.about, "")),
        facts=chain.canonical_facts(facts),
    )
