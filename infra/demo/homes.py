"""What really happens in the homes: from a call to a signature, or to something else.

Each of the first orders plays one role of ROLES; the others go as they should. A
technician is in one place at a time. May not enter: what the register says of it.
"""

from dataclasses import dataclass, replace
from random import Random

from infra.demo.happenings import (
    Fitted,
    Home,
    Item,
    Photo,
    Reassigned,
    Result,
    Round,
    Signature,
    SignatureRefused,
    Visit,
)
from infra.demo.prices import PRICES
from infra.demo.town import DAY, FAULTS, MINUTE, TECHNICIANS, Fault, chance, fault_of
from sync.register import RegisterRow

ROLES = (
    "",
    "clock_40_minutes_slow",
    "killed_mid_photo",
    "refused_and_reworked",
    "reassigned_while_offline_after_arrival",
    "cancelled_too_late",
    "signature_refused",
    "nobody_home_at_first",
    "rework_pending",
)
DESK_MINUTES = (
    5,
    8,
)  # from the call to the assignment; never less: `lies` relies on it
GAP_MS = 3 * MINUTE
PRICED = {code: (code, name, unit, fen) for code, name, unit, fen in PRICES}
PAYERS = ("A", "A", "A", "B", "paid", "paid")
UNHAPPY = ("接口处还在渗水", "胶缝不平整，颜色不一致", "补漆有色差", "门缝还是漏风")
WILL_NOT_SIGN = ("要求先赔偿泡坏的地板再签字", "认为应由开发商更换整套设备")

Span = tuple[int, int]


@dataclass(frozen=True)
class _Plan:
    """Times of one visit that goes to the end."""

    visit: Visit
    surveyed_ms: int
    completed_ms: int
    inspected_ms: int


def happened(seed: int, rows: tuple[RegisterRow, ...]) -> tuple[Home, ...]:
    """What happens behind these calls, in their sequence."""
    busy: dict[str, list[Span]] = {technician.id: [] for technician in TECHNICIANS}
    flip = chance(seed, "who goes").randrange(2)
    homes = []
    for n, row in enumerate(rows):
        role = ROLES[n] if n < len(ROLES) else ""
        technician = TECHNICIANS[(n + flip) % 2].id
        if role == "clock_40_minutes_slow":
            technician = next(t.id for t in TECHNICIANS if t.clock_off_ms)
        dice = chance(seed, "home", row.number)
        homes.append(_home(row, role, technician, busy[technician], dice))
    return tuple(homes)


def _home(
    row: RegisterRow, role: str, technician: str, busy: list[Span], dice: Random
) -> Home:
    items = _items(row, dice)
    work = sum(item.minutes for item in items)
    dispatched = row.registered_ms + _minutes(dice, *DESK_MINUTES)
    start = dispatched + _minutes(dice, 3, 6)
    visits: list[Visit] = []
    if role == "nobody_home_at_first":
        visits.append(_in_vain(busy, start, dice))
        start = visits[0].back_ms + _minutes(dice, 120, 240)
    plan = _visit(busy, start, work, dice)
    visits.append(plan.visit)
    rounds = [_round(1, plan, items, row.owner, role=role, dice=dice)]
    photos = _photos(items, plan, 1, dice)
    if role == "refused_and_reworked":
        again = _visit(busy, plan.visit.left_ms + DAY, work // 2, dice)
        visits.append(again.visit)
        rounds.append(_round(2, again, items, row.owner, role="", dice=dice))
        photos += _photos(_failed(items, rounds[0]), again, 2, dice)
    home = Home(
        number=row.number,
        technician=technician,
        dispatched_ms=dispatched,
        pulled_ms=visits[0].set_off_ms - _minutes(dice, 1, 2),
        surveyed_ms=plan.surveyed_ms,
        visits=tuple(visits),
        items=items,
        rounds=tuple(rounds),
        photos=photos,
        incidents=frozenset({role} - {""}),
    )
    return _struck(home, plan, role)


def _struck(home: Home, plan: _Plan, role: str) -> Home:
    """The home with what goes wrong around it."""
    midway = (plan.surveyed_ms + plan.completed_ms) // 2
    match role:
        case "reassigned_while_offline_after_arrival":
            other = next(t.id for t in TECHNICIANS if t.id != home.technician)
            return replace(home, reassigned=Reassigned(other, midway))
        case "cancelled_too_late":
            return replace(home, cancelled_ms=midway)
        case "killed_mid_photo":
            return replace(home, killed_photo=len(home.photos) // 2)
    return home


def _visit(busy: list[Span], earliest: int, work_minutes: int, dice: Random) -> _Plan:
    travel = _minutes(dice, *dice.choice([(4, 8), (5, 12), (9, 16), (25, 55)]))
    door = _minutes(dice, 4, 9)
    work = work_minutes * MINUTE + _minutes(dice, 0, 12)
    look = _minutes(dice, 3, 6)
    leave = _minutes(dice, 6, 9)
    back = _minutes(dice, 8, 50)
    set_off = _free(busy, earliest, travel + door + work + look + leave + back)
    arrived = set_off + travel
    surveyed = arrived + door
    completed = surveyed + work
    inspected = completed + look
    visit = Visit(
        set_off_ms=set_off,
        offline_from_ms=set_off + travel // 2,
        arrived_ms=arrived,
        left_ms=inspected + leave,
        back_ms=inspected + leave + back,
    )
    return _Plan(visit, surveyed, completed, inspected)


def _in_vain(busy: list[Span], earliest: int, dice: Random) -> Visit:
    """Rung twice, nobody opened (V1)."""
    travel, wait = _minutes(dice, 6, 14), _minutes(dice, 2, 5)
    back = _minutes(dice, 1, 4)
    set_off = _free(busy, earliest, travel + wait + back)
    arrived = set_off + travel
    return Visit(
        set_off_ms=set_off,
        offline_from_ms=set_off + travel // 2,
        arrived_ms=arrived,
        left_ms=arrived + wait,
        back_ms=arrived + wait + back,
        nobody_home=True,
        consent=False,
    )


def _free(busy: list[Span], earliest: int, length: int) -> int:
    """The first start from which the technician has this long; it is taken then.

    Between two visits the tablet has a network for long enough to learn of the next.
    """
    start = earliest
    for begins, ends in sorted(busy):
        if start < ends + GAP_MS and begins - GAP_MS < start + length:
            start = ends + GAP_MS
    busy.append((start, start + length))
    return start


def _items(row: RegisterRow, dice: Random) -> tuple[Item, ...]:
    """What the survey finds: what was reported, sometimes one thing more."""
    faults = [fault_of(row, dice)]
    if dice.random() < 0.3:
        faults.append(dice.choice([other for other in FAULTS if other != faults[0]]))
    payer = dice.choice(PAYERS)
    return tuple(
        _item(str(n), fault, payer, dice) for n, fault in enumerate(faults, start=1)
    )


def _item(ref: str, fault: Fault, payer: str, dice: Random) -> Item:
    return Item(
        ref=ref,
        place=fault.place,
        fault=fault.said,
        cause=fault.cause,
        method=fault.method,
        payer=payer,
        minutes=dice.choice((20, 30, 40, 60)),
        parts=tuple(Fitted(*PRICED[code], count) for code, count in fault.parts),
        labour=tuple(Fitted(*PRICED[code], count) for code, count in fault.labour),
    )


def _round(
    n: int,
    plan: _Plan,
    items: tuple[Item, ...],
    owner: str,
    *,
    role: str,
    dice: Random,
) -> Round:
    fails = role in {"refused_and_reworked", "rework_pending"}
    results = tuple(Result(item.ref, passed=True) for item in items[:-1])
    last = Result(items[-1].ref, not fails, dice.choice(UNHAPPY) if fails else "")
    at_ms = plan.inspected_ms + _minutes(dice, 1, 4)
    judged = Round(
        n=n,
        begun_ms=plan.surveyed_ms,
        completed_ms=plan.completed_ms,
        inspected_ms=plan.inspected_ms,
        results=(*results, last),
    )
    if role == "signature_refused":
        refused = SignatureRefused(dice.choice(WILL_NOT_SIGN), "物业管家 宋岚", at_ms)
        return replace(judged, signature_refused=refused)
    if fails:
        return judged
    relation = dice.choice(("owner", "owner", "owner", "family", "tenant"))
    by = owner if relation == "owner" else owner[:1] + "女士"
    return replace(judged, signature=Signature(by, relation, at_ms))


def _failed(items: tuple[Item, ...], judged: Round) -> tuple[Item, ...]:
    failed = {result.item for result in judged.results if not result.passed}
    return tuple(item for item in items if item.ref in failed)


def _photos(
    items: tuple[Item, ...], plan: _Plan, n_round: int, dice: Random
) -> tuple[Photo, ...]:
    """Before, during and after, each item (V4), between survey and completion."""
    taken = [
        (item.ref, moment, n)
        for moment, most in (("before", 2), ("during", 1), ("after", 2))
        for item in items
        for n in range(1, dice.randint(1, most) + 1)
    ]
    step = (plan.completed_ms - plan.surveyed_ms) // (len(taken) + 1)
    return tuple(
        Photo(ref, moment, n, plan.surveyed_ms + place * step, n_round)
        for place, (ref, moment, n) in enumerate(taken, start=1)
    )


def _minutes(dice: Random, least: int, most: int) -> int:
    """Some minutes and seconds, in milliseconds; never less than `least` minutes."""
    return least * MINUTE + dice.randrange((most - least) * MINUTE + 1)
