"""Positions: the one sequence of everything that took place, in commit order.

Whoever takes a position holds the counter until the commit. It is the last lock of
every transaction, after logs and orders, so nobody ever waits in a circle and no reader
steps over a row (invariants 9, 10). May not enter: what is placed.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from server import tree
from server.prepared import NOTHING, Prepared
from server.tables import event, head
from sync.heads import event_leaf

EPOCH = Prepared(select(head.c.epoch))
ADVANCE = Prepared(
    update(head).where(head.c.id == 1)
    .values(seq=head.c.seq + bindparam("by")).returning(head.c.seq)
)  # fmt: skip
HAPPENED = Prepared(insert(event))


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something besides a fact that gets a position; `what` says of which sort."""

    what: str
    id: str
    received_ms: int
    stream: str | None = None


def place(connection: Connection, events: Sequence[Event]) -> list[int]:
    """The positions of these, in this sequence."""
    if not events:
        return []
    first = advance(connection, len(events))
    note(connection, first, events)
    return list(range(first, first + len(events)))


def note(connection: Connection, first: int, events: Sequence[Event]) -> None:
    """Write these down at positions that were taken for them."""
    rows = [{"seq": at, **asdict(one)} for at, one in enumerate(events, first)]
    HAPPENED.run_all(connection, rows)
    tree.grow(connection, first, [
        event_leaf(one.what, one.id, one.stream, one.received_ms) for one in events
    ])  # fmt: skip


def advance(connection: Connection, by: int) -> int:
    """The first of the next positions. From here to the commit nobody else has any."""
    reached: int = ADVANCE.value(connection, {"by": by})
    return reached - by + 1


def epoch_of(connection: Connection) -> str:
    """The name of the epoch that positions are counted in."""
    return str(EPOCH.value(connection, NOTHING))
