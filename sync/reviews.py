"""What a person must look at: one rule for each way in which facts disagree.

A rule compares what a person knew (`basis`) with what was decided (`position`), never
two clocks. A review's id is made of its rule and its facts, so folding again neither
duplicates nor re-opens one (invariant 28). To add a rule, write a function, list it.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

from sync.envelope import digest
from sync.facts import KINDS
from sync.facts.acceptance import opposed
from sync.order import Assignment, Entry, Order, Review, Visit
from sync.words import N_

DOUBLE_ARRIVAL_MS = 10 * 60_000

Finding = tuple[str, tuple[str, ...]]

LABELS: dict[str, str] = {
    "not_assigned": N_("到场或签字的人不是（或已不是）该单的维修人员"),
    "cancelled_unseen": N_("到场或签字时还不知道工单已取消"),
    "after_cancelled": N_("已知工单取消仍到场或签字"),
    "double_arrival": N_("同一人两次到场签到，相隔超过 10 分钟"),
    "contradiction": N_("同一轮验收结论互相矛盾"),
    "parallel_edit": N_("两人各自填写了同一内容，互不知情"),
    "signed_older_version": N_("业主签字后内容有增改"),
    "record_incomplete": N_("完工时有事项缺维修记录"),
    "signature_missing": N_("验收合格但没有业主签字"),
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


def _apart(one: Entry, other: Entry) -> bool:
    """Did neither know of the other?"""
    return not one.knew(other) and not other.knew(one)


def _known_assignment(order: Order, entry: Entry) -> Assignment | None:
    """To whom the order was given, as far as the author of this fact could know."""
    known = [one for one in order.assignments if entry.knew(order.entry(one.fact))]
    return max(known, key=lambda one: order.entry(one.fact).position or 0, default=None)


def not_assigned(order: Order) -> Iterator[Finding]:
    """Came or signed without being given the order, or after it went to another (F16).
    Of several decisions that went by unseen, the first one is named."""
    for entry in _came_or_signed(order):
        given = _known_assignment(order, entry)
        if given is None or entry.by not in given.people:
            yield "not_assigned", (entry.id,)
            continue
        unseen = (
            decision
            for later in order.assignments
            if entry.by not in later.people
            and _apart(entry, decision := order.entry(later.fact))
        )
        if first := min(unseen, key=lambda one: one.position or 0, default=None):
            yield "not_assigned", (first.id, entry.id)


def cancelled(order: Order) -> Iterator[Finding]:
    """Came or signed although the order was cancelled."""
    if order.cancelled is None:
        return
    decision = order.entry(order.cancelled.fact)
    for entry in _came_or_signed(order):
        if _apart(entry, decision):
            yield "cancelled_unseen", (decision.id, entry.id)
        elif entry.knew(decision):
            yield "after_cancelled", (decision.id, entry.id)


def double_arrival(order: Order) -> Iterator[Finding]:
    """Arrived again without having left, surely more than ten minutes apart; on
    whichever tablet, whichever of the two arrivals is folded first."""
    last: dict[str, Visit] = {}
    for visit in order.visits:
        before = last.get(visit.by)
        last[visit.by] = visit
        if before and (_long_between(before, visit) or _long_between(visit, before)):
            yield "double_arrival", (before.fact, visit.fact)


def _long_between(first: Visit, second: Visit) -> bool:
    """Did the second arrival surely follow the first, which was never ended?"""
    ended, began = first.moment.latest_ms, second.moment.earliest_ms
    if ended is None or began is None or not first.under_way:
        return False
    return began - ended > DOUBLE_ARRIVAL_MS


def contradiction(order: Order) -> Iterator[Finding]:
    """Accepted and sent back in one round, or accepted here and refused there."""
    for round_ in order.rounds:
        for one, later in combinations(round_.verdicts, 2):
            if opposed(order, one, later):
                yield "contradiction", tuple(sorted((one.fact, later.fact)))


def parallel_edit(order: Order) -> Iterator[Finding]:
    """Two people said different things about the same, not knowing of each other."""
    said: dict[str, list[Entry]] = {}
    for entry in order.history:
        if entry.about:
            said.setdefault(entry.about, []).append(entry)
    for entries in said.values():
        for one, other in combinations(entries, 2):
            if _apart(one, other):
                yield "parallel_edit", tuple(sorted((one.id, other.id)))


def signed_older_version(order: Order) -> Iterator[Finding]:
    """Something belongs on the sheet that the owner was not shown (A2, 29)."""
    for round_ in order.rounds:
        for verdict in round_.verdicts:
            if verdict.answer != "accepted":
                continue
            for entry in order.history:
                if KINDS[entry.kind].on_sheet and tag(entry.id) not in verdict.covers:
                    yield "signed_older_version", (verdict.fact, entry.id)


def record_incomplete(order: Order) -> Iterator[Finding]:
    """Said to be done while an item, or the whole work, has no record of cause and
    remedy (V5)."""
    recorded = {record.item for record in order.records}
    if recorded and recorded >= {item.item for item in order.items}:
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
    places: dict[tuple[str, int], list[str]] = {}
    for entry in order.history:
        places.setdefault((entry.log, entry.n), []).append(entry.id)
    for facts in places.values():
        for pair in combinations(sorted(facts), 2):
            yield "fork", pair


RULES: tuple[Callable[[Order], Iterator[Finding]], ...] = (
    not_assigned,
    cancelled,
    double_arrival,
    contradiction,
    parallel_edit,
    signed_older_version,
    record_incomplete,
    doubted,
    fork,
)
