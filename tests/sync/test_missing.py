"""What is still missing on an order, what a stranger may read, what is suggested."""

import pytest

from sync.facts import KINDS
from sync.masking import MASKS, masked, phone, without_numbers
from sync.missing import LABELS as LACKING
from sync.missing import missing
from sync.moment import Moment
from sync.order import (
    Hold,
    Item,
    Line,
    Order,
    Part,
    Payer,
    Payment,
    Request,
    Stage,
    Survey,
    TakenAway,
    Visit,
    WorkRecord,
)
from sync.plain import but
from sync.reviews import LABELS as REVIEWS
from sync.suggestions import BY_HAND, CHOICES, DECISIONS, DESK, FIELD, SUGGESTED

ASKED = Order(stream="order:1", request=Request(number="R1", registered_ms=0))
ITEM = Item(item=1, trade="water", payer=Payer.OWNER, fact="i")
DONE = but(
    ASKED, stage=Stage.COMPLETED, items=(ITEM,),
    survey=Survey(fact="s", cause="", method=""),
)  # fmt: skip


def codes(order: Order, *absent: str) -> set[str]:
    """What it lacks."""
    return {one.code for one in missing(order, absent)}


def test_a_request_that_nobody_began_lacks_nothing():
    assert codes(ASKED) == set()


def test_work_that_is_done_lacks_all_that_was_not_recorded():
    assert codes(DONE) == {
        "photo_before", "photo_after", "record", "inspection", "signature",
    }  # fmt: skip


def test_no_picture_is_missing_where_the_owner_would_have_none():
    visit = Visit(fact="v", by="li", moment=Moment(), photo_consent=False)
    order = but(DONE, visits=(visit,))

    assert not {"photo_before", "photo_after"} & codes(order)


def test_a_record_of_each_item_is_a_record():
    said = WorkRecord(
        fact="r", item=1, cause="", remedy="", labour_minutes=1, labour_fen=0
    )

    assert "record" not in codes(but(DONE, records=(said,)))


FITTED = Part(fact="p", line=Line(code="1", quantity=1, price_fen=3000), price_list="a")


@pytest.mark.parametrize(
    ("paid_fen", "means", "lacks"),
    [
        (0, "cash", True),
        (2999, "qr", True),
        (3000, "cash", False),
        (3000, "later", True),
    ],
)
def test_what_the_owner_owes_is_missing_until_it_is_paid(
    paid_fen: int, means: str, lacks: int
):
    paid = Payment(fact="m", amount_fen=paid_fen, means=means)
    order = but(DONE, parts=(FITTED,), payments=(paid,))

    assert ("payment" in codes(order)) == lacks


def test_what_waits_or_is_away_or_has_not_come_is_missing():
    hold = Hold(fact="h", estimate_fen=1, limit_fen=0, owner_told=True)
    away = TakenAway(fact="t", receipt="1")
    order = but(ASKED, holds=(hold,), taken_away=(away,))

    assert codes(order, "a" * 64) == {"approval", "returned", "bytes"}


def test_whatever_can_be_missing_has_words():
    order = but(DONE, parts=(FITTED,), holds=(
        Hold(fact="h", estimate_fen=1, limit_fen=0, owner_told=True),
    ))  # fmt: skip

    assert codes(order, "x") <= set(LACKING)


# what a stranger may read


def test_nothing_is_said_of_what_is_in_no_table():
    assert masked({"remark": "钥匙在门垫下", "witness": "王姐"}) == {}


def test_every_mask_is_of_a_value_that_some_kind_has():
    private = {name for kind in KINDS.values() for name in kind.private}

    assert set(MASKS) <= private


@pytest.mark.parametrize(
    "number", ["13800138000", "138 0013 8000", "0571-88888888", "110"]
)
def test_nobody_can_ring_a_masked_number(number: str):
    assert "****" in phone(number)
    assert number not in phone(number)


def test_a_number_in_words_is_masked_and_a_house_number_is_not():
    assert without_numbers("3-2-1702 打 138-0013-8000") == "3-2-1702 打 ****"


# what is suggested


def test_every_review_has_a_suggestion_and_every_suggestion_a_meaning():
    assert set(SUGGESTED) == set(REVIEWS)
    assert set(SUGGESTED.values()) <= {FIELD, DESK, BY_HAND}


@pytest.mark.parametrize("of", CHOICES)
def test_every_key_that_may_be_pressed_records_a_decision_with_words(of: str):
    assert [*CHOICES[of]] == [FIELD, DESK, BY_HAND]
    assert set(CHOICES[of].values()) <= set(DECISIONS)


def test_nobody_guesses_who_is_right_where_an_owner_signed_two_answers():
    assert SUGGESTED["contradiction"] == BY_HAND
