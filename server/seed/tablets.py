"""A tablet of the sample month: it writes facts, is out of coverage, hands them in.

As a real one does: its own key and log, a chain of facts, a token of the last contact,
a clock of its own that may be off. May not enter: what happens in a home.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from server.acknowledging import Tablet as Reader
from server.acknowledging import note_held
from server.board import as_order
from server.database import reading
from server.examine import Author, Offer
from server.ledger import Evidence, Ledger
from server.parts import Parts
from server.tables import stream as streams
from sync.access import Grant
from sync.envelope import BlobRef, Head, Private, committed
from sync.exchange import Claim
from sync.facts import Fact, Kept, What, write_fact
from sync.fold import fold
from sync.log import root_of
from sync.order import Order
from sync.reading import Anchor, own_witness, read_clocks
from sync.signing import b64, public_jwk, push_text, sign
from sync.timing import assess

CLIENT = "tablet/1.0"
OFFSET_MINUTES = 480
MOST_AT_ONCE = 100
RTT_MS = 180
GRANTS = frozenset({Grant(role="technician")})

Blob = tuple[BlobRef, bytes]


@dataclass(frozen=True)
class Seen:
    """An order as the tablet took it home."""

    basis: int
    order: Order


@dataclass(kw_only=True)
class Tablet:
    """One device in the hands of one person."""

    parts: Parts
    ledger: Ledger
    device: str
    actor: str
    key: ec.EllipticCurvePrivateKey
    drift_ms: int
    chance: Callable[[int], bytes]
    booted_ms: int
    log: str
    n: int = 0
    tip: str | None = None
    away_until_ms: int = 0
    newest: Anchor | None = None
    token: str | None = None
    home: dict[str, Seen] = field(default_factory=dict)
    pending: list[tuple[Fact, Private]] = field(default_factory=list)
    waiting: list[Blob] = field(default_factory=list)  # bytes that are not handed in
    photos_stay: bool = False
    cursor: str | None = None

    def tell(
        self,
        name: str,
        what: What,
        at_ms: int,
        private: Mapping[str, str] | None = None,
        blobs: Sequence[Blob] = (),
        leap: int = 0,
    ) -> Fact:
        """Record this now; it is handed in at the next contact."""
        salted = {one: (b64(self.chance(16)), text)
                  for one, text in (private or {}).items() if text}  # fmt: skip
        order = self.sight(name)
        head = Head(
            stream=name, log=self.log, n=self.n + 1, prev=self.tip,
            epoch=self.ledger.epoch, lamport=order.lamport + 1 + leap, by=self.actor,
            basis=self.home[name].basis if name in self.home else 0,
            at=self._clocks(at_ms),
            private=committed(salted), blobs=tuple(ref for ref, _ in blobs),
        )  # fmt: skip
        fact = write_fact(what, head)
        self.n, self.tip = head.n, fact.id
        self.pending.append((fact, salted))
        self.waiting += blobs
        return fact

    def sight(self, name: str) -> Order:
        """The order as its person sees it: as taken home, and what they told since."""
        told = [
            Kept(fact=fact, moment=assess(fact.reading, own_witness(self.newest)))
            for fact, _ in self.pending
            if fact.head.stream == name
        ]
        seen = self.home.get(name)
        return fold(told, onto=seen.order if seen else None)

    def _clocks(self, at_ms: int) -> dict[str, Any]:
        reading_ = read_clocks(
            self.newest, self.token, wall_ms=at_ms + self.drift_ms,
            offset_minutes=OFFSET_MINUTES, boot_ms=at_ms - self.booted_ms,
            boot=f"boot-{self.device}",
        )  # fmt: skip
        return reading_.wire()

    def copied(self) -> "Tablet":
        """Another one that goes on from the same store, as nobody should set one up;
        it has a network wherever the first one is."""
        return replace(
            self, pending=[], waiting=[], home=dict(self.home), away_until_ms=0
        )

    # contact

    def exchange(self, at_ms: int, *names: str) -> bool:
        """Hand in what there is and take these orders home; no if out of coverage."""
        if at_ms < self.away_until_ms:
            return False
        said = self.pending
        for start in range(0, max(1, len(said)), MOST_AT_ONCE):
            self._push(said[start : start + MOST_AT_ONCE], at_ms)
        known = {fact.head.stream for fact, _ in said} | set(names)
        self.pending = []
        if not self.photos_stay:
            self._hand_over_bytes(at_ms)
        self._take_home(known)
        self._say_what_is_held(at_ms)
        self._greeted(at_ms)
        return True

    def _push(self, some: Sequence[tuple[Fact, Private]], at_ms: int) -> None:
        """What is claimed first freezes what lies behind it in time."""
        author = Author(device=self.device, people={self.actor: ["technician"]})
        claim = Claim(log=self.log, n=self.n, tip=self.tip, at=self._clocks(at_ms),
                      unsent=len(some))  # fmt: skip
        offers = [Offer(body=f.envelope.body, private=dict(salted))
                  for f, salted in some]  # fmt: skip
        if not offers:
            self.ledger.note_claims([claim], author, at_ms)
            return
        root = root_of([fact.id for fact, _ in some])
        evidence = Evidence(
            log=self.log, key=public_jwk(self.key.public_key()),
            signature=sign(self.key, push_text(self.log, root)),
        )  # fmt: skip
        self.ledger.take_in(offers, author, at_ms, evidence, [claim])

    def _hand_over_bytes(self, at_ms: int) -> None:
        for ref, data in self.waiting:
            with NamedTemporaryFile() as file:
                file.write(data)
                file.flush()
                self.parts.originals.take_in(
                    Path(file.name), ref.sha256, ref.bytes, ref.type, at_ms
                )
        self.waiting = []

    def _take_home(self, names: set[str]) -> None:
        wanted = select(streams.c.id, streams.c.rev, streams.c.document).where(
            streams.c.id.in_(names)
        )
        with reading(self.parts.engine) as connection:
            for name, rev, text in connection.execute(wanted):
                self.home[name] = Seen(rev, as_order(text))

    def _say_what_is_held(self, at_ms: int) -> None:
        """Come back with the cursor of what was taken home, so that the desk knows."""
        page = self.parts.feed.pull(self.actor, GRANTS, self.cursor, MOST_AT_ONCE)
        while not page.complete:
            page = self.parts.feed.pull(self.actor, GRANTS, page.cursor, MOST_AT_ONCE)
        self.cursor = page.cursor
        told = Reader(self.device, self.actor, GRANTS, page.cursor)
        note_held(self.parts.engine, self.parts.keys, told, at_ms)

    def _greeted(self, at_ms: int) -> None:
        self.token = self.parts.keys.time_token(self.device, at_ms, self.chance(6))
        self.newest = Anchor(
            server_ms=at_ms, wall_ms=at_ms + self.drift_ms + RTT_MS,
            boot_ms=at_ms - self.booted_ms + RTT_MS, boot=f"boot-{self.device}",
            rtt_ms=RTT_MS,
        )  # fmt: skip
        state = {"drift_ms": self.drift_ms, "persisted": self.actor != "ma",
                 "free_bytes": 6_400_000_000 - self.n * 1_300_000}  # fmt: skip
        self.parts.door.heard_from(self.device, CLIENT, len(self.waiting), at_ms, state)

    def claim(self, at_ms: int) -> None:
        """Say how much there is, and be cut off before handing it in (F11)."""
        self._push([], at_ms)
        unsent = len(self.pending)
        self.parts.door.heard_from(self.device, CLIENT, unsent, at_ms)
