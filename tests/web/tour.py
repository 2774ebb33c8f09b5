"""A walk through every screen of the app, on canned tablets: nobody waits for a server.

One row for each screen, in the sequence in which one browser sees them fastest. What
is tapped is found by its place, not by its words: the walk is the same in all
languages. May not enter: what is asserted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page

from sync.order import order_stream
from tests.web.hand import Hand
from tests.web.tablet import Tablet

FIRST = order_stream("R2611-0181").removeprefix("order:")
THIRD = order_stream("R2611-0183").removeprefix("order:")
Steps = Callable[[Tablet], object]


@dataclass(frozen=True)
class Stop:
    """One screen: the canned tablet it is seen on, where it is, what is done there."""

    name: str
    scene: str
    where: str = ""  # empty: where the stop before has led
    does: Steps = lambda _tablet: None
    shows: str = "h1"

    @property
    def by_owner(self) -> bool:
        """Does the owner hold the tablet?"""
        return self.name.startswith("owner")


def on_order(step: str = "") -> str:
    """The hash of the first order, or of one of its steps."""
    return f"#/order/{FIRST}/{step}".rstrip("/")


def press(selector: str) -> Steps:
    """Press the first of these, with the keyboard's help: nothing covers it then."""
    return lambda tablet: tablet.page.locator(selector).first.click()


def unfold(tablet: Tablet) -> None:
    """Open whatever is folded."""
    folded = tablet.page.locator("details:not([open])")
    folded.evaluate_all("(all) => { for (const one of all) one.open = true; }")


def fill_basket(tablet: Tablet) -> None:
    """Something to pay for."""
    tablet.page.locator(".favourite").first.click()
    tablet.page.locator(".lines li").first.wait_for()


def quote_to_owner(tablet: Tablet) -> None:
    """Something to pay for, and the owner is asked."""
    fill_basket(tablet)
    tablet.page.locator(".foot .primary:enabled").click()


def countersign(tablet: Tablet) -> None:
    """Ask whoever is present to sign the survey."""
    unfold(tablet)
    tablet.page.locator("details .row[role=group] button").first.click()


def sign(tablet: Tablet) -> None:
    """Three strokes, and done."""
    hand = Hand(tablet)
    for stroke in range(3):
        hand.begins(0.15 + 0.2 * stroke)
        hand.lifts()
    tablet.page.locator(".foot .primary:enabled").click()


def complain(tablet: Tablet) -> None:
    """Not happy, for the first reason there is."""
    tablet.page.locator(".foot .danger").click()
    tablet.page.locator(".blame [role=checkbox]").first.click()
    tablet.page.get_by_test_id("pad").wait_for()


PAD = "[data-testid=pad]"
OWN = ".card:has(p.num) .button"  # on the card of whoever holds the tablet
OWNER = "[data-testid=owner]"
TOUR = (
    Stop("today", "today", "#/", shows=".jobs > li"),
    Stop("order-before", "today", on_order()),
    Stop("found", "today", f"#/found/{FIRST}"),
    Stop("going-out", "today", "#/going-out", shows=".finding"),
    Stop("settings", "today", "#/settings"),
    Stop("people", "today", "#/people", shows=".card .button"),
    Stop("people-pin", "today", does=press(OWN), shows="dialog[open]"),
    Stop("lock", "today", "#/lock", shows=".locked .card .button"),
    Stop("enrol", "today", "#/enrol", shows="input"),
    Stop("order", "arrived", on_order()),
    Stop("door", "arrived", on_order("door"), shows=".tick"),
    Stop("more", "arrived", on_order("more"), shows=".story li"),
    Stop("more-undo", "arrived", does=press(".story .button"), shows="dialog[open]"),
    Stop("before", "door-done", on_order("before"), shows=".shutter:enabled"),
    Stop("survey", "door-done", on_order("survey"), unfold, ".chip"),
    Stop("during", "agreed", on_order("during"), shows=".shutter:enabled"),
    Stop("work", "agreed", on_order("work"), fill_basket, ".lines li"),
    Stop("after", "agreed", on_order("after"), shows=".shutter:enabled"),
    Stop("owner-countersign", "agreed", on_order("survey"), countersign, PAD),
    Stop("quote", "to-quote", on_order("quote"), fill_basket, ".lines li"),
    Stop("owner-agree", "to-quote", does=press(".foot .primary:enabled"), shows=OWNER),
    Stop("refuse", "handing-over", on_order("refuse")),
    Stop("unsigned", "handing-over", on_order("unsigned")),
    Stop("hand-over", "handing-over", on_order("hand-over"), shows=".foot .button"),
    Stop("owner", "handing-over", does=press(".foot .primary"), shows=".sheet section"),
    Stop("owner-fails", "handing-over", does=complain, shows=PAD),
    Stop("owner-signs", "handing-over", does=press(".card > .button"), shows=PAD),
    Stop(
        "owner-elder", "handing-over", does=press(".reader .button"), shows="html.elder"
    ),
    Stop("owner-signed", "handing-over", does=sign, shows=".qr"),
    Stop("rework", "rework", on_order("rework")),
    Stop("order-cancelled", "cancelled", on_order()),
    Stop("outbox", "outbox-full", "#/outbox", shows=".truth"),
    Stop("day-end-open", "outbox-full", "#/day-end", shows=".card.warn"),
    Stop("day-end", "day-over", "#/day-end", shows=".green-light"),
)


def walk(tablet: Tablet, stops: tuple[Stop, ...] = TOUR) -> Iterator[Stop]:
    """From stop to stop; each is on the screen when it is handed out."""
    scene = ""
    for stop in stops:
        if stop.scene != scene:
            open_scene(tablet.page, tablet.url, stop)
            scene = stop.scene
        elif stop.where:
            go(tablet.page, stop.where)
        stop.does(tablet)
        tablet.page.locator(stop.shows).first.wait_for()
        yield stop


def go(page: Page, where: str) -> None:
    """Another screen of the same tablet; the one before is gone."""
    page.evaluate(
        """(to) => {
          document.querySelector(".screen").dataset.left = "";
          location.hash = to;
        }""",
        where,
    )
    page.locator(".screen:not([data-left])").wait_for()


def open_scene(page: Page, url: str, stop: Stop) -> None:
    """This canned tablet, opened where the stop is."""
    page.goto("about:blank")
    page.goto(f"{url}/tablet/?canned={stop.scene}{stop.where}", wait_until="commit")
    page.locator("h1").first.wait_for()
