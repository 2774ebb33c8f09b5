"""The same again: a request that was made twice, a repair that did not last (I5).

Both compare the trade within one home, by local days: the day itself is day 0 and the
last day of the window still counts. Without a trade (None) each counts for its own. May
not enter: where orders are kept.
"""

from collections.abc import Iterable

from sync.calendar import Calendar
from sync.plain import Record


class Earlier(Record, frozen=True, kw_only=True):
    """What is known of another order of the same home."""

    stream: str
    trade: str
    registered_ms: int
    open: bool = True  # neither cancelled, closed nor merged
    accepted_ms: int | None = None


def duplicates(
    earlier: Iterable[Earlier],
    trade: str | None,
    now_ms: int,
    days: int,
    calendar: Calendar,
) -> tuple[Earlier, ...]:
    """Open orders of this trade that were asked for within so many days."""
    return tuple(
        one
        for one in earlier
        if one.open
        and one.accepted_ms is None
        and trade in (None, one.trade)
        and is_within(one.registered_ms, now_ms, days, calendar)
    )


def repeats(
    earlier: Iterable[Earlier],
    trade: str | None,
    now_ms: int,
    days: int,
    calendar: Calendar,
) -> tuple[Earlier, ...]:
    """Orders of this trade that were accepted within so many days, newest first: a new
    order for the same is a repeat repair."""
    found = [
        one
        for one in earlier
        if one.accepted_ms is not None
        and trade in (None, one.trade)
        and is_within(one.accepted_ms, now_ms, days, calendar)
    ]
    return tuple(sorted(found, key=lambda one: -(one.accepted_ms or 0)))


def is_within(then_ms: int, now_ms: int, days: int, calendar: Calendar) -> bool:
    """Did it happen today or at most so many local days before?"""
    passed = calendar.local(now_ms)[0] - calendar.local(then_ms)[0]
    return 0 <= passed <= days
