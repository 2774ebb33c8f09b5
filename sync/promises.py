"""What is promised about time, as dated rows of policy data, and when it is due.

When it is due follows from the row and the working calendar; whether it was kept is
`sync/verdicts.py`. May not enter: a clock, a number outside the policy data.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sync.calendar import DAY_MINUTES, Calendar, must_be_day, must_be_stretches
from sync.moment import DAY_MS, MINUTE_MS, Grade, Span
from sync.plain import Record, plain, settle, typed
from sync.problems import Refused

LONGEST_DAYS = 3_660  # a promise reaches no further than this


@dataclass(frozen=True)
class Due:
    """The earliest and the latest instant that it may be due; both can be."""

    earliest_ms: int
    latest_ms: int


class Band(Record, frozen=True, kw_only=True):
    """What counts when it starts at these minutes of the local day, [from, to)."""

    hours: tuple[int, ...]
    minutes: int

    def __post_init__(self) -> None:
        must_be_stretches((self.hours,), "bands")


class Promise(Record, frozen=True, kw_only=True):
    """One row: from `starts` to before `ends`, within the one term that is given.

    `minutes` run by the clock, `bands` override them by the minute of the day,
    `working_minutes` and `working_days` run on the calendar. What starts on a rest day
    and has `rest_day_waits` is due at the end of the next working day (I3). While the
    order is on hold it does not count on, unless it `runs_on`. It `gives_way_to` what
    the owner agrees to in time: an appointment, or another day.
    The row holds from the local day `since` on, for one priority or for all.
    """

    code: str
    rule: str
    since: str
    starts: str
    ends: str
    priority: str | None = None
    minutes: int | None = None
    bands: tuple[Band, ...] = ()
    working_minutes: int | None = None
    working_days: int | None = None
    rest_day_waits: bool = False
    runs_on: bool = False
    gives_way_to: str | None = None  # appointment, day_agreed
    source: str = ""

    def __post_init__(self) -> None:
        must_be_day(self.since, "since")
        terms = (self.minutes, self.working_minutes, self.working_days)
        given = [term for term in terms if term is not None]
        if len(given) != 1 or not 0 <= given[0] <= LONGEST_DAYS * DAY_MINUTES:
            raise Refused("policy_malformed", field=self.code)
        if (self.working_days or 0) > LONGEST_DAYS:
            raise Refused("policy_malformed", field=self.code)
        if self.rest_day_waits and (self.minutes or 0) < DAY_MINUTES:
            raise Refused("policy_malformed", field=self.code)  # due would run back

    def due_ms(
        self, start_ms: int, calendar: Calendar, stops: Sequence[Span] = ()
    ) -> int:
        """When it must have happened by, counted from this instant: before it is in
        time, at it is not. `stops` are stretches on hold: closed on both sides, apart,
        earliest first. A stop that begins once it was due puts nothing off.
        """
        due_ms, by_the_clock = self._without_stops(start_ms, calendar)
        for stop in () if self.runs_on else stops:
            first_ms, end_ms = _within(stop, start_ms)
            if first_ms >= min(due_ms, end_ms):
                continue
            if by_the_clock:
                due_ms += end_ms - first_ms
            else:
                lost_ms = calendar.working_ms(first_ms, end_ms)
                due_ms = calendar.add_working_ms(due_ms, lost_ms)
        return due_ms

    def _without_stops(self, start_ms: int, calendar: Calendar) -> tuple[int, bool]:
        """When it is due if nothing comes between, and whether a clock counts that or
        the working calendar."""
        if self.rest_day_waits and not calendar.is_working_day(start_ms):
            return calendar.next_working_day_end(start_ms), False
        if self.working_days is not None:
            return calendar.working_days_later(start_ms, self.working_days), False
        if self.working_minutes is not None:
            return calendar.add_working_minutes(start_ms, self.working_minutes), False
        return start_ms + self._minutes_at(start_ms, calendar) * MINUTE_MS, True

    def _minutes_at(self, start_ms: int, calendar: Calendar) -> int:
        minute = calendar.local(start_ms)[1] // MINUTE_MS
        banded = (b.minutes for b in self.bands if b.hours[0] <= minute < b.hours[1])
        return next(banded, self.minutes or 0)

    def due(
        self, start: Span, calendar: Calendar, stops: Sequence[Span] = ()
    ) -> Due | None:
        """From the earliest to the latest instant it may be due; None if the start is
        not known on both sides. Later starts can be due earlier: the term may change at
        the edge of a band or of a day, so instants around every edge are looked at.
        """
        if start.first_ms is None or start.end_ms is None:
            return None
        first_ms, last_ms = start.first_ms, start.end_ms - 1
        ends = {first_ms, last_ms}
        edges = {e for end in ends for e in self._edges(end, calendar)}
        edges |= {edge for stop in stops for edge in stop if edge is not None}
        around = (e for edge in edges for e in (edge - 1, edge))
        starts = ends | {e for e in around if first_ms <= e <= last_ms}
        dues = {self.due_ms(instant, calendar, stops) for instant in starts}
        return Due(min(dues), max(dues))

    def _edges(self, around_ms: int, calendar: Calendar) -> Iterable[int]:
        """Where the term may change, in the days around an instant."""
        day = calendar.local(around_ms)[0]
        minutes = {0} | {minute for band in self.bands for minute in band.hours}
        return (
            calendar.instant(d, m) for d in range(day - 1, day + 2) for m in minutes
        )


def _within(stop: Span, start_ms: int) -> tuple[int, int]:
    """As much of a stop as lies after the start, and no longer than a promise."""
    first_ms = max(start_ms, start_ms if stop.first_ms is None else stop.first_ms)
    end_ms = first_ms if stop.end_ms is None else stop.end_ms
    return first_ms, min(end_ms, first_ms + LONGEST_DAYS * DAY_MS)


class Policy(Record, frozen=True, kw_only=True):
    """The promises of one company or project, and what an estimate must be worth to
    count.
    """

    promises: tuple[Promise, ...]
    worth: tuple[Grade, ...] = (Grade.A, Grade.B)

    def __post_init__(self) -> None:
        settle(self)
        if not {Grade.A, Grade.B}.issuperset(self.worth):
            raise Refused("policy_malformed", field="worth")  # no penalty from less

    @classmethod
    def parse(cls, data: object) -> Self:
        """From policy data; `Refused` names what cannot be read."""
        return typed(cls, data)

    def wire(self) -> Any:
        """The data that `parse` reads, as tablets get it."""
        return plain(self)

    def promise(
        self, code: str, start_ms: int, calendar: Calendar, priority: str | None = None
    ) -> Promise | None:
        """The row that holds for what starts now: for its priority before for all, then
        the newest that has begun; of equals the last one listed.
        """
        day = calendar.day_name(start_ms)
        rows = [
            row
            for row in self.promises
            if row.code == code
            and row.since <= day
            and row.priority in (None, priority)
        ]
        rank = sorted(rows, key=lambda row: (row.priority is not None, row.since))
        return rank[-1] if rank else None


def _row(code: str, rule: str, starts: str, ends: str, **terms: Any) -> dict[str, Any]:
    head = {"code": code, "rule": rule, "starts": starts, "ends": ends}
    return {**head, "since": "2026-01-01", **terms}


def _repaired(code: str, days: int) -> dict[str, Any]:
    terms = {"working_days": days, "gives_way_to": "day_agreed"}
    return _row(code, "A5", "surveyed", "completed", **terms)


def _answered(code: str, days: int) -> dict[str, Any]:
    return _row(code, "C4", "registered", "answered", working_days=days)


BY_DAY = [{"hours": [480, 1050], "minutes": 20}]  # P4: [08:00, 17:30)

DEFAULT = Policy.parse(
    {
        "promises": [
            _row(
                "arrival",
                "P4",
                "registered",
                "arrived",
                minutes=60,
                bands=BY_DAY,
                gives_way_to="appointment",
            ),
            _row(
                "arrival",
                "P4a",
                "registered",
                "arrived",
                priority="emergency",
                minutes=20,
                runs_on=True,
                source="an assumption: the day's minutes at any hour",
            ),
            _row(
                "verification",
                "P4",
                "registered",
                "arrived",
                minutes=2_880,
                gives_way_to="appointment",
            ),
            _row("appointment", "P4", "window_ended", "arrived", minutes=0),
            _row("survey", "P5", "registered", "surveyed", working_days=1),
            _repaired("repair_single", 3),
            _repaired("repair_several", 7),
            _row("repair_agreed", "A5", "day_agreed", "completed", working_days=0),
            _row("rework", "A1", "day_set", "completed", working_days=0),
            _row(
                "intake",
                "I3",
                "registered",
                "taken",
                minutes=1_440,
                rest_day_waits=True,
                runs_on=True,
            ),
            _row("supervision", "C3", "registered", "ordered", minutes=60),
            _answered("answer_simple", 3),
            _answered("answer_complex", 7),
            _answered("answer_quality", 15),
            _answered("answer_maintenance", 10),
            _answered("answer_property", 20),
            _row("return_visit", "R1", "accepted", "followed_up", working_days=1),
        ]
    }
)
