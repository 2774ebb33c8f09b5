"""The desk puts right what a request says: what is not named stays as it was.

A correction is one fact with every value once more and with why it was made, which
whoever goes reads as a word of the desk. What was erased is not said again. May not
enter: HTTP.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine

from server.board import as_order
from server.database import reading
from server.desk import must_be_seen
from server.documents import Text, texts
from server.ledger import Also, Decision, Ledger
from sync.exchange import Receipt
from sync.facts.intake import WHY, Amended
from sync.order import Order, Request
from sync.problems import Refused

OPEN = {"project": "site", "trade": "trade", "priority": "priority",
        "sort": "sort", "channel": "channel"}  # fmt: skip
PRIVATE = ("building", "unit", "room", "owner", "phone", "fault", "remark")


def correct(
    ledger: Ledger,
    engine: Engine,
    changes: Mapping[str, str],
    *,
    stream: str,
    by: str,
    words: str,
    now_ms: int,
    seen: int | None,
    note: Also,
) -> Receipt:
    """The request says this from now on."""
    with reading(engine) as connection:
        said = as_decision(connection, changes, stream, words, seen)
    return ledger.decide([said], by, now_ms, note)[0]


def as_decision(
    connection: Connection,
    changes: Mapping[str, str],
    stream: str,
    words: str,
    seen: int | None = None,
) -> Decision:
    """The correction as a decision, to be stated alone or beside others."""
    held = texts(connection, [stream]).get(stream)
    order = as_order(held.text) if held else Order()
    if held is None or order.request is None:
        raise Refused("not_found")
    if not changes:
        raise Refused("nothing_to_correct")

    def still(now: Order) -> None:
        must_be_seen(now, seen)
        if now.request != order.request:
            raise Refused("version_changed")

    return Decision(
        stream=stream, what=_amended(order.request, changes),
        private=_private(held, order.request, changes) | {WHY: words}, guard=still,
    )  # fmt: skip


def _amended(request: Request, changes: Mapping[str, str]) -> Amended:
    """The request with these changes."""
    said: dict[str, Any] = {
        name: getattr(request, name)
        for name in ("number", "registered_ms", "registered_width_ms", *OPEN.values())
    }
    said |= {OPEN[name]: value for name, value in changes.items() if name in OPEN}
    return Amended(**said)


def _private(
    held: Text, request: Request, changes: Mapping[str, str]
) -> dict[str, str]:
    """Its private values with these changes, as far as they are held."""
    known = {
        name: held.private[commitment][1]
        for name, commitment in request.private.items()
        if commitment in held.private
    }
    return known | {name: text for name, text in changes.items() if name in PRIVATE}
