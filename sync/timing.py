"""When something happened, as far as the clocks involved can say.

A device's clock is evidence, never an order. The server vouches for a bracket and
for what the device's clocks showed at its contacts; from these come an interval, a
grade and remarks. May not enter: a clock, the network, any decision about promises.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from sync.moment import ALWAYS, DAY_MS, MINUTE_MS, Grade, Moment, Span, minute_of
from sync.plain import but
from sync.reading import (
    NOBODY,
    Anchor,
    Reading,
    Witness,
    hello_anchor,
    own_witness,
    read_clocks,
    token_anchor,
)

__all__ = [
    "ASSUMED",
    "Anchor",
    "Grade",
    "Moment",
    "Reading",
    "Span",
    "TimingPolicy",
    "Witness",
    "assess",
    "hello_anchor",
    "minute_of",
    "own_witness",
    "read_clocks",
    "token_anchor",
]


@dataclass(frozen=True, kw_only=True)
class TimingPolicy:
    """What is assumed of clocks and networks; `slack_ms` includes the server's skew."""

    drift_ppm: int = 200
    slack_ms: int = 2_000
    skew_ms: int = 1_000  # the server's clock is at most this wrong
    transit_ms: int = 10_000  # a contact whose way nobody measured
    off_ms: int = 2 * MINUTE_MS  # a wall clock further off than this is remarked
    lost_ms: int = 30 * DAY_MS  # further off than this, a clock has lost its date
    widths: tuple[tuple[int, Grade], ...] = ((DAY_MS, Grade.A), (7 * DAY_MS, Grade.B))

    def best_grade(self, width_ms: int) -> Grade:
        """The best that a bracket of this width allows."""
        allowed = (grade for most_ms, grade in self.widths if width_ms <= most_ms)
        return next(allowed, Grade.C)

    def drift_ms(self, elapsed_ms: int) -> int:
        """How wrong a clock can be about a stretch that it measured."""
        return abs(elapsed_ms) * self.drift_ppm // (1_000_000 - self.drift_ppm) + 1


ASSUMED = TimingPolicy()
NO_MOMENT = Moment()


def assess(
    reading: Reading,
    witness: Witness | None = None,
    policy: TimingPolicy = ASSUMED,
) -> Moment:
    """When the act happened, from its reading and what the server swears to.

    The truth lies in the bracket whatever the device says. It lies in the estimate if
    clocks drift no more than assumed and the clock that was used did not step; with a
    contact on either side, not even one step between them puts the truth outside.
    """
    witness = witness or NOBODY
    bracket = _bracket(witness, policy)
    walls, boots = _sightings(reading, witness, policy)
    estimate = _estimate(boots or walls, bracket)
    stepped = _common([bracket, *walls, *boots]) is None
    grade = _grade(estimate, bracket, len(walls), stepped, policy)
    span = estimate if estimate and grade in (Grade.A, Grade.B) else bracket
    return but(
        NO_MOMENT,
        earliest_ms=span.first_ms,
        latest_ms=span.end_ms,
        not_before_ms=bracket.first_ms,
        not_after_ms=bracket.end_ms,
        claimed_ms=reading.wall_ms,
        grade=grade,
        basis=_basis(grade, bool(boots)),
        remarks=_remarks(reading, witness, bracket, walls, policy, stepped=stepped),
    )


def _bracket(witness: Witness, policy: TimingPolicy) -> Span:
    """The proven bracket. A server that contradicts itself proves only the hull."""
    first, last = witness.not_before_ms, witness.not_after_ms
    if first is not None and last is not None:
        first, last = min(first, last), max(first, last)
    return Span(
        None if first is None else first - policy.skew_ms,
        None if last is None else last + policy.skew_ms + 1,
    )


def _sightings(
    reading: Reading, witness: Witness, policy: TimingPolicy
) -> tuple[list[Span], list[Span]]:
    """Where each contact puts the act, by the wall clock and by the boot clock."""
    walls: list[Span] = []
    boots: list[Span] = []
    for anchor, way in ((witness.before, 1), (witness.after, -1)):
        if anchor is None:
            continue
        walls.append(_sighting(anchor, way, reading.wall_ms - anchor.wall_ms, policy))
        if (elapsed := _boot_elapsed(reading, anchor)) is not None:
            boots.append(_sighting(anchor, way, elapsed, policy))
    return walls, boots


def _boot_elapsed(reading: Reading, anchor: Anchor) -> int | None:
    """Milliseconds of boot clock since the contact; None across a restart."""
    if reading.boot is None or reading.boot != anchor.boot:
        return None
    if reading.boot_ms is None or anchor.boot_ms is None:
        return None
    return reading.boot_ms - anchor.boot_ms


def _sighting(anchor: Anchor, way: int, elapsed_ms: int, policy: TimingPolicy) -> Span:
    """The act, `elapsed_ms` of device clock away from this contact."""
    way_ms = _way_ms(anchor, policy)
    margin = policy.drift_ms(elapsed_ms) + policy.slack_ms
    there = anchor.server_ms + elapsed_ms
    first = there - margin - way_ms * (way < 0)
    end = there + margin + way_ms * (way > 0) + 1
    return Span(first, end)


def _way_ms(anchor: Anchor, policy: TimingPolicy) -> int:
    """How long the contact was on its way at most."""
    if anchor.rtt_ms is None or anchor.rtt_ms < 0:
        return policy.transit_ms
    return anchor.rtt_ms


def _estimate(spans: list[Span], bracket: Span) -> Span | None:
    """The hull of sightings that agree, inside the bracket; None if they do not.

    The hull, not what they share: if the clock stepped by less than shows, one of the
    two contacts is still right.
    """
    if not spans or _common([bracket, *spans]) is None:
        return None
    return reduce(Span.hull, spans).meet(bracket)


def _common(spans: Iterable[Span]) -> Span | None:
    """What all of them allow; None if that is nothing."""
    held: Span | None = ALWAYS
    for span in spans:
        held = held and held.meet(span)
    return held


def _grade(
    estimate: Span | None,
    bracket: Span,
    contacts: int,
    stepped: bool,
    policy: TimingPolicy,
) -> Grade:
    """What the clocks say the estimate is worth, capped by the bracket's width."""
    fallback = Grade.D if bracket == ALWAYS else Grade.C
    if estimate is None:
        return fallback
    sure = contacts == 2 and bracket.width_ms is not None and not stepped
    cap = policy.best_grade(_reach_ms(estimate, bracket))
    grade = max(Grade.A if sure else Grade.B, cap)
    return fallback if grade is Grade.C else grade


def _reach_ms(estimate: Span, bracket: Span) -> int:
    """The bracket's width; where a side is open, as far as the estimate reaches.
    An estimate is closed on both sides.
    """
    first = estimate.first_ms if bracket.first_ms is None else bracket.first_ms
    end = estimate.end_ms if bracket.end_ms is None else bracket.end_ms
    return (end or 0) - (first or 0)


def _basis(grade: Grade, by_boot: bool) -> str | None:
    """Which evidence the interval rests on."""
    if grade is Grade.D:
        return None
    if grade is Grade.C:
        return "bracket"
    return "boot" if by_boot else "wall"


def _remarks(
    reading: Reading,
    witness: Witness,
    bracket: Span,
    walls: list[Span],
    policy: TimingPolicy,
    *,
    stepped: bool,
) -> tuple[str, ...]:
    """What an auditor should know about the clocks. None of these accuses by itself."""
    claimed = reading.wall_ms
    unbelievable = _around(claimed, policy.off_ms).meet(bracket) is None
    lost = _around(claimed, policy.lost_ms).meet(bracket) is None
    explained = witness.before is None or any(w.meet(bracket) for w in walls)
    off = any(_is_off(anchor, policy) for anchor in (witness.before, witness.after))
    return tuple(
        code
        for code, holds in (
            ("clock_stepped", stepped),
            ("outside_bracket", unbelievable and not explained and not lost),
            ("clock_lost", lost),
            ("clock_off", off or unbelievable),
            ("server_clock", _contradicts_itself(witness, policy)),
        )
        if holds
    )


def _around(instant_ms: int, margin_ms: int) -> Span:
    return Span(instant_ms - margin_ms, instant_ms + margin_ms + 1)


def _is_off(anchor: Anchor | None, policy: TimingPolicy) -> bool:
    """Whether the wall clock was visibly wrong at this contact."""
    if anchor is None:
        return False
    offset_ms = anchor.wall_ms - anchor.server_ms
    return abs(offset_ms) > policy.off_ms + _way_ms(anchor, policy)


def _contradicts_itself(witness: Witness, policy: TimingPolicy) -> bool:
    """Whether the server's clock ran backwards by more than its own bound."""
    first, last = witness.not_before_ms, witness.not_after_ms
    if first is None or last is None:
        return False
    return first > last + 2 * policy.skew_ms
