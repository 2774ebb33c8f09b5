"""What a tablet claimed and never handed in is named by number, and put before a person
(F11, F13; invariants 21, 22)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from server import incidents, losses
from server.audit import findings
from server.auth import Door
from server.database import reading, writing
from server.losses import Fork, LogReport, Report
from server.shelf.disk import Disk
from server.tables import device, device_person
from sync.facts.dispatch import OrderSeen
from sync.facts.visit import Arrived
from sync.signing import public_jwk
from tests.server.books import Book, Pad, Written, book, pad

__all__ = ["book", "pad"]

Pads = Callable[..., Pad]


@pytest.fixture
def li(book: Book, pad: Pads) -> Pad:
    """Li's tablet, enrolled; order 1 is his."""
    book.given("li")
    row = {"id": "t-li", "name": "Li's", "key": "{}", "enrolled_ms": book.now_ms}
    with writing(book.engine) as connection:
        connection.execute(insert(device).values(row))
        connection.execute(insert(device_person).values(device="t-li", person="li"))
    return pad("li")


def wrote(tablet: Pad, count: int) -> list[Written]:
    """So many facts, still on the tablet."""
    return [tablet.write(OrderSeen()) for _ in range(count)]


def report(book: Book, name: str = "t-li") -> Report:
    with reading(book.engine) as connection:
        return losses.report(connection, name)


def only_log(book: Book) -> LogReport:
    (log,) = report(book).logs
    return log


def open_incidents(book: Book) -> list[str]:
    with reading(book.engine) as connection:
        return [one.id for one in incidents.incidents(connection, open_only=True)]


def settle(book: Book) -> None:
    """Chen looks at it, and says what is to be said."""
    with writing(book.engine) as connection:
        name = losses.put_before_the_desk(connection, "t-li", book.now_ms)
        assert name is not None
        incidents.close(connection, name, "chen", "fell into the river", book.now_ms)


def test_a_wiped_tablet_loses_25_numbers_by_name_and_perhaps_more(book: Book, li: Pad):
    """Li handed in 16, claimed 41, and then his tablet fell into the river (F11)."""
    written = wrote(li, 41)
    li.greet()
    li.hand_in(*written[:16])
    wrote(li, 3)  # of these nobody ever heard

    log = only_log(book)

    assert (log.here, log.missing, log.known_through) == (((1, 16),), ((17, 41),), 41)
    assert report(book).missing == 25


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(here=st.sets(st.integers(1, 12)), claimed=st.integers(0, 12))
def test_what_is_named_is_exactly_what_is_not_here(
    book: Book, pad: Pads, li: Pad, here: set[int], claimed: int
):
    """Invariant 22: every number up to the last that was heard of, and no other."""
    tablet = pad("li", f"i{sum(1 << n for n in here):x}-{claimed}")
    written = wrote(tablet, 12)
    if claimed:
        tablet.n, tablet.tip = claimed, written[claimed - 1].id
        tablet.greet()
    if here:
        tablet.hand_in(*(written[n - 1] for n in sorted(here)))
    found = {one.log: one for one in report(book).logs}.get(tablet.log)
    if found is None:
        assert not (here or claimed)
        return
    named = {n for first, last in found.missing for n in range(first, last + 1)}
    known = max([claimed, *here])
    assert named == set(range(1, known + 1)) - here
    assert found.known_through == known


def test_what_lies_in_quarantine_is_not_missing(book: Book, li: Pad):
    written = wrote(li, 2)
    stranger = li.write(OrderSeen(), by="wang")
    li.hand_in(*written, stranger)

    log = only_log(book)

    assert (log.here, log.aside, log.missing) == (((1, 2),), ((3, 3),), ())


def test_what_comes_after_all_is_missing_no_more(book: Book, li: Pad):
    written = wrote(li, 3)
    li.greet()
    assert report(book).missing == 3

    li.hand_in(*written)

    assert (report(book).missing, report(book).owes) == (0, False)


def test_both_sides_of_a_fork_count_and_both_are_named(book: Book, li: Pad):
    """Two copies of one tablet go on under the same numbers (invariant 21)."""
    li.hand_in(*wrote(li, 1))
    copy = Pad(book, "li", "t-li", n=li.n, tip=li.tip)
    arrived, seen = li.write(Arrived()), copy.write(OrderSeen())
    li.hand_in(arrived)
    copy.hand_in(seen)

    assert only_log(book).forks == (
        Fork(n=2, held=tuple(sorted((arrived.id, seen.id)))),
    )
    order = book.order()
    assert {arrived.id, seen.id} <= {one["id"] for one in order["history"]}
    assert [one["fact"] for one in order["visits"]] == [arrived.id]


def test_the_side_of_a_fork_that_never_came_is_known_by_its_claim(book: Book, li: Pad):
    li.hand_in(*wrote(li, 1))
    copy = Pad(book, "li", "t-li", n=li.n, tip=li.tip)
    (lost,) = wrote(copy, 1)
    copy.greet()
    came = li.write(Arrived())
    li.hand_in(came)

    assert only_log(book).forks == (Fork(n=2, held=(came.id,), claimed=(lost.id,)),)


def test_a_new_tablet_puts_what_the_old_one_owes_before_a_person(book: Book, li: Pad):
    """F13: the old one may never be heard of again."""
    wrote(li, 2)
    li.greet()
    door = Door(book.engine, book.keys)
    door.add_person("li", "李强", "technician", book.now_ms)
    assert open_incidents(book) == []
    code = door.issue_code("li", book.now_ms + 1000).partition(".")[0]

    key = public_jwk(ec.generate_private_key(ec.SECP256R1()).public_key())
    door.enrol(code, key, "new", book.now_ms)

    (name,) = open_incidents(book)
    assert name.startswith("device-t-li-")


def test_a_tablet_that_owes_nothing_is_replaced_without_a_word(book: Book, li: Pad):
    li.hand_in(*wrote(li, 2))
    li.greet()
    door = Door(book.engine, book.keys)

    door.revoke("t-li", book.now_ms)

    assert open_incidents(book) == []


def test_a_stolen_tablet_puts_what_it_owes_before_a_person(book: Book, li: Pad):
    wrote(li, 2)
    li.greet()

    Door(book.engine, book.keys).revoke("t-li", book.now_ms)

    assert len(open_incidents(book)) == 1


def test_what_was_declared_lost_stays_named_and_does_not_open_again(
    book: Book, li: Pad
):
    wrote(li, 2)
    li.greet()
    settle(book)

    with writing(book.engine) as connection:
        losses.put_before_the_desk(connection, "t-li", book.now_ms)

    assert open_incidents(book) == []
    assert report(book).missing == 2


def test_more_that_is_missing_is_another_thing_to_look_at(book: Book, li: Pad):
    wrote(li, 2)
    li.greet()
    settle(book)
    wrote(li, 1)
    li.greet()

    with writing(book.engine) as connection:
        losses.put_before_the_desk(connection, "t-li", book.now_ms)

    assert len(open_incidents(book)) == 1


def broken(book: Book, li: Pad) -> Written:
    """A fact that names another one before it than there is."""
    li.hand_in(*wrote(li, 1))
    li.tip = "A" * 43
    (odd,) = wrote(li, 1)
    li.hand_in(odd)
    return odd


def broken_in_check(book: Book, folder: Path) -> list[str]:
    """What `doorstep check` says of chains."""
    found = findings(book.engine, Disk(folder))
    return [one.what for one in found if one.code == "chain_broken"]


def test_a_chain_that_a_tablet_broke_is_found(book: Book, li: Pad, tmp_path: Path):
    odd = broken(book, li)

    assert only_log(book).broken == (odd.id,)
    assert broken_in_check(book, tmp_path) == [odd.id]


def test_a_broken_chain_that_a_person_has_explained_is_found_no_more(
    book: Book, li: Pad, tmp_path: Path
):
    broken(book, li)

    settle(book)

    assert broken_in_check(book, tmp_path) == []
    assert only_log(book).broken != ()


def test_a_chain_that_breaks_elsewhere_is_found_all_the_same(
    book: Book, li: Pad, tmp_path: Path
):
    broken(book, li)
    settle(book)

    li.tip = "B" * 43
    (another,) = wrote(li, 1)
    li.hand_in(another)

    assert broken_in_check(book, tmp_path) == [another.id]
