"""Every difference of a number, and of a whole register.

A difference follows from one number and, for what came again, from its home's other
orders: never from the sequence in which anything is read. May not enter: where rows and
orders are kept.
"""

from collections.abc import Iterator, Mapping

from sync.order import Order
from sync.policy import DEFAULT, Policy
from sync.reconcile.case import Case, Discrepancy, Pair, Sides, Terms
from sync.reconcile.sorts import OF_NUMBERS, OF_PAIRS, OF_PICTURES
from sync.register import Register, RegisterRow

Home = tuple[str, str, str, str]


def differences(case: Case, terms: Terms) -> Iterator[Discrepancy]:
    """What of this number waits for a person. Of an order that goes on in another one
    nothing is compared: the work stands there."""
    for lone in OF_NUMBERS:
        if found := lone.rule(case):
            yield _found(case, lone.code, found)
    for reuse in case.reused:
        for one in OF_PICTURES:
            if found := one.rule(reuse):
                yield _found(case, one.code, found)
    if case.row is None or case.order is None or case.order.merged_into:
        return
    pair = Pair(case.row, case.order, case, terms)
    for sort in OF_PAIRS:
        if found := sort.rule(pair):
            yield _found(case, sort.code, found)


def _found(case: Case, code: str, sides: Sides) -> Discrepancy:
    return Discrepancy(
        number=case.number, code=code, about=sides.about,
        register=str(sides.register), field=str(sides.field),
    )  # fmt: skip


def reconcile(
    register: Register,
    orders: Mapping[str, Order],
    names: Mapping[str, str],
    policy: Policy = DEFAULT,
) -> tuple[Discrepancy, ...]:
    """Every difference between a register and the orders, given by number; as if the
    register reached to all of them."""
    terms = Terms(policy=policy, names=names)
    found = (
        one for case in cases(register, orders) for one in differences(case, terms)
    )
    return tuple(sorted(found, key=lambda one: (one.number, one.code)))


def cases(register: Register, orders: Mapping[str, Order]) -> Iterator[Case]:
    """Every number of both sides."""
    rows = {row.number: row for row in register.rows}
    times = dict.fromkeys(rows, 1)
    for number, _ in register.twice:
        times[number] += 1
    unread = {cell.strip() for wrong in register.wrong for cell in wrong.cells}
    homes = _homes(rows, orders)
    for wrong in register.wrong:
        why = ", ".join(reason.code for reason in wrong.reasons)
        yield Case(number=str(wrong.line), unreadable=why)
    for number in rows.keys() | orders.keys() - unread:
        row, order = rows.get(number), orders.get(number)
        home = home_of(row)
        yield Case(
            number=number, row=row, order=order, times=times.get(number, 1),
            beside={one: it for one, it in homes.get(home, {}).items() if one != number}
            if home else {},
        )  # fmt: skip


def home_of(row: RegisterRow | None) -> Home | None:
    """Where it is; None if the row does not say which room."""
    if row is None or not row.room:
        return None
    return row.site, row.building, row.unit, row.room


def _homes(
    rows: Mapping[str, RegisterRow], orders: Mapping[str, Order]
) -> dict[Home, dict[str, Order]]:
    found: dict[Home, dict[str, Order]] = {}
    for number, row in rows.items():
        home = home_of(row)
        if home is not None and number in orders:
            found.setdefault(home, {})[number] = orders[number]
    return found
