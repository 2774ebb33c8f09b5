"""How long a dispatcher waits: 2,000 open orders on the board, a filter on them (U30e).

A real browser on a real server; the page's own clock. May not enter: how the console
does it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from infra import web_apps
from tests.console.calls import many
from tests.console.console import LARGE, Console, let_in
from tests.web.desk import Desk
from tests.web.scales import Scales
from tests.web.tablet import CHROMIUM

ORDERS, ROUNDS = 2_000, 5
PAINT_MS, FILTER_MS = 1_000, 100

# From leaving the address until cards stand there, and until all are counted.
PAINTED = "() => document.querySelector('.order') && performance.now()"
COUNTED = f"""
() => {{
  const all = [...document.querySelectorAll(".column h2 .num")];
  const sum = all.reduce((held, one) => held + Number(one.textContent), 0);
  return sum === {ORDERS} && performance.now();
}}
"""
# From the click on a filter until what it lets through has been painted.
FILTERED = """
() => new Promise((done) => {
  const begun = performance.now();
  document.querySelector("[data-filter=unseen]").click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
})
"""

Row = dict[str, Any]


def measure() -> Iterator[Row]:
    """The board as it comes up, and as it is filtered."""
    web_apps.bring_up_to_date()
    with _board() as console:
        console.page.reload()
        scales = Scales(console.devtools)
        runs = [_come_up(console.page) for _ in range(ROUNDS)]
        came = scales.total / ROUNDS
        filters = [float(console.page.evaluate(FILTERED)) for _ in range(2 * ROUNDS)]
        drawn = console.page.locator(".order").count()
    of = f"{ORDERS:,} open orders"
    painted, counted = zip(*runs, strict=True)
    yield _row(f"{of}: first cards painted (aim: {PAINT_MS:,})", "ms", painted)
    yield _row(f"{of}: every column complete", "ms", counted)
    yield _row(f"{of}: a filter painted (aim: {FILTER_MS})", "ms", filters)
    yield _row(f"{of}: cards drawn of them", "cards", [drawn])
    yield _row(f"{of}: the whole board, on the line", "bytes", [came])


def _row(what: str, unit: str, found: Any) -> Row:
    return {"measure": f"console: {what}", "unit": unit, "ours": median(found),
            "floor": None}  # fmt: skip


def _come_up(page: Page) -> tuple[float, float]:
    page.reload()
    painted = page.wait_for_function(PAINTED).json_value()
    return painted, page.wait_for_function(COUNTED).json_value()


@contextmanager
def _board() -> Iterator[Console]:
    """Chen at her desk, on her larger monitor."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        desk = Desk(folder, web_apps.TABLET.built)
        stack.enter_context(desk.at_work())
        many(desk, ORDERS)
        browser = _browser(stack)
        console = stack.enter_context(Console(browser, desk.url, size=LARGE))
        yield console.log_in("chen", let_in(desk, "chen"))


def _browser(stack: ExitStack) -> Browser:
    playwright = stack.enter_context(sync_playwright())
    one = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    stack.callback(one.close)
    return one
