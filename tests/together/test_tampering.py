"""Whoever changes the book afterwards is found (X7): every kind of harm in
`tampering.py`, at places drawn by chance; and an honest book accuses nobody.

`TAMPERINGS`: how many; 1,000 with `make torture`.
"""

import os
import shutil
from pathlib import Path

import pytest

from server.audit import Finding
from server.config import Config
from server.database import open_engine
from server.erasures import act_on, erase, write_down
from server.heads import FILE, remembered
from server.keys import open_keys
from server.shelf import open_shelf
from server.witness import Witness
from sync.facts.visit import Arrived, Left
from sync.facts.work import Photographed
from tests.together.restores import Copies
from tests.together.tampering import tamper
from tests.world import InHand, World

TAMPERINGS = int(os.environ.get("TAMPERINGS", "0")) or 60
SHARES = 4  # so that workers may take turns


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a server after some days of honest work: two tablets, photos,
    a restore, something unreadable, an owner who was forgotten."""
    folder = tmp_path_factory.mktemp("honest")
    world = World(folder)
    copies = Copies(world)
    crew = [world.tablet("li"), world.tablet("wang")]
    for n in range(12):
        if n == 6:
            number = copies.copy()
        works(world, crew[n % 2], n)
        if n == 8:
            copies.put_back(number)
        world.parts.heads.keep(world.config.data, world.ms)
    for n in range(2):
        facts = [{"b": f"[{n}, {one}]"} for one in range(90)]
        crew[0].door().ask_json("POST", "/v1/sync/push", {"facts": facts})
    for one in crew:
        one.syncs()
    forgets(world, world.streams[0])
    world.parts.heads.keep(world.config.data, world.ms)
    copies.close()
    world.close()
    return world.config.data


def works(world: World, one: InHand, n: int) -> None:
    """A visit to one home, with two photos."""
    name = world.asks_for(f"JA-{n:04}", one.who)
    one.syncs()
    one.tells(name, Arrived())
    for moment in ("before", "after"):
        data = f"{n} {moment}".encode() * 40
        blobs = {"photo": (b"\xff\xd8\xff" + data, "image/jpeg")}
        one.tells(name, Photographed(moment=moment), None, blobs)
    one.tells(name, Left())
    one.syncs()


def forgets(world: World, name: str) -> None:
    """An owner asks to be forgotten."""
    parts = world.parts
    with parts.engine.connect() as connection:
        act = act_on(connection, name, ["photo"], "asked", world.ms)
    write_down(world.config.data, act)
    erase(parts.engine, parts.shelf, parts.keys, act)


def looked_over(data: Path) -> list[Finding]:
    """What the audit finds; the heads outside are what a tablet would hold."""
    config = Config(data=data)
    engine = open_engine(config.database)
    try:
        return Witness(
            engine=engine, shelf=open_shelf(config.storage), keys=open_keys(data),
            outside=remembered(data / FILE), folder=data,
        ).findings()  # fmt: skip
    finally:
        engine.dispose()


def test_an_honest_book_accuses_nobody(book: Path):
    assert looked_over(book) == []


@pytest.mark.parametrize("share", range(SHARES))
def test_every_harm_is_found_and_its_first_place_named(
    book: Path, tmp_path: Path, share: int
):
    unseen, elsewhere = [], []
    for number in range(share, TAMPERINGS, SHARES):
        data = tmp_path / str(number)
        shutil.copytree(book, data)
        kind, at = tamper(data, number)
        found = looked_over(data)
        places = [one.position for one in found if one.position]
        if not found:
            unseen.append((number, kind.__name__))
        elif at is not None and min(places, default=0) != at:
            elsewhere.append((number, kind.__name__, at, places[:3]))
        shutil.rmtree(data)

    assert (unseen, elsewhere) == ([], [])
