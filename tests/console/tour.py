"""A walk through every screen of the console, in a month that was made up.

One row for each screen: who looks at it, where it is, what is done there. What is
pressed is found by its place, not by its words. May not enter: what is asserted.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.console.console import Console

Steps = Callable[[Page], object]
DESK, MANAGER, OFFICE = "chen", "tang", "luo"


@dataclass(frozen=True)
class Stop:
    """One screen: whose, where it is, what is done there, what then stands there."""

    name: str
    who: str
    where: str
    does: Steps = lambda _page: None
    shows: str = "main h1"
    part: str = ""  # of the screen, where the rest of it has its own picture

    @property
    def screen(self) -> str:
        """What its hash begins with."""
        return self.where.removeprefix("#/").partition("/")[0].partition("?")[0]


def keys(*pressed: str) -> Steps:
    """One key after the other."""

    def press(page: Page) -> None:
        page.locator(".order").first.wait_for()
        for key in pressed:
            page.keyboard.press(key)

    return press


def click(*selectors: str) -> Steps:
    """The first of each of these, as soon as it is there."""

    def press(page: Page) -> None:
        for one in selectors:
            page.locator(one).first.click()

    return press


def down_to(selector: str) -> Steps:
    """Until this part of the page is at the top."""
    return lambda page: page.locator(selector).first.evaluate(
        "(one) => one.scrollIntoView({ block: 'start' })"
    )


def take_call(page: Page) -> None:
    """Somebody calls; the home is known, the rest is being asked."""
    home = page.locator(".order h3 a").first.inner_text()
    keys("n")(page)
    page.locator("#asked").fill(home.rpartition("-")[2])
    page.locator(".homes button").first.wait_for()
    page.keyboard.press("Enter")
    page.locator("[data-stage=trade] :focus").wait_for()
    for stage in ("where", "what"):
        page.keyboard.press("1")
        page.locator(f"[data-stage={stage}] :focus").wait_for()


TELLING = "{telling}"  # the order that has most to tell
DIALOG = "dialog[open]"
TOUR = (
    Stop("board", DESK, "#/board", shows=".order"),
    Stop(
        "giving",
        DESK,
        "#/board",
        click("[data-column=waiting] .give"),
        ".candidate",
        part=DIALOG,
    ),
    Stop("intake", DESK, "#/board", take_call, ".history", part=DIALOG),
    Stop("keys", DESK, "#/board", keys("?"), "dialog .keys", part=DIALOG),
    Stop("timeline", DESK, "#/timeline", shows=".block"),
    Stop(
        "appoint",
        DESK,
        "#/timeline",
        click(".waiting li button"),
        ".set-time",
        part=DIALOG,
    ),
    Stop("reviews", DESK, "#/reviews", shows=".choices"),
    Stop("differences", DESK, "#/differences?difference={differing}", shows=".choices"),
    Stop("reused", MANAGER, "#/differences?code=photo_reused_exact", shows=".pictured"),
    Stop("statements", MANAGER, "#/statements", shows=".sums"),
    Stop(
        "closing",
        MANAGER,
        "#/statements/{open}",
        click(".statement .button.primary"),
        "dialog .why",
        part=DIALOG,
    ),
    Stop(
        "changed",
        MANAGER,
        "#/statements/{changed}",
        shows=".statement .warn",
        part=".statement .warn",
    ),
    Stop("order", DESK, f"#/orders/{TELLING}", shows=".thumb img"),
    Stop("proofs", DESK, f"#/orders/{TELLING}", down_to("#pictures"), "#rounds .sheet"),
    Stop("sheets", DESK, f"#/orders/{TELLING}", down_to("#rounds"), "#rounds .sheet"),
    Stop(
        "reason",
        DESK,
        f"#/orders/{TELLING}",
        click(".tools .button:nth-child(5)"),
        DIALOG,
        part=DIALOG,
    ),
    Stop("roster", MANAGER, "#/roster", shows=".duty"),
    Stop("duty", MANAGER, "#/roster", click("button.duty"), DIALOG, part=DIALOG),
    Stop("qualifications", MANAGER, "#/qualifications", shows="tbody tr"),
    Stop("people", OFFICE, "#/people", shows="tbody tr"),
    Stop("person", OFFICE, "#/people/chen", shows=".facts"),
    Stop("projects", OFFICE, "#/projects", shows="tbody tr"),
    Stop("devices", OFFICE, "#/devices", shows="tbody tr"),
    Stop("device", MANAGER, "#/devices/{silent}", shows=".facts"),
    Stop(
        "enrol",
        OFFICE,
        "#/devices?enrol=li",
        click("dialog .button"),
        "svg.qr",
        part=DIALOG,
    ),
    Stop("notices", OFFICE, "#/notices", shows="main"),
    Stop("targets", OFFICE, "#/notices?part=targets", shows="main"),
    Stop("traces", MANAGER, f"#/traces/{TELLING}", shows="tbody tr"),
    Stop("settings", DESK, "#/settings", shows=".rows li"),
)


def walk(
    consoles: Callable[[str], Console], ids: Mapping[str, str]
) -> Iterator[tuple[Stop, Page]]:
    """From stop to stop; each is on the screen when it is handed out."""
    held: dict[str, Console] = {}
    for stop in TOUR:
        if stop.who not in held:
            held[stop.who] = consoles(stop.who)
        page = held[stop.who].page
        page.goto("about:blank")  # nothing that was opened stays open
        page.goto(f"{held[stop.who].url}/console/{stop.where.format(**ids)}")
        page.locator(".desk main:not([aria-busy=true])").wait_for()
        stop.does(page)
        page.locator(stop.shows).first.wait_for()
        page.wait_for_load_state("networkidle")
        yield stop, page
