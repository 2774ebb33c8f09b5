"""Whoever polls never steps over a row, however late others commit, or never (9, 10).

SQLite: eight processes. PostgreSQL: four processes with four threads each, some of them
slow to commit, some giving up with positions in hand. The log and the feed of people
are both polled all the while.
"""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from threading import Thread

import pytest
from sqlalchemy import event

from server.database import Trouble, writing
from server.places import advance
from sync.facts.dispatch import OrderSeen
from sync.order import order_stream
from tests.server.books import Book, Pad, Written, open_book
from tests.together.mortal import CONTEXT

pytestmark = pytest.mark.slow

CROWD = {"sqlite": (8, 1), "postgresql": (4, 4)}  # processes, threads in each
PUSHES = 4
NUMBERS = tuple(f"n{one}" for one in range(6))


class GaveUpError(Exception):
    """A writer that had positions in hand and then failed."""


def writes(url: str, process: int, threads: int) -> None:
    """One process of writers; every third push commits late, and somebody gives up."""
    book = open_book(url)
    chance = random.Random(process)

    def late(_connection: object) -> None:
        if chance.random() < 0.3:
            time.sleep(0.02)  # everybody else may overtake, if anybody can

    event.listen(book.engine, "commit", late)
    crowd = [Thread(target=_pushes, args=(book, process, t)) for t in range(threads)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    book.engine.dispose()


def _pushes(book: Book, process: int, thread: int) -> None:
    chance = random.Random(f"{process}/{thread}")
    pad = Pad(book, "li", f"t-{process}-{thread}")
    for _ in range(PUSHES):
        some = chance.sample(NUMBERS, 2)
        written = [pad.write(OrderSeen(), one) for one in some]
        while not _hands_in(pad, written):
            pass
        with suppress(GaveUpError, Trouble), writing(book.engine) as connection:
            advance(connection, 3)
            raise GaveUpError


def _hands_in(pad: Pad, written: Sequence[Written]) -> bool:
    """False if the database asked to come again later."""
    with suppress(Trouble):
        return all(one.in_custody for one in pad.hand_in(*written).receipts)
    return False


def test_a_reader_that_polls_never_steps_over_what_commits_late(database_url: str):
    """Every position is seen in its turn, in the log and by the technician."""
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    processes, threads = CROWD[kind]
    book = open_book(database_url)
    book.given("li", *NUMBERS)
    began = [one["position"] for one in book.feed.facts(0, 1000)]
    pages = polled(book, began[-1])
    crowd = [
        CONTEXT.Process(target=writes, args=(database_url, n, threads))
        for n in range(processes)
    ]
    for one in crowd:
        one.start()
    seen, documents = next(pages)
    while any(one.is_alive() for one in crowd):
        seen, documents = next(pages)
    for one in crowd:
        one.join()
    seen, documents = next(pages)

    assert [one.exitcode for one in crowd] == [0] * processes
    assert began + seen == [one["position"] for one in book.feed.facts(0, 10_000)]
    assert len(seen) == processes * threads * PUSHES * 2
    assert book.is_gapless()
    assert documents == {order_stream(n): book.rev(n) for n in NUMBERS}
    book.engine.dispose()


def polled(book: Book, last: int) -> Iterator[tuple[list[int], dict[str, int]]]:
    """Positions as they are seen, and the newest revision of each document pulled."""
    seen: list[int] = []
    documents: dict[str, int] = {}
    cursor = None
    while True:
        seen += [
            one["position"] for one in book.feed.facts(seen[-1] if seen else last, 50)
        ]
        page = book.pull("li", cursor)
        cursor = page.cursor
        documents |= {one.stream: one.rev for one in page.documents}
        yield seen, documents
