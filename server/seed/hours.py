"""When people of the sample month do things: by day, unless it is an emergency.

A story yields the instant at which it goes on; its type says what has to be so by then.
May not enter: what happens.
"""

from dataclasses import dataclass
from random import Random

from sync.calendar import Calendar
from sync.moment import DAY_MS, MINUTE_MS

WAKES, SLEEPS = 7 * 60 + 40, 19 * 60 + 40  # minutes of a day


class InOffice(int):
    """The desk decides something: by day."""


class AtTheDoor(int):
    """Somebody rings: by day, and not while standing in another home."""


BY_DAY = (InOffice, AtTheDoor)


@dataclass(frozen=True)
class Days:
    """Day and night where the homes are."""

    calendar: Calendar

    def begins_ms(self, at_ms: int) -> int:
        """When the day of this instant began."""
        day, _ = self.calendar.local(at_ms)
        return self.calendar.instant(day, 0)

    def by_night(self, at_ms: int) -> bool:
        """Do people sleep?"""
        return not WAKES <= self._minute(at_ms) < SLEEPS

    def _minute(self, at_ms: int) -> int:
        return (at_ms - self.begins_ms(at_ms)) // MINUTE_MS

    def by_day(self, at_ms: int, dice: Random) -> int:
        """This instant, or one in the next morning."""
        if not self.by_night(at_ms):
            return at_ms
        late = self._minute(at_ms) >= SLEEPS
        morning_ms = self.begins_ms(at_ms) + (DAY_MS if late else 0) + WAKES * MINUTE_MS
        return morning_ms + dice.randrange(5 * 60, 90 * 60) * 1000

    def ago(self, until_ms: int, minutes: int) -> int:
        """So many minutes earlier, nights not counted."""
        at_ms = self._evening_before(until_ms) if self.by_night(until_ms) else until_ms
        while (short := self._minute(at_ms) - WAKES) < minutes:
            minutes -= short
            at_ms = self._evening_before(self.begins_ms(at_ms))
        return at_ms - minutes * MINUTE_MS

    def _evening_before(self, at_ms: int) -> int:
        today_ms = self.begins_ms(at_ms) + SLEEPS * MINUTE_MS
        return today_ms if today_ms < at_ms else today_ms - DAY_MS

    def window(self, at_ms: int, days: int, dice: Random) -> int:
        """When an appointment so many days later begins: on the hour."""
        hour = dice.choice((9, 10, 13, 14, 15, 16))
        return self.begins_ms(at_ms + days * DAY_MS) + hour * 60 * MINUTE_MS
