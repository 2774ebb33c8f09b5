"""Tell an order's story, one line per fact.

Positions are given as the server would, in commit order; a teller's basis and Lamport
number are what that person had seen. Whoever reads `story.order` also tries the same
facts shuffled, doubled, from the wire and in batches: every story is a convergence test
(invariants 23, 24, 28). May not enter: a server, a client, a real clock.
"""

import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import pytest

from sync.envelope import BlobRef, Head, committed, read
from sync.facts import Fact, Kept, What, understand, write_fact
from sync.facts.acceptance import Accepted, Inspected, Rejected, SignatureRefused
from sync.facts.dispatch import Dispatched
from sync.facts.intake import Logged
from sync.facts.survey import ItemFound, PlanAgreed, Surveyed
from sync.facts.visit import Arrived
from sync.facts.work import Completed, Recorded
from sync.fold import comes_after, fold
from sync.moment import MINUTE_MS, Moment
from sync.order import Order, Payer, order_stream
from sync.plain import but, plain, typed
from sync.reading import Witness
from sync.sheet import MEDIA_TYPE, covers, draw_up, shown_hash
from sync.signing import b64
from sync.timing import assess

NINE = 1_794_272_400_000  # 2026-11-10, 09:00 in Shanghai
NUMBER = "BX-2026-0117"
DESK = frozenset({"chen"})
SHUFFLES = 5

Values = Mapping[str, str]
SURVEYED = Surveyed(cause="worn washer", method="replace it")
LEAKING_TAP = ItemFound(item=1, trade="plumbing", payer=Payer.CONTRACTOR)
MENDED = Recorded(item=1, cause="worn", remedy="replaced", labour_minutes=30)


def picture(name: str, role: str = "photo", media: str = "image/jpeg") -> BlobRef:
    """Bytes that nobody has to see: their name, their length."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return BlobRef(sha256=digest, bytes=len(name), type=media, role=role)


def salted(values: Values) -> dict[str, tuple[str, str]]:
    """Private values with a salt each, the same in every run."""
    return {
        name: (b64(hashlib.sha256(name.encode()).digest()[:16]), value)
        for name, value in values.items()
    }


@dataclass
class Log:
    """How far a log has got."""

    name: str
    n: int = 0
    tip: str | None = None


class Story:
    """What happened to one order, told by the people whom it happened to."""

    def __init__(self, number: str = NUMBER) -> None:
        self.stream = order_stream(number)
        self.now_ms = NINE
        self.told: list[Kept] = []  # in the sequence in which the server got them
        self._logs: dict[str, Log] = {}
        self._away: dict[str, tuple[list[Kept], list[Kept]]] = {}
        logged = Logged(number=number, registered_ms=NINE, site="Lakeside")
        self.told_by("chen", logged)

    def told_by(
        self,
        who: str,
        what: What,
        *,
        private: Values | None = None,
        blobs: Sequence[BlobRef] = (),
        log: str | None = None,
    ) -> Kept:
        """This person states a fact; the desk through the server, others by tablet."""
        self.now_ms += MINUTE_MS
        log = log or ("server.1" if who in DESK else f"{who}.1")
        book = self._logs.setdefault(log, Log(log))
        sight = self.sight(who)
        head = Head(
            stream=self.stream, log=book.name, n=book.n + 1, prev=book.tip,
            epoch="e1", basis=self._basis(who), lamport=sight.lamport + 1, by=who,
            at={"w": self.now_ms, "z": 480}, private=committed(salted(private or {})),
            blobs=tuple(blobs),
        )  # fmt: skip
        fact = write_fact(what, head)
        book.n, book.tip = head.n, fact.id
        return self._hand_in(who, fact)

    def _hand_in(self, who: str, fact: Fact) -> Kept:
        witness = Witness(not_before_ms=self.now_ms - 1000, not_after_ms=self.now_ms)
        kept = Kept(fact=fact, moment=assess(fact.reading, witness))
        if who in self._away:
            self._away[who][1].append(kept)
            return kept
        return self._keep(kept)

    def _keep(self, kept: Kept) -> Kept:
        placed = but(kept, position=len(self.told) + 1)
        self.told.append(placed)
        return placed

    def _basis(self, who: str) -> int:
        return len(self._away[who][0]) if who in self._away else len(self.told)

    @contextmanager
    def offline(self, *people: str) -> Iterator[None]:
        """These people neither see what happens nor are heard, until the end."""
        for who in people:
            self._away[who] = (list(self.told), [])
        yield
        for who in people:
            for kept in self._away.pop(who)[1]:
                self._keep(kept)

    def later(self, minutes: int) -> None:
        """Time goes by."""
        self.now_ms += minutes * MINUTE_MS

    def sight(self, who: str) -> Order:
        """The order as this person sees it."""
        if who in self._away:
            seen, own = self._away[who]
            return fold([*seen, *own])
        return fold(self.told)

    # what often happens

    def dispatched(self, technician: str = "li", *helpers: str) -> None:
        """Chen gives the order to these people."""
        self.told_by("chen", Dispatched(technician=technician, helpers=helpers))

    def repaired_by(self, who: str) -> None:
        """Everything from the door to the finished repair."""
        self.told_by(who, Arrived())
        self.told_by(who, SURVEYED)
        self.told_by(who, LEAKING_TAP)
        self.told_by(who, PlanAgreed(relation="owner"))
        self.told_by(who, MENDED)
        self.told_by(who, Completed())

    def accepted_at(self, who: str, number: int = 1, passed: bool = True) -> Kept:
        """Zhao inspects, is shown the sheet on this tablet and signs it."""
        self.told_by(who, Inspected(round=number, item=1, passed=passed))
        sheet, shown = self.sheet(who, number)
        what = Accepted(round=number, sheet=sheet, covers=shown)
        return self.told_by(who, what, blobs=self.signed(who, number))

    def rejected_at(self, who: str, number: int = 1) -> Kept:
        """Zhao finds fault, and sends the work back on this tablet."""
        self.told_by(who, Inspected(round=number, item=1, passed=False, reason="drip"))
        sheet, shown = self.sheet(who, number)
        what = Rejected(
            round=number, sheet=sheet, covers=shown, responsible=who,
            due_ms=self.now_ms,
        )  # fmt: skip
        return self.told_by(who, what, blobs=self.signed(who, number))

    def unsigned_at(self, who: str, number: int = 1) -> Kept:
        """Zhao will not sign; Sun is witness."""
        sheet, shown = self.sheet(who, number)
        what = SignatureRefused(round=number, sheet=sheet, covers=shown, reason="drip")
        blobs = self.signed(who, number)[:1]
        return self.told_by(who, what, private={"witness": "Sun"}, blobs=blobs)

    def page(self, who: str, number: int) -> bytes:
        """The sheet as this person would show it."""
        return draw_up(self.sight(who), number, "zh", "…")

    def sheet(self, who: str, number: int) -> tuple[str, tuple[str, ...]]:
        """The sheet's digest, and what it speaks of."""
        return shown_hash(self.page(who, number)), covers(self.sight(who))

    def signed(self, who: str, number: int) -> tuple[BlobRef, BlobRef]:
        """The sheet and Zhao's strokes, as bytes."""
        page = self.page(who, number)
        sheet = BlobRef(
            sha256=shown_hash(page), bytes=len(page), type=MEDIA_TYPE, role="sheet"
        )
        return sheet, picture(f"strokes {who}", "signature", "application/json")

    # what it adds up to

    @property
    def order(self) -> Order:
        """The order, after every other way to it has led to the same."""
        return converged(self.told)

    @property
    def reviews(self) -> list[str]:
        """What waits for a person, as codes."""
        return sorted(review.code for review in self.order.reviews)


def converged(told: Sequence[Kept], shuffles: int = SHUFFLES) -> Order:
    """What these facts add up to, by every way that there is."""
    whole = fold(told)
    chance = random.Random(len(told))
    for _ in range(shuffles):
        doubled = [again(one) for one in chance.choices(told, k=3)] if told else []
        mixed = [*map(again, told), *doubled]
        chance.shuffle(mixed)
        assert fold(mixed) == whole, "the sequence of arrival changed the order"
        assert in_batches(mixed, chance) == whole, "batches changed the order"
    assert through_wire(whole) == whole, "the document lost something"
    assert len({review.id for review in whole.reviews}) == len(whole.reviews)
    return whole


def again(kept: Kept) -> Kept:
    """The same fact, from its bytes."""
    return but(
        kept,
        fact=understand(read(kept.fact.envelope.body)),
        moment=Moment.parse(json.loads(json.dumps(kept.moment.wire()))),
    )


def through_wire(order: Order) -> Order:
    """The order as a document, written and read."""
    return typed(Order, json.loads(json.dumps(plain(order))))


def in_batches(told: Sequence[Kept], chance: random.Random) -> Order:
    """As a server's board does it: on top where that may be, anew where it must be."""
    cuts = sorted(chance.choices(range(len(told) + 1), k=3))
    order = Order()
    for first, end in pairwise([0, *cuts, len(told)]):
        batch = told[first:end]
        known = {entry.id for entry in order.history}
        fresh = [one for one in batch if one.fact.id not in known]
        onto = through_wire(order) if comes_after(order, fresh) else None
        order = fold(batch if onto else told[:end], onto=onto)
    return order


@pytest.fixture
def story() -> Story:
    """An order that has been asked for."""
    return Story()
