"""Simulated device-days whose truth is known: the court that timing is judged by (M9).

Each day has a device with its own clocks, a server with a bounded skew, contacts over
a network that takes its time, and an act between any two of them; once in the day
something happens to the clocks. Some devices are honest, some are not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from sync.plain import but
from sync.timing import Anchor, Reading, Witness, hello_anchor, token_anchor

DAWN_MS = 1_794_268_800_000
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
COVERAGE_MS = 15 * MINUTE_MS
ACTS = 6  # of a day


@dataclass(frozen=True)
class Trial:
    """What the server gets to see of one act, and what is really so."""

    kind: str
    honest: bool
    truth_ms: int
    reading: Reading
    witness: Witness
    step_ms: int = 0  # of the wall clock between the contacts, not undone


@dataclass
class Clocks:
    """A device's clocks: wrong by an offset, drifting, able to be set."""

    offset_ms: int
    ppm: int
    boot: str | None

    def wall(self, true_ms: int) -> int:
        return true_ms + self.offset_ms + (true_ms - DAWN_MS) * self.ppm // 1_000_000

    def run(self, true_ms: int) -> int | None:
        """The boot clock; the same crystal, never set."""
        since = true_ms - DAWN_MS
        return since + since * self.ppm // 1_000_000 if self.boot else None

    def read(self, true_ms: int) -> Reading:
        return Reading(
            wall_ms=self.wall(true_ms),
            offset_minutes=480,
            boot_ms=self.run(true_ms),
            boot=self.boot,
        )


Deed = Callable[[Random, Clocks], int]
"""What happens to the clocks between two points in time; how far the wall stepped."""


def nothing(_: Random, __: Clocks) -> int:
    return 0


def network_correction(_: Random, clocks: Clocks) -> int:
    step = -clocks.offset_ms
    clocks.offset_ms = 0
    return step


def small_correction(draw: Random, clocks: Clocks) -> int:
    """The network puts the clock right by a little: honest, and hard to see."""
    step = draw.randint(-20_000, 20_000)
    clocks.offset_ms += step
    return step


def restart(_: Random, clocks: Clocks) -> int:
    clocks.boot = clocks.boot and clocks.boot + "'"
    return 0


def flat_battery(_: Random, clocks: Clocks) -> int:
    clocks.offset_ms = -DAWN_MS
    return restart(_, clocks)


def set_back(draw: Random, clocks: Clocks) -> int:
    step = -draw.randint(5, 120) * MINUTE_MS
    clocks.offset_ms += step
    return step


@dataclass(frozen=True)
class Kind:
    """One way a day can go: before the act, between act and hello, and after."""

    name: str
    honest: bool
    before: Deed = nothing
    after: Deed = nothing
    offsets: tuple[int, ...] = (0,)


def undone(_: Random, clocks: Clocks) -> int:
    clocks.offset_ms = 0
    return 0


WRONG = (-40 * MINUTE_MS, 7 * HOUR_MS, 3 * MINUTE_MS, -500)

KINDS = (
    Kind("right", honest=True),
    Kind("off", honest=True, offsets=WRONG),
    Kind("corrected before", honest=True, before=network_correction, offsets=WRONG),
    Kind("corrected after", honest=True, after=network_correction, offsets=WRONG),
    Kind("nudged before", honest=True, before=small_correction),
    Kind("nudged after", honest=True, after=small_correction),
    Kind("restarted before", honest=True, before=restart, offsets=WRONG),
    Kind("restarted after", honest=True, after=restart, offsets=WRONG),
    Kind("flat battery", honest=True, before=flat_battery, after=undone),
    Kind("set back and left", honest=False, before=set_back),
    Kind("set back after", honest=False, after=set_back),
    Kind("set back and undone", honest=False, before=set_back, after=undone),
)


def days(seed: int, count: int, gap_ms: int = COVERAGE_MS) -> Iterator[Trial]:
    """The acts of so many device-days from one seed, every kind in turn."""
    for number in range(count):
        draw = Random(f"{seed}/{number}")
        yield from _day(draw, KINDS[number % len(KINDS)], gap_ms)


def _day(draw: Random, kind: Kind, gap_ms: int) -> Iterator[Trial]:
    """Contacts this far apart, and an act in between; one of them is the odd one."""
    clocks = Clocks(
        offset_ms=draw.choice(kind.offsets),
        ppm=draw.randint(-199, 199),
        boot=draw.choice((None, "run")),
    )
    now = DAWN_MS + draw.randint(0, HOUR_MS)
    odd = draw.randrange(ACTS)
    for number in range(ACTS):
        deeds = kind if number == odd else replace(kind, before=nothing, after=nothing)
        trial, now = _act(draw, deeds, clocks, now, gap_ms)
        honest = kind.honest or number != odd
        yield replace(trial, honest=honest)
        if not honest:
            yield _forged(draw, trial)


def _act(
    draw: Random, kind: Kind, clocks: Clocks, asked: int, gap_ms: int
) -> tuple[Trial, int]:
    """A token, an act, a hello that freezes it; and when that hello was over."""
    token, came = _contact(draw, asked)
    first = clocks.read(came)
    sent = came + gap_ms
    truth = draw.randint(came, sent)
    step = kind.before(draw, clocks)
    acted = clocks.read(truth)
    step += kind.after(draw, clocks)
    seen, over = _contact(draw, sent)
    same_run = acted.boot is not None and acted.boot == first.boot
    reading = but(
        acted,
        token="token",
        token_wall_ms=first.wall_ms,
        token_boot_ms=first.boot_ms if same_run else None,
        rtt_ms=came - asked,
    )
    trial = Trial(
        kind=kind.name,
        honest=kind.honest,
        truth_ms=truth,
        reading=reading,
        witness=_witness(reading, token, hello_anchor(clocks.read(sent), seen)),
        step_ms=0 if kind.after is undone else step,
    )
    return trial, over


def _contact(draw: Random, asked_ms: int) -> tuple[int, int]:
    """The server's time in a contact, by its own imperfect clock, and its true end."""
    there, back = draw.randint(5, 4_000), draw.randint(5, 4_000)
    return asked_ms + there + draw.randint(-1_000, 1_000), asked_ms + there + back


def _witness(reading: Reading, token_ms: int, after: Anchor) -> Witness:
    return Witness(
        not_before_ms=token_ms,
        not_after_ms=after.server_ms,
        before=token_anchor(reading, token_ms),
        after=after,
    )


def _forged(draw: Random, trial: Trial) -> Trial:
    """The device lies about every clock it can lie about; the server's times stand."""
    far = 3 * HOUR_MS
    reading = but(
        trial.reading,
        wall_ms=trial.truth_ms + draw.randint(-far, far),
        token_wall_ms=trial.truth_ms + draw.randint(-far, far),
        token_boot_ms=draw.randint(0, far),
        boot_ms=draw.randint(0, far),
        boot=draw.choice((None, "run")),
    )
    token_ms, after = trial.witness.not_before_ms, trial.witness.after
    witness = _witness(reading, token_ms or 0, after or hello_anchor(reading, 0))
    return replace(
        trial, kind="forged", honest=False, reading=reading, witness=witness, step_ms=0
    )
