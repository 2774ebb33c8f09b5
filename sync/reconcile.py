"""What the central service log says against what the field recorded: one rule for each
way in which they differ.

A rule sees one register row and one order; the register's minutes are intervals, and so
are the field's times. To add a rule, write a function and list it. May not enter: who
settles a difference.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sync.moment import Grade, Moment, Span
from sync.order import Order
from sync.prices import bill
from sync.register import Register, RegisterRow, told_interval
from sync.standing import is_signed, last_result
from sync.words import N_

LABELS: dict[str, str] = {
    "unknown_number": N_("登记表有此编号，现场没有这张工单"),
    "missing_in_register": N_("现场有此工单，登记表没有"),
    "number_twice": N_("登记表里同一编号出现两次"),
    "unreadable_row": N_("登记表这一行读不懂"),
    "arrival_differs": N_("到场时间与现场证据不符"),
    "arrival_missing": N_("现场已到场，登记表没有到场时间"),
    "arrival_unrecorded": N_("登记表有到场时间，现场没有到场记录"),
    "technician_differs": N_("维修人员不符"),
    "result_differs": N_("验收结果不符"),
    "signature_claimed": N_("登记表称业主已签字，现场没有签字"),
    "signature_denied": N_("现场已有业主签字，登记表称没有"),
    "amount_differs": N_("收费金额不符"),
}


@dataclass(frozen=True, kw_only=True)
class Discrepancy:
    """One difference that waits for a person. Both sides are words or figures; which
    they are, the code says."""

    number: str
    code: str
    register: str = ""
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One request on both sides."""

    row: RegisterRow
    order: Order
    names: Mapping[str, str]  # id of a technician -> name as the register has it


Rule = Callable[[Pair], Discrepancy | None]


def reconcile(
    register: Register, orders: Mapping[str, Order], names: Mapping[str, str]
) -> tuple[Discrepancy, ...]:
    """Every difference between the register and the orders, given by number."""
    return tuple(sorted(
        _differences(register, orders, names), key=lambda one: (one.number, one.code)
    ))  # fmt: skip


def _differences(
    register: Register, orders: Mapping[str, Order], names: Mapping[str, str]
) -> Iterator[Discrepancy]:
    rows = {row.number: row for row in register.rows}
    for number, line in register.twice:
        yield Discrepancy(number=number, code="number_twice", register=str(line))
    for wrong in register.wrong:
        why = ", ".join(reason.code for reason in wrong.reasons)
        yield Discrepancy(number=str(wrong.line), code="unreadable_row", register=why)
    for number in rows.keys() - orders.keys():
        yield Discrepancy(number=number, code="unknown_number", register=number)
    unread = {cell.strip() for wrong in register.wrong for cell in wrong.cells}
    for number in orders.keys() - rows.keys() - unread:
        yield Discrepancy(number=number, code="missing_in_register", field=number)
    for number in rows.keys() & orders.keys():
        pair = Pair(row=rows[number], order=orders[number], names=names)
        yield from (found for rule in RULES if (found := rule(pair)))


def _told(pair: Pair, code: str, register: object, field: object) -> Discrepancy:
    return Discrepancy(
        number=pair.row.number, code=code, register=str(register), field=str(field)
    )


def believed(moment: Moment) -> Span:
    """The interval that is held against others: the estimate if it is worth it, else
    what is proven."""
    return moment.estimate if moment.grade in (Grade.A, Grade.B) else moment.bracket


def arrival(pair: Pair) -> Discrepancy | None:
    """The register's arrival meets no interval of the field, or is missing."""
    told, visits = pair.row.arrived_ms, pair.order.visits
    if told is None:
        if not visits:
            return None
        return _told(pair, "arrival_missing", "", _span(visits[0].moment))
    if not visits:
        return _told(pair, "arrival_unrecorded", told, "")
    noted = Span(*told_interval(told))
    if any(believed(one.moment).meet(noted) for one in visits):
        return None
    return _told(pair, "arrival_differs", told, _span(visits[0].moment))


def technician(pair: Pair) -> Discrepancy | None:
    """The register names somebody who was never at the home."""
    there = {visit.by for visit in pair.order.visits}
    if not pair.row.technician or not there:
        return None
    known = {name for one in there for name in (one, pair.names.get(one, one))}
    if pair.row.technician in known:
        return None
    who = ", ".join(sorted(pair.names.get(one, one) for one in there))
    return _told(pair, "technician_differs", pair.row.technician, who)


def result(pair: Pair) -> Discrepancy | None:
    """The register's result is not the owner's word."""
    told, given = pair.row.result, last_result(pair.order)
    if told is None or told == given or _not_visited(pair):
        return None
    return _told(pair, "result_differs", told, given or "")


def signature(pair: Pair) -> Discrepancy | None:
    """A signature claimed that is not there, or denied that is (A3)."""
    told, there = pair.row.signed, is_signed(pair.order)
    if told is None or told == there or _not_visited(pair):
        return None
    code = "signature_claimed" if told else "signature_denied"
    return _told(pair, code, told, there)


def amount(pair: Pair) -> Discrepancy | None:
    """The owner was charged something else than what was shown and signed."""
    told = pair.row.charged_fen
    if told is None or _not_visited(pair):
        return None
    owed = bill(pair.order).owner_fen
    return None if told == owed else _told(pair, "amount_differs", told, owed)


def _not_visited(pair: Pair) -> bool:
    """Then `arrival` has said all there is to say."""
    return not pair.order.visits


def _span(moment: Moment) -> str:
    held = believed(moment)
    return f"{held.first_ms}–{held.end_ms}"


RULES: Sequence[Rule] = (arrival, technician, result, signature, amount)
