"""Differences as state: found once, over when they are, sought where it moved."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from server.central import passes
from server.central_tables import difference
from server.database import reading, writing
from server.people import People
from sync.facts.intake import Amended, Logged
from sync.facts.reconciling import DifferenceSettled
from sync.facts.visit import Arrived
from sync.order import order_stream
from sync.plain import but
from sync.policy import DEFAULT
from sync.problems import Refused
from sync.tolerances import Tolerances
from tests.server.books import DAY, HOUR, NOON, Book, Pad, book
from tests.server.central_logs import (
    WHERE,
    brought,
    compared,
    log_of,
    row,
    waiting,
)

__all__ = ["book"]

ELSEWHERE = WHERE.replace("1702", "1703")


def asked(book: Book, *numbers: str, **more: object) -> None:
    """These are orders of the field."""
    said = {"registered_ms": NOON - HOUR, "site": "东苑", "trade": "water"} | more
    for number in numbers:
        book.decide(Logged(number=number, **said), number)


def visited(book: Book, number: str) -> None:
    """Li was there at noon."""
    book.dispatched("li", number)
    li = Pad(book, "li", "t-li")
    li.greet()
    li.tell(Arrived(), number)
    li.greet()


def firsts(book: Book) -> dict[tuple[str, str], int]:
    """When each open difference was first seen."""
    with reading(book.engine) as connection:
        return {
            (one.number, one.code): one.first_ms
            for one in connection.execute(select(difference).where(difference.c.open))
        }


def test_both_sides_are_compared_and_what_differs_waits(book: Book):
    asked(book, "N1", "N2")
    brought(book, log_of(row("N1"), row("N3", where=ELSEWHERE)))

    compared(book)

    assert waiting(book) == {("N3", "unknown_number"), ("N2", "missing_in_register")}


def test_what_has_not_changed_is_not_compared_again(book: Book):
    asked(book, *(f"N{n}" for n in range(30)))
    brought(book, log_of(*(
        row(f"N{n}", where=WHERE.replace("1702", str(n))) for n in range(30)
    )))  # fmt: skip
    compared(book)

    asked(book, "M1")
    brought(book, log_of(row("N7", "王建军,,,,,", WHERE.replace("1702", "7"))))

    assert (compared(book).compared, compared(book).compared) == (2, 0)


def test_a_difference_is_seen_first_once(book: Book):
    brought(book, log_of(row("N1")))
    compared(book)
    first_ms = book.now_ms
    book.later(DAY)
    brought(book, log_of(row("N1", ",,,,,处理中")))

    compared(book)

    assert firsts(book) == {("N1", "unknown_number"): first_ms}


def test_what_is_put_right_is_over_and_stays_on_record(book: Book):
    brought(book, log_of(row("N1")))
    compared(book)
    asked(book, "N1")
    book.later(HOUR)

    done = compared(book)

    with reading(book.engine) as connection:
        gone_ms = connection.execute(select(difference.c.gone_ms)).scalars().all()
    assert (done.gone, waiting(book), gone_ms) == (1, set(), [book.now_ms])


def test_what_a_person_decided_comes_back_only_when_a_side_changed(book: Book):
    visited_row = "王建军,,,,,"
    asked(book, "N1")
    visited(book, "N1")
    brought(book, log_of(row("N1", visited_row)))
    compared(book)
    for one in undecided_rows(book):
        said = DifferenceSettled(number="N1", code=one.code, choice="waive",
                                 reason="too_small", register=one.register,
                                 field=one.field)  # fmt: skip
        book.decide(said, "N1")
    brought(book, log_of(row("N1", "王建军,,,,,处理中")))
    compared(book)
    assert undecided(book) == set()

    brought(book, log_of(row("N1", "陈立新,,,,,处理中")))
    compared(book)

    assert undecided(book) == {("N1", "technician_differs")}


def undecided_rows(book: Book) -> list[Any]:
    chosen = difference.c.open & difference.c.decision.is_(None)
    with reading(book.engine) as connection:
        return list(connection.execute(select(difference).where(chosen)))


def undecided(book: Book) -> set[tuple[str, str]]:
    return {(one.number, one.code) for one in undecided_rows(book)}


def test_a_number_that_an_order_gave_up_is_compared_again(book: Book):
    """The desk puts the number right: the row of the old one is alone."""
    asked(book, "N1")
    brought(book, log_of(row("N1"), row("N2", where=ELSEWHERE)))
    compared(book)
    assert waiting(book) == {("N2", "unknown_number")}

    said = Amended(number="N2", registered_ms=NOON - HOUR, site="东苑", trade="water")
    book.decide(said, order_stream("N1"))
    compared(book)

    assert waiting(book) == {("N1", "unknown_number")}


def test_an_order_is_missing_once_the_log_reaches_its_day(book: Book):
    asked(book, "N1", registered_ms=NOON - HOUR)
    asked(book, "N2", registered_ms=NOON + 2 * DAY)
    brought(book, log_of(row("N1")))
    compared(book)
    assert waiting(book) == set()

    late = row("N3", where=ELSEWHERE).replace("2025-12-14", "2025-12-20")
    brought(book, log_of(late))
    compared(book)

    assert waiting(book) == {("N2", "missing_in_register"), ("N3", "unknown_number")}


def test_a_change_next_door_in_time_is_seen_from_both_numbers(book: Book):
    """Two numbers for one home are one request twice; the second moves away."""
    asked(book, "N1")
    asked(book, "N2", registered_ms=NOON - HOUR + 60_000)
    brought(book, log_of(row("N1"), row("N2").replace("11:00", "11:01")))
    compared(book)
    assert waiting(book) == {("N2", "duplicate_request")}

    brought(book, log_of(row("N1", where=ELSEWHERE)))
    compared(book)

    assert waiting(book) == set()


def test_another_policy_compares_everything_anew(book: Book):
    asked(book, "N1", "N2")
    brought(book, log_of(row("N1"), row("N2", where=ELSEWHERE)))
    compared(book)
    other = but(DEFAULT, tolerances=Tolerances(arrival_minutes=5))

    assert compared(book, other).compared == 2


def test_of_two_passes_the_later_goes_on(book: Book):
    brought(book, log_of(row("N1")))
    first = passes.reconcile(book.engine, DEFAULT, book.now_ms)
    next(first)
    compared(book)

    with pytest.raises(Refused, match="对账"):
        list(first)


def test_a_pass_broken_off_is_made_up_for(book: Book):
    brought(book, log_of(row("N1")))
    broken = passes.reconcile(book.engine, DEFAULT, book.now_ms)
    next(broken)
    broken.close()

    compared(book)

    assert waiting(book) == {("N1", "unknown_number")}


def test_a_technician_who_is_renamed_is_compared_anew(book: Book):
    """The log writes names."""
    asked(book, "N1")
    visited(book, "N1")
    brought(book, log_of(row("N1", "李强,,,,,")))
    compared(book)
    assert ("N1", "technician_differs") in waiting(book)

    _called(book, "李强")
    compared(book)

    assert ("N1", "technician_differs") not in waiting(book)


def _called(book: Book, name: str) -> None:
    People(book.engine).add("li", name, (), book.now_ms)


steps = st.lists(
    st.tuples(
        st.sampled_from(["row", "order", "pass"]),
        st.sampled_from(["N1", "N2", "N3"]),
        st.sampled_from(["1702", "1703"]),
        st.sampled_from(["", "李强"]),
    ),
    max_size=12,
)


@settings(
    max_examples=30, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(steps)
def test_passes_on_the_way_end_where_one_pass_at_the_end_does(
    book: Book, steps: list[tuple[str, str, str, str]]
):
    """Whatever changed between them."""
    example = book.later(1)
    for n, (what, name, room, technician) in enumerate(steps):
        number = f"{name}-{example}"
        if what == "row":
            rest = f"{technician},,,,,处理中" if n % 2 else f"{technician},,,,,"
            brought(book, log_of(row(number, rest, WHERE.replace("1702", room))))
        elif what == "order" and book.rev(number) == 0:
            asked(book, number)
        else:
            compared(book)
    compared(book)
    on_the_way = waiting(book)
    with writing(book.engine) as connection:
        connection.execute(update(difference).values(open=False))
        connection.exec_driver_sql("UPDATE compared SET terms = ''")
    compared(book)

    assert waiting(book) == on_the_way


def test_a_number_that_moves_in_is_seen_from_who_was_there(book: Book):
    """The later one has not changed: it is a duplicate since the earlier one came."""
    asked(book, "N1")
    asked(book, "N2", registered_ms=NOON - HOUR + 60_000)
    later = row("N2").replace("11:00", "11:01")
    brought(book, log_of(row("N1", where=ELSEWHERE), later))
    compared(book)

    brought(book, log_of(row("N1")))
    compared(book)

    assert waiting(book) == {("N2", "duplicate_request")}
