"""Facts in, order out. The only place where an order changes.

The same facts give the same order, whatever sequence they arrive in and however often:
causal order (lamport, log, n) decides, never arrival and never a clock. A fact that
does not fit is applied as far as its kind says and listed: people really did things,
and a dispatcher has to see them.
"""

from collections.abc import Iterable, Iterator
from functools import reduce

from sync.facts.what import Fact, Kept, but
from sync.order import Entry, Order, Review, Stage
from sync.registers import make_room
from sync.reviews import found_by, looked_over, review

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
        name = one.fact.id
        if name in fresh:
            fresh[name] = min(fresh[name], one, key=_keepers_word)
        elif name not in known:
            fresh[name] = one
    order = reduce(step, sorted(fresh.values(), key=causal), onto or Order())
    return but(order, **looked_over(order))


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
    fact, entry = kept.fact, _entry(kept)
    before = make_room(_as_asked_for(order), fact, entry)
    after = but(
        fact.what.change(before, kept),
        stream=fact.head.stream,
        history=(*before.history, entry),
        lamport=min(max(order.lamport, entry.lamport), order.lamport + MOST_LEAP),
    )
    stage = _stage(before, after, fact)
    if stage is Stage.LOGGED and after.request is None:
        stage = Stage.UNKNOWN
    fresh = (*_doubts(before, after, fact), *found_by(after))
    if stage is after.stage and not fresh:
        return after
    return but(after, stage=stage, reviews=(*after.reviews, *fresh))


def _as_asked_for(order: Order) -> Order:
    """Work that is done before its request is known counts as work that was asked for:
    the request may come with any Lamport number."""
    return but(order, stage=Stage.LOGGED) if order.stage is Stage.UNKNOWN else order


def _stage(before: Order, after: Order, fact: Fact) -> Stage:
    """Where the work stands. As long as somebody is in the home it does not fall back,
    whatever the desk decides or a helper says on leaving."""
    stage = fact.what.stage(before, after)
    back = before.stage is Stage.ON_SITE and stage is Stage.DISPATCHED
    if back and any(visit.under_way for visit in after.visits):
        return before.stage
    return stage


def _doubts(before: Order, after: Order, fact: Fact) -> Iterator[Review]:
    """What is odd about this fact by itself, where the order stood then."""
    if code := fact.what.doubt(before, after):
        yield review(code, (fact.id,))
    if fact.head.lamport > before.lamport + MOST_LEAP:
        yield review("lamport_jump", (fact.id,))


def _entry(kept: Kept) -> Entry:
    head = kept.fact.head
    return Entry(
        id=kept.fact.id,
        kind=kept.fact.what.kind,
        by=head.by,
        log=head.log,
        n=head.n,
        lamport=head.lamport,
        basis=kept.knowing,
        position=kept.position,
        moment=kept.moment,
        about=kept.fact.what.about(),
    )
