"""What a picture looks like, so that it is known again when it was turned, mirrored,
saved anew, made smaller or cropped by up to 15 % of each side.

Its middle is described by the signs of 48 slow waves (a discrete cosine transform):
turning and mirroring change signs in known ways, saving anew changes hardly any. One
that is sought is looked at through as many windows as crops may leave, each with the
keys under which the middle of the other one may lie; whatever is found is then laid
over it and measured. May not enter: files, tables, Pillow.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from operator import mul

SIDE = 32  # of the grey copy
MARGIN = 0.15  # what a crop may take, and what the middle leaves out on each side
WAVES = 7
FINE = 10  # when two are laid over each other
KEY_BITS = 18
WEAKEST = 3  # bits of a key that are also tried the other way, up to two at once
UNDECIDED = 0.06  # of the whole contrast: less says nothing of how a picture is turned
PLAIN = 9.0  # grey levels that its middle varies by, besides one even slope
MOST_BITS = 10  # in which two codes may differ
PROMISING = 0.6  # likeness before they are laid over each other exactly
STEPS = (0.03, 0.015, 0.0075)  # by which an edge is moved
ALIKE = 0.96  # likeness from which a person is asked
STEP = 3  # grey levels; a point that differs less from its neighbours is even
EVEN = 0.57  # of all points: then the picture is mostly even
EVEN_ALIKE = 0.99  # likeness from which a person is asked about such a one

Edges = tuple[float, float]
Window = tuple[Edges, Edges]  # across and down, as parts of the sides
Waves = list[list[float]]
Turn = tuple[bool, int, int]  # over the diagonal, then left-right and up-down signs

MIDDLE: Edges = (MARGIN, 1 - MARGIN)
TURNS: tuple[Turn, ...] = tuple(
    (over, across, down) for over in (False, True) for across in (1, -1)
    for down in (1, -1)
)  # fmt: skip
_BY_SLOWNESS = sorted(
    ((v, u) for v in range(WAVES) for u in range(WAVES) if v + u),
    key=lambda one: (sum(one), one),
)
_TELLING = [one for one in _BY_SLOWNESS if one not in ((0, 1), (1, 0))]
BANDS = (_TELLING[:KEY_BITS], _TELLING[0 : 2 * KEY_BITS : 2],
         _TELLING[1 : 2 * KEY_BITS : 2])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Glance:
    """A picture through one window, turned one way."""

    code: int
    window: Window
    turn: Turn
    waves: Waves


def tells_enough(grey: bytes) -> bool:
    """Does the picture show anything by which it can be told from others? A bare wall,
    also one with light falling along it, does not."""
    waves = _through(_rows(grey), (MIDDLE, MIDDLE))
    return _contrast(waves, slowest=2) >= PLAIN


def kept(grey: bytes) -> tuple[int, list[int]]:
    """The code of a picture's middle, and the keys under which it is found."""
    waves = _through(_rows(grey), (MIDDLE, MIDDLE))
    turned = _turned(waves, next(_upright(waves, 0.0)))
    return _code(turned), [next(_keys(turned, band)) for band in range(len(BANDS))]


def sought(grey: bytes) -> dict[int, list[Glance]]:
    """Under which keys others may lie that look like this picture, and how it is then
    looked at."""
    found: dict[int, list[Glance]] = {}
    rows = _rows(grey)
    for window, waves in _windows(rows):
        for turn in _upright(waves, UNDECIDED):
            turned = _turned(waves, turn)
            glance = Glance(_code(turned), window, turn, turned)
            for band in range(len(BANDS)):
                for key in _keys(turned, band):
                    found.setdefault(key, []).append(glance)
    return found


def differing(one: int, other: int) -> int:
    """In how many bits two codes differ."""
    return (one ^ other).bit_count()


def likeness(kept_grey: bytes, sought_grey: bytes, glance: Glance) -> float:
    """How alike two pictures are where they overlap, at most 1; the window of the one
    that is sought is moved until it fits best."""
    theirs, mine = _rows(kept_grey), _rows(sought_grey)
    middle = _through(theirs, (MIDDLE, MIDDLE))
    turn = next(_upright(middle, 0.0))
    rough = _cosine(_sharpened(_turned(middle, turn)), _sharpened(glance.waves))
    if rough < PROMISING:
        return 0.0
    fine = _through(theirs, (MIDDLE, MIDDLE), FINE)
    fixed = _sharpened(_turned(fine, turn))

    def fits(edges: Sequence[float]) -> float:
        window = (edges[0], edges[1]), (edges[2], edges[3])
        seen = _turned(_through(mine, window, FINE), glance.turn)
        return _cosine(fixed, _sharpened(seen))

    return _climbed(fits, [*glance.window[0], *glance.window[1]])


def asked_from(one: bytes, other: bytes) -> float:
    """How alike these two must be before a person is asked. More, if either is mostly
    even: a drawing, or one thing on a bare wall, fits another of its sort too well."""
    return EVEN_ALIKE if mostly_even(one) or mostly_even(other) else ALIKE


def mostly_even(grey: bytes) -> bool:
    """Do most points differ little from those on their right and below?"""
    count = sum(
        abs(grey[at] - grey[at + 1]) < STEP and abs(grey[at] - grey[at + SIDE]) < STEP
        for line in range(0, SIDE * (SIDE - 1), SIDE)
        for at in range(line, line + SIDE - 1)
    )
    return count >= EVEN * (SIDE - 1) ** 2


def _climbed(fits: Callable[[Sequence[float]], float], edges: list[float]) -> float:
    """The best fit that is reached by moving one edge at a time, ever finer."""
    best = fits(edges)
    for step in STEPS:
        moved = True
        while moved:
            moved = False
            for at, by in ((at, by) for at in range(4) for by in (step, -step)):
                tried = [*edges]
                tried[at] = round(min(1.0, max(0.0, edges[at] + by)), 4)
                if (found := fits(tried)) > best:
                    best, edges, moved = found, tried, True
    return best


def _rows(grey: bytes) -> list[bytes]:
    return [grey[at : at + SIDE] for at in range(0, SIDE * SIDE, SIDE)]


def _through(
    rows: Sequence[Sequence[float]], window: Window, count: int = WAVES
) -> Waves:
    """How strong each wave is in this part of the picture; that of none is left out."""
    across, down = (_waves(edges, count) for edges in window)
    columns = zip(*([sum(map(mul, row, one)) for one in across] for row in rows),
                  strict=True)  # fmt: skip
    return _down(list(columns), down)


def _down(columns: Sequence[Sequence[float]], down: Sequence[Sequence[float]]) -> Waves:
    found = [[sum(map(mul, column, one)) for column in columns] for one in down]
    found[0][0] = 0.0
    return found


@lru_cache(maxsize=4096)
def _waves(edges: Edges, count: int) -> tuple[tuple[float, ...], ...]:
    """Cosines between these edges, each as what a row of points has of it."""
    first, end = (edge * SIDE for edge in edges)
    wide = end - first

    def part(wave: int, at: int) -> float:
        left, right = max(first, at), min(end, at + 1)
        if right <= left:
            return 0.0
        if wave == 0:
            return (right - left) / wide
        k = math.pi * wave / wide
        return (
            math.sqrt(2) / k / wide
            * (math.sin(k * (right - first)) - math.sin(k * (left - first)))
        )  # fmt: skip

    return tuple(tuple(part(wave, at) for at in range(SIDE)) for wave in range(count))


@cache
def _crops() -> tuple[tuple[Edges, ...], tuple[Edges, ...]]:
    """Where the middle of the other one may lie: if this one is cropped, if that is."""
    steps = (0.0, MARGIN / 2, MARGIN)
    cut = [(a, b) for a in steps for b in steps if a + b <= MARGIN + 1e-9]
    mine = tuple(
        (round((MARGIN - a) / (1 - a - b), 4), round((1 - MARGIN - a) / (1 - a - b), 4))
        for a, b in cut
    )
    theirs = tuple(
        (round(a + MARGIN * (1 - a - b), 4), round(a + (1 - MARGIN) * (1 - a - b), 4))
        for a, b in cut
    )
    return mine, theirs


def _windows(rows: Sequence[Sequence[float]]) -> Iterator[tuple[Window, Waves]]:
    for edges in _crops():
        for across in edges:
            waves = _waves(across, WAVES)
            columns = list(
                zip(*([sum(map(mul, row, one)) for one in waves] for row in rows),
                    strict=True)
            )  # fmt: skip
            for down in edges:
                yield (across, down), _down(columns, _waves(down, WAVES))


def _upright(waves: Waves, undecided: float) -> Iterator[Turn]:
    """How it must be turned so that the slowest waves rise to the right and downwards,
    the steeper to the right; several ways, if that is undecided."""
    whole = _contrast(waves) or 1.0
    across, down = waves[0][1] / whole, waves[1][0] / whole
    for turn in TURNS:
        over, left, up = turn
        first, second = (down, across) if over else (across, down)
        first, second = first * left, second * up
        if min(first, second, first - second) >= -undecided:
            yield turn


def _turned(waves: Waves, turn: Turn) -> Waves:
    over, across, down = turn
    lines: Sequence[Sequence[float]] = list(zip(*waves, strict=True)) if over else waves
    return [
        [
            one * (across if u & 1 else 1) * (down if v & 1 else 1)
            for u, one in enumerate(line)
        ]
        for v, line in enumerate(lines)
    ]


def _contrast(waves: Waves, slowest: int = 1) -> float:
    return math.sqrt(sum(
        one * one for v, line in enumerate(waves) for u, one in enumerate(line)
        if u + v >= slowest
    ))  # fmt: skip


def _code(waves: Waves) -> int:
    code = 0
    for v, u in _BY_SLOWNESS:
        code = code << 1 | (waves[v][u] > 0)
    return code


def _keys(waves: Waves, band: int) -> Iterator[int]:
    """The key of these waves in this band, then those with weak bits the other way."""
    values = [waves[v][u] for v, u in BANDS[band]]
    key = 0
    for one in values:
        key = key << 1 | (one > 0)
    base = band << KEY_BITS
    yield base | key
    weakest = sorted(range(KEY_BITS), key=lambda at: abs(values[at]))[:WEAKEST]
    flips = [1 << (KEY_BITS - 1 - at) for at in weakest]
    for some in (*combinations(flips, 1), *combinations(flips, 2)):
        yield base | (key ^ sum(some))


def _sharpened(waves: Waves) -> list[float]:
    """Edges count as much as large shapes."""
    return [
        one * math.hypot(u, v) for v, line in enumerate(waves)
        for u, one in enumerate(line)
    ]  # fmt: skip


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    both = sum(map(mul, one, one)) * sum(map(mul, other, other))
    return sum(map(mul, one, other)) / math.sqrt(both) if both else 0.0
