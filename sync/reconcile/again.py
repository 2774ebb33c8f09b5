"""The same home again: asked twice, or a repair that did not last (I5).

The only rules that look beyond one order. May not enter: how homes are found.
"""

from collections.abc import Iterator

from sync.order import Order
from sync.reconcile.case import Pair, Sides, believed
from sync.repeats import is_within


def repeat_unlinked(pair: Pair) -> Sides | None:
    """The same trade in the same home was accepted within the look-back before this
    was asked for, and nobody linked the two (I5)."""
    policy, request = pair.terms.policy, pair.order.request
    if request is None or pair.order.repeats or not _counts(pair.order):
        return None
    for number, other in _same_trade(pair):
        done = accepted_ms(other)
        if done is None or done > request.registered_ms:
            continue
        if is_within(done, request.registered_ms, policy.repeat_days, policy.calendar):
            return Sides(register=pair.row.number, field=number, about=number)
    return None


def duplicate_request(pair: Pair) -> Sides | None:
    """The same trade in the same home was asked for shortly before and was not done
    yet: two numbers for one request (I1). The earlier one is the request."""
    policy, request = pair.terms.policy, pair.order.request
    if request is None or pair.order.repeats or not _counts(pair.order):
        return None
    mine = (request.registered_ms, pair.row.number)
    for number, other in _same_trade(pair):
        asked = other.request
        if asked is None or not _counts(other):
            continue
        done = accepted_ms(other)
        if (asked.registered_ms, number) >= mine:
            continue
        if done is not None and done <= request.registered_ms:
            continue
        days = policy.duplicate_days
        if is_within(asked.registered_ms, request.registered_ms, days, policy.calendar):
            return Sides(register=pair.row.number, field=number, about=number)
    return None


def _same_trade(pair: Pair) -> Iterator[tuple[str, Order]]:
    """Other orders of this home and trade, by number; none for a request that says no
    trade."""
    trade = pair.order.request.trade if pair.order.request else ""
    for number, other in sorted(pair.case.beside.items()):
        linked = {pair.order.stream, pair.order.merged_into} & {
            other.stream, other.merged_into, *other.duplicates,
        }  # fmt: skip
        same = other.request is not None and other.request.trade == trade
        if trade and same and not (linked - {None, ""}):
            yield number, other


def _counts(order: Order) -> bool:
    """Is it a repair that somebody asked for, still stands, and goes on by itself?"""
    asked = order.request.sort if order.request else ""
    return asked in ("", "repair") and not (order.cancelled or order.merged_into)


def accepted_ms(order: Order) -> int | None:
    """The earliest that the owner can have agreed to the work."""
    for one in order.rounds:
        for verdict in one.verdicts:
            if verdict.answer == "accepted" and verdict.moment:
                held = believed(verdict.moment)
                return held.first_ms if held.first_ms is not None else held.end_ms
    return None
