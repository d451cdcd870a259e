from hashlib import sha256

import pytest

from daicho.trail.tree import Tree


def root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, as it is written there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + root_by_definition(leaves[:split]) + root_by_definition(leaves[split:])).digest()


def test_every_root_up_to_300_leaves_is_the_one_of_the_rfc():
    tree = Tree()
    leaves: list[bytes] = []
    for number in range(301):
        assert tree.root() == root_by_definition(leaves)
        leaf = str(number).encode()
        leaves.append(leaf)
        tree.append(leaf)


def test_the_known_root_of_the_published_test_vectors():
    tree = Tree()
    tree.extend(bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243"))
    assert tree.root().hex() == "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 9, 255, 256, 1000])
def test_a_tree_taken_up_again_grows_as_if_never_left(size):
    whole, first = Tree(), Tree()
    leaves = [bytes([number % 251]) for number in range(size + 5)]
    whole.extend(leaves)
    first.extend(leaves[:size])
    again = Tree.restore(size, first.frontier)
    again.extend(leaves[size:])
    assert (again.root(), again.frontier, again.size) == (whole.root(), whole.frontier, whole.size)


@pytest.mark.parametrize(("size", "frontier"), [(1, b""), (0, b"x" * 32), (3, b"x" * 32), (2, b"x" * 31), (-1, b"")])
def test_it_refuses_a_frontier_of_another_size(size, frontier):
    with pytest.raises(ValueError, match="frontier"):
        Tree.restore(size, frontier)
