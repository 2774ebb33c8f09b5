"""What a board shows of an order, without anything that is the owner's alone.

A card is made from the document and lies beside it for lists; who the owner is and
where, is added by whoever may read it (S1). What people planned and what the field has
told are kept apart. May not enter: clocks, contacts, promises.
"""

import re

from sync.moment import Moment
from sync.order import Appointment, Order, Stage, Visit
from sync.plain import Record
from sync.words import N_

MOST_TRIPS = 5
PROVISIONAL = re.compile(r"P[0-9]{6}-[0-9]{4,}")  # ours, until the register gives one
HOME = ("building", "unit", "room")
LOOKED_UP = (*HOME, "owner", "phone", "fault")  # private values of a request
UNSAID = "***"

STAGES: dict[str, str] = {
    "unknown": N_("未登记"),
    "logged": N_("待派"),
    "dispatched": N_("已派"),
    "on_site": N_("已到场"),
    "surveyed": N_("已勘察"),
    "agreed": N_("维修中"),
    "completed": N_("待验收"),
    "rework": N_("返修中"),
    "unsigned": N_("业主拒签"),
    "accepted": N_("已验收"),
}


class Window(Record, frozen=True, kw_only=True):
    """When somebody will come, as agreed."""

    start_ms: int
    end_ms: int


class Trip(Record, frozen=True, kw_only=True):
    """A visit as far as it is known: who was there from when to when, as estimated.
    `until_ms` is None as long as nobody said that it is over; `sure`: by a good clock.
    """

    actor: str
    from_ms: int | None
    until_ms: int | None
    sure: bool


class Way(Record, frozen=True, kw_only=True):
    """Somebody who set off, and when, as estimated; nothing else was heard since."""

    actor: str
    from_ms: int | None


class Given(Record, frozen=True, kw_only=True):
    """Somebody who is given the order and has told nothing since that shows it: at
    which position it was given."""

    actor: str
    position: int


class Card(Record, frozen=True, kw_only=True):
    """One order on the board."""

    number: str | None = None
    project: str = ""
    sort: str = ""
    trade: str = ""
    priority: str = "normal"
    stage: str = Stage.UNKNOWN.value
    technician: str | None = None
    helpers: tuple[str, ...] = ()
    appointment: Window | None = None
    registered_ms: int = 0
    round: int = 1
    rework: int = 0
    reviews: tuple[str, ...] = ()
    open: bool = True
    held: bool = False
    cancelled: bool = False
    accepted_ms: int | None = None  # as estimated, while it stands accepted
    on_site: tuple[str, ...] = ()
    on_way: tuple[Way, ...] = ()
    trips: tuple[Trip, ...] = ()  # the newest of them
    given: tuple[Given, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody whose order it is, the lead first."""
        lead = (self.technician,) if self.technician else ()
        return (*lead, *self.helpers)


def card(order: Order) -> Card:
    """The order as the board shows it."""
    request, given = order.request, order.assignment
    found = order.found.by if order.found and order.found.stands else None
    return Card(
        number=order.number,
        project=request.site if request else "",
        sort=request.sort if request else "",
        trade=request.trade if request else "",
        priority=request.priority if request else "normal",
        stage=(order.stage if request else Stage.UNKNOWN).value,
        technician=given.technician if given else found,
        helpers=given.helpers if given else (),
        appointment=_window(order.appointments[-1]) if order.appointments else None,
        registered_ms=request.registered_ms if request else 0,
        round=order.round_due,
        rework=order.rework_rounds,
        reviews=tuple(sorted({one.code for one in order.reviews})),
        open=order.open,
        held=is_held(order),
        cancelled=order.cancelled is not None,
        accepted_ms=_accepted_ms(order),
        on_site=tuple(sorted({one.by for one in order.visits if one.under_way})),
        on_way=tuple(
            Way(actor=one.by, from_ms=_middle_ms(one.moment))
            for one in order.on_the_way
        ),
        trips=tuple(_trip(one) for one in order.visits[-MOST_TRIPS:]),
        given=_not_opened(order),
    )


def _window(agreed: Appointment) -> Window:
    return Window(start_ms=agreed.start_ms, end_ms=agreed.end_ms)


def _trip(visit: Visit) -> Trip:
    """From the middle of when they may have arrived to that of when they left; who
    found nobody at home was there no longer than that."""
    begun = _middle_ms(visit.moment)
    ended = begun if visit.outcome is not None and visit.left is None else None
    return Trip(
        actor=visit.by, from_ms=begun,
        until_ms=_middle_ms(visit.left) if visit.left is not None else ended,
        sure=visit.moment.grade in ("A", "B"),
    )  # fmt: skip


def _middle_ms(moment: Moment) -> int | None:
    first, end = moment.estimate
    if first is None or end is None:
        return moment.claimed_ms
    return (first + end) // 2


def _accepted_ms(order: Order) -> int | None:
    """When it was accepted for the last time; None if it does not stand so."""
    if order.stage is not Stage.ACCEPTED:
        return None
    words = (one for round_ in order.rounds for one in round_.verdicts)
    said = [one.moment for one in words if one.answer == "accepted"]
    return _middle_ms(said[-1]) if said and said[-1] is not None else None


def is_held(order: Order) -> bool:
    """Does the work wait: for what the desk put it on hold for, or for a cost that
    nobody has approved yet (L4)?"""
    return order.held or any(one.released is None for one in order.holds)


def _not_opened(order: Order) -> tuple[Given, ...]:
    """Who was given the order and has stated nothing since, knowing that (P6)."""
    if order.assignment is None or not order.open:
        return ()
    fact = order.assignment.fact
    position = next(
        (one.position or 0 for one in reversed(order.history) if one.id == fact), 0
    )
    opened = {one.by for one in order.history if one.basis >= position}
    left = sorted(order.assignment.people - opened)
    return tuple(Given(actor=one, position=position) for one in left)


def is_provisional(number: str | None) -> bool:
    """Did we give this number ourselves, until the register gives one (I3)?"""
    return bool(number and PROVISIONAL.fullmatch(number))


def home_of(building: str, unit: str, room: str, *, whole: bool) -> str:
    """Where the order is, in one word; the room only for whoever may read it (S1)."""
    if not (building or unit or room):
        return ""
    last = room if whole else UNSAID if room else ""
    return "-".join(one for one in (building, unit, last) if one)
