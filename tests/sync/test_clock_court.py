"""Whole days whose truth is known (M9; invariants 30, 31): every interval holds the
truth, nobody honest is accused, and every claim that cannot be is flagged.

DEVICE_DAYS says how many days are judged; `make torture` asks for 10,000.
"""

import os
import sys
from functools import cache
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.moment import DAY_MS, MINUTE_MS
from sync.plain import but
from sync.reading import Anchor, Reading, Witness
from sync.timing import ASSUMED, Grade, Moment, Span, assess
from tests.sync.clock_court import COVERAGE_MS, HOUR_MS, Trial, days

DEVICE_DAYS = int(os.environ.get("DEVICE_DAYS", "200"))
GAPS = pytest.mark.parametrize("gap_ms", [COVERAGE_MS, 8 * HOUR_MS, 72 * HOUR_MS])


@cache
def court(gap_ms: int = COVERAGE_MS) -> list[tuple[Trial, Moment]]:
    trials = days(seed=9, count=DEVICE_DAYS, gap_ms=gap_ms)
    return [(trial, assess(trial.reading, trial.witness)) for trial in trials]


def honest(gap_ms: int = COVERAGE_MS) -> list[tuple[Trial, Moment]]:
    return [(trial, moment) for trial, moment in court(gap_ms) if trial.honest]


def near_claim(trial: Trial) -> Span:
    """The claim, with what no auditor minds."""
    claimed = trial.reading.wall_ms
    return Span(claimed - ASSUMED.off_ms, claimed + ASSUMED.off_ms + 1)


@GAPS
def test_the_truth_is_in_the_bracket_whatever_anybody_does(gap_ms: int):
    outside = [t for t, m in court(gap_ms) if not m.bracket.holds(t.truth_ms)]

    assert outside == []


@GAPS
def test_the_truth_is_in_the_estimate_of_every_honest_device(gap_ms: int):
    """Off, drifting, restarted, flat, put right once by the network (31)."""
    outside = [t for t, m in honest(gap_ms) if not m.estimate.holds(t.truth_ms)]

    assert outside == []


@GAPS
def test_no_honest_device_is_accused(gap_ms: int):
    accused = [t for t, m in honest(gap_ms) if "outside_bracket" in m.remarks]

    assert accused == []


@GAPS
def test_an_estimate_lies_in_its_bracket(gap_ms: int):
    outside = [t for t, m in court(gap_ms) if m.estimate.hull(m.bracket) != m.bracket]

    assert outside == []


def test_every_claim_outside_the_bracket_is_flagged():
    unflagged = [
        trial
        for trial, moment in court()
        if near_claim(trial).meet(moment.bracket) is None and not moment.remarks
    ]

    assert unflagged == []


def test_a_step_that_is_not_undone_is_never_grade_a():
    stepped = [(t, m) for t, m in court() if abs(t.step_ms) > MINUTE_MS]

    assert {m.grade for _, m in stepped} == {Grade.B, Grade.C}


def test_a_set_clock_does_not_fool_a_boot_clock():
    """Set back at the door, put right before the hello: only the wall saw that."""
    undone = [
        (t, m)
        for t, m in court()
        if t.kind == "set back and undone" and m.basis == "boot"
    ]

    assert [t for t, m in undone if not m.estimate.holds(t.truth_ms)] == []


def test_with_coverage_every_15_minutes_the_bracket_is_at_most_16_wide(
    capsys: pytest.CaptureFixture[str],
):
    widths = [m.bracket.width_ms or 0 for _, m in court()]
    middle = median(widths)
    with capsys.disabled():
        sys.stdout.write(
            f"\nclock court: {DEVICE_DAYS} device-days, {len(widths)} acts, median"
            f" bracket {middle / MINUTE_MS:.1f} min, widest"
            f" {max(widths) / MINUTE_MS:.1f} min\n"
        )

    assert middle <= 16 * MINUTE_MS


def test_with_coverage_an_honest_clock_is_good_to_half_a_minute():
    widths = [
        m.estimate.width_ms or 0
        for t, m in court()
        if t.kind in {"right", "off"} and m.grade is Grade.A
    ]

    assert max(widths) <= MINUTE_MS // 2


def test_the_same_seed_tells_the_same_days():
    assert list(days(seed=3, count=24)) == list(days(seed=3, count=24))


# every clock that keeps to what is assumed, and steps once


@st.composite
def stepped_once(draw: st.DrawFn) -> tuple[int, int, Reading, Witness]:
    """The truth, how far the wall clock was set between the contacts, and what the
    server sees of it. Everything else is as wrong as it may be."""
    ppm = draw(st.integers(-ASSUMED.drift_ppm, ASSUMED.drift_ppm))
    offset = draw(st.integers(-(10**12), 10**12))
    gap = draw(st.integers(0, 7 * DAY_MS))
    truth = draw(st.integers(0, gap))
    at, by = draw(st.integers(0, gap)), draw(st.integers(-DAY_MS, DAY_MS))
    rtt, way = draw(st.integers(0, 8_000)), draw(st.integers(0, ASSUMED.transit_ms))
    back = draw(st.integers(0, rtt))
    skews = [draw(st.integers(-ASSUMED.skew_ms, ASSUMED.skew_ms)) for _ in range(2)]

    def wall(true_ms: int) -> int:
        step = by if true_ms > at else 0
        return true_ms + true_ms * ppm // 1_000_000 + offset + step

    before = Anchor(server_ms=-back + skews[0], wall_ms=wall(0), rtt_ms=rtt)
    after = Anchor(server_ms=gap + way + skews[1], wall_ms=wall(gap))
    witness = Witness(
        not_before_ms=before.server_ms, not_after_ms=after.server_ms, before=before,
        after=after,
    )  # fmt: skip
    reading = Reading(wall_ms=wall(truth), offset_minutes=480)
    return truth, by if 0 <= at < gap else 0, reading, witness


@settings(deadline=None, max_examples=400)
@given(stepped_once())
def test_not_even_a_step_puts_the_truth_outside(
    told: tuple[int, int, Reading, Witness],
):
    """Invariant 31: one of two contacts is still right, whenever the clock was set."""
    truth, _, reading, witness = told
    moment = assess(reading, witness)

    assert moment.bracket.holds(truth)
    assert moment.estimate.holds(truth)


@settings(deadline=None, max_examples=400)
@given(stepped_once())
def test_a_step_that_shows_is_never_grade_a(told: tuple[int, int, Reading, Witness]):
    """It shows when network, crystals and the server's skew cannot explain it."""
    _, step, reading, witness = told
    rtt = witness.before.rtt_ms if witness.before else 0
    gap = (witness.not_after_ms or 0) - (witness.not_before_ms or 0)
    explained = (rtt or 0) + 2 * ASSUMED.transit_ms + 4 * ASSUMED.slack_ms
    hidden = explained + 4 * ASSUMED.drift_ms(gap)
    if abs(step) > hidden:
        assert assess(reading, witness).grade is not Grade.A


@settings(deadline=None, max_examples=200)
@given(stepped_once(), st.integers(DAY_MS + 30_000, 30 * DAY_MS))
def test_a_bracket_wider_than_a_day_is_never_grade_a(
    told: tuple[int, int, Reading, Witness], width_ms: int
):
    *_, reading, witness = told
    old = but(witness, not_before_ms=(witness.not_after_ms or 0) - width_ms)

    assert assess(reading, old).grade is not Grade.A
