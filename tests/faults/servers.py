"""Odd servers as processes, and people who work with them. May not enter: what is
asserted."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from field_client.client import Client
from field_client.store import Store
from field_client.transport import HttpCall
from server.config import Config
from sync.envelope import Head
from sync.facts import Fact, What, write_fact
from tests.together.processes import (
    ROOT,
    Served,
    children,
    code_for,
    given_to,
    office,
)


class Odd(Served):
    """`doorstep serve` with oddities, perhaps under strace."""

    def __init__(
        self,
        folder: Path,
        *words: str,
        database_url: str = "",
        oddities: Sequence[str] = (),
        traced: Sequence[str] = (),
        settings: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(folder, database_url, *words)
        self.oddities, self.traced = oddities, traced
        self.settings = settings or {}

    @property
    def command(self) -> list[str]:
        """strace, our script, and what is odd."""
        tracer = ["strace", "--seccomp-bpf", *self.traced] if self.traced else []
        script = [sys.executable, "-m", "tests.faults.odd_server"]
        return [*tracer, *script, ",".join(self.oddities) or "plain"]

    @property
    def environment(self) -> dict[str, str]:
        """The settings, as the process gets them."""
        return super().environment | dict(self.settings)

    def doorstep(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one command of the same server to its end."""
        script = [sys.executable, "-m", "tests.faults.odd_server", "plain"]
        return subprocess.run(
            [*script, *words],
            env=self.environment, cwd=ROOT, check=False, capture_output=True, text=True,
        )  # fmt: skip

    def stop(self) -> int:
        """Ask it to end, and wait until everything is written down; its exit code."""
        assert self.process is not None
        master = children(self.process.pid)[0] if self.traced else self.process.pid
        os.kill(master, signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def odd(server: Odd) -> Iterator[Odd]:
    """The server for as long as this lasts."""
    try:
        yield server.start()
    finally:
        if server.process is not None:
            server.kill()


def opened(config: Config, *people: str) -> dict[str, tuple[str, str]]:
    """A data folder in which each of these people has an order: stream and code."""
    with office(config) as parts:
        return {
            who: (given_to(parts, f"R-{who}", who), code_for(parts, who))
            for who in people
        }


@contextmanager
def tablet(folder: Path, served: Served, code: str = "") -> Iterator[Client]:
    """A tablet in somebody's hands, enrolled if there is a code."""
    call = HttpCall(served.url)
    with call.client, Store(folder) as store:
        client = Client(store, call=call)
        if code and store.outbox.enrolment() is None:
            client.enrol(code, served.url, folder.name)
        yield client


def written(client: Client, name: str, what: What) -> Fact:
    """A fact in the outbox that this tablet itself does not look at any closer."""
    by = client.who.actor

    def make(place):  # noqa: ANN001
        head = Head(
            stream=name, log=place.log, n=place.n, prev=place.prev, epoch="e",
            basis=0, lamport=100 + place.n, by=by, at={"w": 0, "z": 480}, private={},
        )  # fmt: skip
        return write_fact(what, head), {}, {}

    return client.store.outbox.write(make)
