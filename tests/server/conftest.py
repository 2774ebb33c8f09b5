"""A server on both databases, and the people who come to its doors."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from server import create_app
from server.config import Config
from tests.server.callers import NOON, Staff, Tablet, employ, enrol, parts_of


class Clock:
    """The server's clock, set by hand."""

    def __init__(self) -> None:
        self.ms = NOON

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def start(
    database_url: str, tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> Iterator[Callable[..., Flask]]:
    """Start the server; again is a restart on the same data."""
    caplog.set_level("CRITICAL", logger="server")  # an old SQLite warns each time

    running: list[Flask] = []

    def started(**settings: object) -> Flask:
        config = Config(data=tmp_path / "data", database_url=database_url, **settings)
        running.append(create_app(config, now=clock))
        return running[-1]

    yield started
    for one in running:
        parts_of(one).originals.darkroom.close()
        parts_of(one).findings.darkroom.close()
        parts_of(one).engine.dispose()


@pytest.fixture
def app(start: Callable[..., Flask]) -> Flask:
    return start()


@pytest.fixture
def li(app: Flask) -> Tablet:
    """Li's tablet."""
    return enrol(app, "li")


@pytest.fixture
def wang(app: Flask) -> Tablet:
    """Wang's tablet."""
    return enrol(app, "wang")


@pytest.fixture
def chen(app: Flask) -> Staff:
    """Chen, at the desk."""
    return employ(app, "chen", "dispatcher")
