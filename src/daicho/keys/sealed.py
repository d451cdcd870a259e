"""Sealed files (封印ファイル): data on its way to a person, unreadable where it lies.

Design. Each file has its own AES-256 key. The key never stands in the file: it is sealed by the
ring and given to the caller, who keeps it in the row that owns the file. Dropping that row's key
erases the content wherever copies of the file may be.

* The file: 16 bytes magic, 16 random bytes naming the file, then chunks. A chunk is its length
  (4 bytes) and AES-256-GCM of up to 64 KiB. Its nonce is the chunk's index and whether it is the
  last; name, index and last are also authenticated. So a chunk changed, dropped, repeated, moved,
  cut off or taken from another file is found, when that chunk is reached and before its bytes
  are handed out.
* Nothing is there until `SealedWriter.finish`: content is written to ``<name>.partial``, synced,
  renamed, and the folder synced. A crash before leaves a partial file whose key existed only in
  memory; `sweep_partials` removes it. A crash after, but before the caller commits its row, leaves
  a whole file without a key: equally unreadable, found by whoever compares folder and rows.
* Memory: one chunk, whatever the size of the file.
"""

import contextlib
import errno
import io
import os
import secrets
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daicho.keys.errors import SealDamagedError
from daicho.keys.ring import Ring
from daicho.words.errors import DaichoError, Fault, Place
from daicho.words.text import Text

CHUNK_BYTES: Final = 65_536
PARTIAL: Final = ".partial"
_MAGIC: Final = b"DAICHO-SEALED-1\n"
_NAME_BYTES: Final = 16
_TAG_BYTES: Final = 16
_LENGTH: Final = struct.Struct(">I")
_NONCE: Final = struct.Struct(">QI")
_LAST: Final = 1
_NO_LINKS: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS})  # some network folders


class SealedFileError(DaichoError):
    """A sealed file cannot be written or read: the disk, a permission, or a name already taken."""

    code = "sealed-file"
    fault = Fault.INSTALLATION
    retry = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFile:
    """A sealed file at rest. Keep ``wrapped_key`` in a row of the database, never beside the file.

    ``size`` counts the bytes inside.
    """

    path: Path
    wrapped_key: bytes
    bound_to: str
    size: int

    @staticmethod
    def create(path: Path, *, ring: Ring, bound_to: str) -> "SealedWriter":
        """Begin a file: ``with SealedFile.create(…) as writer: writer.write(…)``, then ``writer.sealed``.

        Args:
            path: must not exist; its name says nothing about a person.
            ring: seals the file's key.
            bound_to: what the file belongs to (``"claim:R-2026-0001/1"``); needed to open it again.

        Raises:
            SealedFileError: the path is taken or cannot be written.
        """
        return SealedWriter(path, ring=ring, bound_to=bound_to)

    def chunks(self, *, ring: Ring) -> Iterator[bytes]:
        """The content in order, at most 64 KiB at a time.

        Raises:
            SealedFileError: the file is gone or cannot be read.
            SealDamagedError: it is not what was written; everything yielded before is genuine.
        """
        key = ring.unseal(self.wrapped_key, bound_to=_key_place(self.bound_to))
        try:
            with self.path.open("rb", buffering=0) as raw:
                yield from _open_chunks(io.BufferedReader(raw, CHUNK_BYTES), AESGCM(key), self.path)
        except OSError:
            raise _unreadable(self.path) from None

    def read(self, *, ring: Ring) -> bytes:
        """The whole content; for small files."""
        return b"".join(self.chunks(ring=ring))

    def open(self, *, ring: Ring) -> BinaryIO:
        """The content as a readable binary file, for readers that want one (csv, zip, a web response)."""
        return io.BufferedReader(_ChunkReader(self.chunks(ring=ring)), CHUNK_BYTES)

    def remove(self) -> None:
        """Delete the file, for good on disk; a file already gone is fine. The caller drops the key."""
        try:
            self.path.unlink(missing_ok=True)
            _sync_folder(self.path.parent)
        except FileNotFoundError:  # the whole folder is gone
            return
        except OSError:
            raise _unwritable(self.path) from None


class SealedWriter(io.RawIOBase):
    """Takes bytes until `finish`; left without it (an error, Ctrl-C), the file never was.

    A binary file object, so that ``io.TextIOWrapper``, ``csv`` or ``zipfile`` can write into it;
    closing it without `finish` gives up. Leaving the ``with`` block without an error finishes.
    """

    def __init__(self, path: Path, *, ring: Ring, bound_to: str) -> None:
        super().__init__()
        self._descriptor = -1  # before anything can fail: closing looks at it
        self._path = path
        self._partial = path.with_name(path.name + PARTIAL)
        self._bound_to = bound_to
        self._sealed: SealedFile | None = None
        key = secrets.token_bytes(32)
        self._wrapped_key = ring.seal(key, bound_to=_key_place(bound_to))
        self._cipher = AESGCM(key)
        self._name = secrets.token_bytes(_NAME_BYTES)
        self._index = 0
        self._size = 0
        self._pending = bytearray()
        self._ready = bytearray(_MAGIC + self._name)  # small files reach the disk in one write
        self._begin()

    @property
    def sealed(self) -> SealedFile:
        """The finished file; before `finish` there is none."""
        if self._sealed is None:
            raise ValueError("the sealed file is not finished")
        return self._sealed

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        """Take bytes (or anything that lays them open) of any length; always takes all of them.

        Raises:
            SealedFileError: the disk is full or gone; the file will not exist.
        """
        if self.closed:
            raise ValueError("the sealed file is closed")
        self._pending += data
        while len(self._pending) > CHUNK_BYTES:  # the last chunk stays until we know it is the last
            self._seal_chunk(bytes(self._pending[:CHUNK_BYTES]), last=0)
            del self._pending[:CHUNK_BYTES]
        return memoryview(data).nbytes

    def finish(self) -> SealedFile:
        """Seal the last chunk, make the file durable, and give it its name.

        Raises:
            SealedFileError: the disk is full or gone, or the name was taken meanwhile; nothing stays.
        """
        if self.closed:
            raise ValueError("the sealed file is closed")
        self._seal_chunk(bytes(self._pending), last=_LAST)
        try:
            self._drain()
            os.fsync(self._descriptor)
            _give_name(self._partial, self._path)
            _sync_folder(self._path.parent)
        except OSError:
            self.close()
            raise _unwritable(self._path) from None
        os.close(self._descriptor)
        self._descriptor = -1
        self._sealed = SealedFile(
            path=self._path, wrapped_key=self._wrapped_key, bound_to=self._bound_to, size=self._size
        )
        super().close()
        return self._sealed

    def close(self) -> None:
        """Give up, unless finished: the partial file is removed and its key forgotten."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
            with contextlib.suppress(OSError):
                self._partial.unlink()
        super().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is None and not self.closed:
            self.finish()
        else:
            self.close()

    def _begin(self) -> None:
        if os.path.lexists(self._path):
            raise _unwritable(self._path)
        try:
            self._descriptor = os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except OSError:
            raise _unwritable(self._path) from None

    def _seal_chunk(self, plain: bytes, *, last: int) -> None:
        nonce = _NONCE.pack(self._index, last)
        sealed = self._cipher.encrypt(nonce, plain, self._name + nonce)
        self._ready += _LENGTH.pack(len(sealed))
        self._ready += sealed
        self._index += 1
        self._size += len(plain)
        if not last:
            try:
                self._drain()
            except OSError:
                self.close()
                raise _unwritable(self._path) from None

    def _drain(self) -> None:
        view = memoryview(self._ready)
        while view:
            view = view[os.write(self._descriptor, view) :]
        self._ready = bytearray()


class _ChunkReader(io.RawIOBase):
    """Chunks as a raw readable file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def sweep_partials(folder: Path, *, untouched: float = 0) -> int:
    """Remove what crashes left unfinished under ``folder``; returns how many.

    Args:
        untouched: only files that nobody wrote to for so many seconds; 0 only while nobody writes there.
    """
    until = time.time() - untouched
    found = [path for path in folder.rglob(f"*{PARTIAL}") if path.stat().st_mtime <= until]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _open_chunks(file: BinaryIO, cipher: AESGCM, path: Path) -> Iterator[bytes]:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise _damaged(path)
    name = file.read(_NAME_BYTES)
    index, last = 0, 0
    while not last:
        sealed = _read_chunk(file, path)
        # Only the end of the file can be the last chunk; which of the two it claims is authenticated.
        following = file.read(1)
        last = 0 if following else _LAST
        if following:
            file.seek(-1, os.SEEK_CUR)
        nonce = _NONCE.pack(index, last)
        try:
            yield cipher.decrypt(nonce, sealed, name + nonce)
        except InvalidTag:
            raise _damaged(path) from None
        index += 1


def _read_chunk(file: BinaryIO, path: Path) -> bytes:
    header = file.read(_LENGTH.size)
    if len(header) != _LENGTH.size:
        raise _damaged(path)
    (length,) = _LENGTH.unpack(header)
    if not _TAG_BYTES <= length <= CHUNK_BYTES + _TAG_BYTES:
        raise _damaged(path)
    sealed = file.read(length)
    if len(sealed) != length:
        raise _damaged(path)
    return sealed


def _key_place(bound_to: str) -> str:
    if not bound_to:
        raise ValueError("a sealed file must be bound to what it belongs to")
    return f"sealed-file:{bound_to}"


def _give_name(partial: Path, path: Path) -> None:
    try:
        os.link(partial, path)  # unlike a rename, refuses to replace a file
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        partial.rename(path)
    else:
        partial.unlink()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _damaged(path: Path) -> SealDamagedError:
    return SealDamagedError(place=Place(path=str(path)))


def _unreadable(path: Path) -> SealedFileError:
    return SealedFileError(
        Text("封印ファイルを読めません。", "The sealed file cannot be read."),
        advice=Text(
            "ファイルの有無と権限を確かめ、なければ控えから戻してください。",
            "Check that it is there and may be read; if it is gone, restore it from a backup.",
        ),
        place=Place(path=str(path)),
    )


def _unwritable(path: Path) -> SealedFileError:
    return SealedFileError(
        Text("封印ファイルを書き込めません。", "The sealed file cannot be written."),
        advice=Text(
            "同じ名前のファイルがないこと、フォルダの有無、権限、空き容量を確かめてください。",
            "Check that no file has this name, that the folder exists and may be written, and free space.",
        ),
        place=Place(path=str(path)),
    )
