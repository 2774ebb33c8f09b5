"""Each rule fires where it must, and not at the case beside it."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.access import ROLES
from sync.moment import MINUTE_MS
from sync.order import Cancellation, Closing, Order, Payer, Rating, Stage, Taking
from sync.plain import but
from sync.policy import DEFAULT
from sync.reconcile import (
    LABELS,
    OF_PAIRS,
    SORTS,
    Case,
    Reuse,
    Terms,
    differences,
    reconcile,
)
from sync.register import Reason, RegisterRow, WrongRow
from sync.tolerances import Tolerances
from tests.sync.repaired import (
    DAY,
    EIGHT,
    HOUR,
    NAMES,
    REPAIRED,
    TOLD,
    at,
    came,
    ended,
    register,
    verdict,
)

TERMS = Terms(names=NAMES)


def case(
    row: RegisterRow | None = TOLD, order: Order | None = REPAIRED, **more: object
):
    return Case(number="1", row=row, order=order, **more)


def codes(one: Case, terms: Terms = TERMS) -> set[str]:
    return {found.code for found in differences(one, terms)}


def told(**said: Any) -> RegisterRow:
    return replace(TOLD, **said)


def rated(stars: int) -> Order:
    return but(REPAIRED, ratings=(Rating(fact="r", round=1, stars=stars),))


def other(number: str, asked_ms: int, accepted_ms: int | None = None) -> Order:
    """Another order of the same home."""
    asked = but(REPAIRED.request, number=number, registered_ms=asked_ms)
    rounds = () if accepted_ms is None else (ended(verdict(at_ms=accepted_ms - HOUR)),)
    stage = Stage.LOGGED if accepted_ms is None else Stage.ACCEPTED
    return but(
        REPAIRED, stream=f"order:{number}", request=asked, rounds=rounds, stage=stage
    )


ACCEPTED_BEFORE = other("0", EIGHT - 40 * DAY, EIGHT - 30 * DAY)
ASKED_BEFORE = other("0", EIGHT - DAY)
UNVISITED = but(REPAIRED, visits=(), rounds=(), records=(), history=())
SENT_BACK = but(
    REPAIRED, stage=Stage.REWORK, rounds=(ended(verdict("rejected"), passed=False),)
)
UNSIGNED = but(REPAIRED, rounds=(ended(verdict(signature=None)),))
SHUT = but(SENT_BACK, closed=Closing(reason="r", fact="f"))
LATE = but(REPAIRED, visits=(came(EIGHT + 30 * MINUTE_MS, EIGHT + 31 * MINUTE_MS),))
LINKED = but(
    REPAIRED, takings=(Taking(person="chen", fact="t", by="chen", moment=at(EIGHT),
                              repeats="order:0"),),
)  # fmt: skip

# code -> a case in which it fires, and its neighbour in which it does not
TABLE: dict[str, tuple[Case, Case]] = {
    "unknown_number": (case(order=None), case()),
    "missing_in_register": (case(row=None), case(row=None, expected=False)),
    "number_twice": (case(times=2), case(times=1)),
    "unreadable_row": (case(row=None, unreadable="time_unreadable"), case()),
    "arrival_differs": (
        case(told(arrived_ms=EIGHT - MINUTE_MS)),
        case(told(arrived_ms=EIGHT)),
    ),
    "arrival_missing": (case(told(arrived_ms=None)), case(order=UNVISITED)),
    "arrival_unrecorded": (
        case(order=UNVISITED),
        case(told(arrived_ms=None), UNVISITED),
    ),
    "technician_differs": (
        case(told(technician="王建军")),
        case(told(technician="王建军"), but(REPAIRED, visits=(
            *REPAIRED.visits, came(EIGHT + HOUR, EIGHT + 2 * HOUR, by="wang"),
        ))),
    ),
    "completion_differs": (
        case(told(completed_ms=EIGHT + HOUR // 2 + MINUTE_MS)),
        case(told(completed_ms=EIGHT + HOUR // 2)),
    ),
    "completion_missing": (
        case(told(state="closed")),
        case(told(state="open")),
    ),
    "completion_unrecorded": (
        case(told(completed_ms=EIGHT), but(REPAIRED, history=())),
        case(told(completed_ms=EIGHT), UNVISITED),
    ),
    "result_differs": (case(told(result="fail")), case(told(result=None))),
    "signature_claimed": (
        case(order=UNSIGNED),
        case(told(signed=None), UNSIGNED),
    ),
    "signature_denied": (case(told(signed=False)), case(told(signed=None))),
    "amount_differs": (case(told(charged_fen=8001)), case(told(charged_fen=None))),
    "composition_differs": (
        case(told(labour_fen=7999, material_fen=0)),
        case(told(labour_fen=8000, material_fen=None)),
    ),
    "payer_differs": (
        case(told(payer="A")),
        case(told(payer="A"), but(REPAIRED, items=(
            *REPAIRED.items, but(REPAIRED.items[0], item=2, payer=Payer.CONTRACTOR),
        ))),
    ),
    "repeat_unlinked": (
        case(beside={"0": ACCEPTED_BEFORE}),
        case(order=LINKED, beside={"0": ACCEPTED_BEFORE}),
    ),
    "duplicate_request": (
        case(beside={"0": ASKED_BEFORE}),
        case(beside={"0": but(ASKED_BEFORE, merged_into="order:1")}),
    ),
    "call_missing": (
        case(told(state="closed")),
        case(told(state="closed"), SENT_BACK),
    ),
    "call_contradicts": (
        case(told(satisfaction="satisfied"), rated(2)),
        case(told(satisfaction="satisfied"), rated(3)),
    ),
    "closed_unaccepted": (
        case(told(state="closed"), SENT_BACK),
        case(told(state="closed"), SHUT),
    ),
    "photos_incomplete": (
        case(order=but(REPAIRED, photos=REPAIRED.photos[:1])),
        case(told(result=None), but(REPAIRED, photos=REPAIRED.photos[:1])),
    ),
    "sla_differs": (
        case(told(arrived_ms=EIGHT + 19 * MINUTE_MS), LATE),
        case(told(arrived_ms=EIGHT + 25 * MINUTE_MS), LATE),
    ),
    "photo_reused_exact": (
        case(reused=(Reuse(mine="a", theirs="a", number="0", exact=True),)),
        case(reused=(Reuse(mine="a", theirs="b", number="0", exact=False),)),
    ),
    "photo_looks_same": (
        case(reused=(Reuse(mine="a", theirs="b", number="0", exact=False),)),
        case(reused=(Reuse(mine="a", theirs="a", number="0", exact=True),)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", TABLE)
def test_a_rule_fires_where_it_must(code: str):
    assert code in codes(TABLE[code][0])


@pytest.mark.parametrize("code", TABLE)
def test_and_not_at_the_case_beside_it(code: str):
    assert code not in codes(TABLE[code][1])


def test_every_rule_is_tried_both_ways():
    """A new one has to say where it fires and where not."""
    assert TABLE.keys() == SORTS.keys() == LABELS.keys()


def test_every_sort_is_settled_by_a_role_that_there_is():
    assert {one.settles for one in SORTS.values()} <= ROLES


def test_what_agrees_has_no_difference():
    assert codes(case()) == set()


# policy


@pytest.mark.parametrize(("minutes", "differs"), [(3, True), (4, False)])
def test_the_tolerance_of_an_arrival_is_policy(minutes: int, differs: bool):
    """The note means [07:55, 07:56); the field came at 08:00: with 4 minutes more on
    either side they touch, half-open."""
    early = case(told(arrived_ms=EIGHT - 5 * MINUTE_MS + 1_000))
    policy = but(DEFAULT, tolerances=Tolerances(arrival_minutes=minutes + 1))

    found = codes(early, Terms(policy=policy, names=NAMES))

    assert ("arrival_differs" in found) is differs


def test_a_verdict_that_nobody_can_tell_contradicts_nothing():
    """P4: the field's stretch lies on both sides of the twenty minutes."""
    unsure = but(REPAIRED, visits=(came(EIGHT, EIGHT + HOUR),))

    assert "sla_differs" not in codes(case(told(arrived_ms=EIGHT + HOUR), unsure))


@pytest.mark.parametrize(("days", "found"), [(90, True), (91, False)])
def test_a_repeat_is_one_within_the_look_back(days: int, found: bool):
    """I5: the ninetieth day still counts."""
    earlier = other("0", EIGHT - 100 * DAY, EIGHT - days * DAY)

    assert ("repeat_unlinked" in codes(case(beside={"0": earlier}))) is found


@pytest.mark.parametrize(("days", "found"), [(7, True), (8, False)])
def test_a_duplicate_is_one_within_a_week(days: int, found: bool):
    earlier = other("0", EIGHT - days * DAY)

    assert ("duplicate_request" in codes(case(beside={"0": earlier}))) is found


def test_of_two_that_are_the_same_request_the_later_is_the_duplicate():
    """Each seen with the other beside it."""
    first, second = other("1", EIGHT), other("2", EIGHT)
    found = [
        codes(Case(number=a.number, row=told(number=a.number), order=a,
                   beside={b.number: b}))
        for a, b in ((first, second), (second, first))
    ]  # fmt: skip

    assert ["duplicate_request" in one for one in found] == [False, True]


def test_another_trade_in_the_same_home_is_another_matter():
    gas = but(ASKED_BEFORE, request=but(ASKED_BEFORE.request, trade="gas"))

    assert codes(case(beside={"0": gas})) == set()


def test_an_order_that_goes_on_in_another_is_not_compared():
    merged = but(UNVISITED, merged_into="order:0")

    assert codes(case(order=merged)) == set()


def test_what_was_cancelled_is_no_duplicate():
    gone = but(REPAIRED, cancelled=Cancellation(reason="r", fact="f"))

    assert codes(case(order=gone, beside={"0": ASKED_BEFORE})) == set()


# any sequence

rows = st.builds(
    RegisterRow,
    number=st.sampled_from(["0", "1", "2", "3"]),
    registered_ms=st.just(EIGHT),
    trade=st.just("water"),
    site=st.just("东苑"),
    room=st.sampled_from(["", "1702", "1703"]),
    technician=st.sampled_from(["", "李强", "王建军"]),
    arrived_ms=st.none() | st.sampled_from([EIGHT, EIGHT + HOUR]),
    result=st.none() | st.sampled_from(["pass", "fail"]),
    state=st.none() | st.sampled_from(["closed", "open"]),
    payer=st.none() | st.sampled_from(["A", "paid"]),
)
orders = st.dictionaries(
    st.sampled_from(["0", "1", "2", "4"]),
    st.sampled_from([REPAIRED, UNVISITED, SENT_BACK, LATE, ACCEPTED_BEFORE]),
)
BEYOND_ONE_ORDER = {"repeat_unlinked", "duplicate_request"}


@given(st.lists(rows, unique_by=lambda row: row.number), orders, st.randoms())
def test_the_sequence_of_rows_and_orders_does_not_matter(
    drawn: list[RegisterRow], held: dict[str, Order], dice: Random
):
    shuffled, turned = list(drawn), list(held.items())
    dice.shuffle(shuffled)
    dice.shuffle(turned)

    answer = reconcile(register(*shuffled), dict(turned), NAMES)

    assert answer == reconcile(register(*drawn), held, NAMES)


@given(st.lists(rows, unique_by=lambda row: row.number), orders)
def test_a_difference_follows_from_one_order_alone(
    drawn: list[RegisterRow], held: dict[str, Order]
):
    """But for what came again."""
    together = reconcile(register(*drawn), held, NAMES)
    alone = [
        found
        for number in sorted({row.number for row in drawn} | held.keys())
        for found in reconcile(
            register(*(row for row in drawn if row.number == number)),
            {number: held[number]} if number in held else {},
            NAMES,
        )
    ]

    assert [one for one in together if one.code not in BEYOND_ONE_ORDER] == alone


def test_a_row_that_cannot_be_read_hides_no_other():
    why = Reason("phone_unreadable", "电话", "?", "")
    wrong = WrongRow(line=2, cells=("2", "?"), reasons=(why,))

    answer = reconcile(register(TOLD, wrong=(wrong,)), {"1": SENT_BACK}, NAMES)

    assert {one.number for one in answer} == {"1", "2"}
    assert {one.code for one in OF_PAIRS} < SORTS.keys()
