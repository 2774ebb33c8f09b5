"""`doorstep serve` as its users start it: a process to be killed and started again.

It has the machine's own clock. May not enter: what is asked of it.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Protocol

import pytest

from server import put_together
from server.config import Config
from server.ledger import Decision
from server.parts import Parts
from sync.facts.dispatch import Dispatched
from sync.facts.intake import Logged
from sync.order import order_stream

ROOT = Path(__file__).parents[2]
DOORSTEP = str(Path(sys.executable).with_name("doorstep"))
PATIENCE_S = 60  # of a machine that has much else to do


class Process(Protocol):
    """A process that was started: as much of `Popen` as is asked of it."""

    @property
    def pid(self) -> int:
        """Its number, and that of its session."""

    def poll(self) -> int | None:
        """Its exit code, once it has ended."""

    def wait(self, timeout: float | None = None) -> int | None:
        """Until it has ended."""

    def send_signal(self, number: int, /) -> None:
        """Ask it for something."""


class Served:
    """A server on one data folder and one database."""

    def __init__(self, folder: Path, database_url: str = "", *words: str) -> None:
        self.config = Config(data=folder / "data", database_url=database_url)
        self.log = folder / "server.log"
        self.words = words
        self.port = _free_port()
        self.process: Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def command(self) -> list[str]:
        """What is started, without the words that it is given."""
        return [DOORSTEP]

    @property
    def environment(self) -> dict[str, str]:
        """The settings, as a process gets them."""
        return {
            **os.environ,
            "DOORSTEP_DATA": str(self.config.data),
            "DOORSTEP_DATABASE_URL": self.config.database_url,
        }

    def doorstep(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one command of the server to its end."""
        return subprocess.run(
            [DOORSTEP, *words],
            env=self.environment, cwd=ROOT, check=False, capture_output=True, text=True,
        )  # fmt: skip

    def start(self) -> "Served":
        """Start it, and wait for its first answer."""
        words = ("serve", "--bind", f"127.0.0.1:{self.port}", *self.words)
        self.process = self.begin(words)
        self.wait()
        return self

    def begin(self, words: Sequence[str]) -> Process:
        """`doorstep` with these words, in a session of its own."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*self.command, *words],
                env=self.environment, cwd=ROOT, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def wait(self) -> None:
        """Until it answers."""
        assert self.process is not None
        until = monotonic() + PATIENCE_S
        while not self.answers():
            if monotonic() > until or self.process.poll() is not None:
                pytest.fail(self.log.read_text(errors="replace")[-2000:])
            sleep(0.02)  # a real process starts in real time

    def answers(self) -> bool:
        """Is anybody there?"""
        asking = HTTPConnection("127.0.0.1", self.port, timeout=5)
        with suppress(OSError, HTTPException), closing(asking):
            asking.request("GET", "/healthz")
            return asking.getresponse().status == 200
        return False

    def kill(self) -> None:
        """SIGKILL to the server and all its workers at once."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_a_worker(self) -> None:
        """SIGKILL to a worker; gunicorn starts another."""
        assert self.process is not None
        for worker in children(self.process.pid)[:1]:
            os.kill(worker, signal.SIGKILL)


def children(process: int) -> list[int]:
    """The processes that this one has started."""
    text = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(word) for word in text.split()]


@contextmanager
def serving(folder: Path, database_url: str = "", *words: str) -> Iterator[Served]:
    """A server for as long as this lasts."""
    one = Served(folder, database_url, *words)
    try:
        yield one.start()
    finally:
        one.kill()


@contextmanager
def office(config: Config) -> Iterator[Parts]:
    """The server's parts in this process, beside the one that serves."""
    parts = put_together(config)
    try:
        yield parts
    finally:
        parts.originals.darkroom.close()
        parts.engine.dispose()


def given_to(parts: Parts, number: str, *people: str) -> str:
    """An order for these people; its stream."""
    name, now = order_stream(number), parts.now()
    for who in people:
        parts.door.add_person(who, who.title(), "technician", now)
    lead, *helpers = people
    for what in (
        Logged(number=number, registered_ms=now),
        Dispatched(technician=lead, helpers=tuple(helpers)),
    ):
        decision = Decision(stream=name, what=what, private={})
        parts.ledger.decide([decision], "chen", now)
    return name


def code_for(parts: Parts, who: str) -> str:
    """A one-time code for a tablet of this person."""
    parts.door.add_person(who, who.title(), "technician", parts.now())
    return parts.door.issue_code(who, parts.now() + 3_600_000)


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port: Any = line.getsockname()[1]
    return int(port)
