"""The Merkle tree of RFC 6962 over stored hashes: roots and proofs. Pure.

`node(level, place)` gives the hash over the 2^level leaves that begin at
`place` · 2^level; the module that stores the hashes decides how.
"""

from collections.abc import Callable

from amana.trust.audit.offline_verifier import hash_node

type Node = Callable[[int, int], bytes]


def compute_root(size: int, node: Node) -> bytes:
    """Compute the hash over the first `size` leaves; at least one."""
    return hash_range(0, size, node)


def hash_range(start: int, end: int, node: Node) -> bytes:
    """Compute the hash over the leaves from `start` to before `end`, a part of the
    tree.
    """
    size = end - start
    level = size.bit_length() - 1
    # A full subtree is stored, or made of stored ones: no need to read its leaves.
    if size == 1 << level:
        return node(level, start >> level)
    middle = split(start, end)
    return hash_node(hash_range(start, middle, node), hash_range(middle, end, node))


def split(start: int, end: int) -> int:
    """Find where a tree divides: after the largest power of two smaller than its
    size.
    """
    return start + (1 << ((end - start - 1).bit_length() - 1))


def prove_inclusion(position: int, size: int, node: Node) -> list[bytes]:
    """List the hashes that lead from one leaf to the root (RFC 6962, 2.1.1)."""
    start, end, proof = 0, size, []
    while end - start > 1:
        middle = split(start, end)
        if position < middle:
            proof.append(hash_range(middle, end, node))
            end = middle
        else:
            proof.append(hash_range(start, middle, node))
            start = middle
    return proof[::-1]


def prove_consistency(old: int, new: int, node: Node) -> list[bytes]:
    """List the hashes that show how the old tree begins the new one (RFC 6962,
    2.1.2).
    """
    start, end, proof, is_whole = 0, new, [], True
    if old in (0, new):
        return []
    while end != old:
        middle = split(start, end)
        if old <= middle:
            proof.append(hash_range(middle, end, node))
            end = middle
        else:
            proof.append(hash_range(start, middle, node))
            start, is_whole = middle, False
    if not is_whole:
        proof.append(hash_range(start, end, node))
    return proof[::-1]
