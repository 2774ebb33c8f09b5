"""What a person decides about a difference: a fact, about exactly two values."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from server.central.settling import By, Made, settle, take, undo
from server.central_tables import difference
from server.database import reading, writing
from sync.access import EVERY
from sync.calendar import DEFAULT as CALENDAR
from sync.exchange import Receipt
from sync.facts.intake import Logged
from sync.facts.reconciling import DifferenceSettled
from sync.facts.visit import Arrived
from sync.order import order_stream
from sync.problems import Refused
from tests.server.books import DAY, HOUR, NOON, Book, Pad, book
from tests.server.central_logs import WHERE, brought, compared, log_of, row

__all__ = ["book"]

HERE = "东苑"
FIELD = Made(choice="field", reason="evidence")
LOG = Made(choice="log", reason="told_later")


def chen(book: Book, *projects: str, seen: str | None = None) -> By:
    """Chen at the desk, in every project if none is said."""
    return By(person="chen", now_ms=book.now_ms, projects=projects or {EVERY},
              may=lambda _row: True, seen=seen)  # fmt: skip


def settled(book: Book, names: Sequence[str], made: Made = FIELD) -> list[Receipt]:
    """Chen decides."""
    return settle(book.ledger, book.engine, names, made, chen(book), _nothing)


def undone(book: Book, name: str) -> Receipt:
    """Chen takes it back."""
    by = chen(book)
    return undo(book.ledger, book.engine, name, "看错了", CALENDAR, by, _nothing)


def _nothing(_connection: object, _receipts: object) -> None:
    """Nothing else is written."""


def rows(book: Book, *where: Any) -> list[Any]:
    """Differences, as they lie in their table."""
    with reading(book.engine) as connection:
        asked = select(difference).where(*where).order_by(difference.c.number)
        return list(connection.execute(asked))


def open_ones(book: Book) -> list[str]:
    """What waits for a person."""
    waits = rows(book, difference.c.open, difference.c.decision.is_(None))
    return [one.id for one in waits]


def settlements(book: Book, number: str = "N1") -> list[dict[str, Any]]:
    """What the order's document holds of decisions."""
    return list(book.order(number).get("settlements", ()))


def said(name: str) -> str:
    """The register's row: who went there."""
    return log_of(row("N1", f"{name},,,,,"))


@pytest.fixture
def differing(book: Book) -> str:
    """Li was there, and the register says it was Wang."""
    asked = Logged(number="N1", registered_ms=NOON - HOUR, site=HERE, trade="water")
    book.decide(asked, "N1")
    book.dispatched("li", "N1")
    li = Pad(book, "li", "t-li")
    li.greet()
    li.tell(Arrived(), "N1")
    li.greet()
    brought(book, said("王建军"))
    compared(book)
    wanted = difference.c.code.in_(["arrival_missing"])
    with writing(book.engine) as connection:  # one is enough here
        connection.execute(delete(difference).where(wanted))
    (name,) = open_ones(book)
    return name


def test_a_decision_is_a_fact_about_exactly_two_values(book: Book, differing: str):
    (receipt,) = settled(book, [differing])

    (held,) = settlements(book)
    assert {**held, "moment": 0} == {
        "fact": receipt.id, "by": "chen", "moment": 0, "number": "N1",
        "code": "technician_differs", "choice": "field", "reason": "evidence",
        "register": "王建军", "field": "li",
    }  # fmt: skip


def test_what_is_decided_waits_no_more(book: Book, differing: str):
    settled(book, [differing])

    assert open_ones(book) == []


def test_the_same_register_again_leaves_it_decided(book: Book, differing: str):
    settled(book, [differing])
    book.later(DAY)
    brought(book, said("王建军").replace("滴水", "滴水了"))

    compared(book)

    assert differing not in open_ones(book)


@pytest.mark.parametrize("choice", [FIELD, LOG])
def test_it_is_open_again_when_the_register_changes(
    book: Book, differing: str, choice: Made
):
    settled(book, [differing], choice)
    brought(book, said("陈立新"))
    compared(book)

    again = [one for one in rows(book) if one.id in open_ones(book)]

    assert [(one.code, one.register) for one in again if "tech" in one.code] == [
        ("technician_differs", "陈立新")
    ]
    assert [one["register"] for one in settlements(book)] == ["王建军"]


def test_it_is_open_again_when_the_field_changes(book: Book, differing: str):
    """Wei was there too."""
    settled(book, [differing])
    book.dispatched("wei", "N1")
    wei = Pad(book, "wei", "t-wei")
    wei.greet()
    wei.tell(Arrived(), "N1")
    wei.greet()
    compared(book)

    found = [one.field for one in rows(book) if one.id in open_ones(book)]

    assert "li, wei" in found


def test_a_side_that_changes_back_is_decided_as_it_was(book: Book, differing: str):
    settled(book, [differing])
    for name in ("陈立新", "王建军"):
        brought(book, said(name) + " " * len(name))
        compared(book)

    assert differing not in open_ones(book)


def test_decisions_come_again_from_the_book_alone(book: Book, differing: str):
    """The table of differences is thrown away and compared anew."""
    (receipt,) = settled(book, [differing])
    before = rows(book, difference.c.id == differing)
    with writing(book.engine) as connection:
        connection.execute(delete(difference))
        connection.exec_driver_sql("UPDATE compared SET terms = ''")

    compared(book)

    assert rows(book, difference.c.id == differing) == before
    assert before[0].decision == receipt.id


def test_what_is_taken_back_waits_again(book: Book, differing: str):
    settled(book, [differing])

    receipt = undone(book, differing)
    compared(book)

    assert open_ones(book).count(differing) == 1
    assert [one["undone"] for one in settlements(book)] == [receipt.id]


def test_what_was_taken_back_can_be_decided_anew(book: Book, differing: str):
    settled(book, [differing])
    undone(book, differing)

    settled(book, [differing], LOG)

    (held,) = rows(book, difference.c.id == differing)
    assert (held.choice, len(settlements(book))) == ("log", 2)


def test_a_decision_that_a_newer_one_followed_stays(book: Book, differing: str):
    settled(book, [differing])
    brought(book, said("陈立新"))
    compared(book)
    (newer,) = (
        one.id for one in rows(book) if (one.register, one.open) == ("陈立新", True)
    )
    settled(book, [newer])

    with pytest.raises(Refused) as refused:
        undone(book, differing)

    assert refused.value.code == "settlement_overtaken"


def test_two_people_do_not_decide_the_same(book: Book, differing: str):
    settled(book, [differing])

    with pytest.raises(Refused) as refused:
        settled(book, [differing], LOG)

    assert refused.value.code == "difference_settled"


def test_a_table_that_forgot_a_decision_lets_nobody_decide_twice(
    book: Book, differing: str
):
    """The document is asked, under its lock."""
    settled(book, [differing])
    with writing(book.engine) as connection:
        connection.execute(update(difference).values(decision=None))

    with pytest.raises(Refused, match="裁定"):
        settled(book, [differing], LOG)


def test_what_no_longer_differs_cannot_be_decided(book: Book, differing: str):
    brought(book, said("陈立新"))
    compared(book)

    with pytest.raises(Refused) as refused:
        settled(book, [differing])

    assert refused.value.code == "difference_over"


def lone(book: Book, count: int) -> list[str]:
    """Numbers that the register has alone."""
    where = [WHERE.replace("1702", f"{n}") for n in range(count)]
    brought(book, log_of(*(row(f"U{n}", where=one) for n, one in enumerate(where))))
    compared(book)
    return open_ones(book)


def test_many_of_one_cause_are_decided_at_once(book: Book):
    names = lone(book, 30)

    settled(book, names, Made(choice="waive", reason="unknowable"))

    assert (len(names), open_ones(book)) == (30, [])
    assert {one.choice for one in rows(book)} == {"waive"}


def test_of_many_all_or_none_are_decided(book: Book):
    names = lone(book, 3)
    settled(book, names[2:], LOG)

    with pytest.raises(Refused):
        settled(book, names, LOG)

    assert len(open_ones(book)) == 2


def test_mixed_causes_are_not_decided_at_once(book: Book, differing: str):
    mixed = [differing, *lone(book, 1)[:1]]
    mixed = list({one.code: one.id for one in rows(book)}.values())

    with pytest.raises(Refused) as refused:
        settled(book, mixed, Made(choice="waive", reason="unknowable"))

    assert refused.value.code == "differences_mixed"


def test_a_number_without_an_order_is_decided_where_its_order_will_be(book: Book):
    """And the order holds the decision once it comes."""
    (name,) = lone(book, 1)
    settled(book, [name], LOG)
    compared(book)
    assert open_ones(book) == []

    asked = Logged(number="U0", registered_ms=NOON - HOUR, site=HERE, trade="water")
    book.decide(asked, "U0")

    assert [one["choice"] for one in settlements(book, "U0")] == ["log"]
    assert book.order("U0")["stream"] == order_stream("U0")


def test_a_pass_finds_a_decision_that_lies_where_no_order_is(book: Book):
    """It came by the book alone, not through the list; no order has moved."""
    (name,) = lone(book, 1)
    (one,) = rows(book, difference.c.id == name)
    made = DifferenceSettled(number="U0", code=one.code, choice="log",
                             reason="told_later", register=one.register,
                             field=one.field)  # fmt: skip
    receipt = book.decide(made, "U0")

    assert compared(book).compared == 1

    assert [one.decision for one in rows(book)] == [receipt.id]
    assert compared(book).compared == 0


def test_an_order_that_is_not_there_has_nothing_to_correct(book: Book):
    (name,) = lone(book, 1)

    with pytest.raises(Refused) as refused:
        settled(book, [name], Made(choice="correct", reason="field_gap"))

    assert refused.value.code == "choice_unfit"


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (Made(choice="field", reason="told_later"), "reason_unfit"),
        (Made(choice="field", reason="other"), "words_missing"),
        (Made(choice="field", reason="evidence", changes={"trade": "x"}),
         "choice_unfit"),
    ],
)  # fmt: skip
def test_a_decision_wants_a_reason_of_its_kind(
    book: Book, differing: str, made: Made, code: str
):
    with pytest.raises(Refused) as refused:
        settled(book, [differing], made)

    assert refused.value.code == code


def test_words_travel_beside_the_fact(book: Book, differing: str):
    settled(book, [differing], Made(choice="waive", reason="other", words="赵女士说的"))

    (held,) = settlements(book)
    private = book.document("N1").private
    assert private[held["private"]["words"]][1] == "赵女士说的"


def test_a_correction_is_stated_with_the_decision(book: Book, differing: str):
    settled(book, [differing], Made(
        choice="correct", reason="field_gap", words="工种登错", changes={"trade": "gas"}
    ))  # fmt: skip

    assert book.order("N1")["request"]["trade"] == "gas"
    assert [one["choice"] for one in settlements(book)] == ["correct"]


def test_a_repeat_repair_is_linked_by_the_decision(book: Book):
    """I5: the order that did not last is named."""
    asked = Logged(number="N1", registered_ms=NOON - HOUR, site=HERE, trade="water")
    for number in ("N1", "N2"):
        book.decide(Logged(number=number, registered_ms=asked.registered_ms, site=HERE,
                           trade="water"), number)  # fmt: skip
    brought(book, log_of(row("N1"), row("N2")))
    compared(book)
    with writing(book.engine) as connection:
        connection.execute(update(difference).values(code="repeat_unlinked"))
    (held,) = rows(book)

    settled(book, [held.id], Made(choice="correct", reason="not_linked"))

    assert book.order("N2")["takings"][-1]["repeats"] == order_stream("N1")


def test_another_projects_difference_is_unknown(book: Book, differing: str):
    with pytest.raises(Refused) as refused:
        settle(book.ledger, book.engine, [differing], FIELD, chen(book, "西苑"),
               _nothing)  # fmt: skip

    assert refused.value.code == "not_found"


def test_somebody_sees_to_it_whatever_its_sides_become(book: Book, differing: str):
    take(book.ledger, book.engine, differing, "wang", chen(book), _nothing)
    brought(book, said("陈立新"))
    compared(book)

    found = [one.handler for one in rows(book, difference.c.register == "陈立新")]

    assert found == ["wang"]
