"""The one search at the telephone: by the end of a phone number, by room, by how a name
begins.

Homes of the desk's list are searched together with those that earlier requests named.
Whoever asks says in which projects; nothing outside of them is looked at. May not
enter: who may look (`sync/access.py`).
"""

import re
from collections.abc import Collection, Iterable
from unicodedata import normalize

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    and_,
    false,
    or_,
    select,
)

from server.board_tables import order_row, order_words
from server.database import reading
from server.desk_tables import home, resident
from server.homes import Home, Place, places_of, streams_of, whole
from server.sought import begins, sought
from sync.access import EVERY
from sync.register.cells import Unreadable, phone

LEAST = 2  # letters that are worth a search
LEAST_OF_PHONE = 4  # its last digits
MOST_HOMES = 20
MOST_FOUND = 200  # that are looked at more closely

Projects = Collection[str]


def look_up(engine: Engine, asked: str, projects: Projects) -> list[Home]:
    """The homes that these words mean, in these projects, best known first."""
    words = " ".join(normalize("NFKC", asked).split())
    if len(words) < LEAST or not projects:
        return []
    with reading(engine) as connection:
        places = [*_listed(connection, words, projects)]
        places += _asked_for(connection, words, projects)
        chosen = list(dict.fromkeys(places))[:MOST_HOMES]
        orders = streams_of(connection, chosen)
        return [whole(connection, one, orders.get(one, ())) for one in chosen]


def _listed(connection: Connection, words: str, projects: Projects) -> Iterable[Place]:
    """Homes of the list: by their room, then by their people."""
    last = words.rpartition("-")[2]
    rooms = connection.execute(
        select(home.c.project, home.c.building, home.c.unit, home.c.room)
        .where(home.c.room.in_({last, words}), _within(home.c.project, projects))
        .order_by(home.c.project, home.c.building, home.c.unit, home.c.room)
        .limit(MOST_FOUND)
    )
    for row in rooms.mappings():
        place = Place(**row)
        if _means(place, words):
            yield place
    people = connection.execute(
        select(resident.c.project, resident.c.building, resident.c.unit,
               resident.c.room)
        .where(_person(resident.c.phone, resident.c.name, words),
               _within(resident.c.project, projects))
        .order_by(resident.c.project, resident.c.building, resident.c.unit,
                  resident.c.room)
        .limit(MOST_HOMES)
    )  # fmt: skip
    yield from (Place(**row) for row in people.mappings())


def _asked_for(
    connection: Connection, words: str, projects: Projects
) -> Iterable[Place]:
    """Homes that earlier requests named so, the newest first."""
    homes = order_words.c.sought == sought("home", words)
    said = or_(
        *(_found("phone", _begins("phone", one)) for one in _numbers(words)),
        _found("owner", _begins("owner", words)) if _is_name(words) else false(),
        _found("home", homes),  # apart, so that each is found by the index
        _found("home", _begins("home", f"-{words}")),
    )
    rows = connection.execute(
        _orders_by(said).where(_within(order_row.c.project, projects)).limit(MOST_FOUND)
    )
    found = [row.stream for row in rows]
    places = places_of(connection, found)
    return [places[one] for one in found if one in places]


def _found(field: str, so: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(order_words.c.field == field, so)


def _begins(field: str, words: str) -> ColumnElement[bool]:
    return begins(order_words.c.sought, field, words)


def _orders_by(said: ColumnElement[bool]) -> Select[tuple[str, int]]:
    named = select(order_words.c.stream).where(said)
    return (
        select(order_row.c.stream, order_row.c.registered_ms)
        .where(order_row.c.stream.in_(named))
        .order_by(order_row.c.registered_ms.desc(), order_row.c.stream)
    )


def _within(column: ColumnElement[str], projects: Projects) -> ColumnElement[bool]:
    everywhere = EVERY in projects
    return column.is_not(None) if everywhere else column.in_(sorted(projects))


def _means(place: Place, words: str) -> bool:
    return place.words == words or place.words.endswith(f"-{words}")


def _person(
    phone: ColumnElement[str], name: ColumnElement[str], words: str
) -> ColumnElement[bool]:
    return or_(_phone(phone, words), _name(name, words))


def _phone(column: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """The whole number, or how it ends."""
    return or_(*(_ends(column, one) for one in _numbers(words)), false())


def _numbers(words: str) -> set[str]:
    """What a number may end in, if these words can be one."""
    digits = re.sub(r"\D", "", words)
    if len(digits) < LEAST_OF_PHONE or re.search(r"[^\d\s()+-]", words):
        return set()
    try:
        return {digits, phone(words, 0)}
    except Unreadable:
        return {digits}


def _name(column: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """How a name begins."""
    return column.startswith(words, autoescape=True) if _is_name(words) else false()


def _is_name(words: str) -> bool:
    """What has a digit in it is no name."""
    return not any(one.isdecimal() for one in words)


def _ends(column: ColumnElement[str], words: str) -> ColumnElement[bool]:
    return column.endswith(words, autoescape=True)
