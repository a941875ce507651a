"""The Merkle tree of RFC 6962 over the record: root, frontier, inclusion and consistency."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
_SIZE_BYTES: Final = 8

Hashes = tuple[bytes, ...]


def leaf_hash(body: bytes) -> bytes:
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """What of a tree is needed to append to it: the roots of its full subtrees, largest first."""

    size: int = 0
    hashes: Hashes = ()

    def append(self, leaf: bytes) -> "Frontier":
        kept, node, size = self.hashes, leaf, self.size
        while size & 1:
            node = node_hash(kept[-1], node)
            kept, size = kept[:-1], size >> 1
        return Frontier(self.size + 1, (*kept, node))

    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY_ROOT
        *left, root = self.hashes
        for node in reversed(left):
            root = node_hash(node, root)
        return root

    def to_bytes(self) -> bytes:
        return self.size.to_bytes(_SIZE_BYTES) + b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Frontier":
        """Give the frontier that `to_bytes` stored; ValueError if these bytes are none."""
        size, hashes = int.from_bytes(stored[:_SIZE_BYTES]), stored[_SIZE_BYTES:]
        if len(stored) < _SIZE_BYTES or len(hashes) != HASH_SIZE * size.bit_count():
            raise ValueError(f"{len(stored)} bytes cannot be the frontier of a tree of {size}")
        return cls(
            size,
            tuple(hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)),
        )


class Tree:
    """A whole tree in memory: every proof is then a walk up, not a new computation."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(self._levels[-1]) > 1:
            self._levels.append(_parents(self._levels[-1]))

    @property
    def root(self) -> bytes:
        top = self._levels[-1]
        return top[0] if top else EMPTY_ROOT

    def inclusion(self, index: int) -> Hashes:
        """Give the hashes that lead from a leaf to the root."""
        if not 0 <= index < len(self._levels[0]):
            raise IndexError(f"there is no leaf {index} in a tree of {len(self._levels[0])}")
        return self._path(0, index)

    def consistency(self, old: int) -> Hashes:
        """Give the hashes that show the tree of the first `old` leaves inside this one."""
        if not 0 <= old <= len(self._levels[0]):
            raise IndexError(f"a tree of {len(self._levels[0])} never had {old} leaves")
        if old in {0, len(self._levels[0])}:
            return ()
        level, node = 0, old - 1
        while node & 1:
            level, node = level + 1, node >> 1
        start = (self._levels[level][node],) if node else ()
        return start + self._path(level, node)

    def _path(self, level: int, node: int) -> Hashes:
        path = []
        for row in self._levels[level:]:
            sibling = node ^ 1
            if sibling < len(row):
                path.append(row[sibling])
            node >>= 1
        return tuple(path)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Give the root over these leaf hashes."""
    row = list(leaves)
    while len(row) > 1:
        row = _parents(row)
    return row[0] if row else EMPTY_ROOT


def inclusion_proof(leaves: Sequence[bytes], index: int) -> Hashes:
    """Give the proof that one leaf is in the tree. For many proofs keep a Tree."""
    return Tree(leaves).inclusion(index)


def consistency_proof(leaves: Sequence[bytes], old: int, new: int) -> Hashes:
    """Give the proof that the tree of `new` leaves only added to the tree of `old`."""
    if new > len(leaves):
        raise IndexError(f"a tree of {len(leaves)} has not got {new} leaves")
    return Tree(leaves[:new]).consistency(old)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether the proof leads from this leaf, at this place, to this root.

    RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    node, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            reached = node_hash(sibling, reached)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and reached == root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether the proof leads from the older root to both roots.

    RFC 9162, section 2.1.4.2.
    """
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if not 0 < old < new:
        return False
    # A full old tree is itself the first hash of the path, so the proof leaves it out.
    path = (old_root, *proof) if old.bit_count() == 1 else tuple(proof)
    return bool(path) and _roots_along(path, old, new) == (old_root, new_root)


def _roots_along(path: Hashes, old: int, new: int) -> tuple[bytes, bytes] | None:
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    reached_old = reached_new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            reached_old = node_hash(sibling, reached_old)
            reached_new = node_hash(sibling, reached_new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            reached_new = node_hash(reached_new, sibling)
        node, last = node >> 1, last >> 1
    return (reached_old, reached_new) if last == 0 else None


def _parents(row: list[bytes]) -> list[bytes]:
    paired = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
    return paired + row[len(paired) * 2 :]
