"""The day of every technician: appointments, moved by hand or by keys."""

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

from playwright.sync_api import Locator, expect

from sync.facts.dispatch import Dispatched
from sync.facts.visit import Appointed, Arrived
from tests.console.calls import id_of
from tests.console.console import Console
from tests.web.desk import Desk
from tests.web.visited import visiting

FIRST, SECOND = "DS2026110001", "DS2026110002"
SHANGHAI = timezone(timedelta(hours=8))
QUARTER_MS, HOUR_MS = 900_000, 3_600_000


def ten_o_clock(desk: Desk) -> int:
    """Ten in the morning of today, in Shanghai."""
    today = datetime.fromtimestamp(desk.parts.now() / 1000, SHANGHAI)
    at = today.replace(hour=10, minute=0, second=0, microsecond=0)
    return round(at.timestamp() * 1000)


def agreed(desk: Desk, *numbers: str) -> int:
    """Li comes to these at ten, for an hour."""
    start_ms = ten_o_clock(desk)
    for number in numbers:
        desk.order(number)
        when = Appointed(start_ms=start_ms, end_ms=start_ms + HOUR_MS)
        desk.decide(number, when)
    return start_ms


def block(console: Console, number: str) -> Locator:
    return console.page.locator(f"[data-block='{id_of(number)}']")


def last(desk: Desk, number: str) -> Appointed:
    """What was agreed last."""
    told = [one.what for one in desk.facts(number) if isinstance(one.what, Appointed)]
    return told[-1]


def because(console: Console) -> None:
    """The owner wanted it so."""
    console.page.get_by_role("dialog").wait_for()
    console.press("1")
    console.press("Enter")
    console.page.get_by_role("dialog").wait_for(state="detached")


def test_a_move_by_hand_and_one_by_keys_are_the_same_fact(desk: Desk, console: Console):
    """An hour later, for the same reason."""
    start_ms = agreed(desk, FIRST, SECOND)
    console.open("#/timeline")

    block(console, FIRST).focus()
    console.press(*["ArrowRight"] * 4, "Enter")
    because(console)
    at = block(console, SECOND).bounding_box()
    assert at
    x, y, hour_px = at["x"] + 8, at["y"] + 8, at["width"]
    console.page.mouse.move(x, y)
    console.page.mouse.down()
    console.page.mouse.move(x + hour_px / 2, y)
    console.page.mouse.move(x + hour_px, y)
    console.page.mouse.up()
    because(console)

    wanted = Appointed(start_ms=start_ms + HOUR_MS, end_ms=start_ms + 2 * HOUR_MS)
    assert last(desk, FIRST) == last(desk, SECOND) == wanted


def test_a_row_further_down_is_another_technician(desk: Desk, console: Console):
    """The time stands; who comes is decided anew."""
    start_ms = agreed(desk, FIRST)
    console.open("#/timeline")
    block(console, FIRST).focus()
    rows = console.page.locator("[data-row]").evaluate_all(
        "(all) => all.map((one) => one.dataset.row)"
    )
    down = rows.index("wang") > rows.index("li")

    console.press("ArrowDown" if down else "ArrowUp", "Enter")
    because(console)

    given = [one.what for one in desk.facts(FIRST) if isinstance(one.what, Dispatched)]
    assert [one.technician for one in given] == ["li", "wang"]
    assert last(desk, FIRST).start_ms == start_ms


def test_escape_leaves_an_appointment_where_it_was(desk: Desk, console: Console):
    start_ms = agreed(desk, FIRST)
    console.open("#/timeline")
    block(console, FIRST).focus()

    console.press("ArrowRight", "ArrowRight", "Escape")

    expect(console.page.locator(".moving")).to_have_count(0)
    assert last(desk, FIRST).start_ms == start_ms


def test_an_order_without_a_time_is_given_one_in_fields(desk: Desk, console: Console):
    """WCAG 2.5.7: nothing wants dragging."""
    desk.order(FIRST)
    console.open("#/timeline")
    console.page.locator(".waiting .give").click()
    dialog = console.page.get_by_role("dialog")
    dialog.get_by_label("开始").fill("10:00")
    dialog.get_by_role("button", name="下一步").click()
    because(console)

    expect(block(console, FIRST)).to_be_visible()
    wanted = ten_o_clock(desk)
    assert last(desk, FIRST) == Appointed(start_ms=wanted, end_ms=wanted + HOUR_MS)


def test_what_is_known_lies_under_what_was_planned(
    desk: Desk, console: Console, tmp_path: Path
):
    """Li is there, and has not said that he left."""
    with visiting(desk, tmp_path / "li", desk.order(FIRST)) as visit:
        visit.tells(Arrived())

    trip = console.open("#/timeline").page.locator("[data-row=li] .trip")

    expect(trip).to_have_attribute("aria-label", re.compile("到场.*还没有说离开"))


def test_another_day_stands_in_the_address(desk: Desk, console: Console):
    agreed(desk, FIRST)
    console.open("#/timeline")
    block(console, FIRST).wait_for()

    console.press("]")

    expect(block(console, FIRST)).to_have_count(0)
    assert "day=" in console.page.url


def test_an_order_is_dragged_from_the_tray_onto_a_row_and_a_quarter_of_an_hour(
    desk: Desk, console: Console
):
    """The fact that fields leave (`an_order_without_a_time`), by hand."""
    desk.order(FIRST)
    page = console.open("#/timeline").page
    card = page.locator(".waiting [data-waiting] .what").bounding_box()
    grid = page.locator("[data-row=wang] [data-grid]").bounding_box()
    ten = page.locator(".hours").get_by_text("10:00", exact=True).bounding_box()
    assert card and grid and ten
    ten_px = ten["x"] + 2
    page.mouse.move(card["x"] + 4, card["y"] + 4)
    page.mouse.down()
    page.mouse.move(ten_px, grid["y"] + 60)
    page.mouse.move(ten_px, grid["y"] + grid["height"] / 2)
    expect(page.locator("[data-row=wang] .ghost")).to_be_visible()
    page.mouse.up()
    because(console)

    wanted = ten_o_clock(desk)
    expect(block(console, FIRST)).to_be_visible()
    given = [one.what for one in desk.facts(FIRST) if isinstance(one.what, Dispatched)]
    assert last(desk, FIRST) == Appointed(start_ms=wanted, end_ms=wanted + HOUR_MS)
    assert [one.technician for one in given] == ["li", "wang"]


def test_what_is_let_go_beside_the_grid_stays_in_the_tray(desk: Desk, console: Console):
    desk.order(FIRST)
    page = console.open("#/timeline").page
    card = page.locator(".waiting [data-waiting] .what").bounding_box()
    assert card
    page.mouse.move(card["x"] + 4, card["y"] + 4)
    page.mouse.down()
    page.mouse.move(card["x"] - 200, card["y"] + 4)
    page.mouse.move(card["x"] + 30, card["y"] + 300)
    page.mouse.up()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".waiting [data-waiting]")).to_have_count(1)
