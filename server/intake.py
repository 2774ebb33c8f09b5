"""The intake: our copy of the register's requests, brought up to date by importing.

Every request gets its place under its unified number and a work order whose id comes
from that number (I1); one that was taken here before keeps the id it has, and is
amended: it is known by the number that the desk gave it or by ours in the row's words
(`server/numbering.py`). Importing the same again changes nothing; what was erased is
not said again. May not enter: reading files (`server/register/`), what cells mean
(`sync/register/`).
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import Any
from unicodedata import normalize

from sqlalchemy import Connection, Engine, insert, select

from server.board import document
from server.database import reading
from server.forgotten_rows import forgotten
from server.ledger import Decision, Ledger
from server.numbering import bearers, bearing, joined, of_provisional, restated, under
from server.tables import register_row
from sync.card import PROVISIONAL, is_provisional
from sync.envelope import digest
from sync.exchange import Receipt
from sync.facts.intake import Amended, Logged
from sync.order import Order, order_stream
from sync.problems import Refused
from sync.register import Register, RegisterRow, told_interval

CHUNK = 200
PRIVATE = (
    "owner",
    "phone",
    "building",
    "unit",
    "room",
    "fault",
    "remark",
    "first_asked",
)
_OURS = re.compile(rf"(?<![0-9A-Z]){PROVISIONAL.pattern}(?![0-9])")
OPEN = ("registered_ms", "channel", "kind", "site", "trade", "priority")


@dataclass(frozen=True)
class Plan:
    """What importing a register would do."""

    new: tuple[RegisterRow, ...] = ()
    changed: tuple[RegisterRow, ...] = ()
    same: tuple[RegisterRow, ...] = ()
    known: dict[str, str] = field(default_factory=dict)  # number -> digest held now
    ours: dict[str, list[Decision]] = field(default_factory=dict)  # about orders that
    # were taken here, by number; the first one is what the row itself leads to
    silent: frozenset[str] = frozenset()  # numbers whose owner is forgotten


def plan(engine: Engine, register: Register) -> Plan:
    """What is new, changed or as it was; nothing is written."""
    with reading(engine) as connection:
        known = _known(connection, [row.number for row in register.rows])
        moved = [r for r in register.rows if known.get(r.number) != _digest(r)]
        silent = frozenset(forgotten(connection, [row.number for row in moved]))
        ours = _taken_here(connection, moved, known, silent)
    new: list[RegisterRow] = []
    changed: list[RegisterRow] = []
    same: list[RegisterRow] = []
    for row in register.rows:
        held = known.get(row.number)
        kind = new if held is None else same if held == _digest(row) else changed
        kind.append(row)
    return Plan(tuple(new), tuple(changed), tuple(same), known, ours, silent)


def carry_out(
    ledger: Ledger, planned: Plan, source: str, by: str, now_ms: int
) -> Iterator[int]:
    """Import what the plan holds; yields how many rows have been taken in so far.

    Each chunk is written whole or not at all, so a second run goes on where a first
    one was broken off.
    """
    rows = [*planned.new, *planned.changed]
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        steps = [
            planned.ours.get(row.number)
            or [_decision(row, planned.known.get(row.number), planned.silent)]
            for row in chunk
        ]
        firsts = list(accumulate((len(one) for one in steps[:-1]), initial=0))

        def noted(
            connection: Connection,
            receipts: list[Receipt],
            chunk: Sequence[RegisterRow] = chunk,
            firsts: Sequence[int] = firsts,
        ) -> None:
            _must_stand(connection, planned, chunk)
            _note(connection, chunk, [receipts[at] for at in firsts], source)

        ledger.decide(list(chain.from_iterable(steps)), by, now_ms, noted)
        yield start + len(chunk)


def _decision(row: RegisterRow, held: str | None, silent: Collection[str]) -> Decision:
    first, end = told_interval(row.registered_ms)
    kind = Logged if held is None else Amended
    what = kind(
        number=row.number,
        registered_ms=first,
        registered_width_ms=end - first,
        channel=row.channel,
        sort=row.kind or "",
        site=row.site,
        trade=row.trade,
        priority=row.priority or "normal",
    )
    return Decision(
        stream=order_stream(row.number),
        what=what,
        private=_personal(row, silent),
        guard=_must_be_new if held is None else _must_be_known,
    )


def _personal(row: RegisterRow, silent: Collection[str]) -> dict[str, str]:
    """What the row says of the owner, unless the owner is to be forgotten."""
    if row.number in silent:
        return {}
    return {name: getattr(row, name) for name in PRIVATE}


def _taken_here(
    connection: Connection,
    rows: Sequence[RegisterRow],
    known: Mapping[str, str],
    silent: Collection[str],
) -> dict[str, list[Decision]]:
    """What these rows lead to where their order was taken here."""
    named = {row.number: _our_numbers(row) for row in rows}
    taken = of_provisional(connection, [one for all_ in named.values() for one in all_])
    numbered = bearing(connection, [row.number for row in rows])
    found: dict[str, list[Decision]] = {}
    spoken_for: set[str] = set()
    for row in rows:
        numbers = (one for one in named[row.number] if one in taken)
        mine = _ours(connection, row, numbered, [taken[one] for one in numbers])
        if mine is not None and mine.stream not in spoken_for:
            spoken_for.add(mine.stream)
            gone = forgotten(connection, [mine.number] if mine.number else [])
            over = {*silent, row.number} if gone else silent
            steps = _about_ours(connection, row, mine, known.get(row.number), over)
            found |= {row.number: steps} if steps else {}
    return found


def _ours(
    connection: Connection,
    row: RegisterRow,
    numbered: Mapping[str, str],
    named: Sequence[str],
) -> Order | None:
    """The order taken here that this row speaks of: it bears the row's number already,
    or the row names the number that it has from us alone."""
    bearer = numbered.get(row.number)
    if bearer is not None and bearer != order_stream(row.number):
        return document(connection, bearer)
    for name in named:
        order = document(connection, name)
        if order and order.merged_into is None and is_provisional(order.number):
            return order
    return None


def _about_ours(
    connection: Connection,
    row: RegisterRow,
    mine: Order,
    held: str | None,
    silent: Collection[str],
) -> list[Decision]:
    """The row amends the order that was taken here; what else goes under its number
    becomes one with it. Nothing if a person has to look first."""
    amended = restated(connection, mine, row.number, _told(row, silent))
    theirs = None if mine.number == row.number else under(connection, row.number)
    if theirs is None:
        return [amended]
    merger = joined(mine, theirs)
    if merger is None:
        return []
    if merger.stays == mine.stream:
        return [amended, *merger.decisions]
    return [_decision(row, held, silent), *merger.decisions]


def _told(row: RegisterRow, silent: Collection[str]) -> dict[str, Any]:
    """What a row says of a request; what it leaves open is empty."""
    first, end = told_interval(row.registered_ms)
    return {
        "registered_ms": first, "registered_width_ms": end - first,
        "channel": row.channel, "sort": row.kind, "site": row.site,
        "trade": row.trade, "priority": row.priority,
        **_personal(row, silent),
    }  # fmt: skip


def _our_numbers(row: RegisterRow) -> list[str]:
    """Numbers of ours in the row's remark, or in a column that we do not know."""
    said = " ".join((row.remark, *(cell for _, cell in row.aside)))
    return list(dict.fromkeys(_OURS.findall(normalize("NFKC", said).upper())))


def _must_be_new(order: Order) -> None:
    if order.request is not None:
        raise Refused("register_moved")


def _must_be_known(order: Order) -> None:
    if order.request is None:
        raise Refused("register_moved")


def _must_stand(
    connection: Connection, planned: Plan, rows: Sequence[RegisterRow]
) -> None:
    """Nobody imported these since the plan was made."""
    now = _known(connection, [row.number for row in rows])
    if any(now.get(row.number) != planned.known.get(row.number) for row in rows):
        raise Refused("register_moved")
    if any(
        len(one) > 1
        for one in bearers(connection, [row.number for row in rows]).values()
    ):
        raise Refused("register_moved")  # the desk has given the number meanwhile


def _note(
    connection: Connection,
    rows: Sequence[RegisterRow],
    receipts: Sequence[Receipt],
    source: str,
) -> None:
    connection.execute(
        insert(register_row),
        [
            {
                "number": row.number,
                "fact": receipt.id,
                "digest": _digest(row),
                "source": source[:300],
                "line": row.line,
                "seq": receipt.position,
            }
            for row, receipt in zip(rows, receipts, strict=True)
        ],
    )


def _known(connection: Connection, numbers: Sequence[str]) -> dict[str, str]:
    """The digest of what the register last said, by number."""
    found: dict[str, str] = {}
    for start in range(0, len(numbers), 500):
        chosen = numbers[start : start + 500]
        rows = connection.execute(
            select(register_row.c.number, register_row.c.digest)
            .where(register_row.c.number.in_(chosen))
            .order_by(register_row.c.seq)
        )
        found |= {row.number: row.digest for row in rows}
    return found


def _digest(row: RegisterRow) -> str:
    """The digest of what the desk wrote when the request came in."""
    said = {name: getattr(row, name) for name in (*OPEN, *PRIVATE)}
    return digest(json.dumps(said, sort_keys=True).encode())
