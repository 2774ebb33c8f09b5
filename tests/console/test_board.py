"""The board: what a dispatcher sees of every open order, and does with one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Route, expect

from sync.facts import What
from sync.facts.dispatch import Dispatched
from sync.facts.visit import Arrived
from tests.console.calls import id_of, many
from tests.console.console import Console
from tests.console.field import Field
from tests.web.desk import Call, Desk
from tests.web.visited import visiting

Make = Callable[..., Console]
FIRST, SECOND = "DS2026110001", "DS2026110002"
TO_LI, TO_WANG = Dispatched(technician="li"), Dispatched(technician="wang")
MOST_CARDS = 120  # in five columns of any window


def logged(desk: Desk, *numbers: str, **said: Any) -> None:
    """Calls that nobody was sent to yet."""
    for at, number in enumerate(numbers):
        call = Call(room=f"170{at + 1}", **said)
        desk.calls_in(number, call)


def card(console: Console, number: str) -> Locator:
    """The card of this order."""
    return console.page.locator(f"[data-order='{id_of(number)}']")


def given(desk: Desk, number: str) -> list[tuple[What, set[str]]]:
    """Every time it was given to somebody, and which words went along."""
    return [
        (one.what, {*one.private})
        for one in desk.facts(number)
        if isinstance(one.what, Dispatched)
    ]


def by_keyboard(console: Console, number: str) -> None:
    card(console, number).locator("h3 a").focus()
    console.press("d")
    console.page.locator(".candidate").first.wait_for()
    digit = console.page.locator(".candidate:has-text('李强') kbd").inner_text()
    console.press(digit)


def by_drag(console: Console, number: str) -> None:
    card(console, number).drag_to(console.page.locator("[data-person=li]"))


def by_menu(console: Console, number: str) -> None:
    card(console, number).locator(".give").click()
    console.page.locator(".candidate .take:has-text('李强')").click()


@pytest.mark.parametrize("hand", [by_drag, by_menu])
def test_an_order_is_given_by_any_hand_in_the_same_words(
    desk: Desk, console: Console, hand: Callable[[Console, str], None]
):
    """U30b: by keyboard, by the menu and by dragging, one and the same fact."""
    logged(desk, FIRST, SECOND)

    by_keyboard(console, FIRST)
    expect(console.page.locator("[data-column=given] .order")).to_have_count(1)
    hand(console, SECOND)
    expect(console.page.locator("[data-column=given] .order")).to_have_count(2)

    assert given(desk, FIRST) == given(desk, SECOND) == [(TO_LI, set())]


def test_nobody_takes_an_order_away_unread_from_somebody_who_is_there(
    desk: Desk, console: Console, tmp_path: Path
):
    """U-D5: dropped on Wang, it asks first, and says who has it."""
    stream = desk.order(FIRST)
    with visiting(desk, tmp_path / "li", stream) as visit:
        visit.tells(Arrived())
    there = console.page.locator("[data-column=there]")
    expect(there.locator(".order")).to_have_count(1)

    card(console, FIRST).drag_to(console.page.locator("[data-person=wang]"))
    warned = console.page.get_by_role("dialog").locator(".warnings .is-there")

    expect(warned).to_contain_text("李强")
    assert given(desk, FIRST) == [(TO_LI, set())]


def test_what_a_colleague_does_appears_by_itself(desk: Desk, console: Console):
    logged(desk, FIRST)
    card(console, FIRST).wait_for()

    desk.decide(FIRST, Dispatched(technician="wang"))

    expect(console.page.locator("[data-column=given] .order")).to_contain_text("王军")


def test_somebody_who_was_quicker_is_said_and_nothing_is_done(
    desk: Desk, console: Console
):
    """The version that stood on the screen goes along."""
    logged(desk, FIRST)
    card(console, FIRST).locator(".give").click()
    console.page.locator(".candidate").first.wait_for()

    desk.decide(FIRST, Dispatched(technician="wang"))
    console.page.locator(".candidate .take:has-text('李强')").click()

    expect(console.page.locator("dialog .wrong")).not_to_be_empty()
    assert given(desk, FIRST) == [(TO_WANG, set())]


def test_who_was_given_an_order_and_has_not_looked_is_marked(
    desk: Desk, console: Console
):
    desk.order(FIRST)

    expect(card(console, FIRST).locator(".is-unseen")).to_have_text("◌ 未看到")
    expect(console.page.locator("[data-person=li]")).to_contain_text("从未联系")


def test_filters_stand_in_the_address(desk: Desk, console: Console):
    """A link shows a colleague the same."""
    logged(desk, FIRST, trade="给排水")
    logged(desk, SECOND, trade="电气")
    expect(console.page.locator(".order")).to_have_count(2)

    console.page.get_by_label("工种").select_option("电气")
    expect(console.page.locator(".order")).to_have_count(1)
    console.page.reload()

    expect(console.page.locator(".order")).to_have_count(1)
    expect(card(console, SECOND)).to_be_visible()


def test_a_saved_view_is_there_the_next_time(desk: Desk, consoles: Make):
    logged(desk, FIRST)
    first = consoles()
    first.open("#/board?trade=给排水&late=1")
    first.page.get_by_role("button", name="存为视图").click()
    first.page.get_by_label("名称").fill("水电超时")
    first.press("Enter")
    expect(first.page.get_by_label("我的视图")).to_have_value("水电超时")

    first.open("#/board")
    first.page.reload()
    first.page.get_by_label("我的视图").select_option("水电超时")

    expect(first.page.locator("[data-filter=late]")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_a_phone_number_finds_what_stands_on_no_card(desk: Desk, console: Console):
    """What is closed is named too, beside the board."""
    logged(desk, FIRST, phone="17000000001")
    logged(desk, SECOND, phone="17000000002")
    desk.cancel(SECOND)
    expect(console.page.locator(".order")).to_have_count(1)

    console.press("/")
    console.page.keyboard.type("17000000002")

    expect(console.page.locator(".elsewhere")).to_contain_text(SECOND)


def test_j_k_h_l_walk_over_the_cards(desk: Desk, console: Console):
    logged(desk, FIRST, SECOND)
    desk.decide(SECOND, Dispatched(technician="li"))
    expect(console.page.locator("[data-column=given] .order")).to_have_count(1)

    console.press("j")
    expect(card(console, FIRST).locator("h3 a")).to_be_focused()
    console.press("l")
    expect(card(console, SECOND).locator("h3 a")).to_be_focused()


def test_of_two_thousand_orders_only_those_in_sight_are_drawn(
    desk: Desk, console: Console
):
    """U30e: how long it takes is measured by `make bench ARGS=console`."""
    many(desk, 2_000)
    console.page.reload()
    waiting = console.page.locator("#column-waiting .num")
    expect(waiting).to_have_text("1000")

    drawn = console.page.locator(".order").count()
    console.press("/")
    console.page.keyboard.type("1999")

    assert 5 < drawn <= MOST_CARDS
    expect(console.page.locator("[data-column=given] .order")).to_have_count(1)


def test_the_last_of_a_thousand_is_reached(desk: Desk, console: Console):
    many(desk, 1_000)
    console.page.reload()
    expect(console.page.locator("#column-given .num")).to_have_text("500")

    box = console.page.locator("[data-column=given] .scroll")
    box.evaluate("(box) => { box.scrollTop = box.scrollHeight }")

    last = console.page.locator("[data-column=given] li[aria-posinset='500']")
    expect(last).to_be_in_viewport()


def test_the_last_column_holds_what_was_accepted_today(
    desk: Desk, console: Console, field: Field
):
    """ux.md 3.3; from tomorrow on it only waits to be closed, and is not forgotten."""
    li, stream = field["li"], desk.order(FIRST)
    li.syncs()
    li.works_through(stream)
    li.syncs()
    expect(console.page.locator("[data-column=done] .order")).to_have_count(1)

    console.page.route("**/v1/orders?*", in_a_day)
    console.page.reload()
    page = console.page
    earlier = page.get_by_role("button", name="以前验收、还没有结案 1")
    earlier.wait_for()
    expect(page.locator("[data-column=done] .order")).to_have_count(0)
    earlier.click()

    expect(page.locator("[data-column=done] .order")).to_have_count(1)


def in_a_day(route: Route) -> None:
    """What the server says, as if it said so tomorrow."""
    answer = route.fetch()
    said = answer.json()
    said["as_of_ms"] += 24 * 3_600_000
    route.fulfill(response=answer, json=said)


def test_the_file_holds_the_orders_of_the_technician_on_the_screen(
    desk: Desk, console: Console
):
    """U30f: those that Li leads and that he helps with, and no others."""
    logged(desk, FIRST, SECOND)
    desk.decide(FIRST, Dispatched(technician="wang", helpers=("li",)))
    desk.decide(SECOND, TO_WANG)
    page = console.open("#/board?technician=li").page
    expect(page.locator(".order")).to_have_count(1)

    with page.expect_download() as got:
        page.get_by_role("link", name="导出 Excel").click()

    with got.value.path().open("rb") as held:  # its name says nothing of what it is
        rows = [*load_workbook(held).active.iter_rows(values_only=True)]
    numbers = {cell for row in rows for cell in row} & {FIRST, SECOND}
    assert numbers == {FIRST}
