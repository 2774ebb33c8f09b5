"""Kill anything at any moment: what was acknowledged is there, once (F5, M2, M4).

Killing a process does not prove that a power cut is survived (F6); the settings that do
are read back by the server itself. KILLS and CRASH_POINTS ask for longer campaigns.
"""

import hashlib
import os
import random
import shutil
import socket
import sqlite3
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select

from field_client.client import Client
from field_client.exchange import EVERYTHING
from field_client.handing_in import hand_in
from field_client.store import Store
from field_client.transport import Answered, HttpCall, NoAnswer
from server.config import Config
from server.database import reading
from server.parts import Parts
from server.tables import fact
from sync.exchange import Lane
from sync.facts.visit import Left
from sync.facts.work import Photographed
from tests.daemons import needs_strace
from tests.together.mortal import (
    Asking,
    counted,
    counting,
    dying_at,
    living,
    serve,
    sync,
)
from tests.together.processes import (
    Served,
    children,
    code_for,
    given_to,
    office,
    serving,
)
from tests.together.wire import rendered
from tests.weather import FAIR
from tests.world import World

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("KILLS", "5"))  # of each kind, on each database
POINTS = int(os.environ.get("CRASH_POINTS", "30"))  # of the server, and of the tablet
WRITERS = 4


class Writer(Thread):
    """A technician who writes and hands in without a pause, whatever happens."""

    def __init__(self, folder: Path, served: Served, code: str, name: str) -> None:
        super().__init__(name=folder.name)
        self.folder, self.served, self.code, self.stream = folder, served, code, name
        self.over = Event()
        self.acknowledged: set[str] = set()
        self.told: Counter[tuple[str, str]] = Counter()
        self.broke: BaseException | None = None

    def run(self) -> None:
        try:
            call = HttpCall(self.served.url)
            with call.client, Store(self.folder) as store:
                self._work(Client(store, call=call))
        except BaseException as error:
            self.broke = error
            raise

    def _work(self, client: Client) -> None:
        while client.store.outbox.enrolment() is None:
            with suppress(NoAnswer):
                client.enrol(self.code, self.served.url, self.name)
        while not self.over.is_set():
            if client.store.projection.document(self.stream):
                client.tell(self.stream, Left())
            self._hands_in(client)
        while client.store.outbox.waiting():
            self._hands_in(client)
        self.told = Counter((one.id, one.b) for one in client.store.outbox.facts())

    def _hands_in(self, client: Client) -> None:
        at_work = client.store.projection.document(self.stream)
        try:
            client.exchange_once((hand_in,) if at_work else EVERYTHING, again=True)
        except (NoAnswer, Answered):
            time.sleep(0.02)  # nobody is there
        facts = client.store.outbox.facts()
        self.acknowledged = {one.id for one in facts if not one.waiting}


def on_the_server(parts: Parts) -> Counter[tuple[str, str]]:
    """Every fact of a tablet, and how often it is there."""
    with reading(parts.engine) as connection:
        rows = connection.execute(select(fact.c.id, fact.c.body, fact.c.log)).all()
    return Counter((r.id, r.body) for r in rows if not r.log.startswith("server."))


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
        assert on_the_server(parts) == told
        assert len(told) > KILLS  # they did write
    assert served.doorstep("check").returncode == 0
    assert intact(served.config)


def writers_at_work(folder: Path, served: Served, parts: Parts) -> list[Writer]:
    """Four technicians, an order each."""
    writers = []
    for number in range(WRITERS):
        who = f"tech{number}"
        name = given_to(parts, f"R{number}", who)
        code = code_for(parts, who)
        writers.append(Writer(folder / who, served, code, name))
        writers[-1].start()
    return writers


def stop(writers: list[Writer]) -> None:
    """Everybody hands in what is left, and goes home."""
    for one in writers:
        one.over.set()
    for one in writers:
        one.join(60)
        assert one.broke is None
        assert not one.is_alive()


def intact(config: Config) -> bool:
    """What SQLite says of the whole file; PostgreSQL looks after its own."""
    if not config.database.startswith("sqlite"):
        return True
    with sqlite3.connect(config.database.removeprefix("sqlite:///")) as db:
        (said,) = db.execute("PRAGMA integrity_check").fetchone()
    db.close()
    return bool(said == "ok")


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


# at chosen system calls


FACTS, ORDER = 12, "BX-2026-0001"


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a server and Li's tablet after a day without any network: facts,
    a signature-sized original and a photo in two pieces wait to be handed in."""
    folder = tmp_path_factory.mktemp("evening") / "world"
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


def exchanged(tablet: Path, call: object) -> None:
    """One `field sync` in this process; what goes wrong is left for the next."""
    with Store(tablet) as store, suppress(NoAnswer, Answered):
        Client(store, call=call).exchange_once()


def server_of(folder: Path) -> Config:
    return Config(data=folder / "server")


def test_a_server_killed_at_any_system_call_that_writes_goes_on_where_it_was(
    evening: Path, tmp_path: Path
):
    needs_strace()
    trial = shutil.copytree(evening, tmp_path / "counted")
    log = tmp_path / "calls"
    with living(serve, server_of(trial), *counting(log)) as line:
        exchanged(trial / "li", Asking(line))
    for call, when in points(counted(log), POINTS):
        copy = shutil.copytree(evening, tmp_path / f"{call}-{when}")
        with living(serve, server_of(copy), *dying_at(call, when)) as line:
            exchanged(copy / "li", Asking(line))
        promised = acknowledged(copy / "li")
        assert holds(copy, promised) == [], (call, when)


def test_a_tablet_killed_at_any_system_call_of_its_exchange_goes_on_where_it_was(
    evening: Path, tmp_path: Path
):
    needs_strace()
    trial = shutil.copytree(evening, tmp_path / "counted")
    log = tmp_path / "calls"
    with office(server_of(trial)) as parts:
        answer_all(parts, trial, *counting(log))
    for call, when in points(counted(log), POINTS):
        copy = shutil.copytree(evening, tmp_path / f"{call}-{when}")
        with office(server_of(copy)) as parts:
            answer_all(parts, copy, *dying_at(call, when))
        assert holds(copy, acknowledged(copy / "li")) == [], (call, when)


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
