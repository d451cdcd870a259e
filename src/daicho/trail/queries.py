"""Reading the trail: lists for people, the export for an auditor."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from daicho.keys.queries import public_keys
from daicho.trail import chain
from daicho.trail.anchors import ANCHORS_FILE
from daicho.trail.events import EVENTS, EVERYWHERE
from daicho.trail.models import HEAD, Checkpoint, TrailEntry, TrailHead
from daicho.trail.verification import Verification, read_lines, verify
from daicho.words.errors import NotAllowedError
from daicho.words.scope import Scope
from daicho.words.text import Language, Text

MAX_PAGE: Final = 1_000
_CHUNK: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the trail as it is read."""

    seq: int
    at: datetime
    event: str
    actor: str
    organisation: str
    facts: Mapping[str, Any]

    def say(self, language: Language | str) -> str:
        """What happened, as a sentence; the bare code for an event this version does not know."""
        kind = EVENTS.get(self.event)
        return kind.say(self.facts, language) if kind else self.event


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEnd:
    """How long the trail is, and how much of it is signed."""

    trail: str
    size: int
    head: str
    checkpoints: int
    signed_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointView:
    """A signed statement as a list shows it."""

    number: int
    size: int
    at: datetime
    root: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export holds."""

    trail: str
    entries: int
    checkpoints: int


def anchors_path() -> Path:
    """Where checkpoints are appended outside the database."""
    return Path(settings.WORKSPACE.folder) / ANCHORS_FILE


def get_end() -> TrailEnd:
    """The end of the trail; an empty id before the first entry."""
    head = TrailHead.objects.filter(pk=HEAD).first() or TrailHead(trail="", head="")
    last = Checkpoint.objects.order_by("-number").first()
    return TrailEnd(
        trail=head.trail,
        size=head.size,
        head=head.head,
        checkpoints=last.number if last else 0,
        signed_size=last.size if last else 0,
    )


def list_entries(  # noqa: PLR0913 (each is one filter)
    *,
    scope: Scope,
    event: str = "",
    about: str = "",
    actor: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    after: int = 0,
    before: int = 0,
    limit: int = 50,
) -> Sequence[Entry]:
    """Entries of the scope's organisations and of the whole installation, oldest first.

    Args:
        scope: whose entries.
        event: an event's code, or its first word (``"request"`` for every ``request.…``).
        about: the number of what the entry is about.
        actor: the code of who acted.
        since: not earlier than this.
        until: earlier than this.
        after: only entries with a larger number.
        before: only entries with a smaller number; then the page ends there.
        limit: at most so many, up to a thousand; without ``after`` they are the latest.
    """
    rows = TrailEntry.objects.filter(organisation__in=[*scope.organisations, EVERYWHERE])
    if event:
        rows = rows.filter(event=event) if "." in event else rows.filter(event__startswith=f"{event}.")
    given = {
        "about": about,
        "actor": actor,
        "at__gte": _told_anywhere(since),
        "at__lt": _told_anywhere(until),
        "seq__gt": after,
        "seq__lt": before,
    }
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    size = max(1, min(limit, MAX_PAGE))
    page = list(rows.order_by("seq")[:size]) if after else list(reversed(rows.order_by("-seq")[:size]))
    return [_entry(row) for row in page]


def _told_anywhere(moment: datetime | None) -> datetime | None:
    """The moment, a year away from the ends of the calendar: there no time zone but its own can tell it."""
    return moment.replace(year=min(max(moment.year, 2), 9998)) if moment else None


def list_entries_about(numbers: Sequence[str], *, scope: Scope) -> Sequence[Entry]:
    """Entries about any of these numbers, oldest first; at most a thousand."""
    rows = TrailEntry.objects.filter(organisation__in=[*scope.organisations, EVERYWHERE], about__in=list(numbers))
    return [_entry(row) for row in rows.order_by("seq")[:MAX_PAGE]]


def require_whole(scope: Scope) -> None:
    """Refuse whoever may not read every organisation's entries: an export is whole, or it cannot be verified.

    Raises:
        NotAllowedError: the trail holds an organisation outside ``scope``; it is not named.
    """
    if TrailEntry.objects.exclude(organisation__in=[*scope.organisations, EVERYWHERE]).exists():
        raise NotAllowedError(
            Text(
                "証跡には、このアカウントが証跡を読めない組織の記録もあるため、書き出せません。",
                "The trail holds organisations whose entries this account may not read, so it is not handed out.",
            ),
            advice=Text(
                "書き出しは全件でなければ検証できません。すべての組織の証跡を読める人に頼んでください。",
                "Only a whole export can be verified. Ask somebody who reads the trail of every organisation.",
            ),
        )


def list_checkpoints(*, limit: int = 50) -> Sequence[CheckpointView]:
    """The latest signed statements, the newest first."""
    rows = Checkpoint.objects.order_by("-number")[: max(1, min(limit, MAX_PAGE))]
    return [CheckpointView(number=row.number, size=row.size, at=row.at, root=row.root, key=row.key_id) for row in rows]


def verify_here(*, at: datetime) -> Verification:
    """Export what is signed to a file of the moment and verify that, as an auditor would elsewhere.

    It shows damage and mistakes; against whoever holds this machine only an export and the anchors
    kept elsewhere count, because the program that judges is here too.
    """
    anchors = anchors_path()
    with tempfile.TemporaryFile() as file:
        export(file.write, at=at)
        file.seek(0)
        kept = anchors.read_bytes().splitlines() if anchors.exists() else ()
        return verify(read_lines(file), public_keys(), trail=get_end().trail, anchors=kept)


def export(write: Callable[[bytes], object], *, at: datetime) -> Exported:
    """Hand the trail up to the last checkpoint to ``write``, line by line (`daicho.trail.chain`); memory stays flat.

    Rows are written as they are found, damaged or not: judging them is the verifier's business.
    """
    end = get_end()
    found = Exported(trail=end.trail, entries=end.signed_size, checkpoints=end.checkpoints)
    write(
        chain.header_line(trail=found.trail, at=chain.instant(at), entries=found.entries, checkpoints=found.checkpoints)
    )
    for line in _export_lines(found):
        write(line)
    return found


def _export_lines(found: Exported) -> Iterator[bytes]:
    """Entries in order, each checkpoint behind the last entry it covers."""
    checkpoints = (
        Checkpoint.objects.filter(number__lte=found.checkpoints).order_by("number").iterator(chunk_size=_CHUNK)
    )
    due = next(checkpoints, None)
    entries = TrailEntry.objects.filter(seq__lte=found.entries).order_by("seq").iterator(chunk_size=_CHUNK)
    for entry in entries:
        while due is not None and due.size < entry.seq:
            yield line_of(due)
            due = next(checkpoints, None)
        yield chain.entry_line(content_of(entry), entry.hash)
    while due is not None:
        yield line_of(due)
        due = next(checkpoints, None)


def content_of(entry: TrailEntry) -> bytes:
    """The bytes of an entry that are hashed."""
    return chain.entry_bytes(
        seq=entry.seq,
        at=chain.instant(entry.at),
        event=entry.event,
        actor=entry.actor,
        organisation=entry.organisation,
        facts=entry.facts,
        prev=entry.prev,
    )


def statement_of(checkpoint: Checkpoint) -> chain.Statement:
    """What a checkpoint says."""
    return chain.Statement(
        trail=checkpoint.trail,
        number=checkpoint.number,
        size=checkpoint.size,
        head=checkpoint.head,
        root=checkpoint.root,
        at=chain.instant(checkpoint.at),
        key=checkpoint.key_id,
        prev=checkpoint.prev,
    )


def line_of(checkpoint: Checkpoint) -> bytes:
    """A checkpoint's line in an export and in the anchors file."""
    return chain.checkpoint_line(
        statement_of(checkpoint).content(),
        frontier=bytes(checkpoint.frontier),
        signature=checkpoint.signature,
    )


def _entry(row: TrailEntry) -> Entry:
    try:
        facts = json.loads(row.facts)
    except ValueError:
        facts = {}  # damaged; verification names it
    return Entry(
        seq=row.seq,
        at=row.at,
        event=row.event,
        actor=row.actor,
        organisation=row.organisation,
        facts=facts if isinstance(facts, dict) else {},
    )
