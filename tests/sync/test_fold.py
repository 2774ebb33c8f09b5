"""What facts add up to, whatever way they come (invariants 23–29; F16, F20)."""

from sync.facts.dispatch import Cancelled
from sync.facts.visit import Arrived
from sync.order import Stage
from tests.story import Story


def test_arriving_at_a_reassigned_order_is_kept_and_put_before_a_person(story: Story):
    """Li drove out of coverage while the desk gave the order to Wang (F16)."""
    story.dispatched("li")
    with story.offline("li"):
        story.dispatched("wang")
        story.told_by("li", Arrived())

    assert story.order.assignment.technician == "wang"
    assert story.reviews == ["not_assigned"]


def test_arriving_at_a_cancelled_order_is_kept_and_put_before_a_person(story: Story):
    story.dispatched("li")
    with story.offline("li"):
        story.told_by("chen", Cancelled(reason="mended itself"))
        story.told_by("li", Arrived())

    assert [visit.by for visit in story.order.visits] == ["li"]
    assert story.reviews == ["cancelled_unseen"]


def test_an_ordinary_repair_leaves_nothing_to_look_at(story: Story):
    story.dispatched("li")
    story.repaired_by("li")
    story.accepted_at("li")

    assert story.reviews == []
    assert story.order.stage is Stage.ACCEPTED


def test_work_sent_back_gets_a_second_round_with_its_own_sheet(story: Story):
    """A1: each round keeps its own form and signature."""
    story.dispatched("li")
    story.repaired_by("li")
    first = story.rejected_at("li")
    story.later(60 * 24)
    story.repaired_by("li")
    second = story.accepted_at("li", 2)

    facts = [[v.fact for v in round_.verdicts] for round_ in story.order.rounds]
    sheets = {v.sheet for round_ in story.order.rounds for v in round_.verdicts}
    assert facts == [[first.fact.id], [second.fact.id]]
    assert len(sheets) == 2
