"""How far apart two places are, as the crow flies: whole degrees × 10^7 in, metres out.

A place that a tablet noted is "latitude,longitude,accuracy". Good enough to say who is
near; not for measuring. May not enter: whose place it is.
"""

from math import cos, hypot, radians
from typing import NamedTuple

SCALE = 10_000_000
METRES_OF_A_DEGREE = 111_320
STEP_M = 50  # nobody's whereabouts are told closer than that


class Spot(NamedTuple):
    """Degrees × 10^7."""

    latitude: int
    longitude: int


def spot(noted: str) -> Spot | None:
    """The place that was noted; None if it cannot be read."""
    parts = noted.split(",")
    try:
        latitude, longitude = int(parts[0]), int(parts[1])
    except (IndexError, ValueError):
        return None
    if abs(latitude) > 90 * SCALE or abs(longitude) > 180 * SCALE:
        return None
    return Spot(latitude, longitude)


def distance_m(one: Spot, other: Spot) -> int:
    """How far apart, to the next 50 metres up."""
    middle = radians((one.latitude + other.latitude) / 2 / SCALE)
    turn = abs(one.longitude - other.longitude) / SCALE
    east = min(turn, 360 - turn) * cos(middle)
    north = (one.latitude - other.latitude) / SCALE
    metres = hypot(east, north) * METRES_OF_A_DEGREE
    return int(-(-metres // STEP_M) * STEP_M)
