"""A tablet whose data were put back, or that exists twice (F13, F15, invariant 21).

The server knows more of its log than it does itself, and tells it before it writes
anything under a number that stands for something else.
"""

import shutil
from pathlib import Path

from field_client.client import Client
from field_client.store import Store
from sync.facts.visit import Arrived, Left
from tests.world import InHand, World


def _closed(one: InHand, folder: Path) -> Path:
    """A copy of everything on this tablet."""
    one.client.store.close()
    source = one.client.store.folder
    shutil.copytree(source, folder)
    _opened(one, source)
    return folder


def _opened(one: InHand, folder: Path) -> None:
    old = one.client
    one.client = Client(Store(folder), old.clocks, old.chance, one.air)


def _put_back(one: InHand, copy: Path) -> None:
    folder = one.client.store.folder
    one.client.store.close()
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    _opened(one, folder)


def test_a_tablet_put_back_in_time_goes_on_under_a_new_name(
    world: World, tmp_path: Path
):
    name = world.asks_for("JA-1", "li")
    li = world.tablet("li")
    li.syncs()
    copy = _closed(li, tmp_path / "copy")
    li.tells(name, Arrived())
    li.syncs()
    _put_back(li, copy)

    report = li.syncs()
    li.tells(name, Left())
    li.syncs()

    assert report is not None
    assert [one.code for one in report.troubles] == ["tablet_went_back"]
    assert world.kept() == world.told()
    assert world.reviews(name) == []


def test_both_sides_count_if_it_wrote_before_it_was_told(world: World, tmp_path: Path):
    """Two facts under one number: both are kept, and a person looks at it."""
    name = world.asks_for("JA-1", "li")
    li = world.tablet("li")
    li.syncs()
    copy = _closed(li, tmp_path / "copy")
    li.tells(name, Arrived())
    li.syncs()
    _put_back(li, copy)
    li.tells(name, Left())
    li.syncs()

    assert world.kept() == world.told()
    assert "fork" in world.reviews(name)


def test_a_tablet_that_exists_twice_never_shares_its_numbers(
    world: World, tmp_path: Path
):
    name = world.asks_for("JA-1", "li")
    li = world.tablet("li")
    li.syncs()
    twin = InHand(
        world,
        "li",
        Client(
            Store(_closed(li, tmp_path / "twin")),
            li.client.clocks,
            world._dice("twin").randbytes,
            li.air,
        ),
        li.air,
    )
    world.tablets["twin"] = twin
    li.tells(name, Arrived())
    li.syncs()
    twin.syncs()
    twin.tells(name, Left())
    twin.syncs()

    assert world.kept() == world.told()
    assert world.reviews(name) == []


def test_the_desk_sees_what_a_tablet_still_owes_after_each_push(world: World):
    """Said with the claim, counted down by what came into custody (F11)."""
    name = world.asks_for("JA-1", "li")
    li = world.tablet("li")
    li.syncs()
    li.tells(name, Arrived())
    li.tells(name, Left())
    li.syncs()

    (device,) = world.parts.door.devices()
    assert device["unsent"] == 0
