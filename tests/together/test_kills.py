"""Kill anything at any moment: what was acknowledged is there, once (F5, M4).

Killing a process does not prove that a power cut is survived (F6): see `tests/faults`.
KILLS asks for longer campaigns.
"""

import hashlib
import os
import random
import socket
import time
from collections import Counter
from pathlib import Path

import pytest

from field_client.client import Client
from field_client.store import Store
from field_client.transport import HttpCall, NoAnswer
from sync.facts.work import Photographed
from tests.together.processes import (
    Served,
    children,
    code_for,
    given_to,
    office,
    serving,
)
from tests.together.wire import rendered
from tests.together.writers import intact, on_the_server, stop, writers_at_work

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("KILLS", "5"))  # of each kind, on each database


def test_killed_under_load_it_loses_and_doubles_nothing(
    database_url: str, tmp_path: Path
):
    """The whole server, or a worker of it, at random instants; four writers."""
    chance = random.Random(11)
    with (
        serving(tmp_path, database_url) as served,
        office(served.config) as parts,
    ):
        writers = writers_at_work(tmp_path, served, parts)
        for number in range(2 * KILLS):
            time.sleep(chance.uniform(0.05, 0.4))  # the instant is what is drawn
            promised = set().union(*(one.acknowledged for one in writers))
            if number % 2:
                served.kill_a_worker()
                served.wait()
            else:
                served.kill()
                served.start()
            assert promised <= {name for name, _ in on_the_server(parts)}
        stop(writers)

        told = sum((one.told for one in writers), Counter())
        kept = on_the_server(parts)
        assert (kept - told, told - kept) == (Counter(), Counter())
        assert len(told) > KILLS  # they did write
    assert served.doorstep("check").returncode == 0
    assert intact(served.config)


def test_a_worker_killed_in_the_middle_of_an_upload_costs_nothing_but_time(
    tmp_path: Path,
):
    with serving(tmp_path) as served, office(served.config) as parts:
        name = given_to(parts, "R1", "li")
        half = HalfWay(served)
        with half.client, Store(tmp_path / "li") as store:
            li = Client(store, call=half)
            li.enrol(code_for(parts, "li"), served.url, "tablet")
            li.exchange_once()
            data = random.Random(3).randbytes(200_000)
            shot = {"photo": (data, "application/x-raw")}
            li.tell(name, Photographed(moment="before"), blobs=shot)
            half.kill_in = "PATCH"
            li.exchange_once()
            li.exchange_once()

            digest = hashlib.sha256(data).hexdigest()
            with parts.shelf.open(digest) as kept:
                assert kept.read() == data
            assert not any(one.waiting for one in store.outbox.originals())


class HalfWay(HttpCall):
    """Sends half of one request, then the worker that reads it is killed."""

    def __init__(self, served: Served) -> None:
        super().__init__(served.url)
        self.served, self.kill_in = served, ""

    def __call__(self, method, target, headers, body):  # noqa: ANN001, ANN204
        if method != self.kill_in:
            return super().__call__(method, target, headers, body)
        self.kill_in = ""
        request = rendered(method, target, headers, body)
        before = children(self.served.process.pid)
        with socket.create_connection(("127.0.0.1", self.served.port)) as line:
            line.sendall(request[: len(request) // 2])
            self.served.kill_a_worker()
        while children(self.served.process.pid) in (before, []):
            time.sleep(0.01)  # gunicorn notices in its own time
        self.served.wait()
        raise NoAnswer("the worker died")
