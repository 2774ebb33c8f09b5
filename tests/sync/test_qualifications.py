"""Certificates count by their days: up to and with the last one (P2)."""

import pytest

from sync.plain import but
from sync.policy import Policy
from sync.problems import Refused
from sync.qualifications import (
    AGREEMENT,
    SAFETY,
    Certificate,
    Lack,
    asked_for,
    good_until,
    is_demanded,
    lacks,
)

PLUMBER = Certificate(
    what="给排水", number="A1", valid_from="2025-01-01", valid_until="2025-12-31"
)


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        ("2024-12-31", "not_yet"), ("2025-01-01", "valid"),
        ("2025-12-31", "valid"), ("2026-01-01", "expired"),
    ],
)  # fmt: skip
def test_a_certificate_is_good_from_its_first_to_its_last_day(day: str, stands: str):
    assert PLUMBER.on(day) == stands


def test_a_certificate_without_days_is_always_good():
    assert Certificate(what="电气").on("2099-12-31") == "valid"


@pytest.mark.parametrize(
    ("day", "code", "since"),
    [
        ("2026-01-01", "certificate_expired", "2025-12-31"),
        ("2024-12-31", "certificate_not_yet", "2025-01-01"),
    ],
)
def test_what_is_lacking_says_which_and_since_when(day: str, code: str, since: str):
    (lack,) = lacks([PLUMBER], ["给排水"], day)

    assert lack == Lack(code=code, what="给排水", number="A1", day=since)


def test_another_trades_certificate_is_none():
    (lack,) = lacks([PLUMBER], ["电气"], "2025-06-01")

    assert lack == Lack(code="certificate_missing", what="电气")


def test_one_valid_certificate_among_old_ones_is_enough():
    old = but(PLUMBER, number="A0", valid_until="2025-02-01")

    assert lacks([old, PLUMBER], ["给排水"], "2025-06-01") == ()


@pytest.mark.parametrize(
    ("outside", "asked"),
    [(False, ("电气", SAFETY)), (True, ("电气", SAFETY, AGREEMENT))],
)
def test_a_contractors_people_need_the_agreement(outside: bool, asked: tuple[str, ...]):
    assert asked_for("电气", {}, outside=outside) == asked


def test_policy_says_what_a_trade_asks_for():
    demanded = {"其他": (), "燃气": ("燃气", "高处作业", AGREEMENT)}

    assert asked_for("其他", demanded, outside=False) == ()
    assert asked_for("燃气", demanded, outside=True) == demanded["燃气"]


def test_the_first_needed_certificate_to_end_is_told():
    safety = Certificate(what=SAFETY, valid_until="2025-09-30")
    unneeded = Certificate(what="电气", valid_until="2025-07-01")

    found = good_until([PLUMBER, safety, unneeded], ["给排水", SAFETY], "2025-06-01")

    assert found == safety


def test_a_longer_certificate_covers_a_shorter_one():
    longer = but(PLUMBER, number="A2", valid_until="")

    assert good_until([PLUMBER, longer], ["给排水"], "2025-06-01") is None


@pytest.mark.parametrize(
    ("demand", "any_entered", "asked"),
    [
        ("never", True, False), ("entered", False, False), ("entered", True, True),
        ("always", False, True),
    ],
)  # fmt: skip
def test_certificates_are_asked_for_as_policy_says(
    demand: str, any_entered: bool, asked: bool
):
    assert is_demanded(demand, any_entered=any_entered) is asked


def test_a_policy_that_asks_otherwise_is_refused():
    with pytest.raises(Refused, match="demand_qualifications"):
        Policy(demand_qualifications="sometimes")
