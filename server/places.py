"""Positions: the one sequence of everything that took place, in commit order.

Whoever takes a position holds the counter until the commit. It is the last lock of
every transaction, after logs and orders, so nobody ever waits in a circle and no reader
steps over a row (invariants 9, 10). May not enter: what is placed.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select, update

from server.tables import head, position


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that gets a position; `what` is fact, quarantine, blob or order."""

    what: str
    id: str
    received_ms: int
    stream: str | None = None
    log: str | None = None
    n: int | None = None


def place(connection: Connection, events: Sequence[Event]) -> list[int]:
    """The positions of these, in this sequence."""
    if not events:
        return []
    first = advance(connection, len(events))
    places = range(first, first + len(events))
    rows = [{"seq": at, **asdict(one)} for at, one in zip(places, events, strict=True)]
    connection.execute(insert(position), rows)
    return list(places)


def advance(connection: Connection, by: int) -> int:
    """The first of the next positions. From here to the commit nobody else has any."""
    taken = (
        update(head).where(head.c.id == 1).values(seq=head.c.seq + by)
        .returning(head.c.seq)
    )  # fmt: skip
    return connection.execute(taken).scalar_one() - by + 1


def epoch_of(connection: Connection) -> str:
    """The name of the epoch that positions are counted in."""
    return connection.execute(select(head.c.epoch)).scalar_one()
