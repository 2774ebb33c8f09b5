"""The database keeps what it acknowledged, says when it cannot, and recovers."""

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from server import database
from server.database import (
    Checkpointer,
    Trouble,
    open_engine,
    reading,
    upgrade,
    writing,
)
from server.tables import epoch
from sync.exchange import Outcome
from sync.facts.dispatch import OrderSeen
from sync.problems import Refused
from tests.server.books import Book, Pad, book, open_book, pad

__all__ = ["book", "pad"]

Pads = Callable[..., Pad]


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Book]:
    """A ledger on SQLite whose connections have little patience."""
    made = open_book(sqlite_url)
    made.engine.dispose()
    event.listen(made.engine, "connect", _hasty)
    yield made
    made.engine.dispose()


def _hasty(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout=20")


@contextmanager
def held(book: Book) -> Iterator[sqlite3.Connection]:
    """Somebody else has the database to himself."""
    other = sqlite3.connect(str(book.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_a_database_that_stays_locked_is_a_refusal_and_nothing_is_written(lite: Book):
    """Try again later, and it works (F8)."""
    lite.given("li")
    li = Pad(lite, "li", "t-li")
    seen, before = li.write(OrderSeen()), lite.everything()

    with held(lite), pytest.raises(Trouble, match="正忙"):
        li.hand_in(seen)

    assert lite.everything() == before
    assert li.hand_in(seen).receipts[0].outcome is Outcome.STORED


def test_who_waits_for_another_thread_is_turned_away_like_anybody(
    lite: Book, monkeypatch: pytest.MonkeyPatch
):
    """Writers of one process take turns, and no turn is waited for longer than a
    database that somebody else holds."""
    monkeypatch.setattr(database, "PATIENCE_S", 0.05)
    with ThreadPoolExecutor(1) as other, writing(lite.engine):
        late = other.submit(_write_through, lite, lambda: None)
        assert isinstance(late.exception(), Trouble)

    _write_through(lite, lambda: None)


def test_readers_do_not_wait_for_a_writer(lite: Book):
    lite.given("li")

    with held(lite):
        assert len(lite.pull("li").documents) == 1


def test_a_full_disk_is_a_refusal_and_recovers_without_hands(lite: Book):
    """507, nothing acknowledged, nothing half there (F7)."""
    lite.given("li")
    li = Pad(lite, "li", "t-li")
    written = [li.write(OrderSeen()) for _ in range(100)]
    before = lite.everything()

    with full(lite.engine), pytest.raises(Trouble, match="已满"):
        li.hand_in(*written)

    assert lite.everything() == before
    assert li.hand_in(*written).receipts[99].outcome is Outcome.STORED
    assert lite.is_gapless()


@contextmanager
def full(engine: Engine) -> Iterator[None]:
    """No page more than there are."""

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # SQLite: as many as there are

    engine.dispose()
    event.listen(engine, "connect", limit)
    yield
    event.remove(engine, "connect", limit)
    engine.dispose()


def test_every_connection_to_sqlite_is_careful(lite: Book):
    """Read back: a setting that did not take would lose what was acknowledged (F6)."""
    names = ("journal_mode", "synchronous", "foreign_keys")
    with ThreadPoolExecutor(3) as crowd:
        found = set(crowd.map(lambda _: _settings(lite.engine, names), range(3)))

    assert found == {("wal", 2, 1)}


def _settings(engine: Engine, names: tuple[str, ...]) -> tuple[object, ...]:
    with reading(engine) as connection:
        return tuple(
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names
        )


def test_a_sqlite_that_cannot_be_careful_is_refused():
    """A database in memory has no write-ahead log."""
    with (
        pytest.raises(Refused, match="journal_mode"),
        reading(open_engine("sqlite://")),
    ):
        pass


@pytest.mark.postgres
def test_a_postgresql_that_forgets_is_refused(postgresql_url: str):
    name = make_url(postgresql_url).database
    careful = open_engine(postgresql_url)
    with careful.begin() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit=off'))
    careful.dispose()

    with pytest.raises(Refused, match="synchronous_commit"):
        open_engine(postgresql_url)


@pytest.mark.postgres
def test_a_postgresql_that_dies_in_the_middle_comes_back(postgresql_url: str):
    """Every connection is cut in the middle of a transaction (F8)."""
    book = open_book(postgresql_url)
    book.given("li")
    before = book.everything()

    with pytest.raises(Trouble, match="正忙"):
        _write_through(book, lambda: _cut_all(postgresql_url))

    assert book.everything() == before
    assert Pad(book, "li", "t-li").tell(OrderSeen()).outcome is Outcome.STORED
    book.engine.dispose()


HALF = {"id": "half", "parent": None, "fork_position": 0, "opened_ms": 0}


def _write_through(book: Book, happens: Callable[[], object]) -> None:
    """Something happens while a transaction has written half of what it will."""
    with writing(book.engine) as connection:
        connection.execute(epoch.insert().values(HALF))
        happens()
        connection.execute(epoch.insert().values(HALF | {"id": "other half"}))


def _cut_all(url: str) -> None:
    other = open_engine(url)
    with other.begin() as connection:
        connection.execute(text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ))  # fmt: skip
    other.dispose()


def test_all_connections_in_use_is_a_refusal(database_url: str):
    """Come again, rather than an error of ours (F8)."""
    engine = open_engine(database_url)
    engine.pool._timeout = 0.01
    with ExitStack() as everybody, pytest.raises(Trouble, match="正忙"):
        [everybody.enter_context(reading(engine)) for _ in range(100)]
    engine.dispose()


STARTS = """
import sys
from pathlib import Path
from server.config import Config
from server import put_together
config = Config(data=Path(sys.argv[1]), database_url=sys.argv[2])
print(put_together(config).ledger.epoch)
"""


def test_servers_that_start_at_once_on_nothing_agree(database_url: str, tmp_path: Path):
    """Tables once, one epoch, one key (three processes)."""
    url = emptied(database_url)

    running = [
        subprocess.Popen(
            [sys.executable, "-c", STARTS, str(tmp_path / "data"), url],
            stdout=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    said = [one.communicate(timeout=60)[0].strip() for one in running]

    assert [one.returncode for one in running] == [0] * 3
    assert len(set(said)) == 1


def emptied(url: str) -> str:
    """The same database without anything in it."""
    engine = open_engine(url)
    if engine.dialect.name == "sqlite":
        engine.dispose()
        Path(str(engine.url.database)).unlink()
        return url
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
    engine.dispose()
    return url


def test_tables_that_are_up_to_date_are_left_alone(database_url: str):
    book = open_book(database_url)
    book.given("li")
    before = book.everything()

    upgrade(database_url)

    assert book.everything() == before
    book.engine.dispose()


def test_a_transaction_that_fails_leaves_nothing(book: Book):
    before = book.everything()

    with pytest.raises(ZeroDivisionError):
        _write_through(book, lambda: 1 // 0)

    assert book.everything() == before


def test_a_mistake_of_ours_is_not_taken_for_a_busy_database(book: Book):
    """Trying again would not help; it must be seen (F8)."""

    def mistake() -> None:
        with writing(book.engine) as connection:
            connection.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(DBAPIError, match="nowhere"):
        mistake()


HOLDS = """
import sys
from server.database import Checkpointer
Checkpointer(sys.argv[1], every_s=0.01).start()
sys.stdin.read()
"""


def test_another_process_checkpoints_when_the_one_that_did_is_killed(
    lite: Book, monkeypatch: pytest.MonkeyPatch
):
    """Exactly one at a time, and never none (F6)."""
    file = str(lite.engine.url.database)
    first = subprocess.Popen([sys.executable, "-c", HOLDS, file], stdin=subprocess.PIPE)
    until(lambda: locked(file))
    done: list[bool] = []
    monkeypatch.setattr(Checkpointer, "_checkpoint", lambda _self: done.append(True))
    second = Checkpointer(file, every_s=0.01)
    second.start()
    lite.given("li")
    assert not done

    os.kill(first.pid, signal.SIGKILL)
    first.communicate()

    until(lambda: bool(done))
    second.stop()
    assert not locked(file)


def test_a_checkpoint_that_fails_is_tried_again(
    lite: Book, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("CRITICAL", logger="server")
    tries: list[bool] = []

    def fail(_self: Checkpointer) -> None:
        tries.append(True)
        raise sqlite3.OperationalError("locked")

    monkeypatch.setattr(Checkpointer, "_checkpoint", fail)
    one = Checkpointer(str(lite.engine.url.database), every_s=0.001)
    one.start()

    until(lambda: len(tries) > 2)
    one.stop()


def test_the_checkpointer_empties_the_log(lite: Book):
    """Every page of the write-ahead log is in the database afterwards."""
    lite.given("li")
    file = str(lite.engine.url.database)

    Checkpointer(file)._checkpoint()

    with sqlite3.connect(file) as look:
        _, pages, moved = look.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    look.close()
    assert pages == moved


def locked(file: str) -> bool:
    """Does somebody hold the lock of checkpoints?"""
    with Path(f"{file}.checkpointer").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def until(holds: Callable[[], bool]) -> None:
    """Wait for another process, not for ever."""
    for _ in range(3000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("never")
