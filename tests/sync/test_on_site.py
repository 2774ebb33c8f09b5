"""What comes up around a visit: another time, danger, cost that waits, money, a fault
that nobody had reported."""

import pytest

from sync.envelope import Head
from sync.facts import What, write_fact
from sync.facts.afterwards import Paid, Rated
from sync.facts.approval import Approved, Held
from sync.facts.dispatch import Cancelled, Closed, Dispatched, OrderSeen, PutOnHold
from sync.facts.intake import FoundOnSite, Logged, Pictured
from sync.facts.survey import Countersigned
from sync.facts.visit import Appointed, Arrived, Placed, SetOff
from sync.facts.work import Retracted, SafeMade
from sync.order import Stage
from sync.problems import Refused
from tests.story import NINE, NUMBER, SURVEYED, Story, picture

HOUR = 3_600_000
UNKNOWN_FACT = "x" * 43


@pytest.fixture
def asked_by_nobody(story: Story) -> Story:
    """An order that the register does not know."""
    story.told.clear()
    return story


def test_the_last_appointment_counts_and_says_why_it_was_moved(story: Story):
    """P3, 改约."""
    story.dispatched("li")
    story.told_by("li", Appointed(start_ms=NINE, end_ms=NINE + HOUR))
    later = Appointed(start_ms=NINE + HOUR, end_ms=NINE + 2 * HOUR, reason="no part")
    story.told_by("li", later)
    assert [one.reason for one in story.order.appointments] == ["", "no part"]
    assert story.order.stage is Stage.DISPATCHED


def test_a_place_found_after_the_arrival_belongs_to_that_arrival(story: Story):
    """V2: the arrival waited for nothing."""
    story.dispatched("li")
    came = story.told_by("li", Arrived())
    where = {"place": "310000000,1210000000,12"}
    story.told_by("li", Placed(arrival=came.fact.id), private=where)
    assert story.order.visits[0].place is not None


def test_a_place_that_an_arrival_already_had_is_not_replaced(story: Story):
    story.dispatched("li")
    came = story.told_by("li", Arrived(), private={"place": "here"})
    first = story.order.visits[0].place
    story.told_by("li", Placed(arrival=came.fact.id), private={"place": "elsewhere"})
    assert story.order.visits[0].place == first


def on_the_way(story: Story) -> list[str]:
    return [one.by for one in story.order.on_the_way]


def test_who_set_off_is_on_the_way_until_they_are_there(story: Story):
    """It moves no stage, and looking at the order again ends nothing."""
    story.dispatched("li", "wang")
    story.told_by("li", SetOff())
    story.told_by("wang", SetOff())
    story.told_by("wang", OrderSeen())
    before, stage = on_the_way(story), story.order.stage
    story.told_by("li", Arrived())
    assert (before, stage) == (["li", "wang"], Stage.DISPATCHED)
    assert on_the_way(story) == ["wang"]


def test_a_slip_of_setting_off_is_taken_back(story: Story):
    story.dispatched("li")
    gone = story.told_by("li", SetOff())
    story.told_by("li", Retracted(fact=gone.fact.id, reason="slip"))
    assert (story.order.departures, story.reviews) == ((), [])


def test_who_says_nothing_but_another_time_is_not_on_the_way_any_more(story: Story):
    """The owner rang while Li was driving."""
    story.dispatched("li")
    story.told_by("li", SetOff())
    story.told_by("li", Appointed(start_ms=NINE, end_ms=NINE + HOUR))
    assert on_the_way(story) == []


def test_nobody_is_on_the_way_to_what_was_cancelled(story: Story):
    story.dispatched("li")
    story.told_by("li", SetOff())
    story.told_by("chen", Cancelled(reason="owner"))
    assert on_the_way(story) == []


def test_setting_off_without_knowing_that_it_is_closed_waits_for_nobody(story: Story):
    """Nothing was recorded in the home."""
    story.dispatched("li")
    with story.offline("li"):
        story.told_by("chen", Closed(reason="done"))
        story.told_by("li", SetOff())
    assert story.reviews == []


def test_the_desk_says_until_when_the_order_is_likely_to_wait(story: Story):
    story.dispatched("li")
    story.told_by("chen", PutOnHold(reason="parts", until_ms=NINE + HOUR))
    assert story.order.halts[0].until_ms == NINE + HOUR


def test_danger_is_ended_before_anything_is_surveyed(story: Story):
    """P4a: it is in turn, whatever else is not done yet."""
    story.dispatched("li")
    story.told_by("li", Arrived())
    story.told_by("li", SafeMade(measures=("shut the main valve",)))
    assert story.order.made_safe[0].measures == ("shut the main valve",)
    assert story.reviews == []


def test_cost_above_the_limit_waits_for_the_desk(story: Story):
    """L4."""
    story.dispatched("li")
    story.told_by("li", Arrived())
    over = Held(estimate_fen=180_000, limit_fen=100_000, owner_told=True)
    held = story.told_by("li", over)
    assert story.order.holds[0].released is None
    yes = story.told_by("chen", Approved(hold=held.fact.id, up_to_fen=200_000))
    (hold,) = story.order.holds
    assert (hold.released, hold.up_to_fen) == (yes.fact.id, 200_000)


def test_those_present_put_their_hand_to_the_survey(story: Story):
    """P5, 会签."""
    story.dispatched("li")
    story.told_by("li", Arrived())
    found = story.told_by("li", SURVEYED)
    for role in ("engineering", "property"):
        hand = picture(role, "signature", "application/json")
        beside = Countersigned(survey=found.fact.id, role=role)
        story.told_by("li", beside, private={"name": "Sun"}, blobs=[hand])
    roles = [(one.role, one.survey) for one in story.order.countersigned]
    assert roles == [("engineering", found.fact.id), ("property", found.fact.id)]


def test_what_was_paid_at_the_door_and_what_was_put_off_are_both_seen(story: Story):
    """L6."""
    story.dispatched("li")
    story.repaired_by("li")
    story.accepted_at("li")
    story.told_by("li", Paid(amount_fen=5_000, means="cash"))
    story.told_by("li", Paid(amount_fen=3_000, means="later"))
    given = [(one.amount_fen, one.means) for one in story.order.payments]
    assert given == [(5_000, "cash"), (3_000, "later")]


def test_a_mark_belongs_to_its_round(story: Story):
    """R2."""
    story.dispatched("li")
    story.repaired_by("li")
    story.told_by("li", Rated(round=1, stars=4))
    assert [(one.round, one.stars) for one in story.order.ratings] == [(1, 4)]


def test_the_owners_own_pictures_stand_apart_from_the_technicians(story: Story):
    """I1: nothing on the sheet changes by them."""
    story.told_by("chen", Pictured(), blobs=[picture("leak")])
    assert len(story.order.reported) == 1
    assert story.order.photos == ()


def test_whoever_comes_upon_a_fault_goes_on_with_it(asked_by_nobody: Story):
    """现场加单: nobody has to be asked, and nobody is accused of it."""
    story = asked_by_nobody
    story.told_by("li", FoundOnSite(registered_ms=NINE, trade="plumbing"))
    story.told_by("li", Arrived())
    assert story.order.people == {"li"}
    assert story.order.stage is Stage.ON_SITE
    assert story.reviews == []


def test_the_desk_may_give_it_to_another(asked_by_nobody: Story):
    story = asked_by_nobody
    story.told_by("li", FoundOnSite(registered_ms=NINE))
    story.told_by("chen", Dispatched(technician="wang"))
    assert story.order.people == {"wang"}


def test_nobody_makes_a_registered_order_their_own_by_finding_it(story: Story):
    """Whichever of the two comes first, the register's word stands (X21, S1)."""
    story.told_by("wang", FoundOnSite(registered_ms=NINE))
    assert story.order.people == frozenset()
    assert story.order.stage is Stage.LOGGED


def test_what_was_found_first_and_registered_later_is_the_desks_to_give(
    asked_by_nobody: Story,
):
    story = asked_by_nobody
    story.told_by("wang", FoundOnSite(registered_ms=NINE))
    story.told_by("chen", Logged(number=NUMBER, registered_ms=NINE))
    assert (story.order.people, story.order.number) == (frozenset(), NUMBER)


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (Appointed(start_ms=2, end_ms=1), "end_ms"),
        (Placed(arrival="no id"), "arrival"),
        (Held(estimate_fen=-1, limit_fen=0, owner_told=True), "estimate_fen"),
        (Approved(hold=UNKNOWN_FACT, up_to_fen=-1), "up_to_fen"),
        (Approved(hold="no id", up_to_fen=1), "hold"),
        (Countersigned(survey="no id", role="property"), "survey"),
        (Paid(amount_fen=-1, means="cash"), "amount_fen"),
        (Rated(round=1, stars=6), "stars"),
        (FoundOnSite(registered_ms=NINE, beside="no stream"), "beside"),
    ],
)
def test_what_nobody_can_mean_is_no_fact(what: What, field: str):
    head = Head(
        stream=Story().stream, log="li.1", n=1, prev=None, epoch="e1",
        basis=0, lamport=1, by="li", at={"w": NINE, "z": 480},
    )  # fmt: skip
    with pytest.raises(Refused) as why:
        write_fact(what, head)
    assert why.value.facts == {"field": field}
