"""Exactly what the owner was shown, and what it does not tell (A2, S1)."""

import json

import pytest

from sync.facts.dispatch import Cancelled, OrderSeen
from sync.facts.survey import ItemFound, PlanAgreed, ThingTakenAway
from sync.facts.visit import Arrived, DoorProtocol
from sync.facts.work import PartUsed, Photographed
from sync.order import Line, Payer
from sync.plain import but, plain
from sync.prices import (
    Bill,
    Price,
    PriceList,
    bill,
    list_in_force,
    total_fen,
)
from sync.reviews import tag
from sync.sheet import covers, draw_up, short_code, shown_hash
from tests.story import LEAKING_TAP, MENDED, Story, picture, salted

CANARY = "CANARY-13800000000"
CARD = DoorProtocol(
    steps=("greeted",), photo_consent=True, place_consent=True, start_consent=True
)
WASHER = PartUsed(
    line=Line(code="W1", quantity=2, price_fen=500, item=1), price_list="2026"
)


def finished(story: Story) -> None:
    story.dispatched("li")
    story.repaired_by("li")


def test_the_same_order_gives_the_same_bytes(story: Story):
    finished(story)
    assert story.page("li", 1) == story.page("li", 1)
    assert draw_up(story.order, 1, "zh", "…") == story.page("li", 1)


def test_the_owner_reads_names_of_goods_not_codes(story: Story):
    finished(story)
    story.told_by("li", WASHER)
    washer = Price(code="W1", name="垫圈", unit="只", price_fen=500)
    lists = (PriceList(name="2026", from_ms=0, prices=(washer,)),)
    sheet = json.loads(draw_up(story.order, 1, "zh", "…", lists))
    assert sheet["goods"] == {"W1": ["垫圈", "只"]}


CHANGES = {
    "item": ItemFound(item=2, trade="tiling", payer=Payer.OWNER),
    "record": but(MENDED, remedy="whole tap"),
    "hours": but(MENDED, labour_minutes=31),
    "part": WASHER,
    "agreement": PlanAgreed(relation="owner", total_fen=5),
    "visit": Arrived(),
    "thing taken away": ThingTakenAway(receipt="R1"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_of_what_is_shown_changes_the_digest(story: Story, change: PartUsed):
    finished(story)
    before = shown_hash(story.page("li", 1))
    story.told_by("li", change)
    assert shown_hash(story.page("li", 1)) != before


def test_another_photo_changes_the_digest(story: Story):
    finished(story)
    before = shown_hash(story.page("li", 1))
    story.told_by("li", Photographed(moment="after"), blobs=[picture("tap")])
    page = story.page("li", 1)
    assert shown_hash(page) != before
    assert picture("tap").sha256 in page.decode()


def test_the_text_above_the_signature_is_part_of_it(story: Story):
    finished(story)
    assert draw_up(story.order, 1, "zh", "甲") != draw_up(story.order, 1, "zh", "乙")
    assert draw_up(story.order, 1, "zh", "…") != draw_up(story.order, 1, "en", "…")
    assert draw_up(story.order, 1, "zh", "…") != draw_up(story.order, 2, "zh", "…")


def test_what_is_not_on_the_sheet_changes_nothing(story: Story):
    finished(story)
    before = story.page("li", 1)
    story.told_by("wang", OrderSeen())
    story.told_by("chen", Cancelled(reason="…"))
    story.dispatched("li", "wang")
    assert story.page("li", 1) == before


def test_the_sheet_covers_all_that_is_on_it_and_nothing_else(story: Story):
    finished(story)
    said = {tag(one.fact.id) for one in story.told if one.fact.what.on_sheet}
    assert set(covers(story.order)) == said
    assert json.loads(story.page("li", 1))["covers"] == list(covers(story.order))


def test_each_round_shows_its_own_inspections(story: Story):
    finished(story)
    story.rejected_at("li")
    story.repaired_by("li")
    story.accepted_at("li", 2)
    shown = [
        json.loads(draw_up(story.order, n, "zh", ""))["inspections"] for n in (1, 2)
    ]
    assert [[one["passed"] for one in round_] for round_ in shown] == [[False], [True]]
    assert json.loads(draw_up(story.order, 3, "zh", ""))["inspections"] == []


def test_no_private_text_stands_in_a_sheet_a_body_or_a_document(story: Story):
    """S1: names, phones, places and words are commitments everywhere but beside."""
    story.dispatched("li")
    told = (
        (Arrived(), "place"), (CARD, None), (LEAKING_TAP, "what"),
        (PlanAgreed(relation="owner"), "owner"), (MENDED, "owner_remarks"),
        (WASHER, "name"), (ThingTakenAway(receipt="R1"), "what"),
    )  # fmt: skip
    for what, name in told:
        story.told_by("li", what, private={name: CANARY} if name else {})
    everything = [story.page("li", 1).decode(), json.dumps(plain(story.order))]
    everything += [one.fact.envelope.body for one in story.told]
    assert not [text for text in everything if CANARY in text]
    assert salted({"what": CANARY})["what"][1] == CANARY


def test_the_short_code_is_for_the_eye():
    assert short_code("0123abcd" + "f" * 56) == "0123-ABCD"


# what it costs


def priced(story: Story) -> None:
    """Two items: the owner's own tap, and one that the contractor answers for."""
    story.dispatched("li")
    story.told_by("li", Arrived())
    story.told_by("li", but(LEAKING_TAP, payer=Payer.OWNER))
    story.told_by("li", but(LEAKING_TAP, item=2))
    story.told_by("li", WASHER)
    free = but(WASHER.line, payer=Payer.CONTRACTOR, item=2, price_fen=70)
    story.told_by("li", but(WASHER, line=free))
    story.told_by("li", but(MENDED, labour_fen=3000))
    story.told_by("li", but(MENDED, item=2, labour_fen=900))


def test_the_owner_pays_only_for_what_is_the_owners(story: Story):
    """L1: 2 × 5 yuan of washers and 30 yuan of work; the rest is the contractor's."""
    priced(story)
    assert bill(story.order) == Bill(material_fen=1140, labour_fen=3900, owner_fen=4000)


def test_the_bill_stands_on_the_sheet(story: Story):
    priced(story)
    assert json.loads(story.page("li", 1))["bill"]["owner_fen"] == 4000


def test_a_part_taken_back_is_not_paid_for(story: Story):
    priced(story)
    back = but(WASHER.line, quantity=-2)
    story.told_by("li", but(WASHER, line=back))
    assert bill(story.order).owner_fen == 3000


def test_an_order_on_which_nothing_was_done_costs_nothing(story: Story):
    assert bill(story.order) == Bill(material_fen=0, labour_fen=0, owner_fen=0)
    assert total_fen(()) == 0


LISTS = tuple(
    PriceList(
        name=name,
        from_ms=from_ms,
        prices=(Price(code="W1", name="washer", unit="1", price_fen=500),),
    )
    for name, from_ms in (("2025", 1000), ("2026", 2000))
)


@pytest.mark.parametrize(
    ("at_ms", "name"), [(999, None), (1000, "2025"), (1999, "2025"), (2000, "2026")]
)
def test_a_list_is_in_force_from_its_first_instant(at_ms: int, name: str | None):
    found = list_in_force(reversed(LISTS), at_ms)
    assert (found.name if found else None) == name


def test_a_code_has_one_price():
    assert LISTS[0].price("W1").price_fen == 500
    assert LISTS[0].price("W2") is None
