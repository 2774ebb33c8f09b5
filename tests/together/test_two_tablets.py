"""Several tablets, one order; a tablet that forgets, a tablet that was copied."""

import shutil
from dataclasses import replace

import pytest

from field_client.client import Client
from field_client.store import Store
from sync.facts.survey import Surveyed
from sync.facts.visit import Arrived, Left
from sync.facts.work import Completed, Recorded
from tests.weather import STORMY
from tests.world import InHand, World


@pytest.fixture
def order(world: World) -> str:
    """Zhao's order: Li leads, Wang helps."""
    name = world.asks_for("BX-2026-0117", "li", "wang")
    for who in ("li", "wang"):
        world.tablet(who).syncs()
    return name


@pytest.fixture
def li(world: World) -> InHand:
    return world.tablet("li")


@pytest.fixture
def wang(world: World) -> InHand:
    return world.tablet("wang")


def test_lead_and_helper_end_with_the_same_order_on_both_screens(
    world: World, li: InHand, wang: InHand, order: str
):
    """Both wrote offline, on tablets that had not heard of each other."""
    for tablet in (li, wang):
        tablet.tells(order, Arrived())
        tablet.tells(order, Surveyed(cause=f"seen by {tablet.who}", method="replace"))
        tablet.tells(order, Left())

    world.settle()

    seen = [tablet.client.order(order).order for tablet in (li, wang)]
    assert seen[0] == seen[1] == world.order(order)
    assert {visit.by for visit in seen[0].visits} == {"li", "wang"}


@pytest.mark.parametrize("first", ["li", "wang"])
def test_it_does_not_matter_who_is_back_in_coverage_first(
    world: World, li: InHand, wang: InHand, order: str, first: str
):
    li.tells(order, Arrived())
    wang.tells(order, Arrived())
    li.tells(order, Recorded(item=1, cause="a", remedy="b", labour_minutes=5))
    wang.tells(order, Completed())
    world.tablets[first].syncs()

    world.settle()

    story = [(entry.by, entry.kind) for entry in world.order(order).history]
    arrived, done = "visit.arrived", "work.completed"
    assert sorted(story[2:4]) == [("li", arrived), ("wang", arrived)]
    assert sorted(story[4:]) == [("li", "work.recorded"), ("wang", done)]


def test_two_tablets_of_one_technician_are_two_logs_and_one_person(
    world: World, li: InHand, order: str
):
    """Li has a spare tablet (F15)."""
    spare = world.tablet("li", device="-spare")
    spare.syncs()
    li.tells(order, Arrived())
    spare.tells(order, Left())

    world.settle()

    assert world.kept() == world.told()
    assert len({row.log for row in world.order(order).history if row.by == "li"}) == 2


def test_a_tablet_that_lost_its_documents_takes_them_home_again(
    world: World, li: InHand, order: str
):
    """The projection may be dropped at any time; the outbox is untouched (K7)."""
    li.tells(order, Arrived())
    forget(li)

    assert li.client.store.outbox.waiting() != []
    li.syncs()

    assert [visit.by for visit in li.sees(order).visits] == ["li"]
    assert world.kept() == world.told()


def forget(tablet: InHand) -> None:
    """Everything that could be pulled again is gone."""
    folder = tablet.client.store.folder
    tablet.client.store.close()
    for file in folder.glob("projection.db*"):
        file.unlink()
    tablet.client.store = Store(folder)


def test_a_copied_tablet_is_kept_and_seen(world: World, li: InHand, order: str):
    """A backup of the tablet came to life: two facts under one number (21)."""
    copy = copied(world, li)
    li.tells(order, Arrived())
    copy.tells(order, Left())

    world.settle()

    assert world.kept() == world.told()
    assert "fork" in world.reviews(order)


def test_both_copies_go_on_under_logs_of_their_own(
    world: World, li: InHand, order: str
):
    copy = copied(world, li)
    for tablet in (li, copy):
        tablet.tells(order, Arrived())
    world.settle()
    for tablet in (li, copy):
        tablet.tells(order, Left())
    world.settle()

    places = [(e.log, e.n) for e in world.order(order).history if e.by == "li"]
    assert len(places) == 4
    assert len(set(places)) == 3  # only the two that were written apart share one
    assert world.kept() == world.told()


def copied(world: World, tablet: InHand) -> InHand:
    """A second life of the same tablet, with the same key and the same log."""
    folder = world.folder / "copy"
    for db in (tablet.client.store.outbox.db, tablet.client.store.projection.db):
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(tablet.client.store.folder, folder)
    air = replace(tablet.air, trace=[], late=[], dice=world._dice("copy"))
    chance = world._dice("chance copy").randbytes
    client = Client(Store(folder), tablet.client.clocks, chance, air)
    world.tablets["copy"] = InHand(world, tablet.who, client, air)
    return world.tablets["copy"]


def test_copies_in_a_storm_lose_nothing_either(world: World, li: InHand, order: str):
    copy = copied(world, li)
    for tablet in (li, copy):
        tablet.air.chances = STORMY
    for _ in range(6):
        for tablet in (li, copy):
            tablet.tells(order, Left())
            tablet.syncs()

    world.settle()

    assert world.kept() == world.told(), world.account()
    assert world.unsound() == []
