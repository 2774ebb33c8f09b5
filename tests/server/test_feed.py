"""What a technician takes home: all of it, nothing else, whatever happens meanwhile."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from server import feed
from server.database import reading, writing
from server.documents import document_mac
from server.feed import Feed
from server.ledger import Decision
from server.shapes import PageSchema
from server.tables import event, fact, head, stream
from sync.exchange import Document, Page
from sync.facts import What
from sync.facts.dispatch import Cancelled, Dispatched, OrderSeen
from sync.facts.intake import Amended, Logged
from sync.facts.visit import Arrived
from sync.order import order_stream
from sync.plain import but, plain
from sync.problems import Refused
from tests.server.books import (
    HOUR,
    NOON,
    Book,
    Pad,
    book,
    holding,
    pad,
    photographed,
    picture,
)

__all__ = ["book", "pad"]

Pads = Callable[..., Pad]
FEW = settings(
    max_examples=int(os.environ.get("FEED_EXAMPLES", "6")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass
class Home:
    """What a tablet has taken home; `pull` is one page, as the contract has it.

    Its disk holds whole pages: `kept` is how it was after each (K3). `told`: what it
    heard last of an order, that it is in or out.
    """

    book: Book
    actor: str = "li"
    role: str = "technician"
    cursor: str | None = None
    held: dict[str, Document] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    resets: list[str] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    kept: list[tuple[Any, ...]] = field(default_factory=list)
    _anew: set[str] | None = None

    def pull(self, limit: int = 200) -> Page:
        page = self.book.pull(self.actor, self.cursor, limit, self.role)
        assert len(page.documents) + len(page.gone) <= limit
        if page.reset:
            self.resets.append(page.reset)
            self._anew, self.told = set(), {}
        for one in page.documents:
            self.held[one.stream] = one
            self.told[one.stream] = "in"
        for left in page.gone:
            assert self.told.get(left.stream) != "out", "told twice that it left"
            self.held.pop(left.stream, None)
            self.gone.append(left.stream)
            self.told[left.stream] = "out"
        if self._anew is not None:
            self._anew |= {one.stream for one in page.documents}
            if page.complete:
                self.held = {k: v for k, v in self.held.items() if k in self._anew}
                self._anew = None
        self.cursor = page.cursor
        anew = None if self._anew is None else set(self._anew)
        self.kept.append((self.cursor, dict(self.held), dict(self.told), anew))
        return page

    def dies(self, pages: int) -> None:
        """The tablet dies, and its last pages had not reached the disk (18)."""
        self.kept = self.kept[: max(0, len(self.kept) - pages)]
        blank: tuple[Any, ...] = (None, {}, {}, None)
        cursor, held, told, anew = self.kept[-1] if self.kept else blank
        self.cursor, self.held, self.told = cursor, dict(held), dict(told)
        self._anew = None if anew is None else set(anew)

    def pull_all(self, limit: int = 200, most: int = 100) -> int:
        """Until it is complete; how many requests it took."""
        for requests in range(1, most + 1):
            if self.pull(limit).complete:
                return requests
        raise AssertionError("never complete")

    @property
    def numbers(self) -> set[str]:
        return {one.order["request"]["number"] for one in self.held.values()}


@dataclass
class Model:
    """Who is given what, as the people at the desk would say: sets and dictionaries."""

    given: dict[str, set[str]] = field(default_factory=dict)

    def hears(self, what: str, number: str) -> None:
        if what == "cancel":
            self.given[number] = set()
        elif what in ASSIGNMENTS:
            self.given[number] = set(what.split())

    def scope(self, actor: str) -> set[str]:
        everything = actor == "chen"
        return {n for n, people in self.given.items() if everything or actor in people}


ASSIGNMENTS = ("li ", "wang ", "li wang")


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
    st.sampled_from(["li", "wang", "cancel", "photo", *ASSIGNMENTS]),
    st.sampled_from("abcd"),
)
PAGES = st.integers(1, 3)
DEATHS = st.integers(-3, -1)


@given(st.lists(st.one_of(PAGES, EVENTS, DEATHS), max_size=16))
@FEW
def test_a_complete_pull_equals_the_scope_whatever_happens_between_pages(
    book: Book, steps: list[int | tuple[str, str]]
):
    """Positive numbers are pages of that size, negative ones tablets that die and lose
    so many pages; the rest happens at the server (11, 12, 14, 15, 18)."""
    book.now_ms += 1
    mark, model = f"{book.now_ms}-", Model()
    pads = {one: Pad(book, one, f"t-{one}-{book.now_ms}") for one in ("li", "wang")}
    homes = [Home(book, "li"), Home(book, "wang"), Home(book, "chen", "dispatcher")]
    for home in homes:
        home.pull_all()
        home.kept = home.kept[-1:]
    for name in "abcd":
        book.given("li", mark + name)
        model.given[name] = {"li"}
        pads["li"].tell(photographed(), mark + name, blobs=[picture(mark + name)])
    for step in steps:
        if isinstance(step, int):
            for home in homes:
                home.pull(step) if step > 0 else home.dies(-step)
        elif step[0] not in ASSIGNMENTS or model.given[step[1]]:
            anything(book, pads, step[0], mark + step[1])
            model.hears(*step)
    for home in homes:
        home.pull_all(2)

        fresh = Home(book, home.actor, home.role)
        fresh.pull_all()
        mine = {one.removeprefix(mark) for one in home.numbers if one.startswith(mark)}
        assert mine == model.scope(home.actor)
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
    entered = home.held[order_stream("1")]
    assert but(entered, mac="", text="") == book.document()


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
        book.feed.document("li", holding("technician"), name),
        book.feed.may_see_blob("li", holding("technician"), picture("secret").sha256),
    ]

    shown = json.dumps(answers)
    assert not any(one in shown for one in (name, *secret.values(), "wang"))
    assert answers[2:] == [None, False]


def test_whoever_lost_an_order_sees_nothing_more_of_it(book: Book, pad: Pads):
    book.given("li")
    pad("li").tell(photographed(), blobs=[picture("shot")])
    book.dispatched("wang")

    assert book.feed.document("li", holding("technician"), order_stream("1")) is None
    assert not book.feed.may_see_blob(
        "li", holding("technician"), picture("shot").sha256
    )


def test_an_order_nobody_knows_looks_like_one_that_is_hidden(book: Book):
    book.given("wang")
    hidden, unknown = order_stream("1"), order_stream("2")

    answers = {
        (book.feed.document("li", holding("technician"), one),
         book.feed.may_see("li", holding("technician"), one))
        for one in (hidden, unknown)
    }  # fmt: skip

    assert answers == {(None, False)}


def odd_cursors(book: Book) -> list[str]:
    """Every sort of odd cursor that may come back."""
    good, foreign = book.pull("li").cursor, book.pull("wang").cursor
    sealed = book.keys.sealed
    token = book.keys.time_token("t-li", book.now_ms, b"123456")
    made = (b"", b"\0", bytes([2]) + bytes(24), bytes([3]) + bytes(24), bytes(31),
            json.dumps([2, "e", "li", False, 3, "x"]).encode())  # fmt: skip
    return [
        "", "?", "null", "é", "\0", good[:-1], good[1:], good + "A", "A" * 400, foreign,
        token, *(sealed("cursor", one) for one in made), sealed("voucher", b"3"),
    ]  # fmt: skip


def ends_well(book: Book, odd: str, numbers: set[str]) -> None:
    """One reset at most, bounded requests, and everything is there."""
    home = Home(book, cursor=odd)
    requests = home.pull_all(2)
    assert home.resets[1:] == [], odd
    assert requests <= -(-len(numbers) // 2) + 1, odd
    if home.resets:
        assert home.numbers == numbers, odd


def test_every_odd_cursor_starts_anew_once_and_ends_complete(book: Book):
    """Garbage, cut, another's, another format: never an error, never a loop (17)."""
    book.given("li", "1", "2", "3")
    for odd in odd_cursors(book):
        ends_well(book, odd, {"1", "2", "3"})
        assert Home(book, cursor=odd).pull().reset in ("cursor", "scope"), odd


@given(st.data())
@settings(FEW, max_examples=8 * FEW.max_examples)
def test_every_text_ends_complete_in_bounded_requests(book: Book, data: st.DataObject):
    """Old cursors, mangled ones, glued together, anything that can be typed (17)."""
    numbers = {f"n{one}" for one in range(5)}
    if not book.pull("li").documents:
        book.given("li", *sorted(numbers))
    walk = Home(book)
    known = [walk.pull(1).cursor for _ in range(6)] + odd_cursors(book)
    text = data.draw(st.sampled_from(known) | st.text(max_size=80))
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(text)))
        piece = data.draw(st.sampled_from(["", "A", "_", "\n", "=", known[0], "é"]))
        text = text[:at] + piece + text[at + data.draw(st.integers(0, 2)) :]

    ends_well(book, text, numbers)


def test_only_the_cursor_itself_goes_on(book: Book):
    """Not one letter of it can be another (K1)."""
    book.given("li", "1")
    good = book.pull("li").cursor
    other = {at: "x" if good[at] != "x" else "y" for at in range(len(good))}

    for at, new in other.items():
        assert book.pull("li", good[:at] + new + good[at + 1 :]).reset == "cursor"


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


# page sizes


@given(st.integers(1, 40_000), st.integers(1, 9))
@FEW
def test_a_page_is_bounded_by_its_bytes_too(book: Book, most: int, limit: int):
    """Whatever the bound, everything comes; one document at least, whole (12)."""
    numbers = {f"n{one}" for one in range(7)}
    if not book.pull("li").documents:
        book.given("li", *sorted(numbers))
    book.feed = Feed(book.engine, book.keys, page_bytes=most)
    home, sizes = Home(book), list[int]()
    while True:
        page = book.feed.pull("li", holding("technician"), home.cursor, limit)
        sizes.append(sum(map(len, page.documents)) if len(page.documents) > 1 else 0)
        if home.pull(limit).complete:
            break

    assert max(sizes) <= most
    assert home.numbers == numbers


def test_the_first_walk_of_a_technician_with_five_hundred_orders_is_straight(
    book: Book,
):
    """Few requests, none of it twice, and nothing of the years before."""
    mine, past = ([f"{name}{n}" for n in range(500)] for name in "mp")
    for some in (mine, past):
        decide_all(book, [(Logged(number=n, registered_ms=NOON), n) for n in some])
        decide_all(book, [(Dispatched(technician="li"), n) for n in some])
    decide_all(book, [(Cancelled(reason="duplicate"), n) for n in past])
    home = Home(book)

    requests = home.pull_all(500)

    assert (len(home.held), home.gone, requests) == (500, [], 1)


def decide_all(book: Book, said: list[tuple[What, str]]) -> None:
    decisions = [
        Decision(stream=order_stream(number), what=what, private={})
        for what, number in said
    ]
    book.ledger.decide(decisions, "chen", book.now_ms)


def test_what_leaves_during_a_first_walk_is_told(book: Book):
    book.given("li", "1", "2", "3")
    home = Home(book)
    home.pull(1)
    book.dispatched("wang", "1")
    book.dispatched("wang", "3")

    home.pull_all(1)

    assert home.numbers == {"2"}
    assert sorted(home.gone) == sorted(map(order_stream, "13"))


def test_who_starts_anew_hears_what_left(book: Book):
    """A tablet whose cursor is odd may still hold it: nothing is inferred."""
    book.given("li", "1", "2")
    book.dispatched("wang", "1")
    home = Home(book, cursor="odd")

    home.pull_all()

    assert home.gone == [order_stream("1")]


# what a document says of itself


def test_a_document_is_marked_so_that_only_its_very_text_fits(book: Book):
    """In this epoch, of this stream, at this revision: so that it may come back."""
    book.given("li", "1", "2")
    one, other = book.pull("li").documents
    epoch, text = book.ledger.epoch, one.text.encode()
    right = (epoch, one.stream, one.rev, text)
    wrong = [
        ("e", *right[1:]),
        (epoch, other.stream, *right[2:]),
        (*right[:2], one.rev + 1, text),
        (*right[:3], text[:-1] + b" }"),
    ]

    assert document_mac(book.keys, *right) == one.mac
    assert one.mac not in {document_mac(book.keys, *some) for some in wrong}


def test_a_document_goes_out_letter_by_letter_as_it_lies(book: Book, pad: Pads):
    book.given("li")
    pad("li").tell(Arrived(), private={"place": "1,2,3"})
    with reading(book.engine) as connection:
        lies = connection.execute(select(stream.c.document)).scalar_one()

    assert book.pull("li").documents[0].text == lies


@pytest.mark.parametrize("role", ["technician", "dispatcher"])
def test_a_page_is_what_openapi_says_it_is(book: Book, pad: Pads, role: str):
    """It is joined from texts: so it is held against the shape that it should have."""
    book.given("li", "1", "2", "3")
    pad("li").tell(photographed(), blobs=[picture("shot")])
    finding = json.dumps({"flaw": "truncated"})
    book.ledger.blob_arrived(picture("shot").sha256, 1, "", finding, book.now_ms)
    book.dispatched("wang", "2")

    page = json.loads(book.feed.pull("li", holding(role), "odd", 200).wire())

    assert PageSchema().validate(page) == {}
    assert {"flaws", "held", "mac"} <= set().union(*page["documents"])


def test_the_database_being_away_is_no_empty_scope(book: Book):
    """Whoever asks then is told to come again, and clears nothing."""
    book.given("li")
    with writing(book.engine) as connection:
        connection.execute(text("ALTER TABLE member RENAME TO elsewhere"))

    with pytest.raises((DatabaseError, Refused)):
        book.pull("li")
