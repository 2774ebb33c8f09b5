"""One clock for the whole month: a file that the demonstration sets and processes read.

It is handed to them as an argument of their `main`; no setting of the product can do
that. May not enter: the real time.
"""

from collections.abc import Callable
from pathlib import Path

from field_client.clocks import Clocks

DIGITS = 16
ZONE_MINUTES = 480
SWITCHED_ON_MS = 3 * 24 * 3_600_000  # a tablet runs for days before the month begins


class SetClock:
    """The end that sets. Time passes when it is told to, and never goes back."""

    def __init__(self, file: Path, at_ms: int) -> None:
        self.file = file
        self.now_ms = at_ms
        file.write_bytes(b"%0*d" % (DIGITS, at_ms))

    def pass_to(self, at_ms: int) -> None:
        """Let the time pass until then; a moment that is over changes nothing."""
        self.now_ms = max(self.now_ms, at_ms)
        with self.file.open("r+b", buffering=0) as file:
            file.write(b"%0*d" % (DIGITS, self.now_ms))


def read_clock(file: Path) -> Callable[[], int]:
    """The end that reads: `now() -> int`, milliseconds UTC."""
    return lambda: int(file.read_bytes())


class TabletClocks(Clocks):
    """A tablet's clocks: its wall clock may be wrong, its boot clock only counts."""

    def __init__(self, file: Path, off_ms: int, begun_ms: int) -> None:
        self._now = read_clock(file)
        self._off_ms = off_ms
        self._begun_ms = begun_ms

    def wall_ms(self) -> int:
        return self._now() + self._off_ms

    def offset_minutes(self) -> int:
        return ZONE_MINUTES

    def boot_ms(self) -> int:
        return self._now() - self._begun_ms + SWITCHED_ON_MS

    def boot(self) -> str:
        return "month"

    def sleep(self, wait_ms: int) -> None:
        """Nobody waits for a clock that stands still."""
