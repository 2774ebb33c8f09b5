"""Epochs of the book: opened once when the server is seen to have gone back in time.

`open_epoch` is a compare and set: two workers that notice at once open one (K9). How it
is noticed is in `server/going_back.py`. May not enter: HTTP.
"""

import logging
import secrets
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from server import incidents
from server.database import new_or_same
from server.keys import Keys
from server.places import Event, epoch_of, place
from server.prepared import NOTHING, Prepared
from server.tables import epoch, fact, head
from sync.envelope import Head
from sync.epochs import Opened, basis_in, lineage_of, opened_text

log_book = logging.getLogger(__name__)

Chance = Callable[[int], bytes]


class Row(NamedTuple):
    """An epoch as its table has it; `seq` is its first position."""

    id: str
    parent: str | None
    fork_position: int
    opened_ms: int
    seq: int | None
    signature: str | None


EPOCHS = Prepared(select(*(epoch.c[name] for name in Row._fields)))


def open_epoch(
    connection: Connection,
    keys: Keys,
    *,
    known: str,
    fork_position: int,
    now_ms: int,
    noticed: str,
    chance: Chance = secrets.token_bytes,
) -> str:
    """Begin a new epoch after `known`, inside one write transaction; its name.

    Up to `fork_position` the book is what it was; whatever any device knows beyond it
    belongs to a history that is lost. If another worker was faster, its epoch is the
    one. `noticed` says how ("restored", or what gave it away).
    """
    name = chance(8).hex()
    mine = update(head).where(head.c.id == 1, head.c.epoch == known).values(epoch=name)
    if not connection.execute(mine).rowcount:
        return epoch_of(connection)
    event = Event(what="epoch", id=name, received_ms=now_ms)
    (at,) = place(connection, [event])
    one = Opened(
        epoch=name, parent=known, fork_position=fork_position, opened_ms=now_ms
    )
    connection.execute(insert(epoch).values(
        id=name, parent=known, fork_position=fork_position, opened_ms=now_ms, seq=at,
        signature=keys.seal(opened_text(one)),
    ))  # fmt: skip
    facts = {"parent": known, "fork_position": fork_position, "noticed": noticed}
    incidents.report(connection, name, incidents.RESTORE, facts, now_ms)
    log_book.error(
        "this server went back in time (%s): epoch %s goes on from position %d of %s; "
        "tablets hand in again what they kept. See `doorstep incidents`.",
        noticed, name, fork_position, known,
    )  # fmt: skip
    return name


def lineage(connection: Connection) -> tuple[Opened, ...]:
    """Every epoch that is known here, the oldest first."""
    rows = [Row(*row) for row in EPOCHS.all(connection, NOTHING)]
    in_turn = sorted(rows, key=lambda row: (row.opened_ms, row.id))
    return tuple(_opened(row) for row in in_turn)


def _opened(row: Row) -> Opened:
    return Opened(
        epoch=row.id, parent=row.parent, fork_position=row.fork_position,
        opened_ms=row.opened_ms, signature=row.signature or "",
    )  # fmt: skip


def learn(connection: Connection, keys: Keys, told: Iterable[Opened]) -> set[str]:
    """Epochs that this server opened and forgot since, as tablets bring them back: only
    its own signature counts. The orders with facts of which more is known by that."""
    known = set(connection.execute(select(epoch.c.id)).scalars())
    new = [one for one in told if one.epoch not in known and _is_ours(keys, one)]
    better: set[str] = set()
    for one in new:
        row = {"id": one.epoch, "parent": one.parent,
               "fork_position": one.fork_position, "opened_ms": one.opened_ms,
               "signature": one.signature}  # fmt: skip
        connection.execute(new_or_same(connection, epoch).values(row))
        better |= _orders_of(connection, one.epoch)
    return better


def _is_ours(keys: Keys, one: Opened) -> bool:
    signed = keys.signed(opened_text(one), one.signature)
    return signed and one.parent is not None


def _orders_of(connection: Connection, name: str) -> set[str]:
    """Orders with facts whose authors knew this epoch. Reads the whole book: tablets
    tell of an epoch before they hand in anything of it, so this is rare and empty."""
    said = fact.c.body.contains(f'"e":"{name}"', autoescape=True)
    return set(connection.execute(select(fact.c.stream).where(said)).scalars())


class Counting:
    """How far the basis of a fact counts at its place in this book (K9).

    It depends on nothing but the book and the epochs that are known, so folding again
    gives the same. A fact of the epoch that its position lies in counts as it stands.
    """

    def __init__(self, connection: Connection) -> None:
        rows = [Row(*row) for row in EPOCHS.all(connection, NOTHING)]
        here = sorted(
            (row.seq or 0, row.id)
            for row in rows
            if row.seq is not None or row.parent is None
        )
        self._starts = [start for start, _ in here]
        self._names = [name for _, name in here]
        self._lineage = lineage_of(map(_opened, rows))

    def epoch_at(self, position: int) -> str:
        """The epoch that this position lies in."""
        return self._names[max(0, bisect_right(self._starts, position) - 1)]

    def basis(self, said: Head, position: int) -> int | None:
        """The basis as it counts; None if it counts as it stands."""
        era = self.epoch_at(position)
        if said.epoch == era:
            return None
        return basis_in(era, said.epoch, said.basis, self._lineage)
