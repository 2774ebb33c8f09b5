"""Every promise that an order is under: when it is due, whether it was kept, and who
should know by now.

What applies follows from the rows of the policy: each starts and ends with something
that an order's document tells the moment of. Nothing in here is ever stored; a list
keeps what `running` says, which needs no clock, and asks `standing_at` anew each time.
May not enter: a clock, a number outside the policy data.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from sync.escalation import Rung
from sync.facts import KINDS
from sync.moment import MINUTE_MS, Moment, Span
from sync.order import Order
from sync.plain import Record
from sync.policy import Policy
from sync.promises import Promise
from sync.standing import first_arrival, stops
from sync.verdicts import Answer, Share, Verdict, judge, split

OPEN = "open"  # nothing is heard yet: neither kept nor missed, whatever the time is
REPAIRS = frozenset({"", "repair"})
# What only a repair waits for: no complaint, enquiry or suggestion (I1).
AT_HOME = frozenset({"arrived", "made_safe", "surveyed", "completed"})
# Saying that a request exists is not yet to have it in hand (I3), nor is comparing it
# with the central log.
REGISTERING = frozenset({
    "intake.logged", "intake.amended", "intake.pictured",
    "reconcile.settled", "reconcile.undone", "reconcile.taken",
})  # fmt: skip


class Running(Record, frozen=True, kw_only=True):
    """One promise on one order, as far as no clock is needed for it.

    Due lies in [first, last]. `stopped_ms` is when a hold that goes on stopped it: due
    is then as it stood, and moves once the order is resumed.
    """

    code: str
    rule: str
    due_first_ms: int | None
    due_last_ms: int | None
    answer: str  # kept, missed, undetermined, open
    basis: str | None
    stopped_ms: int | None
    rungs: tuple[Rung, ...] = ()


class Deadline(Record, frozen=True, kw_only=True):
    """The same now. `minutes_left` are whole minutes to the first instant that it may
    be due: negative is overdue, None once there is an answer; when stopped they stand
    still. `level` rungs of the ladder are reached, the last of them `to`.
    """

    code: str
    rule: str
    due_first_ms: int | None
    due_last_ms: int | None
    answer: str
    basis: str | None
    minutes_left: int | None
    stopped: bool
    level: int
    to: str | None

    @property
    def late(self) -> bool:
        """Is it overdue and nothing heard? A question, and never a verdict."""
        left = self.minutes_left
        return left is not None and left < 0 and not self.stopped


class End(NamedTuple):
    """Until when something was promised to the owner, and the fact that says so."""

    fact: str
    end_ms: int


class Term(NamedTuple):
    """What a promise runs from, and what ended it if that was heard of."""

    start: Moment
    done: Moment | None


# what an order tells the moment of


def registered(order: Order) -> Moment | None:
    """The register's minute. A fault that a technician found was never asked for."""
    if order.request is None or _found_on_site(order):
        return None
    first_ms, width_ms = order.request.registered_ms, order.request.registered_width_ms
    return Moment.known(Span(first_ms, first_ms + width_ms))


def _found_on_site(order: Order) -> bool:
    return (
        order.found is not None
        and order.request is not None
        and (order.request.channel == "on_site")
    )


def taken(order: Order) -> Moment | None:
    """The desk has it in hand: the first that it decided about it (I3)."""
    decided = {one for one, kind in KINDS.items() if kind.decides} - REGISTERING
    return _first(order, decided)


def _first(order: Order, kinds: Iterable[str]) -> Moment | None:
    """The moment of the first of these, in causal order: no clock compared."""
    wanted = frozenset(kinds)
    found = (one for one in order.history if one.kind in wanted)
    return next((one.moment for one in found), None)


def _accepted(order: Order) -> Moment | None:
    words = (one for round_ in order.rounds for one in round_.verdicts)
    return next((one.moment for one in words if one.answer == "accepted"), None)


MOMENTS: Mapping[str, Callable[[Order], Moment | None]] = {
    "registered": registered,
    "taken": taken,
    "dispatched": lambda order: _first(order, ["dispatch.dispatched"]),
    "seen": lambda order: order.seen[0].moment if order.seen else None,
    "arrived": first_arrival,
    "made_safe": lambda order: order.made_safe[0].moment if order.made_safe else None,
    "surveyed": lambda order: _first(order, ["survey.surveyed"]),
    "completed": lambda order: _first(order, ["work.completed"]),
    "accepted": _accepted,
}


# promises whose start is not one moment of every order


def _appointments(order: Order) -> Iterator[Term]:
    """From the end of each window that stands (P3)."""
    places = _places(order)
    for fact, end_ms in _standing_ends(order, _windows(order)):
        after = (v for v in order.visits if places[v.fact] > places[fact])
        yield Term(_at(end_ms), next((visit.moment for visit in after), None))


def _windows(order: Order) -> tuple[End, ...]:
    return tuple(End(one.fact, one.end_ms) for one in order.appointments)


def _days(order: Order) -> tuple[End, ...]:
    """The days that the owner said yes to (V3, V6)."""
    named = ((one.fact, one.promised_ms) for one in order.agreements)
    return tuple(End(fact, day_ms) for fact, day_ms in named if day_ms is not None)


def _standing_ends(order: Order, agreed: Sequence[End]) -> Iterator[End]:
    """The last, and each before it that nobody put off before it was over: who agrees
    to another time only then has missed the first."""
    moments = _moments(order)
    for one, later in zip_longest(agreed, agreed[1:]):
        said = moments[later.fact] if later else None
        began_ms = said.not_before_ms if said else None
        if later is None or (began_ms is not None and began_ms >= one.end_ms):
            yield one


def _single(order: Order) -> Iterator[Term]:
    if len({item.trade for item in order.items}) <= 1:
        yield from _from_survey(order)


def _several(order: Order) -> Iterator[Term]:
    if len({item.trade for item in order.items}) > 1:
        yield from _from_survey(order)


def _from_survey(order: Order) -> Iterator[Term]:
    start = MOMENTS["surveyed"](order)
    if start is not None:
        yield Term(start, MOMENTS["completed"](order))


def _agreed(order: Order) -> Iterator[Term]:
    for _, day_ms in _standing_ends(order, _days(order)):
        yield Term(_at(day_ms), MOMENTS["completed"](order))


def _rework(order: Order) -> Iterator[Term]:
    """Each round that was sent back has its own day (A1)."""
    places = _places(order)
    for round_ in order.rounds:
        for word in round_.verdicts:
            if word.answer == "rejected" and word.due_ms is not None:
                yield Term(_at(word.due_ms), _completed_after(order, places[word.fact]))


def _completed_after(order: Order, place: int) -> Moment | None:
    later = (one for one in order.history[place:] if one.kind == "work.completed")
    return next((one.moment for one in later), None)


OWN_TERMS: Mapping[str, Callable[[Order], Iterator[Term]]] = {
    "appointment": _appointments,
    "repair_single": _single,
    "repair_several": _several,
    "repair_agreed": _agreed,
    "rework": _rework,
}


def _at(instant_ms: int) -> Moment:
    return Moment.known(Span(instant_ms, instant_ms + 1), "agreed")


def _places(order: Order) -> Mapping[str, int]:
    return {entry.id: place for place, entry in enumerate(order.history)}


def _moments(order: Order) -> Mapping[str, Moment | None]:
    return {entry.id: entry.moment for entry in order.history}


def _usual(order: Order, row: Promise) -> Iterator[Term]:
    """From one moment of the order to another, both named by the row."""
    if row.starts in MOMENTS and row.ends in MOMENTS:
        start = MOMENTS[row.starts](order)
        if start is not None:
            yield Term(start, MOMENTS[row.ends](order))


# what applies


def running(order: Order, policy: Policy) -> tuple[Running, ...]:
    """Every promise that this order is under, in the sequence of the policy's rows."""
    if order.request is None or order.merged_into is not None:
        return ()
    return tuple(_all_running(order, policy))


def _all_running(order: Order, policy: Policy) -> Iterator[Running]:
    rows = {row.code: row for row in reversed(policy.promises.promises)}
    for code in dict.fromkeys(row.code for row in policy.promises.promises):
        terms = (
            OWN_TERMS[code](order) if code in OWN_TERMS else _usual(order, rows[code])
        )
        for term in terms:
            row = _row_for(order, policy, code, term)
            if row and (found := _running(order, policy, row, term)):
                yield found


def _row_for(order: Order, policy: Policy, code: str, term: Term) -> Promise | None:
    """The row that holds for what starts then, if it is one for such an order."""
    start, request = term.start, order.request
    first_ms = (
        start.earliest_ms if start.earliest_ms is not None else start.not_before_ms
    )
    if first_ms is None or request is None:
        return None
    row = policy.promises.promise(code, first_ms, policy.calendar, request.priority)
    if row and row.ends in AT_HOME and request.sort not in REPAIRS:
        return None
    return row


def _running(order: Order, policy: Policy, row: Promise, term: Term) -> Running | None:
    """Nothing that nobody waits for any more, and nothing that another term took the
    place of."""
    done = term.done
    if done is None and not order.open:
        return None
    told = judge(
        row, term.start, done, policy.calendar, policy.promises.worth,
        stops(order, done.latest_ms if done else None),
    )  # fmt: skip
    if _gave_way(order, policy, row, told):
        return None
    return Running(
        code=row.code,
        rule=row.rule,
        due_first_ms=told.due_earliest_ms,
        due_last_ms=told.due_latest_ms,
        answer=told.answer.value if done else OPEN,
        basis=told.basis.value if told.basis else None,
        stopped_ms=None if done or row.runs_on else _stopped_ms(order, told),
        rungs=policy.ladder(
            row.code, order.request.priority if order.request else None
        ),
    )


GIVEN_WAY_TO: Mapping[str | None, Callable[[Order], tuple[End, ...]]] = {
    "appointment": _windows,
    "day_agreed": _days,
}


def _gave_way(order: Order, policy: Policy, row: Promise, told: Verdict) -> bool:
    """Was another time agreed with the owner before this was due (P3, V6)? What was
    kept all the same stands."""
    if row.gives_way_to not in GIVEN_WAY_TO or told.answer is Answer.KEPT:
        return False
    moments, due_ms = _moments(order), told.due_earliest_ms
    said = (moments[one.fact] for one in GIVEN_WAY_TO[row.gives_way_to](order))
    ends = (_known_by(one, policy) for one in said if one is not None)
    return due_ms is not None and any(e is not None and e <= due_ms for e in ends)


def _known_by(moment: Moment, policy: Policy) -> int | None:
    """By when it had happened, by an estimate if that is worth enough."""
    if moment.grade in policy.promises.worth:
        return moment.latest_ms
    return moment.not_after_ms


def _stopped_ms(order: Order, told: Verdict) -> int | None:
    """When the hold that goes on began; None if it was due by then."""
    began_ms = order.halts[-1].moment.earliest_ms if order.held else None
    if began_ms is None or told.due_earliest_ms is None:
        return None
    return began_ms if began_ms < told.due_earliest_ms else None


# now


def standing_at(one: Running, now_ms: int) -> Deadline:
    """How a promise stands at this instant."""
    at_ms = now_ms if one.stopped_ms is None else one.stopped_ms
    waits = one.answer == OPEN and one.due_first_ms is not None
    left_ms = (
        one.due_first_ms - at_ms if waits and one.due_first_ms is not None else None
    )
    passed = () if left_ms is None else one.rungs
    reached = [rung for rung in passed if -(left_ms or 0) >= rung.minutes * MINUTE_MS]
    told = () if one.stopped_ms is not None else tuple(reached)
    return Deadline(
        code=one.code,
        rule=one.rule,
        due_first_ms=one.due_first_ms,
        due_last_ms=one.due_last_ms,
        answer=one.answer,
        basis=one.basis,
        minutes_left=None if left_ms is None else left_ms // MINUTE_MS,
        stopped=one.stopped_ms is not None,
        level=len(told),
        to=told[-1].to if told else None,
    )


def deadlines(order: Order, policy: Policy, now_ms: int) -> tuple[Deadline, ...]:
    """Every promise that this order is under, as it stands at this instant."""
    return tuple(standing_at(one, now_ms) for one in running(order, policy))


def where_it_went(order: Order) -> tuple[Share, ...] | None:
    """Where the time until the first arrival went (P4): desk, notice, travel, and what
    lay before setting off where that is known. Who went answers for what came after
    they had seen it."""
    start = registered(order)
    if start is None:
        return None
    visit = order.visits[0] if order.visits else None
    places, moments = _places(order), _moments(order)
    before = [
        one
        for one in order.assignments
        if visit is None
        or (visit.by in one.people and places[one.fact] < places[visit.fact])
    ]
    given = before[-1] if before else None
    who = {visit.by} if visit else given.people if given else frozenset()
    since = places[given.fact] if given else len(places)
    until = places[visit.fact] if visit else len(places)
    seen, gone = (
        [one for one in told if one.by in who and places[one.fact] > since]
        for told in (order.seen, order.departures)
    )
    left = (one.moment for one in gone if places[one.fact] < until)
    return split(
        start,
        moments[given.fact] if given else None,
        seen[0].moment if seen else None,
        visit.moment if visit else None,
        next(left, None),
    )


__all__ = [
    "OPEN", "Answer", "Deadline", "Running", "deadlines", "registered",
    "running", "standing_at", "where_it_went",
]  # fmt: skip
