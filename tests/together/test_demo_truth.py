"""The demonstration's month: it knows the right answers, and they are right."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image

from infra.demo.happenings import Home, Truth
from infra.demo.photos import draw_photo
from infra.demo.registers import CLOSED, OPENED, csv_register, xlsx_register
from infra.demo.town import SHANGHAI, calls
from infra.demo.truth import make_truth, truth_for_register
from server.register import read_register
from sync.register import RegisterRow, read_rows, told_interval

CODES = {
    "unknown_number",
    "missing_in_register",
    "arrival_differs",
    "arrival_missing",
    "technician_differs",
    "amount_differs",
    "signature_claimed",
    "signature_denied",
    "result_differs",
    "number_twice",
}
SEEDS = range(40)


@pytest.fixture(params=SEEDS, scope="module")
def truth(request: pytest.FixtureRequest) -> Truth:
    return make_truth(request.param)


def told_of(truth: Truth) -> dict[str, RegisterRow]:
    return {row.number: row for row in truth.closed}


def lied(truth: Truth) -> set[str]:
    return {lie.number for lie in truth.lies}


def in_sequence(home: Home) -> list[int]:
    """The moments of a home as they must follow one another."""
    first, last = home.visits[0], home.visits[-1]
    signed = home.rounds[-1].signature or home.rounds[-1].signature_refused
    return [
        home.dispatched_ms,
        home.pulled_ms,
        first.set_off_ms,
        first.offline_from_ms,
        first.arrived_ms,
        home.surveyed_ms,
        *(photo.taken_ms for photo in home.photos),
        home.rounds[-1].completed_ms,
        home.rounds[-1].inspected_ms,
        *([signed.at_ms] if signed else []),
        last.left_ms,
        last.back_ms,
    ]


def test_honest_rows_agree_with_what_happened(truth: Truth):
    told = told_of(truth)
    for home in truth.homes:
        if home.number not in lied(truth):
            row = told[home.number]
            begins, ends = told_interval(row.arrived_ms or 0)
            assert begins <= home.arrived_ms < ends
            assert (row.result, row.signed) == (home.result, home.signed)
            assert row.charged_fen == home.charged_fen


def test_every_kind_of_lie_is_told(truth: Truth):
    assert {lie.code for lie in truth.lies} == CODES


def test_about_a_fifth_of_the_rows_lie(truth: Truth):
    assert 0.15 < len(lied(truth)) / len(truth.closed) < 0.25


def test_no_row_lies_twice(truth: Truth):
    assert len(lied(truth)) == len(truth.lies)


def test_an_arrival_put_earlier_lies_before_anybody_was_assigned(truth: Truth):
    """So it lies before every interval that the field can state (V2)."""
    homes = {home.number: home for home in truth.homes}
    (lie,) = [lie for lie in truth.lies if lie.code == "arrival_differs"]
    told = told_of(truth)[lie.number].arrived_ms or 0

    assert told_interval(told)[1] <= homes[lie.number].dispatched_ms


def test_one_row_stands_there_twice_word_for_word(truth: Truth):
    twice = [row.number for row, n in Counter(truth.closed).items() if n == 2]

    assert twice == [lie.number for lie in truth.lies if lie.code == "number_twice"]


def test_what_happens_in_a_home_happens_in_sequence(truth: Truth):
    for home in truth.homes:
        moments = in_sequence(home)
        assert moments == sorted(moments)


def test_a_technician_is_in_one_place_at_a_time(truth: Truth):
    for technician in truth.technicians:
        spans = sorted(
            (visit.set_off_ms, visit.back_ms)
            for home in truth.homes
            if home.technician == technician.id
            for visit in home.visits
        )
        assert all(a[1] < b[0] for a, b in pairwise(spans))


def test_a_tablet_learns_of_an_order_while_it_has_a_network(truth: Truth):
    for home in truth.homes:
        offline = [
            (visit.offline_from_ms, visit.back_ms)
            for other in truth.homes
            if other.technician == home.technician
            for visit in other.visits
        ]
        assert not any(a <= home.pulled_ms < b for a, b in offline)


def test_every_incident_happens_once(truth: Truth):
    assert Counter(name for home in truth.homes for name in home.incidents) == {
        "clock_40_minutes_slow": 1,
        "killed_mid_photo": 1,
        "refused_and_reworked": 1,
        "reassigned_while_offline_after_arrival": 1,
        "cancelled_too_late": 1,
        "signature_refused": 1,
        "nobody_home_at_first": 1,
        "rework_pending": 1,
    }


def test_the_desk_interferes_while_the_tablet_is_offline(truth: Truth):
    """F16: the technician is in the home already and cannot know."""
    for home in truth.homes:
        for at_ms in (home.cancelled_ms, home.reassigned and home.reassigned.at_ms):
            if at_ms is not None:
                assert home.arrived_ms < at_ms < home.rounds[0].completed_ms


def test_a_failed_item_is_reworked_and_passes(truth: Truth):
    (home,) = [h for h in truth.homes if "refused_and_reworked" in h.incidents]

    assert [judged.passed for judged in home.rounds] == [False, True]


@pytest.mark.parametrize("orders", [0, 1, 3, 9, 30])
def test_a_shorter_or_longer_month_is_told_too(orders: int):
    assert len(make_truth(7, orders=orders).homes) == orders


@pytest.mark.parametrize("seed", SEEDS)
def test_every_kind_of_lie_is_told_about_a_register_longer_than_the_month(seed: int):
    truth = truth_for_register(calls(seed, 80), seed)

    assert {lie.code for lie in truth.lies} == CODES


def test_a_long_month_lies_in_a_fifth_of_its_rows():
    truth = make_truth(7, orders=60, requests=60)

    assert 0.15 < len(lied(truth)) / len(truth.closed) < 0.25


def test_the_same_seed_tells_the_same_month():
    assert make_truth(3) == make_truth(3)


def test_another_seed_tells_another():
    assert make_truth(3).opened != make_truth(4).opened


def test_a_real_register_gets_its_homes():
    truth = truth_for_register(calls(5, 20), seed=9, orders=4)

    assert [home.number for home in truth.homes] == [
        row.number for row in calls(5, 20)[:4]
    ]


def test_a_register_is_written_with_the_same_bytes_again():
    truth = make_truth(3)

    assert csv_register(truth.closed, CLOSED, 3) == csv_register(
        make_truth(3).closed, CLOSED, 3
    )


def test_the_month_end_register_reads_back_as_it_was_told(truth: Truth):
    raw = csv_register(truth.closed, CLOSED, truth.seed)
    read = read_rows(read_register(raw, "closed.csv"))

    assert [row.says() for row in read.rows] == [
        row.says() for row in dict.fromkeys(truth.closed)
    ]


def test_opened_says_the_same_as_a_workbook():
    truth = make_truth(3)
    read = read_rows(read_register(xlsx_register(truth.opened, OPENED, 3), "o.xlsx"))

    assert [row.says() for row in read.rows] == [row.says() for row in truth.opened]


WALL = datetime(2026, 11, 3, 9, 5, 7, tzinfo=SHANGHAI)


def photo(moment: str, n: int = 1, number: str = "HL1") -> bytes:
    return draw_photo(1, number, "1", moment, n, trade="给排水", wall=WALL)


def test_a_photo_is_as_large_as_a_tablets():
    assert 200_000 < len(photo("before")) < 600_000


def test_no_two_photos_are_the_same():
    shots = [
        photo("before"),
        photo("after"),
        photo("before", 2),
        photo("before", 1, "2"),
    ]

    assert len(set(shots)) == 4


def test_a_photo_drawn_again_is_the_same():
    assert photo("before") == photo("before")


def test_a_photo_carries_the_tablets_own_time():
    with Image.open(BytesIO(photo("before"))) as picture:
        taken = picture.getexif().get_ifd(0x8769)

    assert (taken[0x9003], taken[0x9011]) == ("2026:11:03 09:05:07", "+08:00")


def test_the_month_is_november():
    moments = [
        datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=row.registered_ms)
        for row in calls(1, 48)
    ]

    assert {moment.astimezone(SHANGHAI).month for moment in moments} == {11}
