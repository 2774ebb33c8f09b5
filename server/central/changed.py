"""Which numbers have to be compared again, and how far both sides have come.

A number is looked at again if its row or its order changed, if the order left another
number, if something happened in its home, if a picture of its order turned up
elsewhere, or if the log reaches further than it did.
What it costs follows from what changed. May not enter: rules, differences as such.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, select, union
from sqlalchemy import func as sql

from server.board import as_order
from server.board_tables import order_row
from server.central.pictures import newly_alike, sharing
from server.central_tables import central_head, central_row, compared, difference
from server.picture_tables import pair_head
from server.tables import head, member, stream
from sync.envelope import digest
from sync.facts.reconciling import DifferenceSettled
from sync.moment import Span
from sync.policy import Policy, as_text
from sync.reconcile import SORTS

SOME = 500


@dataclass(frozen=True)
class Mark:
    """How far both sides are known: positions, from when to when the log reaches, by
    which terms, and what technicians are called, and up to which pair of
    pictures that look the same."""

    central_seq: int
    head: int
    reach: Span
    terms: str
    names: Mapping[str, str]
    pairs: int

    @property
    def columns(self) -> dict[str, Any]:
        """As it lies in its table."""
        return {
            "central_seq": self.central_seq, "head": self.head, "terms": self.terms,
            "first_ms": self.reach.first_ms, "end_ms": self.reach.end_ms,
            "names": orjson.dumps(self.names).decode(), "pairs": self.pairs,
        }  # fmt: skip


def terms_digest(policy: Policy) -> str:
    """What differences are found by: other terms, and everything is compared anew."""
    return digest(orjson.dumps([as_text(policy), *SORTS]))


def before(connection: Connection) -> Mark:
    """The mark that the last whole pass left."""
    row = connection.execute(select(compared)).one()
    reach = Span(row.first_ms, row.end_ms)
    names = orjson.loads(row.names)
    return Mark(row.central_seq, row.head, reach, row.terms, names, row.pairs)


def now(connection: Connection, terms: str, names: Mapping[str, str]) -> Mark:
    """How far they are known at this moment."""
    first, last = connection.execute(
        select(
            sql.min(central_row.c.registered_ms), sql.max(central_row.c.registered_ms)
        )
    ).one()
    reach = Span(0, 0) if first is None else Span(first, last + 1)
    seq, reached, pairs = (
        connection.execute(select(one.c.seq)).scalar_one()
        for one in (central_head, head, pair_head)
    )
    return Mark(seq, reached, reach, terms, names, pairs)


def numbers(connection: Connection, was: Mark, is_: Mark) -> list[str]:
    """All that are to be compared, in one sequence."""
    if was.terms != is_.terms:
        asked = union(
            select(central_row.c.number),
            select(stream.c.number).where(stream.c.number.is_not(None)),
        )
        return sorted(connection.execute(asked).scalars())
    moved = {
        *_of_rows(connection, was),
        *_of_orders(connection, was, is_),
        *newly_alike(connection, was.pairs),
    }
    found = moved | {*_of_homes(connection, moved), *_speaking_of(connection, moved)}
    return sorted(found | {*_newly_reached(connection, was.reach, is_.reach)})


def _of_rows(connection: Connection, was: Mark) -> Iterator[str]:
    yield from connection.execute(
        select(central_row.c.number).where(central_row.c.seq > was.central_seq)
    ).scalars()


def _of_orders(connection: Connection, was: Mark, is_: Mark) -> Iterator[str]:
    """Orders that changed under the numbers they bear, and under those that they bore
    when they were last compared."""
    rows = connection.execute(
        select(stream.c.id, stream.c.number)
        .where(stream.c.head > was.head, stream.c.id.like("order:%"))
    ).all()  # fmt: skip
    called = {*was.names.items()} ^ {*is_.names.items()}
    theirs = _each(connection, member.c.actor, {who for who, _ in called},
                   member.c.stream)  # fmt: skip
    names = {row.id for row in rows} | {*theirs}
    yield from (row.number for row in rows if row.number)
    yield from sharing(connection, [row.id for row in rows])
    yield from _each(connection, central_row.c.stream, names, central_row.c.number)
    yield from _each(connection, difference.c.stream, names, difference.c.number)
    yield from _decided(connection, names)


def _decided(connection: Connection, names: Iterable[str]) -> Iterator[str]:
    """Numbers that decisions in these speak of: one lies where its number's order will
    be, so that stream may bear no number, or by now another one."""
    chosen = stream.c.document.contains(DifferenceSettled.kind)
    for some in in_some(sorted(names)):
        asked = select(stream.c.document).where(stream.c.id.in_(some), chosen)
        for text in connection.execute(asked).scalars():
            yield from (one.number for one in as_order(text).settlements)


def _of_homes(connection: Connection, moved: Iterable[str]) -> Iterator[str]:
    homes = {*_each(connection, central_row.c.number, moved, central_row.c.home)}
    yield from _each(connection, central_row.c.home, homes - {None},
                     central_row.c.number)  # fmt: skip


def _speaking_of(connection: Connection, moved: Iterable[str]) -> Iterator[str]:
    yield from _each(connection, difference.c.about, moved, difference.c.number)


def _newly_reached(connection: Connection, was: Span, is_: Span) -> Iterator[str]:
    """Orders of days that the log has come to reach."""
    if is_ == was or is_.first_ms is None or is_.end_ms is None:
        return
    asked = order_row.c.registered_ms
    within: ColumnElement[bool] = asked.between(is_.first_ms, is_.end_ms - 1)
    if was.first_ms is not None and was.end_ms is not None:
        within &= (asked < was.first_ms) | (asked >= was.end_ms)
    yield from connection.execute(
        select(order_row.c.number).where(within, order_row.c.number.is_not(None))
    ).scalars()


def _each(
    connection: Connection,
    column: ColumnElement[Any],
    values: Iterable[Any],
    wanted: ColumnElement[Any],
) -> Iterator[Any]:
    """What stands beside these values; asked for some at a time."""
    for some in in_some(sorted(values)):
        yield from connection.execute(
            select(wanted).where(column.in_(some)).distinct()
        ).scalars()


def in_some(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """These, some at a time."""
    for start in range(0, len(values), SOME):
        yield values[start : start + SOME]
