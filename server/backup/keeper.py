"""A server that runs backs itself up, without anybody asking: every hour, verified;
once a day the newest copy is restored for practice.

Of all processes that serve a data folder one does it, in a child process of its own, so
that no request waits for it. May not enter: how.
"""

import fcntl
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from server.backup.restoring import SERVING
from server.backup.rounds import drill_is_due, is_due
from server.backup.where import has_second, places
from server.config import Config
from server.database import open_engine
from sync.problems import Refused

log_book = logging.getLogger(__name__)

LOCK = "backup.lock"
FIRST_AFTER_S = 60.0  # a server that is only tried out need not be backed up
EVERY_S = 60.0
AGAIN_MS = 15 * 60_000  # after a round that went wrong
NICENESS = 10
MINUTE_MS = 60_000
COMMAND = "import os; os.nice({}); from server.cli import main; main()"

ALONE = (
    "No second place for backups is named: every copy lies on the data's own disk "
    "and goes with it, so tablets keep everything they ever handed in. Name another "
    "disk or a bucket (DOORSTEP_BACKUP_PLACES)."
)


class Keeper:
    """Looks every minute whether a backup is due, if it is this process's turn."""

    def __init__(
        self,
        config: Config,
        now: Callable[[], int],
        act: Callable[[Config], bool] | None = None,
    ) -> None:
        self._config = config
        self._now = now
        self._act = act or run_apart
        self._not_before_ms = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._serving: IO[str] | None = None

    def start(self) -> None:
        """Say what is wrong with the set-up, then begin, in a thread of its own."""
        self._serving = (self._config.data / SERVING).open("a")
        fcntl.flock(self._serving, fcntl.LOCK_SH)  # nobody restores under our feet
        if self._config.backup_minutes == 0:
            log_book.warning("This server does not back itself up.")
        elif not has_second(self._config):
            log_book.warning(ALONE)
        if self._config.backup_minutes:
            self._thread.start()

    def stop(self) -> None:
        """End; a backup that is being made goes on to its end."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._serving:
            self._serving.close()

    def _run(self) -> None:
        wait_s = FIRST_AFTER_S
        with (self._config.data / LOCK).open("w") as lock:
            while not self._stop.wait(wait_s):
                wait_s = EVERY_S
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    continue
                self.turn()

    def turn(self) -> bool:
        """Back up if it is due; was it? After a failure it is not tried for a while:
        each attempt costs a reading of the whole book."""
        now_ms = self._now()
        if now_ms < self._not_before_ms:
            return False
        try:
            due = due_places(self._config, now_ms)
            went_well = not due or self._act(self._config)
        except Refused as refusal:
            log_book.error("no backup: %s", refusal)  # noqa: TRY400 - said in one line
            due, went_well = [], False
        if not went_well:
            self._not_before_ms = now_ms + AGAIN_MS
        return bool(due)


def due_places(config: Config, now_ms: int) -> list[str]:
    """Addresses of the places that want a backup or a drill."""
    engine = open_engine(config.database)
    every_ms = config.backup_minutes * MINUTE_MS
    try:
        return [
            place.address
            for place in places(config)
            if is_due(engine, place.address, every_ms, now_ms)
            or drill_is_due(engine, place.address, now_ms)
        ]
    finally:
        engine.dispose()


def run_apart(config: Config) -> bool:
    """One round in a process of its own, at low priority; did it go well?"""
    argv = [sys.executable, "-c", COMMAND.format(NICENESS), "backup", "create", "--due"]
    done = subprocess.run(
        argv, env=config.as_environment(), cwd=Path.cwd(), check=False,
        stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip
    if done.returncode:
        said = (done.stdout + done.stderr).decode(errors="replace")[-2000:]
        log_book.error("backup ended with %d: %s", done.returncode, said)
    return done.returncode == 0
