"""What the desk does, and how time goes by.

May not enter: what must come of it.
"""

from functools import partial
from random import Random

from server import intake
from sync.order import order_stream
from sync.problems import Refused
from sync.register import Register, RegisterRow
from tests.simulation.steps import Step
from tests.simulation.town import DAY, PEOPLE, Town
from tests.world import HOUR

REFUSALS = (
    "order_cancelled", "order_accepted", "order_closed", "already_cancelled",
    "not_found",
)  # fmt: skip


def import_register(town: Town, step: Step) -> None:
    """The desk imports the register: new requests, changed ones, the same ones."""
    luck = step.luck()
    if len(town.numbers) < 3 or luck.random() < 0.3:
        town.numbers.append(f"BX-2026-{len(town.numbers) + 1:04}")
    chosen = {town.numbers[-1], luck.choice(town.numbers)}
    rows = tuple(_row(town, number, luck) for number in sorted(chosen))
    register = Register("day.xlsx", (), rows, (), (), ())
    planned = intake.plan(town.parts.engine, register)
    list(intake.carry_out(town.parts.ledger, planned, "day.xlsx", "chen", town.ms))
    for number in sorted(chosen):
        if order_stream(number) not in town.streams:
            town.streams.append(order_stream(number))
    again = intake.plan(town.parts.engine, register)
    town.audit.imported(again)


def _row(town: Town, number: str, luck: Random) -> RegisterRow:
    canary = town.audit.canary(order_stream(number))
    return RegisterRow(
        number=number, registered_ms=1_794_265_200_000, site="江岸花园",
        owner=f"赵女士 {canary}", phone="13800000000", priority="normal",
        fault=luck.choice(("厨房漏水", "卫生间漏水")),
    )  # fmt: skip


def dispatch(town: Town, step: Step) -> None:
    """Chen gives an order to one person."""
    _gives(town, town.an_order(step), (PEOPLE[step.who % len(PEOPLE)],))


def give_helper(town: Town, step: Step) -> None:
    """Chen gives an order to two people."""
    first = step.who % len(PEOPLE)
    people = (PEOPLE[first], PEOPLE[(first + 1) % len(PEOPLE)])
    _gives(town, town.an_order(step), people)


def _gives(town: Town, stream: str | None, people: tuple[str, ...]) -> None:
    if stream is None:
        return
    try:
        town.dispatches(stream, *people)
    except Refused as why:
        if why.code not in REFUSALS:
            raise
        town.audit.desk_was_refused(stream, why.code)
        return
    town.audit.dispatched(stream, people)


def cancel(town: Town, step: Step) -> None:
    """Chen cancels an order."""
    stream = town.an_order(step)
    if stream is None:
        return
    try:
        town.cancels(stream)
    except Refused as why:
        if why.code not in REFUSALS:
            raise
        return
    town.audit.cancelled(stream)


def desk_decides_meanwhile(town: Town, step: Step) -> None:
    """The desk decides something between two requests of an exchange."""
    luck = step.luck()
    town.meanwhile = partial(luck.choice((dispatch, give_helper, cancel)), town, step)
    town.exchange(town.choose(step), luck)


# time


def minutes_pass(town: Town, step: Step) -> None:
    """Time goes by."""
    town.later(step.luck().randint(1, 90))


def day_ends(town: Town, step: Step) -> None:
    """Night; and sometimes more than one."""
    town.later(60 * 14 * (1 + 5 * (step.which % 4 == 0)))


def clock_jumps(town: Town, step: Step) -> None:
    """Somebody sets a tablet's clock, or its battery forgets the date."""
    one, luck = town.choose(step), step.luck()
    assert one.clocks is not None
    one.clocks.wrong_ms = luck.choice(
        (luck.randint(-2 * HOUR, 2 * HOUR), 1800 * DAY, -town.ms, luck.randint(0, DAY))
    )
    one.clocks.honest = False


def reboot(town: Town, step: Step) -> None:
    """A tablet is switched off and on."""
    one = town.choose(step)
    assert one.clocks is not None
    one.close()
    one.clocks.boots, one.clocks.since_ms = one.clocks.boots + 1, town.ms
    one.open()
