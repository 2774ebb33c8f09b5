"""A repair from the door to the signature, as the regulations want it (P6, V, A)."""

import pytest

from sync.envelope import Head
from sync.facts import write_fact
from sync.facts.acceptance import Inspected
from sync.facts.dispatch import Cancelled, OrderSeen
from sync.facts.intake import Amended
from sync.facts.survey import (
    ItemFound,
    PlanAgreed,
    PlanChanged,
    Quoted,
    ThingReturned,
    ThingTakenAway,
)
from sync.facts.visit import Arrived, DoorProtocol, Left, NobodyHome, TurnedAway
from sync.facts.work import Completed, PartUsed, Photographed, Recorded
from sync.order import Line, Payer, Stage, order_id, order_stream
from sync.plain import but
from sync.problems import Refused
from tests.story import LEAKING_TAP, MENDED, NINE, NUMBER, SURVEYED, Story, picture

A_PAGE = "0" * 64


def on_site(story: Story) -> None:
    story.dispatched("li")
    story.told_by("li", Arrived())


# intake and dispatch


def test_the_same_number_is_the_same_order_wherever_it_is_derived():
    """I1: also after a restore, and in every later version."""
    assert order_id("BX-2026-0117") == "8f82b7e4-6d02-5f73-940a-6725fce9ffcc"


def test_what_the_register_corrects_takes_the_place_of_what_it_said(story: Story):
    story.told_by("chen", Amended(number=NUMBER, registered_ms=NINE, site="Hillside"))
    assert story.order.request.site == "Hillside"
    assert story.order.number == NUMBER


def test_until_a_technician_has_seen_the_order_the_desk_knows_that_he_has_not(
    story: Story,
):
    """P6: seen is a fact, and says up to where."""
    story.dispatched("li")
    given = story.told[-1].position
    assert story.order.seen == ()
    story.told_by("li", OrderSeen())
    assert [(one.by, one.basis >= given) for one in story.order.seen] == [("li", True)]


def test_what_was_seen_before_the_cancellation_does_not_cover_it(story: Story):
    story.dispatched("li")
    with story.offline("li"):
        story.told_by("chen", Cancelled(reason="mended itself"))
        story.told_by("li", OrderSeen())
    cancelled = story.order.entries()[story.order.cancelled.fact]
    assert story.order.seen[0].basis < cancelled.position


# the visit


def test_the_card_at_the_door_belongs_to_the_visit(story: Story):
    """V1, V4a: with the consents as they were given."""
    on_site(story)
    card = DoorProtocol(
        steps=("uniform", "greeted"),
        photo_consent=False, place_consent=True, start_consent=True,
    )  # fmt: skip
    story.told_by("li", card)
    visit = story.order.visits[0]
    assert visit.door == ("uniform", "greeted")
    assert (visit.photo_consent, visit.place_consent) == (False, True)


@pytest.mark.parametrize(
    ("word", "outcome"),
    [(NobodyHome(), "nobody_home"), (TurnedAway(reason="no time"), "turned_away")],
)
def test_a_visit_in_vain_says_why_and_the_order_waits_again(
    story: Story, word: NobodyHome, outcome: str
):
    on_site(story)
    story.told_by("li", word)
    assert story.order.visits[0].outcome == outcome
    assert story.order.stage is Stage.DISPATCHED


def test_a_helper_turned_away_does_not_send_the_lead_home(story: Story):
    story.dispatched("li", "wang")
    story.told_by("li", Arrived())
    story.told_by("wang", Arrived())
    story.told_by("wang", TurnedAway(reason="one is enough"))
    assert story.order.stage is Stage.ON_SITE


def test_nobody_home_the_second_time_leaves_the_first_visit_as_it_was(story: Story):
    on_site(story)
    story.told_by("li", TurnedAway(reason="no time"))
    story.told_by("li", NobodyHome())
    assert story.order.visits[0].outcome == "turned_away"
    assert story.reviews == ["out_of_turn"]


def test_leaving_twice_keeps_the_first_time(story: Story):
    on_site(story)
    left = story.told_by("li", Left())
    story.later(60)
    story.told_by("li", Left())
    assert story.order.visits[0].left == left.moment


@pytest.mark.parametrize("word", [Left(), NobodyHome()])
def test_leaving_without_having_come_changes_no_visit(story: Story, word: Left):
    story.dispatched("li")
    story.told_by("li", word)
    assert story.order.visits == ()


def test_the_tablets_place_is_a_commitment_and_not_a_place(story: Story):
    """S1: whoever may read it is handed the value beside the document."""
    story.dispatched("li")
    fact = story.told_by("li", Arrived(), private={"place": "391234567,1161234567,8"})
    assert story.order.visits[0].place == fact.fact.private["place"]
    assert "391234567" not in fact.fact.envelope.body


def test_a_change_of_plan_stands_beside_the_first_agreement(story: Story):
    """V6: with its reason and the owner's consent."""
    on_site(story)
    story.told_by("li", SURVEYED)
    story.told_by("li", PlanAgreed(relation="owner", total_fen=100))
    story.told_by(
        "li", PlanChanged(relation="owner", total_fen=900, reason="pipe is rotten")
    )
    assert [(one.total_fen, one.reason) for one in story.order.agreements] == [
        (100, None),
        (900, "pipe is rotten"),
    ]


def test_what_left_the_home_stays_open_until_it_is_back(story: Story):
    """V3, the hand-over receipt."""
    on_site(story)
    story.told_by("li", ThingTakenAway(receipt="R1"))
    story.told_by("li", ThingTakenAway(receipt="R2"))
    back = story.told_by("li", ThingReturned(receipt="R1"))
    assert [one.returned for one in story.order.taken_away] == [back.fact.id, None]


def test_a_quotation_is_replaced_by_the_next_one(story: Story):
    on_site(story)
    for price in (100, 300):
        line = Line(code="W1", quantity=1, price_fen=price)
        story.told_by("li", Quoted(lines=(line,), price_list="2026"))
    assert story.order.quote.lines[0].price_fen == 300


def test_a_photo_is_tied_to_item_and_moment(story: Story):
    on_site(story)
    story.told_by("li", Photographed(moment="before", item=1), blobs=[picture("tap")])
    (photo,) = story.order.photos
    assert (photo.moment, photo.item, photo.by) == ("before", 1, "li")


def test_a_photo_that_names_no_bytes_is_no_photo(story: Story):
    on_site(story)
    story.told_by("li", Photographed(moment="before"))
    assert story.order.photos == ()


# work and its record


def test_an_item_described_again_is_one_item(story: Story):
    on_site(story)
    story.told_by("li", LEAKING_TAP)
    story.told_by("li", but(LEAKING_TAP, payer=Payer.OWNER))
    assert [(one.item, one.payer) for one in story.order.items] == [(1, Payer.OWNER)]


def test_a_record_written_again_is_one_record(story: Story):
    on_site(story)
    story.told_by("li", MENDED)
    story.told_by("li", but(MENDED, labour_minutes=45))
    assert [one.labour_minutes for one in story.order.records] == [45]


def test_done_without_a_record_of_every_item_is_put_before_a_person(story: Story):
    """V5."""
    on_site(story)
    story.told_by("li", LEAKING_TAP)
    story.told_by("li", but(LEAKING_TAP, item=2))
    story.told_by("li", MENDED)
    story.told_by("li", Completed())
    assert story.reviews == ["record_incomplete"]
    story.told_by("li", but(MENDED, item=2))
    assert story.reviews == []


def test_done_without_any_record_is_put_before_a_person(story: Story):
    on_site(story)
    story.told_by("li", Completed())
    assert story.reviews == ["record_incomplete"]


def test_a_part_noted_after_done_and_before_signing_needs_no_look(story: Story):
    story.dispatched("li")
    story.repaired_by("li")
    part = PartUsed(line=Line(code="W1", quantity=1, price_fen=9), price_list="2026")
    story.told_by("li", part)
    story.accepted_at("li")
    assert story.reviews == []


def test_a_part_noted_after_signing_is_marked(story: Story):
    story.dispatched("li")
    story.repaired_by("li")
    story.accepted_at("li")
    part = PartUsed(line=Line(code="W1", quantity=1, price_fen=9), price_list="2026")
    story.told_by("li", part)
    assert story.reviews == ["out_of_turn", "signed_older_version"]


# the owner's rounds


def test_mended_on_the_spot_the_second_round_needs_no_second_visit(story: Story):
    story.dispatched("li")
    story.repaired_by("li")
    story.rejected_at("li")
    assert story.order.stage is Stage.REWORK
    story.told_by("li", MENDED)
    story.told_by("li", Completed())
    story.accepted_at("li", 2)
    assert (story.order.stage, story.reviews) == (Stage.ACCEPTED, [])
    assert (story.order.rework_rounds, len(story.order.visits)) == (1, 1)


def test_mended_another_day_the_second_round_has_its_own_visit(story: Story):
    story.dispatched("li")
    story.repaired_by("li")
    story.rejected_at("li")
    story.told_by("li", Left())
    story.later(60 * 24)
    story.told_by("li", Arrived())
    story.told_by("li", MENDED)
    story.told_by("li", Completed())
    story.accepted_at("li", 2)
    assert (story.order.stage, story.reviews) == (Stage.ACCEPTED, [])
    assert (story.order.rework_rounds, len(story.order.visits)) == (1, 2)


def test_work_sent_back_names_who_puts_it_right_and_by_when(story: Story):
    story.dispatched("li")
    story.repaired_by("li")
    story.rejected_at("li")
    (verdict,) = story.order.rounds[0].verdicts
    assert verdict.responsible == "li"
    assert verdict.due_ms is not None


def test_an_inspection_of_a_round_that_has_not_begun_is_put_before_a_person(
    story: Story,
):
    story.dispatched("li")
    story.repaired_by("li")
    story.told_by("li", Inspected(round=2, item=1, passed=True))
    assert story.reviews == ["out_of_turn"]


def test_a_signature_for_a_round_that_has_not_begun_is_put_before_a_person(
    story: Story,
):
    story.dispatched("li")
    story.repaired_by("li")
    story.accepted_at("li", 3)
    assert "out_of_turn" in story.reviews


def test_the_round_that_is_due_follows_what_was_sent_back(story: Story):
    story.dispatched("li")
    assert story.order.round_due == 1
    story.repaired_by("li")
    story.rejected_at("li")
    assert story.order.round_due == 2


def test_a_refusal_to_sign_keeps_reason_and_witness(story: Story):
    """A3."""
    story.dispatched("li")
    story.repaired_by("li")
    story.unsigned_at("li")
    (verdict,) = story.order.rounds[0].verdicts
    assert (verdict.reason, verdict.signature) == ("drip", None)
    assert set(verdict.private) == {"witness"}
    assert story.order.stage is Stage.UNSIGNED


# values that nobody can mean


def head() -> Head:
    return Head(stream=order_stream(NUMBER), log="li.1", n=1, prev=None, epoch="e1",
                basis=0, lamport=1, by="li", at={"w": 1, "z": 0})  # fmt: skip


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (Inspected(round=0, item=1, passed=True), "round"),
        (Inspected(round=100, item=1, passed=True), "round"),
        (but(MENDED, labour_minutes=-1), "labour_minutes"),
        (but(MENDED, labour_fen=-1), "labour_fen"),
        (but(MENDED, labour_fen=10**12 + 1), "labour_fen"),
        (
            PartUsed(line=Line(code="a", quantity=1, price_fen=-1), price_list=""),
            "line",
        ),
        (
            PartUsed(
                line=Line(code="a", quantity=10**7, price_fen=10**7), price_list=""
            ),
            "line",
        ),
        (
            Quoted(
                lines=(Line(code="a", quantity=-(10**12), price_fen=2),), price_list=""
            ),
            "lines",
        ),
    ],
)
def test_what_would_not_add_up_is_not_a_fact(what: Recorded, field: str):
    with pytest.raises(Refused) as refused:
        write_fact(what, head())
    assert (refused.value.code, refused.value.facts) == (
        "field_misshapen",
        {"field": field},
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sheet": "A" * 64}, "sheet"),
        ({"round": 0}, "round"),
        ({"round": 100}, "round"),
    ],
)
def test_a_word_about_no_sheet_or_no_round_is_not_a_fact(
    story: Story, change: dict[str, object], field: str
):
    story.dispatched("li")
    story.repaired_by("li")
    word = story.accepted_at("li").fact.what
    with pytest.raises(Refused) as refused:
        write_fact(but(word, **change), head())
    assert refused.value.facts == {"field": field}


def test_an_item_that_takes_a_part_back_has_a_negative_quantity():
    line = Line(code="W1", quantity=-2, price_fen=500)
    assert write_fact(PartUsed(line=line, price_list="2026"), head()).what


def test_items_are_shown_by_their_number(story: Story):
    on_site(story)
    for number in (3, 1, 2):
        story.told_by(
            "li", ItemFound(item=number, trade="plumbing", payer=Payer.COMPANY)
        )
    assert [one.item for one in story.order.items] == [1, 2, 3]
