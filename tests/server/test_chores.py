"""What a server does by itself about the central log: each thing once, also after it
was broken off. On both databases."""

import fcntl
import hashlib
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from server.central.changed import SOME
from server.central.rows import Bringing, Source
from server.central_tables import compared, difference
from server.chores import Chores
from server.database import reading
from server.register import read_register
from tests.server.callers import Tablet, give, parts_of
from tests.server.central_logs import HEAD, WHERE, log_of, row

MANY = SOME + 20  # more than are compared in one transaction

DIES = """
import fcntl, os, signal, sys
from server.central import passes
from server.database import open_engine
from sync.policy import DEFAULT

lock, url, now_ms = open(sys.argv[1], "w"), sys.argv[2], int(sys.argv[3])
fcntl.flock(lock, fcntl.LOCK_EX)
steps = passes.reconcile(open_engine(url), DEFAULT, now_ms)
next(steps), next(steps)
os.kill(os.getpid(), signal.SIGKILL)
"""


def comes_in(app: Flask, *rows: str) -> None:
    """These rows of the central log."""
    parts, raw = parts_of(app), log_of(*rows, head=HEAD).encode()
    source = Source("log.csv", hashlib.sha256(raw).hexdigest(), "chen")
    sheet = read_register(raw, "log.csv")
    for _ in Bringing(parts.engine, source, sheet, 480, parts.now(), True).run():
        pass


def line(number: str, room: int = 1702) -> str:
    return row(number, "", WHERE.replace("1702", f"{room}"))


def waiting(app: Flask) -> dict[str, str]:
    """What is open, with the number of each."""
    asked = select(difference.c.number, difference.c.code).where(difference.c.open)
    with reading(parts_of(app).engine) as connection:
        return {one.number: one.code for one in connection.execute(asked)}


def mark(app: Flask) -> Any:
    """How far the last pass came, and how many there were."""
    with reading(parts_of(app).engine) as connection:
        return connection.execute(select(compared)).one()


def turn(app: Flask) -> Path:
    return parts_of(app).config.data / "reconciling"


def test_what_a_killed_pass_left_half_done_is_done(app: Flask):
    """Another process compared some hundred numbers and was killed in the middle; its
    turn ended with it."""
    comes_in(app, *(line(f"N{n}", n) for n in range(MANY)))
    parts = parts_of(app)
    said = [str(turn(app)), parts.config.database, str(parts.now())]
    died = subprocess.run([sys.executable, "-c", DIES, *said], check=False)
    assert died.returncode == -signal.SIGKILL
    assert len(waiting(app)) == SOME

    assert Chores(parts)._reconcile()

    assert waiting(app) == dict.fromkeys(
        (f"N{n}" for n in range(MANY)), "unknown_number"
    )
    with reading(parts.engine) as connection:
        assert len(connection.execute(select(difference)).all()) == MANY


def test_rows_that_came_in_are_compared_without_anybody_asking(app: Flask):
    comes_in(app, line("N1"))

    assert Chores(parts_of(app))._reconcile()

    assert waiting(app) == {"N1": "unknown_number"}


def test_twice_in_a_row_the_second_has_nothing_to_do(app: Flask):
    """Not even a pass begins."""
    comes_in(app, line("N1"))
    chores = Chores(parts_of(app))
    chores._reconcile()
    before = mark(app)

    assert chores._reconcile()

    assert mark(app) == before


def test_an_order_that_comes_later_is_noticed_the_next_time(app: Flask, li: Tablet):
    comes_in(app, line("N1"))
    chores = Chores(parts_of(app))
    chores._reconcile()
    give(app, "N1", "li")

    assert chores._reconcile()

    assert waiting(app).get("N1") != "unknown_number"


def test_while_somebody_is_at_it_the_server_leaves_it(app: Flask):
    comes_in(app, line("N1"))
    chores = Chores(parts_of(app))
    with turn(app).open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert chores._reconcile()
        assert waiting(app) == {}

    chores._reconcile()

    assert waiting(app) == {"N1": "unknown_number"}
