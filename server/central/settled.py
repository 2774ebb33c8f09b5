"""What the book says of differences: which decision stands, who sees to them.

A row of a difference repeats it so that lists are quick; it is read off the documents
again at every comparison. May not enter: deciding (`server/central/settling.py`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from server.board import DOCUMENTS, as_order
from server.prepared import evened
from sync.order import Order, Settlement, order_stream
from sync.reconcile.deciding import handled_by, standing

UNSETTLED: Mapping[str, Any] = {
    "decision": None, "choice": None, "reason": None, "settled_by": None,
    "settled_ms": None, "handler": "",
}  # fmt: skip


def home_stream(number: str, order: Order | None) -> str:
    """Where facts about a difference of this number lie: with its order; without one
    where its order will be, so that they are found there once it comes."""
    return order.stream if order is not None else order_stream(number)


def decisions(
    connection: Connection,
    rows: Collection[Mapping[str, Any]],
    orders: Mapping[str, Order],
) -> dict[str, dict[str, Any]]:
    """What the documents say of these differences, by their names."""
    numbers = {row["number"] for row in rows}
    found: dict[str, Order] = {one: orders[one] for one in numbers & orders.keys()}
    other = {
        order_stream(one): one
        for one in numbers
        if one not in orders or orders[one].stream != order_stream(one)
    }
    before = {other[name]: order for name, order in _documents(connection, other)}
    told = {}
    for row in rows:
        number = row["number"]
        held = [one[number] for one in (found, before) if number in one]
        if said := _said(held, row):
            told[row["id"]] = said
    return told


def _documents(
    connection: Connection, names: Iterable[str]
) -> Iterator[tuple[str, Order]]:
    for some in evened(sorted(names)):
        for name, text in DOCUMENTS.all(connection, {"names": some}):
            yield name, as_order(text)


def _said(held: Iterable[Order], row: Mapping[str, Any]) -> dict[str, Any]:
    """Of the first document that says anything."""
    for order in held:
        made = standing(order).get(row["id"])
        handler = handled_by(order, row["number"], row["code"])
        if made is not None or handler:
            return {**UNSETTLED, **columns(made), "handler": handler}
    return {}


def columns(made: Settlement | None) -> dict[str, Any]:
    """A decision as it lies beside its difference."""
    if made is None:
        return {}
    return {
        "decision": made.fact, "choice": made.choice, "reason": made.reason[:40],
        "settled_by": made.by[:64], "settled_ms": made.moment.not_before_ms,
    }  # fmt: skip
