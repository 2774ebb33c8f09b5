"""Li's tablet and the desk it talks to."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from field_client.client import Client
from field_client.store import Store
from sync.order import order_stream
from tests.field_client.desk import Desk, SetClocks

NUMBER = "R2611-0187"
STREAM = order_stream(NUMBER)
Open = Callable[[], Client]


@pytest.fixture
def desk() -> Desk:
    one = Desk()
    one.log_request(NUMBER)
    return one


@pytest.fixture
def clocks() -> SetClocks:
    return SetClocks()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tablet"


@pytest.fixture
def open_tablet(folder: Path, desk: Desk, clocks: SetClocks) -> Iterator[Open]:
    """Start the client on Li's folder; as often as wanted, like a process each."""
    opened = []

    def start() -> Client:
        store = Store(folder)
        opened.append(store)
        return Client(store, clocks, call=desk)

    yield start
    for store in opened:
        store.close()


@pytest.fixture
def li(open_tablet: Open, desk: Desk) -> Client:
    """Li's tablet, enrolled, with the order taken home."""
    client = open_tablet()
    client.enrol(desk.code, "http://desk", "tablet")
    client.exchange_once()
    return client
