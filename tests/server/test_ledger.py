"""Facts come in once, with positions in commit order, whoever writes meanwhile."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.database import writing
from server.places import advance
from sync.facts.dispatch import OrderSeen
from tests.server.books import Book, Pad, book

__all__ = ["book"]

WRITERS = 16


class Reader(threading.Thread):
    """Polls the whole log in commit order and remembers what it saw."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book, self.seen, self.enough = book, list[int](), threading.Event()

    def run(self) -> None:
        over = False
        while not over:
            over = self.enough.is_set()
            last = self.seen[-1] if self.seen else 0
            self.seen += [one["position"] for one in self.book.feed.facts(last, 1000)]


class GaveUpError(Exception):
    """A writer that took positions and then failed."""


def test_a_reader_never_steps_over_a_fact_that_commits_late(book: Book) -> None:
    """Sixteen write at once; some give up with positions in hand (9, 10)."""
    numbers = [f"n{one}" for one in range(6)]
    book.given("li", *numbers)
    reader = Reader(book)
    reader.start()

    with ThreadPoolExecutor(WRITERS) as crowd:
        list(crowd.map(lambda i: _busy_writer(book, i, numbers), range(WRITERS)))
    reader.enough.set()
    reader.join()

    every = [one["position"] for one in book.feed.facts(0, 10_000)]
    assert book.is_gapless()
    assert reader.seen == every
    assert len(every) == 12 + WRITERS * 6


def _busy_writer(book: Book, i: int, numbers: list[str]) -> None:
    chance = random.Random(i)
    pad = Pad(book, "li", f"t-{i}")
    for _ in range(3):
        pad.hand_in(*(pad.write(OrderSeen(), n) for n in chance.sample(numbers, 2)))
        with pytest.raises(GaveUpError):
            _give_up(book)


def _give_up(book: Book) -> None:
    with writing(book.engine) as connection:
        advance(connection, 3)
        raise GaveUpError
