"""Orders that left are cleared on their date, by the server's word alone."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from field_client.owed import Owned
from field_client.purging import MOST_LATE_MS
from server.board import PURGE_AFTER_MS
from server.database import writing
from server.purges import cleared
from server.tables import durable, fact, member
from sync.exchange import Lane
from sync.facts.dispatch import OrderSeen
from sync.facts.visit import Arrived, Left
from sync.facts.work import Photographed
from tests.world import MINUTE, InHand, World

DAYS = PURGE_AFTER_MS // MINUTE
PHOTO = {"photo": (b"a picture of the valve", "application/x-raw")}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def li(world: World) -> InHand:
    """Li's tablet, with order 1 taken home."""
    tablet = world.tablet("li")
    world.asks_for("1", "li")
    tablet.syncs()
    return tablet


def order(world: World) -> str:
    return world.streams[0]


def taken_away(world: World, tablet: InHand, minutes: int = DAYS + 1) -> None:
    """The order goes to Wang, Li's tablet hears of it, and time goes by."""
    world.dispatches(order(world), "wang")
    tablet.syncs()
    world.later(minutes)
    tablet.syncs()


def holds(tablet: InHand, name: str) -> bool:
    return tablet.client.store.projection.document(name) is not None


def stated(tablet: InHand) -> list[Owned]:
    """What the tablet stated about itself."""
    stream = f"device:{tablet.client.who.device}"
    return tablet.client.store.outbox.facts(stream)


def backed_up(world: World) -> None:
    """Everything in the book would survive the loss of the server."""
    with writing(world.parts.engine) as connection:
        row = {"epoch": world.parts.ledger.epoch, "seq": 10_000, "here": 10_000}
        connection.execute(insert(durable).values(row))


def test_what_left_is_cleared_on_its_date_and_the_server_learns_it(
    world: World, li: InHand
):
    taken_away(world, li)
    assert not holds(li, order(world))

    li.syncs()

    kept = [row for row in world.rows(fact) if row["stream"].startswith("device:")]
    assert [one.id for one in stated(li)] == [row["id"] for row in kept]
    assert order(world) in kept[0]["body"]
    assert cleared(world.parts.engine) == {li.client.who.device: 1}


def test_nothing_is_cleared_before_its_date(world: World, li: InHand):
    taken_away(world, li, DAYS - 1)

    assert holds(li, order(world))
    assert stated(li) == []


def test_the_tablets_own_clock_clears_nothing(world: World, li: InHand):
    li.client.clocks.wrong_ms = 10 * PURGE_AFTER_MS
    taken_away(world, li, 1)

    assert holds(li, order(world))


def test_what_is_merely_absent_is_not_cleared(world: World, li: InHand):
    """The server does not speak of it any more: that is no word that it left."""
    with writing(world.parts.engine) as connection:
        connection.execute(delete(member))
    world.later(DAYS * 3)
    li.syncs()

    assert holds(li, order(world))


def test_facts_that_are_not_backed_up_hold_it_back(world: World, li: InHand):
    """The server may lose them yet, and then they are needed here (36)."""
    li.tells(order(world), OrderSeen())
    taken_away(world, li)
    assert holds(li, order(world))

    backed_up(world)
    li.syncs()
    li.syncs()

    assert not holds(li, order(world))


def test_a_photo_without_a_receipt_holds_it_back(world: World, li: InHand):
    """Its fact is safe, its bytes are not (36)."""
    backed_up(world)
    projection = li.client.store.projection
    name = hashlib.sha256(PHOTO["photo"][0]).hexdigest()
    projection.keep_lane("photos", Lane(shelf=frozenset({name})))
    li.tells(order(world), Photographed(moment="before"), blobs=PHOTO)
    taken_away(world, li)
    assert holds(li, order(world))

    projection.keep_lane("photos", Lane())
    li.syncs()
    li.syncs()

    assert not holds(li, order(world))
    assert world.lost_bytes() == []


def test_work_that_was_begun_goes_on_to_its_end(world: World, li: InHand):
    """Li is in the home when the order is taken away; it goes when Li has left (36)."""
    backed_up(world)
    li.tells(order(world), Arrived())
    taken_away(world, li)
    assert holds(li, order(world))

    li.tells(order(world), Left())
    li.syncs()
    li.syncs()

    assert not holds(li, order(world))


def test_a_visit_that_nobody_ended_does_not_keep_it_for_ever(world: World, li: InHand):
    backed_up(world)
    li.tells(order(world), Arrived())
    taken_away(world, li, DAYS + MOST_LATE_MS // MINUTE + 1)

    assert not holds(li, order(world))


def test_an_order_that_comes_back_is_not_cleared(world: World, li: InHand):
    world.dispatches(order(world), "wang")
    li.syncs()
    world.dispatches(order(world), "li")
    li.syncs()
    world.later(DAYS * 2)
    li.syncs()

    assert holds(li, order(world))
