"""What the desk decides: give an order to somebody, take it back.

Every door of the desk (API, command line) comes through here. May not enter: HTTP,
how facts are kept.
"""

from collections.abc import Sequence

from server.auth import Door
from server.ledger import Decision, Ledger
from sync.exchange import Receipt
from sync.facts.dispatch import Cancelled, Dispatched
from sync.order import Order, Stage
from sync.problems import Refused


def dispatch(
    ledger: Ledger,
    door: Door,
    *,
    stream: str,
    technician: str,
    helpers: Sequence[str],
    by: str,
    words: str,
    now_ms: int,
) -> Receipt:
    """Give an order to a lead technician and helpers; again is a reassignment."""
    for name in (technician, *helpers):
        if door.role_of(name) != "technician":
            raise Refused("person_not_technician", person=name)
    what = Dispatched(technician=technician, helpers=tuple(sorted(set(helpers))))
    decision = Decision(
        stream=stream, what=what, private={"words": words}, guard=_may_dispatch
    )
    return ledger.decide([decision], by, now_ms)[0]


def cancel(
    ledger: Ledger, *, stream: str, reason: str, by: str, words: str, now_ms: int
) -> Receipt:
    """Nobody needs to go any more; who is on the way learns it at the next contact."""
    decision = Decision(
        stream=stream,
        what=Cancelled(reason=reason),
        private={"words": words},
        guard=_may_cancel,
    )
    return ledger.decide([decision], by, now_ms)[0]


def _known(order: Order) -> None:
    if order.request is None:
        raise Refused("not_found")


def _may_dispatch(order: Order) -> None:
    _known(order)
    if order.cancelled is not None:
        raise Refused("order_cancelled", number=order.number)
    if order.stage is Stage.ACCEPTED:
        raise Refused("order_accepted", number=order.number)


def _may_cancel(order: Order) -> None:
    _known(order)
    if order.cancelled is not None:
        raise Refused("already_cancelled", number=order.number)
