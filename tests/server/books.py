"""A ledger without doors: tablets write facts and hand them in, Chen decides.

Everything is on a real database and a clock set by hand. May not enter: HTTP, and what
is being tested.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Engine, select
from sqlalchemy import func as sql

from field_client.answers import read_page
from server.database import open_engine, reading
from server.examine import Author, Offer
from server.feed import Feed
from server.keys import Keys
from server.ledger import Decision, Ledger
from server.tables import event, fact, head
from sync.access import Grant, Grants
from sync.envelope import BlobRef, Head, committed
from sync.exchange import Claim, Document, Outcome, Outcomes, Page, Receipt
from sync.facts import Fact, What, write_fact
from sync.facts.dispatch import Cancelled, Dispatched
from sync.facts.intake import Logged
from sync.facts.work import Photographed
from sync.order import order_stream
from sync.signing import b64

NOON = 1_765_684_800_000  # 14 December 2025, 12:00 in Shanghai
MINUTE = 60_000
HOUR = 3_600_000
DAY = 24 * HOUR

_SIGNING = ec.generate_private_key(ec.SECP256R1())


def stream_of(number: str) -> str:
    """The order with this number; one without a number is called by its stream."""
    return number if number.startswith("order:") else order_stream(number)


@dataclass
class Book:
    """A ledger and its feed, and the clock on the wall."""

    engine: Engine
    keys: Keys
    ledger: Ledger
    feed: Feed
    now_ms: int = NOON
    tokens: int = 0

    def later(self, ms: int) -> int:
        """Time goes by."""
        self.now_ms += ms
        return self.now_ms

    def decide(
        self, what: What, number: str = "1", private: Mapping[str, str] | None = None
    ) -> Receipt:
        """Chen states this about an order."""
        one = Decision(stream=stream_of(number), what=what, private=private or {})
        return self.ledger.decide([one], "chen", self.now_ms)[0]

    def logged(self, *numbers: str) -> None:
        """These were asked for."""
        for number in numbers:
            self.decide(Logged(number=number, registered_ms=NOON - HOUR), number)

    def dispatched(
        self, technician: str, number: str = "1", helpers: Sequence[str] = ()
    ) -> Receipt:
        """Chen gives the order to these people."""
        what = Dispatched(technician=technician, helpers=tuple(helpers))
        return self.decide(what, number)

    def given(self, technician: str, *numbers: str) -> None:
        """Asked for, and given to this technician."""
        for number in numbers or ("1",):
            self.logged(number)
            self.dispatched(technician, number)

    def cancelled(self, number: str = "1") -> Receipt:
        """Nobody needs to go."""
        return self.decide(Cancelled(reason="duplicate"), number)

    def token(self, device: str) -> str:
        """A time token for this device, of now."""
        self.tokens += 1
        return self.keys.time_token(device, self.now_ms, self.tokens.to_bytes(6, "big"))

    def order(self, number: str = "1") -> Mapping[str, Any]:
        """The order's document as the desk sees it."""
        return self.document(number).order

    def document(self, number: str = "1") -> Document:
        """The document with everything that comes along."""
        found = self.feed.document("chen", holding("dispatcher"), stream_of(number))
        assert found is not None
        return found

    def rev(self, number: str) -> int:
        """Where the order stands; 0 if nobody knows it."""
        name = stream_of(number)
        found = self.feed.document("chen", holding("dispatcher"), name)
        return found.rev if found else 0

    def moment(self, fact_id: str, number: str = "1") -> Mapping[str, Any]:
        """When this fact happened, as the order's history has it."""
        entries = {one["id"]: one for one in self.order(number)["history"]}
        found: Mapping[str, Any] = entries[fact_id]["moment"]
        return found

    def reviews(self, number: str = "1") -> set[str]:
        """What waits for a person."""
        return {one["code"] for one in self.order(number).get("reviews", ())}

    def facts(self) -> list[str]:
        """The ids of all facts, in the sequence of their positions."""
        return [one["id"] for one in self.feed.facts(0, 100_000)]

    def count(self, table: Any, *where: Any) -> int:
        """How many rows there are."""
        with reading(self.engine) as connection:
            chosen = select(sql.count()).select_from(table).where(*where)
            return connection.execute(chosen).scalar_one()

    def is_gapless(self) -> bool:
        """Count, greatest position and counter are one number (invariant 10)."""
        with reading(self.engine) as connection:
            places = [
                seq
                for table in (fact, event)
                for seq in connection.execute(select(table.c.seq)).scalars()
            ]
            seq = connection.execute(select(head.c.seq)).scalar_one()
        return sorted(places) == list(range(1, seq + 1))

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table that facts may change."""
        with reading(self.engine) as connection:
            return {
                table.name: sorted(
                    map(tuple, connection.execute(select(table))), key=repr
                )
                for table in fact.metadata.sorted_tables
            }

    def pull(
        self, actor: str, cursor: str | None = None, limit: int = 200,
        role: str = "technician",
    ) -> Page:  # fmt: skip
        """One page, as a tablet reads it."""
        page = self.feed.pull(actor, holding(role), cursor, limit)
        return read_page(page.wire())


def holding(role: str) -> Grants:
    """Whoever is this everywhere."""
    return frozenset({Grant(role=role)})


def photographed(moment: str = "before") -> Photographed:
    """Li takes a photo."""
    return Photographed(moment=moment)


def picture(name: str) -> BlobRef:
    """Bytes that nobody has to see."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return BlobRef(sha256=digest, bytes=1, type="image/jpeg", role="photo")


@dataclass
class Written:
    """A fact on a tablet, not yet handed in."""

    fact: Fact
    private: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def offer(self) -> Offer:
        """As it is handed in."""
        held = {name: list(pair) for name, pair in self.private.items()}
        return Offer(body=self.fact.envelope.body, private=held)

    @property
    def id(self) -> str:
        """What names it."""
        return self.fact.id


@dataclass
class Pad:
    """A tablet with its own log, in the hands of a technician."""

    book: Book
    actor: str
    device: str
    instance: str = "a"
    n: int = 0
    tip: str | None = None
    token: str | None = None
    token_wall_ms: int | None = None
    wrong_ms: int = 0  # how wrong its clock is
    revoked: bool = False

    @property
    def log(self) -> str:
        """The name of its log."""
        return f"{self.device}.{self.instance}"

    @property
    def author(self) -> Author:
        """As the server knows it after proving who asks."""
        people = {self.actor: {"technician"}}
        return Author(device=self.device, people=people, revoked=self.revoked)

    @property
    def wall_ms(self) -> int:
        """What its clock shows."""
        return self.book.now_ms + self.wrong_ms

    def write(
        self,
        what: What,
        number: str = "1",
        *,
        private: Mapping[str, str] | None = None,
        blobs: Sequence[BlobRef] = (),
        basis: int | None = None,
        lamport: int | None = None,
        by: str | None = None,
    ) -> Written:
        """State a fact, offline; `basis`: knowing all there is, unless it is said."""
        basis = self.book.rev(number) if basis is None else basis
        salted = {
            name: (b64(f"{self.log}{name}".encode().ljust(16)[:16]), value)
            for name, value in (private or {}).items()
        }
        at = {"w": self.wall_ms, "z": 480, "k": self.token, "kw": self.token_wall_ms}
        one = write_fact(what, Head(
            stream=stream_of(number), log=self.log, n=self.n + 1, prev=self.tip,
            epoch=self.book.ledger.epoch, basis=basis,
            lamport=lamport or 100 + self.n,
            by=by or self.actor,
            at={key: value for key, value in at.items() if value is not None},
            private=committed(salted), blobs=tuple(blobs),
        ))  # fmt: skip
        self.n, self.tip = self.n + 1, one.id
        return Written(fact=one, private=salted)

    def claim(self) -> Claim:
        """How far its log has got."""
        reading = {"w": self.wall_ms, "z": 480}
        return Claim(log=self.log, n=self.n, tip=self.tip, at=reading)

    def greet(self) -> None:
        """Hello: its claim is noted, and a token comes back."""
        self.book.ledger.note_claims([self.claim()], self.author, self.book.now_ms)
        self.token = self.book.token(self.device)
        self.token_wall_ms = self.wall_ms

    def hand_in(self, *written: Written | Offer) -> Outcomes:
        """Push."""
        offers = [one.offer if isinstance(one, Written) else one for one in written]
        return self.book.ledger.take_in(offers, self.author, self.book.now_ms)

    def tell(self, what: What, number: str = "1", **about: Any) -> Receipt:
        """State a fact and hand it in at once."""
        return self.hand_in(self.write(what, number, **about)).receipts[0]


def outcomes(answer: Outcomes) -> list[Outcome]:
    """What became of each."""
    return [one.outcome for one in answer.receipts]


def open_book(url: str, keys: Keys | None = None) -> Book:
    """A ledger on this database."""
    engine = open_engine(url)
    keys = keys or Keys(signing=_SIGNING, secret=b"a secret of thirty-two bytes ..!")
    book = Book(engine, keys, Ledger(engine, keys), Feed(engine, keys))
    book.ledger.open(book.now_ms)
    return book


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    """A fresh ledger."""
    made = open_book(database_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def pad(book: Book) -> Callable[..., Pad]:
    """A new tablet in somebody's hands."""

    def made(actor: str = "li", instance: str = "a", device: str | None = None) -> Pad:
        return Pad(book, actor, device or f"t-{actor}", instance)

    return made
