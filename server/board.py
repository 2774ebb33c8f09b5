"""The board: orders as documents in tables, and who is given them.

All of it can be rebuilt from the facts at any time and comes out the same. Rows of a
stream are only touched under that stream's lock. May not enter: facts being written.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.keys import Keys
from server.tables import fact, member, position, stream
from server.testimony import moments
from sync.envelope import read
from sync.facts import Kept, understand
from sync.fold import comes_after, fold
from sync.order import Order
from sync.plain import plain, typed

PURGE_AFTER_MS = 14 * 86_400_000


@dataclass(frozen=True, kw_only=True)
class Row:
    """A stream's row, locked."""

    id: str
    head: int
    rev: int
    order: Order


def new_or_same(connection: Connection, table: Any) -> Any:
    """An INSERT that leaves what is there; the same words on both databases."""
    maker = postgresql if connection.dialect.name == "postgresql" else sqlite
    return maker.insert(table).on_conflict_do_nothing()


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
    _put(connection, row.id, order, rev=max(rev, row.rev))
    return order


def _put(connection: Connection, name: str, order: Order, rev: int) -> None:
    connection.execute(
        update(stream).where(stream.c.id == name).values(
            rev=rev,
            number=order.number,
            stage=order.stage.value,
            document=as_text(order),
        )
    )  # fmt: skip


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
    wanted = scope(order)
    held = {
        row.actor: row.state
        for row in connection.execute(select(member).where(member.c.stream == name))
    }
    for actor in sorted(wanted):
        entry = {"pos": to, "state": "in", "reason": "assigned", "purge_ms": None}
        _set(connection, name, actor, entry, known=actor in held)
    for actor in sorted(held.keys() - wanted):
        if held[actor] == "in":
            gone = {"pos": to, "state": "out", "reason": _why_gone(order),
                    "purge_ms": now_ms + PURGE_AFTER_MS}  # fmt: skip
            _set(connection, name, actor, gone, known=True)


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


def find(connection: Connection, number: str) -> str | None:
    """The stream of the order with this unified number."""
    return connection.execute(
        select(stream.c.id).where(stream.c.number == number)
    ).scalar()


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


def rebuild(connection: Connection, keys: Keys) -> list[str]:
    """Fold every order anew from its facts; the streams whose documents were not what
    their facts add up to (there should be none)."""
    names = connection.execute(select(stream.c.id).order_by(stream.c.id)).scalars()
    changed = []
    for name in names.all():
        row = lock(connection, [name])[name]
        order = fold(kept_facts(connection, keys, name))
        if as_text(order) != as_text(row.order):
            changed.append(name)
            _put(connection, name, order, rev=row.rev)
    return changed
