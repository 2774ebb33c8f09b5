"""What an order was promised, as it stands at an instant (P4, P4a, P5, A5, V6, I3)."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.calendar import DEFAULT as CALENDAR
from sync.deadlines import (
    Deadline,
    deadlines,
    running,
    standing_at,
    where_it_went,
)
from sync.envelope import Head
from sync.escalation import Rung
from sync.facts import Kept, What, write_fact
from sync.facts.acceptance import Rejected
from sync.facts.dispatch import Cancelled, Dispatched, OrderSeen, PutOnHold, Resumed
from sync.facts.intake import FoundOnSite, Logged, Merged
from sync.facts.survey import ItemFound, PlanAgreed, PlanChanged, Surveyed
from sync.facts.visit import Appointed, Arrived, SetOff
from sync.facts.work import Completed
from sync.fold import fold
from sync.moment import DAY_MS, MINUTE_MS, Grade, Moment, Span, minute_of
from sync.order import Order, Payer, order_stream
from sync.plain import but
from sync.policy import DEFAULT, Policy
from sync.promises import DEFAULT as PROMISES
from sync.promises import Policy as Promises
from sync.promises import Promise
from tests.sync.shanghai import at

STREAM = order_stream("BX-2026-0118")
DAY = "2026-11-23"  # a Monday
SURVEYED = Surveyed(cause="worn washer", method="replace it")
WAITING = PutOnHold(reason="parts")
FIRST = Dispatched(technician="li")

Act = tuple[str, str, What] | tuple[str, str, What, Moment]


def when(written: str) -> int:
    """An instant of that Monday, or of the day that is written before it."""
    return at(written if " " in written else f"{DAY} {written}")


def exactly(instant_ms: int) -> Moment:
    return Moment.known(Span(instant_ms, instant_ms + 1), "server")


def somewhere(first: str, end: str) -> Moment:
    """Nobody knows when, between these: a clock that nothing vouches for."""
    return Moment(
        earliest_ms=when(first), latest_ms=when(end), not_before_ms=when(first),
        not_after_ms=when(end), grade=Grade.C,
    )  # fmt: skip


def asked(written: str, priority: str = "normal", sort: str = "repair") -> Act:
    noted = when(written)
    width_ms = MINUTE_MS if noted % MINUTE_MS == 0 else 1
    request = Logged(
        number="BX-2026-0118", registered_ms=noted, registered_width_ms=width_ms,
        sort=sort, priority=priority,
    )  # fmt: skip
    return written, "chen", request


def order_of(*acts: Act) -> Order:
    """The order that these acts add up to, one after the other, each at its instant."""
    kept = []
    for place, (written, who, what, *said) in enumerate(acts, 1):
        log = "server.1" if who == "chen" else f"{who}.1"
        head = Head(
            stream=STREAM, log=log, n=place, prev="p" * 43 if place > 1 else None,
            epoch="e1", basis=place - 1, lamport=place, by=who,
            at={"w": when(written), "z": 480}, private={}, blobs=(),
        )  # fmt: skip
        moment = said[0] if said else exactly(when(written))
        fact = write_fact(what, head)
        kept.append(Kept(fact=fact, moment=moment, position=place))
    return fold(kept)


def at_instant(order: Order, code: str, now: str, policy: Policy = DEFAULT) -> Deadline:
    """How this promise stands then; there must be one."""
    (found,) = all_of(order, code, now, policy)
    return found


def all_of(
    order: Order, code: str, now: str, policy: Policy = DEFAULT
) -> Sequence[Deadline]:
    return [one for one in deadlines(order, policy, when(now)) if one.code == code]


# nothing is held against anybody that is not proven


def test_an_arrival_that_may_have_been_in_time_is_not_late():
    """X1: the claim straddles the deadline, so nobody may say missed."""
    there = somewhere("09:10", "09:40")
    order = order_of(asked("09:00"), ("09:40", "li", Arrived(), there))

    assert at_instant(order, "arrival", "12:00").answer == "undetermined"


def test_while_nothing_is_heard_it_is_open_however_late_it_is():
    late = at_instant(order_of(asked("09:00")), "arrival", "15:00")

    assert (late.answer, late.basis, late.minutes_left) == ("open", None, -340)


def test_an_arrival_surely_after_the_deadline_is_missed_and_says_by_what():
    order = order_of(asked("09:00"), ("09:21", "li", Arrived()))
    missed = at_instant(order, "arrival", "12:00")

    assert (missed.answer, missed.basis, missed.minutes_left) == (
        "missed", "proven", None,
    )  # fmt: skip


def test_the_order_is_late_only_while_nothing_is_heard():
    order = order_of(
        asked("09:00"), ("09:30", "li", Arrived()), ("09:40", "li", SURVEYED)
    )

    assert not any(one.late for one in deadlines(order, DEFAULT, when("12:00")))


# the edges of the day (P4), on a whole order


@pytest.mark.parametrize(
    ("registered", "due"),
    [
        ("07:59:59.999", "08:59:59.999"),
        ("08:00:00.000", "08:20:00.000"),
        ("08:00:00.001", "08:20:00.001"),
        ("17:29:59.999", "17:49:59.999"),
        ("17:30:00.000", "18:30:00.000"),
    ],
)
def test_twenty_minutes_from_8_until_half_past_5(registered: str, due: str):
    # 08:00:00.000 and 17:30:00.000 would read as a register's minute.
    (_, who, what) = asked(registered)[:3]
    order = order_of((registered, who, but(what, registered_width_ms=1)))

    assert at_instant(order, "arrival", "07:00").due_first_ms == when(due)


def test_a_registers_minute_at_the_edge_is_due_from_the_one_to_the_other():
    order = order_of(asked("17:29"))
    found = at_instant(order, "arrival", "17:29")

    assert (found.due_first_ms, found.due_last_ms) == (
        when("17:49"), when("17:49:59.999"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arrived", "answer"), [("08:19:59.999", "kept"), ("08:20:00.000", "missed")]
)
def test_at_the_due_instant_it_is_too_late(arrived: str, answer: str):
    (_, who, what) = asked("08:00")[:3]
    order = order_of(
        ("08:00", who, but(what, registered_width_ms=1)), (arrived, "li", Arrived())
    )

    assert at_instant(order, "arrival", "09:00").answer == answer


def test_an_emergency_has_20_minutes_at_night():
    order = order_of(asked("03:00", "emergency"))

    assert at_instant(order, "arrival", "03:00").due_first_ms == when("03:20")


# holds stop the clock


HELD = (asked("09:00"), ("09:05", "chen", WAITING))
FREED = (*HELD, ("11:05", "chen", Resumed()))


def test_a_hold_of_two_hours_puts_the_arrival_off_by_two_hours():
    assert at_instant(order_of(*FREED), "arrival", "11:30").due_first_ms == when(
        "11:20"
    )


def test_while_it_is_held_the_minutes_stand_still():
    held = order_of(*HELD)
    left = [at_instant(held, "arrival", now).minutes_left for now in ("09:05", "17:00")]

    assert left == [15, 15]


def test_what_is_held_is_not_late():
    assert not at_instant(order_of(*HELD), "arrival", "15:00").late


def test_a_hold_that_began_when_it_was_due_puts_nothing_off():
    held = order_of(asked("09:00"), ("09:20", "chen", WAITING))
    found = at_instant(held, "arrival", "10:00")

    assert (found.stopped, found.minutes_left) == (False, -40)


def test_a_hold_one_millisecond_before_it_was_due_stops_it():
    held = order_of(asked("09:00"), ("09:19:59.999", "chen", WAITING))

    assert at_instant(held, "arrival", "10:00").stopped


def test_what_was_done_while_held_was_done_in_time():
    order = order_of(*HELD, ("10:00", "li", Arrived()))

    assert at_instant(order, "arrival", "12:00").answer == "kept"


def test_an_emergency_runs_on_while_it_is_held():
    order = order_of(asked("09:00", "emergency"), ("09:05", "chen", WAITING))

    assert at_instant(order, "arrival", "09:30").minutes_left == -10


def test_a_desk_cannot_hold_its_own_clock():
    """I3 runs until the desk has it in hand; to hold it is to have it in hand."""
    taken = at_instant(order_of(*HELD), "intake", "12:00")

    assert (taken.answer, taken.stopped) == ("kept", False)


def test_a_hold_of_a_working_day_puts_a_working_day_off():
    """Survey is due on Tuesday at 17:30; held from Monday 14:00 to Tuesday 14:00."""
    order = order_of(
        asked("09:00"), ("14:00", "chen", WAITING),
        ("2026-11-24 14:00", "chen", Resumed()),
    )  # fmt: skip

    assert at_instant(order, "survey", "15:00").due_first_ms == when("2026-11-25 17:30")


def test_a_hold_over_the_weekend_puts_off_only_what_would_have_been_worked():
    """Held on Friday at 17:00, resumed on Monday at 9: half an hour, Saturday morning
    and an hour on Monday."""
    order = order_of(
        asked("2026-11-27 16:00"), ("2026-11-27 17:00", "chen", WAITING),
        ("2026-11-30 09:00", "chen", Resumed()),
    )  # fmt: skip
    found = at_instant(order, "survey", "2026-11-30 09:00")

    assert found.due_first_ms == when("2026-11-30 15:00")


def test_two_holds_count_each_for_itself():
    order = order_of(*FREED, ("11:10", "chen", WAITING), ("11:40", "chen", Resumed()))

    assert at_instant(order, "arrival", "11:45").due_first_ms == when("11:50")


def test_holding_what_is_held_changes_nothing():
    order = order_of(*HELD, ("10:05", "chen", WAITING), ("11:05", "chen", Resumed()))

    assert [one.moment.earliest_ms for one in order.halts] == [when("09:05")]


def test_resuming_what_is_not_held_changes_nothing():
    assert order_of(asked("09:00"), ("09:05", "chen", Resumed())).halts == ()


# what applies


def test_an_appointment_agreed_in_time_takes_the_place_of_the_arrival():
    window = Appointed(start_ms=when("14:00"), end_ms=when("16:00"))
    order = order_of(asked("09:00"), ("09:10", "li", window))
    codes = [one.code for one in deadlines(order, DEFAULT, when("10:00"))]

    assert ("arrival" in codes, "appointment" in codes) == (False, True)


def test_an_appointment_agreed_too_late_takes_nothings_place():
    window = Appointed(start_ms=when("14:00"), end_ms=when("16:00"))
    order = order_of(asked("09:00"), ("09:30", "li", window))

    assert at_instant(order, "arrival", "10:00").minutes_left == -40


def test_an_appointment_whose_time_is_only_claimed_takes_nothings_place():
    window = Appointed(start_ms=when("14:00"), end_ms=when("16:00"))
    told = somewhere("09:05", "11:00")
    order = order_of(asked("09:00"), ("09:10", "li", window, told))

    assert at_instant(order, "arrival", "12:00").minutes_left == -160


def test_the_appointment_is_kept_by_the_visit_after_it():
    first = Appointed(start_ms=when("14:00"), end_ms=when("16:00"))
    order = order_of(
        asked("09:00"), ("09:15", "li", Arrived()), ("09:16", "li", first),
        ("16:00", "li", Arrived()),
    )  # fmt: skip

    assert at_instant(order, "appointment", "17:00").answer == "missed"


def test_who_puts_an_appointment_off_once_it_is_over_has_missed_it():
    first = Appointed(start_ms=when("14:00"), end_ms=when("16:00"))
    second = Appointed(start_ms=when("18:00"), end_ms=when("19:00"))
    order = order_of(
        asked("09:00"), ("09:10", "li", first), ("16:30", "li", second),
        ("18:30", "li", Arrived()),
    )  # fmt: skip

    answers = [one.answer for one in all_of(order, "appointment", "20:00")]
    assert answers == ["missed", "kept"]


def test_who_puts_an_appointment_off_in_time_has_not_missed_it():
    first = Appointed(start_ms=when("14:00"), end_ms=when("16:00"))
    second = Appointed(start_ms=when("18:00"), end_ms=when("19:00"))
    order = order_of(asked("09:00"), ("09:10", "li", first), ("15:30", "li", second))

    assert at_instant(order, "appointment", "20:00").due_first_ms == when("19:00")


@pytest.mark.parametrize(
    ("trades", "code", "due"),
    [
        (["给排水"], "repair_single", "2026-11-26 17:30"),
        (["给排水", "给排水"], "repair_single", "2026-11-26 17:30"),
        (["给排水", "电气"], "repair_several", "2026-12-01 17:30"),
    ],
)
def test_three_working_days_for_one_trade_and_seven_for_several(
    trades: Sequence[str], code: str, due: str
):
    items = [
        ("10:05", "li", ItemFound(item=n, trade=trade, payer=Payer.COMPANY))
        for n, trade in enumerate(trades, 1)
    ]
    order = order_of(asked("09:00"), ("10:00", "li", SURVEYED), *items)
    found = [d for d in deadlines(order, DEFAULT, when("11:00")) if d.rule == "A5"]

    assert [(one.code, one.due_first_ms) for one in found] == [(code, when(due))]


def test_another_day_agreed_with_the_owner_takes_the_place_of_the_third():
    agreed = PlanAgreed(relation="owner", promised_ms=when("2026-12-09 00:00"))
    order = order_of(asked("09:00"), ("10:00", "li", SURVEYED), ("10:10", "li", agreed))
    found = [d for d in deadlines(order, DEFAULT, when("11:00")) if d.rule == "A5"]

    assert [(one.code, one.due_first_ms) for one in found] == [
        ("repair_agreed", when("2026-12-09 17:30"))
    ]


def test_an_extension_agreed_when_it_was_over_hides_nothing():
    """V6 asks for the owner's consent before the day is over."""
    late = PlanChanged(
        relation="owner", reason="no part", promised_ms=when("2026-12-09 00:00")
    )
    order = order_of(
        asked("09:00"), ("10:00", "li", SURVEYED), ("2026-11-27 09:00", "li", late)
    )
    found = at_instant(order, "repair_single", "2026-11-27 10:00")

    assert found.minutes_left is not None and found.minutes_left < 0


def test_each_round_sent_back_has_its_own_day():
    back = Rejected(
        round=1, sheet="a" * 64, covers=(), responsible="li",
        due_ms=when("2026-11-25 00:00"),
    )  # fmt: skip
    order = order_of(
        asked("09:00"), ("11:00", "li", Completed()), ("11:10", "li", back)
    )

    assert at_instant(order, "rework", "12:00").due_first_ms == when("2026-11-25 17:30")


def test_a_request_of_a_sunday_is_taken_in_hand_by_the_end_of_monday():
    order = order_of(asked("2026-11-29 09:00"))

    assert at_instant(order, "intake", "2026-11-29 09:00").due_first_ms == when(
        "2026-11-30 17:30"
    )


def test_of_an_enquiry_nothing_is_promised_but_that_it_is_taken_in_hand():
    order = order_of(asked("09:00", sort="enquiry"))

    assert [one.code for one in deadlines(order, DEFAULT, when("10:00"))] == ["intake"]


def test_what_a_technician_found_was_not_asked_for_and_has_no_arrival():
    found = FoundOnSite(registered_ms=when("10:00"), trade="给排水")
    order = order_of(("10:00", "li", found), ("10:01", "li", SURVEYED))
    codes = {one.code for one in deadlines(order, DEFAULT, when("12:00"))}

    assert codes == {"repair_single"}


def test_nobody_waits_for_a_cancelled_order():
    order = order_of(asked("09:00"), ("09:10", "chen", Cancelled(reason="withdrew")))

    assert [one.code for one in deadlines(order, DEFAULT, when("12:00"))] == ["intake"]


def test_a_merged_order_leaves_its_promises_to_the_other():
    order = order_of(
        asked("09:00"), ("09:10", "chen", Merged(into="order:" + STREAM[6:]))
    )

    assert deadlines(order, DEFAULT, when("12:00")) == ()


def test_a_row_that_a_company_adds_runs_by_itself():
    told = Promise(
        code="first_contact", rule="own", since="2026-01-01", starts="dispatched",
        ends="seen", minutes=10,
    )  # fmt: skip
    policy = but(DEFAULT, promises=Promises(promises=(told,)))
    order = order_of(asked("09:00"), ("09:10", "chen", FIRST))

    assert at_instant(order, "first_contact", "09:15", policy).minutes_left == 5


def test_a_row_between_things_nobody_tells_of_promises_nothing():
    assert all_of(order_of(asked("09:00")), "supervision", "12:00") == []


# who is told


@pytest.mark.parametrize(
    ("now", "level", "to"),
    [
        ("09:14:59.999", 0, None),
        ("09:15", 1, "lead"),
        ("09:49:59.999", 1, "lead"),
        ("09:50", 2, "manager"),
    ],
)
def test_the_ladder_is_climbed_by_the_clock(now: str, level: int, to: str | None):
    found = at_instant(order_of(asked("09:00")), "arrival", now)

    assert (found.level, found.to) == (level, to)


def test_an_emergency_has_a_ladder_of_its_own():
    found = at_instant(order_of(asked("03:00", "emergency")), "arrival", "03:20")

    assert (found.level, found.to) == (2, "manager")


def test_nobody_is_told_of_what_is_held():
    assert at_instant(order_of(*HELD), "arrival", "17:00").level == 0


def test_nobody_is_told_of_what_was_done():
    order = order_of(asked("09:00"), ("09:45", "li", Arrived()))

    assert at_instant(order, "arrival", "12:00").level == 0


def test_a_company_has_its_own_ladder():
    policy = but(DEFAULT, escalation=(Rung(to="manager", minutes=-20),))

    assert at_instant(order_of(asked("09:00")), "arrival", "09:00", policy).level == 1


# lists


def test_what_is_kept_of_an_order_needs_no_clock():
    order = order_of(asked("09:00"))
    kept = running(order, DEFAULT)

    assert tuple(standing_at(one, when("12:00")) for one in kept) == deadlines(
        order, DEFAULT, when("12:00")
    )


# where the time went


def test_who_went_answers_only_for_the_way():
    """Given to Li, to Wang, and to Li again, who saw it at 09:12 and came at 09:40."""
    order = order_of(
        asked("09:00"), ("09:02", "chen", FIRST),
        ("09:05", "chen", Dispatched(technician="wang")), ("09:10", "chen", FIRST),
        ("09:12", "li", OrderSeen()), ("09:40", "li", Arrived()),
    )  # fmt: skip
    shares = where_it_went(order) or ()

    assert [(one.least_ms or 0) // MINUTE_MS for one in shares] == [9, 2, 28]


def test_the_way_begins_where_whoever_came_set_off():
    """Wang set off, too, and Li once more after being there: neither is Li's way."""
    order = order_of(
        asked("09:00"), ("09:02", "chen", Dispatched(technician="li",
                                                     helpers=("wang",))),
        ("09:04", "wang", SetOff()), ("09:12", "li", OrderSeen()),
        ("09:20", "li", SetOff()), ("09:40", "li", Arrived()),
        ("09:50", "li", SetOff()),
    )  # fmt: skip
    shares = where_it_went(order) or ()

    assert [(one.least_ms or 0) // MINUTE_MS for one in shares] == [1, 10, 8, 20]


def test_a_look_before_it_was_given_is_no_notice():
    order = order_of(
        asked("09:00"), ("09:02", "li", OrderSeen()), ("09:10", "chen", FIRST),
        ("09:40", "li", Arrived()),
    )  # fmt: skip
    shares = where_it_went(order)

    assert shares is not None
    assert [one.most_ms for one in shares[1:]] == [None, None]


# holds and uncertain starts together

instants = st.integers(at("2026-11-19 00:00"), at("2026-11-27 00:00"))


@settings(deadline=None)
@given(instants, st.integers(1, 2 * DAY_MS), st.lists(instants, max_size=6), st.data())
def test_due_lies_between_whatever_the_start_really_was(
    first_ms: int, width_ms: int, edges: list[int], data: st.DataObject
):
    ends = sorted(set(edges))
    pairs = zip(ends[::2], ends[1::2], strict=False)
    stops = tuple(Span(*pair) for pair in pairs)
    promise = data.draw(st.sampled_from(PROMISES.promises))
    began_ms = data.draw(st.integers(first_ms, first_ms + width_ms - 1))
    due = promise.due(Span(first_ms, first_ms + width_ms), CALENDAR, stops)

    assert due is not None
    exact_ms = promise.due_ms(began_ms, CALENDAR, stops)
    assert due.earliest_ms <= exact_ms <= due.latest_ms


@settings(deadline=None)
@given(instants, instants, st.integers(1, 2 * DAY_MS), st.data())
def test_a_hold_never_brings_a_deadline_nearer(
    start_ms: int, held_ms: int, long_ms: int, data: st.DataObject
):
    promise = data.draw(st.sampled_from(PROMISES.promises))
    stop = Span(held_ms, held_ms + long_ms)
    before = promise.due_ms(start_ms, CALENDAR)
    after = promise.due_ms(start_ms, CALENDAR, (stop,))

    assert before <= after
    assert minute_of(before) == minute_of(after) or held_ms < before
