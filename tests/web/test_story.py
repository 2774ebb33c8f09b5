"""The deterministic story of the simulation, lived through once more with Li's tablet
in a real Chromium: the same server, the same air, the same auditor."""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from tests.node import node
from tests.simulation.doing import DO
from tests.simulation.rest import at_rest
from tests.simulation.steps import Script, draw
from tests.simulation.town import Town
from tests.web.desk import Desk
from tests.web.simulated import TownWithBrowser
from tests.web.tablet import Tablet

ROOT = Path(__file__).parents[2]
STORY = Path(__file__).parent / "story"
LI = 1  # among the town's four tablets, by name
SEEDS = (4, 12, 21)
STEPS = 120
# What needs the disk of a Python tablet, or asks what no client of ours would.
NOT_FOR_LI = {
    "tablet_dies", "tablet_dies_writing", "tablet_disk_full", "drop_projection",
    "reboot", "odd_cursor", "bad_facts", "newer_kind", "strange_order", "false_claim",
    "first_sync",
}  # fmt: skip
FOR_NOBODY = {"wipe", "clone", "revoke"}  # then another tablet would be Li's


def story(seed: int) -> Script:
    """The simulation's own story of this seed, less what no browser lives through."""
    drawn = draw(seed, STEPS)
    kept = (
        step for step in drawn.steps
        if step.what not in FOR_NOBODY
        and not (step.what in NOT_FOR_LI and step.who % 4 == LI)
    )  # fmt: skip
    return Script(seed, tuple(kept))


def live(town: Town, script: Script) -> Town:
    """All of it, and then to rest."""
    for step in script.steps:
        DO[step.what](town, step)
    town.comes_to_rest()
    return town


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Store and client in a page without screens."""
    folder = tmp_path_factory.mktemp("story") / "tablet"
    vite = ROOT / "node_modules" / "vite" / "bin" / "vite.js"
    subprocess.run(
        [node(), vite, "build", "--config", STORY / "vite.config.ts",
         "--outDir", folder, "--logLevel", "warn"],
        check=True, cwd=ROOT,
    )  # fmt: skip
    return folder


@pytest.fixture
def browser(chromium: Playwright, served: Desk, tmp_path: Path) -> Iterator[Tablet]:
    """A page that has never been a tablet."""
    one = Tablet(chromium, tmp_path / "browser", served.url).start()
    expect(one.page).to_have_title("ready")
    yield one
    one.put_away()


@pytest.fixture
def towns() -> Iterator[Callable[[Town], Town]]:
    """Takes towns down when the test is over."""
    made: list[Town] = []

    def keep(one: Town) -> Town:
        made.append(one)
        return one

    yield keep
    for one in made:
        one.audit.hang_up()
        one.close()


def told_in(town: Town) -> Any:
    """Every order as the server adds it up, without places and times; facts by their
    log and number, private values as they were told. Salts differ, so digests do."""
    names: dict[str, str] = {}
    for one in town.audit.tellings.values():
        names[one.id] = f"{one.log}/{one.n}"
        promised = json.loads(one.body).get("pc", {})
        names |= {promised[name]: held[1] for name, held in one.private.items()}
    return {name: _named(one, names) for name, one in town.documents().items()}


def _named(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _named(held, names) for key, held in value.items()} | _reviewed(
            value, names
        )
    if isinstance(value, list):
        return [_named(held, names) for held in value]
    return names.get(value, value) if isinstance(value, str) else value


def _reviewed(document: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """What waits for a person is sorted by its digest, and named by it."""
    found = sorted(
        (one["code"], sorted(names.get(fact, fact) for fact in one["facts"]))
        for one in document.get("reviews", ())
    )
    return {"reviews": found} if found else {}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_story_of_a_seed_ends_in_a_browser_as_it_does_without(
    browser: Tablet, tmp_path: Path, towns: Callable[[Town], Town], seed: int
):
    """Storms, cuts and restores: every invariant of the simulation's auditor holds, and
    each order is what it is where Li's tablet is the other twin."""
    town = live(towns(TownWithBrowser(tmp_path / "town", seed, browser)), story(seed))
    at_rest(town)
    orders = told_in(town)  # before another town moves in behind the same doors

    twin = live(towns(Town(tmp_path / "twin", seed)), story(seed))

    assert any(one.who == "li" for one in town.audit.tellings.values())
    assert town.tablets["li"].air.trace != []
    assert orders == told_in(twin)
