"""Kept, missed or undetermined, and what that rests on (P4, P4a, P5, A5, I3, C4)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.calendar import DEFAULT as CALENDAR
from sync.moment import DAY_MS, MINUTE_MS, Grade, Moment, Span, minute_of
from sync.plain import but
from sync.problems import Refused
from sync.promises import DEFAULT, Policy, Promise
from sync.verdicts import Answer, Basis, Share, Verdict, judge, minutes_left, split
from tests.sync.shanghai import at

unhurried = settings(deadline=None)  # the machine may be busy
moments = st.integers(at("2026-09-01 00:00"), at("2026-12-01 00:00"))
EXACT = Promise(
    code="c", rule="C3", since="2026-01-01", starts="a", ends="b", minutes=60
)


def row(code: str, priority: str | None = None, when: str = "2026-11-23") -> Promise:
    found = DEFAULT.promise(code, at(f"{when} 12:00"), CALENDAR, priority)
    assert found is not None
    return found


def registered(written: str) -> Moment:
    """A minute in the register."""
    return Moment.known(minute_of(at(written)))


def exactly(written: str) -> Moment:
    return Moment.known(Span(at(written), at(written) + 1))


def arrived(
    bracket: tuple[str, str], estimate: tuple[str, str], grade: Grade = Grade.A
) -> Moment:
    """Li at the door, on the 23rd: between these, and probably between those."""
    proven = [at(f"2026-11-23 {written}") for written in bracket]
    likely = [at(f"2026-11-23 {written}") for written in estimate]
    return Moment(
        earliest_ms=likely[0],
        latest_ms=likely[1],
        not_before_ms=proven[0],
        not_after_ms=proven[1],
        grade=grade,
    )


def p4(done: Moment | None, start: str = "2026-11-23 09:00") -> Verdict:
    return judge(row("arrival"), registered(start), done, CALENDAR)


WIDE = ("08:55", "09:40")


# the answer


@unhurried
@given(moments, st.integers(0, 3 * DAY_MS), moments, st.integers(1, DAY_MS), st.data())
def test_an_answer_is_true_of_every_start_and_every_end(
    start_ms: int, start_width: int, done_ms: int, done_width: int, data: st.DataObject
):
    """Whatever really happened inside both intervals, kept and missed stand."""
    start = Span(start_ms, start_ms + start_width + 1)
    done = Span(done_ms, done_ms + done_width)
    promise = data.draw(st.sampled_from(DEFAULT.promises))
    answer = judge(promise, Moment.known(start), Moment.known(done), CALENDAR).answer
    began = data.draw(st.integers(start_ms, start_ms + start_width))
    ended = data.draw(st.integers(done_ms, done_ms + done_width - 1))
    in_time = ended < promise.due_ms(began, CALENDAR)

    assert answer in {Answer.UNDETERMINED, Answer.KEPT if in_time else Answer.MISSED}


@unhurried
@given(moments, moments, st.sampled_from(DEFAULT.promises))
def test_exact_times_are_always_answered(start_ms: int, done_ms: int, promise: Promise):
    start = Moment.known(Span(start_ms, start_ms + 1))
    done = Moment.known(Span(done_ms, done_ms + 1))

    assert judge(promise, start, done, CALENDAR).basis is Basis.PROVEN


@pytest.mark.parametrize(
    ("bracket", "estimate", "answer", "basis"),
    [
        (("09:05", "09:20"), ("09:06", "09:07"), Answer.KEPT, Basis.PROVEN),
        (("09:05", "09:20:00.001"), ("09:06", "09:07"), Answer.KEPT, Basis.ESTIMATED),
        (WIDE, ("09:19", "09:20"), Answer.KEPT, Basis.ESTIMATED),
        (WIDE, ("09:19", "09:20:00.001"), Answer.UNDETERMINED, None),
        (WIDE, ("09:20:59.998", "09:21:30"), Answer.UNDETERMINED, None),
        (WIDE, ("09:20:59.999", "09:21:30"), Answer.MISSED, Basis.ESTIMATED),
        (("09:20:59.999", "09:40"), ("09:22", "09:23"), Answer.MISSED, Basis.PROVEN),
    ],
)
def test_arrival_within_20_minutes_of_a_registers_minute(
    bracket: tuple[str, str],
    estimate: tuple[str, str],
    answer: Answer,
    basis: Basis | None,
):
    verdict = p4(arrived(bracket, estimate))

    assert (verdict.answer, verdict.basis) == (answer, basis)


def test_a_back_dated_arrival_leaves_it_undetermined():
    """X1: the claim is in time, the bracket straddles the deadline."""
    verdict = p4(arrived(WIDE, WIDE, Grade.C))

    assert (verdict.answer, verdict.basis) == (Answer.UNDETERMINED, None)


def test_an_estimate_worth_too_little_decides_nothing():
    done = arrived(WIDE, ("09:10", "09:11"), Grade.B)
    verdict = judge(
        row("arrival"), registered("2026-11-23 09:00"), done, CALENDAR, {Grade.A}
    )

    assert verdict.answer is Answer.UNDETERMINED


def test_nothing_heard_yet_is_undetermined_and_says_when_it_is_due():
    assert p4(None) == Verdict(
        answer=Answer.UNDETERMINED,
        due_earliest_ms=at("2026-11-23 09:20"),
        due_latest_ms=at("2026-11-23 09:20:59.999"),
    )


def test_what_started_nobody_knows_when_is_undetermined():
    verdict = judge(EXACT, Moment(), exactly("2026-11-23 09:00"), CALENDAR)

    assert verdict == Verdict(answer=Answer.UNDETERMINED)


def test_a_start_known_only_from_one_side_is_undetermined():
    start = Moment(not_before_ms=at("2026-11-23 08:00"), grade=Grade.C)
    verdict = judge(EXACT, start, exactly("2026-11-23 07:00"), CALENDAR)

    assert verdict == Verdict(answer=Answer.UNDETERMINED)


def test_an_estimated_start_proves_nothing():
    start = arrived(("09:00", "12:00"), ("09:30", "09:31"))
    verdict = judge(EXACT, start, exactly("2026-11-23 10:10"), CALENDAR)

    assert (verdict.answer, verdict.basis) == (Answer.KEPT, Basis.ESTIMATED)


def test_a_tablet_before_the_exchange_can_say_missed_but_not_kept_as_proven():
    done = but(arrived(WIDE, ("09:10", "09:11"), Grade.B), not_after_ms=None)

    assert p4(done).basis is Basis.ESTIMATED


# the edges of the day (P4)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-23 07:59:59.999", "2026-11-23 08:59:59.999"),
        ("2026-11-23 08:00:00.000", "2026-11-23 08:20:00.000"),
        ("2026-11-23 17:29:59.999", "2026-11-23 17:49:59.999"),
        ("2026-11-23 17:30:00.000", "2026-11-23 18:30:00.000"),
        ("2026-11-23 23:59:59.999", "2026-11-24 00:59:59.999"),
        ("2026-11-29 08:00:00.000", "2026-11-29 08:20:00.000"),  # a Sunday too
    ],
)
def test_received_from_8_to_half_past_5_means_20_minutes(start: str, due: str):
    assert row("arrival").due_ms(at(start), CALENDAR) == at(due)


@pytest.mark.parametrize(
    ("done", "answer"),
    [
        ("2026-11-23 08:19:59.999", Answer.KEPT),
        ("2026-11-23 08:20:00.000", Answer.MISSED),
    ],
)
def test_at_the_due_instant_it_is_too_late(done: str, answer: Answer):
    start = exactly("2026-11-23 08:00")

    assert judge(row("arrival"), start, exactly(done), CALENDAR).answer is answer


def test_a_start_around_the_morning_edge_may_be_due_earlier_the_later_it_was():
    start = Moment.known(Span(at("2026-11-23 07:50"), at("2026-11-23 08:10")))
    verdict = judge(row("arrival"), start, None, CALENDAR)

    assert (verdict.due_earliest_ms, verdict.due_latest_ms) == (
        at("2026-11-23 08:20"),
        at("2026-11-23 08:59:59.999"),
    )


# the other promises


@pytest.mark.parametrize(
    ("code", "start", "due"),
    [
        ("verification", "2026-11-23 09:00", "2026-11-25 09:00"),
        ("appointment", "2026-11-23 11:00", "2026-11-23 11:00"),
        ("survey", "2026-11-23 09:00", "2026-11-24 17:30"),
        ("repair_single", "2026-11-23 09:00", "2026-11-26 17:30"),
        ("repair_several", "2026-11-23 09:00", "2026-12-01 17:30"),
        ("repair_agreed", "2026-12-09 00:00", "2026-12-09 17:30"),
        ("intake", "2026-11-23 09:00", "2026-11-24 09:00"),
        ("intake", "2026-11-29 09:00", "2026-11-30 17:30"),  # came on a Sunday
        ("supervision", "2026-11-23 09:00", "2026-11-23 10:00"),
        ("answer_quality", "2026-11-23 09:00", "2026-12-10 17:30"),
        ("return_visit", "2026-11-28 09:00", "2026-11-30 17:30"),
    ],
)
def test_due(code: str, start: str, due: str):
    assert row(code).due_ms(at(start), CALENDAR) == at(due)


def test_an_emergency_has_its_own_minutes():
    assert row("arrival", "emergency").due_ms(at("2026-11-23 03:00"), CALENDAR) == at(
        "2026-11-23 03:20"
    )


def test_a_priority_without_its_own_row_has_everybodys():
    assert row("arrival", "urgent") == row("arrival")


def test_working_minutes_stop_for_lunch():
    promise = but(EXACT, minutes=None, working_minutes=90)

    assert promise.due_ms(at("2026-11-23 11:00"), CALENDAR) == at("2026-11-23 14:00")


def test_a_new_row_holds_from_its_day_on():
    newer = but(EXACT, since="2026-12-01", minutes=30)
    policy = Policy(promises=(newer, EXACT))
    rows = [
        policy.promise("c", at(day), CALENDAR)
        for day in ("2026-11-30 23:59:59.999", "2026-12-01 00:00")
    ]

    assert rows == [EXACT, newer]


def test_a_newer_row_for_all_does_not_displace_a_prioritys_own():
    own = but(EXACT, priority="emergency")
    policy = Policy(promises=(own, but(EXACT, since="2026-11-01")))

    assert policy.promise("c", at("2026-11-23 12:00"), CALENDAR, "emergency") == own


def test_before_the_first_row_nothing_is_promised():
    assert DEFAULT.promise("arrival", at("2025-12-31 12:00"), CALENDAR) is None


def test_a_policy_survives_being_delivered():
    assert Policy.parse(DEFAULT.wire()) == DEFAULT


def test_a_verdict_survives_the_document():
    verdict = p4(arrived(("09:05", "09:20"), ("09:06", "09:07")))

    assert Verdict.parse(verdict.wire()) == verdict


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"minutes": 20, "working_days": 1},
        {"minutes": -1},
        {"working_days": 3_661},
        {"minutes": 20, "rest_day_waits": True},
        {"minutes": 60, "bands": [{"hours": [1_050, 480], "minutes": 20}]},
        {"minutes": 60, "since": "2026"},
    ],
)
def test_a_promise_that_cannot_be_meant_is_refused(terms: dict[str, Any]):
    head = {
        "code": "c",
        "rule": "P4",
        "since": "2026-01-01",
        "starts": "a",
        "ends": "b",
    }
    with pytest.raises(Refused) as caught:
        Policy.parse({"promises": [head | terms]})

    assert caught.value.code == "policy_malformed"


@pytest.mark.parametrize("grade", ["C", "D"])
def test_no_policy_answers_by_less_than_grade_b(grade: str):
    """A bracket alone is proof or it is nothing; a claim alone is nothing."""
    with pytest.raises(Refused) as caught:
        Policy.parse({"promises": [], "worth": ["A", grade]})

    assert caught.value.facts["field"] == "worth"


# what is left, and where it went


@pytest.mark.parametrize(
    ("now", "left"), [("09:10", 10), ("09:19:30", 0), ("09:20:00.001", -1)]
)
def test_minutes_left(now: str, left: int):
    assert minutes_left(p4(None), at(f"2026-11-23 {now}")) == left


def test_nobody_counts_down_to_an_unknown_time():
    assert minutes_left(Verdict(answer=Answer.UNDETERMINED), 0) is None


def test_where_the_time_went():
    """Registered 09:00, Chen assigns 09:04, Li sees it 09:06, stands there 09:15."""
    shares = split(
        registered("2026-11-23 09:00"),
        exactly("2026-11-23 09:04"),
        exactly("2026-11-23 09:06"),
        arrived(WIDE, ("09:15", "09:16")),
    )

    assert shares == (
        Share(part="desk", least_ms=3 * MINUTE_MS + 1, most_ms=4 * MINUTE_MS),
        Share(part="notice", least_ms=2 * MINUTE_MS, most_ms=2 * MINUTE_MS),
        Share(part="travel", least_ms=9 * MINUTE_MS, most_ms=10 * MINUTE_MS - 1),
    )


def test_without_having_been_seen_nobody_answers_for_travel():
    shares = split(
        registered("2026-11-23 09:00"), None, None, exactly("2026-11-23 09:15")
    )

    assert [share.most_ms for share in shares] == [None, None, None]


def test_who_said_when_they_set_off_travelled_from_there_on():
    """Seen at 09:06, on the way at 09:10, there at 09:15."""
    times = ("09:00", "09:04", "09:06", "09:15", "09:10")
    shares = split(*(exactly(f"2026-11-23 {one}") for one in times))

    assert [(one.part, (one.most_ms or 0) // MINUTE_MS) for one in shares] == [
        ("desk", 4), ("notice", 2), ("ready", 4), ("travel", 5),
    ]  # fmt: skip


def test_who_set_off_had_seen_it():
    """Nobody opened the order, and somebody went."""
    times = (exactly("2026-11-23 09:04"), None, exactly("2026-11-23 09:15"))
    left = exactly("2026-11-23 09:10")
    shares = split(registered("2026-11-23 09:00"), *times, left)

    assert [one.most_ms for one in shares[1:]] == [6 * MINUTE_MS, 0, 5 * MINUTE_MS]


def test_an_open_side_leaves_the_share_open():
    seen = Moment(earliest_ms=at("2026-11-23 09:00"), grade=Grade.C)
    travel = split(seen, seen, seen, exactly("2026-11-23 09:15"))[2]

    assert travel == Share(part="travel", most_ms=15 * MINUTE_MS)


def test_no_part_takes_less_than_nothing():
    desk = split(
        registered("2026-11-23 09:00"), exactly("2026-11-23 08:59"), None, None
    )[0]

    assert desk == Share(part="desk", least_ms=0, most_ms=0)
