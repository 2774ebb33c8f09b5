"""Whether a promise was kept, as far as anybody can tell, and where the time went.

The answer is kept, missed or undetermined, and says what it rests on. It is worked out
whenever it is asked for. May not enter: a clock, a stored "late".
"""

from collections.abc import Container, Sequence
from enum import StrEnum
from typing import Any, Self

from sync.calendar import Calendar
from sync.moment import MINUTE_MS, Grade, Moment, Span
from sync.plain import Record, plain, typed
from sync.promises import Due, Promise


class Answer(StrEnum):
    KEPT = "kept"
    MISSED = "missed"
    UNDETERMINED = "undetermined"


class Basis(StrEnum):
    PROVEN = "proven"  # by what the server vouches for alone
    ESTIMATED = "estimated"  # by clocks that agree well enough


class Verdict(Record, frozen=True, kw_only=True):
    """Whether a promise was kept, what that rests on, and when it was due.

    Due lies in [earliest, latest]: both the same where the start is exact.
    """

    answer: Answer
    basis: Basis | None = None
    due_earliest_ms: int | None = None
    due_latest_ms: int | None = None

    def wire(self) -> Any:
        return plain(self)

    @classmethod
    def parse(cls, data: object) -> Self:
        return typed(cls, data)


def judge(
    promise: Promise,
    start: Moment,
    done: Moment | None,
    calendar: Calendar,
    worth: Container[Grade] = (Grade.A, Grade.B),
    stops: Sequence[Span] = (),
) -> Verdict:
    """Whether what started then was done in time: surely kept, surely missed, or
    undetermined. What the brackets leave open, estimates may answer that are
    worth enough. Nothing heard yet is undetermined: the tablet may be out of coverage.
    `stops` are stretches on hold, in which the promise does not count on.
    """
    happened = done or Moment()
    ends = (
        (Basis.PROVEN, start.bracket, happened.bracket),
        (Basis.ESTIMATED, _believed(start, worth), _believed(happened, worth)),
    )
    due, counted = None, None
    for basis, started, span in ends:
        if started != counted:
            due, counted = promise.due(started, calendar, stops), started
        if due and (answer := _answer(due, span)):
            return _verdict(answer, basis, due)
    return _verdict(Answer.UNDETERMINED, None, due)


def _believed(moment: Moment, worth: Container[Grade]) -> Span:
    """The estimate if it is worth enough, else only what is proven."""
    return moment.estimate if moment.grade in worth else moment.bracket


def _answer(due: Due, done: Span) -> Answer | None:
    """Kept if it is over before the earliest due, missed if it begins at the latest or
    after; None in between.
    """
    if done.end_ms is not None and done.end_ms <= due.earliest_ms:
        return Answer.KEPT
    if done.first_ms is not None and done.first_ms >= due.latest_ms:
        return Answer.MISSED
    return None


def _verdict(answer: Answer, basis: Basis | None, due: Due | None) -> Verdict:
    return Verdict(
        answer=answer,
        basis=basis,
        due_earliest_ms=due.earliest_ms if due else None,
        due_latest_ms=due.latest_ms if due else None,
    )


def minutes_left(verdict: Verdict, now_ms: int) -> int | None:
    """Whole minutes until the earliest it may be due, rounded down; negative is overdue
    (a question, not a verdict).
    """
    if verdict.due_earliest_ms is None:
        return None
    return (verdict.due_earliest_ms - now_ms) // MINUTE_MS


class Share(Record, frozen=True, kw_only=True):
    """How long one part took: at least and at most; None where nobody can say."""

    part: str
    least_ms: int | None = None
    most_ms: int | None = None


def split(
    registered: Moment,
    assigned: Moment | None,
    seen: Moment | None,
    arrived: Moment | None,
    set_off: Moment | None = None,
) -> tuple[Share, ...]:
    """Where the time went (P4): desk until assigned, notice until seen, travel until
    arrived. A technician answers only for travel. Where it is known when they set off,
    travel begins there, and what lay between is `ready`; who set off had seen it.
    """
    known = seen or set_off
    desk_and_notice = (
        _share("desk", registered, assigned),
        _share("notice", assigned, known),
    )
    if set_off is None:
        return *desk_and_notice, _share("travel", seen, arrived)
    return (
        *desk_and_notice,
        _share("ready", known, set_off),
        _share("travel", set_off, arrived),
    )


def _share(part: str, start: Moment | None, end: Moment | None) -> Share:
    """The time between two moments, by their estimates (a bracket if that is all)."""
    if start is None or end is None:
        return Share(part=part)
    return Share(
        part=part,
        least_ms=_between(start.latest_ms, end.earliest_ms, 1),
        most_ms=_between(start.earliest_ms, end.latest_ms, -1),
    )


def _between(start_ms: int | None, end_ms: int | None, edge: int) -> int | None:
    if start_ms is None or end_ms is None:
        return None
    return max(0, end_ms - start_ms + edge)
