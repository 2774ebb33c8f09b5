"""Epochs of the book: opened once when the server is seen to have gone back in time.

`open_epoch` is a compare and set: two workers that notice at once open one (K9). May
not enter: HTTP; what is done about it (`server/incidents.py`).
"""

import logging
import secrets
from collections.abc import Callable

from sqlalchemy import Connection, insert, select, update

from server import incidents
from server.keys import Keys
from server.places import Event, epoch_of, place
from server.tables import epoch, head
from sync.epochs import Opened, opened_text

log_book = logging.getLogger(__name__)

Chance = Callable[[int], bytes]


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
    rows = connection.execute(select(epoch).order_by(epoch.c.opened_ms, epoch.c.id))
    return tuple(
        Opened(
            epoch=row.id, parent=row.parent, fork_position=row.fork_position,
            opened_ms=row.opened_ms, signature=row.signature or "",
        )
        for row in rows
    )  # fmt: skip
