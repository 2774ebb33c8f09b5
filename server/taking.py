"""Intake at the desk: a request is taken before the register knows it, under a number
of our own, by somebody who sees it through (I1, I2).

What looks the same as before is said at once (I5). How the register's number comes to
it later is in `server/numbering.py`. May not enter: reading the register, HTTP.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Self

from sqlalchemy import Connection, Engine, insert, select

from server.board import as_order
from server.database import reading
from server.desk import decide
from server.desk_tables import taken
from server.homes import Place, streams_of
from server.ledger import Also, Decision, Ledger
from server.numbering import next_number
from server.tables import stream
from sync.card import HOME
from sync.exchange import Receipt
from sync.facts.intake import Logged, Taken
from sync.facts.visit import Appointed
from sync.moment import Moment
from sync.order import Order, Stage
from sync.plain import Record
from sync.policy import Policy
from sync.problems import Refused
from sync.register.cells import Unreadable, name, phone
from sync.repeats import Earlier, duplicates, repeats

MOST_EARLIER = 100  # orders of one home that are compared
SORTS = ("repair", "complaint", "enquiry", "suggestion")
NAMED = ("project", *HOME, "owner", "trade")
PRIORITIES = ("normal", "urgent", "emergency")


class Window(Record, frozen=True, kw_only=True):
    """When somebody will come, as agreed at the telephone."""

    start_ms: int
    end_ms: int


class Asked(Record, frozen=True, kw_only=True):
    """What somebody asks for, as the desk writes it down."""

    channel: str = "phone"
    sort: str = "repair"
    project: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    owner: str = ""
    phone: str = ""
    trade: str = ""
    priority: str = "normal"
    fault: str = ""
    remark: str = ""
    appointment: Window | None = None

    @classmethod
    def tidy(cls, **said: Any) -> Self:
        """As the register would have it: names and numbers are compared later."""
        named = {one: name(said.get(one, ""), 0) for one in NAMED}
        return cls(**{**said, **named, "phone": _phone(said.get("phone", ""))})

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(project=self.project, building=self.building, unit=self.unit,
                     room=self.room)  # fmt: skip


def _phone(said: str) -> str:
    """As the register would have it; what it would not take stays as it was said."""
    try:
        return phone(said, 0)
    except Unreadable:
        return name(said, 0)


class Entered(Record, frozen=True, kw_only=True):
    """What was taken: its stream and number, and what it looks like the same as."""

    stream: str
    number: str
    duplicates: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()


class Alike(Record, frozen=True, kw_only=True):
    """Other orders of one home and trade: asked for twice, or repaired in vain."""

    duplicates: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()


def take(
    ledger: Ledger,
    engine: Engine,
    policy: Policy,
    asked: Asked,
    *,
    by: str,
    called: str,
    now_ms: int,
    chance: Callable[[int], bytes],
    note: Callable[[Entered], Also] = lambda _made: lambda _connection, _receipts: None,
) -> Entered:
    """Somebody asks; `by`, who is called so, has it in hand from now on (I2). `note` is
    written in the same transaction."""
    if not (asked.fault or asked.remark) or not (asked.phone or asked.room):
        raise Refused("request_empty")
    number = next_number(engine, policy.calendar, now_ms)
    fresh = f"order:{_uuid(chance(16))}"
    alike = compared(engine, policy, [asked.place], asked.trade, now_ms)
    again = alike.repeats[0] if alike.repeats and asked.sort == "repair" else None
    mine = Decision(stream=fresh, what=Taken(person=by, repeats=again), private={})
    when = [
        Decision(stream=fresh, private={}, what=Appointed(
            start_ms=asked.appointment.start_ms, end_ms=asked.appointment.end_ms,
        ))
    ] if asked.appointment else []  # fmt: skip

    made = Entered(
        stream=fresh, number=number, duplicates=alike.duplicates, repeats=alike.repeats
    )
    also = note(made)

    def noted(connection: Connection, receipts: list[Receipt]) -> None:
        row = {"provisional": number, "stream": fresh, "taken_ms": now_ms}
        connection.execute(insert(taken).values(row))
        also(connection, receipts)

    first = _logged(asked, fresh, number, called, now_ms)
    ledger.decide([first, mine, *when], by, now_ms, noted)
    return made


def compared(
    engine: Engine,
    policy: Policy,
    places: Collection[Place],
    trade: str | None,
    now_ms: int,
) -> Alike:
    """Which orders of these homes and of this trade, or of any, are the same again
    (I5)."""
    with reading(engine) as connection:
        streams = streams_of(connection, places)
        known = [_earlier(connection, names) for names in streams.values()]
    days = policy.calendar
    same: list[Earlier] = []
    again: list[Earlier] = []
    for home in known:
        same += duplicates(home, trade, now_ms, policy.duplicate_days, days)
        again += repeats(home, trade, now_ms, policy.repeat_days, days)
    return Alike(
        duplicates=tuple(one.stream for one in same),
        repeats=tuple(one.stream for one in again),
    )


def hand_over(ledger: Ledger, *, to: str, **how: Any) -> Receipt:
    """From now on somebody else sees the request through (I2)."""
    return decide(ledger, Taken(person=to), **how)


def _logged(asked: Asked, order: str, number: str, taker: str, now_ms: int) -> Decision:
    what = Logged(
        number=number, registered_ms=now_ms, registered_width_ms=1,
        channel=asked.channel, sort=asked.sort, site=asked.project, trade=asked.trade,
        priority=asked.priority,
    )  # fmt: skip
    said = {one: getattr(asked, one, "") for one in Logged.private}
    return Decision(
        stream=order, what=what, private=said | {"first_asked": taker},
        guard=_must_be_new,
    )  # fmt: skip


def _must_be_new(order: Order) -> None:
    if order.request is not None:
        raise Refused("register_moved")


def _earlier(connection: Connection, names: Sequence[str]) -> list[Earlier]:
    newest = names[:MOST_EARLIER]
    rows = connection.execute(
        select(stream.c.id, stream.c.document).where(stream.c.id.in_(newest))
    )
    return [_known(row.id, as_order(row.document)) for row in rows]


def _known(of: str, order: Order) -> Earlier:
    request = order.request
    return Earlier(
        stream=of,
        trade=request.trade if request else "",
        registered_ms=request.registered_ms if request else 0,
        open=order.open and order.merged_into is None,
        accepted_ms=_accepted_ms(order),
    )


def _accepted_ms(order: Order) -> int | None:
    """When the owner accepted, as late as it can have been."""
    if order.stage is not Stage.ACCEPTED or not order.rounds or not order.request:
        return None
    ends = [
        _end_ms(one.moment or Moment())
        for one in order.rounds[-1].verdicts
        if one.answer == "accepted"
    ]
    known = [one for one in ends if one is not None]
    return max(known, default=order.request.registered_ms)


def _end_ms(moment: Moment) -> int | None:
    """The last instant at which it can have been; stretches are half-open."""
    ends = (moment.latest_ms, moment.not_after_ms, moment.claimed_ms)
    last = next((one for one in ends if one is not None), None)
    return None if last is None else last - 1


def _uuid(raw: bytes) -> str:
    """A random id (RFC 9562, version 4) of these bytes."""
    made = bytearray(raw)
    made[6] = (made[6] & 0x0F) | 0x40
    made[8] = (made[8] & 0x3F) | 0x80
    text = made.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
