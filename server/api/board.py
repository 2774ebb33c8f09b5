"""The board: orders as cards in lists, and what changed on them.

A list says from which cursor its changes go on; whoever shows it asks for them again
and again, which costs next to nothing as long as nothing changed.
"""

from typing import Any

from server import following, listing, showing
from server.answering import answer, answer_if_new
from server.blueprint import Blueprint
from server.board_shapes import (
    ChangesSchema,
    ListSchema,
    OrdersSchema,
    SinceSchema,
)
from server.database import reading
from server.listing import wanted_by
from server.paging import link_to
from server.parts import the_parts
from server.running import Promised
from server.scoping import the_scope

blp = Blueprint("board", __name__, description="Orders in lists")


@blp.get("/v1/orders")
@blp.arguments(ListSchema, location="query")
@blp.response(200, OrdersSchema)
def orders(asked: dict[str, Any]) -> Any:
    """Orders as cards, a page at a time."""
    parts, scope, now_ms = the_parts(), the_scope(), the_parts().now()
    text, limit = asked.pop("cursor", None), asked.pop("limit")
    wanted = wanted_by(asked)
    after = listing.read_cursor(parts.keys, scope, wanted, text) if text else None
    with reading(parts.engine) as connection:
        begin = following.begin(connection, parts.keys, scope)
        promised = Promised(connection, parts.policy)
        found = listing.page(connection, scope, promised, wanted, after, limit, now_ms)
        cards = showing.cards(connection, scope, promised, found.names, now_ms)
        contacts = showing.contacts(connection)
    next_ = listing.cursor(parts.keys, scope, wanted, found.next)
    said = {"orders": cards, "next": next_, "cursor": begin, "contacts": contacts,
            "as_of_ms": now_ms}  # fmt: skip
    return answer(said, link_to(next_))


@blp.get("/v1/orders/changes")
@blp.arguments(SinceSchema, location="query")
@blp.response(200, ChangesSchema)
@blp.alt_response(304, description="The same as the reader has")
def changes(asked: dict[str, Any]) -> Any:
    """What changed since the cursor; 304 if the answer is the one that was had."""
    parts, now_ms = the_parts(), the_parts().now()
    with reading(parts.engine) as connection:
        promised = Promised(connection, parts.policy)
        news = following.changes(
            connection,
            parts.keys,
            the_scope(),
            promised,
            asked["cursor"],
            now_ms,
        )
        contacts = showing.contacts(connection)
    said = {"orders": news.orders, "gone": news.gone, "cursor": news.cursor,
            "complete": news.complete, "contacts": contacts}  # fmt: skip
    if news.orders:
        return answer({**said, "as_of_ms": now_ms})
    return answer_if_new({**said, "as_of_ms": now_ms}, about=said)
