"""Vectors of what is told of a review to whoever is not on its order any more."""

import json
from typing import Any

from sync.order import Order
from sync.plain import but, plain, typed
from sync.settled import settled_for, with_settled
from tests.vectors.histories import histories


def settlements() -> Any:
    """Golden histories as somebody held them before anything was decided, each with
    what one person is told since, and what stands there afterwards."""
    found = []
    for place, one in enumerate(histories()):
        order = typed(Order, json.loads(one["order"]))
        held = undecided(order)
        for actor in sorted({each.by for each in order.history}):
            if told := settled_for(order, actor):
                after = with_settled(held, told)
                found.append({
                    "history": place, "told": plain(told),
                    "reviews": plain(after.reviews), "resolved": plain(after.resolved),
                    "resolutions": plain(after.resolutions),
                })  # fmt: skip
    return found


def undecided(order: Order) -> Order:
    return but(
        order, reviews=order.reviews + order.resolved, resolved=(), resolutions=()
    )
