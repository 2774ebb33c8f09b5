"""Reconciling a register with as many orders: from nothing, and after a small change.

Beside the same join in DuckDB and pandas over the same two files: what a spreadsheet's
larger brothers need to say which rows differ, with no state, no versions, no evidence.
They begin anew whatever changed; we do not. All three must find the same arrivals. May
not enter: rules.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import orjson
import pandas as pd
from sqlalchemy import func as sql
from sqlalchemy import insert, select, update

from infra.bench.office import cpu_seconds, open_office, seconds
from server.central import passes
from server.central_tables import central_head, central_row, difference
from server.database import reading, writing
from server.parts import Parts
from server.tables import head, stream
from sync.moment import MINUTE_MS, Grade, Moment
from sync.order import (
    Entry,
    Inspection,
    Item,
    Order,
    Payer,
    Request,
    Round,
    Stage,
    Verdict,
    Visit,
    WorkRecord,
    order_stream,
)
from sync.plain import as_json

Row = dict[str, Any]
Spent = tuple[float, float]  # by the clock, by processors
LOT = 2_000
BEGUN = 1_793_491_200_000
CHANGES = (0, 100, 1_000)  # rows, and as many orders, before each pass
OFTEN = 50  # one row in so many lies about the arrival

REGISTER = ("number", "technician", "arrived_ms", "result", "signed", "charged_fen")
ORDERS = ("number", "technician", "first_ms", "end_ms", "result", "signed",
          "charged_fen")  # fmt: skip

JOINED = """
SELECT count(*) FILTER (r.arrived_ms + 60000 <= o.first_ms OR o.end_ms <= r.arrived_ms),
       count(*) FILTER (r.number IS NULL), count(*) FILTER (o.number IS NULL),
       count(*) FILTER (r.technician <> o.technician),
       count(*) FILTER (r.result <> o.result), count(*) FILTER (r.signed <> o.signed),
       count(*) FILTER (r.charged_fen <> o.charged_fen)
FROM read_csv('{register}') r FULL JOIN read_csv('{orders}') o USING (number)
"""


def measure(folder: Path, database_url: str, pairs: int) -> Iterator[Row]:
    """Seconds from nothing and after small changes: ours, DuckDB's, pandas'."""
    parts = open_office(folder, database_url).parts
    files = folder / "register.csv", folder / "orders.csv"
    _fill(parts, pairs, *files)
    turns: dict[int, int] = {}
    for turn, change in enumerate(CHANGES):
        if change:
            _change(parts, pairs, turn, min(change, pairs), turns, files[0])
        found: list[int] = []
        ours = _spent(lambda: _pass(parts))
        found.append(_arrivals(parts))
        floors = {
            "DuckDB": _spent(lambda: found.append(_duckdb(*files))),  # noqa: B023
            "pandas": _spent(lambda: found.append(_pandas(*files))),  # noqa: B023
        }
        if len(set(found)) != 1:
            raise RuntimeError(f"they do not agree: {found}")
        what = f"after {change:,} of each" if change else "from nothing"
        name = f"reconcile {pairs:,} with {pairs:,} {what}"
        for other, floor in floors.items():
            yield from _rows(f"{name}, beside {other}", ours, floor, database_url)
    parts.engine.dispose()


def _rows(name: str, ours: Spent, floor: Spent, database_url: str) -> Iterator[Row]:
    """By the clock; and by processors, where all that we spend is spent here."""
    units = ("s",) if database_url else ("s", "CPU s")
    for unit, our, other in zip(units, ours, floor, strict=False):
        yield {"measure": name, "unit": unit, "ours": our, "floor": other,
               "ratio": our / other}  # fmt: skip


def _spent(work: Callable[[], object]) -> Spent:
    began = seconds(), cpu_seconds()
    work()
    return seconds() - began[0], cpu_seconds() - began[1]


def _pass(parts: Parts) -> None:
    for _ in passes.reconcile(parts.engine, parts.policy, BEGUN):
        pass


def _arrivals(parts: Parts) -> int:
    asked = select(sql.count()).where(
        difference.c.open, difference.c.code == "arrival_differs"
    )
    with reading(parts.engine) as connection:
        count: int = connection.execute(asked).scalar_one()
    return count


def _duckdb(register: Path, orders: Path) -> int:
    with duckdb.connect() as connection:
        asked = JOINED.format(register=register, orders=orders)
        row = connection.execute(asked).fetchone()
    return int(row[0]) if row else 0


def _pandas(register: Path, orders: Path) -> int:
    both = pd.read_csv(register).merge(
        pd.read_csv(orders), on="number", how="outer", suffixes=("_r", "_o"),
        indicator=True,
    )  # fmt: skip
    early = both.arrived_ms + MINUTE_MS <= both.first_ms
    found = int((early | (both.end_ms <= both.arrived_ms)).sum())
    for name in ("technician", "result", "signed", "charged_fen"):
        (both[f"{name}_r"] != both[f"{name}_o"]).sum()
    (both["_merge"] != "both").sum()
    return found


def _told(n: int, *, lies: bool) -> Row:
    """What the register says of the n-th request."""
    arrived_ms = _arrived_ms(n) - (30 * MINUTE_MS if lies else 0)
    return {"number": _number(n), "technician": "li", "arrived_ms": arrived_ms,
            "result": "pass", "signed": True, "charged_fen": 8000}  # fmt: skip


def _happened(n: int) -> Row:
    """What the field knows of it."""
    first_ms = _arrived_ms(n) + 5_000
    return {"number": _number(n), "technician": "li", "first_ms": first_ms,
            "end_ms": first_ms + 20_000, "result": "pass", "signed": True,
            "charged_fen": 8000}  # fmt: skip


def _number(n: int) -> str:
    return f"SH{n:09}"


def _asked_ms(n: int) -> int:
    return BEGUN + n * MINUTE_MS


def _arrived_ms(n: int) -> int:
    return _asked_ms(n) + 12 * MINUTE_MS


def _lies(n: int, turn: int) -> bool:
    return Random(f"{turn} {n}").randrange(OFTEN) == 0


def _fill(parts: Parts, pairs: int, register: Path, orders: Path) -> None:
    """Both sides, in the book and as files."""
    with register.open("w", newline="") as ours, orders.open("w", newline="") as theirs:
        told, happened = csv.DictWriter(ours, REGISTER), csv.DictWriter(theirs, ORDERS)
        told.writeheader()
        happened.writeheader()
        for start in range(0, pairs, LOT):
            some = range(start, min(start + LOT, pairs))
            told.writerows(_told(n, lies=_lies(n, 0)) for n in some)
            happened.writerows(_happened(n) for n in some)
            with writing(parts.engine) as connection:
                connection.execute(
                    insert(central_row), [_row(n, n + 1, turn=0) for n in some]
                )
                connection.execute(insert(stream), [_order(n, n + 1) for n in some])
    with writing(parts.engine) as connection:
        connection.execute(update(central_head).values(seq=pairs))
        connection.execute(update(head).values(seq=pairs))


def _row(n: int, seq: int, turn: int) -> Row:
    said = {**_told(n, lies=_lies(n, turn)), "registered_ms": _asked_ms(n),
            "site": "东苑", "building": str(n % 40), "room": str(n),
            "trade": "water"}  # fmt: skip
    return {
        "number": _number(n), "seq": seq, "cells_digest": "", "unreadable": "",
        "said": orjson.dumps(said).decode(), "times": 1, "project": "东苑",
        "home": f"home {n}", "registered_ms": _asked_ms(n), "stream": None,
    }  # fmt: skip


def _order(n: int, position: int) -> Row:
    """An order that went as it should, as its document lies in its table."""
    true, name = _happened(n), order_stream(_number(n))
    came = Moment(
        earliest_ms=true["first_ms"], latest_ms=true["end_ms"], grade=Grade.A,
        not_before_ms=true["first_ms"], not_after_ms=true["end_ms"],
    )  # fmt: skip
    signed = Verdict(fact="v", answer="accepted", sheet="s", covers=(), moment=came,
                     signature="strokes")  # fmt: skip
    order = Order(
        stream=name, stage=Stage.ACCEPTED,
        request=Request(number=_number(n), registered_ms=_asked_ms(n), site="东苑",
                        trade="water", sort="repair"),
        visits=(Visit(fact="a", by="li", moment=came, photo_consent=False),),
        items=(Item(item=1, trade="water", payer=Payer.OWNER, fact="i"),),
        records=(WorkRecord(fact="w", item=1, cause="worn", remedy="replaced",
                            labour_minutes=30, labour_fen=8000),),
        rounds=(Round(inspections=(Inspection(fact="p", item=1, passed=True),),
                      verdicts=(signed,)),),
        history=tuple(
            Entry(id=f"{at}" * 43, kind="visit.left", by="li", log="li.1", n=at,
                  lamport=at, basis=0, moment=came)
            for at in range(1, 10)
        ),
    )  # fmt: skip
    return {"id": name, "head": position, "rev": position, "number": _number(n),
            "stage": order.stage.value, "document": as_json(order)}  # fmt: skip


def _change(
    parts: Parts,
    pairs: int,
    turn: int,
    count: int,
    turns: dict[int, int],
    register: Path,
) -> None:
    """Some rows are corrected and some orders move; the register's file says so too.
    What moved in orders does not show in these columns."""
    moved = Random(f"moved {turn}").sample(range(pairs), count)
    with writing(parts.engine) as connection:
        first = connection.execute(select(head.c.seq)).scalar_one() + 1
        for at, n in enumerate(moved, first):
            row = _row(n, at, turn=turn)
            connection.execute(
                update(central_row).where(central_row.c.number == row["number"])
                .values(said=row["said"], seq=at)
            )  # fmt: skip
            name = order_stream(_number((n + 7) % pairs))
            connection.execute(
                update(stream).where(stream.c.id == name).values(head=at)
            )
        for one in (central_head, head):
            connection.execute(update(one).values(seq=first + count - 1))
    turns |= dict.fromkeys(moved, turn)
    with register.open("w", newline="") as ours:
        told = csv.DictWriter(ours, REGISTER)
        told.writeheader()
        told.writerows(_told(n, lies=_lies(n, turns.get(n, 0))) for n in range(pairs))
