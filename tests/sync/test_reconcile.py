"""The month-end register against the field: every difference, and nothing else."""

from dataclasses import replace

import pytest

from sync.moment import MINUTE_MS, Grade
from sync.order import Order
from sync.plain import but
from sync.reconcile import Discrepancy, reconcile
from sync.register import Reason, RegisterRow, WrongRow
from tests.sync.repaired import (
    EIGHT,
    NAMES,
    REPAIRED,
    TOLD,
    came,
    ended,
    register,
    verdict,
)


def found(row: RegisterRow, order: Order = REPAIRED) -> list[Discrepancy]:
    return list(reconcile(register(row), {"1": order}, NAMES))


def codes(row: RegisterRow, order: Order = REPAIRED) -> list[str]:
    return [one.code for one in found(row, order)]


def test_a_register_that_tells_the_truth_has_no_difference():
    assert codes(TOLD) == []


@pytest.mark.parametrize(
    ("first", "end", "differs"),
    [
        (-30_000, 0, True),  # over before the minute began: half-open
        (-30_000, 1, False),
        (59_999, 90_000, False),
        (60_000, 90_000, True),  # began when the minute was over
        (0, 60_000, False),
    ],
)
def test_an_arrival_is_held_against_the_registers_minute(
    first: int, end: int, differs: bool
):
    """08:00 means [08:00:00, 08:01:00)."""
    order = but(REPAIRED, visits=(came(EIGHT + first, EIGHT + end),))

    assert codes(TOLD, order) == ["arrival_differs"] * differs


@pytest.mark.parametrize(("told_ms", "differs"), [(999, False), (1000, True)])
def test_a_register_with_seconds_means_that_second(told_ms: int, differs: bool):
    """08:00:05 means one second."""
    row = replace(TOLD, arrived_ms=EIGHT + 5_000)
    order = but(REPAIRED, visits=(came(EIGHT + 5_000 + told_ms, EIGHT + 9_000),))

    assert codes(row, order) == ["arrival_differs"] * differs


@pytest.mark.parametrize(
    ("grade", "differs"), [("B", True), ("C", False), ("D", False)]
)
def test_an_estimate_counts_only_if_it_is_worth_something(grade: str, differs: bool):
    """From grade C down only the proven bracket does."""
    visit = came(EIGHT + 5 * MINUTE_MS, EIGHT + 6 * MINUTE_MS, grade=Grade(grade))

    assert codes(TOLD, but(REPAIRED, visits=(visit,))) == (
        ["arrival_differs"] * differs
    )


def test_any_visit_may_be_the_one_the_register_means():
    """A second trip; the desk noted that one."""
    second = came(EIGHT + 3_600_000, EIGHT + 3_610_000)
    order = but(REPAIRED, visits=(*REPAIRED.visits, second))

    assert codes(replace(TOLD, arrived_ms=EIGHT + 3_600_000), order) == []


UNVISITED = but(REPAIRED, visits=(), rounds=(), records=())
NOTHING = RegisterRow(number="1", registered_ms=EIGHT)
FAILED = ended(verdict(), passed=False)
DIFFERENCES = [
    ("arrival_missing", replace(TOLD, arrived_ms=None), REPAIRED),
    ("arrival_unrecorded", TOLD, UNVISITED),
    ("technician_differs", replace(TOLD, technician="王建军"), REPAIRED),
    ("result_differs", replace(TOLD, result="fail"), REPAIRED),
    ("result_differs", TOLD, but(REPAIRED, rounds=(ended(verdict("x")),))),
    (
        "result_differs",
        TOLD,
        but(REPAIRED, rounds=(ended(verdict(), passed=False),)),
    ),
    ("signature_denied", replace(TOLD, signed=False), REPAIRED),
    ("amount_differs", replace(TOLD, charged_fen=8001), REPAIRED),
    ("amount_differs", replace(TOLD, charged_fen=0), REPAIRED),
]


@pytest.mark.parametrize(("code", "row", "order"), DIFFERENCES)
def test_each_difference_is_named_alone(code: str, row: RegisterRow, order: Order):
    assert codes(row, order) == [code]


def test_a_signature_that_only_the_register_knows():
    """Nobody put a hand to the last round."""
    order = but(REPAIRED, rounds=(ended(verdict(signature=None)),))

    assert codes(TOLD, order) == ["signature_claimed"]


def test_only_the_last_round_counts():
    """Sent back once, then accepted."""
    rounds = (ended(verdict("rejected"), passed=False), ended(verdict()))

    assert codes(TOLD, but(REPAIRED, rounds=rounds)) == []


def test_a_register_that_says_nothing_contradicts_nothing():
    """An order that nobody visited, and a row with nothing filled in."""
    assert codes(NOTHING, UNVISITED) == []


def test_an_id_in_the_place_of_a_name_is_known_too():
    assert codes(replace(TOLD, technician="li")) == []


def test_both_sides_are_shown():
    row = replace(TOLD, technician="王建军")

    assert found(row) == [
        Discrepancy(
            number="1", code="technician_differs", register="王建军", field="李强"
        )
    ]


def test_numbers_that_only_one_side_knows():
    """In one answer, sorted by number."""
    answer = reconcile(register(replace(TOLD, number="9")), {"1": REPAIRED}, NAMES)

    assert [(one.number, one.code) for one in answer] == [
        ("1", "missing_in_register"), ("9", "unknown_number"),
    ]  # fmt: skip


def test_a_row_that_cannot_be_read_is_not_missing():
    """Its number stands in it."""
    why = Reason("phone_unreadable", "电话", "?", "")
    wrong = WrongRow(line=2, cells=("1", "?"), reasons=(why,))

    answer = reconcile(register(wrong=(wrong,)), {"1": REPAIRED}, NAMES)

    assert [one.code for one in answer] == ["unreadable_row"]


def test_a_number_that_stands_twice_is_named():
    answer = reconcile(register(TOLD, twice=(("1", 7),)), {"1": REPAIRED}, NAMES)

    assert [(one.code, one.register) for one in answer] == [("number_twice", "2")]
