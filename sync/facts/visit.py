"""On the way and at the door: appointment, setting off, arrival, protocol, nobody
home, turned away, leaving (P3, V1, V2, V7)."""

from collections.abc import Mapping
from typing import ClassVar

from sync.envelope import DIGEST
from sync.facts.what import Kept, What, but
from sync.order import Appointment, Departure, Order, Stage, Visit
from sync.words import N_

# V1, one card of attested steps; which of them a project demands is policy.
DOOR_STEPS: dict[str, str] = {
    "uniform": N_("着工装、佩戴工牌"),
    "rang_twice": N_("按铃，等 30 秒再按"),
    "greeted": N_("问候并出示工牌"),
    "shoe_covers": N_("穿鞋套（毛坯房不用）"),
    "supervision_card": N_("递交监督卡"),
    "items_confirmed": N_("复述报修内容和部位，请业主确认"),
    "duration_told": N_("说明预计时间"),
    "floor_mat": N_("铺垫布"),
    "furniture_protected": N_("保护家具"),
}


def last_visit(order: Order, by: str) -> Visit | None:
    """The latest visit of this person, over or not."""
    return next((one for one in reversed(order.visits) if one.by == by), None)


def on_visit(order: Order, visit: Visit | None, **changes: object) -> Order:
    """The order with this visit changed; unchanged if there is none."""
    visits = (but(one, **changes) if one is visit else one for one in order.visits)
    return but(order, visits=tuple(visits))


def visit_ended(order: Order, kept: Kept, outcome: str) -> Order:
    """The order with the author's visit ended like this; an earlier visit that is over
    keeps what it ended with."""
    visit = last_visit(order, kept.fact.head.by)
    if visit is None or not visit.under_way:
        return order
    return on_visit(order, visit, outcome=outcome)


class Arrived(What, frozen=True, kw_only=True):
    """The technician checks in at the site (V2). The place is never waited for."""

    kind = "visit.arrived"
    label = N_("到场签到")
    private = ("place",)  # "latitude,longitude,accuracy": degrees × 10^7, metres
    fits = frozenset(Stage) - {Stage.UNKNOWN, Stage.LOGGED, Stage.ACCEPTED}
    moves: ClassVar[Mapping[Stage, Stage]] = {
        Stage.DISPATCHED: Stage.ON_SITE,
        Stage.REWORK: Stage.AGREED,
    }
    catches_up: ClassVar[Mapping[Stage, Stage]] = {Stage.LOGGED: Stage.ON_SITE}
    arrives = True

    def change(self, order: Order, kept: Kept) -> Order:
        visit = Visit(
            fact=kept.fact.id,
            by=kept.fact.head.by,
            moment=kept.moment,
            place=kept.fact.private.get("place"),
        )
        return but(order, visits=(*order.visits, visit))


class Placed(What, frozen=True, kw_only=True):
    """Where an arrival was, found only after it had been recorded (V2)."""

    kind = "visit.placed"
    label = N_("到场位置")
    private = ("place",)

    arrival: str  # the fact that recorded it

    def misfit(self) -> str | None:
        return None if DIGEST.fullmatch(self.arrival) else "arrival"

    def change(self, order: Order, kept: Kept) -> Order:
        where = kept.fact.private.get("place")
        here = (one for one in order.visits if one.fact == self.arrival)
        visit = next((one for one in here if one.place is None), None)
        return on_visit(order, visit, place=where)


class Appointed(What, frozen=True, kw_only=True):
    """When somebody will come, agreed with the owner by telephone or at the door; said
    again it is another appointment (改约, P3)."""

    kind = "visit.appointed"
    label = N_("约定上门时间")
    private = ("words",)
    fits = frozenset(Stage) - {Stage.ACCEPTED}

    start_ms: int
    end_ms: int
    reason: str = ""

    def misfit(self) -> str | None:
        return None if self.start_ms <= self.end_ms else "end_ms"

    def change(self, order: Order, kept: Kept) -> Order:
        agreed = Appointment(
            fact=kept.fact.id,
            by=kept.fact.head.by,
            start_ms=self.start_ms,
            end_ms=self.end_ms,
            reason=self.reason,
        )
        return but(order, appointments=(*order.appointments, agreed))


class SetOff(What, frozen=True, kw_only=True):
    """Somebody is on the way to the home (出发). Nobody has to say so, and it moves no
    stage: who never said it has arrived all the same."""

    kind = "visit.set_off"
    label = N_("出发")

    def change(self, order: Order, kept: Kept) -> Order:
        gone = Departure(fact=kept.fact.id, by=kept.fact.head.by, moment=kept.moment)
        return but(order, departures=(*order.departures, gone))


class DoorProtocol(What, frozen=True, kw_only=True):
    """The card of steps at the door, attested with its time (V1, V4a)."""

    kind = "visit.door_protocol"
    label = N_("上门礼仪")
    fits = frozenset(Stage) - {Stage.UNKNOWN, Stage.LOGGED}

    steps: tuple[str, ...]
    photo_consent: bool
    place_consent: bool
    start_consent: bool

    def change(self, order: Order, kept: Kept) -> Order:
        return on_visit(
            order,
            last_visit(order, kept.fact.head.by),
            door=self.steps,
            photo_consent=self.photo_consent,
            place_consent=self.place_consent,
            start_consent=self.start_consent,
        )


class NobodyHome(What, frozen=True, kw_only=True):
    """Rang, waited, rang again: no answer; reported to the centre (V1)."""

    kind = "visit.nobody_home"
    label = N_("无人应答")
    private = ("words",)
    fits = frozenset({Stage.ON_SITE, Stage.AGREED, Stage.REWORK, Stage.SURVEYED})
    moves: ClassVar[Mapping[Stage, Stage]] = {Stage.ON_SITE: Stage.DISPATCHED}

    def change(self, order: Order, kept: Kept) -> Order:
        return visit_ended(order, kept, "nobody_home")


class TurnedAway(What, frozen=True, kw_only=True):
    """The owner does not let the technician in, or refuses the repair (V1)."""

    kind = "visit.turned_away"
    label = N_("业主拒修")
    private = ("words",)
    fits = frozenset({Stage.ON_SITE, Stage.AGREED, Stage.REWORK, Stage.SURVEYED})
    moves: ClassVar[Mapping[Stage, Stage]] = {Stage.ON_SITE: Stage.DISPATCHED}

    reason: str

    def change(self, order: Order, kept: Kept) -> Order:
        return visit_ended(order, kept, "turned_away")


class Left(What, frozen=True, kw_only=True):
    """The technician leaves the home (V7)."""

    kind = "visit.left"
    label = N_("离场")
    moves: ClassVar[Mapping[Stage, Stage]] = {Stage.ON_SITE: Stage.DISPATCHED}

    def change(self, order: Order, kept: Kept) -> Order:
        visit = last_visit(order, kept.fact.head.by)
        if visit is None or visit.left is not None:
            return order
        return on_visit(order, visit, left=kept.moment)
