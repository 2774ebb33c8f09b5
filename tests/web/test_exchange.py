"""What a technician recorded in the browser reaches the server by itself, once, whatever
the line does; and it is handed over when the server has said so under its seal."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Playwright

from infra.demo.network import BadNetwork
from infra.demo.weather import Fault
from sync.order import order_stream
from tests.web.desk import NUMBER, Desk
from tests.web.tablet import Tablet
from tests.web.way import OnTheWay, build

STREAM = order_stream(NUMBER)
PUSH = "/v1/sync/push"
PATCH = "PATCH /v1/uploads"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exchange in a page without screens."""
    return build(tmp_path_factory.mktemp("line") / "tablet")


@pytest.fixture
def network(served: Desk) -> Iterator[BadNetwork]:
    """The line between the tablets and the server."""
    with BadNetwork("127.0.0.1", served.port) as network:
        yield network


@pytest.fixture
def waiters(
    chromium: Playwright, network: BadNetwork, tmp_path: Path
) -> Iterator[Callable[..., OnTheWay]]:
    """Makes tablets on that line."""
    made: list[Tablet] = []

    def make(name: str = "li") -> OnTheWay:
        tablet = Tablet(chromium, tmp_path / name, network.url)
        made.append(tablet)
        tablet.start()
        return OnTheWay(tablet, network).ready()

    yield make
    for one in made:
        one.put_away()


@pytest.fixture
def li(waiters: Callable[..., OnTheWay], served: Desk) -> OnTheWay:
    """Li's tablet, enrolled, with its order at home; it exchanges when told to."""
    return waiters().enrol(served.code("li"))


def own(served: Desk) -> list[str]:
    """Ids of the facts that came from tablets, in commit order."""
    return [fact.id for fact in served.facts() if fact.head.by == "li"]


def test_what_was_recorded_is_handed_over_and_what_the_desk_gave_is_at_home(
    li: OnTheWay, served: Desk
):
    fact, photo = li.sees(), li.photographs()

    held = li.sends()

    assert (own(served)[0], served.has(photo)) == (fact, True)
    assert held["orders"] == [STREAM]
    assert li.waiting == []
