"""The working calendar: which hours of which days count, as dated data.

Seasons with their own hours, lunch, Saturday mornings, holidays and the working days
that make up for them. One fixed offset from UTC; no zone database, no daylight saving.
A working day is a day with any working hours. May not enter: a clock, any promise.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Self

from sync.moment import DAY_MS, MINUTE_MS
from sync.plain import Record, plain, typed
from sync.problems import Refused

EPOCH = date(1970, 1, 1).toordinal()
LAST = date.max.toordinal()
DAY_MINUTES = 1_440

Hours = tuple[tuple[int, ...], ...]  # half-open minutes of the day, in sequence


class Season(Record, frozen=True, kw_only=True):
    """From this month and day on ("05-01"), these hours on Monday … Sunday."""

    starts: str
    week: tuple[Hours, ...]

    def __post_init__(self) -> None:
        must_be_day(f"2000-{self.starts}", "starts")
        if len(self.week) != 7 or not any(self.week):
            raise Refused("policy_malformed", field="week")
        for day in self.week:
            must_be_stretches(day, "week")


class Calendar(Record, frozen=True, kw_only=True):
    """Working time in one place; days are written 2026-05-01.

    `known_until` is the last day whose holidays are in. A make-up day works the hours
    of the weekday it names, Monday = 0.
    """

    source: str
    known_until: str
    offset_minutes: int
    seasons: tuple[Season, ...]
    holidays: Mapping[str, str]
    make_up: Mapping[str, int]

    def __post_init__(self) -> None:
        if not self.seasons:
            raise Refused("policy_malformed", field="seasons")
        if abs(self.offset_minutes) >= DAY_MINUTES:
            raise Refused("policy_malformed", field="offset_minutes")
        for day in (self.known_until, *self.holidays, *self.make_up):
            must_be_day(day, "day")
        if not all(0 <= weekday <= 6 for weekday in self.make_up.values()):
            raise Refused("policy_malformed", field="make_up")

    @classmethod
    def parse(cls, data: object) -> Self:
        """From policy data; `Refused` names the field that cannot be read."""
        return typed(cls, data)

    def wire(self) -> Any:
        """The data that `parse` reads, as tablets get it."""
        return plain(self)

    def local(self, instant_ms: int) -> tuple[int, int]:
        """The local day (days since 1970) and the millisecond of that day."""
        return divmod(instant_ms + self.offset_minutes * MINUTE_MS, DAY_MS)

    def day_name(self, instant_ms: int) -> str:
        """The local day of an instant, as policy writes it: 2026-05-01."""
        return _named(self.local(instant_ms)[0])

    def instant(self, day: int, minute: int) -> int:
        """When this minute of this local day begins."""
        return day * DAY_MS + (minute - self.offset_minutes) * MINUTE_MS

    def hours(self, day: int) -> Hours:
        """The working hours of a local day (days since 1970)."""
        when = _named(day)
        if when in self.holidays:
            return ()
        return self._season(when).week[self.make_up.get(when, (day + 3) % 7)]

    def _season(self, when: str) -> Season:
        """The season a day is in; early in the year it is the last one's."""
        in_turn = sorted(self.seasons, key=lambda season: season.starts)
        begun = [season for season in in_turn if season.starts <= when[5:]]
        return begun[-1] if begun else in_turn[-1]

    def is_working(self, instant_ms: int) -> bool:
        """Whether work goes on at this instant; hours are half-open."""
        day, passed_ms = self.local(instant_ms)
        return any(
            first * MINUTE_MS <= passed_ms < end * MINUTE_MS
            for first, end in self.hours(day)
        )

    def is_working_day(self, instant_ms: int) -> bool:
        """Whether this local day has any working hours."""
        return bool(self.hours(self.local(instant_ms)[0]))

    def add_working_minutes(self, instant_ms: int, minutes: int) -> int:
        """The earliest instant with this much working time since `instant_ms`."""
        return self.add_working_ms(instant_ms, minutes * MINUTE_MS)

    def add_working_ms(self, instant_ms: int, left_ms: int) -> int:
        """The same, to the millisecond."""
        if left_ms <= 0:
            return instant_ms
        stretches = self._stretches(instant_ms)
        first_ms, end_ms = next(stretches)
        while left_ms > end_ms - first_ms:
            left_ms -= end_ms - first_ms
            first_ms, end_ms = next(stretches)
        return first_ms + left_ms

    def working_ms(self, from_ms: int, until_ms: int) -> int:
        """How much working time lies between two instants."""
        found = 0
        for first_ms, end_ms in self._stretches(from_ms):
            if first_ms >= until_ms:
                break
            found += min(end_ms, until_ms) - first_ms
        return found

    def _stretches(self, instant_ms: int) -> Iterator[tuple[int, int]]:
        """The working time from an instant on, stretch by stretch, for ever."""
        day = self.local(instant_ms)[0]
        while True:
            for first, end in self.hours(day):
                first_ms = max(self.instant(day, first), instant_ms)
                if first_ms < (end_ms := self.instant(day, end)):
                    yield first_ms, end_ms
            day += 1

    def working_days_later(self, start_ms: int, days: int) -> int:
        """When work ends on the n-th working day after the day of `start_ms`; that day
        itself is not counted. With 0 days, on that day or else the next working one.
        """
        day = self.local(start_ms)[0] + (days > 0)
        left = max(days, 1)
        while True:
            left -= bool(self.hours(day))
            if not left:
                return self.instant(day, self.hours(day)[-1][1])
            day += 1

    def next_working_day_end(self, instant_ms: int) -> int:
        """When work ends on the first working day after this one (I3, R1)."""
        return self.working_days_later(instant_ms, 1)


def _named(day: int) -> str:
    """A day as policy writes it. A clock may claim any year; the last is 9999."""
    return date.fromordinal(min(max(day + EPOCH, 1), LAST)).isoformat()


def must_be_day(text: str, field: str) -> None:
    """Refuse policy data whose day is not written 2026-05-01."""
    try:
        well = date.fromisoformat(text).isoformat() == text
    except ValueError:
        well = False
    if not well:
        raise Refused("policy_malformed", field=field)


def must_be_stretches(spans: Hours, field: str) -> None:
    """Refuse minutes of the day that are not [from, to), in sequence and apart."""
    for span in spans:
        if len(span) != 2 or not 0 <= span[0] < span[1] <= DAY_MINUTES:
            raise Refused("policy_malformed", field=field)
    if any(earlier[1] > later[0] for earlier, later in pairwise(spans)):
        raise Refused("policy_malformed", field=field)


MORNING, WINTER_AFTERNOON, SUMMER_AFTERNOON = [480, 720], [810, 1050], [870, 1110]


def _week(afternoon: list[int]) -> list[list[list[int]]]:
    """Whole days to Friday, Saturday morning, no Sunday."""
    return [[MORNING, afternoon]] * 5 + [[MORNING], []]


def _days(month: int, first: int, last: int, name: str) -> dict[str, str]:
    return {f"2026-{month:02}-{day:02}": name for day in range(first, last + 1)}


DEFAULT = Calendar.parse(
    {
        "source": "hours: an example for each company to replace; holidays: the State "
        "Council's notice for 2026 (2025-11-04), read in a newspaper's reprint",
        "known_until": "2026-12-31",
        "offset_minutes": 480,
        "seasons": [
            {"starts": "05-01", "week": _week(SUMMER_AFTERNOON)},
            {"starts": "10-01", "week": _week(WINTER_AFTERNOON)},
        ],
        "holidays": {
            **_days(1, 1, 3, "元旦"),
            **_days(2, 15, 23, "春节"),
            **_days(4, 4, 6, "清明节"),
            **_days(5, 1, 5, "劳动节"),
            **_days(6, 19, 21, "端午节"),
            **_days(9, 25, 27, "中秋节"),
            **_days(10, 1, 7, "国庆节"),
        },
        "make_up": {
            "2026-01-04": 0,
            "2026-02-14": 0,
            "2026-02-28": 0,
            "2026-05-09": 0,
            "2026-09-20": 0,
            "2026-10-10": 0,
        },
    }
)
