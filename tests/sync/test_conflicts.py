"""People who could not know of each other: both are kept, and a person decides.

One story for each row of what may collide (`sync/README.md`, "When two people…").
"""

from collections import Counter

import pytest

from sync.facts import Kept, write_fact
from sync.facts.acceptance import Accepted, SignatureRefused
from sync.facts.dispatch import (
    Cancelled,
    Closed,
    Dispatched,
    OrderSeen,
    Reopened,
    ReviewResolved,
)
from sync.facts.intake import Amended, DuplicateFound, Merged
from sync.facts.survey import ItemFound, Surveyed
from sync.facts.visit import Arrived, Left, NobodyHome
from sync.facts.work import (
    Completed,
    PartUsed,
    Photographed,
    Recorded,
    Retracted,
)
from sync.fold import MOST_LEAP, fold
from sync.moment import Moment, Span
from sync.order import Beside, Line, Order, Payer, Stage, order_stream
from sync.plain import but
from tests.story import (
    LEAKING_TAP,
    MENDED,
    NUMBER,
    SURVEYED,
    Story,
    converged,
    picture,
)

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
    placed = but(morning, position=8)
    order = converged([*told, placed, but(afternoon, position=9)])
    assert "double_arrival" in codes(order)


def early(kept: Kept, lamport: int) -> Kept:
    """The same act, by a tablet that had seen little."""
    fact = kept.fact
    head = but(fact.head, lamport=lamport, basis=2)
    return but(kept, fact=write_fact(fact.what, head))


def test_an_arrival_without_a_believable_time_accuses_nobody(story: Story):
    story.dispatched("li")
    one = story.told_by("li", Arrived())
    other = story.told_by("li", Arrived())
    told = [
        but(kept, moment=Moment()) if kept in (one, other) else kept
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


# the same thing, said by two: both stand until somebody who saw both says it anew


def both_describe(story: Story) -> None:
    """Li and Wang look over the same tap, neither knowing of the other."""
    story.dispatched("li", "wang")
    story.told_by("li", Arrived())
    with story.offline("li", "wang"):
        story.told_by("li", LEAKING_TAP)
        story.told_by("wang", ItemFound(item=1, trade="tiling", payer=Payer.OWNER))


def test_both_descriptions_stand_in_the_document(story: Story):
    both_describe(story)
    order = story.order
    values = [item.trade for item in (*order.items, *order.beside.items)]
    assert sorted(values) == ["plumbing", "tiling"]


def test_the_bill_counts_an_item_once_although_two_described_it(story: Story):
    both_describe(story)
    assert len(story.order.items) == 1


def test_who_has_seen_both_descriptions_settles_it_by_a_third(story: Story):
    both_describe(story)
    third = story.told_by("wang", LEAKING_TAP)
    order = story.order
    assert [item.fact for item in order.items] == [third.fact.id]
    assert order.beside == Beside()


def test_that_it_was_settled_in_the_home_takes_the_review_from_nobody(story: Story):
    """The desk still looks at it: it may concern who pays (invariant 28)."""
    both_describe(story)
    story.told_by("wang", LEAKING_TAP)
    assert story.reviews == ["parallel_edit"]


def test_who_knew_one_of_two_descriptions_replaces_only_that_one(story: Story):
    both_describe(story)
    with story.offline("li"):
        story.told_by("wang", ItemFound(item=1, trade="gas", payer=Payer.COMPANY))
        story.told_by("li", ItemFound(item=1, trade="heating", payer=Payer.COMPANY))
    order = story.order
    values = [item.trade for item in (*order.items, *order.beside.items)]
    assert sorted(values) == ["gas", "heating"]


def test_two_surveys_at_once_both_stand(story: Story):
    story.dispatched("li", "wang")
    story.told_by("li", Arrived())
    with story.offline("li", "wang"):
        story.told_by("li", SURVEYED)
        story.told_by("wang", Surveyed(cause="frost", method="new pipe"))
    order = story.order
    shown = order.survey
    assert shown is not None
    assert {shown.cause, *(one.cause for one in order.beside.survey)} == {
        "worn washer",
        "frost",
    }


# corrections and retractions name the fact that was a slip


def corrected(kept: Kept, quantity: int) -> PartUsed:
    line = Line(code="W1", quantity=quantity, price_fen=500)
    return PartUsed(line=line, price_list="2026", corrects=kept.fact.id)


def washers(story: Story) -> list[int]:
    """How many washers stand on the bill."""
    return [part.line.quantity for part in story.order.parts]


def fitted(story: Story) -> Kept:
    """Li fits a washer, and writes down one."""
    story.dispatched("li", "wang")
    story.told_by("li", Arrived())
    return story.told_by("li", WASHER)


def test_a_slip_is_put_right_by_naming_it(story: Story):
    story.told_by("li", corrected(fitted(story), 2))
    assert (washers(story), story.reviews) == ([2], [])


def test_a_correction_is_corrected_again(story: Story):
    first = fitted(story)
    second = story.told_by("li", corrected(first, 2))
    third = story.told_by("wang", corrected(second, 3))
    told = {one.id: one.replaced_by for one in story.order.history}
    assert washers(story) == [3]
    assert (told[first.fact.id], told[second.fact.id]) == (
        second.fact.id,
        third.fact.id,
    )


def test_two_corrections_at_once_both_stand_and_the_bill_counts_one(story: Story):
    slip = fitted(story)
    with story.offline("li", "wang"):
        story.told_by("li", corrected(slip, 2))
        story.told_by("wang", corrected(slip, 3))
    beside = [part.line.quantity for part in story.order.beside.parts]
    assert sorted([*washers(story), *beside]) == [2, 3]
    assert (len(beside), story.reviews) == (1, ["parallel_edit"])


def test_who_has_seen_both_corrections_settles_it(story: Story):
    slip = fitted(story)
    with story.offline("li", "wang"):
        story.told_by("li", corrected(slip, 2))
        story.told_by("wang", corrected(slip, 3))
    story.told_by("li", corrected(slip, 4))
    assert (washers(story), story.order.beside) == ([4], Beside())


def test_corrected_by_one_and_retracted_by_the_other_is_put_before_a_person(
    story: Story,
):
    slip = fitted(story)
    with story.offline("li", "wang"):
        story.told_by("li", corrected(slip, 2))
        story.told_by("wang", Retracted(fact=slip.fact.id, reason="not fitted"))
    beside = [part.line.quantity for part in story.order.beside.parts]
    assert ([*washers(story), *beside], story.reviews) == ([2], ["parallel_edit"])


def test_a_photo_of_the_wrong_item_is_put_right(story: Story):
    story.dispatched("li")
    story.told_by("li", Arrived())
    what = Photographed(moment="before", item=1)
    taken = story.told_by("li", what, blobs=[picture("tap")])
    right = but(what, item=2, corrects=taken.fact.id)
    story.told_by("li", right, blobs=[picture("tap")])
    assert [photo.item for photo in story.order.photos] == [2]


def test_an_arrival_written_on_the_wrong_order_is_taken_back(story: Story):
    story.dispatched("li")
    slip = story.told_by("li", Arrived())
    story.told_by("li", Retracted(fact=slip.fact.id, reason="wrong order"))
    order = story.order
    assert (order.visits, order.stage) == ((), Stage.DISPATCHED)


def test_who_retracts_an_arrival_nobody_sent_him_to_is_still_looked_at(story: Story):
    """A retraction puts a record right; it hides nothing from the desk."""
    story.dispatched("wang")
    slip = story.told_by("li", Arrived())
    story.told_by("li", Retracted(fact=slip.fact.id, reason="wrong order"))
    assert story.reviews == ["not_assigned"]


def test_who_has_retracted_an_arrival_before_the_desk_decides_is_still_looked_at(
    story: Story,
):
    story.dispatched("li")
    with story.offline("li"):
        slip = story.told_by("li", Arrived())
        story.told_by("li", Retracted(fact=slip.fact.id, reason="wrong order"))
        for _ in range(4):
            story.told_by("chen", Amended(number=NUMBER, registered_ms=1))
        story.dispatched("wang")
    assert story.reviews == ["not_assigned"]


def test_what_was_signed_is_not_corrected_unseen(story: Story):
    """A2: Zhao signed for one washer."""
    slip = fitted(story)
    story.repaired_by("li")
    signed = story.accepted_at("li")
    more = story.told_by("li", corrected(slip, 9))
    assert ("signed_older_version", (signed.fact.id, more.fact.id)) in [
        (review.code, review.facts) for review in story.order.reviews
    ]


def test_an_owners_word_is_not_taken_back(story: Story):
    """Invariant 29."""
    finished(story, "li")
    signed = story.accepted_at("li")
    story.told_by("li", Retracted(fact=signed.fact.id, reason="slip"))
    assert story.order.stage is Stage.ACCEPTED
    assert "correction_missed" in story.reviews


def test_a_decision_of_the_desk_is_not_taken_back_in_the_home(story: Story):
    """Invariant 26."""
    story.told_by("chen", Cancelled(reason="mended itself"))
    decision = story.told[-1].fact.id
    story.told_by("li", Retracted(fact=decision, reason="slip"))
    assert story.order.cancelled is not None
    assert story.reviews == ["correction_missed"]


def test_a_correction_of_what_is_not_here_counts_and_is_looked_at(story: Story):
    slip = fitted(story)
    story.told_by("li", corrected(slip, 2))
    without = [one for one in story.told if one != slip]
    order = converged(without)
    assert [part.line.quantity for part in order.parts] == [2]
    assert codes(order) == ["correction_missed"]


# closed


def closed(story: Story) -> Kept:
    """Mended, signed, closed."""
    finished(story, "li")
    story.accepted_at("li")
    return story.told_by("chen", Closed(reason="done"))


def test_a_photo_that_comes_after_the_closing_is_late_evidence(story: Story):
    """Li's tablet lay in the van for a week."""
    finished(story, "li")
    with story.offline("li"):
        photo = story.told_by(
            "li", Photographed(moment="after"), blobs=[picture("late")]
        )
        shut = story.told_by("chen", Closed(reason="done"))
    order = story.order
    assert [one.fact for one in order.photos] == [photo.fact.id]
    assert [(one.code, one.facts) for one in order.reviews] == [
        ("closed_unseen", (shut.fact.id, photo.fact.id))
    ]


def test_an_arrival_at_an_order_that_was_closed_meanwhile_is_kept_and_seen(
    story: Story,
):
    story.dispatched("li")
    with story.offline("li"):
        story.told_by("chen", Closed(reason="owner moved away"))
        story.told_by("li", Arrived())
    assert [visit.by for visit in story.order.visits] == ["li"]
    assert story.order.closed is not None
    assert story.reviews == ["closed_unseen"]


def test_whoever_knew_that_it_is_closed_and_records_something_is_looked_at(
    story: Story,
):
    closed(story)
    story.told_by("li", WASHER)
    assert "after_closed" in story.reviews


def test_what_the_desk_had_read_before_it_closed_needs_no_look(story: Story):
    closed(story)
    assert story.reviews == []


def test_to_look_at_a_closed_order_is_no_evidence(story: Story):
    closed(story)
    story.told_by("li", OrderSeen())
    assert story.reviews == []


def test_opened_again_the_late_photo_is_a_photo_like_any_other(story: Story):
    finished(story, "li")
    with story.offline("li"):
        story.told_by("li", Photographed(moment="after"), blobs=[picture("late")])
        story.told_by("chen", Closed(reason="done"))
    story.told_by("chen", Reopened(reason="more to do"))
    assert (story.order.closed, story.reviews) == (None, [])


def test_accepted_is_not_closed(story: Story):
    finished(story, "li")
    story.accepted_at("li")
    assert story.order.closed is None


# an order written down without a number, and the real one


def test_a_duplicate_goes_on_under_the_other_order(story: Story):
    other = order_stream("BX-2026-0042")
    story.dispatched("li")
    story.told_by("chen", Merged(into=other))
    order = story.order
    assert (order.merged_into, order.open) == (other, False)


def test_what_was_done_under_a_duplicate_unseen_is_late_evidence(story: Story):
    story.dispatched("li")
    with story.offline("li"):
        story.told_by("chen", Merged(into=order_stream("BX-2026-0042")))
        story.told_by("li", Arrived())
    assert story.reviews == ["closed_unseen"]


def test_a_merged_order_is_not_opened_again_beside_the_other(story: Story):
    story.told_by("chen", Merged(into=order_stream("BX-2026-0042")))
    story.told_by("chen", Reopened(reason="slip"))
    assert not story.order.open


def test_the_order_that_goes_on_names_its_duplicates(story: Story):
    other = order_stream("BX-2026-0042")
    story.told_by("chen", DuplicateFound(duplicate=other))
    story.told_by("chen", DuplicateFound(duplicate=other))
    assert story.order.duplicates == (other,)


# what a person has looked at


def test_what_the_desk_has_looked_at_waits_no_longer(story: Story):
    story.dispatched("wang")
    story.told_by("li", Arrived())
    (review,) = story.order.reviews
    story.told_by("chen", ReviewResolved(review=review.id, reason="stand_in"))
    assert (story.order.reviews, story.order.resolved) == ((), (review,))


def test_a_review_that_was_resolved_before_its_facts_came_never_opens(story: Story):
    """After a restore facts come back in any sequence."""
    story.dispatched("wang")
    arrived = story.told_by("li", Arrived())
    (review,) = story.order.reviews
    story.told_by("chen", ReviewResolved(review=review.id, reason="stand_in"))
    first = fold(one for one in story.told if one != arrived)
    assert fold([arrived], onto=first).reviews == ()


def test_a_new_disagreement_is_a_new_review(story: Story):
    story.dispatched("wang")
    story.told_by("li", Arrived())
    (review,) = story.order.reviews
    story.told_by("chen", ReviewResolved(review=review.id, reason="stand_in"))
    story.told_by("li", Left())
    story.told_by("li", Arrived())
    assert story.reviews == ["not_assigned"]


# work that is known before its request


def test_work_counts_although_its_request_comes_with_a_higher_number(story: Story):
    """The register's file came in after Li had been there."""
    story.dispatched("li")
    story.repaired_by("li")
    story.accepted_at("li")
    request, *work = story.told
    late = but(early(request, 90), position=99)
    order = converged([*work, late])
    assert (order.number, order.stage) == (NUMBER, Stage.ACCEPTED)
    assert codes(order) == []


def test_without_any_request_the_stage_still_says_where_the_work_stands(story: Story):
    story.dispatched("li")
    story.told_by("li", Arrived())
    assert converged(story.told[1:]).stage is Stage.ON_SITE


def test_a_photo_alone_does_not_log_an_order(story: Story):
    story.told_by("li", Photographed(moment="before"), blobs=[picture("tap")])
    assert converged(story.told[1:]).stage is Stage.UNKNOWN


# devices


def test_a_copied_tablet_has_both_its_branches_kept_and_seen(story: Story):
    """F13, invariant 21: two facts under one number of one log."""
    story.dispatched("li")
    arrived = story.told_by("li", Arrived())
    head = but(arrived.fact.head, at={"w": 5, "z": 480})
    copies = [
        but(
            arrived,
            fact=write_fact(OrderSeen(), but(head, epoch=f"e{i}")),
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
    order = fold(but(one, position=None) for one in story.told)
    assert order.cancelled is not None


def test_which_of_two_words_about_one_fact_comes_first_does_not_matter(story: Story):
    arrived = story.told_by("li", Arrived())
    better = but(arrived, moment=Moment.known(Span(1, 2)))
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
