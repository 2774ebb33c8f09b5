"""A world in which anything may go wrong, and every sort of step that may happen in it.

The server and the tablets are real; how each step is carried out stands here, and what
it must have led to in `auditor.py`, which is told of every act. May not enter: chance
that is not a step's own, judging.
"""

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from flask import Flask

from field_client.client import Client
from field_client.store import Store
from field_client.transport import NoAnswer, Reply
from server import create_app, put_together
from server.config import Config
from server.shelf import Cellar, open_cellar
from sync.facts import KINDS, Fact, What
from sync.problems import Refused
from tests.simulation.auditor import Auditor
from tests.simulation.machines import Disk, Mains, ServerDied, TabletDied
from tests.simulation.steps import Step
from tests.weather import FAIR, Chances, Request
from tests.world import HOUR, MINUTE, MORNING, HandClocks, InHand, World

PEOPLE = ("li", "wang", "he")
DAY = 24 * HOUR
MOST_ROUNDS = 40  # exchanges of one tablet until it must have come to rest


class Clocks(HandClocks):
    """A tablet's clocks, which people and batteries move. `boots`: how often it was
    switched on; `has_boot`: whether it has a clock that nobody can set (a browser has
    none)."""

    def __init__(self, world: World, has_boot: bool) -> None:
        super().__init__(world)
        self.has_boot, self.boots, self.since_ms = has_boot, 1, MORNING - HOUR
        self.honest = True
        if not has_boot:  # and such a one is set by hand, and wrong from the start
            self.wrong_ms, self.honest = -2 * HOUR, False

    def boot_ms(self) -> int | None:
        return self.world.ms - self.since_ms if self.has_boot else None

    def boot(self) -> str | None:
        return f"boot-{self.boots}" if self.has_boot else None


@dataclass
class Tablet(InHand):
    """A tablet in a person's hands, with its folder."""

    name: str = ""
    folder: Path = Path()
    clocks: Clocks | None = None
    requests: list[Request] = field(default_factory=list)

    def open(self) -> None:
        """Switch it on: whatever is on its disk is what it knows."""
        old = self.client
        store = Store(self.folder)
        disks: dict[int, Disk] = {}
        for part in vars(store).values():
            if hasattr(part, "db"):
                part.db = disks.setdefault(id(part.db), Disk(part.db))
        self.client = Client(store, self.clocks or old.clocks, old.chance, self.air)

    def close(self) -> None:
        """Its power is gone."""
        self.client.store.close()

    @property
    def disks(self) -> tuple[Any, Any]:
        """Both of its databases."""
        store = self.client.store
        return store.outbox.db, store.projection.db


@dataclass
class Copy:
    """The server as it was once: a backup in the place, or a copy of its files."""

    known: Any  # what the auditor expects of a server in this state
    name: str = ""  # of a backup
    database: bytes = b""
    shelf: Path = Path()


class Town(World):
    """The world of one seed. Doors are made once for each process: a server that starts
    again gets new parts behind the same doors, which saves most of a start."""

    doors: ClassVar[Flask | None] = None
    blank: ClassVar[bytes] = b""  # a new database with today's tables

    def __init__(self, folder: Path, seed: int) -> None:
        self.mains = Mains()
        self.audit = Auditor(self)
        self.fired: Counter[str] = Counter()
        self.requests = 0
        self.asking = ""
        self.meanwhile: Callable[[], None] | None = None
        self.older: frozenset[str] = frozenset()  # kinds that the server lacks yet
        self.copies: list[Copy] = []
        self.numbers: list[str] = []
        self.aside: list[Tablet] = []  # wiped: their stores are no more
        super().__init__(folder, seed=seed)
        self.mains.watch(self.parts.engine)
        for n, who in enumerate((*PEOPLE, "li")):
            self.tablet(who, device="" if n < len(PEOPLE) else "-2")

    # machines

    @property
    def config(self) -> Config:
        return Config(data=self.folder / "server", backup_enough="any")

    @property
    def place(self) -> Cellar:
        """Where backups go."""
        return open_cellar(f"file://{(self.folder / 'backups').absolute()}")

    def _begin_ledger(self) -> None:
        file = self.config.data / "doorstep.db"
        if Town.blank:
            self.config.data.mkdir(parents=True)
            file.write_bytes(Town.blank)
        super()._begin_ledger()

    def _open_doors(self) -> Flask:
        if Town.doors is None:
            Town.doors = create_app(self.config, now=self.now)
            before: Any = Town.doors.extensions["doorstep"]
            before.engine.dispose()
        parts = put_together(self.config, now=self.now)
        parts.uploads.sweep(self.ms)
        Town.doors.extensions["doorstep"] = parts
        return Town.doors

    def stop(self) -> None:
        """The server's process ends."""
        self.audit.hang_up()
        self.parts.originals.darkroom.close()
        self.parts.engine.dispose()

    def restart(self) -> None:
        """The server's process ends and another begins."""
        self.stop()
        self.app = self._start()
        self.mains.watch(self.parts.engine)

    def serve(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        """The server answers, or dies of it."""
        self.requests += 1
        began = len(self.mains.fired)
        try:
            with self._of_its_age():
                reply = super().serve(method, target, headers, body)
        except ServerDied:
            self.restart()
            raise NoAnswer("the server died") from None
        hurt = len(self.mains.fired) > began
        self.audit.served(self.asking, method, target, body, reply, hurt=hurt)
        return reply

    @contextmanager
    def _of_its_age(self) -> Iterator[None]:
        """The server of an older release, which lacks some kinds of facts."""
        lacking = {name: KINDS.pop(name) for name in self.older}
        try:
            yield
        finally:
            KINDS.update(lacking)

    def tablet(self, who: str, *, wrong_ms: int = 0, device: str = "") -> Tablet:
        """This person's tablet; every third has no clock that nobody can set."""
        name = who + device
        if name not in self.tablets:
            held = super().tablet(who, wrong_ms=wrong_ms, device=device)
            clocks = Clocks(self, has_boot=len(self.tablets) % 3 != 0)
            made = Tablet(
                self, who, held.client, held.air, name=name,
                folder=self.folder / name, clocks=clocks,
            )  # fmt: skip
            self._wire(made)
            held.client.store.close()
            made.open()
            self.tablets[name] = made
            self.audit.enrolled(made)
        found = self.tablets[name]
        assert isinstance(found, Tablet)
        return found

    def _wire(self, one: Tablet) -> None:
        one.air.serve = partial(self._asked_by, one)
        one.air.before = self._before

    def _asked_by(
        self,
        one: Tablet,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes,
    ) -> Reply:
        self.asking = one.name
        if target == "/v1/sync/push" and _is_whole(body):
            one.requests.append(Request(method, target, headers, body))
        try:
            return self.serve(method, target, headers, body)
        finally:
            self.asking = ""

    def _before(self) -> None:
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            act()

    def choose(self, step: Step) -> Tablet:
        """The tablet that a step is about."""
        names = sorted(self.tablets)
        found = self.tablets[names[step.who % len(names)]]
        assert isinstance(found, Tablet)
        return found

    def an_order(self, step: Step) -> str | None:
        """The order that a step is about."""
        return self.streams[step.which % len(self.streams)] if self.streams else None

    def held_order(self, step: Step, one: Tablet) -> str | None:
        """An order on this tablet."""
        held = sorted(one.client.streams())
        return held[step.which % len(held)] if held else None

    # exchanging

    def exchange(
        self, one: Tablet, luck: Random, weather: Chances = FAIR, *, again: bool = False
    ) -> None:
        """One exchange of this tablet, whatever becomes of it."""
        one.air.dice, one.air.chances = luck, weather
        self.audit.before_exchange(one)
        whole = False
        try:
            report = one.syncs(again=again)
            whole = report is not None and report.complete
        except TabletDied:
            one.close()
            one.open()
            self.audit.died(one)
        except Refused as why:
            if why.code != "tablet_full":
                raise
        finally:
            self.mains.disarm()
            self.meanwhile = None
            for disk in one.disks:
                disk.left = None
        self.fired.update(one.air.fired)
        one.air.fired.clear()
        self.audit.after_exchange(one, whole=whole)

    def tells(
        self,
        one: Tablet,
        stream: str,
        what: What,
        private: Mapping[str, str] | None = None,
        blobs: Any = None,
    ) -> Fact | None:
        """This person records something; None if the tablet could not keep it."""
        self.ms += MINUTE // 4
        try:
            made = one.client.tell(stream, what, private, blobs)
        except Refused as why:
            if why.code not in ("tablet_full", "order_unknown"):
                raise
            return None
        self.keeps(one, made, blobs)
        return made

    def keeps(self, one: Tablet, made: Fact, blobs: Any = None) -> None:
        """What a tablet said it has, is owed from now on."""
        one.remember(made, blobs)
        self.audit.told(one, made, one.told[-1], blobs)

    # the end

    def comes_to_rest(self) -> None:
        """The weather clears up; everybody exchanges until nobody owes anything."""
        self.mains.disarm()
        self.upgrades()
        for one in self.tablets.values():
            one.air.dice = Random(0)
            one.air.clear_up()
        for _ in range(MOST_ROUNDS):
            self.later(1)
            for name in sorted(self.tablets):
                self.exchange(self.tablet_named(name), Random(0), again=True)
            if not any(one.owes for one in self.tablets.values()):
                break
        for name in sorted(self.tablets):
            self.exchange(self.tablet_named(name), Random(0))

    def tablet_named(self, name: str) -> Tablet:
        """The tablet of this name."""
        found = self.tablets[name]
        assert isinstance(found, Tablet)
        return found

    def upgrades(self) -> None:
        """The server is brought up to date; what it could not read, it reads again."""
        if not self.older:
            return
        self.older = frozenset()
        self.restart()
        parts = self.parts
        known = self.audit.unread()
        parts.ledger.replay(parts.door.people_of, self.ms)
        self.audit.upgraded(known)
        self.fired["quarantine_replayed"] += len(known)

    def digest(self) -> str:
        """Everything that this world has come to: equal for equal scripts."""
        return self.audit.digest()


def _is_whole(body: bytes) -> bool:
    try:
        json.loads(gzip.decompress(body))
    except (OSError, EOFError, ValueError, zlib.error):
        return False
    return True
