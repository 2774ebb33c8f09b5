"""Near enough to say who is near, and no closer than fifty metres."""

import pytest

from sync.whereabouts import Spot, distance_m, spot

GATE = Spot(312_300_000, 1_214_700_000)


def test_a_noted_place_is_read():
    assert spot("312300000,1214700000,12") == GATE


@pytest.mark.parametrize(
    "noted", ["", "312300000", "x,y,z", "900000001,0,1", "0,1800000001,1"]
)
def test_what_is_no_place_is_none(noted: str):
    assert spot(noted) is None


@pytest.mark.parametrize(
    ("north", "east", "metres"),
    [
        (0, 0, 0), (1, 0, 50), (10_000, 0, 150), (100_000, 0, 1_150),
        (0, 100_000, 1_000), (100_000, 100_000, 1_500),
    ],
)  # fmt: skip
def test_distances_are_rounded_up_to_fifty_metres(north: int, east: int, metres: int):
    there = Spot(GATE.latitude + north, GATE.longitude + east)

    assert distance_m(GATE, there) == distance_m(there, GATE) == metres


def test_the_far_side_of_the_date_line_is_near():
    assert distance_m(Spot(0, 1_799_990_000), Spot(0, -1_799_990_000)) == 250
