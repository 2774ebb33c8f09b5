"""A tablet of the simulation whose client runs in a real Chromium, on its IndexedDB.

The world stays what it is: its server, its air, its clock, its dice and its auditor,
who reads tables. So after each act everything that lies in the browser is copied, row
for row, into the tables of `field`, the browser's twin; nothing in the copy is ever
written by anybody else. May not enter: steps of a story, what is asserted.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from field_client.client import Blob, Client
from field_client.keys import read_key
from field_client.transport import NoAnswer, Reply
from sync.envelope import read
from sync.facts import Fact, What, understand
from sync.order import Order
from sync.plain import plain, typed
from sync.problems import Refused
from sync.signing import b64, public_jwk, unb64
from tests.simulation.town import Tablet as InTown
from tests.simulation.town import Town
from tests.web.tablet import Tablet

HERS = "li"  # whose tablet is the browser
CHANCE_BYTES = 4096  # more than one act draws
Row = dict[str, Any]

# The stores that are a table of the same name in the other twin.
OUTBOX = ("voucher", "log", "fact", "blob")
PROJECTION = ("document", "former", "anchor", "shown")
UNHEARD = {"epoch": None, "durable_through": 0, "voucher": None, "epochs": None}


class TownWithBrowser(Town):
    """The world of one seed, in which Li's first tablet is a browser."""

    def __init__(self, folder: Path, seed: int, browser: Tablet) -> None:
        self._browser = browser
        super().__init__(folder, seed=seed)

    def tablet(self, who: str, *, wrong_ms: int = 0, device: str = "") -> InTown:
        fresh = who + device not in self.tablets
        found = super().tablet(who, wrong_ms=wrong_ms, device=device)
        if fresh and who + device == HERS:
            found.client = InBrowser(found, self._browser, Random(f"page/{self.seed}"))
        return found


class InBrowser(Client):
    """What the people of a town and its auditor ask of a tablet's client, asked of the
    page. Reading what is copied is the other twin's."""

    def __init__(self, one: InTown, browser: Tablet, dice: Random) -> None:
        super().__init__(one.client.store, one.client.clocks, call=one.air)
        self.one, self.browser, self.dice = one, browser, dice
        browser.page.expose_binding("air", self._through_the_air)
        key = read_key(self.store.outbox.key(lambda: ""))
        (claim,) = self.store.outbox.claims({})
        self._ask("become", list(_pair(key)), plain(self.who), claim.log)
        self._copy()

    # what people do

    def tell(
        self, stream: str, what: What, private: Mapping[str, str] | None = None,
        blobs: Mapping[str, Blob] | None = None, *_: Any, **__: Any,
    ) -> Fact:  # fmt: skip
        handed = {
            role: [b64(data), kind] for role, (data, kind) in (blobs or {}).items()
        }
        act = self._act(stream, what, private) | {"blobs": handed}
        return self._made(self._ask("tell", act))

    def show_sheet(self, stream: str, language: str, consent: str) -> Any:
        self._ask("show_sheet", self._now(), stream, language, consent)
        self._copy()
        return self.store.projection.shown(stream)

    def tell_on_sheet(
        self, shown: Any, what: What, private: Mapping[str, str],
        strokes: bytes | None, *_: Any, **__: Any,
    ) -> Fact:  # fmt: skip
        act = self._act(shown.stream, what, private) | {"blobs": {}}
        return self._made(self._ask("tell_on_sheet", act, b64(strokes or b"")))

    def order(self, stream: str) -> Any:
        seen = self._ask("order", self._now(), stream)
        order = typed(Order, json.loads(seen["order"]))
        return SimpleNamespace(order=order, rev=seen["rev"], epoch=seen["epoch"])

    def exchange_once(self, *_: Any, again: bool = False, **__: Any) -> Any:
        try:
            return SimpleNamespace(**self._ask("exchange", self._now(), again))
        finally:
            self._copy()

    def wait_ms(self, *_: Any) -> int:
        """Nobody in a town waits for it."""
        return 60_000

    # the page

    def _made(self, name: str) -> Fact:
        self._copy()
        owned = next(one for one in self.store.outbox.facts() if one.id == name)
        return understand(read(owned.b))

    def _act(
        self, stream: str, what: What, private: Mapping[str, str] | None
    ) -> dict[str, Any]:
        said = {"stream": stream, "kind": what.kind, "says": plain(what)}
        return self._now() | said | {"words": dict(private or {})}

    def _now(self) -> dict[str, Any]:
        return {"time": self._time(), "chance": b64(self.dice.randbytes(CHANCE_BYTES))}

    def _time(self) -> dict[str, int]:
        world = self.one.world
        return {"wall_ms": self.clocks.wall_ms(), "ticks_ms": world.ms}

    def _ask(self, verb: str, *given: Any) -> Any:
        came = self.browser.page.evaluate(
            f"(given) => {verb}(...given)", list(given)
        )  # fmt: skip
        if came is None or "found" in came:
            return came and came.get("found")
        if "lost" in came:
            raise NoAnswer(came["lost"])
        raise Refused(came["refused"], **came["facts"])

    def _through_the_air(
        self, _source: Any, method: str, target: str, headers: dict[str, str], body: str
    ) -> Row:
        try:
            reply = self.one.air(method, target, headers, unb64(body))
        except NoAnswer as why:
            nothing: Row = {"status": None, "headers": {}, "body": str(why)}
            return {"time": self._time(), **nothing}
        return {"time": self._time(), **_carried(reply)}

    def _copy(self) -> None:
        """Everything that lies there now, into tables."""
        found = self.browser.page.evaluate("everything()")
        outbox, projection = (disk.db for disk in self.one.disks)
        for name in OUTBOX:
            _fill(outbox, name, [row for _, row in found[name]])
        for name in PROJECTION:
            _fill(projection, name, [_bare(row) for _, row in found[name]])
        notes = [_note(*one) for one in found["note"]]
        _fill(projection, "note", notes)
        bytes_ = [{"seq": seq, "bytes": unb64(held)} for seq, held in found["original"]]
        _fill(outbox, "original", bytes_)
        said = [row for _, row in found["server"]] or [UNHEARD]
        _fill(outbox, "server", [{"one": 1} | row for row in said])


def _carried(reply: Reply) -> Row:
    return {"status": reply.status, "headers": dict(reply.headers),
            "body": b64(reply.body)}  # fmt: skip


def _note(name: str, held: str) -> Row:
    """By the name that it has where a tablet has one person."""
    value = json.dumps(json.loads(held)["value"], ensure_ascii=False)
    return {"name": "pull" if name.startswith("pull:") else name, "value": value}


def _bare(row: Row) -> Row:
    return row | {"sheet": unb64(row["sheet"])} if "sheet" in row else row


def _fill(db: Any, table: str, rows: list[Row]) -> None:
    """Exactly these rows; what only browsers keep is left out."""
    columns = [one["name"] for one in db.execute(f"PRAGMA table_info({table})")]
    db.execute(f"DELETE FROM {table}")
    for row in rows:
        held = {name: row[name] for name in columns if name in row}
        names, marks = ", ".join(held), ", ".join("?" * len(held))
        said = f"INSERT INTO {table} ({names}) VALUES ({marks})"
        db.execute(said, tuple(held.values()))


def _pair(key: ec.EllipticCurvePrivateKey) -> tuple[dict[str, str], dict[str, str]]:
    """The key as a browser is given it: whole, and its public half."""
    secret = key.private_numbers().private_value.to_bytes(32, "big")
    public = public_jwk(key.public_key())
    return {**public, "d": b64(secret)}, public
