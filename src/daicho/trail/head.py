"""The chain's end in the database, in plain SQL: every act of the house waits for these statements.

One lock, one insert, one update, whatever the number of entries. The object mapper would spend
more time on a single entry than the database does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any, Final

from django.db import IntegrityError, connection, transaction

from daicho.trail import chain
from daicho.trail.errors import TrailDamagedError, TrailOutsideTransactionError
from daicho.trail.models import HEAD, TrailEntry, TrailHead
from daicho.trail.tree import Tree

_COLUMNS: Final = "seq, at, event, actor, organisation, about, facts, prev, hash"
_ENTRIES: Final = TrailEntry._meta.db_table  # noqa: SLF001 (documented by Django)
_HEADS: Final = TrailHead._meta.db_table  # noqa: SLF001
_LOCK: Final = f"SELECT trail, size, head, frontier FROM {_HEADS} WHERE id = {HEAD}"  # noqa: S608 (our own names)
_MOVE: Final = f"UPDATE {_HEADS} SET size = %s, head = %s, frontier = %s WHERE id = {HEAD}"  # noqa: S608
_INSERT: Final = f"INSERT INTO {_ENTRIES} ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608
_COPY: Final = f"COPY {_ENTRIES} ({_COLUMNS}) FROM STDIN"
#: From so many rows on, PostgreSQL's COPY costs less than one insert a row.
_COPY_FROM: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the chain ends; ``frontier`` is the tree's."""

    trail: str
    size: int
    head: str
    frontier: bytes

    def tree(self) -> Tree:
        """The tree as the head remembers it.

        Raises:
            TrailDamagedError: size and frontier do not belong together.
        """
        try:
            return Tree.restore(self.size, self.frontier)
        except ValueError:
            raise TrailDamagedError from None


@dataclass(slots=True)
class Draft:
    """An entry on its way into the chain; the last three are known once the head is locked."""

    at: datetime
    instant: str
    event: str
    actor: str
    organisation: str
    about: str
    facts: str
    seq: int = 0
    prev: str = ""
    hash: str = ""

    def content(self) -> bytes:
        """The bytes that are hashed."""
        return chain.entry_bytes(
            seq=self.seq,
            at=self.instant,
            event=self.event,
            actor=self.actor,
            organisation=self.organisation,
            facts=self.facts,
            prev=self.prev,
        )


def lock_head() -> Head:
    """Lock the end of the chain until the transaction ends; begins the trail if there is none.

    Raises:
        TrailOutsideTransactionError: there is no transaction, so nothing would stay locked.
        TrailDamagedError: there are entries but no head.
    """
    if not transaction.get_connection().in_atomic_block:
        raise TrailOutsideTransactionError
    return _select_head() or _begin()


def append(drafts: Sequence[Draft]) -> None:
    """Insert entries whose place is known.

    Raises:
        TrailDamagedError: an entry stands there already; the transaction cannot go on.
    """
    rows = [
        (row.seq, _instant(row.at), row.event, row.actor, row.organisation, row.about, row.facts, row.prev, row.hash)
        for row in drafts
    ]
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql" and len(rows) >= _COPY_FROM:
                with connection.wrap_database_errors, cursor.copy(_COPY) as copy:
                    for row in rows:
                        copy.write_row(row)
            elif len(rows) == 1:
                cursor.execute(_INSERT, rows[0])
            else:
                cursor.executemany(_INSERT, rows)
    except IntegrityError:
        raise TrailDamagedError from None


def move(tree: Tree, head: str) -> None:
    """Say that the chain now ends with the entry ``head``."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, (tree.size, head, tree.frontier))


def _select_head() -> Head | None:
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK + lock)
        row = cursor.fetchone()
    return Head(trail=row[0], size=row[1], head=row[2], frontier=bytes(row[3])) if row else None


def _begin() -> Head:
    if not TrailEntry.objects.exists():
        trail = token_hex(16)
        # Two first writers at once: the second one's row is ignored, and both lock the first one's.
        TrailHead.objects.bulk_create([TrailHead(trail=trail, head=chain.genesis(trail))], ignore_conflicts=True)
    head = _select_head()  # also when another first writer came between
    if head is None:
        raise TrailDamagedError
    return head


def _instant(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
