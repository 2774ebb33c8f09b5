"""Working time: seasons, lunch, Saturday mornings, holidays, make-up days (I3, C4)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.calendar import DEFAULT, Calendar
from sync.moment import DAY_MS, MINUTE_MS
from sync.problems import Refused
from tests.sync.shanghai import at

unhurried = settings(deadline=None)  # the machine may be busy
moments = st.integers(at("2025-11-01 00:00"), at("2027-02-01 00:00"))


HALF_HOUR_MS = 30 * MINUTE_MS


def counted(start_ms: int, minutes: int) -> int:
    """Working time counted half hour by half hour, as a clerk would."""
    now, left_ms = start_ms, minutes * MINUTE_MS
    while left_ms:
        step = min(HALF_HOUR_MS - now % HALF_HOUR_MS, left_ms)
        left_ms -= step * DEFAULT.is_working(now)
        now += step
    return now


@unhurried
@given(moments, st.integers(1, 1_200))
def test_working_minutes_are_what_a_clerk_counts(start_ms: int, minutes: int):
    due = DEFAULT.add_working_minutes(start_ms, minutes)

    assert due == counted(start_ms, minutes)


@unhurried
@given(moments, moments, st.integers(0, 20))
def test_who_starts_later_is_never_due_earlier(one: int, other: int, days: int):
    early, late = sorted((one, other))

    assert DEFAULT.working_days_later(early, days) <= DEFAULT.working_days_later(
        late, days
    )


@unhurried
@given(st.integers(-(2**53), 2**53), st.integers(0, 9))
def test_no_clock_is_too_wrong_for_the_calendar(instant_ms: int, days: int):
    assert DEFAULT.working_days_later(instant_ms, days) >= instant_ms - DAY_MS


@pytest.mark.parametrize(
    ("written", "working"),
    [
        ("2026-11-23 07:59:59.999", False),  # a Monday in winter
        ("2026-11-23 08:00:00.000", True),
        ("2026-11-23 11:59:59.999", True),
        ("2026-11-23 12:00:00.000", False),
        ("2026-11-23 13:30:00.000", True),
        ("2026-11-23 17:29:59.999", True),
        ("2026-11-23 17:30:00.000", False),
        ("2026-07-06 13:30:00.000", False),  # a Monday in summer
        ("2026-07-06 14:30:00.000", True),
        ("2026-07-06 18:29:59.999", True),
        ("2026-11-28 11:59:59.999", True),  # a Saturday
        ("2026-11-28 13:30:00.000", False),
        ("2026-11-29 10:00:00.000", False),  # a Sunday
        ("2026-10-07 10:00:00.000", False),  # a holiday on a Wednesday
        ("2026-10-10 16:00:00.000", True),  # a make-up Saturday, all day
        ("2026-09-20 16:00:00.000", True),  # a make-up Sunday
    ],
)
def test_hours_are_half_open(written: str, working: bool):
    assert DEFAULT.is_working(at(written)) == working


@pytest.mark.parametrize(
    ("written", "summer"),
    [
        ("2026-04-30 18:00", False),
        ("2026-05-06 18:00", True),
        ("2026-09-30 18:00", True),
        ("2026-10-08 18:00", False),
        ("2026-01-05 18:00", False),  # before the year's first season begins
    ],
)
def test_seasons_turn_on_their_day(written: str, summer: bool):
    assert DEFAULT.is_working(at(written)) == summer


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-23 11:00", 60, "2026-11-23 12:00"),  # ends as lunch begins
        ("2026-11-23 11:00", 61, "2026-11-23 13:31"),
        ("2026-11-23 12:30", 1, "2026-11-23 13:31"),
        ("2026-11-28 11:59", 2, "2026-11-30 08:01"),  # over the Sunday
        ("2026-09-30 18:29", 2, "2026-10-08 08:01"),  # over the holidays
        ("2026-11-29 10:00", 0, "2026-11-29 10:00"),
    ],
)
def test_working_minutes(start: str, minutes: int, due: str):
    assert DEFAULT.add_working_minutes(at(start), minutes) == at(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-23 00:00:00.000", 1, "2026-11-24 17:30"),
        ("2026-11-23 23:59:59.999", 1, "2026-11-24 17:30"),
        ("2026-11-27 09:00", 1, "2026-11-28 12:00"),  # a Saturday has its morning
        ("2026-11-28 09:00", 1, "2026-11-30 17:30"),
        ("2026-11-23 09:00", 3, "2026-11-26 17:30"),
        ("2026-11-23 09:00", 7, "2026-12-01 17:30"),
        ("2026-09-30 09:00", 3, "2026-10-10 17:30"),  # holidays out, make-up day in
        ("2026-11-24 20:00", 0, "2026-11-24 17:30"),
        ("2026-11-29 10:00", 0, "2026-11-30 17:30"),
    ],
)
def test_working_days_end_with_the_work(start: str, days: int, due: str):
    assert DEFAULT.working_days_later(at(start), days) == at(due)


def test_the_next_working_day_ends_with_the_work():
    assert DEFAULT.next_working_day_end(at("2026-11-28 10:00")) == at(
        "2026-11-30 17:30"
    )


def test_a_rest_day_is_no_working_day():
    sunday = at("2026-11-29 10:00")

    assert not DEFAULT.is_working_day(sunday)


def test_a_day_begins_at_local_midnight():
    midnight = at("2026-11-23 00:00")

    assert (DEFAULT.day_name(midnight - 1), DEFAULT.day_name(midnight)) == (
        "2026-11-22",
        "2026-11-23",
    )


def test_a_calendar_survives_being_delivered():
    assert Calendar.parse(DEFAULT.wire()) == DEFAULT


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("offset_minutes", 1_440),
        ("known_until", "31.12.2026"),
        ("known_until", "20261231"),
        ("seasons", []),
        ("seasons", [{"starts": "13-01", "week": [[[0, 9]]] * 7}]),
        ("seasons", [{"starts": "05-01", "week": [[[0, 9]]] * 6}]),
        ("seasons", [{"starts": "05-01", "week": [[]] * 7}]),
        ("seasons", [{"starts": "05-01", "week": [[[9, 9]]] * 7}]),
        ("seasons", [{"starts": "05-01", "week": [[[0, 1_441]]] * 7}]),
        ("seasons", [{"starts": "05-01", "week": [[[0, 9, 10]]] * 7}]),
        ("seasons", [{"starts": "05-01", "week": [[[5, 9], [0, 6]]] * 7}]),
        ("holidays", {"2026-02-30": "春节"}),
        ("make_up", {"2026-02-28": 7}),
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused(field: str, value: Any):
    with pytest.raises(Refused) as caught:
        Calendar.parse(DEFAULT.wire() | {field: value})

    assert caught.value.code == "policy_malformed"


def test_one_working_hour_a_week_is_enough_to_reach_every_deadline():

    week = [[[480, 540]], [], [], [], [], [], []]
    rare = Calendar.parse(
        DEFAULT.wire() | {"seasons": [{"starts": "01-01", "week": week}]}
    )

    assert rare.add_working_minutes(at("2026-11-23 08:30"), 31) == at(
        "2026-11-30 08:01"
    )
