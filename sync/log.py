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
    """The root over these leaf hashes; of no leaves, the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = tree_hash(leaves[:split]), tree_hash(leaves[split:])
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(ids: Sequence[str]) -> str:
    """The root over fact ids in the sequence in which they were handed in, as hex."""
    return tree_hash([leaf_hash(one.encode()) for one in ids]).hex()
