"""A picture that comes again on another order is put before a person."""

from sqlalchemy import insert, select, update

from server.central_tables import difference
from server.database import reading, writing
from server.picture_tables import pair_head, picture_pair
from sync.facts.dispatch import Cancelled
from sync.facts.intake import Logged
from sync.facts.visit import Arrived
from tests.server.books import HOUR, NOON, Book, Pad, book, photographed, picture
from tests.server.central_logs import compared

__all__ = ["book"]

EXACT, ALIKE = "photo_reused_exact", "photo_looks_same"


def asked(book: Book, *numbers: str) -> None:
    """These are orders, an hour after one another, and li's."""
    for at, number in enumerate(numbers):
        registered_ms = NOON - (20 - at) * HOUR
        book.decide(Logged(number=number, registered_ms=registered_ms), number)
        book.dispatched("li", number)


def pad_of(book: Book, who: str = "li") -> Pad:
    made = Pad(book, who, f"t-{who}")
    made.greet()
    return made


def shot(pad: Pad, number: str, *names: str, moment: str = "before") -> None:
    """These pictures are part of the order."""
    for name in names:
        pad.tell(photographed(moment), number, blobs=[picture(name)])


def reused(book: Book) -> set[tuple[str, str, str]]:
    """Number, code and the other number of what is open about pictures."""
    asked_for = select(difference).where(difference.c.code.in_((EXACT, ALIKE)))
    with reading(book.engine) as connection:
        return {
            (one.number, one.code, one.about)
            for one in connection.execute(asked_for.where(difference.c.open))
        }


def look_same(book: Book, one: str, other: str) -> None:
    """It was found that these two look the same."""
    pair = sorted(picture(name).sha256 for name in (one, other))
    with writing(book.engine) as connection:
        seq = connection.execute(
            update(pair_head).values(seq=pair_head.c.seq + 1).returning(pair_head.c.seq)
        ).scalar_one()
        connection.execute(insert(picture_pair).values(
            one=pair[0], other=pair[1], seq=seq, likeness=990, found_ms=book.now_ms
        ))  # fmt: skip


def test_the_same_bytes_on_another_order_wait_for_a_person(book: Book):
    asked(book, "1", "2")
    li = pad_of(book)
    shot(li, "1", "wall")
    shot(li, "2", "wall")

    compared(book)

    assert reused(book) == {("2", EXACT, "1")}


def test_whoever_took_them_and_however_much_later(book: Book):
    asked(book, "1", "2")
    shot(pad_of(book), "1", "wall", moment="after")
    compared(book)
    book.later(300 * 24 * HOUR)
    book.dispatched("wang", "2")
    shot(pad_of(book, "wang"), "2", "wall")

    compared(book)

    assert reused(book) == {("2", EXACT, "1")}


def test_also_if_the_earlier_order_is_the_one_that_got_it_later(book: Book):
    asked(book, "1", "2")
    li = pad_of(book)
    shot(li, "2", "wall")
    compared(book)
    shot(li, "1", "wall")

    compared(book)

    assert reused(book) == {("2", EXACT, "1")}


def test_twice_on_one_order_is_no_finding(book: Book):
    asked(book, "1")
    shot(pad_of(book), "1", "wall", "wall", "wall again", moment="after")
    look_same(book, "wall", "wall again")

    compared(book)

    assert reused(book) == set()


def test_each_picture_speaks_of_the_earliest_order_that_has_it(book: Book):
    asked(book, "1", "2", "3")
    li = pad_of(book)
    for number in ("3", "2", "1"):
        shot(li, number, "wall", "floor")

    compared(book)

    assert reused(book) == {("2", EXACT, "1"), ("3", EXACT, "1")}
    assert book.count(difference, difference.c.code == EXACT) == 4


def test_pictures_that_look_the_same_wait_with_both_digests(book: Book):
    asked(book, "1", "2")
    li = pad_of(book)
    shot(li, "1", "wall")
    shot(li, "2", "the wall, turned")
    compared(book)
    look_same(book, "wall", "the wall, turned")

    compared(book)

    with reading(book.engine) as connection:
        row = connection.execute(
            select(difference).where(difference.c.code == ALIKE)
        ).one()
    assert (row.number, row.about) == ("2", "1")
    assert row.register == picture("wall").sha256
    assert row.field == picture("the wall, turned").sha256


def test_what_is_there_by_its_bytes_is_not_said_again_of_its_looks(book: Book):
    asked(book, "1", "2")
    li = pad_of(book)
    shot(li, "1", "wall", "near")
    shot(li, "2", "wall")
    look_same(book, "wall", "near")

    compared(book)

    assert reused(book) == {("2", EXACT, "1")}


def test_nothing_new_and_nothing_is_compared_again(book: Book):
    asked(book, "1", "2", "3")
    li = pad_of(book)
    shot(li, "1", "wall")
    shot(li, "2", "wall")
    compared(book)
    assert compared(book).compared == 0

    shot(li, "1", "door")

    assert compared(book).compared == 2  # and the one that shares a picture with it


def test_a_cancelled_order_keeps_what_its_pictures_say(book: Book):
    asked(book, "1", "2")
    li = pad_of(book)
    li.tell(Arrived(), "1")
    shot(li, "1", "wall")
    shot(li, "2", "wall")
    book.decide(Cancelled(reason="withdrawn"), "1")

    compared(book)

    assert reused(book) == {("2", EXACT, "1")}
