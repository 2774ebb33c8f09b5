"""Merkle trees over fact ids, as RFC 6962 makes them.

A device signs the root of each push, so that one fact can be shown to be its own
without showing the others. May not enter: where facts lie, who signs.
"""

import hashlib
from collections.abc import Sequence


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\0" + data).digest()


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes; of no leaves, the hash of nothing. Level by
    level: whoever is left without a partner goes up as it is."""
    level = list(leaves) or [hashlib.sha256(b"").digest()]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        left_over = level[len(level) & ~1 :]
        level = [hashlib.sha256(b"\1" + a + b).digest() for a, b in pairs] + left_over
    return level[0]


def root_of(ids: Sequence[str]) -> str:
    """The root over fact ids in the sequence in which they were handed in, as hex."""
    return tree_hash([leaf_hash(one.encode()) for one in ids]).hex()
