"""Warranty runs from hand-over, by trade, to the day before the anniversary (L2)."""

import pytest

from sync.warranty import YEARS, Warranty, warranties


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2024-06-01", "2026-05-31"), ("2024-02-29", "2026-02-28"),
        ("2022-02-28", "2024-02-27"), ("9998-01-01", "9998-12-31"),
    ],
)  # fmt: skip
def test_the_last_day_is_the_one_before_the_anniversary(first: str, last: str):
    assert warranties(first, {"电气": 2}) == (Warranty(trade="电气", until_day=last),)


def test_nobody_knows_the_warranty_of_a_home_that_was_not_handed_over():
    assert warranties("", YEARS) == ()


def test_waterproofing_lasts_longest():
    found = {one.trade: one.until_day for one in warranties("2024-06-01", YEARS)}

    assert max(found, key=lambda one: found[one]) == "防水"
