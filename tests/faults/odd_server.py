"""`doorstep` with something odd about it, in a process of its own.

    python -m tests.faults.odd_server ODDITY[,ODDITY…] serve --bind …

`eager`: checkpoints all the time. `hasty`: waits but a second for a lock.
`off`, `normal`: SQLite syncs nothing, or too little, behind the product's back; what a
test finds out then shows that it can find anything. `evil`: knows kinds of facts that
do not let go of the worker. May not enter: what is asked of the server.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import server
from server import database, underway
from server.cli import main
from sync import access
from sync.facts import KINDS
from sync.facts.what import Kept, What
from sync.order import Order


def eager() -> None:
    """Checkpoint every few commits, so that the log begins anew again and again."""
    hurried = partial(database.Checkpointer, every_s=0.05)
    server.Checkpointer = hurried  # type: ignore[assignment, misc]


def hasty() -> None:
    """Wait a moment for the database, not half a minute."""
    database.PATIENCE_S = 1


def careless(level: str) -> None:
    """Every connection is made less careful after the product made sure of it."""
    careful = database._prepare_sqlite

    def prepare(connection: Any, record: object) -> None:
        careful(connection, record)
        connection.execute(f"PRAGMA synchronous={level}")

    database._prepare_sqlite = prepare


class Endless(What, frozen=True, kw_only=True):
    """Folding this never comes to an end."""

    kind = "test.endless"
    label = "endless"

    def change(self, _order: Order, _kept: Kept) -> Order:
        while True:
            pass


class Fatal(What, frozen=True, kw_only=True):
    """Folding this is the end of the process, as if memory had run out."""

    kind = "test.fatal"
    label = "fatal"

    def change(self, _order: Order, _kept: Kept) -> Order:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("not reached")


class Greedy(What, frozen=True, kw_only=True):
    """Folding this wants more memory than there is."""

    kind = "test.greedy"
    label = "greedy"

    def change(self, _order: Order, _kept: Kept) -> Order:
        raise MemoryError(len(bytearray(1 << 50)))


EVIL: tuple[type[What], ...] = (Endless, Fatal, Greedy)


def evil() -> None:
    """Know the evil kinds, as a version with a mistake in it would; be less patient."""
    underway.LIMIT_S = 5.0
    KINDS.update({one.kind: one for one in EVIL})
    access.WRITERS.update(dict.fromkeys(KINDS.keys() - access.WRITERS, access.FIELD))


ODDITIES: dict[str, Callable[[], None]] = {
    "plain": lambda: None,
    "eager": eager,
    "hasty": hasty,
    "off": partial(careless, "OFF"),
    "normal": partial(careless, "NORMAL"),
    "evil": evil,
}

if __name__ == "__main__":
    for oddity in sys.argv.pop(1).split(","):
        ODDITIES[oddity]()
    main()
