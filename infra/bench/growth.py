"""How the cost of handing in grows with what is held: 10,000 facts, then a million.

The ballast is what a server would hold after years: facts, documents, readers, in the
sequence in which they would have come. It belongs to people who have nothing to do with
the tablets that are measured. May not enter: what a measured tablet does.
"""

import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, insert, select, update

from infra.bench.office import Office
from infra.bench.workload import ORDER_FACTS, Tablet
from server.database import writing
from server.tables import fact, head, member, private, stream
from sync.envelope import fact_id

LOT = 500  # orders in one transaction
CREWS = 200


def fill(office: Office, upto: int) -> int:
    """Let the book hold about so many facts; how many there are now."""
    pattern = _pattern(office)
    with writing(office.parts.engine) as connection:
        held: int = connection.execute(select(head.c.seq)).scalar_one()
    while held + ORDER_FACTS <= upto:
        count = min(LOT, (upto - held) // ORDER_FACTS)
        with writing(office.parts.engine) as connection:
            held = _add(connection, pattern, held, count)
    return held


Pattern = tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]


def _pattern(office: Office) -> Pattern:
    """The rows of one real order, to be told again under other names."""
    tablet = Tablet(device="old", person="old", key=office.tablet(990).key, seed=990)
    (number,) = office.given(tablet, 1)
    bodies = [one.body for one in tablet.repairs([number])]
    with writing(office.parts.engine) as connection:
        name = connection.execute(
            select(stream.c.id).where(stream.c.number == number)
        ).scalar_one()
        row = connection.execute(select(stream).where(stream.c.id == name)).mappings()
        values = connection.execute(select(private).where(private.c.stream == name))
        facts = [{"body": body, "stream": name} for body in bodies]
        return facts, [dict(one) for one in values.mappings()], dict(row.one())


def _add(connection: Connection, pattern: Pattern, held: int, count: int) -> int:
    """So many more orders; the last position."""
    facts, values, row = pattern
    seq = held
    rows: dict[Any, list[dict[str, Any]]] = {
        table: [] for table in (fact, private, stream, member)
    }
    for name in _names(held, count):
        crew = f"crew{seq // ORDER_FACTS % CREWS}"
        log = f"old{seq // ORDER_FACTS % CREWS}.a"
        for one in facts:
            seq += 1
            body = one["body"].replace(row["id"], name).replace('"old.', f'"{log}.')
            rows[fact].append({
                "seq": seq, "log": log, "n": seq, "id": fact_id(f"{seq}{body}"),
                "stream": name, "body": body, "prev": None, "received_ms": seq,
            })  # fmt: skip
        rows[private] += [one | {"stream": name} for one in values]
        rows[stream].append(row | {"id": name, "head": seq, "rev": seq, "number": name})
        rows[member].append({"actor": crew, "stream": name, "pos": seq, "state": "in",
                             "reason": "assigned", "purge_ms": None})  # fmt: skip
    for table, lot in rows.items():
        if lot:
            connection.execute(insert(table), lot)
    connection.execute(update(head).values(seq=seq))
    return seq


def _names(held: int, count: int) -> Iterator[str]:
    for one in range(count):
        yield f"order:{uuid.uuid5(uuid.NAMESPACE_OID, f'{held}.{one}')}"
