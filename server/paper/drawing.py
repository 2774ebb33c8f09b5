"""Signature and QR code as vectors: SVG whose every coordinate is a whole number.

May not enter: what they stand for.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import segno

MOST_POINTS = 6000  # of ink that is drawn; more is drawn coarser, and kept whole
STEPS = 5  # of pressure
FULL = 1000
PEN = (3, 11)  # of 1200 units of width, lightest and hardest
LIMIT = 100_000

Point = tuple[int, int, int]


def qr(text: str) -> bytes:
    """A QR code with a quarter of itself to spare."""
    code = segno.make(text, error="q", micro=False, boost_error=False)
    rows = tuple(code.matrix_iter(scale=1, border=4))
    side = len(rows)
    runs = "".join(f"M{x} {y}h{n}v1h-{n}z" for y, row in enumerate(rows)
                   for x, n in _runs(row))  # fmt: skip
    box = f'<path d="M0 0h{side}v{side}h-{side}z" fill="#fff"/>'
    return _svg((0, 0, side, side), f'{box}<path d="{runs}"/>')


def _runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    start = None
    for x, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            yield start, x - start
            start = None


def signature(data: bytes) -> bytes | None:
    """The strokes as they were written, wider where the hand pressed; None if the bytes
    are no strokes."""
    strokes = _read(data)
    points = [point for one in strokes for point in one]
    if not points:
        return None
    paths: dict[int, list[str]] = {}
    for stroke in strokes:
        for width, step in _pieces(stroke):
            paths.setdefault(width, []).append(step)
    ink = "".join(
        f'<path d="{"".join(steps)}" stroke-width="{width}"/>'
        for width, steps in sorted(paths.items())
    )
    xs, ys = [x for x, _, _ in points], [y for _, y, _ in points]
    edge = PEN[1]
    box = (min(xs) - edge, min(ys) - edge,
           max(xs) - min(xs) + 2 * edge, max(ys) - min(ys) + 2 * edge)  # fmt: skip
    how = 'fill="none" stroke="#101828" stroke-linecap="round" stroke-linejoin="round"'
    return _svg(box, f"<g {how}>{ink}</g>")


def _pieces(stroke: Sequence[Point]) -> Iterator[tuple[int, str]]:
    if len(stroke) == 1:
        stroke = (*stroke, *stroke)
    for (x, y, force), (to_x, to_y, _) in pairwise(stroke):
        step = max(0, min(STEPS, force * STEPS // FULL))
        width = PEN[0] + (PEN[1] - PEN[0]) * step // STEPS
        yield width, f"M{x} {y}L{to_x} {to_y}"


def _read(data: bytes) -> list[list[Point]]:
    """Strokes of points; anything else is no stroke."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return []
    found = value.get("strokes") if isinstance(value, dict) else value
    strokes = [one for one in found if isinstance(one, list)] if isinstance(
        found, list) else []  # fmt: skip
    every = 1 + sum(map(len, strokes)) // MOST_POINTS
    read = ([_point(one) for one in (*stroke[:-1:every], *stroke[-1:])]
            for stroke in strokes)  # fmt: skip
    return [[p for p in one if p] for one in read if any(one)]


def _point(value: Any) -> Point | None:
    if not isinstance(value, list) or len(value) < 4:
        return None
    x, y, force = value[0], value[1], value[3]
    if not all(type(n) is int and abs(n) <= LIMIT for n in (x, y, force)):
        return None
    return x, y, force


def _svg(box: tuple[int, int, int, int], ink: str) -> bytes:
    size = " ".join(map(str, box))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}"'
        f' width="{box[2]}" height="{box[3]}">{ink}</svg>'
    ).encode()
