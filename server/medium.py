"""The disk lost what it was given: this process ends at once (F9).

After a failed sync the kernel may call pages clean that never reached the medium, so a
second try that succeeds proves nothing. Whoever starts the server again begins with
`server.database.upgrade`, which writes the log anew. May not enter: full or busy disks,
which pass (`server/database.py`).
"""

import logging
import mmap
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EIO
from typing import NoReturn

log_book = logging.getLogger(__name__)

NOT_ON_THE_MEDIUM = frozenset(
    {
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_TRUNCATE,
    }
)

# One byte that a process shares with those it forks: gunicorn's master does not learn
# how a worker ended, and must end too.
_seen = mmap.mmap(-1, 1)


def was_lost() -> bool:
    """Has this process, or one that it forked, met a disk that loses things?"""
    return _seen[0] != 0


def end(why: object) -> NoReturn:
    """End without another word to anybody: nothing may be acknowledged any more."""
    _seen[0] = 1
    log_book.critical("the disk lost what was written; ending at once: %s", why)
    os._exit(os.EX_IOERR)


def judge(error: BaseException | None) -> None:
    """End if this error says that something written is not on the medium."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        if code in NOT_ON_THE_MEDIUM:
            end(error)
    elif isinstance(error, OSError) and error.errno == EIO:
        end(error)


@contextmanager
def trusted() -> Iterator[None]:
    """Writing files: an error of the medium ends the process."""
    try:
        yield
    except OSError as error:
        judge(error)
        raise
