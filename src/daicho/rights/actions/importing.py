"""移行: good rows of an old Excel ledger become past entries, all of one file together; undone together, too.

Between the upload and the taking the file lies sealed in the workspace; its wrapped key goes with the
session of whoever uploaded it.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import transaction

from daicho.keys.queries import ring
from daicho.keys.sealed import SealedFile
from daicho.people.queries import require_role
from daicho.rights.access import DESK
from daicho.rights.models import LedgerImport, PastRequest
from daicho.rights.past import PastRow
from daicho.trail.acts import Acts
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text

#: After so long an upload was forgotten.
_LEFT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An uploaded file that waits to be taken."""

    ref: str
    wrapped_key: bytes
    size: int


def keep_upload(content: bytes, *, folder: Path, at: datetime) -> Kept:
    """Seal an upload until it is taken or left; the file bears the day of ``at``."""
    ref = f"M-{secrets.token_hex(8)}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with SealedFile.create(_path(ref, folder), ring=ring(), bound_to=f"upload:{ref}") as writer:
        writer.write(content)
    os.utime(_path(ref, folder), (at.timestamp(), at.timestamp()))
    return Kept(ref=ref, wrapped_key=writer.sealed.wrapped_key, size=writer.sealed.size)


def read_upload(kept: Kept, *, folder: Path) -> bytes:
    """What was uploaded."""
    content: bytes = _sealed(kept, folder).read(ring=ring())
    return content


def drop_upload(kept: Kept, *, folder: Path) -> None:
    """Remove it; harmless when it is gone."""
    _sealed(kept, folder).remove()


def drop_abandoned(*, folder: Path, at: datetime) -> int:
    """Remove uploads that nobody took or left for `_LEFT`; returns how many. Their keys ended with the sessions."""
    until = (at - _LEFT).timestamp()
    found = [path for path in folder.glob("M-*.sealed") if path.stat().st_mtime <= until]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _sealed(kept: Kept, folder: Path) -> SealedFile:
    return SealedFile(
        path=_path(kept.ref, folder), wrapped_key=kept.wrapped_key, bound_to=f"upload:{kept.ref}", size=kept.size
    )


def _path(ref: str, folder: Path) -> Path:
    return folder / f"{ref}.sealed"


def known_rows(organisation: str) -> frozenset[tuple[str, date]]:
    """(number, day) of every row brought over before and not undone."""
    opened = ring()
    found = set()
    for row in PastRequest.objects.filter(organisation=organisation):
        plain = json.loads(opened.unseal(bytes(row.facts), bound_to=f"past:{row.ref}"))
        found.add((plain["number"], row.arrived_on))
    return frozenset(found)


def take_rows(
    rows: Sequence[PastRow], *, content: bytes, refused: int, organisation: str, scope: Scope, at: datetime
) -> str:
    """Bring good rows over; returns the import's reference.

    Raises:
        InputError: there is no good row, or this file was taken before.
    """
    require_role(scope, organisation, DESK)
    digest = hashlib.sha256(content).hexdigest()
    if not rows:
        raise InputError(
            Text("移行できる行がありません。", "There is no row to bring over."),
            advice=Text(
                "不備の報告を見て、表か列の対応を直してください。",
                "See the report, and put the table or the columns right.",
            ),
        )
    with transaction.atomic():
        if LedgerImport.objects.filter(organisation=organisation, file_digest=digest, undone_at=None).exists():
            raise InputError(
                Text("このファイルは移行済みです。", "This file was brought over before."),
                advice=Text("やり直すときは、先にその移行を取り消してください。", "Undo that import first."),
            )
        brought = LedgerImport.objects.create(
            organisation=organisation,
            ref=f"I-{secrets.token_hex(6)}",
            file_digest=digest,
            rows=len(rows),
            refused=refused,
            imported_by=scope.actor,
            imported_at=at,
        )
        opened = ring()
        entries = []
        for row in rows:
            ref = f"Q-{secrets.token_hex(6)}"
            sealed = opened.seal(json.dumps(row.as_plain(), ensure_ascii=False).encode(), bound_to=f"past:{ref}")
            entries.append(
                PastRequest(
                    brought=brought, organisation=organisation, ref=ref, arrived_on=row.arrived_on, facts=sealed
                )
            )
        PastRequest.objects.bulk_create(entries, batch_size=500)
        _write("ledger.imported", brought, scope, at, rows=len(rows), refused=refused)
    return brought.ref


def undo_import(ref: str, *, scope: Scope, at: datetime) -> int:
    """Take every row of an import out again; returns how many."""
    with transaction.atomic():
        brought = LedgerImport.objects.select_for_update().filter(ref=ref, organisation__in=scope.organisations).first()
        if brought is None:
            raise NotFoundError(
                Text("その移行はありません。", "There is no such import."),
                advice=Text("移行の一覧で確かめてください。", "See the list of imports."),
            )
        require_role(scope, brought.organisation, DESK)
        if brought.undone_at is not None:
            raise NotAllowedError(
                Text("この移行は取消済みです。", "This import was undone."),
                advice=Text("画面を読み込み直してください。", "Reload the page."),
            )
        rows, _ = brought.entries.all().delete()
        brought.undone_by, brought.undone_at = scope.actor, at
        brought.save(update_fields=["undone_by", "undone_at"])
        _write("ledger.import_undone", brought, scope, at, rows=rows)
    return int(rows)


def _write(event: str, brought: LedgerImport, scope: Scope, at: datetime, **facts: object) -> None:
    acts = Acts(actor=scope.actor, at=at)
    acts.add(event, organisation=brought.organisation, brought=brought.ref, **facts)
    acts.write()
