"""Traces: who read an owner's data, and who changed what about people (S2).

Only ever added to. Reading is noted once for a person, an order and an hour. May not
enter: what was read, deciding who may.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from server.database import new_or_same, reading, writing
from server.people_tables import trace
from sync.envelope import digest

HOUR_MS = 3_600_000
READ = "owner.read"
TOOK = "evidence.read"
MOST_SAID = 200  # characters
MOST = 1000  # of one order that are shown


class Traces:
    """Notes and shows what was done."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read_by(self, person: str, streams: Collection[str], now_ms: int) -> None:
        """This person is about to read what is the owner's of these orders. Whoever
        looks again within the hour writes nothing."""
        marks = {_mark(person, one, now_ms): one for one in streams}
        with reading(self._engine) as connection:
            known = select(trace.c.once).where(trace.c.once.in_([*marks]))
            there = set(connection.execute(known).scalars())
        new = [
            {"at_ms": now_ms, "person": person, "action": READ, "stream": marks[mark],
             "what": "", "once": mark}
            for mark in sorted(marks.keys() - there)
        ]  # fmt: skip
        if new:
            with writing(self._engine) as connection:
                connection.execute(new_or_same(connection, trace), new)

    def took_evidence(
        self, person: str, stream: str, disclosed: Collection[str], now_ms: int
    ) -> None:
        """This person took an order's evidence away, with these of the owner's values;
        each time is noted."""
        with writing(self._engine) as connection:
            connection.execute(insert(trace).values(
                at_ms=now_ms, person=person, action=TOOK, stream=stream,
                what=", ".join(disclosed)[:MOST_SAID],
            ))  # fmt: skip

    def did(self, person: str, action: str, what: str, now_ms: int) -> None:
        """This person changed something about people, devices or projects."""
        with writing(self._engine) as connection:
            note(connection, person, action, what, now_ms)

    def of_order(self, stream: str) -> list[dict[str, Any]]:
        """Who read what is the owner's of this order, the newest first."""
        wanted = (
            select(trace.c.at_ms, trace.c.person, trace.c.action, trace.c.what)
            .where(trace.c.stream == stream)
            .order_by(trace.c.at_ms.desc(), trace.c.id.desc())
            .limit(MOST)
        )
        with reading(self._engine) as connection:
            return [dict(row) for row in connection.execute(wanted).mappings()]


def note(
    connection: Connection, person: str, action: str, what: str, now_ms: int
) -> None:
    """The same, inside the transaction of what was done."""
    connection.execute(insert(trace).values(
        at_ms=now_ms, person=person, action=action, stream="", what=what,
    ))  # fmt: skip


def _mark(person: str, stream: str, now_ms: int) -> str:
    return digest(f"{READ}\n{person}\n{stream}\n{now_ms // HOUR_MS}".encode())
