"""The same again, by local days: the last day of a window counts, the next does not."""

import pytest

from sync.calendar import DEFAULT
from sync.repeats import Earlier, duplicates, is_within, repeats

NOON = 1_765_684_800_000  # 14 December 2025, 12:00 in Shanghai
HOUR = 3_600_000
DAY = 24 * HOUR
DRIP = Earlier(stream="order:1", trade="给排水", registered_ms=NOON)
MENDED = Earlier(
    stream="order:2", trade="给排水", registered_ms=NOON - DAY, accepted_ms=NOON
)


@pytest.mark.parametrize(
    ("passed", "within"),
    [
        (0, True), (7 * DAY, True),
        (7 * DAY + 12 * HOUR - 1, True), (7 * DAY + 12 * HOUR, False),  # midnight
        (-1, True), (-13 * HOUR, False),
    ],
)  # fmt: skip
def test_days_are_local_days(passed: int, within: bool):
    assert is_within(NOON, NOON + passed, 7, DEFAULT) is within


@pytest.mark.parametrize(("days", "found"), [(7, 1), (8, 0)])
def test_what_is_open_was_asked_for_twice(days: int, found: int):
    assert len(duplicates([DRIP], "给排水", NOON + days * DAY, 7, DEFAULT)) == found


@pytest.mark.parametrize(("days", "found"), [(90, 1), (91, 0)])
def test_what_was_accepted_did_not_last(days: int, found: int):
    assert len(repeats([MENDED], "给排水", NOON + days * DAY, 90, DEFAULT)) == found


def test_another_trade_is_something_else():
    assert duplicates([DRIP], "电气", NOON, 7, DEFAULT) == ()
    assert repeats([MENDED], "电气", NOON, 90, DEFAULT) == ()


def test_without_a_trade_each_counts_for_its_own():
    assert duplicates([DRIP, MENDED], None, NOON, 7, DEFAULT) == (DRIP,)


def test_what_is_closed_was_not_asked_for_twice():
    shut = Earlier(stream="order:3", trade="给排水", registered_ms=NOON, open=False)

    assert duplicates([shut], "给排水", NOON, 7, DEFAULT) == ()


def test_the_newest_of_several_repairs_comes_first():
    older = Earlier(
        stream="order:4", trade="给排水", registered_ms=0, accepted_ms=NOON - DAY
    )

    assert repeats([older, MENDED], "给排水", NOON, 90, DEFAULT) == (MENDED, older)
