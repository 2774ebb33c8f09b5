"""The power is cut at any moment: what was acknowledged is there, nothing is half there
(F6, M3, invariant 2).

A real server with its real driver is recorded call by call; its disk is then rebuilt as
it may lie there after a cut at each moment, and opened by the product. POWER_CUTS asks
for longer campaigns. The first test shows that these can find what they look for.
"""

import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest

from field_client.client import Client
from server.audit import findings
from server.config import Config
from sync.facts.visit import Left
from sync.facts.work import Photographed
from tests.daemons import needs_strace
from tests.faults.disk import Disk
from tests.faults.promises import Promise, broken, promised, unsound
from tests.faults.recording import Moment, read, recording
from tests.faults.servers import Odd, odd, opened, tablet
from tests.together.processes import office

pytestmark = pytest.mark.slow

CUTS = int(os.environ.get("POWER_CUTS", "300"))
PEOPLE = ("li", "wang", "zhou")
ROUNDS = 6
THOROUGH = 50  # one in so many is looked at as `doorstep check` does
RAW = "application/x-raw"


@dataclass(frozen=True)
class Recorded:
    """A server at work: how its folder lay before, where it was, what happened."""

    before: Path
    root: Path
    moments: Sequence[Moment]
    promises: dict[int, list[Promise]]


def recorded(folder: Path, *oddities: str) -> Recorded:
    """Three people write, photograph and hand in at once, and everything is noted."""
    needs_strace()
    config = Config(data=folder / "data")
    given = opened(config, *PEOPLE)
    shutil.copytree(config.data, folder / "before")
    log = folder / "calls"
    server = Odd(folder, "--threads", "4", oddities=oddities, traced=recording(log))
    with odd(server):
        at_work = [
            Thread(target=_works, args=(folder / who, server, *given[who]))
            for who in PEOPLE
        ]
        for one in at_work:
            one.start()
        for one in at_work:
            one.join()
        server.stop()
    moments = read(log)
    return Recorded(folder / "before", config.data, moments, promised(moments))


def _works(folder: Path, served: Odd, name: str, code: str) -> None:
    dice = random.Random(folder.name)
    with tablet(folder, served, code) as client:
        client.exchange_once()
        for number in range(ROUNDS):
            client.tell(name, Left())
            if number % 2:
                shot = {"photo": (dice.randbytes(3000 * number), RAW)}
                client.tell(name, Photographed(moment="before"), blobs=shot)
            client.exchange_once(again=True)
        assert not _owing(client)


def _owing(client: Client) -> int:
    outbox = client.store.outbox
    return len(outbox.waiting()) + sum(one.waiting for one in outbox.originals())


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """A server that checkpoints all the time, at work."""
    return recorded(tmp_path_factory.mktemp("day"), "eager")


Cut = tuple[int, Path, list[Promise]]


def cut_at(
    one: Recorded, chosen: Sequence[int], scratch: Path, dice: random.Random | None
) -> Iterator[Cut]:
    """The folder after the power was cut at each of these moments, one after another,
    and everything that had been promised until then. Without dice, the worst."""
    disk, due = Disk(one.before, one.root), Counter(chosen)
    made: list[Promise] = []
    for at, moment in enumerate(one.moments):
        made += one.promises.get(at, [])
        for _ in range(due[at]):
            found = scratch / f"cut-{at}"
            disk.lay_out(found, dice)
            yield at, found, made
            shutil.rmtree(found)
        disk.witness(moment)


@pytest.mark.parametrize("level", ["off", "normal"])
def test_a_server_that_syncs_too_little_is_found_out(level: str, tmp_path: Path):
    """The negative control: without it, nothing below would prove anything."""
    careless = recorded(tmp_path, level)

    worst = cut_at(careless, [max(careless.promises)], tmp_path, None)
    lost = {one.what for _, found, made in worst for one in broken(found, made)}
    assert {"fact", "claim"} <= lost


def test_no_acknowledgement_leaves_before_what_it_acknowledges_is_synced(
    day: Recorded, tmp_path: Path
):
    """At the moment its first byte leaves, nothing is on the disk but what was synced:
    that must be enough (F6)."""
    moments = [at for at, made in day.promises.items() if made]

    for at, found, made in cut_at(day, moments, tmp_path, None):
        assert broken(found, made) == [], at
    kinds = Counter(one.what for made in day.promises.values() for one in set(made))
    assert all(kinds[what] for what in ("fact", "blob", "claim", "device"))


def test_the_power_is_cut_at_any_moment(day: Recorded, tmp_path: Path):
    """Unsynced writes are there, gone or torn: nothing acknowledged is lost, nothing is
    corrupt, and the book is whole."""
    dice = random.Random(CUTS)
    chosen = dice.choices(range(len(day.moments)), k=CUTS)

    for number, (at, found, made) in enumerate(cut_at(day, chosen, tmp_path, dice)):
        assert (broken(found, made), unsound(found)) == ([], []), at
        if number % THOROUGH == 0:
            with office(Config(data=found)) as parts:
                assert list(findings(parts.engine, parts.shelf)) == [], at
                assert parts.ledger.rebuild_board() == [], at
