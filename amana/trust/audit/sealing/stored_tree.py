"""The tree as it is stored."""

from collections.abc import Iterable

from amana.trust.audit import tree
from amana.trust.audit.models import AuditLeaf, AuditNode
from amana.trust.audit.offline_verifier import HashTree, hash_node

STORED = 8
"""Of each eighth level, the complete nodes are stored: one for every 256 leaves."""


def get_tree_size() -> int:
    last = AuditLeaf.objects.order_by("-position").values_list("position").first()
    return last[0] + 1 if last else 0


class StoredTree:
    """The hashes of the tree in the database, each read once."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], bytes] = {}

    def node(self, level: int, place: int) -> bytes:
        found = self._read.get((level, place))
        if found is None and level % STORED == 0:
            self._fetch(level, place)
            found = self._read[level, place]
        if found is None:
            found = self._read[level, place] = self.made(level, place)
        return found

    def made(self, level: int, place: int) -> bytes:
        left, right = place * 2, place * 2 + 1
        return hash_node(self.node(level - 1, left), self.node(level - 1, right))

    def _fetch(self, level: int, place: int) -> None:
        """Fetch this one and all next to it that have the same stored parent. One
        query.
        """
        start = place >> STORED << STORED
        beside = range(start, start + (1 << STORED))
        rows: Iterable[tuple[int, bytes | memoryview[int]]]
        if level == 0:
            rows = AuditLeaf.objects.filter(
                position__gte=beside.start, position__lt=beside.stop
            ).values_list("position", "hash")
        else:
            rows = AuditNode.objects.filter(
                level=level, place__gte=beside.start, place__lt=beside.stop
            ).values_list("place", "hash")
        self._read |= {(level, at): bytes(hash_) for at, hash_ in rows}


def store_complete_nodes(before: int, size: int) -> None:
    """Store the nodes of each eighth level that have become complete."""
    level = STORED
    while size >> level:
        stored = StoredTree()
        AuditNode.objects.bulk_create(
            [
                AuditNode(level=level, place=place, hash=stored.made(level, place))
                for place in range(before >> level, size >> level)
            ]
        )
        level += STORED


def compute_root(size: int) -> bytes:
    return tree.compute_root(size, StoredTree().node)


def load_right_edge(size: int) -> HashTree:
    """Load the complete parts of the stored tree, from which it grows without being
    read.
    """
    edge, stored = HashTree(), StoredTree()
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            edge.parts.append((1 << level, stored.node(level, edge.size >> level)))
            edge.size += 1 << level
    return edge
