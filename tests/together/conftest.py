"""Whole worlds: as many as a test wants, on a database of its own each."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.weather import FAIR, Chances
from tests.world import World

Begin = Callable[..., World]


@contextmanager
def worlds(folder: Path) -> Iterator[Begin]:
    """Begin worlds in this folder; their seeds are printed if a test fails."""
    begun: list[World] = []

    def started(seed: int = 0, air: Chances = FAIR, database_url: str = "") -> World:
        begun.append(World(folder / f"world-{len(begun)}", database_url, seed, air))
        return begun[-1]

    logging.getLogger("server").setLevel("CRITICAL")  # an old SQLite warns each time
    try:
        yield started
    finally:
        logging.getLogger("server").setLevel(logging.NOTSET)
        for one in begun:
            print(one.account())  # noqa: T201 - pytest shows it with a failure
            one.close()


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Begin as many worlds as the test wants."""
    with worlds(tmp_path) as started:
        yield started


@pytest.fixture
def world(begin: Begin, database_url: str) -> World:
    """One world in good weather, on each database."""
    return begin(database_url=database_url)
