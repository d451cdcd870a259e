"""The opened keys of this installation, for other rooms."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from daicho.keys.errors import KeysNotReadyError
from daicho.keys.kek import Kek, load_kek
from daicho.keys.keysets import KeysetName
from daicho.keys.models import WrappedKeyset
from daicho.keys.ring import Ring, RingKeys
from daicho.keys.signing import PublicKeys, Signer, public_keys_of, write_public_keys
from daicho.words.text import Text

KEK_FILE: Final = "kek.json"
_LIVE: Final = f"SELECT name, key_ids FROM {WrappedKeyset._meta.db_table} WHERE retired_at IS NULL"  # noqa: S608, SLF001 (our own name)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysetStatus:
    """One row of the keyset table, without its secrets."""

    name: str
    key_ids: tuple[str, ...]
    created_at: datetime
    retired_at: datetime | None


def kek_path() -> Path:
    """Where the key-encryption key's file stands in this workspace."""
    return Path(settings.WORKSPACE.folder) / "keys" / KEK_FILE


def ring() -> Ring:
    """The ring of this installation: opened once per process, newly opened after a rotation.

    One small query a call, which notices a rotation by another process. Call it once per action,
    inside the transaction that looks digests up, and hand the ring down.

    Raises:
        KeysNotReadyError: ``daicho keys init`` was never run here.
        KeyEncryptionKeyError: the key-encryption key is missing, malformed, exposed, or another one.
    """
    live = _live_ids()
    if not _opened or _opened[0][0] != live:
        _opened[:] = [(live, Ring(_open_ring_keys(), reload=_open_ring_keys))]
    return _opened[0][1]


#: The ring opened last, with the key ids it was opened for: at most one.
_opened: list[tuple[dict[str, str], Ring]] = []


def signer() -> Signer:
    """The key that signs checkpoints.

    Raises:
        KeysNotReadyError: ``daicho keys init`` was never run here.
        KeyEncryptionKeyError: the key-encryption key is missing, malformed, exposed, or another one.
    """
    row = _live_row(KeysetName.TRAIL)
    return Signer(open_kek().unwrap_bytes(bytes(row.blob), KeysetName.TRAIL))


def public_keys() -> PublicKeys:
    """Every key that ever signed a checkpoint here."""
    return public_keys_of(_public_pems())


def export_public_keys(*, trail: str) -> str:
    """The JSON an auditor verifies with: all signing keys, oldest first, and the trail's id."""
    return write_public_keys(_public_pems(), trail=trail)


def export_public_pem() -> str:
    """The same keys as PEM blocks, oldest first."""
    return "".join(_public_pems())


def open_kek() -> Kek:
    """The key-encryption key, read anew.

    Raises:
        KeyEncryptionKeyError: missing, malformed or exposed.
    """
    return load_kek(kek_path(), environment=os.environ)


def list_keysets() -> Sequence[KeysetStatus]:
    """All keysets by name, the live one of each first."""
    rows = WrappedKeyset.objects.order_by("name", "-id")
    return [
        KeysetStatus(
            name=row.name,
            key_ids=tuple(row.key_ids.split()),
            created_at=row.created_at,
            retired_at=row.retired_at,
        )
        for row in rows
    ]


def is_ready() -> bool:
    """Whether all keysets of an installation exist; says nothing about the key-encryption key."""
    return set(_live_ids()) == set(KeysetName)


def _live_ids() -> dict[str, str]:
    """The live keysets and their key ids; in plain SQL, because every action asks."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVE)
        return dict(cursor.fetchall())


def _live_row(name: KeysetName) -> WrappedKeyset:
    row = WrappedKeyset.objects.filter(retired_at__isnull=True, name=name).first()
    if row is None:
        raise KeysNotReadyError(
            Text("鍵束がまだありません。", "There are no keys yet."),
            advice=Text(
                "daicho keys init を実行してください。以前はあったのなら、データベースを控えから戻してください。",
                "Run `daicho keys init`. If there were keys before, restore the database from a backup.",
            ),
        )
    return row


def _open_ring_keys() -> RingKeys:
    seal, digest = _live_row(KeysetName.SEAL), _live_row(KeysetName.DIGEST)
    kek = open_kek()
    return RingKeys(
        seal=kek.unwrap(bytes(seal.blob), KeysetName.SEAL), digest=kek.unwrap(bytes(digest.blob), KeysetName.DIGEST)
    )


def _public_pems() -> list[str]:
    rows = WrappedKeyset.objects.filter(name=KeysetName.TRAIL).order_by("id")
    return list(rows.values_list("public_key", flat=True))
