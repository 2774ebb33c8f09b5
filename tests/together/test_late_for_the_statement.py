"""A tablet that was out of coverage when the day was closed, and comes back with that
day's work: what was signed stays as it was signed, and what is new is named."""

import pytest

from server.statements import closing
from server.statements.closing import Account
from sync.facts.visit import Arrived
from tests.world import HOUR, InHand, World

DAY = 24 * HOUR


@pytest.fixture
def order(world: World) -> str:
    """Zhao asked in the morning; Li has the order and goes where no network is."""
    name = world.asks_for("BX-2026-0121", "li")
    world.tablet("li").syncs()
    return name


@pytest.fixture
def li(world: World, order: str) -> InHand:
    """Li, who has arrived; the server hears nothing of it."""
    tablet = world.tablet("li")
    tablet.air.chances = {"lose_request": 1.0}
    tablet.tells(order, Arrived())
    assert tablet.syncs() is None
    return tablet


@pytest.fixture
def day(world: World, li: InHand) -> str:
    """The day on which that was; it is over and closed."""
    name = world.parts.policy.calendar.day_name(world.ms)
    world.later(DAY // 60_000)
    closes(world, name)
    return name


def account(world: World, day: str) -> Account:
    return closing.account(world.parts, day, "")


def closes(world: World, day: str) -> None:
    """Xu closes it on what is known, with a reason for whatever is open."""
    found = account(world, day)
    reasons = {one.name: "师傅还没有传回" for one in found.now.open}
    closing.close(world.parts, day, "", seen=found.digest, reasons=reasons, by="xu")


def value(found: Account, code: str) -> int:
    return next(one.value for one in found.shown.figures if one.code == code)


def comes_back(li: InHand) -> None:
    li.air.clear_up()
    li.syncs()
    assert li.owes == 0


def test_what_was_signed_stays_and_what_came_late_is_named(
    world: World, li: InHand, day: str
):
    was = account(world, day)

    comes_back(li)

    now = account(world, day)
    assert (now.state, now.findings) == ("closed", ())
    assert (now.shown, now.shown_digest) == (was.shown, was.shown_digest)
    assert now.closing == was.closing
    moved = {one.code: (one.was, one.now) for one in now.changes}
    assert (was.changes, moved["unanswered"]) == ((), (1, 0))
    late = {one.number for change in now.changes for one in change.went}
    assert late == {"BX-2026-0121"}


def test_it_counts_only_once_somebody_has_opened_the_day_again(
    world: World, li: InHand, day: str
):
    """By a fact, with a reason; both closings stay on record."""
    first = account(world, day)
    comes_back(li)
    assert value(account(world, day), "unanswered") == 1

    closing.reopen(world.parts, day, "", words="李师傅补传", by="xu")
    closes(world, day)

    now = account(world, day)
    assert value(now, "unanswered") == 0
    assert [type(one.what).__name__ for one in now.acts] == [
        "StatementClosed", "StatementReopened", "StatementClosed",
    ]  # fmt: skip
    assert now.acts[0] == first.closing and world.parts.shelf.has(first.shown_digest)


def test_the_next_day_takes_nothing_of_it_as_its_own(
    world: World, li: InHand, day: str
):
    """Li arrived on the day before, whenever that was heard."""
    next_ = world.parts.policy.calendar.day_name(world.ms)
    before = account(world, next_).now

    comes_back(li)

    after = account(world, next_).now
    names = ("asked", "promised", "kept", "missed", "closed")
    figures = [
        {one.code: one.value for one in said.figures} for said in (before, after)
    ]
    assert [figures[0][name] for name in names] == [figures[1][name] for name in names]
