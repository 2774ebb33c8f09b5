"""Statements that go to the driver directly say and find the same as any other."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, bindparam, event, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from server.database import new_or_same, writing
from server.prepared import NOTHING, Prepared
from server.tables import member
from tests.server.books import Book, book

__all__ = ["book"]

ROW = {"actor": "li", "stream": "order:1", "pos": 1, "state": "in",
       "reason": "assigned", "purge_ms": None}  # fmt: skip
ENTER = Prepared(insert(member))
THOSE = (
    select(member.c.actor, member.c.pos)
    .where(member.c.actor.in_(bindparam("names", expanding=True)))
    .where(member.c.pos > bindparam("after"), member.c.state == "in")
    .order_by(member.c.pos)
    .limit(2)
)


@pytest.fixture
def connection(book: Book) -> Iterator[Connection]:
    with writing(book.engine) as connection:
        ENTER.run_all(connection, [
            ROW | {"actor": name, "pos": at}
            for at, name in enumerate(("li", "wang", "zhou"), 1)
        ])  # fmt: skip
        yield connection


@pytest.mark.parametrize("names", [[], ["li"], ["li", "wang", "zhou", "sun"]])
@pytest.mark.parametrize("after", [0, 1, 9])
def test_it_finds_what_sqlalchemy_finds(
    connection: Connection, names: list[str], after: int
):
    said = {"names": names, "after": after}
    plainly = [tuple(row) for row in connection.execute(THOSE, said)]
    prepared = Prepared(THOSE)

    assert prepared.all(connection, said) == prepared.all(connection, said) == plainly
    assert prepared.first(connection, said) == next(iter(plainly), None)


def test_what_is_there_is_left_as_it_is(connection: Connection):
    """One form for each database (`ON CONFLICT`)."""
    same = Prepared(lambda connection: new_or_same(connection, member))

    same.run_all(connection, [ROW | {"pos": 7}, ROW | {"actor": "sun", "pos": 8}])

    where = Prepared(select(member.c.pos).order_by(member.c.pos))
    assert where.all(connection, NOTHING) == [(1,), (2,), (3,), (8,)]


def test_its_errors_are_those_of_any_statement(book: Book):
    """Whoever waits for a busy database, or finds a row there, asks for these."""

    def twice() -> None:
        with writing(book.engine) as connection:
            ENTER.run_all(connection, [ROW])
            ENTER.run(connection, ROW)

    with pytest.raises(IntegrityError):
        twice()


def test_whoever_listens_to_statements_hears_these_and_may_stop_them(
    book: Book, connection: Connection
):
    """Faults are tried at every statement, also at those that go a shorter way."""

    def fault(*_said: object) -> None:
        raise OperationalError("?", None, ValueError("here"))

    event.listen(book.engine, "before_cursor_execute", fault)
    with pytest.raises(OperationalError, match="here"):
        ENTER.run_all(connection, [ROW])
    with pytest.raises(OperationalError, match="here"):
        Prepared(THOSE).all(connection, {"names": ["li"], "after": 0})
    event.remove(book.engine, "before_cursor_execute", fault)
