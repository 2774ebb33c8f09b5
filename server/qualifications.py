"""Certificates: who holds which, and the door that nobody passes without (P2).

May not enter: what a trade asks for (`sync/qualifications.py`, policy), files.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, Engine, delete, insert, select

from server.database import new_or_same, reading, writing
from server.desk_tables import contractor, contractor_person, qualification
from server.tables import person
from sync.envelope import digest
from sync.order import Order
from sync.plain import Record, as_json
from sync.policy import Policy
from sync.problems import Refused
from sync.qualifications import (
    SPOKEN,
    Certificate,
    asked_for,
    is_demanded,
    lacks,
)


class Papers(Record, frozen=True, kw_only=True):
    """What is known of some people's certificates, and whether any are asked for."""

    demanded: bool
    held: Mapping[str, tuple[Certificate, ...]]
    firms: Mapping[str, str] = {}  # a contractor's people, with whose they are

    def of(self, name: str) -> tuple[Certificate, ...]:
        """What somebody holds, valid or not."""
        return self.held.get(name, ())


class Qualifications:
    """Knows certificates."""

    def __init__(self, engine: Engine, policy: Policy) -> None:
        self._engine = engine
        self._policy = policy

    def papers(self, people: Collection[str] | None = None) -> Papers:
        """These people's certificates; everybody's if nobody is named."""
        with reading(self._engine) as connection:
            return papers(connection, self._policy, people)

    def day(self, order: Order, now_ms: int) -> str:
        """The day for which certificates count: that of the appointment, if it is yet
        to come, or else today."""
        agreed = order.appointments[-1].start_ms if order.appointments else now_ms
        return self._policy.calendar.day_name(max(agreed, now_ms))

    def asked(self, trade: str, name: str, known: Papers) -> tuple[str, ...]:
        """What a job of this trade asks of somebody."""
        outside = name in known.firms
        return asked_for(trade, self._policy.certificates, outside=outside)

    def must_fit(
        self, order: Order, people: Sequence[str], known: Papers, now_ms: int
    ) -> None:
        """Refuse whoever may not be given this order, with what is missing (P2)."""
        if not known.demanded:
            return
        trade = order.request.trade if order.request else ""
        if not trade:
            raise Refused("trade_missing", number=order.number)
        day = self.day(order, now_ms)
        for name in people:
            asked = self.asked(trade, name, known)
            for one in lacks(known.of(name), asked, day):
                raise Refused(
                    one.code, person=name, what=SPOKEN.get(one.what, one.what),
                    number=one.number or "—", day=one.day,
                )  # fmt: skip

    def keep(self, certificates: Iterable[tuple[str, Certificate]]) -> None:
        """Each of these is held by its person from now on as it says here."""
        with writing(self._engine) as connection:
            for name, one in certificates:
                keep(connection, name, one)

    def put(
        self,
        name: str,
        certificates: Sequence[Certificate],
        firm: str,
        seen: str | None,
    ) -> None:
        """Somebody holds these and no others, and is this contractor's ("": the
        company's own); refused if what was `seen` is not what is held any more."""
        with writing(self._engine) as connection:
            must_work_here(connection, [name])
            known = papers(connection, self._policy, [name])
            if seen is not None and seen != version_of(known, name):
                raise Refused("changed_meanwhile")
            gone = delete(qualification).where(qualification.c.person == name)
            connection.execute(gone)
            for one in certificates:
                keep(connection, name, one)
            belongs(connection, name, firm)


def version_of(known: Papers, name: str) -> str:
    """What names exactly these certificates of somebody."""
    return digest(as_json([known.of(name), known.firms.get(name)]).encode())[:22]


def papers(
    connection: Connection, policy: Policy, people: Collection[str] | None = None
) -> Papers:
    """As `Qualifications.papers`, within a transaction."""
    wanted = select(qualification).order_by(
        qualification.c.person, qualification.c.what, qualification.c.certificate
    )
    whose = select(contractor_person.c.person, contractor_person.c.contractor)
    if people is not None:
        wanted = wanted.where(qualification.c.person.in_(people))
        whose = whose.where(contractor_person.c.person.in_(people))
    held: dict[str, tuple[Certificate, ...]] = {}
    for row in connection.execute(wanted):
        one = Certificate(
            what=row.what, number=row.certificate, valid_from=row.valid_from,
            valid_until=row.valid_until,
        )  # fmt: skip
        held[row.person] = (*held.get(row.person, ()), one)
    any_entered = connection.execute(select(qualification.c.person).limit(1)).first()
    demanded = is_demanded(
        policy.demand_qualifications, any_entered=any_entered is not None
    )
    firms = {row.person: row.contractor for row in connection.execute(whose)}
    return Papers(demanded=demanded, held=held, firms=firms)


def keep(connection: Connection, name: str, one: Certificate) -> None:
    """Somebody holds this certificate; said again, its days are brought up to date."""
    connection.execute(delete(qualification).where(
        qualification.c.person == name, qualification.c.what == one.what,
        qualification.c.certificate == one.number,
    ))  # fmt: skip
    connection.execute(insert(qualification).values(
        person=name, what=one.what, certificate=one.number,
        valid_from=one.valid_from, valid_until=one.valid_until,
    ))  # fmt: skip


def belongs(connection: Connection, name: str, to: str) -> None:
    """Somebody is a contractor's, by this name; "" is the company's own."""
    connection.execute(
        delete(contractor_person).where(contractor_person.c.person == name)
    )
    if to:
        firm = {"id": to[:64], "name": to[:200], "note": ""}
        connection.execute(new_or_same(connection, contractor).values(firm))
        connection.execute(
            insert(contractor_person).values(person=name, contractor=to[:64])
        )


def must_work_here(connection: Connection, people: Collection[str]) -> None:
    """Refuse names that nobody here has."""
    known = set(
        connection.execute(select(person.c.id).where(person.c.id.in_(people))).scalars()
    )
    for name in people:
        if name not in known:
            raise Refused("person_unknown", person=name)
