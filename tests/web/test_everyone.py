"""Everybody can use every screen: with other eyes, other hands, in other languages."""

import json
import re
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.house.ground import ROOT
from tests.web.desk import Desk
from tests.web.tablet import PORTRAIT, Tablet
from tests.web.tour import FIRST, TOUR, Stop, walk

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
APP = ROOT / "field_client" / "web" / "src"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ASK_AXE = """
(rules) => axe.run(document, { runOnly: rules, resultTypes: ["violations"] })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((one) =>
    `${id}: ${one.html.slice(0, 120)} (${[...one.any, ...one.all][0]?.message})`)))
"""
FORCED = (Path(__file__).parent / "forced.js").read_text("utf-8")
LOCALES = ("zh-CN", "zh-TW", "en")
HALVED = (384, 512)  # a portrait tablet at 200 %
SIZES = (PORTRAIT, (1024, 768), (1280, 800), (360, 800), HALVED)
MEASURES = (Path(__file__).parent / "measures.js").read_text("utf-8")
Make = Callable[..., Tablet]


def asked(page: Page) -> list[str]:
    """What axe finds; and what cannot be read or pressed in the reader's own colours,
    of which axe knows nothing."""
    found = page.evaluate(ASK_AXE, TAGS)
    page.emulate_media(forced_colors="active")
    found += [f"forced colours: {one}" for one in page.evaluate(FORCED)]
    page.emulate_media(forced_colors="none")
    return found


@pytest.mark.parametrize("language", LOCALES)
def test_nothing_keeps_anybody_out_of_any_screen(
    served: Desk, tablets: Make, language: str
):
    """U24: axe with its rules of WCAG 2.2 AA, also in forced colours."""
    tablet = tablets(enrolled=False, language=language, bypass_csp=True)
    tablet.context.add_init_script(path=AXE)

    found = {stop.name: asked(tablet.page) for stop in walk(tablet)}

    assert {name: said for name, said in found.items() if said} == {}


def measured(page: Page, stop: Stop) -> list[str]:
    """What is too small, too tight or beyond the edge, in any size of page."""
    text_px = {"owner-elder": 22}.get(stop.name, 18 if stop.by_owner else 16)
    wanted = {"least_px": 44, "main_px": 60, "text_px": text_px, "line": 1.3}
    found = {}
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        said = page.evaluate(MEASURES, wanted)
        found.update({one: f"{width}×{height} {one}" for one in said})
    page.set_viewport_size({"width": PORTRAIT[0], "height": PORTRAIT[1]})
    return list(found.values())


def longer(text: str) -> str:
    """The same with 40 % more to read, and the same places to fill."""
    plain = cycle(re.sub(r"\{\w+\}", "", text).split() or ["…"])
    more = int(len(text) * 0.4)
    while more > 0:
        word = next(plain)
        text += f" {word}"
        more -= len(word) + 1
    return text


def speak_longer(tablet: Tablet) -> None:
    """English, with every sentence longer than anybody would say it."""
    held = json.loads((ROOT / "sync/exported/words.en.json").read_text("utf-8"))
    words = json.dumps({name: longer(text) for name, text in held.items()})

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/javascript", body=f"export default {words}")

    tablet.context.route("**/assets/words.en-*.js", answer)


@pytest.mark.parametrize("language", ["zh-CN", "longer"])
def test_everything_is_large_enough_and_nothing_is_cut_off(
    served: Desk, tablets: Make, language: str
):
    """U25, in all sizes of page and at 200 %; with 40 % more text than in English."""
    tablet = tablets(enrolled=False, language=language.replace("longer", "en"))
    if language == "longer":
        speak_longer(tablet)

    found = {stop.name: measured(tablet.page, stop) for stop in walk(tablet)}

    assert {name: said for name, said in found.items() if said} == {}


# by keyboard

REACHED = """
() => {
  const one = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  one.dataset.reached = outlineStyle === "none" ? "unseen" : outlineWidth;
}
"""
LEFT_OUT = """
() => [...document.querySelectorAll("a[href], button:enabled, input, summary")]
  .filter((one) => one.checkVisibility() && one.dataset.reached !== "3px")
  .map((one) => `${one.dataset.reached ?? "never"}: ${one.textContent.slice(0, 30)}`)
"""
BY_KEYBOARD = ("order", "owner-signs")


def scene_of(name: str) -> tuple[Stop, ...]:
    """The way to this stop, and no further."""
    last = next(stop for stop in TOUR if stop.name == name)
    way = [stop for stop in TOUR if stop.scene == last.scene]
    return tuple(way[: way.index(last) + 1])


@pytest.mark.parametrize("name", BY_KEYBOARD)
def test_tab_reaches_everything_and_shows_where_it_is(
    served: Desk, tablets: Make, name: str
):
    """U25: on the order's page and on the owner's, nothing left out."""
    tablet = tablets(enrolled=False)
    list(walk(tablet, scene_of(name)))

    for _press in range(tablet.page.locator("a, button, input, summary").count() + 5):
        tablet.page.keyboard.press("Tab")
        tablet.page.evaluate(REACHED)

    assert tablet.page.evaluate(LEFT_OUT) == []


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_presses_what_a_finger_would(served: Desk, tablets: Make, key: str):
    tablet = tablets(enrolled=False)
    list(walk(tablet, scene_of("hand-over")))

    tablet.page.locator(".foot .primary").focus()
    tablet.page.keyboard.press(key)

    tablet.page.get_by_test_id("owner").wait_for()


@pytest.mark.parametrize("name", ["people-pin", "more-undo"])
def test_escape_leaves_a_question_unanswered(served: Desk, tablets: Make, name: str):
    tablet = tablets(enrolled=False)
    list(walk(tablet, scene_of(name)))

    tablet.page.keyboard.press("Escape")

    expect(tablet.page.locator("dialog")).to_have_count(0)


# the tour itself


def rows_of(path: str) -> set[str]:
    """The addresses that a table of screens has a row for."""
    table = (APP / path).read_text("utf-8").partition("SCREENS")[2].partition("};")[0]
    return set(re.findall(r'^  "?([a-z/-]+)"?: \(\) => import', table, re.MULTILINE))


def test_the_tour_leaves_no_screen_out():
    """Whoever adds a screen adds a stop."""
    seen = {re.sub(rf"#/|/?{FIRST}/?", "/", stop.where).strip("/") for stop in TOUR}
    owners = {stop.name.removeprefix("owner-") for stop in TOUR if stop.by_owner}

    assert rows_of("app.tsx") - seen == set()
    assert rows_of("owner/hall.tsx") - owners == {"accept"}
