"""What the desk decides beyond dispatching: close, open again, merge, look at."""

from collections.abc import Callable
from typing import Any

import pytest

from server import desk
from sync.facts import What
from sync.facts.acceptance import Accepted, Rejected
from sync.facts.approval import Approved, Held
from sync.facts.dispatch import Closed, Dispatched, Reopened, ReviewResolved
from sync.facts.intake import FoundOnSite, Logged
from sync.facts.visit import Arrived
from sync.order import order_stream
from sync.problems import Refused
from tests.server.books import HOUR, NOON, Book, Pad, book, holding, pad

__all__ = ["book", "pad"]

Pads = Callable[..., Pad]


def decide(book: Book, what: What, number: str = "1", seen: int | None = None) -> None:
    """Chen states this, as far as it may be stated."""
    desk.decide(
        book.ledger, what, stream=order_stream(number), by="chen", words="",
        now_ms=book.now_ms, seen=seen,
    )  # fmt: skip


def merge(book: Book, number: str, into: str) -> None:
    """Chen sees that two orders are for one request."""
    desk.merge(
        book.ledger, stream=order_stream(number), into=order_stream(into), by="chen",
        words="", now_ms=book.now_ms,
    )  # fmt: skip


def refusal(deed: Callable[[], None]) -> str:
    """With which code it is refused."""
    with pytest.raises(Refused) as refused:
        deed()
    return refused.value.code


def may_see(book: Book, technician: str, number: str) -> bool:
    """Does this technician's tablet get the order?"""
    return book.feed.may_see(technician, holding("technician"), order_stream(number))


def came_unsent(book: Book, pad: Pads) -> str:
    """Li goes to an order that is Wang's; the review about it."""
    book.given("wang")
    book.dispatched("li")
    book.dispatched("wang")
    pad("li").tell(Arrived())
    (review,) = book.order()["reviews"]
    found: str = review["id"]
    return found


def test_who_decides_by_an_old_screen_is_asked_to_look_again(book: Book, pad: Pads):
    """If-Match: Li had arrived while Chen was reading."""
    book.given("li")
    rev = book.rev("1")
    pad("li").tell(Arrived())

    assert refusal(lambda: decide(book, Closed(reason="done"), seen=rev)) == (
        "version_changed"
    )
    assert "closed" not in book.order()


def test_who_decides_by_the_newest_screen_decides(book: Book):
    book.given("li")

    decide(book, Closed(reason="done"), seen=book.rev("1"))

    assert book.order()["closed"]["reason"] == "done"


def test_a_closed_order_is_neither_closed_again_nor_dispatched(book: Book):
    book.given("li")
    decide(book, Closed(reason="done"))

    assert refusal(lambda: decide(book, Closed(reason="done"))) == "already_closed"


def test_a_contradiction_is_looked_at_before_an_order_is_closed(book: Book, pad: Pads):
    """Zhao signed on Li's tablet, and sent the work back on Wang's."""
    book.given("li")
    book.dispatched("li", helpers=("wang",))
    sheet: dict[str, Any] = {"round": 1, "sheet": "0" * 64, "covers": ()}
    rev = book.rev("1")
    pad("li").tell(Accepted(**sheet), basis=rev)
    back = Rejected(**sheet, responsible="wang", due_ms=NOON)
    pad("wang").tell(back, basis=rev)
    (review,) = (
        one["id"] for one in book.order()["reviews"] if one["code"] == "contradiction"
    )
    assert refusal(lambda: decide(book, Closed(reason="done"))) == "contradiction_open"

    decide(book, ReviewResolved(review=review, reason="owner_was_asked"))
    decide(book, Closed(reason="done"))

    assert book.order()["closed"]["reason"] == "done"


def test_a_closed_order_leaves_the_tablet_and_comes_back_when_it_is_opened(book: Book):
    """S1: a tablet holds nothing about a home that nobody has to go to any more."""
    book.given("li")
    home = book.pull("li")
    decide(book, Closed(reason="done"))
    gone = book.pull("li", home.cursor)
    decide(book, Reopened(reason="more_to_do"))
    back = book.pull("li", gone.cursor)

    assert [one.reason for one in gone.gone] == ["closed"]
    assert [one.stream for one in back.documents] == [order_stream("1")]


def test_what_is_open_is_not_opened(book: Book):
    book.given("li")

    assert refusal(lambda: decide(book, Reopened(reason="more"))) == "not_closed"


def test_what_was_never_asked_for_cannot_be_closed(book: Book):
    assert refusal(lambda: decide(book, Closed(reason="done"))) == "not_found"


def test_a_review_that_was_looked_at_stays_closed_when_the_board_is_made_anew(
    book: Book, pad: Pads
):
    """Invariant 28."""
    review = came_unsent(book, pad)

    decide(book, ReviewResolved(review=review, reason="stand_in"))

    assert book.ledger.rebuild_board() == []
    assert "reviews" not in book.order()
    assert [one["id"] for one in book.order()["resolved"]] == [review]


def test_a_review_that_nobody_has_cannot_be_looked_at(book: Book):
    book.given("li")
    what = ReviewResolved(review="A" * 16, reason="stand_in")

    assert refusal(lambda: decide(book, what)) == "not_found"


def test_a_duplicate_is_merged_on_both_sides_or_not_at_all(book: Book):
    """Zhao rang twice; the second order was given to Li before anybody noticed."""
    book.given("li", "1", "2")

    merge(book, "2", into="1")

    assert book.order("2")["merged_into"] == order_stream("1")
    assert book.order("1")["duplicates"] == [order_stream("2")]
    assert refusal(lambda: decide(book, Reopened(reason="slip"), "2")) == "not_closed"


def test_nothing_is_merged_into_a_closed_order(book: Book):
    book.given("li", "1", "2")
    decide(book, Closed(reason="done"))

    assert refusal(lambda: merge(book, "2", into="1")) == "order_not_open"
    assert "merged_into" not in book.order("2")


def test_an_order_is_not_merged_twice_or_with_itself(book: Book):
    book.given("li", "1", "2", "3")
    merge(book, "2", into="1")

    assert refusal(lambda: merge(book, "2", into="3")) == "already_merged"
    assert refusal(lambda: merge(book, "3", into="3")) == "merged_with_itself"


def test_an_order_that_came_without_a_number_goes_on_under_the_real_one(
    book: Book, pad: Pads
):
    """Li wrote it down at a door; the register's request came the next morning."""
    pad("li").tell(Arrived(), "provisional")
    book.later(HOUR)
    book.decide(Logged(number="7", registered_ms=NOON), "7")

    merge(book, "provisional", into="7")

    assert len(book.order("provisional")["visits"]) == 1
    assert book.order("7")["duplicates"] == [order_stream("provisional")]


def test_work_is_shown_where_it_stands_when_its_request_comes_late(
    book: Book, pad: Pads
):
    """The tablet's numbers are far above the register's."""
    pad("li").tell(Arrived(), "7")
    book.decide(Logged(number="7", registered_ms=NOON), "7")

    assert book.order("7")["stage"] == "on_site"


def test_a_cost_is_approved_once_and_only_where_it_waits(book: Book, pad: Pads):
    """L4: held in the home, approved at the desk, known to the tablet afterwards."""
    book.given("li")
    held = Held(estimate_fen=180_000, limit_fen=100_000, owner_told=True)
    waits = pad("li").tell(held).id
    yes = Approved(hold=waits, up_to_fen=200_000)

    decide(book, yes)

    assert book.order()["holds"][0]["up_to_fen"] == 200_000
    assert refusal(lambda: decide(book, yes)) == "nothing_held"


def test_a_fault_found_on_site_is_its_finders_until_the_desk_gives_it_away(
    book: Book, pad: Pads
):
    """现场加单: li's tablet goes on holding it, wang's never sees it."""
    found = FoundOnSite(registered_ms=NOON, trade="plumbing")
    pad("li").tell(found, "found", private={"fault": "damp wall"})
    assert may_see(book, "li", "found")

    decide(book, Dispatched(technician="wang"), "found")

    assert may_see(book, "wang", "found")
    assert not may_see(book, "li", "found")


def test_nobody_reads_a_registered_order_by_claiming_to_have_found_it(
    book: Book, pad: Pads
):
    """S1, X21: its number may be guessed, its home may not be looked into."""
    book.decide(Logged(number="7", registered_ms=NOON), "7")

    pad("wang").tell(FoundOnSite(registered_ms=NOON), "7")

    assert not may_see(book, "wang", "7")
