"""A statement adds up, whatever happened: on histories drawn at random.

Wholes and parts share their records; two periods side by side share what lies between
them; a figure that was touched is noticed.
"""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.calendar import DEFAULT as CALENDAR
from sync.deadlines import running
from sync.facts import Kept
from sync.facts.dispatch import Cancelled, Closed, Reopened
from sync.facts.intake import Logged, Merged
from sync.facts.work import PartUsed
from sync.fold import fold
from sync.moment import DAY_MS, Moment, Span
from sync.order import Line, Order, Payer, order_stream
from sync.plain import but
from sync.policy import DEFAULT
from sync.problems import Refused
from sync.statements import (
    ALL,
    LABELS,
    SUMS,
    Behind,
    Difference,
    Life,
    Period,
    Statement,
    changes,
    days_of,
    figures_of,
    life,
    period,
    stands,
    state,
    statement_stream,
    unsound,
)
from tests.story import NINE, Story
from tests.sync.drawn import told

# The machine may be busy.
unhurried = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
DAY = period("2026-11-10", CALENDAR)  # that NINE is in
NEXT = period("2026-11-11", CALENDAR)
MONTH = period("2026-11", CALENDAR)
WINDOW = Period("a stretch", NINE - 3 * DAY_MS, NINE + 3 * DAY_MS)


def lives(*orders: Order) -> list[Life]:
    found = (life(one, running(one, DEFAULT)) for one in orders)
    return [one for one in found if one is not None]


def counted(*orders: Order, of: Period = DAY) -> Statement:
    return state(of, ALL, lives(*orders), [])


def value(one: Statement, code: str) -> int:
    return next(told_.value for told_ in one.figures if told_.code == code)


def values(one: Statement, *codes: str) -> list[int]:
    return [value(one, code) for code in codes]


# Histories of one order each: drawn facts, after a request whose day is drawn too.
instants = st.integers(NINE - 5 * DAY_MS, NINE + 5 * DAY_MS)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """An order to which anything may have happened, at drawn instants."""
    number = draw(st.sampled_from("123456"))
    story = Story(number)
    kept: list[Kept] = [but(story.told[0], moment=at(draw(instants)))]
    asked = Logged(number=number, registered_ms=draw(instants), site="Lakeside")
    kept = [but(kept[0], fact=but(kept[0].fact, what=asked))]
    for one in draw(told(most=5)):
        kept.append(but(one, moment=at(draw(instants))))
    for what in draw(st.lists(st.sampled_from(ENDS), max_size=4)):
        said = story.told_by("chen", what)
        kept.append(but(said, moment=at(draw(instants))))
    return but(fold(kept), stream=order_stream(number))


ENDS = (Closed(reason="done"), Reopened(reason="leaks"), Cancelled(reason="gone"),
        Merged(into=order_stream("9")))  # fmt: skip
differences = st.lists(st.builds(
    Difference, id=st.uuids().map(str), number=st.sampled_from("123"),
    code=st.sampled_from(["arrival_differs", "unknown_number"]), first_ms=instants,
    state=st.sampled_from(["open", "decided", "gone"]),
), max_size=5)  # fmt: skip
histories = st.lists(orders(), max_size=5, unique_by=lambda one: one.stream)


def at(ms: int) -> Moment:
    return Moment.known(Span(ms, ms + 1))


@unhurried
@given(histories, differences)
def test_it_adds_up_whatever_happened(
    some: Sequence[Order], other: Sequence[Difference]
):
    made = state(WINDOW, ALL, lives(*some), other)

    assert unsound(made) == []
    for whole, parts in SUMS:
        assert value(made, whole) == sum(values(made, *parts)), whole


@unhurried
@given(histories)
def test_what_one_day_leaves_open_the_next_one_begins_with(some: Sequence[Order]):
    """No request is lost between two periods, and none comes in twice."""
    first = Period("a", WINDOW.first_ms, NINE)
    second = Period("b", NINE, WINDOW.end_ms)

    left = {one.id for one in records(counted(*some, of=first), "carried_out")}
    found = {one.id for one in records(counted(*some, of=second), "carried_in")}

    assert left == found


@unhurried
@given(histories)
def test_a_stretch_is_what_its_days_are_together(some: Sequence[Order]):
    """Whatever happens at an instant is of one day."""
    cuts = [WINDOW.first_ms + n * DAY_MS for n in range(7)]
    days = [counted(*some, of=Period(str(a), a, a + DAY_MS)) for a in cuts[:-1]]
    whole = counted(*some, of=WINDOW)

    for code in ("asked", "promised", "verdicts", "amount", "payments", "missed"):
        assert sum(value(one, code) for one in days) == value(whole, code)


@unhurried
@given(orders())
def test_how_an_order_stands_is_what_its_document_says(one: Order):
    for found in lives(one):
        assert found.state == stands(one)


@unhurried
@given(histories, st.randoms(use_true_random=False))
def test_who_counts_in_which_sequence_makes_no_difference(
    some: Sequence[Order], chance: object
):
    shuffled = list(some)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert counted(*shuffled, of=WINDOW) == counted(*some, of=WINDOW)


def records(one: Statement, code: str) -> tuple[Behind, ...]:
    return next(told_.records for told_ in one.figures if told_.code == code)


# noticed


@pytest.mark.parametrize("code", ["asked", "handled", "carried_out"])
def test_a_figure_that_was_touched_is_noticed(story: Story, code: str):
    made = counted(story.order)
    forged = but(made, figures=tuple(
        but(one, value=one.value + 1) if one.code == code else one
        for one in made.figures
    ))  # fmt: skip

    assert code in unsound(forged)


def test_a_record_that_was_swapped_is_noticed(story: Story):
    made = counted(story.order)
    forged = but(made, figures=tuple(
        but(one, records=(Behind(id="x", number="BX-9"),)) if one.records else one
        for one in made.figures
    ))  # fmt: skip

    assert "asked" in unsound(forged)


def test_a_part_that_another_counts_too_is_noticed(story: Story):
    """By its digest and value each is right; together they are not."""
    made = counted(story.order)
    (twice,) = (one for one in made.figures if one.code == "asked")
    forged = but(made, figures=tuple(
        but(twice, code="closed") if one.code == "closed" else one
        for one in made.figures
    ))  # fmt: skip

    assert unsound(forged) == ["handled"]


# what counts when


def test_a_request_counts_on_the_local_day_of_its_register_minute(story: Story):
    """09:00 in Shanghai on the 10th is 01:00 UTC."""
    days = [period(name, CALENDAR) for name in days_of(MONTH)]

    asked = [one.name for one in days if value(counted(story.order, of=one), "asked")]

    assert asked == ["2026-11-10"]


@pytest.mark.parametrize(("before_ms", "day"), [(1, "2026-11-09"), (0, "2026-11-10")])
def test_a_local_day_begins_at_local_midnight(story: Story, before_ms: int, day: str):
    """00:00 in Shanghai is 16:00 of the day before in UTC."""
    asked = but(story.order.request, registered_ms=DAY.first_ms - before_ms)
    order = but(story.order, request=asked)

    (one,) = (name for name in days_of(MONTH)
              if value(counted(order, of=period(name, CALENDAR)), "asked"))  # fmt: skip

    assert (one, DAY.first_ms) == (day, NINE - 9 * 3_600_000)


def test_what_is_closed_at_midnight_is_closed_on_the_new_day(story: Story):
    (one,) = lives(story.order)
    shut = replace(one, turns=((DAY.end_ms, "closed"),))

    left, next_ = (state(of, ALL, [shut], []) for of in (DAY, NEXT))

    assert values(left, "carried_out", "closed") == [1, 0]
    assert values(next_, "carried_in", "closed") == [1, 1]


def test_what_is_closed_anew_by_a_slower_clock_was_not_closed_before(story: Story):
    """Closed on the second day, opened again, closed by a clock that stands on the
    first: what was said first comes first, and no turn is before the one before."""
    story.later(24 * 60)
    for what in (
        Closed(reason="done"),
        Reopened(reason="leaks"),
        Closed(reason="done"),
    ):
        story.told_by("chen", what)
    asked, shut, opened, again = story.order.history
    slow = [but(one, moment=at(NINE + 60_000)) for one in (opened, again)]
    order = but(story.order, history=(asked, shut, *slow))

    first, second = (counted(order, of=one) for one in (DAY, NEXT))

    assert values(first, "closed", "carried_out") == [0, 1]
    assert values(second, "carried_in", "closed", "carried_out") == [1, 1, 0]


def test_an_order_closed_the_next_day_was_open_at_the_end_of_the_first(story: Story):
    story.later(24 * 60)
    story.told_by("chen", Closed(reason="done"))

    made = counted(story.order)

    assert values(made, "asked", "closed", "carried_out", "asked_closed") == [
        1, 0, 1, 1,
    ]  # fmt: skip
    assert made.open == ()


def test_a_second_acceptance_after_rework_is_not_a_first_one(story: Story):
    story.dispatched()
    story.repaired_by("li")
    story.rejected_at("li")
    story.repaired_by("li")
    story.accepted_at("li", 2)

    made = counted(story.order)

    assert values(made, "verdicts", "accepted_first", "accepted_later", "rejected") == [
        2, 0, 1, 1,
    ]  # fmt: skip


def test_money_counts_once_by_who_bears_it_and_once_by_what_it_is(story: Story):
    story.dispatched()
    story.repaired_by("li")
    for payer, fen in ((Payer.OWNER, 300), (Payer.COMPANY, 50)):
        line = Line(code="W1", quantity=2, price_fen=fen, payer=payer)
        story.told_by("li", PartUsed(line=line, price_list="2026"))
    story.accepted_at("li")

    made = counted(story.order)

    assert values(made, "amount", "owner", "company", "contractor", "parts") == [
        700, 600, 100, 0, 700,
    ]  # fmt: skip


def test_what_is_open_is_named(story: Story):
    (item,) = counted(story.order).open

    assert (item.kind, item.number) == ("order", story.order.number)


def test_what_came_late_is_told_by_its_records(story: Story):
    closed = counted(story.order)
    other = Story("BX-9")

    found = changes(closed, counted(story.order, other.order))

    assert {one.code: (one.was, one.now) for one in found}["asked"] == (1, 2)
    assert all(len(one.came) == 1 and not one.went for one in found
               if one.code == "asked")  # fmt: skip
    assert value(closed, "asked") == 1


def test_every_figure_has_a_name_a_section_and_a_basis(story: Story):
    assert {one.code for one in figures_of(counted(story.order))} == LABELS.keys()


@pytest.mark.parametrize(
    "name", ["", "2026", "2026-13", "2026-11-31", "20261110", "2026-W46", "2026-1-1"]
)
def test_what_is_no_day_and_no_month_is_refused(name: str):
    with pytest.raises(Refused):
        period(name, CALENDAR)


def test_two_projects_have_two_streams():
    names = {statement_stream("2026-11", one) for one in (ALL, "东苑", "西苑")}

    assert len(names) == 3
