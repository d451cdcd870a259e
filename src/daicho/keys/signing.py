"""Ed25519: the key that signs checkpoints, and the public half an auditor holds. No Django."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from daicho.words.errors import InputError, Place
from daicho.words.text import Text

KEY_ID_BYTES: Final = 8
_PEM: Final = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


class Signer:
    """A private signing key; ``key_id`` is a digest of its public half."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.key_id = key_id_of(self._key.public_key())

    @staticmethod
    def generate() -> "Signer":
        """A fresh key."""
        return Signer(Ed25519PrivateKey.generate().private_bytes_raw())

    def secret(self) -> bytes:
        """The 32 private bytes, for wrapping."""
        return self._key.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self._key.sign(message)

    def public_pem(self) -> str:
        """The public half, PEM."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeys:
    """Public keys by id, and the id of the trail they belong to if the file named one."""

    keys: Mapping[str, Ed25519PublicKey]
    trail: str = ""

    def verifies(self, key_id: str, signature: bytes, message: bytes) -> bool:
        """Whether the key with this id made the signature; False for an unknown id."""
        key = self.keys.get(key_id)
        if key is None:
            return False
        try:
            key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


def key_id_of(key: Ed25519PublicKey) -> str:
    """16 hexadecimal digits: the beginning of SHA-256 of the 32 public bytes."""
    return sha256(key.public_bytes_raw()).digest()[:KEY_ID_BYTES].hex()


def public_keys_of(pems: Iterable[str], *, trail: str = "") -> PublicKeys:
    """Public keys from PEM texts of our own database."""
    return read_public_keys("\n".join(pems).encode(), path="", trail=trail)


def write_public_keys(pems: Iterable[str], *, trail: str) -> str:
    """The JSON form an auditor is given: the trail's id and its keys, oldest first."""
    keys = [{"id": key_id_of(_load(pem.encode())), "pem": pem} for pem in pems]
    return json.dumps({"trail": trail, "keys": keys}, indent=2) + "\n"


def read_public_keys(raw: bytes, *, path: str, trail: str = "") -> PublicKeys:
    """Read one or more PEM blocks, or the JSON of `write_public_keys`.

    Raises:
        InputError: no Ed25519 public key in it.
    """
    try:
        if raw.lstrip().startswith(b"{"):
            document = json.loads(raw)
            trail = str(document.get("trail", trail))
            raw = "\n".join(str(key["pem"]) for key in document["keys"]).encode()
        found = [_load(block) for block in _PEM.findall(raw)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, UnsupportedAlgorithm):
        found = []
    if not found:
        raise InputError(
            Text("証跡の公開鍵ではありません。", "This is not a public key of a trail."),
            advice=Text(
                "daicho trail key が出力したファイル(PEM または JSON)を指定してください。",
                "Give the file that `daicho trail key` printed (PEM or JSON).",
            ),
            place=Place(path=path),
        )
    return PublicKeys(keys={key_id_of(key): key for key in found}, trail=trail)


def _load(pem: bytes) -> Ed25519PublicKey:
    key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError("not Ed25519")
    return key
