"""Epochs: a server that went back in time counts positions anew from where it stands.

A position means something only with its epoch (K8). Each epoch but the first has a
parent, and up to its fork position its book is the parent's. May not enter: how a
restore is noticed, databases.
"""

from collections.abc import Iterable, Iterator, Mapping

from sync.envelope import MAX_INTEGER
from sync.plain import Record


class Opened(Record, frozen=True, kw_only=True):
    """`epoch.opened`: an epoch as the server signed it, so that whoever verifies the
    book, or comes from a later time, knows where two histories part."""

    epoch: str
    parent: str | None
    fork_position: int
    opened_ms: int
    signature: str = ""


Lineage = Mapping[str, Opened]


def opened_text(one: Opened) -> bytes:
    """What the server signs when it opens an epoch."""
    lines = ("doorstep epoch", one.epoch, one.parent or "-", one.fork_position,
             one.opened_ms)  # fmt: skip
    return "\n".join(map(str, lines)).encode()


def lineage_of(opened: Iterable[Opened]) -> dict[str, Opened]:
    """These epochs by name."""
    return {one.epoch: one for one in opened}


def shared(one: str, other: str, lineage: Lineage) -> int:
    """Up to this position the books of both epochs hold the same; 0 if nothing is known
    of either."""
    mine = dict(_ancestors(one, lineage))
    return max(
        (min(mine[name], upto) for name, upto in _ancestors(other, lineage)
         if name in mine),
        default=0,
    )  # fmt: skip


def _ancestors(name: str, lineage: Lineage) -> Iterator[tuple[str, int]]:
    """The epoch and those before it, each with how far its book is theirs."""
    at: str | None = name
    upto, seen = MAX_INTEGER, set()
    while at is not None and at not in seen:
        yield at, upto
        seen.add(at)
        known = lineage.get(at)
        upto = min(upto, known.fork_position) if known else 0
        at = known.parent if known else None


def basis_in(present: str, epoch: str, basis: int, lineage: Lineage) -> int:
    """How far a basis of this epoch counts in the present one: what an author had seen
    of a history that was lost, nobody has seen here."""
    return min(basis, shared(present, epoch, lineage))
