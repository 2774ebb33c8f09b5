"""One pass of reconciling: what changed on either side is compared again.

Differences are state, not events: one that no longer holds is over, one that holds
again is open again, one that a person decided stays decided as long as both sides stay.
May not enter: rules (`sync/reconcile/`), decisions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Engine,
    bindparam,
    insert,
    select,
    update,
)

from server.central import changed
from server.central.changed import Mark, in_some
from server.central.pictures import reused
from server.central.rows import as_row
from server.central.settled import UNSETTLED, decisions
from server.central_tables import central_row, compared, difference
from server.database import reading, writing
from server.prepared import Prepared, evened
from server.tables import blob, person, stream
from sync.order import Order, order_stream
from sync.plain import typed_json
from sync.policy import Policy
from sync.problems import Refused
from sync.reconcile import Case, Discrepancy, Reuse, Terms, differences
from sync.reconcile import identity as named

MOST_BESIDE = 20  # earlier numbers of one home that are looked at

_NAMES: BindParameter[list[str]] = bindparam("names", expanding=True)
ROWS = Prepared(
    select(
        central_row.c.number, central_row.c.said, central_row.c.unreadable,
        central_row.c.times, central_row.c.project, central_row.c.home,
        central_row.c.stream,
    ).where(central_row.c.number.in_(_NAMES))
)  # fmt: skip
ORDERS = Prepared(
    select(stream.c.number, stream.c.id, stream.c.document)
    .where(stream.c.number.in_(_NAMES))
)  # fmt: skip
IN_HOMES = Prepared(
    select(central_row.c.home, central_row.c.number, central_row.c.registered_ms)
    .where(central_row.c.home.in_(_NAMES))
)  # fmt: skip
HELD = Prepared(select(blob.c.sha256).where(blob.c.sha256.in_(_NAMES)))
STORED = Prepared(
    select(
        difference.c.id, difference.c.open, difference.c.decision, difference.c.handler
    ).where(difference.c.number.in_(_NAMES))
)  # fmt: skip
FOUND = Prepared(insert(difference))
TURNED = Prepared(
    update(difference).where(difference.c.id == bindparam("b_id"))
    .values(open=bindparam("b_open"), gone_ms=bindparam("b_gone_ms"))
)  # fmt: skip
SETTLED = Prepared(
    update(difference).where(difference.c.id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}") for name in UNSETTLED})
)  # fmt: skip
TIED = Prepared(
    update(central_row).where(central_row.c.number == bindparam("b_number"))
    .values(stream=bindparam("b_stream"))
)  # fmt: skip


@dataclass
class Done:
    """What a pass has done so far. `opened`: differences that were not open before."""

    total: int = 0
    compared: int = 0
    opened: list[str] = field(default_factory=list)
    gone: int = 0


@dataclass(frozen=True)
class _Row:
    """A row of the central log, as it is compared."""

    said: str | None
    unreadable: str
    times: int
    project: str
    home: str | None
    stream: str | None


def reconcile(engine: Engine, policy: Policy, now_ms: int) -> Iterator[Done]:
    """Compare what changed since the last whole pass; yields how far it has come. One
    that was broken off begins where the last whole one ended; of two at a time the
    later goes on."""
    with writing(engine) as connection:
        turn: int = connection.execute(
            update(compared).values(turn=compared.c.turn + 1).returning(compared.c.turn)
        ).scalar_one()
    with reading(engine) as connection:
        was = changed.before(connection)
        names = {one.id: one.name for one in connection.execute(select(person))}
        is_ = changed.now(connection, changed.terms_digest(policy), names)
        numbers = changed.numbers(connection, was, is_)
    done = Done(total=len(numbers))
    yield done
    terms = Terms(policy=policy, names=names)
    for some in in_some(numbers):
        with writing(engine) as connection:
            _must_be_mine(connection, turn)
            _compare(connection, some, terms, is_, now_ms, done)
        done.compared += len(some)
        yield done
    with writing(engine) as connection:
        _must_be_mine(connection, turn)
        connection.execute(update(compared).values(**is_.columns, at_ms=now_ms))


def catch_up(engine: Engine, policy: Policy, now_ms: int) -> Done | None:
    """One whole pass, unless both sides stand as the last one left them."""
    with reading(engine) as connection:
        was = changed.before(connection)
        names = {one.id: one.name for one in connection.execute(select(person))}
        if was == changed.now(connection, changed.terms_digest(policy), names):
            return None
    done = Done()
    for step in reconcile(engine, policy, now_ms):
        done = step
    return done


def _must_be_mine(connection: Connection, turn: int) -> None:
    held = connection.execute(select(compared.c.turn).with_for_update()).scalar_one()
    if held != turn:
        raise Refused("reconcile_overtaken")


def _compare(
    connection: Connection,
    numbers: Sequence[str],
    terms: Terms,
    mark: Mark,
    now_ms: int,
    done: Done,
) -> None:
    rows = {row[0]: _Row(*row[1:]) for row in _all(connection, ROWS, numbers)}
    orders = _orders(connection, numbers)
    beside = _beside(connection, rows, orders)
    absent = _absent(connection, orders)
    shared = reused(connection, orders)
    wanted: dict[str, dict[str, Any]] = {}
    for number in numbers:
        row, order = rows.get(number), orders.get(number)
        case = _case(number, row, order, beside.get(number, {}), mark)
        if order is not None:
            case = _with_pictures(case, order, absent, shared.get(number, ()))
        for one in differences(case, terms):
            wanted[identity(one)] = _columns(one, row, order, now_ms)
    for found, said in decisions(connection, wanted.values(), orders).items():
        wanted[found] |= said
    _write(connection, numbers, wanted, now_ms, done)
    TIED.run_all(connection, [
        {"b_number": number, "b_stream": name}
        for number, row in rows.items()
        if row.stream != (name := _stream_of(orders.get(number)))
    ])  # fmt: skip


def _case(
    number: str,
    row: _Row | None,
    order: Order | None,
    beside: Mapping[str, Order],
    mark: Mark,
) -> Case:
    asked_ms = order.request.registered_ms if order and order.request else None
    return Case(
        number=number,
        row=as_row(row.said) if row and row.said else None,
        order=order,
        unreadable=row.unreadable if row else "",
        times=row.times if row else 1,
        expected=asked_ms is not None and mark.reach.holds(asked_ms),
        beside=beside,
    )


def _with_pictures(
    case: Case, order: Order, absent: set[str], shared: tuple[Reuse, ...]
) -> Case:
    count = sum(one.blob.sha256 in absent for one in order.photos) if absent else 0
    if not (count or shared):
        return case
    return replace(case, absent=count, reused=shared)


def _orders(connection: Connection, numbers: Sequence[str]) -> dict[str, Order]:
    """The order of each number; of two that bear one, that which goes on."""
    found: dict[str, Order] = {}
    for number, name, text in _all(connection, ORDERS, numbers):
        order = typed_json(Order, text)
        held = found.get(number)
        if held is None or held.merged_into or name == order_stream(number):
            found[number] = order
    return found


def _beside(
    connection: Connection, rows: Mapping[str, _Row], orders: Mapping[str, Order]
) -> dict[str, dict[str, Order]]:
    """For each number the orders of its home that were asked for before it."""
    homes: dict[str, list[tuple[int, str]]] = {}
    wanted = sorted({one.home for one in rows.values() if one.home})
    for home, number, asked_ms in _all(connection, IN_HOMES, wanted):
        homes.setdefault(home, []).append((asked_ms or 0, number))
    picked: dict[str, list[str]] = {}
    for number, row in rows.items():
        there = sorted(homes.get(row.home or "", ()))
        names = [name for _, name in there]
        if len(names) > 1 and number in names:
            at = names.index(number)
            picked[number] = names[max(0, at - MOST_BESIDE) : at]
    others = {name for names in picked.values() for name in names} - orders.keys()
    held = {**orders, **_orders(connection, sorted(others))}
    return {
        number: {one: held[one] for one in names if one in held}
        for number, names in picked.items()
    }


def _absent(connection: Connection, orders: Mapping[str, Order]) -> set[str]:
    """Pictures that these speak of and that have not come."""
    spoken = {one.blob.sha256 for order in orders.values() for one in order.photos}
    here = {name for (name,) in _all(connection, HELD, sorted(spoken))}
    return spoken - here


def _all(
    connection: Connection, asked: Prepared, names: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """The rows for these names, each once."""
    for some in evened(names):
        yield from asked.all(connection, {"names": some})


def identity(one: Discrepancy) -> str:
    """What a difference is called."""
    return named(one.number, one.code, one.register, one.field)


def _stream_of(order: Order | None) -> str | None:
    return order.stream if order else None


def _columns(
    one: Discrepancy, row: _Row | None, order: Order | None, now_ms: int
) -> dict[str, Any]:
    asked = order.request if order else None
    return {
        "id": identity(one), "number": one.number, "code": one.code,
        "stream": _stream_of(order), "about": one.about,
        "project": (asked.site if asked else row.project if row else "")[:200],
        "register": one.register, "field": one.field,
        "first_ms": now_ms, "gone_ms": None, "open": True, **UNSETTLED,
    }  # fmt: skip


def _write(
    connection: Connection,
    numbers: Sequence[str],
    wanted: Mapping[str, dict[str, Any]],
    now_ms: int,
    done: Done,
) -> None:
    rows = {name: held for name, *held in _all(connection, STORED, numbers)}
    stored = {name: bool(stands) for name, (stands, *_) in rows.items()}
    fresh = [row for name, row in wanted.items() if name not in stored]
    back = [name for name in wanted if stored.get(name) is False]
    over = [name for name, stands in stored.items() if stands and name not in wanted]
    FOUND.run_all(connection, fresh)
    TURNED.run_all(connection, [
        {"b_id": name, "b_open": name in wanted,
         "b_gone_ms": None if name in wanted else now_ms}
        for name in (*back, *over)
    ])  # fmt: skip
    SETTLED.run_all(connection, [
        {f"b_{column}": row[column] for column in ("id", *UNSETTLED)}
        for name, row in wanted.items()
        if name in rows and rows[name][1:] != [row["decision"], row["handler"]]
    ])  # fmt: skip
    done.opened += [*(row["id"] for row in fresh), *back]
    done.gone += len(over)
