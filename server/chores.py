"""What a server does when nobody asks: look at pictures, carry bytes, tell people,
reconcile, clear away.

Nothing here answers anybody; whatever goes wrong is logged and tried again. Every chore
may run in several processes at once. May not enter: how a chore is done.
"""

import fcntl
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from server import carrying_out
from server.central import passes
from server.notices import telling
from server.parts import Parts
from sync.problems import Refused

log_book = logging.getLogger(__name__)

LOOK_AGAIN_S = 60.0
PAUSE_S = 0.5  # without a new picture before the others are looked at
MOST_PAUSES = 20
SWEEP_S = 600.0
RECONCILE_S = 60.0  # between two looks at whether rows or orders changed
HOLD_S = 600.0  # between two looks at whether a legal hold ended
HEAD_S = 600.0  # between two heads that are kept, if the book has grown
DAY_S = 86_400.0
DAY_MS = 24 * 3600 * 1000
FIRST_WAIT_S = 1.0  # for a store that is down; then twice as long each time


class Chore:
    """One thing done again and again in a thread: when called, and every so often.

    `work` says whether all went well; if not, it is tried again sooner.
    """

    def __init__(
        self, name: str, work: Callable[[], bool], every_s: float, call: threading.Event
    ) -> None:
        self._work = work
        self._every_s = every_s
        self._call = call
        self._over = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin, with a first time at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is being done now."""
        self._over = True
        self._call.set()
        self._thread.join()

    def _run(self) -> None:
        wait_s = FIRST_WAIT_S
        while not self._over:
            well = self._once()
            wait_s = FIRST_WAIT_S if well else min(wait_s * 2, self._every_s)
            if not well:
                self._call.clear()
            self._call.wait(self._every_s if well else wait_s)
            self._call.clear()

    def _once(self) -> bool:
        try:
            return self._work()
        except Exception:  # a thread's outermost door: nobody else would hear of it
            log_book.exception("%s is tried again", self._thread.name)
            return False


class Chores:
    """All of them, for one process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        never = threading.Event()
        self._all = [
            Chore("look", self._look, LOOK_AGAIN_S, parts.originals.unseen),
            Chore("carry", self._carry, LOOK_AGAIN_S, parts.uploads.waiting),
            Chore("sweep", self._sweep, SWEEP_S, never),
            Chore("reconcile", self._reconcile, RECONCILE_S, never),
            Chore("erase what waited", self.erase_what_waited, HOLD_S, never),
            Chore("keep a head", self._keep_head, HEAD_S, never),
            Chore("read again", self._read_again, DAY_S, never),
            Chore("tell", parts.notices.once, telling.EVERY_S, never),
            Chore(
                "look at clocks",
                parts.notices.look_at_clocks,
                telling.CLOCKS_EVERY_S,
                never,
            ),
        ]

    def start(self) -> None:
        """Begin."""
        for one in self._all:
            one.start()

    def stop(self) -> None:
        """End all of them."""
        for one in self._all:
            one.stop()

    def _look(self) -> bool:
        """When no more pictures come, or after a while: whoever hands some in goes
        first. One process at a time: no picture is worth two looks. Then what was seen
        is compared with what was seen before."""
        for _ in range(MOST_PAUSES):
            self._parts.originals.unseen.clear()
            if not self._parts.originals.unseen.wait(PAUSE_S):
                break
        with Path(self._parts.config.data / "looking").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            try:
                well = self._parts.findings.look(self._parts.now())
                for _ in self._parts.likeness.compare(self._parts.now()):
                    continue
                return well
            finally:  # a decoder that is being born may hold the file open
                fcntl.flock(turn, fcntl.LOCK_UN)

    def _carry(self) -> bool:
        return self._parts.uploads.carry(self._parts.now())

    def _read_again(self) -> bool:
        """At every start, so after every upgrade: what was set aside may be understood
        now (invariant 38)."""
        parts = self._parts
        parts.ledger.replay(parts.door.people_of, parts.now())
        return True

    def _reconcile(self) -> bool:
        """If anything changed since the last whole pass. Another process, or a person
        at a terminal, may be at it; whoever came later goes on."""
        parts = self._parts
        with suppress(Refused), Path(parts.config.data / "reconciling").open("w") as at:
            try:
                fcntl.flock(at, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            passes.catch_up(parts.engine, parts.policy, parts.now())
        return True

    def erase_what_waited(self) -> bool:
        """What a legal hold postponed, once its day has come; one process at a time.
        Whoever could not be reached hears of it with the next backup."""
        with Path(self._parts.config.data / "erasing").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            acts, late = carrying_out.catch_up(self._parts)
        for act in acts:
            log_book.info("the hold on %s ended: erased", act.stream)
        for one in late:
            log_book.warning("%s hears of an erasure later: %s", one.place, one.why)
        return True

    def _keep_head(self) -> bool:
        self._parts.heads.keep(self._parts.config.data, self._parts.now())
        return True

    def _sweep(self) -> bool:
        now = self._parts.now()
        self._parts.uploads.sweep(now)
        self._parts.shelf.sweep(now - DAY_MS)
        return True
