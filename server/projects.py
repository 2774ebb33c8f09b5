"""Projects: the sites of the register that people are given roles in.

A project is named as the register names its site, and is known as soon as an order or
a grant speaks of it; a row here gives it a name of its own and says when it was closed.
May not enter: HTTP.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from server.board_tables import order_row
from server.database import reading, writing
from server.people import MOST_PROJECT
from server.people_tables import grant, project
from server.traces import note
from sync.access import EVERY
from sync.plain import Record
from sync.problems import Refused


class Project(Record, frozen=True, kw_only=True):
    """A site. `rev` 0: nobody has entered it, it is known by hearsay."""

    id: str
    name: str
    active: bool = True
    rev: int = 0


class Projects:
    """Knows the projects."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> list[Project]:
        """Every project that anything speaks of, by id."""
        with reading(self._engine) as connection:
            told = {one.id: one for one in _entered(connection)}
            for name in _spoken_of(connection):
                told.setdefault(name, Project(id=name, name=name))
        return [told[name] for name in sorted(told)]

    def one(self, name: str) -> Project:
        """One of them."""
        for found in self.all():
            if found.id == name:
                return found
        raise Refused("not_found")

    def enter(
        self,
        new: Project,
        by: str,
        now_ms: int,
        also: Callable[[Connection], None] = lambda _connection: None,
    ) -> None:
        """A project is begun; `also` is written with it."""
        if not 0 < len(new.id) <= MOST_PROJECT or new.id == EVERY:
            raise Refused("field_misshapen", field="id")
        with writing(self._engine) as connection:
            known = select(project.c.id).where(project.c.id == new.id)
            if connection.execute(known).first() is not None:
                raise Refused("project_exists", project=new.id)
            connection.execute(insert(project).values(id=new.id, name=new.name))
            note(connection, by, "project.write", f"{new.id} +", now_ms)
            also(connection)

    def change(
        self, name: str, said: dict[str, Any], seen: str | None, by: str, now_ms: int
    ) -> None:
        """What it is called, and whether anything is still done there."""
        before = self.one(name)
        with writing(self._engine) as connection:
            chosen = project.c.id == name
            row = connection.execute(
                select(project).where(chosen).with_for_update()
            ).first()
            rev = row.rev if row else 0
            if seen is not None and seen != str(rev):
                raise Refused("changed_meanwhile")
            if row is None:
                connection.execute(
                    insert(project).values(id=name, name=before.name, rev=0)
                )
            told: dict[str, Any] = {"rev": rev + 1}
            if "name" in said:
                told["name"] = said["name"]
            if "active" in said:
                told["closed_ms"] = None if said["active"] else now_ms
            connection.execute(update(project).where(chosen).values(**told))
            what = f"{name} {', '.join(sorted(said))}"
            note(connection, by, "project.write", what, now_ms)


def _entered(connection: Connection) -> list[Project]:
    return [
        Project(id=row.id, name=row.name, active=row.closed_ms is None, rev=row.rev)
        for row in connection.execute(select(project))
    ]


def _spoken_of(connection: Connection) -> set[str]:
    """Sites of orders and grants."""
    found: set[str] = set()
    for column in (order_row.c.project, grant.c.project):
        found |= set(connection.execute(select(column).distinct()).scalars())
    return found - {EVERY, ""}
