"""Noticing that this server went back in time, without anybody telling it (K9, F17).

Devices show what they were shown: places in the book, each under this server's own
seal. If something else lies there now, or the book has not come so far, then a backup
was put back, or a copy of the server lives on somewhere. May not enter: HTTP, what is
done with facts that come back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, bindparam, select, union_all

from server.cursors import Held
from server.epochs import Chance, open_epoch
from server.keys import Keys
from server.prepared import NOTHING, Prepared
from server.tables import epoch, event, fact, head
from server.tree import Reading
from sync.heads import LogHead


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What lay at a place in the book, as a device was shown it; `seen_ms`: when the
    book had come exactly so far, if that is known. `root`: over all up to there."""

    epoch: str
    position: int
    tag: str
    seen_ms: int | None = None
    root: str = ""


HERE = Prepared(select(head.c.seq, head.c.epoch))
LIES_AT = Prepared(union_all(*(
    select(table.c.id).where(table.c.seq == bindparam("at")) for table in (fact, event)
)))  # fmt: skip


def mark_here(connection: Connection, now_ms: int) -> Mark:
    """How far the book has come."""
    here = HERE.first(connection, NOTHING)
    assert here is not None
    position, era = here
    tag = _tag(connection, position)
    return Mark(epoch=era, position=position, tag=tag, seen_ms=now_ms)


def _tag(connection: Connection, at: int) -> str:
    return _tag_of(LIES_AT.value(connection, {"at": at}) or "")


def _tag_of(name: str) -> str:
    """As a cursor has it, so that both can be compared with the book."""
    return sha256(name.encode()).hexdigest()[:12]


def mark_of_cursor(connection: Connection, held: Held) -> Mark | None:
    """What a cursor of the present epoch says lay where it stands."""
    epoch_ = connection.execute(select(head.c.epoch)).scalar_one()
    if sha256(epoch_.encode()).digest()[: len(held.era)] != held.era:
        return None
    return Mark(epoch=epoch_, position=held.at, tag=held.tag.hex())


def contradicted(connection: Connection, mark: Mark) -> bool:
    """Did a device see what this book does not hold, nor know that it lost it?"""
    here = connection.execute(select(head.c.seq, head.c.epoch)).one()
    if mark.epoch == here.epoch:
        return mark.position > here.seq or not _confirmed(connection, mark)
    eras = select(epoch.c.id, epoch.c.opened_ms, epoch.c.seq, epoch.c.parent)
    known = {row.id: row for row in connection.execute(eras)}
    lived = known.get(mark.epoch)
    if lived is not None and (lived.seq is not None or lived.parent is None):
        return False  # an older epoch of this very book
    # It was lost by going back. If that was before the present epoch began, then the
    # present epoch is what came of it, and nothing is new.
    return mark.seen_ms is not None and mark.seen_ms > known[here.epoch].opened_ms


def _confirmed(connection: Connection, mark: Mark) -> bool:
    if mark.root:
        return Reading(connection).root_at(mark.position) == mark.root
    return _tag(connection, mark.position) == mark.tag


def mark_of_head(keys: Keys, head_: LogHead) -> Mark | None:
    """What a head says of the book up to its size; None if this server never signed
    it."""
    if not keys.own.head(head_):
        return None
    return Mark(epoch=head_.epoch, position=head_.size, tag="", seen_ms=head_.at_ms,
                root=head_.root)  # fmt: skip


def notice(
    connection: Connection,
    keys: Keys,
    marks: Sequence[Mark],
    now_ms: int,
    chance: Chance,
) -> bool:
    """Open a new epoch, in a write transaction, if these marks still say that the book
    went back. Whoever notices second finds that it is done."""
    wrong = [one for one in marks if contradicted(connection, one)]
    if not wrong:
        return False
    here = connection.execute(select(head.c.epoch)).scalar_one()
    same = any(one.epoch == here for one in wrong)
    open_epoch(
        connection, keys, known=here, now_ms=now_ms, chance=chance,
        fork_position=fork_position(connection, marks, wrong),
        noticed="marks_differ" if same else "epoch_unknown",
    )  # fmt: skip
    return True


def forgotten(
    connection: Connection, keys: Keys, mark: Mark, now_ms: int, chance: Chance
) -> None:
    """The same for what this book has forgotten although it surely knew it when it had
    come to `mark`."""
    if notice(connection, keys, [mark], now_ms, chance):
        return
    here = connection.execute(select(head.c.epoch)).scalar_one()
    since = select(epoch.c.opened_ms).where(epoch.c.id == here)
    if (mark.seen_ms or 0) <= connection.execute(since).scalar_one():
        return  # forgotten by going back, and that is known
    then = Mark(epoch="", position=0, tag="", seen_ms=mark.seen_ms)
    open_epoch(
        connection, keys, known=here, now_ms=now_ms, chance=chance,
        fork_position=fork_position(connection, [mark], [then]),
        noticed="device_unknown",
    )  # fmt: skip


def fork_position(
    connection: Connection, marks: Sequence[Mark], wrong: Sequence[Mark]
) -> int:
    """Up to where this book is surely what it was before it went back.

    Everything that a mark confirms is; nothing at or above one that fails is. Between
    them the server's own clock decides: the lost book had come beyond all of this when
    a failing mark was made, so whatever came in later came in after going back.
    """
    here = connection.execute(select(head)).one()
    began = connection.execute(
        select(epoch.c.seq).where(epoch.c.id == here.epoch)
    ).scalar()
    present = [one for one in marks if one.epoch == here.epoch]
    right = [one.position for one in present if one not in wrong]
    floor = max([began or 0, *right])
    end = min([here.seq, *(one.position - 1 for one in present if one in wrong)])
    seen = [one.seen_ms for one in wrong if one.seen_ms is not None]
    if not seen or end <= floor:
        return min(floor, end)
    return min(end, _last_before(connection, floor, min(seen), here.seq))


def _last_before(connection: Connection, floor: int, at_ms: int, end: int) -> int:
    """The last position from `floor` on before anything that came in after `at_ms`."""
    later = union_all(*(
        select(table.c.seq).where(table.c.seq > floor, table.c.received_ms > at_ms)
        for table in (fact, event)
    )).subquery()  # fmt: skip
    first = connection.execute(select(later).order_by(later.c.seq).limit(1)).scalar()
    return end if first is None else first - 1
