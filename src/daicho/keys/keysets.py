"""Tink keysets: made, wrapped, given a new primary key. The only place that edits a keyset.

Tink's Python package reads keysets but cannot rotate them, so a rotation takes the JSON form,
adds a fresh key and names it primary. The JSON form exists only in memory while this happens.
"""

import json
from enum import StrEnum
from typing import Any, Final

import tink
from tink import aead, json_proto_keyset_format, prf, secret_key_access

aead.register()
prf.register()

_SECRET: Final = secret_key_access.TOKEN


class KeysetName(StrEnum):
    """The keysets of an installation."""

    SEAL = "seal"  # AES256-GCM: values and the data keys of sealed files
    DIGEST = "digest"  # HMAC-SHA256 PRF: look-up of identities
    TRAIL = "trail"  # Ed25519: checkpoints of the trail


_TEMPLATES: Final = {
    KeysetName.SEAL: aead.aead_key_templates.AES256_GCM,
    KeysetName.DIGEST: prf.prf_key_templates.HMAC_SHA256,
}


def new_keyset(name: KeysetName) -> Any:
    """A fresh Tink keyset handle with one key; ``TRAIL`` is not a Tink keyset, see ``signing``."""
    return tink.new_keyset_handle(_TEMPLATES[name])


def with_new_primary(handle: Any, name: KeysetName) -> Any:
    """The same keyset with one more key, which is the new primary; old keys keep reading."""
    keyset = _to_json(handle)
    taken = set(key_ids(handle))
    while True:
        fresh = _to_json(new_keyset(name))
        if fresh["primaryKeyId"] not in taken:  # ids are random 32-bit numbers, so a collision is possible
            break
    keyset["key"].append(fresh["key"][0])
    keyset["primaryKeyId"] = fresh["primaryKeyId"]
    return parse_keyset(json.dumps(keyset))


def only_primary(handle: Any) -> Any:
    """The same keyset without any key but the primary: what the others sealed is unreadable from then on."""
    keyset = _to_json(handle)
    keyset["key"] = [key for key in keyset["key"] if key["keyId"] == keyset["primaryKeyId"]]
    return parse_keyset(json.dumps(keyset))


def key_ids(handle: Any) -> tuple[int, ...]:
    """Ids of the enabled keys, the primary first, then newest to oldest."""
    info = handle.keyset_info()
    others = [key.key_id for key in info.key_info if key.key_id != info.primary_key_id]
    return (info.primary_key_id, *reversed(others))


def parse_keyset(text: str) -> Any:
    """Read a clear keyset in Tink's JSON form; raises ``tink.TinkError`` for anything else."""
    return json_proto_keyset_format.parse(text, _SECRET)


def clear_json(handle: Any) -> str:
    """The keyset with its secrets, in Tink's JSON form: for the key-encryption key's file only."""
    return str(json_proto_keyset_format.serialize(handle, _SECRET))


def _to_json(handle: Any) -> dict[str, Any]:
    keyset: dict[str, Any] = json.loads(clear_json(handle))
    return keyset
