"""Facts in, order out. The only place where an order changes.

The same facts give the same order, whatever sequence they arrive in and however often:
causal order (lamport, log, n) decides, never arrival and never a clock. A fact that
does not fit is applied as far as its kind says and listed: people really did things,
and a dispatcher has to see them.
"""

from collections.abc import Iterable
from functools import reduce

from sync.facts.what import Kept, but
from sync.order import Doubt, Entry, Order
from sync.reviews import find_reviews

MOST_LEAP = 10_000  # how far one fact may move an order's Lamport number


def causal(kept: Kept) -> tuple[int, str, int, str]:
    """The place of a fact among the others of its order."""
    head = kept.fact.head
    return head.lamport, head.log, head.n, kept.fact.id


def fold(kept: Iterable[Kept], onto: Order | None = None) -> Order:
    """The order that these facts add up to, on top of `onto` if given.

    `onto` must not hold facts that come later than these; see `comes_after`.
    """
    known = {entry.id for entry in onto.history} if onto else set()
    fresh = {one.fact.id: one for one in kept if one.fact.id not in known}
    order = reduce(step, sorted(fresh.values(), key=causal), onto or Order())
    return but(order, reviews=find_reviews(order))


def comes_after(order: Order, kept: Iterable[Kept]) -> bool:
    """May these facts be folded onto the order as it is, without starting anew?"""
    if not order.history:
        return True
    last = order.history[-1]
    reached = (last.lamport, last.log, last.n, last.id)
    return all(causal(one) > reached for one in kept)


def step(order: Order, kept: Kept) -> Order:
    """The order after one more fact."""
    fact = kept.fact
    changed = fact.what.change(order, kept)
    return but(
        changed,
        stream=fact.head.stream,
        stage=fact.what.moves.get(order.stage, order.stage),
        history=(*order.history, _entry(kept)),
        lamport=min(max(order.lamport, fact.head.lamport), order.lamport + MOST_LEAP),
        doubts=(*order.doubts, *_doubts(order, kept)),
    )


def _doubts(order: Order, kept: Kept) -> Iterable[Doubt]:
    what, head = kept.fact.what, kept.fact.head
    if order.stage not in what.fits and order.stage not in what.moves:
        yield Doubt(code="out_of_turn", fact=kept.fact.id)
    if head.lamport > order.lamport + MOST_LEAP:
        yield Doubt(code="lamport_jump", fact=kept.fact.id)


def _entry(kept: Kept) -> Entry:
    head = kept.fact.head
    return Entry(
        id=kept.fact.id,
        kind=kept.fact.what.kind,
        by=head.by,
        log=head.log,
        n=head.n,
        lamport=head.lamport,
        basis=head.basis,
        position=kept.position,
        moment=kept.moment,
    )
