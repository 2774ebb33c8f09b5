"""A person decides about differences, takes one back, or sees to one.

Each is a fact in the stream of the number's order, or where that order will be; the row
of the difference repeats it in the same transaction. May not enter: HTTP, what may be
decided (`sync/reconcile/deciding.py`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from server import correcting
from server.board import as_order
from server.central.settled import UNSETTLED, home_stream
from server.central.waiting import theirs
from server.central_tables import compared, difference
from server.database import reading
from server.ledger import Also, Decision, Ledger, told
from server.tables import stream
from sync.calendar import Calendar
from sync.exchange import Receipt
from sync.facts import What
from sync.facts.intake import Taken
from sync.facts.reconciling import (
    CORRECT,
    DifferenceSettled,
    DifferenceTaken,
    SettlementUndone,
)
from sync.facts.statement import StatementClosed
from sync.order import Order
from sync.problems import Refused
from sync.reconcile.deciding import (
    CORRECTS,
    LINK,
    OFFERED,
    OTHER,
    choices,
    standing,
)
from sync.statements import ALL, statement_stream

MOST = 200  # that are decided at once

Row = Any
MaySettle = Callable[[Row], bool]


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a person decided; `changes`: what a request says from now on, if the
    decision is to put it right."""

    choice: str
    reason: str
    words: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class By:
    """Who decides, when, seeing which projects, allowed what; `seen`: the decision that
    was on the screen, "open" if there was none, nothing if it was not said."""

    person: str
    now_ms: int
    projects: Collection[str]
    may: MaySettle
    seen: str | None = None


def settle(
    ledger: Ledger, engine: Engine, names: Sequence[str], made: Made, by: By, note: Also
) -> list[Receipt]:
    """Decide the same about these differences, all or none; they are of one cause."""
    with reading(engine) as connection:
        rows = _rows(connection, names, by)
        _must_be_alike(rows)
        _must_fit(rows[0].code, made, len(rows))
        said = [_settling(connection, row, made, by) for row in rows]
    found = [one for some in said for one in some]
    settled = [type(one.what) is DifferenceSettled for one in found]

    def also(connection: Connection, receipts: list[Receipt]) -> None:
        facts = _own(receipts, settled)
        _hold(connection)
        for row, one in zip(rows, facts, strict=True):
            _write(connection, row, {
                "decision": one.id, "choice": made.choice, "reason": made.reason,
                "settled_by": by.person, "settled_ms": one.received_ms,
            }, None)  # fmt: skip
        note(connection, facts)

    return _own(ledger.decide(found, by.person, by.now_ms, also), settled)


def _own(receipts: Sequence[Receipt], settled: Sequence[bool]) -> list[Receipt]:
    """Those of the decisions themselves, without what puts a record right."""
    return [one for one, own in zip(receipts, settled, strict=True) if own]


def _rows(connection: Connection, names: Sequence[str], by: By) -> list[Row]:
    """The differences of these names, in this sequence; what is foreign is unknown."""
    wanted = list(dict.fromkeys(names))
    asked = select(difference).where(difference.c.id.in_(wanted) & theirs(by.projects))
    held = {row.id: row for row in connection.execute(asked)}
    if len(held) < len(wanted):
        raise Refused("not_found")
    rows = [held[name] for name in wanted]
    if not all(by.may(row) for row in rows):
        raise Refused("forbidden")
    return rows


def _must_be_alike(rows: Sequence[Row]) -> None:
    if len({row.code for row in rows}) > 1:
        raise Refused("differences_mixed")


def _must_fit(code: str, made: Made, count: int) -> None:
    if made.choice not in choices(code):
        raise Refused("choice_unfit", choice=made.choice, difference=code)
    if made.reason not in OFFERED[made.choice]:
        raise Refused("reason_unfit", reason=made.reason, choice=made.choice)
    if made.reason == OTHER and not made.words.strip():
        raise Refused("words_missing")
    if made.changes and (made.choice != CORRECT or count > 1):
        raise Refused("choice_unfit", choice=made.choice, difference=code)


def _settling(connection: Connection, row: Row, made: Made, by: By) -> list[Decision]:
    """The decision, and before it what puts the field's record right."""
    if by.seen not in (None, row.decision or "open"):
        raise Refused("changed_meanwhile")
    if row.decision is not None:
        raise Refused("difference_settled", number=row.number)
    if not row.open:
        raise Refused("difference_over", number=row.number)
    order = _order(connection, row)
    name = home_stream(row.number, order)

    def undecided(now: Order) -> None:
        if row.id in standing(now):
            raise Refused("difference_settled", number=row.number)

    what = DifferenceSettled(
        number=row.number, code=row.code, choice=made.choice, reason=made.reason,
        register=row.register, field=row.field, other=row.about,
    )  # fmt: skip
    private = {"words": made.words} if made.words else {}
    said = Decision(stream=name, what=what, private=private, guard=undecided)
    return [*_putting_right(connection, row, order, made, by), said]


def _putting_right(
    connection: Connection, row: Row, order: Order | None, made: Made, by: By
) -> list[Decision]:
    """The existing fact that a correction comes down to, if it is that simple; else
    whoever decides goes to the order and states it there."""
    if made.choice != CORRECT:
        return []
    if order is None:
        raise Refused("difference_without_order", number=row.number)
    if made.changes:
        words = made.words or made.reason
        return [correcting.as_decision(connection, made.changes, order.stream, words)]
    if CORRECTS.get(row.code) == LINK:
        return [_linked(connection, row, order, by)]
    return []


def _linked(connection: Connection, row: Row, order: Order, by: By) -> Decision:
    """This repair follows one that did not last (I5)."""
    chosen = select(stream.c.id).where(stream.c.number == row.about)
    other = connection.execute(chosen.order_by(stream.c.id)).scalar()
    if other is None:
        raise Refused("difference_over", number=row.number)
    person = order.owned_by or by.person
    return Decision(
        stream=order.stream, what=Taken(person=person, repeats=other), private={}
    )


def _order(connection: Connection, row: Row) -> Order | None:
    if row.stream is None:
        return None
    chosen = select(stream.c.document).where(stream.c.id == row.stream)
    text = connection.execute(chosen).scalar()
    return as_order(text) if text else None


# taking back


def undo(
    ledger: Ledger, engine: Engine, name: str, words: str, calendar: Calendar, by: By,
    note: Also,
) -> Receipt:  # fmt: skip
    """Take the decision about this difference back, as long as nothing rests on it: no
    newer decision about the same, no closed statement that counts it."""
    with reading(engine) as connection:
        (row,) = _rows(connection, [name], by)
        if row.decision is None:
            raise Refused("difference_open", number=row.number)
        if by.seen not in (None, row.decision):
            raise Refused("changed_meanwhile")
        home = _stream_of_fact(connection, row)
        _must_not_be_closed(connection, row, calendar)

    def still(order: Order) -> None:
        held = standing(order)
        if row.id not in held or held[row.id].fact != row.decision:
            raise Refused("difference_open", number=row.number)
        places = {one.fact: n for n, one in enumerate(order.settlements)}
        for one in held.values():
            same = (one.number, one.code) == (row.number, row.code)
            if same and places[one.fact] > places[row.decision]:
                raise Refused("settlement_overtaken", number=row.number)

    said = Decision(
        stream=home, what=SettlementUndone(settled=row.decision),
        private={"words": words} if words else {}, guard=still,
    )  # fmt: skip

    def also(connection: Connection, receipts: list[Receipt]) -> None:
        _hold(connection)
        kept = {one: value for one, value in UNSETTLED.items() if one != "handler"}
        _write(connection, row, kept, row.decision)
        note(connection, receipts)

    return ledger.decide([said], by.person, by.now_ms, also)[0]


def _stream_of_fact(connection: Connection, row: Row) -> str:
    """Where the decision lies: it stays where it was made, wherever the number goes."""
    names = dict.fromkeys([row.stream, home_stream(row.number, None)])
    for name in names:
        text = connection.execute(
            select(stream.c.document).where(stream.c.id == name)
        ).scalar()  # fmt: skip
        if text and row.id in standing(as_order(text)):
            return str(name)
    raise Refused("difference_open", number=row.number)


def _must_not_be_closed(connection: Connection, row: Row, calendar: Calendar) -> None:
    """A difference counts in the day and month in which it was first seen."""
    day = calendar.day_name(row.first_ms)
    for period in (day, day[:7]):
        for project in (row.project, ALL):
            said = told(connection, statement_stream(period, project))
            if said and isinstance(said[-1][0].what, StatementClosed):
                raise Refused("settlement_in_statement", period=period)


# seeing to it


def take(
    ledger: Ledger, engine: Engine, name: str, person: str, by: By, note: Also
) -> Receipt:
    """This person sees to the difference; nobody, if none is named."""
    with reading(engine) as connection:
        (row,) = _rows(connection, [name], by)
        if row.decision is not None:
            raise Refused("difference_settled", number=row.number)
        order = _order(connection, row)
    what: What = DifferenceTaken(number=row.number, code=row.code, person=person)
    said = Decision(stream=home_stream(row.number, order), what=what, private={})

    def also(connection: Connection, receipts: list[Receipt]) -> None:
        _hold(connection)
        mine = (difference.c.number == row.number) & (difference.c.code == row.code)
        connection.execute(update(difference).where(mine).values(handler=person))
        note(connection, receipts)

    return ledger.decide([said], by.person, by.now_ms, also)[0]


def _hold(connection: Connection) -> None:
    """No pass reads documents between this decision and its commit: it would put back
    what it read before."""
    connection.execute(select(compared.c.turn).with_for_update())


def _write(
    connection: Connection, row: Row, said: Mapping[str, Any], was: str | None
) -> None:
    """Beside the difference, if nobody decided meanwhile."""
    same = difference.c.decision.is_(None) if was is None else (
        difference.c.decision == was
    )  # fmt: skip
    done = connection.execute(
        update(difference).where((difference.c.id == row.id) & same).values(**said)
    )
    if not done.rowcount:
        raise Refused("difference_settled", number=row.number)
