"""How far the book would survive the loss of this server (invariant 7).

Tablets let go of what they kept only up to here, so it moves only after a copy was
opened and seen to be whole, and never goes back within an epoch. May not enter: making
and looking over copies.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from server.database import new_or_same
from server.places import Event, place
from server.prepared import NOTHING, Prepared
from server.tables import backup, durable, head


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A backup that was seen to be whole. It `covers` every position up to that one;
    `apart`: it does not share a disk with the data."""

    name: str
    place: str
    epoch: str
    seq: int
    covers: int
    apart: bool
    root: str
    made_ms: int


def durable_through(connection: Connection) -> int:
    """The highest position that would survive the loss of this server's disk; 0 if
    nothing would. One row by its key: every answer of the exchange asks."""
    return THROUGH.value(connection, NOTHING) or 0


def kept_here(connection: Connection) -> int:
    """The highest position of which any copy was seen to be whole, even one beside the
    data; shown to people, and no reason to let go of anything."""
    return HERE.value(connection, NOTHING) or 0


_PRESENT = head.c.epoch == durable.c.epoch
THROUGH = Prepared(select(durable.c.seq).join(head, _PRESENT))
HERE = Prepared(select(durable.c.here).join(head, _PRESENT))


def note_verified(
    connection: Connection, copy: Copy, now_ms: int, one_is_enough: bool = False
) -> None:
    """This copy was seen to be whole. Free to repeat; the first time takes a position.

    A copy moves its own epoch and no other. Copies on the data's own disk count only
    where the operator said that one place is enough."""
    row = {"name": copy.name, "place": copy.place, "epoch": copy.epoch,
           "seq": copy.seq, "covers": copy.covers, "apart": copy.apart,
           "root": copy.root, "made_ms": copy.made_ms}  # fmt: skip
    new = new_or_same(connection, backup).values(row).returning(backup.c.name)
    is_new = connection.execute(new).first() is not None
    chosen = (backup.c.name == copy.name) & (backup.c.place == copy.place)
    seen = update(backup).where(chosen).values(verified_ms=now_ms, broken_ms=None)
    if is_new:
        place(connection, [Event(what="backup", id=copy.name, received_ms=now_ms)])
    connection.execute(seen)
    _move(connection, copy, copy.apart or one_is_enough)


def _move(connection: Connection, copy: Copy, counts: bool) -> None:
    """Forward, never back."""
    there = select(durable).where(durable.c.epoch == copy.epoch).with_for_update()
    blank = {"epoch": copy.epoch, "seq": 0, "here": 0}
    connection.execute(new_or_same(connection, durable).values(blank))
    held = connection.execute(there).one()
    row = {"here": max(held.here, copy.covers),
           "seq": max(held.seq, copy.covers if counts else 0)}  # fmt: skip
    connection.execute(update(durable).where(durable.c.epoch == copy.epoch).values(row))


def note_broken(connection: Connection, name: str, where: str, now_ms: int) -> None:
    """A copy that was noted is no longer whole. What was promised stays promised."""
    chosen = (backup.c.name == name) & (backup.c.place == where)
    connection.execute(update(backup).where(chosen).values(broken_ms=now_ms))


def note_gone(connection: Connection, name: str, where: str) -> None:
    """A copy was thinned out."""
    chosen = (backup.c.name == name) & (backup.c.place == where)
    connection.execute(backup.delete().where(chosen))
