"""An evening of work, exchanged in processes that fail somewhere, and what is found the
morning after. May not enter: how they fail.
"""

import random
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from field_client.client import Client
from field_client.store import Store
from field_client.transport import Answered, Call, NoAnswer
from server.config import Config
from server.parts import Parts
from sync.exchange import Lane
from sync.facts.visit import Left
from sync.facts.work import Photographed
from tests.together.mortal import living, sync
from tests.together.writers import on_the_server
from tests.weather import FAIR
from tests.world import World

FACTS, ORDER = 12, "BX-2026-0001"


def evening_at(folder: Path) -> Path:
    """A folder with a server and Li's tablet after a day without any network: facts,
    a signature-sized original and a photo in two pieces wait to be handed in."""
    world = World(folder, seed=1, air=FAIR)
    li, name = world.tablet("li"), world.asks_for(ORDER, "li")
    li.syncs()
    dice = random.Random(1)
    for number in range(FACTS):
        blobs = {}
        if number in (3, 7):
            blobs = {"photo": (dice.randbytes(300 if number == 3 else 270_000), RAW)}
        what = Photographed(moment="before") if blobs else Left()
        li.tells(name, what, blobs=blobs)
    li.client.store.projection.keep_lane("facts", Lane(most=3))
    world.close()
    return folder


RAW = "application/x-raw"


def points(calls: Counter[str], how_many: int) -> list[tuple[str, int]]:
    """Some of the system calls that were counted, drawn evenly."""
    every = [(c, n) for c, most in sorted(calls.items()) for n in range(1, most + 1)]
    return random.Random(5).sample(every, min(how_many, len(every)))


def exchanged(tablet: Path, call: Call) -> bool:
    """One `field sync` in this process; what goes wrong is left for the next. Did
    anybody answer at all?"""
    with Store(tablet) as store, suppress(NoAnswer, Answered):
        Client(store, call=call).exchange_once()
        return True
    return False


def server_of(folder: Path) -> Config:
    return Config(data=folder / "server")


def answer_all(parts: Parts, folder: Path, *traced: str) -> None:
    """Serve a `field sync` in its own process until it ends or dies."""
    app = Restarted(parts.config)
    with living(sync, folder / "li", *traced) as line, suppress(EOFError, OSError):
        while asked := line.recv():
            answer = app(*asked)
            line.send((answer.status, dict(answer.headers), answer.body))
    app.close()


def acknowledged(tablet: Path) -> set[str]:
    """What the tablet believes to be in custody."""
    with Store(tablet) as store:
        return {one.id for one in store.outbox.facts() if not one.waiting}


class Restarted(World):
    """A server on what another one has left behind, in this process."""

    def __init__(self, config: Config) -> None:
        self.seed, self.ms, self.tablets = 0, time.time_ns() // 1_000_000, {}
        self._starts = 0
        self._config = config
        self.app = self._start()

    @property
    def config(self) -> Config:
        return self._config

    def __call__(self, method, target, headers, body):  # noqa: ANN001, ANN204
        return self.serve(method, target, headers, body)


def holds(folder: Path, promised: set[str]) -> list[str]:
    """Everything that is wrong once the server was started again and the tablet has
    exchanged; nothing, we hope."""
    server = Restarted(server_of(folder))
    try:
        lost = promised - {name for name, _ in on_the_server(server.parts)}
        with Store(folder / "li") as store:
            client = Client(store, call=server)
            for _ in range(3):
                client.exchange_once()
            told = Counter((one.id, one.b) for one in store.outbox.facts())
            owed = [o for o in store.outbox.originals() if o.waiting]
        wrong = [f"lost {one}" for one in lost]
        wrong += [f"owed {one}" for one in owed]
        if on_the_server(server.parts) != told:
            wrong.append("the facts are not each there once")
        return wrong + server.unsound()
    finally:
        server.close()
