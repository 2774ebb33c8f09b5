"""A folder of the first release, with unsent facts, is opened by today's `field`."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from field_client.client import Client
from field_client.exchange import HOME
from field_client.store import Store
from server.tables import fact, quarantine
from sync.facts.visit import Arrived
from sync.order import Stage
from sync.plain import plain
from tests.old_release import PLACE, WORDS, OldTablet
from tests.weather import STORMY
from tests.web.visited import photo
from tests.world import HandClocks, InHand, World, drawn


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    one = World(tmp_path)
    yield one
    one.close()


@pytest.fixture
def old(world: World, tmp_path: Path) -> OldTablet:
    """Li's tablet is opened by today's client, on a folder as it was written then."""
    stream = world.asks_for("BX-2026-0001", "li")
    first = world.tablet("li")
    first.syncs()
    device = plain(first.client.who)
    del device["certificate"]  # there was none yet
    sight = first.client.order(stream)
    one = OldTablet(
        device=device, epoch=sight.epoch, basis=sight.rev, stream=stream,
        photo=photo("before", "#7a1f1f"), at_ms=world.ms,
    )  # fmt: skip
    folder = tmp_path / "old"
    one.as_folder(folder, first.client.store.outbox.key(lambda: ""))
    first.client.store.close()
    chance = drawn(Random("old"))
    client = Client(Store(folder), HandClocks(world), chance, first.air)
    world.tablets["li"] = InHand(world, "li", client, first.air)
    return one


def li(world: World) -> InHand:
    return world.tablets["li"]


def test_every_fact_is_taken_in_in_the_letters_of_its_time(
    world: World, old: OldTablet
):
    """Also those that nobody understands any more, and through a storm."""
    li(world).air.chances = STORMY
    while li(world).owes:
        world.later(1)
        li(world).syncs(again=True)

    assert {row["id"]: row["body"] for row in world.rows(quarantine)} == bodies(
        old, "quarantined"
    )
    taken = {
        row["id"]: row["body"] for row in world.rows(fact) if row["log"] == old.log
    }
    assert taken == bodies(old, "stored")
    assert world.parts.shelf.has(old.sha256)
    assert world.unsound() == []


def bodies(old: OldTablet, outcome: str) -> dict[str, str]:
    return {one.id: one.body for one in old.facts if one.outcome == outcome}


def test_each_has_its_receipt_and_the_day_is_over(world: World, old: OldTablet):
    world.settle()

    own = li(world).client.store.outbox.facts()
    found = {one.id: one.receipt and str(one.receipt.outcome) for one in own}
    assert found == old.outcomes


def test_before_any_line_the_tablet_shows_what_it_understands(
    world: World, old: OldTablet
):
    """Once the order is at home again; what is unknown hides nothing."""
    li(world).client.exchange_once(stages=HOME)

    seen = li(world).client.order(old.stream)

    assert seen.order.stage is Stage.SURVEYED
    assert {PLACE, WORDS} <= set(seen.values.values())


def test_what_is_told_now_goes_on_in_the_old_chain(world: World, old: OldTablet):
    li(world).syncs()

    made = li(world).client.tell(old.stream, Arrived())

    head, last = made.head, old.facts[-1].id
    assert (head.log, head.n, head.prev) == (old.log, len(old.facts) + 1, last)
