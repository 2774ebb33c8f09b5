"""Facts come in once, with positions in commit order, whoever writes meanwhile."""

import json
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from server import arrivals
from server.database import reading, writing
from server.examine import Offer
from server.ledger import Decision, Evidence
from server.places import advance
from server.tables import event, fact, push_evidence, quarantine
from sync.exchange import Outcome
from sync.facts.dispatch import Dispatched, OrderSeen
from sync.facts.visit import Arrived, Left
from sync.order import Order, order_stream
from sync.problems import Refused
from sync.signing import public_jwk
from tests.server.books import (
    HOUR,
    NOON,
    Book,
    Pad,
    book,
    open_book,
    outcomes,
    photographed,
    picture,
)

__all__ = ["book"]

FRESH = count(1)
GIVEN = Dispatched(technician="li")
WRITERS = 16


class Reader(threading.Thread):
    """Polls the whole log in commit order and remembers what it saw."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book, self.seen, self.enough = book, list[int](), threading.Event()

    def run(self) -> None:
        over = False
        while not over:
            over = self.enough.is_set()
            last = self.seen[-1] if self.seen else 0
            self.seen += [one["position"] for one in self.book.feed.facts(last, 1000)]


class GaveUpError(Exception):
    """A writer that took positions and then failed."""


def test_a_reader_never_steps_over_a_fact_that_commits_late(book: Book) -> None:
    """Sixteen write at once; some give up with positions in hand (9, 10)."""
    numbers = [f"n{one}" for one in range(6)]
    book.given("li", *numbers)
    reader = Reader(book)
    reader.start()

    with ThreadPoolExecutor(WRITERS) as crowd:
        list(crowd.map(lambda i: _busy_writer(book, i, numbers), range(WRITERS)))
    reader.enough.set()
    reader.join()

    every = [one["position"] for one in book.feed.facts(0, 10_000)]
    assert book.is_gapless()
    assert reader.seen == every
    assert len(every) == 12 + WRITERS * 4


def _busy_writer(book: Book, i: int, numbers: list[str]) -> None:
    chance = random.Random(i)
    pad = Pad(book, "li", f"t-{i}")
    for _ in range(2):
        pad.hand_in(*(pad.write(OrderSeen(), n) for n in chance.sample(numbers, 2)))
        with pytest.raises(GaveUpError):
            _give_up(book)


def _give_up(book: Book) -> None:
    with writing(book.engine) as connection:
        advance(connection, 3)
        raise GaveUpError


@pytest.mark.parametrize("kind", ["facts", "poison"])
def test_thirty_two_identical_pushes_at_once_have_one_effect(
    book: Book, kind: str
) -> None:
    """What is stored and what is set aside: one row, one place, one receipt (F2)."""
    book.given("li")
    li = Pad(book, "li", "t-li")
    li.tell(OrderSeen())
    facts = (li.write(OrderSeen()), li.write(Arrived()))
    sent = facts if kind == "facts" else (Offer(body="?"), Offer(body="!"))

    with ThreadPoolExecutor(32) as crowd:
        answers = list(crowd.map(lambda _: li.hand_in(*sent), range(32)))

    places = {tuple(one.position for one in answer.receipts) for answer in answers}
    first_times = [o for a in answers for o in outcomes(a) if o != Outcome.DUPLICATE]
    assert (len(places), len(first_times)) == (1, 2)
    assert book.count(fact) + book.count(quarantine) == 3 + 2
    assert book.is_gapless()


def test_writers_who_overlap_in_every_way_never_wait_in_a_circle(book: Book) -> None:
    """Pushes, hellos, decisions and photos at random; nobody is turned away."""
    numbers = [f"n{one}" for one in range(5)]
    book.given("li", *numbers)

    with ThreadPoolExecutor(6) as crowd:
        done = list(crowd.map(lambda i: _anything(book, i, numbers), range(6)))

    assert all(done)
    assert book.is_gapless()
    assert book.ledger.rebuild_board() == []


def _anything(book: Book, i: int, numbers: list[str]) -> bool:
    chance = random.Random(i)
    pad = Pad(book, "li", f"t-{i % 4}", f"i{i}")
    for step in range(3):
        some = chance.sample(numbers, 3)
        photo = picture(f"{step}")
        offered = [pad.write(photographed(), n, blobs=[photo]) for n in some]
        chance.shuffle(offered)
        pad.greet()
        assert all(one.in_custody for one in pad.hand_in(*offered).receipts)
        book.dispatched("li", chance.choice(numbers), ["wang"])
        book.ledger.blob_arrived(photo.sha256, 1, photo.type, None, book.now_ms)
    return True


def test_an_answer_lost_after_the_commit_costs_nothing(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tablet sends again and gets the receipt of the first time (F1)."""
    book.given("li")
    li = Pad(book, "li", "t-li")
    seen = li.write(OrderSeen())
    with cut_after_commit(book, monkeypatch):
        li.hand_in(seen)
    first_ms = book.now_ms
    book.later(HOUR)

    again = li.hand_in(seen).receipts[0]

    assert (again.outcome, again.received_ms) == (Outcome.DUPLICATE, first_ms)


def test_a_decision_whose_commit_is_in_doubt_never_shares_its_number(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection broke after the commit: the next decision is no fork (21)."""
    book.given("li")
    with cut_after_commit(book, monkeypatch):
        book.dispatched("wang")

    book.dispatched("zhou")

    assert [one["technician"] for one in book.order()["assignments"]][1:] == [
        "wang", "zhou",
    ]  # fmt: skip
    assert "fork" not in book.reviews()


@contextmanager
def cut_after_commit(book: Book, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The connection breaks right after each commit; the caller is told to wait."""
    dialect = book.engine.dialect
    really = dialect.do_commit

    def commit(connection: Any) -> None:
        really(connection)
        raise dialect.loaded_dbapi.OperationalError("connection lost")

    with patch.context() as cut:
        cut.setattr(dialect, "do_commit", commit)
        with pytest.raises(Refused, match="正忙"):
            yield


def test_a_decision_that_was_not_made_leaves_no_gap_behind(book: Book) -> None:
    """The next one stands on facts that are here."""
    book.given("li")

    def no(_order: Order) -> None:
        raise Refused("order_cancelled", number="1")

    stated = Decision(stream=order_stream("1"), what=GIVEN, private={})
    with pytest.raises(Refused):
        book.ledger.decide([stated, replace(stated, guard=no)], "chen", book.now_ms)
    book.dispatched("wang")

    with reading(book.engine) as connection:
        rows = connection.execute(select(fact.c.id, fact.c.prev)).all()
    assert {row.prev for row in rows} - {None} <= {row.id for row in rows}


def test_two_server_processes_never_share_a_number_of_a_log(
    book: Book, database_url: str
) -> None:
    other = open_book(database_url)
    book.given("li", "1", "2")

    with ThreadPoolExecutor(4) as crowd:
        desks = [book, other] * 6
        list(crowd.map(lambda one: one.dispatched("wang"), desks))
    other.engine.dispose()

    with reading(book.engine) as connection:
        rows = connection.execute(select(fact.c.log, fact.c.n)).all()
    assert len(set(rows)) == len(rows) == 16


def test_one_bad_decision_lets_none_of_its_batch_happen(book: Book) -> None:
    book.logged("1", "2")
    before = book.everything()

    def no(_order: Order) -> None:
        raise Refused("order_cancelled", number="2")

    with pytest.raises(Refused, match="已取消"):
        book.ledger.decide(
            [
                Decision(stream=order_stream("1"), what=GIVEN, private={}),
                Decision(stream=order_stream("2"), what=GIVEN, private={}, guard=no),
            ],
            "chen",
            book.now_ms,
        )

    assert book.everything() == before


@given(st.data())
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_pushing_any_of_it_again_changes_nothing(book: Book, data: st.DataObject):
    """Any part, in any sequence, as often as you like (3)."""
    number = f"n{next(FRESH)}"
    book.given("li", number)
    li = Pad(book, "li", f"t-{number}")
    written = [
        li.write(Arrived(), number, private={"place": "1,2,3"}),
        li.write(OrderSeen(), number),
        li.write(Left(), number),
    ]
    li.hand_in(*written)
    before = book.everything()

    again = data.draw(st.lists(st.sampled_from(written), min_size=1))
    answer = li.hand_in(*again)

    assert set(outcomes(answer)) == {Outcome.DUPLICATE}
    assert book.everything() == before


@given(st.data())
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_batching_and_sequence_do_not_change_the_order(book: Book, data: st.DataObject):
    """The same facts in other batches add up to the same, but for their places (4)."""
    number, other = f"n{next(FRESH)}", f"n{next(FRESH)}"
    ended = []
    for one in (number, other):
        book.given("li", one)
        li = Pad(book, "li", f"t-{one}")
        kinds = (OrderSeen(), Arrived(), photographed(), Left())
        written = [li.write(what, one) for what in kinds]
        if one == other:
            written = data.draw(st.permutations(written))
            cut = data.draw(st.integers(1, 3))
            li.hand_in(*written[:cut])
            li.hand_in(*written[cut:])
        else:
            li.hand_in(*written)
        ended.append(
            (
                book.order(one)["stage"],
                [entry["kind"] for entry in book.order(one)["history"]],
            )
        )

    assert ended[0] == ended[1]


def test_positions_are_given_in_the_sequence_handed_in(book: Book) -> None:
    book.given("li")
    li = Pad(book, "li", "t-li")
    written = [li.write(OrderSeen()) for _ in range(5)]
    written.reverse()

    li.hand_in(*written)

    assert book.facts()[-5:] == [one.id for one in written]


def test_the_bytes_kept_are_the_bytes_sent(book: Book) -> None:
    """Byte for byte, strange spacing and all (8)."""
    book.given("li")
    li = Pad(book, "li", "t-li")
    loose = json.dumps(json.loads(li.write(OrderSeen()).offer.body), indent=3)

    li.hand_in(Offer(body=loose))

    assert book.feed.facts(0, 10)[-1]["b"] == loose


def test_a_fork_is_kept_and_told_even_if_the_first_answer_was_lost(book: Book):
    """Both branches are folded; the tablet is told to begin a new log (21, F1)."""
    book.given("li")
    li, copy = Pad(book, "li", "t-li"), Pad(book, "li", "t-li")
    li.hand_in(li.write(OrderSeen()))
    arrived = copy.write(Arrived())
    copy.hand_in(arrived)  # the answer is lost

    again = copy.hand_in(arrived)

    assert again.new_instance
    assert "fork" in book.reviews()


def test_two_tablets_of_one_person_each_have_their_own_log(book: Book) -> None:
    """Li writes on both; nothing is a fork (F15)."""
    book.given("li")
    one, two = Pad(book, "li", "t-one"), Pad(book, "li", "t-two")

    answers = [tablet.tell(OrderSeen()) for tablet in (one, two, one, two)]

    assert {answer.outcome for answer in answers} == {Outcome.STORED}
    assert not book.reviews()


def test_a_push_may_be_signed_and_a_wrong_signature_costs_nothing(book: Book):
    """Custody does not hang on it; what the evidence is worth does."""
    book.given("li")
    li = Pad(book, "li", "t-li")
    seen = li.write(OrderSeen())
    key = public_jwk(ec.generate_private_key(ec.SECP256R1()).public_key())
    said = Evidence(log=li.log, key=key, signature="wrong")

    answer = book.ledger.take_in([seen.offer], li.author, book.now_ms, said)

    assert outcomes(answer) == [Outcome.STORED]
    assert book.count(push_evidence, ~push_evidence.c.valid) == 1


@pytest.mark.postgres
def test_bytes_that_arrive_while_a_fact_speaks_of_them_are_told(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
):
    """The fact commits while their receipt is being written: its reader is told."""
    book = open_book(postgresql_url)
    book.given("li")
    li, photo = Pad(book, "li", "t-li"), picture("shot")

    def meanwhile(connection: Connection, by: int) -> int:
        monkeypatch.setattr(arrivals, "advance", advance)
        li.tell(photographed(), blobs=[photo])
        cursors.append(book.pull("li").cursor)
        return advance(connection, by)

    cursors: list[str] = []
    monkeypatch.setattr(arrivals, "advance", meanwhile)
    book.ledger.blob_arrived(photo.sha256, 1, photo.type, None, book.now_ms)

    told = book.pull("li", cursors[0]).documents
    book.engine.dispose()
    assert [one.held for one in told] == [(photo.sha256,)]


def test_bytes_that_arrive_twice_are_receipted_once(book: Book) -> None:
    photo = picture("shot")
    for at_ms in (NOON, NOON + HOUR):
        book.ledger.blob_arrived(photo.sha256, 1, photo.type, None, at_ms)

    receipt = book.feed.have({}, [photo.sha256])["blobs"][photo.sha256]
    assert (receipt["received_ms"], book.count(event)) == (NOON, 1)
