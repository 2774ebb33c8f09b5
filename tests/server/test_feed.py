"""What a technician takes home: all of it, nothing else, whatever happens meanwhile."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from server import feed
from server.database import writing
from server.tables import event, fact, head
from sync.exchange import Document, Page
from sync.facts.dispatch import OrderSeen
from sync.facts.intake import Amended
from sync.facts.visit import Arrived
from sync.order import order_stream
from sync.plain import plain
from tests.server.books import (
    HOUR,
    NOON,
    Book,
    Pad,
    book,
    pad,
    photographed,
    picture,
)

__all__ = ["book", "pad"]

Pads = Callable[..., Pad]
FEW = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass
class Home:
    """What a tablet has taken home; `pull` is one page, as the contract has it."""

    book: Book
    actor: str = "li"
    role: str = "technician"
    cursor: str | None = None
    held: dict[str, Document] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    resets: list[str] = field(default_factory=list)
    _anew: set[str] | None = None

    def pull(self, limit: int = 200) -> Page:
        page = self.book.pull(self.actor, self.cursor, limit, self.role)
        if page.reset:
            self.resets.append(page.reset)
            self._anew = set()
        for one in page.documents:
            self.held[one.stream] = one
        for left in page.gone:
            self.held.pop(left.stream, None)
            self.gone.append(left.stream)
        if self._anew is not None:
            self._anew |= {one.stream for one in page.documents}
            if page.complete:
                self.held = {k: v for k, v in self.held.items() if k in self._anew}
                self._anew = None
        self.cursor = page.cursor
        return page

    def pull_all(self, limit: int = 200, most: int = 100) -> int:
        """Until it is complete; how many requests it took."""
        for requests in range(1, most + 1):
            if self.pull(limit).complete:
                return requests
        raise AssertionError("never complete")

    @property
    def numbers(self) -> set[str]:
        return {one.order["request"]["number"] for one in self.held.values()}


def anything(book: Book, pads: dict[str, Pad], what: str, number: str) -> None:
    """Something happens to an order."""
    if what in pads:
        pads[what].tell(OrderSeen(), number)
    elif what == "cancel":
        book.cancelled(number)
    elif what == "photo":
        book.ledger.blob_arrived(picture(number).sha256, 1, "", None, book.now_ms)
    else:
        book.dispatched(*what.split()[:1], number, what.split()[1:])


EVENTS = st.tuples(
    st.sampled_from(["li", "wang", "cancel", "photo", "li ", "wang ", "li wang"]),
    st.sampled_from("abcd"),
)


@given(st.lists(st.one_of(st.integers(1, 3), EVENTS), max_size=14))
@FEW
def test_a_complete_pull_equals_the_scope_whatever_happens_between_pages(
    book: Book, steps: list[int | tuple[str, str]]
):
    """Integers are pages of that size, the rest happens at the server (11, 12)."""
    book.now_ms += 1
    mark = f"{book.now_ms}-"
    pads = {one: Pad(book, one, f"t-{one}-{book.now_ms}") for one in ("li", "wang")}
    for name in "abcd":
        book.given("li", mark + name)
        pads["li"].tell(photographed(), mark + name, blobs=[picture(mark + name)])
    homes = [Home(book, "li"), Home(book, "wang"), Home(book, "chen", "dispatcher")]
    for step in steps:
        if isinstance(step, int):
            for home in homes:
                home.pull(step)
        else:
            anything(book, pads, step[0], mark + step[1])
    for home in homes:
        home.pull_all(2)

        fresh = Home(book, home.actor, home.role)
        fresh.pull_all()
        assert home.held == fresh.held


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
def test_every_page_size_ends_with_the_same(book: Book, limit: int):
    numbers = {f"n{one}" for one in range(7)}
    book.given("li", *numbers)
    home = Home(book)

    requests = home.pull_all(limit)

    assert home.numbers == numbers
    assert requests == max(1, -(-7 // limit))


def test_entry_brings_the_whole_order_as_it_is_now(book: Book, pad: Pads):
    """However old the order, with its private values (14)."""
    book.given("li")
    pad("li").tell(Arrived(), private={"place": "1,2,3"})
    home = Home(book, "wang")
    home.pull_all()

    book.dispatched("wang")

    home.pull_all()
    assert home.held[order_stream("1")] == book.document()


def test_whoever_loses_an_order_is_told_once(book: Book, pad: Pads):
    """One `gone`, though the order goes on changing (15)."""
    book.given("li")
    home = Home(book)
    home.pull_all()
    book.dispatched("wang")
    home.pull_all()
    pad("wang").tell(Arrived())
    book.cancelled()

    home.pull_all()

    assert home.gone == [order_stream("1")]


def test_who_never_pulled_meanwhile_hears_only_how_it_ended(book: Book):
    """Out and in again between two pulls is one entry."""
    book.given("li")
    home = Home(book)
    home.pull_all()
    book.dispatched("wang")
    book.dispatched("li")

    page = home.pull()

    assert (len(page.documents), page.gone) == (1, ())


def test_gone_says_why_and_when_it_may_be_purged(book: Book):
    book.given("li", "1", "2")
    home = Home(book)
    home.pull_all()
    book.dispatched("wang", "1")
    book.cancelled("2")

    page = home.pull()

    assert [one.reason for one in page.gone] == ["reassigned", "cancelled"]
    assert all(one.purge_ms > book.now_ms for one in page.gone)


def test_nothing_of_somebody_elses_order_is_in_any_answer(book: Book, pad: Pads):
    """No bytes of a stream to one who never was a member (16, X9)."""
    secret = {"phone": "13800138000", "fault": "the-fault"}
    book.given("wang")
    book.decide(Amended(number="1", registered_ms=NOON), private=secret)
    wang = pad("wang")
    wang.tell(photographed(), blobs=[picture("secret")])
    li = pad("li")
    li.tell(OrderSeen())
    name = order_stream("1")

    answers = [
        plain(book.pull("li")),
        plain(li.hand_in(li.write(Arrived(), basis=0))),
        book.feed.document("li", "technician", name),
        book.feed.may_see_blob("li", "technician", picture("secret").sha256),
    ]

    shown = json.dumps(answers)
    assert not any(one in shown for one in (name, *secret.values(), "wang"))
    assert answers[2:] == [None, False]


def test_whoever_lost_an_order_sees_nothing_more_of_it(book: Book, pad: Pads):
    book.given("li")
    pad("li").tell(photographed(), blobs=[picture("shot")])
    book.dispatched("wang")

    assert book.feed.document("li", "technician", order_stream("1")) is None
    assert not book.feed.may_see_blob("li", "technician", picture("shot").sha256)


def test_an_order_nobody_knows_looks_like_one_that_is_hidden(book: Book):
    book.given("wang")
    hidden, unknown = order_stream("1"), order_stream("2")

    answers = {
        (book.feed.document("li", "technician", one),
         book.feed.may_see("li", "technician", one))
        for one in (hidden, unknown)
    }  # fmt: skip

    assert answers == {(None, False)}


def cursors(book: Book) -> list[str]:
    """Every odd cursor that may come back."""
    good = book.pull("li").cursor
    keys = book.keys

    def made(*held: object) -> str:
        return keys.sealed("cursor", json.dumps(held).encode())

    foreign = book.pull("wang").cursor
    token = keys.time_token("t-li", book.now_ms, b"123456")
    odd = [
        "", "?", "null", "é", "\0", good[:-1], good[1:], good + "A", "A" * 400, foreign,
        token, made(1), made(1, 2, 3), made(99, "later"),
    ]  # fmt: skip
    other = {at: "x" if good[at] != "x" else "y" for at in range(0, len(good), 9)}
    return [*odd, *(good[:at] + new + good[at + 1 :] for at, new in other.items())]


def test_every_odd_cursor_starts_anew_once_and_ends_complete(book: Book):
    """Garbage, cut, another's, another format: never an error, never a loop (17)."""
    book.given("li", "1", "2", "3")
    for odd in cursors(book):
        home = Home(book, cursor=odd)
        requests = home.pull_all(2)

        assert (home.resets, requests) == ([home.resets[0]], 2), odd
        assert home.numbers == {"1", "2", "3"}


def test_a_cursor_from_before_a_restore_starts_anew(book: Book):
    """The server went back, and now something else lies there (K9, F17)."""
    book.given("li", "1", "2")
    home = Home(book)
    home.pull_all()
    with writing(book.engine) as connection:
        for table in (fact, event):
            connection.execute(update(table).values(id=table.c.seq))

    home.pull_all()

    assert home.resets == ["epoch"]


def test_a_cursor_from_the_future_starts_anew(book: Book):
    book.given("li", "1", "2")
    home = Home(book)
    home.pull_all()
    with writing(book.engine) as connection:
        connection.execute(update(head).values(seq=head.c.seq - 1))

    home.pull_all()

    assert home.resets == ["epoch"]


def test_a_cursor_of_another_epoch_starts_anew(book: Book):
    """Positions are compared only within their epoch (K8)."""
    book.given("li")
    home = Home(book)
    home.pull_all()
    with writing(book.engine) as connection:
        connection.execute(update(head).values(epoch="another"))

    home.pull_all()

    assert home.resets == ["epoch"]


@pytest.mark.parametrize(
    ("before", "after"), [("technician", "dispatcher"), ("manager", "technician")]
)
def test_a_changed_role_starts_anew(book: Book, before: str, after: str):
    """Li moves to the desk, or back: what he may see is another world (K6)."""
    book.given("wang", "1")
    book.given("li", "2")
    home = Home(book, role=before)
    home.pull_all()
    home.role = after

    home.pull_all()

    assert home.resets == ["scope"]
    assert home.numbers == ({"1", "2"} if after == "dispatcher" else {"2"})


def test_a_tablet_that_dies_between_pages_repeats_them(book: Book):
    """Its cursor is stored with the page: whole pages or none (18)."""
    book.given("li", *(f"n{one}" for one in range(5)))
    home = Home(book)
    home.pull(2)
    kept = home.cursor
    home.pull(2)

    again = Home(book, cursor=kept, held=dict(list(home.held.items())[:2]))
    again.pull_all(2)

    assert len(again.held) == 5


def test_positions_only_grow_for_a_reader(book: Book, pad: Pads):
    """Each page begins where the last one ended (13)."""
    book.given("li", "1", "2", "3")
    li, home, revs = pad("li"), Home(book), list[int]()
    for number in "1231":
        revs += [one.rev for one in home.pull(1).documents]
        li.tell(OrderSeen(), number)

    assert revs == sorted(revs)


def test_a_pull_without_news_moves_nothing(book: Book):
    book.given("li")
    home = Home(book)
    home.pull_all()
    before = home.cursor

    assert not home.pull().documents
    assert home.cursor == before


def test_a_photo_that_arrives_is_news(book: Book, pad: Pads):
    """Fact first, bytes later (34)."""
    book.given("li")
    shot = picture("shot")
    pad("li").tell(photographed(), blobs=[shot])
    home = Home(book)
    home.pull_all()
    assert home.held[order_stream("1")].held == ()

    finding = json.dumps({"flaw": "truncated"})
    book.ledger.blob_arrived(shot.sha256, 1, shot.type, finding, book.now_ms)

    held = home.pull().documents[0]
    assert (held.held, held.flaws) == ((shot.sha256,), {shot.sha256: "truncated"})


def test_bytes_may_come_before_their_fact(book: Book, pad: Pads):
    """Bytes first, fact later (34)."""
    book.given("li")
    shot = picture("shot")
    book.ledger.blob_arrived(shot.sha256, 1, shot.type, None, book.now_ms)

    pad("li").tell(photographed(), blobs=[shot])

    assert book.pull("li").documents[0].held == (shot.sha256,)


def test_the_desk_reads_by_the_orders_themselves(book: Book, pad: Pads):
    """Everything, also what nobody was given; a change comes again."""
    book.logged("1", "2")
    home = Home(book, "chen", "dispatcher")
    home.pull_all(1)
    book.later(HOUR)
    book.dispatched("li", "1")

    assert home.numbers == {"1", "2"}
    assert [one.stream for one in home.pull().documents] == [order_stream("1")]


def test_have_names_exactly_what_is_missing(book: Book, pad: Pads):
    """Holes and what was claimed and never came; quarantine is custody (22)."""
    book.given("li")
    li = pad("li")
    written = [li.write(OrderSeen()) for _ in range(7)]
    li.hand_in(written[1], written[2], written[5])

    found = book.feed.have({li.log: 9, "t-li.never": 2}, [])

    assert found["logs"] == {li.log: [[1, 1], [4, 5], [7, 9]], "t-li.never": [[1, 2]]}


def test_history_is_the_bytes_in_commit_order(book: Book, pad: Pads):
    """Page by page, without the facts of other orders."""
    book.given("li", "1", "2")
    li = pad("li")
    written = [li.write(OrderSeen(), number) for number in "1211"]
    li.hand_in(*written)

    name, seen, after = order_stream("1"), list[str](), 0
    while page := book.feed.facts(after, 2, name):
        seen += [one["id"] for one in page]
        after = page[-1]["position"]

    assert seen[-3:] == [written[0].id, written[2].id, written[3].id]
    assert len(seen) == 5


def test_a_page_is_one_moment_though_the_order_changes_while_it_is_read(
    book: Book, monkeypatch: pytest.MonkeyPatch
):
    """Taken from Li between two reads of one answer: nothing newer leaks (16)."""
    book.given("li")
    really = feed.texts

    def meanwhile(*read: Any) -> Any:
        monkeypatch.setattr(feed, "texts", really)
        book.dispatched("wang")
        book.decide(Amended(number="1", registered_ms=NOON), private={"owner": "Zhao"})
        return really(*read)

    monkeypatch.setattr(feed, "texts", meanwhile)

    assert "Zhao" not in str(book.pull("li").documents)
