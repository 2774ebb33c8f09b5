"""Machines that fail at a chosen moment: a server that dies or cannot write, a tablet
that dies while it writes.

They stand where the product leaves a seam (events of SQLAlchemy, the connection that a
store is given) and change nothing of what the product does. May not enter: when they
fail, what should follow.
"""

import sqlite3
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError


class ServerDied(BaseException):
    """The server's process is gone; its transaction with it."""


class TabletDied(BaseException):
    """The tablet's process is gone."""


LOCKED, FULL = "database is locked", "database or disk is full"


@dataclass
class Mains:
    """What the server's database hangs on. `left`: how many statements still go well;
    None: all of them."""

    left: int | None = None
    fault: str = ""
    fired: list[str] = field(default_factory=list)

    def watch(self, engine: Engine) -> None:
        """Hang this engine on it."""
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)

    def arm(self, fault: str, left: int) -> None:
        """After so many statements and commits this goes wrong, once."""
        self.fault, self.left = fault, left

    def disarm(self) -> None:
        """Nothing goes wrong any more."""
        self.left = None

    def _statement(self, *_said: Any) -> None:
        self._count()

    def _commit(self, _connection: Connection) -> None:
        self._count()

    def _count(self) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            self.fired.append(self.fault)
            raise FAULTS[self.fault]()  # noqa: RSE102 - it makes one


def _database(words: str) -> OperationalError:
    return OperationalError("?", None, sqlite3.OperationalError(words))


FAULTS: dict[str, Any] = {
    "server_dies": ServerDied,
    "server_locked": lambda: _database(LOCKED),
    "server_disk_full": lambda: _database(FULL),
}


class Disk:
    """A tablet's database that dies before or after a chosen statement."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.left: int | None = None
        self.after = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.db, name)

    def execute(self, sql: str, *values: Any) -> Any:
        """As the database itself, as long as there is power."""
        return self._with_power(lambda: self.db.execute(sql, *values))

    def executemany(self, sql: str, rows: Any) -> Any:
        """The same for many rows."""
        return self._with_power(lambda: self.db.executemany(sql, rows))

    def _with_power(self, work: Any) -> Any:
        if self.left is None:
            return work()
        self.left -= 1
        if self.left >= 0:
            return work()
        self.left = None
        if self.after:
            work()
        raise TabletDied
