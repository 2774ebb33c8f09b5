"""The board: orders as documents in tables, and who is given them.

All of it can be rebuilt from the facts at any time and comes out the same. Rows of a
stream are only touched under that stream's lock. May not enter: facts being written.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from server import cards
from server.board_tables import order_row
from server.database import new_or_same
from server.epochs import Counting
from server.keys import Keys
from server.places import Event, place
from server.prepared import Prepared
from server.tables import event, fact, member, stream
from server.testimony import moments
from sync.envelope import read
from sync.facts import Kept, understand
from sync.fold import comes_after, fold
from sync.order import Order
from sync.plain import as_json, typed_json
from sync.problems import Refused
from sync.settled import settled_for

PURGE_AFTER_MS = 14 * 86_400_000


_NAMES: BindParameter[list[str]] = bindparam("names", expanding=True)
DOCUMENTS = Prepared(
    select(stream.c.id, stream.c.document).where(stream.c.id.in_(_NAMES))
)
LOCKED = Prepared(
    select(stream.c.id, stream.c.head, stream.c.rev, stream.c.document)
    .where(stream.c.id.in_(_NAMES)).order_by(stream.c.id).with_for_update()
)  # fmt: skip
BLANK = Prepared(lambda connection: new_or_same(connection, stream))
REWRITE = Prepared(update(stream).where(stream.c.id == bindparam("b_id")))
_MEMBERS = select(member.c.stream, member.c.actor, member.c.state).where(
    member.c.stream.in_(_NAMES)
)
MEMBERS = Prepared(_MEMBERS)
MEMBERS_AMONG = Prepared(
    _MEMBERS.where(member.c.actor.in_(bindparam("actors", expanding=True)))
)
ENTER = Prepared(insert(member))
TELL = Prepared(
    update(member)
    .where(member.c.actor == bindparam("b_actor"))
    .where(member.c.stream == bindparam("b_stream"))
    .values(pos=bindparam("to"))
)
MOVE = Prepared(
    update(member)
    .where(member.c.actor == bindparam("b_actor"))
    .where(member.c.stream == bindparam("b_stream"))
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A stream's row, locked."""

    id: str
    head: int
    rev: int
    order: Order


@dataclass(frozen=True, kw_only=True)
class Change:
    """Fresh facts of a locked row, and where its readers find it; `anew` folds it from
    its first fact."""

    row: Row
    to: int
    fresh: tuple[Kept, ...] = ()
    anew: bool = False


def lock(connection: Connection, streams: Iterable[str]) -> dict[str, Row]:
    """Lock these streams in one sequence that everybody keeps; makes what is new."""
    names = sorted(set(streams))
    if not names:
        return {}
    rows = _locked(connection, names)
    if len(rows) < len(names):
        blank = {"head": 0, "rev": 0, "document": "{}"}
        BLANK.run_all(connection, [{"id": name, **blank} for name in names])
        rows = _locked(connection, names)
    return {row.id: row for row in rows}


def _locked(connection: Connection, names: Sequence[str]) -> list[Row]:
    return [
        Row(id=name, head=head, rev=rev, order=as_order(text))
        for name, head, rev, text in LOCKED.all(connection, {"names": names})
    ]


def write(
    connection: Connection, keys: Keys, now_ms: int, changes: Sequence[Change]
) -> dict[str, Order]:
    """Fold fresh facts into locked documents and bring them to their readers."""
    orders = {one.row.id: _folded(connection, keys, one) for one in changes}
    columns = [
        {"b_id": one.row.id, "head": one.to,
         **columns_of(orders[one.row.id], rev=_rev(one))}
        for one in changes
    ]  # fmt: skip
    if columns:
        REWRITE.run_all(connection, columns)
        cards.write(connection, [_rewritten(one, orders) for one in changes])
        _move(connection, now_ms, [(orders[one.row.id], one) for one in changes])
    return orders


def _rewritten(change: Change, orders: Mapping[str, Order]) -> cards.Rewritten:
    name = change.row.id
    return cards.Rewritten(
        stream=name, before=change.row.order, after=orders[name], rev=_rev(change),
        anew=change.anew or not change.fresh,
    )  # fmt: skip


def _folded(connection: Connection, keys: Keys, change: Change) -> Order:
    row = change.row
    if not change.anew and comes_after(row.order, change.fresh):
        return fold(change.fresh, onto=row.order)
    return fold(kept_facts(connection, keys, row.id))


def _rev(change: Change) -> int:
    newest = max((one.position or 0 for one in change.fresh), default=0)
    return max(newest, change.row.rev)


def columns_of(order: Order, rev: int) -> dict[str, Any]:
    """What the board keeps of an order, besides where readers find it."""
    return {
        "rev": rev,
        "number": order.number,
        "stage": order.stage.value,
        "document": as_text(order),
    }


def as_text(order: Order) -> str:
    """A document as it lies in its table."""
    return as_json(order)


@lru_cache(maxsize=4096)
def as_order(text: str) -> Order:
    """The document that lies in its table so; most are asked for again at once."""
    return typed_json(Order, text)


def kept_facts(connection: Connection, keys: Keys, name: str) -> list[Kept]:
    """Everything the ledger holds of a stream, with places and times."""
    rows = connection.execute(
        select(fact.c.body, fact.c.received_ms, fact.c.seq)
        .where(fact.c.stream == name)
        .order_by(fact.c.seq)
    ).all()
    facts = [(understand(read(row.body)), row) for row in rows]
    when = moments(
        connection, keys, {one.id: (one, row.received_ms) for one, row in facts}
    )
    counting = Counting(connection)
    return [
        Kept(fact=one, moment=when[one.id], position=row.seq,
             basis=counting.basis(one.head, row.seq))
        for one, row in facts
    ]  # fmt: skip


def move(connection: Connection, row: Row, to: int, now_ms: int) -> None:
    """Bring a change outside of its facts to everybody who is given the order."""
    connection.execute(update(stream).where(stream.c.id == row.id).values(head=to))
    _move(connection, now_ms, [(row.order, Change(row=row, to=to))])


def _move(
    connection: Connection, now_ms: int, changes: Sequence[tuple[Order, Change]]
) -> None:
    """Give each change to everybody who is given its order, settle who that is. Who is
    out already hears of it if it decides about what they recorded."""
    held = members(connection, [change.row.id for _, change in changes])
    new, moved, told = [], [], []
    for order, change in changes:
        name = change.row.id
        for actor, state in sorted(membership(order).items()):
            before = held.get((name, actor))
            if state == "out" and before == "out":
                if settled_for(order, actor) != settled_for(change.row.order, actor):
                    told.append({"b_actor": actor, "b_stream": name, "to": change.to})
                continue
            entry = {"pos": change.to, "state": state, "reason": "assigned",
                     "purge_ms": None}  # fmt: skip
            if state == "out":
                entry |= {"reason": _why_gone(order),
                          "purge_ms": now_ms + PURGE_AFTER_MS}  # fmt: skip
            if before is None:
                new.append({"actor": actor, "stream": name, **entry})
            else:
                moved.append({"b_actor": actor, "b_stream": name, **entry})
    ENTER.run_all(connection, new)
    MOVE.run_all(connection, moved)
    TELL.run_all(connection, told)


def members(
    connection: Connection, names: Collection[str]
) -> dict[tuple[str, str], str]:
    """Everybody who was ever given one of these orders: (stream, actor) -> in or out of
    its scope now."""
    found = MEMBERS.all(connection, {"names": list(names)})
    return {(name, actor): state for name, actor, state in found}


def membership(order: Order) -> dict[str, str]:
    """Who must be in and who must be out, from the order alone."""
    now = scope(order)
    ever = {one for given in order.assignments for one in given.people}
    if order.found:
        ever.add(order.found.by)
    return {actor: "in" if actor in now else "out" for actor in ever}


def scope(order: Order) -> frozenset[str]:
    """Whose tablets hold this order now (S1)."""
    return order.people if order.open else frozenset()


def _why_gone(order: Order) -> str:
    if order.cancelled:
        return "cancelled"
    if order.merged_into:
        return "merged"
    return "closed" if order.closed else "reassigned"


def ever_members(
    connection: Connection, streams: Iterable[str], actors: Iterable[str]
) -> set[tuple[str, str]]:
    """(stream, actor) of all who were ever given one of these orders."""
    said = {"names": sorted(set(streams)), "actors": sorted(set(actors))}
    rows = MEMBERS_AMONG.all(connection, said)
    return {(name, actor) for name, actor, _ in rows}


def requested(connection: Connection, streams: Iterable[str]) -> set[str]:
    """Those of these orders that somebody has asked for, as far as is known here."""
    rows = DOCUMENTS.all(connection, {"names": sorted(set(streams))})
    return {name for name, text in rows if as_order(text).request}


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
    return None if text is None else as_order(text)


def documents(connection: Connection, names: Sequence[str]) -> dict[str, Order]:
    """These orders as the board has them."""
    rows = DOCUMENTS.all(connection, {"names": list(names)}) if names else []
    return {name: as_order(text) for name, text in rows}


def all_documents(connection: Connection) -> Iterable[Order]:
    """Every order on the board, by number."""
    rows = connection.execute(
        select(stream.c.document).where(stream.c.id.like("order:%"))
        .order_by(stream.c.number, stream.c.id)
    )  # fmt: skip
    for row in rows:
        yield as_order(row.document)


def names(connection: Connection) -> list[str]:
    """Every order on the board."""
    return list(connection.execute(select(stream.c.id).order_by(stream.c.id)).scalars())


def mend(connection: Connection, keys: Keys, name: str) -> bool:
    """Make one order anew from its facts, with its columns and its readers; was any of
    it not what the facts add up to? Then whoever is given it gets it again. No clock is
    asked: it counts as done when the newest thing in the book took place."""
    before = lock(connection, [name])[name]
    kept = kept_facts(connection, keys, name)
    order = fold(kept)
    rev = max((one.position or 0 for one in kept), default=0)
    columns = columns_of(order, rev=rev)
    chosen = stream.c.id == name
    there = connection.execute(select(stream).where(chosen)).mappings().one()
    held = {who: state for (_, who), state in members(connection, [name]).items()}
    wanted = membership(order)
    same = all(there[one] == value for one, value in columns.items())
    if not cards.mend(connection, name, order, rev, kept) and same and held == wanted:
        return False
    connection.execute(update(stream).where(chosen).values(columns))
    now_ms = _newest_ms(connection)
    moved = Event(what="order", id=name, stream=name, received_ms=now_ms)
    connection.execute(
        delete(member).where(
            member.c.stream == name, member.c.actor.in_(held.keys() - wanted.keys())
        )
    )
    row = replace(before, order=order)
    move(connection, row, place(connection, [moved])[0], now_ms)
    return True


def complete(connection: Connection) -> None:
    """Orders of before there were lists get their rows."""
    bare = (
        select(stream.c.id, stream.c.rev, stream.c.document)
        .outerjoin(order_row, order_row.c.stream == stream.c.id)
        .where(order_row.c.stream.is_(None), stream.c.id.like("order:%"))
    )
    found = connection.execute(bare).all()
    cards.write(connection, [
        cards.Rewritten(stream=name, before=Order(), after=as_order(text), rev=rev,
                        anew=True)
        for name, rev, text in found
    ])  # fmt: skip


def _newest_ms(connection: Connection) -> int:
    """When the newest thing in the book took place."""
    latest = (
        connection.execute(
            select(table.c.received_ms).order_by(table.c.seq.desc()).limit(1)
        ).scalar()
        for table in (fact, event)
    )
    return max(one or 0 for one in latest)
