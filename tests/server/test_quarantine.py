"""What cannot be entered is kept as it is, said so, and holds up nobody (F20)."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from server.aside import Quota
from server.database import reading, writing
from server.examine import Offer
from server.ledger import Decision, Ledger
from server.tables import private, quarantine
from server.underway import DEATHS, Underway, bury
from sync import access
from sync.envelope import Head
from sync.exchange import IN_CUSTODY, Outcome
from sync.facts import KINDS, write_fact
from sync.facts.dispatch import Dispatched, OrderSeen
from sync.facts.intake import Logged
from sync.facts.visit import Arrived, Left
from sync.facts.what import Kept, What
from sync.order import Order, order_stream
from sync.plain import but
from tests.server.books import DAY, HOUR, NOON, Book, Pad, Written, book, outcomes, pad

__all__ = ["book", "pad"]

Pads = Callable[..., Pad]


@pytest.fixture
def li(book: Book, pad: Pads) -> Pad:
    """Li's tablet; order 1 is his."""
    book.given("li")
    return pad("li")


def poison(pad: Pad) -> list[tuple[str, Offer]]:
    """Everything that a broken or hostile tablet may hand in, with why it is kept."""
    good = pad.write(OrderSeen(), basis=0).offer.body
    frame = json.loads(good)

    def but(**changes: Any) -> Offer:
        return Offer(body=json.dumps(frame | changes))

    without = {key: value for key, value in frame.items() if key != "by"}
    return [
        ("body_unreadable", Offer(body="")),
        ("body_unreadable", Offer(body="?")),
        ("body_unreadable", Offer(body=good[:-1])),
        ("body_unreadable", Offer(body=good + good)),
        ("body_unreadable", Offer(body="[]")),
        ("body_unreadable", Offer(body="null")),
        ("body_unreadable", Offer(body="[" * 9000)),
        ("body_unreadable", Offer(body=good + "\0")),
        ("body_unreadable", Offer(body="\ud800")),
        ("body_unreadable", Offer(body=good.replace('"n":', '"n":9,"n":'))),
        ("body_unreadable", Offer(body=good.replace('"bs":0', '"bs":0.5'))),
        ("body_unreadable", Offer(body=good.replace('"bs":0', '"bs":NaN'))),
        ("body_unreadable", but(bs=2**53)),
        ("body_unreadable", Offer(body=good.replace('"bs":0', '"bs":' + "9" * 5000))),
        ("body_unreadable", but(e="\udc00")),
        ("body_unreadable", but(e="a\0")),
        ("body_too_long", but(pl={"x": "x" * 17_000})),
        ("version_unknown", but(v=2)),
        ("version_unknown", but(v=None)),
        ("field_missing", Offer(body=json.dumps(without))),
        ("field_unknown", but(extra=1)),
        ("field_unknown", but(pl={"extra": 1})),
        ("field_unknown", but(pc={"phone": "x" * 43})),
        ("field_misshapen", but(n=0)),
        ("field_misshapen", but(n=True)),
        ("field_misshapen", but(l=-1)),
        ("field_misshapen", but(st="order:1")),
        ("field_misshapen", but(st="device:a")),
        ("field_misshapen", but(log="t-li")),
        ("field_misshapen", but(by="LI")),
        ("field_misshapen", but(at=[])),
        ("field_misshapen", but(pl=[])),
        ("field_missing", but(bl=[{}])),
        ("reading_malformed", but(at={})),
        ("reading_malformed", but(at={"w": "noon", "z": 0})),
        ("kind_unknown", but(t="visit.danced")),
        ("kind_unknown", but(tv=2)),
        ("not_your_log", but(log="t-wang.a")),
        ("not_your_name", but(by="wang")),
        ("not_allowed", but(t=Logged.kind, pl={"registered_ms": 1})),
        ("private_differs", Offer(body=good, private={"place": ["a" * 22, "b"]})),
    ]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_poison_at_any_place_of_a_batch_holds_up_nothing(book: Book, li: Pad, at: int):
    """Each is kept with its reason; the good ones are stored as ever (5, F20)."""
    for reason, bad in poison(li):
        good: list[Written | Offer] = [li.write(OrderSeen()), li.write(OrderSeen())]
        good.insert(at, bad)

        receipts = list(li.hand_in(*good).receipts)

        assert receipts.pop(at).reason == reason, bad.body[:200]
        assert [one.outcome for one in receipts] == [Outcome.STORED] * 2
    assert book.is_gapless()


def test_all_poison_at_once_gets_one_outcome_each(book: Book, li: Pad):
    corpus = [offer for _, offer in poison(li)]

    answer = li.hand_in(*corpus)

    aside = [one for one in answer.receipts if one.outcome is Outcome.QUARANTINED]
    refused = [one for one in answer.receipts if one.outcome is Outcome.REFUSED]
    assert [one.reason for one in refused] == ["body_too_long"]
    assert len(aside) + 1 == len(corpus)
    assert len({one.position for one in aside}) == len(aside)


def test_what_lies_in_quarantine_is_kept_as_it_came(book: Book, li: Pad):
    """Bytes, private values, device."""
    body = '{"t": "from the future"}'
    li.hand_in(Offer(body=body, private={"phone": ["salt", "1\0"]}))

    with reading(book.engine) as connection:
        row = connection.execute(select(quarantine)).one()
    assert (row.body, row.device) == (body, "t-li")
    assert json.loads(row.private) == {"phone": ["salt", "1\0"]}


def test_poison_again_is_a_duplicate_with_its_first_receipt(book: Book, li: Pad):
    first = li.hand_in(Offer(body="?")).receipts[0]
    book.later(HOUR)

    again = li.hand_in(Offer(body="?")).receipts[0]

    assert again.outcome is Outcome.DUPLICATE
    assert (again.position, again.received_ms) == (first.position, first.received_ms)


SALT = "s" * 22


@pytest.mark.parametrize(
    "held",
    [
        None, 1, "s", [], ["s"], ["s", "v", "w"], [1, 2], [SALT, None], [SALT, "v"],
        [SALT, "v\0"], {"s": "v"},
    ],
)  # fmt: skip
def test_private_values_that_do_not_match_are_kept_apart(
    book: Book, li: Pad, held: Any
):
    arrived = li.write(Arrived(), private={"place": "1,2,3"})

    told = li.hand_in(Offer(body=arrived.offer.body, private={"place": held}))

    assert told.receipts[0].reason == "private_differs"
    assert book.count(private, private.c.stream == order_stream("1")) == 0


def test_a_fact_put_right_keeps_the_time_when_it_was_first_seen(book: Book, li: Pad):
    """Its private values were wrong at first (38)."""
    arrived = li.write(Arrived(), private={"place": "1,2,3"})
    wrong = Offer(body=arrived.offer.body, private={"place": ["s" * 22, "4,5,6"]})
    li.hand_in(wrong)
    book.later(HOUR)

    receipt = li.hand_in(arrived).receipts[0]

    assert (receipt.outcome, receipt.received_ms) == (Outcome.STORED, NOON)
    assert book.moment(arrived.id)["not_after_ms"] < NOON + HOUR


def test_private_values_may_come_late_and_reach_the_reader(book: Book, li: Pad):
    """They match the commitment; the reader is given them."""
    arrived = li.write(Arrived(), private={"place": "1,2,3"})
    li.hand_in(Offer(body=arrived.offer.body))
    cursor = book.pull("li").cursor

    li.hand_in(arrived)

    page = book.pull("li", cursor)
    promised = arrived.fact.private["place"]
    assert page.documents[0].private[promised][1] == "1,2,3"


class Stumbled(What, frozen=True, kw_only=True):
    """A kind with a bug in it; exists in these tests only."""

    kind = "visit.stumbled"
    label = "…"

    def change(self, order: Order, kept: Kept) -> Order:  # noqa: ARG002 - it fails
        raise ZeroDivisionError


@pytest.fixture
def buggy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server with a bug on one kind of fact."""
    monkeypatch.setitem(KINDS, Stumbled.kind, Stumbled)
    monkeypatch.setitem(access.WRITERS, Stumbled.kind, access.FIELD)


@pytest.mark.usefixtures("buggy")
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_fact_on_which_the_server_fails_is_alone(book: Book, li: Pad, at: int):
    """The others are stored; it is kept as raw bytes."""
    batch = [li.write(Arrived()), li.write(Left())]
    batch.insert(at, li.write(Stumbled()))

    receipts = list(li.hand_in(*batch).receipts)

    assert receipts.pop(at).reason == "fact_failed"
    assert all(one.reason is None and one.in_custody for one in receipts)


@pytest.mark.usefixtures("buggy")
def test_who_shares_a_commit_shares_no_mistake(book: Book, li: Pad):
    """Three tablets wait for one commit; the server fails on what one brings."""
    pads = [li, Pad(book, "wang", "t-wang"), Pad(book, "zhou", "t-zhou")]
    book.given("wang", "2")
    book.given("zhou", "3")
    brought = [li.write(Stumbled()), *(one.write(OrderSeen(), number)
               for one, number in zip(pads[1:], "23", strict=True))]  # fmt: skip

    with ThreadPoolExecutor(3) as hands, writing(book.engine):
        answers = [hands.submit(one.hand_in, fact)
                   for one, fact in zip(pads, brought, strict=True)]  # fmt: skip

    told = [one.result().receipts[0] for one in answers]
    assert [one.reason for one in told] == ["fact_failed", None, None]
    assert all(one.in_custody for one in told)
    assert book.is_gapless()


@pytest.mark.usefixtures("buggy")
def test_a_mended_server_takes_what_it_failed_on(
    book: Book, li: Pad, monkeypatch: pytest.MonkeyPatch
):
    """Handed in again after the upgrade, it keeps its first time (38)."""
    stumbled = li.write(Stumbled())
    li.hand_in(stumbled)
    monkeypatch.setattr(Stumbled, "change", What.change)
    book.later(HOUR)

    receipt = li.hand_in(stumbled).receipts[0]

    assert receipt.outcome in IN_CUSTODY - {Outcome.QUARANTINED, Outcome.DUPLICATE}
    assert receipt.received_ms == NOON


def test_a_kind_from_the_future_is_stored_after_the_upgrade(
    book: Book, li: Pad, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as old:
        old.delitem(KINDS, Arrived.kind)
        arrived = _future(li)
        assert li.hand_in(arrived).receipts[0].reason == "kind_unknown"
    book.later(HOUR)

    receipt = li.hand_in(arrived).receipts[0]

    assert (receipt.outcome, receipt.received_ms) == (Outcome.STORED, NOON)


def test_an_upgrade_looks_again_at_what_was_set_aside(
    book: Book, li: Pad, monkeypatch: pytest.MonkeyPatch
):
    """Nobody has to hand it in again; it counts from when it first came (38)."""
    with monkeypatch.context() as old:
        old.delitem(KINDS, Arrived.kind)
        li.hand_in(_future(li), Offer(body="?"))
    book.later(HOUR)

    (receipt,) = book.ledger.replay(lambda _: li.author.people, book.now_ms)

    assert (receipt.outcome, receipt.received_ms) == (Outcome.STORED, NOON)
    assert book.ledger.replay(lambda _: li.author.people, book.now_ms) == []
    assert book.is_gapless()


def test_what_a_person_must_judge_is_not_replayed(book: Book, li: Pad):
    """What a revoked tablet hands in is never taken for its own."""
    li.revoked = True
    li.hand_in(li.write(OrderSeen()))

    assert book.ledger.replay(lambda _: li.author.people, book.now_ms) == []


def test_a_full_quarantine_refuses_and_holds_up_no_fact(book: Book, li: Pad):
    """A device that sends rubbish fills its own room and nobody else's."""
    book.ledger = _strict(book, aside_bytes=30)

    answer = li.hand_in(Offer(body="x" * 20), Offer(body="y" * 20), _seen(li))

    assert outcomes(answer) == [Outcome.QUARANTINED, Outcome.REFUSED, Outcome.STORED]
    assert answer.receipts[1].reason == "quota_exceeded"


def test_more_than_a_days_worth_is_refused_until_tomorrow(book: Book, li: Pad):
    first, second, third = (li.write(OrderSeen()) for _ in range(3))
    book.ledger = _strict(book, daily_bytes=first.offer.weight * 5 // 2)

    assert outcomes(li.hand_in(first)) == [Outcome.STORED]
    assert outcomes(li.hand_in(second, third)) == [Outcome.REFUSED] * 2
    book.later(DAY)
    assert outcomes(li.hand_in(second, third)) == [Outcome.STORED] * 2


def _strict(book: Book, **bounds: int) -> Ledger:
    quota = replace(Quota(daily_bytes=1 << 40, aside_bytes=1 << 40), **bounds)
    return Ledger(book.engine, book.keys, quota=quota)


def _seen(li: Pad) -> Offer:
    return li.write(OrderSeen()).offer


def _future(li: Pad) -> Offer:
    frame = json.loads(li.write(OrderSeen()).offer.body)
    return Offer(body=json.dumps(frame | {"t": Arrived.kind}))


def set_aside(book: Book) -> list[str]:
    """What lies in quarantine."""
    with reading(book.engine) as connection:
        return list(connection.execute(select(quarantine.c.id)).scalars())


def test_what_was_stored_before_its_process_died_is_not_set_aside_as_well(
    book: Book, li: Pad, tmp_path: Path
):
    """Thrice its process was killed with the fact in hand, the last time as it had
    just been stored: the tablet hands it in again, and hears of its first receipt."""
    book.ledger = Ledger(book.engine, book.keys, underway=Underway(tmp_path))
    left, evil = li.write(Left()), li.write(Left())
    (stored,) = li.hand_in(left).receipts
    for one in (left, evil):
        for life in range(DEATHS):
            (tmp_path / f"1.{life}.hand").write_text(one.id)
            bury(tmp_path)

    again, aside = li.hand_in(left, evil).receipts

    assert again == but(stored, outcome=Outcome.DUPLICATE)
    assert (aside.outcome, aside.reason) == (Outcome.QUARANTINED, "fact_failed")
    assert set_aside(book) == [evil.id]


def test_what_was_stored_and_can_no_longer_be_read_is_not_set_aside_as_well(
    book: Book, li: Pad, monkeypatch: pytest.MonkeyPatch
):
    left = li.write(Left())
    (stored,) = li.hand_in(left).receipts
    monkeypatch.delitem(KINDS, Left.kind)

    (again,) = li.hand_in(left).receipts

    assert again == but(stored, outcome=Outcome.DUPLICATE)
    assert set_aside(book) == []


def test_an_upgrade_that_forgets_a_kind_never_answers_with_an_error(
    book: Book, li: Pad, monkeypatch: pytest.MonkeyPatch
):
    """What is handed in about an order that can no longer be folded is kept."""
    li.hand_in(li.write(Left(), lamport=500))
    arrived = li.write(OrderSeen(), lamport=1)
    monkeypatch.delitem(KINDS, Left.kind)

    assert li.hand_in(arrived).receipts[0].reason == "fact_failed"


def test_a_revoked_tablet_hands_in_what_it_has_and_changes_nothing(book: Book, li: Pad):
    """Kept apart, not dropped (F14)."""
    li.revoked = True
    before = book.document()

    receipt = li.tell(Arrived())

    assert (receipt.outcome, receipt.reason) == (Outcome.QUARANTINED, "device_revoked")
    assert book.document() == before


def test_a_stranger_learns_and_changes_nothing(book: Book, li: Pad, pad: Pads):
    """Wang never had to do with Li's order (16, X9)."""
    before = book.document()

    receipt = pad("wang").tell(Arrived())

    assert (receipt.outcome, receipt.reviews) == (Outcome.QUARANTINED, ())
    assert book.document() == before


def test_who_was_once_given_the_order_is_no_stranger(book: Book, li: Pad, pad: Pads):
    """Wang drove out before he could know (F16)."""
    book.dispatched("wang")
    book.dispatched("li")

    receipt = pad("wang").tell(Arrived())

    assert (receipt.outcome, receipt.reviews) == (Outcome.REVIEW, ("not_assigned",))


def test_who_was_given_the_order_for_a_moment_is_no_stranger(
    book: Book, li: Pad, pad: Pads
):
    """Given and taken away in one breath."""
    book.ledger.decide(
        [
            Decision(
                stream=order_stream("1"), what=Dispatched(technician=one), private={}
            )
            for one in ("wang", "li")
        ],
        "chen",
        book.now_ms,
    )

    assert pad("wang").tell(Arrived()).reason is None


def test_what_comes_before_its_request_waits_for_it(book: Book, pad: Pads):
    """Kept and folded, whatever came first; then Li is given the whole of it."""
    li = pad("li")
    arrived = li.write(Arrived(), "7", lamport=50)

    receipt = li.hand_in(arrived).receipts[0]
    assert receipt.outcome is Outcome.DEFERRED
    assert not book.pull("li").documents
    book.given("li", "7")

    history = book.pull("li").documents[0].order["history"]
    assert arrived.id in {entry["id"] for entry in history}


def test_a_fact_without_its_predecessors_delays_nothing(book: Book, li: Pad):
    """Holes in a log are for later."""
    li.write(OrderSeen())

    assert li.tell(Arrived()).outcome is Outcome.STORED


def test_somebody_elses_fact_is_not_entered_for_them(book: Book, li: Pad, pad: Pads):
    """Wang's tablet hands in Li's bytes; Li's own push enters them (X4)."""
    arrived = li.write(Arrived())
    assert pad("wang").hand_in(arrived).receipts[0].reason == "not_your_log"

    assert li.hand_in(arrived).receipts[0].outcome is Outcome.STORED


def test_the_desk_writes_no_fact_by_tablet(book: Book, li: Pad):
    """Even a fact in perfect form (26)."""
    head = Head(
        stream=order_stream("1"), log=li.log, n=1, prev=None, epoch="e", basis=0,
        lamport=1, by="li", at={"w": NOON, "z": 0},
    )  # fmt: skip
    forged = write_fact(Logged(number="1", registered_ms=1), head)

    receipt = li.hand_in(Written(fact=forged)).receipts[0]

    assert receipt.reason == "not_allowed"
