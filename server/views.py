"""What a person has put together to look at again: a name and a query.

One's own alone. Who changes one says which version they saw (U-F3). May not enter:
HTTP, what a query finds.
"""

from typing import Any

from sqlalchemy import Engine, delete, func, insert, select, update

from server.board_tables import saved_view
from server.database import reading, writing
from sync.plain import Record
from sync.problems import Refused

MOST = 50


class View(Record, frozen=True, kw_only=True):
    """A query with a name."""

    name: str
    query: str
    version: int


def views(engine: Engine, person: str) -> list[View]:
    """This person's, by name."""
    wanted = select(saved_view).where(saved_view.c.person == person)
    with reading(engine) as connection:
        rows = connection.execute(wanted.order_by(saved_view.c.name)).all()
    return [View(name=one.name, query=one.query, version=one.version) for one in rows]


def keep(
    engine: Engine, person: str, name: str, query: str, seen: str | None
) -> tuple[View, bool]:
    """Keep a query under this name, and say whether it is new. One that is there is
    replaced by whoever saw its newest version; `seen` is "" if nothing was."""
    mine = _mine(person, name)
    with writing(engine) as connection:
        held = connection.execute(select(saved_view.c.version).where(mine)).scalar()
        if held is None:
            _must_have_room(connection, person)
            row = {"person": person, "name": name, "query": query, "version": 1}
            connection.execute(insert(saved_view).values(row))
            return View(name=name, query=query, version=1), True
        if seen == "":
            raise Refused("match_missing")
        if seen not in (None, str(held)):
            raise Refused("changed_meanwhile")
        changed = update(saved_view).where(mine, saved_view.c.version == held)
        fresh = changed.values(query=query, version=held + 1)
        if not connection.execute(fresh).rowcount:
            raise Refused("changed_meanwhile")
    return View(name=name, query=query, version=held + 1), False


def forget(engine: Engine, person: str, name: str) -> None:
    """It is not needed any more."""
    gone = delete(saved_view).where(_mine(person, name))
    with writing(engine) as connection:
        if not connection.execute(gone).rowcount:
            raise Refused("not_found")


def _mine(person: str, name: str) -> Any:
    return (saved_view.c.person == person) & (saved_view.c.name == name)


def _must_have_room(connection: Any, person: str) -> None:
    count = select(func.count()).where(saved_view.c.person == person)
    if connection.execute(count).scalar_one() >= MOST:
        raise Refused("too_many_views", limit=MOST)
