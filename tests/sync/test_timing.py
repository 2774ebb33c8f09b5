"""What may be said about when something happened (invariants 30–32; F10, X1).

Whole days are judged in `test_clock_court.py`.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.moment import MINUTE_MS
from sync.plain import but
from sync.problems import Refused
from sync.reading import LONGEST_NAME
from sync.timing import (
    ASSUMED,
    Anchor,
    Grade,
    Moment,
    Reading,
    Span,
    TimingPolicy,
    Witness,
    assess,
    hello_anchor,
    minute_of,
    own_witness,
    read_clocks,
    token_anchor,
)
from tests.sync.clock_court import HOUR_MS

unhurried = settings(deadline=None)  # the machine may be busy
NINE = 1_794_272_400_000  # a morning, 09:00 in Shanghai
SLOW_MS = -40 * MINUTE_MS

clock = st.integers(-(2**53) + 1, 2**53 - 1)
maybe = st.none() | clock
boot = st.sampled_from([None, "run", "other run"])
anchors = st.builds(
    Anchor, server_ms=clock, wall_ms=clock, boot_ms=maybe, boot=boot, rtt_ms=maybe
)
readings = st.builds(
    Reading,
    wall_ms=clock,
    offset_minutes=clock,
    boot_ms=maybe,
    boot=boot,
    token=st.none() | st.text(max_size=8),
    token_wall_ms=maybe,
    token_boot_ms=maybe,
    rtt_ms=maybe,
)
witnesses = st.builds(
    Witness,
    not_before_ms=maybe,
    not_after_ms=maybe,
    before=st.none() | anchors,
    after=st.none() | anchors,
)


def at(minutes: float) -> int:
    return NINE + round(minutes * MINUTE_MS)


def device(
    minutes: float, wrong_ms: int = 0, *, run: str | None = None, token: float = 0
) -> Reading:
    """Li's tablet: acts so many minutes after nine, got its token at `token`."""
    return Reading(
        wall_ms=at(minutes) + wrong_ms,
        offset_minutes=480,
        boot_ms=None if run is None else at(minutes) - NINE,
        boot=run,
        token="token",
        token_wall_ms=at(token) + wrong_ms,
        token_boot_ms=None if run is None else at(token) - NINE,
        rtt_ms=100,
    )


def contacts(reading: Reading, hello: Reading, minutes: float) -> Witness:
    """A token at nine, and a hello so many minutes later that freezes the fact."""
    return Witness(
        not_before_ms=NINE,
        not_after_ms=at(minutes),
        before=token_anchor(reading, NINE),
        after=hello_anchor(hello, at(minutes)),
    )


# invariants over every value a clock can have


@unhurried
@given(readings, witnesses)
def test_not_before_estimate_not_after(reading: Reading, witness: Witness):
    moment = assess(reading, witness)

    assert moment.estimate.meet(moment.bracket) == moment.estimate


@unhurried
@given(readings, witnesses)
def test_an_estimate_is_never_empty(reading: Reading, witness: Witness):
    moment = assess(reading, witness)

    assert moment.estimate.meet(moment.estimate) is not None


@unhurried
@given(readings)
def test_no_clock_value_is_refused(reading: Reading):
    assert Reading.parse(reading.wire()) == reading


@unhurried
@given(readings, witnesses)
def test_a_moment_survives_the_document(reading: Reading, witness: Witness):
    moment = assess(reading, witness)

    assert Moment.parse(moment.wire()) == moment


@unhurried
@given(readings, st.integers(0, 3 * HOUR_MS))
def test_no_lie_moves_the_estimate_out_of_the_bracket(lie: Reading, gap_ms: int):
    witness = Witness(
        not_before_ms=NINE,
        not_after_ms=NINE + gap_ms,
        before=token_anchor(lie, NINE),
        after=hello_anchor(lie, NINE + gap_ms),
    )
    proven = Span(NINE - ASSUMED.skew_ms, NINE + gap_ms + ASSUMED.skew_ms + 1)

    assert assess(lie, witness).estimate.hull(proven) == proven


@unhurried
@given(readings)
def test_an_open_estimate_still_fits_the_wire(reading: Reading):
    newest = Anchor(server_ms=NINE, wall_ms=NINE, boot_ms=0, boot="run")
    moment = assess(reading, own_witness(newest))

    assert all(
        value is None or abs(value) < 2**53
        for value in (moment.earliest_ms, moment.latest_ms)
    )


@unhurried
@given(clock)
def test_drift_is_bounded_from_both_sides(elapsed_ms: int):
    """A clock that is 200 ppm slow hides a little more than 200 ppm of what it saw."""
    really = abs(elapsed_ms) + ASSUMED.drift_ms(elapsed_ms)

    assert really * (1_000_000 - 200) >= abs(elapsed_ms) * 1_000_000


# stories


def test_a_technician_who_sets_the_clock_back_is_held_by_the_token():
    """X1: at the door at 09:12, the clock says 08:50, put right before the hello."""
    acted = but(device(12), wall_ms=at(-10))
    moment = assess(acted, contacts(acted, device(15), 15))

    assert (moment.grade, moment.remarks) == (
        Grade.C,
        ("clock_stepped", "outside_bracket", "clock_off"),
    )


def test_a_back_dated_arrival_is_no_earlier_than_the_token():
    acted = but(device(12), wall_ms=at(-10))
    moment = assess(acted, contacts(acted, device(15), 15))

    assert moment.estimate == Span(at(0) - 1_000, at(15) + 1_001)


def test_a_tablet_40_minutes_slow_gives_the_right_time():
    acted = device(7, SLOW_MS)
    moment = assess(acted, contacts(acted, device(10, SLOW_MS), 10))

    assert moment.estimate.holds(at(7))


def test_a_tablet_40_minutes_slow_is_grade_a_and_said_to_be_off():
    acted = device(7, SLOW_MS)
    moment = assess(acted, contacts(acted, device(10, SLOW_MS), 10))

    assert (moment.grade, moment.remarks) == (Grade.A, ("clock_off",))


def test_two_contacts_that_agree_give_seconds():
    acted = device(7)
    moment = assess(acted, contacts(acted, device(10), 10))

    assert (moment.earliest_ms, moment.latest_ms) == (
        at(7) - 12_037,  # the hello was up to 10 s on its way, 2 s slack, drift
        at(7) + 2_186,  # the token 100 ms, 2 s slack, drift
    )


def test_a_restart_between_token_and_act_falls_back_on_the_wall_clock():
    acted = but(device(7, run="second"), token_boot_ms=None)
    moment = assess(acted, but(contacts(acted, acted, 10), after=None))

    assert (moment.basis, moment.grade) == ("wall", Grade.B)


def test_another_run_of_the_boot_clock_says_nothing():
    acted = device(7, run="second")
    hello = device(10, run="third")
    moment = assess(acted, but(contacts(acted, hello, 10), before=None))

    assert moment.basis == "wall"


def test_a_boot_clock_outlives_a_step_of_the_wall_clock_as_grade_b():
    acted = but(device(7, run="run"), wall_ms=at(-60))
    moment = assess(acted, contacts(acted, device(10, run="run"), 10))

    assert (moment.basis, moment.grade) == ("boot", Grade.B)


def test_boot_clocks_that_contradict_each_other_leave_only_the_bracket():
    acted = device(7, run="run")
    hello = but(device(10, run="run"), boot_ms=0)
    moment = assess(acted, contacts(acted, hello, 10))

    assert (moment.basis, moment.grade) == ("bracket", Grade.C)


def test_a_three_day_old_token_is_never_grade_a():
    acted = device(3 * 1_440 - 5)
    moment = assess(acted, contacts(acted, device(3 * 1_440), 3 * 1_440))

    assert moment.grade is Grade.B


def test_an_eight_day_old_token_leaves_only_the_bracket():
    acted = device(8 * 1_440 - 5)
    moment = assess(acted, contacts(acted, device(8 * 1_440), 8 * 1_440))

    assert (moment.grade, moment.estimate) == (Grade.C, moment.bracket)


def test_before_the_exchange_a_tablet_says_b_at_best_and_leaves_the_end_open():
    newest = Anchor(server_ms=NINE, wall_ms=NINE, rtt_ms=100)
    moment = assess(device(7), own_witness(newest))

    assert (moment.grade, moment.not_after_ms) == (Grade.B, None)


def test_a_tablet_that_was_never_in_contact_only_claims():
    moment = assess(device(7), own_witness(None))

    assert moment == Moment(claimed_ms=at(7), grade=Grade.D)


def test_a_fact_that_was_first_seen_without_any_contact_before_is_grade_b():
    hello = hello_anchor(device(10), at(10))
    moment = assess(device(7), Witness(not_after_ms=at(10), after=hello))

    assert (moment.grade, moment.estimate.holds(at(7))) == (Grade.B, True)


def test_two_contacts_without_a_closed_bracket_are_not_grade_a():
    acted = device(7)
    witness = but(contacts(acted, device(10), 10), not_before_ms=None)

    assert assess(acted, witness).grade is Grade.B


def test_without_any_contact_the_bracket_is_all_there_is():
    moment = assess(device(7), Witness(not_before_ms=NINE, not_after_ms=at(10)))

    assert (moment.grade, moment.basis) == (Grade.C, "bracket")


def test_a_contradiction_without_a_bracket_is_only_a_claim():
    acted = device(7)
    after = hello_anchor(device(10), at(100))
    moment = assess(acted, Witness(before=token_anchor(acted, NINE), after=after))

    assert (moment.grade, moment.basis) == (Grade.D, None)


def test_a_lost_date_is_not_called_back_dating():
    """A flat battery puts the clock at 1970; the network puts it right again."""
    acted = but(device(7), wall_ms=0)
    moment = assess(acted, contacts(acted, device(10), 10))

    assert moment.remarks == ("clock_stepped", "clock_lost", "clock_off")


def test_nobody_is_accused_without_a_contact_before():
    moment = assess(
        device(7, SLOW_MS),
        Witness(not_before_ms=NINE, not_after_ms=at(10), after=None),
    )

    assert moment.remarks == ("clock_off",)


def test_a_server_that_runs_backwards_is_remarked_and_proves_only_the_hull():
    moment = assess(device(7), Witness(not_before_ms=at(10), not_after_ms=at(0)))

    assert (moment.remarks, moment.bracket) == (
        ("server_clock",),
        Span(at(0) - 1_000, at(10) + 1_001),
    )


def test_a_way_that_cannot_have_been_measured_counts_as_the_longest():
    anchor = Anchor(server_ms=NINE, wall_ms=NINE, rtt_ms=-5)
    unmeasured = but(anchor, rtt_ms=None)

    assert assess(device(1), own_witness(anchor)) == assess(
        device(1), own_witness(unmeasured)
    )


def test_a_policy_may_trust_crystals_less():
    newest = Anchor(server_ms=NINE, wall_ms=NINE, rtt_ms=0)
    moment = assess(device(1), own_witness(newest), TimingPolicy(drift_ppm=500_000))

    assert moment.latest_ms == at(2) + 2_002


# what a device writes


def test_a_device_leaves_out_the_boot_clock_of_an_earlier_run():
    newest = Anchor(server_ms=NINE, wall_ms=NINE, boot_ms=5, boot="first", rtt_ms=9)
    reading = read_clocks(
        newest, "token", wall_ms=at(7), offset_minutes=480, boot_ms=1, boot="second"
    )

    assert (reading.token_wall_ms, reading.token_boot_ms) == (NINE, None)


def test_a_device_keeps_the_boot_clock_of_the_same_run():
    newest = Anchor(server_ms=NINE, wall_ms=NINE, boot_ms=5, boot="run", rtt_ms=9)
    reading = read_clocks(
        newest, "token", wall_ms=at(7), offset_minutes=480, boot_ms=8, boot="run"
    )

    assert reading.wire() == {
        "w": at(7),
        "z": 480,
        "m": 8,
        "i": "run",
        "k": "token",
        "kw": NINE,
        "km": 5,
        "kr": 9,
    }


def test_a_device_without_contact_writes_its_clock_alone():
    reading = read_clocks(None, None, wall_ms=NINE, offset_minutes=480)

    assert reading.wire() == {"w": NINE, "z": 480}


def test_a_fact_without_token_readings_has_no_contact_before():
    assert token_anchor(Reading(wall_ms=NINE, offset_minutes=480), NINE) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("w", None),
        ("w", "09:00"),
        ("w", 1.0),
        ("w", True),
        ("w", 2**53),
        ("z", None),
        ("m", "1"),
        ("i", 7),
        ("k", "x" * (LONGEST_NAME + 1)),
        ("kr", -(2**53)),
    ],
)
def test_a_reading_of_the_wrong_shape_is_refused(key: str, value: object):
    with pytest.raises(Refused) as caught:
        Reading.parse({"w": NINE, "z": 480} | {key: value})

    assert (caught.value.code, caught.value.facts["field"]) == (
        "reading_malformed",
        key,
    )


def test_a_reading_that_is_no_object_is_refused():
    with pytest.raises(Refused) as caught:
        Reading.parse([NINE, 480])

    assert caught.value.code == "reading_malformed"


def test_what_a_later_release_adds_to_a_reading_is_not_refused():
    assert Reading.parse({"w": NINE, "z": 480, "satellites": 7}).wall_ms == NINE


def test_a_registers_minute_is_anywhere_in_that_minute():
    assert minute_of(NINE + 59_999) == Span(NINE, NINE + MINUTE_MS)


def test_a_known_time_is_proven_as_it_stands():
    moment = Moment.known(minute_of(NINE))

    assert (moment.bracket, moment.estimate) == (minute_of(NINE), minute_of(NINE))


def test_an_open_stretch_has_no_width():
    assert (Span(NINE).width_ms, Span(None, NINE).width_ms) == (None, None)


def test_a_stretch_around_an_open_one_is_open():
    assert Span(1, 2).hull(Span(None, 5)).hull(Span(0, None)) == Span()
