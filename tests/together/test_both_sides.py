"""Two people who could not know of each other, on real tablets: both are kept, both are
seen, and the desk has the last word."""

import pytest

from field_client.view import order_lines
from server import desk
from server.ledger import Decision
from sync.facts import What
from sync.facts.dispatch import Closed, ReviewResolved
from sync.facts.reconciling import DifferenceSettled, SettlementUndone
from sync.facts.survey import ItemFound
from sync.facts.visit import Arrived
from sync.facts.work import PartUsed, Recorded, Retracted
from sync.order import Line, Order, Payer, Stage
from tests.world import InHand, World

TAP = ItemFound(item=1, trade="plumbing", payer=Payer.CONTRACTOR)
TILE = ItemFound(item=1, trade="tiling", payer=Payer.OWNER)
WANG_WAS_THERE = DifferenceSettled(
    number="BX-2026-0117", code="technician_differs", choice="field", reason="evidence"
)
WASHER = PartUsed(line=Line(code="W1", quantity=1, price_fen=500), price_list="2026")


@pytest.fixture
def order(world: World) -> str:
    """Zhao's order: Li leads, Wang helps; both tablets have it."""
    name = world.asks_for("BX-2026-0117", "li", "wang")
    for who in ("li", "wang"):
        world.tablet(who).syncs()
    return name


@pytest.fixture
def li(world: World) -> InHand:
    return world.tablet("li")


@pytest.fixture
def wang(world: World) -> InHand:
    return world.tablet("wang")


def decides(world: World, order: str, what: What) -> None:
    """Chen states this."""
    ledger, now = world.parts.ledger, world.now()
    desk.decide(ledger, what, stream=order, by="chen", words="", now_ms=now)


def settles(world: World, order: str, what: What, **private: str) -> None:
    """Chen decides about the log, or takes that back."""
    said = Decision(stream=order, what=what, private=private)
    world.parts.ledger.decide([said], "chen", world.now())


def trades(order: Order) -> set[str]:
    """What was said to be wrong, shown or beside."""
    return {item.trade for item in (*order.items, *order.beside.items)}


def test_both_descriptions_reach_both_screens(
    world: World, li: InHand, wang: InHand, order: str
):
    for tablet, what in ((li, TAP), (wang, TILE)):
        tablet.tells(order, Arrived())
        tablet.tells(order, what)

    world.settle()

    assert trades(li.sees(order)) == trades(wang.sees(order)) == {"plumbing", "tiling"}
    assert "parallel_edit" in world.reviews(order)


def test_a_technician_reads_both_in_the_terminal(
    world: World, li: InHand, wang: InHand, order: str
):
    for tablet, cause in ((li, "worn"), (wang, "frost")):
        what = Recorded(item=1, cause=cause, remedy="replaced", labour_minutes=5)
        tablet.tells(order, what)

    world.settle()

    shown = "\n".join(order_lines(li.client.order(order), 480))
    assert ("worn" in shown, "frost" in shown) == (True, True)


def test_what_the_desk_decided_about_the_log_reaches_the_terminal(
    world: World, li: InHand, order: str
):
    """In the words of the desk, and that it was taken back."""
    settles(world, order, WANG_WAS_THERE, words="签到照片为凭")
    li.syncs()
    (made,) = li.sees(order).settlements
    read = [line for line in order_lines(li.client.order(order), 480) if "对账" in line]
    settles(world, order, SettlementUndone(settled=made.fact))
    li.syncs()

    assert read == ["对账裁定  维修人员不符  以现场为准，台账更正  签到照片为凭"]
    shown = "\n".join(order_lines(li.client.order(order), 480))
    assert f"{read[0]}  已更正或撤回" in shown


def test_who_then_says_it_once_more_has_settled_it_on_both_screens(
    world: World, li: InHand, wang: InHand, order: str
):
    for tablet, what in ((li, TAP), (wang, TILE)):
        tablet.tells(order, what)
    world.settle()
    wang.tells(order, TAP)

    world.settle()

    assert trades(li.sees(order)) == trades(wang.sees(order)) == {"plumbing"}


def test_a_part_written_down_after_the_closing_is_late_evidence(
    world: World, li: InHand, order: str
):
    """Li could not know; his tablet says that a person will look at it."""
    li.tells(order, Arrived())
    li.syncs()
    li.tells(order, WASHER)
    decides(world, order, Closed(reason="done"))

    world.settle()

    assert [part.line.code for part in world.order(order).parts] == ["W1"]
    assert world.reviews(order) == ["closed_unseen"]
    assert world.order(order).closed is not None


def test_what_the_desk_has_looked_at_is_off_the_tablets_list(
    world: World, li: InHand, wang: InHand, order: str
):
    for tablet, what in ((li, TAP), (wang, TILE)):
        tablet.tells(order, what)
    world.settle()
    for review in world.order(order).reviews:
        decides(world, order, ReviewResolved(review=review.id, reason="asked_zhao"))

    world.settle()

    assert li.sees(order).reviews == ()


def test_an_arrival_taken_back_is_gone_at_once_and_stays_gone(
    world: World, li: InHand, order: str
):
    """Li had the wrong order on the screen."""
    li.tells(order, Arrived())
    slip = li.sees(order).visits[0].fact
    li.tells(order, Retracted(fact=slip, reason="wrong_order"))
    on_tablet = li.sees(order)

    world.settle()

    for seen in (on_tablet, li.sees(order), world.order(order)):
        assert (seen.visits, seen.stage) == ((), Stage.DISPATCHED)
