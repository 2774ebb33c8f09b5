"""Connections to SQLite and PostgreSQL that keep what they acknowledge.

SQLite: WAL, `synchronous=FULL`, `BEGIN IMMEDIATE`, all read back on every connection
(F6, F8). PostgreSQL: READ COMMITTED, `synchronous_commit` and `fsync` on. May not
enter: what is stored.
"""

import fcntl
import logging
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool, QueuePool

from server import medium
from sync.problems import Refused

log_book = logging.getLogger(__name__)

SAFE_SQLITE = (3, 51, 3)  # before it, two connections racing a checkpoint may corrupt
CHECKPOINT_S = 5.0
CHECKPOINT_PAGES = 4000
PATIENCE_S = 30  # for whoever holds the database
LOCK_S = 10  # for whoever holds one lock of PostgreSQL
CLEAR_THE_LOG = ".clear-log"  # asks the checkpointer to leave nothing in the log

# Locked, full, gone, or all connections in use: all of it may pass.
CANNOT_NOW = (OperationalError, InterfaceError, PoolTimeout)


def open_engine(url: str, *, pooled: bool = True) -> Engine:
    """An engine on this database whose settings were seen to be safe. Not `pooled`, an
    SQLite file is open only while it is used."""
    url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith("sqlite"):
        engine = create_engine(
            url,
            pool_pre_ping=True,
            pool_size=10,
            isolation_level="READ COMMITTED",
            connect_args={"options": f"-c lock_timeout={LOCK_S}s"},
        )
        _check_postgresql(engine)
        return engine
    kept: dict[str, Any] = (
        {"poolclass": QueuePool, "pool_size": 10} if pooled else {"poolclass": NullPool}
    )
    engine = create_engine(url, connect_args={"timeout": PATIENCE_S}, **kept)
    if file := make_url(url).database:
        weakref.finalize(engine, os.close, _beside(file, fcntl.LOCK_SH))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    pages = CHECKPOINT_PAGES if sqlite_is_safe() else 0
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1,
              "wal_autocheckpoint": pages}  # fmt: skip
    for name, value in wanted.items():
        cursor.execute(f"PRAGMA {name}={value}")
        found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
        if found != value:
            raise Refused("database_unsafe", why=f"{name}={found}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _check_postgresql(engine: Engine) -> None:
    with engine.connect() as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            value = connection.execute(text(f"SHOW {name}")).scalar_one()
            if value == "off":
                connection.invalidate()  # nobody will use this engine
                raise Refused("database_unsafe", why=f"{name}={value}")


_turns: dict[str, threading.Lock] = {}  # by file


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """SQLite lets one write at a time. Whoever waits for its lock sleeps, mostly for
    too long; whoever waits here for another thread is woken."""
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if not file:
        yield
        return
    turn = _turns.setdefault(file, threading.Lock())
    if not turn.acquire(timeout=PATIENCE_S):
        raise Trouble("database_busy")
    try:
        yield
    finally:
        turn.release()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction; commits at the end, or nothing happened.

    Busy, full and lost databases are refusals that say when to come again (F7, F8).
    """
    try:
        with _turn(engine), engine.begin() as connection:
            yield connection
    except CANNOT_NOW as error:
        raise _trouble(error) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One snapshot to read from; several reads agree with each other."""
    level = (
        {}
        if engine.dialect.name == "sqlite"
        else {"isolation_level": "REPEATABLE READ"}
    )
    try:
        with engine.connect() as plain_connection:
            connection = plain_connection.execution_options(reading=True, **level)
            with connection.begin():
                yield connection
    except CANNOT_NOW as error:
        raise _trouble(error) from error


class Trouble(Refused):
    """The database cannot now, whatever it is asked: nobody's fact is to blame."""


def _trouble(error: Exception) -> Exception:
    """What the caller is told; a wrong statement stays the mistake that it is."""
    cause = getattr(error, "orig", None)
    medium.judge(cause)
    if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return error
    words = str(cause or error).lower()
    full = "full" in words or "no space" in words
    return Trouble("storage_full" if full else "database_busy")


def new_or_same(connection: Connection, table: Any) -> Any:
    """An INSERT that leaves what is there; the same words on both databases."""
    maker = postgresql if connection.dialect.name == "postgresql" else sqlite
    return maker.insert(table).on_conflict_do_nothing()


def upgrade(url: str) -> None:
    """Bring the tables of this database to today's form. Servers that start at the same
    time take turns; on PostgreSQL the steps themselves see to that."""
    file = make_url(url).database
    if url.startswith("sqlite") and file:
        with Path(f"{file}.upgrade").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            _write_log_anew(file)
            _upgrade(url)
    else:
        _upgrade(url)


def _beside(file: str, how: int) -> int:
    """A lock that says that this process has the database open. Not SQLite's own files:
    closing one of them would give away the locks that SQLite holds in this process."""
    handle = os.open(f"{file}.open", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how)
    except OSError:
        os.close(handle)
        raise
    return handle


def _write_log_anew(file: str) -> None:
    """What a process that is no more left in the log is written again and synced. After
    a failed sync it reads as if it were on the medium, and is not: the next commit
    would stand behind a hole (F9). Left alone while anybody has the database open."""
    with (
        suppress(BlockingIOError, FileNotFoundError),
        Path(f"{file}-wal").open("r+b", buffering=0) as log,
    ):
        alone = _beside(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            while block := log.read(1 << 20):
                log.seek(-len(block), os.SEEK_CUR)
                log.write(block)
            os.fsync(log.fileno())
        finally:
            os.close(alone)


def _upgrade(url: str) -> None:
    config = AlembicConfig()
    config.set_main_option("script_location", str(files("server") / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")


def sqlite_is_safe() -> bool:
    """Is this SQLite free of the checkpoint race?"""
    return sqlite3.sqlite_version_info >= SAFE_SQLITE


class Checkpointer:
    """On an old SQLite, the one connection of all processes that checkpoints.

    Whoever holds the lock file does it; when that process dies another takes over.
    """

    def __init__(self, database: str, every_s: float = CHECKPOINT_S) -> None:
        self._database = Path(database)
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End, and give the lock away."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        with Path(f"{self._database}.checkpointer").open("w") as lock:
            while not self._stop.wait(self._every_s):
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    continue
                try:
                    self._checkpoint()
                except sqlite3.OperationalError as error:
                    medium.judge(error)
                    log_book.exception("no checkpoint this time")

    def _checkpoint(self) -> None:
        connection = sqlite3.connect(
            self._database, timeout=PATIENCE_S, isolation_level=None
        )
        try:
            connection.execute("PRAGMA wal_autocheckpoint=0")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            asked = Path(f"{self._database}{CLEAR_THE_LOG}")
            if asked.exists():
                clear = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                if not clear.fetchone()[0]:
                    asked.unlink(missing_ok=True)
        finally:
            connection.close()
