"""Technicians who write and hand in without a pause, whatever happens to the server.

What they were told is in custody is remembered. May not enter: what happens, and what
is asserted of it.
"""

import sqlite3
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import select

from field_client.client import Client
from field_client.exchange import EVERYTHING
from field_client.handing_in import hand_in
from field_client.store import Store
from field_client.transport import Answered, HttpCall, NoAnswer
from server.config import Config
from server.database import reading
from server.parts import Parts
from server.tables import fact, quarantine
from sync.facts.visit import Left
from tests.together.processes import Served, code_for, given_to

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
            with suppress(NoAnswer, Answered):  # busy, as long as its database is
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


def on_the_server(parts: Parts) -> Counter[tuple[str, str]]:
    """Every fact of a tablet, and how often it is kept. Whoever kills often enough
    finds the same fact in hand three times, and it is set aside and kept (F20)."""
    aside = quarantine.c
    with reading(parts.engine) as connection:
        rows = connection.execute(select(fact.c.id, fact.c.body, fact.c.log)).all()
        held = connection.execute(
            select(aside.id, aside.body).where(aside.settled_ms.is_(None))
        ).all()
    told = Counter((r.id, r.body) for r in rows if not r.log.startswith("server."))
    return told + Counter((r.id, r.body) for r in held)
