"""How much a device may still send, without adding it all up for every photo.

What is known is an upper bound: what was counted, and everything let in since. Only
when that is too much, or has become old, it is counted again; so nobody is refused
wrongly. Other processes may have let in as much as lies between two counts. May not
enter: where it is counted, what the bounds are.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

RECOUNT_AFTER = 64  # uploads of a device
RECOUNT_BYTES = 256 * 1024 * 1024

Used = tuple[int, int]  # bytes promised within a week, uploads unfinished
Count = Callable[[], Used]


@dataclass(frozen=True)
class _Known:
    used: Used
    since: Used = (0, 0)

    @property
    def most(self) -> Used:
        return self.used[0] + self.since[0], self.used[1] + self.since[1]

    @property
    def old(self) -> bool:
        return self.since[1] >= RECOUNT_AFTER or self.since[0] >= RECOUNT_BYTES

    def with_one(self, length: int) -> "_Known":
        return _Known(self.used, (self.since[0] + length, self.since[1] + 1))


class Allowance:
    """What this process knows of each device that sends."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._turn = threading.Lock()

    def take(
        self, device: str, length: int, fits: Callable[[Used], bool], count: Count
    ) -> Used | None:
        """One more upload of so many bytes; if it does not fit, what is used."""
        with self._turn:
            known = self._known.get(device)
            if known is None or known.old or not fits(known.most):
                known = _Known(count())
            if not fits(known.most):
                return known.most
            self._known[device] = known.with_one(length)
        return None
