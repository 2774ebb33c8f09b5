"""The board: orders as documents in tables, and who is given them.

All of it can be rebuilt from the facts at any time and comes out the same. Rows of a
stream are only touched under that stream's lock. May not enter: facts being written.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy import func as sql

from server.database import new_or_same
from server.keys import Keys
from server.places import Event, place
from server.tables import fact, member, position, stream
from server.testimony import moments
from sync.envelope import read
from sync.facts import Kept, understand
from sync.fold import comes_after, fold
from sync.order import Order
from sync.plain import plain, typed
from sync.problems import Refused

PURGE_AFTER_MS = 14 * 86_400_000


@dataclass(frozen=True, kw_only=True)
class Row:
    """A stream's row, locked."""

    id: str
    head: int
    rev: int
    order: Order


def lock(connection: Connection, streams: Iterable[str]) -> dict[str, Row]:
    """Lock these streams in one sequence that everybody keeps; makes what is new."""
    names = sorted(set(streams))
    if not names:
        return {}
    blank = {"head": 0, "rev": 0, "document": "{}"}
    connection.execute(
        new_or_same(connection, stream), [{"id": name, **blank} for name in names]
    )
    rows = connection.execute(
        select(stream).where(stream.c.id.in_(names)).order_by(stream.c.id)
        .with_for_update()
    )  # fmt: skip
    return {
        row.id: Row(
            id=row.id, head=row.head, rev=row.rev,
            order=typed(Order, json.loads(row.document)),
        )
        for row in rows
    }  # fmt: skip


def write(
    connection: Connection, keys: Keys, row: Row, fresh: Sequence[Kept], anew: bool
) -> Order:
    """Fold fresh facts into a locked document; `anew` starts from the first fact."""
    if not anew and comes_after(row.order, fresh):
        order = fold(fresh, onto=row.order)
    else:
        order = fold(kept_facts(connection, keys, row.id))
    rev = max((one.position or 0 for one in fresh), default=row.rev)
    columns = _columns(order, rev=max(rev, row.rev))
    connection.execute(update(stream).where(stream.c.id == row.id).values(columns))
    return order


def _columns(order: Order, rev: int) -> dict[str, Any]:
    """What the board keeps of an order, besides where readers find it."""
    return {
        "rev": rev,
        "number": order.number,
        "stage": order.stage.value,
        "document": as_text(order),
    }


def as_text(order: Order) -> str:
    """A document as it lies in its table."""
    return json.dumps(plain(order), ensure_ascii=False, separators=(",", ":"))


def kept_facts(connection: Connection, keys: Keys, name: str) -> list[Kept]:
    """Everything the ledger holds of a stream, with places and times."""
    rows = connection.execute(
        select(fact.c.body, fact.c.received_ms, position.c.seq)
        .join(position, (position.c.id == fact.c.id) & (position.c.what == "fact"))
        .where(fact.c.stream == name)
        .order_by(position.c.seq)
    ).all()
    facts = [(understand(read(row.body)), row) for row in rows]
    when = moments(
        connection, keys, {one.id: (one, row.received_ms) for one, row in facts}
    )
    return [Kept(fact=one, moment=when[one.id], position=row.seq) for one, row in facts]


def move(connection: Connection, name: str, order: Order, to: int, now_ms: int) -> None:
    """Bring a change to everybody who is given the order, and settle who that is."""
    connection.execute(update(stream).where(stream.c.id == name).values(head=to))
    held = members(connection, name)
    for actor, state in sorted(membership(order).items()):
        if state == "in":
            entry = {"pos": to, "state": "in", "reason": "assigned", "purge_ms": None}
        elif held.get(actor) != "out":
            entry = {"pos": to, "state": "out", "reason": _why_gone(order),
                     "purge_ms": now_ms + PURGE_AFTER_MS}  # fmt: skip
        else:
            continue
        _set(connection, name, actor, entry, known=actor in held)


def members(connection: Connection, name: str) -> dict[str, str]:
    """Everybody who was ever given this order: in or out of its scope now."""
    rows = connection.execute(select(member).where(member.c.stream == name))
    return {row.actor: row.state for row in rows}


def membership(order: Order) -> dict[str, str]:
    """Who must be in and who must be out, from the order alone."""
    now = scope(order)
    ever = {one for given in order.assignments for one in given.people}
    return {actor: "in" if actor in now else "out" for actor in ever}


def scope(order: Order) -> frozenset[str]:
    """Whose tablets hold this order now (S1)."""
    if order.assignment is None or order.cancelled is not None:
        return frozenset()
    return order.assignment.people


def _why_gone(order: Order) -> str:
    return "cancelled" if order.cancelled else "reassigned"


def _set(
    connection: Connection, name: str, actor: str, entry: dict[str, Any], known: bool
) -> None:
    if known:
        chosen = (member.c.actor == actor) & (member.c.stream == name)
        connection.execute(update(member).where(chosen).values(entry))
    else:
        connection.execute(insert(member).values(actor=actor, stream=name, **entry))


def ever_members(
    connection: Connection, streams: Iterable[str], actors: Iterable[str]
) -> set[tuple[str, str]]:
    """(stream, actor) of all who were ever given one of these orders."""
    rows = connection.execute(
        select(member.c.stream, member.c.actor).where(
            member.c.stream.in_(sorted(set(streams))),
            member.c.actor.in_(sorted(set(actors))),
        )
    )
    return {(row.stream, row.actor) for row in rows}


def requested(connection: Connection, streams: Iterable[str]) -> set[str]:
    """Those of these orders that somebody has asked for, as far as is known here."""
    rows = connection.execute(
        select(stream.c.id, stream.c.document).where(stream.c.id.in_(set(streams)))
    )
    return {row.id for row in rows if "request" in json.loads(row.document)}


def find(connection: Connection, number: str) -> str | None:
    """The order with this unified number, or the only one whose number ends so."""
    exactly = select(stream.c.id).where(stream.c.number == number)
    if found := connection.execute(exactly).scalar():
        return found
    ending = stream.c.number.endswith(number, autoescape=True)
    ids = connection.execute(select(stream.c.id).where(ending)).scalars().all()
    if len(ids) > 1:
        raise Refused("order_ambiguous", name=number, count=len(ids))
    return ids[0] if ids else None


def document(connection: Connection, name: str) -> Order | None:
    """One order as the board has it; None if nobody knows it."""
    text = connection.execute(
        select(stream.c.document).where(stream.c.id == name)
    ).scalar()
    return None if text is None else typed(Order, json.loads(text))


def all_documents(connection: Connection) -> Iterable[Order]:
    """Every order on the board, by number."""
    rows = connection.execute(
        select(stream.c.document).where(stream.c.id.like("order:%"))
        .order_by(stream.c.number, stream.c.id)
    )  # fmt: skip
    for row in rows:
        yield typed(Order, json.loads(row.document))


def names(connection: Connection) -> list[str]:
    """Every order on the board."""
    return list(connection.execute(select(stream.c.id).order_by(stream.c.id)).scalars())


def mend(connection: Connection, keys: Keys, name: str) -> bool:
    """Make one order anew from its facts, with its columns and its readers; was any of
    it not what the facts add up to? Then whoever is given it gets it again. No clock is
    asked: it counts as done when the newest thing in the book took place."""
    lock(connection, [name])
    newest = select(sql.max(position.c.received_ms))
    now_ms = connection.execute(newest).scalar() or 0
    kept = kept_facts(connection, keys, name)
    order = fold(kept)
    columns = _columns(order, rev=max((one.position or 0 for one in kept), default=0))
    chosen = stream.c.id == name
    there = connection.execute(select(stream).where(chosen)).mappings().one()
    held, wanted = members(connection, name), membership(order)
    if held == wanted and all(there[one] == value for one, value in columns.items()):
        return False
    connection.execute(update(stream).where(chosen).values(columns))
    event = Event(what="order", id=name, stream=name, received_ms=now_ms)
    connection.execute(
        delete(member).where(
            member.c.stream == name, member.c.actor.in_(held.keys() - wanted.keys())
        )
    )
    move(connection, name, order, place(connection, [event])[0], now_ms)
    return True
