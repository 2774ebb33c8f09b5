"""Days are closed at the console: figures read, what is open named, opened again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from server.statements import closing
from sync.access import Grant
from sync.facts.dispatch import Closed
from sync.facts.intake import Logged
from tests.console.console import Console
from tests.console.eyes import AXE, LOCALES, asked_axe
from tests.web.desk import HOUR_MS, Desk

Make = Callable[..., Console]
SITE = "望江府"


@pytest.fixture
def yesterday(desk: Desk) -> str:
    """A day with two requests, one of them closed by now."""
    there = datetime.fromtimestamp(desk.parts.now() / 1000, UTC) + timedelta(hours=8)
    day = (there - timedelta(days=1)).strftime("%Y-%m-%d")
    noon = datetime.fromisoformat(f"{day}T04:00+00:00").timestamp() * 1000
    for number in ("DS1", "DS2"):
        asks(desk, number, int(noon))
    desk.decide("DS1", Closed(reason="done"))
    return day


def asks(desk: Desk, number: str, at_ms: int) -> None:
    desk.decide(number, Logged(number=number, registered_ms=at_ms, site=SITE,
                               sort="repair", trade="给排水"))  # fmt: skip


@pytest.fixture
def xu(desk: Desk, consoles: Make) -> Callable[..., Console]:
    """Xu, who manages every project, at the console."""
    grants = [Grant(role="manager")]
    desk.parts.people.add("xu", "徐经理", grants, desk.parts.now())
    return lambda **more: consoles("xu", **more)


def opened(console: Console, day: str) -> Page:
    page = console.open(f"#/statements/{day}").page
    page.locator(".statement h2").first.wait_for()
    return page


def close(page: Page, words: str = "等配件") -> None:
    page.get_by_role("button", name="结账", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=words).click()
    dialog.get_by_role("button", name="结账", exact=True).click()
    expect(dialog).to_have_count(0)


def test_a_day_is_closed_with_a_reason_for_what_is_open(
    desk: Desk, xu: Callable[..., Console], yesterday: str
):
    page = opened(xu(), yesterday)
    expect(page.locator(".statement")).to_contain_text("登记 2 项，结案 0 项")

    close(page)

    expect(page.locator(f".day[href*='{yesterday}']")).to_contain_text("已结账")
    expect(page.get_by_role("group", name="未了事项")).to_contain_text("等配件")
    found = closing.account(desk.parts, yesterday, "")
    assert (found.state, found.findings) == ("closed", ())


def test_it_is_not_closed_while_a_reason_is_missing(
    xu: Callable[..., Console], yesterday: str
):
    page = opened(xu(), yesterday)

    page.get_by_role("button", name="结账", exact=True).click()

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="结账", exact=True)).to_be_disabled()


def test_what_came_late_stands_beside_the_closed_figures(
    desk: Desk, xu: Callable[..., Console], yesterday: str
):
    page = opened(xu(), yesterday)
    close(page)
    asks(desk, "DS3", desk.parts.now() - 24 * HOUR_MS)

    page.reload()

    warned = page.locator(".statement .panel.warn")
    expect(warned).to_contain_text("DS3")
    expect(page.locator(".statement")).to_contain_text("登记 2 项")


def test_it_is_opened_again_with_a_reason_that_stays_to_be_read(
    xu: Callable[..., Console], yesterday: str
):
    page = opened(xu(), yesterday)
    close(page)

    page.get_by_role("button", name="重新打开", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="漏录了工单").click()
    dialog.get_by_role("button", name="重新打开", exact=True).click()

    acts = page.get_by_role("group", name="经过")
    expect(acts).to_contain_text("漏录了工单")
    expect(page.get_by_role("button", name="结账", exact=True)).to_be_visible()


def test_a_figure_leads_to_its_orders(xu: Callable[..., Console], yesterday: str):
    page = opened(xu(), yesterday)

    page.get_by_role("button", name="看明细：当期登记").click()
    page.get_by_role("dialog").get_by_role("link", name="DS2").click()

    page.locator(".order-page").wait_for()
    expect(page.locator("h1")).to_contain_text("DS2")


def test_a_dispatcher_reads_and_is_offered_no_closing(console: Console, yesterday: str):
    page = opened(console, yesterday)

    expect(page.get_by_role("button", name="结账", exact=True)).to_have_count(0)
    expect(page.get_by_role("link", name="下载 Excel")).to_be_visible()


@pytest.mark.parametrize("language", LOCALES)
def test_nothing_keeps_anybody_out(
    xu: Callable[..., Console], yesterday: str, language: str
):
    """U24: the day, its closing, the records behind a figure."""
    console = xu(language=language, bypass_csp=True)
    console.context.add_init_script(path=AXE)
    console.page.reload()
    page = opened(console, yesterday)
    found = {"day": asked_axe(page)}
    page.locator(".figure").first.click()
    page.locator("dialog table").wait_for()
    found["records"] = asked_axe(page)
    console.press("Escape")
    page.locator(".statement .button.primary").click()
    page.locator("dialog .why").wait_for()
    found["closing"] = asked_axe(page)

    assert found == {"day": [], "records": [], "closing": []}
