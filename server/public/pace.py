"""How often one address may ask: a bucket for each that fills by the clock.

Held by each process for itself and forgotten with it; what must hold for good is
counted in the book (`server/confirming.py`). May not enter: what is asked.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from ipaddress import ip_address, ip_network

from sync.problems import Refused

MINUTE_MS = 60_000
MOST_HELD = 20_000  # addresses; the one that was silent longest is forgotten first

# In a minute, and as many at once. Many owners share one address of their network.
LOOK, MISS, ACT, FILE, SHORT = "look", "miss", "act", "file", "short"
PER_MINUTE: Mapping[str, float] = {
    LOOK: 120,
    MISS: 20,
    ACT: 20,
    FILE: 6,
    SHORT: 10 / 60,
}
AT_ONCE: Mapping[str, float] = {LOOK: 120, MISS: 20, ACT: 20, FILE: 6, SHORT: 10}


class Pace:
    """What each address has left."""

    def __init__(self, most: int = MOST_HELD) -> None:
        self._left: OrderedDict[tuple[str, str], tuple[float, int]] = OrderedDict()
        self._turn = threading.Lock()
        self._most = most

    def take(self, sort: str, whose: str, now_ms: int) -> None:
        """One more of this sort. Refused: `too_many_requests`, and how long to wait."""
        rate, key = PER_MINUTE[sort], (sort, whose)
        with self._turn:
            left, at_ms = self._left.pop(key, (AT_ONCE[sort], now_ms))
            grown = max(0, now_ms - at_ms) * rate / MINUTE_MS
            left = min(AT_ONCE[sort], left + grown)
            enough = left >= 1
            self._left[key] = (left - enough, now_ms)
            while len(self._left) > self._most:
                self._left.popitem(last=False)
        if not enough:
            seconds = int((1 - left) * 60 / rate) + 1
            raise Refused("too_many_requests", seconds=seconds)


def network_of(address: str) -> str:
    """Who asks, as far as addresses tell: a home has a whole /64 of IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ip_network((known, 64), strict=False).network_address)
