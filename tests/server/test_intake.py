"""The register comes in: once, amended where it changed, whole chunks or none."""

from dataclasses import replace

import pytest

from server import intake
from server.intake import carry_out, plan
from server.tables import fact, register_row
from sync.facts.visit import Arrived
from sync.order import order_stream
from sync.problems import Refused
from sync.register import Register, RegisterRow
from tests.server.books import NOON, Book, Pad, book

__all__ = ["book"]


def rows(count: int) -> tuple[RegisterRow, ...]:
    """Requests of people who are all called Zhao."""
    return tuple(
        RegisterRow(
            number=f"N{at:03}", registered_ms=NOON, owner="Zhao",
            phone="13800138000", fault="drip", line=at + 2,
        )
        for at in range(count)
    )  # fmt: skip


def register(*told: RegisterRow) -> Register:
    return Register(
        name="r.csv", columns=(), rows=told, wrong=(), twice=(), unknown_columns=()
    )


def imported(book: Book, told: Register) -> None:
    planned = plan(book.engine, told)
    list(carry_out(book.ledger, planned, "r.csv", "chen", book.now_ms))


def test_an_import_broken_off_goes_on_where_it_was(
    book: Book, monkeypatch: pytest.MonkeyPatch
):
    """The power fails in the second chunk; the second run brings exactly the rest."""
    monkeypatch.setattr(intake, "CHUNK", 4)
    told = register(*rows(10))
    steps = carry_out(book.ledger, plan(book.engine, told), "r", "chen", book.now_ms)
    with monkeypatch.context() as broken:
        next(steps)
        broken.setattr(intake, "_note", _power_cut)
        with pytest.raises(PowerCutError):
            next(steps)
    assert book.count(fact) == 4

    imported(book, told)

    assert (book.count(fact), book.count(register_row)) == (10, 10)
    assert book.ledger.rebuild_board() == []


class PowerCutError(Exception):
    """The lights go out."""


def _power_cut(*_: object) -> None:
    raise PowerCutError


def test_importing_twice_changes_nothing(book: Book):
    told = register(*rows(5))
    imported(book, told)
    before = book.everything()

    imported(book, told)

    assert book.everything() == before


def test_a_plan_writes_nothing(book: Book):
    before = book.everything()

    assert len(plan(book.engine, register(*rows(3))).new) == 3
    assert book.everything() == before


def test_a_changed_row_amends_its_order(book: Book):
    """The phone was wrong; a tablet that has the order is told."""
    told = rows(2)
    imported(book, register(*told))
    book.dispatched("li", "N001")
    cursor = book.pull("li").cursor

    imported(book, register(told[0], replace(told[1], phone="13900139000")))

    document = book.pull("li", cursor).documents[0]
    promised = document.order["request"]["private"]["phone"]
    assert document.private[promised][1] == "13900139000"


def test_what_was_changed_back_is_a_change(book: Book):
    """The newest word counts, not any former one."""
    told = rows(1)[0]
    for one in (told, replace(told, fault="flood"), told):
        imported(book, register(one))

    assert book.count(fact) == 3
    assert plan(book.engine, register(told)).same == (told,)


def test_what_the_field_adds_later_is_no_change(book: Book):
    """The month-end register has more columns: what the desk wrote is the same."""
    told = rows(1)[0]
    imported(book, register(told))

    later = replace(told, result="pass", technician="Li", arrived_ms=NOON)

    assert plan(book.engine, register(later)).same == (later,)


@pytest.mark.parametrize("first", [0, 1])
def test_two_imports_at_once_do_not_overwrite_each_other(book: Book, first: int):
    """Whoever comes second sees that something moved, new or changed."""
    told = rows(1)[0]
    if first:
        imported(book, register(told))
    stale = plan(book.engine, register(replace(told, fault="old news")))
    imported(book, register(replace(told, fault="news")))

    with pytest.raises(Refused, match="另一次导入"):
        list(carry_out(book.ledger, stale, "r", "chen", book.now_ms))


def test_the_order_is_found_by_its_number_for_ever(book: Book):
    """Its id comes from the number (I1)."""
    imported(book, register(*rows(1)))

    assert book.document("N000").stream == order_stream("N000")


def test_a_tablets_facts_wait_for_the_register(book: Book):
    """What was done before the row came in belongs to the same order (I1)."""
    Pad(book, "li", "t-li").tell(Arrived(), "N000")

    imported(book, register(*rows(1)))

    assert len(book.order("N000")["history"]) == 2
