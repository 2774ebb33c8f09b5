"""Whose tablet holds what the desk decided: a cursor that comes back says so (P6).

A tablet hands in a cursor after it has kept the page that the cursor came with. Noted
once for each time that an order is given to somebody; the board learns of it like of
everything else. May not enter: HTTP, whether a person has looked.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    Connection,
    Engine,
    and_,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from server import board
from server.board_tables import acknowledged, order_row
from server.cursors import Cursors, Reader
from server.cursors import Held as Said
from server.database import reading, writing
from server.keys import Keys
from server.places import Event, epoch_of, place
from server.prepared import Prepared
from server.tables import event, fact, member, stream
from sync.access import Grants
from sync.card import Card

WHAT = "shown"  # the event that brings it to the board

_READ = msgspec.json.Decoder(Card)
_AT = bindparam("at", type_=member.c.pos.type)
_ME = bindparam("device", type_=member.c.actor.type)
# Orders before the cursor that this tablet is not known to hold, or to be rid of.
_NEWS = Prepared(
    select(
        member.c.stream, member.c.pos, member.c.state, order_row.c.card,
        acknowledged.c.position,
    )
    .join(order_row, order_row.c.stream == member.c.stream)
    .outerjoin(acknowledged, and_(
        acknowledged.c.stream == member.c.stream,
        acknowledged.c.actor == member.c.actor, acknowledged.c.device == _ME,
    ))
    .where(member.c.actor == bindparam("actor"), member.c.pos <= _AT)
    .where(func.coalesce(acknowledged.c.position, -1) < member.c.pos)
)  # fmt: skip
_THERE = Prepared(
    select(
        select(fact.c.id).where(fact.c.seq == _AT).scalar_subquery(),
        select(event.c.id).where(event.c.seq == _AT).scalar_subquery(),
    )
)


class Tablet(NamedTuple):
    """A tablet in somebody's hands, with what it came back with."""

    device: str
    actor: str
    grants: Grants
    cursor: str


class Held(NamedTuple):
    """An order that a tablet holds as of a position, or is rid of; `news` if its board
    says otherwise."""

    stream: str
    position: int
    news: bool


def note_held(engine: Engine, keys: Keys, tablet: Tablet, now_ms: int) -> None:
    """A tablet comes back for more: note what it holds by that."""
    said = Cursors(keys).read(tablet.cursor)
    if said is None:
        return
    with reading(engine) as connection:
        found = _news(connection, tablet, said)
    if found:
        with writing(engine) as connection:
            _note(connection, tablet, found, now_ms)


def _news(connection: Connection, tablet: Tablet, said: Said) -> list[Held]:
    """What this cursor proves and is not known yet; nothing if it is odd."""
    if said.odd(Reader.of(tablet.actor, tablet.grants), epoch_of(connection)):
        return []
    asked = {"actor": tablet.actor, "device": tablet.device, "at": said.at}
    found = []
    for name, pos, state, card, known in _NEWS.all(connection, asked):
        given = {one.actor: one.position for one in _READ.decode(card).given}
        waits = given.get(tablet.actor, -1) > (-1 if known is None else known)
        out = state == "out"
        if out or waits or known is None:
            found.append(Held(name, pos, waits and not out))
    if not found:
        return []
    there = _THERE.first(connection, {"at": said.at}) or (None, None)
    return found if said.saw(there[0] or there[1] or "") else []


def _note(
    connection: Connection, tablet: Tablet, held: Sequence[Held], now_ms: int
) -> None:
    """It holds these; where a board says that it does not, that is brought up to
    date."""
    news = sorted(one.stream for one in held if one.news)
    board.lock(connection, news)
    mine = {"actor": tablet.actor, "device": tablet.device, "heard_ms": now_ms}
    rows = [
        {"stream": one.stream, "position": one.position, **mine} for one in sorted(held)
    ]
    connection.execute(_further(connection), rows)
    events = [
        Event(what=WHAT, id=tablet.device, stream=name, received_ms=now_ms)
        for name in news
    ]
    for name, place_ in zip(news, place(connection, events), strict=True):
        moved = update(stream).where(stream.c.id == name).values(head=place_)
        connection.execute(moved)


def _further(connection: Connection) -> Any:
    """An INSERT that moves a position on, and never back."""
    maker = postgresql if connection.dialect.name == "postgresql" else sqlite
    table = acknowledged
    made = maker.insert(table)
    fresh = {name: made.excluded[name] for name in ("position", "heard_ms")}
    return made.on_conflict_do_update(
        index_elements=[*table.primary_key.columns],
        set_=fresh,
        where=table.c.position < made.excluded.position,
    )
