"""The board is what the facts add up to, at every moment, and can be made anew."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from server.database import writing
from server.tables import fact, member, stream
from sync.exchange import Claim
from sync.facts.dispatch import OrderSeen
from sync.facts.visit import Arrived, Left, NobodyHome
from sync.order import order_stream
from tests.server.books import (
    MINUTE,
    Book,
    Pad,
    Written,
    book,
    pad,
    photographed,
    picture,
)

__all__ = ["book", "pad"]

Pads = Callable[..., Pad]
NUMBERS = "123"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_board_is_always_what_its_facts_add_up_to(book: Book, pad: Pads, seed: int):
    """Several tablets, a copy of one, late claims, reassignments, photos (24)."""
    chance = random.Random(seed)
    book.given("li", *NUMBERS)
    tablets = [pad("li"), pad("li", "b"), pad("wang"), pad("li")]  # the last is a copy
    waiting: list[tuple[Pad, Written]] = []
    for _ in range(40):
        book.later(chance.randrange(20 * MINUTE))
        tablet, number = chance.choice(tablets), chance.choice(NUMBERS)
        match chance.randrange(6):
            case 0:
                tablet.greet()
            case 1 | 2:
                kind = chance.choice([OrderSeen(), Arrived(), Left(), NobodyHome()])
                told = tablet.write(kind, number, lamport=chance.randrange(1, 60))
                waiting.append((tablet, told))
            case 3:
                chance.shuffle(waiting)
                for owner, one in waiting[:4]:
                    owner.hand_in(one)
                del waiting[:4]
            case 4:
                book.dispatched(chance.choice(["li", "wang"]), number)
            case 5:
                shot = picture(number)
                tablet.tell(photographed(), number, blobs=[shot])
                book.ledger.blob_arrived(shot.sha256, 1, "", None, book.now_ms)

    assert book.ledger.rebuild_board() == []


def test_making_it_anew_changes_nothing(book: Book, pad: Pads):
    book.given("li")
    pad("li").tell(Arrived())
    before = book.everything()

    assert book.ledger.rebuild_board() == []
    assert book.everything() == before


TAMPERED: list[Any] = [
    update(stream).values(document="{}"),
    update(stream).values(stage="accepted"),
    update(stream).values(number="another"),
    update(stream).values(rev=99),
    update(member).values(state="out"),
    delete(member),
    insert(member).values(
        actor="sun", stream=order_stream("1"), pos=1, state="in", reason=""
    ),
]


@pytest.mark.parametrize("tampering", TAMPERED, ids=range(len(TAMPERED)))
def test_what_was_tampered_with_is_put_right_and_named(book: Book, tampering: Any):
    """Documents, columns and members alike."""
    book.given("li")
    right = book.document(), book.pull("li").documents
    with writing(book.engine) as connection:
        connection.execute(tampering)

    assert book.ledger.rebuild_board() == [order_stream("1")]
    assert (book.document(), book.pull("li").documents) == right
    assert not book.pull("sun").documents


def test_readers_of_what_was_put_right_are_told(book: Book):
    """They may have taken home what was wrong."""
    book.given("li")
    with writing(book.engine) as connection:
        connection.execute(update(stream).values(document="{}"))
    cursor = book.pull("li").cursor

    book.ledger.rebuild_board()

    assert len(book.pull("li", cursor).documents) == 1
    assert book.is_gapless()


def test_a_document_says_nothing_that_is_not_in_the_facts(book: Book, pad: Pads):
    """A fact that was removed from the ledger leaves its document too."""
    book.given("li")
    seen = pad("li").tell(OrderSeen())
    with writing(book.engine) as connection:
        connection.execute(delete(fact).where(fact.c.id == seen.id))

    book.ledger.rebuild_board()

    assert seen.id not in json.dumps(book.order())


def test_a_claim_without_any_clock_is_a_claim_all_the_same(book: Book, pad: Pads):
    """It bounds, and compares no clocks."""
    book.given("li")
    li = pad("li")
    arrived = li.write(Arrived())
    book.ledger.note_claims(
        [Claim(log=li.log, n=1, tip=li.tip)], li.author, book.now_ms
    )
    said_ms = book.now_ms
    book.later(MINUTE)

    li.hand_in(arrived)

    assert book.moment(arrived.id)["not_after_ms"] < said_ms + MINUTE


def test_what_comes_late_takes_its_place_among_the_others(book: Book, pad: Pads):
    """Causal order decides, never arrival (F3, 23)."""
    book.given("li")
    li = pad("li")
    li.tell(Left(), lamport=50)

    li.tell(Arrived(), lamport=10)

    kinds = [entry["kind"] for entry in book.order()["history"]]
    assert kinds[-2:] == [Arrived.kind, Left.kind]
