"""What is told of a review to whoever recorded what it is about, on an order that may
not be theirs any more: the decision, and no word of anybody else's.

May not enter: private values, who is given the order.
"""

from collections.abc import Iterable

from sync.exchange import Settled
from sync.order import Order, Resolution, Review
from sync.plain import but


def settled_for(order: Order, actor: str) -> tuple[Settled, ...]:
    """The decisions about this person's own facts, in the sequence of the reviews."""
    if not order.resolutions:
        return ()
    own = {one.id for one in order.history if one.by == actor}
    ended = {one.review: one for one in order.resolutions}
    return tuple(
        Settled(
            review=one.id, code=one.code,
            facts=tuple(name for name in one.facts if name in own),
            reason=ended[one.id].reason, fact=ended[one.id].fact,
        )
        for one in order.resolved
        if not own.isdisjoint(one.facts)
    )  # fmt: skip


def with_settled(order: Order, told: Iterable[Settled]) -> Order:
    """The order as somebody last held it, with what was decided since."""
    known = {one.review for one in order.resolutions}
    new = [one for one in told if one.review not in known]
    ended = {one.review for one in new}
    return but(
        order,
        reviews=tuple(one for one in order.reviews if one.id not in ended),
        resolved=(*order.resolved, *(
            Review(id=one.review, code=one.code, facts=one.facts) for one in new
        )),
        resolutions=(*order.resolutions, *(
            Resolution(review=one.review, reason=one.reason, fact=one.fact)
            for one in new
        )),
    )  # fmt: skip
