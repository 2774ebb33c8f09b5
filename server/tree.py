"""The RFC 6962 tree over everything that took a position.

It grows in the transaction that takes the positions, behind the same lock, so a book
never holds what its tree does not. May not enter: what a leaf says (`sync/heads.py`),
signing.
"""

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update

from server.prepared import NOTHING, Prepared
from server.tables import head, log_leaf, log_node
from sync.log import TILE, WIDTH, Frontier, grown, tree_hash

log_book = logging.getLogger(__name__)

PEAKS = Prepared(select(head.c.peaks))
STANDS = Prepared(select(head.c.seq, head.c.epoch, head.c.peaks))
GROWN = Prepared(update(head).where(head.c.id == 1).values(peaks=bindparam("now")))
LEAVES = Prepared(insert(log_leaf))
NODES = Prepared(insert(log_node))


class Standing(NamedTuple):
    """How far the book has come, and the root over it."""

    epoch: str
    size: int
    root: str


def grow(connection: Connection, first: int, leaves: Sequence[bytes]) -> None:
    """These leaves stand from position `first` on; behind the lock of the counter."""
    if not leaves:
        return
    was = Frontier(first - 1, peaks_in(PEAKS.value(connection, NOTHING)))
    if len(was.peaks) != was.size.bit_count():  # custody comes first; an audit tells
        log_book.error("the tree over the book is torn before position %d", first)
        return
    now, whole = grown(was, leaves)
    LEAVES.run_all(connection, [{"first": first, "hashes": b"".join(leaves)}])
    NODES.run_all(connection, [one._asdict() for one in whole])
    GROWN.run(connection, {"now": peaks_text(now)})


def peaks_in(text: str) -> tuple[bytes, ...]:
    """The roots of the complete subtrees, as they lie in their column."""
    raw = bytes.fromhex(text)
    return tuple(raw[at : at + WIDTH] for at in range(0, len(raw), WIDTH))


def peaks_text(one: Frontier) -> str:
    """The same as text."""
    return b"".join(one.peaks).hex()


def stands(connection: Connection) -> Standing:
    """The tree as this transaction sees it."""
    row = STANDS.first(connection, NOTHING)
    assert row is not None
    size, epoch, peaks = row
    return Standing(epoch, size, _root(size, peaks))


@lru_cache(maxsize=64)
def _root(size: int, peaks: str) -> str:
    return Frontier(size, peaks_in(peaks)).root.hex()


_FIRST = log_leaf.c.first
_START = (
    select(func.max(_FIRST)).where(bindparam("a") >= _FIRST).scalar_subquery()
)  # fmt: skip
BETWEEN = Prepared(
    select(_FIRST, log_leaf.c.hashes)
    .where(func.coalesce(_START, 0) <= _FIRST, bindparam("b") >= _FIRST)
    .order_by(_FIRST)
)
SUBTREES = Prepared(
    select(log_node.c.hash)
    .where(log_node.c.level == bindparam("level"))
    .where(log_node.c.at >= bindparam("a"), log_node.c.at < bindparam("b"))
    .order_by(log_node.c.at)
)


class Reading:
    """The tree in one snapshot, for proofs: `over` is what `sync.log` asks for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._found: dict[tuple[int, int], bytes] = {}

    def over(self, a: int, b: int) -> bytes:
        """The root over the leaves at these indices, in a few hundred hashes at most.
        As in every path, `a` is a multiple of a power of two not below `b - a`."""
        known = self._found.get((a, b))
        if known is None:
            known = self._found[a, b] = tree_hash(self._parts(a, b))
        return known

    def _parts(self, a: int, b: int) -> list[bytes]:
        level = TILE * (((b - a).bit_length() - 1) // TILE) if b > a else 0
        if level == 0:
            return self.leaves(a, b)
        said = {"level": level, "a": a >> level, "b": b >> level}
        whole = [bytes(row[0]) for row in SUBTREES.all(self._connection, said)]
        rest = b >> level << level
        return [*whole, self.over(rest, b)] if rest < b else whole

    def leaves(self, a: int, b: int) -> list[bytes]:
        """The leaves at these indices, as they were when they came in."""
        rows = BETWEEN.all(self._connection, {"a": a + 1, "b": b})
        if not rows or b <= a:
            return []
        start = rows[0][0] - 1
        raw = b"".join(bytes(row[1]) for row in rows)
        places = range((a - start) * WIDTH, (b - start) * WIDTH, WIDTH)
        return [raw[at : at + WIDTH] for at in places]

    def root_at(self, size: int) -> str:
        """The root that the book had when it was so long."""
        return self.over(0, size).hex()
