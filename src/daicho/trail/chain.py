"""The chain's own form: what is hashed, what is signed, and the lines of an export. No Django.

* An entry is hashed as canonical JSON (RFC 8785) of ``actor at event facts organisation prev seq``.
  ``prev`` is the hash of the entry before; the first entry's is `genesis` of the trail's id, so no
  entry can be carried from one trail to another.
* A leaf of the Merkle tree is an entry's hash.
* A checkpoint's statement is canonical JSON of ``at head key number prev root size trail``; ``prev`` is
  the hash of the statement before. It is signed with Ed25519 behind a fixed prefix.

An export is JSON lines. The bytes that are hashed or signed stand in the line as they are, so a
verifier cuts them out and never has to write JSON itself::

    {"header":{…}}
    {"entry":{…},"hash":"…"}
    {"checkpoint":{…},"frontier":"…","signature":"…"}

A checkpoint follows the entry it ends with. Its frontier is not signed but must fold to the signed root; it lets
a verifier go on behind a damaged part.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any, Final

FORMAT: Final = "daicho-trail/1"
SIGNED_PREFIX: Final = b"daicho trail checkpoint v1\n"

#: What a fact may be; nothing else has one canonical form that both JSON writers below agree on.
Fact = str | int | bool | Sequence[str]

# Equal to RFC 8785 for what entries hold: ASCII keys (code point order is UTF-16 order), whole numbers
# within 2**53, no lone surrogates. A test holds it against an independent implementation.
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_quote = encode_basestring


def canonical(value: Mapping[str, Any]) -> bytes:
    """Canonical JSON of a mapping of facts, UTF-8."""
    return _encode(value).encode()


def canonical_facts(facts: Mapping[str, Fact]) -> str:
    """The facts of an entry as they are stored and hashed."""
    return _encode(facts)


def genesis(trail: str) -> str:
    """The ``prev`` of the first entry and of the first checkpoint of a trail."""
    return sha256(b"daicho trail\x00" + trail.encode()).hexdigest()


def instant(at: datetime) -> str:
    """An instant as it is hashed: UTC, microseconds, ``Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entry_bytes(*, seq: int, at: str, event: str, actor: str, organisation: str, facts: str, prev: str) -> bytes:
    """The bytes of an entry that are hashed.

    Args:
        seq: its number, from 1.
        at: as `instant` gives it.
        event: its code.
        actor: the code of who acted.
        organisation: for whom.
        facts: canonical JSON already, as the row keeps it.
        prev: the hash of the entry before.
    """
    return (
        f'{{"actor":{_quote(actor)},"at":{_quote(at)},"event":{_quote(event)},"facts":{facts},'
        f'"organisation":{_quote(organisation)},"prev":{_quote(prev)},"seq":{seq}}}'
    ).encode()


def entry_hash(content: bytes) -> str:
    """The hash of an entry's bytes, hexadecimal."""
    return sha256(content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a checkpoint says: the trail had ``size`` entries, ended with ``head``, and had this root.

    Hashes are hexadecimal; ``at`` as `instant` gives it; ``key`` is the signing key's id.
    """

    trail: str
    number: int
    size: int
    head: str
    root: str
    at: str
    key: str
    prev: str

    def content(self) -> bytes:
        """The bytes that are hashed and, behind the prefix, signed."""
        return canonical({name: getattr(self, name) for name in _STATEMENT})

    def hash(self) -> str:
        """The next checkpoint's ``prev``."""
        return sha256(self.content()).hexdigest()

    @staticmethod
    def parse(content: bytes) -> "Statement":
        """Read a statement.

        Raises:
            ValueError: not the canonical JSON of one.
        """
        found = json.loads(content)
        if not isinstance(found, dict) or set(found) != set(_STATEMENT):
            raise ValueError("not a checkpoint")
        for name, value in found.items():
            if type(value) is not (int if name in {"number", "size"} else str):
                raise ValueError("not a checkpoint")
        statement = Statement(**found)
        if statement.size < 0 or statement.content() != content:
            raise ValueError("not the canonical form")
        return statement


_STATEMENT: Final = ("at", "head", "key", "number", "prev", "root", "size", "trail")

ENTRY_START: Final = b'{"entry":'
HASH_START: Final = b',"hash":"'
CHECKPOINT_START: Final = b'{"checkpoint":'
FRONTIER_START: Final = b',"frontier":"'
SIGNATURE_START: Final = b'","signature":"'
HEADER_START: Final = b'{"header":'
LINE_END: Final = b'"}'
HASH_DIGITS: Final = 64


def header_line(*, trail: str, at: str, entries: int, checkpoints: int) -> bytes:
    """The first line of an export."""
    header = {"at": at, "checkpoints": checkpoints, "entries": entries, "format": FORMAT, "trail": trail}
    return HEADER_START + canonical(header) + b"}\n"


def entry_line(content: bytes, digest: str) -> bytes:
    """The line of an entry, from the bytes that were hashed."""
    return ENTRY_START + content + HASH_START + digest.encode() + LINE_END + b"\n"


def checkpoint_line(content: bytes, *, frontier: bytes, signature: str) -> bytes:
    """The line of a checkpoint, from the bytes that were signed; the signature hexadecimal."""
    return (
        CHECKPOINT_START
        + content
        + FRONTIER_START
        + frontier.hex().encode()
        + SIGNATURE_START
        + signature.encode()
        + LINE_END
        + b"\n"
    )
