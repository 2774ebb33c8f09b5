"""What looking for news costs, on the socket of the server that people start."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from infra.bench.office import Line, Office, open_office
from infra.bench.pulls import PULL, Wire
from infra.bench.workload import Tablet

MOST_BYTES = 750  # both ways, with headers, cursor and authentication
THREADS = 16  # as many as `doorstep serve` has


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = open_office(tmp_path / "office", workers=1)
    yield made
    made.parts.originals.darkroom.close()
    made.parts.engine.dispose()


@pytest.fixture
def tablet(office: Office) -> Tablet:
    """With two orders to take home."""
    made = office.tablet(1)
    office.given(made, 2)
    return made


Dial = Callable[[], Wire]


@pytest.fixture
def dial(office: Office, tablet: Tablet) -> Iterator[Dial]:
    """Open a line of Li's tablet to the running server; as many as wanted."""
    with ExitStack() as open_until_the_end:
        server = open_until_the_end.enter_context(office.serving())
        Line(tablet, server.port).hello()

        def dialled() -> Wire:
            return open_until_the_end.enter_context(closing(Wire(tablet, server.port)))

        yield dialled


@pytest.mark.slow
def test_a_look_without_news_is_a_few_hundred_bytes(dial: Dial):
    wire = dial()
    first = json.loads(wire.ask("GET", PULL).body)
    heard = wire.ask("GET", f"{PULL}?cursor={first['cursor']}")

    assert len(first["documents"]) == 2
    assert "documents" not in json.loads(heard.body)
    assert heard.up + heard.down <= MOST_BYTES


@pytest.mark.slow
def test_who_waits_for_news_keeps_nobody_out(dial: Dial):
    """More wait than there are threads, and the next one is served all the same."""
    wire = dial()
    here = f"{PULL}?cursor={json.loads(wire.ask('GET', PULL).body)['cursor']}"
    for _ in range(THREADS + 5):
        dial().send("GET", f"{here}&wait=25")
    wire.line.settimeout(15)  # less than they wait

    heard = wire.ask("GET", here)

    assert json.loads(heard.body)["complete"]
