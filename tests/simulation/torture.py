"""Simulate for as long as asked, on every core; say what was done and what broke.

    SEEDS=1000 STEPS=500 python -m tests.simulation.torture
    MINUTES=60 python -m tests.simulation.torture
    python -m tests.simulation.torture --seed 17 --steps 200

A seed that fails is printed with the command that repeats it, shrunk, and kept as a
vector that `make test` plays from then on. May not enter: what is simulated.
"""

# ruff: noqa: T201 - it speaks to a terminal

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import count, islice
from multiprocessing import get_context

from tests.simulation.coverage import table
from tests.simulation.run import Played, keep_vector, play, shrunk, told
from tests.simulation.steps import draw

STEPS = 200
SEEDS = 100
TWICE = 10  # of so many seeds one is played twice and must leave the same trace


@dataclass
class Campaign:
    """What was done so far."""

    seeds: int = 0
    steps: int = 0
    requests: int = 0
    facts: int = 0
    twice: int = 0
    fired: Counter[str] = field(default_factory=Counter)
    broken: list[Played] = field(default_factory=list)

    def add(self, one: Played) -> None:
        """One more seed."""
        self.seeds += 1
        self.steps += len(one.script.steps)
        self.requests += one.requests
        self.facts += one.facts
        self.fired.update(one.fired)
        if one.broken:
            self.broken.append(one)

    def says(self) -> Iterator[str]:
        """The account, in lines."""
        yield (
            f"{self.seeds} seeds, {self.steps + self.requests} operations "
            f"({self.steps} steps and {self.requests} requests), {self.facts} facts "
            f"told, {self.twice} seeds played twice, {len(self.broken)} broken"
        )
        yield from table(self.fired)


def lived(seed: int, steps: int) -> Played:
    """One seed; every tenth twice, with the same trace."""
    played = play(draw(seed, steps))
    if seed % TWICE == 0 and not played.broken:
        again = play(draw(seed, steps))
        if again.trace != played.trace:
            played.broken, played.words = "trace", "the same seed left another trace"
    return played


def campaign(seeds: Iterator[int], steps: int, until: float, cores: int) -> Campaign:
    """Play seeds on all cores until they are over, or the time is."""
    done = Campaign()
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        while time.monotonic() < until and (some := list(islice(seeds, 4 * cores))):
            for one in pool.map(lived, some, [steps] * len(some)):
                done.add(one)
                done.twice += one.script.seed % TWICE == 0
                if one.broken:
                    told(one)
    return done


def one_seed(seed: int, steps: int, *, shrink: bool) -> int:
    """Play one seed and tell what became of it; the exit code."""
    played = lived(seed, steps)
    if not played.broken:
        print(f"seed {seed}: all held; trace {played.trace}")
        return 0
    told(played)
    if shrink:
        keep(played)
    return 1


def keep(played: Played) -> None:
    """Shrink what failed and keep it for ever."""
    short = shrunk(played.script, played.broken)
    again = play(short)
    path = keep_vector(again if again.broken else played, played.words)
    print(f"  {len(short.steps)} of {len(played.script.steps)} steps: {path}")


def main() -> int:
    """As the command line and the environment ask."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--seed", type=int)
    asked.add_argument("--steps", type=int, default=int(os.environ.get("STEPS", STEPS)))
    asked.add_argument("--first", type=int, default=int(os.environ.get("FIRST", "0")))
    asked.add_argument("--shrink", action="store_true")
    said = asked.parse_args()
    if said.seed is not None:
        return one_seed(said.seed, said.steps, shrink=said.shrink)
    minutes = float(os.environ.get("MINUTES", "0"))
    seeds = count(said.first)
    wanted = int(os.environ.get("SEEDS", "0" if minutes else SEEDS))
    chosen = islice(seeds, wanted) if wanted else seeds
    until = time.monotonic() + (minutes * 60 if minutes else 1e9)
    cores = int(os.environ.get("CORES", os.cpu_count() or 1))
    done = campaign(chosen, said.steps, until, cores)
    print("\n".join(done.says()))
    for one in done.broken[:3]:
        keep(one)
    return bool(done.broken)


if __name__ == "__main__":
    sys.exit(main())
