"""A tablet whose clock is a quarter of an hour ahead: nobody is late by it (U15)."""

from collections.abc import Callable

from sync.facts.dispatch import Dispatched
from sync.facts.intake import Logged
from sync.standing import arrival_verdict
from tests.web.desk import Desk
from tests.web.tablet import Tablet

NUMBER = "DS2026110015"
AHEAD_MS = 15 * 60_000
SET_AHEAD = f"""
const {{ now }} = Date;
Date.now = () => now() + {AHEAD_MS};
"""


def test_an_arrival_in_time_by_a_clock_that_is_ahead_is_not_late(
    served: Desk, tablets: Callable[..., Tablet]
):
    li = tablets()
    li.context.add_init_script(SET_AHEAD)
    li.open()
    asked_ms = served.parts.now()
    served.decide(NUMBER, Logged(number=NUMBER, registered_ms=asked_ms))
    stream = served.decide(NUMBER, Dispatched(technician="li"))
    li.took_home(2)

    with li.away():
        li.open(f"#/order/{stream.removeprefix('order:')}")
        before_ms = served.parts.now()
        li.page.get_by_role("button", name="我已到达").tap()
        li.shows("上门礼仪")
        after_ms = served.parts.now()
    li.open()
    li.page.get_by_test_id("truth").get_by_text("全部已传").wait_for()

    order = served.document(NUMBER)
    came = order.visits[0].moment
    assert came.claimed_ms - after_ms > AHEAD_MS - 60_000  # the clock was ahead
    assert came.earliest_ms <= after_ms
    assert came.latest_ms >= before_ms
    assert came.latest_ms < before_ms + AHEAD_MS  # and it is not believed
    verdict = arrival_verdict(order, served.parts.policy)
    assert (verdict.answer, order.reviews) == ("kept", ())


def test_the_technician_is_told_of_the_clock_before_going_out(
    served: Desk, tablets: Callable[..., Tablet]
):
    """U02: amber, with what to do; nothing is held up by it."""
    li = tablets()
    li.context.add_init_script(SET_AHEAD)
    li.open()
    li.took_home()

    li.open("#/going-out")

    li.shows("平板时间不准")
