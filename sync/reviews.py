"""What a person must look at: one rule for each way in which facts disagree.

A rule compares what a person knew (`basis`) with what was decided (`position`), never
two clocks. A review's id is made of its rule and its facts, so folding again neither
duplicates nor re-opens one (invariant 28). To add a rule, write a function, list it.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

from sync.envelope import digest
from sync.facts import KINDS
from sync.order import Assignment, Entry, Order, Review
from sync.words import N_

DOUBLE_ARRIVAL_MS = 10 * 60_000

Finding = tuple[str, tuple[str, ...]]

LABELS: dict[str, str] = {
    "not_assigned": N_("到场或签字的人不是（或已不是）该单的维修人员"),
    "cancelled_unseen": N_("到场或签字时还不知道工单已取消"),
    "after_cancelled": N_("已知工单取消仍到场或签字"),
    "double_arrival": N_("同一人两次到场签到，相隔超过 10 分钟"),
    "contradiction": N_("同一轮验收既有合格又有不通过"),
    "signed_older_version": N_("业主签字后内容有增改"),
    "record_incomplete": N_("完工时有事项缺维修记录"),
    "out_of_turn": N_("记录与工单当时的进度不符"),
    "lamport_jump": N_("记录的序号异常跳跃"),
    "fork": N_("同一设备记录出现两个分支（设备可能被复制或恢复）"),
}


def tag(fact: str) -> str:
    """The short form of a fact's id by which a sheet's cover list names it."""
    return fact[:8]


def find_reviews(order: Order) -> tuple[Review, ...]:
    """Everything about this order that waits for a person, in a stable sequence."""
    found = {
        digest("\n".join((code, *facts)).encode())[:16]: (code, facts)
        for rule in RULES
        for code, facts in rule(order)
    }
    return tuple(
        Review(id=name, code=code, facts=facts)
        for name, (code, facts) in sorted(found.items(), key=lambda one: one[1])
    )


def _came_or_signed(order: Order) -> Iterator[Entry]:
    for entry in order.history:
        kind = KINDS[entry.kind]
        if kind.arrives or kind.signs:
            yield entry


def _apart(entry: Entry, decision: Entry) -> bool:
    """Did neither know of the other?"""
    assert decision.position is not None
    unseen = entry.position is None or entry.position > decision.basis
    return decision.position > entry.basis and unseen


def _known_assignment(order: Order, entry: Entry) -> Assignment | None:
    """To whom the order was given, as far as the author of this fact could know."""
    known = [
        (made.position or 0, given)
        for given in order.assignments
        if (made := _entry(order, given.fact)) and (made.position or 0) <= entry.basis
    ]
    return max(known, key=lambda one: one[0])[1] if known else None


def _entry(order: Order, fact: str) -> Entry:
    return next(entry for entry in order.history if entry.id == fact)


def not_assigned(order: Order) -> Iterator[Finding]:
    """Came or signed without being given the order, or after it went to another (F16)."""
    for entry in _came_or_signed(order):
        given = _known_assignment(order, entry)
        if given is None or entry.by not in given.people:
            yield "not_assigned", (entry.id,)
            continue
        for later in order.assignments:
            if entry.by not in later.people and _apart(
                entry, _entry(order, later.fact)
            ):
                yield "not_assigned", (later.fact, entry.id)


def cancelled(order: Order) -> Iterator[Finding]:
    """Came or signed although the order was cancelled."""
    if order.cancelled is None:
        return
    decision = _entry(order, order.cancelled.fact)
    for entry in _came_or_signed(order):
        if _apart(entry, decision):
            yield "cancelled_unseen", (decision.id, entry.id)
        elif (decision.position or 0) <= entry.basis:
            yield "after_cancelled", (decision.id, entry.id)


def double_arrival(order: Order) -> Iterator[Finding]:
    """Arrived twice without having left, surely more than ten minutes apart."""
    for first, second in combinations(order.visits, 2):
        if first.by != second.by or first.left or first.outcome:
            continue
        ended, began = first.moment.latest_ms, second.moment.earliest_ms
        if ended is not None and began is not None:
            if began - ended > DOUBLE_ARRIVAL_MS:
                yield "double_arrival", (first.fact, second.fact)


def contradiction(order: Order) -> Iterator[Finding]:
    """Accepted and sent back in one round: no winner."""
    for round_ in order.rounds:
        for one, other in combinations(round_.verdicts, 2):
            if {one.answer, other.answer} == {"accepted", "rejected"}:
                yield "contradiction", tuple(sorted((one.fact, other.fact)))


def signed_older_version(order: Order) -> Iterator[Finding]:
    """Something belongs on the sheet that the owner was not shown (A2, invariant 29)."""
    for round_ in order.rounds:
        for verdict in round_.verdicts:
            if verdict.answer != "accepted":
                continue
            for entry in order.history:
                if KINDS[entry.kind].on_sheet and tag(entry.id) not in verdict.covers:
                    yield "signed_older_version", (verdict.fact, entry.id)


def record_incomplete(order: Order) -> Iterator[Finding]:
    """Said to be done while an item has no record of cause and remedy (V5)."""
    recorded = {record.item for record in order.records}
    if all(item.item in recorded for item in order.items):
        return
    for entry in order.history:
        if entry.kind == "work.completed":
            yield "record_incomplete", (entry.id,)


def doubted(order: Order) -> Iterator[Finding]:
    """What was doubtful at the moment it was folded."""
    for doubt in order.doubts:
        yield doubt.code, (doubt.fact,)


def fork(order: Order) -> Iterator[Finding]:
    """Two facts under one number of one log: both count (invariant 21)."""
    places: dict[tuple[str, int], str] = {}
    for entry in order.history:
        first = places.setdefault((entry.log, entry.n), entry.id)
        if first != entry.id:
            yield "fork", tuple(sorted((first, entry.id)))


RULES: tuple[Callable[[Order], Iterator[Finding]], ...] = (
    not_assigned,
    cancelled,
    double_arrival,
    contradiction,
    signed_older_version,
    record_incomplete,
    doubted,
    fork,
)
