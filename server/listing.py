"""Which orders a reader asked for: filters, words, sequence, a page at a time.

A list says from where its changes go on (`server/following.py`). May not enter: HTTP,
writing, what a card shows (`server/showing.py`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
)

from server.board_tables import order_row, order_words
from server.keys import Keys
from server.running import Promised, is_late, next_due_ms
from server.showing import Scope
from server.tables import member
from sync.access import EVERY
from sync.card import HOME
from sync.envelope import digest
from sync.problems import Refused

NOBODY = "-"  # not given to anybody
MASKED = (*HOME[:2],)  # what may be looked up without knowing the owner
PRIORITIES = ("emergency", "urgent", "normal")
SEVERAL = ("stage", "technician", "priority")  # one or more, with commas
MOST = 500


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list is asked for. `stage`, `priority` and `technician` may name several;
    a technician is the lead or helps, "-" is nobody."""

    project: str | None = None
    stage: tuple[str, ...] = ()
    technician: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    trade: str | None = None
    sort_of: str | None = None
    review: bool | None = None
    late: bool | None = None
    open: bool | None = None
    q: str = ""
    order_by: str = "registered"  # worst, registered, number


def wanted_by(asked: Mapping[str, Any]) -> Wanted:
    """What a query asks for."""
    several = {name: tuple(asked[name].split(",")) for name in SEVERAL if name in asked}
    return Wanted(**(dict(asked) | several))


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of orders by name; `next`: behind which key it goes on."""

    names: tuple[str, ...]
    next: tuple[Any, ...] | None


def visible(scope: Scope) -> ColumnElement[bool]:
    """Orders that lie in somebody's scope: of their projects, or given to them."""
    if scope.reads_all:
        return true()
    given = select(member.c.stream).where(
        member.c.actor == scope.actor, member.c.state == "in"
    )
    return or_(
        order_row.c.project.in_(sorted(scope.reads)), order_row.c.stream.in_(given)
    )


def seen(connection: Connection, scope: Scope, names: Sequence[str]) -> list[str]:
    """Those of these orders that lie in somebody's scope."""
    chosen = select(order_row.c.stream).where(
        order_row.c.stream.in_(names), visible(scope)
    )
    known = set(connection.execute(chosen).scalars())
    return [one for one in names if one in known]


def matching(scope: Scope, wanted: Wanted) -> ColumnElement[bool]:
    """What has to be true of an order's row."""
    row = order_row.c
    plain = {row.project: wanted.project, row.trade: wanted.trade,
             row.sort: wanted.sort_of, row.open: wanted.open}  # fmt: skip
    asked = [column == value for column, value in plain.items() if value is not None]
    for column, values in ((row.stage, wanted.stage), (row.priority, wanted.priority)):
        if values:
            asked.append(column.in_(values))
    if wanted.technician:
        asked.append(_given_to(wanted.technician))
    if wanted.review is not None:
        asked.append(row.reviews > 0 if wanted.review else row.reviews == 0)
    if words := wanted.q.strip():
        asked.append(_speaks_of(scope, words))
    return and_(visible(scope), *asked)


def _given_to(people: Sequence[str]) -> ColumnElement[bool]:
    """The lead is one of them, or a helper is."""
    named = [one for one in people if one != NOBODY]
    helped = select(member.c.stream).where(
        member.c.actor.in_(named), member.c.state == "in"
    )
    row = order_row.c
    given = or_(row.technician.in_(named), row.stream.in_(helped))
    return or_(given, row.technician.is_(None)) if NOBODY in people else given


def _speaks_of(scope: Scope, words: str) -> ColumnElement[bool]:
    """The number, or what the request is looked up by, has these words in it. Who may
    not know an owner does not find them by searching either."""
    holds = order_words.c.value.icontains(words, autoescape=True)
    found = select(order_words.c.stream).where(holds)
    open_ = found.where(order_words.c.field.in_(MASKED))
    row = order_row.c
    if EVERY in scope.owners:
        known: ColumnElement[bool] = true()
    else:
        known = row.project.in_(sorted(scope.owners)) if scope.owners else false()
    return or_(
        row.number.icontains(words, autoescape=True),
        and_(known, row.stream.in_(found)),
        row.stream.in_(open_),
    )


# a page


def page(
    connection: Connection,
    scope: Scope,
    promised: Promised,
    wanted: Wanted,
    after: Any,
    limit: int,
    now_ms: int,
) -> Found:
    """The orders that were asked for, behind a key."""
    if wanted.order_by == "worst" or wanted.late is not None:
        keys = _by_promise(connection, scope, promised, wanted, now_ms)
        rows = [one for one in keys if after is None or one > tuple(after)]
    else:
        rows = _by_column(connection, scope, wanted, after, limit)
    some = rows[:limit]
    return Found(
        names=tuple(one[-1] for one in some),
        next=tuple(some[-1]) if len(rows) > limit else None,
    )


def _by_column(
    connection: Connection, scope: Scope, wanted: Wanted, after: Any, limit: int
) -> list[tuple[Any, ...]]:
    """The newest first, or by number: one more than fits."""
    row = order_row.c
    newest = wanted.order_by != "number"
    first = row.registered_ms if newest else func.coalesce(row.number, "")
    key = (first, row.stream)
    chosen = select(*key).where(matching(scope, wanted)).limit(limit + 1)
    if after is not None:
        here, there = tuple_(*key), tuple_(*after)
        chosen = chosen.where(here < there if newest else here > there)
    chosen = chosen.order_by(*(one.desc() if newest else one.asc() for one in key))
    return [tuple(one) for one in connection.execute(chosen)]


def _by_promise(
    connection: Connection,
    scope: Scope,
    promised: Promised,
    wanted: Wanted,
    now_ms: int,
) -> list[tuple[Any, ...]]:
    """What is due first, first; then what nothing is due of, by urgency. How late an
    order is stands in no table, so all that match are looked at."""
    row = order_row.c
    chosen = select(row.stream, row.priority, row.registered_ms, row.number).where(
        matching(scope, wanted)
    )
    rows = connection.execute(chosen).all()
    held = promised.of([one.stream for one in rows])
    found = []
    for one in rows:
        runs = held.get(one.stream, ())
        if wanted.late is None or is_late(runs, now_ms) == wanted.late:
            found.append(_key(wanted.order_by, one, next_due_ms(runs)))
    return sorted(found)


def _key(order_by: str, row: Any, due_ms: int | None) -> tuple[Any, ...]:
    """What a list in this sequence is sorted by; ends with the order."""
    if order_by == "number":
        return (row.number or "", row.stream)
    if order_by == "registered":
        return (-row.registered_ms, row.stream)
    urgent = PRIORITIES.index(row.priority) if row.priority in PRIORITIES else 9
    return (due_ms is None, due_ms or 0, urgent, row.registered_ms, row.stream)


# where a list goes on


def cursor(
    keys: Keys, scope: Scope, wanted: Wanted, after: tuple[Any, ...] | None
) -> str | None:
    """Where a list goes on: opaque, and good for the same reader and sequence alone."""
    if after is None:
        return None
    said = json.dumps([_mark(scope), _sequence(wanted), *after])
    return keys.sealed("list", said.encode())


def read_cursor(keys: Keys, scope: Scope, wanted: Wanted, text: str) -> Any:
    """The key behind which to go on; refuses what this server did not make for this."""
    data = keys.unsealed("list", text)
    mark, order_by, *after = json.loads(data) if data else (None, None)
    if mark != _mark(scope) or order_by != _sequence(wanted):
        raise Refused("cursor_unknown")
    return after


def _mark(scope: Scope) -> str:
    return digest(scope.mark.encode())[:12]


def _sequence(wanted: Wanted) -> str:
    return f"{wanted.order_by} {wanted.late}"
