"""The tree of RFC 6962: roots as others compute them, and proofs that hold."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from amana.trust.audit import tree
from amana.trust.audit.offline_verifier import (
    HashTree,
    hash_leaf,
    hash_node,
    is_consistent,
    is_included,
)

# The eight leaves with which Certificate Transparency's own code is tested, and the
# roots over the first one, two … eight of them.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Nodes:
    """Nodes over leaves in memory; counts how many are asked for."""

    def __init__(self, size):
        self.leaves = [hash_leaf(str(number).encode()) for number in range(size)]

    def __call__(self, level, place):
        if level == 0:
            return self.leaves[place]
        return hash_node(self(level - 1, place * 2), self(level - 1, place * 2 + 1))


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size):
    hashes = [hash_leaf(leaf) for leaf in LEAVES[:size]]

    def node(level, place):
        if level == 0:
            return hashes[place]
        return hash_node(node(level - 1, place * 2), node(level - 1, place * 2 + 1))

    growing = HashTree()
    for leaf in hashes:
        growing.add(leaf)
    assert tree.compute_root(size, node).hex() == growing.root.hex() == ROOTS[size - 1]


def test_an_empty_tree_has_the_root_of_nothing():
    assert HashTree().root == hashlib.sha256(b"").digest()


@given(some.integers(1, 200), some.data())
def test_every_leaf_is_shown_to_be_in_its_place_and_in_no_other(size, data):
    node = Nodes(size)
    position = data.draw(some.integers(0, size - 1))
    other = data.draw(some.integers(0, size - 1))
    proof, root = (
        tree.prove_inclusion(position, size, node),
        tree.compute_root(size, node),
    )

    assert is_included(node(0, position), position, size, proof, root)
    assert len(proof) <= (size - 1).bit_length()
    if other != position:
        assert not is_included(node(0, other), position, size, proof, root)
        assert not is_included(node(0, position), other, size, proof, root)
    assert not is_included(node(0, position), position, size, [*proof, root], root)
    assert not is_included(node(0, position), size, size, proof, root)
    assert not is_included(node(0, position), position, size, proof, bytes(32))


@given(some.integers(1, 200), some.integers(1, 200))
def test_an_older_tree_is_shown_to_begin_a_newer_one(one, another):
    old, new = sorted((one, another))
    node = Nodes(new)
    proof = tree.prove_consistency(old, new, node)
    before, after = tree.compute_root(old, node), tree.compute_root(new, node)

    assert is_consistent(old, new, proof, before, after)
    assert not is_consistent(old, new, proof, bytes(32), after)
    if old < new:
        assert not is_consistent(old, new, proof, before, bytes(32))
        assert not is_consistent(old, new, [], before, after)
        assert not is_consistent(new, old, proof, after, before)
        assert not is_consistent(old, new, [*proof, before], before, after)


def test_a_rewritten_past_has_no_proof_of_consistency():
    node, forged = Nodes(100), Nodes(100)
    forged.leaves[3] = hash_leaf(b"something else")
    proof = tree.prove_consistency(40, 100, forged)

    assert not is_consistent(
        40, 100, proof, tree.compute_root(40, node), tree.compute_root(100, forged)
    )
