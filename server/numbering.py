"""Numbers: ours until the register gives its own, and which order goes on under which.

An order's id never changes; its number does once. A number that the register has given
to another order makes one of the two: whichever was worked on goes on. May not enter:
reading the register, HTTP.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, case, select
from sqlalchemy.dialects import postgresql, sqlite

from server.board import document
from server.database import reading, writing
from server.desk import may_be_merged, may_go_on
from server.desk_tables import taken, taken_on
from server.ledger import Also, Decision, Guard, Ledger
from server.tables import epoch, private, stream
from sync.calendar import Calendar
from sync.card import is_provisional
from sync.exchange import Receipt
from sync.facts.intake import Amended, DuplicateFound, Merged
from sync.order import Order, Stage, order_stream
from sync.plain import fields, plain
from sync.problems import Refused
from sync.register.cells import Unreadable, number

AT_ONCE = 500
MERGED = '"merged_into":'  # in a document; in a text its quotes would be escaped


def give_number(
    ledger: Ledger,
    engine: Engine,
    *,
    order: str,
    said: str,
    by: str,
    now_ms: int,
    note: Callable[[str], Also] = lambda _stays: lambda _connection, _receipts: None,
) -> str:
    """The register's number for an order (by its stream) that was taken here. If the
    register's row was imported before, the two become one. The stream that goes on
    under it; `note` of that is written in the same transaction."""
    name = unified(said)
    with reading(engine) as connection:
        mine = document(connection, order) or Order()
        if mine.number == name:
            return bearing(connection, [name]).get(name, order)
        if mine.number and not is_provisional(mine.number):
            raise Refused("number_given", number=mine.number)
        theirs = under(connection, name)
        words = _register_says(connection, theirs) if theirs else {}
        amended = restated(connection, mine, name, words)
    if theirs is None:
        also = _both_noted(_alone(name, order), note(order))
        ledger.decide([amended], by, now_ms, also)
        return order
    merger = joined(mine, theirs)
    if merger is None:
        raise Refused("both_worked", number=name)
    again = [amended] if merger.stays == order else []
    ledger.decide([*again, *merger.decisions], by, now_ms, note(merger.stays))
    return merger.stays


def _both_noted(first: Also, second: Also) -> Also:
    def also(connection: Connection, receipts: list[Receipt]) -> None:
        first(connection, receipts)
        second(connection, receipts)

    return also


@dataclass(frozen=True, kw_only=True)
class Merger:
    """Two orders for one request become one: which goes on, and what says so."""

    stays: str
    decisions: Sequence[Decision]


def joined(mine: Order, theirs: Order) -> Merger | None:
    """How an order taken here and another one under its number become one: whichever
    was worked on goes on, and what nobody asked for joins what somebody did. None if
    both were worked on: a person looks first."""
    if theirs.request is None or _untouched(theirs):
        gone, stays = theirs, mine
    elif _untouched(mine):
        gone, stays = mine, theirs
    else:
        return None
    into = Decision(
        stream=gone.stream, what=Merged(into=stays.stream), private={},
        guard=_both(must_be(gone), may_be_merged),
    )  # fmt: skip
    found = Decision(
        stream=stays.stream, what=DuplicateFound(duplicate=gone.stream), private={},
        guard=_both(must_be(stays), may_go_on),
    )  # fmt: skip
    return Merger(stays=stays.stream, decisions=(into, found))


def under(connection: Connection, name: str) -> Order | None:
    """The order that goes on under this number, or what was noted under it before
    anybody asked for it."""
    found = bearing(connection, [name]).get(name)
    order = document(connection, found or order_stream(name))
    known = order is not None and order.history and order.merged_into is None
    return order if known else None


def unified(said: str) -> str:
    """A number as the register would have it; refuses what cannot be one."""
    try:
        found = number(said, 0)
    except Unreadable:
        found = ""
    if not found or is_provisional(found):
        raise Refused("number_misshapen", found=said)
    return found


def _both(first: Guard, second: Guard) -> Guard:
    def guard(order: Order) -> None:
        first(order)
        second(order)

    return guard


def _register_says(connection: Connection, order: Order) -> dict[str, Any]:
    """What the register's row says of a request; what it leaves open, ours says."""
    if order.request is None:
        return {}
    width = {"registered_width_ms": order.request.registered_width_ms}
    return {**plain(order.request), **width, **_spoken(connection, order)}


def of_provisional(connection: Connection, numbers: Sequence[str]) -> dict[str, str]:
    """The orders that were taken under these numbers of ours: number -> stream."""
    found: dict[str, str] = {}
    for start in range(0, len(numbers), AT_ONCE):
        rows = connection.execute(
            select(taken.c.provisional, taken.c.stream)
            .where(taken.c.provisional.in_(numbers[start : start + AT_ONCE]))
        )  # fmt: skip
        found |= {row.provisional: row.stream for row in rows}
    return found


def bearing(connection: Connection, numbers: Sequence[str]) -> dict[str, str]:
    """Which order goes on under each of these numbers; not those that were merged."""
    return {number: one[0] for number, one in bearers(connection, numbers).items()}


def bearers(connection: Connection, numbers: Sequence[str]) -> dict[str, list[str]]:
    """All orders that go on under each of these numbers: should be one."""
    found: dict[str, list[str]] = {}
    for start in range(0, len(numbers), AT_ONCE):
        rows = connection.execute(
            select(stream.c.number, stream.c.id, stream.c.document)
            .where(stream.c.number.in_(numbers[start : start + AT_ONCE]))
            .order_by(stream.c.id)
        )
        for row in rows:
            if MERGED not in row.document:
                found.setdefault(row.number, []).append(row.id)
    return found


def restated(
    connection: Connection, order: Order, number: str, said: Mapping[str, Any]
) -> Decision:
    """The request said anew under this number: as it was, but for what is said now.
    What is said now and empty says nothing; it was asked for when anybody first noted
    it."""
    if order.request is None:
        raise Refused("not_found")
    spoken = _spoken(connection, order)
    kept = {one.name: getattr(order.request, one.name) for one in fields(Amended)}
    fresh = {name: value for name, value in said.items() if value and name in kept}
    if fresh.get("registered_ms", kept["registered_ms"]) >= kept["registered_ms"]:
        fresh |= {one: kept[one] for one in ("registered_ms", "registered_width_ms")}
    return Decision(
        stream=order.stream,
        what=Amended(**(kept | fresh | {"number": number})),
        private={
            name: said.get(name) or spoken.get(name, "") for name in Amended.private
        },
        guard=must_be(order),
    )


def _spoken(connection: Connection, order: Order) -> Mapping[str, str]:
    """The private values of the request, as far as they are still held."""
    promised = order.request.private if order.request else {}
    rows = connection.execute(
        select(private.c.commitment, private.c.value).where(
            private.c.stream == order.stream,
            private.c.commitment.in_(list(promised.values())),
        )
    )
    held = {row.commitment: row.value for row in rows}
    return {name: held[one] for name, one in promised.items() if one in held}


def must_be(read: Order) -> Callable[[Order], None]:
    """Nobody has said anything else about the request since it was read."""

    def guard(order: Order) -> None:
        moved = order.request != read.request or order.merged_into != read.merged_into
        if moved or (_untouched(read) and not _untouched(order)):
            raise Refused("version_changed")

    return guard


def _alone(name: str, order: str) -> Also:
    """Nobody else has been given this number meanwhile."""

    def also(connection: Connection, _: list[Receipt]) -> None:
        if bearers(connection, [name]).get(name) != [order]:
            raise Refused("version_changed")

    return also


def _untouched(order: Order) -> bool:
    """Has nobody been sent, and nobody done anything?"""
    return order.stage is Stage.LOGGED and not order.assignments and not order.visits


def next_number(engine: Engine, calendar: Calendar, now_ms: int) -> str:
    """A number of our own that nobody was told before: P261122-0001.

    A book that went back to a backup has forgotten numbers of that day. It goes on at
    the second of the day at which it went back: nobody takes a call every second.
    """
    day = calendar.day_name(now_ms)
    with writing(engine) as connection:
        least = _forgotten(connection, calendar, day) + 1
        maker = postgresql if connection.dialect.name == "postgresql" else sqlite
        first = maker.insert(taken_on).values(day=_short(day), numbers=least)
        counted = taken_on.c.numbers + 1
        again = first.on_conflict_do_update(
            index_elements=[taken_on.c.day],
            set_={"numbers": case((counted < least, least), else_=counted)},
        )
        got = connection.execute(again.returning(taken_on.c.numbers)).scalar_one()
    return f"P{_short(day)}-{got:04}"


def _short(day: str) -> str:
    return date.fromisoformat(day).strftime("%y%m%d")


def _forgotten(connection: Connection, calendar: Calendar, day: str) -> int:
    """How many numbers of this day may have been given and forgotten: as many as it had
    seconds when the book last went back."""
    opened = connection.execute(
        select(epoch.c.opened_ms).where(epoch.c.parent.is_not(None))
    ).scalars()
    passed = (calendar.local(at) for at in opened if calendar.day_name(at) == day)
    return max((passed_ms // 1000 for _, passed_ms in passed), default=0)
