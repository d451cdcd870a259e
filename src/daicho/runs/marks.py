"""Names for rows and cells that a human decides on: stable, and telling nothing about the key."""

import json

from daicho.keys.ring import Ring
from daicho.stores.plan import Key


def row_mark(ring: Ring, store: str, table: str, key: Key) -> str:
    """16 hexadecimal digits: a keyed digest of store, table and key, cut to 8 bytes."""
    text = json.dumps([store, table, list(key)], ensure_ascii=False, default=str)
    return ring.digest_folded("row", text).value[:8].hex()
