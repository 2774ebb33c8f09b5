"""A server, five tablets and everything that can go wrong, from seeds (F1–F28).

A fixed set of seeds here, as many as asked in `make torture`. The claims are those of
`auditor.py` and `rest.py`; README.md says which invariant is asserted where.
"""

import json
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.simulation import steps
from tests.simulation.coverage import missing
from tests.simulation.run import VECTORS, Played, play, shrunk
from tests.simulation.steps import FIXED, FIXED_STEPS, Script, Step, draw

CORES = 2


@pytest.fixture(scope="module")
def fixed_set() -> list[Played]:
    """The fixed seeds, each lived through once."""
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        scripts = [draw(seed, FIXED_STEPS) for seed in FIXED]
        return list(pool.map(play, scripts))


def test_nothing_is_lost_and_nothing_is_there_twice(fixed_set: list[Played]) -> None:
    broken = [f"{one.words}\n{one.command} --shrink" for one in fixed_set if one.broken]

    assert broken == []


def test_every_fault_on_the_list_was_met(fixed_set: list[Played]) -> None:
    fired: Counter[str] = sum((one.fired for one in fixed_set), Counter())

    assert missing(fired) == []


def test_the_same_seed_leaves_the_same_trace() -> None:
    script = draw(0, 60)

    assert play(script).trace == play(script).trace


@pytest.mark.parametrize("path", sorted(VECTORS.glob("*.json")), ids=lambda p: p.stem)
def test_what_failed_once_holds_for_ever(path: Path) -> None:
    script = steps.read(json.loads(path.read_text("utf-8")))

    played = play(script)

    assert not played.broken, played.words


def test_a_failing_script_shrinks_to_the_steps_that_matter() -> None:
    wrong = Step("no such step")
    script = draw(1, 12)
    longer = Script(1, (*script.steps, wrong, *script.steps))

    short = shrunk(longer, "KeyError")

    assert short.steps == (wrong,)
