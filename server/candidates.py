"""Who could be sent to an order, and what is known of each of them (P2).

What that means for their sequence is `sync/ranking.py`. May not enter: HTTP, words,
giving the order to anybody.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, case, func, select

from server.board import as_order, document
from server.board_tables import order_row, order_words
from server.database import reading
from server.homes import place_of, streams_of
from server.people_tables import account, grant
from server.qualifications import Papers, Qualifications, papers
from server.roster import Duty, duty
from server.showing import contacts
from server.tables import member, person, private, stream
from sync.access import ACTIONS, EVERY
from sync.moment import DAY_MS, MINUTE_MS
from sync.order import Order, Visit
from sync.plain import Record
from sync.policy import Policy
from sync.problems import Refused
from sync.qualifications import good_until, lacks
from sync.ranking import ENDS_SOON_DAYS, Known, ranked
from sync.whereabouts import Spot, distance_m, spot

LAST_ORDERS = 300  # of everybody, that are looked through for places
NOT_BEGUN = ("unknown", "logged", "dispatched")  # nobody has been there
NEAR_ORDERS = 20  # of a home, a building or a project, likewise


class Candidate(Record, frozen=True, kw_only=True):
    """Somebody who could be sent. `fits`: may be given the order, and is on duty if
    anybody is; `near`: the order at which their place was last known."""

    name: str
    known: Known
    fits: bool
    contact_ms: int | None = None
    near: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Around:
    """What is known of the order, of its day and of everybody at once."""

    now_ms: int
    day: str
    trade: str
    duty: Duty
    papers: Papers
    loads: Mapping[str, tuple[int, int]]
    contacts: Mapping[str, int]
    target: Spot | None
    been_here: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class _Last:
    """Where somebody was when they last said so."""

    number: str | None
    spot: Spot


def candidates(
    engine: Engine,
    policy: Policy,
    qualifications: Qualifications,
    name: str,
    now_ms: int,
) -> list[Candidate]:
    """Everybody who may be given orders there, the one to think of first on top; at the
    end, by name alone, who may work elsewhere only."""
    with reading(engine) as connection:
        order = document(connection, name)
        if order is None or order.request is None:
            raise Refused("not_found")
        people, elsewhere = _technicians(connection, order.request.site)
        day = qualifications.day(order, now_ms)
        target, been_here = _here(connection, order, name)
        around = _Around(
            now_ms=now_ms, day=day, trade=order.request.trade, target=target,
            been_here=been_here, duty=duty(connection, order.request.site, day),
            papers=papers(connection, policy, list(people)),
            loads=_loads(connection, list(people), _span(policy, day)),
            contacts=contacts(connection),
        )  # fmt: skip
        places = _last_places(connection, people) if target else {}
    found = [_known(one, qualifications, around, places.get(one)) for one in people]
    found += [Known(person=one, here=False) for one in elsewhere]
    names = people | elsewhere
    return [
        Candidate(
            name=names[one.person],
            known=one,
            fits=one.qualified and (one.on_duty or not around.duty.people),
            contact_ms=around.contacts.get(one.person),
            near=_number(places.get(one.person)),
        )
        for one in ranked(found)
    ]


def _known(
    one: str, qualifications: Qualifications, around: _Around, last: _Last | None
) -> Known:
    asked = qualifications.asked(around.trade, one, around.papers)
    held = around.papers.of(one)
    ends = good_until(held, asked, around.day)
    open_, today = around.loads.get(one, (0, 0))
    return Known(
        person=one,
        checked=around.papers.demanded,
        trade_known=bool(around.trade),
        lacks=lacks(held, asked, around.day),
        expires_day=ends.valid_until if ends else None,
        expires_soon=ends is not None
        and _days(around.day, ends.valid_until) <= ENDS_SOON_DAYS,
        on_duty=one in around.duty.people,
        leads=one == around.duty.lead,
        open=open_,
        today=today,
        knows_home=one in around.been_here,
        distance_m=distance_m(last.spot, around.target)
        if last and around.target
        else None,
        contact_minutes=_minutes(around.contacts.get(one), around.now_ms),
    )


def _technicians(
    connection: Connection, project: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Everybody who may be given orders in this project, and everybody who may be given
    some elsewhere alone; who still works here."""
    rows = connection.execute(
        select(person.c.id, person.c.name, grant.c.project)
        .join(grant, grant.c.person == person.c.id)
        .outerjoin(account, account.c.person == person.c.id)
        .where(
            grant.c.role.in_(sorted(ACTIONS["order.work"])),
            account.c.left_ms.is_(None),
        )
        .order_by(person.c.id)
    ).all()
    here = {row.id: row.name for row in rows if row.project in (EVERY, project)}
    return here, {row.id: row.name for row in rows if row.id not in here}


def _loads(
    connection: Connection, people: Sequence[str], today: tuple[int, int]
) -> dict[str, tuple[int, int]]:
    """Orders in hand, and those of them that are agreed for the day: by person."""
    first_ms, end_ms = today
    row = order_row.c
    since, until = (
        row.appointment_start_ms >= first_ms,
        row.appointment_start_ms < end_ms,
    )
    agreed_today = func.sum(case((since & until, 1), else_=0))
    rows = connection.execute(
        select(member.c.actor, func.count(), agreed_today)
        .join(order_row, order_row.c.stream == member.c.stream)
        .where(member.c.actor.in_(people), member.c.state == "in", row.open)
        .where(row.stage != "accepted")
        .group_by(member.c.actor)
    )
    return {actor: (int(open_), int(agreed)) for actor, open_, agreed in rows}


def _here(
    connection: Connection, order: Order, name: str
) -> tuple[Spot | None, frozenset[str]]:
    """Where the order is, as far as anybody was ever there or near, and who was."""
    place = place_of(connection, name)
    at_home = streams_of(connection, [place]).get(place, ()) if place else ()
    orders = _documents(connection, at_home[:NEAR_ORDERS] or (name,))
    been = frozenset(one.by for each in orders for one in each.visits)
    site = order.request.site if order.request else ""
    building = place.building if place else ""
    for near in (orders, _near(connection, site, building), _near(connection, site)):
        visits = [(each, one) for each in near for one in each.visits[::-1]]
        if noted := _noted(connection, visits):
            return next(
                noted[each.stream, one.place or ""]
                for each, one in visits
                if (each.stream, one.place or "") in noted
            ), been
    return None, been


def _near(connection: Connection, project: str, building: str = "") -> Iterable[Order]:
    """The newest visited orders of a building, or of a project."""
    wanted = (
        select(order_row.c.stream)
        .where(order_row.c.project == project)
        .where(order_row.c.stage.not_in(NOT_BEGUN))
        .order_by(order_row.c.registered_ms.desc(), order_row.c.stream)
        .limit(NEAR_ORDERS)
    )
    if building:
        wanted = wanted.join(
            order_words, order_words.c.stream == order_row.c.stream
        ).where(order_words.c.field == "building", order_words.c.value == building)
    return _documents(connection, connection.execute(wanted).scalars().all())


def _last_places(connection: Connection, people: Collection[str]) -> dict[str, _Last]:
    """Where each of them last was, by their own visits to the orders that changed
    last."""
    streams = connection.execute(
        select(order_row.c.stream)
        .where(order_row.c.stage.not_in(NOT_BEGUN))
        .order_by(order_row.c.rev.desc())
        .limit(LAST_ORDERS)
    )
    newest: dict[str, tuple[int, Order, Visit]] = {}
    for order in _documents(connection, streams.scalars().all()):
        at = {one.id: one.position or 0 for one in order.history}
        for one in order.visits:
            known = newest.get(one.by)
            if (
                one.by in people
                and one.place
                and (known is None or at.get(one.fact, 0) > known[0])
            ):
                newest[one.by] = at.get(one.fact, 0), order, one
    noted = _noted(connection, [(order, one) for _, order, one in newest.values()])
    return {
        name: _Last(number=order.number, spot=noted[order.stream, one.place or ""])
        for name, (_, order, one) in newest.items()
        if (order.stream, one.place or "") in noted
    }


def _noted(
    connection: Connection, visits: Collection[tuple[Order, Visit]]
) -> dict[tuple[str, str], Spot]:
    """The places of these visits, as far as they are still held: by order and
    commitment."""
    rows = connection.execute(
        select(private.c.stream, private.c.commitment, private.c.value).where(
            private.c.stream.in_({order.stream for order, _ in visits}),
            private.c.commitment.in_({one.place or "" for _, one in visits}),
        )
    )
    read = {(row.stream, row.commitment): spot(row.value) for row in rows}
    return {key: found for key, found in read.items() if found}


def _documents(connection: Connection, names: Sequence[str]) -> list[Order]:
    """These orders, in this sequence."""
    rows = connection.execute(
        select(stream.c.id, stream.c.document).where(stream.c.id.in_(names))
    )
    found = {row.id: as_order(row.document) for row in rows}
    return [found[one] for one in names if one in found]


def _span(policy: Policy, day: str) -> tuple[int, int]:
    """When a local day begins and ends."""
    passed = (date.fromisoformat(day) - date(1970, 1, 1)).days
    first_ms = policy.calendar.instant(passed, 0)
    return first_ms, first_ms + DAY_MS


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _minutes(heard_ms: int | None, now_ms: int) -> int | None:
    return None if heard_ms is None else max(0, (now_ms - heard_ms) // MINUTE_MS)


def _number(last: _Last | None) -> str | None:
    return last.number if last else None
