"""Servers that start at the same time bring the tables up to date one after another, on
both databases.
"""

import fcntl
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from server.database import open_engine

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
UPGRADES = "import sys; from server.database import upgrade; upgrade(sys.argv[1])"
TURN = 20261122  # the advisory lock in server/migrations/env.py


def test_nobody_touches_the_tables_before_it_is_his_turn(emptied_url: str):
    """Somebody else is at it: the second waits, and finds the work done."""
    with started(emptied_url) as second:
        with somebody_at_it(emptied_url):
            second.stdin.close()
            until_it_waits(emptied_url, second)
            assert tables(emptied_url) == set()
        assert second.wait(60) == 0
    assert "fact" in tables(emptied_url)


@pytest.fixture
def emptied_url(database_url: str) -> str:
    """A database without any tables."""
    if database_url.startswith("sqlite"):
        Path(str(make_url(database_url).database)).unlink()
        return database_url
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
    engine.dispose()
    return database_url


@contextmanager
def somebody_at_it(url: str) -> Iterator[None]:
    """The turn is taken, by us."""
    if url.startswith("sqlite"):
        with Path(f"{make_url(url).database}.upgrade").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield
            fcntl.flock(turn, fcntl.LOCK_UN)
        return
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({TURN})"))
        yield
    engine.dispose()


@contextmanager
def started(url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server that begins with the tables when nothing more comes from us."""
    late = f"import sys; sys.stdin.read(); {UPGRADES}"
    process = subprocess.Popen(
        [sys.executable, "-c", late, url], cwd=ROOT, stdin=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until_it_waits(url: str, second: subprocess.Popen[bytes]) -> None:
    """Until the other process stands in line, as the kernel or PostgreSQL see it."""
    for _ in range(6000):
        if _waits(url, second.pid):
            return
        assert second.poll() is None, "it did not wait"
        time.sleep(0.01)  # another process gets there in its own time
    raise AssertionError("it does not wait")


def _waits(url: str, pid: int) -> bool:
    if url.startswith("sqlite"):
        waiting = rf"-> FLOCK +ADVISORY +WRITE +{pid} "
        return re.search(waiting, Path("/proc/locks").read_text()) is not None
    engine = open_engine(url)
    with engine.connect() as connection:
        line = text(f"SELECT 1 FROM pg_locks WHERE objid = {TURN} AND NOT granted")
        found = connection.execute(line).scalar()
    engine.dispose()
    return found is not None


def tables(url: str) -> set[str]:
    """What is there, seen without our careful settings."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found
