"""How people are told of things outside of the system: how often, how long in vain.

Numbers alone, as policy data. May not enter: to whom, by which way.
"""

from collections.abc import Mapping

from msgspec import field

from sync.moment import MINUTE_MS
from sync.plain import Record, settle
from sync.problems import Refused

# How many minutes after it happened each is still worth telling: what a tablet hands in
# later is no news. A policy that names fewer leaves the others as they ship.
FRESH: Mapping[str, int] = {
    "requested": 24 * 60, "dispatched": 60, "assigned": 60, "appointed": 60,
    "on_the_way": 15, "arrived": 30, "accepted": 7 * 24 * 60,
    "asked": 24 * 60,
}  # fmt: skip


class Telling(Record, frozen=True, kw_only=True):
    """A robot's group takes `per_minute` messages and no more, so what is not urgent is
    gathered for `gather_s` and told together. What fails is tried again after
    `first_wait_s`, then twice as long each time, `tries` times in all."""

    per_minute: int = 20
    gather_s: int = 60
    together: int = 20  # in one message
    tries: int = 10
    first_wait_s: int = 10
    longest_wait_s: int = 4 * 3600
    keep_days: int = 30  # what was sent or given up, for people to look up
    fresh_minutes: Mapping[str, int] = field(default_factory=lambda: FRESH)

    def __post_init__(self) -> None:
        settle(self)
        least = min(self.per_minute, self.together, self.tries, self.first_wait_s,
                    self.longest_wait_s, self.keep_days)  # fmt: skip
        fresh = self.fresh_minutes
        unknown = any(name not in FRESH or fresh[name] < 0 for name in fresh)
        if least < 1 or self.gather_s < 0 or unknown:
            raise Refused("policy_malformed", field="telling")

    def fresh_until_ms(self, name: str, happened_ms: int) -> int:
        """Until when what happened then is worth telling."""
        return happened_ms + self.fresh_minutes.get(name, FRESH[name]) * MINUTE_MS

    def wait_ms(self, tries: int) -> int:
        """How long to wait after so many times in vain."""
        doubled = self.first_wait_s << min(max(tries - 1, 0), 20)
        return min(doubled, self.longest_wait_s) * 1000
