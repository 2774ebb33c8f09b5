"""When something happened, as far as the clocks involved can say.

A device's clock is evidence, never an order. The server vouches for a bracket and
for what the device's clocks showed at its contacts; from these come an interval, a
grade and remarks. May not enter: a clock, the network, any decision about promises.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import NamedTuple

from sync.moment import ALWAYS, DAY_MS, MINUTE_MS, Grade, Moment, Span, minute_of
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


@dataclass(frozen=True, kw_only=True, eq=False)
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


class Contact(NamedTuple):
    """A contact, and by how much the act may lie before or behind what it says."""

    anchor: Anchor
    early_ms: int
    late_ms: int


class Heard(NamedTuple):
    """A witness, as far as nothing depends on a single act: most facts of a push have
    the same one."""

    bracket: Span
    contacts: tuple[Contact, ...]
    has_before: bool
    clock_off: bool
    contradicts_itself: bool


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
    heard = _heard(witness or NOBODY, policy)
    bracket = heard.bracket
    walls, boots = _sightings(reading, heard.contacts, policy)
    stepped = _common([bracket, *walls, *boots]) is None
    if boots:
        estimate = _estimate(boots, bracket, _common([bracket, *boots]) is not None)
    else:
        estimate = _estimate(walls, bracket, not stepped)
    grade = _grade(estimate, bracket, len(walls), stepped, policy)
    span = estimate if estimate and grade in (Grade.A, Grade.B) else bracket
    return Moment(
        earliest_ms=span.first_ms,
        latest_ms=span.end_ms,
        not_before_ms=bracket.first_ms,
        not_after_ms=bracket.end_ms,
        claimed_ms=reading.wall_ms,
        grade=grade,
        basis=_basis(grade, bool(boots)),
        remarks=_remarks(reading.wall_ms, heard, walls, policy, stepped=stepped),
    )


@lru_cache(maxsize=1024)
def _heard(witness: Witness, policy: TimingPolicy) -> Heard:
    contacts = []
    for anchor, way in ((witness.before, 1), (witness.after, -1)):
        if anchor is not None:
            way_ms = _way_ms(anchor, policy)
            early_ms = policy.slack_ms + way_ms * (way < 0)
            late_ms = policy.slack_ms + way_ms * (way > 0) + 1
            contacts.append(Contact(anchor, early_ms, late_ms))
    return Heard(
        bracket=_bracket(witness, policy),
        contacts=tuple(contacts),
        has_before=witness.before is not None,
        clock_off=any(_is_off(one.anchor, policy) for one in contacts),
        contradicts_itself=_contradicts_itself(witness, policy),
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
    reading: Reading, contacts: Iterable[Contact], policy: TimingPolicy
) -> tuple[list[Span], list[Span]]:
    """Where each contact puts the act, by the wall clock and by the boot clock."""
    walls: list[Span] = []
    boots: list[Span] = []
    for one in contacts:
        walls.append(_sighting(one, reading.wall_ms - one.anchor.wall_ms, policy))
        if (elapsed := _boot_elapsed(reading, one.anchor)) is not None:
            boots.append(_sighting(one, elapsed, policy))
    return walls, boots


def _boot_elapsed(reading: Reading, anchor: Anchor) -> int | None:
    """Milliseconds of boot clock since the contact; None across a restart."""
    if reading.boot is None or reading.boot != anchor.boot:
        return None
    if reading.boot_ms is None or anchor.boot_ms is None:
        return None
    return reading.boot_ms - anchor.boot_ms


def _sighting(contact: Contact, elapsed_ms: int, policy: TimingPolicy) -> Span:
    """The act, `elapsed_ms` of device clock away from this contact."""
    anchor, early_ms, late_ms = contact
    there = anchor.server_ms + elapsed_ms
    drift_ms = policy.drift_ms(elapsed_ms)
    return Span(there - drift_ms - early_ms, there + drift_ms + late_ms)


def _way_ms(anchor: Anchor, policy: TimingPolicy) -> int:
    """How long the contact was on its way at most."""
    if anchor.rtt_ms is None or anchor.rtt_ms < 0:
        return policy.transit_ms
    return anchor.rtt_ms


def _estimate(spans: list[Span], bracket: Span, agree: bool) -> Span | None:
    """The hull of sightings that agree, inside the bracket; None if they do not.

    The hull, not what they share: if the clock stepped by less than shows, one of the
    two contacts is still right.
    """
    if not spans or not agree:
        return None
    return reduce(Span.hull, spans).meet(bracket)


def _common(spans: Iterable[Span]) -> Span | None:
    """What all of them allow; None if that is nothing."""
    first: int | None = None
    end: int | None = None
    for later, sooner in spans:
        if later is not None and (first is None or later > first):
            first = later
        if sooner is not None and (end is None or sooner < end):
            end = sooner
    empty = first is not None and end is not None and first >= end
    return None if empty else Span(first, end)


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
    claimed_ms: int,
    heard: Heard,
    walls: list[Span],
    policy: TimingPolicy,
    *,
    stepped: bool,
) -> tuple[str, ...]:
    """What an auditor should know about the clocks. None of these accuses by itself."""
    bracket, off = heard.bracket, heard.clock_off
    believable = _is_near(bracket, claimed_ms, policy.off_ms)
    if believable and not (stepped or off or heard.contradicts_itself):
        return ()
    lost = not _is_near(bracket, claimed_ms, policy.lost_ms)
    explained = not heard.has_before or any(w.meet(bracket) for w in walls)
    return tuple(
        code
        for code, holds in (
            ("clock_stepped", stepped),
            ("outside_bracket", not (believable or explained or lost)),
            ("clock_lost", lost),
            ("clock_off", off or not believable),
            ("server_clock", heard.contradicts_itself),
        )
        if holds
    )


def _is_near(bracket: Span, instant_ms: int, margin_ms: int) -> bool:
    """Does it lie in the bracket, or no further from it than this?"""
    first, end = bracket
    late_enough = first is None or instant_ms + margin_ms >= first
    return late_enough and (end is None or instant_ms - margin_ms < end)


def _is_off(anchor: Anchor, policy: TimingPolicy) -> bool:
    """Whether the wall clock was visibly wrong at this contact."""
    offset_ms = anchor.wall_ms - anchor.server_ms
    return abs(offset_ms) > policy.off_ms + _way_ms(anchor, policy)


def _contradicts_itself(witness: Witness, policy: TimingPolicy) -> bool:
    """Whether the server's clock ran backwards by more than its own bound."""
    first, last = witness.not_before_ms, witness.not_after_ms
    if first is None or last is None:
        return False
    return first > last + 2 * policy.skew_ms
