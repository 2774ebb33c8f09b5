"""People who could not know of each other: both are kept, and a person decides.

One story for each row of what may collide (`sync/README.md`, "When two people…").
"""

from collections import Counter
from dataclasses import replace

import pytest

from sync.facts import Kept, write_fact
from sync.facts.acceptance import Accepted, SignatureRefused
from sync.facts.dispatch import Cancelled, Dispatched, OrderSeen
from sync.facts.survey import ItemFound, Surveyed
from sync.facts.visit import Arrived, Left, NobodyHome
from sync.facts.work import Completed, PartUsed, Photographed, Recorded
from sync.fold import MOST_LEAP, fold
from sync.moment import Moment, Span
from sync.order import Line, Order, Payer, Stage
from tests.story import LEAKING_TAP, MENDED, SURVEYED, Story, converged, picture

WASHER = PartUsed(line=Line(code="W1", quantity=1, price_fen=500), price_list="2026")


def codes(order: Order) -> list[str]:
    return sorted(review.code for review in order.reviews)


# to whom the order is given


def test_a_technician_who_was_told_of_the_reassignment_still_comes(story: Story):
    story.dispatched("li")
    story.dispatched("wang")
    story.told_by("li", Arrived())
    assert story.reviews == ["not_assigned"]


def test_two_reassignments_that_went_by_unseen_are_one_thing_to_look_at(story: Story):
    story.dispatched("li")
    with story.offline("li"):
        story.dispatched("wang")
        story.dispatched("zhou")
        story.told_by("li", Arrived())
    assert story.reviews == ["not_assigned"]


def test_an_order_given_back_to_the_first_technician_leaves_nothing_to_look_at(
    story: Story,
):
    story.dispatched("li")
    story.dispatched("wang")
    story.dispatched("li")
    story.repaired_by("li")
    assert story.reviews == []


def test_arriving_before_anybody_was_given_the_order_is_put_before_a_person(
    story: Story,
):
    story.told_by("li", Arrived())
    story.dispatched("li")
    assert story.reviews == ["not_assigned", "out_of_turn"]
    assert story.order.stage is Stage.ON_SITE


def test_a_helper_is_as_welcome_as_the_lead(story: Story):
    story.dispatched("li", "wang")
    story.told_by("wang", Arrived())
    assert story.reviews == []


def test_giving_a_helper_to_who_is_on_site_does_not_send_anybody_back(story: Story):
    story.dispatched("li")
    story.told_by("li", Arrived())
    story.dispatched("li", "wang")
    assert story.order.stage is Stage.ON_SITE


def test_after_a_reassignment_the_first_technicians_work_still_counts(story: Story):
    """Li was in the home all the time and finishes what he began (F16)."""
    story.dispatched("li")
    with story.offline("li"):
        story.dispatched("wang")
        story.repaired_by("li")
        story.accepted_at("li")
    assert story.order.stage is Stage.ACCEPTED
    assert story.reviews == ["not_assigned", "not_assigned"]  # he came, and he signed


def test_work_that_nobody_checked_in_for_is_listed_and_counts(story: Story):
    story.dispatched("li")
    story.told_by("li", SURVEYED)
    story.told_by("li", MENDED)
    story.told_by("li", Completed())
    story.accepted_at("li")
    assert story.order.stage is Stage.ACCEPTED
    assert story.reviews == ["out_of_turn"]


# cancelled


def test_whoever_knew_of_the_cancellation_and_came_is_put_before_a_person(
    story: Story,
):
    story.dispatched("li")
    story.told_by("chen", Cancelled(reason="mended itself"))
    story.told_by("li", Arrived())
    assert story.reviews == ["after_cancelled"]


def test_what_was_done_before_the_cancellation_needs_no_look(story: Story):
    story.dispatched("li")
    story.told_by("li", Arrived())
    story.told_by("chen", Cancelled(reason="owner moved out"))
    assert story.reviews == []


def test_a_signature_under_a_cancelled_order_stays_a_signature(story: Story):
    story.dispatched("li")
    with story.offline("li"):
        story.told_by("chen", Cancelled(reason="mended itself"))
        story.repaired_by("li")
        story.accepted_at("li")
    assert story.order.stage is Stage.ACCEPTED
    assert story.order.cancelled is not None
    assert story.reviews == ["cancelled_unseen", "cancelled_unseen"]


def test_cancelling_twice_changes_no_review(story: Story):
    story.dispatched("li")
    with story.offline("li"):
        first = story.told_by("chen", Cancelled(reason="mended itself"))
        story.told_by("chen", Cancelled(reason="really"))
        story.told_by("li", Arrived())
    assert story.order.cancelled.fact == first.fact.id
    assert len(story.reviews) == 1


# arrived twice


def test_arriving_twice_within_minutes_is_one_arrival_told_twice(story: Story):
    story.dispatched("li")
    story.told_by("li", Arrived())
    story.later(5)
    story.told_by("li", Arrived())
    assert story.reviews == []


def test_arriving_again_without_having_left_is_put_before_a_person(story: Story):
    story.dispatched("li")
    story.told_by("li", Arrived())
    story.later(60)
    story.told_by("li", Arrived())
    assert story.reviews == ["double_arrival"]


def test_a_second_visit_after_leaving_is_only_a_second_visit(story: Story):
    story.dispatched("li")
    story.told_by("li", Arrived())
    story.told_by("li", Left())
    story.later(60)
    story.told_by("li", Arrived())
    assert story.reviews == []


def test_a_second_visit_after_nobody_was_home_is_only_a_second_visit(story: Story):
    story.dispatched("li")
    story.told_by("li", Arrived())
    story.told_by("li", NobodyHome())
    assert story.order.stage is Stage.DISPATCHED
    story.later(60)
    story.told_by("li", Arrived())
    assert (story.order.stage, story.reviews) == (Stage.ON_SITE, [])


def test_two_tablets_of_one_person_are_seen_whichever_is_folded_first(story: Story):
    """The afternoon's arrival may have the smaller Lamport number."""
    story.dispatched("li")
    with story.offline("li"):
        for _ in range(3):
            story.told_by("li", OrderSeen(), log="li.1")
        morning = story.told_by("li", Arrived(), log="li.1")
        story.now_ms += 4 * 3_600_000
    afternoon = early(story.told_by("li", Arrived(), log="li.2"), 2)
    told = [one for one in story.told if one.fact.what.kind != "visit.arrived"]
    placed = replace(morning, position=8)
    order = converged([*told, placed, replace(afternoon, position=9)])
    assert "double_arrival" in codes(order)


def early(kept: Kept, lamport: int) -> Kept:
    """The same act, by a tablet that had seen little."""
    fact = kept.fact
    head = replace(fact.head, lamport=lamport, basis=2)
    return replace(kept, fact=write_fact(fact.what, head))


def test_an_arrival_without_a_believable_time_accuses_nobody(story: Story):
    story.dispatched("li")
    one = story.told_by("li", Arrived())
    other = story.told_by("li", Arrived())
    told = [
        replace(kept, moment=Moment()) if kept in (one, other) else kept
        for kept in story.told
    ]
    assert codes(converged(told)) == []


def test_an_arrival_is_measured_against_the_one_before_it(story: Story):
    """The first visit was ended; the second was not."""
    story.dispatched("li")
    story.told_by("li", Arrived())
    story.told_by("li", Left())
    for _ in range(2):
        story.later(60)
        story.told_by("li", Arrived())
    assert story.reviews == ["double_arrival"]


def test_ten_arrivals_are_nine_things_to_look_at_and_not_forty_five(story: Story):
    story.dispatched("li")
    for _ in range(10):
        story.told_by("li", Arrived())
        story.later(60)
    assert Counter(story.reviews) == {"double_arrival": 9}


# what the owner says


def finished(story: Story, *people: str) -> None:
    """Ready for the owner, and everybody knows."""
    story.dispatched(*people)
    story.repaired_by(people[0])


def test_agreed_on_one_tablet_and_sent_back_on_the_other_has_no_winner(story: Story):
    finished(story, "li", "wang")
    with story.offline("li", "wang"):
        story.accepted_at("li")
        story.rejected_at("wang")
    assert story.order.stage is Stage.COMPLETED
    assert "contradiction" in story.reviews


def test_sent_back_on_one_tablet_and_agreed_on_the_other_has_no_winner(story: Story):
    finished(story, "li", "wang")
    with story.offline("li", "wang"):
        story.rejected_at("li")
        story.accepted_at("wang")
    assert story.order.stage is Stage.COMPLETED
    assert "contradiction" in story.reviews


def test_signed_here_and_refused_there_has_no_winner(story: Story):
    """A3: a refusal never becomes an acceptance."""
    finished(story, "li", "wang")
    with story.offline("li", "wang"):
        story.unsigned_at("li")
        story.accepted_at("wang")
    assert story.order.stage is Stage.COMPLETED
    assert "contradiction" in story.reviews


def test_who_sends_back_what_he_has_signed_alters_no_acceptance(story: Story):
    """Invariant 29: it is marked, and a person talks to the owner."""
    finished(story, "li")
    story.accepted_at("li")
    story.rejected_at("li")
    assert story.order.stage is Stage.ACCEPTED
    assert "contradiction" in story.reviews


def test_who_signs_what_he_has_sent_back_needs_a_new_round(story: Story):
    finished(story, "li")
    story.rejected_at("li")
    story.accepted_at("li")
    assert story.order.stage is Stage.REWORK
    assert "contradiction" in story.reviews


def test_an_older_round_decides_nothing_any_more(story: Story):
    """Wang's tablet was away for two days with a signature of the first round."""
    finished(story, "li", "wang")
    with story.offline("wang"):
        story.accepted_at("wang")
        story.rejected_at("li")
        story.repaired_by("li")
        story.accepted_at("li", 2)
    assert story.order.stage is Stage.ACCEPTED
    assert "contradiction" in story.reviews


def test_an_old_signature_is_no_answer_to_a_new_round(story: Story):
    """Zhao sent it back twice; what he signed on Wang's tablet was the first round."""
    finished(story, "li", "wang")
    with story.offline("wang"):
        for _ in range(30):
            story.told_by("wang", OrderSeen())
        story.accepted_at("wang")
        story.rejected_at("li")
        story.repaired_by("li")
        story.rejected_at("li", 2)
    assert story.order.stage is Stage.REWORK
    assert "contradiction" in story.reviews


def test_a_photo_that_comes_after_the_signature_marks_and_alters_nothing(
    story: Story,
):
    """A2: Wang's photo was still on his tablet when Zhao signed on Li's."""
    finished(story, "li", "wang")
    with story.offline("wang"):
        signed = story.accepted_at("li")
        photo = story.told_by(
            "wang", Photographed(moment="after"), blobs=[picture("w")]
        )
    assert story.order.stage is Stage.ACCEPTED
    assert [(review.code, review.facts) for review in story.order.reviews] == [
        ("signed_older_version", (signed.fact.id, photo.fact.id))
    ]


# two people about the same thing


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SURVEYED, Surveyed(cause="frost", method="new pipe")),
        (LEAKING_TAP, ItemFound(item=1, trade="tiling", payer=Payer.OWNER)),
        (MENDED, Recorded(item=1, cause="frost", remedy="thawed", labour_minutes=5)),
    ],
)
def test_two_who_describe_the_same_at_once_are_put_before_a_person(
    story: Story, one: Surveyed, other: Surveyed
):
    story.dispatched("li", "wang")
    story.told_by("li", Arrived())
    with story.offline("li", "wang"):
        story.told_by("li", one)
        story.told_by("wang", other)
    assert "parallel_edit" in story.reviews


def test_who_has_read_the_first_description_replaces_it(story: Story):
    story.dispatched("li", "wang")
    story.told_by("li", Arrived())
    story.told_by("li", LEAKING_TAP)
    story.told_by("wang", ItemFound(item=1, trade="tiling", payer=Payer.OWNER))
    assert [item.trade for item in story.order.items] == ["tiling"]
    assert story.reviews == []


def test_two_about_different_items_do_not_meet(story: Story):
    story.dispatched("li", "wang")
    story.told_by("li", Arrived())
    with story.offline("li", "wang"):
        story.told_by("li", LEAKING_TAP)
        story.told_by("wang", ItemFound(item=2, trade="tiling", payer=Payer.OWNER))
    assert story.reviews == []


def test_parts_of_two_technicians_add_up(story: Story):
    story.dispatched("li", "wang")
    story.told_by("li", Arrived())
    with story.offline("li", "wang"):
        story.told_by("li", WASHER)
        story.told_by("wang", WASHER)
    assert (len(story.order.parts), story.reviews) == (2, [])


def test_completed_by_two_is_completed(story: Story):
    story.dispatched("li", "wang")
    story.repaired_by("li")
    story.told_by("wang", Completed())
    assert (story.order.stage, story.reviews) == (Stage.COMPLETED, [])


# devices


def test_a_copied_tablet_has_both_its_branches_kept_and_seen(story: Story):
    """F13, invariant 21: two facts under one number of one log."""
    story.dispatched("li")
    arrived = story.told_by("li", Arrived())
    head = replace(arrived.fact.head, at={"w": 5, "z": 480})
    copies = [
        replace(
            arrived,
            fact=write_fact(OrderSeen(), replace(head, epoch=f"e{i}")),
            position=9 + i,
        )
        for i in range(2)
    ]
    assert codes(converged([*story.told, *copies])) == ["fork"] * 3


def test_a_number_that_leaps_moves_the_order_only_so_far(story: Story):
    story.dispatched("li")
    seen = story.told_by("li", OrderSeen())
    leap = early(seen, 2**53 - 1)
    order = converged([*story.told[:-1], leap])
    assert order.lamport == story.told[1].fact.head.lamport + MOST_LEAP
    assert codes(order) == ["lamport_jump"]


def test_a_decision_whose_place_nobody_knows_yet_breaks_nothing(story: Story):
    """A tablet folds what it was told before positions are known."""
    story.dispatched("li")
    story.told_by("chen", Cancelled(reason="mended itself"))
    story.told_by("li", Arrived())
    order = fold(replace(one, position=None) for one in story.told)
    assert order.cancelled is not None


def test_which_of_two_words_about_one_fact_comes_first_does_not_matter(story: Story):
    arrived = story.told_by("li", Arrived())
    better = replace(arrived, moment=Moment.known(Span(1, 2)))
    assert fold([arrived, better]) == fold([better, arrived])


def test_an_acceptance_without_a_hand_to_it_is_none(story: Story):
    """A3: somebody wrote "accepted" and nobody signed."""
    finished(story, "li")
    sheet, shown = story.sheet("li", 1)
    story.told_by("li", Accepted(round=1, sheet=sheet, covers=shown))
    assert story.order.stage is Stage.COMPLETED
    assert story.reviews == ["signature_missing"]


def test_an_owner_who_would_not_sign_may_come_round(story: Story):
    finished(story, "li")
    story.unsigned_at("li")
    assert story.order.stage is Stage.UNSIGNED
    story.accepted_at("li")
    answers = [v.answer for v in story.order.rounds[0].verdicts]
    assert answers == ["signature_refused", "accepted"]
    assert (story.order.stage, story.reviews) == (Stage.ACCEPTED, [])


def test_a_refusal_after_the_signature_alters_no_acceptance(story: Story):
    finished(story, "li")
    story.accepted_at("li")
    sheet, shown = story.sheet("li", 1)
    refusal = SignatureRefused(round=1, sheet=sheet, covers=shown, reason="regrets")
    story.told_by("li", refusal)
    assert (story.order.stage, story.reviews) == (Stage.ACCEPTED, ["out_of_turn"])


def test_given_to_another_after_the_first_has_left_the_order_waits_again(story: Story):
    story.dispatched("li")
    story.told_by("li", Arrived())
    story.told_by("li", Left())
    story.told_by("chen", Dispatched(technician="wang"))
    assert (story.order.stage, story.reviews) == (Stage.DISPATCHED, [])
