"""How long what was built is under warranty, from the day a home was handed over (L2).

Years by trade are policy data; days are written 2026-05-01. May not enter: who pays.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from sync.plain import Record
from sync.words import N_

# The national minimum for homes; heating and cooling: two seasons, taken as two years.
# The main structure is for the life that it was designed for, which no table knows.
YEARS: Mapping[str, int] = {
    N_("防水"): 5,
    N_("给排水"): 2,
    N_("电气"): 2,
    N_("暖通"): 2,
    N_("门窗"): 2,
    N_("装修"): 2,
}


class Warranty(Record, frozen=True, kw_only=True):
    """Until which day, itself included, a trade is under warranty in one home."""

    trade: str
    until_day: str


def warranties(handed_over_day: str, years: Mapping[str, int]) -> tuple[Warranty, ...]:
    """Every trade's warranty; none if nobody knows when the home was handed over."""
    if not handed_over_day:
        return ()
    first = date.fromisoformat(handed_over_day)
    return tuple(
        Warranty(trade=trade, until_day=_last_day(first, many).isoformat())
        for trade, many in years.items()
    )


def _last_day(first: date, years: int) -> date:
    """The day before the anniversary; who begins on 29 February has it on 1 March."""
    year = min(first.year + years, date.max.year)
    try:
        again = first.replace(year=year)
    except ValueError:
        again = date(year, 3, 1)
    return again - timedelta(days=1)
