"""Who is told when a promise is in danger: a ladder of dated rungs, as policy data.

A rung is reached so many minutes after a promise may first be due, or before it. Which
person stands on it is the roster's and the directory's business. May not enter: a
clock, a person's name.
"""

from collections.abc import Iterable

from sync.plain import Record
from sync.problems import Refused

TOLD = frozenset({"technician", "lead", "manager"})
FARTHEST_MINUTES = 60 * 24 * 366


class Rung(Record, frozen=True, kw_only=True):
    """From this many minutes after it may first be due (negative: before), `to` is
    told. `codes`: of these promises, or of all that no other rung names. For one
    priority, or for all that have no rungs of their own."""

    to: str  # technician, lead (of the day's roster), manager
    minutes: int
    codes: tuple[str, ...] = ()
    priority: str | None = None

    def __post_init__(self) -> None:
        if self.to not in TOLD or abs(self.minutes) > FARTHEST_MINUTES:
            raise Refused("policy_malformed", field="escalation")


def rungs(ladder: Iterable[Rung], code: str, priority: str | None) -> tuple[Rung, ...]:
    """The ladder of one promise, lowest rung first: what is said of its priority goes
    before what is said of all, and what names the promise before what names none."""
    fitting = [
        one
        for one in ladder
        if one.priority in (None, priority) and (not one.codes or code in one.codes)
    ]
    narrowest = max(map(_narrow, fitting), default=None)
    own = (one for one in fitting if _narrow(one) == narrowest)
    return tuple(sorted(own, key=lambda one: one.minutes))


def _narrow(one: Rung) -> tuple[bool, bool]:
    return one.priority is not None, bool(one.codes)


MINUTES_MATTER = ("arrival", "appointment")

DEFAULT = (
    Rung(to="lead", minutes=-5, codes=MINUTES_MATTER),
    Rung(to="manager", minutes=30, codes=MINUTES_MATTER),
    Rung(to="lead", minutes=-15, codes=MINUTES_MATTER, priority="emergency"),
    Rung(to="manager", minutes=0, codes=MINUTES_MATTER, priority="emergency"),
    Rung(to="lead", minutes=0),
    Rung(to="manager", minutes=24 * 60),
)
