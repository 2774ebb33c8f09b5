"""Homes and who lives there: what the desk was handed as a list, and what requests have
said besides.

The search at the telephone is `server/lookup.py`. May not enter: who may look
(`sync/access.py`), orders being written.
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    delete,
    select,
    update,
)

from server.board_tables import order_row, order_words
from server.database import new_or_same, reading, writing
from server.desk_tables import home, resident
from server.sought import sought
from sync.card import HOME
from sync.envelope import digest
from sync.plain import Record, as_json
from sync.problems import Refused

MOST_ORDERS = 10  # of one home that are shown


class Place(Record, frozen=True, kw_only=True, order=True):
    """What names a home."""

    project: str
    building: str = ""
    unit: str = ""
    room: str = ""

    @property
    def words(self) -> str:
        """As people write it: 3-2-1702."""
        return "-".join(filter(None, (self.building, self.unit, self.room)))

    @property
    def trace(self) -> str:
        """What a trace of reading calls it (S2)."""
        return f"home:{self.project}/{self.words}"[:80]


class Resident(Record, frozen=True, kw_only=True):
    """Somebody who lives in a home or speaks for it."""

    name: str = ""
    phone: str = ""
    relation: str = ""  # owner, family, tenant, agent; "" if only a request named them
    since: str = ""


class Home(Record, frozen=True, kw_only=True):
    """A home with its people and its orders (streams), newest first."""

    place: Place
    handed_over_day: str = ""
    note: str = ""
    residents: tuple[Resident, ...] = ()
    orders: tuple[str, ...] = ()


class Homes:
    """Knows homes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, homes: Iterable[Home]) -> None:
        """These are the homes' data from now on, with these residents and no others;
        other homes stay as they are."""
        with writing(self._engine) as connection:
            for one in homes:
                keep_home(connection, one)

    def put(self, one: Home, seen: str | None) -> Home:
        """This is the home from now on; refused if it is not any more the one whose
        version was seen. None: whatever it was."""
        with writing(self._engine) as connection:
            held = _home(connection, one.place)
            if seen is not None and seen != version_of(held):
                raise Refused("changed_meanwhile")
            keep_home(connection, one)
            kept = _home(connection, one.place)
        assert kept is not None
        return kept

    def known(self, places: Iterable[Place]) -> dict[Place, Home]:
        """The homes that the desk was told of, without their orders."""
        with reading(self._engine) as connection:
            return {
                place: found
                for place in places
                if (found := _home(connection, place)) is not None
            }


def version_of(one: Home | None) -> str:
    """What names exactly this word on a home; "0": nobody said anything."""
    return digest(as_json(one).encode())[:22] if one else "0"


def whole(connection: Connection, place: Place, streams: Sequence[str]) -> Home:
    """A home with the people it is known to have, from the list or from requests, and
    with its newest orders."""
    listed = _home(connection, place) or Home(place=place)
    orders = tuple(streams[:MOST_ORDERS])
    return Home(
        place=place,
        handed_over_day=listed.handed_over_day,
        note=listed.note,
        residents=(*listed.residents, *_callers(connection, orders, listed.residents)),
        orders=orders,
    )


def streams_of(
    connection: Connection, places: Collection[Place]
) -> dict[Place, tuple[str, ...]]:
    """The orders of these homes, newest first. Without a room there is no home."""
    named = {one.words for one in places if one.room}
    rows = connection.execute(
        select(order_row.c.stream, order_row.c.project, order_words.c.value)
        .join(order_words, order_words.c.stream == order_row.c.stream)
        .where(
            order_words.c.field == "home",
            order_words.c.sought.in_({sought("home", one) for one in named}),
            order_words.c.value.in_(named),
        )
        .order_by(order_row.c.registered_ms.desc(), order_row.c.stream)
    )
    by_words: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in rows:
        key = row.project, row.value
        by_words[key] = (*by_words.get(key, ()), row.stream)
    return {
        one: by_words[one.project, one.words]
        for one in places
        if one.room and (one.project, one.words) in by_words
    }


def place_of(connection: Connection, stream: str) -> Place | None:
    """Where an order is to be done; None as far as nobody knows (any more)."""
    return places_of(connection, [stream]).get(stream)


def keep_home(connection: Connection, one: Home) -> None:
    """This is the home with its residents from now on."""
    key = _key(one.place)
    told = {"handed_over_day": one.handed_over_day, "note": one.note}
    connection.execute(new_or_same(connection, home).values(**key, **told))
    connection.execute(update(home).where(*_at(home, one.place)).values(told))
    connection.execute(delete(resident).where(*_at(resident, one.place)))
    for person in one.residents:
        connection.execute(new_or_same(connection, resident).values(
            **key, name=person.name, phone=person.phone, relation=person.relation,
            since=person.since,
        ))  # fmt: skip


def _home(connection: Connection, place: Place) -> Home | None:
    row = connection.execute(select(home).where(*_at(home, place))).first()
    if row is None:
        return None
    people = connection.execute(
        select(resident).where(*_at(resident, place))
        .order_by(resident.c.since.desc(), resident.c.name, resident.c.phone)
    )  # fmt: skip
    return Home(
        place=place, handed_over_day=row.handed_over_day, note=row.note,
        residents=tuple(
            Resident(name=one.name, phone=one.phone, relation=one.relation,
                     since=one.since)
            for one in people
        ),
    )  # fmt: skip


def _key(place: Place) -> dict[str, str]:
    return {"project": place.project, "building": place.building,
            "unit": place.unit, "room": place.room}  # fmt: skip


def _at(table: object, place: Place) -> Sequence[ColumnElement[bool]]:
    columns = table.c  # type: ignore[attr-defined]
    return [columns[name] == value for name, value in _key(place).items()]


def places_of(connection: Connection, streams: Collection[str]) -> dict[str, Place]:
    """Where these orders are to be done, as far as anybody knows."""
    rows = connection.execute(
        select(order_row.c.stream, order_row.c.project, order_words.c.field,
               order_words.c.value)
        .join(order_words, order_words.c.stream == order_row.c.stream)
        .where(order_row.c.stream.in_(streams), order_words.c.field.in_(HOME))
    )  # fmt: skip
    told: dict[str, dict[str, str]] = {}
    for row in rows:
        said = told.setdefault(row.stream, {"project": row.project})
        said[row.field] = row.value
    return {name: Place(**said) for name, said in told.items() if "room" in said}


def _callers(
    connection: Connection, orders: Sequence[str], listed: Collection[Resident]
) -> list[Resident]:
    """Who asked for something at this home, if the list does not know them."""
    rows = connection.execute(
        select(order_words.c.stream, order_words.c.field, order_words.c.value).where(
            order_words.c.stream.in_(orders),
            order_words.c.field.in_(("owner", "phone")),
        )
    )
    told: dict[str, dict[str, str]] = {}
    for row in rows:
        told.setdefault(row.stream, {})[row.field] = row.value
    known = {(one.name, one.phone) for one in listed}
    named = [
        (told[one].get("owner", ""), told[one].get("phone", ""))
        for one in orders
        if one in told
    ]
    fresh = dict.fromkeys(one for one in named if one not in known)
    return [Resident(name=name, phone=phone) for name, phone in fresh]
