"""A real server, a device of Li's, and a line between them that nobody can trust."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.demo.network import BadNetwork
from tests.others.strangers import POOR, CountingNetwork, Device, enrolled
from tests.together.processes import Served, serving


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """`doorstep serve` on a data folder of its own."""
    with serving(tmp_path) as one:
        yield one


@pytest.fixture
def li(served: Served) -> Device:
    """Li's device."""
    return enrolled(served, "li")


@pytest.fixture
def line(served: Served) -> Iterator[BadNetwork]:
    """A line to the server that works until it is told what goes wrong."""
    with BadNetwork("127.0.0.1", served.port) as network:
        yield network


@pytest.fixture
def poor_line(served: Served) -> Iterator[CountingNetwork]:
    """A line to the server on which every fifth request or answer is cut."""
    with CountingNetwork("127.0.0.1", served.port, seed=12, weather=POOR) as network:
        yield network
