"""Incidents: what a person must know of and put right, one for each restore.

An incident names every decision that tablets had seen and the book has lost; nothing is
decided by itself, and only a person closes it, with a reason. May not enter: noticing.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from server.database import new_or_same
from server.tables import incident, lost_decision
from sync.problems import Refused

RESTORE = "restore"


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A decision that a tablet had seen and that the book does not hold."""

    fact: str
    stream: str
    decision: Mapping[str, Any]  # kind, by, and what it decided


@dataclass(frozen=True, kw_only=True)
class Incident:
    """What happened, what was lost by it, and whether somebody has seen to it."""

    id: str
    kind: str
    opened_ms: int
    facts: Mapping[str, Any]
    lost: tuple[Lost, ...] = ()
    closed_ms: int | None = None
    closed_by: str | None = None
    reason: str | None = None


def report(
    connection: Connection, name: str, kind: str, facts: Mapping[str, Any], now_ms: int
) -> None:
    """Put an incident before the desk; the same one again changes nothing."""
    row = {"id": name, "kind": kind, "opened_ms": now_ms,
           "facts": json.dumps(dict(facts), ensure_ascii=False)}  # fmt: skip
    connection.execute(new_or_same(connection, incident).values(row))


def name_lost(
    connection: Connection, name: str, lost: Iterable[Lost], now_ms: int
) -> bool:
    """Name what was lost, each decision once, whoever brings it up; False if there is
    no such incident. One that was closed opens again for what nobody had known."""
    chosen = incident.c.id == name
    if connection.execute(select(incident.c.id).where(chosen)).first() is None:
        return False
    for one in lost:
        row = {"fact": one.fact, "incident": name, "stream": one.stream,
               "decision": json.dumps(dict(one.decision), ensure_ascii=False),
               "noted_ms": now_ms}  # fmt: skip
        new = new_or_same(connection, lost_decision).values(row)
        if connection.execute(new.returning(lost_decision.c.fact)).first():
            connection.execute(
                update(incident).where(chosen).values(closed_ms=None, closed_by=None)
            )
    return True


def incidents(connection: Connection, *, open_only: bool = False) -> list[Incident]:
    """Every incident with what it lost, the oldest first."""
    wanted = select(incident).order_by(incident.c.opened_ms, incident.c.id)
    if open_only:
        wanted = wanted.where(incident.c.closed_ms.is_(None))
    lost = _lost(connection)
    return [
        Incident(
            id=row.id, kind=row.kind, opened_ms=row.opened_ms,
            facts=json.loads(row.facts), lost=tuple(lost.get(row.id, ())),
            closed_ms=row.closed_ms, closed_by=row.closed_by, reason=row.reason,
        )
        for row in connection.execute(wanted)
    ]  # fmt: skip


def open_names(connection: Connection) -> list[str]:
    """The incidents that nobody has closed yet, the oldest first."""
    wanted = select(incident.c.id).where(incident.c.closed_ms.is_(None))
    return list(connection.execute(wanted.order_by(incident.c.opened_ms)).scalars())


def _lost(connection: Connection) -> dict[str, list[Lost]]:
    found: dict[str, list[Lost]] = {}
    wanted = select(lost_decision).order_by(
        lost_decision.c.stream, lost_decision.c.noted_ms, lost_decision.c.fact
    )
    for row in connection.execute(wanted):
        one = Lost(fact=row.fact, stream=row.stream, decision=json.loads(row.decision))
        found.setdefault(row.incident, []).append(one)
    return found


def close(connection: Connection, name: str, by: str, reason: str, now_ms: int) -> None:
    """A person has seen to it, and says how."""
    if not reason.strip():
        raise Refused("reason_missing")
    open_ = (incident.c.id == name) & incident.c.closed_ms.is_(None)
    closed = update(incident).where(open_).values(
        closed_ms=now_ms, closed_by=by, reason=reason.strip()
    )  # fmt: skip
    if not connection.execute(closed).rowcount:
        raise Refused("not_found")
