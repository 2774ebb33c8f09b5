"""Merkle trees as RFC 6962 makes them: roots, growing, proofs and their checking.

A device signs the root of each push, so that one fact can be shown to be its own
without showing the others; the server signs the root over its whole book. May not
enter: where leaves lie, who signs, what a leaf says (`sync/heads.py`).
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

WIDTH = 32
EMPTY = hashlib.sha256(b"").digest()
TILE = 8  # levels: every complete subtree over 256, 65,536 … leaves is worth keeping

Range = Callable[[int, int], bytes]  # the root over the leaves from a, up to before b


class Node(NamedTuple):
    """A complete subtree: over the 2**level leaves from `at` * 2**level on."""

    level: int
    at: int
    hash: bytes


class Frontier(NamedTuple):
    """All that is needed to grow a tree: its size, and the roots of the complete
    subtrees that it falls into, the largest first; one for each binary 1 in its size.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    @property
    def root(self) -> bytes:
        """The root over everything so far."""
        if not self.peaks:
            return EMPTY
        *rest, root = self.peaks
        for peak in reversed(rest):
            root = node_hash(peak, root)
        return root


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes; of no leaves, the hash of nothing. Level by
    level: whoever is left without a partner goes up as it is."""
    level = list(leaves) or [EMPTY]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        left_over = level[len(level) & ~1 :]
        level = [hashlib.sha256(b"\1" + a + b).digest() for a, b in pairs] + left_over
    return level[0]


def root_of(ids: Sequence[str]) -> str:
    """The root over fact ids in the sequence in which they were handed in, as hex."""
    return tree_hash([leaf_hash(one.encode()) for one in ids]).hex()


def grown(was: Frontier, leaves: Sequence[bytes]) -> tuple[Frontier, list[Node]]:
    """The tree with these leaf hashes behind it, and the subtrees completed by them
    that are worth keeping (`TILE`). Each leaf costs two hashes on average, however
    large the tree."""
    sha256, peaks, size, done = hashlib.sha256, list(was.peaks), was.size, []
    for leaf in leaves:
        root, level, below = leaf, 0, size
        while below & 1:
            root = sha256(b"\1" + peaks.pop() + root).digest()
            below, level = below >> 1, level + 1
            if not level % TILE:
                done.append(Node(level, below, root))
        peaks.append(root)
        size += 1
    return Frontier(size, tuple(peaks)), done


# Proofs


def inclusion(at: int, size: int, over: Range) -> list[bytes]:
    """The audit path of the leaf at this index in a tree of this size (2.1.1)."""
    return [over(a, b) for a, b in _path(at, 0, size)]


def _path(at: int, first: int, end: int) -> Iterator[tuple[int, int]]:
    """The ranges beside the way from a leaf to the root, the lowest first."""
    if end - first <= 1:
        return
    middle = first + _split(end - first)
    if at < middle:
        yield from _path(at, first, middle)
        yield middle, end
    else:
        yield from _path(at, middle, end)
        yield first, middle


def _split(size: int) -> int:
    """The largest power of two below a size of at least two."""
    return 1 << (size - 1).bit_length() - 1


def consistency(old: int, new: int, over: Range) -> list[bytes]:
    """What shows that the tree of the new size begins with that of the old (2.1.2);
    of an empty or the same tree there is nothing to show."""
    if old in (0, new):
        return []
    return [over(a, b) for a, b in _same(old, 0, new, whole=True)]


def _same(old: int, first: int, end: int, *, whole: bool) -> Iterator[tuple[int, int]]:
    size = end - first
    if old == size:
        if not whole:
            yield first, end
        return
    split = _split(size)
    if old <= split:
        yield from _same(old, first, first + split, whole=whole)
        yield first + split, end
    else:
        yield from _same(old - split, first + split, end, whole=False)
        yield first, first + split


def included(
    leaf: bytes, at: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Is this leaf at this index of the tree with this root? (RFC 9162, 2.1.3.2)"""
    if not 0 <= at < size:
        return False
    place, last, found = at, size - 1, leaf
    for one in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(one, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, one)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def consistent(
    old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Does the new tree begin with the old one? (RFC 9162, 2.1.4.2)"""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY
    whole = old & (old - 1) == 0
    steps = [old_root, *path] if whole else list(path)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for one in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(one, before), node_hash(one, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, one)
        place, last = place >> 1, last >> 1
    return last == 0 and (before, after) == (old_root, new_root)
