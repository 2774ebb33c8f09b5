"""What the desk decides: give an order to somebody, take it back, close it, merge it,
look at what facts disagree about.

Every door of the desk (API, command line) comes through here. May not enter: HTTP,
how facts are kept.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from server.auth import Door
from server.ledger import Decision, Ledger
from server.originals import Originals
from sync.envelope import BlobRef
from sync.exchange import Receipt
from sync.facts import What
from sync.facts.approval import Approved
from sync.facts.dispatch import (
    Cancelled,
    Closed,
    Dispatched,
    Reopened,
    ReviewResolved,
)
from sync.facts.intake import DuplicateFound, Merged, Pictured
from sync.media import picture_type
from sync.order import Order, Stage
from sync.problems import Refused


def dispatch(
    ledger: Ledger, door: Door, *, technician: str, helpers: Sequence[str], **how: Any
) -> Receipt:
    """Give an order to a lead technician and helpers; again is a reassignment."""
    for name in (technician, *helpers):
        if door.role_of(name) != "technician":
            raise Refused("person_not_technician", person=name)
    people = tuple(sorted(set(helpers)))
    return decide(ledger, Dispatched(technician=technician, helpers=people), **how)


def cancel(ledger: Ledger, *, reason: str, **how: Any) -> Receipt:
    """Nobody needs to go any more; who is on the way learns it at the next contact."""
    return decide(ledger, Cancelled(reason=reason), **how)


def decide(
    ledger: Ledger,
    what: What,
    *,
    stream: str,
    by: str,
    words: str,
    now_ms: int,
    seen: int | None = None,
    blobs: tuple[BlobRef, ...] = (),
) -> Receipt:
    """State this about an order, if it may be stated as the order stands: refused if
    something came in since the newest position that the person had `seen`."""

    def guard(order: Order) -> None:
        newest = max((one.position or 0 for one in order.history), default=0)
        if seen is not None and seen != newest:
            raise Refused("version_changed")
        _known(order)
        GUARDS[type(what)](order, what)

    private = {"words": words} if "words" in what.private else {}
    one = Decision(stream=stream, what=what, private=private, blobs=blobs, guard=guard)
    return ledger.decide([one], by, now_ms)[0]


def waiting_for_approval(order: Order) -> str:
    """The newest cost on this order that nobody has approved yet (L4)."""
    holds = [one.fact for one in order.holds if one.released is None]
    if not holds:
        raise Refused("nothing_held", number=order.number)
    return holds[-1]


def picture(ledger: Ledger, originals: Originals, data: bytes, **how: Any) -> Receipt:
    """Keep a picture that came with a request: its bytes first, then the fact that
    speaks of them, so that no tablet is told of what is not there (I1)."""
    digest, media = hashlib.sha256(data).hexdigest(), picture_type(data)
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        path = Path(file.name)
        originals.take_in(path, digest, len(data), media, how["now_ms"])
    photo = BlobRef(sha256=digest, bytes=len(data), type=media, role="photo")
    return decide(ledger, Pictured(), blobs=(photo,), **how)


def merge(
    ledger: Ledger, *, stream: str, into: str, by: str, words: str, now_ms: int
) -> Sequence[Receipt]:
    """Two orders for one request: the other one goes on for both; all or nothing."""
    if stream == into:
        raise Refused("merged_with_itself")
    gone = Decision(
        stream=stream, what=Merged(into=into), private={"words": words},
        guard=_may_be_merged,
    )  # fmt: skip
    stays = Decision(
        stream=into, what=DuplicateFound(duplicate=stream), private={},
        guard=_may_go_on,
    )  # fmt: skip
    return ledger.decide([gone, stays], by, now_ms)


def _known(order: Order) -> None:
    if order.request is None:
        raise Refused("not_found")


def _may_dispatch(order: Order, _: What) -> None:
    if order.cancelled is not None:
        raise Refused("order_cancelled", number=order.number)
    if order.closed is not None:
        raise Refused("already_closed", number=order.number)
    if order.stage is Stage.ACCEPTED:
        raise Refused("order_accepted", number=order.number)


def _may_cancel(order: Order, _: What) -> None:
    if order.cancelled is not None:
        raise Refused("already_cancelled", number=order.number)


def _may_close(order: Order, _: What) -> None:
    if order.closed is not None:
        raise Refused("already_closed", number=order.number)
    if any(review.code == "contradiction" for review in order.reviews):
        raise Refused("contradiction_open", number=order.number)


def _may_reopen(order: Order, _: What) -> None:
    if order.closed is None or order.merged_into is not None:
        raise Refused("not_closed", number=order.number)


def _is_waiting(order: Order, what: What) -> None:
    waiting = {one.id for one in order.reviews}
    if isinstance(what, ReviewResolved) and what.review not in waiting:
        raise Refused("not_found")


def _waits(order: Order, what: What) -> None:
    holds = {one.fact for one in order.holds if one.released is None}
    if isinstance(what, Approved) and what.hold not in holds:
        raise Refused("nothing_held", number=order.number)


def _may_be_merged(order: Order) -> None:
    if not order.history:
        raise Refused("not_found")
    if order.merged_into is not None or order.duplicates:
        raise Refused("already_merged", number=order.number)


def _may_go_on(order: Order) -> None:
    _known(order)
    if not order.open:
        raise Refused("order_not_open", number=order.number)


GUARDS: Mapping[type[What], Callable[[Order, What], None]] = {
    Dispatched: _may_dispatch,
    Cancelled: _may_cancel,
    Closed: _may_close,
    Reopened: _may_reopen,
    ReviewResolved: _is_waiting,
    Approved: _waits,
    Pictured: lambda _order, _what: None,
}
