"""An order as a row of the lists, and the words that it is looked up by.

Written in the transaction that writes its document, and made anew with it. May not
enter: who asks for which rows (`server/listing.py`).
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from server.board_tables import order_row, order_words
from server.prepared import Prepared
from server.sought import sought
from server.tables import private
from sync.card import HOME, LOOKED_UP, card, home_of
from sync.facts import Kept
from sync.order import Order
from sync.plain import as_json

Words = dict[str, dict[str, str]]  # stream -> field -> value


def _over(connection: Connection, table: Table, stays: Collection[str]) -> Any:
    """An INSERT that takes the place of what is there, but for what stays."""
    maker = postgresql if connection.dialect.name == "postgresql" else sqlite
    made = maker.insert(table)
    fresh = {one.name: made.excluded[one.name] for one in table.c}
    return made.on_conflict_do_update(
        index_elements=[*table.primary_key.columns],
        set_={name: value for name, value in fresh.items() if name not in stays},
    )


_NAMES: BindParameter[list[str]] = bindparam("names", expanding=True)
ROWS = Prepared(lambda connection: _over(connection, order_row, {"stream", "former"}))
FORMER = Prepared(
    select(order_row.c.stream, order_row.c.former).where(order_row.c.stream.in_(_NAMES))
)
LEFT = Prepared(update(order_row).where(order_row.c.stream == bindparam("b_stream")))
FORGET = Prepared(delete(order_words).where(order_words.c.stream.in_(_NAMES)))
LEARN = Prepared(insert(order_words))
VALUES = Prepared(
    select(private.c.stream, private.c.commitment, private.c.value)
    .where(private.c.stream.in_(_NAMES))
)  # fmt: skip


def row_of(order: Order, stream: str, rev: int) -> dict[str, Any]:
    """What the lists keep of an order; texts of the field as long as fits."""
    shown, asked = card(order), order.request is not None
    window = shown.appointment
    return {
        "stream": stream,
        "number": shown.number[:64] if shown.number else None,
        "project": project_of(order),
        "former": "[]",
        "sort": shown.sort[:40],
        "trade": shown.trade[:100],
        "priority": shown.priority[:20],
        "stage": shown.stage,
        "open": shown.open and asked,
        "technician": shown.technician[:64] if shown.technician else None,
        "registered_ms": shown.registered_ms,
        "appointment_start_ms": window.start_ms if window else None,
        "appointment_end_ms": window.end_ms if window else None,
        "reviews": len(order.reviews),
        "rework": shown.rework,
        "rev": rev,
        "card": as_json(shown),
    }


def project_of(order: Order) -> str:
    """The project that an order belongs to, as the register names its site."""
    return order.request.site[:200] if order.request else ""


@dataclass(frozen=True, kw_only=True)
class Rewritten:
    """An order that was folded: as it was, as it is; `anew`: its private values may be
    others than they were."""

    stream: str
    before: Order
    after: Order
    rev: int
    anew: bool

    @property
    def words_moved(self) -> bool:
        """Does it have to be looked up by other words?"""
        return self.anew or _told(self.before) != _told(self.after)


def write(connection: Connection, orders: Sequence[Rewritten]) -> None:
    """Keep these orders' rows and words."""
    ROWS.run_all(connection, [row_of(one.after, one.stream, one.rev) for one in orders])
    _remember_projects(connection, orders)
    learn(connection, {one.stream: one.after for one in orders if one.words_moved})


def _remember_projects(connection: Connection, orders: Sequence[Rewritten]) -> None:
    """Whoever saw an order in the project that it leaves is told that it is gone."""
    left = {
        one.stream: (project_of(one.before), project_of(one.after))
        for one in orders
        if project_of(one.before) not in ("", project_of(one.after))
    }
    if not left:
        return
    known = FORMER.all(connection, {"names": list(left)})
    LEFT.run_all(connection, [
        {"b_stream": name, "former": former(json.loads(text), *left[name])}
        for name, text in known
    ])  # fmt: skip


def former(known: Iterable[str], before: str, now: str) -> str:
    """The projects that an order has left, as they lie in their column."""
    return json.dumps(sorted({*known, before} - {now, ""}), ensure_ascii=False)


def learn(connection: Connection, orders: Mapping[str, Order]) -> None:
    """Look these orders up by the private values that are held of their requests, and
    by no others (invariant 35)."""
    if not orders:
        return
    FORGET.run(connection, {"names": [*orders]})
    found = words_of(connection, orders)
    LEARN.run_all(connection, [
        {"stream": name, "field": field, "value": value, "sought": sought(field, value)}
        for name, words in sorted(found.items())
        for field, value in sorted(words.items())
    ])  # fmt: skip


def words_of(connection: Connection, orders: Mapping[str, Order]) -> Words:
    """What each of these orders is to be looked up by."""
    wanted = {
        (name, commitment): field
        for name, order in orders.items()
        for field, commitment in _told(order).items()
        if field in LOOKED_UP
    }
    if not wanted:
        return {}
    found: Words = {}
    rows = VALUES.all(connection, {"names": sorted({name for name, _ in wanted})})
    for name, commitment, value in rows:
        if field := wanted.get((name, commitment)):
            found.setdefault(name, {})[field] = value
    for words in found.values():
        if home := home_of(*(words.get(one, "") for one in HOME), whole=True):
            words["home"] = home
    return found


def mend(
    connection: Connection, name: str, order: Order, rev: int, kept: Sequence[Kept]
) -> bool:
    """Make the row and the words of an order anew; was any of it not right?"""
    held = connection.execute(
        select(order_row).where(order_row.c.stream == name)
    ).mappings().first()  # fmt: skip
    right = row_of(order, name, rev) | {"former": _former(held, order, kept)}
    words = connection.execute(
        select(order_words.c.field, order_words.c.value, order_words.c.sought)
        .where(order_words.c.stream == name)
    )  # fmt: skip
    said = words_of(connection, {name: order}).get(name, {}).items()
    wanted = {(field, value, sought(field, value)) for field, value in said}
    if held == right and {tuple(one) for one in words} == wanted:
        return False
    connection.execute(delete(order_row).where(order_row.c.stream == name))
    connection.execute(insert(order_row).values(right))
    learn(connection, {name: order})
    return True


def _former(held: Mapping[Any, Any] | None, order: Order, kept: Sequence[Kept]) -> str:
    """The projects that it has left: as they were noted, if its facts speak of them."""
    named = (getattr(one.fact.what, "site", "")[:200] for one in kept)
    sites = {*named} - {project_of(order), ""}
    noted = str(held["former"]) if held is not None else ""
    if noted and sites >= {*json.loads(noted)}:
        return noted
    return former(sites, "", project_of(order))


def _told(order: Order) -> Mapping[str, str]:
    """The commitments to what was said when it was asked for."""
    return order.request.private if order.request else {}
