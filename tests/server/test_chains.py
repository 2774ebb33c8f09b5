"""Time that nobody can bend: claims freeze what lies behind them, nothing else (X1).

Li's tablet says how far its log has got before it hands anything in; what the chain
does not bear out is worth nothing.
"""

import random
from collections.abc import Callable

import pytest
from sqlalchemy import select

from server.database import reading
from server.tables import claim
from sync.exchange import Claim
from sync.facts.dispatch import OrderSeen
from sync.facts.visit import Arrived, Left
from tests.server.books import DAY, HOUR, MINUTE, Book, Pad, Written, book, pad

__all__ = ["book", "pad"]

Pads = Callable[..., Pad]
SKEW = 1_000


@pytest.fixture
def li(book: Book, pad: Pads) -> Pad:
    """Li's tablet, in contact at noon; order 1 is his, and so is order 2."""
    book.given("li", "1", "2")
    tablet = pad("li")
    tablet.greet()
    return tablet


def not_after(book: Book, one: Written, number: str = "1") -> int:
    """Before which instant this surely happened."""
    found: int = book.moment(one.id, number)["not_after_ms"]
    return found - SKEW - 1


def not_before(book: Book, one: Written, number: str = "1") -> int:
    """After which instant this surely happened."""
    found: int = book.moment(one.id, number)["not_before_ms"]
    return found + SKEW


def test_no_claim_made_in_advance_puts_a_later_arrival_earlier(book: Book, li: Pad):
    """Li prepares a number under which he later says something else (X1)."""
    prepared = li.write(OrderSeen())
    said = li.claim()
    book.ledger.note_claims([said], li.author, book.now_ms)
    li.n, li.tip = 0, None
    book.later(5 * HOUR)
    arrived = li.write(Arrived())

    li.hand_in(arrived, prepared)

    assert not_after(book, arrived) == book.now_ms


def test_no_claim_beside_the_chain_freezes_what_lies_before_it(book: Book, li: Pad):
    """A second fact under number 3 whose predecessor is made up (X1)."""
    li.n, li.tip = 2, "x" * 43
    lie = li.write(OrderSeen())
    book.ledger.note_claims([li.claim()], li.author, book.now_ms)
    li.n, li.tip = 0, None
    book.later(5 * HOUR)
    true = [li.write(Arrived()), li.write(Left()), li.write(OrderSeen())]

    li.hand_in(lie, *true)

    assert [not_after(book, one) for one in true] == [book.now_ms] * 3


def test_what_is_handed_in_days_later_happened_before_the_hello(book: Book, li: Pad):
    arrived = li.write(Arrived())
    book.later(HOUR)
    li.greet()
    frozen_ms = book.now_ms
    book.later(3 * DAY)

    li.hand_in(arrived)

    assert not_after(book, arrived) == frozen_ms


def test_a_claim_counts_only_when_the_chain_up_to_it_is_here(book: Book, li: Pad):
    """Until then nobody knows that the tip stands on this fact."""
    first, second = li.write(Arrived()), li.write(Left())
    book.later(HOUR)
    li.greet()
    frozen_ms = book.now_ms
    book.later(DAY)
    li.hand_in(first)
    assert not_after(book, first) == book.now_ms

    li.hand_in(second)

    assert not_after(book, first) == frozen_ms


def test_a_confirmed_claim_reaches_orders_handed_in_before(book: Book, li: Pad):
    """Their documents change, so their readers are told."""
    first, second = li.write(Arrived(), "1"), li.write(Arrived(), "2")
    book.later(HOUR)
    li.greet()
    book.later(DAY)
    li.hand_in(first)
    cursor = book.pull("li").cursor

    li.hand_in(second)

    assert len(book.pull("li", cursor).documents) == 2


def test_a_hello_after_the_push_confirms_the_clock(book: Book, li: Pad):
    """Two contacts that agree: grade A."""
    book.later(20 * MINUTE)
    arrived = li.write(Arrived())
    li.hand_in(arrived)
    assert book.moment(arrived.id)["grade"] == "B"

    book.later(MINUTE)
    li.greet()

    assert book.moment(arrived.id)["grade"] == "A"


def test_a_claim_that_the_chain_does_not_bear_out_never_counts(book: Book, li: Pad):
    lie = Claim(log=li.log, n=1, tip="z" * 43, at={"w": book.now_ms, "z": 0})
    book.ledger.note_claims([lie], li.author, book.now_ms)
    book.later(HOUR)
    arrived = li.write(Arrived())

    li.hand_in(arrived)

    assert not_after(book, arrived) == book.now_ms


def test_an_old_token_is_caught_by_the_newer_one_before_it(book: Book, li: Pad):
    """Li keeps his morning's token for the afternoon's arrival (X1)."""
    old = li.token
    book.later(5 * HOUR)
    li.greet()
    seen_ms = book.now_ms
    seen = li.write(OrderSeen())
    li.token = old
    arrived = li.write(Arrived())

    li.hand_in(seen, arrived)

    assert not_before(book, arrived) == seen_ms


@pytest.mark.parametrize("number", ["1", "2"])
def test_an_old_token_is_caught_though_the_newer_one_comes_later(
    book: Book, li: Pad, number: str
):
    """Handed in the other way round, about the same order or another (X1, 24)."""
    old = li.token
    book.later(5 * HOUR)
    li.greet()
    seen_ms = book.now_ms
    seen = li.write(OrderSeen(), number)
    li.token = old
    arrived = li.write(Arrived())

    li.hand_in(arrived)
    li.hand_in(seen)

    assert not_before(book, arrived) == seen_ms


def test_a_token_of_another_tablet_is_worth_nothing(book: Book, li: Pad, pad: Pads):
    book.later(HOUR)
    other = pad("wang")
    other.greet()
    li.token = other.token
    arrived = li.write(Arrived())

    li.hand_in(arrived)

    assert "not_before_ms" not in book.moment(arrived.id)


def test_nobody_claims_for_the_log_of_another(book: Book, li: Pad, pad: Pads):
    arrived = li.write(Arrived())
    stranger = pad("wang")
    book.ledger.note_claims([li.claim()], stranger.author, book.now_ms)
    book.later(HOUR)

    li.hand_in(arrived)

    assert not_after(book, arrived) == book.now_ms


def test_a_claim_that_was_long_on_its_way_changes_nothing(book: Book, li: Pad):
    """A hello overtaken by a later one says less than is known."""
    arrived = li.write(Arrived())
    overtaken = li.claim()
    li.hand_in(arrived, li.write(Left()))
    book.later(HOUR)
    li.greet()
    before = book.moment(arrived.id)
    book.later(HOUR)

    book.ledger.note_claims([overtaken], li.author, book.now_ms)
    book.ledger.rebuild_board()

    assert book.moment(arrived.id) == before


def test_a_fork_takes_no_time_from_the_other_branch(book: Book, li: Pad, pad: Pads):
    """A copied tablet: its newer token says nothing about what Li wrote before."""
    book.later(HOUR)
    arrived = li.write(Arrived())
    copy = pad("li")
    book.later(HOUR)
    copy.greet()
    copied = copy.write(OrderSeen())
    book.later(HOUR)

    copy.hand_in(copied)
    li.hand_in(arrived)

    assert not_before(book, arrived) == book.now_ms - 3 * HOUR


def test_an_idle_hello_of_a_long_log_makes_no_order_anew(book: Book, li: Pad):
    for _ in range(5):
        li.tell(OrderSeen())
        li.greet()
    cursor = book.pull("li").cursor

    book.later(HOUR)
    li.greet()

    assert not book.pull("li", cursor).documents


def test_a_hello_makes_only_the_newest_orders_anew(book: Book, li: Pad):
    """What has its claim already is left alone."""
    li.tell(OrderSeen(), "1")
    li.greet()
    li.tell(OrderSeen(), "2")
    cursor = book.pull("li").cursor

    li.greet()

    changed = book.pull("li", cursor).documents
    assert [one.order["request"]["number"] for one in changed] == ["2"]


def test_the_truth_lies_in_every_bracket_whatever_the_sequence(
    book: Book, li: Pad, pad: Pads
):
    """Two tablets, tokens, hellos and pushes at random; nobody lies (31)."""
    chance = random.Random(7)
    pads = [li, pad("li", "b"), pad("li", "a", device="t-two")]
    written: dict[str, int] = {}
    waiting: list[tuple[Pad, Written]] = []
    for _ in range(60):
        book.later(chance.randrange(30 * MINUTE))
        one = chance.choice(pads)
        if chance.random() < 0.3:
            one.greet()
        if chance.random() < 0.7:
            fact = one.write(OrderSeen(), chance.choice("12"))
            written[fact.id] = book.now_ms
            waiting.append((one, fact))
        if chance.random() < 0.3:
            chance.shuffle(waiting)
            for tablet, fact in waiting[:5]:
                tablet.hand_in(fact)
            del waiting[:5]

    for number in "12":
        for entry in book.order(number)["history"]:
            truth = written.get(entry["id"])
            moment = entry["moment"]
            assert truth is None or (
                moment.get("not_before_ms", 0) <= truth < moment["not_after_ms"]
            )
    assert book.ledger.rebuild_board() == []


def test_what_counts_was_said_before_anything_that_says_more(book: Book, li: Pad):
    """Of two claims confirmed at once, the later one for less is dropped."""
    facts = [li.write(OrderSeen()) for _ in range(3)]
    less = Claim(log=li.log, n=1, tip=facts[0].id)
    li.greet()
    book.later(HOUR)
    book.ledger.note_claims([less], li.author, book.now_ms)
    li.hand_in(*facts)

    with reading(book.engine) as connection:
        counting = connection.execute(select(claim.c.n).where(claim.c.confirmed))

        assert counting.scalars().all() == [3]
