"""Hello: what a device shows of the past, and how the server stands.

A device that comes from a history that this server lost gives that away here (K9), and
what it was once vouched for counts again. May not enter: HTTP, identity.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, bindparam, select

from server import incidents, tree, vouchers
from server.backup.durable import durable_through
from server.cursors import Held
from server.database import reading, writing
from server.entry import Entry
from server.epochs import Chance, learn, lineage
from server.going_back import (
    Mark,
    contradicted,
    mark_of_cursor,
    mark_of_head,
    notice,
)
from server.keys import Keys
from server.places import epoch_of
from server.prepared import Prepared
from server.tables import claim, epoch, fact
from server.vouchers import Voucher
from sync.epochs import Opened
from sync.exchange import Claim
from sync.heads import LogHead

MOST_EPOCHS = 20
MOST_BEYOND = 10  # one is enough to know


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a device shows of what it was told: its newest voucher, its cursor, the
    last head, the epochs it has heard of; and after a restore all of its vouchers."""

    newest: Voucher | None = None
    cursor: Held | None = None
    head: LogHead | None = None
    epochs: Sequence[Opened] = ()
    vouchers: Sequence[Voucher] = ()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the book stands, for the answer."""

    epoch: str
    durable_through: int
    voucher: str
    epochs: tuple[Opened, ...]
    incidents: tuple[str, ...]
    standing: tree.Standing


def look_back(
    engine: Engine, keys: Keys, shown: Shown, now_ms: int, chance: Chance
) -> bool:
    """Notice if this server went back in time, and honour what it said before. True if
    it did: then what was erased meanwhile has to be erased again."""
    with reading(engine) as connection:
        marks = _marks(connection, keys, shown)
        back = any(contradicted(connection, one) for one in marks)
        unheard = _unheard(connection, shown.epochs)
    if back or unheard:
        with writing(engine) as connection:
            notice(connection, keys, marks, now_ms, chance)
            if better := learn(connection, keys, unheard):
                Entry(connection, keys, now_ms).enter({}, {}, better)
    if shown.vouchers:
        with writing(engine) as connection:
            vouchers.honour(connection, keys, shown.vouchers, now_ms)
    return back


def _marks(connection: Connection, keys: Keys, shown: Shown) -> list[Mark]:
    at = mark_of_cursor(connection, shown.cursor) if shown.cursor else None
    root = mark_of_head(keys, shown.head) if shown.head else None
    found = (shown.newest.mark if shown.newest else None, at, root)
    return [one for one in found if one]


def _unheard(connection: Connection, told: Sequence[Opened]) -> list[Opened]:
    if not told:
        return []
    known = set(connection.execute(select(epoch.c.id)).scalars())
    return [one for one in told if one.epoch not in known]


def standing(
    engine: Engine,
    keys: Keys,
    device: str,
    claims: Sequence[Claim],
    now_ms: int,
    *,
    for_the_desk: bool,
) -> Standing:
    """How the book stands now; whoever sees to incidents is told of those that are
    open. Where history never parted there is nothing to say of epochs."""
    with reading(engine) as connection:
        known = lineage(connection)
        open_ = incidents.open_names(connection) if for_the_desk else ()
        return Standing(
            epoch=epoch_of(connection),
            durable_through=durable_through(connection),
            voucher=vouchers.vouch(connection, keys, device, claims, now_ms),
            epochs=tuple(one for one in known if one.parent)[-MOST_EPOCHS:],
            incidents=tuple(open_),
            standing=tree.stands(connection),
        )


def behind(engine: Engine, claims: Sequence[Claim]) -> bool:
    """Is more known of the log that a device writes now than it knows itself, or
    something else? Then its data were put back or copied, and it must not go on under
    these numbers (F13, F15)."""
    if not claims:
        return False
    said = claims[-1]
    end = {"log": said.log, "n": said.n}
    with reading(engine) as connection:
        known = (*NOTED.all(connection, end), *KEPT.all(connection, end))
    return any(n > said.n or name != said.tip for n, name in known)


NOTED, KEPT = (
    Prepared(
        select(table.c.n, name).limit(MOST_BEYOND)
        .where(table.c.log == bindparam("log"), table.c.n >= bindparam("n"))
    )
    for table, name in ((claim, claim.c.tip), (fact, fact.c.id))
)  # fmt: skip
