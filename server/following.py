"""What changed on a reader's board since a cursor: cards, and what is gone from it.

Changes lie in the sequence of positions, which is that of commits, so that none is ever
stepped over (invariant 10). An order that changes twice comes once. May not enter:
HTTP, writing.
"""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from server import listing, showing
from server.board_tables import order_row
from server.cursors import Cursors, Reader
from server.keys import Keys
from server.prepared import Prepared
from server.running import Promised
from server.showing import Scope
from server.tables import event, fact, head, member, stream
from sync.problems import Refused

AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What is new since the cursor; not `complete`: ask again at once."""

    orders: list[dict[str, Any]]
    gone: list[str]
    cursor: str
    complete: bool


class _Now(NamedTuple):
    """How far the book has come, what lies at the cursor, where the next change is."""

    seq: int
    epoch: str
    fact: str | None
    event: str | None
    next: int | None


_AT: BindParameter[int] = bindparam("at")
_THERE = (
    select(fact.c.id).where(fact.c.seq == _AT).scalar_subquery().label("fact"),
    select(event.c.id).where(event.c.seq == _AT).scalar_subquery().label("event"),
)
_NEXT = select(func.min(stream.c.head)).where(stream.c.head > _AT).scalar_subquery()
LOOK = Prepared(select(head.c.seq, head.c.epoch, *_THERE, _NEXT))
THERE = Prepared(select(*_THERE))


def begin(connection: Connection, keys: Keys, scope: Scope) -> str:
    """The cursor from which a list that is read now goes on."""
    now = _look(connection, 0)
    return _cursor(connection, keys, scope, now.epoch, now.seq)


def changes(
    connection: Connection,
    keys: Keys,
    scope: Scope,
    promised: Promised,
    cursor: str,
    now_ms: int,
) -> Changes:
    """What changed for this reader; refuses a cursor of another reader, or of a history
    that is lost: then the list is read anew."""
    held = Cursors(keys).read(cursor)
    if held is None:
        raise Refused("cursor_unknown")
    now = _look(connection, held.at)
    known = held.saw(now.fact or now.event or "") and held.at <= now.seq
    if held.odd(_reader(scope), now.epoch) or not known:
        raise Refused("cursor_unknown")
    if now.next is None:
        return Changes(orders=[], gone=[], cursor=cursor, complete=True)
    moved = _moved(connection, held.at)
    names = [name for name, _ in moved]
    seen = set(listing.seen(connection, scope, names))
    at = moved[-1][1] if len(moved) == AT_ONCE else now.seq
    return Changes(
        orders=showing.cards(
            connection, scope, promised, [one for one in names if one in seen], now_ms
        ),
        gone=_gone(connection, scope, [one for one in names if one not in seen]),
        cursor=_cursor(connection, keys, scope, now.epoch, at),
        complete=at == now.seq,
    )


def _look(connection: Connection, at: int) -> _Now:
    row = LOOK.first(connection, {"at": at})
    assert row is not None
    return _Now(*row)


def _moved(connection: Connection, at: int) -> list[tuple[str, int]]:
    found = connection.execute(
        select(stream.c.id, stream.c.head).where(stream.c.head > at)
        .order_by(stream.c.head).limit(AT_ONCE)
    )  # fmt: skip
    return [(name, int(reached)) for name, reached in found]


def _gone(connection: Connection, scope: Scope, names: list[str]) -> list[str]:
    """Those of these that once lay there: of whatever never did, nothing is said."""
    if not names or scope.reads_all:
        return []
    given = select(member.c.stream).where(
        member.c.stream.in_(names), member.c.actor == scope.actor
    )
    left = set(connection.execute(given).scalars())
    rows = select(order_row.c.stream, order_row.c.former).where(
        order_row.c.stream.in_(names), order_row.c.former != "[]"
    )
    for name, former in connection.execute(rows):
        if not scope.reads.isdisjoint(json.loads(former)):
            left.add(name)
    return [one.removeprefix("order:") for one in names if one in left]


def _cursor(
    connection: Connection, keys: Keys, scope: Scope, epoch: str, at: int
) -> str:
    there = THERE.first(connection, {"at": at})
    assert there is not None
    name = there[0] or there[1] or ""
    return Cursors(keys).made(_reader(scope), epoch, at, 0, name)


def _reader(scope: Scope) -> Reader:
    """To whom a cursor belongs: of other grants, other orders are seen."""
    return Reader(actor=f"board\n{scope.mark}")
