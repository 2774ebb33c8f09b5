"""What the desk decides while a technician is out of coverage (F16): nothing that was
done in good faith is lost, and a person sees it."""

from pathlib import Path

import pytest

from field_client.cli import main as field
from field_client.client import Client
from sync.facts.acceptance import Accepted, Inspected, Rejected, SignatureRefused
from sync.facts.survey import ItemFound, PlanAgreed, Surveyed
from sync.facts.visit import Arrived, Left
from sync.facts.work import Completed, Recorded
from sync.moment import Moment
from sync.order import Payer, Stage
from sync.sheet import covers, shown_hash
from tests.world import HOUR, MINUTE, InHand, World

STROKES = b'{"strokes":[[10,20,0,500],[11,22,16,510]]}'
MENDED = Recorded(item=1, cause="worn", remedy="replaced", labour_minutes=30)


@pytest.fixture
def order(world: World) -> str:
    """Zhao's order, on Li's tablet."""
    name = world.asks_for("BX-2026-0117", "li")
    world.tablet("li").syncs()
    return name


@pytest.fixture
def li(world: World) -> InHand:
    return world.tablet("li")


def repairs(tablet: InHand, order: str) -> None:
    """From the door to the finished repair."""
    for what in (
        Arrived(),
        Surveyed(cause="worn washer", method="replace it"),
        ItemFound(item=1, trade="plumbing", payer=Payer.CONTRACTOR),
        PlanAgreed(relation="owner"),
        MENDED,
        Completed(),
    ):
        tablet.tells(order, what)


def shows(client: Client, order: str) -> tuple[str, tuple[str, ...], int]:
    """Zhao is shown the sheet: its digest, what is on it, and its round."""
    shown = client.show_sheet(order, "zh-CN", "…")
    return shown_hash(shown.sheet), covers(client.order(order).order), shown.round


def answers(tablet: InHand, order: str, kind: type, **more: object) -> None:
    """Zhao's word on exactly that sheet."""
    sheet, covered, number = shows(tablet.client, order)
    strokes = None if kind is SignatureRefused else STROKES
    what = kind(round=number, sheet=sheet, covers=covered, **more)
    shown = tablet.client.shown(order)
    witness = {"witness": "孙工"} if strokes is None else {"signer": "赵女士"}
    tablet.remember(tablet.client.tell_on_sheet(shown, what, witness, strokes))


def test_an_order_given_to_another_after_the_arrival_is_the_others_and_is_looked_at(
    world: World, li: InHand, order: str
):
    """Li stands at the door without coverage while Chen gives the order to Wang."""
    li.tells(order, Arrived())
    world.dispatches(order, "wang")

    world.settle()

    assert world.order(order).assignment.technician == "wang"
    assert [visit.by for visit in world.order(order).visits] == ["li"]
    assert world.reviews(order) == ["not_assigned"]


def test_an_order_that_left_the_tablet_stays_workable_to_its_end(
    world: World, li: InHand, order: str
):
    li.tells(order, Arrived())
    world.dispatches(order, "wang")
    li.syncs()

    li.tells(order, Left())
    world.settle()

    assert world.kept() == world.told()
    assert li.client.order(order).gone == "reassigned"


def test_an_order_cancelled_too_late_keeps_the_arrival_and_is_looked_at(
    world: World, li: InHand, order: str
):
    li.tells(order, Arrived())
    world.cancels(order)

    world.settle()

    assert world.order(order).cancelled is not None
    assert world.reviews(order) == ["cancelled_unseen"]
    assert len(world.order(order).visits) == 1


def test_sent_back_and_reworked_it_is_signed_in_the_second_round(
    world: World, li: InHand, order: str
):
    """Zhao finds a drip; the second round has its own sheet and signature (A1)."""
    repairs(li, order)
    li.tells(order, Inspected(round=1, item=1, passed=False, reason="drips"))
    answers(li, order, Rejected, responsible="li", due_ms=world.ms + HOUR)
    li.tells(order, Left())
    world.settle()
    world.later(120)
    for what in (Arrived(), MENDED, Completed()):
        li.tells(order, what)
    li.tells(order, Inspected(round=2, item=1, passed=True))
    answers(li, order, Accepted)

    world.settle()

    said = [[one.answer for one in r.verdicts] for r in world.order(order).rounds]
    assert said == [["rejected"], ["accepted"]]
    assert (world.order(order).stage, world.reviews(order)) == (Stage.ACCEPTED, [])


def test_the_sheets_of_both_rounds_are_on_the_shelf_and_differ(
    world: World, li: InHand, order: str
):
    repairs(li, order)
    li.tells(order, Inspected(round=1, item=1, passed=False, reason="drips"))
    answers(li, order, Rejected, responsible="li", due_ms=world.ms + HOUR)
    for what in (Arrived(), MENDED, Completed()):
        li.tells(order, what)
    answers(li, order, Accepted)

    world.settle()

    sheets = [r.verdicts[0].sheet for r in world.order(order).rounds]
    assert [world.parts.shelf.check(one) for one in sheets] == [True, True]
    assert len(set(sheets)) == 2


def test_an_owner_who_will_not_sign_is_never_an_acceptance(
    world: World, li: InHand, order: str
):
    """Shown and refused, with a witness (A3)."""
    repairs(li, order)
    answers(li, order, SignatureRefused, reason="wants to wait for her husband")

    world.settle()

    assert world.order(order).stage is Stage.UNSIGNED
    (word,) = world.order(order).rounds[0].verdicts
    assert (word.answer, word.signature) == ("signature_refused", None)


@pytest.mark.parametrize("minutes", [-40, 40, -60 * 24 * 365])
def test_a_wrong_clock_still_gives_an_interval_that_contains_the_truth(
    world: World, order: str, minutes: int
):
    """The tablet is slow, fast, or a year behind (invariants 30–32)."""
    wang = world.tablet("wang", wrong_ms=minutes * MINUTE)
    world.dispatches(order, "wang")
    wang.syncs()
    world.later(25)
    wang.tells(order, Arrived())
    truth_ms = world.ms
    world.later(90)

    world.settle()

    moment = world.order(order).visits[0].moment
    assert holds(moment, truth_ms), (moment, truth_ms)


def holds(moment: Moment, truth_ms: int) -> bool:
    """Both the estimate and what is proven contain the truth, and there is both."""
    assert moment.earliest_ms is not None
    assert moment.not_before_ms is not None
    return moment.estimate.holds(truth_ms) and moment.bracket.holds(truth_ms)


def test_the_field_command_itself_hands_in_what_was_written_offline(
    world: World, li: InHand, order: str
):
    """The same through `field`, as a technician types it."""
    home: Path = world.folder / "li"
    call = li.air
    assert field(["arrive", "0117"], home=home, call=call, clocks=li.client.clocks) == 0
    assert field(["sync"], home=home, call=call, clocks=li.client.clocks) == 0

    assert [visit.by for visit in world.order(order).visits] == ["li"]
