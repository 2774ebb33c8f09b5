"""A server, some tablets, the air between them and one clock set by hand.

Everything is real but the air and the clock, and everything follows from one seed: two
worlds of one seed and one story hold the same bytes. People act through verbs; what
they were told is safe is remembered here and compared with what the server has. May not
enter: a real clock, sleeping, threads.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import select

from field_client.client import Blob, Client
from field_client.clocks import Clocks
from field_client.contact import Report
from field_client.door import Door
from field_client.keys import key_text, read_key
from field_client.store import Store
from field_client.transport import Answered, NoAnswer, Reply
from server import create_app, desk
from server.audit import findings
from server.config import Config
from server.database import open_engine, reading, upgrade
from server.keys import open_keys
from server.ledger import Decision, Ledger
from server.parts import Parts
from server.tables import fact, quarantine, stream
from sync.facts import Fact, What
from sync.facts.intake import Logged
from sync.order import Order, order_stream
from sync.plain import typed
from tests.weather import FAIR, Air, Chances

MORNING = 1_794_272_400_000  # 2026-11-10, 09:00 in Shanghai
MINUTE, HOUR = 60_000, 3_600_000
AGAIN_EVERY = 60  # as `field sync --watch` does
STEP_MS = 7  # what one request takes
REMARKABLE = 300  # exchanges of one tablet without coming to rest


class HandClocks(Clocks):
    """A tablet's clocks. `wrong_ms`: how far its wall clock is off."""

    def __init__(self, world: "World", wrong_ms: int = 0) -> None:
        self.world = world
        self.wrong_ms = wrong_ms

    def wall_ms(self) -> int:
        return self.world.ms + self.wrong_ms

    def offset_minutes(self) -> int:
        return 480

    def boot_ms(self) -> int:
        return self.world.ms - MORNING + HOUR

    def boot(self) -> str:
        return "boot-1"

    def sleep(self, wait_ms: int) -> None:
        self.world.ms += wait_ms


def drawn(dice: Random) -> Callable[[int], bytes]:
    """Chance that follows from a seed."""
    return dice.randbytes


def drawn_key(dice: Random) -> str:
    """A key that follows from a seed."""
    return key_text(ec.derive_private_key(dice.getrandbits(250) + 1, ec.SECP256R1()))


@dataclass(frozen=True)
class Told:
    """What a person was told is on disk."""

    id: str
    body: str
    private: Mapping[str, tuple[str, str]]
    stream: str


@dataclass
class InHand:
    """A tablet in the hands of one person."""

    world: "World"
    who: str
    client: Client
    air: Air
    told: list[Told] = field(default_factory=list)
    bytes_taken: dict[str, bytes] = field(default_factory=dict)
    failures: int = 0
    exchanges: int = 0
    due_ms: int = 0

    # people's verbs

    def tells(
        self,
        name: str,
        what: What,
        private: Mapping[str, str] | None = None,
        blobs: Mapping[str, Blob] | None = None,
    ) -> Fact:
        """This person records what happened to the order."""
        self.world.ms += MINUTE // 4
        made = self.client.tell(name, what, private, blobs)
        self.remember(made, blobs)
        return made

    def remember(self, made: Fact, blobs: Mapping[str, Blob] | None = None) -> None:
        """From now on the server owes us this fact."""
        owned = next(o for o in self.client.store.outbox.facts() if o.id == made.id)
        self.told.append(Told(owned.id, owned.b, owned.x, owned.stream))
        for data, _type in (blobs or {}).values():
            self.bytes_taken[hashlib.sha256(data).hexdigest()] = data

    def sees(self, name: str) -> Order:
        """The order as it stands on the screen."""
        return self.client.order(name).order

    def syncs(self, *, again: bool = False) -> Report | None:
        """One exchange as `field sync --watch` makes it; None if nothing was done."""
        self.exchanges += 1
        again = again or self.exchanges % AGAIN_EVERY == 0
        try:
            report = self.client.exchange_once(again=again)
        except (NoAnswer, Answered):
            report = None
        good = report is not None and not report.troubles
        self.failures = 0 if good else self.failures + 1
        self.due_ms = self.world.ms + self.client.wait_ms(self.failures, report)
        return report

    def door(self) -> Door:
        """The tablet's own way to the server, for asking what no client would."""
        outbox = self.client.store.outbox
        door = Door(self.air, self.client.who, read_key(outbox.key(lambda: "")))
        contact = self.client.store.projection.contact()
        door.token = contact.token if contact else door.token
        return door

    # what it still owes

    @property
    def owes(self) -> int:
        """Facts and originals that the server has not receipted."""
        outbox = self.client.store.outbox
        waiting = [one for one in outbox.originals() if one.waiting]
        return len(outbox.waiting()) + len(waiting)

    def flickers(self) -> list[str]:
        """Own facts that the screen does not show at this moment, though no document
        said better and nobody set them aside."""
        shown: dict[str, set[str]] = {}
        for one in self.client.store.outbox.facts():
            if one.stream not in shown and self._holds(one.stream):
                history = self.sees(one.stream).history
                shown[one.stream] = {entry.id for entry in history}
        return [
            one.id
            for one in self.client.store.outbox.facts()
            if one.stream in shown and one.id not in shown[one.stream]
            and not (one.receipt and one.receipt.outcome == "quarantined")
        ]  # fmt: skip

    def _holds(self, name: str) -> bool:
        return self.client.store.projection.document(name) is not None


class World:
    """One server and the tablets around it."""

    def __init__(
        self, folder: Path, database_url: str = "", seed: int = 0, air: Chances = FAIR
    ) -> None:
        self.folder, self.seed, self.weather = folder, seed, air
        self.ms = MORNING
        self.tablets: dict[str, InHand] = {}
        self.streams: list[str] = []
        self._database_url = database_url
        self._starts = 0
        self._begin_ledger()
        self.app = self._start()

    # the server

    @property
    def config(self) -> Config:
        return Config(data=self.folder / "server", database_url=self._database_url)

    def _dice(self, purpose: str) -> Random:
        return Random(f"{purpose}/{self.seed}")

    def _begin_ledger(self) -> None:
        """Keys, epoch and names that follow from the seed."""
        data = self.config.data
        data.mkdir(parents=True, exist_ok=True)
        (data / "secret-key").write_bytes(self._dice("secret").randbytes(32))
        (data / "signing-key.pem").write_text(drawn_key(self._dice("signing")))
        upgrade(self.config.database)
        engine = open_engine(self.config.database)
        ledger = Ledger(engine, open_keys(data), drawn(self._dice("epoch")))
        ledger.open(self.ms)
        engine.dispose()

    def _start(self) -> Flask:
        self._starts += 1
        app = self._open_doors()
        parts: Parts = app.extensions["doorstep"]
        door, ledger, tokens = (
            drawn(self._dice(f"{purpose} {self._starts}"))
            for purpose in ("door", "ledger", "tokens")
        )
        parts.door._chance, parts.ledger._chance = door, ledger
        parts.ledger._start_log()
        app.extensions["doorstep"] = replace(parts, chance=tokens)
        return app

    def _open_doors(self) -> Flask:
        return create_app(self.config, now=self.now)

    def now(self) -> int:
        """The only clock."""
        return self.ms

    @property
    def parts(self) -> Parts:
        parts: Parts = self.app.extensions["doorstep"]
        return parts

    def restart(self) -> None:
        """The server ends and begins anew on what is there."""
        self._end()
        self.app = self._start()

    def _end(self) -> None:
        self.parts.originals.darkroom.close()
        self.parts.engine.dispose()

    def close(self) -> None:
        for one in self.tablets.values():
            one.client.store.close()
        self._end()

    def serve(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        """The server answers; time goes by."""
        self.ms += STEP_MS
        answer = self.app.test_client().open(
            target, method=method, headers=dict(headers), data=body
        )
        found = Reply(
            status=answer.status_code,
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=answer.data,
        )
        answer.close()
        return found

    # people

    def tablet(self, who: str, *, wrong_ms: int = 0, device: str = "") -> InHand:
        """This person's tablet, enrolled; `device` names another one of theirs."""
        name = who + device
        if name in self.tablets:
            return self.tablets[name]
        self.parts.door.add_person(who, who.title(), "technician", self.ms)
        code = self.parts.door.issue_code(who, self.ms + HOUR)
        air = Air(self.serve, self._dice(f"air {name}"))
        client = Client(
            Store(self.folder / name),
            HandClocks(self, wrong_ms),
            drawn(self._dice(f"chance {name}")),
            air,
        )
        client.store.outbox.key(lambda: drawn_key(self._dice(f"key {name}")))
        client.enrol(code, "http://server", name)
        air.chances = self.weather
        self.tablets[name] = InHand(self, who, client, air)
        return self.tablets[name]

    def asks_for(self, number: str, *people: str) -> str:
        """Zhao asks for a repair; Chen gives it to these people. The order's stream."""
        name = order_stream(number)
        asked = Logged(number=number, registered_ms=self.ms - HOUR, site="江岸花园")
        secrets = {"owner": "赵女士", "phone": "13800000000", "fault": "厨房漏水"}
        decision = Decision(stream=name, what=asked, private=secrets)
        self.parts.ledger.decide([decision], "chen", self.ms)
        self.streams.append(name)
        if people:
            self.dispatches(name, *people)
        return name

    def dispatches(self, name: str, technician: str, *helpers: str) -> None:
        """Chen gives the order to these people."""
        for who in (technician, *helpers):
            self.parts.door.add_person(who, who.title(), "technician", self.ms)
        desk.dispatch(
            self.parts.ledger, self.parts.people, self.parts.qualifications,
            stream=name, technician=technician, helpers=helpers, by="chen", words="",
            now_ms=self.ms,
        )  # fmt: skip

    def cancels(self, name: str) -> None:
        """Chen cancels the order."""
        desk.cancel(
            self.parts.ledger, stream=name, reason="owner_withdrew", by="chen",
            words="", now_ms=self.ms,
        )  # fmt: skip

    def later(self, minutes: int) -> None:
        """Time goes by."""
        self.ms += minutes * MINUTE

    # coming to rest

    def settle(self, *, fair: bool = True) -> int:
        """The tablets exchange by their own timers until nobody owes anything; how long
        that took by the world's clock. `fair`: the weather has cleared up."""
        if fair:
            for one in self.tablets.values():
                one.air.clear_up()
        began = self.ms
        while owing := [one for one in self.tablets.values() if one.owes]:
            first = min(owing, key=lambda one: one.due_ms)
            self.ms = max(self.ms, first.due_ms)
            first.syncs()
            assert first.exchanges < REMARKABLE, self.account()
        took = self.ms - began
        for one in self.tablets.values():
            one.syncs()
        return took

    # what is true

    def rows(self, table: Any) -> list[dict[str, Any]]:
        """Everything in a table of the server."""
        with reading(self.parts.engine) as connection:
            return [dict(row) for row in connection.execute(select(table)).mappings()]

    def kept(self) -> Counter[tuple[str, str]]:
        """(id, exact bytes) of every fact of a device that is in custody, and how
        often it is there."""
        bodies = [
            (row["id"], row["body"])
            for table in (fact, quarantine)
            for row in self.rows(table)
            if not (row["log"] or "").startswith("server.")
            and row.get("settled_ms") is None  # else it is among the facts
        ]
        return Counter(bodies)

    def told(self) -> Counter[tuple[str, str]]:
        """(id, exact bytes) of everything that any person was told is on disk."""
        return Counter(
            (one.id, one.body) for held in self.tablets.values() for one in held.told
        )

    def order(self, name: str) -> Order:
        """The order as the board has it."""
        rows = {row["id"]: row["document"] for row in self.rows(stream)}
        return typed(Order, json.loads(rows[name]))

    def reviews(self, name: str) -> list[str]:
        """What waits for a person, as codes."""
        return sorted(one.code for one in self.order(name).reviews)

    def documents(self) -> dict[str, Any]:
        """Every order without places in the ledger and without times: what has to be
        the same whatever the network did."""
        return {
            row["id"]: without_place_and_time(json.loads(row["document"]))
            for row in self.rows(stream)
        }

    def unsound(self) -> list[str]:
        """What is wrong with the ledger, the shelf and the board; nothing, we hope."""
        found = [
            f"{one.code} {one.what}"
            for one in findings(self.parts.engine, self.parts.shelf)
        ]
        return [*found, *self.parts.ledger.rebuild_board()]

    def lost_bytes(self) -> list[str]:
        """Names of originals that the server has not, or not exactly."""
        shelf = self.parts.shelf
        return [
            name
            for held in self.tablets.values()
            for name, data in held.bytes_taken.items()
            if not shelf.has(name) or _read(shelf, name) != data
        ]

    def trace(self) -> str:
        """A digest of everything that the air did: equal for equal seeds."""
        text = json.dumps([(n, t.air.trace) for n, t in sorted(self.tablets.items())])
        return hashlib.sha256(text.encode()).hexdigest()

    def account(self) -> str:
        """What to say when something is wrong: enough to do it again."""
        owed = {name: one.owes for name, one in self.tablets.items()}
        fired = sum((one.air.fired for one in self.tablets.values()), Counter())
        return f"seed={self.seed} owed={owed} air={dict(fired)}"


def _read(shelf: Any, name: str) -> bytes:
    with shelf.open(name) as source:
        data: bytes = source.read()
    return data


PLACES_AND_TIMES = frozenset({"position", "moment", "left"})


def without_place_and_time(value: Any) -> Any:
    """A document without positions and moments."""
    if isinstance(value, dict):
        return {
            key: without_place_and_time(held)
            for key, held in value.items()
            if key not in PLACES_AND_TIMES
        }
    if isinstance(value, list):
        return [without_place_and_time(held) for held in value]
    return value
