"""The cable breaks at every byte, on the way there and on the way back (F1, F4).

A real gunicorn, real sockets, the real client's own requests. Whatever was cut, asking
again leaves one fact, one claim, one device, one original with exactly its bytes.
Every byte of every request, and of the answer that takes custody (push). Of the other
answers, each of which costs the server the whole work, every eighth byte and both ends;
CUTS_STRIDE=1 tries every one of those too.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import func, select

from field_client.client import Client
from field_client.contact import Exchanging
from field_client.door import Door, enrol
from field_client.handing_in import hand_in
from field_client.keys import make_key, read_key
from field_client.originals import ask_receipts, send
from field_client.store import Store
from field_client.taking_home import take_home
from field_client.transport import Answered, NoAnswer
from server.database import reading
from server.parts import Parts
from server.tables import blob, claim, device, fact
from sync.exchange import Lane
from sync.facts.visit import Left
from sync.facts.work import Photographed
from tests.together.processes import code_for, given_to, office, serving
from tests.together.wire import BEGIN, ENROL, HELLO, PATCH, PULL, PUSH, Cut, Wire

pytestmark = pytest.mark.slow

STRIDE = int(os.environ.get("CUTS_STRIDE", "8"))
ORDERS = 40
LOCKED, PATIENCE_S = 423, 60


class Ground:
    """A server, Li's tablet with its orders, and the line between them."""

    def __init__(self, parts: Parts, wire: Wire, folder: Path) -> None:
        self.parts, self.wire = parts, wire
        self.streams = [given_to(parts, f"R{n}", "li") for n in range(ORDERS)]
        self.client = Client(Store(folder), call=wire)
        who = self.client.enrol(code_for(parts, "li"), "http://x", "tablet")
        key = read_key(self.client.store.outbox.key(lambda: ""))
        door = Door(wire, who, key)
        self.exchange = Exchanging(self.client.store, door, self.client.clocks)
        self.told = self.cuts = 0
        self.hello()
        take_home(self.exchange)

    # what the tablet does; each asks the server once for what may be cut

    def hello(self) -> None:
        self.exchange.hello()

    def push(self) -> None:
        self.client.store.projection.keep_lane("facts", Lane())
        hand_in(self.exchange)

    def pull(self) -> None:
        take_home(self.exchange)

    def upload(self) -> None:
        for one in self.waiting():
            self.sends(one)

    def sends(self, one: Any) -> None:
        """Send it; a server that still reads a piece whose line was cut says so."""
        end_s = monotonic() + PATIENCE_S
        while True:
            try:
                return send(self.exchange, one)
            except Answered as answer:
                if answer.status != LOCKED or monotonic() > end_s:
                    raise

    def waiting(self) -> list[Any]:
        return [one for one in self.client.store.outbox.originals() if one.waiting]

    # what happens meanwhile

    def writes(self) -> str:
        """Li writes a fact, on one order after another so that none grows long."""
        self.told += 1
        return self.client.tell(self.streams[self.told % ORDERS], Left()).id

    def photographs(self) -> str:
        """Li takes a picture; its name."""
        self.told += 1
        data = b"picture %d" % self.told
        what, shot = Photographed(moment="before"), (data, "application/x-raw")
        name = self.streams[self.told % ORDERS]
        self.client.tell(name, what, blobs={"photo": shot})
        return hashlib.sha256(data).hexdigest()

    # what the server has

    def count(self, table: Any, *wanted: Any) -> int:
        with reading(self.parts.engine) as connection:
            asked = select(func.count()).select_from(table).where(*wanted)
            return connection.execute(asked).scalar_one()

    def cut(self, way: str, on: str, after: int, act: Callable[[], None]) -> None:
        """Do it with the line broken there; no answer may come of that, except where
        this answer happens to be shorter than the one that was measured."""
        self.cuts += 1
        self.wire.cut, self.wire.whole = Cut(way, after, on), False
        try:
            act()
        except NoAnswer:
            return
        finally:
            self.wire.cut = None
        assert self.wire.whole, f"believed after {after} bytes of the {way}"


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("cuts")
    with serving(folder) as served, office(served.config) as parts:
        one = Ground(parts, Wire(served.port), folder / "tablet")
        yield one
        print(f"{one.cuts} cuts")  # noqa: T201 - shown by -s, for those who count


def places(length: int, stride: int = STRIDE) -> Sequence[int]:
    """Where to cut: the first and the last bytes, and evenly in between; never after
    the last, which is no cut."""
    ends = {*range(min(3, length)), *range(max(0, length - 3), length)}
    return sorted(ends | set(range(0, length, stride)))


def length_of(ground: Ground, way: str, on: str, act: Callable[[], None]) -> int:
    """How long this request is (nothing of it is sent) or its answer was."""
    if way == "request":
        ground.cut(way, on, 0, act)
    else:
        act()
    return ground.wire.lengths[way, on]


# the request is cut: nothing has happened, and the whole one is the first


def cut_all_requests(ground: Ground, on: str, act: Callable[[], None]) -> None:
    length = length_of(ground, "request", on, act)
    for after in places(length, 1):
        ground.cut("request", on, after, act)


def test_a_push_that_is_cut_leaves_nothing_and_then_one_fact(ground: Ground):
    name = ground.writes()

    cut_all_requests(ground, PUSH, ground.push)
    assert ground.count(fact, fact.c.id == name) == 0
    ground.push()

    owned = {one.id: one for one in ground.client.store.outbox.facts()}[name]
    assert owned.receipt is not None
    assert owned.receipt.outcome == "stored"


def test_a_hello_that_is_cut_leaves_nothing_and_then_one_claim(ground: Ground):
    name = ground.writes()

    cut_all_requests(ground, HELLO, ground.hello)
    assert ground.count(claim, claim.c.tip == name) == 0
    ground.hello()

    assert ground.count(claim, claim.c.tip == name) == 1


def test_a_pull_that_is_cut_moves_no_cursor(ground: Ground):
    ground.pull()
    before = ground.client.store.projection.cursor()
    given_to(ground.parts, "NEW-1", "li")

    cut_all_requests(ground, PULL, ground.pull)
    assert ground.client.store.projection.cursor() == before
    ground.pull()

    assert ground.client.find("NEW-1")


@pytest.mark.parametrize("on", [BEGIN, PATCH])
def test_an_upload_that_is_cut_leaves_no_bytes_or_all(ground: Ground, on: str):
    """What came before each cut is kept apart, until it is the whole file."""
    name, shelf = ground.photographs(), ground.parts.shelf

    cut_all_requests(ground, on, ground.upload)
    assert not shelf.has(name) or shelf.check(name)
    ground.upload()

    assert ground.parts.shelf.check(name)
    ask_receipts(ground.exchange, [name])
    assert ground.waiting() == []


# the answer is cut: it has happened, and asking again changes nothing


def test_a_cut_answer_to_a_push_leaves_each_fact_once_with_its_first_receipt(
    ground: Ground,
):
    ground.writes()
    length = length_of(ground, "answer", PUSH, ground.push)
    names = []
    for after in places(length, 1):
        names.append(ground.writes())
        ground.cut("answer", PUSH, after, ground.push)
        ground.push()

    assert ground.count(fact, fact.c.id.in_(names)) == len(names)
    assert receipted(ground, names) == placed(ground, names)


def receipted(ground: Ground, names: list[str]) -> dict[str, tuple[Any, Any]]:
    """What the tablet believes of the places of these facts."""
    return {
        one.id: (one.receipt.position, one.receipt.received_ms)
        for one in ground.client.store.outbox.facts()
        if one.id in names and one.receipt
    }


def placed(ground: Ground, names: list[str]) -> dict[str, tuple[Any, Any]]:
    """What the ledger says of them."""
    with reading(ground.parts.engine) as connection:
        rows = connection.execute(select(fact).where(fact.c.id.in_(names)))
        return {row.id: (row.seq, row.received_ms) for row in rows}


def test_a_cut_answer_to_hello_leaves_each_claim_once(ground: Ground):
    names = []
    for after in places(length_of(ground, "answer", HELLO, ground.hello)):
        names.append(ground.writes())
        ground.cut("answer", HELLO, after, ground.hello)
        ground.hello()

    assert ground.count(claim, claim.c.tip.in_(names)) == len(names)


def test_a_cut_answer_to_pull_moves_no_cursor(ground: Ground):
    projection = ground.client.store.projection
    ground.pull()
    given_to(ground.parts, "NEW-2", "li")
    before = projection.cursor()
    length = answer_length(ground, before)

    for after in places(length):
        ground.cut("answer", PULL, after, ground.pull)
        assert projection.cursor() == before
    ground.pull()

    assert ground.client.find("NEW-2")


def answer_length(ground: Ground, cursor: str | None) -> int:
    """How long the answer to this pull is; it is only looked at."""
    target = f"/v1/sync/pull?cursor={cursor}&limit=100"
    ground.exchange.door.ask("GET", target)
    return ground.wire.lengths["answer", PULL]


@pytest.mark.parametrize("on", [BEGIN, PATCH])
def test_a_cut_answer_to_an_upload_leaves_each_original_once(ground: Ground, on: str):
    first = ground.photographs()
    names = [first]
    length = length_of(ground, "answer", on, ground.upload)
    ask_receipts(ground.exchange, names)
    for after in places(length):
        names.append(ground.photographs())
        ground.cut("answer", on, after, ground.upload)
        ground.upload()
        ask_receipts(ground.exchange, names[-1:])

    assert ground.count(blob, blob.c.sha256.in_(names)) == len(names)
    assert all(ground.parts.shelf.check(name) for name in names)


def test_a_cut_enrolment_lets_one_device_in(ground: Ground):
    """The same code with the same key is the same device, wherever the line broke."""
    code, key = code_for(ground.parts, "wang"), make_key()
    before = ground.count(device)

    def once() -> None:
        enrol(ground.wire, "http://x", code, key, "tablet")

    cut_all_requests(ground, ENROL, once)
    assert ground.count(device) == before
    length = length_of(ground, "answer", ENROL, once)
    for after in places(length):
        ground.cut("answer", ENROL, after, once)
    once()

    assert ground.count(device) == before + 1
