"""Everybody can use the desk: with other eyes, other hands, in other languages."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.console.calls import many
from tests.console.console import LARGE, SMALL, Console
from tests.house.ground import ROOT
from tests.web.desk import Call, Desk

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ASK_AXE = """
(rules) => axe.run(document, { runOnly: rules, resultTypes: ["violations"] })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((one) =>
    `${id}: ${one.html.slice(0, 120)} (${[...one.any, ...one.all][0]?.message})`)))
"""
BEYOND = """
() => [...document.querySelectorAll("main, header, dialog, .filters, .columns")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.className || one.tagName)
  .concat(document.documentElement.scrollWidth > innerWidth ? ["the page"] : [])
"""
LOCALES = ("zh-CN", "zh-TW", "en")
PHONE = "17000000117"
Make = Callable[..., Console]


def visited(console: Console) -> Iterator[str]:
    """Each screen of the desk's own in turn, by name."""
    page = console.page
    page.locator(".order").first.wait_for()
    yield "board"
    page.locator(".give").first.click()
    page.locator(".candidate").first.wait_for()
    yield "giving"
    console.press("Escape", "n")
    page.locator("#asked").fill(PHONE)
    page.locator(".homes button").first.wait_for()
    yield "a call"
    console.press("Enter")
    page.locator(".history").wait_for()
    yield "a call from a home that is known"
    console.press("Escape", "?")
    page.locator("dialog .keys").wait_for()
    yield "keys"
    console.press("Escape")
    console.open("#/timeline")
    page.locator(".waiting li").first.wait_for()
    yield "the day"
    page.locator(".waiting li .give").first.click()
    page.locator(".set-time").wait_for()
    yield "setting a time"
    console.press("Escape")
    console.open("#/differences")
    page.locator(".inbox").wait_for()
    yield "differences"
    console.open("#/statements")
    page.locator(".sums").wait_for()
    yield "statements"
    console.open("#/settings")
    page.locator(".rows li").first.wait_for()
    yield "settings"


def asked(page: Page) -> list[str]:
    """What axe finds."""
    found: list[str] = page.evaluate(ASK_AXE, TAGS)
    return found


@pytest.mark.parametrize("language", LOCALES)
def test_nothing_keeps_anybody_out(desk: Desk, consoles: Make, language: str):
    """U24: axe with its rules of WCAG 2.2 AA."""
    desk.order(call=Call(phone=PHONE, priority="urgent"))
    many(desk, 40)
    console = consoles(language=language, bypass_csp=True)
    console.context.add_init_script(path=AXE)
    console.page.reload()

    found = {name: asked(console.page) for name in visited(console)}

    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("where", ["#/board", "#/password"])
def test_nothing_keeps_anybody_from_logging_in(
    browser: Browser, pages: str, language: str, where: str
):
    with Console(browser, pages, language=language, bypass_csp=True) as console:
        console.context.add_init_script(path=AXE)
        console.page.goto(f"{pages}/console/{where}")
        console.page.locator("form").wait_for()

        assert asked(console.page) == []


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
def test_nothing_is_beyond_the_edge(
    desk: Desk, consoles: Make, language: str, size: tuple[int, int]
):
    desk.order(call=Call(phone=PHONE))
    many(desk, 40)
    console = consoles(language=language, size=size)

    found = {name: console.page.evaluate(BEYOND) for name in visited(console)}

    assert {name: said for name, said in found.items() if said} == {}
