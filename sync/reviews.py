"""What a person must look at: one rule for each way in which facts disagree.

A rule compares what a person knew (`basis`) with what was decided (`position`), never
two clocks. A review's id is made of its rule and its facts, so folding again neither
duplicates nor re-opens one (invariant 28). To add a rule, write a function and list it
in FOUND with the kinds that it speaks of, if what it finds stays whatever comes later,
or else in STANDING.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from sync.envelope import digest
from sync.facts import KINDS
from sync.facts.acceptance import opposed
from sync.facts.what import CORRECTION, What
from sync.order import Entry, Order, Review, Visit
from sync.words import N_

DOUBLE_ARRIVAL_MS = 10 * 60_000
NOTICES = frozenset({  # say nothing of the repair
    "dispatch.seen", "visit.set_off", "owner.asked", "owner.confirmed", "owner.rated",
    "owner.complained", "owner.disputed",
})  # fmt: skip
OWNERS = {"owner.disputed": "owner_disputes", "owner.complained": "owner_complains"}

Finding = tuple[str, tuple[str, ...]]
Rule = Callable[[Order, Entry], Iterator[Finding]]

LABELS: dict[str, str] = {
    "not_assigned": N_("到场或签字的人不是（或已不是）该单的维修人员"),
    "cancelled_unseen": N_("到场或签字时还不知道工单已取消"),
    "after_cancelled": N_("已知工单取消仍到场或签字"),
    "closed_unseen": N_("结案后才收到的记录，记录时还不知道已结案"),
    "after_closed": N_("已知工单结案仍有记录"),
    "double_arrival": N_("同一人两次到场签到，相隔超过 10 分钟"),
    "contradiction": N_("同一轮验收结论互相矛盾"),
    "parallel_edit": N_("两人各自填写了同一内容，互不知情"),
    "signed_older_version": N_("业主签字后内容有增改"),
    "record_incomplete": N_("完工时有事项缺维修记录"),
    "signature_missing": N_("验收合格但没有业主签字"),
    "correction_missed": N_("要更正或撤回的记录找不到，或不能撤回"),
    "out_of_turn": N_("记录与工单当时的进度不符"),
    "lamport_jump": N_("记录的序号异常跳跃"),
    "owner_disputes": N_("业主对验收有异议"),
    "owner_complains": N_("业主投诉"),
    "fork": N_("同一设备记录出现两个分支（设备可能被复制或恢复）"),
}


def tag(fact: str) -> str:
    """The short form of a fact's id by which a sheet's cover list names it."""
    return fact[:8]


def review(code: str, facts: tuple[str, ...]) -> Review:
    """The review of this finding, the same whoever finds it."""
    name = digest("\n".join((code, *facts)).encode())[:16]
    return Review(id=name, code=code, facts=facts)


def found_by(order: Order) -> Iterator[Review]:
    """What the newest fact of this order, and those before it, disagree about."""
    newest = order.history[-1]
    for rule in _rules_for(newest.kind):
        for code, facts in rule(order, newest):
            yield review(code, facts)


def looked_over(order: Order) -> Mapping[str, tuple[Review, ...]]:
    """What waits for a person and what one has resolved, in a stable sequence."""
    lasting = (*order.reviews, *order.resolved)
    found = {one.id: one for one in lasting if one.code not in PASSING}
    for rule in STANDING:
        found |= {one.id: one for one in (review(*held) for held in rule(order))}
    told = sorted(found.values(), key=lambda one: (one.code, one.facts))
    closed = {one.review for one in order.resolutions}
    return {
        "reviews": tuple(one for one in told if one.id not in closed),
        "resolved": tuple(one for one in told if one.id in closed),
    }


def _comes_or_signs(entry: Entry) -> bool:
    return _brings_somebody(KINDS[entry.kind])


def _brings_somebody(kind: type[What]) -> bool:
    return kind.arrives or kind.signs


def _brings_or_decides(kind: type[What]) -> bool:
    return kind.decides or _brings_somebody(kind)


def _is_about_something(kind: type[What]) -> bool:
    return kind.about is not What.about


def _is_on_sheet_or_signs(kind: type[What]) -> bool:
    return kind.on_sheet or kind.signs


def _signs(kind: type[What]) -> bool:
    return kind.signs


def _speaks_for_the_owner(kind: type[What]) -> bool:
    return kind.kind in OWNERS


def _is_any(_kind: type[What]) -> bool:
    return True


def _apart(one: Entry, other: Entry) -> bool:
    """Did neither know of the other?"""
    return not one.knew(other) and not other.knew(one)


# found when a fact takes its place, and true for ever


def not_assigned(order: Order, newest: Entry) -> Iterator[Finding]:
    """Came or signed without being given the order, or after it went to another (F16).
    Of several decisions that went by unseen, the first one is named."""
    if newest.kind == "dispatch.dispatched":
        people = order.assignments[-1].people
        told = {one.facts[-1] for one in _held(order) if one.code == "not_assigned"}
        for entry in order.history:
            if entry.by in people or entry.id in told or not _comes_or_signs(entry):
                continue
            if _apart(entry, newest):
                yield "not_assigned", (newest.id, entry.id)
    elif _comes_or_signs(newest):
        yield from _sent_by_nobody(order, newest)


def _sent_by_nobody(order: Order, newest: Entry) -> Iterator[Finding]:
    if not order.assignments and newest.by in order.people:
        return  # came upon it, and goes on with it
    entries = order.entries() if order.assignments else {}
    given = [(one, entries[one.fact]) for one in order.assignments]
    known = [one for one, decision in given if newest.knew(decision)]
    if not known or newest.by not in known[-1].people:
        yield "not_assigned", (newest.id,)
        return
    for one, decision in given:
        if newest.by not in one.people and _apart(newest, decision):
            yield "not_assigned", (decision.id, newest.id)
            return


def _held(order: Order) -> Iterator[Review]:
    yield from order.reviews
    yield from order.resolved


def cancelled(order: Order, newest: Entry) -> Iterator[Finding]:
    """Came or signed although the order was cancelled."""
    if order.cancelled is None:
        return
    if order.cancelled.fact == newest.id:
        for entry in order.history:
            if _comes_or_signs(entry) and _apart(entry, newest):
                yield "cancelled_unseen", (newest.id, entry.id)
    elif _comes_or_signs(newest):
        decision = order.entries()[order.cancelled.fact]
        code = "after_cancelled" if newest.knew(decision) else "cancelled_unseen"
        yield code, (decision.id, newest.id)


def contradiction(order: Order, newest: Entry) -> Iterator[Finding]:
    """Accepted and sent back in one round, or accepted here and refused there."""
    entries = order.entries()
    for round_ in order.rounds:
        *earlier, last = round_.verdicts or (None,)
        if last is None or last.fact != newest.id:
            continue
        for one in earlier:
            if one and opposed(entries, one, last):
                yield "contradiction", tuple(sorted((one.fact, last.fact)))


def parallel_edit(order: Order, newest: Entry) -> Iterator[Finding]:
    """Two people said different things about the same, not knowing of each other."""
    if not newest.about:
        return
    for entry in order.history:
        same = entry.about == newest.about and entry is not newest
        if same and _apart(entry, newest):
            yield "parallel_edit", tuple(sorted((entry.id, newest.id)))


def signed_older_version(order: Order, newest: Entry) -> Iterator[Finding]:
    """Something belongs on the sheet that the owner was not shown (A2, 29)."""
    for round_ in order.rounds:
        for one in round_.verdicts:
            if one.answer != "accepted":
                continue
            shown = one.fact == newest.id
            for entry in order.history if shown else (newest,):
                if KINDS[entry.kind].on_sheet and tag(entry.id) not in one.covers:
                    yield "signed_older_version", (one.fact, entry.id)


def correction_missed(order: Order, newest: Entry) -> Iterator[Finding]:
    """What it puts right is not here, is gone, or cannot be taken back."""
    if newest.about.startswith(CORRECTION):
        named = newest.about.removeprefix(CORRECTION)
        if not any(one.id == named and one.replaced_by for one in order.history):
            yield "correction_missed", (newest.id,)


def owner_speaks(_order: Order, newest: Entry) -> Iterator[Finding]:
    """The owner disagrees or complains: somebody at the desk has to answer (C4)."""
    yield OWNERS[newest.kind], (newest.id,)


def fork(order: Order, newest: Entry) -> Iterator[Finding]:
    """Two facts under one number of one log: both count (invariant 21)."""
    n, log = newest.n, newest.log
    for entry in order.history:
        if entry.n == n and entry.log == log and entry is not newest:
            yield "fork", tuple(sorted((entry.id, newest.id)))


# true as long as the order stands like this


def after_closing(order: Order) -> Iterator[Finding]:
    """Something was recorded in the home although the order is closed."""
    if order.closed is None:
        return
    decision = order.entries()[order.closed.fact]
    for entry in order.history:
        if KINDS[entry.kind].decides or entry.kind in NOTICES:
            continue
        if _apart(entry, decision):
            yield "closed_unseen", (decision.id, entry.id)
        elif entry.knew(decision):
            yield "after_closed", (decision.id, entry.id)


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


def record_incomplete(order: Order) -> Iterator[Finding]:
    """Said to be done while an item, or the whole work, has no record of cause and
    remedy (V5)."""
    recorded = {record.item for record in order.records}
    if recorded and recorded >= {item.item for item in order.items}:
        return
    for entry in order.history:
        if entry.kind == "work.completed":
            yield "record_incomplete", (entry.id,)


FOUND: Mapping[Rule, Callable[[type[What]], bool]] = {  # and of which kinds it speaks
    not_assigned: _brings_or_decides,
    cancelled: _brings_or_decides,
    contradiction: _signs,
    parallel_edit: _is_about_something,
    signed_older_version: _is_on_sheet_or_signs,
    correction_missed: _is_about_something,
    owner_speaks: _speaks_for_the_owner,
    fork: _is_any,
}


@cache
def _rules_for(kind: str) -> tuple[Rule, ...]:
    """Most facts can break none of these rules, and are not asked."""
    return tuple(rule for rule, speaks_of in FOUND.items() if speaks_of(KINDS[kind]))


STANDING: tuple[Callable[[Order], Iterator[Finding]], ...] = (
    after_closing,
    double_arrival,
    record_incomplete,
)
PASSING = frozenset(
    {"closed_unseen", "after_closed", "double_arrival", "record_incomplete"}
)
