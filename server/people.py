"""Who works here, and what each may do where.

May not enter: how anybody proves who they are (`server/auth.py`, `server/sessions.py`),
HTTP.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update

from server.database import new_or_same, reading, writing
from server.people_tables import account, grant, password_code, session
from server.prepared import Prepared
from server.tables import person, staff_token
from server.traces import note
from sync.access import EVERY, ROLES, Grant, Grants, roles_of
from sync.envelope import ACTOR
from sync.facts.owner import OWNER
from sync.plain import Record
from sync.problems import Refused

MOST_PROJECT = 100  # letters
MOST_GRANTS = 200  # of one person


class Person(Record, frozen=True, kw_only=True):
    """Somebody who works here, or did. `rev`: which version of it this is."""

    id: str
    name: str
    grants: tuple[Grant, ...]
    phone: str = ""
    email: str = ""
    active: bool = True
    rev: int = 0


class People:
    """Knows who works here."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, name: str, shown: str, grants: Iterable[Grant], now_ms: int) -> None:
        """Somebody works here; said again, name and grants are brought up to date."""
        with writing(self._engine) as connection:
            enter(connection, name, shown, grants, now_ms)

    def called(self, name: str) -> str:
        """What somebody who works here is called."""
        with reading(self._engine) as connection:
            found = select(person.c.name).where(person.c.id == name)
            shown: str | None = connection.execute(found).scalar()
        if shown is None:
            raise Refused("person_unknown", person=name)
        return shown

    def grants_of(self, name: str) -> Grants:
        """What somebody who works here may do."""
        self.called(name)
        with reading(self._engine) as connection:
            return grants_of(connection, name)

    def speak(self, name: str, language: str) -> None:
        """What this person wants to read."""
        with writing(self._engine) as connection:
            _set_account(connection, name, language=language)

    def everybody(self) -> list[Person]:
        """Everybody who works here, or did."""
        return self.page(limit=None)[0]

    def page(
        self,
        *,
        role: str = "",
        project: str = "",
        after: str = "",
        limit: int | None,
    ) -> tuple[list[Person], str | None]:
        """People by id, after this one; only those who hold this role, or anything in
        this project. With where to go on, if there are more."""
        chosen = select(person.c.id).where(person.c.id > after).order_by(person.c.id)
        if role or project:
            chosen = chosen.where(person.c.id.in_(_holders(role, project)))
        if limit is not None:
            chosen = chosen.limit(limit + 1)
        with reading(self._engine) as connection:
            ids = connection.execute(chosen).scalars().all()
            found = _persons(connection, ids[:limit])
        more = limit is not None and len(ids) > limit
        return found, ids[limit - 1] if more and limit else None

    def one(self, name: str) -> Person:
        """Somebody who works here, or did."""
        with reading(self._engine) as connection:
            found = _persons(connection, [name])
        if not found:
            raise Refused("not_found")
        return found[0]

    def working(self, name: str) -> Person:
        """The same; a name that nobody here has is a mistake of whoever says it."""
        self.called(name)
        return self.one(name)

    def at_provider(self, subject: str, email: str) -> str:
        """Who here is known to the provider by this name. Whoever was not yet, is from
        now on, if exactly one person here has the address it vouches for."""
        mine = select(account.c.person).where(account.c.left_ms.is_(None))
        with writing(self._engine) as connection:
            named = connection.execute(mine.where(account.c.subject == subject))
            if (name := named.scalar()) is not None:
                return str(name)
            chosen = mine.where(account.c.email == email, account.c.subject.is_(None))
            found = connection.execute(chosen).scalars().all() if email else []
            if len(found) != 1:
                raise Refused("openid_stranger")
            _set_account(connection, found[0], subject=subject)
            return str(found[0])

    # what administrators do

    def enlist(
        self,
        new: Person,
        by: str,
        now_ms: int,
        also: Callable[[Connection, Person], None] = lambda _connection, _made: None,
    ) -> None:
        """Somebody new works here; `also` is written with them."""
        with writing(self._engine) as connection:
            known = select(person.c.id).where(person.c.id == new.id)
            if connection.execute(known).first() is not None:
                raise Refused("person_exists", person=new.id)
            enter(connection, new.id, new.name, new.grants, now_ms)
            _set_account(connection, new.id, phone=new.phone, email=new.email)
            note(connection, by, "people.write", f"{new.id} +", now_ms)
            also(connection, _persons(connection, [new.id])[0])

    def change(
        self, name: str, said: Mapping[str, Any], seen: str | None, by: str, now_ms: int
    ) -> None:
        """Name, phone, email, and whether they still work here. Whoever leaves is
        logged out everywhere, and what they held opens nothing any more."""
        with writing(self._engine) as connection:
            _next_rev(connection, name, seen)
            before = _is_administered(connection)
            if "name" in said:
                mine = update(person).where(person.c.id == name)
                connection.execute(mine.values(name=said["name"]))
            told = {one: said[one] for one in ("phone", "email") if one in said}
            if "active" in said:
                told["left_ms"] = None if said["active"] else now_ms
            if told:
                _set_account(connection, name, **told)
            if said.get("active") is False:
                _shut_out(connection, name)
            if before and not _is_administered(connection):
                raise Refused("last_administrator")
            what = f"{name} {', '.join(sorted(said))}"
            note(connection, by, "people.write", what, now_ms)

    def regrant(
        self,
        name: str,
        grants: Iterable[Grant],
        seen: str | None,
        by: str,
        now_ms: int,
    ) -> None:
        """From now on they hold these and no others."""
        with writing(self._engine) as connection:
            _next_rev(connection, name, seen)
            before = _is_administered(connection)
            hold(connection, name, grants, now_ms)
            if before and not _is_administered(connection):
                raise Refused("last_administrator")
            held = " ".join(sorted(f"{one.role}@{one.project}" for one in grants))
            note(connection, by, "people.grant", f"{name} {held}", now_ms)


def _persons(connection: Connection, ids: Sequence[str]) -> list[Person]:
    """These people, by id."""
    held: dict[str, list[Grant]] = {}
    wanted = select(grant).where(grant.c.person.in_(ids))
    for row in connection.execute(wanted.order_by(grant.c.role, grant.c.project)):
        one = Grant(role=row.role, project=row.project)
        held.setdefault(row.person, []).append(one)
    rows = connection.execute(
        select(person.c.id, person.c.name, account)
        .outerjoin(account, account.c.person == person.c.id)
        .where(person.c.id.in_(ids))
        .order_by(person.c.id)
    )
    return [
        Person(
            id=row.id, name=row.name, grants=tuple(held.get(row.id, ())),
            phone=row.phone or "", email=row.email or "", active=row.left_ms is None,
            rev=row.rev or 0,
        )
        for row in rows
    ]  # fmt: skip


def _holders(role: str, project: str) -> Any:
    chosen = select(grant.c.person)
    if role:
        chosen = chosen.where(grant.c.role == role)
    return chosen.where(grant.c.project.in_([EVERY, project])) if project else chosen


def _set_account(connection: Connection, name: str, **said: Any) -> None:
    connection.execute(new_or_same(connection, account).values(person=name))
    connection.execute(update(account).where(account.c.person == name).values(**said))


def _next_rev(connection: Connection, name: str, seen: str | None) -> None:
    """Nobody changes what they have not seen."""
    known = select(person.c.id).where(person.c.id == name).with_for_update()
    if connection.execute(known).first() is None:
        raise Refused("not_found")
    mine = account.c.person == name
    rev = connection.execute(select(account.c.rev).where(mine)).scalar() or 0
    if seen is not None and seen != str(rev):
        raise Refused("changed_meanwhile")
    _set_account(connection, name, rev=rev + 1)


def _shut_out(connection: Connection, name: str) -> None:
    for table in (session, password_code, staff_token):
        connection.execute(delete(table).where(table.c.person == name))
    mine = account.c.person == name
    connection.execute(update(account).where(mine).values(password=None, subject=None))


def _is_administered(connection: Connection) -> bool:
    """Is there anybody who may let in everybody else? Whoever takes the last key locks
    everybody out."""
    held = (
        select(grant.c.person)
        .outerjoin(account, account.c.person == grant.c.person)
        .where(grant.c.role == "administrator", grant.c.project == EVERY)
        .where(account.c.left_ms.is_(None))
    )
    return connection.execute(held).first() is not None


_HELD = Prepared(
    select(grant.c.role, grant.c.project).where(grant.c.person == bindparam("person"))
)


def grants_of(connection: Connection, name: str) -> Grants:
    """What this person may do; nothing, if nobody knows them."""
    rows = _HELD.all(connection, {"person": name})
    return frozenset(Grant(role=role, project=project) for role, project in rows)


def enter(
    connection: Connection,
    name: str,
    shown: str,
    grants: Iterable[Grant],
    now_ms: int,
) -> None:
    """Somebody works here, under this name and with these grants and no others."""
    if not ACTOR.fullmatch(name) or name == OWNER:
        raise Refused("field_misshapen", field="id")
    row = {"id": name, "name": shown}
    connection.execute(new_or_same(connection, person).values(added_ms=now_ms, **row))
    connection.execute(update(person).where(person.c.id == name).values(name=shown))
    hold(connection, name, grants, now_ms)


def hold(
    connection: Connection, name: str, grants: Iterable[Grant], now_ms: int
) -> None:
    """From now on this person holds these grants and no others."""
    wanted = frozenset(grants)
    for one in wanted:
        if one.role not in ROLES:
            raise Refused("value_unknown", field="role", known=", ".join(sorted(ROLES)))
        if not 0 < len(one.project) <= MOST_PROJECT:
            raise Refused("field_misshapen", field="project")
    before = grants_of(connection, name)
    for one in before - wanted:
        gone = (grant.c.role == one.role) & (grant.c.project == one.project)
        connection.execute(delete(grant).where(grant.c.person == name, gone))
    for one in wanted - before:
        connection.execute(insert(grant).values(
            person=name, role=one.role, project=one.project, granted_ms=now_ms,
        ))  # fmt: skip


def known_as(grants: Grants) -> str:
    """The one role that a tablet shows of its user."""
    roles = roles_of(grants)
    return "technician" if "technician" in roles else min(roles, default="")
