"""The intake: our copy of the register's requests, brought up to date by importing.

Every request gets its place under its unified number and a work order whose id comes
from that number (I1). Importing the same again changes nothing. May not enter: reading
files (`server/register/`), what cells mean (`sync/register/`).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, insert, select

from server.database import reading
from server.ledger import Decision, Ledger
from server.tables import register_row
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
OPEN = ("registered_ms", "channel", "kind", "site", "trade", "priority")


@dataclass(frozen=True)
class Plan:
    """What importing a register would do."""

    new: tuple[RegisterRow, ...] = ()
    changed: tuple[RegisterRow, ...] = ()
    same: tuple[RegisterRow, ...] = ()
    known: dict[str, str] = field(default_factory=dict)  # number -> digest held now


def plan(engine: Engine, register: Register) -> Plan:
    """What is new, changed or as it was; nothing is written."""
    with reading(engine) as connection:
        known = _known(connection, [row.number for row in register.rows])
    new: list[RegisterRow] = []
    changed: list[RegisterRow] = []
    same: list[RegisterRow] = []
    for row in register.rows:
        held = known.get(row.number)
        kind = new if held is None else same if held == _digest(row) else changed
        kind.append(row)
    return Plan(tuple(new), tuple(changed), tuple(same), known)


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
        decisions = [_decision(row, planned.known.get(row.number)) for row in chunk]

        def noted(
            connection: Connection,
            receipts: list[Receipt],
            chunk: Sequence[RegisterRow] = chunk,
        ) -> None:
            _must_stand(connection, planned, chunk)
            _note(connection, chunk, receipts, source)

        ledger.decide(decisions, by, now_ms, noted)
        yield start + len(chunk)


def _decision(row: RegisterRow, held: str | None) -> Decision:
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
        private={name: getattr(row, name) for name in PRIVATE},
        guard=_must_be_new if held is None else _must_be_known,
    )


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
