"""The waiting room: readers without news, for whom the server looks again (long poll).

Seats are few, so that threads for whoever has something to say never run out; who finds
none is answered at once. Nobody holds a connection to the database while waiting, and
what wakes them carries no data: the page is read anew. May not enter: clocks, what is
news.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep

LOOK_EVERY_S = 0.5

Pause = Callable[[float], None]


class WaitingRoom:
    """Where readers wait for at most `most_s` seconds, if one of `seats` is free."""

    def __init__(self, seats: int, most_s: int, pause: Pause = sleep) -> None:
        self._seats = threading.BoundedSemaphore(seats) if seats > 0 else None
        self._most_s = most_s
        self._pause = pause

    def until(self, news: Callable[[], bool], wait_s: int) -> bool:
        """Look again and again until there is news; False if there was no seat or the
        time was up."""
        looks = int(min(wait_s, self._most_s) / LOOK_EVERY_S)
        with self._seat() as seated:
            for _ in range(looks if seated else 0):
                self._pause(LOOK_EVERY_S)
                if news():
                    return True
        return False

    @contextmanager
    def _seat(self) -> Iterator[bool]:
        seats = self._seats
        seated = seats is not None and seats.acquire(blocking=False)
        try:
            yield seated
        finally:
            if seats is not None and seated:
                seats.release()
