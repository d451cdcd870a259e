"""The key-encryption key (鍵暗号鍵): a Tink keyset outside the database, in a file or the environment.

The file is ``keys/kek.json`` in the workspace: an ordinary file, owned by who runs Daicho, closed to
everybody else (mode 0600). ``DAICHO_KEK`` holds the same JSON (or its base64 form) where a secret
store hands secrets over by environment; it wins over the file. Anything else refuses to start.
"""

import base64
import binascii
import contextlib
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import tink
from tink import aead, proto_keyset_format

from daicho.keys import keysets
from daicho.keys.errors import KeyEncryptionKeyError
from daicho.keys.keysets import KeysetName
from daicho.words.errors import Place
from daicho.words.text import Text

VARIABLE: Final = "DAICHO_KEK"
MAX_BYTES: Final = 64_000


class Kek:
    """The opened key-encryption key; ``path`` is None when it came from the environment."""

    def __init__(self, handle: Any, *, path: Path | None) -> None:
        self._handle = handle
        self._aead = handle.primitive(aead.Aead)
        self.path = path

    @property
    def place(self) -> Place:
        """Where it came from, for messages."""
        return Place(path=str(self.path) if self.path else VARIABLE)

    @property
    def key_ids(self) -> tuple[int, ...]:
        """The primary first; more than one while a change of the key is under way."""
        return keysets.key_ids(self._handle)

    def wrap(self, handle: Any, name: KeysetName) -> bytes:
        """Encrypt a keyset; it opens only under the same name."""
        return bytes(proto_keyset_format.serialize_encrypted(handle, self._aead, _bound(name)))

    def unwrap(self, blob: bytes, name: KeysetName) -> Any:
        """Open what `wrap` made.

        Raises:
            KeyEncryptionKeyError: another key wrapped it, or the row is damaged.
        """
        try:
            return proto_keyset_format.parse_encrypted(blob, self._aead, _bound(name))
        except tink.TinkError:
            raise self._wrong_key(name) from None

    def wrap_bytes(self, secret: bytes, name: KeysetName) -> bytes:
        """Encrypt a secret that is not a Tink keyset."""
        return bytes(self._aead.encrypt(secret, _bound(name)))

    def unwrap_bytes(self, blob: bytes, name: KeysetName) -> bytes:
        """Open what `wrap_bytes` made.

        Raises:
            KeyEncryptionKeyError: another key wrapped it, or the row is damaged.
        """
        try:
            return bytes(self._aead.decrypt(blob, _bound(name)))
        except tink.TinkError:
            raise self._wrong_key(name) from None

    def with_new_primary(self) -> "Kek":
        """The key with a fresh primary beside the old one; nothing is written yet."""
        return Kek(keysets.with_new_primary(self._handle, KeysetName.SEAL), path=self.path)

    def only_primary(self) -> "Kek":
        """The key without the old one; nothing is written yet."""
        return Kek(keysets.only_primary(self._handle), path=self.path)

    def write(self) -> None:
        """Replace the file, whole or not at all.

        Raises:
            KeyEncryptionKeyError: it came from the environment, or the folder cannot be written.
        """
        if self.path is None:
            raise KeyEncryptionKeyError(
                Text(
                    "環境変数の鍵は書き換えられません。", "A key given by the environment cannot be replaced from here."
                ),
                advice=Text(
                    f"{VARIABLE} の内容を keys/kek.json(0600)に置き、{VARIABLE} を外してから実行してください。",
                    f"Put the content of {VARIABLE} into keys/kek.json (0600), unset {VARIABLE}, and run this again.",
                ),
                place=self.place,
            )
        _write_private(self.path, keysets.clear_json(self._handle).encode())

    def _wrong_key(self, name: KeysetName) -> KeyEncryptionKeyError:
        return KeyEncryptionKeyError(
            Text(
                f"鍵束 {name} を開けません。鍵暗号鍵が、束を包んだときのものと違います。",
                f"The keyset {name} does not open: this is not the key-encryption key that wrapped it.",
            ),
            advice=Text(
                "このデータベースと対になる鍵暗号鍵を、控えから戻してください。作り直しても開けません。",
                "Restore the key-encryption key that belongs to this database; making a new one opens nothing.",
            ),
            place=self.place,
        )


def create_kek(path: Path) -> Kek:
    """Make a new key-encryption key file, and its folder (0700).

    Raises:
        KeyEncryptionKeyError: a file is already there, or the folder cannot be written.
    """
    if os.path.lexists(path):
        raise KeyEncryptionKeyError(
            Text("鍵暗号鍵のファイルは、もうあります。", "There is already a key-encryption key file."),
            advice=Text("それを使うか、別の場所へ移してください。", "Use it, or move it away first."),
            place=Place(path=str(path)),
        )
    made = Kek(keysets.new_keyset(KeysetName.SEAL), path=path)
    made.write()
    return made


def load_kek(path: Path, *, environment: Mapping[str, str]) -> Kek:
    """Open the key-encryption key.

    Args:
        path: the file in the workspace.
        environment: where ``DAICHO_KEK`` may be set.

    Raises:
        KeyEncryptionKeyError: missing, malformed, not an ordinary file, not ours, or open to others.
    """
    named = environment.get(VARIABLE)
    if named is not None:
        return _parse(_plain_or_base64(named.strip()), path=None)
    return _parse(_read_private(path), path=path)


def kek_exists(path: Path, *, environment: Mapping[str, str]) -> bool:
    """Whether one is given at all, good or bad."""
    return VARIABLE in environment or os.path.lexists(path)


@contextlib.contextmanager
def exclusive_change(path: Path) -> Iterator[None]:
    """Hold the key's folder while it is changed, so that two changes on one machine follow each other.

    Raises:
        KeyEncryptionKeyError: the folder cannot be made or opened.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        raise _not_writable(path) from None
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _bound(name: KeysetName) -> bytes:
    return f"daicho keyset {name}".encode()


def _plain_or_base64(text: str) -> bytes:
    if text.startswith("{"):
        return text.encode()
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _parse(raw: bytes, *, path: Path | None) -> Kek:
    try:
        return Kek(keysets.parse_keyset(raw.decode("utf-8")), path=path)
    except (tink.TinkError, UnicodeDecodeError):
        raise KeyEncryptionKeyError(
            Text("鍵暗号鍵の形が正しくありません。", "The key-encryption key is malformed."),
            advice=Text(
                "Tink の JSON 形式(AES256-GCM)の鍵束を、控えから戻してください。",
                "Restore it from your backup: it is a Tink keyset (AES256-GCM) in JSON.",
            ),
            place=Place(path=str(path) if path else VARIABLE),
        ) from None


def _read_private(path: Path) -> bytes:
    """Read after looking at the opened file itself, so that it cannot be exchanged in between."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise KeyEncryptionKeyError(
            Text("鍵暗号鍵がありません。", "The key-encryption key is missing."),
            advice=Text(
                f"控えから戻すか、{VARIABLE} を設定してください。初めての設置なら daicho keys init で作ります。",
                f"Restore it from your backup or set {VARIABLE}. On a new installation, `daicho keys init` makes one.",
            ),
            place=Place(path=str(path)),
        ) from None
    except OSError:
        raise _not_private(path, "chmod 600") from None
    try:
        _require_private(os.fstat(descriptor), path)
        return os.read(descriptor, MAX_BYTES)
    finally:
        os.close(descriptor)


def _require_private(status: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise _not_private(path, "chmod 600")
    if status.st_uid != os.geteuid():
        raise _not_private(path, f"chown {os.geteuid()}")
    if status.st_mode & 0o077:
        raise _not_private(path, "chmod 600")


def _not_private(path: Path, command: str) -> KeyEncryptionKeyError:
    return KeyEncryptionKeyError(
        Text(
            "鍵暗号鍵を、Daicho を動かす利用者だけが読める状態になっていません。",
            "The key-encryption key is not a file that only the user running Daicho can read.",
        ),
        advice=Text(
            f"{command} {path} を実行してください。他人が読めたのなら、その後 daicho keys rotate-kek で取り替えてください。",
            f"Run: {command} {path}. If others could read it, then replace it with `daicho keys rotate-kek`.",
        ),
        place=Place(path=str(path)),
    )


def _write_private(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise _not_writable(path) from None


def _not_writable(path: Path) -> KeyEncryptionKeyError:
    return KeyEncryptionKeyError(
        Text("鍵暗号鍵を書き込めません。", "The key-encryption key cannot be written."),
        advice=Text(
            "フォルダの所有者、権限、空き容量を確かめてください。",
            "Check owner, permissions and free space of the folder.",
        ),
        place=Place(path=str(path)),
    )
