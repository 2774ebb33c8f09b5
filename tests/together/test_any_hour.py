"""Whenever the sample month is told, every screen of its console has something to show.

The demonstration ends now, whenever that is: this tells it at hours of other days, by
the clock of a server in this process. HOURS asks for that many more, drawn anew.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from werkzeug.serving import make_server

from infra.demo.console import SIZE, SeededConsole
from infra.demo.screens import look_over
from server import create_app, put_together
from server.config import Config
from server.seed.month import SIZES, seed
from sync.moment import DAY_MS, MINUTE_MS
from tests.sync.shanghai import at

pytestmark = pytest.mark.slow

LOOKED_AFTER_MS = 30_000
SAID = [
    ("2026-11-23 08:36", 2),  # what waited for the morning is seen to now
    ("2026-11-20 03:10", 1),
    ("2027-01-01 22:40", 1),  # a holiday, and no day of the month is over
]


def hours() -> Iterator[tuple[int, int]]:
    """When it is told, with which number."""
    yield from ((at(when), number) for when, number in SAID)
    more = int(os.environ.get("HOURS", "0"))
    dice = Random(more)
    for _ in range(more):
        ago_ms = dice.randrange(365 * DAY_MS // MINUTE_MS) * MINUTE_MS
        yield at("2027-06-01 00:00") - ago_ms, dice.randrange(1, 1_000)


class Then(SeededConsole):
    """A console where it is this instant."""

    def __init__(self, folder: Path, port: int, now_ms: int) -> None:
        super().__init__(folder, port)
        self.now_ms = now_ms

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.now_ms / 1000, UTC)


@contextmanager
def told_at(folder: Path, now_ms: int, number: int) -> Iterator[Then]:
    """The month that ends then, and its console half a minute later."""
    config = Config(data=folder)
    parts = put_together(config, now=lambda: now_ms)
    seed(parts, SIZES[SIZE], number, now_ms)
    parts.originals.darkroom.close()
    parts.findings.darkroom.close()
    parts.engine.dispose()
    looked_ms = now_ms + LOOKED_AFTER_MS
    app = create_app(config, now=lambda: looked_ms)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Then(folder, server.port, looked_ms)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("now_ms", "number"), [*hours()])
def test_every_screen_has_something_to_show(tmp_path: Path, now_ms: int, number: int):
    with told_at(tmp_path, now_ms, number) as console:
        assert [one for one in look_over(console) if not one.holds] == []
