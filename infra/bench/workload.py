"""The work that is measured: tablets with orders, twelve facts to an order.

Everything follows from a seed and is ready before a clock starts. May not enter:
servers, databases, clocks.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from cryptography.hazmat.primitives.asymmetric import ec

from sync.envelope import BlobRef, Head, committed
from sync.facts import What, write_fact
from sync.facts.dispatch import OrderSeen
from sync.facts.survey import ItemFound, PlanAgreed, Surveyed
from sync.facts.visit import Arrived, DoorProtocol, Left
from sync.facts.work import Completed, PartUsed, Photographed, Recorded
from sync.log import root_of
from sync.order import Line, Payer, order_stream
from sync.signing import b64, push_text, sign

MORNING_MS = 1_794_272_400_000
WORDS = ("水龙头滴水", "墙面空鼓", "门锁松动", "地漏返味", "插座无电", "窗框渗水")
ORDER_FACTS = 12


@dataclass(frozen=True)
class Written:
    """One fact as it waits on a tablet."""

    id: str
    n: int
    body: str
    private: dict[str, list[str]]


@dataclass
class Tablet:
    """A tablet with one log that grows; `device`, `key` and `person` as enrolled."""

    device: str
    person: str
    key: ec.EllipticCurvePrivateKey
    seed: int
    token: str = "-"  # noqa: S105 - says that there is none
    epoch: str = "e"
    log: str = ""
    n: int = 0
    tip: str | None = None
    lamport: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.log = f"{self.device}.{self.random.randbytes(5).hex()}"

    def numbers(self, count: int, start: int = 0) -> list[str]:
        """The numbers of this tablet's orders."""
        return [f"{self.seed:03d}{n:07d}" for n in range(start, start + count)]

    def repairs(self, numbers: Sequence[str]) -> Iterator[Written]:
        """All facts of these orders, one order after the other."""
        for number in numbers:
            for what in self._repair():
                yield self._write(order_stream(number), *what)

    def _repair(self) -> list[tuple[What, dict[str, str], str | None]]:
        words = self.random.choice(WORDS)
        fen = self.random.randrange(500, 30_000)
        line = Line(code=f"P{fen % 90:02d}", quantity=1, price_fen=fen, item=1)
        before, after = self.random.randbytes(32).hex(), self.random.randbytes(32).hex()
        return [
            (OrderSeen(), {}, None),
            (Arrived(), {"place": "312304000,1214737000"}, None),
            (DoorProtocol(steps=("shoes", "badge"), photo_consent=True,
                          place_consent=True, start_consent=True), {}, None),
            (Surveyed(cause="worn", method="replace", present=("owner",),
                      estimate_minutes=40, estimate_fen=fen), {"words": words}, None),
            (ItemFound(item=1, trade="water", payer=Payer.OWNER), {"what": words},
             None),
            (PlanAgreed(relation="self", total_fen=fen), {"owner": "赵"}, None),
            (Photographed(moment="before", item=1), {}, before),
            (PartUsed(line=line, price_list="2026"), {"name": words}, None),
            (Recorded(item=1, cause="worn", remedy="replaced", labour_minutes=35),
             {"words": words}, None),
            (Photographed(moment="after", item=1), {}, after),
            (Completed(), {}, None),
            (Left(), {}, None),
        ]  # fmt: skip

    def _write(
        self, stream: str, what: What, values: dict[str, str], photo: str | None
    ) -> Written:
        salted = {name: (b64(self.random.randbytes(16)), text)
                  for name, text in values.items()}  # fmt: skip
        blobs = [BlobRef(sha256=name, bytes=300_000, type="image/jpeg", role="photo")
                 for name in (photo,) if name]  # fmt: skip
        self.lamport[stream] = self.lamport.get(stream, 2) + 1
        wall_ms = MORNING_MS + 60_000 * self.n
        fact = write_fact(what, Head(
            stream=stream, log=self.log, n=self.n + 1, prev=self.tip, epoch=self.epoch,
            basis=2, lamport=self.lamport[stream], by=self.person,
            at={"w": wall_ms, "z": 480, "k": self.token, "kw": MORNING_MS, "kr": 40},
            private=committed(salted), blobs=tuple(blobs),
        ))  # fmt: skip
        self.n, self.tip = self.n + 1, fact.id
        private = {name: list(pair) for name, pair in salted.items()}
        return Written(fact.id, self.n, fact.envelope.body, private)

    def push(self, facts: Sequence[Written]) -> bytes:
        """These facts as the body of one push, packed."""
        last = facts[-1]
        signature = sign(self.key, push_text(self.log, root_of([f.id for f in facts])))
        claim = {"log": self.log, "n": last.n, "tip": last.id, "unsent": len(facts),
                 "at": {"w": MORNING_MS + 60_000 * last.n, "z": 480}}  # fmt: skip
        body = {"claim": claim, "signature": signature,
                "facts": [{"b": f.body, "x": f.private} for f in facts]}  # fmt: skip
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return gzip.compress(text.encode(), 6, mtime=0)


def in_batches(facts: Sequence[Written], size: int) -> list[Sequence[Written]]:
    """As they are handed in."""
    return [facts[at : at + size] for at in range(0, len(facts), size)]
