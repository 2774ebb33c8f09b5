"""Facts in, order out. The only place where an order changes.

The same facts give the same order, whatever sequence they arrive in and however often:
causal order (lamport, log, n) decides, never arrival and never a clock. A fact that
does not fit is applied as far as its kind says and listed: people really did things,
and a dispatcher has to see them.
"""

from collections.abc import Iterable
from functools import reduce

from sync.facts.what import Fact, Kept, but
from sync.order import Doubt, Entry, Order, Stage
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
    fresh: dict[str, Kept] = {}
    for one in kept:
        if one.fact.id not in known:
            name = one.fact.id
            fresh[name] = min(fresh.get(name, one), one, key=_keepers_word)
    order = reduce(step, sorted(fresh.values(), key=causal), onto or Order())
    return but(order, reviews=find_reviews(order))


def _keepers_word(kept: Kept) -> tuple[bool, int, str]:
    """Of two words about one fact: the ledger's before a tablet's own."""
    return kept.position is None, kept.position or 0, repr(kept.moment)


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
    after = but(
        fact.what.change(order, kept),
        stream=fact.head.stream,
        history=(*order.history, _entry(kept)),
        lamport=min(max(order.lamport, fact.head.lamport), order.lamport + MOST_LEAP),
    )
    return but(
        after,
        stage=_stage(order, after, fact),
        doubts=(*order.doubts, *_doubts(order, after, fact)),
    )


def _stage(before: Order, after: Order, fact: Fact) -> Stage:
    """Where the work stands. As long as somebody is in the home it does not fall back,
    whatever the desk decides or a helper says on leaving."""
    stage = fact.what.stage(before, after)
    back = before.stage is Stage.ON_SITE and stage is Stage.DISPATCHED
    if back and any(visit.under_way for visit in after.visits):
        return before.stage
    return stage


def _doubts(before: Order, after: Order, fact: Fact) -> Iterable[Doubt]:
    if code := fact.what.doubt(before, after):
        yield Doubt(code=code, fact=fact.id)
    if fact.head.lamport > before.lamport + MOST_LEAP:
        yield Doubt(code="lamport_jump", fact=fact.id)


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
        about=kept.fact.what.about(),
    )
