"""What waits for a person, over all orders in a reader's scope, the oldest first.

May not enter: HTTP, what is suggested (`sync/suggestions.py`), deciding.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, tuple_

from server import showing
from server.board import documents
from server.board_tables import order_row
from server.listing import Wanted, matching
from server.running import Promised
from server.showing import Scope
from server.story import called, review_of, span
from server.words import say
from sync.facts import KINDS
from sync.order import Order, Review
from sync.suggestions import DECISIONS, Side, choices, sides, suggested

AT_ONCE = 100  # orders whose documents are read at once

Key = tuple[int, str, str]  # registered, order, review


@dataclass(frozen=True, kw_only=True)
class Found:
    """Reviews that wait; `next`: behind which key the list goes on."""

    reviews: list[dict[str, Any]]
    next: Key | None


def waiting(
    connection: Connection,
    scope: Scope,
    promised: Promised,
    wanted: Wanted,
    code: str | None,
    after: Sequence[Any] | None,
    limit: int,
    now_ms: int,
) -> Found:
    """What waits, of one code if it is said."""
    found: list[tuple[Key, Order, Review]] = []
    for key, order, one in _all(connection, scope, wanted, after):
        if (code is None or one.code == code) and (after is None or key > tuple(after)):
            found.append((key, order, one))
        if len(found) > limit:
            break
    some = found[:limit]
    names = list(dict.fromkeys(order.stream for _, order, _ in some))
    cards = {
        f"order:{one['id']}": one
        for one in showing.cards(connection, scope, promised, names, now_ms)
    }
    people = called(connection, {e.by for _, order, _ in some for e in order.history})
    return Found(
        reviews=[
            _shown(cards[order.stream], order, one, people) for _, order, one in some
        ],
        next=some[-1][0] if len(found) > limit else None,
    )


def _all(
    connection: Connection, scope: Scope, wanted: Wanted, after: Sequence[Any] | None
) -> Iterator[tuple[Key, Order, Review]]:
    """Every review of every order that has some, in the sequence of their keys."""
    row = order_row.c
    key = tuple_(row.registered_ms, row.stream)
    reached = tuple(after[:2]) if after is not None else (-1, "")
    inclusive = True
    while True:
        behind = key >= tuple_(*reached) if inclusive else key > tuple_(*reached)
        rows = connection.execute(
            select(row.registered_ms, row.stream)
            .where(matching(scope, wanted), row.reviews > 0, behind)
            .order_by(row.registered_ms, row.stream)
            .limit(AT_ONCE)
        ).all()
        names = [one.stream for one in rows]
        held = documents(connection, names)
        for registered_ms, name in rows:
            order = held[name]
            for one in sorted(order.reviews, key=lambda review: review.id):
                yield (registered_ms, name, one.id), order, one
        if len(rows) < AT_ONCE:
            return
        reached, inclusive = tuple(rows[-1]), False


def _shown(
    card: Mapping[str, Any], order: Order, one: Review, people: Mapping[str, str]
) -> dict[str, Any]:
    """A review with its order, its two sides and what is suggested about it."""
    entries = order.entries()
    known = [entries[name] for name in one.facts if name in entries]
    return {
        "order": card,
        "review": review_of(one),
        "sides": [_side(side, order, people) for side in sides(order, one)],
        "suggested": suggested(one),
        "choices": {
            key: say(DECISIONS[code], {}) for key, code in choices(order, one).items()
        },
        "position": max((entry.position or 0 for entry in known), default=0),
    }


def _side(side: Side, order: Order, people: Mapping[str, str]) -> dict[str, Any]:
    """The facts of one side, each in a line."""
    entries = order.entries()
    told = [entries[name] for name in side.entries if name in entries]
    return {
        "side": side.side,
        "entries": [entry.id for entry in told],
        "lines": [
            {
                "id": entry.id,
                "kind": entry.kind,
                "label": say(KINDS[entry.kind].label, {}),
                "by": entry.by,
                "name": people.get(entry.by, entry.by),
                "moment": span(entry.moment),
            }
            for entry in told
        ],
    }
