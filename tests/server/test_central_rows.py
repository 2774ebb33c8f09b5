"""The central log comes in: as evidence, once, and only what changed moves."""

import json

import pytest
from sqlalchemy import insert, select

from server.central import rows
from server.central_tables import central_file, central_row, central_version
from server.database import reading, writing
from server.forgotten_rows import forget_rows
from server.tables import erasure
from sync.order import order_stream
from tests.server.books import Book, book
from tests.server.central_logs import (
    HEAD,
    WHERE,
    bringing,
    brought,
    counted,
    log_of,
    row,
    stored,
)

__all__ = ["book"]

MONTH = log_of(*(row(f"N{n}") for n in range(5)))


def said(book: Book, number: str) -> dict[str, object]:
    """What the log says of a number now."""
    with reading(book.engine) as connection:
        text = connection.execute(
            select(central_row.c.said).where(central_row.c.number == number)
        ).scalar_one()
    return json.loads(text) if text else {}


def test_bringing_the_same_file_again_changes_nothing(book: Book):
    brought(book, MONTH)
    before = stored(book)

    again = brought(book, MONTH)

    assert (counted(again), stored(book)) == ({"same": 5}, before)


def test_a_file_that_came_before_a_correction_does_not_undo_it(book: Book):
    """A schedule brings yesterday's export once more."""
    brought(book, MONTH)
    brought(book, log_of(row("N1", "李强,,,,,")))

    brought(book, MONTH)

    assert said(book, "N1")["technician"] == "李强"


def test_overlapping_exports_change_what_differs(book: Book):
    brought(book, MONTH)

    later = log_of(row("N3"), row("N4", "王建军,,,,,"), row("N5"))

    assert counted(brought(book, later)) == {"same": 1, "changed": 1, "new": 1}


def test_every_version_stays_with_its_file_line_and_cells(book: Book):
    brought(book, MONTH)
    brought(book, log_of(row("N1", "李强,,,,,")))

    with reading(book.engine) as connection:
        found = connection.execute(
            select(central_version.c.line, central_version.c.cells)
            .where(central_version.c.number == "N1").order_by(central_version.c.seq)
        ).all()  # fmt: skip

    assert [line for line, _ in found] == [3, 2]
    assert ["李强" in cells for _, cells in found] == [False, True]


def test_a_column_that_a_file_lacks_says_nothing(book: Book):
    """The morning's export has fewer columns than the month's."""
    brought(book, log_of(row("N1", "李强,,,,80,")))

    brought(book, log_of(f"N1,2025-12-14 11:00,{WHERE}", head=HEAD))

    assert said(book, "N1")["technician"] == "李强"


def test_an_empty_cell_of_a_column_that_is_there_takes_back(book: Book):
    brought(book, log_of(row("N1", "李强,,,,80,")))
    brought(book, log_of(row("N1")))

    assert "technician" not in said(book, "N1")


def test_gb18030_says_what_utf_8_says(book: Book):
    brought(book, MONTH)

    assert counted(brought(book, MONTH, "gb18030")) == {"same": 5}


def test_a_row_that_cannot_be_read_is_kept_and_hides_nothing(book: Book):
    """What was said of the number before still holds."""
    brought(book, log_of(row("N1", "李强,,,,,")))
    found = brought(book, log_of(row("N1", "李强,昨天,,,,")))

    assert (counted(found), said(book, "N1")["technician"]) == ({"wrong": 1}, "李强")
    assert found[0].reasons[0].code == "time_unreadable"


def test_two_rows_that_say_the_same_are_one_that_stands_twice(book: Book):
    found = brought(book, log_of(row("N1"), row("N1")))

    with reading(book.engine) as connection:
        times = connection.execute(select(central_row.c.times)).scalars().all()
    assert (counted(found), times) == ({"new": 1, "twice": 1}, [2])


def test_two_rows_that_contradict_each_other_are_both_kept(book: Book):
    found = brought(book, log_of(row("N1"), row("N1", "李强,,,,,")))

    assert counted(found) == {"new": 1, "wrong": 1}
    assert "technician" not in said(book, "N1")


def test_a_look_writes_nothing(book: Book):
    before = book.everything()

    assert counted(brought(book, MONTH, apply=False)) == {"new": 5}
    assert book.everything() == before


def test_an_import_broken_off_goes_on_where_it_was(
    book: Book, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rows, "CHUNK", 2)
    steps = bringing(book, MONTH).run()
    next(steps)
    with reading(book.engine) as connection:
        finished = connection.execute(select(central_file.c.finished_ms)).scalar_one()

    assert (finished, counted(brought(book, MONTH))) == (None, {"same": 2, "new": 3})


def test_a_row_without_a_number_is_kept_under_a_name_of_ours(book: Book):
    found = brought(book, log_of(row("")))

    assert counted(found) == {"wrong": 1}
    assert found[0].number.startswith("?")


def test_whoever_is_forgotten_leaves_no_name_and_every_figure(book: Book):
    """S1."""
    brought(book, log_of(row("N1", "李强,,,,80,")))
    with writing(book.engine) as connection:
        forget_rows(connection, ["N1"])

    text = json.dumps([[str(cell) for cell in one] for one in stored(book)])
    assert not any(one in text for one in ("赵敏", "13800138000", "1702", "\\u8d75"))
    assert said(book, "N1")["charged_fen"] == 8000


def test_a_later_export_brings_nothing_of_the_forgotten_back(book: Book):
    """S1: figures move on, names do not return."""
    brought(book, log_of(row("N1", "李强,,,,80,")))
    with writing(book.engine) as connection:
        forget_rows(connection, ["N1"])
        gone = {"stream": order_stream("N1"), "commitment": "c", "erased_ms": 1,
                "reason": "asked"}  # fmt: skip
        connection.execute(insert(erasure).values(gone))

    brought(book, log_of(row("N1", "李强,,,,90,")))

    text = json.dumps([[str(cell) for cell in one] for one in stored(book)])
    assert not any(one in text for one in ("13800138000", "1702", "\\u8d75"))
    assert said(book, "N1")["charged_fen"] == 9000
