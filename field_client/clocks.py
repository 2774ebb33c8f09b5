"""What the tablet's clocks show, and how it waits.

The only module that reads a clock; everybody else is handed a `Clocks`. A caller may
hand in its own (the demonstration does); no setting and no environment variable can.
"""

import time
from pathlib import Path

from sync.reading import Anchor, Reading, read_clocks

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clocks:
    """The clocks of the machine this runs on; absent ones are None, never guessed."""

    def wall_ms(self) -> int:
        """UTC as the machine believes it."""
        return time.time_ns() // 1_000_000

    def offset_minutes(self) -> int:
        """The zone's offset now, for showing and for reading typed dates only."""
        return time.localtime(self.wall_ms() // 1000).tm_gmtoff // 60

    def boot_ms(self) -> int | None:
        """Time since the machine started, sleep included; nobody can set it."""
        if not hasattr(time, "CLOCK_BOOTTIME"):
            return None
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000

    def boot(self) -> str | None:
        """Which run of the boot clock this is."""
        try:
            return BOOT_ID.read_text().strip() or None
        except OSError:
            return None

    def sleep(self, wait_ms: int) -> None:
        """Wait; another's clocks may let the time pass at once."""
        time.sleep(wait_ms / 1000)

    def reading(
        self, newest: Anchor | None = None, token: str | None = None
    ) -> Reading:
        """All clocks at once, beside the newest contact with the server (V2)."""
        boot = self.boot()
        return read_clocks(
            newest,
            token,
            wall_ms=self.wall_ms(),
            offset_minutes=self.offset_minutes(),
            boot_ms=self.boot_ms() if boot else None,
            boot=boot,
        )


DEVICE = Clocks()
