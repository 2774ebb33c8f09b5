"""The duty roster: who is on duty where on a day, and who leads them (P1).

Days are written 2026-05-01. May not enter: who may change it, files.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.database import reading, writing
from server.desk_tables import roster
from server.people import grants_of
from server.qualifications import must_work_here
from sync.access import EVERY, may
from sync.plain import Record
from sync.problems import Refused

MOST_TECHNICIANS = 200  # on one day in one project
MOST_DAYS = 400  # of one question


class Duty(Record, frozen=True, kw_only=True):
    """Who is on duty. `rev` is 0 as long as nobody has said anything."""

    project: str
    day: str
    lead: str = ""
    technicians: tuple[str, ...] = ()
    rev: int = 0

    @property
    def people(self) -> frozenset[str]:
        """Everybody on duty, the lead too."""
        return frozenset({*self.technicians, self.lead} - {""})


class Rosters:
    """Knows who is on duty."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def on(self, project: str, day: str) -> Duty:
        """Who is on duty there that day."""
        with reading(self._engine) as connection:
            return duty(connection, project, day)

    def between(
        self, projects: Collection[str], first: str, last: str
    ) -> tuple[Duty, ...]:
        """What is known of these days, both included, by day and project."""
        wanted = (
            select(roster)
            .where(roster.c.day.between(first, last))
            .order_by(roster.c.day, roster.c.project)
            .limit(MOST_DAYS)
        )
        if EVERY not in projects:
            wanted = wanted.where(roster.c.project.in_(sorted(projects)))
        with reading(self._engine) as connection:
            return tuple(_duty(row) for row in connection.execute(wanted))

    def put(self, said: Duty, by: str, now_ms: int, *, seen: str | None) -> Duty:
        """This is the roster of that day from now on; refused if it is not any more the
        one that `seen` names. None: whatever it was."""
        with writing(self._engine) as connection:
            return put(connection, said, by, now_ms, seen=seen)


def put(
    connection: Connection, said: Duty, by: str, now_ms: int, *, seen: str | None
) -> Duty:
    """As `Rosters.put`, within a transaction."""
    _must_be_people(connection, said)
    held = duty(connection, said.project, said.day)
    if seen is not None and seen != str(held.rev):
        raise Refused("roster_changed", day=said.day)
    told = {
        "lead": said.lead, "technicians": json.dumps(said.technicians),
        "rev": held.rev + 1, "changed_ms": now_ms, "changed_by": by,
    }  # fmt: skip
    key = (roster.c.project == said.project) & (roster.c.day == said.day)
    if held.rev:
        changed = connection.execute(
            update(roster).where(key, roster.c.rev == held.rev).values(told)
        )
        if not changed.rowcount:
            raise Refused("roster_changed", day=said.day)
    else:
        _begin(connection, said, told)
    return duty(connection, said.project, said.day)


def duty(connection: Connection, project: str, day: str) -> Duty:
    """Who is on duty there that day."""
    row = connection.execute(
        select(roster).where(roster.c.project == project, roster.c.day == day)
    ).first()
    return _duty(row) if row else Duty(project=project, day=day)


def _begin(connection: Connection, said: Duty, told: dict[str, object]) -> None:
    """The first word on this day; somebody else may have had it a moment ago."""
    try:
        connection.execute(
            insert(roster).values(project=said.project, day=said.day, **told)
        )
    except IntegrityError:
        raise Refused("roster_changed", day=said.day) from None


def _duty(row: Any) -> Duty:
    return Duty(
        project=row.project, day=row.day, lead=row.lead, rev=row.rev,
        technicians=tuple(json.loads(row.technicians)),
    )  # fmt: skip


def _must_be_people(connection: Connection, said: Duty) -> None:
    """The lead works here; everybody else may be given orders of the project."""
    must_work_here(connection, sorted(said.people))
    for name in said.technicians:
        if not may(grants_of(connection, name), "order.work", said.project):
            raise Refused("person_not_technician", person=name)
