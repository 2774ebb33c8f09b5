"""Opening SQLite so that what was committed survives a power cut (F6), and file locks.

May not enter: what is kept in the databases.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.problems import Refused

FULL = 2
SURE_SQLITE = (3, 51, 3)  # older ones may spoil a WAL when two checkpoints race


def connect(path: Path) -> sqlite3.Connection:
    """A connection whose settings were read back.

    It never checkpoints by itself: only the holder of the exchange lock does, and
    SQLite when the last connection closes. So two checkpoints never race.
    """
    db = sqlite3.connect(path, timeout=30, isolation_level=None)
    mode = db.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA wal_autocheckpoint=0")
    if mode != "wal" or db.execute("PRAGMA synchronous").fetchone()[0] != FULL:
        db.close()
        raise Refused("store_unsafe", path=path)
    return db


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """One write transaction: all of it is on disk afterwards, or none."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except sqlite3.OperationalError as error:
        _roll_back(db)
        if "full" in str(error):
            raise Refused("tablet_full") from None
        raise
    except BaseException:
        _roll_back(db)
        raise


def _roll_back(db: sqlite3.Connection) -> None:
    if db.in_transaction:
        db.execute("ROLLBACK")


@contextmanager
def held(path: Path, *, wait: bool) -> Iterator[None]:
    """This file's lock, among all processes; `exchange_busy` if it may not wait.

    Given back by name and not by closing alone: a child that is just being born has the
    file open too.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(handle, wait=wait)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)
    finally:
        os.close(handle)


def _lock(handle: int, *, wait: bool) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        raise Refused("exchange_busy") from None


def sync_folder(folder: Path) -> None:
    """Make the names of new files in this folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
