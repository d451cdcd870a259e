"""The ring (鍵束): seals what we keep about people, and makes the digests we look them up by.

No Django, no file, no clock. Sealed bytes are Tink AES256-GCM; ``bound_to`` is authenticated with
them, so that a value copied to another row does not open there. Digests are HMAC-SHA256 cut to
16 bytes over ``kind``, a zero byte, and the folded value: the same text as a name and as an
address gives two unrelated digests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import tink
from tink import aead, prf

from daicho.keys import keysets
from daicho.keys.errors import SealDamagedError
from daicho.words.identity import fold

DIGEST_BYTES: Final = 16
_PREFIX_BYTES: Final = 5  # Tink: 0x01 and the key id, big-endian


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedDigest:
    """A digest and the key that made it; equal digests under different keys say nothing."""

    key_id: int
    value: bytes

    @property
    def hex(self) -> str:
        """32 small hexadecimal digits."""
        return self.value.hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class RingKeys:
    """The two opened keysets of a ring (Tink handles)."""

    seal: Any
    digest: Any


class Ring:
    """The live keys of an installation.

    Ask `daicho.keys.queries.ring` once per action and hand it down: asking notices a rotation by
    another process, a ring kept for long does not (it still opens what newer keys sealed).
    """

    def __init__(self, keys: RingKeys, *, reload: Callable[[], RingKeys] | None = None) -> None:
        self._reload = reload
        self._take(keys)

    def _take(self, keys: RingKeys) -> None:
        seal_ids, digest_ids = keysets.key_ids(keys.seal), keysets.key_ids(keys.digest)
        functions = keys.digest.primitive(prf.PrfSet).all()
        self._seal_ids = frozenset(seal_ids)
        self._aead = keys.seal.primitive(aead.Aead)
        self._digest_functions = tuple((key_id, functions[key_id]) for key_id in digest_ids)

    @property
    def digest_key_ids(self) -> tuple[int, ...]:
        """Ids of the live digest keys, the primary first."""
        return tuple(key_id for key_id, _ in self._digest_functions)

    def seal(self, plaintext: bytes, *, bound_to: str) -> bytes:
        """Encrypt with the primary key; 33 bytes longer than the plaintext.

        Args:
            plaintext: any bytes, also none.
            bound_to: where the sealed bytes live (``"request:R-2026-0001/applicant"``); needed to open them again.
        """
        return bytes(self._aead.encrypt(plaintext, _bound(bound_to)))

    def unseal(self, sealed: bytes, *, bound_to: str) -> bytes:
        """Open what `seal` made, by whichever live key.

        Raises:
            SealDamagedError: changed, cut, bound to something else, or the key is gone.
        """
        sealed = bytes(sealed)  # SQLite and PostgreSQL hand binary columns over as memoryview
        key_id = int.from_bytes(sealed[1:_PREFIX_BYTES], "big")
        if key_id not in self._seal_ids and self._reload is not None:
            self._take(self._reload())
        try:
            return bytes(self._aead.decrypt(sealed, _bound(bound_to)))
        except tink.TinkError:
            raise SealDamagedError from None

    def digest(self, kind: str, value: str) -> KeyedDigest:
        """The digest to store for a new identity: under the primary key.

        Args:
            kind: a kind of `daicho.words.identity`.
            value: as written; folded here.
        """
        return self.digest_folded(kind, fold(kind, value))

    def digest_folded(self, kind: str, folded: str) -> KeyedDigest:
        """As `digest`, for a value that `daicho.words.identity.fold` already folded."""
        key_id, function = self._digest_functions[0]
        return KeyedDigest(key_id=key_id, value=bytes(function.compute(_identity(kind, folded), DIGEST_BYTES)))

    def digests(self, kind: str, value: str) -> tuple[KeyedDigest, ...]:
        """The digests to look a value up by: one per live key, the primary's first."""
        return self.digests_folded(kind, fold(kind, value))

    def digests_folded(self, kind: str, folded: str) -> tuple[KeyedDigest, ...]:
        """As `digests`, for a value already folded."""
        identity = _identity(kind, folded)
        return tuple(
            KeyedDigest(key_id=key_id, value=bytes(function.compute(identity, DIGEST_BYTES)))
            for key_id, function in self._digest_functions
        )


def _bound(bound_to: str) -> bytes:
    if not bound_to:
        raise ValueError("sealed bytes must be bound to a place")
    return bound_to.encode()


def _identity(kind: str, folded: str) -> bytes:
    if not kind or "\x00" in kind or not folded:
        raise ValueError("a digest needs a kind and a value: an empty value would match every other empty one")
    return f"{kind}\x00{folded}".encode()
