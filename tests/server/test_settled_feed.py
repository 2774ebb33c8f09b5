"""What was recorded by somebody whose order it is no more, and what became of it."""

from collections.abc import Callable

import pytest

from server.tables import member
from sync.exchange import Gone
from sync.facts.dispatch import Cancelled, Closed, Dispatched, ReviewResolved
from sync.facts.visit import Arrived, Left
from sync.order import order_stream
from tests.server.books import Book, Pad, book, pad

__all__ = ["book", "pad"]

Pads = Callable[..., Pad]


def resolved(book: Book, reason: str = "field_stands", count: int = 9) -> None:
    """Chen looks at what waits."""
    for one in list(book.order().get("reviews", ()))[:count]:
        book.decide(ReviewResolved(review=one["id"], reason=reason), "1",
                    {"words": "已问过赵女士"})  # fmt: skip


@pytest.fixture
def arrived(book: Book, pad: Pads) -> tuple[str, str]:
    """Li drove out of coverage while the order went to Wang, and hands in what was
    recorded there: the fact, and the cursor from which Li goes on."""
    book.given("li")
    cursor = book.pull("li").cursor
    book.dispatched("wang")
    fact = pad("li").tell(Arrived())
    return fact.id, book.pull("li", cursor).cursor


def left(book: Book, actor: str, cursor: str) -> tuple[Gone, ...]:
    """Word of leaving that came since."""
    return book.pull(actor, cursor).gone


def test_who_lost_the_order_learns_what_became_of_what_they_recorded(
    book: Book, arrived: tuple[str, str]
):
    fact, cursor = arrived
    assert left(book, "li", cursor) == ()

    resolved(book)

    (gone,) = left(book, "li", cursor)
    assert (gone.stream, gone.reason) == (order_stream("1"), "reassigned")
    assert {(one.reason, one.facts) for one in gone.settled} == {
        ("field_stands", (fact,))
    }


def test_nothing_else_of_the_order_is_told(book: Book, arrived: tuple[str, str]):
    """No document, no owner, no word of the desk, no fact of anybody else's."""
    resolved(book)

    page = book.feed.pull("li", frozenset(), arrived[1], 200)

    assert page.documents == ()
    assert "赵".encode() not in page.wire()
    assert book.order()["assignments"][-1]["fact"].encode() not in page.wire()


def test_it_is_told_once(book: Book, pad: Pads, arrived: tuple[str, str]):
    """What goes on afterwards is not Li's."""
    resolved(book)
    cursor = book.pull("li", arrived[1]).cursor
    pad("wang").tell(Left())
    book.cancelled()

    assert left(book, "li", cursor) == ()


def test_the_order_is_purged_no_later_for_it(book: Book, arrived: tuple[str, str]):
    book.later(60_000)
    resolved(book)

    (gone,) = left(book, "li", arrived[1])
    assert gone.purge_ms < book.now_ms + 14 * 86_400_000


def test_who_recorded_nothing_hears_of_nothing(book: Book, arrived: tuple[str, str]):
    """Sun had the order before Li came back to it."""
    book.decide(Dispatched(technician="sun"), "1")
    cursor = book.pull("sun").cursor
    book.decide(Dispatched(technician="wang"), "1")
    cursor = book.pull("sun", cursor).cursor

    resolved(book)

    assert arrived
    assert left(book, "sun", cursor) == ()


@pytest.mark.parametrize("ends", [Cancelled(reason="asked"), Closed(reason="done")])
def test_what_is_decided_after_the_end_is_told_too(
    book: Book, arrived: tuple[str, str], ends: Cancelled | Closed
):
    book.decide(ends, "1")
    resolved(book)

    assert left(book, "li", arrived[1])[0].settled


def test_a_board_that_is_made_anew_tells_nobody_again(
    book: Book, arrived: tuple[str, str]
):
    assert arrived
    resolved(book)
    before = book.everything()[member.name]

    assert book.ledger.rebuild_board() == []
    assert book.everything()[member.name] == before
