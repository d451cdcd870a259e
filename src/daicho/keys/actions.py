"""Keys are made, rotated and wrapped anew. The only writer of the keyset table and of the key file.

Keys lie below the trail, so these acts are handed the trail's ``record``; each calls it in its own
transaction, exactly once.
"""

import os
from datetime import datetime
from typing import Any, Final, Protocol

from django.db import transaction

from daicho.keys import keysets
from daicho.keys.errors import KeysNotReadyError
from daicho.keys.kek import Kek, create_kek, exclusive_change, kek_exists
from daicho.keys.keysets import KeysetName
from daicho.keys.models import WrappedKeyset
from daicho.keys.queries import is_ready, kek_path, open_kek
from daicho.keys.signing import Signer
from daicho.words.scope import Scope
from daicho.words.text import Text

#: Keys serve the whole installation; the trail writes this where an organisation would stand.
EVERYWHERE: Final = "*"
_TINK: Final = (KeysetName.SEAL, KeysetName.DIGEST)


class Recorder(Protocol):
    """`daicho.trail.actions.record`."""

    def __call__(self, event: str, *, actor: str, at: datetime, organisation: str, **facts: Any) -> object:
        """Write one entry in the current transaction."""
        ...


def initialise(*, actor: str, at: datetime, record: Recorder) -> bool:
    """Make the key-encryption key if none is given, and the three keysets; False when all are there already.

    Raises:
        KeyEncryptionKeyError: keysets exist but their key-encryption key is missing or wrong.
    """
    with exclusive_change(kek_path()), transaction.atomic():
        rows = list(WrappedKeyset.objects.select_for_update().filter(retired_at__isnull=True).order_by("name"))
        given = kek_exists(kek_path(), environment=os.environ)
        if rows or given:
            kek = open_kek()  # a missing key beside wrapped keysets is an accident: never paper it over
            for row in rows:
                _unwrap(kek, row)
        else:
            kek = create_kek(kek_path())
        if is_ready():
            return False
        missing = [name for name in KeysetName if name not in {row.name for row in rows}]
        for name in missing:
            _add_row(kek, name, _fresh(name), at=at)
        record("keys.created", actor=actor, at=at, organisation=EVERYWHERE, keysets=tuple(missing))
    return True


def rotate(*, scope: Scope, at: datetime, record: Recorder, signing: bool = False) -> tuple[KeysetName, ...]:
    """Give the sealing and the digest keyset a new primary key; everything old stays readable.

    Args:
        scope: who acts; whether they may is the door's question (`people` lies above).
        at: when.
        record: the trail's ``record``.
        signing: replace the trail's signing key instead; auditors then need the new public keys.

    Raises:
        KeysNotReadyError: there is nothing to rotate.
        KeyEncryptionKeyError: the key-encryption key is missing, malformed, exposed, or another one.
    """
    names = (KeysetName.TRAIL,) if signing else _TINK
    kek = open_kek()
    with transaction.atomic():
        for row in _lock_live(names):
            name = KeysetName(row.name)
            old = _unwrap(kek, row)  # also proves that this is the key that wraps the others
            content = _fresh(name) if signing else keysets.with_new_primary(old, name)
            # The old row keeps its key ids and public key, never its secrets.
            WrappedKeyset.objects.filter(pk=row.pk).update(retired_at=at, blob=b"")
            _add_row(kek, name, content, at=at)
        record("keys.rotated", actor=scope.actor, at=at, organisation=EVERYWHERE, keysets=tuple(names))
    return names


def rotate_kek(*, scope: Scope, at: datetime, record: Recorder) -> None:
    """Replace the key-encryption key and wrap every keyset anew; takes up an interrupted change.

    1. The file gets the new key beside the old one.
    2. One transaction wraps all live keysets with the new key.
    3. The file drops the old key.

    After a crash at any point the file opens all keysets; the next call finishes. A key given by
    ``DAICHO_KEK`` cannot be written: put both keys there (the new one primary), call this, drop the old one.

    Raises:
        RuntimeError: called inside a transaction, whose end would not be ours.
        KeyEncryptionKeyError: the key cannot be opened or written.
    """
    with exclusive_change(kek_path()):
        kek = open_kek()
        if len(kek.key_ids) == 1:
            kek = kek.with_new_primary()
            kek.write()  # (1)
        with transaction.atomic(durable=True):  # (2)
            for row in _lock_live(tuple(KeysetName)):
                blob = _wrap(kek, KeysetName(row.name), _unwrap(kek, row))
                WrappedKeyset.objects.filter(pk=row.pk).update(blob=blob)
            record("keys.rewrapped", actor=scope.actor, at=at, organisation=EVERYWHERE)
        if kek.path is not None:
            kek.only_primary().write()  # (3)


def _lock_live(names: tuple[KeysetName, ...]) -> list[WrappedKeyset]:
    rows = list(
        WrappedKeyset.objects.select_for_update().filter(retired_at__isnull=True, name__in=names).order_by("name")
    )
    if len(rows) != len(names):
        raise KeysNotReadyError(
            Text("鍵束がそろっていません。", "Not all keysets are there."),
            advice=Text("daicho keys init を実行してください。", "Run `daicho keys init`."),
        )
    return rows


def _fresh(name: KeysetName) -> Any:
    return Signer.generate() if name is KeysetName.TRAIL else keysets.new_keyset(name)


def _wrap(kek: Kek, name: KeysetName, content: Any) -> bytes:
    return kek.wrap_bytes(content.secret(), name) if isinstance(content, Signer) else kek.wrap(content, name)


def _unwrap(kek: Kek, row: WrappedKeyset) -> Any:
    name = KeysetName(row.name)
    if name is KeysetName.TRAIL:
        return Signer(kek.unwrap_bytes(bytes(row.blob), name))
    return kek.unwrap(bytes(row.blob), name)


def _add_row(kek: Kek, name: KeysetName, content: Any, *, at: datetime) -> None:
    signing = isinstance(content, Signer)
    ids = (content.key_id,) if signing else tuple(str(key_id) for key_id in keysets.key_ids(content))
    WrappedKeyset.objects.create(
        name=name,
        key_ids=" ".join(ids),
        blob=_wrap(kek, name, content),
        public_key=content.public_pem() if signing else "",
        created_at=at,
    )
