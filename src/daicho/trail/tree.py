"""The Merkle tree of RFC 9162 (2.1), kept as a frontier: enough to append and to know the root.

Leaves are hashed as ``SHA-256(0x00 ‖ leaf)``, nodes as ``SHA-256(0x01 ‖ left ‖ right)``; the tree of
nothing has the root ``SHA-256("")``. The frontier holds the roots of the perfect subtrees, largest
first: one for every 1 bit of the size, so at most 63 hashes for any log.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32


class Tree:
    """A growing tree of which only size and frontier are remembered."""

    __slots__ = ("_frontier", "size")

    def __init__(self) -> None:
        self.size = 0
        self._frontier: list[bytes] = []

    @classmethod
    def restore(cls, size: int, frontier: bytes) -> "Tree":
        """Take up a tree again.

        Raises:
            ValueError: this is not a frontier of a tree of that size.
        """
        if size < 0 or len(frontier) != HASH_BYTES * size.bit_count():
            raise ValueError("the frontier does not belong to a tree of this size")
        tree = cls()
        tree.size = size
        tree._frontier = [frontier[start : start + HASH_BYTES] for start in range(0, len(frontier), HASH_BYTES)]
        return tree

    @property
    def frontier(self) -> bytes:
        """The frontier, 32 bytes a hash, for `restore`."""
        return b"".join(self._frontier)

    def append(self, leaf: bytes) -> None:
        """Add one leaf at the end."""
        node = sha256(b"\x00" + leaf).digest()
        size = self.size
        while size & 1:
            node = sha256(b"\x01" + self._frontier.pop() + node).digest()
            size >>= 1
        self._frontier.append(node)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The root over all leaves, 32 bytes."""
        if not self._frontier:
            return sha256(b"").digest()
        node = self._frontier[-1]
        for left in reversed(self._frontier[:-1]):
            node = sha256(b"\x01" + left + node).digest()
        return node
