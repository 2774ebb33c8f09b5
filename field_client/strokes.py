"""A signature as it was written: strokes of points [x, y, t, pressure].

The file's exact bytes are the evidence; here they are only looked at. May not enter:
how strokes are drawn.
"""

import json
from typing import Any

from sync.problems import Refused

POINT = 4  # x, y, milliseconds, pressure
FEWEST_POINTS = 5
MOST_BYTES = 2 * 1024 * 1024


def read_strokes(data: bytes) -> bytes:
    """These bytes, if they are strokes: `[[[x, y, t, pressure], …], …]`, or an object
    with them under `strokes`. An empty pad is no signature."""
    if len(data) > MOST_BYTES:
        raise Refused("strokes_unreadable")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise Refused("strokes_unreadable") from None
    strokes = value.get("strokes") if isinstance(value, dict) else value
    if not isinstance(strokes, list) or not all(_is_stroke(one) for one in strokes):
        raise Refused("strokes_unreadable")
    if sum(len(one) for one in strokes) < FEWEST_POINTS:
        raise Refused("signature_empty")
    return data


def _is_stroke(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(point, list)
        and len(point) == POINT
        and all(type(number) is int for number in point)
        for point in value
    )
